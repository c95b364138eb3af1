//! Rust rendering of the adapter ABI, versions 0.1 and 0.2.
//!
//! `0.1/LAYOUT.md` beside this crate describes every word; this crate is the same thing as code, shared by
//! the host (which writes tapes and reads rows) and the SDK (which reads tapes and writes rows).
//! It does no I/O and allocates only for text.

pub mod codes;
pub mod decimal;
pub mod packet;
pub mod rows;
pub mod tape;
pub mod verdict;
mod version;

pub use codes::{Fate, Market, Period, PriceFormat, Reason, Selection, Side, Status};
pub use decimal::{Decimal, DecimalError};
pub use packet::{PacketRow, Span};
pub use verdict::Verdict;
pub use version::{VERSIONS, Version};

/// Name of the custom section that holds the contract as JSON.
pub const CONTRACT_SECTION: &str = "antigravity:contract";

/// Longest string of an answer, in bytes; a longer one makes the whole answer faulty.
pub const MAX_STRING: usize = 4096;

/// "No string" in a word that holds an index into the string table.
pub const NO_TEXT: u32 = u32::MAX;
