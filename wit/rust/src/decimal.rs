//! Exact decimal numbers, as they stand on the wire.

use std::cmp::Ordering;
use std::fmt;

/// `mantissa / 10^scale`, with the digits exactly as they were sent: `0.80` keeps its last zero.
///
/// Equality and order compare the value (`0.8 == 0.80`); use [`Decimal::identical`] for the digits.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i64,
    scale: u8,
}

/// Why a text is not a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// Not digits with at most one point and an optional leading sign.
    Syntax,
    /// More than 18 significant digits, or more than 18 after the point.
    Range,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "not a plain decimal number",
            Self::Range => "more than 18 digits",
        })
    }
}

impl std::error::Error for DecimalError {}

impl Decimal {
    /// Most digits after the point.
    pub const MAX_SCALE: u8 = 18;
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// `mantissa / 10^scale`; `None` where `scale` is above [`Self::MAX_SCALE`] or the mantissa has
    /// more than 18 digits.
    #[inline]
    pub const fn new(mantissa: i64, scale: u8) -> Option<Self> {
        if scale > Self::MAX_SCALE || mantissa.unsigned_abs() >= 1_000_000_000_000_000_000 {
            return None;
        }
        Some(Self { mantissa, scale })
    }

    /// A whole number of at most 9 digits.
    #[inline]
    pub const fn int(value: i32) -> Self {
        Self { mantissa: value as i64, scale: 0 }
    }

    #[inline]
    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    #[inline]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    #[inline]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    #[inline]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The same digits with the point moved `places` to the left: AFB88's `-13.3` is `-1.33`.
    #[inline]
    pub const fn shifted_left(self, places: u8) -> Option<Self> {
        Self::new(self.mantissa, self.scale.saturating_add(places))
    }

    #[inline]
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    #[inline]
    #[must_use]
    pub const fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), scale: self.scale }
    }

    /// The same digits after the same point, not only the same value.
    #[inline]
    pub const fn identical(self, other: Self) -> bool {
        self.mantissa == other.mantissa && self.scale == other.scale
    }

    /// The same value without trailing zeros after the point.
    #[must_use]
    pub const fn normalized(self) -> Self {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Plain decimal text: digits, at most one point, an optional `-` or `+`. No exponent, no
    /// white space. `.48` and `5.` are read as `0.48` and `5`.
    ///
    /// # Errors
    /// [`DecimalError`] where the text has another form or more than 18 digits.
    #[inline]
    pub fn parse(text: &[u8]) -> Result<Self, DecimalError> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let mut mantissa: u64 = 0;
        let mut scale: u8 = 0;
        let mut point = false;
        let mut seen = false;
        for &byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                seen = true;
                mantissa = mantissa * 10 + u64::from(digit);
                if mantissa >= 1_000_000_000_000_000_000 {
                    return Err(DecimalError::Range);
                }
                if point {
                    scale += 1;
                    if scale > Self::MAX_SCALE {
                        return Err(DecimalError::Range);
                    }
                }
            } else if byte == b'.' && !point {
                point = true;
            } else {
                return Err(DecimalError::Syntax);
            }
        }
        if !seen {
            return Err(DecimalError::Syntax);
        }
        #[allow(clippy::cast_possible_wrap)] // below 10^18, which fits
        let mantissa = mantissa as i64;
        Ok(Self { mantissa: if negative { -mantissa } else { mantissa }, scale })
    }
}

impl Decimal {
    /// [`Self::parse`] of the first `len` bytes of a little-endian word, without a loop: next to all
    /// numbers on the wire have eight characters or fewer, and loops of such lengths are mispredicted.
    /// `None` where `len` is not 1 to 8, or the text is not digits with at most one point: then
    /// [`Self::parse`] says what it is.
    #[inline(always)]
    pub const fn parse_word(word: u64, len: usize) -> Option<Self> {
        const ZEROS: u64 = 0x3030_3030_3030_3030;
        const LOW: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = 0x8080_8080_8080_8080;
        if len == 0 || len > 8 {
            return None;
        }
        // The text at the top, zeros in front of it.
        let empty = 64 - 8 * len as u32;
        let text = if empty == 0 { word } else { (word << empty) | (ZEROS >> (64 - empty)) };
        // The first point, as the high bit of its byte.
        let points = text ^ (LOW * b'.' as u64);
        let points = points.wrapping_sub(LOW) & !points & HIGH;
        let (text, scale) = if points == 0 {
            (text, 0)
        } else {
            let at = points.trailing_zeros() - 7;
            let before = (1u64 << at) - 1;
            let after = text & !(before | (0xff << at));
            (after | ((text & before) << 8) | b'0' as u64, (56 - at) / 8)
        };
        let digits = text ^ ZEROS;
        // A byte above 9 carries into its high bit, or has it already.
        let wrong = digits.wrapping_add(LOW * 0x76) | digits;
        if wrong & HIGH != 0 || (points != 0 && len == 1) {
            return None;
        }
        let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
        let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
        let eight = (fours * 10_000 + (fours >> 32)) & 0xffff_ffff;
        Some(Self { mantissa: eight as i64, scale: scale as u8 })
    }
}

impl std::str::FromStr for Decimal {
    type Err = DecimalError;
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::parse(text.as_bytes())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let unit = 10u64.pow(u32::from(self.scale));
        write!(f, "{sign}{}.{:0width$}", digits / unit, digits % unit, width = usize::from(self.scale))
    }
}

impl PartialEq for Decimal {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        if self.scale == other.scale {
            return self.mantissa == other.mantissa;
        }
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let n = self.normalized();
        (n.mantissa, n.scale).hash(state);
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // 10^18 * 10^18 = 10^36 fits an i128.
        let scale = self.scale.max(other.scale);
        let lift = |d: &Self| i128::from(d.mantissa) * 10i128.pow(u32::from(scale - d.scale));
        lift(self).cmp(&lift(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn keeps_digits_and_compares_values() {
        assert_eq!(d("0.80").to_string(), "0.80");
        assert_eq!(d("-1.330").to_string(), "-1.330");
        assert_eq!(d(".48").to_string(), "0.48");
        assert_eq!(d("0.80"), d("0.8"));
        assert!(!d("0.80").identical(d("0.8")));
        assert!(d("-0.25") < d("0"));
        assert_eq!(d("-13.3").shifted_left(1).unwrap().to_string(), "-1.33");
        assert_eq!(d("7").shifted_left(2).unwrap().to_string(), "0.07");
    }

    #[test]
    fn refuses_what_is_not_plain() {
        for text in ["", "-", ".", "1e5", " 1", "1 ", "1.2.3", "--1", "NaN", "\u{2212}1", "0x1"] {
            assert_eq!(Decimal::parse(text.as_bytes()), Err(DecimalError::Syntax), "{text:?}");
        }
        assert_eq!(Decimal::parse(b"1234567890123456789"), Err(DecimalError::Range));
        assert_eq!(Decimal::parse(b"0.0000000000000000001"), Err(DecimalError::Range));
    }

    fn word(text: &[u8]) -> u64 {
        text.iter().rev().fold(0xdead_beef, |word, byte| (word << 8) | u64::from(*byte))
    }

    #[test]
    fn short_texts_need_no_loop() {
        for text in
            ["0", "7", "8.8", "18.62", "13002", "1000", "1.01", "0.00", ".5", "5.", "12345678", "1.234567"]
        {
            let fast = Decimal::parse_word(word(text.as_bytes()), text.len());
            assert!(fast.is_some_and(|fast| fast.identical(d(text))), "{text}: {fast:?}");
        }
        for text in ["", ".", "-1", "+1", "1e5", "1.2.3", "..", "1:", "1/", "123456789"] {
            assert_eq!(Decimal::parse_word(word(text.as_bytes()), text.len()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_loop_free_way_reads_the_same(text in proptest::collection::vec(any::<u8>(), 0..=9)) {
            let slow = Decimal::parse(&text).ok();
            if let Some(fast) = Decimal::parse_word(word(&text), text.len()) {
                prop_assert!(slow.is_some_and(|slow| slow.identical(fast)));
            }
        }

        #[test]
        fn the_loop_free_way_reads_all_short_numbers(text in "[0-9]{0,8}\\.?[0-9]{0,8}") {
            prop_assume!((1..=8).contains(&text.len()));
            let (slow, fast) = (Decimal::parse(text.as_bytes()).ok(), Decimal::parse_word(word(text.as_bytes()), text.len()));
            prop_assert_eq!(slow.is_some(), fast.is_some());
            prop_assert!(slow.zip(fast).is_none_or(|(slow, fast)| slow.identical(fast)));
        }

        #[test]
        fn text_round_trips(mantissa in -999_999_999_999_999_999i64..=999_999_999_999_999_999, scale in 0u8..=18) {
            let value = Decimal::new(mantissa, scale).unwrap();
            let again: Decimal = value.to_string().parse().unwrap();
            prop_assert!(value.identical(again) || mantissa == 0);
        }

        #[test]
        fn order_is_the_order_of_values(a in -10_000i64..10_000, b in -10_000i64..10_000, s in 0u8..=6, t in 0u8..=6) {
            let (x, y) = (Decimal::new(a, s).unwrap(), Decimal::new(b, t).unwrap());
            let exact = (a * 10i64.pow(6 - u32::from(s))).cmp(&(b * 10i64.pow(6 - u32::from(t))));
            prop_assert_eq!(x.cmp(&y), exact);
            prop_assert_eq!(x == y, exact == Ordering::Equal);
        }
    }
}
