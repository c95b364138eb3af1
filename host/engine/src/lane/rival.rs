//! A version that reads along beside the one that counts.
//!
//! It is brought up to date on a thread of its own, from what would bring back the one that counts; meanwhile
//! its packets wait here. Then it reads each packet after everything that counts was read and handed on, on
//! the same thread: so both have always read the same packets, and to exchange them is to exchange two
//! pointers.

use super::Turns;
use super::warm::{Late, Warm, Warmed, Warming};
use crate::chunk::{AccountIndex, Beside, CHUNK_PACKETS, Chunk, Item, Routed, Step, WorkerIndex};
use antigravity_routing::Router;
use antigravity_runtime::{Adapter, Prepared, Worker};
use std::sync::{Arc, Mutex};

/// Packets that may wait when it takes its place: they are read there, at once. A chunk's worth may always have
/// come since it was given the last ones.
const NEAR: usize = CHUNK_PACKETS;

#[derive(Debug)]
pub(crate) struct Rival(State);

#[derive(Debug)]
enum State {
    /// It is being brought up to date; what came since waits.
    Warming {
        warming: Warming,
        late: Vec<Late>,
    },
    Reads(Box<Worker>),
    /// The thread that brought it up to date is gone.
    Gone,
}

/// What came of reading along.
#[derive(Debug, Default)]
pub(crate) struct ReadBeside {
    /// Workers beside which something reads along, or soon does.
    pub workers: Vec<WorkerIndex>,
    /// Before all steps: who is up to date from here on.
    pub warmed: Vec<Warmed>,
    /// In the order of items.
    pub steps: Vec<Step>,
    /// Workers beside which nothing reads along: no thread could be had for it.
    pub gone: Vec<WorkerIndex>,
}

impl Rival {
    pub fn new(worker: &Worker, adapter: &Arc<Adapter>, router: &Arc<Router>, turn: &Arc<Mutex<()>>) -> Self {
        let rival = Worker::new(adapter.clone());
        let warming = Warming::start(rival, worker.look_back().unwrap_or_default(), router, turn.clone());
        Self(warming.map_or(State::Gone, |warming| State::Warming { warming, late: Vec::new() }))
    }

    pub fn exchange(&mut self, worker: &mut Worker) {
        if let State::Reads(rival) = &mut self.0 {
            std::mem::swap(&mut **rival, worker);
        }
    }

    /// Reads what a chunk has for it.
    pub fn read(
        &mut self,
        worker: WorkerIndex,
        account: AccountIndex,
        chunk: &Chunk,
        turns: &Turns,
        read: &mut ReadBeside,
    ) {
        self.take_place(worker, read);
        let mut run: Vec<(usize, Prepared)> = Vec::new();
        for (index, item) in chunk.items.iter().enumerate().filter(|(_, item)| item.account == account) {
            let beside = item.beside.iter().find(|beside| beside.worker == worker);
            if matches!(item.route, Routed::Off) || beside.is_some_and(|beside| beside.new_session) {
                self.read_run(worker, std::mem::take(&mut run), &chunk.tapes, read);
                self.reset(item);
            }
            if let Some(Beside { prepared: Some(prepared), ahead, .. }) = beside
                && !turns.taken_before(index, *ahead)
            {
                run.push((index, prepared.clone()));
            }
        }
        self.read_run(worker, run, &chunk.tapes, read);
    }

    fn read_run(
        &mut self,
        worker: WorkerIndex,
        run: Vec<(usize, Prepared)>,
        tapes: &[u64],
        read: &mut ReadBeside,
    ) {
        match &mut self.0 {
            State::Gone => {}
            State::Warming { late, .. } => {
                late.extend(run.into_iter().map(|(_, packet)| Late::Packet(packet)))
            }
            State::Reads(rival) => {
                let (items, packets): (Vec<_>, Vec<_>) = run.into_iter().unzip();
                let handled = rival.handle(&packets, tapes);
                let step = |(item, handled)| Step { item, worker, handled };
                read.steps.extend(items.into_iter().zip(handled).map(step));
            }
        }
    }

    fn reset(&mut self, item: &Item) {
        match &mut self.0 {
            State::Gone => {}
            State::Warming { late, .. } => late.push(Late::Reset(item.heard.origin)),
            State::Reads(rival) => rival.reset(),
        }
    }

    /// Where it is up to date but for a few packets, it reads them and goes on from there.
    fn take_place(&mut self, worker: WorkerIndex, read: &mut ReadBeside) {
        let State::Warming { warming, late } = &mut self.0 else {
            if matches!(self.0, State::Gone) {
                read.gone.push(worker);
            }
            return;
        };
        let mut warm = match warming.done() {
            Ok(Some(warm)) => warm,
            Ok(None) => return,
            Err(_) => {
                self.0 = State::Gone;
                read.gone.push(worker);
                return;
            }
        };
        let late = std::mem::take(late);
        if late.len() > NEAR {
            warming.go_on(warm, late);
            return;
        }
        warm.catch_up(late);
        let Warm { worker: rival, fed, seat, failed, .. } = *warm;
        read.warmed.push(Warmed { worker, fed, seat, failed });
        self.0 = State::Reads(Box::new(rival));
    }
}
