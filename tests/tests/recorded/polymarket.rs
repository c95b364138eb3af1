//! A session of Polymarket's market channel: each frame says itself what the best prices are.

use crate::support::{json, number, packet, recorded, replayed};
use antigravity_core::{Packet, Transport};
use serde_json::{Value, json as value};
use std::collections::BTreeSet;

const SOCKET: &str = "wss://ws-subscriptions-clob.example/ws/market";

/// The tokens of the session in the order in which they come.
fn tokens(frames: &[Value]) -> Vec<String> {
    let mut tokens = Vec::new();
    for frame in frames {
        let changes = frame["price_changes"].as_array().into_iter().flatten();
        for asset in changes.chain([frame]).filter_map(|part| part["asset_id"].as_str()) {
            if !tokens.iter().any(|token| token == asset) {
                tokens.push(asset.to_owned());
            }
        }
    }
    tokens
}

/// A Gamma answer that names the session's tokens Yes and No.
fn gamma(condition: &str, tokens: &[String]) -> String {
    value!([{"id": "900001", "slug": "a-question", "title": "A question", "startDate": "2026-08-15T00:00:00Z",
        "markets": [{"id": "800001", "conditionId": condition, "question": "A question?", "active": true,
            "closed": false, "acceptingOrders": true, "outcomes": "[\"Yes\", \"No\"]",
            "clobTokenIds": value!(tokens).to_string()}]}])
    .to_string()
}

fn session() -> Option<(Vec<Value>, Vec<Packet>)> {
    let text = recorded("polymarket/session_btc_20260815_excerpt.ndjson")?;
    let frames: Vec<Value> = text.lines().map(|line| json(line)["raw"].clone()).collect();
    let tokens = tokens(&frames);
    assert_eq!(tokens.len(), 2);
    let condition = frames[0]["market"].as_str().unwrap();
    let answer = gamma(condition, &tokens);
    let mut packets =
        vec![packet(1, Transport::Http, "https://gamma-api.example/events?slug=a-question", &answer)];
    for (frame, seq) in frames.iter().zip(2..) {
        packets.push(packet(seq, Transport::WebSocket, SOCKET, &frame.to_string()));
    }
    Some((frames, packets))
}

/// Best bid and best ask of each token that a frame says something of.
fn stated(frame: &Value) -> Vec<(&str, f64, f64)> {
    let best = |side: &str, better: fn(f64, f64) -> f64| {
        frame[side].as_array().into_iter().flatten().map(|level| number(&level["price"])).reduce(better)
    };
    let mut stated = Vec::new();
    if let (Some(bid), Some(ask)) = (best("bids", f64::max), best("asks", f64::min)) {
        stated.push((frame["asset_id"].as_str().unwrap(), bid, ask));
    }
    for change in frame["price_changes"].as_array().into_iter().flatten() {
        stated.push((
            change["asset_id"].as_str().unwrap(),
            number(&change["best_bid"]),
            number(&change["best_ask"]),
        ));
    }
    stated
}

#[test]
fn each_frames_own_best_bid_and_ask_stand_after_it() {
    let Some((frames, packets)) = session() else { return };
    let tokens = tokens(&frames);
    let replayed = replayed(&["polymarket"], &packets);
    assert_eq!(replayed.ledger["parsed"].as_u64(), Some(packets.len() as u64), "{}", replayed.ledger);
    let key = |line: &Value| format!("{} {} {}", line["selection"], line["side"], line["level"]);
    let mut compared = BTreeSet::new();
    replayed.after_each(&packets, key, |packet, standing| {
        if packet.seq == 1 {
            assert!(standing.is_empty(), "nothing is quoted before there is a book");
            return;
        }
        let frame = &frames[packet.seq as usize - 2];
        for (token, bid, ask) in stated(frame) {
            let selection = if token == tokens[0] { "yes" } else { "no" };
            // Buying a token at its ask is backing it; selling at its bid is laying it.
            for (side, price) in [("back", ask), ("lay", bid)] {
                let line = &standing[&format!("\"{selection}\" \"{side}\" 1")];
                assert_eq!(
                    number(&line["price"]["value"]),
                    price,
                    "frame {}: {selection} {side}",
                    packet.seq - 1
                );
                assert_eq!(
                    (
                        &line["status"],
                        &line["price"]["format"],
                        &line["market"],
                        &line["period"],
                        &line["event_id"]
                    ),
                    (
                        &value!("open"),
                        &value!("probability"),
                        &value!("binary"),
                        &value!("match"),
                        &value!("900001")
                    )
                );
                assert_eq!(line["market_id"], frame["market"]);
                compared.insert((packet.seq, selection, side));
            }
        }
    });
    assert_eq!(compared.len(), 2 + 19 * 4, "one book of one token, then 19 frames that state both");
}

#[test]
fn without_the_answer_that_names_the_tokens_nothing_is_quoted() {
    let Some((_, packets)) = session() else { return };
    let replayed = replayed(&["polymarket"], &packets[1..]);
    assert!(replayed.quotes.is_empty() && replayed.board.is_empty());
    assert_eq!(replayed.ledger["captured"].as_u64(), Some(20), "{}", replayed.ledger);
}

#[test]
fn the_books_of_one_token_mirror_the_other() {
    let (Some(event), Some(books)) =
        (recorded("polymarket/fed_gamma-event.json"), recorded("polymarket/fed_clob-books_first4.json"))
    else {
        return;
    };
    let mut packets = vec![packet(
        1,
        Transport::Http,
        "https://gamma-api.example/events?slug=fed-decision",
        &value!([json(&event)]).to_string(),
    )];
    let books = json(&books);
    for (book, seq) in books.as_array().unwrap().iter().zip(2..) {
        let url = format!("https://clob.example/book?token_id={}", book["asset_id"].as_str().unwrap());
        packets.push(packet(seq, Transport::Http, &url, &book.to_string()));
    }
    let replayed = replayed(&["polymarket"], &packets);
    assert_eq!(replayed.ledger["parsed"].as_u64(), Some(packets.len() as u64), "{}", replayed.ledger);
    let best = |market: &Value, selection: &str, side: &str| {
        let found = replayed.board.iter().find(|line| {
            &line["market_id"] == market
                && line["selection"] == selection
                && line["side"] == side
                && line["level"] == 1
        });
        found.map(|line| number(&line["price"]["value"]))
    };
    let mut seen = 0;
    for book in books.as_array().unwrap() {
        let [yes_ask, no_bid] =
            [("yes", "back"), ("no", "lay")].map(|(s, side)| best(&book["market"], s, side));
        let (Some(ask), Some(bid)) = (yes_ask, no_bid) else { panic!("{}: no quotes", book["market"]) };
        assert!((ask + bid - 1.0).abs() < 1e-9, "{ask} and {bid}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}
