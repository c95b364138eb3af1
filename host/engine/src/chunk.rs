//! What travels down the pipeline: some packets in order, each with where it goes.

use crate::control::Control;
use crate::fed::Heard;
use antigravity_core::Fate;
use antigravity_routing::Drift;
use antigravity_runtime::{Handled, Prepared};

/// Most packets and bytes of a chunk: enough to spread the cost of handing it over, little enough
/// to stay in a second-level cache.
pub(crate) const CHUNK_PACKETS: usize = 256;
pub(crate) const CHUNK_BYTES: usize = 1 << 20;

/// Index of an account, and so of its lane.
pub(crate) type AccountIndex = usize;
/// Index of a worker, over all accounts.
pub(crate) type WorkerIndex = usize;

/// Packets in order. What happens between packets comes first in its chunk: so all packets before it have
/// been read, and merged, by everybody.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub items: Vec<Item>,
    /// Tapes of all their packets.
    pub tapes: Vec<u64>,
    pub bytes: usize,
}

impl Chunk {
    pub fn is_full(&self) -> bool {
        self.items.len() >= CHUNK_PACKETS || self.bytes >= CHUNK_BYTES
    }

    pub fn push(&mut self, item: Item, bytes: usize) {
        self.bytes += bytes;
        self.items.push(item);
    }
}

/// One packet, or one thing that happened between packets.
#[derive(Debug)]
pub(crate) struct Item {
    pub account: AccountIndex,
    pub heard: Heard,
    /// Workers whose page began another session with this packet.
    pub new_sessions: Vec<WorkerIndex>,
    pub route: Routed,
    /// What versions that are tried make of it.
    pub beside: Vec<Beside>,
    /// Bodies are no longer what they were.
    pub drifted: Option<Box<Drifted>>,
}

/// What a packet shows of the shapes of bodies.
#[derive(Debug)]
pub(crate) struct Drifted {
    /// What became another with it.
    pub told: Vec<Drift>,
    /// Workers whose endpoint, which it is of, has lost something that their contract declares.
    pub invalid: Vec<WorkerIndex>,
}

#[derive(Debug)]
pub(crate) enum Routed {
    /// Its fate is known without an adapter.
    Decided(Decided),
    /// The first of these that does not say "not mine" decides; when all say it, `otherwise`.
    Work {
        candidates: Vec<Candidate>,
        otherwise: Decided,
    },
    /// A packet that was captured and lost.
    Lost,
    /// The account was switched off.
    Off,
    /// Time went on, and nothing else.
    Tick,
    Control(Control),
}

/// A fate that routing alone gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decided {
    pub fate: Fate,
    pub reason: &'static str,
    /// Whose noise it is, where it is somebody's.
    pub by: Option<WorkerIndex>,
    /// Odds or fixtures were to be expected of it.
    pub awaited: bool,
}

/// A worker that may read a packet, with the packet laid out for it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub worker: WorkerIndex,
    pub prepared: Prepared,
}

/// A packet for the version that is tried beside a worker's.
#[derive(Debug)]
pub(crate) struct Beside {
    pub worker: WorkerIndex,
    pub new_session: bool,
    /// `None` where its contract does not want it; then what routing says of it.
    pub prepared: Option<Prepared>,
    pub refused: bool,
    /// So many of the item's candidates are asked before its worker is.
    pub ahead: usize,
}

/// What one worker said of one item.
#[derive(Debug)]
pub(crate) struct Step {
    pub item: usize,
    pub worker: WorkerIndex,
    pub handled: Handled,
}
