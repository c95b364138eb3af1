//! Nominal stakes and risks, and the one place where they meet.
//!
//! ```compile_fail
//! # use antigravity_core::{exact::Ratio, stake::{NominalStake, Risk}};
//! let (nominal, risk) = (NominalStake::new(Ratio::ONE).unwrap(), Risk::new(Ratio::ONE).unwrap());
//! let _ = risk.plus(nominal); // what is staked is not what can be lost
//! ```

#![deny(clippy::float_arithmetic)]

use crate::exact::Ratio;
use crate::odds::Price;
use crate::settle::Settled;
use antigravity_abi::{PriceFormat, Side};
use std::fmt;

/// What the provider calls the stake: limits, steps and sizes are in it. Never below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NominalStake(Ratio);

/// What can be lost: bankroll and exposure are in it. Never below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Risk(Ratio);

macro_rules! amounts {
    ($($name:ident),+) => {$(
        impl $name {
            pub const ZERO: Self = Self(Ratio::ZERO);

            /// `None` below 0.
            pub fn new(amount: Ratio) -> Option<Self> {
                (amount.signum() >= 0).then_some(Self(amount))
            }

            pub const fn ratio(self) -> Ratio {
                self.0
            }

            /// The sum; `None` where it does not fit.
            pub fn plus(self, other: Self) -> Option<Self> {
                self.0.plus(other.0).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

amounts!(NominalStake, Risk);

/// What one unit of nominal stake wins and what it risks, both above 0: the one conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    win: Ratio,
    risk: Ratio,
}

impl Terms {
    /// The terms of a bet at this price; odds o, value v.
    ///
    /// | price | win | risk |
    /// |---|---|---|
    /// | decimal, Hong Kong, American, Malay and Indonesian above 0; back | o − 1 | 1 |
    /// | Malay and Indonesian below 0; back | 1 | −v |
    /// | probability; back | 1 − v | v |
    /// | probability; lay | v | 1 − v |
    /// | any other; lay | 1 | o − 1 |
    ///
    /// Malay and Indonesian as in SBOBET's betting rules: 10 at Malay −0.96 win 10 or lose 9.60. A
    /// contract of a probability price pays 1.
    pub fn of(price: Price, side: Side) -> Self {
        let value = price.value();
        let scale = 10i128.pow(u32::from(value.scale()));
        let mantissa = i128::from(value.mantissa());
        match (price.format(), side) {
            (PriceFormat::Probability, side) => {
                let (p, q) = (Ratio::lowest(mantissa, scale), Ratio::lowest(scale - mantissa, scale));
                if side == Side::Back { Self { win: q, risk: p } } else { Self { win: p, risk: q } }
            }
            (PriceFormat::Malay | PriceFormat::Indonesian, Side::Back) if mantissa < 0 => {
                Self { win: Ratio::ONE, risk: Ratio::lowest(-mantissa, scale) }
            }
            (_, side) => {
                let (num, den) = price.decimal_odds().fraction();
                let profit = Ratio::lowest(num - den, den);
                match side {
                    Side::Back => Self { win: profit, risk: Ratio::ONE },
                    Side::Lay => Self { win: Ratio::ONE, risk: profit },
                }
            }
        }
    }

    /// Won by one unit of nominal stake, above the stake.
    pub const fn win_per_unit(&self) -> Ratio {
        self.win
    }

    /// Lost by one unit of nominal stake.
    pub const fn risk_per_unit(&self) -> Ratio {
        self.risk
    }

    /// `None` where the product does not fit.
    pub fn risk(&self, nominal: NominalStake) -> Option<Risk> {
        nominal.0.times(self.risk).map(Risk)
    }

    /// `None` where the quotient does not fit.
    pub fn nominal(&self, risk: Risk) -> Option<NominalStake> {
        risk.0.over(self.risk).map(NominalStake)
    }

    /// The profit of a bet that was settled so, before fees; below 0 for a loss. A half win is half
    /// of what a win gives, a half loss half of the risk. `None` where it does not fit.
    pub fn pays(&self, nominal: NominalStake, settled: Settled) -> Option<Ratio> {
        let per_unit = match settled {
            Settled::Win => self.win,
            Settled::HalfWin => self.win.times(Ratio::HALF)?,
            Settled::Push | Settled::Void => Ratio::ZERO,
            Settled::HalfLoss => self.risk.times(Ratio::HALF)?.negated(),
            Settled::Loss => self.risk.negated(),
        };
        nominal.0.times(per_unit)
    }
}
