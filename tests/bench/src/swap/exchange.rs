//! How long two boards take to exchange a worker, by the quotes that stand.

use super::Versions;
use super::traffic::{ACCOUNTS, START, full};
use crate::Problem;
use crate::clock::thread_cpu;
use crate::measure::spread;
use crate::sandboxed::Sandboxed;
use antigravity_core::board::{Board, Origin, WorkerId, WorkerInfo};
use antigravity_runtime::{Adapter, Outcome, Worker};
use serde_json::{Value, json};
use std::sync::Arc;

/// Matches, of 16 quotes each: 96, 960, 4,992 and 9,984 quotes.
const SIZES: [usize; 4] = [6, 60, 312, 624];

pub fn run(rounds: usize, versions: &Versions) -> Result<Value, Problem> {
    let mut pairs = SIZES.iter().map(|size| Pair::new(*size, versions)).collect::<Result<Vec<_>, _>>()?;
    // Two rounds to warm up.
    for round in 0..rounds + 2 {
        for pair in &mut pairs {
            pair.exchange();
            if round < 2 {
                pair.times.clear();
            }
        }
    }
    let figure = |pair: &Pair| (format!("{}_quotes", pair.quotes), spread(pair.times.clone()));
    let mut report = Value::Object(pairs.iter().map(figure).collect());
    report["unit"] = json!("microseconds of CPU, one worker");
    report["required_us"] = json!(1000.0);
    Ok(report)
}

/// The board that people see, of four workers, and the one that a candidate of the first feeds.
struct Pair {
    seen: Board,
    workers: Vec<WorkerId>,
    beside: (Board, WorkerId),
    quotes: usize,
    seq: u64,
    times: Vec<f64>,
}

impl Pair {
    fn new(matches: usize, versions: &Versions) -> Result<Self, Problem> {
        let (mut seen, mut beside) = (Board::default(), Board::default());
        let mut workers = Vec::new();
        for account in ACCOUNTS {
            workers.push(fed(&mut seen, account, &versions.both[0], matches)?);
        }
        let theirs = fed(&mut beside, ACCOUNTS[0], &versions.both[1], matches)?;
        let quotes = beside.standing(theirs).count();
        Ok(Self { seen, workers, beside: (beside, theirs), quotes, seq: 2, times: Vec::new() })
    }

    fn exchange(&mut self) {
        let origin = Origin { seq: self.seq, at: START, connection: 0 };
        self.seq += 1;
        let (board, theirs) = (&mut self.beside.0, self.beside.1);
        let start = thread_cpu();
        self.seen.exchange(self.workers[0], (board, theirs), origin, &mut ());
        self.times.push((thread_cpu() - start) as f64 / 1e3);
    }
}

/// What a version says of a full, on a board.
fn fed(
    board: &mut Board,
    account: &str,
    adapter: &Arc<Adapter>,
    matches: usize,
) -> Result<WorkerId, Problem> {
    let worker = board.worker(WorkerInfo::new(account.into(), adapter.contract()));
    let mut route = Sandboxed::new(adapter, 1)?;
    let packet = route.prepare(&full(matches, 0)).ok_or("the packet is not routed")?;
    let tapes = route.tapes();
    let handled = Worker::new(adapter.clone()).handle(std::slice::from_ref(&packet), &tapes);
    let Some(Outcome::Answered { answer, index }) = handled.first().map(|handled| &handled.outcome) else {
        return Err("the full is not read".into());
    };
    let origin = Origin { seq: 1, at: START, connection: 0 };
    board.apply(worker, origin, answer, &answer.packets()[*index], &mut ());
    Ok(worker)
}
