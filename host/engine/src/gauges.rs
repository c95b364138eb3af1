//! What each worker did so far.

use crate::chunk::WorkerIndex;
use antigravity_core::Fate;
use antigravity_core::board::WorkerInfo;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a lane spent on some packets of a worker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub worker: WorkerIndex,
    pub packets: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
    /// All of them together.
    pub nanos: u64,
    pub fuel: u64,
    /// Of the instance after them, in bytes.
    pub memory: usize,
}

/// Of one worker, over all versions of its adapter.
#[derive(Debug)]
pub(crate) struct Gauges {
    packets: u64,
    bytes: u64,
    quotes: u64,
    fuel: u64,
    memory: usize,
    fates: BTreeMap<(Fate, &'static str), u64>,
    /// Nanoseconds a packet; of packets that were read together, the mean of them. None where a histogram
    /// cannot be made.
    nanos: Option<Histogram<u64>>,
}

impl Default for Gauges {
    fn default() -> Self {
        let (packets, bytes, quotes, fuel, memory, fates) = Default::default();
        // From a microsecond to ten seconds, two digits.
        let nanos = Histogram::new_with_bounds(1_000, 10_000_000_000, 2).ok();
        Self { packets, bytes, quotes, fuel, memory, fates, nanos }
    }
}

impl Gauges {
    pub fn cost(&mut self, cost: &Cost) {
        self.packets += cost.packets;
        self.bytes += cost.bytes;
        self.fuel += cost.fuel;
        self.memory = cost.memory;
        if let Some(nanos) = &mut self.nanos {
            nanos.saturating_record_n(cost.nanos / cost.packets.max(1), cost.packets);
        }
    }

    pub fn fate(&mut self, fate: Fate, reason: &'static str) {
        *self.fates.entry((fate, reason)).or_default() += 1;
    }

    pub const fn quotes(&mut self, changed: u64) {
        self.quotes += changed;
    }

    pub fn status(&self, info: &WorkerInfo) -> WorkerStatus {
        let reasons = self.fates.iter().filter(|((_, reason), _)| !reason.is_empty());
        let count = |fate| self.fates.iter().filter(|((of, _), _)| *of == fate).map(|(_, n)| n).sum();
        let micros = |q| self.nanos.as_ref().map_or(0.0, |it| it.value_at_quantile(q) as f64 / 1_000.0);
        WorkerStatus {
            account: info.account.to_string(),
            provider: info.provider.to_string(),
            adapter: info.adapter.to_string(),
            packets: self.packets,
            bytes: self.bytes,
            quotes: self.quotes,
            parsed: count(Fate::Parsed),
            ignored: count(Fate::Ignored),
            rejected: count(Fate::Rejected),
            failed: count(Fate::Failed),
            reasons: reasons.map(|((fate, reason), n)| (format!("{}:{reason}", fate.name()), *n)).collect(),
            p50_micros: micros(0.5),
            p99_micros: micros(0.99),
            fuel_per_packet: self.fuel / self.packets.max(1),
            memory: self.memory as u64,
        }
    }
}

/// What a worker did so far, over all versions of its adapter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkerStatus {
    pub account: String,
    pub provider: String,
    /// `provider@version` that works now.
    pub adapter: String,
    /// Packets that the adapter was given, and bytes of their bodies.
    pub packets: u64,
    pub bytes: u64,
    /// Changes of quotes.
    pub quotes: u64,
    /// Packets by what became of them.
    pub parsed: u64,
    pub ignored: u64,
    pub rejected: u64,
    pub failed: u64,
    /// `fate:reason`, counted.
    pub reasons: BTreeMap<String, u64>,
    /// Time that the adapter takes for a packet, in microseconds.
    pub p50_micros: f64,
    pub p99_micros: f64,
    pub fuel_per_packet: u64,
    /// Linear memory in bytes.
    pub memory: u64,
}
