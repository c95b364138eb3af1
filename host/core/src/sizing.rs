//! Sizing: the stakes whose worst state pays most.
//!
//! Stakes are whole numbers of steps within limits and caps. Of all of them the answer is the leximin
//! one: its lowest profit is the highest possible, then its next lowest, and so on; ties go to less
//! total risk, then to smaller stakes in the order of legs. The answer is exact: it is found among
//! whole numbers, with bounds that are rounded outward only.

#![deny(clippy::float_arithmetic)]
#![allow(dead_code)]

mod eliminate;
mod payout;
mod problem;
mod search;

#[cfg(test)]
mod tests;

/// Why a combination has no stakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    #[error("fewer than two legs")]
    TooFewLegs,
    #[error("more than three legs whose states are not one winner each, or more than 64")]
    TooManyLegs,
    #[error("a step that is not above 0")]
    BadStep,
    #[error("a minimum above the maximum")]
    MinAboveMax,
    #[error("the smallest stakes allowed are above a limit, the bankroll or a cap")]
    BelowMinimum,
    #[error("a number that is too long to compute with exactly")]
    Precision,
    #[error("commission on several legs together, of more than three legs")]
    CoupledFees,
    #[error("no stakes that profit in every state")]
    Unprofitable,
    #[error("the search was given up")]
    SearchLimit,
}
