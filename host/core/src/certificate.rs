//! Certificates: an opportunity as a document that anybody can check.
//!
//! What is written here is read again by [`crate::checker`], which computes everything anew.

#![deny(clippy::float_arithmetic)]

mod key;
mod line;
mod write;

#[cfg(test)]
mod tests;

pub use key::{hex, id, key};
pub use line::{ClosedLine, OpportunityLine};

use crate::Timestamp;
use crate::contract::HandicapBasis;
use crate::exact::Ratio;
use crate::money::Currency;
use crate::odds::Price;
use crate::settle::Settled;
use crate::stake::{NominalStake, Risk};
use antigravity_abi::{Decimal, Market, Period, Selection, Side};

/// Bets that together cannot lose, and the proof of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub as_of: Timestamp,
    pub currency: Currency,
    /// The canonical event.
    pub event: Box<str>,
    /// Of one event and one settlement period, hardest to fill first.
    pub legs: Vec<Leg>,
    /// Where the event is one of a list of outcomes.
    pub outcomes: Option<Outcomes>,
    /// The rates used, where legs are in several currencies.
    pub fx: Vec<FxUsed>,
    pub states: Vec<State>,
    /// The first of the states with the lowest profit.
    pub worst: usize,
    /// The profit of that state, in `currency`.
    pub guaranteed: Ratio,
}

/// One bet of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    pub account: Box<str>,
    pub provider: Box<str>,
    pub event_id: Box<str>,
    pub market_id: Box<str>,
    pub market: Market,
    pub period: Period,
    /// From the home side's view on both selections; points of a total.
    pub line: Option<Decimal>,
    pub selection: Selection,
    pub runner: Option<Box<str>>,
    pub side: Side,
    /// Of a handicap in play.
    pub basis: Option<HandicapBasis>,
    pub score: Option<Box<str>>,
    pub price: Price,
    /// The packet that showed the price.
    pub packet_seq: u64,
    /// Since the quote was last confirmed, at `as_of`.
    pub age_ms: u64,
    /// Nominal stakes are multiples of it.
    pub step: Decimal,
    /// Least and most nominal stake.
    pub min: Option<Decimal>,
    /// The smaller of the provider's limit and the amount there.
    pub max: Option<Decimal>,
    /// Where the provider states one.
    pub currency: Option<Currency>,
    pub nominal: NominalStake,
    pub risk: Risk,
    pub fee: Fee,
}

/// What a leg is charged, and by which schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fee {
    /// In every state.
    Amount { schedule: Box<str>, amount: Ratio },
    /// On the positive net win of the account in that market.
    Rate { schedule: Box<str>, rate: Ratio },
}

/// A complete list of outcomes and the packet that proved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes {
    pub list: Vec<Box<str>>,
    pub account: Box<str>,
    pub packet_seq: u64,
}

/// A rate between a leg's currency and the certificate's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FxUsed {
    pub from: Currency,
    pub to: Currency,
    pub rate: Decimal,
    pub haircut: Decimal,
    pub at: Timestamp,
}

/// One thing that can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// For people.
    pub name: Box<str>,
    /// By leg.
    pub results: Vec<Settled>,
    /// In the certificate's currency, after fees.
    pub profit: Ratio,
}
