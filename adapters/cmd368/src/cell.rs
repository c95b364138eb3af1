//! One position of a row.

use antigravity_sdk::line::is_closed;
use antigravity_sdk::{Decimal, Value};

/// What stands in a position that should hold a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Null, or the row is shorter.
    Absent,
    Number(Decimal),
    Unreadable,
}

impl Cell {
    #[inline]
    pub fn read(value: Option<Value<'_>>) -> Self {
        match value {
            None => Self::Absent,
            Some(value) => match value.decimal() {
                Some(number) => Self::Number(number),
                None if value.is_null() => Self::Absent,
                None => Self::Unreadable,
            },
        }
    }

    /// The price, where it is one: neither 0 nor −999.
    #[inline]
    pub fn price(self) -> Option<Decimal> {
        match self {
            Self::Number(number) if !number.is_zero() && !is_closed(number) => Some(number),
            _ => None,
        }
    }

    /// The size of a line; `None` where there is none. 0 is a line.
    #[inline]
    pub fn line(self) -> Option<Decimal> {
        match self {
            Self::Number(number) if !is_closed(number) => Some(number),
            _ => None,
        }
    }

    /// Whether something is shown here, if only that it is closed: neither null nor 0.
    #[inline]
    pub fn is_shown(self) -> bool {
        !matches!(self, Self::Absent) && !matches!(self, Self::Number(number) if number.is_zero())
    }
}

/// A yes or no as the page's script takes it: null, 0, false and empty are no. `None`: neither.
pub fn flag(value: Option<Value<'_>>) -> Option<bool> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Some(false) };
    match (value.bool(), value.plain()) {
        (Some(flag), _) => Some(flag),
        (None, Some(b"1")) => Some(true),
        (None, Some(b"0" | b"")) => Some(false),
        _ => None,
    }
}
