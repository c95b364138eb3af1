//! What the board keeps.

use super::text::Text;
use crate::Timestamp;
use crate::contract::{Confirmation, Contract, HandicapBasis};
use crate::odds::Price;
use antigravity_abi::rows::LEVELS;
use antigravity_abi::{Decimal, Market, Period, Selection, Side, Status};
use rustc_hash::FxHashMap;
use std::sync::Arc;

macro_rules! numbers {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub(super) u32);

        impl $name {
            /// Counted from 0.
            pub const fn number(self) -> u32 {
                self.0
            }
        }
    )+};
}

numbers! {
    /// Dense number of a worker.
    WorkerId;
    /// Dense number of an event of a worker.
    EventId;
    /// Dense number of a line of a market.
    LineId;
    /// Dense number of a quote.
    QuoteId;
}

/// A cell in which nothing was quoted yet.
pub(super) const NO_QUOTE: u32 = u32::MAX;

/// Who feeds the board.
#[derive(Clone, Debug)]
pub struct WorkerInfo {
    pub account: Arc<str>,
    pub provider: Arc<str>,
    /// `provider@version`.
    pub adapter: Arc<str>,
    pub confirms: Confirmation,
    pub stale_after_ms: u32,
    pub handicap_basis: HandicapBasis,
    /// Of lines that tell none.
    pub currency: Option<Arc<str>>,
    /// A nominal stake is a multiple of it; 1 where none is told.
    pub step: Option<Decimal>,
}

impl WorkerInfo {
    /// As the adapter's contract has it.
    pub fn new(account: Arc<str>, contract: &Contract) -> Self {
        Self {
            account,
            provider: contract.provider.as_str().into(),
            adapter: contract.name().into(),
            confirms: contract.confirms,
            stale_after_ms: contract.stale_after_ms,
            handicap_basis: contract.handicap_basis,
            currency: contract.currency.as_deref().map(Arc::from),
            step: contract.step,
        }
    }

    /// In nanoseconds.
    pub(super) fn stale_after(&self) -> i64 {
        i64::from(self.stale_after_ms) * 1_000_000
    }
}

#[derive(Debug)]
pub(super) struct WorkerState {
    pub info: WorkerInfo,
    /// The events and lines the running instance named, by its own numbers.
    pub event_slots: Vec<u32>,
    pub line_slots: Vec<u32>,
    pub connections: FxHashMap<u32, Connection>,
    /// Losses so far: each has a number, so that telling what one bears on needs no search.
    pub losses: u64,
    /// Number of the last loss that was not of one connection alone.
    pub lost: u64,
    /// Those of its lines of which a quote stood since everything was removed.
    pub lines: Vec<u32>,
}

/// A socket or page load as one worker knows it.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// When it last gave a sign of life.
    pub alive: Option<Timestamp>,
    /// Number of the last loss on it.
    pub lost: u64,
}

impl WorkerState {
    pub fn new(info: WorkerInfo) -> Self {
        let (event_slots, line_slots, connections, lines) = Default::default();
        Self { info, event_slots, line_slots, connections, losses: 0, lost: 0, lines }
    }

    /// Number of the last loss that bears on what a connection feeds; 0 where there was none.
    pub fn last_loss(&self, connection: u32) -> u64 {
        self.lost.max(self.connections.get(&connection).map_or(0, |c| c.lost))
    }
}

#[derive(Debug)]
pub(super) struct EventRecord {
    pub worker: WorkerId,
    pub id: Text,
    pub sport: Option<Text>,
    pub competition: Option<Text>,
    pub title: Option<Text>,
    pub home: Option<Text>,
    pub away: Option<Text>,
    pub score: Option<Text>,
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
    /// Those of its lines of which a quote stood since it was removed.
    pub lines: Vec<u32>,
}

impl EventRecord {
    /// Whether both say the same of their event.
    pub fn says_as(&self, other: &Self) -> bool {
        let texts = |it: &Self| [it.sport, it.competition, it.title, it.home, it.away, it.score];
        (texts(self), self.starts_at, self.in_play) == (texts(other), other.starts_at, other.in_play)
    }
}

/// What makes two lines the same line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct LineKey {
    pub event: u32,
    pub market_id: Text,
    pub market: Market,
    pub period: Period,
    pub line: Option<Decimal>,
    pub runner: Option<Text>,
    pub other: Option<Text>,
}

#[derive(Debug)]
pub(super) struct LineRecord {
    pub event: u32,
    pub market_id: Text,
    pub market: Market,
    pub period: Period,
    pub line: Option<Decimal>,
    pub runner: Option<Text>,
    pub other: Option<Text>,
    pub currency: Option<Text>,
    pub min_stake: Option<Decimal>,
    pub max_stake: Option<Decimal>,
    pub scope: u32,
    /// First of its cells.
    pub cells: u32,
    /// Where it stands in its scope's `lines`.
    pub listed_at: Option<u32>,
    /// Whether it stands in its event's and its worker's `lines`.
    pub of_event: bool,
    pub of_worker: bool,
    /// The record of its market's runners, where it has some.
    pub runners: Option<u32>,
    /// The snapshot of its scope that was the last when a row named it last; none where its line was
    /// removed since. Kept for runners only.
    pub named: Option<u32>,
}

/// The runners of a market.
#[derive(Debug, Default)]
pub(super) struct Runners {
    /// A line each, in the order of their first naming.
    pub lines: Vec<u32>,
    /// The packet that last changed or proved which of them can win.
    pub seq: u64,
}

/// What makes two lines be of one market of runners: event, market id, market, period.
pub(super) type RunnersKey = (u32, Text, Market, Period);

/// How many cells a line of this market has: one for each selection, side and level.
pub(super) const fn cells(market: Market) -> usize {
    market.selections().len() * 2 * LEVELS as usize
}

/// A snapshot's extent: the lines that one snapshot names all of.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Counts snapshots; a quote named within the open one carries its number.
    pub generation: u32,
    /// The snapshot that is under way.
    pub open: Option<Begun>,
    /// The adapter says that something was missed since the last snapshot.
    pub gap: bool,
    /// Losses of the worker up to this one were made good by a snapshot.
    pub mended: u64,
    /// The last snapshot that ended, unless something of the scope was missed since.
    pub complete: Option<Complete>,
    /// Those of its lines of which a quote stood at its last snapshot's end or since.
    pub lines: Vec<u32>,
}

/// A snapshot that ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Complete {
    pub generation: u32,
    /// The worker's losses when it began.
    pub losses: u64,
}

/// How a snapshot began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    pub connection: u32,
    /// The worker's losses by then: it makes good these, and none that comes later.
    pub losses: u64,
}

#[derive(Debug)]
pub(super) struct QuoteRecord {
    pub line: u32,
    pub selection: Selection,
    pub side: Side,
    pub level: u8,
    /// As the provider shows it; `Removed` until it was first named.
    pub status: Status,
    pub price: Option<Price>,
    pub available: Option<Decimal>,
    /// A packet of its connection was lost: suspended until its next snapshot.
    pub barred: bool,
    /// Snapshot of its scope that named it last.
    pub generation: u32,
    pub connection: u32,
    /// Packet that last changed it.
    pub seq: u64,
    pub changed_at: Timestamp,
    pub confirmed_at: Timestamp,
    /// Version of the adapter that last named it.
    pub adapter: Arc<str>,
}

impl QuoteRecord {
    /// What a person sees: barred quotes are suspended.
    pub fn visible(&self) -> (Status, Option<Price>, Option<Decimal>) {
        let status = if self.barred && self.status == Status::Open { Status::Suspended } else { self.status };
        (status, self.price, self.available)
    }
}
