//! Feeding bodies to an adapter natively: for unit tests that want to see its rows and what stands.
//!
//! The answers go through the host's own checks and onto its own board. What a whole capture gives,
//! routed and through the sandbox, is what fixtures are for (`antigravity adapter test`).

#![allow(clippy::panic)] // a test says what is wrong by failing

mod quote;

pub use quote::Quote;

use crate::wit::{self, Confirmation, Content, Contract, Framing, Transport};
use crate::{Adapter, PriceFormat, Worker};
use antigravity_abi::rows::Row;
use antigravity_abi::{Decimal, Fate, NO_TEXT, PacketRow, Reason, Span};
use antigravity_core::Timestamp;
use antigravity_core::answer::{self, Answer, AnswerLimits, Checker, RawAnswer};
use antigravity_core::board::{Board, Origin, WorkerId, WorkerInfo};
use antigravity_core::contract;
use antigravity_tape::Tokeniser;
use std::fmt::Write;

/// One body with what an adapter may ask about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// Name of the contract's endpoint.
    pub endpoint: &'a str,
    pub url: &'a str,
    pub page: &'a str,
    pub request: &'a str,
    pub event: &'a str,
    /// Without the endpoint's prefix.
    pub body: &'a str,
    pub connection: u32,
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
}

/// What became of one body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// As the host counts it: rejected where every row was bad.
    pub fate: Fate,
    pub reason: Reason,
    pub detail: String,
    /// Each row as one line of text; a price row that the host refuses ends with `refused`.
    pub rows: Vec<String>,
    /// Those that the adapter counted and those that the host refuses.
    pub bad_rows: u32,
    pub snapshot_complete: bool,
}

/// An adapter that is fed natively, its state kept from one body to the next.
#[derive(Debug)]
pub struct Session<A> {
    contract: Contract,
    adapter: Worker<A>,
    tokeniser: Tokeniser,
    checker: Checker,
    board: Board,
    worker: WorkerId,
    fed: u64,
    latest: Timestamp,
}

impl<A: Adapter> Default for Session<A> {
    fn default() -> Self {
        let contract = A::contract();
        let formats: Vec<_> = contract.price_formats.iter().map(|format| price_format(*format)).collect();
        let mut board = Board::default();
        let worker = board.worker(WorkerInfo {
            account: "A".into(),
            adapter: format!("{}@{}", contract.provider, contract.version).into(),
            provider: contract.provider.as_str().into(),
            confirms: match contract.confirms {
                Confirmation::ByQuote => contract::Confirmation::ByQuote,
                Confirmation::ByConnection => contract::Confirmation::ByConnection,
            },
            stale_after_ms: contract.stale_after_ms,
            handicap_basis: contract::HandicapBasis::FromNow,
            currency: None,
            step: None,
        });
        Self {
            contract,
            adapter: Worker::default(),
            tokeniser: Tokeniser::default(),
            checker: Checker::new(AnswerLimits::default(), &formats),
            board,
            worker,
            fed: 0,
            latest: Timestamp::from_nanos(i64::MIN),
        }
    }
}

impl<A: Adapter> Session<A> {
    /// # Panics
    /// Where the contract has no such endpoint, or the answer breaks the ABI.
    pub fn feed(&mut self, input: Input<'_>) -> Reading {
        let answer = self.ask(input);
        let Some(reading) = answer.packets().first() else { panic!("an answer without a verdict") };
        let at = Timestamp::from_nanos(input.at);
        self.fed += 1;
        self.latest = self.latest.max(at);
        let origin = Origin { seq: self.fed, at, connection: input.connection };
        let verdict = &reading.verdict;
        let fate = if reading.all_bad() { Fate::Rejected } else { verdict.fate };
        match fate {
            Fate::Parsed => self.board.apply(self.worker, origin, &answer, reading, &mut ()),
            _ if reading.all_bad() => self.board.distrust(self.worker, origin, &answer, reading, &mut ()),
            _ => self.board.learn_names(self.worker, origin, &answer, reading, &mut ()),
        }
        self.heard(input, fate, verdict.reason);
        Reading {
            fate,
            reason: verdict.reason,
            detail: text(&answer, verdict.detail),
            rows: answer.rows(reading).map(|row| show(row, &answer)).collect(),
            bad_rows: reading.bad,
            snapshot_complete: verdict.snapshot_complete,
        }
    }

    /// The runners of a market that can win, where a snapshot proves that these are all.
    pub fn outcomes(&self, market_id: &str) -> Option<Vec<&str>> {
        let lines =
            (0..self.board.len() as u32).map(|quote| self.board.quote(self.board.quote_id(quote)).line);
        let line = { lines }.find(|line| self.board.line(*line).market_id == market_id)?;
        self.board.outcomes(line).map(|outcomes| outcomes.runners)
    }

    /// What a body shows of its connection, where that is a stream which confirms what it feeds: that it
    /// lives, or, where nobody can read the body, that any of it may have changed.
    fn heard(&mut self, input: Input<'_>, fate: Fate, reason: Reason) {
        let contract = &self.contract;
        let streamed = contract.endpoints[self.endpoint(input.endpoint)].transport != Transport::Http;
        if !streamed || contract.confirms != Confirmation::ByConnection {
            return;
        }
        match (fate, reason) {
            (Fate::Ignored, Reason::OtherSession | Reason::StaleCursor) | (Fate::NotMine, _) => {}
            (Fate::Parsed | Fate::Ignored, _) => {
                self.board.alive(self.worker, input.connection, Timestamp::from_nanos(input.at), &mut ());
            }
            (Fate::Rejected, _) => self.board.gap(self.worker, Some(input.connection), &mut ()),
        }
    }

    fn endpoint(&self, name: &str) -> usize {
        let found = self.contract.endpoints.iter().position(|endpoint| endpoint.name == name);
        let Some(index) = found else { panic!("no endpoint named `{name}`") };
        index
    }

    /// What the adapter says of one body, checked.
    fn ask(&mut self, input: Input<'_>) -> Answer {
        let index = self.endpoint(input.endpoint);
        let endpoint = &self.contract.endpoints[index];
        assert!(
            matches!(endpoint.content, Content::Odds | Content::Fixtures),
            "noise never reaches an adapter"
        );
        let mut bytes = Vec::new();
        let mut put = |text: &str| {
            let start = bytes.len() as u32;
            bytes.extend_from_slice(text.as_bytes());
            Span { start, len: text.len() as u32 }
        };
        let body = put(input.body);
        let (request, url, page, event) =
            (put(input.request), put(input.url), put(input.page), put(input.event));
        let mut tape = Vec::new();
        let framing = match endpoint.framing {
            Framing::Document => Some(antigravity_tape::Framing::Document),
            Framing::Lines => Some(antigravity_tape::Framing::Lines),
            Framing::Raw => None,
        };
        if let Some(framing) = framing {
            // A body that is no JSON travels raw.
            let _ = self.tokeniser.tokenise(input.body, framing, &mut tape);
        }
        let packet = PacketRow {
            at: input.at,
            connection: input.connection,
            endpoint: index as u32,
            body,
            tape: Span { start: 0, len: tape.len() as u32 },
            request,
            url,
            page,
            event,
        };
        let answer = self.adapter.parse(&bytes, &tape, &packet.words());
        match self.checker.check(1, raw(answer)) {
            Ok(answer) => answer,
            Err(fault) => panic!("the answer breaks the ABI: {fault}"),
        }
    }

    /// A packet is lost on the way to the adapter.
    pub fn lose(&mut self) {
        self.board.gap(self.worker, None, &mut ());
    }

    /// What stands after the bodies so far, by event, market, line, runner, selection, side and level.
    pub fn quotes(&self) -> impl Iterator<Item = Quote> + '_ {
        let mut quotes: Vec<Quote> = self.board.board_lines(self.latest).map(Quote::from).collect();
        quotes.sort_by(Quote::order);
        quotes.into_iter()
    }
}

const fn price_format(format: wit::PriceFormat) -> PriceFormat {
    match format {
        wit::PriceFormat::Decimal => PriceFormat::Decimal,
        wit::PriceFormat::Malay => PriceFormat::Malay,
        wit::PriceFormat::HongKong => PriceFormat::HongKong,
        wit::PriceFormat::Indonesian => PriceFormat::Indonesian,
        wit::PriceFormat::American => PriceFormat::American,
        wit::PriceFormat::Probability => PriceFormat::Probability,
    }
}

fn raw(answer: wit::Answer) -> RawAnswer {
    let log = |log: wit::Log| answer::Log {
        packet: log.packet,
        level: match log.level {
            wit::Level::Debug => answer::Level::Debug,
            wit::Level::Info => answer::Level::Info,
            wit::Level::Warn => answer::Level::Warn,
        },
        message: log.message,
    };
    let wit::Answer { verdicts, rows, text, ends, logs } = answer;
    RawAnswer { verdicts, rows, text, ends, logs: logs.into_iter().map(log).collect() }
}

fn text(answer: &Answer, index: u32) -> String {
    if index == NO_TEXT { String::new() } else { answer.text(index).to_owned() }
}

fn show((row, usable): (Row, bool), answer: &Answer) -> String {
    let mut out = String::new();
    let text = |index: u32| text(answer, index);
    let opt = |t: Option<u32>| t.map_or("-".to_owned(), text);
    let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
    // Writing to a string cannot fail.
    let _ = match &row {
        Row::Event(e) => write!(
            out,
            "event {} id={} sport={} competition={} title={} home={} away={} score={} start={} in_play={}",
            e.slot,
            text(e.id),
            opt(e.sport),
            opt(e.competition),
            opt(e.title),
            opt(e.home),
            opt(e.away),
            opt(e.score),
            e.starts_at.map_or("-".to_owned(), |n| n.to_string()),
            e.in_play
        ),
        Row::Line(l) => write!(
            out,
            "line {} event={} market_id={} {} {} line={} runner={} other={} max={} scope={}",
            l.slot,
            l.event,
            text(l.market_id),
            l.market,
            l.period,
            number(l.line),
            opt(l.runner),
            opt(l.other),
            number(l.max_stake),
            l.scope
        ),
        Row::Price(p) => write!(
            out,
            "price line={} {} {} {} {} {} size={}{}",
            p.line,
            p.selection,
            p.side,
            p.level,
            p.status,
            p.price.map_or("-".to_owned(), |(format, value)| format!("{format} {value}")),
            number(p.size),
            if usable { "" } else { " refused" }
        ),
        Row::RemoveLine(slot) => write!(out, "remove-line {slot}"),
        Row::RemoveEvent(slot) => write!(out, "remove-event {slot}"),
        Row::SnapshotBegin(scope) => write!(out, "snapshot-begin {scope}"),
        Row::SnapshotEnd(scope) => write!(out, "snapshot-end {scope}"),
        Row::Gap(scope) => write!(out, "gap {scope}"),
        Row::RemoveAll => write!(out, "remove-all"),
    };
    out
}
