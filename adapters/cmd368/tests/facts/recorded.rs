//! Transcribed rows, read in place in the directory `ANTIGRAVITY_CAPTURES` names.

use crate::support::{Page, row};
use antigravity_sdk::Decimal;
use antigravity_sdk::Fate;
use serde_json::{Value, json};
use std::path::PathBuf;

fn recorded(name: &str) -> Option<Value> {
    let Some(dir) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        eprintln!("skipped: ANTIGRAVITY_CAPTURES is not set");
        return None;
    };
    let path = PathBuf::from(dir).join("cmd368").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_str(&text).unwrap())
}

fn decimal(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

#[test]
fn every_price_and_line_of_the_row() {
    let Some(recorded) = recorded("catalog_row_ulsan_20260908.json") else { return };
    let row = recorded["row"].clone();
    let mut page = Page::default();
    let reading = page.body(1, &json!({"t": recorded["t"], "a": true, "data": [], "today": [row], "f": []}));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    // Position 24 is 0: away gives, so the lines are positive for home.
    let lined = [
        ("full-time asian-handicap", 10, 40, ["home", "away"]),
        ("full-time total", 12, 42, ["over", "under"]),
        ("first-half asian-handicap", 14, 44, ["home", "away"]),
        ("first-half total", 16, 46, ["over", "under"]),
    ];
    let mut expected: Vec<String> = Vec::new();
    for (market, line, price, selections) in lined {
        for (offset, selection) in selections.iter().enumerate() {
            let price = decimal(&row[price + offset]);
            expected.push(format!("{market} {} {selection} open malay {price}", decimal(&row[line])));
        }
    }
    for (offset, selection) in ["odd", "even"].iter().enumerate() {
        expected.push(format!("full-time odd-even - {selection} open malay {}", decimal(&row[48 + offset])));
    }
    let mut quotes = page.quotes();
    quotes.sort();
    expected.sort();
    assert_eq!(quotes, expected);
    let event = reading.rows.iter().find(|row| row.starts_with("event")).unwrap();
    for name in [37, 38, 39] {
        assert!(event.contains(row[name].as_str().unwrap()), "{event}");
    }
}

#[test]
fn odd_and_even_agree_with_the_detail_view() {
    let (Some(more), Some(catalog)) =
        (recorded("more_bets_ulsan_20260908.json"), recorded("catalog_row_ulsan_20260908.json"))
    else {
        return;
    };
    let mut page = Page::default();
    page.answer(1, 1, &[catalog["row"].clone()]);
    for (selection, price) in ["odd", "even"].iter().zip(more["body"]["d"][2][0].as_array().unwrap()) {
        let quote = format!("full-time odd-even - {selection} open malay {}", decimal(price));
        assert!(page.quotes().contains(&quote), "{quote}");
    }
}

#[test]
fn the_deltas_move_the_line_and_reprice_it() {
    let Some(recorded) = recorded("native_delta_rows.json") else { return };
    let frame = &recorded["frame"];
    let rows = frame["data"].as_array().unwrap();
    let event = rows[0][0].as_u64().unwrap();
    let mut page = Page::default();
    page.answer(1, 1, &[row(event, &[(12, json!(1.5)), (42, json!(0.5)), (43, json!(0.5))])]);
    assert_eq!(page.body(3, frame).fate, Fate::Parsed);
    let line = decimal(&rows[0][3]);
    let price = |offset: usize| decimal(&rows[1][3 + offset]);
    assert_eq!(
        page.quotes(),
        [
            format!("full-time total {line} over open malay {}", price(0)),
            format!("full-time total {line} under open malay {}", price(1)),
        ]
    );
}
