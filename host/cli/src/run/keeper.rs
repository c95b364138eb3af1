//! Looks after the adapters of a run: tries what is new in their directory, keeps what failed, and tells how
//! they do.

use super::shelf::{New, Shelf};
use super::status::{Report, State};
use super::{RunOptions, drifted};
use crate::failure::Failure;
use crate::person::say;
use crate::{places, replay};
use antigravity_authoring::{self as authoring, Fixtures};
use antigravity_capture::Progress;
use antigravity_core::Timestamp;
use antigravity_core::agreement::Compared;
use antigravity_core::strikes::Standing;
use antigravity_engine::{
    self as engine, Clock, Command, Commands, File, LeftAlone, Marks, News, Stage, TrialNews,
};
use antigravity_registry::Version;
use antigravity_runtime::{Adapter, Component, Sandbox};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often the directory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A file may be away for so many milliseconds while it is replaced.
const GONE_AFTER: u64 = 5_000;

pub struct Keeper<'a> {
    options: &'a RunOptions,
    sandbox: Sandbox,
    shelf: Shelf,
    commands: Commands,
    news: Receiver<News>,
    clock: Arc<dyn Clock>,
    /// What works, by provider.
    working: BTreeMap<String, Arc<Adapter>>,
    /// What worked before it and was never taken back, the last one last.
    good: BTreeMap<String, Vec<Arc<Adapter>>>,
    /// What is tried, by the digest of its component.
    tried: BTreeMap<String, Arc<Adapter>>,
    /// What worked before what has yet to prove itself, by provider.
    before: BTreeMap<String, Arc<Adapter>>,
    /// What takes the place of one that failed too often, by provider.
    restored: BTreeMap<String, Arc<Adapter>>,
    /// What came while another had yet to prove itself, by provider.
    waiting: BTreeMap<String, New>,
    /// Files that are not there any more, since when.
    gone: BTreeMap<PathBuf, Timestamp>,
    /// The file that each provider's adapter came from.
    files: BTreeMap<PathBuf, String>,
    sources: Vec<File>,
    report: Report,
    /// What is wrong with the directory: told once.
    told: String,
}

impl<'a> Keeper<'a> {
    #[allow(clippy::too_many_arguments)] // each is another thing that it looks after
    pub fn new(
        options: &'a RunOptions,
        sandbox: Sandbox,
        shelf: Shelf,
        commands: Commands,
        news: Receiver<News>,
        clock: Arc<dyn Clock>,
        (paths, adapters): (&[PathBuf], &[Arc<Adapter>]),
        sources: Vec<File>,
    ) -> Self {
        let working: BTreeMap<_, _> =
            adapters.iter().map(|it| (it.contract().provider.clone(), it.clone())).collect();
        let report = Report::new(shelf.directory(), options.metrics.clone());
        let of = |adapter: &Arc<Adapter>| adapter.contract().provider.clone();
        let files = paths.iter().cloned().zip(adapters.iter().map(of)).collect();
        let (good, tried, before, restored, waiting, gone) = Default::default();
        Self {
            options,
            sandbox,
            shelf,
            commands,
            news,
            clock,
            working,
            good,
            tried,
            before,
            restored,
            waiting,
            gone,
            files,
            sources,
            report,
            told: String::new(),
        }
    }

    /// Until the run is over.
    pub fn look_after(mut self) {
        loop {
            match self.news.recv_timeout(LOOK_EVERY) {
                Ok(news) => self.hear(news),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.report.end();
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Status(at, workers) => {
                if let Err(problem) = self.report.write(at, &workers) {
                    say(format_args!("warning: {problem}"));
                }
                // News may come so often that no wait for them is in vain.
                self.look();
            }
            News::Trial(trial) => self.hear_of_trial(&trial),
            News::LeftAlone(it) => self.left_alone(&it),
            News::Drift(drift) => drifted(&drift),
        }
    }

    fn hear_of_trial(&mut self, trial: &TrialNews) {
        let why = trial.reason.as_deref().map_or_else(String::new, |reason| format!(": {reason}"));
        match trial.stage {
            Stage::Warming | Stage::Shadow => {}
            Stage::Live => {
                let new = self.tried.remove(&trial.sha256);
                let old = new.and_then(|new| self.working.insert(trial.provider.clone(), new));
                self.before.extend(old.map(|old| (trial.provider.clone(), old)));
                say(format_args!("{} works; {} reads along", trial.to, trial.from));
            }
            Stage::Settled => {
                // One that failed too often is not gone back to.
                let failed = self.restored.remove(&trial.provider).is_some();
                if let Some(old) = self.before.remove(&trial.provider).filter(|_| !failed) {
                    self.good.entry(trial.provider.clone()).or_default().push(old);
                }
                say(format_args!("{} has proved itself; {} is let go", trial.to, trial.from));
            }
            Stage::Refused => {
                self.tried.remove(&trial.sha256);
                if let Some(good) = self.restored.remove(&trial.provider) {
                    self.good.entry(trial.provider.clone()).or_default().push(good);
                }
                say(format_args!("{} is refused{why}; {} goes on", trial.to, trial.from));
            }
            Stage::RolledBack => {
                if let Some(old) = self.before.remove(&trial.provider) {
                    self.working.insert(trial.provider.clone(), old);
                }
                say(format_args!("{} is taken back{why}; {} works again", trial.to, trial.from));
            }
        }
        self.report.stage(trial);
        let over = !self.before.contains_key(&trial.provider);
        if let Some(New { path, component: Ok(component), installed }) =
            self.waiting.remove(&trial.provider).filter(|_| over)
        {
            self.consider(&path, &component, installed);
        }
    }

    /// Its packet is kept, and what worked before it takes its place.
    fn left_alone(&mut self, it: &LeftAlone) {
        let kept = self.keep(it);
        let repeat = kept.as_ref().ok().map(|path| {
            let directory = self.shelf.directory().display();
            format!(
                "antigravity replay {} --adapters {directory} --mark {}:{}",
                path.display(),
                it.account,
                it.provider
            )
        });
        if let Err(failure) = kept {
            say(format_args!("warning: the packet is not kept: {failure}"));
        }
        let until = match it.standing {
            Standing::PausedUntil(until) => Some(until.nanos()),
            _ => None,
        };
        let state = match it.standing {
            Standing::PausedUntil(until) => format!("left alone until {until}"),
            _ => "disabled".to_owned(),
        };
        say(format_args!("{} of account {} is {state}: {}", it.adapter, it.account, it.error));
        if let Some(repeat) = &repeat {
            say(format_args!("  repeat: {repeat}"));
        }
        let cause = it.error.to_string();
        self.report.left_alone(
            &it.account,
            &it.provider,
            State { adapter: it.adapter.clone(), state, cause, repeat, until },
        );
        let works = self.working.get(&it.provider).is_some_and(|works| works.contract().name() == it.adapter);
        // Where the one before still reads along, the trial takes this one back.
        let cared_for = self.before.contains_key(&it.provider) || self.restored.contains_key(&it.provider);
        if works
            && !cared_for
            && let Some(good) = self.good.get_mut(&it.provider).and_then(Vec::pop)
        {
            say(format_args!("{} takes its place", good.contract().name()));
            self.tried.insert(good.digest(), good.clone());
            self.restored.insert(it.provider.clone(), good.clone());
            self.commands.give(Command::Restore(good));
        }
    }

    fn keep(&self, it: &LeftAlone) -> Result<PathBuf, Failure> {
        let usual = || places::data().map(|data| data.join("failed"));
        let directory = self.options.keep_failed.clone().or_else(usual);
        let directory = directory.ok_or_else(|| Failure::failed("there is no data directory"))?;
        replay::keep(&directory, replay::next_number(&directory), &it.provider, &it.packet)
    }

    fn look(&mut self) {
        let look = match self.shelf.look() {
            Ok(look) => look,
            Err(failure) => {
                let problem = failure.to_string();
                if self.told != problem {
                    say(format_args!("warning: {problem}"));
                    self.told = problem;
                }
                return;
            }
        };
        self.told.clear();
        for New { path, component, installed } in look.new {
            match component {
                Ok(component) => self.consider(&path, &component, installed),
                Err(problem) => self.refuse(None, &problem),
            }
        }
        if let Some(files) = look.all {
            self.forget_others(&files);
        }
    }

    /// A component whose file is gone for a while, where none of its provider came instead, is taken away.
    fn forget_others(&mut self, files: &BTreeSet<PathBuf>) {
        let now = self.clock.now();
        self.gone.retain(|path, _| !files.contains(path));
        for path in self.files.keys().filter(|path| !files.contains(*path)) {
            self.gone.entry(path.clone()).or_insert(now);
        }
        let late = |(path, since): (&PathBuf, &Timestamp)| {
            (now.millis_since(*since) >= GONE_AFTER).then(|| path.clone())
        };
        let gone: Vec<_> = self.gone.iter().filter_map(late).collect();
        for path in gone {
            self.gone.remove(&path);
            let Some(provider) = self.files.remove(&path) else { continue };
            if self.files.values().any(|other| *other == provider) {
                continue;
            }
            say(format_args!("{provider}: its adapter was removed"));
            self.working.remove(&provider);
            self.commands.give(Command::Remove(provider));
        }
    }

    /// Checks what is new, off the way of the packets, and hands it to the run to be tried.
    fn consider(&mut self, path: &Path, component: &Component, installed: bool) {
        let contract = component.contract();
        let (name, provider) = (contract.name(), contract.provider.clone());
        self.files.insert(path.to_owned(), provider.clone());
        if self.before.contains_key(&provider) {
            say(format_args!("{name} waits until what works has proved itself"));
            let (path, component) = (path.to_owned(), Ok(component.clone()));
            self.waiting.insert(provider, New { path, component, installed });
            return;
        }
        let digest = component.sha256();
        if self.tried.contains_key(&digest) {
            return;
        }
        let working = self.working.get(&provider).cloned();
        if let Some(working) = &working {
            if working.digest() == digest {
                // It was put back: what is tried beside it is not wanted any more.
                self.commands.give(Command::Cancel(provider));
                return;
            }
            // What was installed on purpose may be older: that was asked for then.
            let older = Version::read(&contract.version) < Version::read(&working.contract().version);
            if older && !installed && !self.options.allow_downgrade {
                let problem =
                    format!("it is older than {}; --allow-downgrade tries it", working.contract().name());
                return self.refuse(Some((&provider, &name)), &problem);
            }
        }
        let adapter = match self.canary(path, component) {
            Ok(adapter) => adapter,
            Err(problem) => return self.refuse(Some((&provider, &name)), &problem),
        };
        say(format_args!("{name} is tried"));
        if working.is_some() {
            self.tried.insert(adapter.digest(), adapter.clone());
            self.commands.give(Command::Try(adapter));
        } else {
            self.add(adapter);
        }
    }

    /// Compiled, its contract confirmed, and every fixture that it carries passed.
    fn canary(&self, path: &Path, component: &Component) -> Result<Arc<Adapter>, String> {
        let adapter = authoring::ready(&self.sandbox, component, path).map_err(|error| error.to_string())?;
        let adapter = Arc::new(adapter);
        let fixtures = Fixtures::of_component(component).map_err(|error| error.to_string())?;
        // One at a time: the first that fails is enough.
        for case in fixtures.cases {
            let one = Fixtures { cases: vec![case] };
            let report = authoring::test(&adapter, &one).map_err(|error| error.to_string())?;
            if let Some(failed) = report.cases.iter().find(|case| !case.passed) {
                return Err(format!("its own fixture `{}` fails", failed.name));
            }
        }
        Ok(adapter)
    }

    /// A provider that had no adapter: bound where a person named it, or where it is recognised.
    fn add(&mut self, adapter: Arc<Adapter>) {
        let provider = adapter.contract().provider.clone();
        let pairs = match replay::marks(&self.options.mark) {
            Ok(Marks::Named(pairs)) => Ok(pairs),
            Ok(Marks::Recognised) => {
                let only = std::slice::from_ref(&adapter);
                engine::recognised(only, &self.sources[..], &Progress::default()).map_err(Failure::input)
            }
            Err(failure) => Err(failure),
        };
        let pairs = match pairs {
            Ok(pairs) => pairs,
            Err(failure) => return say(format_args!("warning: {failure}")),
        };
        let of_provider = |(_, named): &(String, String)| named.eq_ignore_ascii_case(&provider);
        let accounts: Vec<_> = pairs.into_iter().filter(of_provider).map(|(account, _)| account).collect();
        let place = if accounts.is_empty() { "of no account".to_owned() } else { accounts.join(", ") };
        say(format_args!("{} begins to work: {place}", adapter.contract().name()));
        self.working.insert(provider, adapter.clone());
        self.commands.give(Command::Add(adapter, accounts));
    }

    /// What is not even tried: told, and what works goes on.
    fn refuse(&mut self, which: Option<(&str, &str)>, problem: &str) {
        let (provider, to) = which.unwrap_or_default();
        let from = self.working.get(provider).map(|working| working.contract().name()).unwrap_or_default();
        say(format_args!(
            "{}refused: {problem}",
            if to.is_empty() { String::new() } else { format!("{to}: ") }
        ));
        let news = TrialNews {
            r#type: "adapter",
            at: self.clock.now(),
            provider: provider.to_owned(),
            from,
            to: to.to_owned(),
            sha256: String::new(),
            stage: Stage::Refused,
            packets: 0,
            compared: Compared::default(),
            reason: Some(problem.to_owned()),
            differences: Vec::new(),
        };
        if !provider.is_empty() {
            self.report.stage(&news);
        }
        if self.options.emit.contains(&super::RunEmitted::Adapters) {
            let line = serde_json::to_string(&news).map_err(std::io::Error::from);
            if let Err(error) = line.and_then(|line| writeln!(std::io::stdout(), "{line}")) {
                say(format_args!("warning: standard output: {error}"));
            }
        }
    }
}
