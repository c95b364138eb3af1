//! A transcribed answer, read in place in the directory `ANTIGRAVITY_CAPTURES` names.

use crate::support::Page;
use antigravity_sdk::{Decimal, Fate};
use serde_json::Value;
use std::path::PathBuf;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The quotes of one text by its words, without the adapter's reader.
fn quotes(key: &str, text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let price = |word: &str| decimal(word.split('*').next().unwrap()).to_string();
    let period = if ["1", "3", "5"].contains(&key) { "full-time" } else { "first-half" };
    let line = |word: &str| decimal(word).normalized();
    let (market, line, first, id, format, names) = match key {
        "1" | "2" => ("match-result", "-".to_owned(), 0, words[3], "decimal", vec!["home", "away", "draw"]),
        "3" | "4" => ("total", line(words[0]).to_string(), 1, words[3], "malay", vec!["over", "under"]),
        _ => {
            let size = if words[3] == "h" { line(words[0]).negated() } else { line(words[0]) };
            ("asian-handicap", size.to_string(), 1, words[4], "malay", vec!["home", "away"])
        }
    };
    let quote = |(at, name): (usize, &&str)| {
        format!("{id} {market} {period} {line} {name} back 1 open {format} {} -", price(words[first + at]))
    };
    names.iter().enumerate().map(quote).collect()
}

#[test]
fn every_price_and_line_of_the_list() {
    let Some(dir) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        eprintln!("skipped: ANTIGRAVITY_CAPTURES is not set");
        return;
    };
    let path = PathBuf::from(dir).join("sbobet_ksport/getEvent_early_ma_20260908_3events.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let recorded: Value = serde_json::from_str(&text).unwrap();
    let values = recorded["evidence"]["request"]["values"].as_object().unwrap();
    let query: Vec<_> =
        values.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap())).collect();
    let mut page = Page::default();
    let reading = page.body(&query.join("&"), &recorded["body"]);
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, true));
    let mut expected = Vec::new();
    for event in recorded["body"][0][0]["2"].as_array().unwrap() {
        for (key, texts) in event["7"].as_object().unwrap().iter().filter(|(key, _)| key.len() == 1) {
            let texts = texts.as_array().unwrap();
            expected.extend(texts.iter().flat_map(|text| quotes(key, text.as_str().unwrap())));
        }
    }
    let mut shown = page.quotes();
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
    // Of a market with two prices both sides together pay out less than is staked.
    let odds = |quote: &str| -> f64 {
        let price: f64 = quote.rsplit(" ").nth(1).unwrap().parse().unwrap();
        if price > 0.0 { 1.0 + price } else { 1.0 - 1.0 / price }
    };
    let malay: Vec<_> = page.quotes().into_iter().filter(|quote| quote.contains("malay")).collect();
    assert!(malay.chunks(2).all(|pair| (1.0..1.25).contains(&(1.0 / odds(&pair[0]) + 1.0 / odds(&pair[1])))));
}
