//! Full rows: every fact about their positions.

use crate::support::{Page, row};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn full(positions: &[(usize, Value)]) -> Page {
    let mut page = Page::default();
    let reading = page.answer(1, 1, &[row(7, positions)]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    page
}

#[test]
fn every_market_stands_where_it_should() {
    let page = full(&[
        (10, json!(0.5)),
        (40, json!(0.96)),
        (41, json!(-0.92)),
        (12, json!("2.75")),
        (42, json!(0.9)),
        (43, json!("0.80")),
        (14, json!(0.25)),
        (44, json!(0.74)),
        (45, json!(-0.86)),
        (16, json!(1.25)),
        (46, json!(-0.97)),
        (47, json!(0.83)),
        (17, json!(2.1)),
        (18, json!(3.6)),
        (19, json!(3.25)),
        (20, json!(2.7)),
        (21, json!(4.2)),
        (22, json!(2.05)),
        (48, json!(0.95)),
        (49, json!(0.89)),
    ]);
    assert_eq!(
        page.quotes(),
        [
            "first-half asian-handicap -0.25 home open malay 0.74",
            "first-half asian-handicap -0.25 away open malay -0.86",
            "full-time asian-handicap -0.5 home open malay 0.96",
            "full-time asian-handicap -0.5 away open malay -0.92",
            "first-half match-result - home open decimal 2.7",
            "first-half match-result - draw open decimal 2.05",
            "first-half match-result - away open decimal 4.2",
            "full-time match-result - home open decimal 2.1",
            "full-time match-result - draw open decimal 3.25",
            "full-time match-result - away open decimal 3.6",
            "full-time odd-even - odd open malay 0.95",
            "full-time odd-even - even open malay 0.89",
            "first-half total 1.25 over open malay -0.97",
            "first-half total 1.25 under open malay 0.83",
            "full-time total 2.75 over open malay 0.9",
            "full-time total 2.75 under open malay 0.80",
        ]
    );
}

#[test]
fn who_gives_is_said_apart_from_the_line() {
    let line = |gives: Value, size: f64| {
        full(&[(24, gives), (10, json!(size)), (40, json!(0.9)), (41, json!(0.9))]).quotes()[0].clone()
    };
    assert_eq!(line(json!(1), 0.75), "full-time asian-handicap -0.75 home open malay 0.9");
    assert_eq!(line(json!(0), 0.75), "full-time asian-handicap 0.75 home open malay 0.9");
    assert_eq!(line(json!(1), 0.0), "full-time asian-handicap 0 home open malay 0.9");
}

#[test]
fn a_line_without_a_giver_costs_only_its_market() {
    let mut page = Page::default();
    let positions = [(24, json!(null)), (10, json!(0.5)), (40, json!(0.9)), (41, json!(0.9))];
    let total = [(12, json!(2.5)), (42, json!(0.9)), (43, json!(0.9))];
    let reading = page.answer(1, 1, &[row(7, &[positions.as_slice(), &total].concat())]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
    assert!(page.quotes().iter().all(|quote| quote.starts_with("full-time total 2.5")));
    assert_eq!(page.quotes().len(), 2);
}

#[test]
fn what_is_no_price_suspends() {
    for none in [json!(-999), json!(0), json!(null), json!("-999")] {
        let page =
            full(&[(14, json!(0.25)), (44, none.clone()), (45, none), (12, json!(2.5)), (42, json!(0.9))]);
        assert_eq!(
            page.quotes(),
            [
                "first-half asian-handicap -0.25 home suspended -",
                "first-half asian-handicap -0.25 away suspended -",
                "full-time total 2.5 over open malay 0.9",
                "full-time total 2.5 under suspended -",
            ]
        );
    }
    let closed = full(&[(17, json!(-999)), (18, json!(-999)), (19, json!(-999))]);
    assert_eq!(closed.quotes().len(), 3, "a match result that is closed is shown");
    let none = full(&[(17, json!(0)), (18, json!(0)), (19, json!(0)), (10, json!(-999)), (12, json!(0))]);
    assert_eq!(none.quotes(), [""; 0], "nothing is shown that is not there");
}

#[test]
fn an_unreadable_price_costs_only_itself() {
    let mut page = Page::default();
    let reading = page.answer(1, 1, &[row(7, &[(12, json!(2.5)), (42, json!("soon")), (43, json!(0.9))])]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
    assert_eq!(
        page.quotes(),
        ["full-time total 2.5 over suspended -", "full-time total 2.5 under open malay 0.9"]
    );
}

#[test]
fn a_hidden_match_result_is_not_offered() {
    let prices = [(17, json!(2.1)), (18, json!(3.6)), (19, json!(3.25)), (20, json!(2.7))];
    assert_eq!(full(&prices).quotes().len(), 6);
    let hidden = full(&[prices.as_slice(), &[(55, json!(1))]].concat());
    assert_eq!(hidden.quotes(), [""; 0]);
}

fn event(positions: &[(usize, Value)]) -> String {
    let reading = Page::default().answer(1, 1, &[row(7, positions)]);
    reading.rows.iter().find(|row| row.starts_with("event")).unwrap().clone()
}

const KICK_OFF: i64 = 1_788_863_400; // 2026-09-08T10:30:00Z, 18:30 in GMT+8

#[test]
fn a_kick_off_is_in_gmt8_and_in_the_nearest_year() {
    assert!(event(&[]).contains(&format!("score=- start={KICK_OFF}000000000 in_play=false")));
    let new_year = event(&[(56, json!("01/01")), (53, json!("02:00"))]);
    assert!(new_year.contains("start=1798740000000000000"), "2026-12-31T18:00:00Z: {new_year}");
    assert!(event(&[(53, json!("TBD"))]).contains("start=- "));
}

#[test]
fn a_running_event_has_a_score_and_no_kick_off_of_its_own() {
    let live = [(25, json!(1)), (53, json!("1H 4")), (7, json!(1)), (8, json!(0))];
    assert!(event(&live).contains("score=1-0 start=- in_play=true"));
    assert!(event(&[(7, json!(1)), (8, json!(0))]).contains("score=-"), "not before kick-off");

    let mut page = Page::default();
    page.answer(1, 1, &[row(7, &[])]);
    let reading = page.answer(1, 2, &[row(7, &live)]);
    let running = reading.rows.iter().find(|row| row.starts_with("event")).unwrap();
    assert!(
        running.contains(&format!("score=1-0 start={KICK_OFF}000000000 in_play=true")),
        "once seen: {running}"
    );
    assert!(!reading.snapshot_complete, "the kick-off is not in this packet");
}

#[test]
fn metadata_among_the_rows_is_skipped() {
    let metadata: Vec<Value> = (0..64).flat_map(|i| [json!(i), json!(format!("League {i}"))]).collect();
    let mut page = Page::default();
    let reading = page.answer(1, 1, &[json!(metadata), row(7, &[(12, json!(2.5)), (42, json!(0.9))])]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    assert_eq!(page.quotes().len(), 2);
}

#[test]
fn a_bad_row_costs_no_good_row_and_leaves_its_event_stale() {
    let good = |id| row(id, &[(12, json!(2.5)), (42, json!(0.9)), (43, json!(0.9))]);
    let mut page = Page::default();
    page.answer(1, 1, &[good(7), good(8)]);
    let mut short = good(7);
    short.as_array_mut().unwrap().pop();
    let reading = page.answer(1, 2, &[short.clone(), good(8), json!("row"), row(9, &[(25, json!("?"))])]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 3));
    assert_eq!(
        page.event("7"),
        ["full-time total 2.5 over open malay 0.9 stale", "full-time total 2.5 under open malay 0.9 stale"]
    );
    assert_eq!(page.event("8")[0], "full-time total 2.5 over open malay 0.9");
    assert!(!reading.snapshot_complete);

    let reading = page.answer(1, 3, &[short]);
    assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::BadValue), "no good row at all");
    assert_eq!(page.answer(1, 3, &[good(7)]).fate, Fate::Parsed, "a refused answer leaves the cursor");
}
