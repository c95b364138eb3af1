//! Recorded traffic: the provider states each token's best prices beside every change, and its two books of
//! one market are mirrors of each other.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_adapter_polymarket::Polymarket;
use antigravity_sdk::Fate;
use antigravity_sdk::testing::Session;
use antigravity_sdk::{Selection, Side};
use common::{event, feed, market};
use serde_json::Value;
use std::collections::BTreeSet;

fn recorded(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        println!("skipped: ANTIGRAVITY_CAPTURES names no directory of recorded traffic");
        return None;
    };
    let path = std::path::Path::new(&folder).join("polymarket").join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Price and size of the levels of one side of an outcome, best first.
fn side(
    session: &Session<Polymarket>,
    market: &str,
    selection: Selection,
    side: Side,
) -> Vec<(String, String)> {
    let quotes =
        session.quotes().filter(|q| q.market_id == market && q.selection == selection && q.side == side);
    quotes.map(|quote| (quote.price.unwrap().to_string(), quote.size.unwrap().to_string())).collect()
}

#[test]
fn each_frame_states_the_best_prices_that_are_quoted() {
    let Some(text) = recorded("session_btc_20260815_excerpt.ndjson") else { return };
    let frames: Vec<Value> =
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["raw"].take()).collect();
    let condition = frames[0]["market"].as_str().unwrap();
    let changes = || frames.iter().flat_map(|frame| frame["price_changes"].as_array().into_iter().flatten());
    let tokens: BTreeSet<&str> = changes().map(|change| change["asset_id"].as_str().unwrap()).collect();
    let tokens: Vec<&str> = tokens.into_iter().collect();
    assert_eq!(tokens.len(), 2);
    let mut session = Session::default();
    feed(&mut session, "events", &event("1", &market(condition, r#"["Yes", "No"]"#, &tokens, "")));
    let mut stated = 0;
    for frame in &frames {
        let reading = feed(&mut session, "stream", &frame.to_string());
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
        for change in frame["price_changes"].as_array().into_iter().flatten() {
            let yes = change["asset_id"] == tokens[0];
            let selection = if yes { Selection::Yes } else { Selection::No };
            let best = |of| side(&session, condition, selection, of)[0].0.clone();
            assert_eq!(
                (best(Side::Lay).as_str(), best(Side::Back).as_str()),
                (change["best_bid"].as_str().unwrap(), change["best_ask"].as_str().unwrap(),)
            );
            stated += 1;
        }
        assert!(session.quotes().all(|quote| !quote.stale));
    }
    assert_eq!(stated, 38);
}

#[test]
fn books_are_quoted_best_last_and_mirror_each_other() {
    let (Some(gamma), Some(books)) =
        (recorded("fed_gamma-event.json"), recorded("fed_clob-books_first4.json"))
    else {
        return;
    };
    let books: Vec<Value> = serde_json::from_str(&books).unwrap();
    let gamma_event: Value = serde_json::from_str(&gamma).unwrap();
    let top = |levels: &Value| -> Vec<(String, String)> {
        let text = |level: &Value, field: &str| level[field].as_str().unwrap().to_owned();
        let levels = levels.as_array().unwrap().iter().rev().take(3);
        levels.map(|level| (text(level, "price"), text(level, "size"))).collect()
    };
    for only_first in [false, true] {
        let mut session = Session::default();
        assert_eq!(feed(&mut session, "events", &gamma).fate, Fate::Parsed);
        let fed = books.iter().enumerate().filter(|(i, _)| !only_first || i % 2 == 0);
        let fed: Vec<&Value> = fed.map(|(_, book)| book).collect();
        let body = serde_json::to_string(&fed).unwrap();
        assert_eq!(feed(&mut session, "books", &body).fate, Fate::Parsed);
        // Also where only one book of each pair was seen, both are as the provider has them.
        for book in &books {
            let condition = book["market"].as_str().unwrap();
            let listed = gamma_event["markets"]
                .as_array()
                .unwrap()
                .iter()
                .find(|m| m["conditionId"] == condition)
                .unwrap();
            let tokens: Vec<String> = serde_json::from_str(listed["clobTokenIds"].as_str().unwrap()).unwrap();
            let selection = if book["asset_id"] == tokens[0] { Selection::Yes } else { Selection::No };
            assert_eq!(side(&session, condition, selection, Side::Back), top(&book["asks"]));
            assert_eq!(side(&session, condition, selection, Side::Lay), top(&book["bids"]));
        }
        let quote = session.quotes().next().unwrap();
        assert_eq!(quote.event_id, gamma_event["id"].as_str().unwrap());
    }
}

#[test]
fn what_the_clob_says_of_markets_agrees_with_gamma() {
    let (Some(gamma), Some(markets)) = (recorded("fed_gamma-event.json"), recorded("fed_clob-markets.json"))
    else {
        return;
    };
    let mut session = Session::<Polymarket>::default();
    assert_eq!(feed(&mut session, "clob-markets", &markets).fate, Fate::Ignored, "Gamma speaks first");
    feed(&mut session, "events", &gamma);
    let reading = feed(&mut session, "clob-markets", &markets);
    assert_eq!((reading.fate, reading.detail.as_str()), (Fate::Parsed, ""));
}
