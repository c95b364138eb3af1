//! The same events and lines on two boards, found by their names.

use super::store::{EventRecord, LineKey, LineRecord, NO_QUOTE, cells};
use super::text::{Carried, Texts};
use super::{Board, WorkerId};
use antigravity_abi::Decimal;
use rustc_hash::FxHashMap;

/// One of two boards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Ours,
    Its,
}

/// Numbers of what is one on both boards, by either's number.
#[derive(Debug, Default)]
pub(super) struct Both([Vec<Option<u32>>; 2]);

impl Both {
    fn twin(&self, of: Of, number: u32) -> Option<u32> {
        self.0[of as usize].get(number as usize).copied().flatten()
    }

    fn put(&mut self, of: Of, number: u32, twin: u32) {
        let [ours, its] = &mut self.0;
        let (mine, other) = if of == Of::Ours { (ours, its) } else { (its, ours) };
        for (list, place, twin) in [(mine, number, twin), (other, twin, number)] {
            if list.len() <= place as usize {
                list.resize(place as usize + 1, None);
            }
            list[place as usize] = Some(twin);
        }
    }

    /// Ours first, in the order of ours.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let all = self.0[Of::Ours as usize].iter().enumerate();
        all.filter_map(|(ours, its)| Some((ours, (*its)? as usize)))
    }
}

/// Events, lines and texts of two boards with their twins on the other.
pub(super) struct Twins {
    pub events: Both,
    pub lines: Both,
    /// From ours to its, and back.
    pub texts: [Carried; 2],
    /// The adapters' numbers of the boards' scopes.
    scopes: [FxHashMap<u32, u64>; 2],
}

impl Twins {
    /// Of what a worker of each board told.
    pub fn of(ours: (&Board, WorkerId), its: (&Board, WorkerId)) -> Self {
        let (events, lines, texts) = Default::default();
        Self { events, lines, texts, scopes: [ours, its].map(|(board, worker)| board.scope_numbers(worker)) }
    }

    /// The twins of all numbers that an adapter gave, in their order.
    pub fn of_slots(
        &mut self,
        of: Of,
        (to, worker): (&mut Board, WorkerId),
        from: &Board,
        (events, lines): &(Vec<u32>, Vec<u32>),
    ) -> (Vec<u32>, Vec<u32>) {
        let events = events.iter().map(|event| self.event(of, (to, worker), from, *event)).collect();
        let lines = lines.iter().map(|line| self.line(of, (to, worker), from, *line)).collect();
        (events, lines)
    }

    /// The twin of an event; made where there is none.
    fn event(&mut self, of: Of, (to, worker): (&mut Board, WorkerId), from: &Board, event: u32) -> u32 {
        if let Some(twin) = self.events.twin(of, event) {
            return twin;
        }
        let texts = &mut self.texts[of as usize];
        let record = &from.events[event as usize];
        let id = texts.text(record.id, &from.texts, &mut to.texts);
        let next = to.events.len() as u32;
        let twin = *to.event_ids.entry((worker, id)).or_insert(next);
        if twin == next {
            to.events.push(carried_event(record, worker, texts, &from.texts, &mut to.texts));
        }
        self.events.put(of, event, twin);
        twin
    }

    /// The twin of a line; made, without a quote, where there is none.
    pub fn line(&mut self, of: Of, (to, worker): (&mut Board, WorkerId), from: &Board, line: u32) -> u32 {
        if let Some(twin) = self.lines.twin(of, line) {
            return twin;
        }
        let event = self.event(of, (to, worker), from, from.lines[line as usize].event);
        let texts = &mut self.texts[of as usize];
        let key = from.key_of(line);
        let key = LineKey {
            event,
            market_id: texts.text(key.market_id, &from.texts, &mut to.texts),
            runner: texts.some(key.runner, &from.texts, &mut to.texts),
            other: texts.some(key.other, &from.texts, &mut to.texts),
            ..key
        };
        let next = to.lines.len() as u32;
        let twin = *to.line_ids.entry(key).or_insert(next);
        if twin == next {
            let scope = self.scopes[of as usize].get(&from.lines[line as usize].scope).copied();
            to.make_twin((worker, key), scope.unwrap_or_default(), (from, line), texts);
        }
        self.lines.put(of, line, twin);
        twin
    }
}

/// What one board knows of an event, as a record of another.
pub(super) fn carried_event(
    record: &EventRecord,
    worker: WorkerId,
    texts: &mut Carried,
    from: &Texts,
    to: &mut Texts,
) -> EventRecord {
    let mut some = |text| texts.some(text, from, to);
    let [sport, competition, title] = [record.sport, record.competition, record.title].map(&mut some);
    let [home, away, score] = [record.home, record.away, record.score].map(&mut some);
    let id = texts.text(record.id, from, to);
    let (starts_at, in_play) = (record.starts_at, record.in_play);
    EventRecord {
        worker,
        id,
        sport,
        competition,
        title,
        home,
        away,
        score,
        starts_at,
        in_play,
        lines: Vec::new(),
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

    fn make_twin(
        &mut self,
        (worker, key): (WorkerId, LineKey),
        scope: u64,
        (from, line): (&Self, u32),
        texts: &mut Carried,
    ) {
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
            currency: texts.some(record.currency, &from.texts, &mut self.texts),
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
