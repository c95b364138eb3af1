//! What a packet costs while another version reads along.

use super::paced::{Paced, Real};
use super::traffic::{APART, Traffic};
use super::{Versions, bound};
use crate::Problem;
use crate::clock::thread_cpu;
use crate::measure::spread;
use crate::sandboxed::Sandboxed;
use antigravity_core::board::{Board, Change, Changes, Origin, WorkerInfo};
use antigravity_core::{Fate, Packet};
use antigravity_engine::{Command, Observer, Run, TrialLimits, commands, run as run_engine};
use antigravity_runtime::{CallError, Worker};
use serde_json::{Value, json};
use std::sync::Arc;

/// Packets of a run: some are read before the other version is up to date.
const PACKETS: u64 = 40_000;

/// Wants to know nothing.
pub struct Deaf;

impl Changes for Deaf {
    fn changed(&mut self, _: &Board, _: Change) {}
}

impl Observer for Deaf {
    fn fate(&mut self, _: Origin, _: Fate, _: &'static str, _: Option<&WorkerInfo>) {}

    fn failed(&mut self, _: &Packet, _: &WorkerInfo, _: &CallError) {}
}

/// All on one thread: with nothing tried, with another version that reads along, and one parse by itself.
pub fn run(rounds: usize, versions: &Versions) -> Result<Value, Problem> {
    let traffic = Arc::new(Traffic::new(APART));
    let (mut alone, mut tried, mut parse) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds.min(10) {
        alone.push(whole(versions, &traffic, false)?);
        tried.push(whole(versions, &traffic, true)?);
        parse.push(parses(versions, &traffic)?);
    }
    let per_packet = |times: &[f64]| spread(times.iter().map(|time| time / 1e3).collect());
    let of = |f: &dyn Fn(usize) -> f64| spread((0..alone.len()).map(f).collect());
    Ok(json!({
        "us_per_packet": {"alone": per_packet(&alone), "shadow": per_packet(&tried), "parse": per_packet(&parse)},
        "ratio": of(&|n| tried[n] / alone[n]),
        "extra_in_parses": of(&|n| (tried[n] - alone[n]) / parse[n]),
        "required_parses": 1.0,
    }))
}

/// Nanoseconds of CPU a packet in front, lane and merger.
fn whole(versions: &Versions, traffic: &Arc<Traffic>, tried: bool) -> Result<f64, Problem> {
    let (commands, inbox) = commands();
    if tried {
        commands.give(Command::Try(versions.both[1].clone()));
    }
    let (feed, _) = Paced::new(traffic.clone(), None, PACKETS);
    // It reads along until the end.
    let limits = TrialLimits { packets: u64::MAX, millis: u64::MAX, ..TrialLimits::default() };
    let run = Run {
        adapters: &versions.both[..1],
        feed: Box::new(feed),
        bound: &bound(),
        threads: 1,
        limits,
        inbox,
        clock: Arc::new(Real::start()),
        known: None,
    };
    let start = thread_cpu();
    run_engine(run, &mut Deaf)?;
    Ok((thread_cpu() - start) as f64 / PACKETS as f64)
}

/// Nanoseconds of CPU a packet in the worker alone, in calls of as many packets as a chunk has of an account.
fn parses(versions: &Versions, traffic: &Traffic) -> Result<f64, Problem> {
    let adapter = &versions.both[0];
    let mut route = Sandboxed::new(adapter, 1)?;
    let mut worker = Worker::new(adapter.clone());
    let (mut time, mut read) = (0, 0);
    for first in (0..PACKETS / 4).step_by(64) {
        let packets = (first..first + 64).map(|turn| route.prepare(&Arc::new(traffic.packet(turn * 4))));
        let packets = packets.collect::<Option<Vec<_>>>().ok_or("a packet is not routed")?;
        let tapes = route.tapes();
        let start = thread_cpu();
        read += worker.handle(&packets, &tapes).len();
        time += thread_cpu() - start;
        route.recycle(tapes);
    }
    Ok(time as f64 / read as f64)
}
