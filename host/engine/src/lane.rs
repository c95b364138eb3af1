//! Lanes: all workers of one account, in packet order on one thread.
//!
//! An account's workers share a lane because they may compete for a packet: the second sees only
//! what the first says is not its own. Accounts share nothing, so lanes run side by side.

use crate::chunk::{AccountIndex, Candidate, Chunk, Item, Routed, Step, WorkerIndex};
use antigravity_runtime::{Prepared, Worker};
use rustc_hash::FxHashMap;

/// The workers of some accounts: what one thread owns.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    accounts: Vec<AccountIndex>,
    workers: FxHashMap<WorkerIndex, (AccountIndex, Worker)>,
}

/// Consecutive packets that the same workers may read.
type Run<'a> = Vec<(usize, &'a [Candidate])>;

impl Lanes {
    pub fn add_account(&mut self, account: AccountIndex) {
        self.accounts.push(account);
    }

    pub fn add_worker(&mut self, account: AccountIndex, index: WorkerIndex, worker: Worker) {
        self.workers.insert(index, (account, worker));
    }

    /// Reads a chunk's packets of these accounts; steps in the order of items.
    pub fn read(&mut self, chunk: &Chunk) -> Vec<Step> {
        let mut steps = Vec::with_capacity(chunk.items.len());
        for account in self.accounts.clone() {
            self.read_account(account, chunk, &mut steps);
        }
        // Stable: what several workers said of one item stays in the order of their names.
        steps.sort_by_key(|step| step.item);
        steps
    }

    fn read_account(&mut self, account: AccountIndex, chunk: &Chunk, steps: &mut Vec<Step>) {
        let mut run: Run<'_> = Vec::new();
        for (index, item) in chunk.items.iter().enumerate().filter(|(_, item)| item.account == account) {
            if !item.new_sessions.is_empty() || matches!(item.route, Routed::Off) {
                self.read_run(std::mem::take(&mut run), &chunk.tapes, steps);
                self.reset(item);
            }
            let Routed::Work { candidates, .. } = &item.route else { continue };
            if run.first().is_some_and(|(_, first)| !same_workers(first, candidates)) {
                self.read_run(std::mem::take(&mut run), &chunk.tapes, steps);
            }
            run.push((index, candidates));
        }
        self.read_run(run, &chunk.tapes, steps);
    }

    fn reset(&mut self, item: &Item) {
        for worker in &item.new_sessions {
            if let Some((_, worker)) = self.workers.get_mut(worker) {
                worker.reset();
            }
        }
        if matches!(item.route, Routed::Off) {
            let of_account = self.workers.values_mut().filter(|(account, _)| *account == item.account);
            of_account.for_each(|(_, worker)| worker.reset());
        }
    }

    fn read_run(&mut self, mut run: Run<'_>, tapes: &[u64], steps: &mut Vec<Step>) {
        let mut turn = 0;
        while !run.is_empty() {
            // All candidates of a run are the same workers.
            let Some(index) = run[0].1.get(turn).map(|c| c.worker) else { return };
            let Some((_, worker)) = self.workers.get_mut(&index) else { return };
            let packets: Vec<Prepared> =
                run.iter().filter_map(|(_, c)| c.get(turn)).map(|c| c.prepared.clone()).collect();
            let handled = worker.handle(&packets, tapes);
            let mut passed_on = Vec::new();
            for ((item, candidates), handled) in run.into_iter().zip(handled) {
                if handled.outcome.fate().is_none() {
                    passed_on.push((item, candidates));
                }
                steps.push(Step { item, worker: index, handled });
            }
            run = passed_on;
            turn += 1;
        }
    }
}

fn same_workers(a: &[Candidate], b: &[Candidate]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.worker == y.worker)
}
