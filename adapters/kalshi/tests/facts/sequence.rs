//! `seq`, which counts what is told of one subscription.

use crate::support::{Page, change, whole};
use antigravity_sdk::{Fate, Reason};
use serde_json::json;

fn two() -> Page {
    let mut page = Page::knowing(&["M", "N", "O"]);
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    page.frame(&whole(1, 2, "N", &[("0.2000", "1.00")], &[]));
    page.frame(&whole(7, 1, "O", &[("0.3000", "2.00")], &[]));
    page
}

const M: &str = "M yes lay 1 open 0.4100@12.00";
const N: &str = "N yes lay 1 open 0.2000@1.00";
const O: &str = "O yes lay 1 open 0.3000@2.00";

fn stale(quote: &str) -> String {
    format!("{quote}!")
}

#[test]
fn markets_of_one_subscription_share_the_count() {
    let mut page = two();
    page.frame(&change(1, 3, "N", "yes", "0.2000", "1.00"));
    page.frame(&change(1, 4, "M", "yes", "0.4100", "1.00"));
    page.frame(&change(7, 2, "O", "yes", "0.3000", "1.00"));
    assert_eq!(
        page.shown(),
        ["M yes lay 1 open 0.4100@13.00", "N yes lay 1 open 0.2000@2.00", "O yes lay 1 open 0.3000@3.00"]
    );
}

#[test]
fn a_jump_makes_all_of_the_subscription_stale_and_nothing_else() {
    let mut page = two();
    let reading = page.frame(&change(1, 4, "N", "yes", "0.2000", "1.00"));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    assert_eq!(page.shown(), [stale(M), stale(N), O.to_owned()]);
    // The count goes on from there, but no change of a book that has a hole is applied.
    page.frame(&change(1, 5, "M", "yes", "0.4100", "1.00"));
    assert_eq!(page.shown(), [stale(M), stale(N), O.to_owned()]);
    // A whole book mends its market, on this subscription or on a new one.
    page.frame(&whole(1, 6, "N", &[("0.2000", "4.00")], &[]));
    page.frame(&whole(8, 1, "M", &[("0.4100", "9.00")], &[]));
    page.frame(&change(1, 7, "N", "yes", "0.2000", "1.00"));
    page.frame(&change(8, 2, "M", "yes", "0.4100", "1.00"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4100@10.00", "N yes lay 1 open 0.2000@5.00", O]);
}

#[test]
fn repetitions_and_old_frames_change_nothing() {
    let mut page = two();
    page.frame(&change(1, 3, "N", "yes", "0.2000", "1.00"));
    let again = page.frame(&change(1, 3, "N", "yes", "0.2000", "1.00"));
    assert_eq!((again.fate, again.reason), (Fate::Ignored, Reason::Duplicate));
    let old = page.frame(&change(1, 2, "N", "yes", "0.2000", "1.00"));
    assert_eq!((old.fate, old.reason), (Fate::Ignored, Reason::StaleCursor));
    assert_eq!(page.shown(), [M, "N yes lay 1 open 0.2000@2.00", O]);
}

#[test]
fn a_count_that_begins_anew_is_a_break() {
    let mut page = two();
    page.frame(&whole(1, 1, "N", &[("0.2500", "1.00")], &[]));
    assert_eq!(page.shown(), [stale(M), "N yes lay 1 open 0.2500@1.00".to_owned(), O.to_owned()]);
    page.frame(&change(1, 2, "N", "yes", "0.2500", "1.00"));
    assert_eq!(page.shown()[1], "N yes lay 1 open 0.2500@2.00");
}

#[test]
fn a_change_without_its_book_quotes_nothing() {
    let mut page = Page::knowing(&["M"]);
    let reading = page.frame(&change(1, 42, "M", "yes", "0.4100", "5.00"));
    assert_eq!(reading.fate, Fate::Parsed);
    assert_eq!(page.shown(), Vec::<String>::new());
    // A book that comes in the middle of a count is whole.
    page.frame(&whole(1, 43, "M", &[("0.4100", "12.00")], &[]));
    assert_eq!(page.shown(), [M]);
}

#[test]
fn sockets_count_for_themselves() {
    let mut page = two();
    page.on(2, &whole(1, 1, "M", &[("0.4000", "3.00")], &[]));
    // The old socket keeps its other market; what it tells of this one is not news.
    page.on(1, &change(1, 3, "M", "yes", "0.4100", "1.00"));
    page.on(1, &change(1, 4, "N", "yes", "0.2000", "1.00"));
    page.on(2, &change(1, 2, "M", "yes", "0.4000", "1.00"));
    assert_eq!(page.shown(), ["M yes lay 1 open 0.4000@4.00", "N yes lay 1 open 0.2000@2.00", O]);
}

#[test]
fn an_ended_subscription_confirms_nothing_any_more() {
    let mut page = two();
    page.frame(&json!({"type": "unsubscribed", "id": 3, "sid": 1, "seq": 3}));
    assert_eq!(page.shown(), [stale(M), stale(N), O.to_owned()]);
    // Its number may be given again.
    page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
    assert_eq!(page.shown(), [M.to_owned(), stale(N), O.to_owned()]);
}

#[test]
fn an_answer_names_the_markets_that_are_left() {
    for (frame, left) in [
        (json!({"type": "ok", "id": 3, "sid": 1, "seq": 3, "market_tickers": ["N"]}), [false, true]),
        (json!({"type": "ok", "id": 3, "sid": 1, "seq": 3, "msg": {"market_tickers": ["M"]}}), [true, false]),
        // Without a number of its own, and without a list.
        (json!({"type": "ok", "id": 3, "sid": 1, "seq": 2}), [true, true]),
        (json!({"type": "ok", "id": 3, "sid": 1, "seq": 4, "market_tickers": ["M", "N"]}), [false, false]),
    ] {
        let mut page = two();
        page.frame(&frame);
        let expected = [(M, left[0]), (N, left[1]), (O, true)];
        let expected = expected.map(|(quote, left)| if left { quote.to_owned() } else { stale(quote) });
        assert_eq!(page.shown(), expected, "{frame}");
    }
    let mut page = two();
    page.frame(&json!({"type": "ok", "id": 3, "sid": 1, "seq": 3, "market_tickers": ["M", "N"]}));
    page.frame(&change(1, 4, "N", "yes", "0.2000", "1.00"));
    assert_eq!(page.shown(), [M, "N yes lay 1 open 0.2000@2.00", O]);
}
