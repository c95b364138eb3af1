//! Rows of CMD368 and AFB88: every price and line that stands equals the row's.

use crate::support::{Replayed, json, number, packet, recorded, replayed};
use antigravity_core::{Packet, Transport};
use serde_json::{Value, json as value};
use std::collections::BTreeSet;

/// `market period line selection status format price`, numbers in their shortest form.
fn told(line: &Value) -> String {
    let price = match &line["price"] {
        Value::Null => "-".to_owned(),
        price => format!("{} {}", price["format"].as_str().unwrap(), number(&price["value"])),
    };
    let size = if line["line"].is_null() { "-".to_owned() } else { number(&line["line"]).to_string() };
    let text = |name: &str| line[name].as_str().unwrap();
    format!(
        "{} {} {} {size} {} {} {price}",
        text("market_id"),
        text("market"),
        text("period"),
        text("selection"),
        text("status")
    )
}

fn board(replayed: &Replayed) -> BTreeSet<String> {
    let lines: BTreeSet<String> = replayed.board.iter().map(told).collect();
    assert_eq!(lines.len(), replayed.board.len(), "no quote stands twice");
    lines
}

fn cmd368(seq: u64, fc: u32, body: &Value) -> Packet {
    let url = "https://p12.example/Member/BetsView/BetLight/DataOdds.ashx";
    Packet {
        method: Some("POST".into()),
        request_body: Some(format!("fc={fc}&m_accType=MY+MR&m_gameType=S_&SystemLanguage=en-US")),
        ..packet(seq, Transport::Http, url, &body.to_string())
    }
}

#[test]
fn a_row_of_cmd368() {
    let Some(text) = recorded("cmd368/catalog_row_ulsan_20260908.json") else { return };
    let recorded = json(&text);
    let row = &recorded["row"];
    assert_eq!(row.as_array().map(Vec::len), Some(91));
    let body = value!({"t": recorded["t"], "a": true, "data": [], "today": [row], "f": []});
    let replayed = replayed(&["cmd368"], &[cmd368(1, 1, &body)]);
    let event = row[0].to_string();
    let mut expected = BTreeSet::new();
    // Position 24: the home side gives.
    let sign = if row[24] == 1 { -1.0 } else { 1.0 };
    for (market, period, line, prices, selections) in [
        ("asian-handicap", "full-time", Some(10), 40, ["home", "away"]),
        ("total", "full-time", Some(12), 42, ["over", "under"]),
        ("asian-handicap", "first-half", Some(14), 44, ["home", "away"]),
        ("total", "first-half", Some(16), 46, ["over", "under"]),
        ("odd-even", "full-time", None, 48, ["odd", "even"]),
    ] {
        let sign = if market == "asian-handicap" { sign } else { 1.0 };
        let line = line.map_or("-".to_owned(), |line: usize| (number(&row[line]) * sign).to_string());
        for (selection, price) in selections.iter().zip([prices, prices + 1]) {
            let price = number(&row[price]);
            expected
                .insert(format!("{event}-{market} {market} {period} {line} {selection} open malay {price}"));
        }
    }
    assert_eq!(board(&replayed), expected);
    for line in &replayed.board {
        assert_eq!((&line["event_id"], &line["competition"]), (&value!(event), &row[37]));
        assert_eq!((&line["home"], &line["away"]), (&row[38], &row[39]));
        // 18:30 in GMT+8 on September 8th.
        assert!(line["starts_at"].as_str().unwrap().ends_with("-09-08T10:30:00Z"), "{line}");
    }
}

#[test]
fn deltas_of_cmd368() {
    let Some(text) = recorded("cmd368/native_delta_rows.json") else { return };
    let frame = json(&text)["frame"].clone();
    let rows = frame["data"].as_array().unwrap();
    // A row for the event that the deltas are about; what they do not touch must stay.
    let mut row = vec![Value::Null; 91];
    for (position, content) in [
        (0, rows[0][0].clone()),
        (3, value!(16_000)),
        (10, value!(0.5)),
        (12, value!(1.5)),
        (24, value!(1)),
        (25, value!(0)),
        (37, value!("A LEAGUE")),
        (38, value!("Home Club")),
        (39, value!("Away Club")),
        (40, value!(0.71)),
        (41, value!(-0.79)),
        (42, value!(0.66)),
        (43, value!(-0.74)),
        (53, value!("20:45")),
        (56, value!("03/14")),
    ] {
        row[position] = content;
    }
    let body = value!({"t": 1, "a": true, "data": [], "today": [row], "f": []});
    let replayed = replayed(&["cmd368"], &[cmd368(1, 1, &body), cmd368(2, 3, &frame)]);
    let event = &rows[0][0];
    let line = number(&rows[0][3]);
    let mut expected = BTreeSet::from([
        format!("{event}-asian-handicap asian-handicap full-time -0.5 home open malay 0.71"),
        format!("{event}-asian-handicap asian-handicap full-time -0.5 away open malay -0.79"),
    ]);
    for (selection, position) in [("over", 3), ("under", 4)] {
        let price = number(&rows[1][position]);
        expected.insert(format!("{event}-total total full-time {line} {selection} open malay {price}"));
    }
    assert_eq!(board(&replayed), expected);
    let removed =
        replayed.quotes.iter().filter(|line| line["status"] == "removed").map(|line| number(&line["line"]));
    assert_eq!(removed.collect::<Vec<_>>(), [1.5, 1.5], "another line is another selection");
}

fn afb88(seq: u64, frame: &str) -> Packet {
    let url = "wss://ws5.example:8887/fnOddsGen?wst=wsSocAllGen&g=1&ot=r&accType=ID&LID=1";
    packet(seq, Transport::WebSocket, url, frame)
}

/// AFB88 sends ten times the price, with up to two figures after the point.
fn tenth(price: f64) -> f64 {
    (price * 100.0).round() / 1000.0
}

/// `1 3/4` is 1.75; an empty text is no line.
fn fraction(text: &str) -> Option<f64> {
    let part = |part: &str| match part.split_once('/') {
        Some((above, below)) => above.parse::<f64>().unwrap() / below.parse::<f64>().unwrap(),
        None => part.parse().unwrap(),
    };
    (!text.is_empty()).then(|| text.split(' ').map(part).sum())
}

/// What the page showed of one odds id.
fn rendered(row: &Value) -> Vec<String> {
    let id = row["oddsId"].as_str().unwrap();
    let mut shown = Vec::new();
    for (index, (market, period, cells, selections)) in [
        ("asian-handicap", "full-time", [1, 2], ["home", "away"]),
        ("total", "full-time", [3, 4], ["over", "under"]),
        ("asian-handicap", "first-half", [7, 8], ["home", "away"]),
        ("total", "first-half", [9, 10], ["over", "under"]),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(size) = fraction(row["lines"][index].as_str().unwrap()) else { continue };
        let gives = market == "asian-handicap" && row["isHomeGive"] == true && size != 0.0;
        let line = if gives { -size } else { size };
        for (cell, selection) in cells.iter().zip(selections) {
            let price = match row["cells"][cell.to_string()]["price"].as_str() {
                Some(price) => format!("open indonesian {}", price.parse::<f64>().unwrap()),
                None => "suspended -".to_owned(),
            };
            shown.push(format!("{id} {market} {period} {line} {selection} {price}"));
        }
    }
    shown
}

#[test]
fn a_frame_of_afb88_reads_as_the_page_showed_it() {
    let (Some(frame), Some(page)) = (
        recorded("afb88/reconstructed_fnOddsGen_full_running.json"),
        recorded("afb88/dom_odds_rows_20260126.json"),
    ) else {
        return;
    };
    let replayed = replayed(&["afb88"], &[afb88(1, &frame)]);
    let held: BTreeSet<String> = json(&frame)[3]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|league| league[1].as_array().unwrap())
        .map(|row| row[0].to_string())
        .collect();
    let page = json(&page);
    let rows = page["rows"].as_array().unwrap().iter();
    let rows: Vec<&Value> = rows.filter(|row| held.contains(row["oddsId"].as_str().unwrap())).collect();
    assert_eq!(rows.len(), held.len(), "the page showed every row of the frame");
    let expected: BTreeSet<String> = rows.iter().flat_map(|row| rendered(row)).collect();
    assert!(expected.iter().filter(|line| line.contains(" open ")).count() > 40);
    assert_eq!(board(&replayed), expected);
    for row in rows {
        let id = &row["oddsId"];
        for line in replayed.board.iter().filter(|line| &line["market_id"] == id) {
            assert_eq!((&line["home"], &line["away"]), (&row["home"], &row["away"]), "{id}");
            assert_eq!(&line["event_id"], &row["pkey"], "{id}");
            let score = row["score"].as_str().unwrap().replace(' ', "");
            assert_eq!((&line["in_play"], &line["score"]), (&value!(true), &value!(score)), "{id}");
        }
    }
}

#[test]
fn the_documented_messages_of_afb88() {
    let (Some(messages), Some(full)) = (
        recorded("afb88/documented_fnOddsGen_messages.ndjson"),
        recorded("afb88/reconstructed_fnOddsGen_full_running.json"),
    ) else {
        return;
    };
    let messages: Vec<Value> = messages.lines().map(json).collect();
    let received = |start: &str| {
        let texts = messages
            .iter()
            .filter(|message| message["dir"] == "recv")
            .map(|message| message["text"].as_str().unwrap());
        texts.into_iter().find(|text| text.starts_with(start)).unwrap().to_owned()
    };
    // An increment after the full that it changes: one row is deleted, two prices are patched.
    let increment = json(&received("[[0"));
    let replayed_both =
        replayed(&["afb88"], &[afb88(1, &full), afb88(2, "3"), afb88(3, &increment.to_string())]);
    assert_eq!(
        (&replayed_both.ledger["parsed"], &replayed_both.ledger["ignored"]),
        (&value!(2), &value!(1)),
        "{}",
        replayed_both.ledger
    );
    let lines = board(&replayed_both);
    let (patched, deleted) = (&increment[5][0], &increment[2][0]);
    assert!(!lines.iter().any(|line| line.starts_with(&format!("{deleted} "))));
    for (selection, index) in [("home", 0), ("away", 1)] {
        let price = tenth(number(&patched[2][index]));
        let line = format!("{} asian-handicap full-time 0 {selection} open indonesian {price}", patched[0]);
        assert!(lines.contains(&line), "{line}: {lines:#?}");
    }
    // A frame in the second shape, with a row of 63 values.
    let frame = received("[[1");
    let row = json(&frame)[3][0][4][0].clone();
    let id = row[0].to_string();
    let mut expected = BTreeSet::new();
    for (market, period, line, prices, selections, tenfold) in [
        ("asian-handicap", "full-time", Some(22), 24, &["home", "away"][..], true),
        ("total", "full-time", Some(23), 26, &["over", "under"], true),
        ("odd-even", "full-time", None, 28, &["odd", "even"], true),
        ("match-result", "full-time", None, 30, &["home", "draw", "away"], false),
        ("asian-handicap", "first-half", Some(39), 41, &["home", "away"], true),
        ("total", "first-half", Some(40), 43, &["over", "under"], true),
        ("odd-even", "first-half", None, 45, &["odd", "even"], true),
        ("match-result", "first-half", None, 47, &["home", "draw", "away"], false),
    ] {
        let line = line.map_or("-".to_owned(), |position: usize| number(&row[position]).to_string());
        for (offset, selection) in selections.iter().enumerate() {
            let price = match row[prices + offset].as_f64() {
                Some(price) if !tenfold => format!("open decimal {price}"),
                Some(price) => format!("open indonesian {}", tenth(price)),
                None => "suspended -".to_owned(),
            };
            expected.insert(format!("{id} {market} {period} {line} {selection} {price}"));
        }
    }
    assert_eq!(board(&replayed(&["afb88"], &[afb88(1, &frame)])), expected);
}
