//! The books of recorded streams, message by message, against a computation with sorted maps over
//! `serde_json` that shares nothing with the adapter.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_adapter_betfair::Betfair;
use antigravity_sdk::Fate;
use antigravity_sdk::Side;
use antigravity_sdk::testing::{Input, Session};
use serde_json::Value;
use std::collections::BTreeMap;

/// A price in hundredths with its and its size's text.
type Level = (String, String);

#[derive(Default)]
struct Runner {
    /// By price in 10^-4.
    full: [BTreeMap<i64, Level>; 2],
    display: [BTreeMap<i64, Level>; 2],
    best: [BTreeMap<i64, Level>; 2],
}

#[derive(Default)]
struct Market {
    status: Option<String>,
    active: BTreeMap<String, bool>,
    runners: BTreeMap<String, Runner>,
}

type Shown = BTreeMap<(String, String, &'static str, u8), (&'static str, String, String)>;

#[derive(Default)]
struct Books(BTreeMap<String, Market>);

impl Books {
    fn message(&mut self, message: &Value) {
        for change in message["mc"].as_array().into_iter().flatten() {
            let id = change["id"].as_str().unwrap().to_owned();
            if change["img"] == true {
                self.0.remove(&id);
            }
            let market = self.0.entry(id).or_default();
            if let Some(definition) = change.get("marketDefinition") {
                market.status = definition["status"].as_str().map(str::to_owned);
                let runner = |r: &Value| (r["id"].to_string(), r["status"] == "ACTIVE");
                market.active = definition["runners"].as_array().unwrap().iter().map(runner).collect();
            }
            for change in change["rc"].as_array().into_iter().flatten() {
                let runner = market.runners.entry(change["id"].to_string()).or_default();
                for (side, names) in [["atb", "bdatb", "batb"], ["atl", "bdatl", "batl"]].iter().enumerate() {
                    let ladders = [&mut runner.full[side], &mut runner.display[side], &mut runner.best[side]];
                    for (ladder, name) in ladders.into_iter().zip(names) {
                        update(ladder, &change[name]);
                    }
                }
            }
        }
    }

    fn shown(&self) -> Shown {
        let mut shown = Shown::new();
        for (id, market) in &self.0 {
            let status = match market.status.as_deref() {
                Some("OPEN") => "open",
                Some("SUSPENDED" | "INACTIVE") => "suspended",
                _ => continue,
            };
            for (runner, books) in market.runners.iter().filter(|(r, _)| market.active.get(*r) == Some(&true))
            {
                for (side, name) in [(0, "back"), (1, "lay")] {
                    let full: Vec<_> = books.full[side].values().cloned().collect();
                    let by_position =
                        |ladder: &BTreeMap<i64, Level>| ladder.values().cloned().collect::<Vec<_>>();
                    let mut levels = full;
                    if side == 0 {
                        levels.reverse();
                    }
                    if levels.is_empty() {
                        levels = by_position(&books.display[side]);
                    }
                    if levels.is_empty() {
                        levels = by_position(&books.best[side]);
                    }
                    for ((price, size), level) in levels.into_iter().take(3).zip(1..) {
                        shown.insert((id.clone(), runner.clone(), name, level), (status, price, size));
                    }
                }
            }
        }
        shown
    }
}

/// `[[price, size], …]` or `[[level, price, size], …]`.
fn update(ladder: &mut BTreeMap<i64, Level>, rows: &Value) {
    for row in rows.as_array().into_iter().flatten() {
        let row = row.as_array().unwrap();
        let (price, size) = (row[row.len() - 2].to_string(), row[row.len() - 1].to_string());
        let key = row[0].as_f64().map(|key| (key * 10_000.0).round() as i64).unwrap();
        if row[row.len() - 1].as_f64() == Some(0.0) {
            ladder.remove(&key);
        } else {
            ladder.insert(key, (price, size));
        }
    }
}

fn quoted(session: &Session<Betfair>) -> Shown {
    let quotes = session.quotes().map(|quote| {
        let side = if quote.side == Side::Back { "back" } else { "lay" };
        let key = (quote.market_id, quote.runner.unwrap(), side, quote.level);
        (key, (quote.status.name(), quote.price.unwrap().to_string(), quote.size.unwrap().to_string()))
    });
    quotes.collect()
}

fn recorded(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        println!("skipped: ANTIGRAVITY_CAPTURES names no directory of recorded traffic");
        return None;
    };
    let path = std::path::Path::new(&folder).join("betfair").join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn feed(session: &mut Session<Betfair>, body: &str) -> Fate {
    let reading = session.feed(Input { endpoint: "stream", body, ..Input::default() });
    assert_eq!((reading.bad_rows, reading.detail.as_str()), (0, ""), "{body}");
    reading.fate
}

#[test]
fn books_equal_an_independent_computation() {
    for (name, busy) in
        [("flumine_1.197931750_greyhound_win.ndjson", true), ("flumine_BASIC-1.132153978.ndjson", false)]
    {
        let Some(text) = recorded(name) else { return };
        let (mut session, mut books) = (Session::default(), Books::default());
        let mut most = 0;
        for (number, line) in text.lines().enumerate() {
            assert_eq!(feed(&mut session, line), Fate::Parsed, "{name}:{}", number + 1);
            books.message(&serde_json::from_str(line).unwrap());
            let shown = books.shown();
            assert_eq!(quoted(&session), shown, "{name}:{}", number + 1);
            assert!(session.quotes().all(|quote| !quote.stale));
            most = most.max(shown.len());
        }
        // Six runners, two sides, three levels; the other recording subscribed to no ladders.
        assert_eq!(most, if busy { 36 } else { 0 }, "{name}");
    }
}

#[test]
fn grouping_messages_into_frames_changes_nothing() {
    let Some(text) = recorded("flumine_1.197931750_greyhound_win.ndjson") else { return };
    let lines: Vec<&str> = text.lines().collect();
    let rows = |size: usize| -> Vec<String> {
        let mut session = Session::<Betfair>::default();
        let read = |frame: &[&str]| {
            let body = frame.join("\r\n") + "\r\n";
            session.feed(Input { endpoint: "stream", body: &body, ..Input::default() }).rows
        };
        lines.chunks(size).flat_map(read).collect()
    };
    let alone = rows(1);
    assert!(alone.len() > 1_000, "{}", alone.len());
    for size in [2, 7, 16, 200] {
        assert_eq!(rows(size), alone, "{size} messages a frame");
    }
}

#[test]
fn every_kind_of_message_is_read() {
    let Some(text) = recorded("betcode_streaming_messages.ndjson") else { return };
    let mut session = Session::default();
    let mut books = Books::default();
    for line in text.lines() {
        let recorded: Value = serde_json::from_str(line).unwrap();
        let message = &recorded["message"];
        let fate = feed(&mut session, &message.to_string());
        let expected = if message.get("mc").is_some() { Fate::Parsed } else { Fate::Ignored };
        assert_eq!(fate, expected, "{}", recorded["file"]);
        books.message(message);
    }
    assert_eq!(quoted(&session), books.shown());
}
