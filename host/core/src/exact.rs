//! Exact rational numbers: what money and odds are computed with.
//!
//! A price of 18 digits is a fraction below 2^69 over 2^63, so an `i128` holds what the engine
//! meets; what does not fit is refused, never rounded.

#![deny(clippy::float_arithmetic)]

mod text;

#[cfg(test)]
mod tests;

pub use text::{RatioError, rounded};

use antigravity_abi::Decimal;
use std::cmp::Ordering;

/// A rational number: a denominator above 0, in lowest terms. Every operation that could overflow
/// says `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// Never `i128::MIN`, so that its negative exists.
    num: i128,
    den: i128,
}

/// Which whole number a fraction becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Towards +∞.
    Up,
    /// Towards −∞.
    Down,
    /// To the nearest, a half towards +∞.
    HalfUp,
    /// To the nearest, a half to the even one.
    HalfEven,
}

impl Ratio {
    pub const ZERO: Self = Self::int(0);
    pub const ONE: Self = Self::int(1);
    pub const HALF: Self = Self { num: 1, den: 2 };
    /// 0.01
    pub const CENT: Self = Self { num: 1, den: 100 };

    /// `num / den` in lowest terms; `None` where `den` is 0 or either is `i128::MIN`.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 || num == i128::MIN || den == i128::MIN {
            return None;
        }
        Some(if den < 0 { Self::lowest(-num, -den) } else { Self::lowest(num, den) })
    }

    /// For callers that know `den > 0` and `num > i128::MIN`.
    pub(crate) fn lowest(num: i128, den: i128) -> Self {
        let common = gcd(num, den);
        if common == 1 { Self { num, den } } else { Self { num: num / common, den: den / common } }
    }

    pub const fn int(value: i64) -> Self {
        Self { num: value as i128, den: 1 }
    }

    /// The value of a decimal; always exact.
    pub fn of(value: Decimal) -> Self {
        // 10^18 fits an i64.
        Self::lowest(i128::from(value.mantissa()), 10i128.pow(u32::from(value.scale())))
    }

    pub const fn num(self) -> i128 {
        self.num
    }

    /// Above 0.
    pub const fn den(self) -> i128 {
        self.den
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.den == 1 && other.den == 1 {
            return whole(self.num.checked_add(other.num)?);
        }
        // a/b + c/d over b·(d/g) with g = gcd(b, d): only g can still divide the numerator.
        let common = gcd(self.den, other.den);
        let (b, d) = (self.den / common, other.den / common);
        let num = self.num.checked_mul(d)?.checked_add(other.num.checked_mul(b)?)?;
        let left = gcd(num, common);
        if num == i128::MIN {
            return None;
        }
        let den = (common / left).checked_mul(b)?.checked_mul(d)?;
        Some(Self { num: num / left, den })
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    /// The product.
    pub fn times(self, other: Self) -> Option<Self> {
        let (left, right) = (gcd(self.num, other.den), gcd(other.num, self.den));
        let num = (self.num / left).checked_mul(other.num / right)?;
        let den = (self.den / right).checked_mul(other.den / left)?;
        if num == i128::MIN { None } else { Some(Self { num, den }) }
    }

    /// The quotient; `None` also where `other` is 0.
    pub fn over(self, other: Self) -> Option<Self> {
        match other.num {
            0 => None,
            n if n < 0 => self.times(Self { num: -other.den, den: -n }),
            n => self.times(Self { num: other.den, den: n }),
        }
    }

    #[must_use]
    pub const fn negated(self) -> Self {
        Self { num: -self.num, den: self.den }
    }

    #[must_use]
    pub const fn abs(self) -> Self {
        Self { num: self.num.abs(), den: self.den }
    }

    /// −1, 0 or 1.
    pub const fn signum(self) -> i32 {
        self.num.signum() as i32
    }

    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// The greatest whole number that is not above it.
    pub const fn floor(self) -> i128 {
        self.num.div_euclid(self.den)
    }

    /// The smallest whole number that is not below it.
    pub const fn ceil(self) -> i128 {
        -(-self.num).div_euclid(self.den)
    }

    /// The whole number it becomes.
    pub const fn round(self, rounding: Rounding) -> i128 {
        let (floor, rest) = (self.floor(), self.num.rem_euclid(self.den));
        // rest against den − rest is twice rest against den, and cannot overflow.
        let missing = self.den - rest;
        let up = match rounding {
            Rounding::Up => rest > 0,
            Rounding::Down => false,
            Rounding::HalfUp => rest >= missing,
            Rounding::HalfEven => rest > missing || (rest == missing && floor % 2 != 0),
        };
        // Where a rest is left, the denominator is 2 or more and the floor far from the ends.
        if up { floor + 1 } else { floor }
    }

    /// The multiple of `quantum` it becomes; `None` where `quantum` is not above 0.
    pub fn to_multiple(self, quantum: Self, rounding: Rounding) -> Option<Self> {
        if quantum.num <= 0 {
            return None;
        }
        whole(self.over(quantum)?.round(rounding))?.times(quantum)
    }
}

fn whole(num: i128) -> Option<Ratio> {
    if num == i128::MIN { None } else { Some(Ratio { num, den: 1 }) }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    /// By continued fractions where the cross products might not fit: whole parts first, then the
    /// inverses of the rests, the other way round.
    fn cmp(&self, other: &Self) -> Ordering {
        let ((mut a, mut b), (mut c, mut d)) = ((self.num, self.den), (other.num, other.den));
        let small = |n: i128| i64::try_from(n).is_ok();
        if small(a) && small(b) && small(c) && small(d) {
            return (a * d).cmp(&(c * b));
        }
        let mut turned = false;
        loop {
            let wholes = a.div_euclid(b).cmp(&c.div_euclid(d));
            let (left, right) = (a.rem_euclid(b), c.rem_euclid(d));
            let found = if wholes != Ordering::Equal {
                wholes
            } else if left == 0 || right == 0 {
                left.cmp(&right)
            } else {
                ((a, b), (c, d)) = ((b, left), (d, right));
                turned = !turned;
                continue;
            };
            return if turned { found.reverse() } else { found };
        }
    }
}

/// The greatest common divisor, 0 of two zeros. 2^127, which is no `i128`, is given as 1.
pub fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        // Division of 128 bits is slow, and nearly everything fits 64.
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            return i128::from(gcd_of_words(x, y));
        }
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

fn gcd_of_words(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The least common multiple, never negative; `None` where it is above 2^127 − 1.
pub fn lcm(a: i128, b: i128) -> Option<i128> {
    if a == 0 || b == 0 {
        return Some(0);
    }
    (a / gcd(a, b)).checked_mul(b)?.checked_abs()
}
