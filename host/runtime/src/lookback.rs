//! What rebuilds an instance: the packets since the last one after which nothing earlier is needed.

use crate::packet::Prepared;
use std::collections::VecDeque;

#[derive(Debug)]
pub(crate) struct LookBack {
    /// Without their tapes, which are twice as large as the bodies: they are made again when they
    /// are needed.
    packets: VecDeque<Prepared>,
    bytes: usize,
    max_packets: usize,
    max_bytes: usize,
    /// Something that would be needed had to be dropped.
    overflowed: bool,
}

impl LookBack {
    pub const fn new(max_packets: usize, max_bytes: usize) -> Self {
        Self { packets: VecDeque::new(), bytes: 0, max_packets, max_bytes, overflowed: false }
    }

    /// Begins anew: the instance is fresh, nothing earlier counts.
    pub fn clear(&mut self) {
        self.packets.clear();
        (self.bytes, self.overflowed) = (0, false);
    }

    /// Remembers a packet that the instance has read. `complete`: nothing before it is needed.
    pub fn push(&mut self, packet: Prepared, complete: bool) {
        if complete {
            self.clear();
        }
        if self.overflowed {
            return;
        }
        let packet = Prepared { tape: 0..0, ..packet };
        self.bytes += packet.packet.weight();
        self.packets.push_back(packet);
        if self.bytes > self.max_bytes || self.packets.len() > self.max_packets {
            // A part of it would rebuild another state: none is better than that.
            self.packets = VecDeque::new();
            (self.bytes, self.overflowed) = (0, true);
        }
    }

    /// Whether it can no longer rebuild an instance.
    pub const fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// All packets, or `None` where they are not complete.
    pub fn packets(&self) -> Option<impl Iterator<Item = &Prepared>> {
        (!self.overflowed).then(|| self.packets.iter())
    }
}
