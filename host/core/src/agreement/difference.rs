//! Where two versions differ, for a person and for a program.

use super::said::{EventSaid, QuoteName, Quoted};
use crate::quote::{MarketName, PriceText};
use antigravity_abi::Status;
use serde::Serialize;
use std::fmt::Display;

/// How the candidate differs from the version it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It does not have a quote that stands, or shows it suspended where it is open.
    Coverage,
    /// It has a quote, or shows one open, that is not.
    Extra,
    /// Decimal odds more than a [`super::JUMP`]th apart.
    Jump,
    /// Another price, nearer than that.
    Price,
    /// Another size, limit or currency.
    Size,
    /// It tells something else of the event.
    Event,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coverage => "coverage",
            Self::Extra => "extra",
            Self::Jump => "jump",
            Self::Price => "price",
            Self::Size => "size",
            Self::Event => "event",
        }
    }
}

/// One difference: by event, market and price. A line of type `difference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub r#type: &'static str,
    pub kind: Kind,
    pub event_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Place>,
    /// What the version says that it is compared with; none where it has no such quote.
    pub old: Option<String>,
    /// What the candidate says.
    pub new: Option<String>,
}

/// Which quote of the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    pub market_id: String,
    pub market: String,
    pub period: String,
    pub line: Option<String>,
    pub selection: String,
    pub runner: Option<String>,
    pub side: String,
    pub level: u8,
}

impl Place {
    fn of(key: &QuoteName<'_>) -> Self {
        Self {
            market_id: key.market_id.to_string(),
            market: MarketName { market: key.market, other: key.other }.to_string(),
            period: key.period.to_string(),
            line: key.line.map(|line| line.to_string()),
            selection: key.selection.to_string(),
            runner: key.runner.map(ToOwned::to_owned),
            side: key.side.to_string(),
            level: key.level,
        }
    }
}

impl Difference {
    pub(super) fn of_quote(
        kind: Kind,
        key: &QuoteName<'_>,
        old: Option<&Quoted>,
        new: Option<&Quoted>,
    ) -> Self {
        Self {
            r#type: "difference",
            kind,
            event_id: key.event_id.to_string(),
            quote: Some(Place::of(key)),
            old: old.map(words),
            new: new.map(words),
        }
    }

    /// Of the events' members only those that differ.
    pub(super) fn of_event(id: &str, old: &EventSaid, new: &EventSaid) -> Self {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for ((name, old), (_, new)) in members(old).into_iter().zip(members(new)) {
            if old != new {
                before.push(format!("{name} {old}"));
                after.push(format!("{name} {new}"));
            }
        }
        Self {
            r#type: "difference",
            kind: Kind::Event,
            event_id: id.to_owned(),
            quote: None,
            old: Some(before.join(", ")),
            new: Some(after.join(", ")),
        }
    }
}

fn or_dash(value: Option<&impl Display>) -> String {
    value.map_or("–".to_owned(), ToString::to_string)
}

fn members(said: &EventSaid) -> [(&'static str, String); 8] {
    [
        ("sport", or_dash(said.sport.as_ref())),
        ("competition", or_dash(said.competition.as_ref())),
        ("title", or_dash(said.title.as_ref())),
        ("home", or_dash(said.home.as_ref())),
        ("away", or_dash(said.away.as_ref())),
        ("starts_at", or_dash(said.starts_at.as_ref())),
        ("in_play", said.in_play.to_string()),
        ("score", or_dash(said.score.as_ref())),
    ]
}

/// `0.95 malay`, `suspended`, with size and limits where there are some.
fn words(quoted: &Quoted) -> String {
    let mut words = match quoted.price.map(PriceText) {
        Some(PriceText(price)) => format!("{} {}", price.value(), price.format().name()),
        None => "–".to_owned(),
    };
    if quoted.status != Status::Open {
        words.push_str(&format!(" ({})", quoted.status));
    }
    for (name, value) in [("size", quoted.available), ("min", quoted.min_stake), ("max", quoted.max_stake)] {
        if let Some(value) = value {
            words.push_str(&format!(" {name} {value}"));
        }
    }
    if let Some(currency) = &quoted.currency {
        words.push_str(&format!(" {currency}"));
    }
    words
}
