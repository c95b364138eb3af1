//! The pipeline: records → front (redact, decode, route, tokenise) → lanes (workers in their
//! sandboxes) → merger (board, ledger) → observer.
//!
//! **Invariants**
//! - The result does not depend on the number of threads, nor on how packets were grouped.
//! - Every packet gets exactly one fate, in packet order, from one place: [`Merger`].
//! - Accounts share nothing: an account's workers run in one lane, in packet order.

mod chunk;
mod emit;
mod front;
mod lane;
mod merge;
mod pipeline;
mod replay;
mod secrets;

pub use emit::{Emit, Failure, Lines};
pub use merge::{Merger, Observer};
pub use replay::{Captures, File, Marks, Notes, ReplayError, replay};
pub use secrets::{Declared, SecretError};
