//! What providers charge: dated schedules, read from data.

#![deny(clippy::float_arithmetic)]

use crate::exact::{Ratio, Rounding};

/// One provider's charges while they are in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub id: Box<str>,
    pub charge: Charge,
}

/// How a charge is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charge {
    None,
    /// For the order, whatever happens.
    Amount(AmountRule),
    /// A share of what an account wins net in one market, where that is above 0.
    NetWin {
        rate: Ratio,
    },
}

/// A charge of `rate · base^exponent` for each contract, rounded once for the whole order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountRule {
    pub base: Base,
    pub exponent: u8,
    pub rate: Ratio,
    pub rounding: Rounding,
    pub quantum: Ratio,
    pub minimum: Option<Ratio>,
}

/// What of the probability p a charge is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// p(1 − p)
    Product,
    /// The smaller of p and 1 − p.
    Smaller,
}

/// The provider has schedules, but none that was in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no fee schedule of that time")]
pub struct NoSchedule;
