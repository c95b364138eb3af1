//! Numbers as text, of any size.

use super::Refused;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// Longer texts are refused; no number of a certificate has as many digits.
const LONGEST: usize = 192;

/// A plain decimal number: `-0.75`, without exponent, plus sign, zeros before it or a minus before 0.
pub(super) fn decimal(field: &str, text: &str) -> Result<BigRational, Refused> {
    plain(text).ok_or_else(|| unreadable(field, text, "a plain decimal number"))
}

/// A plain decimal number, or a fraction of whole numbers: `2000/23`.
pub(super) fn fraction(field: &str, text: &str) -> Result<BigRational, Refused> {
    let read = || {
        let Some((num, den)) = text.split_once('/') else { return plain(text) };
        let whole = |text: &str| plain(text).filter(BigRational::is_integer);
        let den = whole(den).filter(Signed::is_positive)?;
        Some(whole(num)? / den)
    };
    read().ok_or_else(|| unreadable(field, text, "a plain decimal number or fraction"))
}

pub(super) fn unreadable(field: &str, text: &str, wanted: &str) -> Refused {
    let shown: String = text.chars().take(LONGEST).collect();
    Refused::Unreadable(format!("{field}: `{shown}` is not {wanted}"))
}

fn plain(text: &str) -> Option<BigRational> {
    if text.len() > LONGEST {
        return None;
    }
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, after) = digits.split_once('.').unwrap_or((digits, ""));
    let pointed = digits.len() > whole.len();
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || (pointed && after.is_empty()) || !all_digits(whole) || !all_digits(after) {
        return None;
    }
    let mantissa: BigInt = format!("{whole}{after}").parse().ok()?;
    let zeros_before = whole.len() > 1 && whole.starts_with('0');
    if zeros_before || (negative && mantissa.is_zero()) {
        return None;
    }
    let value = BigRational::new(mantissa, ten_to(after.len()));
    Some(if negative { -value } else { value })
}

fn ten_to(power: usize) -> BigInt {
    num_traits::pow(BigInt::from(10), power)
}

pub(super) fn int(value: i64) -> BigRational {
    BigRational::from_integer(value.into())
}

/// A decimal where it ends, else an irreducible fraction.
pub(super) fn print(value: &BigRational) -> String {
    let (mut rest, mut places) = (value.denom().clone(), 0usize);
    // The power of ten that the denominator divides, where there is one.
    for prime in [2, 5] {
        let (prime, mut power) = (BigInt::from(prime), 0);
        while (&rest % &prime).is_zero() {
            rest /= &prime;
            power += 1;
        }
        places = places.max(power);
    }
    if !rest.is_one() {
        return value.to_string();
    }
    with_places(&(value * BigRational::from_integer(ten_to(places))).to_integer(), places)
}

/// Rounded half to even, with this many places.
pub(super) fn rounded(value: &BigRational, places: usize) -> String {
    let scaled = value * BigRational::from_integer(ten_to(places));
    let (floor, half) = (scaled.floor(), BigRational::new(1.into(), 2.into()));
    let over = &scaled - &floor;
    let odd = !(floor.to_integer() % BigInt::from(2)).is_zero();
    let up = over > half || (over == half && odd);
    with_places(&(floor.to_integer() + BigInt::from(u8::from(up))), places)
}

fn with_places(value: &BigInt, places: usize) -> String {
    let digits = format!("{:0>width$}", value.abs().to_string(), width = places + 1);
    let (whole, after) = digits.split_at(digits.len() - places);
    let sign = if value.is_negative() { "-" } else { "" };
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{after}") }
}
