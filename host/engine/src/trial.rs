//! Trials: a version reads along beside the one that works, takes its place when it proves itself, and gives
//! it back when it does not keep what it showed.
//!
//! A trial is of one provider, over all its workers. First each of them is brought up to date; then both
//! versions read every packet and what they say is compared; then, at one place between two packets, they
//! exchange their places, and the one before reads along. Each stage ends after so many packets or so much
//! time; five sequential tests end it earlier.

mod ear;
mod held;
mod news;

pub(crate) use ear::{Ear, Said};
pub use news::{Stage, TrialNews};

use crate::chunk::{AccountIndex, Chunk, Item, Routed, Step, WorkerIndex};
use crate::control::{Command, Commands};
use crate::fed::Seat;
use crate::lane::{ReadBeside, Warmed};
use antigravity_core::agreement::{Agreement, Compared, Difference, Kind, Voice};
use antigravity_core::board::{Board, Changes, EventId, Origin, QuoteId, WorkerId, WorkerInfo};
use antigravity_core::sequential::Rates;
use antigravity_core::{Fate, Timestamp};
use antigravity_runtime::Adapter;
use ear::Listening;
use held::Tests;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// How long each stage of a trial is, and what a version is held to.
#[derive(Clone, Copy, Debug)]
pub struct TrialLimits {
    /// A stage ends after so many packets that both read …
    pub packets: u64,
    /// … or so many milliseconds, whichever comes first.
    pub millis: u64,
    pub rates: Rates,
}

impl Default for TrialLimits {
    /// A rate of 2 % is told from one of 0.1 % with one wrong answer in a thousand; that takes 360 packets
    /// without a failure, so 500 leave room for one.
    fn default() -> Self {
        let rates = Rates { good: 0.001, bad: 0.02, false_alarm: 0.001, miss: 0.001 };
        Self { packets: 500, millis: 30_000, rates }
    }
}

/// Differences that are told of a stage.
const SHOWN: usize = 20;

/// It has at least so many milliseconds to be brought up to date.
const WARM_WITHIN: u64 = 10_000;

/// All that stands is compared no more often than so many milliseconds.
const LOOK_EVERY: u64 = 500;

/// Of what both have at the end of a shadow run, one part in this many may be missing or far off.
const MOST_WRONG: u64 = 50;

/// All trials under way, and the ears that are open for them.
#[derive(Debug, Default)]
pub(crate) struct Trials {
    limits: TrialLimits,
    /// To the front; none in a run that is not told anything.
    commands: Option<Commands>,
    trials: Vec<Trial>,
    /// What the versions that work say, where something is tried beside them.
    ears: FxHashMap<WorkerId, (WorkerIndex, Ear)>,
}

#[derive(Debug)]
struct Trial {
    number: u64,
    provider: String,
    from: String,
    to: String,
    sha256: String,
    /// Nothing is compared: the version that works does not work any more.
    at_once: bool,
    stage: Stage,
    /// Workers that are not up to date yet, or have yet to exchange their places.
    awaited: BTreeSet<WorkerIndex>,
    rivals: BTreeMap<WorkerIndex, Rival>,
    /// When the stage began.
    since: Timestamp,
    /// When all that stands was compared last.
    looked: Timestamp,
    tests: Tests,
    compared: Compared,
    differences: Vec<Difference>,
    /// The front was told; until it has acted, nothing is decided.
    decided: bool,
    reason: Option<String>,
}

/// The other version of one worker: the candidate or, after they exchanged their places, the one before.
#[derive(Debug)]
struct Rival {
    seat: Seat,
    fed: Board,
    ear: Ear,
    agreement: Agreement,
}

impl Trials {
    pub fn new(limits: TrialLimits, commands: Commands) -> Self {
        Self { limits, commands: Some(commands), ..Self::default() }
    }

    /// A quote of a version that works changed.
    pub fn changed(&mut self, board: &Board, item: usize, quote: QuoteId) {
        if self.ears.is_empty() {
            return;
        }
        let worker = board.worker_of(board.line(board.quote(quote).line).event);
        if let Some((_, ear)) = self.ears.get_mut(&worker) {
            ear.quote(board, item, quote);
        }
    }

    /// An event of a version that works changed.
    pub fn event_changed(&mut self, board: &Board, item: usize, event: EventId) {
        if let Some((_, ear)) = self.ears.get_mut(&board.worker_of(event)) {
            ear.event(board, item, event);
        }
    }

    /// What a version that works made of a packet.
    pub fn said(&mut self, worker: WorkerIndex, item: usize, said: Said) {
        if let Some((_, ear)) = self.ears.values_mut().find(|(of, _)| *of == worker) {
            ear.said(item, said);
        }
    }

    /// A worker's other version begins to be brought up to date.
    pub fn begin(
        &mut self,
        (number, worker): (u64, WorkerIndex),
        from: &WorkerInfo,
        (adapter, at_once): (&Adapter, bool),
        at: Timestamp,
    ) -> Option<TrialNews> {
        if let Some(known) = self.trials.iter_mut().find(|trial| trial.number == number) {
            known.awaited.insert(worker);
            return None;
        }
        let trial = Trial {
            number,
            provider: from.provider.to_string(),
            from: from.adapter.to_string(),
            to: adapter.contract().name(),
            sha256: adapter.digest(),
            at_once,
            stage: Stage::Warming,
            awaited: BTreeSet::from([worker]),
            rivals: BTreeMap::new(),
            since: at,
            looked: Timestamp::from_nanos(0),
            tests: Tests::new(self.limits.rates),
            compared: Compared::default(),
            differences: Vec::new(),
            decided: false,
            reason: None,
        };
        let news = trial.news(at);
        self.trials.push(trial);
        Some(news)
    }

    /// Two versions exchange their places; told when the last worker's have.
    pub fn exchange(
        &mut self,
        worker: WorkerIndex,
        (board, seat): (&mut Board, &mut Seat),
        origin: Origin,
        changes: &mut impl Changes,
    ) -> Option<TrialNews> {
        let of = |trial: &&mut Trial| trial.rivals.contains_key(&worker);
        let trial = self.trials.iter_mut().find(of)?;
        let rival = trial.rivals.get_mut(&worker)?;
        board.exchange(seat.id, (&mut rival.fed, rival.seat.id), origin, changes);
        seat.follow(board);
        rival.seat.follow(&rival.fed);
        if trial.awaited.is_empty() {
            trial.awaited = trial.rivals.keys().copied().collect();
        }
        trial.awaited.remove(&worker);
        if !trial.awaited.is_empty() {
            return None;
        }
        if trial.stage == Stage::Live {
            // Back to where it was: the front lets the candidate go.
            trial.stage = Stage::RolledBack;
            self.commands.as_ref()?.give(Command::End(trial.number));
            return None;
        }
        let shown = trial.news(origin.at);
        trial.enter(Stage::Live, self.limits.rates, origin.at);
        Some(TrialNews { stage: Stage::Live, ..shown })
    }

    /// What reads along beside a worker is let go; told once for its provider.
    pub fn end(&mut self, worker: WorkerIndex, at: Timestamp) -> Option<TrialNews> {
        let of = |trial: &Trial| trial.rivals.contains_key(&worker) || trial.awaited.contains(&worker);
        let place = self.trials.iter().position(of)?;
        let mut trial = self.trials.remove(place);
        self.ears.retain(|_, (worker, _)| !trial.rivals.contains_key(worker));
        trial.stage = match trial.stage {
            Stage::Warming | Stage::Shadow => Stage::Refused,
            Stage::Live => Stage::Settled,
            stage => stage,
        };
        if trial.stage == Stage::Refused && trial.reason.is_none() {
            trial.reason = Some("another version is tried, or the adapter was removed".to_owned());
        }
        Some(trial.news(at))
    }

    /// Takes what the versions that are tried said of a chunk, and decides.
    pub fn hear(
        &mut self,
        chunk: &Chunk,
        read: ReadBeside,
        board: &Board,
        place: impl Fn(WorkerIndex) -> Option<(AccountIndex, WorkerId)>,
    ) -> Vec<TrialNews> {
        let now = board.now().unwrap_or(Timestamp::from_nanos(0));
        let mut news = Vec::new();
        let new: BTreeSet<_> = read.warmed.iter().map(|warmed| warmed.worker).collect();
        for warmed in read.warmed {
            self.warmed(warmed);
        }
        for trial in &mut self.trials {
            for worker in &read.workers {
                let Some(rival) = trial.rivals.get_mut(worker) else { continue };
                let Some((account, id)) = place(*worker) else { continue };
                rival.listen((account, *worker), chunk, &read.steps);
                if new.contains(worker) {
                    self.ears.insert(id, (*worker, rival.begin(board, id)));
                } else if let Some((_, ear)) = self.ears.get_mut(&id) {
                    let voices = trial.stage.voices();
                    // What comes until a decision is carried out is no part of the stage.
                    let tried = (!trial.decided).then_some((
                        &mut trial.tests,
                        &mut trial.compared,
                        &mut trial.differences,
                    ));
                    rival.compare((ear, board), voices, tried);
                }
            }
            if read.gone.iter().any(|worker| trial.awaited.contains(worker)) {
                trial.reason = Some("the system has no thread left to bring it up to date".to_owned());
                trial.give_up(self.commands.as_ref());
            }
            news.extend(trial.go_on(self.limits, self.commands.as_ref(), now));
        }
        news
    }

    fn warmed(&mut self, warmed: Warmed) {
        let Warmed { worker, fed, seat, failed } = warmed;
        let awaits = |trial: &&mut Trial| trial.awaited.contains(&worker);
        let Some(trial) = self.trials.iter_mut().find(awaits) else { return };
        trial.awaited.remove(&worker);
        trial
            .rivals
            .insert(worker, Rival { seat, fed, ear: Ear::default(), agreement: Agreement::default() });
        if failed > 0 {
            trial.reason =
                Some(format!("it failed on {failed} of the packets that it was brought up to date with"));
            trial.give_up(self.commands.as_ref());
        }
    }
}

impl Stage {
    /// Whose voice the version that works has, and whose the one that reads along.
    const fn voices(self) -> (Voice, Voice) {
        match self {
            Self::Live | Self::RolledBack | Self::Settled => (Voice::Candidate, Voice::Reference),
            _ => (Voice::Reference, Voice::Candidate),
        }
    }
}

impl Rival {
    /// Both as they stand: what is compared from here on. The ear that listens to the version that works.
    fn begin(&mut self, board: &Board, id: WorkerId) -> Ear {
        self.fed.miss_what(self.seat.id, board, id);
        let mut working = Ear::default();
        board.standing(id).for_each(|quote| working.quote(board, 0, quote));
        self.ear = Ear::default();
        self.fed.standing(self.seat.id).for_each(|quote| self.ear.quote(&self.fed, 0, quote));
        working.take(0, Voice::Reference, board, &mut self.agreement);
        self.ear.take(0, Voice::Candidate, &self.fed, &mut self.agreement);
        self.agreement.settle(0, &mut Vec::new());
        working.tell_events_again();
        working
    }

    /// Applies what the version that reads along said of a chunk.
    fn listen(&mut self, (account, worker): (AccountIndex, WorkerIndex), chunk: &Chunk, steps: &[Step]) {
        let mut steps = steps.iter().filter(|step| step.worker == worker).peekable();
        for (index, item) in chunk.items.iter().enumerate().filter(|(_, item)| item.account == account) {
            self.listen_to(worker, index, item);
            while let Some(step) = steps.next_if(|step| step.item == index) {
                self.ear.said(index, Said::of(&step.handled.outcome));
                let mut listening = Listening { ear: &mut self.ear, item: index };
                self.seat.apply(&mut self.fed, item.heard, &step.handled, &mut listening);
            }
        }
    }

    /// What an item means for it before it reads.
    fn listen_to(&mut self, worker: WorkerIndex, index: usize, item: &Item) {
        let beside = item.beside.iter().find(|beside| beside.worker == worker);
        let mut listening = Listening { ear: &mut self.ear, item: index };
        let off = matches!(item.route, Routed::Off);
        if off || beside.is_some_and(|beside| beside.new_session) {
            self.seat.withdraw(&mut self.fed, item.heard.origin, &mut listening);
        }
        // What was lost on the way is lost for both, and so is what cannot be relied on.
        let unreliable = item.drifted.as_ref().is_some_and(|it| it.invalid.contains(&worker));
        if unreliable || matches!(item.route, Routed::Lost) {
            self.fed.gap(self.seat.id, None, &mut listening);
        }
        if let Routed::Decided(decided) = &item.route {
            let fate = (decided.fate, decided.reason);
            let mine = decided.by == Some(worker) || (decided.awaited && decided.fate == Fate::Rejected);
            if mine {
                self.seat.heard(&mut self.fed, item.heard, fate, &mut listening);
            }
        }
        if beside.is_some_and(|beside| beside.refused) {
            self.ear.said(index, Said::Rejected);
        }
    }

    /// Compares both, packet by packet, and counts what that shows.
    fn compare(
        &mut self,
        (working, board): (&mut Ear, &Board),
        (voice, other): (Voice, Voice),
        mut tried: Option<(&mut Tests, &mut Compared, &mut Vec<Difference>)>,
    ) {
        let items: BTreeSet<usize> = working.items().chain(self.ear.items()).collect();
        for item in items {
            let said = working.take(item, voice, board, &mut self.agreement);
            let beside = self.ear.take(item, other, &self.fed, &mut self.agreement);
            let Some((tests, all, differences)) = &mut tried else {
                self.agreement.settle(0, &mut Vec::new());
                continue;
            };
            let compared = self.agreement.settle(SHOWN, differences);
            all.add(&compared);
            let (reference, candidate) =
                if voice == Voice::Reference { (said, beside) } else { (beside, said) };
            tests.packet(reference, candidate, &compared);
        }
    }
}

impl Trial {
    fn enter(&mut self, stage: Stage, rates: Rates, at: Timestamp) {
        (self.stage, self.since, self.decided) = (stage, at, false);
        (self.tests, self.compared) = (Tests::new(rates), Compared::default());
        self.differences.clear();
    }

    /// Whether the stage is over, and what comes then.
    fn go_on(
        &mut self,
        limits: TrialLimits,
        commands: Option<&Commands>,
        now: Timestamp,
    ) -> Option<TrialNews> {
        let warming = self.stage == Stage::Warming && !self.awaited.is_empty();
        if warming && !self.decided && now.millis_since(self.since) >= limits.millis.max(WARM_WITHIN) {
            self.reason = Some("it cannot be brought up to date as fast as packets come".to_owned());
            self.give_up(commands);
        }
        if self.decided || !self.awaited.is_empty() {
            return None;
        }
        if self.stage == Stage::Warming {
            self.enter(Stage::Shadow, limits.rates, now);
            return Some(self.news(now));
        }
        if self.at_once {
            let next = if self.stage == Stage::Shadow { Command::Exchange } else { Command::End };
            self.tell(commands, next);
            return None;
        }
        if let Some(bad) = self.tests.bad() {
            self.reason = Some(bad);
            self.give_up(commands);
            return None;
        }
        let late = now.millis_since(self.since) >= limits.millis;
        if !late && (self.tests.packets() < limits.packets || !self.tests.are_good()) {
            return None;
        }
        if self.stage == Stage::Shadow && !late && now.millis_since(self.looked) < LOOK_EVERY {
            return None;
        }
        self.looked = now;
        if self.stage == Stage::Shadow && !self.shows_the_same() {
            // It may not have heard of all yet.
            if late {
                self.give_up(commands);
            }
            return None;
        }
        self.reason = None;
        let next = if self.stage == Stage::Shadow { Command::Exchange } else { Command::End };
        self.tell(commands, next);
        None
    }

    /// Nothing of what stands may be lost at the moment of the exchange.
    fn shows_the_same(&mut self) -> bool {
        let mut all = Compared::default();
        let mut differences = Vec::new();
        for rival in self.rivals.values() {
            let (compared, list) = rival.agreement.everything();
            all.add(&compared);
            differences.extend(list);
        }
        let wrong = all.of(Kind::Coverage) + all.of(Kind::Jump) + all.of(Kind::Event);
        let known = all.compared - all.of(Kind::Extra);
        if wrong * MOST_WRONG <= known {
            return true;
        }
        self.reason =
            Some(format!("of {known} quotes and events that stand it shows {wrong} otherwise or not at all"));
        differences.truncate(SHOWN);
        (self.compared, self.differences) = (all, differences);
        false
    }

    /// The candidate goes: it never worked, or the version before takes its place again.
    fn give_up(&mut self, commands: Option<&Commands>) {
        let live = self.stage == Stage::Live;
        self.tell(commands, if live { Command::Exchange } else { Command::End });
    }

    fn tell(&mut self, commands: Option<&Commands>, command: fn(u64) -> Command) {
        if !std::mem::replace(&mut self.decided, true)
            && let Some(commands) = commands
        {
            commands.give(command(self.number));
        }
    }

    fn news(&self, at: Timestamp) -> TrialNews {
        TrialNews {
            r#type: "adapter",
            at,
            provider: self.provider.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            sha256: self.sha256.clone(),
            stage: self.stage,
            packets: self.tests.packets(),
            compared: self.compared.clone(),
            reason: self.reason.clone(),
            differences: self.differences.clone(),
        }
    }
}
