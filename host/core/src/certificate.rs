//! Certificates: an opportunity as a document that anybody can check.

#![deny(clippy::float_arithmetic)]

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
    /// Hardest to fill first.
    pub legs: Vec<Leg>,
    /// Where the event is one of a list of outcomes.
    pub outcomes: Option<Outcomes>,
    /// The rates used, where legs are in several currencies.
    pub fx: Vec<FxUsed>,
    pub states: Vec<State>,
    /// The first of the states with the lowest profit.
    pub worst: usize,
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
    pub line: Option<Decimal>,
    pub selection: Selection,
    pub runner: Option<Box<str>>,
    pub side: Side,
    /// Of a handicap in play.
    pub basis: Option<HandicapBasis>,
    pub score: Option<Box<str>>,
    pub price: Price,
    pub packet_seq: u64,
    pub age_ms: u64,
    pub step: Decimal,
    pub min: Option<Decimal>,
    /// The smaller of the limit and the amount there.
    pub max: Option<Decimal>,
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
