//! Hedges: the bet on the other side after which an open bet pays the same whatever happens.

#![deny(clippy::float_arithmetic)]

use crate::exact::Ratio;
use crate::odds::{Odds, Price};
use crate::stake::{NominalStake, Terms};
use antigravity_abi::Side;

/// A bet that was taken and is not settled. It pays no commission of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub price: Price,
    pub side: Side,
    pub nominal: NominalStake,
}

/// The nominal stake, on the other side of the same selection at `price`, with which `open` pays the same
/// whether the selection wins or not; `commission` is the share of what this stake wins that is kept, from
/// 0 to below 1. With s at odds b laid at odds l it is s·b/(l − c); in every format it is what the open
/// bet pays over what a unit pays after commission. `None` where a number does not fit, or the commission
/// is none.
pub fn stake(open: &Open, price: Price, commission: Ratio) -> Option<NominalStake> {
    let side = match open.side {
        Side::Back => Side::Lay,
        Side::Lay => Side::Back,
    };
    let terms = Terms::of(price, side);
    let pays = terms.win_per_unit().times(kept(commission)?)?.plus(terms.risk_per_unit())?;
    let open = Terms::of(open.price, open.side).contracts(open.nominal)?;
    NominalStake::new(open.ratio().over(pays)?)
}

/// The odds that laying at `odds` comes to where a share c of what is won is kept: (l − c)/(1 − c). `None`
/// as of [`stake`].
pub fn effective_lay_odds(odds: Odds, commission: Ratio) -> Option<Ratio> {
    odds.ratio().minus(commission)?.over(kept(commission)?)
}

/// 1 − c
fn kept(commission: Ratio) -> Option<Ratio> {
    let sound = commission >= Ratio::ZERO && commission < Ratio::ONE;
    sound.then(|| Ratio::ONE.minus(commission)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::{Rounding, rounded};
    use crate::odds::read;
    use crate::settle::Settled;
    use antigravity_abi::PriceFormat;
    use proptest::prelude::*;

    fn r(text: &str) -> Ratio {
        text.parse().unwrap()
    }

    fn decimal(odds: &str) -> Price {
        read(PriceFormat::Decimal, odds).unwrap()
    }

    fn hundred(side: Side, odds: &str) -> Open {
        Open { price: decimal(odds), side, nominal: NominalStake::new(Ratio::int(100)).unwrap() }
    }

    /// What both bets pay together where the selection wins and where it does not.
    fn both_ways(open: &Open, price: Price, laid: NominalStake, commission: Ratio) -> [Ratio; 2] {
        let side = if open.side == Side::Back { Side::Lay } else { Side::Back };
        [Settled::Win, Settled::Loss].map(|settled| {
            let after = |side: Side| if side == Side::Back { settled } else { settled.mirrored() };
            let first = Terms::of(open.price, open.side).pays(open.nominal, after(open.side)).unwrap();
            let hedge = Terms::of(price, side).pays(laid, after(side)).unwrap();
            let charge = hedge.max(Ratio::ZERO).times(commission).unwrap();
            first.plus(hedge).and_then(|sum| sum.minus(charge)).unwrap()
        })
    }

    /// Lay stakes s·b/(l − c): 105.2632 leave nothing, 105.7692 leave 3.6538.
    #[test]
    fn published_lay_stakes() {
        for (back, lay, commission, exact, shown, profit) in [
            ("3.0", "2.9", "0.05", "2000/19", "105.2632", "0.0000"),
            ("2.20", "2.10", "0.02", "1375/13", "105.7692", "3.6538"),
        ] {
            let (open, price, commission) = (hundred(Side::Back, back), decimal(lay), r(commission));
            let laid = stake(&open, price, commission).unwrap();
            assert_eq!(laid.ratio(), r(exact));
            assert_eq!(rounded(laid.ratio(), 4, Rounding::HalfEven), shown);
            for way in both_ways(&open, price, laid, commission) {
                assert_eq!(rounded(way, 4, Rounding::HalfEven), profit);
            }
        }
    }

    /// Effective lay odds of geekstoy: 2.00 at 5 % are 39/19.
    #[test]
    fn published_effective_lay_odds() {
        let odds = effective_lay_odds(decimal("2.00").decimal_odds(), r("0.05")).unwrap();
        assert_eq!(odds, r("39/19"));
        assert_eq!(rounded(odds, 4, Rounding::HalfEven), "2.0526");
        assert_eq!(effective_lay_odds(decimal("2.00").decimal_odds(), Ratio::ZERO), Some(Ratio::int(2)));
    }

    /// NautilusTrader's bet.rs: 100 backed at 2.0 are flat after 125 laid at 1.6 (25 both ways) or 80 at
    /// 2.5; 100 laid at 2.0 after 133.33333333 backed at 1.5.
    #[test]
    fn published_hedges() {
        for (side, open, price, exact, profit) in [
            (Side::Back, "2.0", "1.6", "125", "25"),
            (Side::Back, "2.0", "2.5", "80", "-20"),
            (Side::Lay, "2.0", "1.5", "400/3", "-100/3"),
        ] {
            let (open, price) = (hundred(side, open), decimal(price));
            let hedge = stake(&open, price, Ratio::ZERO).unwrap();
            assert_eq!(hedge.ratio(), r(exact));
            assert_eq!(both_ways(&open, price, hedge, Ratio::ZERO), [r(profit); 2]);
        }
        assert_eq!(rounded(r("400/3"), 8, Rounding::HalfEven), "133.33333333");
    }

    /// The same source: 100 backed at 5.0 and 100 laid at 4.0 win 100 where the selection does.
    #[test]
    fn published_profit_and_loss() {
        let open = hundred(Side::Back, "5.0");
        assert_eq!(
            both_ways(&open, decimal("4.0"), open.nominal, Ratio::ZERO),
            [Ratio::int(100), Ratio::ZERO]
        );
    }

    #[test]
    fn no_commission_is_one() {
        for wrong in ["1", "-0.01", "2"] {
            assert_eq!(stake(&hundred(Side::Back, "2.0"), decimal("2.0"), r(wrong)), None);
            assert_eq!(effective_lay_odds(decimal("2.0").decimal_odds(), r(wrong)), None);
        }
    }

    proptest! {
        #[test]
        fn a_hedge_pays_the_same_both_ways(
            formats in (0usize..6, 0usize..6), values in (-5_000i64..5_000, -5_000i64..5_000),
            laid: bool, nominal in 1i64..100_000, per_cent in 0i128..100,
        ) {
            let price = |format: usize, value| Price::new(PriceFormat::ALL[format], antigravity_abi::Decimal::new(value, 2)?);
            let (Some(one), Some(other)) = (price(formats.0, values.0), price(formats.1, values.1)) else { return Ok(()) };
            let side = if laid { Side::Lay } else { Side::Back };
            let open = Open { price: one, side, nominal: NominalStake::new(Ratio::int(nominal)).unwrap() };
            let commission = Ratio::new(per_cent, 100).unwrap();
            let hedge = stake(&open, other, commission).unwrap();
            let [win, loss] = both_ways(&open, other, hedge, commission);
            prop_assert_eq!(win, loss);
        }
    }
}
