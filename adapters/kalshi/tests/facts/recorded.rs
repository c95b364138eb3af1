//! Recorded and documented traffic, read in place in the directory `ANTIGRAVITY_CAPTURES` names.

use crate::support::{Page, market, one};
use antigravity_sdk::Fate;
use serde_json::{Value, json};

fn recorded(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        println!("skipped: ANTIGRAVITY_CAPTURES names no directory of recorded traffic");
        return None;
    };
    let path = std::path::Path::new(&folder).join("kalshi").join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn answer(name: &str) -> Option<(Value, Value)> {
    let mut recorded: Value = serde_json::from_str(&recorded(name)?).unwrap();
    Some((recorded["response"].take(), recorded["_metadata"].take()))
}

/// The three best of one side as the page should show them, from a list of `[price, size]`.
fn best(ticker: &str, side: &str, levels: &Value) -> Vec<String> {
    let levels = levels.as_array().into_iter().flatten();
    let mut levels: Vec<(f64, String, String)> = levels
        .map(|level| {
            let text = |at: usize| level[at].as_str().unwrap().to_owned();
            (text(0).parse().unwrap(), text(0), text(1))
        })
        .collect();
    levels.sort_by(|one, other| other.0.total_cmp(&one.0));
    let shown = levels.iter().take(3).zip(1..);
    shown
        .map(|((_, price, size), level)| format!("{ticker} {side} lay {level} open {price}@{size}"))
        .collect()
}

#[test]
fn a_recorded_book_and_its_first_change() {
    let Some(text) = recorded("ws_orderbook_KXHIGHNY_recorded.ndjson") else { return };
    let frames: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (whole, change) = (&frames[0]["msg"], &frames[1]["msg"]);
    let ticker = whole["market_ticker"].as_str().unwrap();
    let mut page = Page::knowing(&[ticker]);
    assert_eq!(page.frame(&frames[0]).fate, Fate::Parsed);
    let yes = best(ticker, "yes", &whole["yes_dollars_fp"]);
    let no = best(ticker, "no", &whole["no_dollars_fp"]);
    assert_eq!(page.shown(), [yes.clone(), no.clone()].concat());
    // The change adds 7.00 to the best bid of 29.00.
    assert_eq!(
        (change["price_dollars"].as_str(), change["delta_fp"].as_str()),
        (Some("0.1000"), Some("7.00"))
    );
    assert_eq!(page.frame(&frames[1]).rows, ["price line=0 yes lay 1 open probability 0.1000 size=36.00"]);
    assert_eq!(page.shown()[1..], [&yes[1..], &no[..]].concat());
}

#[test]
fn recorded_answers_are_quoted_as_they_state() {
    let Some((event, _)) = answer("event_single_response.json") else { return };
    let mut page = Page::new();
    let reading = page.answer("events", &event);
    assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 0, ""));
    let told = &event["markets"][0];
    let ticker = told["ticker"].as_str().unwrap();
    let price = |field: &str| told[field].as_str().unwrap();
    assert_eq!(
        page.shown(),
        [
            format!("{ticker} yes back 1 open {}@-", price("yes_ask_dollars")),
            format!("{ticker} yes lay 1 open {}@-", price("yes_bid_dollars")),
        ]
    );
    let title = event["event"]["title"].as_str().unwrap();
    assert!(reading.rows[0].contains(title), "{:?}", reading.rows);

    let Some((list, _)) = answer("markets_list_response.json") else { return };
    let reading = page.answer("markets", &list);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    let priced = list["markets"].as_array().unwrap().iter().filter(|market| {
        let between = |field: &str| (1..100).contains(&market[field].as_i64().unwrap());
        between("yes_bid") || between("yes_ask")
    });
    assert_eq!(page.quotes().count(), 2 + priced.count(), "nobody bids on the recorded combinations");

    let Some((events, _)) = answer("events_list_response.json") else { return };
    let reading = page.answer("events", &events);
    assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 0, ""));
    let named = reading.rows.iter().filter(|row| row.starts_with("event")).count();
    assert_eq!(named, events["events"].as_array().unwrap().len() - 1, "one is known already");

    let Some((book, about)) = answer("orderbook_response.json") else { return };
    let ticker = about["ticker"].as_str().unwrap();
    let reading = page.orderbook(ticker, &book);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
}

#[test]
fn documented_messages_are_read() {
    let Some(text) = recorded("ws_documented_messages.ndjson") else { return };
    let mut page = Page::new();
    let mut fates = Vec::new();
    for line in text.lines() {
        let mut message: Value = serde_json::from_str::<Value>(line).unwrap()["message"].take();
        let kind = message["type"].as_str().unwrap().to_owned();
        if let Some(ticker) = message["msg"]["market_ticker"].as_str() {
            page.answer("markets", &one(market(ticker, "active")));
        }
        if kind == "trade" || kind == "subscribed" {
            continue; // noise by the contract
        }
        if kind == "orderbook_delta" {
            // The example's number is from later in the day.
            message["seq"] = json!(2);
        }
        let reading = page.frame(&message);
        assert_eq!((reading.bad_rows, reading.detail.as_str()), (0, ""), "{message}");
        fates.push((kind, reading.fate));
        if fates.last().unwrap().0 == "orderbook_delta" {
            let shown = page.shown();
            // 250 at 46 cents, of which 50 go.
            assert!(shown.iter().any(|quote| quote.ends_with("yes lay 1 open 0.46@200.00")), "{shown:?}");
        }
    }
    let expected = [
        ("ticker", Fate::Parsed),
        ("orderbook_snapshot", Fate::Parsed),
        ("orderbook_delta", Fate::Parsed),
        ("market_lifecycle_v2", Fate::Parsed),
        ("ok", Fate::Ignored),
    ];
    let expected: Vec<_> = expected.map(|(kind, fate)| (kind.to_owned(), fate)).to_vec();
    assert_eq!(fates, expected);
}
