//! Recorded traffic, read in place, through real components to the board.
//!
//! The directory is the one that `ANTIGRAVITY_CAPTURES` names; without it each test says that it is
//! skipped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod asian;
mod betfair;
mod books;
mod har;
mod polymarket;
mod support;
