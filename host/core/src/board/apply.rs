//! Applying what a worker read.

use super::store::{NO_QUOTE, QuoteRecord, cells};
use super::{Board, EventId, LineId, Origin, QuoteId, WorkerId};
use crate::answer::{Answer, Reading};
use crate::odds::Price;
use antigravity_abi::rows::{PriceRow, Row};
use antigravity_abi::{Side, Status};

/// One accepted change of a quote, at the moment it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub quote: QuoteId,
    pub origin: Origin,
}

/// Who wants to know of changes, one by one and in order. The board stands as it is right after
/// the change.
pub trait Changes {
    /// A person sees another price, status or size.
    fn changed(&mut self, board: &Board, change: Change);

    /// A quote that did not change was stale and is fresh, or something of it was missed.
    fn touched(&mut self, _: &Board, _: QuoteId) {}

    /// What is known of an event that was named before changed.
    fn event_changed(&mut self, _: &Board, _: EventId) {}

    /// Limits or currency of a line that was named before changed.
    fn line_changed(&mut self, _: &Board, _: LineId) {}

    /// Another version of its adapter feeds a worker: its name, and what its contract says of quotes.
    fn worker_changed(&mut self, _: &Board, _: WorkerId) {}

    /// Which runners the market of the line has, or what proves that these are all, changed.
    fn runners_changed(&mut self, _: &Board, _: LineId) {}
}

/// Nobody wants to know.
impl Changes for () {
    fn changed(&mut self, _: &Board, _: Change) {}
}

impl Board {
    /// Applies one packet that was parsed.
    pub fn apply(
        &mut self,
        worker: WorkerId,
        origin: Origin,
        answer: &Answer,
        reading: &Reading,
        changes: &mut impl Changes,
    ) {
        self.tick(origin.at);
        for (row, usable) in answer.rows(reading) {
            match row {
                Row::Price(price) => self.price(worker, origin, &price, usable, changes),
                Row::Event(event) => self.name_event(worker, answer, &event, changes),
                Row::Line(line) => self.name_line(worker, origin, answer, &line, changes),
                Row::RemoveLine(slot) => {
                    if let Some(line) = self.line_at(worker, slot) {
                        self.remove_line(line, origin, changes);
                        self.drop_runner(line, origin.seq, changes);
                    }
                }
                Row::RemoveEvent(slot) => self.remove_event(worker, slot, origin, changes),
                Row::SnapshotBegin(scope) => self.begin_snapshot(worker, scope, origin.connection),
                Row::SnapshotEnd(scope) => self.end_snapshot(worker, scope, origin, changes),
                Row::Gap(scope) => self.miss(worker, scope, changes),
                Row::RemoveAll => self.remove_all(worker, origin, changes),
            }
        }
    }

    /// Takes only what a packet named, not what it said of it: a packet that was not parsed, or
    /// one of the look-back that brings a fresh instance up to date.
    pub fn learn_names(
        &mut self,
        worker: WorkerId,
        origin: Origin,
        answer: &Answer,
        reading: &Reading,
        changes: &mut impl Changes,
    ) {
        for (row, _) in answer.rows(reading) {
            match row {
                Row::Event(event) => self.name_event(worker, answer, &event, changes),
                Row::Line(line) => self.name_line(worker, origin, answer, &line, changes),
                _ => {}
            }
        }
    }

    /// A packet whose every row was bad: takes what it named, and suspends what it quoted a price
    /// of that cannot be believed.
    pub fn distrust(
        &mut self,
        worker: WorkerId,
        origin: Origin,
        answer: &Answer,
        reading: &Reading,
        changes: &mut impl Changes,
    ) {
        self.tick(origin.at);
        self.learn_names(worker, origin, answer, reading, changes);
        for (row, usable) in answer.rows(reading) {
            if let (Row::Price(price), false) = (row, usable) {
                self.price(worker, origin, &price, usable, changes);
            }
        }
    }

    /// A fresh instance took over: its numbers begin again. Quotes stand as they are.
    pub fn forget_names(&mut self, worker: WorkerId) {
        let state = &mut self.workers[worker.0 as usize];
        state.event_slots.clear();
        state.line_slots.clear();
    }

    /// Everything of a worker is gone: its account was toggled off, or another session began.
    pub fn remove_all(&mut self, worker: WorkerId, origin: Origin, changes: &mut impl Changes) {
        self.tick(origin.at);
        // Nothing that was proven of it before holds after this, also where nothing of it stands.
        self.workers[worker.0 as usize].losses += 1;
        for line in std::mem::take(&mut self.workers[worker.0 as usize].lines) {
            self.lines[line as usize].of_worker = false;
            self.remove_line(line as usize, origin, changes);
            if self.lines[line as usize].runners.is_some() {
                changes.runners_changed(self, LineId(line));
            }
        }
    }

    pub(super) fn line_at(&self, worker: WorkerId, slot: u32) -> Option<usize> {
        self.workers[worker.0 as usize].line_slots.get(slot as usize).map(|line| *line as usize)
    }

    /// The cells of a line; those that hold a quote are found with [`Self::quote_in`].
    pub(super) fn cells_of(&self, line: usize) -> std::ops::Range<usize> {
        let record = &self.lines[line];
        let start = record.cells as usize;
        start..start + cells(record.market)
    }

    pub(super) fn quote_in(&self, cell: usize) -> Option<usize> {
        let quote = self.cells[cell];
        (quote != NO_QUOTE).then_some(quote as usize)
    }

    fn price(
        &mut self,
        worker: WorkerId,
        origin: Origin,
        row: &PriceRow,
        usable: bool,
        changes: &mut impl Changes,
    ) {
        let Some(line) = self.line_at(worker, row.line) else { return };
        let lay = row.side == Side::Lay;
        let Some(cell) = Self::cell_of(&self.lines[line], row.selection, lay, row.level) else { return };
        let quote = match self.cells[cell] {
            NO_QUOTE if !usable || row.status == Status::Removed => return,
            NO_QUOTE => self.new_quote(line, cell, row, origin, worker),
            quote => quote as usize,
        };
        let scope = self.lines[line].scope as usize;
        self.quotes[quote].generation = self.scopes[scope].generation;
        if !usable {
            // Its price cannot be believed: suspended where it stands, and not confirmed. It was
            // named all the same: the end of a snapshot leaves it.
            if self.quotes[quote].status != Status::Removed {
                self.update(quote, origin, changes, |q| {
                    (q.status, q.price, q.available) = (Status::Suspended, None, None);
                });
            }
            return;
        }
        let aged = self.is_aged(worker, quote);
        self.feed(worker, quote, origin.connection, changes);
        if self.quotes[quote].status == Status::Removed && row.status != Status::Removed {
            self.list(worker, line);
        }
        let record = &mut self.quotes[quote];
        record.confirmed_at = record.confirmed_at.max(origin.at);
        let price = match (row.status, row.price) {
            (Status::Removed, _) | (_, None) => None,
            (_, Some((format, value))) => Price::new(format, value),
        };
        let size = if row.status == Status::Removed { None } else { row.size };
        // Most rows of a full say what stands already, to the digit.
        let unbar = record.barred && row.status == Status::Removed;
        if record.status == row.status && record.price == price && record.available == size && !unbar {
            (record.price, record.available) = (price, size);
            if aged {
                changes.touched(self, QuoteId(quote as u32));
            }
            return;
        }
        self.update(quote, origin, changes, |q| {
            (q.status, q.price, q.available) = (row.status, price, size);
            q.barred &= row.status != Status::Removed;
        });
    }

    fn new_quote(
        &mut self,
        line: usize,
        cell: usize,
        row: &PriceRow,
        origin: Origin,
        worker: WorkerId,
    ) -> usize {
        let quote = self.quotes.len();
        self.quotes.push(QuoteRecord {
            line: line as u32,
            selection: row.selection,
            side: row.side,
            level: row.level,
            status: Status::Removed,
            price: None,
            available: None,
            barred: false,
            generation: 0,
            connection: origin.connection,
            seq: origin.seq,
            changed_at: origin.at,
            confirmed_at: origin.at,
            adapter: self.workers[worker.0 as usize].info.adapter.clone(),
        });
        self.cells[cell] = quote as u32;
        quote
    }

    /// Changes a quote and tells, where a person would see the difference.
    pub(super) fn update(
        &mut self,
        quote: usize,
        origin: Origin,
        changes: &mut impl Changes,
        change: impl FnOnce(&mut QuoteRecord),
    ) {
        let line = &self.lines[self.quotes[quote].line as usize];
        let worker = self.events[line.event as usize].worker;
        let record = &mut self.quotes[quote];
        let before = record.visible();
        change(record);
        if record.visible() == before {
            return;
        }
        record.seq = origin.seq;
        record.changed_at = origin.at;
        let adapter = &self.workers[worker.0 as usize].info.adapter;
        if !std::sync::Arc::ptr_eq(&record.adapter, adapter) {
            record.adapter = adapter.clone();
        }
        changes.changed(self, Change { quote: QuoteId(quote as u32), origin });
    }

    fn remove_line(&mut self, line: usize, origin: Origin, changes: &mut impl Changes) {
        for cell in self.cells_of(line) {
            let Some(quote) = self.quote_in(cell) else { continue };
            self.remove_quote(quote, origin, changes);
        }
    }

    pub(super) fn remove_quote(&mut self, quote: usize, origin: Origin, changes: &mut impl Changes) {
        self.update(quote, origin, changes, |q| {
            (q.status, q.price, q.available, q.barred) = (Status::Removed, None, None, false);
        });
    }

    fn remove_event(&mut self, worker: WorkerId, slot: u32, origin: Origin, changes: &mut impl Changes) {
        let Some(&event) = self.workers[worker.0 as usize].event_slots.get(slot as usize) else { return };
        for line in std::mem::take(&mut self.events[event as usize].lines) {
            self.lines[line as usize].of_event = false;
            self.remove_line(line as usize, origin, changes);
            self.drop_runner(line as usize, origin.seq, changes);
        }
    }
}
