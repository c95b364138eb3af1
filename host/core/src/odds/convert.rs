//! The same odds in each of the six formats.

use super::{Odds, Price};
use crate::exact::Ratio;
use antigravity_abi::{Decimal, DecimalError, PriceFormat};

/// Why a text or number is a price in no odds, or not in this format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OddsError {
    #[error("not a plain decimal number")]
    NotANumber,
    #[error("0 is a price in no format")]
    Zero,
    #[error("decimal odds are above 1")]
    NotAboveOne,
    #[error("a Malay price is at most 1 either way")]
    MalayRange,
    #[error("an Indonesian price is 1 or more either way")]
    IndonesianRange,
    #[error("an American price is 100 or more either way")]
    AmericanRange,
    #[error("a probability is above 0 and below 1")]
    ProbabilityRange,
    #[error("too many digits")]
    TooPrecise,
}

const HUNDRED: Ratio = Ratio::int(100);

/// The value of these odds in a format, exact. With h = odds − 1: Hong Kong h; Malay h up to 1, then
/// −1/h; Indonesian −1/h below 1, then h; American a hundred times that; probability 1/odds. Evens are
/// Malay +1, Indonesian +1 and American +100.
pub fn in_format(odds: Odds, format: PriceFormat) -> Ratio {
    let profit = odds.profit();
    let inverse = Ratio::lowest(-profit.den(), profit.num());
    let indonesian = if profit >= Ratio::ONE { profit } else { inverse };
    match format {
        PriceFormat::Decimal => odds.ratio(),
        PriceFormat::HongKong => profit,
        PriceFormat::Malay => {
            if profit <= Ratio::ONE {
                profit
            } else {
                inverse
            }
        }
        PriceFormat::Indonesian => indonesian,
        // A numerator of odds is at most 10^36.
        PriceFormat::American => Ratio::lowest(100 * indonesian.num(), indonesian.den()),
        PriceFormat::Probability => odds.probability(),
    }
}

/// The odds that a value of a format stands for. Both signs of evens are read.
///
/// # Errors
/// [`OddsError`] where the value is outside the range of the format.
pub fn from_format(format: PriceFormat, value: Ratio) -> Result<Odds, OddsError> {
    range(format, value)?;
    let above = |profit: Option<Ratio>| profit.and_then(|profit| profit.plus(Ratio::ONE));
    let decimal = match format {
        PriceFormat::Decimal => Some(value),
        PriceFormat::HongKong => above(Some(value)),
        PriceFormat::Malay | PriceFormat::Indonesian if value > Ratio::ZERO => above(Some(value)),
        PriceFormat::Malay | PriceFormat::Indonesian => above(Ratio::ONE.over(value.abs())),
        PriceFormat::American if value > Ratio::ZERO => above(value.over(HUNDRED)),
        PriceFormat::American => above(HUNDRED.over(value.abs())),
        PriceFormat::Probability => Ratio::ONE.over(value),
    };
    Odds::of(decimal.ok_or(OddsError::TooPrecise)?)
}

/// A price from text in a format.
///
/// # Errors
/// [`OddsError::NotANumber`] for anything but plain digits (`NaN`, `inf`, `1e5`, nothing),
/// [`OddsError::TooPrecise`] beyond 18 digits, else what range the value is outside of.
pub fn read(format: PriceFormat, text: &str) -> Result<Price, OddsError> {
    let value = Decimal::parse(text.as_bytes()).map_err(|error| match error {
        DecimalError::Syntax => OddsError::NotANumber,
        DecimalError::Range => OddsError::TooPrecise,
    })?;
    range(format, Ratio::of(value))?;
    Price::new(format, value).ok_or(OddsError::TooPrecise)
}

fn range(format: PriceFormat, value: Ratio) -> Result<(), OddsError> {
    let size = value.abs();
    let (inside, error) = match format {
        _ if value.is_zero() => (false, OddsError::Zero),
        PriceFormat::Decimal => (value > Ratio::ONE, OddsError::NotAboveOne),
        PriceFormat::HongKong => (value > Ratio::ZERO, OddsError::NotAboveOne),
        PriceFormat::Malay => (size <= Ratio::ONE, OddsError::MalayRange),
        PriceFormat::Indonesian => (size >= Ratio::ONE, OddsError::IndonesianRange),
        PriceFormat::American => (size >= HUNDRED, OddsError::AmericanRange),
        PriceFormat::Probability => (value > Ratio::ZERO && value < Ratio::ONE, OddsError::ProbabilityRange),
    };
    if inside { Ok(()) } else { Err(error) }
}
