//! Rows: every fact about their positions.

use crate::support::{Page, full, patch, row};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn page(positions: &[(usize, Value)]) -> Page {
    let mut page = Page::default();
    let reading = page.frame(&full("r", &[row(7, positions)]));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    page
}

#[test]
fn every_market_stands_where_it_should() {
    let page = page(&[
        (22, json!(0.5)),
        (23, json!(2.75)),
        (24, json!(-11.7)),
        (25, json!(10.8)),
        (26, json!("12.4")),
        (27, json!(-14.3)),
        (28, json!(-10.3)),
        (29, json!(10)),
        (30, json!(6.1)),
        (31, json!(3.6)),
        (32, json!(1.57)),
        (38, json!(0)),
        (39, json!(0.25)),
        (40, json!(1)),
        (41, json!(-12.8)),
        (42, json!(11.6)),
        (43, json!(14.1)),
        (44, json!(-16.4)),
        (45, json!(-24)),
        (46, json!(18.7)),
        (47, json!(26)),
        (48, json!(4.5)),
        (49, json!(1.25)),
    ]);
    assert_eq!(
        page.quotes(),
        [
            "7 first-half asian-handicap 0.25 home open indonesian -1.28",
            "7 first-half asian-handicap 0.25 away open indonesian 1.16",
            "7 full-time asian-handicap -0.5 home open indonesian -1.17",
            "7 full-time asian-handicap -0.5 away open indonesian 1.08",
            "7 first-half match-result - home open decimal 26",
            "7 first-half match-result - draw open decimal 4.5",
            "7 first-half match-result - away open decimal 1.25",
            "7 full-time match-result - home open decimal 6.1",
            "7 full-time match-result - draw open decimal 3.6",
            "7 full-time match-result - away open decimal 1.57",
            "7 first-half odd-even - odd open indonesian -2.4",
            "7 first-half odd-even - even open indonesian 1.87",
            "7 full-time odd-even - odd open indonesian -1.03",
            "7 full-time odd-even - even open indonesian 1.0",
            "7 first-half total 1 over open indonesian 1.41",
            "7 first-half total 1 under open indonesian -1.64",
            "7 full-time total 2.75 over open indonesian 1.24",
            "7 full-time total 2.75 under open indonesian -1.43",
        ]
    );
}

#[test]
fn the_giver_of_each_half_has_its_own_position() {
    let handicaps = |full_time: i64, first_half: i64| {
        let page = page(&[
            (9, json!(full_time)),
            (38, json!(first_half)),
            (22, json!(0.75)),
            (24, json!(12)),
            (39, json!(0.25)),
            (41, json!(12)),
        ]);
        page.quotes().iter().map(|quote| quote.split(' ').nth(3).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(handicaps(1, 0), ["0.25", "0.25", "-0.75", "-0.75"]);
    assert_eq!(handicaps(0, 1), ["-0.25", "-0.25", "0.75", "0.75"]);
}

#[test]
fn the_format_is_the_connections() {
    let frame = |over: f64| {
        full("t", &[row(7, &[(23, json!(2.5)), (26, json!(over)), (30, json!(2.5))])]).to_string()
    };
    for (account, over, format, price) in [
        ("MY", 9.5, "malay", "0.95"),
        ("HK", 9.5, "hong-kong", "0.95"),
        ("EU", 19.5, "decimal", "1.95"),
        ("id", 11.5, "indonesian", "1.15"),
    ] {
        let mut page = Page::default();
        page.raw(&format!("accType={account}&ot=t"), &frame(over));
        let quotes = page.quotes();
        assert!(quotes.contains(&format!("7 full-time total 2.5 over open {format} {price}")), "{quotes:?}");
        assert!(
            quotes.contains(&"7 full-time match-result - home open decimal 2.5".to_owned()),
            "never scaled"
        );
    }
    for query in ["ot=t", "accType=US", "accType=", "accType=ID&g=2"] {
        let reading = Page::default().raw(query, &frame(11.5));
        assert_eq!((reading.fate, reading.reason), (Fate::Rejected, Reason::WrongFormat), "{query}");
    }
}

#[test]
fn positions_8_and_37_suspend_their_half() {
    let positions = [
        (22, json!(0.5)),
        (24, json!(-11)),
        (25, json!(10.5)),
        (30, json!(2)),
        (39, json!(0.25)),
        (41, json!(12)),
        (42, json!(-13)),
    ];
    let open = |page: &Page| -> Vec<String> {
        let open = page.quotes().into_iter().filter(|quote| quote.contains(" open "));
        open.map(|quote| quote.split(' ').nth(1).unwrap().to_owned()).collect()
    };
    let mut page = page(&positions);
    assert_eq!(open(&page), ["first-half", "first-half", "full-time", "full-time", "full-time"]);
    page.frame(&patch("r", 7, json!([8]), json!([0])));
    assert_eq!(open(&page), ["first-half", "first-half"]);
    assert!(page.quotes().contains(&"7 full-time asian-handicap -0.5 home suspended -".to_owned()));
    page.frame(&patch("r", 7, json!([8, 37]), json!([1, 0])));
    assert_eq!(open(&page), ["full-time", "full-time", "full-time"], "the prices are still known");
}

#[test]
fn a_line_without_prices_is_suspended() {
    for none in [json!(0), json!(null), json!(""), json!(-999)] {
        let page =
            page(&[(22, json!(0.25)), (24, none.clone()), (25, json!(10.1)), (23, json!(2)), (26, none)]);
        assert_eq!(
            page.quotes(),
            [
                "7 full-time asian-handicap -0.25 home suspended -",
                "7 full-time asian-handicap -0.25 away open indonesian 1.01",
                "7 full-time total 2 over suspended -",
                "7 full-time total 2 under suspended -",
            ]
        );
    }
}

#[test]
fn zeros_alone_are_no_market_but_a_patch_to_zeros_suspends() {
    assert_eq!(page(&[]).quotes(), [""; 0]);
    assert_eq!(page(&[(22, json!(null)), (23, json!(null))]).quotes(), [""; 0]);
    let mut page = page(&[(24, json!(-11)), (25, json!(10)), (28, json!(10)), (29, json!(10))]);
    assert_eq!(page.quotes().len(), 4);
    page.frame(&patch("r", 7, json!([24, 25, 28, 29]), json!([0, 0, 0, 0])));
    assert!(page.quotes().iter().all(|quote| quote.contains(" suspended ")) && page.quotes().len() == 4);
    let zeros = page.frame(&full("r", &[row(7, &[])]));
    assert_eq!(page.quotes(), [""; 0]);
    assert!(zeros.snapshot_complete, "a whole row does not look back");
}

#[test]
fn rows_have_63_or_64_positions() {
    let mut short = row(7, &[(23, json!(2.5)), (26, json!(11)), (27, json!(-11))]);
    short.as_array_mut().unwrap().pop();
    let mut page = Page::default();
    assert_eq!(page.frame(&full("r", &[short.clone()])).bad_rows, 0);
    assert_eq!(page.quotes().len(), 2);
    short.as_array_mut().unwrap().pop();
    let reading = page.frame(&full("r", &[short, row(8, &[(23, json!(2.5)), (26, json!(11))])]));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1));
    assert_eq!(page.ids(), ["8"]);
}

#[test]
fn ids_must_be_there_and_agree() {
    for position in [(61, json!(null)), (11, json!("x")), (62, json!(9)), (63, json!(9)), (0, json!(null))] {
        let bad = row(7, &[position.clone(), (23, json!(2.5)), (26, json!(11))]);
        let good = row(8, &[(23, json!(2.5)), (26, json!(11))]);
        let mut page = Page::default();
        let reading = page.frame(&full("r", &[bad, good]));
        assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 1), "{position:?}");
        assert_eq!(page.ids(), ["8"]);
    }
    assert_eq!(page(&[(62, json!(null)), (63, json!(null)), (23, json!(2)), (26, json!(11))]).ids(), ["7"]);
}

#[test]
fn an_unreadable_number_costs_only_its_market() {
    let mut page = Page::default();
    let positions =
        [(22, json!("half")), (24, json!(11)), (23, json!(2.5)), (26, json!(11)), (27, json!([]))];
    let reading = page.frame(&full("r", &[row(7, &positions)]));
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 3), "the line, its market, a price");
    assert_eq!(
        page.quotes(),
        ["7 full-time total 2.5 over open indonesian 1.1", "7 full-time total 2.5 under suspended -"]
    );
    for lone in [
        [(22, json!(-0.5)), (24, json!(11))],
        [(9, json!(null)), (22, json!(0.5))],
        [(26, json!(11)), (23, json!(0))],
    ] {
        let reading = Page::default().frame(&full("r", &[row(7, &lone)]));
        assert_eq!(reading.bad_rows, 1, "{lone:?}");
    }
}
