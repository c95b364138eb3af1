//! Reading the board.

use super::text::Text;
use super::{Board, EventId, LineId, QuoteId, WorkerId, WorkerInfo};
use crate::Timestamp;
use crate::contract::Confirmation;
use crate::identity::EventFacts;
use crate::odds::Price;
use crate::quote::{MarketName, PriceText, QuoteLine};
use antigravity_abi::{Decimal, Market, Period, Selection, Side, Status};

/// What all selections of a line share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineView<'a> {
    pub event: EventId,
    /// The provider's own.
    pub market_id: &'a str,
    pub market: Market,
    pub period: Period,
    pub line: Option<Decimal>,
    pub runner: Option<&'a str>,
    pub min_stake: Option<Decimal>,
    pub max_stake: Option<Decimal>,
    pub currency: Option<&'a str>,
}

/// A quote as a person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteView {
    pub line: LineId,
    pub selection: Selection,
    pub side: Side,
    /// 1 is best.
    pub level: u8,
    pub status: Status,
    pub price: Option<Price>,
    pub available: Option<Decimal>,
    /// The packet that last changed it.
    pub seq: u64,
}

impl Board {
    /// The quote as it stands, as a line of type `quote`.
    pub fn quote_line(&self, quote: QuoteId) -> QuoteLine<'_> {
        let record = &self.quotes[quote.0 as usize];
        let line = &self.lines[record.line as usize];
        let event = &self.events[line.event as usize];
        let worker = &self.workers[event.worker.0 as usize].info;
        let text = |text: Option<Text>| text.map(|text| self.texts.get(text));
        let (status, price, available) = record.visible();
        QuoteLine {
            r#type: "quote",
            seq: record.seq,
            at: record.changed_at,
            account: &worker.account,
            provider: &worker.provider,
            adapter: &record.adapter,
            event_id: self.texts.get(event.id),
            sport: text(event.sport),
            competition: text(event.competition),
            home: text(event.home),
            away: text(event.away),
            title: text(event.title),
            starts_at: event.starts_at,
            in_play: event.in_play,
            market_id: self.texts.get(line.market_id),
            market: MarketName { market: line.market, other: text(line.other) },
            period: line.period,
            line: line.line,
            selection: record.selection,
            runner: text(line.runner),
            side: record.side,
            score: text(event.score),
            level: record.level,
            status,
            price: price.map(PriceText),
            available,
            min_stake: line.min_stake,
            max_stake: line.max_stake,
            currency: text(line.currency),
            age_ms: None,
            stale: None,
        }
    }

    /// Who feeds the board.
    pub fn worker_info(&self, worker: WorkerId) -> &WorkerInfo {
        &self.workers[worker.0 as usize].info
    }

    /// Who tells of an event.
    pub fn worker_of(&self, event: EventId) -> WorkerId {
        self.events[event.0 as usize].worker
    }

    /// What its worker is told of an event.
    pub fn event(&self, event: EventId) -> EventFacts<'_> {
        let record = &self.events[event.0 as usize];
        let text = |text: Option<Text>| text.map(|text| self.texts.get(text));
        EventFacts {
            provider: &self.worker_info(record.worker).provider,
            event_id: self.texts.get(record.id),
            sport: text(record.sport),
            competition: text(record.competition),
            home: text(record.home),
            away: text(record.away),
            title: text(record.title),
            starts_at: record.starts_at,
            in_play: record.in_play,
            score: text(record.score),
        }
    }

    /// What all selections of a line share.
    pub fn line(&self, line: LineId) -> LineView<'_> {
        let record = &self.lines[line.0 as usize];
        let text = |text: Option<Text>| text.map(|text| self.texts.get(text));
        LineView {
            event: EventId(record.event),
            market_id: self.texts.get(record.market_id),
            market: record.market,
            period: record.period,
            line: record.line,
            runner: text(record.runner),
            min_stake: record.min_stake,
            max_stake: record.max_stake,
            currency: text(record.currency),
        }
    }

    /// The quote of a number that this board gave out.
    pub const fn quote_id(&self, number: u32) -> QuoteId {
        QuoteId(number)
    }

    /// A quote as it stands.
    pub fn quote(&self, quote: QuoteId) -> QuoteView {
        let record = &self.quotes[quote.0 as usize];
        let (status, price, available) = record.visible();
        let (line, seq) = (LineId(record.line), record.seq);
        let (selection, side, level) = (record.selection, record.side, record.level);
        QuoteView { line, selection, side, level, status, price, available, seq }
    }

    /// When a quote was last confirmed: by a packet that named it or, where the contract says so,
    /// by the last sign of life of the connection that feeds it.
    pub fn confirmed_at(&self, quote: QuoteId) -> Timestamp {
        let record = &self.quotes[quote.0 as usize];
        let event = self.lines[record.line as usize].event;
        let worker = &self.workers[self.events[event as usize].worker.0 as usize];
        let alive = worker.connections.get(&record.connection).and_then(|connection| connection.alive);
        match (worker.info.confirms, alive) {
            (Confirmation::ByConnection, Some(alive)) => record.confirmed_at.max(alive),
            _ => record.confirmed_at,
        }
    }

    /// The last instant at which a quote is fresh; none where something of it was missed since its scope's
    /// last snapshot.
    pub fn stale_at(&self, quote: QuoteId) -> Option<Timestamp> {
        let record = &self.quotes[quote.0 as usize];
        let line = &self.lines[record.line as usize];
        let worker = &self.workers[self.events[line.event as usize].worker.0 as usize];
        let scope = &self.scopes[line.scope as usize];
        let missed = scope.gap || worker.last_loss(record.connection) > scope.mended;
        let until = self.confirmed_at(quote).nanos().saturating_add(worker.info.stale_after());
        (!missed).then_some(Timestamp::from_nanos(until))
    }

    /// Whether a quote is too old at `now`, or something of it was missed since its scope's last
    /// snapshot.
    pub fn is_stale(&self, quote: QuoteId, now: Timestamp) -> bool {
        self.stale_at(quote).is_none_or(|until| until < now)
    }

    /// The quotes of a worker that stand, open or suspended.
    pub fn standing(&self, worker: WorkerId) -> impl Iterator<Item = QuoteId> {
        let lines = self.workers[worker.0 as usize].lines.iter();
        let quotes =
            lines.flat_map(|line| self.cells_of(*line as usize)).filter_map(|cell| self.quote_in(cell));
        let stands = |quote: &usize| self.quotes[*quote].status != Status::Removed;
        quotes.filter(stands).map(|quote| QuoteId(quote as u32))
    }

    /// The quotes of a line that stand, open or suspended.
    pub fn standing_of(&self, line: LineId) -> impl Iterator<Item = QuoteId> {
        let quotes = self.cells_of(line.0 as usize).filter_map(|cell| self.quote_in(cell));
        let stands = |quote: &usize| self.quotes[*quote].status != Status::Removed;
        quotes.filter(stands).map(|quote| QuoteId(quote as u32))
    }

    /// The lines of type `board`: every quote that stands, open or suspended, in the published
    /// order. `now` is the time of the last packet.
    pub fn board_lines(&self, now: Timestamp) -> impl Iterator<Item = QuoteLine<'_>> {
        let mut standing: Vec<QuoteId> = (0..self.quotes.len() as u32)
            .map(QuoteId)
            .filter(|quote| self.quotes[quote.0 as usize].status != Status::Removed)
            .collect();
        standing.sort_by(|a, b| self.order(*a, *b));
        standing.into_iter().map(move |quote| QuoteLine {
            r#type: "board",
            age_ms: Some(now.millis_since(self.confirmed_at(quote))),
            stale: Some(self.is_stale(quote, now)),
            ..self.quote_line(quote)
        })
    }

    /// By provider, account, event, market id, market, period, line (none first, then by value),
    /// selection, runner, side, level.
    fn order(&self, a: QuoteId, b: QuoteId) -> std::cmp::Ordering {
        let (x, y) = (self.quote_line(a), self.quote_line(b));
        let names = |q: &QuoteLine<'_>| (q.market.to_string(), q.period.to_string());
        (x.provider, x.account, x.event_id, x.market_id)
            .cmp(&(y.provider, y.account, y.event_id, y.market_id))
            .then_with(|| names(&x).cmp(&names(&y)))
            .then_with(|| x.line.cmp(&y.line))
            .then_with(|| x.selection.name().cmp(y.selection.name()))
            .then_with(|| x.runner.cmp(&y.runner))
            .then_with(|| (x.side.name(), x.level).cmp(&(y.side.name(), y.level)))
    }
}
