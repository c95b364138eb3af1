//! The finder: which standing quotes together cannot lose.
//!
//! It is told what changed and looks, once for each packet, at the families of the quotes that did: the
//! quotes of the same event, kind of market and period. A combination goes through the stages of
//! [`Stage`] in their order, and the first that refuses it names the [`Reason`], which is counted.
//!
//! **Invariants**
//! - A change costs work in proportion to the quotes of its own family.
//! - The search rounds in favour of a combination, so none is missed; exact sizing decides.
//! - Nothing is allocated while no opportunity opens, changes or ends and nothing new is named.
//! - The same facts in the same order give the same events.

#![deny(clippy::float_arithmetic)]

mod arena;
mod book;
mod close;
mod evaluate;
mod exact;
mod facts;
mod family;
mod funnel;
mod leg;
mod open;
mod pairing;
mod price;
mod reason;
mod records;
mod rescan;
mod run;
mod runners;
mod search;
mod shape;
mod void;

#[cfg(test)]
mod tests;

pub use evaluate::{Combination, Evaluate, LegView, Legs, Opportunity};
pub use exact::Exact;
pub use facts::{
    Fixture, LineFacts, MarketLine, Offer, OutcomeFacts, Pairing, Quote, Settings, Standing, Worker,
    WorkerFacts,
};
pub use funnel::Funnel;
pub use reason::{Reason, Stage};
pub use void::{VoidRules, VoidRulesError};

use crate::Timestamp;
use crate::exact::Ratio;
use crate::fees::FeeBook;
use crate::identity::{EventFacts, Identity};
use crate::money::FxTable;
use antigravity_abi::{Selection, Side};
use book::Book;
use open::Opens;
use pairing::Rules;
use search::{Candidates, LineMinima};

/// What a run found, in order: ends by key, then opportunities by key. The caller empties it.
#[derive(Debug, Default)]
pub struct Events {
    pub list: Vec<Event>,
}

/// Something a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// One opened, or its prices, limits or stakes changed.
    Opportunity(Box<Opportunity>),
    Closed(Closed),
}

/// The end of an opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    pub key: [u8; 32],
    /// Of its last certificate.
    pub id: [u8; 32],
    pub at: Timestamp,
    pub reason: Reason,
}

impl Events {
    /// Puts what was added since there were `from` in order: ends first, then by key.
    fn sort(&mut self, from: usize) {
        let Some(new) = self.list.get_mut(from..).filter(|new| new.len() > 1) else { return };
        new.sort_by_key(|event| match event {
            Event::Closed(closed) => (false, closed.key),
            Event::Opportunity(opportunity) => (true, opportunity.key),
        });
    }
}

/// Keeps the quotes of all workers and the opportunities among them.
#[derive(Debug)]
pub struct Finder<E = Exact> {
    book: Book,
    settings: Settings,
    rules: Rules,
    evaluator: E,
    opens: Opens,
    funnel: Funnel,
    /// What the highest return that is believed costs for a payout of 1, in fixed point.
    least_cost: u32,
    visited: u64,
    runs: u64,
    candidates: Candidates,
    scratch: runners::Scratch,
    legs: Vec<u32>,
    places: Vec<u32>,
    lines: Vec<LineMinima>,
}

impl Finder {
    /// A finder that proves what it finds.
    pub fn new(settings: Settings, fees: FeeBook, fx: FxTable, void: VoidRules, identity: Identity) -> Self {
        Self::with(Exact::default(), settings, fees, fx, void, identity)
    }
}

impl<E: Evaluate> Finder<E> {
    /// A finder with another judge of combinations.
    pub fn with(
        evaluator: E,
        settings: Settings,
        fees: FeeBook,
        fx: FxTable,
        void: VoidRules,
        identity: Identity,
    ) -> Self {
        let (pairing, currency) = (settings.pairing, settings.bankroll.currency());
        let highest =
            Ratio::ONE.plus(settings.too_good).and_then(|payout| Ratio::int(price::ONE.into()).over(payout));
        Self {
            book: Book::new(identity),
            rules: Rules { fees, fx, void, pairing, currency },
            evaluator,
            opens: Opens::default(),
            funnel: Funnel::default(),
            least_cost: highest.and_then(|cost| u32::try_from(cost.floor()).ok()).unwrap_or(0),
            settings,
            visited: 0,
            runs: 0,
            candidates: Candidates::default(),
            scratch: runners::Scratch::default(),
            legs: Vec::new(),
            places: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Tells of a worker; before its fixtures.
    pub fn name_worker(&mut self, worker: Worker, facts: &WorkerFacts<'_>) {
        let free = self.rules.fees.at(facts.provider, "-", "", Timestamp::from_nanos(0));
        let charged = !free.is_ok_and(|schedule| schedule.provider.is_none());
        self.book.name_worker(worker.0, facts, charged);
    }

    /// Tells of an event of a worker; before its lines, and again when a fact changes.
    pub fn name_fixture(&mut self, fixture: Fixture, worker: Worker, facts: &EventFacts<'_>) {
        self.book.name_fixture(fixture.0, worker.0, facts);
    }

    /// Tells of a line; before its quotes, and again when its limits or its currency change.
    pub fn name_line(&mut self, line: MarketLine, facts: &LineFacts<'_>) {
        self.book.name_line(line.0, facts);
    }

    /// Tells which outcomes a market of runners has, as far as a packet proves that these are all; after its
    /// lines.
    pub fn prove(&mut self, facts: &OutcomeFacts<'_>) {
        self.book.prove(facts);
    }

    /// Tells of a quote's first sight. Only the best level of a selection is told of.
    pub fn define(&mut self, quote: Quote, line: MarketLine, selection: Selection, side: Side) {
        self.book.define(quote.0, line.0, selection, side);
    }

    /// A quote changed. It is looked at in the next [`run`](Self::run).
    pub fn offer(&mut self, quote: Quote, offer: &Offer, now: Timestamp) {
        self.book.offer(quote, offer);
        let charged = self.book.leg(quote.0).is_some_and(|leg| leg.charged && leg.refusal.is_none());
        if charged && let Some(inverse) = self.charged(quote.0, now) {
            self.book.set_inverse(quote.0, inverse);
        }
    }

    /// A quote became stale, or fresh again, without a change.
    pub fn touch(&mut self, quote: Quote) {
        self.book.mark(quote.0);
    }

    /// What became of all quotes and combinations looked at.
    pub const fn funnel(&self) -> &Funnel {
        &self.funnel
    }

    /// How many quotes of families were looked at: what a change costs is in proportion to it.
    pub const fn visited(&self) -> u64 {
        self.visited
    }

    /// Which events are one.
    pub const fn identity(&self) -> &Identity {
        &self.book.identity
    }

    /// Who the legs of what it finds differ by.
    pub const fn pairing(&self) -> Pairing {
        self.settings.pairing
    }

    /// How many opportunities are open.
    pub fn open(&self) -> usize {
        self.opens.iter().count()
    }

    /// Inverse odds with what the schedule of this moment charges; none where no schedule is known, for
    /// then the exact look refuses.
    fn charged(&self, quote: u32, now: Timestamp) -> Option<u32> {
        let leg = self.book.leg(quote)?;
        let line = self.book.line(leg.line)?;
        let fixture = self.book.fixture(line.fixture)?;
        let worker = self.book.worker(fixture.worker)?;
        let group = self.book.identity.group(fixture.node).ok()?;
        let event = self.book.identity.canonical(group);
        let schedule =
            self.rules.fees.at(&worker.provider, evaluate::sport(event), &line.market_id, now).ok()?;
        Some(price::inverse_charged(leg.price?, leg.side, &schedule.charge, Ratio::of(line.step)))
    }
}
