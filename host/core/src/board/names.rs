//! Naming: which events and lines there are, and which of them are looked at when something ends.

use super::store::{EventRecord, LineKey, LineRecord, NO_QUOTE, Scope, cells};
use super::{Board, Changes, EventId, LineId, Origin, QuoteId, WorkerId};
use crate::Timestamp;
use crate::answer::Answer;
use antigravity_abi::Decimal;
use antigravity_abi::rows::{EventRow, LineRow};

impl Board {
    /// Puts a line among those that are looked at when a snapshot of its scope ends, or when its event
    /// or everything is removed. Lines of which nothing stands would only make these longer.
    pub(super) fn list(&mut self, worker: WorkerId, line: usize) {
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

    pub(super) fn change_scope(&mut self, line: usize, scope: u32, changes: &mut impl Changes) {
        let record = &mut self.lines[line];
        let before = std::mem::replace(&mut record.scope, scope);
        record.named = record.named.filter(|_| before == scope);
        let Some(at) = record.listed_at.take_if(|_| before != scope) else { return };
        let lines = &mut self.scopes[before as usize].lines;
        lines.swap_remove(at as usize);
        if let Some(moved) = lines.get(at as usize) {
            self.lines[*moved as usize].listed_at = Some(at);
        }
        self.list_in_scope(line);
        // Something may have been missed of the one and not of the other.
        for cell in self.cells_of(line) {
            if let Some(quote) = self.quote_in(cell) {
                changes.touched(self, QuoteId(quote as u32));
            }
        }
    }

    pub(super) fn scope(&mut self, worker: WorkerId, scope: u64) -> usize {
        let next = self.scopes.len() as u32;
        let id = *self.scope_ids.entry((worker, scope)).or_insert(next);
        if id == next {
            let mended = self.workers[worker.0 as usize].losses;
            self.scopes.push(Scope { mended, ..Scope::default() });
        }
        id as usize
    }

    pub(super) fn name_event(
        &mut self,
        worker: WorkerId,
        answer: &Answer,
        row: &EventRow,
        changes: &mut impl Changes,
    ) {
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
        set_slot(&mut self.workers[worker.0 as usize].event_slots, row.slot, event);
        let Some(known) = self.events.get_mut(event as usize) else {
            self.events.push(record);
            return;
        };
        record.lines = std::mem::take(&mut known.lines);
        let before = std::mem::replace(known, record);
        if !known.says_as(&before) {
            changes.event_changed(self, EventId(event));
        }
    }

    pub(super) fn name_line(
        &mut self,
        worker: WorkerId,
        origin: Origin,
        answer: &Answer,
        row: &LineRow,
        changes: &mut impl Changes,
    ) {
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
            let runners = self.market_of_runners(event, market_id, market, period);
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
                runners,
                named: None,
            });
        } else {
            let record = &mut self.lines[index as usize];
            let now = (currency, row.min_stake, row.max_stake);
            let before = (record.currency, record.min_stake, record.max_stake);
            (record.currency, record.min_stake, record.max_stake) = now;
            self.change_scope(index as usize, scope, changes);
            if before != now {
                changes.line_changed(self, LineId(index));
            }
        }
        set_slot(&mut self.workers[worker.0 as usize].line_slots, row.slot, index);
        self.name_runner(index as usize, origin.seq, changes);
    }
}

/// Slots are dense: the checker lets a new one be only the next number.
fn set_slot(slots: &mut Vec<u32>, slot: u32, value: u32) {
    match slots.get_mut(slot as usize) {
        Some(known) => *known = value,
        None => slots.push(value),
    }
}
