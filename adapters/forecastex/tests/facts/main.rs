//! What the exchange's daily files say, fact by fact.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

mod contract;
mod pairs;
mod prices;
mod recorded;
mod support;
