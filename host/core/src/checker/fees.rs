//! Fee schedules, as their data has them.

use super::number::{int, unsigned};
use super::time::nanos;
use super::{Refused, unreadable};
use num_rational::BigRational;
use num_traits::Zero;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    categories: BTreeMap<String, Vec<String>>,
    schedules: Vec<Schedule>,
}

#[derive(Deserialize)]
pub(super) struct Schedule {
    pub id: String,
    /// None: of every provider that has no schedules.
    provider: Option<String>,
    role: Role,
    category: Option<String>,
    series: Option<String>,
    from: Option<Instant>,
    until: Option<Instant>,
    #[serde(flatten)]
    pub charge: Charge,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Taker,
    Maker,
}

#[derive(Deserialize)]
#[serde(tag = "charge", rename_all = "kebab-case")]
pub(super) enum Charge {
    None,
    /// A share of what is won net.
    NetWin {
        rate: Number,
    },
    /// For the order, whatever happens: for each contract the rate times a power of the base.
    Amount {
        base: Base,
        exponent: u8,
        rate: Number,
        round: Round,
        quantum: Number,
        minimum: Option<Number>,
    },
}

#[derive(Deserialize)]
pub(super) enum Base {
    #[serde(rename = "p(1-p)")]
    Product,
    #[serde(rename = "min(p,1-p)")]
    Smaller,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Round {
    Up,
    Down,
    HalfUp,
}

/// 0 or more.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Number(BigRational);

impl TryFrom<String> for Number {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        unsigned("a number", &text).map(Self)
    }
}

/// In nanoseconds from 1970.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Instant(i128);

impl TryFrom<String> for Instant {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        nanos("a time", &text).map(Self)
    }
}

/// What a leg is charged.
pub(super) enum Fee {
    /// Whatever happens.
    Amount(BigRational),
    /// A share of what the legs of its market win net.
    Rate(BigRational),
}

pub(super) struct Book {
    /// Category by sport.
    categories: BTreeMap<String, String>,
    schedules: Vec<Schedule>,
}

impl Book {
    pub(super) fn read(documents: &[&[u8]]) -> Result<Self, Refused> {
        let mut book = Self { categories: BTreeMap::new(), schedules: Vec::new() };
        for bytes in documents {
            let document: Document = serde_json::from_slice(bytes)
                .map_err(|error| Refused::Unreadable(format!("fee schedules: {error}")))?;
            for (category, sports) in document.categories {
                book.categories.extend(sports.into_iter().map(|sport| (sport, category.clone())));
            }
            for schedule in document.schedules {
                if let Charge::Amount { exponent, quantum, .. } = &schedule.charge
                    && (!(1..=4).contains(exponent) || quantum.0.is_zero())
                {
                    return Err(unreadable(&schedule.id, "amount", "a rule with an exponent and a quantum"));
                }
                match book.schedules.iter_mut().find(|known| known.id == schedule.id) {
                    Some(known) => *known = schedule,
                    None => book.schedules.push(schedule),
                }
            }
        }
        Ok(book)
    }

    /// Whether the provider has schedules of its own.
    pub(super) fn knows(&self, provider: &str) -> bool {
        self.schedules.iter().any(|schedule| schedule.is_of(provider))
    }

    /// What a taker is charged: by the longest series that the market's id begins with, in it by the
    /// sport's category, else by none, else (a sport without category) by the dearest.
    pub(super) fn at(&self, provider: &str, sport: &str, market_id: &str, at: i128) -> Option<&Schedule> {
        if !self.knows(provider) {
            return self.schedules.iter().find(|schedule| schedule.provider.is_none());
        }
        let fits = |schedule: &&Schedule| {
            schedule.is_of(provider)
                && schedule.role == Role::Taker
                && market_id.starts_with(schedule.series())
                && schedule.from.as_ref().is_none_or(|from| from.0 <= at)
                && schedule.until.as_ref().is_none_or(|until| at < until.0)
        };
        let mut fitting: Vec<&Schedule> = self.schedules.iter().filter(fits).collect();
        let longest = fitting.iter().map(|schedule| schedule.series().len()).max()?;
        fitting.retain(|schedule| schedule.series().len() == longest);
        let category = self.categories.get(sport);
        let of = |wanted| fitting.iter().find(|schedule| schedule.category.as_ref() == wanted);
        let dearest = || fitting.iter().max_by_key(|schedule| schedule.charge.of_one(&half()));
        of(category).or_else(|| of(None)).or_else(|| dearest().filter(|_| category.is_none())).copied()
    }
}

impl Schedule {
    fn is_of(&self, provider: &str) -> bool {
        self.provider.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(provider))
    }

    /// What the ids of its markets begin with.
    fn series(&self) -> &str {
        self.series.as_deref().unwrap_or("")
    }
}

impl Charge {
    /// Before rounding, for a contract, or of one that is won, on something of probability `p`.
    fn of_one(&self, p: &BigRational) -> BigRational {
        match self {
            Self::None => int(0),
            Self::NetWin { rate } => &rate.0 * p,
            Self::Amount { base, exponent, rate, .. } => {
                let other = int(1) - p;
                let base = match base {
                    Base::Product => p * other,
                    Base::Smaller => p.clone().min(other),
                };
                num_traits::pow(base, (*exponent).into()) * &rate.0
            }
        }
    }

    /// Of an order of `contracts`, above 0, on something of probability `p`; rounded once.
    pub(super) fn of(&self, contracts: &BigRational, p: &BigRational) -> Fee {
        let exact = self.of_one(p) * contracts;
        match self {
            Self::None => Fee::Amount(exact),
            Self::NetWin { rate } => Fee::Rate(rate.0.clone()),
            Self::Amount { round, quantum: Number(quantum), minimum, .. } => {
                let quanta = exact / quantum;
                let whole = match round {
                    Round::Up => quanta.ceil(),
                    Round::Down => quanta.floor(),
                    Round::HalfUp => (quanta + half()).floor(),
                };
                let least = minimum.as_ref().map_or(int(0), |Number(least)| least.clone());
                Fee::Amount((whole * quantum).max(least))
            }
        }
    }
}

fn half() -> BigRational {
    int(1) / int(2)
}
