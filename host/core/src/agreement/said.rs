//! What a version says: of which quote, and what.

use crate::Timestamp;
use crate::board::{LineView, QuoteView};
use crate::identity::EventFacts;
use crate::odds::Price;
use crate::quote::QuoteLine;
use antigravity_abi::{Decimal, Market, Period, Selection, Side, Status};
use serde::Serialize;

/// Which quote, by the provider's own names: two versions that say the same have the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuoteName<'a> {
    pub event_id: &'a str,
    pub market_id: &'a str,
    pub market: Market,
    /// The name of an `other:<name>`.
    pub other: Option<&'a str>,
    pub period: Period,
    pub line: Option<Decimal>,
    pub selection: Selection,
    pub runner: Option<&'a str>,
    pub side: Side,
    pub level: u8,
}

/// A name that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuoteKey {
    event_id: Box<str>,
    market_id: Box<str>,
    market: Market,
    other: Option<Box<str>>,
    period: Period,
    line: Option<Decimal>,
    selection: Selection,
    runner: Option<Box<str>>,
    side: Side,
    level: u8,
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

impl<'a> QuoteName<'a> {
    pub fn of(line: &QuoteLine<'a>) -> Self {
        Self {
            event_id: line.event_id,
            market_id: line.market_id,
            market: line.market.market,
            other: line.market.other,
            period: line.period,
            line: line.line.map(Decimal::normalized),
            selection: line.selection,
            runner: line.runner,
            side: line.side,
            level: line.level,
        }
    }

    /// The name as one that is kept.
    pub fn kept(&self) -> QuoteKey {
        QuoteKey {
            event_id: self.event_id.into(),
            market_id: self.market_id.into(),
            market: self.market,
            other: self.other.map(Into::into),
            period: self.period,
            line: self.line,
            selection: self.selection,
            runner: self.runner.map(Into::into),
            side: self.side,
            level: self.level,
        }
    }
}

impl QuoteKey {
    pub fn name(&self) -> QuoteName<'_> {
        QuoteName {
            event_id: &self.event_id,
            market_id: &self.market_id,
            market: self.market,
            other: self.other.as_deref(),
            period: self.period,
            line: self.line,
            selection: self.selection,
            runner: self.runner.as_deref(),
            side: self.side,
            level: self.level,
        }
    }
}

impl Quoted {
    /// `None` where the quote was removed.
    pub fn of(quote: &QuoteView, line: &LineView<'_>) -> Option<Self> {
        (quote.status != Status::Removed).then(|| Self {
            status: quote.status,
            price: quote.price,
            available: quote.available,
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
