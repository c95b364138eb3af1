//! Lanes: all workers of one account, in packet order on one thread.
//!
//! An account's workers share a lane because they may compete for a packet: the second sees only
//! what the first says is not its own. Accounts share nothing, so lanes run side by side.

mod rival;
mod warm;

use crate::chunk::{AccountIndex, Candidate, Chunk, Item, Routed, Step, WorkerIndex};
use crate::control::{Clock, Control};
use crate::gauges::Cost;
use antigravity_core::Timestamp;
use antigravity_runtime::{Prepared, Worker};
use rival::Rival;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use rival::ReadBeside;
pub(crate) use warm::Warmed;

/// The workers of some accounts: what one thread owns.
pub(crate) struct Lanes {
    /// Its accounts are those whose number leaves this rest.
    rest: usize,
    of: usize,
    workers: FxHashMap<WorkerIndex, Bench>,
    /// Where it is wanted what packets cost.
    clock: Option<Arc<dyn Clock>>,
    costs: Vec<Cost>,
}

/// A worker with what is tried beside it.
#[derive(Debug)]
struct Bench {
    account: AccountIndex,
    worker: Worker,
    rival: Option<Rival>,
}

/// Consecutive packets that the same workers may read.
type Run<'a> = Vec<(usize, &'a [Candidate])>;

impl Lanes {
    /// The lanes of one of so many threads.
    pub fn new(rest: usize, of: usize) -> Self {
        Self { rest, of, workers: FxHashMap::default(), clock: None, costs: Vec::new() }
    }

    /// It counts what packets cost.
    pub fn timed(mut self, clock: Option<Arc<dyn Clock>>) -> Self {
        self.clock = clock;
        self
    }

    /// What was spent since the last time.
    pub fn costs(&mut self) -> Vec<Cost> {
        std::mem::take(&mut self.costs)
    }

    pub fn add_worker(&mut self, account: AccountIndex, index: WorkerIndex, worker: Worker) {
        if self.has(account) {
            self.workers.insert(index, Bench { account, worker, rival: None });
        }
    }

    fn has(&self, account: AccountIndex) -> bool {
        account % self.of == self.rest
    }

    /// Reads a chunk's packets of these accounts; steps in the order of items.
    pub fn read(&mut self, chunk: &Chunk) -> Vec<Step> {
        let mut steps = Vec::with_capacity(chunk.items.len());
        let mut accounts: BTreeMap<AccountIndex, Vec<usize>> = BTreeMap::new();
        for (index, item) in chunk.items.iter().enumerate().filter(|(_, item)| self.has(item.account)) {
            accounts.entry(item.account).or_default().push(index);
        }
        for items in accounts.values() {
            self.read_account(items, chunk, &mut steps);
        }
        // Stable: what several workers said of one item stays in the order of their names.
        steps.sort_by_key(|step| step.item);
        steps
    }

    fn read_account(&mut self, items: &[usize], chunk: &Chunk, steps: &mut Vec<Step>) {
        let mut run: Run<'_> = Vec::new();
        for (index, item) in items.iter().map(|index| (*index, &chunk.items[*index])) {
            if let Routed::Control(control) = &item.route {
                self.control(item.account, control);
            }
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

    /// Stands in front of a chunk's packets, so what comes before it was read by everybody.
    fn control(&mut self, account: AccountIndex, control: &Control) {
        match control {
            Control::Add { worker, adapter, .. } => {
                self.add_worker(account, *worker, Worker::new(adapter.clone()));
            }
            Control::Remove { worker } => drop(self.workers.remove(worker)),
            Control::Try { worker, adapter, router, turn, .. } => {
                if let Some(bench) = self.workers.get_mut(worker) {
                    bench.rival = Some(Rival::new(&bench.worker, adapter, router, turn));
                }
            }
            Control::Exchange { worker } => {
                if let Some(Bench { worker, rival: Some(rival), .. }) = self.workers.get_mut(worker) {
                    rival.exchange(worker);
                }
            }
            Control::End { worker } => {
                if let Some(bench) = self.workers.get_mut(worker) {
                    bench.rival = None;
                }
            }
        }
    }

    fn reset(&mut self, item: &Item) {
        for worker in &item.new_sessions {
            if let Some(bench) = self.workers.get_mut(worker) {
                bench.worker.reset();
            }
        }
        if matches!(item.route, Routed::Off) {
            let of_account = self.workers.values_mut().filter(|bench| bench.account == item.account);
            of_account.for_each(|bench| bench.worker.reset());
        }
    }

    fn read_run(&mut self, mut run: Run<'_>, tapes: &[u64], steps: &mut Vec<Step>) {
        let mut turn = 0;
        while !run.is_empty() {
            // All candidates of a run are the same workers.
            let Some(index) = run[0].1.get(turn).map(|c| c.worker) else { return };
            let Some(bench) = self.workers.get_mut(&index) else { return };
            let packets: Vec<Prepared> =
                run.iter().filter_map(|(_, c)| c.get(turn)).map(|c| c.prepared.clone()).collect();
            let began = self.clock.as_ref().map(|clock| (clock.now(), bench.worker.fuel_used()));
            let handled = bench.worker.handle(&packets, tapes);
            if let (Some(clock), Some(began)) = (&self.clock, began) {
                self.costs.push(cost(index, &bench.worker, &packets, began, clock.now()));
            }
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

    /// Whether a version is tried beside one of these workers.
    pub fn has_rivals(&self) -> bool {
        self.workers.values().any(|bench| bench.rival.is_some())
    }

    /// Lets what is tried read along, after all that counts was read: `steps` are what that said.
    pub fn read_beside(&mut self, chunk: &Chunk, turns: &Turns) -> ReadBeside {
        let mut read = ReadBeside::default();
        let mut workers: Vec<_> = self.workers.iter_mut().collect();
        workers.sort_unstable_by_key(|(index, _)| **index);
        for (index, bench) in workers {
            if let Some(rival) = &mut bench.rival {
                read.workers.push(*index);
                rival.read(*index, bench.account, chunk, turns, &mut read);
            }
        }
        read.steps.sort_by_key(|step| step.item);
        read
    }
}

fn cost(
    index: WorkerIndex,
    worker: &Worker,
    packets: &[Prepared],
    (began, fuel): (Timestamp, u64),
    ended: Timestamp,
) -> Cost {
    Cost {
        worker: index,
        packets: packets.len() as u64,
        bytes: packets.iter().map(|it| it.packet.body.len()).sum(),
        nanos: ended.nanos().saturating_sub(began.nanos()).unsigned_abs(),
        fuel: worker.fuel_used() - fuel,
        memory: worker.memory(),
    }
}

/// Of each item that somebody decided, whose turn it was among its candidates.
pub(crate) struct Turns(FxHashMap<usize, usize>);

impl Turns {
    pub fn of(chunk: &Chunk, steps: &[Step]) -> Self {
        let turn = |step: &Step| {
            step.handled.outcome.fate()?;
            let Routed::Work { candidates, .. } = &chunk.items[step.item].route else { return None };
            let turn = candidates.iter().position(|candidate| candidate.worker == step.worker)?;
            Some((step.item, turn))
        };
        Self(steps.iter().filter_map(turn).collect())
    }

    /// Whether one of the first so many candidates took the packet.
    pub fn taken_before(&self, item: usize, ahead: usize) -> bool {
        self.0.get(&item).is_some_and(|turn| *turn < ahead)
    }
}

fn same_workers(a: &[Candidate], b: &[Candidate]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.worker == y.worker)
}
