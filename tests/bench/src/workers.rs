//! What a worker costs: a call, a load, memory, and company.

use crate::clock::{memory_kb, thread_cpu};
use crate::measure::{Way, in_turn, spread};
use crate::sandboxed::{Sandboxed, adapter, root, sandbox};
use crate::{Problem, inputs};
use antigravity_runtime::{Adapter, Cache, Limits, Prepared, Sandbox, Worker};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::Arc;

const MANY: usize = 1000;

pub fn run(rounds: usize) -> Result<Value, Problem> {
    let sandbox = sandbox()?;
    let feed = adapter(&sandbox, "tests/bench/guest")?;
    Ok(json!({
        "call": call(rounds, &feed)?,
        "load": load(rounds)?,
        "memory": memory(&feed)?,
        "company": company(rounds, &feed)?,
    }))
}

/// A warm worker's call with next to nothing to read, 1,000 calls a run.
fn call(rounds: usize, feed: &Arc<Adapter>) -> Result<Value, Problem> {
    let input = inputs::feed("empty", 0, 1);
    let packet = Sandboxed::new(feed, 1)?.prepare(&input.packets[0]).ok_or("the packet is not routed")?;
    let worker = RefCell::new(Worker::new(feed.clone()));
    let mut ways = [Way::new("call", || {
        let one = std::slice::from_ref(&packet);
        (0..1000).map(|_| worker.borrow_mut().handle(one).len() as u64).sum()
    })];
    Ok(in_turn(rounds, 1000, &mut ways))
}

/// From a component's file to a loaded adapter: read, checked, taken from the cache, described.
fn load(rounds: usize) -> Result<Value, Problem> {
    let directory = tempfile::tempdir()?;
    let cached = Sandbox::new(Limits::default(), Some(Cache::open(directory.path())?))?;
    let fresh = Sandbox::new(Limits::default(), None)?;
    let file = root().join("target/bench-adapters/feed.wasm");
    Adapter::load(&cached, &file)?;
    let time = |sandbox: &Sandbox| {
        let start = thread_cpu();
        let loaded = Adapter::load(sandbox, &file).map(|a| a.digest().len());
        (loaded.is_ok(), (thread_cpu() - start) as f64 / 1000.0)
    };
    let cached: Vec<f64> = (0..rounds).map(|_| time(&cached).1).collect();
    let compiled: Vec<f64> = (0..3).map(|_| time(&fresh).1).collect();
    Ok(json!({"from_cache_us": spread(cached), "compiled_us": spread(compiled)}))
}

/// Resident memory of many workers after one packet of 2 kB each.
fn memory(feed: &Arc<Adapter>) -> Result<Value, Problem> {
    let input = inputs::feed("feed-2kB", 12, 1);
    let packet = Sandboxed::new(feed, 1)?.prepare(&input.packets[0]).ok_or("the packet is not routed")?;
    let before = memory_kb("VmRSS").unwrap_or(0);
    let mut workers: Vec<Worker> = (0..MANY).map(|_| Worker::new(feed.clone())).collect();
    for worker in &mut workers {
        worker.handle(std::slice::from_ref(&packet));
    }
    let after = memory_kb("VmRSS").unwrap_or(0);
    Ok(json!({"workers": MANY, "resident_kb_before": before, "resident_kb_after": after, "kb_a_worker": (after - before) as f64 / MANY as f64}))
}

/// The same 60 kB packets through one worker and through a thousand in turn.
fn company(rounds: usize, feed: &Arc<Adapter>) -> Result<Value, Problem> {
    let input = inputs::feed("feed-60kB", 400, 8);
    let mut route = Sandboxed::new(feed, 1)?;
    let packets: Vec<Arc<Prepared>> = input.packets.iter().filter_map(|p| route.prepare(p)).collect();
    let alone = RefCell::new(Worker::new(feed.clone()));
    let many: Vec<_> = (0..MANY).map(|_| RefCell::new(Worker::new(feed.clone()))).collect();
    let feed_to = |worker: &RefCell<Worker>, n: usize| {
        worker.borrow_mut().handle(std::slice::from_ref(&packets[n % packets.len()])).len() as u64
    };
    // Each has learned its names first.
    for worker in many.iter().chain([&alone]) {
        (0..packets.len()).for_each(|n| drop(feed_to(worker, n)));
    }
    let fuel = |workers: &[&RefCell<Worker>]| workers.iter().map(|w| w.borrow().fuel_used()).sum::<u64>();
    let (before_one, before_many) = (fuel(&[&alone]), fuel(&many.iter().collect::<Vec<_>>()));
    let mut ways = [
        Way::new("one", || (0..MANY).map(|n| feed_to(&alone, n)).sum()),
        Way::new("thousand", || (0..MANY).map(|n| feed_to(&many[n], n)).sum()),
    ];
    let mut figures = in_turn(rounds.min(10), MANY, &mut ways);
    drop(ways);
    figures["fuel_ratio"] = {
        let one = fuel(&[&alone]) - before_one;
        let all = fuel(&many.iter().collect::<Vec<_>>()) - before_many;
        json!(all as f64 / one as f64)
    };
    Ok(figures)
}
