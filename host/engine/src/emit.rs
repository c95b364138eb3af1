//! Lines on standard output: quotes as they change, opportunities as they come and go, the board, the funnel
//! and the ledger at the end.

use crate::found::Found;
use crate::gauges::WorkerStatus;
use crate::merge::{Merger, Observer};
use crate::opportunities::Opportunities;
use crate::trial::TrialNews;
use antigravity_core::board::{
    Board, Change, Changes, EventId, LineId, Origin, QuoteId, WorkerId, WorkerInfo,
};
use antigravity_core::certificate::{ClosedLine, OpportunityLine};
use antigravity_core::finder::{Event, Pairing};
use antigravity_core::strikes::Standing;
use antigravity_core::{Fate, Packet, Timestamp};
use antigravity_routing::Drift;
use antigravity_runtime::CallError;
use crossbeam_channel::Sender;
use serde::Serialize;
use std::io::{self, Write};

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emit {
    pub quotes: bool,
    pub board: bool,
    pub opportunities: bool,
    pub funnel: bool,
    pub ledger: bool,
    /// What becomes of versions of adapters that are tried.
    pub adapters: bool,
}

/// A packet that an adapter failed on twice, for whoever repairs the adapter.
#[derive(Clone, Debug)]
pub struct Failure {
    pub packet: Packet,
    pub provider: String,
    pub error: CallError,
}

/// What somebody who looks after a run is told.
#[derive(Clone, Debug)]
pub enum News {
    Status(Timestamp, Vec<WorkerStatus>),
    Trial(TrialNews),
    LeftAlone(Box<LeftAlone>),
    Drift(Drift),
}

/// An adapter that failed too often, with the packet that it failed on last.
#[derive(Clone, Debug)]
pub struct LeftAlone {
    pub packet: Packet,
    pub account: String,
    pub provider: String,
    /// `provider@version`.
    pub adapter: String,
    pub error: CallError,
    pub standing: Standing,
}

/// Most failed packets that are kept, and bytes of them; the others are only counted.
const FAILURES: usize = 100;
const FAILED_BYTES: u64 = 64 << 20;

/// Writes lines of JSON. The first error is kept and ends the writing.
#[derive(Debug)]
pub struct Lines<W> {
    out: W,
    emit: Emit,
    buffer: Vec<u8>,
    error: Option<io::Error>,
    opportunities: Option<Opportunities>,
    /// Kept where they are wanted at the end.
    found: Option<Found>,
    failures: Vec<Failure>,
    failed_bytes: u64,
    news: Option<Sender<News>>,
}

/// What is left when a run is over.
#[derive(Debug)]
pub struct Ended {
    pub failures: Vec<Failure>,
    pub found: Option<Found>,
    /// Where opportunities were looked for.
    pub opportunities: Option<Opportunities>,
}

const FLUSH_AT: usize = 128 << 10;

impl<W: Write> Lines<W> {
    pub fn new(out: W, emit: Emit) -> Self {
        let (buffer, failures) = (Vec::new(), Vec::new());
        let (error, opportunities, found) = (None, None, None);
        Self { out, emit, buffer, error, opportunities, found, failures, failed_bytes: 0, news: None }
    }

    /// Looks for opportunities, and keeps what is found where it is wanted at the end.
    #[must_use]
    pub fn looking(mut self, opportunities: Opportunities, keep: bool) -> Self {
        self.opportunities = Some(opportunities);
        self.found = keep.then(Found::default);
        self
    }

    /// Somebody looks after the run.
    #[must_use]
    pub fn telling(mut self, news: Sender<News>) -> Self {
        self.news = Some(news);
        self
    }

    fn news(&self, news: News) {
        if let Some(sender) = &self.news {
            // Whoever looked after it may be gone already; the run does not need him.
            let _ = sender.send(news);
        }
    }

    fn line(&mut self, value: &impl Serialize) {
        if self.error.is_some() {
            return;
        }
        let written = serde_json::to_writer(&mut self.buffer, value).map_err(io::Error::from);
        self.error = written.err();
        self.end_line();
    }

    fn end_line(&mut self) {
        self.buffer.push(b'\n');
        if self.buffer.len() >= FLUSH_AT {
            self.flush();
        }
    }

    /// Writes and keeps what was found.
    fn tell(&mut self, pairing: Pairing, events: impl Iterator<Item = Event>) {
        for event in events {
            if self.emit.opportunities && self.error.is_none() {
                match &event {
                    Event::Opportunity(it) => OpportunityLine::new(it, pairing).write(&mut self.buffer),
                    Event::Closed(closed) => ClosedLine::from(closed).write(&mut self.buffer),
                }
                self.end_line();
            }
            if let Some(found) = &mut self.found {
                found.take(event);
            }
        }
    }

    /// Writes out what waits; for a run that ends early.
    ///
    /// # Errors
    /// The first error of all the writing.
    pub fn end(mut self) -> io::Result<()> {
        self.flush();
        self.error.map_or(Ok(()), Err)
    }

    fn flush(&mut self) {
        if self.error.is_none() {
            self.error = self.out.write_all(&self.buffer).and_then(|()| self.out.flush()).err();
        }
        self.buffer.clear();
    }

    /// Writes what comes after the last packet.
    ///
    /// # Errors
    /// The first error of all the writing.
    pub fn finish(mut self, merger: &Merger) -> io::Result<Ended> {
        if let (true, Some(now)) = (self.emit.board, merger.latest()) {
            for line in merger.board().board_lines(now) {
                self.line(&line);
            }
        }
        if let (true, Some(opportunities)) = (self.emit.funnel, &self.opportunities) {
            let funnel = opportunities.funnel().clone();
            self.line(&funnel);
        }
        if self.emit.ledger {
            self.line(&merger.ledger().to_line());
        }
        self.flush();
        match self.error {
            Some(error) => Err(error),
            None => {
                Ok(Ended { failures: self.failures, found: self.found, opportunities: self.opportunities })
            }
        }
    }
}

impl<W: Write> Changes for Lines<W> {
    fn changed(&mut self, board: &Board, change: Change) {
        if self.emit.quotes {
            self.line(&board.quote_line(change.quote));
        }
        if let Some(opportunities) = &mut self.opportunities {
            opportunities.changed(board, change);
        }
    }

    fn touched(&mut self, board: &Board, quote: QuoteId) {
        if let Some(opportunities) = &mut self.opportunities {
            opportunities.touched(board, quote);
        }
    }

    fn event_changed(&mut self, board: &Board, event: EventId) {
        if let Some(opportunities) = &mut self.opportunities {
            opportunities.event_changed(board, event);
        }
    }

    fn line_changed(&mut self, board: &Board, line: LineId) {
        if let Some(opportunities) = &mut self.opportunities {
            opportunities.line_changed(board, line);
        }
    }

    fn worker_changed(&mut self, board: &Board, worker: WorkerId) {
        if let Some(opportunities) = &mut self.opportunities {
            opportunities.worker_changed(board, worker);
        }
    }

    fn runners_changed(&mut self, board: &Board, line: LineId) {
        if let Some(opportunities) = &mut self.opportunities {
            opportunities.runners_changed(board, line);
        }
    }
}

impl<W: Write> Observer for Lines<W> {
    fn packet_begins(&mut self, board: &Board) {
        if let Some(mut opportunities) = self.opportunities.take() {
            self.tell(opportunities.pairing(), opportunities.packet_begins(board));
            self.opportunities = Some(opportunities);
        }
    }

    fn packet_ends(&mut self, board: &Board) {
        if let Some(mut opportunities) = self.opportunities.take() {
            self.tell(opportunities.pairing(), opportunities.packet_ends(board));
            self.opportunities = Some(opportunities);
        }
    }

    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str, by: Option<&WorkerInfo>) {
        let adapter = by.map_or("–", |by| &by.adapter);
        tracing::debug!(seq = origin.seq, at = %origin.at, adapter, reason, "{}", fate.name());
    }

    fn failed(&mut self, packet: &Packet, by: &WorkerInfo, error: &CallError) {
        let adapter = &*by.adapter;
        tracing::warn!(adapter, seq = packet.seq, account = %packet.account, "adapter failed twice: {error}");
        let bytes = self.failed_bytes + packet.weight() as u64;
        if self.failures.len() < FAILURES && bytes <= FAILED_BYTES {
            self.failed_bytes = bytes;
            let (packet, provider, error) = (packet.clone(), by.provider.to_string(), error.clone());
            self.failures.push(Failure { packet, provider, error });
        }
    }

    fn left_alone(&mut self, packet: &Packet, by: &WorkerInfo, error: &CallError, standing: Standing) {
        let (adapter, account, seq) = (&*by.adapter, &*by.account, packet.seq);
        match standing {
            Standing::PausedUntil(until) => {
                tracing::warn!(
                    adapter,
                    account,
                    seq,
                    "it failed too often ({error}): left alone until {until}"
                );
            }
            _ => tracing::error!(adapter, account, seq, "it fails again and again ({error}): disabled"),
        }
        self.news(News::LeftAlone(Box::new(LeftAlone {
            packet: packet.clone(),
            account: account.to_owned(),
            provider: by.provider.to_string(),
            adapter: adapter.to_owned(),
            error: error.clone(),
            standing,
        })));
    }

    fn drift(&mut self, drift: &Drift) {
        self.news(News::Drift(drift.clone()));
    }

    fn status(&mut self, at: Timestamp, status: Vec<WorkerStatus>) {
        self.flush();
        self.news(News::Status(at, status));
    }

    fn trial(&mut self, news: &TrialNews) {
        if self.emit.adapters {
            self.line(news);
            self.flush();
        }
        self.news(News::Trial(news.clone()));
    }

    fn gone(&self) -> bool {
        self.error.is_some()
    }
}
