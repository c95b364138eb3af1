//! Feeding bodies to an adapter natively: for unit tests that want to see its rows.
//!
//! What a whole capture gives, through the sandbox and on the board, is what fixtures are for
//! (`antigravity adapter test`).

#![allow(clippy::panic)] // a test says what is wrong by failing

mod standing;

pub use standing::Quote;

use crate::wit::{Answer, Content, Framing};
use crate::{Adapter, Worker};
use antigravity_abi::rows::{Row, Rows};
use antigravity_abi::{Decimal, Fate, NO_TEXT, PacketRow, Reason, Span, Verdict};
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

/// What an adapter answered to one body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub fate: Fate,
    pub reason: Reason,
    pub detail: String,
    /// Each row as one line of text.
    pub rows: Vec<String>,
    pub bad_rows: u32,
    pub snapshot_complete: bool,
}

/// An adapter that is fed natively, its state kept from one body to the next.
#[derive(Debug)]
pub struct Session<A> {
    worker: Worker<A>,
    tokeniser: Tokeniser,
    standing: standing::Standing,
}

impl<A: Adapter> Default for Session<A> {
    fn default() -> Self {
        Self {
            worker: Worker::default(),
            tokeniser: Tokeniser::default(),
            standing: standing::Standing::default(),
        }
    }
}

impl<A: Adapter> Session<A> {
    /// # Panics
    /// Where the contract has no such endpoint, or the answer breaks the ABI.
    pub fn feed(&mut self, input: Input<'_>) -> Reading {
        let contract = A::contract();
        let found = contract.endpoints.iter().position(|e| e.name == input.endpoint);
        let Some(index) = found else { panic!("no endpoint named `{}`", input.endpoint) };
        let endpoint = &contract.endpoints[index];
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
        let answer = self.worker.parse(&bytes, &tape, &packet.words());
        read(&answer, &mut self.standing)
    }

    /// What stands after the bodies so far, by market, runner, selection, side and level.
    pub fn quotes(&self) -> impl Iterator<Item = Quote> + '_ {
        self.standing.quotes()
    }
}

fn read(answer: &Answer, standing: &mut standing::Standing) -> Reading {
    let text = |index: u32| {
        if index == NO_TEXT {
            return String::new();
        }
        let end = answer.ends[index as usize] as usize;
        let start = if index == 0 { 0 } else { answer.ends[index as usize - 1] as usize };
        String::from_utf8_lossy(&answer.text[start..end]).into_owned()
    };
    let words = answer.verdicts.first_chunk().and_then(Verdict::read);
    let Some(verdict) = words else { panic!("{:x?} is no verdict", answer.verdicts) };
    let rows = Rows::new(&answer.rows).map(|row| match row {
        Ok(row) => {
            standing.apply(&row, verdict.fate == Fate::Parsed, &text);
            show(&row, &text)
        }
        Err(error) => panic!("{error}"),
    });
    Reading {
        fate: verdict.fate,
        reason: verdict.reason,
        detail: text(verdict.detail),
        rows: rows.collect(),
        bad_rows: verdict.bad_rows,
        snapshot_complete: verdict.snapshot_complete,
    }
}

fn show(row: &Row, text: &dyn Fn(u32) -> String) -> String {
    let mut out = String::new();
    let opt = |t: Option<u32>| t.map_or("-".to_owned(), text);
    let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
    // Writing to a string cannot fail.
    let _ = match row {
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
            "price line={} {} {} {} {} {} size={}",
            p.line,
            p.selection,
            p.side,
            p.level,
            p.status,
            p.price.map_or("-".to_owned(), |(format, value)| format!("{format} {value}")),
            number(p.size)
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
