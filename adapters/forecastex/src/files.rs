//! The daily files.

use crate::csv::Table;
use antigravity_sdk::{Decimal, PriceFormat, Selection, time};
use std::borrow::Cow;

const PRICES: [&str; 6] =
    ["event_contract", "subtype", "expiration_date", "date", "end_price", "pair_quantity"];
const PAIRS: [&str; 5] = ["event_contract", "expiration_date", "yes_price", "no_price", "pair_time"];

/// One row of a file of prices.
#[derive(Debug)]
pub struct Price<'a> {
    pub contract: Cow<'a, str>,
    pub selection: Selection,
    pub expires_at: i64,
    /// `20260507`
    pub day: u32,
    /// What the day ended with; `Ok(None)` where nothing was matched.
    pub end: Result<Option<Decimal>, &'static str>,
}

impl Price<'_> {
    /// What it is the price of.
    pub fn side(&self) -> (&str, Selection) {
        (&self.contract, self.selection)
    }
}

/// One row of a file of pairs.
#[derive(Debug)]
pub struct Pair<'a> {
    pub contract: Cow<'a, str>,
    pub expires_at: i64,
    pub yes: Decimal,
    pub no: Decimal,
    /// In nanoseconds since 1970.
    pub at: i64,
}

/// The rows of a file, in its order; each that cannot be read as what is wrong with it.
pub type Rows<T> = Vec<Result<T, &'static str>>;

/// # Errors
/// The column that is missing.
pub fn prices(text: &str) -> Result<Rows<Price<'_>>, &'static str> {
    Ok(Table::read(text, PRICES)?.map(|fields| price_row(fields.ok_or("fields")?)).collect())
}

fn price_row(fields: [Cow<'_, str>; 6]) -> Result<Price<'_>, &'static str> {
    let [contract, side, expires_at, date, end, quantity] = fields;
    let quantity: Decimal = quantity.parse().map_err(|_| "pair_quantity")?;
    Ok(Price {
        contract: named(contract)?,
        selection: match &*side {
            "YES" => Selection::Yes,
            "NO" => Selection::No,
            _ => return Err("subtype"),
        },
        expires_at: time::rfc3339(&expires_at).ok_or("expiration_date")?,
        day: day_of(&date).ok_or("date")?,
        end: end_price(&end, quantity),
    })
}

/// # Errors
/// The column that is missing.
pub fn pairs(text: &str) -> Result<Rows<Pair<'_>>, &'static str> {
    Ok(Table::read(text, PAIRS)?.map(|fields| pair_row(fields.ok_or("fields")?)).collect())
}

fn pair_row(fields: [Cow<'_, str>; 5]) -> Result<Pair<'_>, &'static str> {
    let [contract, expires_at, yes, no, at] = fields;
    Ok(Pair {
        contract: named(contract)?,
        expires_at: time::rfc3339(&expires_at).ok_or("expiration_date")?,
        yes: price(&yes).ok_or("yes_price")?,
        no: price(&no).ok_or("no_price")?,
        at: time::rfc3339(&at).ok_or("pair_time")?,
    })
}

fn named(contract: Cow<'_, str>) -> Result<Cow<'_, str>, &'static str> {
    if contract.is_empty() { Err("event_contract") } else { Ok(contract) }
}

/// The price that a day ended with. 0.00 and nothing are no price where nothing was matched.
fn end_price(text: &str, quantity: Decimal) -> Result<Option<Decimal>, &'static str> {
    let none = text.is_empty() || text.parse().is_ok_and(Decimal::is_zero);
    if none && quantity.is_zero() {
        return Ok(None);
    }
    price(text).map(Some).ok_or("end_price")
}

fn price(text: &str) -> Option<Decimal> {
    text.parse().ok().filter(|price| PriceFormat::Probability.contains(*price))
}

/// `2026-05-07` as `20260507`.
fn day_of(text: &str) -> Option<u32> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = text.as_bytes() else { return None };
    day(&text.replace('-', ""))
}

/// `20260507`
pub fn day(text: &str) -> Option<u32> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_eight_digits() {
        assert_eq!((day_of("2026-05-07"), day("20260507")), (Some(20_260_507), Some(20_260_507)));
        for no in ["2026-5-7", "20260507", "2026-05-0x", "+026-05-07", "", "2026-05-07T00:00"] {
            assert_eq!(day_of(no), None, "{no}");
        }
        assert_eq!(day("+2026057"), None);
    }
}
