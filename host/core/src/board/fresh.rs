//! What is fresh: signs of life, what was missed, and the snapshots that make it good.

use super::store::{Begun, Complete};
use super::{Board, Changes, LineId, Origin, QuoteId, WorkerId};
use crate::Timestamp;
use crate::contract::Confirmation;
use antigravity_abi::Status;

impl Board {
    /// The latest time of all that was applied.
    pub const fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// Time goes on to `at`; it never goes back.
    pub fn tick(&mut self, at: Timestamp) {
        self.now = self.now.max(Some(at));
    }

    /// A sign of life of a connection: where the contract says so, it confirms all quotes of it.
    pub fn alive(&mut self, worker: WorkerId, connection: u32, at: Timestamp, changes: &mut impl Changes) {
        self.tick(at);
        let now = self.now.unwrap_or(at).nanos();
        let state = &mut self.workers[worker.0 as usize];
        let (since, confirms) = (state.info.stale_after(), state.info.confirms);
        let known = state.connections.entry(connection).or_default();
        let before = known.alive;
        known.alive = before.max(Some(at));
        let silent = before.is_none_or(|before| now.saturating_sub(before.nanos()) > since);
        if !silent || confirms != Confirmation::ByConnection {
            return;
        }
        // What it feeds was stale, unless a packet named it since.
        self.for_fed(worker, Some(connection), |board, quote| {
            let last = before.max(Some(board.quotes[quote].confirmed_at)).unwrap_or(at);
            if now.saturating_sub(last.nanos()) > since {
                changes.touched(board, QuoteId(quote as u32));
            }
        });
    }

    /// Something was lost that its connection (`None`: any of the worker's) should have brought:
    /// the quotes that it feeds stand but are stale until a snapshot that begins after this ends.
    pub fn gap(&mut self, worker: WorkerId, connection: Option<u32>, changes: &mut impl Changes) {
        let state = &mut self.workers[worker.0 as usize];
        state.losses += 1;
        match connection {
            Some(connection) => state.connections.entry(connection).or_default().lost = state.losses,
            None => state.lost = state.losses,
        }
        self.for_fed(worker, connection, |board, quote| changes.touched(board, QuoteId(quote as u32)));
        for place in 0..self.workers[worker.0 as usize].lines.len() {
            let line = self.workers[worker.0 as usize].lines[place];
            if self.lines[line as usize].runners.is_some() {
                changes.runners_changed(self, LineId(line));
            }
        }
    }

    /// A packet was lost on the way to the quotes: a gap, and what its connection feeds (all of the
    /// worker's, where that is `None`) is suspended as long as the gap lasts.
    pub fn bar(
        &mut self,
        worker: WorkerId,
        connection: Option<u32>,
        origin: Origin,
        changes: &mut impl Changes,
    ) {
        self.tick(origin.at);
        self.gap(worker, connection, changes);
        self.for_fed(worker, connection, |board, quote| {
            if !board.quotes[quote].barred {
                board.update(quote, origin, changes, |q| q.barred = true);
            }
        });
    }

    /// Every quote of a worker that stands and that a connection (`None`: any) feeds.
    fn for_fed(&mut self, worker: WorkerId, connection: Option<u32>, mut each: impl FnMut(&mut Self, usize)) {
        for place in 0..self.workers[worker.0 as usize].lines.len() {
            let line = self.workers[worker.0 as usize].lines[place] as usize;
            for cell in self.cells_of(line) {
                let Some(quote) = self.quote_in(cell) else { continue };
                let record = &self.quotes[quote];
                if record.status != Status::Removed && connection.is_none_or(|c| record.connection == c) {
                    each(self, quote);
                }
            }
        }
    }

    /// Another connection may feed a quote from here on; what was missed of it stays missed.
    pub(super) fn feed(
        &mut self,
        worker: WorkerId,
        quote: usize,
        connection: u32,
        changes: &mut impl Changes,
    ) {
        let record = &mut self.quotes[quote];
        let before = std::mem::replace(&mut record.connection, connection);
        if before == connection || record.status == Status::Removed {
            return;
        }
        // Of this one something may have been missed, too.
        changes.touched(self, QuoteId(quote as u32));
        let scope = self.lines[self.quotes[quote].line as usize].scope;
        let known = &self.scopes[scope as usize];
        if !known.gap && self.workers[worker.0 as usize].last_loss(before) > known.mended {
            self.scopes[scope as usize].gap = true;
            self.touch_scope(scope as usize, changes);
        }
    }

    /// Whether a quote is too old to be fresh, before what is at hand confirms it. Nearly all are not, and
    /// that takes one subtraction.
    pub(super) fn is_aged(&self, worker: WorkerId, quote: usize) -> bool {
        let Some(now) = self.now else { return false };
        let age = now.nanos().saturating_sub(self.quotes[quote].confirmed_at.nanos());
        age > self.workers[worker.0 as usize].info.stale_after() && self.is_stale(QuoteId(quote as u32), now)
    }

    /// Something of a scope was missed.
    pub(super) fn miss(&mut self, worker: WorkerId, scope: u64, changes: &mut impl Changes) {
        let scope = self.scope(worker, scope);
        let known = &mut self.scopes[scope];
        (known.open, known.complete) = (None, None);
        if !std::mem::replace(&mut known.gap, true) {
            self.touch_scope(scope, changes);
        }
    }

    pub(super) fn touch_scope(&mut self, scope: usize, changes: &mut impl Changes) {
        for place in 0..self.scopes[scope].lines.len() {
            let line = self.scopes[scope].lines[place];
            for cell in self.cells_of(line as usize) {
                if let Some(quote) = self.quote_in(cell) {
                    changes.touched(self, QuoteId(quote as u32));
                }
            }
            if self.lines[line as usize].runners.is_some() {
                changes.runners_changed(self, LineId(line));
            }
        }
    }

    pub(super) fn begin_snapshot(&mut self, worker: WorkerId, scope: u64, connection: u32) {
        let losses = self.workers[worker.0 as usize].losses;
        let scope = self.scope(worker, scope);
        self.scopes[scope].generation += 1;
        self.scopes[scope].open = Some(Begun { connection, losses });
    }

    pub(super) fn end_snapshot(
        &mut self,
        worker: WorkerId,
        scope: u64,
        origin: Origin,
        changes: &mut impl Changes,
    ) {
        let scope = self.scope(worker, scope);
        let Some(begun) = self.scopes[scope].open.take() else { return };
        // What was lost in the middle of a snapshot may be missing from it.
        if self.workers[worker.0 as usize].last_loss(begun.connection) > begun.losses {
            return;
        }
        let generation = self.scopes[scope].generation;
        let missed = (self.scopes[scope].gap, self.scopes[scope].mended);
        self.scopes[scope].gap = false;
        self.scopes[scope].mended = begun.losses;
        self.scopes[scope].complete = Some(Complete { generation, losses: begun.losses });
        let mut kept = 0;
        for i in 0..self.scopes[scope].lines.len() {
            let line = self.scopes[scope].lines[i];
            let stands = self.settle_line(worker, line as usize, missed, origin, changes);
            self.lines[line as usize].listed_at = stands.then_some(kept);
            if stands {
                self.scopes[scope].lines[kept as usize] = line;
                kept += 1;
            }
        }
        self.scopes[scope].lines.truncate(kept as usize);
        self.prove_runners(scope, origin.seq, changes);
    }

    /// What the end of its scope's snapshot means for the quotes of a line; whether one of them stands.
    fn settle_line(
        &mut self,
        worker: WorkerId,
        line: usize,
        (gap, mended): (bool, u64),
        origin: Origin,
        changes: &mut impl Changes,
    ) -> bool {
        let generation = self.scopes[self.lines[line].scope as usize].generation;
        let mut stands = false;
        for cell in self.cells_of(line) {
            let Some(quote) = self.quote_in(cell) else { continue };
            if self.quotes[quote].generation != generation {
                self.remove_quote(quote, origin, changes);
                continue;
            }
            if self.quotes[quote].barred {
                self.update(quote, origin, changes, |q| q.barred = false);
            }
            if gap || self.workers[worker.0 as usize].last_loss(self.quotes[quote].connection) > mended {
                changes.touched(self, QuoteId(quote as u32));
            }
            stands |= self.quotes[quote].status != Status::Removed;
        }
        stands
    }
}
