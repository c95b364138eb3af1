//! Recorded traffic, read in place, through real components to the board.
//!
//! The directory is the one that `ANTIGRAVITY_CAPTURES` names; without it each test says that it is
//! skipped.

mod asian;
mod betfair;
mod books;
mod har;
mod polymarket;
mod support;
