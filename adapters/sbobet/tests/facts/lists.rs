//! Which answers replace what.

use crate::support::{Page, event, total};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn totals(id: u64, markets: &[(u64, &str)]) -> Value {
    let texts: Vec<_> = markets.iter().map(|(market, line)| total(*market, line)).collect();
    event(id, &json!({"3": texts}))
}

#[test]
fn a_row_is_the_whole_of_its_event() {
    let mut page = Page::default();
    assert!(page.list("early", &[totals(7, &[(901, "2.5"), (902, "2.75")])]).snapshot_complete);
    page.list("early", &[totals(7, &[(902, "2.75"), (903, "3.0")])]);
    assert_eq!(page.markets(), ["902", "903"]);
    let mut without = totals(7, &[]);
    without["7"] = json!({});
    page.list("early", &[without]);
    assert_eq!(page.markets(), Vec::<String>::new());
}

#[test]
fn a_line_that_moves_within_a_market_is_another_line() {
    let mut page = Page::default();
    page.list("early", &[totals(7, &[(901, "2.5")])]);
    let reading = page.list("early", &[totals(7, &[(901, "2.75")])]);
    assert!(reading.rows.contains(&"remove-line 0".to_owned()), "{:?}", reading.rows);
    assert_eq!(page.quotes()[0], "901 total full-time 2.75 over back 1 open malay 0.9 -");
    assert_eq!(page.quotes().len(), 2);
}

#[test]
fn a_list_removes_its_own_events_only() {
    let mut page = Page::default();
    page.list("early", &[totals(7, &[(901, "2.5")]), totals(8, &[(902, "2.5")])]);
    let live = page.list("live", &[totals(9, &[(903, "2.5")])]);
    assert!(!live.snapshot_complete, "the early events are not in it");
    page.list("early", &[totals(8, &[(902, "2.5")])]);
    assert_eq!(page.markets(), ["902", "903"]);
    assert_eq!(
        page.body("sportId=1&sportType=1_1&oddsStyle=ma&timeRange=live", &json!([])).fate,
        Fate::Parsed
    );
    assert_eq!(page.markets(), ["902"]);
}

#[test]
fn an_event_belongs_to_the_list_that_named_it_last() {
    let mut page = Page::default();
    page.list("today", &[totals(7, &[(901, "2.5")])]);
    let reading = page.list("live", &[totals(7, &[(901, "2.5")])]);
    assert!(reading.snapshot_complete);
    assert!(reading.rows.iter().any(|row| row.starts_with("event 0 id=7") && row.ends_with("in_play=true")));
    page.list("today", &[]);
    assert_eq!(page.markets(), ["901"]);
}

#[test]
fn a_request_with_other_fields_removes_nothing() {
    let mut page = Page::default();
    page.list("early", &[totals(7, &[(901, "2.5")])]);
    let body = json!([[{"0": 1, "1": "L", "2": [totals(8, &[(902, "2.5")])]}]]);
    page.body("sportId=1&sportType=1_1&oddsStyle=ma&timeRange=early&leagueId=1", &body);
    assert_eq!(page.markets(), ["901", "902"]);
}

#[test]
fn what_cannot_be_read_of_an_event_makes_it_stale_until_it_can() {
    let mut page = Page::default();
    page.list("early", &[totals(7, &[(901, "2.5")]), totals(8, &[(902, "2.5")])]);
    let broken = event(7, &json!({"3": [total(901, "2.5"), 12]}));
    let reading = page.list("early", &[broken, totals(8, &[(902, "2.5")])]);
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 1, false));
    assert_eq!(page.markets(), ["901!", "902"]);
    let reading = page.list("early", &[event(7, &json!(null)), totals(8, &[(902, "2.5")])]);
    assert_eq!(reading.detail, "an event without its markets");
    assert_eq!(page.markets(), ["901!", "902"]);
    page.list("early", &[totals(7, &[(901, "2.5")]), totals(8, &[(902, "2.5")])]);
    assert_eq!(page.markets(), ["901", "902"]);
}

#[test]
fn a_row_without_an_id_removes_no_event() {
    let mut page = Page::default();
    page.list("early", &[totals(7, &[(901, "2.5")]), totals(8, &[(902, "2.5")])]);
    let mut nameless = totals(7, &[(901, "2.5")]);
    nameless["8"] = json!("seven");
    page.list("early", &[nameless, totals(8, &[(902, "2.5")])]);
    assert_eq!(page.markets(), ["901", "902"]);
}

#[test]
fn an_event_or_a_market_twice_is_one_too_many() {
    let mut page = Page::default();
    let reading = page.list("early", &[totals(7, &[(901, "2.5")]), totals(7, &[(902, "2.5")])]);
    assert_eq!(reading.detail, "an event that stands twice in a list");
    assert_eq!(page.markets(), ["901!"]);
    let reading = page.list("early", &[totals(7, &[(901, "2.5"), (901, "2.75")])]);
    assert_eq!(reading.detail, "a market that stands twice");
    assert_eq!(page.markets(), ["901!"]);
}

#[test]
fn a_list_of_which_nothing_can_be_read_is_refused_and_changes_nothing() {
    let mut page = Page::default();
    page.list("early", &[totals(7, &[(901, "2.5")])]);
    let reading = page.list("early", &[event(7, &json!(1)), json!({})]);
    assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::BadValue));
    assert_eq!(page.markets(), ["901"]);
}

#[test]
fn only_malay_lists_of_soccer_are_read() {
    let mut page = Page::default();
    let body = json!([[{"0": 1, "1": "L", "2": [totals(8, &[(902, "2.5")])]}]]);
    for style in ["oddsStyle=hk", "oddsStyle=", "x=1"] {
        let reading = page.body(&format!("sportId=1&sportType=1_1&{style}&timeRange=early"), &body);
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::WrongFormat), "{style}");
    }
    for other in ["sportId=2&sportType=2_1", "sportId=1&sportType=1_2", "sportType=1_1"] {
        let reading = page.body(&format!("{other}&oddsStyle=ma&timeRange=early"), &body);
        assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::Noise), "{other}");
    }
    assert_eq!(page.markets(), Vec::<String>::new());
}
