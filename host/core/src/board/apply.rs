//! Applying what a worker read.

use super::store::{Begun, EventRecord, LineKey, LineRecord, QuoteRecord, Scope, cells};
use super::{Board, Origin, QuoteId, WorkerId};
use crate::Timestamp;
use crate::answer::{Answer, Reading};
use crate::odds::Price;
use antigravity_abi::rows::{EventRow, LineRow, PriceRow, Row};
use antigravity_abi::{Decimal, Side, Status};

const NO_QUOTE: u32 = u32::MAX;

/// One accepted change of a quote, at the moment it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub quote: QuoteId,
    pub origin: Origin,
}

/// Who wants to know of changes, one by one and in order. The board stands as it is right after
/// the change.
pub trait Changes {
    fn changed(&mut self, board: &Board, change: Change);
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
        for (row, usable) in answer.rows(reading) {
            match row {
                Row::Price(price) => self.price(worker, origin, &price, usable, changes),
                Row::Event(event) => self.name_event(worker, answer, &event),
                Row::Line(line) => self.name_line(worker, answer, &line),
                Row::RemoveLine(slot) => {
                    if let Some(line) = self.line_at(worker, slot) {
                        self.remove_line(line, origin, changes);
                    }
                }
                Row::RemoveEvent(slot) => self.remove_event(worker, slot, origin, changes),
                Row::SnapshotBegin(scope) => {
                    let (connection, losses) = (origin.connection, self.workers[worker.0 as usize].losses);
                    let scope = self.scope(worker, scope);
                    self.scopes[scope].generation += 1;
                    self.scopes[scope].open = Some(Begun { connection, losses });
                }
                Row::SnapshotEnd(scope) => {
                    let scope = self.scope(worker, scope);
                    self.end_snapshot(worker, scope, origin, changes);
                }
                Row::Gap(scope) => {
                    let scope = self.scope(worker, scope);
                    self.scopes[scope].gap = true;
                    self.scopes[scope].open = None;
                }
                Row::RemoveAll => self.remove_all(worker, origin, changes),
            }
        }
    }

    /// Takes only what a packet named, not what it said of it: a packet that was not parsed, or
    /// one of the look-back that brings a fresh instance up to date.
    pub fn learn_names(&mut self, worker: WorkerId, answer: &Answer, reading: &Reading) {
        for (row, _) in answer.rows(reading) {
            match row {
                Row::Event(event) => self.name_event(worker, answer, &event),
                Row::Line(line) => self.name_line(worker, answer, &line),
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
        self.learn_names(worker, answer, reading);
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

    /// Another version of the adapter took over.
    pub fn set_adapter(&mut self, worker: WorkerId, adapter: std::sync::Arc<str>) {
        self.workers[worker.0 as usize].info.adapter = adapter;
    }

    /// A sign of life of a connection: where the contract says so, it confirms all quotes of it.
    pub fn alive(&mut self, worker: WorkerId, connection: u32, at: Timestamp) {
        let connection = self.workers[worker.0 as usize].connections.entry(connection).or_default();
        connection.alive = connection.alive.max(Some(at));
    }

    /// Something was lost that its connection (`None`: any of the worker's) should have brought:
    /// the quotes that it feeds stand but are stale until a snapshot that begins after this ends.
    pub fn gap(&mut self, worker: WorkerId, connection: Option<u32>) {
        let state = &mut self.workers[worker.0 as usize];
        state.losses += 1;
        match connection {
            Some(connection) => state.connections.entry(connection).or_default().lost = state.losses,
            None => state.lost = state.losses,
        }
    }

    /// A packet was lost on the way to the quotes: a gap, and what its connection feeds (all of the
    /// worker's, where that is `None`) is suspended as long as the gap lasts.
    pub fn bar(
        &mut self,
        worker: WorkerId,
        connection: Option<u32>,
        origin: Origin,
        changes: &mut impl Changes,
    ) {
        self.gap(worker, connection);
        for i in 0..self.workers[worker.0 as usize].lines.len() {
            let line = self.workers[worker.0 as usize].lines[i] as usize;
            for cell in self.cells_of(line) {
                let Some(quote) = self.quote_in(cell) else { continue };
                let record = &self.quotes[quote];
                let fed = connection.is_none_or(|c| record.connection == c);
                if fed && record.status != Status::Removed && !record.barred {
                    self.update(quote, origin, changes, |q| q.barred = true);
                }
            }
        }
    }

    /// Everything of a worker is gone: its account was toggled off, or another session began.
    pub fn remove_all(&mut self, worker: WorkerId, origin: Origin, changes: &mut impl Changes) {
        for line in std::mem::take(&mut self.workers[worker.0 as usize].lines) {
            self.lines[line as usize].of_worker = false;
            self.remove_line(line as usize, origin, changes);
        }
    }

    fn line_at(&self, worker: WorkerId, slot: u32) -> Option<usize> {
        self.workers[worker.0 as usize].line_slots.get(slot as usize).map(|line| *line as usize)
    }

    /// The cells of a line; those that hold a quote are found with [`Self::quote_in`].
    fn cells_of(&self, line: usize) -> std::ops::Range<usize> {
        let record = &self.lines[line];
        let start = record.cells as usize;
        start..start + cells(record.market)
    }

    fn quote_in(&self, cell: usize) -> Option<usize> {
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
        self.feed(worker, quote, origin.connection);
        let record = &mut self.quotes[quote];
        if record.status == Status::Removed && row.status != Status::Removed {
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
            return;
        }
        self.update(quote, origin, changes, |q| {
            (q.status, q.price, q.available) = (row.status, price, size);
            q.barred &= row.status != Status::Removed;
        });
    }

    /// Another connection may feed a quote from here on; what was missed of it stays missed.
    fn feed(&mut self, worker: WorkerId, quote: usize, connection: u32) {
        let record = &mut self.quotes[quote];
        let before = std::mem::replace(&mut record.connection, connection);
        if before != connection && record.status != Status::Removed {
            let scope = &mut self.scopes[self.lines[record.line as usize].scope as usize];
            scope.gap |= self.workers[worker.0 as usize].last_loss(before) > scope.mended;
        }
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
    fn update(
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

    fn remove_quote(&mut self, quote: usize, origin: Origin, changes: &mut impl Changes) {
        self.update(quote, origin, changes, |q| {
            (q.status, q.price, q.available, q.barred) = (Status::Removed, None, None, false);
        });
    }

    fn remove_event(&mut self, worker: WorkerId, slot: u32, origin: Origin, changes: &mut impl Changes) {
        let Some(&event) = self.workers[worker.0 as usize].event_slots.get(slot as usize) else { return };
        for line in std::mem::take(&mut self.events[event as usize].lines) {
            self.lines[line as usize].of_event = false;
            self.remove_line(line as usize, origin, changes);
        }
    }

    fn end_snapshot(&mut self, worker: WorkerId, scope: usize, origin: Origin, changes: &mut impl Changes) {
        let Some(begun) = self.scopes[scope].open.take() else { return };
        // What was lost in the middle of a snapshot may be missing from it.
        if self.workers[worker.0 as usize].last_loss(begun.connection) > begun.losses {
            return;
        }
        self.scopes[scope].gap = false;
        self.scopes[scope].mended = begun.losses;
        let generation = self.scopes[scope].generation;
        let mut kept = 0;
        for i in 0..self.scopes[scope].lines.len() {
            let line = self.scopes[scope].lines[i];
            let mut stands = false;
            for cell in self.cells_of(line as usize) {
                let Some(quote) = self.quote_in(cell) else { continue };
                if self.quotes[quote].generation != generation {
                    self.remove_quote(quote, origin, changes);
                } else if self.quotes[quote].barred {
                    self.update(quote, origin, changes, |q| q.barred = false);
                }
                stands |= self.quotes[quote].status != Status::Removed;
            }
            self.lines[line as usize].listed_at = stands.then_some(kept);
            if stands {
                self.scopes[scope].lines[kept as usize] = line;
                kept += 1;
            }
        }
        self.scopes[scope].lines.truncate(kept as usize);
    }

    /// Puts a line among those that are looked at when a snapshot of its scope ends, or when its event
    /// or everything is removed. Lines of which nothing stands would only make these longer.
    fn list(&mut self, worker: WorkerId, line: usize) {
        self.list_in_scope(line);
        let record = &mut self.lines[line];
        if !std::mem::replace(&mut record.of_event, true) {
            self.events[record.event as usize].lines.push(line as u32);
        }
        if !std::mem::replace(&mut record.of_worker, true) {
            self.workers[worker.0 as usize].lines.push(line as u32);
        }
    }

    fn list_in_scope(&mut self, line: usize) {
        let record = &mut self.lines[line];
        if record.listed_at.is_none() {
            let lines = &mut self.scopes[record.scope as usize].lines;
            record.listed_at = Some(lines.len() as u32);
            lines.push(line as u32);
        }
    }

    fn change_scope(&mut self, line: usize, scope: u32) {
        let record = &mut self.lines[line];
        let before = std::mem::replace(&mut record.scope, scope);
        let Some(at) = record.listed_at.take_if(|_| before != scope) else { return };
        let lines = &mut self.scopes[before as usize].lines;
        lines.swap_remove(at as usize);
        if let Some(moved) = lines.get(at as usize) {
            self.lines[*moved as usize].listed_at = Some(at);
        }
        self.list_in_scope(line);
    }

    fn scope(&mut self, worker: WorkerId, scope: u64) -> usize {
        let next = self.scopes.len() as u32;
        let id = *self.scope_ids.entry((worker, scope)).or_insert(next);
        if id == next {
            let mended = self.workers[worker.0 as usize].losses;
            self.scopes.push(Scope { mended, ..Scope::default() });
        }
        id as usize
    }

    fn name_event(&mut self, worker: WorkerId, answer: &Answer, row: &EventRow) {
        let id = self.texts.intern(answer.text(row.id));
        let next = self.events.len() as u32;
        let event = *self.event_ids.entry((worker, id)).or_insert(next);
        let mut text = |index: Option<u32>| index.map(|index| self.texts.intern(answer.text(index)));
        let starts_at = row.starts_at.map(Timestamp::from_nanos);
        let mut record = EventRecord {
            worker,
            id,
            sport: text(row.sport),
            competition: text(row.competition),
            title: text(row.title),
            home: text(row.home),
            away: text(row.away),
            score: text(row.score),
            starts_at,
            in_play: row.in_play,
            lines: Vec::new(),
        };
        if let Some(known) = self.events.get_mut(event as usize) {
            record.lines = std::mem::take(&mut known.lines);
            *known = record;
        } else {
            self.events.push(record);
        }
        set_slot(&mut self.workers[worker.0 as usize].event_slots, row.slot, event);
    }

    fn name_line(&mut self, worker: WorkerId, answer: &Answer, row: &LineRow) {
        let slots = &self.workers[worker.0 as usize].event_slots;
        let Some(&event) = slots.get(row.event as usize) else { return };
        let mut text = |index: Option<u32>| index.map(|index| self.texts.intern(answer.text(index)));
        let (runner, other, currency) = (text(row.runner), text(row.other), text(row.currency));
        let market_id = self.texts.intern(answer.text(row.market_id));
        let line = row.line.map(Decimal::normalized);
        let (market, period) = (row.market, row.period);
        let key = LineKey { event, market_id, market, period, line, runner, other };
        let scope = self.scope(worker, row.scope) as u32;
        let next = self.lines.len() as u32;
        let index = *self.line_ids.entry(key).or_insert(next);
        if index == next {
            let first_cell = self.cells.len();
            self.cells.resize(first_cell + cells(market), NO_QUOTE);
            self.lines.push(LineRecord {
                event,
                market_id,
                market,
                period,
                line: row.line,
                runner,
                other,
                currency,
                min_stake: row.min_stake,
                max_stake: row.max_stake,
                scope,
                cells: first_cell as u32,
                listed_at: None,
                of_event: false,
                of_worker: false,
            });
        } else {
            let record = &mut self.lines[index as usize];
            (record.currency, record.min_stake, record.max_stake) = (currency, row.min_stake, row.max_stake);
            self.change_scope(index as usize, scope);
        }
        set_slot(&mut self.workers[worker.0 as usize].line_slots, row.slot, index);
    }
}

/// Slots are dense: the checker lets a new one be only the next number.
fn set_slot(slots: &mut Vec<u32>, slot: u32, value: u32) {
    match slots.get_mut(slot as usize) {
        Some(known) => *known = value,
        None => slots.push(value),
    }
}
