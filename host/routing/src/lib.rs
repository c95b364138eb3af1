//! Routing: for each packet, who may read it.
//!
//! [`Contracts`] are compiled once; a [`Router`] takes packets in their order and either decides
//! their fate or names the adapters to ask, with the body already tokenised for them; a
//! [`Classifier`] finds out which providers an account's traffic comes from.
//!
//! Fates, in this order: no contract fits transport, direction, method, path, query, event, form
//! and request → unmatched; none that fits is bound → not contracted; over the limit, undecodable,
//! bad status, HTML, opaque, not JSON or of another shape for every bound one → rejected; noise, or
//! a session that is over → ignored; else the candidates, by name of the provider.
//!
//! Invariants
//! - Pure: no I/O, clock or randomness. The same packets in the same order give the same routes.
//! - Nothing that comes from outside can make it panic.
//! - The host in an address never changes a route; a session in its path only through the epoch.
//! - A body is tokenised at most once for each (prefix, framing), and only where it is read.

mod accept;
mod address;
mod body;
mod classifier;
mod contracts;
mod drift;
pub mod fingerprint;
mod nodes;
mod pattern;
pub mod reason;
mod router;
pub mod schema;
mod scratch;
mod session;
#[cfg(test)]
mod tests;
mod url;

pub use body::{DecodedBody, Undecodable};
pub use classifier::Classifier;
pub use contracts::{CompileError, Contracts, Place};
pub use drift::{Drift, DriftMonitor, Invalidated};
pub use fingerprint::Fingerprint;
pub use pattern::{PathPattern, PatternError};
pub use router::{Candidate, Candidates, Decision, Route, Router};
pub use schema::{Mismatch, Schema, SchemaError};
pub use scratch::{Scratch, TapeId};
pub use url::{Url, session_token};
