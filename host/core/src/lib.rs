//! The model of Antigravity: packets, contracts, quotes, the board and the ledger.
//!
//! **Invariant:** pure. No clock, randomness, file, network, thread, database, WebAssembly or
//! browser; the same input gives the same output on every machine.

pub mod agreement;
pub mod answer;
pub mod board;
pub mod certificate;
pub mod checker;
pub mod contract;
pub mod drift;
pub mod exact;
pub mod fees;
pub mod finder;
pub mod hedge;
pub mod identity;
pub mod kelly;
pub mod ladder;
pub mod ledger;
pub mod line;
pub mod margin;
pub mod money;
pub mod odds;
pub mod packet;
pub mod quote;
pub mod sequential;
pub mod settle;
pub mod sizing;
pub mod stake;
pub mod strikes;
pub mod thompson;
pub mod time;

pub use antigravity_abi::rows;
pub use antigravity_abi::{Decimal, Market, Period, PriceFormat, Selection, Side, Status};
pub use contract::Contract;
pub use ledger::{Fate, Ledger};
pub use packet::{Body, Direction, Packet, Transport};
pub use time::Timestamp;
