//! The documents as they are written.

use super::Refused;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Only an opportunity line says what it is.
#[derive(Deserialize)]
pub(super) struct Kind {
    pub r#type: Option<String>,
}

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
    #[serde(flatten)]
    pub slip: Slip,
    pub basis: Option<String>,
    pub score: Option<String>,
    /// A whole number; which packet it was cannot be checked here.
    #[serde(rename = "packet_seq")]
    _packet_seq: u64,
    pub age_ms: u64,
    pub step: String,
    pub min: Option<String>,
    pub max: Option<String>,
    pub currency: Option<String>,
    pub fee: Fee,
}

/// What a leg of a certificate and of a line both say: the bet, its price and its stake.
#[derive(Deserialize)]
pub(super) struct Slip {
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
    pub price: Price,
    pub nominal_stake: String,
    pub risk: String,
}

#[derive(Deserialize)]
pub(super) struct Price {
    pub format: String,
    pub value: String,
    /// In lines only.
    pub decimal: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Fee {
    pub schedule: String,
    pub amount: Option<String>,
    pub rate: Option<String>,
}

/// Where the list of outcomes is from; which packet it was cannot be checked here.
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
    pub legs: Vec<Slip>,
    pub stake_total: String,
    pub guaranteed_profit: String,
    pub r#return: String,
    pub class: String,
    #[serde(borrow)]
    pub certificate: &'a RawValue,
}

impl Certificate {
    /// What the event begins with; nothing where it has no parts.
    pub fn sport(&self) -> &str {
        self.event.split_once('/').map_or("", |(sport, _)| sport)
    }
}

impl Slip {
    /// The legs of one account, provider and market pay commission together.
    pub fn is_of_market(&self, other: &Self) -> bool {
        self.account == other.account
            && self.provider.eq_ignore_ascii_case(&other.provider)
            && self.market_id == other.market_id
    }
}

pub(super) fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Refused> {
    serde_json::from_slice(bytes).map_err(|error| Refused::Unreadable(error.to_string()))
}
