//! Transcribed frames and the page they were rendered to, read in place in the directory
//! `ANTIGRAVITY_CAPTURES` names.

use crate::support::Page;
use antigravity_sdk::Decimal;
use antigravity_sdk::Fate;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn recorded(name: &str) -> Option<String> {
    let Some(dir) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        eprintln!("skipped: ANTIGRAVITY_CAPTURES is not set");
        return None;
    };
    let path = PathBuf::from(dir).join("afb88").join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn plain(text: &str) -> String {
    text.parse::<Decimal>().unwrap().normalized().to_string()
}

/// What the page of a whitelabel showed, as quotes: a row of the table is one odds id, cells 1 to 4
/// full time, 7 to 10 first half, `lines` the same four lines as fractions.
fn rendered(row: &Value) -> BTreeSet<String> {
    let id = row["oddsId"].as_str().unwrap();
    let mut quotes = BTreeSet::new();
    for (index, (market, cells, selections)) in [
        ("full-time asian-handicap", [1, 2], ["home", "away"]),
        ("full-time total", [3, 4], ["over", "under"]),
        ("first-half asian-handicap", [7, 8], ["home", "away"]),
        ("first-half total", [9, 10], ["over", "under"]),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(size) = fraction(row["lines"][index].as_str().unwrap()) else { continue };
        let gives = market.ends_with("handicap") && row["isHomeGive"] == true && !size.is_zero();
        let line = if gives { size.negated() } else { size };
        for (cell, selection) in cells.iter().zip(selections) {
            let cell = &row["cells"][cell.to_string()];
            let price = match cell["price"].as_str() {
                Some(price) => format!("open indonesian {}", plain(price)),
                None => "suspended -".to_owned(),
            };
            if let Some(size) = cell["hdp"].as_str() {
                assert_eq!(plain(size), line.abs().to_string(), "the page agrees with itself");
            }
            quotes.insert(format!("{id} {market} {line} {selection} {price}"));
        }
    }
    quotes
}

/// `1 3/4` is 1.75, `1/2` is 0.5; an empty text is no line.
fn fraction(text: &str) -> Option<Decimal> {
    let mut quarters = 0;
    for part in text.split_whitespace() {
        quarters += match part {
            "1/4" => 1,
            "1/2" => 2,
            "3/4" => 3,
            whole => whole.parse::<i64>().unwrap() * 4,
        };
    }
    if text.is_empty() { None } else { Decimal::new(quarters * 25, 2).map(Decimal::normalized) }
}

/// A quote with its numbers in their shortest form.
fn shortest(quote: &str) -> String {
    let words = quote.split(' ').map(|word| word.parse::<Decimal>().map_or(word.to_owned(), |_| plain(word)));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_frame_reads_as_the_page_showed_it() {
    let (Some(frame), Some(page)) =
        (recorded("reconstructed_fnOddsGen_full_running.json"), recorded("dom_odds_rows_20260126.json"))
    else {
        return;
    };
    let mut session = Page::default();
    let reading = session.raw("g=1&ot=r&accType=ID", &frame);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    let quotes: BTreeSet<String> = session.quotes().iter().map(|quote| shortest(quote)).collect();
    let shown: Value = serde_json::from_str(&page).unwrap();
    let in_frame = |row: &&Value| session.ids().contains(&row["oddsId"].as_str().unwrap().to_owned());
    let rows: Vec<&Value> = shown["rows"].as_array().unwrap().iter().filter(in_frame).collect();
    assert_eq!(rows.len(), 13, "the frame holds the running rows");
    let expected: BTreeSet<String> = rows.into_iter().flat_map(rendered).collect();
    assert!(expected.iter().filter(|quote| quote.contains(" open ")).count() > 40);
    assert_eq!(quotes, expected);
}

/// Texts of the documented messages, by direction.
fn documented(direction: &str) -> Option<Vec<String>> {
    let lines = recorded("documented_fnOddsGen_messages.ndjson")?;
    let messages = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let of = messages.filter(|message| message["dir"] == direction);
    Some(of.map(|message| message["text"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn the_documented_full_has_every_price_of_its_row() {
    let Some(texts) = documented("recv") else { return };
    let full = texts.iter().find(|text| text.starts_with("[[1")).unwrap();
    let mut page = Page::default();
    let reading = page.raw("accType=ID&ot=r", full);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    let frame: Value = serde_json::from_str(full).unwrap();
    let row = &frame[3][0][4][0];
    assert_eq!(row.as_array().unwrap().len(), 63);
    let mut expected = Vec::new();
    let number = |position: usize| row[position].as_f64();
    for (market, line, prices, selections, tens) in [
        ("full-time asian-handicap", Some(22), 24, &["home", "away"][..], true),
        ("full-time total", Some(23), 26, &["over", "under"], true),
        ("full-time odd-even", None, 28, &["odd", "even"], true),
        ("full-time match-result", None, 30, &["home", "draw", "away"], false),
        ("first-half asian-handicap", Some(39), 41, &["home", "away"], true),
        ("first-half total", Some(40), 43, &["over", "under"], true),
        ("first-half odd-even", None, 45, &["odd", "even"], true),
        ("first-half match-result", None, 47, &["home", "draw", "away"], false),
    ] {
        for (offset, selection) in selections.iter().enumerate() {
            let line = line.map_or("-".to_owned(), |line| plain(&row[line].to_string()));
            let price = match (number(prices + offset), tens) {
                (None, _) => "suspended -".to_owned(),
                (Some(price), true) => format!("open indonesian {}", plain(&format!("{:.3}", price / 10.0))),
                (Some(_), false) => format!("open decimal {}", plain(&row[prices + offset].to_string())),
            };
            expected.push(format!("{} {market} {line} {selection} {price}", row[0]));
        }
    }
    let mut quotes: Vec<String> = page.quotes().iter().map(|quote| shortest(quote)).collect();
    quotes.sort();
    expected.sort();
    assert_eq!(quotes, expected);
    let event = reading.rows.iter().find(|row| row.starts_with("event")).unwrap();
    let id = format!("id={}_{}_{} ", row[61], row[11], row[12]);
    assert!(
        event.contains(&id) && event.contains("score=0-1 start=1770292800000000000 in_play=true"),
        "{event}"
    );
}

#[test]
fn the_documented_increment_changes_the_reconstructed_frame() {
    let (Some(full), Some(texts)) =
        (recorded("reconstructed_fnOddsGen_full_running.json"), documented("recv"))
    else {
        return;
    };
    let increment = texts.iter().find(|text| text.starts_with("[[0")).unwrap();
    let mut page = Page::default();
    page.raw("accType=ID&ot=r", &full);
    assert!(page.ids().contains(&"20814206".to_owned()));
    let reading = page.raw("accType=ID&ot=r", increment);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    assert!(!page.ids().contains(&"20814206".to_owned()));
    let quotes = page.quotes();
    assert!(quotes.contains(&"20746775 full-time asian-handicap 0 home open indonesian -1.12".to_owned()));
    assert!(quotes.contains(&"20746775 full-time asian-handicap 0 away open indonesian 1.03".to_owned()));
}
