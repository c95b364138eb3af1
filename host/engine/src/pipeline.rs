//! The pipeline: front → lanes → merger, on one thread or on several, with the same result.
//!
//! Chunks go to every lane thread and come back in the order they left, so the merger never has to
//! sort. Channels are bounded: when somebody is slow, the reader waits; nothing is dropped here.

use crate::chunk::{AccountIndex, Chunk, Step, WorkerIndex};
use crate::control::Clock;
use crate::gauges::Cost;
use crate::lane::{Lanes, ReadBeside, Turns};
use crate::merge::{Merger, Observer};
use antigravity_runtime::Worker;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::io;
use std::sync::Arc;
use std::thread::Builder;

/// Chunks that may wait between two stages.
const WAITING: usize = 4;

/// Gives chunks in order; `None` at the end.
pub(crate) trait Front: Send {
    type Error: Send;

    fn next_chunk(&mut self) -> Result<Option<Chunk>, Self::Error>;

    /// Takes back what a chunk was made of, once everybody has read it.
    fn recycle(&mut self, chunk: Chunk);
}

/// Workers by account: what the lanes are made of.
pub(crate) type Roster = Vec<(AccountIndex, Vec<(WorkerIndex, Worker)>)>;

/// Why a run ended too early.
#[derive(Debug)]
pub(crate) enum Stopped<E> {
    /// The front cannot go on.
    Front(E),
    /// The system has no thread left.
    Thread(io::Error),
}

/// Runs the front to its end, or until the observer is gone. `threads` is how many threads the lanes get; 1 does everything on
/// the calling thread.
pub(crate) fn run<F: Front, O: Observer>(
    front: &mut F,
    roster: Roster,
    (threads, clock): (usize, Option<Arc<dyn Clock>>),
    merger: &mut Merger,
    observer: &mut O,
) -> Result<(), Stopped<F::Error>> {
    if threads <= 1 {
        let mut lanes = spread(roster, 1, clock.as_ref()).pop().unwrap_or_else(|| Lanes::new(0, 1));
        while let Some(chunk) = front.next_chunk().map_err(Stopped::Front)? {
            let steps = lanes.read(&chunk);
            let turns = lanes.has_rivals().then(|| Turns::of(&chunk, &steps));
            merger.merge(&chunk, steps, observer);
            merger.spent(lanes.costs(), observer);
            if let Some(turns) = turns {
                merger.merge_beside(&chunk, lanes.read_beside(&chunk, &turns), observer);
            }
            if observer.gone() {
                break;
            }
            front.recycle(chunk);
        }
        return Ok(());
    }
    let lanes = spread(roster, threads, clock.as_ref());
    std::thread::scope(|scope| {
        let (chunks_out, chunks) = bounded::<Arc<Chunk>>(WAITING);
        let (read_out, read) = bounded::<Chunk>(WAITING);
        let mut inputs = Vec::new();
        let mut outputs = Vec::new();
        for lane in lanes {
            let (input, lane_in) = bounded(WAITING);
            let (lane_out, output) = bounded(2 * WAITING);
            let serving = Builder::new().spawn_scoped(scope, move || serve(lane, &lane_in, &lane_out));
            serving.map_err(Stopped::Thread)?;
            inputs.push(input);
            outputs.push(output);
        }
        let reader = Builder::new().spawn_scoped(scope, move || feed(front, &inputs, &chunks_out, &read));
        let reader = reader.map_err(Stopped::Thread)?;
        collect(chunks, outputs, &read_out, merger, observer);
        match reader.join() {
            Ok(result) => result.map_err(Stopped::Front),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// What lanes hand on of each chunk: first what counts; then, where the first said so, what is tried.
enum Read {
    Steps { steps: Vec<Step>, costs: Vec<Cost>, more: bool },
    Beside(ReadBeside),
}

/// One thread's lanes.
fn serve(mut lanes: Lanes, input: &Receiver<Arc<Chunk>>, output: &Sender<Read>) {
    while let Ok(chunk) = input.recv() {
        let steps = lanes.read(&chunk);
        let turns = lanes.has_rivals().then(|| Turns::of(&chunk, &steps));
        let costs = lanes.costs();
        if output.send(Read::Steps { steps, costs, more: turns.is_some() }).is_err() {
            return;
        }
        if let Some(turns) = turns
            && output.send(Read::Beside(lanes.read_beside(&chunk, &turns))).is_err()
        {
            return;
        }
    }
}

/// Every chunk goes to all lanes and to the merger, in the same order.
fn feed<F: Front>(
    front: &mut F,
    lanes: &[Sender<Arc<Chunk>>],
    merger: &Sender<Arc<Chunk>>,
    read: &Receiver<Chunk>,
) -> Result<(), F::Error> {
    while let Some(chunk) = front.next_chunk()? {
        read.try_iter().for_each(|chunk| front.recycle(chunk));
        let chunk = Arc::new(chunk);
        if lanes.iter().any(|lane| lane.send(chunk.clone()).is_err()) || merger.send(chunk).is_err() {
            // Somebody downstream is gone: there is nobody to read for, or a panic is about to surface.
            return Ok(());
        }
    }
    Ok(())
}

/// Ends early where nobody wants to know more: that its channels are then closed stops the others.
fn collect(
    chunks: Receiver<Arc<Chunk>>,
    lanes: Vec<Receiver<Read>>,
    read: &Sender<Chunk>,
    merger: &mut Merger,
    observer: &mut impl Observer,
) {
    while let Ok(chunk) = chunks.recv() {
        let mut all = Vec::new();
        let (mut beside, mut spent) = (Vec::new(), Vec::new());
        for lane in &lanes {
            let Ok(Read::Steps { steps, costs, more }) = lane.recv() else { return };
            spent.extend(costs);
            if all.is_empty() {
                all = steps;
            } else {
                all.extend(steps);
            }
            if more {
                beside.push(lane);
            }
        }
        all.sort_by_key(|step| step.item);
        merger.merge(&chunk, all, observer);
        merger.spent(spent, observer);
        for lane in beside {
            let Ok(Read::Beside(read)) = lane.recv() else { return };
            merger.merge_beside(&chunk, read, observer);
        }
        if observer.gone() {
            return;
        }
        // Where it is full, there are buffers enough; where the front is gone, none is needed.
        if let Some(chunk) = Arc::into_inner(chunk) {
            let _ = read.try_send(chunk);
        }
    }
}

/// Accounts over threads, in turn.
fn spread(roster: Roster, threads: usize, clock: Option<&Arc<dyn Clock>>) -> Vec<Lanes> {
    let lane = |rest| Lanes::new(rest, threads).timed(clock.cloned());
    let mut lanes: Vec<Lanes> = (0..threads).map(lane).collect();
    for (account, workers) in roster {
        for (index, worker) in workers {
            lanes[account % threads].add_worker(account, index, worker);
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunk::{Decided, Item, Routed};
    use antigravity_core::board::{Board, Change, Changes, Origin, WorkerInfo};
    use antigravity_core::{Fate, Packet, Timestamp};
    use antigravity_runtime::CallError;

    /// Gives chunks without end.
    struct Endless(u64);

    impl Front for Endless {
        type Error = ();

        fn next_chunk(&mut self) -> Result<Option<Chunk>, ()> {
            self.0 += 1;
            let decided = Decided { fate: Fate::Unmatched, reason: "", by: None, awaited: false };
            let item = Item::between(0, self.0, Timestamp::from_nanos(0), Routed::Decided(decided));
            Ok(Some(Chunk { items: vec![item], ..Chunk::default() }))
        }

        fn recycle(&mut self, _: Chunk) {}
    }

    /// Goes away after so many packets.
    struct Leaving(u64);

    impl Changes for Leaving {
        fn changed(&mut self, _: &Board, _: Change) {}
    }

    impl Observer for Leaving {
        fn fate(&mut self, _: Origin, _: Fate, _: &'static str, _: Option<&WorkerInfo>) {
            self.0 = self.0.saturating_sub(1);
        }

        fn failed(&mut self, _: &Packet, _: &WorkerInfo, _: &CallError) {}

        fn gone(&self) -> bool {
            self.0 == 0
        }
    }

    #[test]
    fn ends_when_nobody_wants_to_know_more() {
        for threads in [1, 3] {
            let (mut front, mut merger) = (Endless(0), Merger::new(Vec::new()));
            let roster = vec![(0, Vec::new()), (1, Vec::new())];
            run(&mut front, roster, (threads, None), &mut merger, &mut Leaving(10)).unwrap();
            assert_eq!(merger.ledger().captured(), 10, "{threads}");
            assert!(front.0 <= 10 + 3 * WAITING as u64, "{threads}: {} chunks", front.0);
        }
    }
}
