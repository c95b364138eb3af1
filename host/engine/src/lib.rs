//! The pipeline: records → front (redact, decode, route, tokenise) → lanes (workers in their
//! sandboxes) → merger (board, ledger) → observer (lines; board → finder → opportunities).
//!
//! **Invariants**
//! - The result does not depend on the number of threads, nor on how packets were grouped.
//! - Every packet gets exactly one fate, in packet order, from one place: [`Merger`].
//! - Accounts share nothing: an account's workers run in one lane, in packet order.

mod chunk;
mod emit;
mod found;
mod front;
mod lane;
mod merge;
mod opportunities;
mod pipeline;
mod replay;
mod secrets;

pub use emit::{Emit, Ended, Failure, Lines};
pub use found::{Found, Shown};
pub use merge::{Merger, Observer};
pub use opportunities::Opportunities;
pub use replay::{Captures, File, Marks, Notes, ReplayError, replay, replay_watched};
pub use secrets::{Declared, SecretError};
