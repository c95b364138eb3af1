//! A certificate as JSON: fields in a fixed order, no spaces, numbers as decimal strings.

use super::{Certificate, Fee, FxUsed, Leg, State};
use crate::Timestamp;
use crate::contract::HandicapBasis;
use crate::exact::Ratio;
use crate::money::Currency;
use crate::odds::Price;
use crate::stake::{NominalStake, Risk};
use antigravity_abi::{Decimal, Period};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::fmt::Display;

impl Certificate {
    /// Appends the document, without a line end. The same certificate gives the same bytes everywhere.
    pub fn write(&self, out: &mut Vec<u8>) {
        // Strings and numbers into memory: there is nothing that could fail.
        let _ = serde_json::to_writer(out, self);
    }
}

/// A value that is written as its text.
pub(super) struct Text<T>(pub T);

impl<T: Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    version: u8,
    as_of: Timestamp,
    currency: Text<Currency>,
    event: &'a str,
    legs: &'a [Leg],
    #[serde(skip_serializing_if = "Option::is_none")]
    outcomes: Option<&'a [Box<str>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcomes_proof: Option<Proof<'a>>,
    #[serde(skip_serializing_if = "<[FxUsed]>::is_empty")]
    fx: &'a [FxUsed],
    states: &'a [State],
    worst_state: usize,
    guaranteed_profit: Text<Ratio>,
}

#[derive(Serialize)]
struct Proof<'a> {
    account: &'a str,
    packet_seq: u64,
}

impl Serialize for Certificate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let outcomes = self.outcomes.as_ref();
        Whole {
            version: 1,
            as_of: self.as_of,
            currency: Text(self.currency),
            event: &self.event,
            legs: &self.legs,
            outcomes: outcomes.map(|outcomes| outcomes.list.as_slice()),
            outcomes_proof: outcomes
                .map(|outcomes| Proof { account: &outcomes.account, packet_seq: outcomes.packet_seq }),
            fx: &self.fx,
            states: &self.states,
            worst_state: self.worst,
            guaranteed_profit: Text(self.guaranteed),
        }
        .serialize(s)
    }
}

/// A price as the provider showed it.
#[derive(Serialize)]
struct Shown {
    format: &'static str,
    value: Text<Decimal>,
}

impl From<Price> for Shown {
    fn from(price: Price) -> Self {
        Self { format: price.format().name(), value: Text(price.value()) }
    }
}

#[derive(Serialize)]
struct WholeLeg<'a> {
    account: &'a str,
    provider: &'a str,
    event_id: &'a str,
    market_id: &'a str,
    market: &'static str,
    period: Text<Period>,
    line: Option<Text<Decimal>>,
    selection: &'static str,
    runner: Option<&'a str>,
    side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<HandicapBasis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<&'a str>,
    price: Shown,
    packet_seq: u64,
    age_ms: u64,
    step: Text<Decimal>,
    min: Option<Text<Decimal>>,
    max: Option<Text<Decimal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Text<Currency>>,
    nominal_stake: Text<NominalStake>,
    risk: Text<Risk>,
    fee: &'a Fee,
}

impl Serialize for Leg {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let plain = |value: Decimal| Text(value.normalized());
        WholeLeg {
            account: &self.account,
            provider: &self.provider,
            event_id: &self.event_id,
            market_id: &self.market_id,
            market: self.market.name(),
            period: Text(self.period),
            line: self.line.map(plain),
            selection: self.selection.name(),
            runner: self.runner.as_deref(),
            side: self.side.name(),
            basis: self.basis,
            score: self.score.as_deref(),
            price: self.price.into(),
            packet_seq: self.packet_seq,
            age_ms: self.age_ms,
            step: plain(self.step),
            min: self.min.map(plain),
            max: self.max.map(plain),
            currency: self.currency.map(Text),
            nominal_stake: Text(self.nominal),
            risk: Text(self.risk),
            fee: &self.fee,
        }
        .serialize(s)
    }
}

impl Serialize for Fee {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut fee = s.serialize_struct("fee", 2)?;
        match self {
            Self::Amount { schedule, amount } => {
                fee.serialize_field("schedule", schedule)?;
                fee.serialize_field("amount", &Text(amount))?;
            }
            Self::Rate { schedule, rate } => {
                fee.serialize_field("schedule", schedule)?;
                fee.serialize_field("rate", &Text(rate))?;
            }
        }
        fee.end()
    }
}

impl Serialize for FxUsed {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut fx = s.serialize_struct("fx", 5)?;
        fx.serialize_field("from", &Text(self.from))?;
        fx.serialize_field("to", &Text(self.to))?;
        fx.serialize_field("rate", &Text(self.rate.normalized()))?;
        fx.serialize_field("haircut", &Text(self.haircut.normalized()))?;
        fx.serialize_field("at", &self.at)?;
        fx.end()
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let results: Vec<_> = self.results.iter().map(|settled| settled.name()).collect();
        let mut state = s.serialize_struct("state", 3)?;
        state.serialize_field("state", &self.name)?;
        state.serialize_field("results", &results)?;
        state.serialize_field("profit", &Text(self.profit))?;
        state.end()
    }
}
