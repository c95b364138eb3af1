//! The request, the cursor, and which rows a full replaces.

use crate::support::{Page, row};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn total(id: u64, price: f64) -> Value {
    row(id, &[(12, json!(2.5)), (42, json!(price)), (43, json!(-0.95))])
}

fn over(page: &Page, id: &str) -> String {
    page.event(id).first().cloned().unwrap_or_default()
}

const OVER: &str = "full-time total 2.5 over open malay";

#[test]
fn malay_odds_must_have_been_asked_for() {
    let url = "https://cg.example/Member/BetsView/BetLight/DataOdds.ashx";
    let body = json!({"t": 1, "a": true, "data": [total(7, 0.9)], "today": [], "f": []}).to_string();
    for (request, reason) in [
        ("fc=1&m_accType=HK", Reason::WrongFormat),
        ("fc=1", Reason::WrongFormat),
        ("fc=1&m_accType=MY&m_gameType=B_", Reason::WrongFormat),
        ("m_accType=MY+MR", Reason::MissingField),
        ("fc=8&m_accType=MY", Reason::BadValue),
    ] {
        let mut page = Page::default();
        let reading = page.raw(url, request, &body);
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, reason), "{request}");
        assert_eq!(page.quotes(), [""; 0]);
    }
    let mut page = Page::default();
    assert_eq!(page.raw(&format!("{url}?fc=1&m_accType=MY%20MR"), "", &body).fate, Fate::Parsed, "GET");
    assert_eq!(page.quotes().len(), 2);
}

#[test]
fn a_body_that_is_not_the_promised_one_is_refused() {
    for (body, reason) in [
        (json!({"t": 1, "data": []}), Reason::BadValue),
        (json!({"a": true, "data": []}), Reason::BadValue),
        (json!({"t": "soon", "a": true, "data": []}), Reason::BadValue),
        (json!({"t": 1, "a": true}), Reason::MissingField),
        (json!({"t": 1, "a": true, "data": {}}), Reason::BadValue),
        (json!([]), Reason::BadValue),
    ] {
        let reading = Page::default().body(1, &body);
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, reason), "{body}");
    }
}

#[test]
fn repeated_and_older_answers_are_ignored() {
    let mut page = Page::default();
    page.answer(1, 100, &[total(7, 0.9)]);
    let again = page.answer(1, 100, &[total(7, 0.8)]);
    assert_eq!((again.fate, again.reason), (Fate::Ignored, Reason::Duplicate));
    let older = page.answer(3, 99, &[json!([7, 1, 35, 0.7, 0.7])]);
    assert_eq!((older.fate, older.reason), (Fate::Ignored, Reason::StaleCursor));
    assert_eq!(over(&page, "7"), format!("{OVER} 0.9"));
    page.body(3, &json!({"t": "101", "a": true, "data": [[7, 1, 35, 0.7, 0.7]], "today": [], "f": []}));
    assert_eq!(over(&page, "7"), format!("{OVER} 0.7"), "t as a string");
    let overtaken = page.answer(2, 101, &[total(7, 0.6)]);
    assert_eq!(overtaken.reason, Reason::Duplicate, "one cursor over all fc");
}

#[test]
fn a_lost_cursor_is_told_in_the_order_of_events() {
    let mut page = Page::default();
    let rows: Vec<Value> = [800, 3, 77, 12, 5000, 41, 9, 650].map(|id| total(id, 0.9)).to_vec();
    page.answer(1, 100, &rows);
    let lost = page.body(3, &json!({"t": 105, "a": false, "data": [], "today": [], "f": []}));
    let events = [3, 9, 12, 41, 77, 650, 800, 5000];
    assert_eq!(lost.rows, events.map(|id| format!("gap {id}")));
}

#[test]
fn after_a_lost_cursor_quotes_are_stale_until_the_next_full() {
    let mut page = Page::default();
    page.answer(1, 100, &[total(7, 0.9), total(8, 0.9)]);
    let lost = page.body(3, &json!({"t": 105, "a": false, "data": [], "today": [], "f": []}));
    assert_eq!(lost.fate, Fate::Parsed);
    assert_eq!(over(&page, "7"), format!("{OVER} 0.9 stale"));
    page.answer(3, 106, &[json!([7, 1, 35, 0.7, 0.7])]);
    assert_eq!(over(&page, "7"), format!("{OVER} 0.7 stale"), "a delta does not mend it");
    page.answer(2, 50, &[total(7, 0.6)]);
    assert_eq!(over(&page, "7"), format!("{OVER} 0.6"), "a full does, and begins a new count");
    assert_eq!(over(&page, "8"), format!("{OVER} 0.9 stale"), "of what it names");
    page.answer(3, 51, &[json!([7, 1, 35, 0.5, 0.5])]);
    assert_eq!(over(&page, "7"), format!("{OVER} 0.5"));
    assert_eq!(page.answer(1, 51, &[]).fate, Fate::Ignored, "the exception is used up");
}

#[test]
fn another_host_begins_a_new_count_with_its_first_full() {
    let other = "https://p12.example/Member/BetsView/BetLight/DataOdds.ashx";
    let body = |t: i64, data: Value| json!({"t": t, "a": true, "data": [data], "today": []}).to_string();
    let mut page = Page::default();
    page.answer(1, 100, &[total(7, 0.9)]);
    let delta = page.raw(other, "fc=3&m_accType=MY", &body(20, json!([7, 1, 35, 0.1, 0.1])));
    assert_eq!(delta.reason, Reason::StaleCursor);
    assert_eq!(page.raw(other, "fc=1&m_accType=MY", &body(21, total(7, 0.6))).fate, Fate::Parsed);
    page.raw(other, "fc=3&m_accType=MY", &body(22, json!([7, 1, 35, 0.5, 0.5])));
    assert_eq!(over(&page, "7"), format!("{OVER} 0.5"));
    assert_eq!(page.raw(other, "fc=1&m_accType=MY", &body(22, total(7, 0.4))).reason, Reason::Duplicate);
}

#[test]
fn fc_1_replaces_running_and_todays_events_and_no_others() {
    let mut page = Page::default();
    page.answer(1, 1, &[total(7, 0.9), total(8, 0.9)]);
    let mut live = total(9, 0.9);
    live[25] = json!(1);
    page.answer(2, 2, &[live, total(10, 0.9)]);
    page.body(4, &json!({"t": 3, "a": true, "data": [], "today": [total(11, 0.9)], "f": []}));
    let events = |page: &Page| ["7", "8", "9", "10", "11"].map(|id| page.event(id).len());
    assert_eq!(events(&page), [2; 5], "other fulls remove nothing");
    let reading = page.body(1, &json!({"t": 4, "a": true, "data": [], "today": [total(8, 0.8)], "f": []}));
    assert_eq!(events(&page), [0, 2, 0, 2, 0]);
    assert!(!reading.snapshot_complete, "event 10 is from before");
    let mut page = Page::default();
    assert!(page.answer(1, 1, &[total(7, 0.9)]).snapshot_complete);
    assert!(!page.answer(2, 2, &[total(7, 0.9)]).snapshot_complete);
}

#[test]
fn a_full_names_all_of_an_event() {
    let mut page = Page::default();
    page.answer(1, 1, &[row(7, &[(12, json!(2.5)), (42, json!(0.9)), (48, json!(0.9)), (49, json!(0.9))])]);
    assert_eq!(page.quotes().len(), 4);
    page.answer(2, 2, &[row(7, &[(12, json!(3)), (42, json!(0.9)), (43, json!(0.9))])]);
    assert_eq!(
        page.quotes(),
        ["full-time total 3 over open malay 0.9", "full-time total 3 under open malay 0.9"]
    );
}

#[test]
fn a_restarted_instance_clears_what_its_predecessor_left() {
    let first = Page::default().answer(1, 1, &[total(7, 0.9)]);
    assert_eq!(first.rows[0], "remove-all");
}

#[test]
fn a_log_out_is_seen() {
    let mut page = Page::default();
    let out = page.login(&json!({"D": {"Au": 0}}));
    assert_eq!((out.fate, out.reason), (Fate::Rejected, Reason::LoggedOut));
    let noise = page.login(&json!({"D": {"Au": 1, "Sports": []}}));
    assert_eq!((noise.fate, noise.reason), (Fate::Ignored, Reason::Noise));
}
