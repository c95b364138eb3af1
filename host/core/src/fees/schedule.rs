//! Schedules as they stand in data.

use super::charge::{AmountRule, Base, Charge};
use crate::Timestamp;
use crate::exact::{Ratio, Rounding};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What one provider charges, whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub id: Box<str>,
    pub charge: Charge,
    /// None: of every provider that has no schedules.
    pub provider: Option<Box<str>>,
    pub role: Role,
    /// None: of every sport.
    pub category: Option<Box<str>>,
    /// The beginning of the ids of the markets it is for; none: of every market.
    pub series: Option<Box<str>>,
    /// The first instant in force.
    pub from: Option<Timestamp>,
    /// The first instant no longer in force.
    pub until: Option<Timestamp>,
}

/// Who pays: who takes a standing price, or who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Taker,
    Maker,
}

/// Why fee data is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeeDataError {
    #[error("fee data: {0}")]
    Document(String),
    #[error("fee schedule `{id}`: {field} is missing, out of range or does not belong there")]
    Field { id: String, field: &'static str },
    #[error("fee schedule `{0}` is there twice")]
    Twice(String),
    #[error("sport `{0}` is in two categories")]
    Categories(String),
    #[error("fee schedules `{0}` and `{1}` are in force at one time")]
    Overlap(String, String),
}

impl Schedule {
    pub fn in_force(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    /// Whether the market is of its series.
    pub fn covers(&self, market_id: &str) -> bool {
        self.series.as_deref().is_none_or(|series| market_id.starts_with(series))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    categories: BTreeMap<Box<str>, Vec<Box<str>>>,
    schedules: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: Box<str>,
    provider: Option<Box<str>>,
    role: Role,
    category: Option<Box<str>>,
    series: Option<Box<str>>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    charge: Kind,
    base: Option<BaseName>,
    exponent: Option<u8>,
    rate: Option<String>,
    round: Option<RoundingName>,
    quantum: Option<String>,
    minimum: Option<String>,
    /// For people, but each record has to say them.
    #[serde(rename = "source")]
    _source: Box<str>,
    #[serde(rename = "dates")]
    _dates: Dates,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    None,
    Amount,
    NetWin,
}

#[derive(Clone, Copy, Deserialize)]
enum BaseName {
    #[serde(rename = "p(1-p)")]
    Product,
    #[serde(rename = "min(p,1-p)")]
    Smaller,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RoundingName {
    Up,
    Down,
    HalfUp,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Dates {
    Stated,
    Assumed,
}

type Categories = BTreeMap<Box<str>, Box<str>>;

/// The schedules of a document, and the category of each sport it names.
pub(super) fn read(json: &[u8]) -> Result<(Vec<Schedule>, Categories), FeeDataError> {
    let document: Document =
        serde_json::from_slice(json).map_err(|error| FeeDataError::Document(error.to_string()))?;
    let mut schedules: Vec<Schedule> = Vec::with_capacity(document.schedules.len());
    for record in document.schedules {
        let schedule = record.schedule()?;
        if schedules.iter().any(|known| known.id == schedule.id) {
            return Err(FeeDataError::Twice(schedule.id.into()));
        }
        schedules.push(schedule);
    }
    let mut categories = Categories::new();
    for (category, sports) in document.categories {
        for sport in sports {
            if let Some(_other) = categories.insert(sport.clone(), category.clone()) {
                return Err(FeeDataError::Categories(sport.into()));
            }
        }
    }
    Ok((schedules, categories))
}

/// # Errors
/// [`FeeDataError::Overlap`] with the first two that would both be chosen.
pub(super) fn no_two_at_once(schedules: &[Schedule]) -> Result<(), FeeDataError> {
    for (position, one) in schedules.iter().enumerate() {
        for other in &schedules[position + 1..] {
            let same = one.provider == other.provider
                && one.role == other.role
                && one.category == other.category
                && one.series == other.series;
            let before =
                |a: &Schedule, b: &Schedule| a.until.zip(b.from).is_some_and(|(end, start)| end <= start);
            if same && !before(one, other) && !before(other, one) {
                return Err(FeeDataError::Overlap(one.id.to_string(), other.id.to_string()));
            }
        }
    }
    Ok(())
}

impl Record {
    fn schedule(self) -> Result<Schedule, FeeDataError> {
        let refuse = |field| FeeDataError::Field { id: self.id.to_string(), field };
        if self.id.is_empty() {
            return Err(refuse("id"));
        }
        if self.from.zip(self.until).is_some_and(|(from, until)| from >= until) {
            return Err(refuse("until"));
        }
        let charge = self.charge().map_err(refuse)?;
        Ok(Schedule {
            charge,
            id: self.id,
            provider: self.provider,
            role: self.role,
            category: self.category,
            series: self.series,
            from: self.from,
            until: self.until,
        })
    }

    /// The charge, or the field that is wrong.
    fn charge(&self) -> Result<Charge, &'static str> {
        let only_amounts = [
            ("base", self.base.is_some()),
            ("exponent", self.exponent.is_some()),
            ("round", self.round.is_some()),
            ("quantum", self.quantum.is_some()),
            ("minimum", self.minimum.is_some()),
        ];
        let stray = only_amounts.iter().find(|(_, there)| *there).map(|(name, _)| *name);
        match (self.charge, stray) {
            (Kind::Amount, _) => self.amount().map(Charge::Amount),
            (_, Some(stray)) => Err(stray),
            (Kind::None, None) if self.rate.is_some() => Err("rate"),
            (Kind::None, None) => Ok(Charge::None),
            (Kind::NetWin, None) => {
                let rate = number(self.rate.as_deref()).filter(|rate| *rate < Ratio::ONE);
                Ok(Charge::NetWin { rate: rate.ok_or("rate")? })
            }
        }
    }

    fn amount(&self) -> Result<AmountRule, &'static str> {
        let quantum = number(self.quantum.as_deref()).filter(|quantum| !quantum.is_zero());
        let minimum = self.minimum.as_deref().map(|text| number(Some(text)).ok_or("minimum"));
        Ok(AmountRule {
            base: match self.base.ok_or("base")? {
                BaseName::Product => Base::Product,
                BaseName::Smaller => Base::Smaller,
            },
            exponent: self.exponent.filter(|exponent| (1..=4).contains(exponent)).ok_or("exponent")?,
            rate: number(self.rate.as_deref()).filter(|rate| *rate < Ratio::ONE).ok_or("rate")?,
            rounding: match self.round.ok_or("round")? {
                RoundingName::Up => Rounding::Up,
                RoundingName::Down => Rounding::Down,
                RoundingName::HalfUp => Rounding::HalfUp,
            },
            quantum: quantum.ok_or("quantum")?,
            minimum: minimum.transpose()?,
        })
    }
}

/// A decimal of 0 or more.
fn number(text: Option<&str>) -> Option<Ratio> {
    let value = antigravity_abi::Decimal::parse(text?.as_bytes()).ok()?;
    (!value.is_negative()).then(|| Ratio::of(value))
}
