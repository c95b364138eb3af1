//! Which answers replace what.

use crate::support::{Page, event, lined, market, runner, total};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

const OF_EVENT: &str = "https://exchange.example/edge/rest/events/500/markets?per-page=500";

fn alba(markets: &[Value]) -> Value {
    event(500, "Alba vs Corvo", markets)
}

/// Market ids, `!` behind those that are stale.
fn standing(page: &Page) -> Vec<String> {
    let mut ids: Vec<String> = page
        .each()
        .iter()
        .map(|quote| {
            format!(
                "{}{}{}",
                quote.market_id,
                if quote.stale { "!" } else { "" },
                match quote.status.to_string().as_str() {
                    "suspended" => " suspended",
                    _ => "",
                }
            )
        })
        .collect();
    ids.dedup();
    ids
}

#[test]
fn an_answer_replaces_a_market_and_a_line_that_moves_is_another_line() {
    let mut page = Page::default();
    assert!(page.list(&[alba(&[total(20, 2.5)])]).snapshot_complete);
    let mut moved = total(20, 2.75);
    moved["runners"][1]["prices"] = json!([]);
    let reading = page.list(&[alba(&[moved])]);
    assert_eq!((reading.fate, reading.snapshot_complete), (Fate::Parsed, true));
    assert_eq!(page.quotes(), ["20 total full-time 2.75 over back 1 open decimal 1.95 20.0"]);
}

#[test]
fn what_the_same_request_does_not_name_again_is_gone() {
    let mut page = Page::default();
    let other = event(501, "Dorado vs Estrela", &[]);
    page.list(&[alba(&[total(20, 2.5), total(30, 3.5)]), other.clone()]);
    page.list(&[alba(&[total(30, 3.5)]), other.clone()]);
    assert_eq!(standing(&page), ["30"]);
    page.list(&[other]);
    assert_eq!(standing(&page), Vec::<String>::new());
}

#[test]
fn a_page_of_a_longer_list_removes_no_event() {
    let mut page = Page::default();
    let first = json!({"total": 2, "offset": 0, "per-page": 1, "events": [alba(&[total(20, 2.5)])]});
    let url = "https://exchange.example/edge/rest/events?per-page=1";
    page.answer("events", url, &first);
    let second =
        json!({"total": 2, "offset": 0, "per-page": 1, "events": [event(501, "Dorado vs Estrela", &[])]});
    let reading = page.answer("events", url, &second);
    assert!(!reading.snapshot_complete);
    assert_eq!(standing(&page), ["20"]);
}

#[test]
fn what_another_request_named_since_stays() {
    let mut page = Page::default();
    page.list(&[alba(&[total(20, 2.5), total(30, 3.5)])]);
    page.answer("markets", OF_EVENT, &json!({"total": 1, "offset": 0, "markets": [total(30, 3.5)]}));
    page.list(&[alba(&[])]);
    assert_eq!(standing(&page), ["30"]);
    page.answer("markets", OF_EVENT, &json!({"total": 1, "offset": 0, "markets": [total(40, 4.5)]}));
    assert_eq!(standing(&page), ["40"]);
    let elsewhere = OF_EVENT.replace("exchange.example", "other.example");
    page.answer("markets", &elsewhere, &json!({"total": 1, "offset": 0, "markets": [total(50, 5.5)]}));
    assert_eq!(standing(&page), ["50"], "the host says nothing");
}

#[test]
fn one_market_and_one_event_come_wrapped_or_bare() {
    for wrapped in [false, true] {
        let mut page = Page::default();
        let (event, market) = (alba(&[]), total(20, 2.5));
        let body = |name: &str, value: Value| if wrapped { json!({name: value}) } else { value };
        page.answer("event", "https://exchange.example/edge/rest/events/500", &body("event", event));
        let url = "https://exchange.example/edge/rest/events/500/markets/20";
        assert_eq!(page.answer("market", url, &body("market", market)).fate, Fate::Parsed);
        assert_eq!(standing(&page), ["20"]);
    }
}

#[test]
fn a_market_of_an_event_that_nothing_told_of_is_not_quoted() {
    let mut page = Page::default();
    let reading =
        page.answer("markets", OF_EVENT, &json!({"total": 1, "offset": 0, "markets": [total(20, 2.5)]}));
    assert_eq!((reading.fate, reading.rows.len()), (Fate::Parsed, 0));
}

#[test]
fn suspended_keeps_its_prices_and_closed_is_removed() {
    for (of, status, expected) in [
        ("market", "suspended", vec!["20 suspended"]),
        ("market", "graded", vec![]),
        ("event", "suspended", vec!["20 suspended"]),
        ("event", "closed", vec![]),
    ] {
        let mut page = Page::default();
        page.list(&[alba(&[total(20, 2.5)])]);
        let mut next = alba(&[total(20, 2.5)]);
        *(if of == "event" { &mut next["status"] } else { &mut next["markets"][0]["status"] }) =
            json!(status);
        assert_eq!(page.list(&[next]).fate, Fate::Parsed);
        assert_eq!(standing(&page), expected, "{of} {status}");
    }
}

#[test]
fn a_runner_is_suspended_or_withdrawn_by_itself() {
    let mut page = Page::default();
    let runners = |first: &Value, second: &Value| {
        let mut runners = [runner(11, "1-0", &[(9.5, 2.0)], &[]), runner(12, "2-0", &[(8.5, 3.0)], &[])];
        runners[0]["status"] = first.clone();
        runners[1]["withdrawn"] = second.clone();
        alba(&[market(1, "correct_score", "Correct Score", &runners)])
    };
    page.list(&[runners(&json!("suspended"), &json!(true))]);
    assert_eq!(page.quotes(), ["1 other:correct_score match - 11 runner back 1 suspended decimal 9.5 2.0"]);
    page.list(&[runners(&json!("open"), &json!(false))]);
    assert_eq!(page.quotes().len(), 2);
}

#[test]
fn an_event_without_its_markets_says_what_it_can() {
    let mut told = alba(&[]);
    told.as_object_mut().unwrap().remove("markets");
    for (status, expected) in [("open", vec!["20"]), ("suspended", vec!["20!"]), ("closed", vec![])] {
        let mut page = Page::default();
        page.list(&[alba(&[total(20, 2.5)])]);
        told["status"] = json!(status);
        page.answer("event", "https://exchange.example/edge/rest/events/500", &told);
        assert_eq!(standing(&page), expected, "{status}");
    }
}

#[test]
fn an_unreadable_market_makes_what_stands_of_it_stale() {
    let mut page = Page::default();
    page.list(&[alba(&[total(20, 2.5), total(30, 3.5)])]);
    let mut broken = total(20, 2.5);
    broken["runners"][0]["prices"][0]["odds"] = json!("?");
    let reading = page.list(&[alba(&[broken, total(30, 3.5)])]);
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 1, false));
    assert_eq!(standing(&page), ["20!", "30"]);
    page.list(&[alba(&[total(20, 2.5), total(30, 3.5)])]);
    assert_eq!(standing(&page), ["20", "30"]);
}

#[test]
fn a_row_that_names_nothing_removes_nothing() {
    let mut page = Page::default();
    page.list(&[alba(&[total(20, 2.5), total(30, 3.5)])]);
    let mut nameless = total(20, 2.5);
    nameless.as_object_mut().unwrap().remove("id");
    let reading = page.list(&[alba(&[nameless, total(30, 3.5)])]);
    assert_eq!((reading.bad_rows, reading.detail.as_str()), (1, "a market without `id`"));
    assert_eq!(standing(&page), ["20", "30"]);
}

#[test]
fn answers_without_prices_change_no_price() {
    let mut page = Page::default();
    page.list(&[alba(&[total(20, 2.5)])]);
    let mut bare = total(20, 2.5);
    for runner in bare["runners"].as_array_mut().unwrap() {
        runner.as_object_mut().unwrap().remove("prices");
    }
    assert_eq!(page.list(&[alba(&[bare.clone()])]).bad_rows, 0);
    bare.as_object_mut().unwrap().remove("runners");
    page.list(&[alba(&[bare])]);
    assert_eq!(standing(&page), ["20"]);
}

#[test]
fn a_part_of_each_book_is_no_book() {
    let mut page = Page::default();
    page.list(&[alba(&[total(20, 2.5)])]);
    let body = json!({"total": 1, "offset": 0, "events": [alba(&[])]});
    for filter in ["side=back", "minimum-liquidity=10"] {
        let url = format!("https://exchange.example/edge/rest/events?{filter}");
        let reading = page.answer("events", &url, &body);
        assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::Noise));
    }
    assert_eq!(standing(&page), ["20"]);
}

#[test]
fn a_whole_answer_in_another_format_is_refused() {
    let mut page = Page::default();
    let mut american = total(20, 2.5);
    for runner in american["runners"].as_array_mut().unwrap() {
        (runner["prices"][0]["odds"], runner["prices"][0]["odds-type"]) = (json!(-105), json!("US"));
    }
    let reading = page.answer("markets", OF_EVENT, &json!({"markets": [american]}));
    assert_eq!(reading.fate, Fate::Parsed, "nothing is known of the event");
    page.list(&[alba(&[total(20, 2.5)])]);
    let mut american = total(20, 2.5);
    american["runners"][0]["prices"][0]["odds-type"] = json!("US");
    let reading = page.answer("markets", OF_EVENT, &json!({"markets": [american]}));
    assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::WrongFormat));
}

#[test]
fn what_nobody_looks_at_any_more_is_removed_after_ten_minutes() {
    let mut page = Page::default();
    page.list(&[alba(&[total(20, 2.5)])]);
    let dorado = event(501, "Dorado vs Estrela", &[]);
    let url = "https://exchange.example/edge/rest/events/501";
    page.now = 600;
    assert!(!page.answer("event", url, &dorado).snapshot_complete);
    assert_eq!(page.each().len(), 2);
    page.now = 601;
    assert!(page.answer("event", url, &dorado).snapshot_complete);
    assert_eq!(page.each().len(), 0);
}

#[test]
fn the_currency_is_that_of_the_prices() {
    let mut page = Page::default();
    let mut stated = total(20, 2.5);
    page.list(&[alba(&[stated.clone()])]);
    for runner in stated["runners"].as_array_mut().unwrap() {
        runner["prices"][0]["currency"] = json!("GBP");
    }
    let reading = page.list(&[alba(&[stated])]);
    assert_eq!(reading.rows.iter().filter(|row| row.starts_with("line 0")).count(), 1, "said again, once");
    assert_eq!(page.each().len(), 2);
}

#[test]
fn a_handicap_and_its_first_half_are_two_markets() {
    let mut page = Page::default();
    let half = [lined(41, "Alba -0.25 1H", -0.25), lined(42, "Corvo +0.25 1H", 0.25)];
    page.list(&[alba(&[market(40, "handicap", "Handicap", &half)])]);
    assert_eq!(page.quotes()[1], "40 asian-handicap first-half -0.25 away back 1 open decimal 1.95 20.0");
}
