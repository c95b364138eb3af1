//! Money with its currency, and quotes that turn one currency into another.
//!
//! Two amounts are added by [`Money::plus`], which refuses two currencies; there is no other way:
//!
//! ```compile_fail,E0369
//! # use antigravity_core::money::Money;
//! fn sum(a: Money, b: Money) -> Money {
//!     a + b
//! }
//! ```

#![deny(clippy::float_arithmetic)]

use crate::Timestamp;
use crate::exact::Ratio;
use antigravity_abi::Decimal;
use std::fmt;
use std::str::FromStr;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("{0} and {1} are two currencies")]
    Currencies(Currency, Currency),
    #[error("more digits after the point than the currency has")]
    Precision,
    #[error("too large")]
    Overflow,
    #[error("below 0")]
    Negative,
}

/// A text that is no currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 1 to 8 of A to Z and 0 to 9")]
pub struct CurrencyError;

impl Currency {
    /// Digits after the point: 6 of USDC, none of currencies without a smaller unit (ISO 4217), else 2.
    pub fn places(self) -> u8 {
        match self.code() {
            "USDC" => 6,
            "CLP" | "ISK" | "JPY" | "KRW" | "PYG" | "UGX" | "VND" | "XAF" | "XOF" => 0,
            _ => 2,
        }
    }

    fn code(&self) -> &str {
        let bytes = self.0.get(..usize::from(self.1)).unwrap_or(&[]);
        // ASCII, as it was read.
        std::str::from_utf8(bytes).unwrap_or("")
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    /// Upper-case letters and digits only.
    fn from_str(code: &str) -> Result<Self, CurrencyError> {
        let sound = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if !(1..=8).contains(&code.len()) || !code.bytes().all(sound) {
            return Err(CurrencyError);
        }
        let mut bytes = [0; 8];
        for (place, byte) in bytes.iter_mut().zip(code.bytes()) {
            *place = byte;
        }
        let length = u8::try_from(code.len()).map_err(|_| CurrencyError)?;
        Ok(Self(bytes, length))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Money {
    /// An amount of 0 or more.
    ///
    /// # Errors
    /// [`MoneyError::Negative`]; [`MoneyError::Precision`] where the amount has digits below the
    /// currency's smallest unit; [`MoneyError::Overflow`].
    pub fn parse(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        if amount.is_negative() {
            return Err(MoneyError::Negative);
        }
        let amount = amount.normalized();
        let missing = currency.places().checked_sub(amount.scale()).ok_or(MoneyError::Precision)?;
        let minor = 10i64.pow(u32::from(missing)).checked_mul(amount.mantissa());
        Ok(Self { minor: minor.ok_or(MoneyError::Overflow)?, currency })
    }

    /// # Errors
    /// [`MoneyError::Currencies`] of two currencies, [`MoneyError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Currencies(self.currency, other.currency));
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// In the currency's smallest unit.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// In the currency itself.
    pub fn ratio(self) -> Ratio {
        Ratio::lowest(i128::from(self.minor), 10i128.pow(u32::from(self.currency.places())))
    }
}

/// `16.05 USD`
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.ratio(), self.currency)
    }
}

/// The rate of one currency in another, as somebody quoted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FxQuote {
    pub from: Currency,
    pub to: Currency,
    /// Units of `to` for one unit of `from`, above 0.
    pub rate: Decimal,
    pub at: Timestamp,
    /// Older than this it is not used.
    pub max_age_ms: u64,
    /// The share by which the rate may be worse when it is needed: 0.005 is half a per cent.
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
    #[error("the quote is too old, or of a later time")]
    Stale,
    #[error("a rate is above 0, a haircut 0 or more and below 1, an age at most a day")]
    OutOfRange,
    #[error("too many digits")]
    Precision,
}

impl FxTable {
    /// The longest that a quote may be used: a day, as the checker of certificates has it too.
    pub const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;

    /// Takes a quote in the place of an earlier one of the same two currencies.
    ///
    /// # Errors
    /// [`FxError::OutOfRange`].
    pub fn quote(&mut self, quote: FxQuote) -> Result<(), FxError> {
        let rate = !quote.rate.is_negative() && !quote.rate.is_zero();
        let haircut = !quote.haircut.is_negative() && quote.haircut < Decimal::int(1);
        if !rate || !haircut || quote.max_age_ms > Self::LONGEST_MS {
            return Err(FxError::OutOfRange);
        }
        self.quotes.retain(|known| (known.from, known.to) != (quote.from, quote.to));
        self.quotes.push(quote);
        Ok(())
    }

    /// Counts two currencies as one, as USDC and USD only when a person says so.
    pub fn count_as_one(&mut self, one: Currency, other: Currency) {
        self.equal.push((one, other));
    }

    /// Whether one unit of each is worth the same: the same currency, or counted as one.
    pub fn same(&self, one: Currency, other: Currency) -> bool {
        one == other || self.equal.contains(&(one, other)) || self.equal.contains(&(other, one))
    }

    /// The quote that is used from one currency to another; none where they are the same.
    ///
    /// # Errors
    /// [`FxError::NoQuote`], and [`FxError::Stale`] of one that is too old or not yet of this time.
    pub fn used(&self, from: Currency, to: Currency, now: Timestamp) -> Result<Option<FxQuote>, FxError> {
        if self.same(from, to) {
            return Ok(None);
        }
        let quote = self.quotes.iter().find(|quote| (quote.from, quote.to) == (from, to));
        let quote = quote.ok_or(FxError::NoQuote)?;
        let usable = quote.at <= now && now.millis_since(quote.at) <= quote.max_age_ms;
        if usable { Ok(Some(*quote)) } else { Err(FxError::Stale) }
    }

    /// What one unit gained is worth at least: rate · (1 − haircut).
    ///
    /// # Errors
    /// [`FxError::NoQuote`], [`FxError::Stale`], [`FxError::Precision`].
    pub fn gain(&self, from: Currency, to: Currency, now: Timestamp) -> Result<Ratio, FxError> {
        self.used(from, to, now)?
            .map_or(Ok(Ratio::ONE), |quote| quote.worsened(Ratio::of(quote.haircut).negated()))
    }

    /// What one unit lost costs at most: rate · (1 + haircut).
    ///
    /// # Errors
    /// As [`Self::gain`].
    pub fn loss(&self, from: Currency, to: Currency, now: Timestamp) -> Result<Ratio, FxError> {
        self.used(from, to, now)?.map_or(Ok(Ratio::ONE), |quote| quote.worsened(Ratio::of(quote.haircut)))
    }
}

impl FxQuote {
    fn worsened(&self, by: Ratio) -> Result<Ratio, FxError> {
        let factor = Ratio::ONE.plus(by);
        factor.and_then(|factor| Ratio::of(self.rate).times(factor)).ok_or(FxError::Precision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(code: &str) -> Currency {
        code.parse().unwrap()
    }

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn money(amount: &str, code: &str) -> Result<Money, MoneyError> {
        Money::parse(d(amount), c(code))
    }

    #[test]
    fn codes() {
        assert_eq!(c("USD").to_string(), "USD");
        for wrong in ["", "usd", "US D", "ABCDEFGHI", "€"] {
            assert_eq!(wrong.parse::<Currency>(), Err(CurrencyError), "{wrong:?}");
        }
    }

    #[test]
    fn amounts_in_their_smallest_unit() {
        assert_eq!(money("16.05", "USD").unwrap().minor(), 1605);
        assert_eq!(money("1.5", "USDC").unwrap().minor(), 1_500_000);
        assert_eq!(money("1000", "JPY").unwrap().minor(), 1000);
        assert_eq!(money("16.050", "USD").unwrap().to_string(), "16.05 USD");
        assert_eq!(money("0.001", "USD"), Err(MoneyError::Precision));
        assert_eq!(money("0.5", "JPY"), Err(MoneyError::Precision));
        assert_eq!(money("-1", "USD"), Err(MoneyError::Negative));
        assert_eq!(money("999999999999999999", "USD"), Err(MoneyError::Overflow));
    }

    #[test]
    fn two_currencies_are_not_added() {
        let (dollars, coins) = (money("1", "USD").unwrap(), money("1", "USDC").unwrap());
        assert_eq!(dollars.plus(coins), Err(MoneyError::Currencies(c("USD"), c("USDC"))));
        assert_eq!(dollars.plus(dollars).map(Money::minor), Ok(200));
    }

    fn table() -> (FxTable, Timestamp) {
        let at: Timestamp = "2026-09-08T11:00:00Z".parse().unwrap();
        let mut table = FxTable::default();
        let quote = FxQuote {
            from: c("EUR"),
            to: c("USD"),
            rate: d("1.0850"),
            at,
            max_age_ms: 60_000,
            haircut: d("0.005"),
        };
        table.quote(quote).unwrap();
        assert_eq!(table.quote(FxQuote { haircut: d("1"), ..quote }), Err(FxError::OutOfRange));
        assert_eq!(table.quote(FxQuote { haircut: d("-0.1"), ..quote }), Err(FxError::OutOfRange));
        assert_eq!(table.quote(FxQuote { rate: d("0"), ..quote }), Err(FxError::OutOfRange));
        assert_eq!(table.quote(FxQuote { rate: d("-1"), ..quote }), Err(FxError::OutOfRange));
        let long = FxQuote { max_age_ms: 86_400_001, ..quote };
        assert_eq!(table.quote(long), Err(FxError::OutOfRange));
        (table, at)
    }

    #[test]
    fn a_haircut_worsens_gains_and_losses() {
        let (table, at) = table();
        assert_eq!(table.gain(c("EUR"), c("USD"), at).unwrap().to_string(), "1.079575");
        assert_eq!(table.loss(c("EUR"), c("USD"), at).unwrap().to_string(), "1.090425");
        assert_eq!(table.gain(c("USD"), c("USD"), at), Ok(Ratio::ONE));
    }

    #[test]
    fn old_and_missing_quotes_are_refused() {
        let (mut table, at) = table();
        let later = |millis: i64| Timestamp::from_nanos(at.nanos() + millis * 1_000_000);
        assert!(table.loss(c("EUR"), c("USD"), later(60_000)).is_ok());
        assert_eq!(table.loss(c("EUR"), c("USD"), later(60_001)), Err(FxError::Stale));
        assert_eq!(table.gain(c("EUR"), c("USD"), later(-1)), Err(FxError::Stale));
        assert_eq!(table.gain(c("USD"), c("EUR"), at), Err(FxError::NoQuote));
        assert_eq!(table.gain(c("USDC"), c("USD"), at), Err(FxError::NoQuote));
        table.count_as_one(c("USDC"), c("USD"));
        assert_eq!(table.gain(c("USD"), c("USDC"), at), Ok(Ratio::ONE));
    }
}
