//! What one version says, on its way to where it is compared.

use super::told::Told;
use crate::merge::Observer;
use antigravity_core::board::{
    Board, Change, Changes, EventId, LineId, Origin, QuoteId, WorkerId, WorkerInfo,
};
use antigravity_core::{Fate, Packet};
use antigravity_runtime::CallError;
use crossbeam_channel::{Receiver, Sender};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Bundles that may wait for the other version.
pub(super) const WAITING: usize = 4;

/// A bundle is sent when it has so many packets, or so many changes.
const PACKETS: usize = 256;
const CHANGES: usize = 4096;

/// What a version said of a record.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// None where it is no packet.
    pub fate: Option<(Origin, (Fate, &'static str))>,
    /// Whose quotes or events changed: a record is of one account.
    pub account: Option<Arc<str>>,
    pub told: Vec<Told>,
}

type Bundle = Vec<Heard>;

/// Listens to the replay of one version.
pub(super) struct Side {
    out: Sender<Bundle>,
    bundle: Bundle,
    /// Changes in the bundle.
    changes: usize,
    now: Heard,
    /// Events that were told.
    events: FxHashSet<EventId>,
    /// The other version came to its end early.
    gone: bool,
}

impl Side {
    pub fn new(out: Sender<Bundle>) -> Self {
        let (bundle, now, events) = Default::default();
        Self { out, bundle, changes: 0, now, events, gone: false }
    }

    /// Sends what is left.
    pub fn end(mut self) {
        self.send();
    }

    fn send(&mut self) {
        self.changes = 0;
        let bundle = std::mem::take(&mut self.bundle);
        self.gone |= self.out.send(bundle).is_err();
    }

    fn of(&mut self, board: &Board, worker: WorkerId) {
        if self.now.account.is_none() {
            self.now.account = Some(board.worker_info(worker).account.clone());
        }
    }

    fn quote(&mut self, board: &Board, quote: QuoteId) {
        let event = board.line(board.quote(quote).line).event;
        if self.events.insert(event) {
            self.event_changed(board, event);
        }
        self.of(board, board.worker_of(event));
        self.now.told.push(Told::quote(board, quote));
    }
}

impl Changes for Side {
    fn changed(&mut self, board: &Board, change: Change) {
        self.quote(board, change.quote);
    }

    fn event_changed(&mut self, board: &Board, event: EventId) {
        self.of(board, board.worker_of(event));
        self.now.told.push(Told::event(board, event));
    }

    /// Its limits are said of each of its quotes.
    fn line_changed(&mut self, board: &Board, line: LineId) {
        board.standing_of(line).for_each(|quote| self.quote(board, quote));
    }
}

impl Observer for Side {
    fn packet_ends(&mut self, _: &Board) {
        let heard = std::mem::take(&mut self.now);
        self.changes += heard.told.len();
        self.bundle.push(heard);
        if self.bundle.len() >= PACKETS || self.changes >= CHANGES {
            self.send();
        }
    }

    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str, _: Option<&WorkerInfo>) {
        self.now.fate = Some((origin, (fate, reason)));
    }

    fn failed(&mut self, packet: &Packet, by: &WorkerInfo, error: &CallError) {
        let adapter = &*by.adapter;
        tracing::debug!(adapter, seq = packet.seq, account = %packet.account, "adapter failed twice: {error}");
    }

    fn gone(&self) -> bool {
        self.gone
    }
}

/// What a version said, record by record.
pub(super) struct Packets {
    bundles: Receiver<Bundle>,
    bundle: std::vec::IntoIter<Heard>,
}

impl Packets {
    pub fn new(bundles: Receiver<Bundle>) -> Self {
        Self { bundles, bundle: Vec::new().into_iter() }
    }

    /// Waits for the next; none at its end.
    pub fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.bundle.next() {
                return Some(heard);
            }
            self.bundle = self.bundles.recv().ok()?.into_iter();
        }
    }
}
