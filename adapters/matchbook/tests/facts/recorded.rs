//! A recorded event, read in place in the directory `ANTIGRAVITY_CAPTURES` names.

use crate::support::Page;
use antigravity_sdk::{Decimal, Fate, Selection, Side};
use serde_json::Value;
use std::path::PathBuf;

#[test]
fn every_price_of_the_event() {
    let Some(dir) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        eprintln!("skipped: ANTIGRAVITY_CAPTURES is not set");
        return;
    };
    let path = PathBuf::from(dir).join("matchbook/events.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let recorded: Value = serde_json::from_str(&text).unwrap();
    let mut page = Page::default();
    let url = "https://exchange.example/edge/rest/events/1";
    let reading = page.answer("event", url, &recorded);
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, true));
    let decimal = |value: &Value| value.to_string().parse::<Decimal>().unwrap();
    let mut expected = Vec::new();
    for (runner, selection) in [(0, Selection::Home), (1, Selection::Away)] {
        for (side, name) in [(Side::Back, "back"), (Side::Lay, "lay")] {
            let prices = recorded["markets"][0]["runners"][runner]["prices"].as_array().unwrap();
            let side_prices = prices.iter().filter(|price| price["side"] == name).zip(1u8..);
            for (price, level) in side_prices {
                let (odds, amount) = (decimal(&price["odds"]), decimal(&price["available-amount"]));
                expected.push((selection, side, level, Some(odds), Some(amount)));
            }
        }
    }
    let quotes = page.each();
    assert!(quotes.iter().all(|quote| quote.market == "moneyline" && quote.period.to_string() == "match"));
    let shown: Vec<_> = quotes.iter().map(|q| (q.selection, q.side, q.level, q.price, q.size)).collect();
    assert_eq!(shown, expected);
    let event = reading.rows.iter().find(|row| row.starts_with("event")).unwrap();
    let id = recorded["id"].to_string();
    let players = recorded["name"].as_str().unwrap().split_once(" vs ").unwrap();
    assert!(event.contains(&format!(
        "id={id} sport=tennis competition=- title=- home={} away={}",
        players.0, players.1
    )));
    assert!(event.ends_with("start=1501531740000000000 in_play=true"), "{event}");
}
