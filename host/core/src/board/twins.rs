//! The same events and lines on two boards, found by their names.

use super::exchange::{carried_event, carried_key};
use super::store::{LineKey, LineRecord, NO_QUOTE, cells};
use super::{Board, WorkerId};
use antigravity_abi::Decimal;
use rustc_hash::FxHashMap;

/// Events and lines of one board with their twins on another, by number.
pub(super) struct Twins {
    pub events: FxHashMap<u32, u32>,
    pub lines: FxHashMap<u32, u32>,
    /// The adapter's numbers of the one board's scopes.
    scopes: FxHashMap<u32, u64>,
}

impl Twins {
    /// Of what a worker of this board told.
    pub fn of(from: &Board, worker: WorkerId) -> Self {
        let (events, lines) = Default::default();
        Self { events, lines, scopes: from.scope_numbers(worker) }
    }

    /// The twins of all numbers that an adapter gave, in their order.
    pub fn of_slots(
        &mut self,
        (to, worker): (&mut Board, WorkerId),
        from: &Board,
        (events, lines): &(Vec<u32>, Vec<u32>),
    ) -> (Vec<u32>, Vec<u32>) {
        let events = events.iter().map(|event| self.event((to, worker), from, *event)).collect();
        let lines = lines.iter().map(|line| self.line((to, worker), from, *line)).collect();
        (events, lines)
    }

    /// The twin of an event; made where there is none.
    fn event(&mut self, (to, worker): (&mut Board, WorkerId), from: &Board, event: u32) -> u32 {
        if let Some(twin) = self.events.get(&event) {
            return *twin;
        }
        let record = &from.events[event as usize];
        let id = to.texts.intern(from.texts.get(record.id));
        let next = to.events.len() as u32;
        let twin = *to.event_ids.entry((worker, id)).or_insert(next);
        if twin == next {
            let record = carried_event(record, worker, &from.texts, &mut to.texts);
            to.events.push(record);
        }
        self.events.insert(event, twin);
        twin
    }

    /// The twin of a line; made, without a quote, where there is none.
    pub fn line(&mut self, (to, worker): (&mut Board, WorkerId), from: &Board, line: u32) -> u32 {
        if let Some(twin) = self.lines.get(&line) {
            return *twin;
        }
        let event = self.event((to, worker), from, from.lines[line as usize].event);
        let key = carried_key(&from.key_of(line), event, &from.texts, &mut to.texts);
        let next = to.lines.len() as u32;
        let twin = *to.line_ids.entry(key).or_insert(next);
        if twin == next {
            let scope = self.scopes.get(&from.lines[line as usize].scope).copied().unwrap_or_default();
            to.make_twin((worker, key), scope, from, line);
        }
        self.lines.insert(line, twin);
        twin
    }
}

impl Board {
    fn key_of(&self, line: u32) -> LineKey {
        let record = &self.lines[line as usize];
        LineKey {
            event: record.event,
            market_id: record.market_id,
            market: record.market,
            period: record.period,
            line: record.line.map(Decimal::normalized),
            runner: record.runner,
            other: record.other,
        }
    }

    fn make_twin(&mut self, (worker, key): (WorkerId, LineKey), scope: u64, from: &Self, line: u32) {
        let record = &from.lines[line as usize];
        let scope = self.scope(worker, scope) as u32;
        let runners = self.market_of_runners(key.event, key.market_id, key.market, key.period);
        if runners.is_some() {
            // No list is proven that it is not in.
            self.scopes[scope as usize].complete = None;
        }
        let first_cell = self.cells.len();
        self.cells.resize(first_cell + cells(key.market), NO_QUOTE);
        self.lines.push(LineRecord {
            event: key.event,
            market_id: key.market_id,
            market: key.market,
            period: key.period,
            line: record.line,
            runner: key.runner,
            other: key.other,
            currency: super::exchange::carry(record.currency, &from.texts, &mut self.texts),
            min_stake: record.min_stake,
            max_stake: record.max_stake,
            scope,
            cells: first_cell as u32,
            listed_at: None,
            of_event: false,
            of_worker: false,
            runners,
            named: None,
        });
    }
}
