//! The documents as they are written.

use super::Refused;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub(super) struct Certificate {
    pub version: u64,
    pub as_of: String,
    pub currency: String,
    pub event: String,
    pub legs: Vec<Leg>,
    pub outcomes: Option<Vec<String>>,
    pub outcomes_proof: Option<Proof>,
    #[serde(default)]
    pub fx: Vec<Fx>,
    pub states: Vec<State>,
    pub worst_state: usize,
    pub guaranteed_profit: String,
}

#[derive(Deserialize)]
pub(super) struct Leg {
    pub account: String,
    pub provider: String,
    pub event_id: String,
    pub market_id: Option<String>,
    pub market: String,
    pub period: String,
    pub line: Option<String>,
    pub selection: String,
    pub runner: Option<String>,
    pub side: String,
    pub basis: Option<String>,
    pub score: Option<String>,
    pub price: Price,
    /// A whole number; which packet it was cannot be checked here.
    #[serde(rename = "packet_seq")]
    _packet_seq: u64,
    pub age_ms: u64,
    pub step: String,
    pub min: Option<String>,
    pub max: Option<String>,
    pub currency: Option<String>,
    pub nominal_stake: String,
    pub risk: String,
    pub fee: Fee,
}

#[derive(Deserialize)]
pub(super) struct Price {
    pub format: String,
    pub value: String,
}

#[derive(Deserialize)]
pub(super) struct Fee {
    pub schedule: String,
    pub amount: Option<String>,
    pub rate: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Proof {
    #[serde(rename = "account")]
    _account: String,
    #[serde(rename = "packet_seq")]
    _packet_seq: u64,
}

#[derive(Deserialize)]
pub(super) struct Fx {
    pub from: String,
    pub to: String,
    pub rate: String,
    pub haircut: String,
    pub at: String,
}

#[derive(Deserialize)]
pub(super) struct State {
    pub state: Option<String>,
    pub results: Vec<String>,
    pub profit: String,
}

#[derive(Deserialize)]
pub(super) struct Line<'a> {
    pub key: String,
    pub id: String,
    pub at: String,
    pub lane: String,
    pub legs: Vec<LineLeg>,
    pub stake_total: String,
    pub guaranteed_profit: String,
    pub r#return: String,
    pub class: String,
    #[serde(borrow)]
    pub certificate: &'a RawValue,
}

#[derive(Deserialize)]
pub(super) struct LineLeg {
    pub account: String,
    pub provider: String,
    pub event_id: String,
    pub market_id: Option<String>,
    pub market: String,
    pub period: String,
    pub line: Option<String>,
    pub selection: String,
    pub runner: Option<String>,
    pub side: String,
    pub price: LinePrice,
    pub nominal_stake: String,
    pub risk: String,
}

#[derive(Deserialize)]
pub(super) struct LinePrice {
    pub format: String,
    pub value: String,
    pub decimal: Option<String>,
}

pub(super) enum Document<'a> {
    Certificate(Box<Certificate>),
    Line(Box<Line<'a>>),
}

#[derive(Deserialize)]
struct Kind {
    r#type: Option<String>,
}

pub(super) fn document(bytes: &[u8]) -> Result<Document<'_>, Refused> {
    let kind: Kind = serde_json::from_slice(bytes).map_err(unreadable)?;
    match kind.r#type.as_deref() {
        None => certificate(bytes).map(Box::new).map(Document::Certificate),
        Some("opportunity") => {
            serde_json::from_slice(bytes).map(Box::new).map(Document::Line).map_err(unreadable)
        }
        Some(other) => {
            Err(Refused::Unreadable(format!("neither a certificate nor an opportunity line, but `{other}`")))
        }
    }
}

pub(super) fn certificate(bytes: &[u8]) -> Result<Certificate, Refused> {
    serde_json::from_slice(bytes).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> Refused {
    Refused::Unreadable(error.to_string())
}
