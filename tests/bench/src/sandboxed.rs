//! The way packets go in the engine, on one thread: route (match, tokenise, schema, fingerprint),
//! then the worker (sandbox, limits, checks of the answer).

use crate::Problem;
use antigravity_core::Packet;
use antigravity_routing::{Contracts, DecodedBody, Route, Router, Scratch};
use antigravity_runtime::{Adapter, Limits, Prepared, Sandbox, Worker};
use std::path::Path;
use std::sync::Arc;

/// A sandbox without a compile cache.
pub fn sandbox() -> Result<Sandbox, Problem> {
    Ok(Sandbox::new(Limits::default(), None)?)
}

/// The root of the checkout.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// Builds an adapter of the checkout and loads it.
pub fn adapter(sandbox: &Sandbox, folder: &str) -> Result<Arc<Adapter>, Problem> {
    let out = root().join("target/bench-adapters");
    let built = antigravity_authoring::build(
        &antigravity_authoring::Tools::default(),
        sandbox,
        &root().join(folder),
        Some(&out),
    )?;
    Ok(Arc::new(Adapter::load(sandbox, &built.path)?))
}

pub struct Sandboxed {
    adapter: Arc<Adapter>,
    router: Router,
    scratch: Scratch,
    spare: Vec<u64>,
    worker: Worker,
    batch: Vec<Prepared>,
    size: usize,
}

impl Sandboxed {
    /// `size`: packets of one call.
    pub fn new(adapter: &Arc<Adapter>, size: usize) -> Result<Self, Problem> {
        let contracts = Contracts::compile(vec![adapter.contract().clone()])?;
        let mut router = Router::new(Arc::new(contracts));
        router.bind("A", &adapter.contract().provider);
        let worker = Worker::new(adapter.clone());
        Ok(Self {
            adapter: adapter.clone(),
            router,
            scratch: Scratch::default(),
            spare: Vec::new(),
            worker,
            batch: Vec::new(),
            size,
        })
    }

    /// What the guest used since the last [`Self::reset`].
    pub const fn fuel(&self) -> u64 {
        self.worker.fuel_used()
    }

    pub fn reset(&mut self) {
        self.worker = Worker::new(self.adapter.clone());
    }

    /// Routes one packet; what the worker gets, or `None` where it is not for it.
    pub fn prepare(&mut self, packet: &Arc<Packet>) -> Option<Prepared> {
        let Route::Candidates(candidates) =
            self.router.route(packet, DecodedBody::from(&packet.body), &mut self.scratch)
        else {
            return None;
        };
        let candidate = candidates.list.first()?;
        Some(Prepared {
            packet: packet.clone(),
            connection: 0,
            endpoint: candidate.place.endpoint as u32,
            tape: candidate.tape.map_or(0..0, |tape| self.scratch.keep(tape)),
        })
    }

    /// Reads all packets; the number of rows that can be used.
    pub fn read(&mut self, packets: &[Arc<Packet>]) -> u64 {
        let mut rows = 0;
        for packet in packets {
            if let Some(prepared) = self.prepare(packet) {
                self.batch.push(prepared);
            }
            if self.batch.len() == self.size {
                rows += self.flush();
            }
        }
        rows + self.flush()
    }

    /// The tapes of the packets that were prepared since the last time.
    pub fn tapes(&mut self) -> Vec<u64> {
        self.scratch.take(std::mem::take(&mut self.spare))
    }

    /// Gives their buffer back.
    pub fn recycle(&mut self, tapes: Vec<u64>) {
        self.spare = tapes;
    }

    fn flush(&mut self) -> u64 {
        let tapes = self.tapes();
        let handled = self.worker.handle(&self.batch, &tapes);
        self.batch.clear();
        self.recycle(tapes);
        handled.iter().filter_map(|h| h.outcome.reading()).map(|reading| u64::from(reading.good)).sum()
    }
}
