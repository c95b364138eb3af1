//! A market's stages, and tickers.

use crate::support::{Page, change, market, one, priced, whole};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn stage(name: &str) -> Value {
    json!({"type": "market_lifecycle_v2", "sid": 3, "msg": {"market_ticker": "M", "event_type": name}})
}

fn open() -> Page {
    let mut page = Page::knowing(&["M"]);
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    page
}

#[test]
fn only_an_active_market_is_open() {
    for (status, shown) in [
        ("active", "open"),
        ("open", "open"),
        ("initialized", "suspended"),
        ("inactive", "suspended"),
        ("closed", "suspended"),
        ("determined", "suspended"),
        ("disputed", "suspended"),
        ("amended", "suspended"),
        ("something-new", "suspended"),
    ] {
        let mut page = open();
        page.answer("markets", &one(market("M", status)));
        assert_eq!(page.shown(), [format!("M yes lay 1 {shown} 0.4100@12.00")], "{status}");
        page.answer("markets", &one(market("M", "active")));
        assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12.00"], "{status}");
    }
}

#[test]
fn what_was_settled_stays_settled() {
    for over in [None, Some("finalized"), Some("settled")] {
        let mut page = open();
        match over {
            None => drop(page.frame(&stage("settled"))),
            Some(status) => drop(page.answer("markets", &one(market("M", status)))),
        }
        assert_eq!(page.shown(), Vec::<String>::new());
        page.frame(&change(1, 2, "M", "yes", "0.4100", "1.00"));
        page.frame(&whole(1, 3, "M", &[("0.4100", "12.00")], &[]));
        page.answer("markets", &one(priced("M", "0.4000", "0.5000")));
        let reading = page.frame(&stage("activated"));
        assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::Noise));
        assert_eq!(page.shown(), Vec::<String>::new(), "{over:?}");
    }
}

#[test]
fn a_market_that_was_over_before_it_was_seen_is_not_quoted() {
    let mut page = Page::knowing(&[]);
    page.answer("markets", &one(market("M", "finalized")));
    assert_eq!(page.shown(), Vec::<String>::new());
}

#[test]
fn a_paused_market_is_suspended_with_its_prices() {
    let mut page = open();
    for name in ["deactivated", "determined"] {
        page.frame(&stage(name));
        assert_eq!(page.shown(), ["M yes lay 1 suspended 0.4100@12.00"], "{name}");
    }
    let reading = page.frame(&stage("close_date_updated"));
    assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::Noise));
}

/// The exchange cancels all resting orders when a market trades again.
#[test]
fn a_book_from_before_the_pause_is_stale_after_it() {
    let mut page = open();
    page.frame(&stage("deactivated"));
    page.frame(&stage("activated"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12.00!"]);
    page.frame(&whole(1, 2, "M", &[("0.4000", "1.00")], &[]));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4000@1.00"]);
    // Where the stream took the orders away itself, its book is right.
    page.frame(&stage("deactivated"));
    page.frame(&change(1, 3, "M", "yes", "0.4000", "-1.00"));
    page.frame(&stage("activated"));
    page.frame(&change(1, 4, "M", "yes", "0.3000", "2.00"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.3000@2.00"]);
}

fn ticker(bid: &str, ask: &str) -> Value {
    json!({"type": "ticker", "sid": 4, "msg": {"market_ticker": "M", "yes_bid_dollars": bid, "yes_ask_dollars": ask,
        "price_dollars": bid, "Clock": 7_001_000_100_u64}})
}

#[test]
fn a_ticker_tells_the_best_prices_where_there_is_no_book() {
    let mut page = Page::new();
    page.frame(&ticker("0.4000", "0.4500"));
    page.answer("markets", &one(market("M", "active")));
    assert_eq!(page.shown(), ["M yes back 1 open 0.4500@-", "M yes lay 1 open 0.4000@-"]);
    page.frame(
        &json!({"type": "ticker", "sid": 4, "msg": {"market_ticker": "M", "yes_bid": 41, "yes_ask": 100}}),
    );
    assert_eq!(page.shown(), ["M yes lay 1 open 0.41@-"]);
    let reading = page.frame(&ticker("41", "0.5000"));
    assert_eq!((reading.fate, reading.detail.as_str()), (Fate::Rejected, "yes_bid"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.41@-!"]);
}

#[test]
fn a_ticker_says_nothing_beside_a_book() {
    let mut page = open();
    let reading = page.frame(&ticker("0.4200", "0.4300"));
    assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::Noise));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12.00"]);
    // It does beside one that has a hole.
    page.frame(&change(1, 9, "M", "yes", "0.4100", "1.00"));
    page.frame(&ticker("0.4200", "0.4300"));
    assert_eq!(page.shown(), ["M yes back 1 open 0.4300@-", "M yes lay 1 open 0.4200@-"]);
}
