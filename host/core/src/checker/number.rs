//! Numbers as text, of any size.

use super::{Refused, must, unreadable, wrong};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use std::cmp::Ordering;

/// Longer texts are refused; no number of a certificate has as many digits.
pub(super) const LONGEST: usize = 192;

/// A plain decimal number: `-0.75`, without exponent, plus sign, zeros before it or a minus before 0.
pub(super) fn decimal(field: &str, text: &str) -> Result<BigRational, Refused> {
    plain(text).ok_or_else(|| unreadable(field, text, "a plain decimal number"))
}

/// A plain decimal number of 0 or more.
pub(super) fn unsigned(field: &str, text: &str) -> Result<BigRational, Refused> {
    let value = decimal(field, text)?;
    must(!value.is_negative(), field, text, "below 0")?;
    Ok(value)
}

/// A plain decimal number, or a fraction of whole numbers: `2000/23`.
pub(super) fn fraction(field: &str, text: &str) -> Result<BigRational, Refused> {
    let whole = |text| plain(text).filter(BigRational::is_integer);
    let value = match text.split_once('/') {
        Some((num, den)) => {
            whole(num).zip(whole(den).filter(Signed::is_positive)).map(|(num, den)| num / den)
        }
        None => plain(text),
    };
    value.ok_or_else(|| unreadable(field, text, "a plain decimal number or fraction"))
}

/// A stated number that must be this one.
pub(super) fn same(field: &str, said: &str, is: &BigRational) -> Result<(), Refused> {
    if fraction(field, said)? == *is { Ok(()) } else { Err(wrong(field, said, print(is))) }
}

fn plain(text: &str) -> Option<BigRational> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, after) = match digits.split_once('.') {
        Some((_, "")) => return None,
        parts => parts.unwrap_or((digits, "")),
    };
    let zeros_before = whole.len() > 1 && whole.starts_with('0');
    let all_digits = whole.bytes().chain(after.bytes()).all(|byte| byte.is_ascii_digit());
    if text.len() > LONGEST || whole.is_empty() || zeros_before || !all_digits {
        return None;
    }
    let value = BigRational::new(format!("{whole}{after}").parse().ok()?, ten_to(after.len()));
    let negative = digits.len() < text.len();
    if negative && value.is_zero() { None } else { Some(if negative { -value } else { value }) }
}

fn ten_to(power: usize) -> BigInt {
    num_traits::pow(BigInt::from(10), power)
}

pub(super) fn int(value: i64) -> BigRational {
    BigRational::from_integer(value.into())
}

/// A decimal where it ends, else an irreducible fraction.
pub(super) fn print(value: &BigRational) -> String {
    let (mut rest, mut places) = (value.denom().clone(), 0);
    // The power of ten that the denominator divides, where there is one.
    for prime in [2, 5].map(BigInt::from) {
        let mut power = 0;
        while (&rest % &prime).is_zero() {
            rest /= &prime;
            power += 1;
        }
        places = places.max(power);
    }
    if rest.is_one() { rounded(value, places) } else { value.to_string() }
}

/// Rounded half to even, with this many places.
pub(super) fn rounded(value: &BigRational, places: usize) -> String {
    let scaled = value * ten_to(places);
    let floor = scaled.floor().to_integer();
    let up = match (scaled - &floor).cmp(&BigRational::new(1.into(), 2.into())) {
        Ordering::Less => false,
        Ordering::Equal => floor.bit(0),
        Ordering::Greater => true,
    };
    let rounded = floor + BigInt::from(u8::from(up));
    let digits = format!("{:0>width$}", rounded.abs().to_string(), width = places + 1);
    let (whole, after) = digits.split_at(digits.len() - places);
    let (sign, point) = (if rounded.is_negative() { "-" } else { "" }, if places == 0 { "" } else { "." });
    format!("{sign}{whole}{point}{after}")
}
