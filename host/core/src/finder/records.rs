//! Records of what the finder was told.

use super::facts::LineFacts;
use super::reason::Reason;
use crate::contract::HandicapBasis;
use crate::identity::{EventFacts, EventNode};
use crate::line::Line;
use crate::money::Currency;
use antigravity_abi::{Decimal, Market, Period};

/// What an amount is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denomination {
    /// Not told: the bankroll's.
    Bankroll,
    In(Currency),
    Unreadable,
}

impl Denomination {
    pub fn of(code: Option<&str>) -> Self {
        match code {
            None => Self::Bankroll,
            Some(code) => code.to_ascii_uppercase().parse().map_or(Self::Unreadable, Self::In),
        }
    }
}

#[derive(Debug)]
pub(super) struct WorkerRecord {
    pub account: Box<str>,
    pub provider: Box<str>,
    pub account_number: u16,
    /// Nothing of its name tells the account from others.
    pub nameless: bool,
    pub provider_number: u16,
    pub basis: HandicapBasis,
    pub currency: Denomination,
    /// It charges by some schedule.
    pub charged: bool,
    /// The kinds of markets it has told a size in, by their codes.
    pub sizes: u16,
}

#[derive(Debug)]
pub(super) struct FixtureRecord {
    pub worker: u32,
    pub node: EventNode,
    pub event_id: Box<str>,
    pub in_play: bool,
    pub score: Option<Box<str>>,
    pub lines: Vec<u32>,
    pub told: Told,
    /// What this worker is told of the event is what was last told of it to anybody.
    pub agrees: bool,
}

/// What a worker is told an event is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    names: Box<str>,
    /// In minutes; some providers tell none, or another one, of an event that runs.
    kick_off: Option<i64>,
}

impl Told {
    pub fn of(facts: &EventFacts<'_>) -> Self {
        let names = [facts.sport, facts.competition, facts.home, facts.away, facts.title];
        let kick_off = facts.starts_at.filter(|_| !facts.in_play);
        Self {
            names: names.map(Option::unwrap_or_default).join("\u{1}").into(),
            kick_off: kick_off.map(|at| at.nanos().div_euclid(60_000_000_000)),
        }
    }

    /// Whether both can be of one event.
    pub fn agrees(&self, other: &Self) -> bool {
        let kick_offs = self.kick_off.zip(other.kick_off);
        self.names == other.names && kick_offs.is_none_or(|(one, other)| one == other)
    }
}

#[derive(Debug)]
pub(super) struct LineRecord {
    pub fixture: u32,
    pub market_id: Box<str>,
    pub market: Market,
    pub period: Period,
    pub line: Option<Decimal>,
    /// The line in quarters, where the market has one.
    pub quarters: Option<Line>,
    pub runner: Option<Box<str>>,
    /// The runner's number in its family.
    pub outcome: u16,
    pub step: Decimal,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    pub currency: Denomination,
    pub unfit: Option<Reason>,
    pub family: u32,
    pub quotes: Vec<u32>,
}

/// Quotes by what they are refused for.
#[derive(Clone, Debug)]
pub(super) struct Tally([u64; Reason::COUNT + 1]);

impl Default for Tally {
    fn default() -> Self {
        Self([0; Reason::COUNT + 1])
    }
}

impl Tally {
    pub fn slot(&mut self, refusal: Option<Reason>) -> &mut u64 {
        &mut self.0[refusal.map_or(Reason::COUNT, |reason| reason as usize)]
    }

    pub const fn refused(&self, reason: Reason) -> u64 {
        self.0[reason as usize]
    }

    pub const fn usable(&self) -> u64 {
        self.0[Reason::COUNT]
    }
}

/// The line in quarters where the market has one.
pub(super) fn quarters(facts: &LineFacts<'_>) -> Result<Option<Line>, Reason> {
    let runner = matches!(facts.market, Market::Winner | Market::Place);
    match (facts.market, facts.line) {
        (Market::Other, _) => Err(Reason::OtherMarket),
        (Market::AsianHandicap, Some(line)) => Line::handicap(line).map(Some).map_err(|_| Reason::AbsurdLine),
        (Market::Total, Some(line)) => Line::total(line).map(Some).map_err(|_| Reason::AbsurdLine),
        (Market::AsianHandicap | Market::Total, None) => Err(Reason::AbsurdLine),
        (_, Some(_)) => Err(Reason::AbsurdLine),
        (_, None) if runner && facts.runner.is_none() => Err(Reason::AbsurdLine),
        (_, None) => Ok(None),
    }
}

/// Whether stakes can be within the limits.
pub(super) fn limits(facts: &LineFacts<'_>) -> Result<(), Reason> {
    let negative = |limit: Option<Decimal>| limit.is_some_and(Decimal::is_negative);
    if negative(facts.min) || negative(facts.max) || facts.step.is_some_and(|step| step <= Decimal::ZERO) {
        return Err(Reason::NegativeLimit);
    }
    match (facts.min, facts.max) {
        (Some(min), Some(max)) if min > max => Err(Reason::MinAboveMax),
        _ => Ok(()),
    }
}
