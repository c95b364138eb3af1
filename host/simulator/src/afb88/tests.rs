use super::row::{Lined, Row};
use super::*;
use crate::fixtures::DEMO;
use antigravity_abi::{Market, PriceFormat, Selection, Status};
use antigravity_core::Body;

fn world() -> World {
    World::new(1, "2026-09-08T11:00:00Z".parse().unwrap(), DEMO, 1.0)
}

/// Atlético Madrid against Real Betis in the first half.
fn main_row() -> Row {
    let lined = |quarters, first, second| Some(Lined { quarters, prices: Some([first, second]) });
    Row {
        odds_id: 20_995_182,
        event: 4,
        rank: 0,
        running: true,
        second_half: false,
        minute: 32,
        score: [0, 1],
        open: [true, true],
        handicap: [lined(0, -133, 121), lined(-1, 112, -123)],
        total: [lined(10, 100, -112), Some(Lined { quarters: 6, prices: None })],
        result: [Some([670, 345, 152]), None],
        odd_even: None,
    }
}

#[test]
fn a_row_position_by_position() {
    let world = world();
    let row: Vec<serde_json::Value> = serde_json::from_str(&main_row().whole(&world.events()[4])).unwrap();
    assert_eq!(row.len(), 63);
    let at = |places: std::ops::RangeInclusive<usize>| {
        row[places].iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(at(6..=9), "1 32 1 1");
    assert_eq!(at(11..=14), "31108 31109 \"Atlético Madrid\" \"Real Betis\"");
    assert_eq!(at(17..=18), "0 1");
    // Ten times the price; 1.00 is 10.
    assert_eq!(at(22..=29), "0 2.5 -13.3 12.1 10 -11.2 0 0");
    assert_eq!(at(30..=32), "6.7 3.45 1.52");
    assert_eq!(at(37..=49), "1 1 0.25 1.5 11.2 -12.3 0 0 0 0 0 0 0");
    assert_eq!(at(55..=55), "\"2026-09-08 18:29:00\"");
    assert_eq!(row[62], row[11]);
}

#[test]
fn its_quotes_by_hand() {
    let world = world();
    let mut quotes = Vec::new();
    main_row().quotes(&"A".into(), &world.events()[4], false, &mut quotes);
    let find = |market, period: &str, selection| {
        let quote = quotes
            .iter()
            .find(|q| q.market == market && q.period.to_string() == period && q.selection == selection);
        let quote = quote.unwrap();
        (quote.line.as_deref(), quote.status, quote.price.clone())
    };
    let indonesian = |text: &str| Some((PriceFormat::Indonesian, text.to_owned()));
    let home = find(Market::AsianHandicap, "full-time", Selection::Home);
    assert_eq!(home, (Some("0"), Status::Open, indonesian("-1.33")));
    let over = find(Market::Total, "full-time", Selection::Over);
    assert_eq!(over, (Some("2.5"), Status::Open, indonesian("1.0")));
    let away = find(Market::AsianHandicap, "first-half", Selection::Away);
    assert_eq!(away, (Some("-0.25"), Status::Open, indonesian("-1.23")));
    assert_eq!(find(Market::Total, "first-half", Selection::Over), (Some("1.5"), Status::Suspended, None));
    let draw = find(Market::MatchResult, "full-time", Selection::Draw);
    assert_eq!(draw, (None, Status::Open, Some((PriceFormat::Decimal, "3.45".to_owned()))));
    assert_eq!(quotes.len(), 2 + 2 + 3 + 2 + 2);
    let event = "75779_31108_31109";
    assert!(
        quotes
            .iter()
            .all(|q| q.event_id == event && q.market_id == "20995182" && q.score.as_deref() == Some("0-1"))
    );
}

#[test]
fn a_closed_half_is_suspended_with_its_prices_on_the_wire() {
    let world = world();
    let closed = Row { open: [false, true], ..main_row() };
    assert_eq!(closed.patch(&main_row(), &world.events()[4]), "[20995182,[8],[0]]");
    let mut quotes = Vec::new();
    closed.quotes(&"A".into(), &world.events()[4], false, &mut quotes);
    let open = |period: &str| {
        quotes.iter().filter(|q| q.period.to_string() == period).any(|q| q.status == Status::Open)
    };
    assert!(!open("full-time") && open("first-half"));
}

#[test]
fn a_patch_names_what_differs() {
    let world = world();
    let mut new = Row { minute: 33, score: [1, 1], ..main_row() };
    new.handicap[0] = Some(Lined { quarters: -2, prices: Some([-112, 103]) });
    let patch = new.patch(&main_row(), &world.events()[4]);
    assert_eq!(patch, "[20995182,[3,7,17,22,24,25],[\"1 - 1\",33,1,0.5,-11.2,10.3]]");
}

#[test]
fn alternative_rows_have_no_names_and_every_second_match_has_64_values() {
    let world = world();
    let other = Row { rank: 1, event: 5, running: false, ..main_row() };
    let row: Vec<serde_json::Value> = serde_json::from_str(&other.whole(&world.events()[5])).unwrap();
    assert_eq!((row.len(), &row[13], &row[14]), (64, &"".into(), &"".into()));
    assert_eq!((&row[62], &row[63]), (&row[11], &row[12]));
}

#[test]
fn nothing_comes_before_the_page_asks() {
    let mut world = world();
    let mut book = Afb88::new(&"A".into(), 1, &world, &Plan::default());
    let mut asked = false;
    for _ in 0..200 {
        world.advance(book.due());
        let Some(traffic) = book.step(&world) else { continue };
        let Body::Text(body) = &traffic.packet.body else { panic!() };
        asked |= body.starts_with("01[{\"token\":");
        assert!(asked || !body.starts_with("[["), "{body}");
    }
    assert!(asked && !book.expected(&world).is_empty());
}

#[test]
fn leagues_come_in_both_shapes() {
    let world = world();
    let rows = [main_row()];
    let shape = |inside| leagues(&world, rows.iter(), inside);
    assert!(shape(true).starts_with("[75779,\"SPAIN LA LIGA\",0,400,[[20995182,"));
    assert!(shape(false).starts_with("[[75779,\"SPAIN LA LIGA\",0,400],[[20995182,"));
}
