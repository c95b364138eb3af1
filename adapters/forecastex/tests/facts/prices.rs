//! Files of prices.

use crate::support::{PRICES, Page, file, price, price_of};
use antigravity_sdk::{Fate, Reason};

const MONTH_END: &str = "2026-05-31T15:00:00-05:00";

#[test]
fn what_a_day_ended_with_is_shown_and_is_no_offer() {
    let mut page = Page::default();
    let reading = page.prices(&[price("A", "YES", "0.33"), price("A", "NO", "0.68")]);
    assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, true));
    // Both sides may cost 1.01 together; nothing is made equal.
    assert_eq!(page.shown(), ["A yes back 1 suspended 0.33@-", "A no back 1 suspended 0.68@-"]);
}

#[test]
fn nothing_matched_is_no_price() {
    for (end, quantity, bad_rows) in [("0.00", "0", 0), ("", "0", 0), ("0.00", "5", 1), ("", "5", 1)] {
        let mut page = Page::default();
        let row = price_of("A", "YES", end, quantity, "2026-05-07", MONTH_END);
        let reading = page.prices(&[row, price("B", "YES", "0.5")]);
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, bad_rows), "{end} {quantity}");
        assert_eq!(page.shown(), ["A yes back 1 suspended -@-", "B yes back 1 suspended 0.5@-"]);
    }
}

#[test]
fn prices_outside_of_0_and_1_are_bad_rows_and_take_the_old_one_back() {
    for end in ["1.00", "1.01", "-0.20", "21", "0.2.1", "1e-1", " 0.5", "NaN"] {
        let mut page = Page::default();
        page.prices(&[price("A", "YES", "0.33")]);
        let reading = page.prices(&[price("A", "YES", end), price("B", "YES", "0.5")]);
        assert_eq!((reading.bad_rows, reading.detail.as_str()), (1, "end_price"), "{end}");
        assert_eq!(page.shown()[0], "A yes back 1 suspended -@-", "{end}");
    }
}

#[test]
fn a_file_is_the_whole_of_its_day() {
    let mut page = Page::default();
    page.prices(&[price("A", "YES", "0.33"), price("A", "NO", "0.67"), price("B", "YES", "0.5")]);
    let next = |contract: &str, end: &str| price_of(contract, "YES", end, "1", "2026-05-08", MONTH_END);
    page.file("prices", "20260508", &file(PRICES, &[next("C", "0.10"), next("A", "0.34")]));
    assert_eq!(page.shown(), ["A yes back 1 suspended 0.34@-", "C yes back 1 suspended 0.10@-"]);
}

#[test]
fn an_older_day_changes_nothing() {
    let mut page = Page::default();
    page.prices(&[price("A", "YES", "0.33")]);
    let row = price_of("A", "YES", "0.20", "1", "2026-05-06", MONTH_END);
    // The date in the rows counts, not that of the address.
    let reading = page.file("prices", "20260509", &file(PRICES, &[row]));
    assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::StaleCursor));
    assert_eq!(page.shown(), ["A yes back 1 suspended 0.33@-"]);
}

#[test]
fn an_expired_contract_is_not_shown() {
    let mut page = Page::default();
    let rows = file(
        PRICES,
        &[
            price_of("A", "YES", "0.33", "1", "2026-05-07", "2026-05-08T01:00:00-05:00"),
            price_of("B", "YES", "0.44", "1", "2026-05-07", "2026-05-08T01:00:00.000000001-05:00"),
        ],
    );
    page.file("prices", "20260507", &rows);
    assert_eq!(page.shown(), ["B yes back 1 suspended 0.44@-"]);
    page.file_at("2026-05-08T06:00:01Z", "prices", "20260507", &rows);
    assert_eq!(page.shown(), Vec::<String>::new());
}

#[test]
fn rows_that_cannot_be_read_leave_the_others() {
    let good = price("A", "YES", "0.33");
    for (row, wrong) in [
        (price("B", "yes", "0.5"), "subtype"),
        (price("", "YES", "0.5"), "event_contract"),
        (price_of("B", "YES", "0.5", "many", "2026-05-07", MONTH_END), "pair_quantity"),
        (price_of("B", "YES", "0.5", "1", "2026-05-06", MONTH_END), "date"),
        (price_of("B", "YES", "0.5", "1", "07.05.2026", MONTH_END), "date"),
        (price_of("B", "YES", "0.5", "1", "2026-05-07", "2026-05-31"), "expiration_date"),
        ("B,YES".to_owned(), "fields"),
        (price("B", "YES", "0.5") + ",more", "fields"),
        (price("\"B\"x", "YES", "0.5"), "fields"),
    ] {
        let mut page = Page::default();
        let reading = page.prices(&[good.clone(), row.clone()]);
        let read = (reading.fate, reading.bad_rows, reading.detail.as_str());
        assert_eq!(read, (Fate::Parsed, 1, wrong), "{row}");
        assert_eq!(page.shown(), ["A yes back 1 suspended 0.33@-"], "{row}");
        // Of a file of nothing else what stands stays.
        let alone = page.prices(std::slice::from_ref(&row));
        if wrong == "date" && row.contains("2026-05-06") {
            assert_eq!(alone.reason, Reason::StaleCursor);
        } else {
            assert_eq!((alone.fate, alone.detail.as_str()), (Fate::Rejected, wrong), "{row}");
        }
        assert_eq!(page.shown(), ["A yes back 1 suspended 0.33@-"], "{row}");
    }
}

#[test]
fn of_rows_that_say_different_things_none_is_believed() {
    let mut page = Page::default();
    let row = |end| price("A", "YES", end);
    let reading =
        page.prices(&[row("0.3"), row("0.4"), row("0.3"), price("A", "NO", "0.7"), price("A", "NO", "0.7")]);
    assert_eq!((reading.bad_rows, reading.detail.as_str()), (1, "event_contract: twice"));
    assert_eq!(page.shown(), ["A yes back 1 suspended -@-", "A no back 1 suspended 0.7@-"]);
}

#[test]
fn columns_are_found_by_their_names() {
    let mut page = Page::default();
    let body = "new,end_price,date,event_contract,pair_quantity,subtype,expiration_date\r\n\
        x,.070,2026-05-07,\"Paris, France\",3,NO,2026-05-31T20:00:00Z\r\n";
    assert_eq!(page.file("prices", "20260507", body).fate, Fate::Parsed);
    assert_eq!(page.shown(), ["Paris, France no back 1 suspended 0.070@-"]);
}

#[test]
fn what_is_no_file_of_prices_is_refused() {
    let mut page = Page::default();
    page.prices(&[price("A", "YES", "0.33")]);
    for (body, reason, detail) in [
        (r#"{"statusCode":400,"body":{}}"#, Reason::WrongFormat, "not CSV"),
        ("\n<html></html>", Reason::WrongFormat, "not CSV"),
        ("", Reason::MissingField, "event_contract"),
        ("event_contract,subtype,expiration_date,date\n", Reason::MissingField, "end_price"),
        ("\"", Reason::MissingField, "event_contract"),
    ] {
        let reading = page.file("prices", "20260508", body);
        assert_eq!(
            (reading.fate, reading.reason, reading.detail.as_str()),
            (Fate::Rejected, reason, detail),
            "{body}"
        );
    }
    let reading = page.prices(&[]);
    assert_eq!((reading.fate, reading.reason), (Fate::Ignored, Reason::Noise));
    assert_eq!(page.shown(), ["A yes back 1 suspended 0.33@-"]);
}

/// A fresh instance that begins with a file answers what follows as one that has read others before.
#[test]
fn nothing_before_a_file_of_prices_is_needed() {
    let (mut old, mut fresh) = (Page::default(), Page::default());
    old.prices(&[price("A", "YES", "0.33"), price("B", "YES", "0.5")]);
    old.pairs(&[crate::support::pair("A", "0.9", "0.1", "2026-05-07T23:00:00-05:00")]);
    for page in [&mut old, &mut fresh] {
        assert!(page.prices(&[price("A", "YES", "0.34"), price("C", "YES", "0.6")]).snapshot_complete);
        page.pairs(&[crate::support::pair("A", "0.35", "0.65", "2026-05-07T08:00:00-05:00")]);
        page.pairs(&[crate::support::pair("B", "0.51", "0.49", "2026-05-07T08:00:00-05:00")]);
    }
    assert_eq!(old.shown(), fresh.shown());
    assert_eq!(old.shown().len(), 5);
}
