//! Recorded streams of Betfair: after every message the board holds the three best levels of every
//! runner, as two readers compute them that share nothing with the adapter.

use crate::books::{Books, Levels};
use crate::support::{Standing, json, number, packet, recorded, replayed};
use antigravity_core::{Packet, Transport};
use antigravity_tests::{captures, root};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

const FILES: [&str; 2] = ["flumine_1.197931750_greyhound_win.ndjson", "flumine_BASIC-1.132153978.ndjson"];

fn messages(file: &str) -> Option<Vec<Packet>> {
    let text = recorded(&format!("betfair/{file}"))?;
    let frame = |(line, seq)| packet(seq, Transport::WebSocket, "wss://stream.example/", line);
    Some(text.lines().zip(1..).map(frame).collect())
}

/// Market, runner and side with the status and levels that stand there.
type Shown = BTreeMap<(String, String, &'static str), (&'static str, Levels)>;

const SIDES: [&str; 2] = ["back", "lay"];

/// What stands, as the independent readers put it.
fn shown(standing: &Standing) -> Shown {
    type ByLevel = BTreeMap<u64, (&'static str, (f64, f64))>;
    let mut levels: BTreeMap<_, ByLevel> = BTreeMap::new();
    for line in standing.values() {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let side = SIDES[usize::from(line["side"] == "lay")];
        let status = if line["status"] == "open" { "open" } else { "suspended" };
        let level = (number(&line["price"]["value"]), number(&line["available"]));
        let known = levels.entry((text("market_id"), text("runner"), side)).or_default();
        known.insert(line["level"].as_u64().unwrap(), (status, level));
    }
    let mut shown = Shown::new();
    for (key, levels) in levels {
        let numbers: Vec<u64> = levels.keys().copied().collect();
        assert_eq!(numbers, (1..=levels.len() as u64).collect::<Vec<_>>(), "levels without a hole");
        let status = levels[&1].0;
        assert!(levels.values().all(|(other, _)| *other == status), "suspended is the whole market");
        shown.insert(key, (status, levels.into_values().map(|(_, level)| level).collect()));
    }
    shown
}

/// The word for a market's quotes; `None` where none stand.
fn status(market: &str) -> Option<&'static str> {
    match market {
        "OPEN" => Some("open"),
        "SUSPENDED" | "INACTIVE" => Some("suspended"),
        _ => None,
    }
}

fn key(line: &Value) -> String {
    format!("{} {} {} {}", line["market_id"], line["runner"], line["side"], line["level"])
}

#[test]
fn levels_equal_an_independent_computation_after_every_message() {
    for (file, most) in FILES.into_iter().zip([36, 0]) {
        let Some(packets) = messages(file) else { return };
        let replayed = replayed(&["betfair"], &packets);
        assert_eq!(
            replayed.ledger["parsed"].as_u64(),
            Some(packets.len() as u64),
            "{file}: {}",
            replayed.ledger
        );
        let (mut books, mut largest) = (Books::default(), 0);
        replayed.after_each(&packets, key, |packet, standing| {
            let antigravity_core::Body::Text(body) = &packet.body else { panic!("text") };
            books.read(&json(body));
            let mut expected = Shown::new();
            for (id, market) in &books.0 {
                let Some(status) = status(&market.status) else { continue };
                for (runner, book) in market.runners.iter().filter(|(_, book)| book.active) {
                    for (side, name) in SIDES.into_iter().enumerate() {
                        let levels = book.best(side);
                        if !levels.is_empty() {
                            expected.insert((id.clone(), runner.clone(), name), (status, levels));
                        }
                    }
                }
            }
            assert_eq!(shown(standing), expected, "{file}: message {}", packet.seq);
            largest = largest.max(standing.len());
        });
        // Six runners, two sides, three levels; the other recording subscribed to no ladders.
        assert_eq!(largest, most, "{file}");
    }
}

/// What `betfairlightweight` makes of a file: a line of JSON a message. `None`, with the reason said,
/// where its virtual environment was not made (`tests/run` makes it).
fn betfairlightweight(file: &str) -> Option<Vec<Value>> {
    let python = root().join("target/venv/bin/python");
    if !python.exists() {
        println!("skipped: {} is not there; tests/run makes it where PyPI can be reached", python.display());
        return None;
    }
    let script = root().join("tests/oracles/betfair_books.py");
    let output =
        Command::new(python).arg(script).arg(captures()?.join("betfair").join(file)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(json).collect())
}

#[test]
fn levels_equal_the_books_of_betfairlightweight_after_every_message() {
    for file in FILES {
        let Some(packets) = messages(file) else { return };
        let Some(books) = betfairlightweight(file) else { return };
        assert_eq!(books.len(), packets.len(), "{file}: a line a message");
        replayed(&["betfair"], &packets).after_each(&packets, key, |packet, standing| {
            let mut expected = Shown::new();
            for (id, market) in books[packet.seq as usize - 1].as_object().unwrap() {
                let Some(status) = status(market["status"].as_str().unwrap()) else { continue };
                let runners = market["runners"].as_object().unwrap().iter();
                for (runner, book) in runners.filter(|(_, book)| book["status"] == "ACTIVE") {
                    for side in SIDES {
                        let rows = book[side].as_array().unwrap().iter();
                        let levels: Levels = rows.map(|row| (number(&row[0]), number(&row[1]))).collect();
                        if !levels.is_empty() {
                            expected.insert((id.clone(), runner.clone(), side), (status, levels));
                        }
                    }
                }
            }
            assert_eq!(shown(standing), expected, "{file}: message {}", packet.seq);
        });
    }
}

#[test]
fn messages_grouped_into_frames_in_any_way_give_the_same_quotes() {
    let Some(packets) = messages(FILES[0]) else { return };
    let text = recorded(&format!("betfair/{}", FILES[0])).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // All but the number and time of the frame that it came in.
    let told = |replayed: crate::support::Replayed| {
        let mut lines = replayed.quotes;
        for line in lines.iter_mut().filter_map(Value::as_object_mut) {
            line.remove("seq");
            line.remove("at");
        }
        lines
    };
    let alone = told(replayed(&["betfair"], &packets));
    assert!(alone.len() > 1000);
    for size in [2, 7, 50] {
        let frames: Vec<Packet> = lines
            .chunks(size)
            .zip(1..)
            .map(|(group, seq)| {
                packet(seq, Transport::WebSocket, "wss://stream.example/", &(group.join("\r\n") + "\r\n"))
            })
            .collect();
        assert!(told(replayed(&["betfair"], &frames)) == alone, "{size} messages a frame");
    }
}
