//! Exact odds: a price of any format as the decimal odds it stands for, without rounding.

#![deny(clippy::float_arithmetic)]

mod convert;

#[cfg(test)]
mod tests;

pub use convert::{OddsError, from_format, in_format, read};

use crate::exact::{Ratio, Rounding, rounded};
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
    /// The largest numerator: a hundred times it still fits, so every format can be computed.
    const MOST: i128 = 10i128.pow(36);

    /// # Errors
    /// [`OddsError::NotAboveOne`], and [`OddsError::TooPrecise`] beyond 36 digits.
    pub fn of(decimal: Ratio) -> Result<Self, OddsError> {
        if decimal <= Ratio::ONE {
            return Err(OddsError::NotAboveOne);
        }
        // Above 1, so the numerator is the larger number.
        if decimal.num() > Self::MOST {
            return Err(OddsError::TooPrecise);
        }
        Ok(Self { num: decimal.num(), den: decimal.den() })
    }

    /// The odds in lowest terms.
    pub fn ratio(self) -> Ratio {
        Ratio::lowest(self.num, self.den)
    }

    /// What a stake of 1 wins above itself: odds − 1.
    pub fn profit(self) -> Ratio {
        Ratio::lowest(self.num - self.den, self.den)
    }

    /// What the odds imply, margin included: 1 / odds.
    pub fn probability(self) -> Ratio {
        Ratio::lowest(self.den, self.num)
    }
}

/// Equal when the values are.
impl PartialEq for Odds {
    fn eq(&self, other: &Self) -> bool {
        self.ratio() == other.ratio()
    }
}

impl Eq for Odds {}

/// Six places, half to even.
impl fmt::Display for Odds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Odds of a price are below 2·10^20 (10^18 plus 100 units of 10^18), so 10^6 × num fits.
        let Some(scaled) = self.num.checked_mul(1_000_000) else {
            return f.write_str(&rounded(self.ratio(), 6, Rounding::HalfEven));
        };
        let (mut whole, rest) = (scaled / self.den, scaled % self.den);
        let twice = rest * 2;
        if twice > self.den || (twice == self.den && whole % 2 == 1) {
            whole += 1;
        }
        write!(f, "{}.{:06}", whole / 1_000_000, whole % 1_000_000)
    }
}
