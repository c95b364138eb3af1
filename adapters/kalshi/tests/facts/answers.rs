//! REST answers, and how they go with the stream.

use crate::support::{Page, change, market, one, priced, whole};
use antigravity_sdk::{Fate, Reason};
use serde_json::json;

#[test]
fn nothing_is_quoted_until_an_answer_names_the_event() {
    let mut page = Page::new();
    let reading = page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    assert_eq!((reading.fate, reading.rows.len()), (Fate::Parsed, 0));
    page.frame(&change(1, 2, "M", "yes", "0.4100", "1.00"));
    page.answer("markets", &one(market("M", "active")));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@13.00"]);
}

#[test]
fn the_event_has_the_title_that_some_answer_gave() {
    let mut page = Page::new();
    let event =
        json!({"event": {"event_ticker": "EV", "title": "Rain?"}, "markets": [priced("M", "0.4", "0.5")]});
    let reading = page.answer("events", &event);
    assert_eq!(
        reading.rows[0],
        "event 0 id=EV sport=- competition=- title=Rain? home=- away=- score=- start=- in_play=false"
    );
    let reading = page.answer("markets", &one(priced("N", "0.1", "0.2")));
    assert!(!reading.rows[0].starts_with("event"), "what is known is not said again: {:?}", reading.rows);
    let nested = json!({"cursor": "", "events": [{"event_ticker": "EV", "title": "Sun?", "markets": [market("M", "inactive")]}]});
    let reading = page.answer("events", &nested);
    assert!(reading.rows[0].contains("title=Sun?"), "{:?}", reading.rows);
    assert_eq!(page.shown()[0], "M yes back 1 suspended 0.5@-");
}

#[test]
fn best_prices_of_yes_in_both_shapes() {
    let cents = json!({"ticker": "M", "event_ticker": "EV", "status": "active", "response_price_units": "usd_cent",
        "yes_bid": 6, "yes_ask": 7, "no_bid": 93, "no_ask": 94, "last_price": 6});
    let mut page = Page::new();
    page.answer("markets", &one(cents.clone()));
    assert_eq!(page.shown(), ["M yes back 1 open 0.07@-", "M yes lay 1 open 0.06@-"]);
    // Cents of another currency are none.
    let mut other = cents.clone();
    other["response_price_units"] = "centi".into();
    let mut page = Page::new();
    page.answer("markets", &one(other));
    assert_eq!(page.shown(), Vec::<String>::new());
    let mut both = cents;
    both["yes_bid_dollars"] = "0.0620".into();
    both["yes_bid_size_fp"] = "3.00".into();
    let mut page = Page::new();
    page.answer("markets", &one(both));
    assert_eq!(page.shown(), ["M yes back 1 open 0.07@-", "M yes lay 1 open 0.0620@3.00"]);
}

#[test]
fn zero_and_one_stand_for_an_empty_side() {
    for (bid, ask) in [("0.0000", "1.0000"), ("0", "0"), ("0.0000", "0.0000")] {
        let mut page = Page::new();
        page.answer("markets", &one(priced("M", "0.4000", "0.5000")));
        assert_eq!(page.shown().len(), 2);
        let reading = page.answer("markets", &one(priced("M", bid, ask)));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
        assert_eq!(page.shown(), Vec::<String>::new(), "{bid} {ask}");
    }
}

#[test]
fn a_price_that_is_none_takes_back_what_was_told_before() {
    for wrong in ["41", "-0.4", "soon"] {
        let mut page = Page::new();
        page.answer("markets", &one(priced("M", "0.4000", "0.5000")));
        let list =
            json!({"cursor": "", "markets": [priced("M", wrong, "0.5000"), priced("N", "0.1000", "0.2000")]});
        let reading = page.answer("markets", &list);
        assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 1, "yes_bid"));
        assert_eq!(page.shown(), ["N yes back 1 open 0.2000@-", "N yes lay 1 open 0.1000@-"], "{wrong}");
    }
}

#[test]
fn rows_that_cannot_be_read_leave_the_others() {
    let list = json!({"cursor": "", "markets": [
        priced("M", "0.4000", "0.5000"), {"ticker": 7, "event_ticker": "EV", "status": "active"},
        {"ticker": "N", "status": "active"}, {"ticker": "N", "event_ticker": "EV"}, 5]});
    let mut page = Page::new();
    let reading = page.answer("markets", &list);
    assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 4, "ticker"));
    assert_eq!(page.shown().len(), 2);
    let mut page = Page::new();
    let reading = page.answer("markets", &json!({"markets": [{"ticker": "N", "event_ticker": null}]}));
    assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::MissingField));
    // Without a quote beside them they are a message, so that the names count.
    let reading = page.answer(
        "markets",
        &json!({"markets": [{"ticker": "N", "event_ticker": null}, market("M", "active")]}),
    );
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
}

#[test]
fn markets_with_more_than_yes_and_no_are_not_quoted() {
    let mut scalar = priced("M", "0.4000", "0.5000");
    scalar["market_type"] = "scalar".into();
    let mut page = Page::new();
    assert_eq!(page.answer("markets", &one(scalar)).fate, Fate::Parsed);
    assert_eq!(page.shown(), Vec::<String>::new());
}

#[test]
fn books_of_both_shapes_by_their_address() {
    for book in [
        json!({"orderbook": {"yes": [[41, 12]], "no": null, "yes_dollars": [["0.4100", 12]], "no_dollars": null}}),
        json!({"orderbook_fp": {"yes_dollars": [["0.4100", "12"]], "no_dollars": []}}),
        json!({"orderbook": {"yes": [[3, 1]], "no": null}, "orderbook_fp": {"yes_dollars": [["0.4100", "12"]], "no_dollars": []}}),
    ] {
        let mut page = Page::knowing(&["M"]);
        assert_eq!(page.orderbook("M", &book).fate, Fate::Parsed, "{book}");
        assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12"], "{book}");
        let empty = json!({"orderbook": {"yes": null, "no": null, "yes_dollars": null, "no_dollars": null}});
        assert_eq!(page.orderbook("M", &empty).fate, Fate::Parsed);
        assert_eq!(page.shown(), Vec::<String>::new());
    }
    for none in [json!({"orderbook": {"bids": []}}), json!({"orderbook": {}}), json!({"orderbook": null})] {
        let reading = Page::knowing(&["M"]).orderbook("M", &none);
        assert_eq!((reading.fate, reading.detail.as_str()), (Fate::Rejected, "orderbook"), "{none}");
    }
}

fn book(price: &str) -> serde_json::Value {
    json!({"orderbook_fp": {"yes_dollars": [[price, "1.00"]], "no_dollars": []}})
}

#[test]
fn an_answer_never_overtakes_a_stream_that_is_heard_of() {
    let mut page = Page::knowing(&["M"]);
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    let reading = page.orderbook("M", &book("0.3000"));
    assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::StaleCursor));
    page.answer("markets", &one(priced("M", "0.2000", "0.9000")));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12.00"]);
}

#[test]
fn an_answer_counts_while_the_stream_is_silent_and_no_longer() {
    let mut page = Page::knowing(&["M", "N"]);
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    page.frame(&whole(1, 2, "N", &[("0.2000", "1.00")], &[]));
    page.wait(40);
    assert_eq!(page.orderbook("M", &book("0.3000")).fate, Fate::Parsed);
    assert_eq!(page.shown(), ["M yes lay 1 open 0.3000@1.00", "N yes lay 1 open 0.2000@1.00!"]);
    // The socket was only quiet: nothing of its count was missed, so its books are right.
    page.frame(&change(1, 3, "N", "yes", "0.2000", "1.00"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12.00", "N yes lay 1 open 0.2000@2.00"]);
    page.frame(&change(1, 4, "M", "yes", "0.4100", "1.00"));
    assert_eq!(page.shown()[0], "M yes lay 1 open 0.4100@13.00");
}

#[test]
fn what_an_answer_said_of_a_streamed_market_is_said_again_by_its_socket() {
    let mut page = Page::knowing(&["M"]);
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00"), ("0.4000", "1.00")], &[]));
    page.answer("markets", &one(market("M", "inactive")));
    page.answer("markets", &one(market("M", "active")));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@12.00", "M yes lay 2 open 0.4000@1.00"]);
    page.frame(&change(1, 2, "M", "yes", "0.4100", "1.00"));
    page.wait(25);
    page.frame(&change(1, 3, "M", "yes", "0.4100", "1.00"));
    page.wait(25);
    // The socket confirms both levels, also the one that did not change since the answer.
    page.frame(&change(1, 4, "M", "yes", "0.4100", "1.00"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@15.00", "M yes lay 2 open 0.4000@1.00"]);
}

#[test]
fn a_book_goes_before_best_prices_while_it_is_fresh() {
    let mut page = Page::knowing(&["M"]);
    page.orderbook("M", &book("0.3000"));
    page.answer("markets", &one(priced("M", "0.2000", "0.9000")));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.3000@1.00"]);
    page.wait(40);
    page.answer("markets", &one(priced("M", "0.2000", "0.9000")));
    assert_eq!(page.shown(), ["M yes back 1 open 0.9000@-", "M yes lay 1 open 0.2000@-"]);
}

#[test]
fn a_change_that_no_book_can_take_outdates_an_answer() {
    let mut page = Page::knowing(&["M"]);
    page.orderbook("M", &book("0.3000"));
    page.frame(&change(1, 42, "M", "yes", "0.4100", "5.00"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.3000@1.00!"]);
    page.orderbook("M", &book("0.4100"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@1.00"]);
}

#[test]
fn a_market_may_move_to_another_event() {
    let mut page = Page::knowing(&["M"]);
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    let mut moved = market("M", "active");
    moved["event_ticker"] = "OTHER".into();
    page.answer("markets", &one(moved));
    let events: Vec<String> = page.quotes().map(|quote| quote.event_id).collect();
    assert_eq!(events, ["OTHER"]);
}

#[test]
fn books_without_a_name_are_kept_up_to_a_number() {
    let mut page = Page::new();
    for number in 0..1025 {
        page.frame(&whole(1, number + 1, &format!("M{number}"), &[("0.4100", "12.00")], &[]));
    }
    // The one that was told of longest ago is gone, and nothing is guessed from its changes.
    for (ticker, quotes) in [("M0", 0), ("M1", 1), ("M1024", 1)] {
        let before = page.quotes().count();
        page.answer("markets", &one(market(ticker, "active")));
        assert_eq!(page.quotes().count() - before, quotes, "{ticker}");
    }
}
