//! Delta rows: every command.

use crate::support::{Page, row};
use antigravity_sdk::Fate;
use antigravity_sdk::testing::Reading;
use serde_json::{Value, json};

/// Event 7 with every market, away gives.
fn page() -> Page {
    let prices = (40..48).map(|position| (position, json!(0.9)));
    let lines = [(10, 0.5), (12, 2.5), (14, 0.25), (16, 1.0)].map(|(position, line)| (position, json!(line)));
    let results = (17..23).map(|position| (position, json!(3)));
    let positions: Vec<(usize, Value)> = prices.chain(lines).chain(results).chain([(24, json!(0))]).collect();
    let mut page = Page::default();
    page.answer(1, 1, &[row(7, &positions)]);
    page
}

fn delta(page: &mut Page, row: Value) -> Reading {
    page.answer(3, 2, &[row])
}

/// What stands of a market after one command.
fn after(row: Value, market: &str) -> Vec<String> {
    let mut page = page();
    let reading = delta(&mut page, row);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    page.quotes().iter().filter_map(|quote| quote.strip_prefix(market)).map(|q| q.trim().to_owned()).collect()
}

#[test]
fn line_moves_make_another_selection() {
    for (command, market, line) in [
        (28, "full-time asian-handicap", "0.75"),
        (33, "full-time total", "0.75"),
        (38, "first-half asian-handicap", "0.75"),
        (43, "first-half total", "0.75"),
    ] {
        let quotes = after(json!([7, 1, command, 0.75, 0.89, -0.93, 1, 1, "S"]), market);
        assert_eq!(quotes.len(), 2, "the old line is gone: {quotes:?}");
        assert!(quotes[0].starts_with(line) && quotes[0].ends_with("open malay 0.89"), "{quotes:?}");
        assert!(quotes[1].starts_with(line) && quotes[1].ends_with("open malay -0.93"), "{quotes:?}");
    }
}

#[test]
fn a_moved_handicap_keeps_its_giver() {
    let mut page = Page::default();
    page.answer(1, 1, &[row(7, &[(10, json!(0.5)), (40, json!(0.9)), (41, json!(0.9))])]);
    delta(&mut page, json!([7, 1, 28, 0.25, 0.8, 0.7]));
    assert_eq!(
        page.quotes(),
        [
            "full-time asian-handicap -0.25 home open malay 0.8",
            "full-time asian-handicap -0.25 away open malay 0.7"
        ]
    );
}

#[test]
fn prices_are_of_the_line_that_stands() {
    for (command, market) in [
        (30, "full-time asian-handicap 0.5"),
        (35, "full-time total 2.5"),
        (40, "first-half asian-handicap 0.25"),
        (45, "first-half total 1"),
    ] {
        let quotes = after(json!([7, 1, command, 0.70, -0.78, 1, 1, "S"]), market);
        assert_eq!(quotes.len(), 2);
        assert!(
            quotes[0].ends_with("open malay 0.7") && quotes[1].ends_with("open malay -0.78"),
            "{quotes:?}"
        );
    }
}

#[test]
fn a_match_result_is_home_away_draw() {
    for (command, market) in [(51, "full-time match-result -"), (54, "first-half match-result -")] {
        let quotes = after(json!([7, 1, command, 2.1, 3.6, 3.25, 1]), market);
        assert_eq!(quotes, ["home open decimal 2.1", "draw open decimal 3.25", "away open decimal 3.6"]);
    }
}

#[test]
fn a_move_and_new_prices_in_one_answer() {
    let mut page = page();
    page.answer(
        3,
        2,
        &[json!([7, 1, 33, 2.75, 0.89, 0.91, 1, 1, "S"]), json!([7, 1, 35, 0.70, -0.78, 1, 1, "S"])],
    );
    let totals: Vec<_> =
        page.quotes().into_iter().filter(|quote| quote.starts_with("full-time total")).collect();
    assert_eq!(
        totals,
        ["full-time total 2.75 over open malay 0.7", "full-time total 2.75 under open malay -0.78"]
    );
}

#[test]
fn closed_prices_suspend() {
    let quotes = after(json!([7, 1, 40, -999, -999, 1, 1, "S"]), "first-half asian-handicap");
    assert_eq!(quotes, ["0.25 home suspended -", "0.25 away suspended -"]);
}

#[test]
fn what_cannot_be_read_of_the_match_result_suspends_it() {
    for command in [117, 118] {
        let quotes = after(json!([7, 1, command, 1, 1]), "full-time match-result -");
        assert_eq!(quotes, ["home suspended -", "draw suspended -", "away suspended -"]);
    }
}

#[test]
fn a_hidden_match_result_stays_hidden() {
    let mut page = Page::default();
    page.answer(1, 1, &[row(7, &[(17, json!(2)), (55, json!(1))])]);
    delta(&mut page, json!([7, 1, 51, 2.1, 3.6, 3.25]));
    assert_eq!(page.quotes(), [""; 0]);
}

#[test]
fn other_commands_and_unknown_events_are_passed_over() {
    for row in [json!([7, 1, 12, "x"]), json!([8, 1, 35, 0.8, 0.8]), json!([8, 1, 33, 2.5, 0.8, 0.8])] {
        let mut page = page();
        let before = page.quotes();
        let reading = delta(&mut page, row);
        assert_eq!((reading.fate, reading.rows.len(), reading.bad_rows), (Fate::Parsed, 0, 0));
        assert_eq!(page.quotes(), before);
    }
}

#[test]
fn a_bad_command_costs_no_good_one_and_leaves_no_wrong_price() {
    for bad in [json!([7, 1, 33, -999, 0.9, 0.9]), json!([7, 1, 33, 2.75, 0.9]), json!([7, 1, 35, 0.9])] {
        let mut page = page();
        let reading =
            page.answer(3, 2, &[bad.clone(), json!([7, 1, 30, 0.5, 0.5]), json!([7, 2, 30]), json!(["x"])]);
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 3), "{bad}");
        let quotes = page.quotes();
        assert!(quotes.contains(&"full-time total 2.5 over suspended -".to_owned()), "{bad}: {quotes:?}");
        assert!(quotes.contains(&"full-time asian-handicap 0.5 home open malay 0.5".to_owned()));
    }
    let mut page = Page::default();
    page.answer(1, 1, &[row(7, &[])]);
    assert_eq!(delta(&mut page, json!([7, 1, 35, 0.9, 0.9])).bad_rows, 1, "prices without a line");
}

#[test]
fn a_line_once_known_costs_no_definition() {
    let mut page = page();
    let reading = delta(&mut page, json!([7, 1, 35, 0.70, -0.78]));
    assert!(reading.rows.iter().all(|row| row.starts_with("price")), "{:?}", reading.rows);
}
