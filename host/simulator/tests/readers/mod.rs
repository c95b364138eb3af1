//! Readers written from the description of the wire alone, on `serde_json` values: slow, plain, and
//! with nothing from the simulator or any adapter.

pub mod afb88;
pub mod betfair;
pub mod cmd368;
pub mod isport;

use antigravity_abi::{Decimal, PriceFormat, Status};
use antigravity_core::{Body, Packet, Timestamp};
use antigravity_simulator::ExpectedQuote;
use serde_json::Value;
use std::collections::BTreeMap;

/// event, market id, market, period, line, selection, runner, side, level
pub type Key = (String, String, String, String, String, String, String, String, u8);

#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    pub status: Status,
    pub price: Option<(PriceFormat, Decimal)>,
    pub competition: Option<String>,
    pub home: Option<String>,
    pub away: Option<String>,
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
    pub score: Option<String>,
    pub available: Option<Decimal>,
    pub max_stake: Option<Decimal>,
    pub gap: bool,
}

pub type Board = BTreeMap<Key, Quote>;

pub trait Reader {
    fn read(&mut self, packet: &Packet);
    fn board(&self) -> Board;
}

pub fn expected(quotes: &[ExpectedQuote]) -> Board {
    let decimal = |text: &Option<String>| text.as_ref().map(|text| text.parse::<Decimal>().unwrap());
    let entry = |q: &ExpectedQuote| {
        let key = (
            q.event_id.clone(),
            q.market_id.clone(),
            q.market_name(),
            q.period.to_string(),
            q.line.clone().unwrap_or_default(),
            q.selection.name().to_owned(),
            q.runner.clone().unwrap_or_default(),
            q.side.name().to_owned(),
            q.level,
        );
        let quote = Quote {
            status: q.status,
            price: q.price.as_ref().map(|(format, text)| (*format, text.parse().unwrap())),
            competition: q.competition.clone(),
            home: q.home.clone(),
            away: q.away.clone(),
            starts_at: q.starts_at,
            in_play: q.in_play,
            score: q.score.clone(),
            available: decimal(&q.available),
            max_stake: decimal(&q.max_stake),
            gap: q.gap,
        };
        (key, quote)
    };
    let board: Board = quotes.iter().map(entry).collect();
    assert_eq!(board.len(), quotes.len(), "two expected quotes have one key");
    board
}

pub fn text(packet: &Packet) -> &str {
    match &packet.body {
        Body::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

/// A number, or a string that holds one, as text.
pub fn number(value: &Value) -> Option<String> {
    match value {
        Value::Number(n) => Some(n.to_string()),
        Value::String(s) => s.parse::<f64>().ok().map(|_| s.clone()),
        _ => None,
    }
}

pub fn f64_of(value: &Value) -> Option<f64> {
    number(value).and_then(|text| text.parse().ok())
}

/// A line as people write it.
pub fn line(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// What a reader collects of one event before it knows the markets.
#[derive(Clone, Debug, Default)]
pub struct EventFields {
    pub id: String,
    pub competition: Option<String>,
    pub home: Option<String>,
    pub away: Option<String>,
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
    pub score: Option<String>,
    pub max_stake: Option<Decimal>,
    pub gap: bool,
}

impl EventFields {
    /// Adds one market; a price of `None` is suspended.
    pub fn market(
        &self,
        board: &mut Board,
        (market_id, market, period): (&str, &str, &str),
        line: Option<f64>,
        format: PriceFormat,
        prices: &[(&str, Option<Decimal>)],
    ) {
        for (selection, price) in prices {
            let key = (
                self.id.clone(),
                market_id.to_owned(),
                market.to_owned(),
                period.to_owned(),
                line.map(self::line).unwrap_or_default(),
                (*selection).to_owned(),
                String::new(),
                "back".to_owned(),
                1,
            );
            let quote = Quote {
                status: if price.is_some() { Status::Open } else { Status::Suspended },
                price: price.map(|p| (format, p)),
                competition: self.competition.clone(),
                home: self.home.clone(),
                away: self.away.clone(),
                starts_at: self.starts_at,
                in_play: self.in_play,
                score: self.score.clone(),
                available: None,
                max_stake: self.max_stake,
                gap: self.gap,
            };
            assert!(board.insert(key.clone(), quote).is_none(), "{key:?} twice");
        }
    }
}
