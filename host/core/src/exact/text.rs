//! Rational numbers as text: a decimal where it ends, else an irreducible fraction.

use super::{Ratio, Rounding};
use std::fmt::{self, Write};
use std::str::FromStr;

/// Why a text is not a rational number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RatioError {
    #[error("not a plain decimal number or fraction")]
    Syntax,
    #[error("too many digits")]
    Range,
    #[error("division by zero")]
    Zero,
}

/// The digits of `rest / den` after the point, one by one. `rest < den ≤ 2^127`.
struct Digits {
    rest: u128,
    den: u128,
}

impl Digits {
    fn next(&mut self) -> u8 {
        // Ten additions modulo `den`: the tenfold rest might not fit.
        let (mut sum, mut digit, gap) = (0, 0, self.den - self.rest);
        for _ in 0..10 {
            if sum >= gap {
                sum -= gap;
                digit += 1;
            } else {
                sum += self.rest;
            }
        }
        self.rest = sum;
        digit
    }
}

/// The number as it stands in certificates: `16.05`, `-3`, and `2000/23` where no decimal ends.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (num, den) = (self.num().unsigned_abs(), self.den().unsigned_abs());
        if self.num() < 0 {
            f.write_char('-')?;
        }
        if !ends(den) {
            return write!(f, "{num}/{den}");
        }
        write!(f, "{}", num / den)?;
        let mut digits = Digits { rest: num % den, den };
        if digits.rest > 0 {
            f.write_char('.')?;
        }
        while digits.rest > 0 {
            f.write_char(char::from(b'0' + digits.next()))?;
        }
        Ok(())
    }
}

/// Whether a fraction in lowest terms over `den` is a decimal that ends: no factor but 2 and 5.
fn ends(mut den: u128) -> bool {
    den >>= den.trailing_zeros();
    while den.is_multiple_of(5) {
        den /= 5;
    }
    den == 1
}

/// `value` with exactly `places` digits after the point (at most 18).
pub fn rounded(value: Ratio, places: u8, rounding: Rounding) -> String {
    let places = places.min(18);
    let (num, den) = (value.num().unsigned_abs(), value.den().unsigned_abs());
    let (mut whole, mut fraction) = (num / den, 0u64);
    let mut digits = Digits { rest: num % den, den };
    for _ in 0..places {
        fraction = fraction * 10 + u64::from(digits.next());
    }
    let (rest, missing, negative) = (digits.rest, den - digits.rest, value.signum() < 0);
    let odd = if places == 0 { !whole.is_multiple_of(2) } else { !fraction.is_multiple_of(2) };
    let away = match rounding {
        Rounding::Up => rest > 0 && !negative,
        Rounding::Down => rest > 0 && negative,
        Rounding::HalfUp => rest > missing || (rest == missing && !negative),
        Rounding::HalfEven => rest > missing || (rest == missing && odd),
    };
    fraction += u64::from(away);
    // Below 10^18 before, so at most 10^18 now.
    let unit = 10u64.pow(u32::from(places));
    if fraction == unit {
        (whole, fraction) = (whole + 1, 0);
    }
    let sign = if negative && (whole, fraction) != (0, 0) { "-" } else { "" };
    match places {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction:0width$}", width = usize::from(places)),
    }
}

impl FromStr for Ratio {
    type Err = RatioError;

    /// `[-]digits[.digits]` or such a number `/digits`. No exponent, no `+`, no white space.
    fn from_str(text: &str) -> Result<Self, RatioError> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (top, bottom) = rest.split_once('/').unwrap_or((rest, "1"));
        let value = match top.split_once('.') {
            None => Ratio::new(whole(top)?, 1),
            Some((before, after)) => {
                let places = u32::try_from(after.len()).map_err(|_| RatioError::Range)?;
                let unit = 10i128.checked_pow(places).ok_or(RatioError::Range)?;
                let whole = whole(before)?.checked_mul(unit).ok_or(RatioError::Range)?;
                whole.checked_add(self::whole(after)?).and_then(|num| Ratio::new(num, unit))
            }
        };
        let bottom = whole(bottom)?;
        if bottom == 0 {
            return Err(RatioError::Zero);
        }
        let value = value.zip(Ratio::new(1, bottom)).and_then(|(value, part)| value.times(part));
        let value = value.ok_or(RatioError::Range)?;
        Ok(if negative { value.negated() } else { value })
    }
}

fn whole(digits: &str) -> Result<i128, RatioError> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RatioError::Syntax);
    }
    digits.parse().map_err(|_| RatioError::Range)
}
