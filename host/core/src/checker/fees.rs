//! Fee schedules and times, as their data has them.

use super::Refused;
use super::number::{decimal, int, unreadable};
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    categories: BTreeMap<String, Vec<String>>,
    schedules: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    id: String,
    provider: Option<String>,
    role: String,
    category: Option<String>,
    series: Option<String>,
    from: Option<String>,
    until: Option<String>,
    charge: String,
    base: Option<String>,
    exponent: Option<u8>,
    rate: Option<String>,
    round: Option<String>,
    quantum: Option<String>,
    minimum: Option<String>,
}

pub(super) struct Book {
    /// Category by sport.
    categories: BTreeMap<String, String>,
    schedules: Vec<Schedule>,
}

pub(super) struct Schedule {
    pub id: String,
    pub charge: Charge,
    provider: Option<String>,
    taker: bool,
    category: Option<String>,
    series: String,
    from: Option<i128>,
    until: Option<i128>,
}

pub(super) enum Charge {
    Amount(Rule),
    NetWin(BigRational),
}

pub(super) struct Rule {
    smaller: bool,
    exponent: u8,
    rate: BigRational,
    round: Round,
    quantum: BigRational,
    minimum: BigRational,
}

#[derive(Clone, Copy)]
enum Round {
    Up,
    Down,
    HalfUp,
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
            for record in document.schedules {
                let schedule = record.read()?;
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
                && schedule.taker
                && market_id.starts_with(&schedule.series)
                && schedule.from.is_none_or(|from| from <= at)
                && schedule.until.is_none_or(|until| at < until)
        };
        let fitting: Vec<&Schedule> = self.schedules.iter().filter(fits).collect();
        let longest = fitting.iter().map(|schedule| schedule.series.len()).max()?;
        let of_series = || fitting.iter().filter(|schedule| schedule.series.len() == longest).copied();
        match self.categories.get(sport) {
            Some(category) => of_series()
                .find(|schedule| schedule.category.as_ref() == Some(category))
                .or_else(|| of_series().find(|schedule| schedule.category.is_none())),
            None => of_series()
                .find(|schedule| schedule.category.is_none())
                .or_else(|| of_series().max_by_key(|schedule| schedule.charge.at_evens())),
        }
    }
}

impl Schedule {
    fn is_of(&self, provider: &str) -> bool {
        self.provider.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(provider))
    }
}

impl Charge {
    fn at_evens(&self) -> BigRational {
        let half = BigRational::new(1.into(), 2.into());
        match self {
            Self::Amount(rule) => rule.per_contract(&half),
            Self::NetWin(rate) => rate * half,
        }
    }
}

impl Rule {
    /// Of an order of `contracts`, above 0, on something of probability `p`; rounded once.
    pub(super) fn amount(&self, contracts: &BigRational, p: &BigRational) -> BigRational {
        let quanta = self.per_contract(p) * contracts / &self.quantum;
        let whole = match self.round {
            Round::Up => quanta.ceil(),
            Round::Down => quanta.floor(),
            Round::HalfUp => (quanta + BigRational::new(1.into(), 2.into())).floor(),
        };
        (whole * &self.quantum).max(self.minimum.clone())
    }

    fn per_contract(&self, p: &BigRational) -> BigRational {
        let other = int(1) - p;
        let base = if self.smaller { p.clone().min(other) } else { p * other };
        num_traits::pow(base, self.exponent.into()) * &self.rate
    }
}

impl Record {
    fn read(self) -> Result<Schedule, Refused> {
        let time = |text: &Option<String>| text.as_deref().map(|text| nanos(&self.id, text)).transpose();
        let taker = match self.role.as_str() {
            "taker" => true,
            "maker" => false,
            other => return Err(unreadable(&self.id, other, "a role")),
        };
        let (from, until) = (time(&self.from)?, time(&self.until)?);
        Ok(Schedule {
            charge: self.charge()?,
            id: self.id,
            provider: self.provider,
            taker,
            category: self.category,
            series: self.series.unwrap_or_default(),
            from,
            until,
        })
    }

    fn charge(&self) -> Result<Charge, Refused> {
        let number = |text: &Option<String>| {
            let value = decimal(&self.id, text.as_deref().unwrap_or(""))?;
            if value.is_negative() { Err(unreadable(&self.id, "-", "0 or more")) } else { Ok(value) }
        };
        let zero = || Some("0".to_owned());
        match self.charge.as_str() {
            "none" => Ok(Charge::Amount(Rule {
                smaller: false,
                exponent: 1,
                rate: int(0),
                round: Round::Up,
                quantum: int(1),
                minimum: int(0),
            })),
            "net-win" => Ok(Charge::NetWin(number(&self.rate)?)),
            "amount" => {
                let smaller = match self.base.as_deref() {
                    Some("p(1-p)") => false,
                    Some("min(p,1-p)") => true,
                    other => return Err(unreadable(&self.id, other.unwrap_or(""), "a base")),
                };
                let round = match self.round.as_deref() {
                    Some("up") => Round::Up,
                    Some("down") => Round::Down,
                    Some("half-up") => Round::HalfUp,
                    other => return Err(unreadable(&self.id, other.unwrap_or(""), "a rounding")),
                };
                let quantum = number(&self.quantum)?;
                let (Some(exponent @ 1..=4), false) = (self.exponent, quantum.is_zero()) else {
                    return Err(unreadable(&self.id, "amount", "a rule with an exponent and a quantum"));
                };
                let minimum = number(&self.minimum.clone().or_else(zero))?;
                Ok(Charge::Amount(Rule {
                    smaller,
                    exponent,
                    rate: number(&self.rate)?,
                    round,
                    quantum,
                    minimum,
                }))
            }
            other => Err(unreadable(&self.id, other, "a charge")),
        }
    }
}

/// Nanoseconds from 1970-01-01T00:00:00Z of an RFC 3339 time.
pub(super) fn nanos(field: &str, text: &str) -> Result<i128, Refused> {
    instant(text).ok_or_else(|| unreadable(field, text, "an RFC 3339 time"))
}

fn instant(text: &str) -> Option<i128> {
    let (date, clock) = text.split_once(['T', 't'])?;
    let [year, month, day] = parts(date, '-', [4, 2, 2])?;
    let zone = clock.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = clock.split_at(zone);
    let (clock, fraction) =
        clock.split_once('.').map_or((clock, None), |(clock, after)| (clock, Some(after)));
    let [hour, minute, second] = parts(clock, ':', [2, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let february = if leap { 29 } else { 28 };
    let days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month_days = *days.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    if day < 1 || day > month_days || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let nanos = match fraction {
        None => 0,
        Some(digits) if (1..=9).contains(&digits.len()) => parts(&format!("{digits:0<9}"), '.', [9])?[0],
        Some(_) => return None,
    };
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        (sign, offset) => {
            let [hours, minutes] = parts(offset, ':', [2, 2])?;
            let minutes = if hours > 23 || minutes > 59 { return None } else { hours * 60 + minutes };
            if sign == "+" { minutes } else { -minutes }
        }
    };
    // Days before the year, from the year 0; 719528 of them before 1970.
    let before = year * 365 + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    let days = before + days.iter().take(month as usize - 1).sum::<i128>() + day - 1 - 719_528;
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
    Some(seconds * 1_000_000_000 + nanos)
}

/// Numbers of exactly so many digits each.
fn parts<const N: usize>(text: &str, between: char, lengths: [usize; N]) -> Option<[i128; N]> {
    let mut parts = text.split(between);
    let mut out = [0; N];
    for (out, length) in out.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length)?;
        *out = if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok()? } else { return None };
    }
    if parts.next().is_none() { Some(out) } else { None }
}
