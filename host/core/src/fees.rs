//! What providers charge: dated schedules, read from data.
//!
//! Where the data says nothing, a charge is never taken to be 0: a provider that has schedules but none
//! for the time and sport of a quote is refused.

#![deny(clippy::float_arithmetic)]

mod charge;
mod fills;
mod schedule;

#[cfg(test)]
mod tests;

pub use charge::{AmountRule, Base, Charge};
pub use fills::{FillCost, Fills};
pub use schedule::{FeeDataError, Role, Schedule};

use crate::Timestamp;
use std::collections::BTreeMap;

/// All schedules known, by provider, category, series and time.
#[derive(Clone, Debug, Default)]
pub struct FeeBook {
    schedules: Vec<Schedule>,
    /// Category by sport, as the canonical event names it.
    categories: BTreeMap<Box<str>, Box<str>>,
}

/// The provider has schedules, but none for this sport at this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no fee schedule of that sport and time")]
pub struct NoSchedule;

impl FeeBook {
    /// Reads a document of the shape of `data/fees.json`:
    ///
    /// - `categories`: by category, the sports (as the canonical event names them) that belong to it.
    /// - `schedules`: records of `id`; `provider`, null for the one of providers without any; `role`
    ///   (`taker` or `maker`); `category`, null for all; `series`, a beginning of the market's id, null
    ///   for all; `from` and `until` (RFC 3339, the first instant in force and the first that is not),
    ///   null without end; `charge`; `source`; `dates` (`stated` by the source or `assumed`).
    /// - `charge` is `none`; `amount` with `base` (`p(1-p)` or `min(p,1-p)`), `exponent` (1 to 4), `rate`,
    ///   `round` (`up`, `down` or `half-up`), `quantum`, `minimum` (null for none); or `net-win` with
    ///   `rate`. Numbers are decimal strings.
    ///
    /// # Errors
    /// [`FeeDataError`]: an unknown or missing field, a number out of range, an id that is there twice, or
    /// two schedules of the same provider, role, category and series at one time.
    pub fn parse(json: &[u8]) -> Result<Self, FeeDataError> {
        Self::default().with(json)
    }

    /// The schedules this program was built with.
    ///
    /// # Errors
    /// None, as a test shows; the type is that of [`Self::parse`].
    pub fn builtin() -> Result<Self, FeeDataError> {
        Self::parse(BUILTIN)
    }

    /// These schedules and those of another document, which take the place of those with the same id.
    ///
    /// # Errors
    /// As [`Self::parse`], for the whole.
    pub fn with(mut self, json: &[u8]) -> Result<Self, FeeDataError> {
        let (schedules, categories) = schedule::read(json)?;
        for schedule in schedules {
            match self.schedules.iter_mut().find(|known| known.id == schedule.id) {
                Some(known) => *known = schedule,
                None => self.schedules.push(schedule),
            }
        }
        self.categories.extend(categories);
        schedule::no_two_at_once(&self.schedules)?;
        Ok(self)
    }

    /// The schedule for who takes a quote: of the longest series that the market's id begins with, then of
    /// the sport's category, else of no category. A sport that is in no category takes the provider's
    /// dearest one, by the charge at p = ½, so that a profit is never overstated. A provider without
    /// schedules has the one of no provider. `provider` in any case of letters.
    ///
    /// # Errors
    /// [`NoSchedule`] where the provider has schedules and none fits.
    pub fn at(
        &self,
        provider: &str,
        sport: &str,
        market_id: &str,
        quote_time: Timestamp,
    ) -> Result<&Schedule, NoSchedule> {
        let mine = |known: &&Schedule| {
            known.provider.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(provider))
        };
        let of_provider = || self.schedules.iter().filter(mine);
        if of_provider().next().is_none() {
            return self.schedules.iter().find(|known| known.provider.is_none()).ok_or(NoSchedule);
        }
        let fits = |known: &&Schedule| {
            known.role == Role::Taker && known.in_force(quote_time) && known.covers(market_id)
        };
        let series = |known: &Schedule| known.series.as_deref().map_or(0, str::len);
        let longest = of_provider().filter(fits).map(series).max().ok_or(NoSchedule)?;
        let candidates = || of_provider().filter(fits).filter(|known| series(known) == longest);
        let category = self.categories.get(sport).map(AsRef::as_ref);
        let exact = candidates().find(|known| category.is_some() && known.category.as_deref() == category);
        let general = || candidates().find(|known| known.category.is_none());
        let dearest =
            || candidates().filter(|_| category.is_none()).max_by_key(|known| known.charge.at_evens());
        exact.or_else(general).or_else(dearest).ok_or(NoSchedule)
    }

    pub fn by_id(&self, id: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|known| &*known.id == id)
    }
}

/// The document of [`FeeBook::builtin`].
pub const BUILTIN: &[u8] = include_bytes!("../data/fees.json");
