//! `antigravity run`: the engine on traffic as it arrives.

mod clock;
mod keeper;
mod options;
mod shelf;
mod status;

pub use options::RunOptions;
pub use status::{Worker, running};

use crate::failure::Failure;
use crate::person::say;
use crate::{contract, identity, places, replay};
use antigravity_capture::Progress;
use antigravity_engine::{
    self as engine, Captures, Clock, Command, Commands, Emit, File, Lines, Marks, Paced, Run, commands,
};
use antigravity_runtime::Adapter;
use antigravity_store::Store;
use clock::SystemClock;
use crossbeam_channel::unbounded;
use keeper::Keeper;
use options::RunEmitted;
use shelf::Shelf;
use std::sync::Arc;

pub fn run(options: &RunOptions) -> Result<(), Failure> {
    let files: Vec<File> = options.source.iter().map(|text| replay::file(text)).collect();
    let read_again = options.again || options.mark.is_empty();
    if let Some(pipe) = replay::pipe(&files).filter(|_| read_again) {
        let problem = "cannot be read twice; name what to bind with --mark, and leave out --loop";
        return Err(Failure::Input(format!("{}: {problem}", pipe.display())));
    }
    if let Some(path) = options.metrics.as_ref().filter(|path| path.exists() && !path.is_file()) {
        return Err(Failure::Input(format!("--metrics {}: it is no regular file", path.display())));
    }
    let sandbox = places::sandbox()?;
    let directory = places::adapters(options.adapters.as_deref())?;
    let mut shelf = Shelf::new(directory, options.allow_unsigned);
    let (paths, adapters): (Vec<_>, Vec<_>) = shelf.load(&sandbox)?.into_iter().unzip();
    let bound = bound(&adapters, &files, &options.mark)?;
    let store = options.db.as_deref().map(Store::open).transpose().map_err(identity::failure)?;
    let known = store.as_ref().map(Store::observed).transpose().map_err(identity::failure)?;

    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start()?);
    let (commands, inbox) = commands();
    let (sender, news) = unbounded();
    let lines = lines(options, store.as_ref())?.telling(sender);
    stop_when_told(commands.clone())?;
    let feed = paced(&files, options, &clock)?;
    let keeper =
        Keeper::new(options, sandbox, shelf, commands, news, clock.clone(), (&paths, &adapters), files);
    let run = Run {
        adapters: &adapters,
        feed: Box::new(feed),
        bound: &bound,
        threads: replay::threads(options.threads),
        limits: options.limits(),
        inbox,
        clock,
        // Without a database the shapes of bodies are watched too; they are only not remembered.
        known: Some(known.unwrap_or_default()),
    };
    std::thread::scope(|scope| {
        let looked_after = std::thread::Builder::new().name("keeper".to_owned());
        looked_after
            .spawn_scoped(scope, move || keeper.look_after())
            .map_err(|error| Failure::failed(format!("a thread cannot be started: {error}")))?;
        to_its_end(run, lines, store)
    })
}

fn to_its_end(run: Run<'_>, mut lines: Lines<std::io::Stdout>, store: Option<Store>) -> Result<(), Failure> {
    let (merger, notes) = match engine::run(run, &mut lines) {
        Ok(done) => done,
        Err(error) => {
            lines.end()?;
            return Err(Failure::input(error));
        }
    };
    let ended = lines.finish(&merger)?;
    if let Some(mut store) = store {
        if let Some(opportunities) = &ended.opportunities {
            store.keep(opportunities.identity(), crate::clock::now()?).map_err(identity::failure)?;
        }
        store.keep_observed(&notes.observed).map_err(identity::failure)?;
    }
    Ok(())
}

/// What a person named, or what is recognised in the traffic.
fn bound(
    adapters: &[Arc<Adapter>],
    files: &[File],
    marks: &[String],
) -> Result<Vec<(String, String)>, Failure> {
    match replay::marks(marks)? {
        Marks::Named(pairs) => Ok(pairs),
        Marks::Recognised => {
            let bound = engine::recognised(adapters, files, &Progress::default()).map_err(Failure::input)?;
            if bound.is_empty() {
                say("warning: no installed adapter recognises anything in this traffic");
            }
            Ok(bound)
        }
    }
}

fn paced(files: &[File], options: &RunOptions, clock: &Arc<dyn Clock>) -> Result<Paced, Failure> {
    let files = files.to_vec();
    let open = move || files[..].open(&Progress::default());
    Paced::new(Box::new(open), options.pace.0, options.again, clock.clone()).map_err(Failure::input)
}

fn lines(options: &RunOptions, store: Option<&Store>) -> Result<Lines<std::io::Stdout>, Failure> {
    let on = |what| options.emit.contains(&what);
    let emit = Emit {
        quotes: on(RunEmitted::Quotes),
        board: on(RunEmitted::Board),
        opportunities: on(RunEmitted::Opportunities),
        funnel: on(RunEmitted::Funnel),
        ledger: on(RunEmitted::Ledger),
        adapters: on(RunEmitted::Adapters),
    };
    let aliases = store.map(Store::aliases).transpose().map_err(identity::failure)?;
    let opportunities = options.finding.opportunities(aliases.unwrap_or_default())?;
    Ok(Lines::new(std::io::stdout(), emit).looking(opportunities, false))
}

/// An interrupt or a request to end stops the traffic; what was read is finished and told. A second one ends at
/// once.
fn stop_when_told(commands: Commands) -> Result<(), Failure> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let failed = |error: std::io::Error| Failure::failed(format!("signals cannot be waited for: {error}"));
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(failed)?;
    let wait = move || {
        for (count, signal) in signals.forever().enumerate() {
            if count > 0 || !commands.give(Command::Stop) {
                std::process::exit(128 + signal);
            }
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait).map_err(failed)?;
    Ok(())
}

/// Told once, when it is seen.
fn drifted(drift: &antigravity_routing::Drift) {
    say(format_args!("warning: {}", contract::told(drift)));
}
