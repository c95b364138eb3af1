//! The pipeline: front → lanes → merger, on one thread or on several, with the same result.
//!
//! Chunks go to every lane thread and come back in the order they left, so the merger never has to
//! sort. Channels are bounded: when somebody is slow, the reader waits; nothing is dropped here.

use crate::chunk::{AccountIndex, Chunk, Step, WorkerIndex};
use crate::lane::Lanes;
use crate::merge::{Merger, Observer};
use antigravity_runtime::Worker;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::sync::Arc;

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

/// Runs the front to its end. `threads` is how many threads the lanes get; 1 does everything on
/// the calling thread.
pub(crate) fn run<F: Front, O: Observer>(
    front: &mut F,
    roster: Roster,
    threads: usize,
    merger: &mut Merger,
    observer: &mut O,
) -> Result<(), F::Error> {
    if threads <= 1 {
        let mut lanes = spread(roster, 1).pop().unwrap_or_default();
        while let Some(chunk) = front.next_chunk()? {
            let steps = lanes.read(&chunk);
            merger.merge(&chunk, steps, observer);
            front.recycle(chunk);
        }
        return Ok(());
    }
    let lanes = spread(roster, threads);
    std::thread::scope(|scope| {
        let (chunks_out, chunks) = bounded::<Arc<Chunk>>(WAITING);
        let (read_out, read) = bounded::<Chunk>(WAITING);
        let mut inputs = Vec::new();
        let mut outputs = Vec::new();
        for lane in lanes {
            let (input, lane_in) = bounded(WAITING);
            let (lane_out, output) = bounded(WAITING);
            scope.spawn(move || serve(lane, &lane_in, &lane_out));
            inputs.push(input);
            outputs.push(output);
        }
        let reader = scope.spawn(move || feed(front, &inputs, &chunks_out, &read));
        collect(&chunks, &outputs, &read_out, merger, observer);
        match reader.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// One thread's lanes.
fn serve(mut lanes: Lanes, input: &Receiver<Arc<Chunk>>, output: &Sender<Vec<Step>>) {
    while let Ok(chunk) = input.recv() {
        if output.send(lanes.read(&chunk)).is_err() {
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
            // Somebody downstream is gone: its panic is about to surface.
            return Ok(());
        }
    }
    Ok(())
}

fn collect(
    chunks: &Receiver<Arc<Chunk>>,
    lanes: &[Receiver<Vec<Step>>],
    read: &Sender<Chunk>,
    merger: &mut Merger,
    observer: &mut impl Observer,
) {
    while let Ok(chunk) = chunks.recv() {
        let mut steps = Vec::new();
        for lane in lanes {
            match lane.recv() {
                Ok(some) if steps.is_empty() => steps = some,
                Ok(some) => steps.extend(some),
                Err(_) => return,
            }
        }
        steps.sort_by_key(|step| step.item);
        merger.merge(&chunk, steps, observer);
        // Where it is full, there are buffers enough; where the front is gone, none is needed.
        if let Some(chunk) = Arc::into_inner(chunk) {
            let _ = read.try_send(chunk);
        }
    }
}

/// Accounts over threads, in turn.
fn spread(roster: Roster, threads: usize) -> Vec<Lanes> {
    let count = threads.min(roster.len()).max(1);
    let mut lanes: Vec<Lanes> = std::iter::repeat_with(Lanes::default).take(count).collect();
    for (turn, (account, workers)) in roster.into_iter().enumerate() {
        let lane = &mut lanes[turn % count];
        lane.add_account(account);
        for (index, worker) in workers {
            lane.add_worker(account, index, worker);
        }
    }
    lanes
}
