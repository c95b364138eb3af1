//! The sandbox: adapters as WebAssembly components.
//!
//! - [`Component`]: the file, checked without running it: what it is, its contract, zero imports.
//! - [`Sandbox`]: the engine with its limits and its cache of compiled code.
//! - [`Adapter`]: a component that is compiled and whose contract is confirmed.
//! - [`Worker`]: one adapter at work for one account: a long-lived instance, what to replay when
//!   it dies, and a fate for every packet.
//!
//! **Invariants**
//! - A component that imports anything is never instantiated.
//! - Nothing an adapter returns leaves this crate before `antigravity_core::answer` checked it.
//! - After any trap the store is gone for good; a worker's answers do not depend on how packets
//!   were grouped into calls.

mod adapter;
mod bindings;
mod cache;
mod component;
mod convert;
mod guest;
mod instance;
mod limits;
mod lookback;
mod pace;
mod packet;
mod sandbox;
mod worker;

pub use adapter::{Adapter, LoadError, Problem};
pub use cache::Cache;
pub use component::{Component, ComponentError};
pub use instance::{CallError, Cause};
pub use limits::Limits;
pub use packet::Prepared;
pub use sandbox::{Sandbox, SandboxError};
pub use worker::{Handled, Outcome, Restart, Worker};
