//! What an adapter costs in the sandbox.

use crate::desk::{Desk, Entry, Laid};
use crate::traffic::Traffic;
use antigravity_engine::ReplayError;
use antigravity_runtime::Adapter;
use serde::Serialize;
use std::sync::Arc;

/// Times are of the thread's CPU. Routing and tokenising are the host's and not in them.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// `provider@version`.
    pub adapter: String,
    /// Packets of one round that reach the adapter, and bytes of their bodies.
    pub packets: u64,
    pub bytes: u64,
    pub rounds: usize,
    /// In calls of as many packets as the host makes; the median of the rounds.
    pub packets_per_second: f64,
    pub bytes_per_second: f64,
    /// Of a packet in a call of its own.
    pub fuel_per_packet: u64,
    pub p50_us: f64,
    pub p99_us: f64,
    /// Packets that it failed on.
    pub failed: u64,
}

/// Reads all traffic once to warm up and then `rounds` times, each with fresh instances. `cpu`: nanoseconds
/// of CPU that this thread has used.
///
/// # Errors
/// Where the contract does not compile.
pub fn measure(
    adapter: &Arc<Adapter>,
    traffic: &[Traffic],
    rounds: usize,
    cpu: impl Fn() -> u64,
) -> Result<Measured, ReplayError> {
    let laid = traffic.iter().map(|one| Laid::of(adapter.contract(), one)).collect::<Result<Vec<_>, _>>()?;
    let prepared = laid.iter().flat_map(|one| &one.entries).filter_map(|entry| match entry {
        Entry::Packet(it) => Some(it.packet.body.len()),
        _ => None,
    });
    let (packets, bytes) = prepared.fold((0u64, 0u64), |(packets, bytes), body| (packets + 1, bytes + body));
    let (mut single, mut wholes) = (Vec::new(), Vec::new());
    let (mut fuel, mut failed) = (0, 0);
    for round in 0..=rounds {
        let (mut alone, mut together) = (Vec::new(), 0);
        (fuel, failed) = (0, 0);
        for one in &laid {
            let mut desk = Desk::new(adapter);
            desk.hand_over_all(one, 1, |handing| {
                let start = cpu();
                let failures = handing();
                alone.push(cpu() - start);
                failed += failures;
            });
            fuel += desk.fuel_used();
            Desk::new(adapter).hand_over_all(one, usize::MAX, |handing| {
                let start = cpu();
                handing();
                together += cpu() - start;
            });
        }
        if round > 0 {
            single.append(&mut alone);
            wholes.push(together);
        }
    }
    single.sort_unstable();
    wholes.sort_unstable();
    let seconds = at(&wholes, 0.5) / 1e9;
    let rate = |count: u64| if seconds > 0.0 { (count as f64 / seconds).round() } else { 0.0 };
    Ok(Measured {
        adapter: adapter.contract().name(),
        packets,
        bytes,
        rounds,
        packets_per_second: rate(packets),
        bytes_per_second: rate(bytes),
        fuel_per_packet: fuel.checked_div(packets).unwrap_or(0),
        p50_us: at(&single, 0.5) / 1e3,
        p99_us: at(&single, 0.99) / 1e3,
        failed,
    })
}

/// The value below which so much of the sorted values lies; 0 where there are none.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place in a list
fn at(sorted: &[u64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).map_or(0.0, |value| *value as f64)
}
