//! Transcribed rows, read in place in the directory `ANTIGRAVITY_CAPTURES` names.

use crate::support::Page;
use antigravity_sdk::Fate;

fn recorded(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        println!("skipped: ANTIGRAVITY_CAPTURES names no directory of recorded traffic");
        return None;
    };
    let path = std::path::Path::new(&folder).join("forecastex").join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Fields of the rows: none of them is quoted.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).filter(|line| !line.is_empty()).map(|line| line.split(',').collect()).collect()
}

#[test]
fn every_price_is_shown() {
    let Some(text) = recorded("prices_20260814_excerpt.csv") else { return };
    let mut page = Page::default();
    let reading = page.file_at("2026-08-15T06:00:00Z", "prices", "20260814", &text);
    assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 0, ""));
    let row = |row: &Vec<&str>| format!("{} {} back 1 suspended {}@-", row[0], row[1].to_lowercase(), row[7]);
    let mut expected: Vec<String> = rows(&text).iter().map(row).collect();
    assert!(!expected.is_empty());
    let mut shown = page.shown();
    expected.sort();
    shown.sort();
    assert_eq!(shown, expected);
}

#[test]
fn the_last_pair_of_each_contract_is_shown() {
    let Some(text) = recorded("pairs_20260814_excerpt.csv") else { return };
    let mut page = Page::default();
    let reading = page.file_at("2026-08-14T07:30:00Z", "pairs", "20260814", &text);
    assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 0, ""));
    let rows = rows(&text);
    // All times have one offset, so that their texts are in the order of time.
    let last = |row: &&Vec<&str>| rows.iter().all(|other| other[1] != row[1] || other[6] <= row[6]);
    let mut expected: Vec<String> = Vec::new();
    for row in rows.iter().filter(last) {
        expected.push(format!("{} yes back 1 suspended {}@-", row[1], row[4]));
        expected.push(format!("{} no back 1 suspended {}@-", row[1], row[5]));
    }
    assert!(expected.len() < 2 * rows.len(), "some contract has two pairs");
    let mut shown = page.shown();
    expected.sort();
    shown.sort();
    assert_eq!(shown, expected);
}
