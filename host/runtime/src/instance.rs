//! One running instance: a store with limits, dead for good after its first trap.

use crate::guest::{Guest, GuestPre};
use crate::packet::Parts;
use crate::{Adapter, Sandbox};
use antigravity_abi::PriceFormat;
use antigravity_core::Contract;
use antigravity_core::answer::{Answer, Checker, Fault};
use wasmtime::{ResourceLimiter, Store, StoreLimits, StoreLimitsBuilder, Trap};

/// What a store holds for the host.
pub struct Host {
    limits: StoreLimits,
    /// Linear memory in bytes, as far as it has grown.
    memory: usize,
}

impl ResourceLimiter for Host {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let grows = self.limits.memory_growing(current, desired, maximum)?;
        if grows {
            self.memory += desired - current;
        }
        Ok(grows)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.limits.memory_grow_failed(error)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.limits.table_growing(current, desired, maximum)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.limits.table_grow_failed(error)
    }

    fn instances(&self) -> usize {
        self.limits.instances()
    }

    fn tables(&self) -> usize {
        self.limits.tables()
    }

    fn memories(&self) -> usize {
        self.limits.memories()
    }
}

/// Why a call gave no answer. The instance is gone.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{cause}{}", if self.detail.is_empty() { String::new() } else { format!(": {}", self.detail) })]
pub struct CallError {
    pub cause: Cause,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    OutOfFuel,
    OutOfMemory,
    StackOverflow,
    /// A Rust guest's panic, among others.
    Unreachable,
    OtherTrap,
    /// It answered, but the answer broke a rule or a limit.
    Answer,
    /// It could not be started.
    Start,
}

impl Cause {
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutOfFuel => "out-of-fuel",
            Self::OutOfMemory => "out-of-memory",
            Self::StackOverflow => "stack-overflow",
            Self::Unreachable => "panic",
            Self::OtherTrap => "trap",
            Self::Answer => "bad-answer",
            Self::Start => "start",
        }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OutOfFuel => "it used up its fuel",
            Self::OutOfMemory => "it wanted more memory than its limit",
            Self::StackOverflow => "its stack overflowed",
            Self::Unreachable => "it panicked",
            Self::OtherTrap => "it trapped",
            Self::Answer => "its answer is not valid",
            Self::Start => "it could not be started",
        })
    }
}

impl From<Fault> for CallError {
    fn from(fault: Fault) -> Self {
        Self { cause: Cause::Answer, detail: fault.to_string() }
    }
}

pub(crate) struct Instance {
    store: Store<Host>,
    guest: Guest,
    checker: Checker,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Instance")
    }
}

impl Instance {
    pub fn new(adapter: &Adapter) -> Result<Self, CallError> {
        Self::from_pre(&adapter.sandbox, &adapter.pre, &adapter.contract().price_formats)
    }

    pub fn from_pre(sandbox: &Sandbox, pre: &GuestPre, formats: &[PriceFormat]) -> Result<Self, CallError> {
        let limits = &sandbox.limits;
        let store_limits = StoreLimitsBuilder::new()
            .memory_size(limits.memory)
            .table_elements(limits.table)
            .instances(8)
            // The limit of memory is one of each memory.
            .memories(1)
            .tables(4)
            // A trap that names the cause instead of an abort inside the guest.
            .trap_on_grow_failure(true)
            .build();
        let mut store = Store::new(&sandbox.engine, Host { limits: store_limits, memory: 0 });
        store.limiter(|host| host);
        set_fuel(&mut store, limits.fuel_base)?;
        let guest = pre.instantiate(&mut store).map_err(|e| failure(&e, Cause::Start))?;
        Ok(Self { store, guest, checker: Checker::new(limits.answer, formats) })
    }

    pub fn describe(&mut self) -> Result<Contract, CallError> {
        let described = self.guest.describe(&mut self.store).map_err(|e| failure(&e, Cause::OtherTrap))?;
        described.map_err(|detail| CallError { cause: Cause::Answer, detail })
    }

    /// One call. Nothing of its answer is passed on unchecked.
    pub fn parse(&mut self, batch: Parts<'_>, fuel: u64) -> Result<Answer, CallError> {
        set_fuel(&mut self.store, fuel)?;
        let raw = self.guest.parse(&mut self.store, &batch).map_err(|e| failure(&e, Cause::OtherTrap))?;
        Ok(self.checker.check(batch.count, raw)?)
    }
}

impl Instance {
    /// Bytes of linear memory.
    pub fn memory(&self) -> usize {
        self.store.data().memory
    }

    /// Fuel that is left of the last call's.
    pub fn fuel_left(&self) -> u64 {
        self.store.get_fuel().unwrap_or(0)
    }
}

fn set_fuel(store: &mut Store<Host>, fuel: u64) -> Result<(), CallError> {
    store.set_fuel(fuel).map_err(|e| CallError { cause: Cause::Start, detail: e.to_string() })
}

fn failure(error: &wasmtime::Error, otherwise: Cause) -> CallError {
    let cause = match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Cause::OutOfFuel,
        Some(Trap::StackOverflow) => Cause::StackOverflow,
        Some(Trap::UnreachableCodeReached) => Cause::Unreachable,
        // A guest's shadow stack runs out below its memory.
        Some(Trap::MemoryOutOfBounds) => Cause::OtherTrap,
        Some(_) => Cause::OtherTrap,
        None if error.to_string().contains("growing memory") => Cause::OutOfMemory,
        None if format!("{error:#}").contains("growing memory") => Cause::OutOfMemory,
        None => otherwise,
    };
    let detail = match cause {
        Cause::OutOfFuel | Cause::Unreachable | Cause::StackOverflow => String::new(),
        _ => error.root_cause().to_string(),
    };
    CallError { cause, detail }
}
