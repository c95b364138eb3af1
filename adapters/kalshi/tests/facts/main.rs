//! What Kalshi's answers and its market WebSocket say, fact by fact.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

mod answers;
mod book;
mod contract;
mod recorded;
mod sequence;
mod stages;
mod support;
mod whatever;
