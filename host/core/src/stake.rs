//! Nominal stakes and risks, and the one place where they meet.
//!
//! ```compile_fail,E0308
//! # use antigravity_core::{exact::Ratio, stake::{NominalStake, Risk}};
//! # let (Some(nominal), Some(risk)) = (NominalStake::new(Ratio::ONE), Risk::new(Ratio::ONE)) else { return };
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
                let profit = price.decimal_odds().profit();
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

    /// The bet as contracts that pay 1 each: as many as it pays when it wins, stake included. A nominal
    /// stake at a probability price is that already. `None` where it does not fit.
    pub fn contracts(&self, nominal: NominalStake) -> Option<NominalStake> {
        self.win.plus(self.risk)?.times(nominal.0).map(NominalStake)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odds::read;
    use PriceFormat as F;
    use antigravity_abi::Decimal;
    use proptest::prelude::*;

    fn r(text: &str) -> Ratio {
        text.parse().unwrap()
    }

    fn terms(format: F, value: &str, side: Side) -> Terms {
        Terms::of(read(format, value).unwrap(), side)
    }

    /// SBOBET's help: a nominal stake of 10 at Malay −0.96 wins 10 and loses 9.60, at Indonesian −1.96
    /// it wins 10 and loses 19.60.
    #[test]
    fn published_stakes_of_negative_prices() {
        let ten = NominalStake::new(Ratio::int(10)).unwrap();
        for (format, value, lost) in [(F::Malay, "-0.96", "9.6"), (F::Indonesian, "-1.96", "19.6")] {
            let terms = terms(format, value, Side::Back);
            assert_eq!(terms.pays(ten, Settled::Win), Some(Ratio::int(10)));
            assert_eq!(terms.pays(ten, Settled::Loss), Some(r(lost).negated()));
            assert_eq!(terms.pays(ten, Settled::HalfWin), Some(Ratio::int(5)));
            assert_eq!(terms.pays(ten, Settled::HalfLoss), r(lost).times(Ratio::HALF).map(Ratio::negated));
            assert_eq!(terms.risk(ten).map(Risk::ratio), Some(r(lost)));
        }
    }

    #[test]
    fn each_format_and_side() {
        for (format, value, side, win, risk) in [
            (F::Decimal, "2.10", Side::Back, "1.1", "1"),
            (F::Decimal, "2.10", Side::Lay, "1", "1.1"),
            (F::HongKong, "0.9", Side::Back, "0.9", "1"),
            (F::HongKong, "0.9", Side::Lay, "1", "0.9"),
            (F::American, "-150", Side::Back, "2/3", "1"),
            (F::American, "150", Side::Back, "1.5", "1"),
            (F::Malay, "0.95", Side::Back, "0.95", "1"),
            (F::Malay, "-0.5", Side::Back, "1", "0.5"),
            (F::Malay, "-0.5", Side::Lay, "1", "2"),
            (F::Indonesian, "1.5", Side::Back, "1.5", "1"),
            (F::Indonesian, "-2", Side::Lay, "1", "0.5"),
            (F::Probability, "0.42", Side::Back, "0.58", "0.42"),
            (F::Probability, "0.42", Side::Lay, "0.42", "0.58"),
        ] {
            let terms = terms(format, value, side);
            assert_eq!((terms.win_per_unit(), terms.risk_per_unit()), (r(win), r(risk)), "{format} {value}");
        }
    }

    /// 50 at 2.00, 100 contracts at 0.50, and 50 at Malay 1 all pay 100.
    #[test]
    fn the_same_bet_in_contracts() {
        for (format, value, side, nominal) in [
            (F::Decimal, "2.00", Side::Back, "50"),
            (F::Decimal, "2.00", Side::Lay, "50"),
            (F::Probability, "0.5", Side::Back, "100"),
            (F::Probability, "0.42", Side::Lay, "100"),
            (F::Malay, "-0.25", Side::Back, "80"),
            (F::American, "-400", Side::Back, "80"),
        ] {
            let nominal = NominalStake::new(r(nominal)).unwrap();
            let found = terms(format, value, side).contracts(nominal).unwrap();
            assert_eq!(found.ratio(), Ratio::int(100), "{format} {value}");
        }
    }

    #[test]
    fn no_stake_is_below_zero() {
        assert_eq!(NominalStake::new(r("-0.01")), None);
        assert_eq!(Risk::new(Ratio::int(-1)), None);
    }

    proptest! {
        #[test]
        fn risk_and_nominal_stake_turn_into_each_other(mantissa in 1i64..9_999, cents in 1i64..1_000_000) {
            let price = Price::new(F::Probability, Decimal::new(mantissa, 4).unwrap()).unwrap();
            let nominal = NominalStake::new(Ratio::new(cents.into(), 100).unwrap()).unwrap();
            for side in [Side::Back, Side::Lay] {
                let terms = Terms::of(price, side);
                prop_assert_eq!(terms.risk(nominal).and_then(|risk| terms.nominal(risk)), Some(nominal));
            }
            // Who backs and who lays split the contract's one.
            let (back, lay) = (Terms::of(price, Side::Back), Terms::of(price, Side::Lay));
            for settled in [Settled::Win, Settled::HalfWin, Settled::Push, Settled::HalfLoss, Settled::Loss, Settled::Void] {
                let sum = back.pays(nominal, settled).zip(lay.pays(nominal, settled.mirrored()));
                prop_assert_eq!(sum.and_then(|(one, other)| one.plus(other)), Some(Ratio::ZERO));
            }
        }
    }
}
