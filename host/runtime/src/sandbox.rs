//! The engine: one for the whole program.

use crate::{Cache, Limits};
use std::sync::Arc;
use wasmtime::{Config, Engine};

/// Compiles and runs adapters within limits.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub(crate) engine: Engine,
    pub(crate) limits: Limits,
    pub(crate) cache: Option<Arc<Cache>>,
}

/// The engine cannot be set up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("the WebAssembly engine cannot start: {0}")]
pub struct SandboxError(String);

impl Sandbox {
    /// `cache` keeps compiled code from one run to the next; without it every load compiles.
    ///
    /// # Errors
    /// [`SandboxError`] where the machine is not supported.
    pub fn new(limits: Limits, cache: Option<Cache>) -> Result<Self, SandboxError> {
        let mut config = Config::new();
        // Deterministic: fuel instead of the clock, one bit pattern for NaN, no relaxed SIMD.
        config.consume_fuel(true);
        config.cranelift_nan_canonicalization(true);
        config.wasm_relaxed_simd(false);
        config.max_wasm_stack(512 << 10);
        // Synchronous calls pay for the bookkeeping of concurrent ones: 141 instead of 480 ns.
        config.concurrency_support(false);
        let engine = Engine::new(&config).map_err(|e| SandboxError(format!("{e:#}")))?;
        Ok(Self { engine, limits, cache: cache.map(Arc::new) })
    }

    pub const fn limits(&self) -> &Limits {
        &self.limits
    }
}
