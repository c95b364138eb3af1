//! Merging what the workers read, in packet order: the only place that changes board and ledger.

mod tap;

#[cfg(test)]
mod tests;

use crate::chunk::{AccountIndex, Chunk, Decided, Item, Routed, Step, WorkerIndex};
use crate::control::{Clock, Commands, Control};
use crate::fed::Seat;
use crate::gauges::{Cost, Gauges, WorkerStatus};
use crate::lane::ReadBeside;
use crate::trial::{Said, TrialLimits, TrialNews, Trials};
use antigravity_core::board::{Board, Changes, Origin, WorkerInfo};
use antigravity_core::strikes::Standing;
use antigravity_core::{Fate, Ledger, Packet, Timestamp};
use antigravity_routing::Drift;
use antigravity_runtime::{CallError, Handled, Outcome};
use std::iter::Peekable;
use std::sync::Arc;
use tap::Tap;

/// Who follows what becomes of packets and quotes.
pub trait Observer: Changes {
    /// A packet comes; nothing of it is applied yet.
    fn packet_begins(&mut self, _: &Board) {}

    /// All that came of a packet is applied.
    fn packet_ends(&mut self, _: &Board) {}

    /// A packet has its fate, by the version of the adapter that decided it.
    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str, by: Option<&WorkerInfo>);

    /// An adapter failed twice on this packet; it is kept for whoever repairs the adapter.
    fn failed(&mut self, packet: &Packet, by: &WorkerInfo, error: &CallError);

    /// An adapter failed too often, last on this packet: it is left alone for a while, or for good.
    fn left_alone(&mut self, _packet: &Packet, _by: &WorkerInfo, _error: &CallError, _standing: Standing) {}

    /// Bodies of an endpoint are no longer what they were.
    fn drift(&mut self, _: &Drift) {}

    /// What each worker did so far; about once a second, in a run that goes on in time.
    fn status(&mut self, _: Timestamp, _: Vec<WorkerStatus>) {}

    /// Another version of an adapter is a step farther, or back.
    fn trial(&mut self, _: &TrialNews) {}

    /// Nobody wants to know any more: the run may end. Asked now and then.
    fn gone(&self) -> bool {
        false
    }
}

/// One worker as the merger knows it.
#[derive(Debug)]
struct Seated {
    account: AccountIndex,
    seat: Seat,
    gauges: Gauges,
}

impl Seated {
    fn new(account: AccountIndex, seat: Seat) -> Self {
        Self { account, seat, gauges: Gauges::default() }
    }
}

/// Board and ledger with the workers that feed them.
pub struct Merger {
    board: Board,
    ledger: Ledger,
    /// By their numbers; none for one whose adapter was taken away.
    seats: Vec<Option<Seated>>,
    trials: Trials,
    /// Where it is told what workers do: the clock, and when it was told last.
    telling: Option<(Arc<dyn Clock>, Timestamp)>,
}

impl std::fmt::Debug for Merger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Merger").field("ledger", &self.ledger).finish_non_exhaustive()
    }
}

/// It is told no more often than once a second what workers do.
const TOLD_EVERY: i64 = 1_000_000_000;

/// A packet with what its workers said of it.
struct Given<'a, I: Iterator<Item = Step>> {
    index: usize,
    item: &'a Item,
    steps: &'a mut Peekable<I>,
}

impl Merger {
    pub(crate) fn new(workers: Vec<(AccountIndex, WorkerInfo)>) -> Self {
        let mut board = Board::default();
        let seats = workers
            .into_iter()
            .map(|(account, info)| Some(Seated::new(account, Seat::new(&mut board, info))))
            .collect();
        Self { board, ledger: Ledger::default(), seats, trials: Trials::default(), telling: None }
    }

    /// Versions are tried within these limits, and what becomes of them is told the front.
    pub(crate) fn trying(mut self, limits: TrialLimits, commands: Commands) -> Self {
        self.trials = Trials::new(limits, commands);
        self
    }

    /// It is told now and then what workers do.
    pub(crate) fn telling(mut self, clock: Arc<dyn Clock>) -> Self {
        self.telling = Some((clock, Timestamp::from_nanos(i64::MIN)));
        self
    }

    /// What was spent on packets; now and then that is told.
    pub(crate) fn spent(&mut self, costs: Vec<Cost>, observer: &mut impl Observer) {
        for cost in costs {
            if let Some(Some(seated)) = self.seats.get_mut(cost.worker) {
                seated.gauges.cost(&cost);
            }
        }
        let Some((clock, told)) = &mut self.telling else { return };
        let now = clock.now();
        if now.nanos().saturating_sub(told.nanos()) >= TOLD_EVERY {
            *told = now;
            observer.status(now, self.status());
        }
    }

    /// What each worker did so far.
    pub fn status(&self) -> Vec<WorkerStatus> {
        let seated = self.seats.iter().flatten();
        seated.map(|it| it.gauges.status(self.board.worker_info(it.seat.id))).collect()
    }

    pub const fn board(&self) -> &Board {
        &self.board
    }

    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The greatest `at` of all packets so far.
    pub const fn latest(&self) -> Option<Timestamp> {
        self.board.now()
    }

    /// Takes a chunk with what its workers said, steps in the order of items.
    pub(crate) fn merge(&mut self, chunk: &Chunk, steps: Vec<Step>, observer: &mut impl Observer) {
        let mut steps = steps.into_iter().peekable();
        for (index, item) in chunk.items.iter().enumerate() {
            self.board.tick(item.heard.origin.at);
            observer.packet_begins(&self.board);
            match &item.route {
                Routed::Control(control) => self.control(item, control, observer),
                Routed::Tick => {}
                _ => self.packet(Given { index, item, steps: &mut steps }, observer),
            }
            observer.packet_ends(&self.board);
        }
    }

    /// Takes what versions that are tried said of a chunk that was merged.
    pub(crate) fn merge_beside(&mut self, chunk: &Chunk, read: ReadBeside, observer: &mut impl Observer) {
        let seats = &self.seats;
        let place = |worker: WorkerIndex| seats.get(worker)?.as_ref().map(|it| (it.account, it.seat.id));
        for news in self.trials.hear(chunk, read, &self.board, place) {
            observer.trial(&news);
        }
    }

    fn packet(&mut self, given: Given<'_, impl Iterator<Item = Step>>, observer: &mut impl Observer) {
        let item = given.item;
        for worker in &item.new_sessions {
            self.withdraw(*worker, given.index, item, observer);
        }
        let index = given.index;
        if let Some((fate, reason, by)) = self.decide(given, observer) {
            self.ledger.record(fate, reason);
            if let Some(Some(seated)) = by.and_then(|worker| self.seats.get_mut(worker)) {
                seated.gauges.fate(fate, reason);
            }
            let by = by.and_then(|worker| self.info(worker));
            observer.fate(item.heard.origin, fate, reason, by);
        }
        if let Some(drifted) = &item.drifted {
            drifted.told.iter().for_each(|drift| observer.drift(drift));
            for worker in &drifted.invalid {
                self.miss(*worker, index, observer);
            }
        }
    }

    /// All that a worker quotes is stale until a snapshot that begins after this.
    fn miss(&mut self, worker: WorkerIndex, index: usize, observer: &mut impl Observer) {
        if let Some(Some(Seated { seat, .. })) = self.seats.get(worker) {
            let mut tap = Tap::new(observer, &mut self.trials, index);
            self.board.gap(seat.id, None, &mut tap);
        }
    }

    fn info(&self, worker: WorkerIndex) -> Option<&WorkerInfo> {
        let seated = self.seats.get(worker)?.as_ref()?;
        Some(self.board.worker_info(seated.seat.id))
    }

    fn withdraw(&mut self, worker: WorkerIndex, index: usize, item: &Item, observer: &mut impl Observer) {
        if let Some(Some(seated)) = self.seats.get(worker) {
            let mut tap = Tap::new(observer, &mut self.trials, index);
            seated.seat.withdraw(&mut self.board, item.heard.origin, &mut tap);
        }
    }

    /// The packet's fate and who decided it; `None` for what is no packet.
    fn decide(
        &mut self,
        given: Given<'_, impl Iterator<Item = Step>>,
        observer: &mut impl Observer,
    ) -> Option<(Fate, &'static str, Option<WorkerIndex>)> {
        let Given { index, item, steps } = given;
        match &item.route {
            Routed::Decided(decided) => Some(self.decided(index, item, decided, observer)),
            Routed::Lost => {
                for worker in self.workers_of(item.account) {
                    self.miss(worker, index, observer);
                }
                Some((Fate::Dropped, "lost", None))
            }
            Routed::Off => {
                for worker in self.workers_of(item.account) {
                    self.withdraw(worker, index, item, observer);
                }
                None
            }
            Routed::Work { candidates, otherwise } => {
                let mut fate = None;
                while let Some(step) = steps.next_if(|step| step.item == index) {
                    let asked = candidates.iter().find(|candidate| candidate.worker == step.worker);
                    let packet = asked.map(|candidate| &*candidate.prepared.packet);
                    let said = self.apply((index, item), step.worker, &step.handled, packet, observer);
                    fate = said.map(|(fate, reason)| (fate, reason, Some(step.worker)));
                }
                Some(fate.unwrap_or_else(|| self.decided(index, item, otherwise, observer)))
            }
            Routed::Tick | Routed::Control(_) => None,
        }
    }

    fn decided(
        &mut self,
        index: usize,
        item: &Item,
        decided: &Decided,
        observer: &mut impl Observer,
    ) -> (Fate, &'static str, Option<WorkerIndex>) {
        let fate = (decided.fate, decided.reason);
        match decided.by {
            // Whose it was is not known: what any of them has from this connection may be outdated.
            Some(by) if decided.fate == Fate::Rejected => {
                self.trials.said(by, index, Said::Rejected);
                for worker in self.workers_of(item.account).into_iter().filter(|_| decided.awaited) {
                    self.heard((index, item), worker, fate, observer);
                }
            }
            Some(worker) => self.heard((index, item), worker, fate, observer),
            _ => {}
        }
        (decided.fate, decided.reason, decided.by)
    }

    fn heard(
        &mut self,
        (index, item): (usize, &Item),
        worker: WorkerIndex,
        fate: (Fate, &'static str),
        observer: &mut impl Observer,
    ) {
        if let Some(Some(Seated { seat, .. })) = self.seats.get(worker) {
            let mut tap = Tap::new(observer, &mut self.trials, index);
            seat.heard(&mut self.board, item.heard, fate, &mut tap);
        }
    }

    fn workers_of(&self, account: AccountIndex) -> Vec<WorkerIndex> {
        let seated = |seat: &Option<Seated>| seat.as_ref().is_some_and(|seated| seated.account == account);
        (0..self.seats.len()).filter(|worker| seated(&self.seats[*worker])).collect()
    }

    fn apply(
        &mut self,
        (index, item): (usize, &Item),
        worker: WorkerIndex,
        handled: &Handled,
        packet: Option<&Packet>,
        observer: &mut impl Observer,
    ) -> Option<(Fate, &'static str)> {
        let Some(Some(Seated { seat, gauges, .. })) = self.seats.get_mut(worker) else { return None };
        self.trials.said(worker, index, Said::of(&handled.outcome));
        let mut tap = Tap::new(observer, &mut self.trials, index);
        let fate = seat.apply(&mut self.board, item.heard, handled, &mut tap);
        gauges.quotes(tap.changed);
        match &handled.outcome {
            Outcome::Answered { answer, index } => {
                log(&seat.provider, item.heard.origin, answer, *index);
            }
            Outcome::Failed(error) => {
                if let Some(packet) = packet {
                    let by = self.board.worker_info(seat.id);
                    observer.failed(packet, by, error);
                    if let Some(standing) = handled.left_alone {
                        observer.left_alone(packet, by, error, standing);
                    }
                }
            }
            Outcome::Quarantined => {}
        }
        fate
    }

    /// Something happens to a worker between two packets.
    fn control(&mut self, item: &Item, control: &Control, observer: &mut impl Observer) {
        let origin = item.heard.origin;
        let news = match control {
            Control::Add { worker, info, .. } => {
                let seat = Seat::new(&mut self.board, info.clone());
                observer.worker_changed(&self.board, seat.id);
                if self.seats.len() <= *worker {
                    self.seats.resize_with(worker + 1, || None);
                }
                self.seats[*worker] = Some(Seated::new(item.account, seat));
                None
            }
            Control::Remove { worker } => {
                if let Some(Seated { seat, .. }) = self.seats.get_mut(*worker).and_then(Option::take) {
                    seat.withdraw(&mut self.board, origin, observer);
                }
                None
            }
            Control::Try { number, worker, adapter, at_once, .. } => {
                let to = (&**adapter, *at_once);
                let from = self.info(*worker).cloned();
                from.and_then(|from| self.trials.begin((*number, *worker), &from, to, origin.at))
            }
            Control::Exchange { worker } => match self.seats.get_mut(*worker) {
                Some(Some(Seated { seat, .. })) => {
                    self.trials.exchange(*worker, (&mut self.board, seat), origin, observer)
                }
                _ => None,
            },
            Control::End { worker } => self.trials.end(*worker, origin.at),
        };
        if let Some(news) = news {
            observer.trial(&news);
        }
    }
}

/// What an adapter says to the person who keeps it: why it refused a packet or rows of it, and its
/// log lines.
fn log(provider: &str, origin: Origin, answer: &antigravity_core::answer::Answer, index: usize) {
    use antigravity_core::answer::Level;
    let reading = &answer.packets()[index];
    let detail = answer.text(reading.verdict.detail);
    if !detail.is_empty() || reading.bad > 0 {
        tracing::debug!(provider, seq = origin.seq, bad_rows = reading.bad, "{detail}");
    }
    for line in answer.logs().iter().filter(|log| log.packet as usize == index) {
        let (seq, message) = (origin.seq, answer.text(line.message));
        match line.level {
            Level::Debug => tracing::debug!(provider, seq, "{message}"),
            Level::Info => tracing::info!(provider, seq, "{message}"),
            Level::Warn => tracing::warn!(provider, seq, "{message}"),
        }
    }
}
