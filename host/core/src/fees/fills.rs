//! Kalshi's charge fill by fill (docs.kalshi.com/getting_started/fee_rounding).

use crate::exact::{Ratio, Rounding};

/// The fills of one order, and what rounding has taken so far.
#[derive(Clone, Debug)]
pub struct Fills {
    accumulator: Ratio,
}

/// What one fill costs, in dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillCost {
    /// Taken by rounding the balance to whole cents.
    pub rounding: Ratio,
    /// The rounding of this order before the rebate.
    pub accumulated: Ratio,
    /// A cent given back once rounding has taken more than one from this order, else 0.
    pub rebate: Ratio,
    /// The trade fee with rounding, less the rebate.
    pub net_fee: Ratio,
    /// By how much the balance falls, before the rebate.
    pub debit: Ratio,
}

impl Fills {
    pub const fn new() -> Self {
        Self { accumulator: Ratio::ZERO }
    }

    /// One more fill: `cost` is contracts times price, `fee` its trade fee, already a multiple of $0.0001.
    /// `None` where a number does not fit; then nothing has changed.
    pub fn fill(&mut self, cost: Ratio, fee: Ratio) -> Option<FillCost> {
        let exact = cost.plus(fee)?;
        let debit = exact.to_multiple(Ratio::CENT, Rounding::Up)?;
        let rounding = debit.minus(exact)?;
        let accumulated = self.accumulator.plus(rounding)?;
        let rebate = if accumulated > Ratio::CENT { Ratio::CENT } else { Ratio::ZERO };
        let net_fee = fee.plus(rounding)?.minus(rebate)?;
        self.accumulator = accumulated.minus(rebate)?;
        Some(FillCost { rounding, accumulated, rebate, net_fee, debit })
    }
}

impl Default for Fills {
    fn default() -> Self {
        Self::new()
    }
}
