//! Frames: fulls, increments and their parts.

use crate::support::{Page, full, increment, patch, row, total};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn over(page: &Page, id: &str) -> String {
    let wanted = format!("{id} full-time total ");
    let found = page.quotes().into_iter().find(|quote| quote.starts_with(&wanted));
    found.map_or(String::new(), |quote| quote[wanted.len()..].to_owned())
}

/// The host believes nothing of a socket of which a frame could not be read.
fn stale(quotes: &[String]) -> Vec<String> {
    quotes.iter().map(|quote| format!("{quote} stale")).collect()
}

#[test]
fn both_shapes_of_leagues_are_read() {
    let flat = json!([500, "Test League", 0, 400, [total(7, 11)]]);
    let nested = json!([
        [501, "Other League", 0, 400],
        [row(8, &[(61, json!(501)), (23, json!(2)), (26, json!(12))])]
    ]);
    let mut page = Page::default();
    let reading = page.frame(&json!([[1, "S1", "r"], [], [], [flat, nested, [502, "No rows"], []]]));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 2));
    assert_eq!(page.ids(), ["7", "8"]);
    let added = json!([[503, "Third", 1], [row(9, &[(61, json!(503)), (23, json!(2)), (26, json!(12))])]]);
    page.frame(&increment("r", json!([]), json!([added]), json!([]), json!([])));
    assert_eq!(page.ids(), ["7", "8", "9"], "an increment adds with the same shapes");
}

#[test]
fn a_full_replaces_its_own_list_only() {
    let mut page = Page::default();
    page.frame(&full("r", &[total(1, 11), total(2, 11)]));
    page.frame(&full("t", &[total(3, 11)]));
    let reading = page.frame(&full("e", &[total(4, 11)]));
    assert!(!reading.snapshot_complete, "other lists are from before");
    assert_eq!(page.ids(), ["1", "2", "3", "4"]);
    page.frame(&full("r", &[total(2, 12)]));
    assert_eq!(page.ids(), ["2", "3", "4"]);
    page.frame(&json!([[1, "S9", "t"], [], [], []]));
    assert_eq!(page.ids(), ["2", "4"]);
    page.frame(&patch("t", 3, json!([26]), json!([14])));
    assert_eq!(page.ids(), ["2", "4"], "a row that is gone cannot be patched");
}

#[test]
fn a_full_alone_is_enough_to_begin_with() {
    let mut page = Page::default();
    assert!(page.frame(&full("r", &[total(1, 11)])).snapshot_complete);
    assert!(!page.frame(&patch("r", 1, json!([26]), json!([12]))).snapshot_complete);
    assert!(page.frame(&full("r", &[total(1, 11)])).snapshot_complete);
}

#[test]
fn deletes_adds_rows_and_patches_come_in_this_order() {
    let mut page = Page::default();
    page.frame(&full("r", &[total(1, 11), total(2, 11)]));
    let reading = page.frame(&increment(
        "r",
        json!([1, 99]),
        json!([[500, "Test League", 0, 400, [total(1, 12)]]]),
        json!([total(1, 13), total(2, 13)]),
        json!([[1, [26], [14]]]),
    ));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    assert_eq!(over(&page, "1"), "2.5 over open indonesian 1.4");
    assert_eq!(over(&page, "2"), "2.5 over open indonesian 1.3");
    page.frame(&increment("r", json!([2]), json!([]), json!([]), json!([])));
    assert_eq!(page.ids(), ["1"]);
}

#[test]
fn patches_change_what_they_name() {
    let mut page = Page::default();
    page.frame(&full(
        "r",
        &[row(
            1,
            &[(22, json!(0.5)), (24, json!(-11.7)), (25, json!(10.8)), (23, json!(2.5)), (26, json!(11))],
        )],
    ));
    let reading = page.frame(&patch("r", 1, json!([24, 25, 7]), json!([-11.9, 10.7, 33])));
    assert_eq!(
        reading.rows,
        [
            "price line=0 home back 1 open indonesian -1.19 size=-",
            "price line=0 away back 1 open indonesian 1.07 size=-"
        ]
    );
    page.frame(&patch("r", 1, json!([9]), json!([0])));
    assert_eq!(
        page.quotes()[0],
        "1 full-time asian-handicap 0.5 home open indonesian -1.19",
        "another giver: another line"
    );
    assert_eq!(page.quotes().len(), 4);
    page.frame(&patch("r", 1, json!([23]), json!([2.75])));
    assert_eq!(over(&page, "1"), "2.75 over open indonesian 1.1");
    let unknown = page.frame(&patch("r", 99, json!([24]), json!([11])));
    assert_eq!((unknown.fate, unknown.rows.len(), unknown.bad_rows), (Fate::Parsed, 0, 0));
}

#[test]
fn a_patch_out_of_shape_changes_nothing() {
    for bad in [
        json!([1, [24, 25], [11]]),
        json!([1, [64], [11]]),
        json!([1, [61], [501]]),
        json!([1, ["x"], [11]]),
        json!([1, 24, 11]),
        json!(["x", [24], [11]]),
        json!(1),
    ] {
        let mut page = Page::default();
        page.frame(&full("r", &[total(1, 11)]));
        let before = page.quotes();
        let reading = page.frame(&increment("r", json!([]), json!([]), json!([]), json!([bad.clone()])));
        assert_eq!((reading.bad_rows, page.quotes()), (1, stale(&before)), "{bad}");
    }
}

#[test]
fn a_row_that_begins_to_run_changes_its_list() {
    let mut page = Page::default();
    page.frame(&full("t", &[total(1, 11), total(2, 11)]));
    let added = increment(
        "r",
        json!([]),
        json!([[500, "Test League", 0, 400, [total(1, 12)]]]),
        json!([]),
        json!([]),
    );
    let reading = page.frame(&added);
    assert!(!reading.rows.iter().any(|row| row.starts_with("remove")), "its line stands: {:?}", reading.rows);
    page.frame(&increment("t", json!([1]), json!([]), json!([]), json!([[1, [26], [19]]])));
    assert_eq!(over(&page, "1"), "2.5 over open indonesian 1.2", "the old list cannot reach it");
    page.frame(&full("t", &[total(2, 11)]));
    assert_eq!(page.ids(), ["1", "2"]);
    let moved = row(2, &[(23, json!(3)), (26, json!(11)), (27, json!(-11))]);
    page.frame(&increment("r", json!([]), json!([]), json!([moved]), json!([])));
    assert_eq!(
        page.quotes().iter().filter(|quote| quote.starts_with("2 ")).count(),
        2,
        "the old line is gone"
    );
}

#[test]
fn an_odds_id_of_another_event_begins_anew() {
    let mut page = Page::default();
    page.frame(&full("r", &[total(1, 11)]));
    let other =
        row(1, &[(11, json!(8)), (62, json!(8)), (23, json!(2.5)), (26, json!(12)), (27, json!(-12))]);
    page.frame(&increment("r", json!([]), json!([]), json!([other]), json!([])));
    assert_eq!(
        page.quotes(),
        [
            "1 full-time total 2.5 over open indonesian 1.2",
            "1 full-time total 2.5 under open indonesian -1.2"
        ]
    );
}

#[test]
fn an_increment_in_another_format_waits_for_a_full() {
    let mut page = Page::default();
    page.frame(&full("r", &[total(1, 11)]));
    let reading = page.raw("accType=MY&ot=r", &patch("r", 1, json!([26]), json!([9.1])).to_string());
    assert_eq!(reading.fate, Fate::Parsed);
    assert_eq!(over(&page, "1"), "2.5 over open indonesian 1.1 stale");
    let malay = full("r", &[row(1, &[(23, json!(2.5)), (26, json!(9.1)), (27, json!(9.2))])]);
    page.raw("accType=MY&ot=r", &malay.to_string());
    assert_eq!(over(&page, "1"), "2.5 over open malay 0.91");
    page.raw("accType=MY&ot=r", &patch("r", 1, json!([26]), json!([9])).to_string());
    assert_eq!(over(&page, "1"), "2.5 over open malay 0.9");
}

#[test]
fn a_full_without_a_readable_row_changes_nothing() {
    let mut page = Page::default();
    page.frame(&full("r", &[total(1, 11)]));
    let before = page.quotes();
    let reading = page.frame(&full("r", &[json!([1, 2, 3])]));
    assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::BadValue));
    assert_eq!(page.quotes(), stale(&before));
    page.frame(&patch("r", 1, json!([26]), json!([12])));
    assert_eq!(over(&page, "1"), "2.5 over open indonesian 1.2 stale");
}

#[test]
fn frames_out_of_shape_are_refused() {
    let reasons = |body: &str| {
        let reading = Page::default().raw("accType=ID", body);
        (reading.fate, reading.reason)
    };
    for (body, reason) in [
        ("[]", Reason::MissingField),
        (r#"[["x","S1","r"],[],[],[]]"#, Reason::BadValue),
        (r#"[[1,"S1","q"],[],[],[]]"#, Reason::BadValue),
        (r#"[[1,"S1"],[],[],[]]"#, Reason::BadValue),
        (r#"[[1,"S1","r"],[],[]]"#, Reason::MissingField),
        (r#"[[0,"S1","r"],[],{}]"#, Reason::BadValue),
        ("{", Reason::WrongFormat),
    ] {
        assert_eq!(reasons(body), (Fate::Rejected, reason), "{body}");
    }
    let bare: Value = json!([[0, "S1", "r"]]);
    assert_eq!(reasons(&bare.to_string()).0, Fate::Parsed, "an increment may say nothing");
}
