//! What the board keeps.

use super::text::Text;
use crate::Timestamp;
use crate::contract::Confirmation;
use crate::odds::Price;
use antigravity_abi::rows::LEVELS;
use antigravity_abi::{Decimal, Market, Period, Selection, Side, Status};
use rustc_hash::FxHashMap;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkerId(pub(super) u32);

/// Dense number of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuoteId(pub(super) u32);

/// Who feeds the board.
#[derive(Clone, Debug)]
pub struct WorkerInfo {
    pub account: Arc<str>,
    pub provider: Arc<str>,
    /// `provider@version`.
    pub adapter: Arc<str>,
    pub confirms: Confirmation,
    pub stale_after_ms: u32,
}

#[derive(Debug)]
pub(super) struct WorkerState {
    pub info: WorkerInfo,
    /// The events and lines the running instance named, by its own numbers.
    pub event_slots: Vec<u32>,
    pub line_slots: Vec<u32>,
    /// When each connection last gave a sign of life.
    pub alive: FxHashMap<u32, Timestamp>,
    pub lines: Vec<u32>,
}

impl WorkerState {
    pub fn new(info: WorkerInfo) -> Self {
        let (event_slots, line_slots, lines) = Default::default();
        Self { info, event_slots, line_slots, alive: FxHashMap::default(), lines }
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
    pub lines: Vec<u32>,
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
}

/// How many cells a line of this market has: one for each selection, side and level.
pub(super) const fn cells(market: Market) -> usize {
    market.selections().len() * 2 * LEVELS as usize
}

/// A snapshot's extent: the lines that one snapshot names all of.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Counts snapshots; a quote named within the open one carries its number.
    pub generation: u32,
    pub open: bool,
    /// Something was missed since the last snapshot.
    pub gap: bool,
    pub lines: Vec<u32>,
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
