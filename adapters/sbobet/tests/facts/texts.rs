//! What a market's text says.

use crate::support::{Page, event};
use antigravity_sdk::Fate;
use serde_json::json;

fn shown(key: &str, text: &str) -> Vec<String> {
    let mut page = Page::default();
    let reading = page.list("early", &[event(7, &json!({key: [text]}))]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    page.quotes()
}

#[test]
fn a_handicap_is_given_by_h_or_a_and_0_by_nobody() {
    for (giver, size, line) in
        [("h", "0.75", "-0.75"), ("a", "0.75", "0.75"), ("-", "0.0", "0"), ("h", "2.0", "-2")]
    {
        for (key, period) in [("5", "full-time"), ("6", "first-half")] {
            assert_eq!(
                shown(key, &format!("{size} 0.97*56h -0.990*56a {giver} 900 0 0 0 1 1")),
                [
                    format!("900 asian-handicap {period} {line} home back 1 open malay 0.97 -"),
                    format!("900 asian-handicap {period} {line} away back 1 open malay -0.990 -"),
                ]
            );
        }
    }
}

#[test]
fn of_a_total_h_is_over() {
    for (key, period) in [("3", "full-time"), ("4", "first-half")] {
        assert_eq!(
            shown(key, "2.25 0.76*56h -0.93*56a 900 0 0 0 1 1"),
            [
                format!("900 total {period} 2.25 over back 1 open malay 0.76 -"),
                format!("900 total {period} 2.25 under back 1 open malay -0.93 -"),
            ]
        );
    }
}

#[test]
fn a_result_is_decimal_and_its_letters_say_whose_it_is() {
    for (key, period) in [("1", "full-time"), ("2", "first-half")] {
        let expected = [
            format!("900 match-result {period} - home back 1 open decimal 1.22 -"),
            format!("900 match-result {period} - draw back 1 open decimal 6.75 -"),
            format!("900 match-result {period} - away back 1 open decimal 11.0 -"),
        ];
        assert_eq!(shown(key, "1.22*56h 11.0*56a 6.75*56d 900 0 0 0 1 1"), expected);
        assert_eq!(shown(key, "6.75*56d 1.22*56h 11.0*56a 900 0 0 0 1 1"), expected);
    }
}

#[test]
fn no_price_is_a_suspension() {
    for none in ["0", "0.00", "-999"] {
        let quotes = shown("3", &format!("2.5 {none}*56h 0.84*56a 900 0 0 0 1 1"));
        assert_eq!(quotes[0], "900 total full-time 2.5 over back 1 suspended - -");
        assert_eq!(quotes[1], "900 total full-time 2.5 under back 1 open malay 0.84 -");
    }
}

#[test]
fn a_tail_that_was_never_seen_cannot_be_bet_on() {
    for tail in ["0 0 0 0 0", "1 0 0 1 1", "0 0 0 1", "0 0 0 1 1 0", ""] {
        let quotes = shown("3", &format!("2.5 0.9*56h 0.84*56a 900 {tail}"));
        assert_eq!(quotes[0], "900 total full-time 2.5 over back 1 suspended malay 0.9 -", "{tail}");
    }
}

#[test]
fn lines_stand_side_by_side() {
    let mut page = Page::default();
    let texts = [
        "2.5 0.9*1h 0.9*1a 901 0 0 0 1 1",
        "2.75 -0.9*2h 0.7*2a 902 0 0 0 1 1",
        "3.0 -0.7*3h 0.5*3a 903 0 0 0 1 1",
    ];
    page.list("early", &[event(7, &json!({"3": texts, "14": ["2:3 2.55*4h 904 0 0 0 0 0"], "99": 1}))]);
    assert_eq!(page.markets(), ["901", "902", "903"]);
}

#[test]
fn a_text_that_cannot_be_read_is_a_bad_row() {
    for (key, text, why) in [
        ("5", "0.75 0.9*1h 0.9*1a 900 0 0 0 1 1", "an unknown giver"),
        ("5", "0.75 0.9*1h 0.9*1a - 900 0 0 0 1 1", "nothing says who gives the handicap"),
        ("5", "-0.75 0.9*1h 0.9*1a h 900 0 0 0 1 1", "the handicap's size is below 0"),
        ("5", "0/0.5 0.9*1h 0.9*1a h 900 0 0 0 1 1", "a line that is no number"),
        ("3", "2.5 0.9*1h", "a market without its prices"),
        ("3", "2.5 0.9*1h 0.8*1h 900 0 0 0 1 1", "two prices of one selection"),
        ("3", "2.5 0.9*1h 0.8*1d 900 0 0 0 1 1", "a price of an unknown selection"),
        ("3", "2.5 0.9*1h 0.8 900 0 0 0 1 1", "a price without a selection"),
        ("3", "2.5 0.9*1h x*1a 900 0 0 0 1 1", "a price that is no number"),
        ("3", "2.5 0.9*1h 0.8*1a h 900 0 0 0 1 1", "a market's id that is no number"),
        ("3", "2.5 0.9*1h 0.8*1a", "a market without its id"),
        ("3", "0.0 0.9*1h 0.8*1a 900 0 0 0 1 1", "the total is not above 0"),
        ("3", "", "a market without a line"),
        ("1", "1.9*1h 3.1*1a", "a market without its prices"),
    ] {
        let mut page = Page::default();
        let reading =
            page.list("early", &[event(7, &json!({key: [text], "4": ["1.0 0.9*1h 0.9*1a 800 0 0 0 1 1"]}))]);
        assert_eq!((reading.bad_rows, reading.detail.as_str()), (1, why), "{text}");
        assert_eq!(page.markets(), ["800!"]);
    }
}

#[test]
fn a_price_outside_its_format_is_the_hosts_to_refuse() {
    let mut page = Page::default();
    let reading = page.list("early", &[event(7, &json!({"3": ["2.5 1.22*1h 0.9*1a 900 0 0 0 1 1"]}))]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
    assert_eq!(page.quotes(), ["900 total full-time 2.5 under back 1 open malay 0.9 -"]);
}
