//! From a trap to the next packet that is answered.

use super::Versions;
use super::traffic::{APART, FULL_EVERY, Traffic, full};
use crate::Problem;
use crate::clock::thread_cpu;
use crate::measure::quantiles;
use crate::sandboxed::Sandboxed;
use antigravity_runtime::{Limits, Outcome, Prepared, Sandbox, Worker};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

/// Deltas since the last full, when it traps.
const SINCE: [usize; 4] = [0, 8, 32, FULL_EVERY - 2];
/// A full that needs more fuel than a packet has here.
const TOO_MANY: usize = 600;
const TRAPS: usize = 20;

/// The packets of one account, laid out.
struct Packets {
    all: Vec<Prepared>,
    too_large: Prepared,
    tapes: Vec<u64>,
}

pub fn run(rounds: usize, versions: &Versions) -> Result<Value, Problem> {
    let packets = Packets::new(versions)?;
    let adapter = versions.within(&little_fuel(versions, &packets)?);
    let mut report = json!({"required_us": 1000.0, "full_bytes": packets.all[0].packet.body.len()});
    let mut times: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); SINCE.len()];
    for _ in 0..rounds * TRAPS / 10 {
        for (since, (clock, cpu)) in SINCE.iter().zip(&mut times) {
            let mut worker = Worker::new(adapter.clone()).never_left_alone();
            for packet in &packets.all[..=*since] {
                answered(&mut worker, packet, &packets.tapes)?;
            }
            let failed = worker.handle(std::slice::from_ref(&packets.too_large), &packets.tapes);
            if !matches!(failed.first().map(|it| &it.outcome), Some(Outcome::Failed(_))) {
                return Err("the packet that is too large was read".into());
            }
            let start = (Instant::now(), thread_cpu());
            answered(&mut worker, &packets.all[since + 1], &packets.tapes)?;
            cpu.push((thread_cpu() - start.1) as f64 / 1e3);
            clock.push(start.0.elapsed().as_nanos() as f64 / 1e3);
        }
    }
    for (since, (clock, cpu)) in SINCE.iter().zip(times) {
        report[format!("full_and_{since}_deltas")] =
            json!({"clock_us": quantiles(clock), "cpu_us": quantiles(cpu)});
    }
    Ok(report)
}

impl Packets {
    fn new(versions: &Versions) -> Result<Self, Problem> {
        let traffic = Traffic::new(APART);
        let mut route = Sandboxed::new(&versions.both[0], 1)?;
        let mut prepare = |packet| route.prepare(&packet).ok_or("a packet is not routed");
        let all = (0..FULL_EVERY as u64).map(|turn| prepare(Arc::new(traffic.packet(turn * 4))));
        let all = all.collect::<Result<Vec<_>, _>>()?;
        let too_large = prepare(full(TOO_MANY, FULL_EVERY))?;
        Ok(Self { all, too_large, tapes: route.tapes() })
    }
}

/// A sandbox in which the packets have twice the fuel that any of them needs.
fn little_fuel(versions: &Versions, packets: &Packets) -> Result<Sandbox, Problem> {
    let mut worker = Worker::new(versions.both[0].clone());
    let mut most = 0;
    for packet in &packets.all {
        let before = worker.fuel_used();
        answered(&mut worker, packet, &packets.tapes)?;
        most = most.max(worker.fuel_used() - before);
    }
    let limits = Limits { fuel_base: 2 * most, fuel_per_byte: 0, ..Limits::default() };
    Ok(Sandbox::new(limits, None)?)
}

fn answered(worker: &mut Worker, packet: &Prepared, tapes: &[u64]) -> Result<(), Problem> {
    let handled = worker.handle(std::slice::from_ref(packet), tapes);
    match handled.first().map(|handled| &handled.outcome) {
        Some(Outcome::Answered { .. }) => Ok(()),
        other => Err(format!("packet {} is not answered: {other:?}", packet.packet.seq).into()),
    }
}
