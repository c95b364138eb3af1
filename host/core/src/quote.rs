//! Quote lines: what stands, as it is printed.

use crate::Timestamp;
use crate::odds::Price;
use antigravity_abi::{Decimal, Market, Period, Selection, Side, Status};
use serde::{Serialize, Serializer};
use std::fmt;

/// One quote as it is printed; README.md describes each field.
#[derive(Clone, Debug, Serialize)]
pub struct QuoteLine<'a> {
    pub r#type: &'static str,
    pub seq: u64,
    pub at: Timestamp,
    pub account: &'a str,
    pub provider: &'a str,
    pub adapter: &'a str,
    pub event_id: &'a str,
    pub sport: Option<&'a str>,
    pub competition: Option<&'a str>,
    pub home: Option<&'a str>,
    pub away: Option<&'a str>,
    pub title: Option<&'a str>,
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
    pub market_id: &'a str,
    pub market: MarketName<'a>,
    #[serde(serialize_with = "as_text")]
    pub period: Period,
    #[serde(serialize_with = "as_optional_text")]
    pub line: Option<Decimal>,
    #[serde(serialize_with = "as_text")]
    pub selection: Selection,
    pub runner: Option<&'a str>,
    #[serde(serialize_with = "as_text")]
    pub side: Side,
    pub score: Option<&'a str>,
    pub level: u8,
    #[serde(serialize_with = "as_text")]
    pub status: Status,
    pub price: Option<PriceText>,
    #[serde(serialize_with = "as_optional_text")]
    pub available: Option<Decimal>,
    #[serde(serialize_with = "as_optional_text")]
    pub min_stake: Option<Decimal>,
    #[serde(serialize_with = "as_optional_text")]
    pub max_stake: Option<Decimal>,
    pub currency: Option<&'a str>,
    /// Only in board lines: milliseconds since the quote was last confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
    /// Only in board lines: whether it is too old, or of a stream with a gap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<bool>,
}

/// A price as it is printed.
#[derive(Clone, Copy, Debug)]
pub struct PriceText(pub Price);

impl Serialize for PriceText {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = s.serialize_struct("price", 3)?;
        out.serialize_field("format", self.0.format().name())?;
        out.serialize_field("value", &Text(self.0.value()))?;
        out.serialize_field("decimal", &Text(self.0.decimal_odds()))?;
        out.end()
    }
}

/// A market's name; `other:<name>` for one that is kept but never paired.
#[derive(Clone, Copy, Debug)]
pub struct MarketName<'a> {
    pub market: Market,
    pub other: Option<&'a str>,
}

impl fmt::Display for MarketName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.market.name())?;
        match self.other {
            Some(name) => write!(f, ":{name}"),
            None => Ok(()),
        }
    }
}

impl Serialize for MarketName<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.other {
            None => s.serialize_str(self.market.name()),
            Some(_) => s.collect_str(self),
        }
    }
}

struct Text<T>(T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

fn as_text<T: fmt::Display, S: Serializer>(value: &T, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(value)
}

fn as_optional_text<T: fmt::Display, S: Serializer>(value: &Option<T>, s: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => s.collect_str(value),
        None => s.serialize_none(),
    }
}
