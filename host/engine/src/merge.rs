//! Merging what the workers read, in packet order: the only place that changes board and ledger.

use crate::chunk::{AccountIndex, Chunk, Item, Routed, Step, WorkerIndex};
use antigravity_core::board::{Board, Changes, Origin, WorkerId, WorkerInfo};
use antigravity_core::{Fate, Ledger, Packet, Timestamp};
use antigravity_runtime::{CallError, Handled, Outcome, Restart};
use std::iter::Peekable;

/// Who follows what becomes of packets and quotes.
pub trait Observer: Changes {
    /// A packet has its fate.
    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str);

    /// An adapter failed twice on this packet; it is kept for whoever repairs the adapter.
    fn failed(&mut self, packet: &Packet, provider: &str, error: &CallError);
}

/// One worker as the merger knows it.
#[derive(Debug)]
struct Seat {
    account: AccountIndex,
    id: WorkerId,
    provider: std::sync::Arc<str>,
}

/// Board and ledger with the workers that feed them.
#[derive(Debug)]
pub struct Merger {
    board: Board,
    ledger: Ledger,
    seats: Vec<Seat>,
    latest: Option<Timestamp>,
}

impl Merger {
    pub(crate) fn new(workers: Vec<(AccountIndex, WorkerInfo)>) -> Self {
        let mut board = Board::default();
        let seat = |(account, info): (AccountIndex, WorkerInfo)| {
            let provider = info.provider.clone();
            Seat { account, id: board.worker(info), provider }
        };
        let seats = workers.into_iter().map(seat).collect();
        Self { board, ledger: Ledger::default(), seats, latest: None }
    }

    pub const fn board(&self) -> &Board {
        &self.board
    }

    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The greatest `at` of all packets so far.
    pub const fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    /// Takes a chunk with what its workers said, steps in the order of items.
    pub(crate) fn merge(&mut self, chunk: &Chunk, steps: Vec<Step>, observer: &mut impl Observer) {
        let mut steps = steps.into_iter().peekable();
        for (index, item) in chunk.items.iter().enumerate() {
            let at = item.origin.at;
            self.latest = Some(self.latest.map_or(at, |latest| latest.max(at)));
            for worker in &item.new_sessions {
                let id = self.seats[*worker].id;
                self.board.remove_all(id, item.origin, observer);
                self.board.forget_names(id);
            }
            if let Some((fate, reason)) = self.decide(index, item, &mut steps, observer) {
                self.ledger.record(fate, reason);
                observer.fate(item.origin, fate, reason);
            }
        }
    }

    /// The packet's fate; `None` for what is no packet.
    fn decide(
        &mut self,
        index: usize,
        item: &Item,
        steps: &mut Peekable<impl Iterator<Item = Step>>,
        observer: &mut impl Observer,
    ) -> Option<(Fate, &'static str)> {
        match &item.route {
            Routed::Decided { fate, reason, alive } => {
                if let Some(worker) = alive {
                    self.board.alive(self.seats[*worker].id, item.origin.connection, item.origin.at);
                }
                Some((*fate, *reason))
            }
            Routed::Lost => {
                for worker in self.workers_of(item.account) {
                    self.board.gap(worker);
                }
                Some((Fate::Dropped, "lost"))
            }
            Routed::Off => {
                for worker in self.workers_of(item.account) {
                    self.board.remove_all(worker, item.origin, observer);
                    self.board.forget_names(worker);
                }
                None
            }
            Routed::Work { candidates, otherwise } => {
                let mut decided = (otherwise.fate, otherwise.reason);
                while let Some(step) = steps.next_if(|step| step.item == index) {
                    let asked = candidates.iter().find(|candidate| candidate.worker == step.worker);
                    let packet = asked.map(|candidate| &*candidate.prepared.packet);
                    if let Some(fate) = self.apply(item.origin, step.worker, step.handled, packet, observer) {
                        decided = fate;
                    }
                }
                Some(decided)
            }
        }
    }

    fn workers_of(&self, account: AccountIndex) -> Vec<WorkerId> {
        self.seats.iter().filter(|seat| seat.account == account).map(|seat| seat.id).collect()
    }

    fn apply(
        &mut self,
        origin: Origin,
        worker: WorkerIndex,
        handled: Handled,
        packet: Option<&Packet>,
        observer: &mut impl Observer,
    ) -> Option<(Fate, &'static str)> {
        let id = self.seats[worker].id;
        if let Some(restart) = handled.restart {
            self.restart(id, restart, origin, observer);
        }
        let fate = handled.outcome.fate();
        match &handled.outcome {
            Outcome::Answered { answer, index } => {
                let reading = &answer.packets()[*index];
                match fate {
                    Some((Fate::Parsed, _)) => self.board.apply(id, origin, answer, reading, observer),
                    Some((Fate::Rejected, _)) if reading.all_bad() => {
                        self.board.distrust(id, origin, answer, reading, observer);
                    }
                    _ => self.board.learn_names(id, answer, reading),
                }
                if let Some((Fate::Parsed | Fate::Ignored, _)) = fate {
                    self.board.alive(id, origin.connection, origin.at);
                }
                log(&self.seats[worker].provider, origin, answer, *index);
            }
            Outcome::Failed(error) => {
                self.board.bar(id, Some(origin.connection), origin, observer);
                if let Some(packet) = packet {
                    observer.failed(packet, &self.seats[worker].provider, error);
                }
            }
        }
        fate
    }

    fn restart(&mut self, id: WorkerId, restart: Restart, origin: Origin, observer: &mut impl Observer) {
        self.board.forget_names(id);
        for answer in restart.names {
            for reading in answer.packets() {
                self.board.learn_names(id, &answer, reading);
            }
        }
        if restart.lost {
            self.board.bar(id, None, origin, observer);
        }
    }
}

/// What an adapter says to the person who keeps it.
fn log(provider: &str, origin: Origin, answer: &antigravity_core::answer::Answer, index: usize) {
    use antigravity_core::answer::Level;
    for line in answer.logs().iter().filter(|log| log.packet as usize == index) {
        let (seq, message) = (origin.seq, answer.text(line.message));
        match line.level {
            Level::Debug => tracing::debug!(provider, seq, "{message}"),
            Level::Info => tracing::info!(provider, seq, "{message}"),
            Level::Warn => tracing::warn!(provider, seq, "{message}"),
        }
    }
}
