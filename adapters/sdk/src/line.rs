//! Numbers of Asian books: a line is sent as its size and, apart from it, who gives; −999 says that what
//! stands here is closed.

use crate::Decimal;

/// Most digits of a line. No line has more, and the packed form of a line cannot hold more than 16.
const MOST: i64 = 999_999_999;

/// Whether a number says that a line or price is there but closed: −999. The first test spares every
/// other price a comparison across scales: 9 % of an adapter's time on a full of positional rows.
#[inline]
pub fn is_closed(number: Decimal) -> bool {
    number.mantissa() <= -999 && number == Decimal::int(-999)
}

/// A handicap from the home side's view: negative where home gives. A handicap of 0 has no giver.
///
/// # Errors
/// What is wrong, where the size is below 0 or has ten digits, or nothing says who gives.
pub fn handicap(size: Decimal, home_gives: Option<bool>) -> Result<Decimal, &'static str> {
    let size = size.normalized();
    match home_gives {
        _ if size.is_negative() => Err("the handicap's size is below 0"),
        _ if size.mantissa() > MOST => Err("the handicap has more than nine digits"),
        _ if size.is_zero() => Ok(Decimal::ZERO),
        Some(true) => Ok(size.negated()),
        Some(false) => Ok(size),
        None => Err("nothing says who gives the handicap"),
    }
}

/// The points of a total.
///
/// # Errors
/// What is wrong, where they are not above 0 or have ten digits.
pub fn total(points: Decimal) -> Result<Decimal, &'static str> {
    let points = points.normalized();
    match points.mantissa() {
        ..=0 => Err("the total is not above 0"),
        1..=MOST => Ok(points),
        _ => Err("the total has more than nine digits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gives_has_the_minus() {
        let d = |text: &str| -> Decimal { text.parse().unwrap() };
        assert_eq!(handicap(d("0.50"), Some(true)).unwrap().to_string(), "-0.5");
        assert_eq!(handicap(d("0.25"), Some(false)).unwrap().to_string(), "0.25");
        assert_eq!(handicap(d("0.0"), Some(true)).unwrap().to_string(), "0");
        assert_eq!(handicap(d("0"), None), Ok(Decimal::ZERO));
        assert!(handicap(d("0.25"), None).is_err() && handicap(d("-0.25"), Some(true)).is_err());
        assert_eq!(total(d("2.50")).unwrap().to_string(), "2.5");
        assert!(total(d("0")).is_err() && total(d("-1")).is_err());
        assert!(is_closed(d("-999")) && is_closed(d("-999.0")));
        assert!(!is_closed(d("999")) && !is_closed(d("-9.99")) && !is_closed(d("-9990")));
        assert!(total(d("9999999999")).is_err() && handicap(d("1.234567891"), Some(true)).is_err());
    }
}
