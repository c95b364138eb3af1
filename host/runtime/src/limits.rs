//! What an adapter may use. Fuel is the limit in every mode: the same packet runs out of it at the
//! same instruction on every machine.

use antigravity_core::answer::AnswerLimits;
use antigravity_core::strikes::StrikeLimits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fuel of a packet: `fuel_base + fuel_per_byte × bytes of its body and tape`.
    pub fuel_base: u64,
    pub fuel_per_byte: u64,
    /// Linear memory of an instance in bytes.
    pub memory: usize,
    /// Elements of a table.
    pub table: usize,
    /// Largest component file in bytes.
    pub component: usize,
    pub answer: AnswerLimits,
    /// Most packets and bytes of bodies kept to rebuild an instance.
    pub look_back_packets: usize,
    pub look_back_bytes: usize,
    /// When a worker that fails is left alone.
    pub strikes: StrikeLimits,
}

impl Default for Limits {
    /// One unit of fuel is about one instruction. Adapters use 2 to 10 a byte on recorded traffic,
    /// so 200 is a bug, not a large packet. The base is 5–10 ms: enough to learn a field table.
    fn default() -> Self {
        Self {
            fuel_base: 20_000_000,
            fuel_per_byte: 200,
            memory: 128 << 20,
            table: 10_000,
            component: 16 << 20,
            answer: AnswerLimits::default(),
            look_back_packets: 65_536,
            look_back_bytes: 32 << 20,
            strikes: StrikeLimits::default(),
        }
    }
}

impl Limits {
    /// Fuel of a packet of this many bytes.
    pub const fn fuel(&self, bytes: usize) -> u64 {
        self.fuel_base.saturating_add(self.fuel_per_byte.saturating_mul(bytes as u64))
    }
}
