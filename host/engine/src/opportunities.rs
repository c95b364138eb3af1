//! Opportunities: what the board says goes to the finder, and what the finder finds is handed on.

use antigravity_core::board::{Board, Change, Changes, EventId, LineId, QuoteId, QuoteView, WorkerId};
use antigravity_core::finder::{
    Event, Events, Finder, Fixture, Funnel, LineFacts, MarketLine, Offer, OutcomeFacts, Pairing, Quote,
    Standing, Worker, WorkerFacts,
};
use antigravity_core::identity::Identity;
use antigravity_core::{Status, Timestamp};
use std::vec::Drain;

/// A finder that follows a board; its numbers are the board's. It is told of what was quoted, when it is
/// first quoted.
#[derive(Debug)]
pub struct Opportunities {
    finder: Finder,
    events: Events,
    workers: Known,
    fixtures: Known,
    lines: Known,
    quotes: Known,
    /// Lines of markets whose runners changed with this packet.
    listed: Vec<LineId>,
}

/// Of which numbers the finder was told.
#[derive(Debug, Default)]
struct Known(Vec<bool>);

impl Known {
    fn has(&self, number: u32) -> bool {
        self.0.get(number as usize).is_some_and(|known| *known)
    }

    /// Notes a number; tells whether it is new.
    fn is_new(&mut self, number: u32) -> bool {
        let place = number as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, false);
        }
        !std::mem::replace(&mut self.0[place], true)
    }
}

impl Opportunities {
    pub fn new(finder: Finder) -> Self {
        let (workers, fixtures, lines, quotes, listed) = Default::default();
        Self { finder, events: Events::default(), workers, fixtures, lines, quotes, listed }
    }

    /// Before what a packet brings: what ended because a leg went stale since the last one.
    pub fn packet_begins(&mut self, board: &Board) -> Drain<'_, Event> {
        if let Some(now) = board.now() {
            self.finder.advance(now, &OnBoard(board), &mut self.events);
        }
        self.events.list.drain(..)
    }

    /// After all that a packet brought: what ended, opened or changed by it.
    pub fn packet_ends(&mut self, board: &Board) -> Drain<'_, Event> {
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_unstable_by_key(|line| (board.runners_of(*line), *line));
        listed.dedup_by_key(|line| board.runners_of(*line));
        listed.drain(..).for_each(|line| self.list_runners(board, line));
        self.listed = listed;
        if let Some(now) = board.now() {
            self.finder.run(now, &OnBoard(board), &mut self.events);
        }
        self.events.list.drain(..)
    }

    /// Who their legs differ by.
    pub const fn pairing(&self) -> Pairing {
        self.finder.pairing()
    }

    /// Why there are no more of them.
    pub const fn funnel(&self) -> &Funnel {
        self.finder.funnel()
    }

    /// Which events of which providers are one.
    pub const fn identity(&self) -> &Identity {
        self.finder.identity()
    }

    /// Tells the finder of a quote that it does not know yet, and of all that it is a part of.
    fn introduce(&mut self, board: &Board, quote: QuoteId, view: &QuoteView) {
        let (line, event) = (view.line, board.line(view.line).event);
        let worker = board.worker_of(event);
        if self.workers.is_new(worker.number()) {
            self.name_worker(board, worker);
        }
        if self.fixtures.is_new(event.number()) {
            self.name_fixture(board, event);
        }
        if self.lines.is_new(line.number()) {
            self.name_line(board, line);
            self.runners_changed(board, line);
        }
        self.finder.define(Quote(quote.number()), MarketLine(line.number()), view.selection, view.side);
    }

    fn name_worker(&mut self, board: &Board, worker: WorkerId) {
        let info = board.worker_info(worker);
        let facts = WorkerFacts {
            account: &info.account,
            provider: &info.provider,
            basis: info.handicap_basis,
            currency: info.currency.as_deref(),
        };
        self.finder.name_worker(Worker(worker.number()), &facts);
    }

    fn name_fixture(&mut self, board: &Board, event: EventId) {
        let worker = Worker(board.worker_of(event).number());
        self.finder.name_fixture(Fixture(event.number()), worker, &board.event(event));
    }

    fn name_line(&mut self, board: &Board, line: LineId) {
        let view = board.line(line);
        let facts = LineFacts {
            fixture: Fixture(view.event.number()),
            market_id: view.market_id,
            market: view.market,
            period: view.period,
            line: view.line,
            runner: view.runner,
            step: board.worker_info(board.worker_of(view.event)).step,
            min: view.min_stake,
            max: view.max_stake,
            currency: view.currency,
        };
        self.finder.name_line(MarketLine(line.number()), &facts);
    }

    fn list_runners(&mut self, board: &Board, line: LineId) {
        let view = board.line(line);
        let outcomes = board.outcomes(line);
        self.finder.prove(&OutcomeFacts {
            fixture: Fixture(view.event.number()),
            market_id: view.market_id,
            market: view.market,
            period: view.period,
            outcomes: outcomes.as_ref().map(|outcomes| &*outcomes.runners),
            packet_seq: outcomes.as_ref().map_or(0, |outcomes| outcomes.seq),
        });
    }
}

impl Changes for Opportunities {
    fn changed(&mut self, board: &Board, change: Change) {
        let view = board.quote(change.quote);
        if view.level != 1 {
            return;
        }
        let number = change.quote.number();
        if !self.quotes.has(number) {
            if view.status == Status::Removed {
                return;
            }
            self.quotes.is_new(number);
            self.introduce(board, change.quote, &view);
        }
        let offer =
            Offer { status: view.status, price: view.price, available: view.available, seq: view.seq };
        self.finder.offer(Quote(number), &offer, board.now().unwrap_or(change.origin.at));
    }

    fn touched(&mut self, _: &Board, quote: QuoteId) {
        if self.quotes.has(quote.number()) {
            self.finder.touch(Quote(quote.number()));
        }
    }

    fn event_changed(&mut self, board: &Board, event: EventId) {
        if self.fixtures.has(event.number()) {
            self.name_fixture(board, event);
        }
    }

    fn line_changed(&mut self, board: &Board, line: LineId) {
        if self.lines.has(line.number()) {
            self.name_line(board, line);
        }
    }

    /// What its contract says of quotes may have changed: what was told of it is told again.
    fn worker_changed(&mut self, board: &Board, worker: WorkerId) {
        if !self.workers.has(worker.number()) {
            return;
        }
        self.name_worker(board, worker);
        let mut last = None;
        for quote in board.standing(worker).collect::<Vec<_>>() {
            let line = board.quote(quote).line;
            if self.lines.has(line.number()) && last.replace(line) != Some(line) {
                self.name_line(board, line);
            }
            self.touched(board, quote);
        }
    }

    fn runners_changed(&mut self, board: &Board, line: LineId) {
        let known = self.fixtures.has(board.line(line).event.number());
        if known && board.runners_of(line).is_some() && self.listed.last() != Some(&line) {
            self.listed.push(line);
        }
    }
}

/// Freshness as the board has it.
struct OnBoard<'a>(&'a Board);

impl OnBoard<'_> {
    fn quote(&self, quote: Quote) -> QuoteId {
        self.0.quote_id(quote.0)
    }
}

impl Standing for OnBoard<'_> {
    fn confirmed_at(&self, quote: Quote) -> Timestamp {
        self.0.confirmed_at(self.quote(quote))
    }

    fn stale_at(&self, quote: Quote) -> Option<Timestamp> {
        self.0.stale_at(self.quote(quote))
    }
}
