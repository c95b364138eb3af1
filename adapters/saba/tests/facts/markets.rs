//! What a market is quoted as.

use crate::support::{Page, add, change, market, selection, total};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn sided(id: u64, bet_type: i64, home: f64, away: f64) -> Value {
    market(id, bet_type, &[selection("h", Some(home), 0.95, 1.95), selection("a", Some(away), -0.97, 2.03)])
}

fn shown(stated: Value) -> Vec<String> {
    let mut page = Page::default();
    let reading = page.markets(1, &add(&[stated]));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    page.quotes()
}

#[test]
fn a_handicap_has_a_point_for_each_side() {
    for (home, away, line) in [(-0.75, 0.75, "-0.75"), (0.25, -0.25, "0.25"), (0.0, 0.0, "0")] {
        for (bet_type, period) in [(1, "full-time"), (7, "first-half")] {
            assert_eq!(
                shown(sided(70, bet_type, home, away)),
                [
                    format!("70 asian-handicap {period} {line} home back 1 open malay 0.95 -"),
                    format!("70 asian-handicap {period} {line} away back 1 open malay -0.97 -"),
                ]
            );
        }
    }
}

#[test]
fn a_total_has_one_point_and_h_is_over() {
    for (bet_type, period) in [(3, "full-time"), (8, "first-half")] {
        let quotes = shown(sided(70, bet_type, 2.25, 2.25));
        assert_eq!(quotes[0], format!("70 total {period} 2.25 over back 1 open malay 0.95 -"));
        assert_eq!(quotes[1], format!("70 total {period} 2.25 under back 1 open malay -0.97 -"));
    }
}

#[test]
fn a_result_is_decimal() {
    let selections = [
        selection("1", None, 0.5, 1.5),
        selection("2", None, 0.5, 6.25),
        selection("x", Some(0.0), 0.5, 3.80),
    ];
    for (bet_type, period) in [(5, "full-time"), (15, "first-half")] {
        assert_eq!(
            shown(market(70, bet_type, &selections)),
            [
                format!("70 match-result {period} - home back 1 open decimal 1.5 -"),
                format!("70 match-result {period} - draw back 1 open decimal 3.8 -"),
                format!("70 match-result {period} - away back 1 open decimal 6.25 -"),
            ]
        );
    }
}

#[test]
fn what_is_not_known_is_not_quoted() {
    assert_eq!(shown(sided(70, 2, 0.0, 0.0)), Vec::<String>::new(), "odd/even");
    assert_eq!(shown(sided(70, 24, 0.0, 0.0)), Vec::<String>::new(), "double chance");
    for (field, value) in [("sportType", json!(2)), ("category", json!(3)), ("marketStatus", json!("closed"))]
    {
        let mut stated = total(70);
        stated[field] = value;
        assert_eq!(shown(stated), Vec::<String>::new(), "{field}");
    }
    let mut without = total(70);
    without.as_object_mut().unwrap().remove("category");
    assert_eq!(shown(without).len(), 2);
}

#[test]
fn a_market_without_a_line_is_a_bad_row() {
    let pointless = market(70, 1, &[selection("h", None, 0.95, 1.95), selection("a", None, 0.95, 1.95)]);
    let third = market(
        70,
        3,
        &[
            selection("h", Some(2.5), 0.9, 1.9),
            selection("a", Some(2.5), 0.9, 1.9),
            selection("x", None, 0.9, 1.9),
        ],
    );
    for (stated, why) in [
        (sided(70, 1, -0.5, -0.5), "points that do not fit each other"),
        (sided(70, 3, 2.5, 2.75), "points that do not fit each other"),
        (sided(70, 3, 0.0, 0.0), "the total is not above 0"),
        (pointless, "a selection without its point"),
        (market(70, 3, &[selection("h", Some(2.5), 0.9, 1.9)]), "a market without one of its selections"),
        (third, "a market with an unknown selection"),
    ] {
        let mut page = Page::default();
        let reading = page.markets(1, &add(&[stated, total(71)]));
        assert_eq!((reading.fate, reading.bad_rows, reading.detail.as_str()), (Fate::Parsed, 1, why));
        assert_eq!(page.standing(), ["71"]);
    }
}

#[test]
fn the_status_suspends_and_closes() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70)]));
    page.markets(0, &change(&[json!({"marketId": 70, "marketStatus": "suspend"})]));
    assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 suspended malay 0.91 -");
    page.markets(0, &change(&[json!({"marketId": 70, "marketStatus": "running"})]));
    assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 open malay 0.91 -");
    page.markets(0, &change(&[json!({"marketId": 70, "marketStatus": "closePrice"})]));
    assert_eq!(page.quotes(), Vec::<String>::new());
}

#[test]
fn a_change_is_merged_selection_by_selection() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70)]));
    let under = json!({"key": "a", "oddsPrice": {"malayPrice": 0.97}});
    let reading = page.markets(0, &change(&[json!({"marketId": 70, "selections": [under], "maxBet": 300})]));
    assert!(reading.rows.iter().any(|row| row.starts_with("line 0") && row.contains("max=300")));
    assert_eq!(
        page.quotes(),
        [
            "70 total full-time 2.5 over back 1 open malay 0.91 -",
            "70 total full-time 2.5 under back 1 open malay 0.97 -"
        ]
    );
    let moved = [selection("h", Some(2.75), -0.9, 2.11), selection("a", Some(2.75), 0.82, 1.82)];
    page.markets(0, &change(&[json!({"marketId": 70, "selections": moved})]));
    assert_eq!(page.quotes()[0], "70 total full-time 2.75 over back 1 open malay -0.9 -");
    assert_eq!(page.quotes().len(), 2, "the line moved");
}

#[test]
fn no_price_is_a_suspension() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70)]));
    for none in [json!(0), json!(-999), json!(null)] {
        let over = json!({"key": "h", "oddsPrice": {"malayPrice": none}});
        page.markets(0, &change(&[json!({"marketId": 70, "selections": [over]})]));
        assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 suspended - -");
    }
}

#[test]
fn an_unreadable_change_suspends_until_the_market_is_told_whole() {
    for broken in [
        json!({"marketId": 70, "marketStatus": "paused"}),
        json!({"marketId": 70, "selections": [{"key": "h", "oddsPrice": {"malayPrice": "evens"}}]}),
        json!({"marketId": 70, "selections": [{"oddsPrice": {"malayPrice": 0.5}}]}),
        json!({"marketId": 70, "maxBet": "much"}),
        json!({"marketId": 70, "betType": "three"}),
    ] {
        let mut page = Page::default();
        page.markets(1, &add(&[total(70), total(71)]));
        let good = json!({"marketId": 71, "maxBet": 100});
        let reading = page.markets(0, &change(&[broken, good.clone()]));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
        assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 suspended - - stale");
        page.markets(0, &change(&[json!({"marketId": 70, "marketStatus": "running"}), good]));
        assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 suspended - - stale");
        page.markets(0, &add(&[total(70)]));
        assert_eq!(page.quotes()[0], "70 total full-time 2.5 over back 1 open malay 0.91 -");
    }
}

#[test]
fn a_message_of_which_nothing_can_be_read_is_refused() {
    let mut page = Page::default();
    page.markets(1, &add(&[total(70)]));
    let reading = page.markets(0, &change(&[json!({"marketId": 70, "marketStatus": 5})]));
    assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::BadValue));
    assert_eq!(page.standing(), ["70!"]);
    page.markets(1, &add(&[total(70)]));
    assert_eq!(page.standing(), ["70"]);
}
