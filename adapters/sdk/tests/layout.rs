//! The worked example of `wit/0.1/LAYOUT.md`: one whole call, to the last bit.
//!
//! What is pinned here is published. Another language's adapter is written after those numbers, so
//! they change only with the version of the WIT package.
#![cfg(test)]

use antigravity_abi::{PacketRow, Span};
use antigravity_sdk::Worker;
use antigravity_sdk::prelude::*;
use antigravity_sdk::wit::Answer;
use antigravity_tape::Tokeniser;

const LAYOUT: &str = include_str!("../../../wit/0.1/LAYOUT.md");

/// The example's adapter: one event with one handicap, whole in every packet.
#[derive(Default)]
struct Example {
    event: EventPlace,
    line: LinePlace,
}

const KEYS: [Key; 3] = [Key::new("id"), Key::new("home"), Key::new("odds")];

impl Adapter for Example {
    fn contract() -> Contract {
        contract("example", "0.1.0", Profile::AutoPush)
            .prices(&[PriceFormat::Malay])
            .endpoint(websocket("odds", "/push").prefix("42"))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let [id, home, odds] = packet.json()?.fields(KEYS);
        let id = id.and_then(Value::text).ok_or_else(|| missing("id"))?;
        let odds = odds.ok_or_else(|| missing("odds"))?;
        sheet.snapshot_begin(9);
        let home = home.and_then(Value::str);
        let info =
            EventInfo { id: &id, sport: Some("soccer"), home: home.as_deref(), ..EventInfo::default() };
        let event = self.event.show(sheet, &info);
        let spec = LineSpec::new("m1", Market::AsianHandicap, Period::FIRST_HALF)
            .line(Decimal::new(-25, 2).ok_or_else(|| bad("line"))?)
            .max_stake(Some(Decimal::int(500)))
            .scope(9);
        let line = self.line.show(sheet, event, &spec);
        for (at, selection) in [Selection::Home, Selection::Away].into_iter().enumerate() {
            sheet.offer(line, selection, PriceFormat::Malay, odds.at(at).and_then(Value::decimal));
        }
        sheet.snapshot_end(9);
        sheet.snapshot_complete();
        Ok(Outcome::Parsed)
    }
}

const BODY: &str = r#"42{"id":7,"home":"Caf\u00e9","odds":[0.95,-1]}"#;
const URL: &str = "wss://h.example/push";

fn span(start: usize, len: usize) -> Span {
    Span { start: start as u32, len: len as u32 }
}

fn tape() -> Vec<u64> {
    let mut tape = Vec::new();
    Tokeniser::default().tokenise(&BODY[2..], antigravity_tape::Framing::Document, &mut tape).unwrap();
    // The prefix stays in the body: offsets count it, indexes do not.
    for node in &mut tape {
        if !matches!(*node >> 60, 1 | 2) {
            *node += 2;
        }
    }
    tape
}

fn packet() -> [u64; 8] {
    PacketRow {
        at: 1_767_225_600_000_000_000,
        body: span(0, BODY.len()),
        tape: span(0, tape().len()),
        url: span(BODY.len(), URL.len()),
        ..PacketRow::default()
    }
    .words()
}

fn answer() -> Answer {
    let bytes = format!("{BODY}{URL}");
    Worker::<Example>::default().parse(bytes.as_bytes(), &tape(), &packet())
}

/// The words of a fenced block of LAYOUT.md that begins with this line: the first of each line, in
/// hexadecimal.
fn published(block: &str) -> Vec<u64> {
    let start = LAYOUT.find(&format!("```text\n{block}\n")).expect("the block");
    let lines = LAYOUT[start..].lines().skip(2).take_while(|line| !line.starts_with("```"));
    lines.map(|line| u64::from_str_radix(&line[..17].replace('_', ""), 16).expect("a word")).collect()
}

#[test]
fn the_packet_is_the_published_one() {
    assert_eq!(packet().as_slice(), published("packet"));
}

#[test]
fn the_tape_is_the_published_one() {
    assert!(LAYOUT.contains(BODY));
    assert_eq!(BODY.len(), 46);
    assert_eq!(tape(), published("tape"));
}

#[test]
fn the_answer_is_the_published_one() {
    let answer = answer();
    assert_eq!(answer.rows, published("rows"));
    assert_eq!(
        (answer.text.as_slice(), answer.ends.as_slice()),
        ("7soccerCafém1".as_bytes(), &[1, 7, 12, 14][..])
    );
    assert!(answer.logs.is_empty());
    assert_eq!(answer.verdicts, published("verdict"));
}
