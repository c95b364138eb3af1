//! What two boards of one worker's packets missed, when their versions exchange their places.
//!
//! A version that failed on a packet missed something of it that the other has read, and the other way round:
//! that goes with the version. What was lost on the way to both stays lost for both.

use super::store::Complete;
use super::{Board, Changes, WorkerId};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The adapters' own numbers of scopes, by ours and by the other board's.
pub(super) type Numbers = (FxHashMap<u32, u64>, FxHashMap<u32, u64>);

impl Board {
    /// What `from` missed of a worker's scopes is missed here too: a version that begins now has read nothing
    /// that could make it good.
    pub fn miss_what(&mut self, worker: WorkerId, from: &Self, theirs: WorkerId) {
        for (scope, number) in from.scope_numbers(theirs) {
            if from.is_missed(theirs, scope) {
                self.miss(worker, number, &mut ());
            }
        }
    }

    /// Whether something was missed of a quote of the scope.
    fn is_missed(&self, worker: WorkerId, scope: u32) -> bool {
        let known = &self.scopes[scope as usize];
        let (state, mended) = (&self.workers[worker.0 as usize], known.mended);
        let fed = |line: &u32| {
            let cells = self.cells_of(*line as usize);
            let lost = |quote: usize| state.last_loss(self.quotes[quote].connection) > mended;
            cells.filter_map(|cell| self.quote_in(cell)).any(lost)
        };
        // Most workers never missed anything.
        known.gap || (state.losses > mended && known.lines.iter().any(fed))
    }

    fn set_missed(&mut self, worker: WorkerId, scope: usize, missed: bool, changes: &mut impl Changes) {
        let losses = self.workers[worker.0 as usize].losses;
        let known = &mut self.scopes[scope];
        known.gap = missed;
        if !missed {
            known.mended = losses;
        }
        self.touch_scope(scope, changes);
    }
}

/// Each scope has missed what the version missed that feeds it from here on.
pub(super) fn exchange_missed(
    (ours, worker): (&mut Board, WorkerId),
    (its, theirs): (&mut Board, WorkerId),
    (old, new): &Numbers,
    changes: &mut impl Changes,
) {
    let missed = |board: &Board, worker, scopes: &FxHashMap<u32, u64>| -> BTreeSet<u64> {
        let missed = scopes.iter().filter(|(scope, _)| board.is_missed(worker, **scope));
        missed.map(|(_, number)| *number).collect()
    };
    let (before, after) = (missed(ours, worker, old), missed(its, theirs, new));
    for number in old.values().chain(new.values()).copied().collect::<BTreeSet<_>>() {
        let (scope, twin) = (ours.scope(worker, number), its.scope(theirs, number));
        if before.contains(&number) != after.contains(&number) {
            ours.set_missed(worker, scope, after.contains(&number), changes);
            its.set_missed(theirs, twin, before.contains(&number), &mut ());
        }
        // A list of runners counts as proven only where both have proven it.
        let proven = |board: &Board, worker: WorkerId, scope: usize| {
            let losses = board.workers[worker.0 as usize].losses;
            board.scopes[scope].complete.is_some_and(|complete| losses <= complete.losses)
        };
        let both = proven(ours, worker, scope) && proven(its, theirs, twin);
        for (board, worker, scope) in [(&mut *ours, worker, scope), (&mut *its, theirs, twin)] {
            let losses = board.workers[worker.0 as usize].losses;
            let complete = board.scopes[scope].complete.filter(|_| both);
            board.scopes[scope].complete = complete.map(|complete| Complete { losses, ..complete });
        }
    }
}
