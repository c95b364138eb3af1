//! Recorded traffic: reading, writing, merging and importing it, and taking the secrets out of it.
//!
//! Invariants
//! - Memory does not grow with the length of a file: one line, one HAR entry or one sorted run at a
//!   time. It does with what has to be known to the end: a digest of each secret that was taken out
//!   (some 40 bytes), the request of each WebSocket of a HAR file.
//! - What is malformed is an error that names file, line and field; only a truncated last line of a
//!   capture file is reported and skipped.
//! - Nothing leaves [`redact::Redactor`] with a secret it knows how to find, and no pseudonym can be
//!   turned back.

pub mod decode;
mod error;
pub mod har;
mod input;
mod intern;
mod line;
mod members;
mod merge;
mod parse;
mod reader;
pub mod redact;
mod source;
mod writer;

pub use error::{CaptureError, Problem};
pub use har::{HarReader, Summary, import};
pub use input::Progress;
pub use line::{Connection, Line, Lost, Mark, Record, Toggle};
pub use members::Members;
pub use merge::Merged;
pub use reader::{CaptureReader, Header};
pub use redact::{Redactor, SecretPath};
pub use source::{Source, open};
pub use writer::CaptureWriter;
