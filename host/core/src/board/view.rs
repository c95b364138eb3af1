//! Reading the board.

use super::text::Text;
use super::{Board, QuoteId};
use crate::Timestamp;
use crate::contract::Confirmation;
use crate::quote::{MarketName, PriceText, QuoteLine};
use antigravity_abi::Status;

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

    /// Whether a quote is too old at `now`, or something of it was missed since its scope's last
    /// snapshot.
    pub fn is_stale(&self, quote: QuoteId, now: Timestamp) -> bool {
        let record = &self.quotes[quote.0 as usize];
        let line = &self.lines[record.line as usize];
        let worker = &self.workers[self.events[line.event as usize].worker.0 as usize];
        let scope = &self.scopes[line.scope as usize];
        let age = now.nanos().saturating_sub(self.confirmed_at(quote).nanos());
        scope.gap
            || worker.last_loss(record.connection) > scope.mended
            || age > i64::from(worker.info.stale_after_ms) * 1_000_000
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
