//! Books and their changes.

use crate::support::{Page, change, whole};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const BIDS: [(&str, &str); 4] =
    [("0.0100", "500.00"), ("0.3900", "20.00"), ("0.4000", "35.50"), ("0.4100", "12.00")];

#[test]
fn bids_are_prices_to_sell_at_and_nothing_is_derived() {
    let mut page = Page::knowing(&["M"]);
    let reading = page.frame(&whole(1, 1, "M", &BIDS, &[("0.5600", "7.50")]));
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, false));
    assert_eq!(
        page.shown(),
        [
            "M yes lay 1 open 0.4100@12.00",
            "M yes lay 2 open 0.4000@35.50",
            "M yes lay 3 open 0.3900@20.00",
            "M no lay 1 open 0.5600@7.50",
        ]
    );
    let quote = page.quotes().next().unwrap();
    assert_eq!(
        (quote.event_id.as_str(), quote.market.as_str(), quote.period.to_string().as_str()),
        ("EV", "binary", "match")
    );
}

#[test]
fn a_change_adds_to_what_stands_and_only_that_is_said() {
    let mut page = Page::knowing(&["M"]);
    page.frame(&whole(1, 1, "M", &BIDS, &[]));
    let reading = page.frame(&change(1, 2, "M", "yes", "0.4100", "-4.5"));
    assert_eq!(reading.rows, ["price line=0 yes lay 1 open probability 0.4100 size=7.50"]);
    let reading = page.frame(&change(1, 3, "M", "yes", "0.4100", "-7.50"));
    assert_eq!(
        reading.rows,
        [
            "price line=0 yes lay 1 open probability 0.4000 size=35.50",
            "price line=0 yes lay 2 open probability 0.3900 size=20.00",
            "price line=0 yes lay 3 open probability 0.0100 size=500.00",
        ]
    );
    let reading = page.frame(&change(1, 4, "M", "no", "0.58", "2"));
    assert_eq!(reading.rows, ["price line=0 no lay 1 open probability 0.58 size=2"]);
    let reading = page.frame(&change(1, 5, "M", "yes", "0.0050", "2"));
    assert_eq!((reading.fate, reading.rows.len()), (Fate::Parsed, 0), "the fourth level is not quoted");
}

#[test]
fn old_and_new_shapes_say_the_same() {
    let old = json!({"type": "orderbook_snapshot", "sid": 1, "seq": 1, "msg":
        {"market_ticker": "M", "yes": [[7, 100], [41, 12]], "no": [[56, 7]]}});
    let both = json!({"type": "orderbook_snapshot", "sid": 1, "seq": 1, "msg": {"market_ticker": "M",
        "yes": [[7, 100], [41, 12]], "no": [[56, 7]],
        "yes_dollars": [["0.07", 100], ["0.41", 12]], "no_dollars": [["0.56", 7]]}});
    let new = whole(1, 1, "M", &[("0.07", "100"), ("0.41", "12")], &[("0.56", "7")]);
    let changes = [
        json!({"side": "yes", "price": 7, "delta": -99}),
        json!({"side": "yes", "price": 7, "price_dollars": "0.07", "delta": -99, "delta_fp": "-99"}),
        json!({"side": "yes", "price_dollars": "0.07", "delta_fp": "-99"}),
    ];
    for (book, mut told) in [old, both, new].into_iter().zip(changes) {
        let mut page = Page::knowing(&["M"]);
        page.frame(&book);
        told["market_ticker"] = "M".into();
        let reading = page.frame(&json!({"type": "orderbook_delta", "sid": 1, "seq": 2, "msg": told}));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{book}");
        assert_eq!(
            page.shown(),
            ["M yes lay 1 open 0.41@12", "M yes lay 2 open 0.07@1", "M no lay 1 open 0.56@7"],
            "{book}"
        );
    }
}

/// Where a tenth of a cent is a price of its own, cents are rounded.
#[test]
fn dollars_go_before_cents() {
    let mut page = Page::knowing(&["M"]);
    let told = json!({"market_ticker": "M", "yes": [[1, 10]], "yes_dollars": [["0.0120", 4], ["0.0140", 6]]});
    page.frame(&json!({"type": "orderbook_snapshot", "sid": 1, "seq": 1, "msg": told}));
    let told =
        json!({"market_ticker": "M", "side": "yes", "price": 1, "price_dollars": "0.0140", "delta": -6});
    page.frame(&json!({"type": "orderbook_delta", "sid": 1, "seq": 2, "msg": told}));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.0120@4"]);
}

/// `price` of a trade is dollars beside `yes_price` in cents.
#[test]
fn dollars_in_the_place_of_cents_are_no_price() {
    let mut page = Page::knowing(&["M"]);
    let told = json!({"market_ticker": "M", "yes": [[0.06, 10], [6, 5]]});
    let reading = page.frame(&json!({"type": "orderbook_snapshot", "sid": 1, "seq": 1, "msg": told}));
    assert_eq!(reading.bad_rows, 1);
    assert_eq!(page.shown(), ["M yes lay 1 open 0.06@5!"]);
}

#[test]
fn a_side_that_is_missing_or_null_is_empty() {
    for told in [json!({}), json!({"yes_dollars_fp": null}), json!({"no": [], "yes": null})] {
        let mut page = Page::knowing(&["M"]);
        page.frame(&whole(1, 1, "M", &BIDS, &[("0.5600", "7.50")]));
        let mut told = told;
        told["market_ticker"] = "M".into();
        let reading = page.frame(&json!({"type": "orderbook_snapshot", "sid": 1, "seq": 2, "msg": told}));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{told}");
        assert_eq!(page.shown(), Vec::<String>::new(), "{told}");
    }
}

#[test]
fn less_than_nothing_makes_the_market_stale_until_its_next_whole_book() {
    let mut page = Page::knowing(&["M", "N"]);
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    page.frame(&whole(1, 2, "N", &[("0.2000", "1.00")], &[]));
    let reading = page.frame(&change(1, 3, "M", "yes", "0.4100", "-12.01"));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12.00!", "N yes lay 1 open 0.2000@1.00"]);
    page.frame(&change(1, 4, "M", "yes", "0.4100", "3.00"));
    assert_eq!(page.shown()[0], "M yes lay 1 open 0.4100@12.00!", "it is not known what this adds to");
    page.frame(&whole(1, 5, "M", &[("0.4000", "3.00")], &[]));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4000@3.00", "N yes lay 1 open 0.2000@1.00"]);
}

#[test]
fn unreadable_levels_are_bad_rows_and_the_others_count() {
    let rows = json!([["0.41", "12"], ["1.2", "5"], ["0", "5"], ["0.40", "-3"], "0.39", ["0.38"], [{}, 1]]);
    let told = json!({"market_ticker": "M", "yes_dollars_fp": rows});
    let mut page = Page::knowing(&["M"]);
    let reading = page.frame(&json!({"type": "orderbook_snapshot", "sid": 1, "seq": 1, "msg": told}));
    assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 6, "level"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.41@12!"]);
    // Of a market that nobody named yet no row says anything.
    let mut page = Page::new();
    let reading = page.frame(&json!({"type": "orderbook_snapshot", "sid": 1, "seq": 1, "msg": told}));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
}

#[test]
fn frames_that_are_not_the_promise_are_refused_by_name() {
    let delta = |msg: Value| json!({"type": "orderbook_delta", "sid": 1, "seq": 2, "msg": msg});
    let good = json!({"market_ticker": "M", "side": "yes", "price_dollars": "0.4", "delta_fp": "1"});
    let without = |field: &str| {
        let mut msg = good.clone();
        msg.as_object_mut().unwrap().remove(field);
        delta(msg)
    };
    let with = |field: &str, value: Value| {
        let mut msg = good.clone();
        msg[field] = value;
        delta(msg)
    };
    let cases = [
        (json!({"type": "orderbook_delta", "seq": 2, "msg": good}), "sid"),
        (json!({"type": "orderbook_delta", "sid": 1, "msg": good}), "seq"),
        (json!({"type": "orderbook_delta", "sid": 1, "seq": "x", "msg": good}), "seq"),
        (json!({"type": "orderbook_delta", "sid": 1, "seq": 2}), "msg"),
        (without("market_ticker"), "market_ticker"),
        (without("side"), "side"),
        (with("side", json!("both")), "side"),
        (without("price_dollars"), "price"),
        (with("price_dollars", json!("1.0000")), "price"),
        (without("delta_fp"), "delta"),
        (with("delta_fp", json!("many")), "delta"),
        (
            json!({"type": "orderbook_snapshot", "sid": 1, "seq": 2, "msg": {"market_ticker": "M", "yes": {}}}),
            "yes",
        ),
        (
            json!({"type": "orderbook_snapshot", "sid": 1, "seq": 2, "msg": {"market_ticker": "M", "no": [[100, 1]]}}),
            "level",
        ),
    ];
    for (frame, field) in cases {
        let mut page = Page::knowing(&["M", "N"]);
        page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
        page.frame(&whole(2, 1, "N", &[("0.2000", "1.00")], &[]));
        let reading = page.frame(&frame);
        assert_eq!((reading.fate, reading.detail.as_str()), (Fate::Rejected, field), "{frame}");
        assert!(page.quotes().all(|quote| quote.stale), "{frame}");
        // The other book of the socket is whole: it is said again, and the host trusts it again.
        page.frame(&change(2, 2, "N", "yes", "0.2000", "1.00"));
        let seq = if matches!(field, "sid" | "seq") { 3 } else { 2 };
        page.frame(&change(1, seq + 1, "M", "yes", "0.4100", "1.00"));
        assert_eq!(
            page.shown(),
            ["M yes lay 1 open 0.4100@12.00!", "N yes lay 1 open 0.2000@2.00"],
            "{frame}"
        );
    }
}

#[test]
fn other_types_say_nothing_of_offers() {
    let mut page = Page::knowing(&["M"]);
    for frame in [
        json!({"type": "ok", "id": 3, "msg": [{"channel": "ticker", "sid": 2}]}),
        json!({"type": "unsubscribed", "id": 3, "sid": 77, "seq": 2}),
        json!({"type": "market_lifecycle_v2", "sid": 3, "msg": {"market_ticker": "X", "event_type": "created"}}),
        json!({"type": "ticker", "sid": 3, "msg": {"market_ticker": "M", "volume": 3}}),
    ] {
        let reading = page.frame(&frame);
        assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::Noise), "{frame}");
    }
}

/// Hundreds of changes against sorted maps of whole numbers that share nothing with the adapter.
#[test]
fn books_agree_with_sorted_maps() {
    let mut page = Page::knowing(&["M", "N"]);
    let mut maps: BTreeMap<(&str, &str), BTreeMap<u64, u64>> = BTreeMap::new();
    page.frame(&whole(1, 1, "M", &[], &[]));
    page.frame(&whole(1, 2, "N", &[], &[]));
    let mut state = 5u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for seq in 3..900 {
        let (market, side) = (["M", "N"][next(2) as usize], ["yes", "no"][next(2) as usize]);
        let price = 1 + next(12);
        let map = maps.entry((market, side)).or_default();
        let stands = map.get(&price).copied().unwrap_or(0);
        // Half of the changes take a level away, all of it or a part.
        let delta = if stands > 0 && next(2) == 0 {
            -i64::try_from(1 + next(stands)).unwrap()
        } else {
            i64::try_from(1 + next(400)).unwrap()
        };
        let now = stands.checked_add_signed(delta).unwrap();
        if now == 0 {
            map.remove(&price);
        } else {
            map.insert(price, now);
        }
        let cents = |hundredths: i64| {
            let sign = if hundredths < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
        };
        let reading = page.frame(&change(1, seq, market, side, &format!("0.{price:02}00"), &cents(delta)));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
        let mut expected = Vec::new();
        for (market, side) in [("M", "yes"), ("M", "no"), ("N", "yes"), ("N", "no")] {
            let levels = maps.get(&(market, side)).into_iter().flat_map(|map| map.iter().rev().take(3));
            for ((price, size), level) in levels.zip(1..) {
                let size = cents(i64::try_from(*size).unwrap());
                expected.push(format!("{market} {side} lay {level} open 0.{price:02}00@{size}"));
            }
        }
        assert_eq!(page.shown(), expected, "seq {seq}");
    }
}
