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
    let built = antigravity_authoring::build(sandbox, &root().join(folder), Some(&out))?;
    Ok(Arc::new(Adapter::load(sandbox, &built.path)?))
}

pub struct Sandboxed {
    adapter: Arc<Adapter>,
    router: Router,
    scratch: Scratch,
    worker: Worker,
    batch: Vec<Arc<Prepared>>,
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
            worker,
            batch: Vec::new(),
            size,
        })
    }

    pub fn reset(&mut self) {
        self.worker = Worker::new(self.adapter.clone());
    }

    /// Routes one packet; what the worker gets, or `None` where it is not for it.
    pub fn prepare(&mut self, packet: &Arc<Packet>) -> Option<Arc<Prepared>> {
        let Route::Candidates(candidates) =
            self.router.route(packet, DecodedBody::from(&packet.body), &mut self.scratch)
        else {
            return None;
        };
        let candidate = candidates.list.first()?;
        let tape = candidate.tape.and_then(|tape| self.scratch.take_tape(tape)).unwrap_or_default();
        Some(Arc::new(Prepared {
            packet: packet.clone(),
            connection: 0,
            endpoint: candidate.place.endpoint as u32,
            tape: Arc::new(tape),
        }))
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

    /// The last owner gives its tape's buffer back.
    pub fn recycle(&mut self, prepared: Arc<Prepared>) {
        if let Some(prepared) = Arc::into_inner(prepared)
            && let Some(tape) = Arc::into_inner(prepared.tape)
        {
            self.scratch.recycle(tape);
        }
    }

    fn flush(&mut self) -> u64 {
        let handled = self.worker.handle(&self.batch);
        for prepared in std::mem::take(&mut self.batch) {
            self.recycle(prepared);
        }
        handled.iter().filter_map(|h| h.outcome.reading()).map(|reading| u64::from(reading.good)).sum()
    }
}
