//! From packets to what stands after each of them.

use antigravity_capture::{CaptureError, Line, Progress, Record, Source};
use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use antigravity_engine::{Captures, Emit, Lines, Marks, Notes, replay_watched};
use antigravity_runtime::Adapter;
use antigravity_tests::{captures, components, sandbox};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// The text of a recorded file; `None` where there is no recorded traffic.
pub fn recorded(name: &str) -> Option<String> {
    let path = captures()?.join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A packet at second `seq` of the page or socket `connection`.
pub fn packet(seq: u64, transport: Transport, url: &str, body: &str) -> Packet {
    Packet {
        seq,
        at: Timestamp::from_nanos(1_773_486_000_000_000_000 + seq as i64 * 1_000_000_000),
        account: "A".into(),
        connection: "c1".into(),
        page: None,
        transport,
        direction: Direction::Received,
        method: (transport == Transport::Http).then(|| "GET".into()),
        url: url.into(),
        status: (transport == Transport::Http).then_some(200),
        content_type: None,
        request_body: None,
        event: None,
        body: Body::Text(body.to_owned()),
    }
}

/// One quote of the board, by its line and selection.
pub type Standing = BTreeMap<String, Value>;

/// What a replay gave.
pub struct Replayed {
    /// Quote lines in order.
    pub quotes: Vec<Value>,
    pub board: Vec<Value>,
    pub ledger: Value,
}

struct Traffic<'a>(&'a [Packet]);

struct Packets(VecDeque<Packet>);

impl Captures for Traffic<'_> {
    fn open(&self, _: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError> {
        Ok(vec![Box::new(Packets(self.0.iter().cloned().collect()))])
    }
}

impl Source for Packets {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        Ok(self.0.pop_front().map(|packet| Line::Packet(packet).into()))
    }

    /// As a browser would give it: the redactor is in the way too.
    fn redacted(&self) -> bool {
        false
    }
}

/// Replays packets through these providers' components.
pub fn replayed(providers: &[&str], packets: &[Packet]) -> Replayed {
    let sandbox = sandbox();
    let load =
        |name: &&str| Arc::new(Adapter::load(&sandbox, &components().join(format!("{name}.wasm"))).unwrap());
    let adapters: Vec<_> = providers.iter().map(load).collect();
    let mut text = Vec::new();
    let mut lines =
        Lines::new(&mut text, Emit { quotes: true, board: true, ledger: true, ..Emit::default() });
    let (traffic, progress) = (Traffic(packets), Progress::default());
    let done = replay_watched(&adapters, &traffic, &Marks::Recognised, 2, &progress, Vec::new(), &mut lines)
        .unwrap();
    lines.finish(&done.0).unwrap();
    no_false_drift(&done.1);
    let lines = String::from_utf8(text).unwrap();
    let mut replayed = Replayed { quotes: Vec::new(), board: Vec::new(), ledger: Value::Null };
    for line in lines.lines().map(json) {
        match line["type"].as_str() {
            Some("quote") => replayed.quotes.push(line),
            Some("board") => replayed.board.push(line),
            _ => replayed.ledger = line,
        }
    }
    replayed
}

/// What was recorded is what the contracts were written after: none of what they name drifts in it.
fn no_false_drift(notes: &Notes) {
    for drift in &notes.drifts {
        for change in &drift.changes {
            println!("{}:{} version {}: {change}", drift.provider, drift.endpoint, drift.version);
            assert!(!change.declared, "{change}");
        }
    }
    for it in &notes.observed {
        let (bodies, paths) = (it.shape.bodies(), it.shape.sorted().len());
        println!("{}:{} version {}: {bodies} bodies, {paths} paths", it.provider, it.endpoint, it.version);
    }
}

impl Replayed {
    /// Calls `check` after each of these packets with what stands then. `key` says what tells two
    /// quotes apart.
    pub fn after_each(
        &self,
        packets: &[Packet],
        key: impl Fn(&Value) -> String,
        mut check: impl FnMut(&Packet, &Standing),
    ) {
        let mut quotes = self.quotes.iter().peekable();
        let mut standing = Standing::new();
        for packet in packets {
            while let Some(line) = quotes.next_if(|line| line["seq"].as_u64() == Some(packet.seq)) {
                if line["status"] == "removed" {
                    standing.remove(&key(line));
                } else {
                    standing.insert(key(line), line.clone());
                }
            }
            check(packet, &standing);
        }
        assert_eq!(quotes.next(), None, "every line belongs to a packet");
        let board: Vec<_> =
            self.board.iter().map(|line| (key(line), &line["price"], &line["status"])).collect();
        let mut board_now: Vec<_> =
            standing.iter().map(|(key, line)| (key.clone(), &line["price"], &line["status"])).collect();
        board_now.retain(|(_, _, status)| *status != "removed");
        let sorted = |mut lines: Vec<(String, &Value, &Value)>| {
            lines.sort_by(|a, b| a.0.cmp(&b.0));
            lines.iter().map(|(key, price, status)| format!("{key} {price} {status}")).collect::<Vec<_>>()
        };
        assert_eq!(sorted(board), sorted(board_now), "the board at the end is the sum of the quote lines");
    }
}

/// A number, also where it stands in a string.
pub fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap_or_else(|| panic!("{other} is no number")),
    }
}
