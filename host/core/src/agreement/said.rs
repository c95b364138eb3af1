//! What a version says: of which quote, and what.

use crate::Timestamp;
use crate::identity::EventFacts;
use crate::odds::Price;
use crate::quote::{PriceText, QuoteLine};
use antigravity_abi::{Decimal, Period, Selection, Side, Status};
use serde::Serialize;

/// Which quote, by the provider's own names: two versions that say the same have the same keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuoteKey {
    pub event_id: Box<str>,
    pub market_id: Box<str>,
    /// With the name of an `other:<name>`.
    pub market: Box<str>,
    pub period: Period,
    pub line: Option<Decimal>,
    pub selection: Selection,
    pub runner: Option<Box<str>>,
    pub side: Side,
    pub level: u8,
}

/// A quote that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    pub status: Status,
    pub price: Option<Price>,
    pub available: Option<Decimal>,
    pub min_stake: Option<Decimal>,
    pub max_stake: Option<Decimal>,
    pub currency: Option<Box<str>>,
}

impl QuoteKey {
    pub fn of(line: &QuoteLine<'_>) -> Self {
        Self {
            event_id: line.event_id.into(),
            market_id: line.market_id.into(),
            market: line.market.to_string().into(),
            period: line.period,
            line: line.line.map(Decimal::normalized),
            selection: line.selection,
            runner: line.runner.map(Into::into),
            side: line.side,
            level: line.level,
        }
    }
}

impl Quoted {
    /// `None` where the quote was removed.
    pub fn of(line: &QuoteLine<'_>) -> Option<Self> {
        (line.status != Status::Removed).then(|| Self {
            status: line.status,
            price: line.price.map(|PriceText(price)| price),
            available: line.available,
            min_stake: line.min_stake,
            max_stake: line.max_stake,
            currency: line.currency.map(Into::into),
        })
    }
}

/// What is said of an event: who plays, when, and how it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EventSaid {
    pub sport: Option<Box<str>>,
    pub competition: Option<Box<str>>,
    pub title: Option<Box<str>>,
    pub home: Option<Box<str>>,
    pub away: Option<Box<str>>,
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
    pub score: Option<Box<str>>,
}

impl EventSaid {
    pub fn of(facts: &EventFacts<'_>) -> Self {
        let text = |text: Option<&str>| text.map(Into::into);
        Self {
            sport: text(facts.sport),
            competition: text(facts.competition),
            title: text(facts.title),
            home: text(facts.home),
            away: text(facts.away),
            starts_at: facts.starts_at,
            in_play: facts.in_play,
            score: text(facts.score),
        }
    }
}
