//! Files of pairs.

use crate::support::{PAIRS, Page, file, pair, price};
use antigravity_sdk::{Fate, Reason};

#[test]
fn the_last_pair_is_shown_wherever_it_stands() {
    let mut page = Page::default();
    let reading = page.pairs(&[
        pair("A", "0.36", "0.64", "2026-05-07T08:15:30.14906612-05:00"),
        pair("A", "0.35", "0.65", "2026-05-07T08:15:30.2-05:00"),
        pair("A", "0.34", "0.66", "2026-05-07T13:15:30.199999999Z"),
        pair("B", "0.18", "0.82", "2026-05-06T20:39:12.271828182-05:00"),
    ]);
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, false));
    assert_eq!(
        page.shown(),
        [
            "A yes back 1 suspended 0.35@-",
            "A no back 1 suspended 0.65@-",
            "B yes back 1 suspended 0.18@-",
            "B no back 1 suspended 0.82@-",
        ]
    );
    // Of one time the later row.
    page.pairs(&[
        pair("A", "0.1", "0.9", "2026-05-07T09:00:00Z"),
        pair("C", "0.1", "0.9", "2026-05-07T09:00:00Z"),
        pair("C", "0.2", "0.8", "2026-05-07T10:00:00+01:00"),
    ]);
    assert_eq!(page.shown()[0], "A yes back 1 suspended 0.35@-", "a file from before the last one");
    assert_eq!(page.shown()[4], "C yes back 1 suspended 0.2@-");
}

#[test]
fn pairs_change_what_they_name_and_remove_nothing() {
    let mut page = Page::default();
    page.prices(&[price("A", "YES", "0.33"), price("B", "YES", "0.5")]);
    page.pairs(&[pair("A", "0.40", "0.60", "2026-05-07T08:00:00Z")]);
    assert_eq!(
        page.shown(),
        ["A yes back 1 suspended 0.40@-", "A no back 1 suspended 0.60@-", "B yes back 1 suspended 0.5@-"]
    );
    // The file of prices is told anew.
    page.prices(&[price("A", "YES", "0.33"), price("B", "YES", "0.5")]);
    assert_eq!(page.shown(), ["A yes back 1 suspended 0.33@-", "B yes back 1 suspended 0.5@-"]);
}

#[test]
fn an_older_day_changes_nothing() {
    let mut page = Page::default();
    page.prices(&[price("A", "YES", "0.33")]);
    let rows = file(PAIRS, &[pair("A", "0.40", "0.60", "2026-05-06T08:00:00Z")]);
    let reading = page.file("pairs", "20260506", &rows);
    assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::StaleCursor));
    assert_eq!(page.shown(), ["A yes back 1 suspended 0.33@-"]);
    // A later one does, and the prices of the day before it do not any more.
    assert_eq!(page.file("pairs", "20260508", &rows).fate, Fate::Parsed);
    assert_eq!(page.prices(&[price("A", "YES", "0.33")]).reason, Reason::StaleCursor);
    assert_eq!(page.shown()[0], "A yes back 1 suspended 0.40@-");
}

#[test]
fn rows_that_cannot_be_read_leave_the_others() {
    let time = "2026-05-07T08:00:00Z";
    for (row, wrong) in [
        (pair("B", "40", "0.60", time), "yes_price"),
        (pair("B", "0.40", "1.00", time), "no_price"),
        (pair("B", "0.40", "0.60", "noon"), "pair_time"),
        (pair("", "0.40", "0.60", time), "event_contract"),
        ("PX1,B".to_owned(), "fields"),
    ] {
        let mut page = Page::default();
        let reading = page.pairs(&[row.clone(), pair("A", "0.40", "0.60", time)]);
        let read = (reading.fate, reading.bad_rows, reading.detail.as_str());
        assert_eq!(read, (Fate::Parsed, 1, wrong), "{row}");
        assert_eq!(page.shown().len(), 2, "{row}");
        let alone = Page::default().pairs(std::slice::from_ref(&row));
        assert_eq!((alone.fate, alone.detail.as_str()), (Fate::Rejected, wrong), "{row}");
    }
}

#[test]
fn a_file_without_its_day_is_refused() {
    let rows = file(PAIRS, &[pair("A", "0.40", "0.60", "2026-05-07T08:00:00Z")]);
    for date in ["", "2026-05-07", "yesterday"] {
        let reading = Page::default().file("pairs", date, &rows);
        assert_eq!((reading.fate, reading.detail.as_str()), (Fate::Rejected, "date"), "{date}");
    }
}

#[test]
fn expired_contracts_are_left_out() {
    let mut page = Page::default();
    let row = "PX1,A,2026-05-08T00:00:00Z,100,0.40,0.60,2026-05-07T08:00:00Z".to_owned();
    assert_eq!(page.pairs(&[row]).fate, Fate::Parsed);
    assert_eq!(page.shown(), Vec::<String>::new());
}
