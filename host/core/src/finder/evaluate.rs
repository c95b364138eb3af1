//! Combinations as they are judged: their legs with all that is known of them, and who judges.

use super::book::Book;
use super::facts::Quote;
use super::family::Kind;
use super::leg::Leg;
use super::reason::Reason;
use super::records::{FixtureRecord, LineRecord, WorkerRecord};
use super::runners::Proof;
use crate::Timestamp;
use crate::certificate::Certificate;
use crate::exact::Ratio;
use crate::fees::Schedule;
use crate::money::{Currency, FxTable, Money};
use crate::odds::Price;
use crate::sizing::Class;
use crate::stake::NominalStake;
use antigravity_abi::{Decimal, Period, Side};
use smallvec::SmallVec;

/// Bets whose prices pay together, in the order of their quotes.
#[derive(Debug)]
pub struct Combination<'a> {
    pub as_of: Timestamp,
    /// The canonical event.
    pub event: &'a str,
    pub period: Period,
    pub bankroll: Money,
    pub per_account: Option<Money>,
    pub fx: &'a FxTable,
    pub legs: Legs<'a>,
    pub(super) kind: Kind,
    /// Of markets of runners: the complete list, and the account that proved it.
    pub(super) outcomes: Option<(&'a Proof, &'a WorkerRecord)>,
}

/// Room for a certificate's legs without an allocation.
pub type Legs<'a> = SmallVec<[LegView<'a>; crate::settle::MOST_LEGS]>;

impl Combination<'_> {
    /// The sport of the canonical event; `-` where it is not known.
    pub fn sport(&self) -> &str {
        sport(self.event)
    }
}

/// The sport in a canonical event.
pub(super) fn sport(event: &str) -> &str {
    event.split('/').next().unwrap_or("-")
}

/// A bet of a combination.
#[derive(Clone, Copy, Debug)]
pub struct LegView<'a> {
    pub quote: Quote,
    pub price: Price,
    pub confirmed_at: Timestamp,
    /// The smaller of the limit and what is there.
    pub max: Option<Decimal>,
    /// None: the bankroll's.
    pub currency: Option<Currency>,
    pub schedule: &'a Schedule,
    /// The runner's place in the list of outcomes.
    pub(super) outcome: Option<u16>,
    pub(super) leg: &'a Leg,
    pub(super) line: &'a LineRecord,
    pub(super) fixture: &'a FixtureRecord,
    pub(super) worker: &'a WorkerRecord,
}

impl LegView<'_> {
    pub fn account(&self) -> &str {
        &self.worker.account
    }

    /// Lower case.
    pub fn provider(&self) -> &str {
        &self.worker.provider
    }

    pub const fn side(&self) -> Side {
        self.leg.side
    }

    /// What a new line is written for when it changes.
    pub(super) const fn terms(&self, stake: NominalStake) -> LegTerms {
        LegTerms { price: self.price, step: self.line.step, min: self.line.min, max: self.max, stake }
    }
}

/// The outcomes of a family of runners, where they are proven.
pub(super) fn proven(book: &Book, runners: u32) -> Option<(&Proof, &WorkerRecord)> {
    let proof = book.runners.get(runners as usize)?.proof()?;
    Some((proof, book.worker(proof.worker)?))
}

/// What the person who places a leg has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LegTerms {
    price: Price,
    step: Decimal,
    min: Option<Decimal>,
    max: Option<Decimal>,
    stake: NominalStake,
}

/// An opportunity as its line shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opportunity {
    pub key: [u8; 32],
    /// Of `bytes`.
    pub id: [u8; 32],
    pub at: Timestamp,
    pub class: Class,
    /// The sum of the legs' risks, in the bankroll's currency.
    pub stake_total: Ratio,
    /// The guaranteed profit over that.
    pub return_on_stake: Ratio,
    /// What stakes of equal payout would guarantee, for comparison; none where they would not profit.
    pub equal_payout: Option<Ratio>,
    pub certificate: Certificate,
    /// The certificate as it is printed.
    pub bytes: Vec<u8>,
}

/// Who finds the stakes of a combination and writes it down.
pub trait Evaluate {
    /// Finds the stakes, which stay until the next call; tells the guaranteed profit over the total risk.
    ///
    /// # Errors
    /// A reason of [`Stage::Sizing`](super::Stage::Sizing).
    fn size(&mut self, combination: &Combination<'_>) -> Result<Ratio, Reason>;

    /// The stakes last found, in the order of the combination's legs.
    fn stakes(&self) -> &[NominalStake];

    /// Writes down the combination last sized.
    fn write(&mut self, combination: &Combination<'_>) -> Opportunity;
}
