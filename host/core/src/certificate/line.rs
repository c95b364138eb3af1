//! The lines of output: an opportunity, and its end.

use super::write::Text;
use super::{Certificate, Leg, hex};
use crate::Timestamp;
use crate::exact::{Ratio, Rounding, rounded};
use crate::finder::{Closed, Opportunity, Pairing};
use crate::quote::PriceText;
use serde::{Serialize, Serializer};

/// An opportunity as it is printed.
#[derive(Clone, Copy, Debug)]
pub struct OpportunityLine<'a> {
    pub key: &'a [u8; 32],
    /// The id of `bytes`.
    pub id: &'a [u8; 32],
    pub at: Timestamp,
    /// `cross-account` or `cross-provider`.
    pub lane: &'a str,
    /// The sum of the legs' risks, in the certificate's currency.
    pub stake_total: Ratio,
    /// Guaranteed profit over that.
    pub return_on_stake: Ratio,
    /// `strict` or `weak`.
    pub class: &'a str,
    pub certificate: &'a Certificate,
    /// The certificate as it was written.
    pub bytes: &'a [u8],
}

/// The end of an opportunity as it is printed.
#[derive(Clone, Copy, Debug)]
pub struct ClosedLine<'a> {
    pub key: &'a [u8; 32],
    /// The last certificate's.
    pub id: &'a [u8; 32],
    pub at: Timestamp,
    pub reason: &'a str,
}

impl<'a> OpportunityLine<'a> {
    /// Of what a finder that pairs so found.
    pub const fn new(it: &'a Opportunity, pairing: Pairing) -> Self {
        Self {
            key: &it.key,
            id: &it.id,
            at: it.at,
            lane: pairing.lane(),
            stake_total: it.stake_total,
            return_on_stake: it.return_on_stake,
            class: it.class.name(),
            certificate: &it.certificate,
            bytes: it.bytes.as_slice(),
        }
    }
}

impl<'a> From<&'a Closed> for ClosedLine<'a> {
    fn from(it: &'a Closed) -> Self {
        Self { key: &it.key, id: &it.id, at: it.at, reason: it.reason.name() }
    }
}

impl OpportunityLine<'_> {
    /// Appends the line, without its end.
    pub fn write(&self, out: &mut Vec<u8>) {
        let head = Head {
            r#type: "opportunity",
            key: hex(self.key),
            id: hex(self.id),
            at: self.at,
            lane: self.lane,
            legs: self.certificate.legs.iter().map(Short).collect(),
            stake_total: Text(self.stake_total),
            guaranteed_profit: Text(self.certificate.guaranteed),
            r#return: rounded(self.return_on_stake, 6, Rounding::HalfEven),
            class: self.class,
        };
        // Strings and numbers into memory: there is nothing that could fail.
        let _ = serde_json::to_writer(&mut *out, &head);
        // The id is of the certificate's bytes, so these bytes it is, in the place of the last brace.
        out.pop();
        out.extend_from_slice(b",\"certificate\":");
        out.extend_from_slice(self.bytes);
        out.push(b'}');
    }
}

impl ClosedLine<'_> {
    /// Appends the line, without its end.
    pub fn write(&self, out: &mut Vec<u8>) {
        #[derive(Serialize)]
        struct Line<'a> {
            r#type: &'static str,
            key: String,
            id: String,
            at: Timestamp,
            reason: &'a str,
        }
        let line =
            Line { r#type: "closed", key: hex(self.key), id: hex(self.id), at: self.at, reason: self.reason };
        // Strings into memory: there is nothing that could fail.
        let _ = serde_json::to_writer(out, &line);
    }
}

#[derive(Serialize)]
struct Head<'a> {
    r#type: &'static str,
    key: String,
    id: String,
    at: Timestamp,
    lane: &'a str,
    legs: Vec<Short<'a>>,
    stake_total: Text<Ratio>,
    guaranteed_profit: Text<Ratio>,
    r#return: String,
    class: &'a str,
}

/// A leg as the line shows it: what it is, its price with the decimal for people, and its stake.
struct Short<'a>(&'a Leg);

impl Serialize for Short<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let leg = self.0;
        let mut out = s.serialize_struct("leg", 13)?;
        out.serialize_field("account", &leg.account)?;
        out.serialize_field("provider", &leg.provider)?;
        out.serialize_field("event_id", &leg.event_id)?;
        out.serialize_field("market_id", &leg.market_id)?;
        out.serialize_field("market", leg.market.name())?;
        out.serialize_field("period", &Text(leg.period))?;
        out.serialize_field("line", &leg.line.map(|line| Text(line.normalized())))?;
        out.serialize_field("selection", leg.selection.name())?;
        out.serialize_field("runner", &leg.runner)?;
        out.serialize_field("side", leg.side.name())?;
        out.serialize_field("price", &PriceText(leg.price))?;
        out.serialize_field("nominal_stake", &Text(leg.nominal))?;
        out.serialize_field("risk", &Text(leg.risk))?;
        out.end()
    }
}
