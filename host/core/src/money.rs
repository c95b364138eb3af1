//! Money with its currency, and quotes that turn one currency into another.

#![deny(clippy::float_arithmetic)]

use crate::Timestamp;
use antigravity_abi::Decimal;

/// A currency's code: 1 to 8 of `A`–`Z` and `0`–`9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 8], u8);

/// An amount in a currency's smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount of money is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    Currencies(Currency, Currency),
    Precision,
    Overflow,
    Negative,
}

/// The rate of one currency in another, as somebody quoted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FxQuote {
    pub from: Currency,
    pub to: Currency,
    /// Units of `to` for one unit of `from`.
    pub rate: Decimal,
    pub at: Timestamp,
    pub max_age_ms: u64,
    /// The share that the rate may be worse by: 0.005 is half a per cent.
    pub haircut: Decimal,
}

/// The quotes in use, and the currencies that count as one.
#[derive(Clone, Debug, Default)]
pub struct FxTable {
    quotes: Vec<FxQuote>,
    equal: Vec<(Currency, Currency)>,
}

/// Why an amount cannot be turned into another currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FxError {
    #[error("no quote")]
    NoQuote,
    #[error("the quote is too old")]
    Stale,
    #[error("a haircut is 0 or more and below 1")]
    Haircut,
}
