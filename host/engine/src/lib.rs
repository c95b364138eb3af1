//! The pipeline: records → front (redact, decode, route, tokenise) → lanes (workers in their
//! sandboxes) → merger (board, ledger) → observer (lines; board → finder → opportunities).
//!
//! **Invariants**
//! - The result does not depend on the number of threads, nor on how packets were grouped.
//! - Every packet gets exactly one fate, in packet order, from one place: [`Merger`].
//! - Accounts share nothing: an account's workers run in one lane, in packet order.

mod chunk;
mod compare;
mod control;
mod emit;
mod fed;
mod feed;
mod floor;
mod found;
mod front;
mod gauges;
mod lane;
mod live;
mod merge;
mod opportunities;
mod paced;
mod pipeline;
mod replay;
mod secrets;
mod trial;

pub use compare::{Comparison, Lasting, OtherFate, Values, Version, compare};
pub use control::{Clock, Command, Commands, Inbox, commands};
pub use emit::{Emit, Ended, Failure, LeftAlone, Lines, News};
pub use feed::{Fed, Feed};
pub use found::{Found, Shown};
pub use gauges::WorkerStatus;
pub use live::{Run, run};
pub use merge::{Merger, Observer};
pub use opportunities::Opportunities;
pub use paced::{Opens, Pace, Paced};
pub use replay::{Captures, File, Marks, Notes, ReplayError, recognised, replay, replay_watched};
pub use secrets::{Declared, SecretError};
pub use trial::{Stage, TrialLimits, TrialNews};
