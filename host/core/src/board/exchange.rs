//! Two versions of an adapter exchange their places.
//!
//! A candidate is tried on a board of its own, beside the one that people see. When it takes over, its
//! numbers of events and lines are translated to the other board's by their names, and where the two differ
//! each board gets what the other showed: after it the candidate's is what people see, and the one before
//! goes on beside it, ready to come back the same way. What both show alike, nearly all, is not touched.

use super::missed::{Numbers, exchange_missed};
use super::store::{Begun, QuoteRecord};
use super::text::Carried;
use super::twins::{Of, Twins, carried_event};
use super::{Board, Changes, EventId, LineId, Origin, QuoteId, WorkerId};
use antigravity_abi::Status;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Of each scope, by the adapter's own number, the snapshot that is under way.
type Open = FxHashMap<u64, Option<Begun>>;

/// A worker on its board.
type At<'a> = (&'a mut Board, WorkerId);

impl Board {
    /// The version that feeds `worker` from here on is the one that fed `theirs` on `other`, and the other
    /// way round. `changes` follows this board.
    pub fn exchange(
        &mut self,
        worker: WorkerId,
        (other, theirs): (&mut Self, WorkerId),
        origin: Origin,
        changes: &mut impl Changes,
    ) {
        self.tick(origin.at);
        let Twins { events, lines, mut texts, .. } = exchange_names((self, worker), (other, theirs));
        let (ours, its) = (worker.0 as usize, theirs.0 as usize);
        let (mine, its) = (&mut self.workers[ours].info, &mut other.workers[its].info);
        std::mem::swap(mine, its);
        // The place stays the same.
        std::mem::swap(&mut mine.account, &mut its.account);
        changes.worker_changed(self, worker);
        for pair in events.pairs() {
            exchange_facts(self, other, pair, &mut texts, changes);
        }
        let scopes = (self.scope_numbers(worker), other.scope_numbers(theirs));
        exchange_open((self, worker), (other, theirs), &scopes);
        exchange_missed((self, worker), (other, theirs), &scopes, changes);
        for pair in lines.pairs() {
            let numbers = (scopes.0.get(&self.lines[pair.0].scope), scopes.1.get(&other.lines[pair.1].scope));
            if numbers.0 == numbers.1 && self.shows_as(other, pair, &mut texts) {
                continue;
            }
            let named = (self.named(pair.0), other.named(pair.1));
            exchange_scopes((self, worker), (other, theirs), pair, numbers, changes);
            exchange_limits(self, other, pair, &mut texts, changes);
            exchange_quotes((self, worker), (other, theirs), pair, origin, changes);
            self.set_named(pair.0, &named.1);
            other.set_named(pair.1, &named.0);
        }
    }

    /// Whether both boards have the same of a line, so that there is nothing to exchange: nearly all are so.
    fn shows_as(&self, other: &mut Self, (line, twin): (usize, usize), texts: &mut [Carried; 2]) -> bool {
        let [to_its, _] = texts;
        let (record, its) = (&self.lines[line], &other.lines[twin]);
        let generations =
            (self.scopes[record.scope as usize].generation, other.scopes[its.scope as usize].generation);
        (record.min_stake, record.max_stake) == (its.min_stake, its.max_stake)
            && its.currency == to_its.some(record.currency, &self.texts, &mut other.texts)
            && self.cells_of(line).zip(other.cells_of(twin)).all(|(cell, its_cell)| {
                match (self.quote_in(cell), other.quote_in(its_cell)) {
                    (None, None) => true,
                    (Some(old), Some(new)) => {
                        let named = |board: &Self, quote: usize, generation| {
                            board.quotes[quote].generation == generation
                        };
                        named(self, old, generations.0) == named(other, new, generations.1)
                            && Shown::of(self, Some(old)) == Shown::of(other, Some(new))
                    }
                    // One that was removed shows as little as one that never was.
                    _ => false,
                }
            })
    }

    /// The adapter's own numbers of a worker's scopes.
    pub(super) fn scope_numbers(&self, worker: WorkerId) -> FxHashMap<u32, u64> {
        let of_worker = self.scope_ids.iter().filter(|((of, _), _)| *of == worker);
        of_worker.map(|((_, number), scope)| (*scope, *number)).collect()
    }

    /// Of each cell of a line, whether the last snapshot of its scope named its quote.
    fn named(&self, line: usize) -> SmallVec<[bool; 18]> {
        let generation = self.scopes[self.lines[line].scope as usize].generation;
        let quote = |cell| self.quote_in(cell).is_some_and(|q| self.quotes[q].generation == generation);
        self.cells_of(line).map(quote).collect()
    }

    fn set_named(&mut self, line: usize, named: &[bool]) {
        let generation = self.scopes[self.lines[line].scope as usize].generation;
        for (cell, named) in self.cells_of(line).zip(named) {
            let Some(quote) = self.quote_in(cell) else { continue };
            self.quotes[quote].generation = if *named { generation } else { generation.wrapping_sub(1) };
        }
    }

    fn take_slots(&mut self, worker: WorkerId) -> (Vec<u32>, Vec<u32>) {
        let state = &mut self.workers[worker.0 as usize];
        (std::mem::take(&mut state.event_slots), std::mem::take(&mut state.line_slots))
    }

    fn set_slots(&mut self, worker: WorkerId, (events, lines): (Vec<u32>, Vec<u32>)) {
        let state = &mut self.workers[worker.0 as usize];
        (state.event_slots, state.line_slots) = (events, lines);
    }
}

/// Gives the numbers of each side to the other. The events and lines that are one.
fn exchange_names((ours, worker): At<'_>, (its, theirs): At<'_>) -> Twins {
    let (old, new) = (ours.take_slots(worker), its.take_slots(theirs));
    // What stands without a number any more is exchanged too.
    let standing =
        (ours.workers[worker.0 as usize].lines.clone(), its.workers[theirs.0 as usize].lines.clone());
    let mut twins = Twins::of((ours, worker), (its, theirs));
    let new_here = twins.of_slots(Of::Its, (ours, worker), its, &new);
    let old_there = twins.of_slots(Of::Ours, (its, theirs), ours, &old);
    ours.set_slots(worker, new_here);
    its.set_slots(theirs, old_there);
    for line in standing.0 {
        twins.line(Of::Ours, (its, theirs), ours, line);
    }
    for line in standing.1 {
        twins.line(Of::Its, (ours, worker), its, line);
    }
    twins
}

fn exchange_facts(
    ours: &mut Board,
    its: &mut Board,
    (event, twin): (usize, usize),
    [to_its, to_ours]: &mut [Carried; 2],
    changes: &mut impl Changes,
) {
    let (ours_worker, its_worker) = (ours.events[event].worker, its.events[twin].worker);
    let mut new = carried_event(&its.events[twin], ours_worker, to_ours, &its.texts, &mut ours.texts);
    if new.says_as(&ours.events[event]) {
        return;
    }
    let mut old = carried_event(&ours.events[event], its_worker, to_its, &ours.texts, &mut its.texts);
    new.lines = std::mem::take(&mut ours.events[event].lines);
    old.lines = std::mem::take(&mut its.events[twin].lines);
    ours.events[event] = new;
    its.events[twin] = old;
    changes.event_changed(ours, EventId(event as u32));
}

/// Snapshots that are under way: the version that goes on with one has to find it where it goes on.
fn exchange_open((ours, worker): At<'_>, (its, theirs): At<'_>, (old, new): &Numbers) {
    let open = |board: &Board, scopes: &FxHashMap<u32, u64>| -> Open {
        scopes.iter().map(|(scope, number)| (*number, board.scopes[*scope as usize].open)).collect()
    };
    let (before, after) = (open(ours, old), open(its, new));
    go_on((ours, worker), &before, &after);
    go_on((its, theirs), &after, &before);
}

/// The numbers are the version's that goes on. What was lost since a snapshot began is known only to the board
/// on which it began: elsewhere it counts as begun before all losses.
fn go_on((board, worker): At<'_>, known: &Open, wanted: &Open) {
    for number in known.keys() {
        let scope = board.scope(worker, *number);
        if !wanted.get(number).is_some_and(Option::is_some) {
            board.scopes[scope].open = None;
        }
    }
    for (number, begun) in wanted {
        let scope = board.scope(worker, *number);
        let open = &mut board.scopes[scope].open;
        if let (None, Some(begun)) = (&open, begun) {
            *open = Some(Begun { losses: 0, ..*begun });
        }
    }
}

/// A snapshot names the lines of a scope by the version's own number of it, so each line goes to the scope
/// that the version which now names it would put it into.
fn exchange_scopes(
    (ours, worker): At<'_>,
    (its, theirs): At<'_>,
    (line, twin): (usize, usize),
    (old, new): (Option<&u64>, Option<&u64>),
    changes: &mut impl Changes,
) {
    let (Some(&old), Some(&new)) = (old, new) else { return };
    if old == new {
        return;
    }
    let scope = ours.scope(worker, new) as u32;
    ours.change_scope(line, scope, changes);
    let scope = its.scope(theirs, old) as u32;
    its.change_scope(twin, scope, &mut ());
}

fn exchange_limits(
    ours: &mut Board,
    its: &mut Board,
    (line, twin): (usize, usize),
    [to_its, to_ours]: &mut [Carried; 2],
    changes: &mut impl Changes,
) {
    let currency = to_ours.some(its.lines[twin].currency, &its.texts, &mut ours.texts);
    let new = (currency, its.lines[twin].min_stake, its.lines[twin].max_stake);
    let record = &mut ours.lines[line];
    let old = (record.currency, record.min_stake, record.max_stake);
    if new == old {
        return;
    }
    (record.currency, record.min_stake, record.max_stake) = new;
    let currency = to_its.some(old.0, &ours.texts, &mut its.texts);
    let record = &mut its.lines[twin];
    (record.currency, record.min_stake, record.max_stake) = (currency, old.1, old.2);
    changes.line_changed(ours, LineId(line as u32));
}

/// Where the two show a quote otherwise, each gets what the other showed.
fn exchange_quotes(
    (ours, worker): At<'_>,
    (its, theirs): At<'_>,
    (line, twin): (usize, usize),
    origin: Origin,
    changes: &mut impl Changes,
) {
    for (cell, its_cell) in ours.cells_of(line).zip(its.cells_of(twin)) {
        let (old, new) = (ours.quote_in(cell), its.quote_in(its_cell));
        let (before, after) = (Shown::of(ours, old), Shown::of(its, new));
        if before != after {
            let from = new.map(|quote| copy(&its.quotes[quote]));
            let to = old.map(|quote| copy(&ours.quotes[quote]));
            show((ours, worker), (line, cell), (old, from), &after, origin, changes);
            show((its, theirs), (twin, its_cell), (new, to), &before, origin, &mut ());
        }
    }
}

/// What a cell shows; nothing where it was removed or never quoted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Shown {
    status: Option<Status>,
    price: Option<crate::odds::Price>,
    available: Option<antigravity_abi::Decimal>,
    barred: bool,
}

impl Shown {
    fn of(board: &Board, quote: Option<usize>) -> Self {
        let standing = quote.map(|quote| &board.quotes[quote]).filter(|q| q.status != Status::Removed);
        standing.map_or_else(Self::default, |quote| Self {
            status: Some(quote.status),
            price: quote.price,
            available: quote.available,
            barred: quote.barred,
        })
    }
}

/// A quote's record without its place.
fn copy(record: &QuoteRecord) -> QuoteRecord {
    QuoteRecord { adapter: record.adapter.clone(), ..*record }
}

fn show(
    (board, worker): At<'_>,
    (line, cell): (usize, usize),
    (known, from): (Option<usize>, Option<QuoteRecord>),
    shown: &Shown,
    origin: Origin,
    changes: &mut impl Changes,
) {
    let Some(status) = shown.status else {
        if let Some(quote) = known {
            board.remove_quote(quote, origin, changes);
        }
        return;
    };
    let Some(from) = from else { return };
    let adapter = board.workers[worker.0 as usize].info.adapter.clone();
    let stood = known.is_some_and(|quote| board.quotes[quote].status != Status::Removed);
    let quote = known.unwrap_or_else(|| {
        let new =
            QuoteRecord { line: line as u32, status: Status::Removed, price: None, adapter, ..copy(&from) };
        board.quotes.push(new);
        board.cells[cell] = (board.quotes.len() - 1) as u32;
        board.quotes.len() - 1
    });
    if !stood {
        board.list(worker, line);
        let record = &mut board.quotes[quote];
        (record.connection, record.confirmed_at) = (from.connection, from.confirmed_at);
    }
    board.update(quote, origin, changes, |q| {
        (q.status, q.price, q.available, q.barred) = (status, shown.price, shown.available, shown.barred);
    });
    changes.touched(board, QuoteId(quote as u32));
}
