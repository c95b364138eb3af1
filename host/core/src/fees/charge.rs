//! How one charge is computed.

use crate::exact::{Ratio, Rounding};
use crate::stake::NominalStake;

/// How a charge is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charge {
    None,
    /// For the order, whatever happens.
    Amount(AmountRule),
    /// A share of what an account wins net in one market, where that is above 0; from 0 to below 1.
    NetWin {
        rate: Ratio,
    },
}

/// A charge of `rate · base^exponent` for each contract, rounded once for the whole order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountRule {
    pub base: Base,
    /// 1 to 4.
    pub exponent: u8,
    /// 0 or more.
    pub rate: Ratio,
    pub rounding: Rounding,
    /// Above 0: amounts are multiples of it.
    pub quantum: Ratio,
    /// The least an order is charged.
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

impl AmountRule {
    /// The charge of one contract before rounding. `p` is 1 / odds of the selection, backed or laid: both
    /// bases are the same for p and 1 − p. `None` where it does not fit.
    pub fn per_unit(&self, p: Ratio) -> Option<Ratio> {
        let other = Ratio::ONE.minus(p)?;
        let base = match self.base {
            Base::Product => p.times(other)?,
            Base::Smaller => p.min(other),
        };
        (0..self.exponent).try_fold(self.rate, |charge, _| charge.times(base))
    }

    /// The charge of an order of this many contracts, rounded once. An order of nothing costs nothing.
    /// `None` where it does not fit.
    pub fn amount(&self, contracts: NominalStake, p: Ratio) -> Option<Ratio> {
        if contracts == NominalStake::ZERO {
            return Some(Ratio::ZERO);
        }
        let exact = self.per_unit(p)?.times(contracts.ratio())?;
        let rounded = exact.to_multiple(self.quantum, self.rounding)?;
        Some(self.minimum.map_or(rounded, |minimum| rounded.max(minimum)))
    }
}

impl Charge {
    /// What orders schedules by how dear they are: the charge at even odds, for one contract or one won.
    pub(super) fn at_evens(&self) -> Option<Ratio> {
        match self {
            Self::None => Some(Ratio::ZERO),
            Self::Amount(rule) => rule.per_unit(Ratio::HALF),
            Self::NetWin { rate } => rate.times(Ratio::HALF),
        }
    }
}
