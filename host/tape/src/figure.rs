//! Numbers kept as they were sent.

use antigravity_abi::Decimal;

/// A number as it was sent, read when it is needed: of an order book's levels next to all are only
/// ever compared and moved. Equality is that of the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Text of up to eight bytes as a little-endian word, or a mantissa.
    bits: u64,
    /// Length of the text; or [`READ`] and the scale.
    form: u8,
}

/// Marks a mantissa; the scale is in the bits below.
const READ: u8 = 0x40;

impl Figure {
    /// A JSON number's text of `len` bytes at the start of a little-endian word. `None` where it
    /// has to be read now: over eight bytes, negative, with an exponent, or beginning with 0, so
    /// that zero has one form.
    #[inline]
    pub(crate) const fn short(word: u64, len: usize) -> Option<Self> {
        if len == 0 || len > 8 {
            return None;
        }
        let bits = word & (u64::MAX >> (64 - 8 * len as u32));
        let first = bits as u8;
        // The letters are the only bytes of a number with this bit.
        if first <= b'0' || first > b'9' || bits & 0x4040_4040_4040_4040 != 0 {
            return None;
        }
        Some(Self { bits, form: len as u8 })
    }

    /// Its value, with the digits as sent.
    #[inline]
    pub fn decimal(self) -> Decimal {
        let value = if self.form & READ != 0 {
            Decimal::new(self.bits.cast_signed(), self.form & !READ)
        } else {
            Decimal::parse_word(self.bits, usize::from(self.form))
        };
        // Both are numbers since they were made.
        value.unwrap_or(Decimal::ZERO)
    }

    #[inline]
    pub const fn is_zero(self) -> bool {
        self.form & READ != 0 && self.bits == 0
    }

    #[inline]
    pub const fn is_negative(self) -> bool {
        self.form & READ != 0 && self.bits.cast_signed() < 0
    }
}

impl From<Decimal> for Figure {
    #[inline]
    fn from(value: Decimal) -> Self {
        Self { bits: value.mantissa().cast_unsigned(), form: READ | value.scale() }
    }
}
