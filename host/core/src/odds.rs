//! Exact odds: a price of any format as the decimal odds it stands for, without rounding.

use antigravity_abi::{Decimal, PriceFormat};
use std::fmt;

/// A price as the provider showed it.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    format: PriceFormat,
    value: Decimal,
}

/// Equal when format and value are; `0.8` and `0.80` are the same price.
impl PartialEq for Price {
    fn eq(&self, other: &Self) -> bool {
        self.format == other.format && self.value == other.value
    }
}

impl Eq for Price {}

impl Price {
    /// `None` where `value` is outside the range of `format`: never a guess.
    #[inline]
    pub fn new(format: PriceFormat, value: Decimal) -> Option<Self> {
        format.contains(value).then_some(Self { format, value })
    }

    pub const fn format(self) -> PriceFormat {
        self.format
    }

    pub const fn value(self) -> Decimal {
        self.value
    }

    /// What a stake of 1 returns when it wins, stake included.
    pub fn decimal_odds(self) -> Odds {
        let unit = 10i128.pow(u32::from(self.value.scale()));
        let n = i128::from(self.value.mantissa());
        let (num, den) = match self.format {
            PriceFormat::Decimal => (n, unit),
            PriceFormat::HongKong => (unit + n, unit),
            // 1 + x where positive, 1 + 1/|x| where negative.
            PriceFormat::Malay | PriceFormat::Indonesian if n > 0 => (unit + n, unit),
            PriceFormat::Malay | PriceFormat::Indonesian => (n.abs() + unit, n.abs()),
            PriceFormat::American if n > 0 => (100 * unit + n, 100 * unit),
            PriceFormat::American => (n.abs() + 100 * unit, n.abs()),
            PriceFormat::Probability => (unit, n),
        };
        Odds { num, den }
    }
}

/// Decimal odds as an exact fraction, above 1.
#[derive(Clone, Copy, Debug)]
pub struct Odds {
    num: i128,
    den: i128,
}

impl Odds {
    pub const fn fraction(self) -> (i128, i128) {
        (self.num, self.den)
    }
}

/// Six places, half to even.
impl fmt::Display for Odds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // num is below 2·10^20 (10^18 plus 100 units of 10^18), so 10^6 × num fits.
        let scaled = self.num * 1_000_000;
        let (mut whole, rest) = (scaled / self.den, scaled % self.den);
        let twice = rest * 2;
        if twice > self.den || (twice == self.den && whole % 2 == 1) {
            whole += 1;
        }
        write!(f, "{}.{:06}", whole / 1_000_000, whole % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odds(format: PriceFormat, value: &str) -> String {
        Price::new(format, value.parse().unwrap()).unwrap().decimal_odds().to_string()
    }

    #[test]
    fn known_conversions() {
        use PriceFormat as F;
        // Values of the R package odds.converter (marcoblume) and of soccerwidow.com.
        for (format, value, expected) in [
            (F::Malay, "0.9", "1.900000"),
            (F::Malay, "-0.6666666667", "2.500000"),
            (F::Malay, "-0.0003334445", "2999.999834"),
            (F::Malay, "-1", "2.000000"),
            (F::Indonesian, "-1.111111", "1.900000"),
            (F::Indonesian, "-10", "1.100000"),
            (F::Indonesian, "1.5", "2.500000"),
            (F::HongKong, "1.9", "2.900000"),
            (F::American, "190", "2.900000"),
            (F::American, "-400", "1.250000"),
            (F::American, "-115", "1.869565"),
            (F::Probability, "0.4", "2.500000"),
            (F::Decimal, "2.20", "2.200000"),
        ] {
            assert_eq!(odds(format, value), expected, "{format} {value}");
        }
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        assert_eq!(odds(PriceFormat::Decimal, "1.0000005"), "1.000000");
        assert_eq!(odds(PriceFormat::Decimal, "1.0000015"), "1.000002");
    }

    #[test]
    fn nothing_outside_the_range() {
        assert!(Price::new(PriceFormat::Malay, "1.01".parse().unwrap()).is_none());
        assert!(Price::new(PriceFormat::American, "-99".parse().unwrap()).is_none());
    }
}
