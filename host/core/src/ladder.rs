//! Ladders: the prices that a venue trades at, in bands of equal steps.

#![deny(clippy::float_arithmetic)]

use crate::exact::Ratio;
use antigravity_abi::Decimal;

/// The prices of one venue, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    first: i64,
    bands: &'static [Band],
}

/// The prices above the band before, up to `last`, each a `step` above the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Band {
    last: i64,
    step: i64,
}

const fn band(last: i64, step: i64) -> Band {
    Band { last, step }
}

impl Ladder {
    /// Decimal odds of Betfair, as in `utils.py` of flumine (betcode-org).
    pub const BETFAIR: Self = Self {
        first: 1_010,
        bands: &[
            band(2_000, 10),
            band(3_000, 20),
            band(4_000, 50),
            band(6_000, 100),
            band(10_000, 200),
            band(20_000, 500),
            band(30_000, 1_000),
            band(50_000, 2_000),
            band(100_000, 5_000),
            band(1_000_000, 10_000),
        ],
    };

    /// Decimal odds of Betdaq, from the same file.
    pub const BETDAQ: Self = Self {
        first: 1_010,
        bands: &[
            band(3_000, 10),
            band(4_000, 50),
            band(10_000, 100),
            band(20_000, 500),
            band(50_000, 1_000),
            band(200_000, 2_000),
            band(1_000_000, 5_000),
        ],
    };

    /// Kalshi's price structure `linear_cent` (docs.kalshi.com, fixed-point migration): whole cents.
    pub const KALSHI_LINEAR_CENT: Self = Self { first: 10, bands: &[band(990, 10)] };

    /// Kalshi's `tapered_deci_cent`: tenths of a cent below 0.10 and above 0.90, else whole cents.
    pub const KALSHI_TAPERED_DECI_CENT: Self =
        Self { first: 1, bands: &[band(100, 1), band(900, 10), band(999, 1)] };

    /// Kalshi's `deci_cent`: tenths of a cent.
    pub const KALSHI_DECI_CENT: Self = Self { first: 1, bands: &[band(999, 1)] };

    /// ForecastEx (its FAQ): whole cents from 0.02 to 0.99.
    pub const FORECASTEX: Self = Self { first: 20, bands: &[band(990, 10)] };

    /// Whether the venue trades at this price; trailing zeros do not matter.
    pub fn contains(&self, price: Decimal) -> bool {
        let thousandths = Ratio::of(price).times(Ratio::int(1_000));
        let Some(price) = thousandths.filter(|price| price.den() == 1).map(Ratio::num) else { return false };
        let mut from = i128::from(self.first);
        for band in self.bands {
            if price <= i128::from(band.last) {
                return price >= from && (price - from) % i128::from(band.step) == 0;
            }
            from = i128::from(band.last);
        }
        false
    }

    /// Every price, rising.
    pub fn prices(&self) -> impl Iterator<Item = Decimal> + '_ {
        let starts = std::iter::once(self.first - 1).chain(self.bands.iter().map(|band| band.last));
        let above = starts.zip(self.bands).flat_map(move |(below, band)| {
            // The first band begins with a price, the others a step above the band before.
            let from = if below < self.first { self.first } else { below + band.step };
            (0..).map(move |step| from + step * band.step).take_while(move |price| *price <= band.last)
        });
        above.filter_map(|price| Decimal::new(price, 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odds::{Price, from_format, in_format};
    use antigravity_abi::PriceFormat;
    use proptest::prelude::*;

    const ALL: [Ladder; 6] = [
        Ladder::BETFAIR,
        Ladder::BETDAQ,
        Ladder::KALSHI_LINEAR_CENT,
        Ladder::KALSHI_TAPERED_DECI_CENT,
        Ladder::KALSHI_DECI_CENT,
        Ladder::FORECASTEX,
    ];

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// `len(PRICES)` of flumine, and the same of its Betdaq bands.
    #[test]
    fn published_counts() {
        assert_eq!(Ladder::BETFAIR.prices().count(), 350);
        assert_eq!(Ladder::BETDAQ.prices().count(), 565);
        for ladder in [Ladder::BETFAIR, Ladder::BETDAQ] {
            assert_eq!(ladder.prices().next(), Some(d("1.01")));
            assert_eq!(ladder.prices().last(), Some(d("1000")));
        }
    }

    /// Up to each price the ladder goes in these steps.
    #[test]
    fn published_steps_of_betfair() {
        let mut from = d("1.01");
        for (to, step) in [
            ("2", "0.01"),
            ("3", "0.02"),
            ("4", "0.05"),
            ("6", "0.1"),
            ("10", "0.2"),
            ("20", "0.5"),
            ("30", "1"),
            ("50", "2"),
            ("100", "5"),
            ("1000", "10"),
        ] {
            let band: Vec<_> =
                Ladder::BETFAIR.prices().filter(|price| from <= *price && *price <= d(to)).collect();
            assert_eq!((band.first(), band.last()), (Some(&from), Some(&d(to))));
            for two in band.windows(2) {
                assert_eq!(Ratio::of(two[1]).minus(Ratio::of(two[0])), Some(Ratio::of(d(step))), "to {to}");
            }
            from = d(to);
        }
        for legal in ["1.01", "1.99", "2.00", "2.02", "3.05", "980", "1000"] {
            assert!(Ladder::BETFAIR.contains(d(legal)), "{legal}");
        }
        for none in ["1.00", "1.001", "2.01", "3.02", "4.05", "10.1", "985", "1010", "0", "-2"] {
            assert!(!Ladder::BETFAIR.contains(d(none)), "{none}");
        }
    }

    /// Kalshi, fixed-point migration: prices are strings of four places.
    #[test]
    fn published_price_structures() {
        let (linear, tapered, tenths) =
            (Ladder::KALSHI_LINEAR_CENT, Ladder::KALSHI_TAPERED_DECI_CENT, Ladder::KALSHI_DECI_CENT);
        assert_eq!([linear, tapered, tenths].map(|ladder| ladder.prices().count()), [99, 279, 999]);
        for (price, legal) in [
            ("0.0100", [true, true, true]),
            ("0.5000", [true, true, true]),
            ("0.9900", [true, true, true]),
            ("0.0010", [false, true, true]),
            ("0.0950", [false, true, true]),
            ("0.1000", [true, true, true]),
            ("0.1050", [false, false, true]),
            ("0.5550", [false, false, true]),
            ("0.8990", [false, false, true]),
            ("0.9000", [true, true, true]),
            ("0.9050", [false, true, true]),
            ("0.9990", [false, true, true]),
            ("0.0005", [false, false, false]),
            ("0.0000", [false, false, false]),
            ("1.0000", [false, false, false]),
        ] {
            assert_eq!([linear, tapered, tenths].map(|ladder| ladder.contains(d(price))), legal, "{price}");
        }
    }

    /// A pair of bids executes at 1.01, so yes at 0.02 meets no at 0.99.
    #[test]
    fn published_range_of_forecastex() {
        assert_eq!(Ladder::FORECASTEX.prices().count(), 98);
        for (price, legal) in [
            ("0.01", false),
            ("0.02", true),
            ("0.25", true),
            ("0.76", true),
            ("0.255", false),
            ("0.99", true),
            ("1.00", false),
        ] {
            assert_eq!(Ladder::FORECASTEX.contains(d(price)), legal, "{price}");
        }
    }

    #[test]
    fn every_price_of_an_exchange_is_odds_in_every_format() {
        for price in Ladder::BETFAIR.prices().chain(Ladder::BETDAQ.prices()) {
            let odds = Price::new(PriceFormat::Decimal, price).unwrap().decimal_odds();
            for format in PriceFormat::ALL {
                assert_eq!(from_format(*format, in_format(odds, *format)), Ok(odds), "{price} {format}");
            }
        }
    }

    proptest! {
        #[test]
        fn contains_what_it_lists(ladder in 0usize..6, mantissa in -2_000i64..1_100_000, scale in 0u8..5) {
            let (ladder, price) = (ALL[ladder], Decimal::new(mantissa, scale).unwrap());
            prop_assert_eq!(ladder.contains(price), ladder.prices().any(|known| known == price));
        }
    }
}
