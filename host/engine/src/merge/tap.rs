//! Listens to what changes on the board, for the workers beside which something is tried.

use super::Observer;
use crate::trial::Trials;
use antigravity_core::board::{Board, Change, Changes, EventId, LineId, QuoteId, WorkerId};

/// Passes on all it hears, and notes what trials want to know.
pub(super) struct Tap<'a, O> {
    observer: &'a mut O,
    trials: &'a mut Trials,
    item: usize,
    /// Quotes that changed.
    pub changed: u64,
}

impl<'a, O: Observer> Tap<'a, O> {
    pub const fn new(observer: &'a mut O, trials: &'a mut Trials, item: usize) -> Self {
        Self { observer, trials, item, changed: 0 }
    }
}

impl<O: Observer> Changes for Tap<'_, O> {
    fn changed(&mut self, board: &Board, change: Change) {
        self.changed += 1;
        self.trials.changed(board, self.item, change.quote);
        self.observer.changed(board, change);
    }

    fn touched(&mut self, board: &Board, quote: QuoteId) {
        self.observer.touched(board, quote);
    }

    fn event_changed(&mut self, board: &Board, event: EventId) {
        self.trials.event_changed(board, self.item, event);
        self.observer.event_changed(board, event);
    }

    fn line_changed(&mut self, board: &Board, line: LineId) {
        self.observer.line_changed(board, line);
    }

    fn worker_changed(&mut self, board: &Board, worker: WorkerId) {
        self.observer.worker_changed(board, worker);
    }

    fn runners_changed(&mut self, board: &Board, line: LineId) {
        self.observer.runners_changed(board, line);
    }
}
