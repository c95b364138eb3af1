//! Handicaps and totals, in quarters of a goal.

#![deny(clippy::float_arithmetic)]

use crate::exact::Ratio;
use antigravity_abi::Decimal;

/// A handicap or a total in quarters of a goal, at most 500 goals either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line(i16);

/// Why a number is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    #[error("not a multiple of 0.25")]
    NotAQuarter,
    #[error("more than 500 goals")]
    Absurd,
    #[error("a total below 0")]
    NegativeTotal,
}

impl Line {
    /// The most quarters either way: 500 points are beyond any sport.
    pub const MOST: i16 = 2000;

    /// A handicap; negative where the side gives goals.
    ///
    /// # Errors
    /// [`LineError`] where it is no quarter or absurd.
    pub fn handicap(value: Decimal) -> Result<Self, LineError> {
        // Below 2^62 · 4: no overflow.
        let quarters = Ratio::lowest(i128::from(value.mantissa()) * 4, 10i128.pow(u32::from(value.scale())));
        if quarters.abs() > Ratio::int(i64::from(Self::MOST)) {
            return Err(LineError::Absurd);
        }
        if quarters.den() != 1 {
            return Err(LineError::NotAQuarter);
        }
        i16::try_from(quarters.num()).map(Self).map_err(|_| LineError::Absurd)
    }

    /// A total of goals or points, 0 or more.
    ///
    /// # Errors
    /// [`LineError`] where it is no quarter, absurd or below 0.
    pub fn total(value: Decimal) -> Result<Self, LineError> {
        if value.is_negative() {
            return Err(LineError::NegativeTotal);
        }
        Self::handicap(value)
    }

    pub const fn quarters(self) -> i16 {
        self.0
    }

    /// The line of the other side: −0.75 for +0.75.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        Self(-self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn quarters() {
        for (text, quarters) in [("-0.75", -3), ("0", 0), ("2.250", 9), ("500", 2000), ("-500", -2000)] {
            assert_eq!(Line::handicap(d(text)).map(Line::quarters), Ok(quarters), "{text}");
        }
        assert_eq!(Line::handicap(d("0.75")).map(Line::mirrored), Line::handicap(d("-0.75")));
    }

    #[test]
    fn what_is_no_line() {
        assert_eq!(Line::handicap(d("0.1")), Err(LineError::NotAQuarter));
        assert_eq!(Line::handicap(d("0.250000000000000001")), Err(LineError::NotAQuarter));
        assert_eq!(Line::handicap(d("500.25")), Err(LineError::Absurd));
        assert_eq!(Line::handicap(d("-999999999999999999")), Err(LineError::Absurd));
        assert_eq!(Line::total(d("-0.5")), Err(LineError::NegativeTotal));
        assert_eq!(Line::total(d("2.5")).map(Line::quarters), Ok(10));
    }
}
