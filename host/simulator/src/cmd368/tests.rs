use super::row::{Lined, Row};
use super::*;
use crate::fixtures::DEMO;
use antigravity_abi::{Market, PriceFormat, Selection, Status};
use antigravity_core::Body;

fn world() -> World {
    World::new(1, "2026-09-08T11:00:00Z".parse().unwrap(), DEMO, 1.0)
}

fn lined(quarters: i32, first: i32, second: i32) -> Option<Lined> {
    Some(Lined { quarters, prices: Some([first, second]) })
}

/// Arsenal against Everton, 90 minutes before.
fn arsenal() -> Row {
    Row {
        event: 1,
        running: false,
        score: [0, 0],
        clock: "20:30".to_owned(),
        home_gives: true,
        handicap: [lined(3, 98, 92), lined(1, 72, -84)],
        total: [lined(10, 99, 83), None],
        result: [Some(Some([161, 390, 525])), Some(None)],
        odd_even: Some(Some([97, 91])),
        result_hidden: false,
    }
}

#[test]
fn a_full_row_position_by_position() {
    let world = world();
    // As it stands on the wire; no text of this row has a comma.
    let text = arsenal().full(&world.events()[1]);
    let row: Vec<&str> = text.trim_matches(['[', ']']).split(',').collect();
    assert_eq!(row.len(), 91);
    let at = |places: &[usize]| places.iter().map(|p| row[*p]).collect::<Vec<_>>().join(" ");
    assert_eq!(at(&[10, 12, 14, 16]), "0.75 2.5 0.25 null");
    // Home, away, draw.
    assert_eq!(at(&[17, 18, 19, 20, 21, 22]), "1.61 5.25 3.90 -999 -999 -999");
    assert_eq!(at(&[24, 25, 37, 38, 39]), "1 0 \"ENGLISH PREMIER LEAGUE\" \"Arsenal\" \"Everton\"");
    assert_eq!(
        at(&[40, 41, 42, 43, 44, 45, 46, 47, 48, 49]),
        "0.98 0.92 0.99 0.83 0.72 -0.84 null null 0.97 0.91"
    );
    assert_eq!(at(&[53, 55, 56]), "\"20:30\" 0 \"09/08\"");
}

#[test]
fn its_quotes_by_hand() {
    let world = world();
    let mut quotes = Vec::new();
    arsenal().quotes(&"A".into(), &world.events()[1], (false, false), &mut quotes);
    assert_eq!(quotes.len(), 2 + 2 + 3 + 2 + 3 + 2);
    let find = |market, period: &str, selection| {
        let mut found = quotes
            .iter()
            .filter(|q| q.market == market && q.period.to_string() == period && q.selection == selection);
        let quote = found.next().unwrap();
        assert!(found.next().is_none());
        (quote.line.as_deref(), quote.status, quote.price.clone())
    };
    let malay = |text: &str| Some((PriceFormat::Malay, text.to_owned()));
    let away = find(Market::AsianHandicap, "full-time", Selection::Away);
    assert_eq!(away, (Some("-0.75"), Status::Open, malay("0.92")));
    let under = find(Market::Total, "full-time", Selection::Under);
    assert_eq!(under, (Some("2.5"), Status::Open, malay("0.83")));
    let draw = find(Market::MatchResult, "full-time", Selection::Draw);
    assert_eq!(draw, (None, Status::Open, Some((PriceFormat::Decimal, "3.90".to_owned()))));
    let suspended = find(Market::MatchResult, "first-half", Selection::Home);
    assert_eq!(suspended, (None, Status::Suspended, None));
    let start = "2026-09-08T12:30:00Z".parse().unwrap();
    assert!(quotes.iter().all(|q| q.event_id == "25403315" && q.starts_at == Some(start) && !q.in_play));
}

#[test]
fn a_line_moves_by_33_then_35() {
    let target = Row { total: [lined(11, 80, -98), None], ..arsenal() };
    let (commands, after) = arsenal().delta(&target);
    assert_eq!(
        commands,
        ["[25403315,1,33,2.75,0.99,0.83,1,1,\"S\"]", "[25403315,1,35,0.80,-0.98,1,1,\"S\"]"]
    );
    assert_eq!(after, target);
}

#[test]
fn what_a_delta_cannot_say_stays() {
    let target = Row {
        odd_even: Some(Some([90, 98])),
        handicap: [lined(2, 88, -98), lined(1, 72, -84)],
        result: [Some(None), Some(Some([210, 220, 600]))],
        score: [1, 0],
        ..arsenal()
    };
    let (commands, after) = arsenal().delta(&target);
    assert_eq!(commands[0], "[25403315,1,28,0.5,0.98,0.92,1,1,\"S\"]");
    assert_eq!(commands[2], "[25403315,1,51,-999,-999,-999,1,1,\"S\"]");
    // Home, away, draw.
    assert_eq!(commands[3], "[25403315,1,54,2.10,6.00,2.20,1,1,\"S\"]");
    assert_eq!(after, Row { odd_even: arsenal().odd_even, score: [0, 0], ..target.clone() });
    assert!(arsenal().needs_full(&target));
}

#[test]
fn a_hidden_result_is_sent_and_not_quoted() {
    let world = world();
    let hidden = Row { result_hidden: true, ..arsenal() };
    let row: Vec<serde_json::Value> = serde_json::from_str(&hidden.full(&world.events()[1])).unwrap();
    assert_eq!((&row[17], &row[55]), (&1.61.into(), &1.into()));
    let mut quotes = Vec::new();
    hidden.quotes(&"A".into(), &world.events()[1], (false, false), &mut quotes);
    assert!(quotes.iter().all(|quote| quote.market != Market::MatchResult));
}

#[test]
fn the_first_reply_is_a_full_under_a_form() {
    let world = world();
    let mut book = Cmd368::new(&"A".into(), 1, &world, &Plan::default());
    let traffic = std::iter::from_fn(|| Some(book.step(&world))).flatten().next().unwrap();
    let packet = traffic.packet;
    assert!(packet.request_body.unwrap().starts_with("fc=1&m_accType=MY+MR&"));
    assert!(packet.url.ends_with("/Member/BetsView/BetLight/DataOdds.ashx"));
    let Body::Text(body) = packet.body else { panic!() };
    // Prices keep both digits; names are escaped.
    assert!(body.contains("\"Atl\\u00e9tico Madrid\"") && body.contains("\"a\":true") && body.is_ascii());
    assert!(!book.expected(&world).is_empty());
}

#[test]
fn the_metadata_row_has_pairs() {
    let row: Vec<serde_json::Value> = serde_json::from_str(&metadata(&world())).unwrap();
    assert_eq!(row.len(), 128);
    assert!(row.chunks(2).all(|pair| pair[0].is_u64() && pair[1].is_string()));
}
