//! What a market is quoted as.

use crate::support::{Page, event, lined, market, runner, total};
use antigravity_sdk::{Fate, Reason};
use serde_json::{Value, json};

fn quotes(name: &str, markets: &[Value]) -> Vec<String> {
    let mut page = Page::default();
    let reading = page.list(&[event(500, name, markets)]);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0), "{}", reading.detail);
    page.quotes()
}

fn refused(markets: &[Value]) -> (Reason, String) {
    let mut page = Page::default();
    let reading = page.list(&[event(500, "Alba vs Corvo", markets), json!({})]);
    assert_eq!(page.quotes(), Vec::<String>::new());
    assert_eq!(reading.bad_rows, 2);
    (reading.reason, reading.detail)
}

fn sided(runners: &[Value]) -> Value {
    market(1, "handicap", "Handicap", runners)
}

#[test]
fn the_first_of_a_versus_b_is_at_home_and_the_second_of_a_at_b() {
    let runners = [
        runner(11, "Alba", &[(2.5, 30.0)], &[]),
        runner(12, "Corvo", &[(3.1, 12.25)], &[(3.3, 4.0)]),
        runner(13, "DRAW (Alb/Cor)", &[], &[(3.45, 9.0)]),
    ];
    let result = market(1, "one_x_two", "Match Odds", &runners);
    assert_eq!(
        quotes("Alba vs Corvo", std::slice::from_ref(&result)),
        [
            "1 match-result full-time - home back 1 open decimal 2.5 30.0",
            "1 match-result full-time - draw lay 1 open decimal 3.45 9.0",
            "1 match-result full-time - away back 1 open decimal 3.1 12.25",
            "1 match-result full-time - away lay 1 open decimal 3.3 4.0",
        ]
    );
    let at = quotes("Alba  at  Corvo", &[result]);
    assert_eq!(at[0], "1 match-result full-time - home back 1 open decimal 3.1 12.25");
}

#[test]
fn three_levels_a_side_best_first_whatever_their_order() {
    let back = [(2.07, 31.0), (2.31, 38.5), (2.0, 1.0), (2.18, 219.0)];
    let lay = [(2.4, 200.0), (2.33, 1337.5), (2.9, 3.0), (2.38, 0.0)];
    let shown = quotes(
        "Alba vs Corvo",
        &[market(1, "correct_score", "Correct Score", &[runner(11, "1-0", &back, &lay)])],
    );
    assert_eq!(
        shown,
        [
            "1 other:correct_score match - 11 runner back 1 open decimal 2.31 38.5",
            "1 other:correct_score match - 11 runner back 2 open decimal 2.18 219.0",
            "1 other:correct_score match - 11 runner back 3 open decimal 2.07 31.0",
            "1 other:correct_score match - 11 runner lay 1 open decimal 2.33 1337.5",
            "1 other:correct_score match - 11 runner lay 2 open decimal 2.4 200.0",
            "1 other:correct_score match - 11 runner lay 3 open decimal 2.9 3.0",
        ]
    );
}

#[test]
fn a_handicap_is_seen_from_home() {
    let given = sided(&[lined(11, "Alba -0.75", -0.75), lined(12, "Corvo +0.75", 0.75)]);
    let shown = quotes("Alba vs Corvo", std::slice::from_ref(&given));
    assert_eq!(shown[0], "1 asian-handicap full-time -0.75 home back 1 open decimal 1.95 20.0");
    assert_eq!(shown[1], "1 asian-handicap full-time -0.75 away back 1 open decimal 1.95 20.0");
    let at = quotes("Alba at Corvo", &[given]);
    assert_eq!(at[0], "1 asian-handicap full-time 0.75 home back 1 open decimal 1.95 20.0");
    let level =
        quotes("Alba vs Corvo", &[sided(&[lined(11, "Alba 0.0", 0.0), lined(12, "Corvo -0.0", -0.0)])]);
    assert_eq!(level[0], "1 asian-handicap full-time 0 home back 1 open decimal 1.95 20.0");
}

#[test]
fn first_halves_say_so_in_their_runners() {
    let half = [lined(11, "OVER 1.25 1H", 1.25), lined(12, "Under 1.25 1H", 1.25)];
    let shown = quotes("Alba vs Corvo", &[market(1, "total", "Total", &half), total(20, 2.5)]);
    assert_eq!(shown[0], "1 total first-half 1.25 over back 1 open decimal 1.95 20.0");
    assert_eq!(shown[2], "20 total full-time 2.5 over back 1 open decimal 1.95 20.0");
    let mixed = [lined(11, "Over 1.25 1H", 1.25), lined(12, "Under 1.25", 1.25)];
    assert_eq!(refused(&[market(1, "total", "Total", &mixed)]).1, "a market of two periods");
}

#[test]
fn what_the_names_do_not_say_is_another_market() {
    let teams = [runner(11, "Alba", &[(2.5, 30.0)], &[]), runner(12, "Corvo", &[(3.1, 12.0)], &[])];
    let others = [
        // Soccer can end in a draw.
        market(1, "money_line", "Moneyline", &teams),
        market(2, "one_x_two", "Half Time", &teams),
        market(3, "handicap", "Corners Handicap", &teams),
        market(
            4,
            "handicap",
            "Handicap",
            &[lined(11, "Alba Juniors -0.5", -0.5), lined(12, "Corvo +0.5", 0.5)],
        ),
        market(5, "total", "Total", &[lined(11, "Over 2.5 cards", 2.5)]),
        market(6, "total", "Total", &[lined(11, "Over 2.5", 2.5), lined(12, "Over 2.5", 2.5)]),
        market(7, "one_x_two", "Match Odds", &[runner(11, "Alba II", &[(2.5, 30.0)], &[])]),
    ];
    for stated in others {
        let shown = quotes("Alba vs Corvo", std::slice::from_ref(&stated));
        let kind = stated["market-type"].as_str().unwrap();
        assert!(shown.iter().all(|q| q.contains(&format!("other:{kind} match - 1"))), "{shown:?}");
        assert_eq!(shown.len(), stated["runners"].as_array().unwrap().len());
    }
}

#[test]
fn a_moneyline_is_of_a_sport_that_is_never_drawn() {
    let teams = [runner(11, "Alba", &[(2.5, 30.0)], &[]), runner(12, "Corvo", &[(1.5, 12.0)], &[])];
    for (sport, kind) in [(4, "moneyline"), (3, "moneyline"), (9, "moneyline"), (1, "other:money_line")] {
        let mut page = Page::default();
        let mut stated = event(500, "Alba at Corvo", &[market(1, "money_line", "Moneyline", &teams)]);
        stated["sport-id"] = json!(sport);
        page.list(&[stated]);
        assert!(page.each().iter().all(|quote| quote.market == kind && quote.period.to_string() == "match"));
        assert_eq!(page.each().len(), 2);
    }
}

#[test]
fn a_market_that_is_read_in_part_is_none() {
    let cases: [(&str, &str, Value); 8] = [
        ("odds", "odds that are none", json!(1)),
        ("odds", "odds that are none", json!("evens")),
        ("available-amount", "an amount below 0", json!(-1)),
        ("available-amount", "a price without `available-amount`", json!(null)),
        ("side", "a price without a side", json!("win")),
        ("currency", "amounts in two currencies", json!("GBP")),
        ("odds", "a price that stands twice", json!(2.4)),
        ("odds-type", "prices other than DECIMAL, back-lay", json!("US")),
    ];
    for (field, why, value) in cases {
        let mut broken = runner(11, "1-0", &[(2.4, 5.0), (2.3, 5.0)], &[]);
        broken["prices"][1][field] = value;
        let (reason, detail) = refused(&[market(1, "correct_score", "Correct Score", &[broken])]);
        let expected = match why {
            "a price without `available-amount`" => Reason::MissingField,
            "prices other than DECIMAL, back-lay" => Reason::WrongFormat,
            _ => Reason::BadValue,
        };
        assert_eq!((reason, detail.as_str()), (expected, why));
    }
    let unequal = sided(&[lined(11, "Alba -0.5", -0.5), lined(12, "Corvo +0.75", 0.75)]);
    assert_eq!(refused(&[unequal]).1, "runners with different lines");
    let mut lineless = sided(&[lined(11, "Alba -0.5", -0.5), lined(12, "Corvo +0.5", 0.5)]);
    lineless["runners"][1]["handicap"] = json!(null);
    assert_eq!(refused(&[lineless]).1, "a runner without `handicap`");
    assert_eq!(refused(&[total(20, 0.0)]).1, "the total is not above 0");
}
