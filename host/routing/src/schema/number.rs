//! JSON numbers compared by their mathematical value, from their text, exactly.

/// A number as sign, significant digits and the power of ten of the last one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    negative: bool,
    /// Digits before and after the point, outer zeros cut off; together they have no zero at
    /// either end, and zero itself has none at all.
    whole: &'a [u8],
    fraction: &'a [u8],
    last: i64,
}

impl<'a> Number<'a> {
    /// `text` is a JSON number; of anything else some number is made.
    pub(super) fn read(text: &'a [u8]) -> Self {
        let (negative, text) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = match text.iter().position(|b| matches!(b, b'e' | b'E')) {
            Some(at) => (&text[..at], exponent(&text[at + 1..])),
            None => (text, 0),
        };
        let (mut whole, mut fraction) = match mantissa.iter().position(|b| *b == b'.') {
            Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
            None => (mantissa, &[][..]),
        };
        fraction = without_last_zeros(fraction);
        let mut last = power.saturating_sub_unsigned(fraction.len() as u64);
        if fraction.is_empty() {
            let kept = without_last_zeros(whole);
            last = power.saturating_add_unsigned((whole.len() - kept.len()) as u64);
            whole = kept;
        }
        whole = without_first_zeros(whole);
        if whole.is_empty() {
            fraction = without_first_zeros(fraction);
            if fraction.is_empty() {
                return Self { negative: false, whole, fraction, last: 0 };
            }
        }
        Self { negative, whole, fraction, last }
    }

    pub(super) const fn is_integer(self) -> bool {
        self.last >= 0
    }
}

impl PartialEq for Number<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.negative == other.negative
            && self.last == other.last
            && self.whole.iter().chain(self.fraction).eq(other.whole.iter().chain(other.fraction))
    }
}

fn exponent(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let add = |sum: i64, b: &u8| sum.saturating_mul(10).saturating_add(i64::from(b.wrapping_sub(b'0')));
    let size = digits.iter().fold(0, add);
    if negative { -size } else { size }
}

fn without_last_zeros(digits: &[u8]) -> &[u8] {
    let end = digits.iter().rposition(|b| *b != b'0').map_or(0, |at| at + 1);
    &digits[..end]
}

fn without_first_zeros(digits: &[u8]) -> &[u8] {
    let start = digits.iter().position(|b| *b != b'0').unwrap_or(digits.len());
    &digits[start..]
}

#[cfg(test)]
mod tests {
    use super::Number;
    use proptest::prelude::*;

    #[test]
    fn one_value_in_many_spellings() {
        let same = |a: &str, b: &str| Number::read(a.as_bytes()) == Number::read(b.as_bytes());
        for (a, b) in [
            ("120", "1.2e2"),
            ("120", "12E+1"),
            ("0.05", "5e-2"),
            ("0.050", "50.0e-3"),
            ("-0", "0.00e9"),
            ("-1.0", "-1"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("1", "10"),
            ("1", "-1"),
            ("0.1", "0.01"),
            ("101", "11"),
            ("9007199254740993", "9007199254740992"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn whole_numbers() {
        let whole = |text: &str| Number::read(text.as_bytes()).is_integer();
        assert!(
            whole("1.0") && whole("1.50e1") && whole("0.0") && whole("-3") && whole("1e99999999999999999999")
        );
        assert!(!whole("1.5") && !whole("1e-1") && !whole("15e-1") && !whole("1e-99999999999999999999"));
    }

    proptest! {
        #[test]
        fn agrees_with_floats(a in -2000i32..2000, b in -2000i32..2000, s in 0u8..3, t in 0u8..3) {
            let text = |n: i32, scale: u8| format!("{n}e-{scale}");
            let value = |n: i32, scale: u8| f64::from(n) * f64::from(10i32.pow(u32::from(3 - scale)));
            let same = Number::read(text(a, s).as_bytes()) == Number::read(text(b, t).as_bytes());
            prop_assert_eq!(same, value(a, s) == value(b, t));
        }

        #[test]
        fn any_bytes(a in proptest::collection::vec(any::<u8>(), 0..12)) {
            prop_assert!(Number::read(&a) == Number::read(&a));
        }
    }
}
