//! What a worker costs: a call, a load, memory, and company.

use crate::clock::{memory_kb, thread_cpu};
use crate::decode::Native;
use crate::measure::{Way, in_turn, spread};
use crate::sandboxed::{Sandboxed, adapter, root, sandbox};
use crate::{Problem, inputs};
use antigravity_adapter_feed::Feed;
use antigravity_runtime::{Adapter, Cache, Limits, Sandbox, Worker};
use serde_json::{Value, json};
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

/// A warm worker's call with next to nothing to read, beside the same adapter called natively: what
/// lies between is the call's overhead. 1,000 calls a run.
fn call(rounds: usize, feed: &Arc<Adapter>) -> Result<Value, Problem> {
    let input = inputs::feed("empty", 0, 1);
    let mut route = Sandboxed::new(feed, 1)?;
    let packet = route.prepare(&input.packets[0]).ok_or("the packet is not routed")?;
    let tapes = route.tapes();
    let one = std::slice::from_ref(&packet);
    let mut worker = Worker::new(feed.clone());
    let mut native = Native::<Feed>::default();
    let mut ways = [
        Way::new("native", || (0..1000).map(|_| native.parse(&packet.packet, &tapes)).sum()),
        Way::new("sandboxed", || (0..1000).map(|_| worker.handle(one, &tapes).len() as u64).sum()),
    ];
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
    let mut route = Sandboxed::new(feed, 1)?;
    let packet = route.prepare(&input.packets[0]).ok_or("the packet is not routed")?;
    let tapes = route.tapes();
    let before = memory_kb("VmRSS").unwrap_or(0);
    let mut workers: Vec<Worker> = (0..MANY).map(|_| Worker::new(feed.clone())).collect();
    for worker in &mut workers {
        worker.handle(std::slice::from_ref(&packet), &tapes);
    }
    let after = memory_kb("VmRSS").unwrap_or(0);
    Ok(
        json!({"workers": MANY, "resident_kb_before": before, "resident_kb_after": after, "kb_a_worker": (after - before) as f64 / MANY as f64}),
    )
}

/// The same 60 kB packets, routed and read, through one worker and through a thousand in turn.
fn company(rounds: usize, feed: &Arc<Adapter>) -> Result<Value, Problem> {
    let packets = inputs::feed("feed-60kB", 400, 8).packets;
    let mut route = Sandboxed::new(feed, 1)?;
    let mut alone = vec![Worker::new(feed.clone())];
    let mut many: Vec<_> = (0..MANY).map(|_| Worker::new(feed.clone())).collect();
    let mut times = [Vec::new(), Vec::new()];
    let mut fuel = [0, 0];
    // The first round teaches each its names.
    for round in 0..=rounds.min(10) {
        for (way, workers) in [&mut alone, &mut many].into_iter().enumerate() {
            let before: u64 = workers.iter().map(Worker::fuel_used).sum();
            let start = thread_cpu();
            for n in 0..MANY {
                let packet = route.prepare(&packets[n % packets.len()]).ok_or("the packet is not routed")?;
                let worker = n % workers.len();
                let tapes = route.tapes();
                workers[worker].handle(std::slice::from_ref(&packet), &tapes);
                route.recycle(tapes);
            }
            if round > 0 {
                times[way].push((thread_cpu() - start) as f64 / 1000.0 / MANY as f64);
                fuel[way] += workers.iter().map(Worker::fuel_used).sum::<u64>() - before;
            }
        }
    }
    let ratios = times[1].iter().zip(&times[0]).map(|(many, one)| many / one).collect();
    let [one, many] = times;
    Ok(json!({
        "one_us_per_packet": spread(one),
        "thousand_us_per_packet": spread(many),
        "ratio": spread(ratios),
        "guest_fuel_ratio": fuel[1] as f64 / fuel[0] as f64,
    }))
}
