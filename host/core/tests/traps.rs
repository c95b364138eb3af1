//! Traps seen in public code that no single module has to itself; the others are tests named `trap_…` beside
//! what they are about.

#![allow(clippy::unwrap_used)]

use antigravity_core::identity::{EventFacts, Identity, Kind, normalise};
use antigravity_core::line::Line;
use antigravity_core::settle::Settled::{self, HalfLoss, HalfWin, Loss, Win};
use antigravity_core::settle::{Bet, Proof, Space, StateTable};
use antigravity_core::{Market, Selection, Side};

fn bet(market: Market, selection: Selection) -> Bet {
    Bet { market, selection, side: Side::Back, line: None, outcome: None }
}

fn rows(bets: &[Bet], space: &Space<'_>) -> Vec<Vec<Settled>> {
    let mut table = StateTable::default();
    table.derive(bets, space).unwrap();
    table.rows().map(<[Settled]>::to_vec).collect()
}

/// The first bet is home because it says so, not because it is the first: −0.75 for home in either place.
#[test]
fn trap_home_and_away_are_no_places_of_an_array() {
    let line = Some(Line::handicap("-0.75".parse().unwrap()).unwrap());
    let home = Bet { line, ..bet(Market::AsianHandicap, Selection::Home) };
    let away = Bet { selection: Selection::Away, ..home };
    assert_eq!(rows(&[home, away], &Space::Score), [[Win, Loss], [HalfWin, HalfLoss], [Loss, Win]]);
    assert_eq!(rows(&[away, home], &Space::Score), [[Loss, Win], [HalfLoss, HalfWin], [Win, Loss]]);
    // The same teams named the other way round are another event.
    let mut identity = Identity::default();
    let mut text = |event_id: &str, home: &str, away: &str| {
        let facts = EventFacts {
            provider: "p",
            event_id,
            sport: Some("soccer"),
            competition: Some("Premier League"),
            home: Some(home),
            away: Some(away),
            title: None,
            starts_at: Some("2026-09-08T12:30:00Z".parse().unwrap()),
            in_play: false,
            score: None,
        };
        let node = identity.node(facts.provider, event_id);
        identity.learn(node, &facts);
        identity.canonical(identity.group(node).unwrap()).to_owned()
    };
    assert_eq!(text("1", "Arsenal", "Everton"), "soccer/premier league/arsenal/everton/2026-09-08T12:30Z");
    assert_eq!(text("2", "Everton", "Arsenal"), "soccer/premier league/everton/arsenal/2026-09-08T12:30Z");
}

/// `Norway`, `No deal` and `yesterday` hold a no and a yes; what a bet is on is told, not found in a text.
#[test]
fn trap_yes_and_no_are_no_parts_of_words() {
    let outcomes = ["Norway", "No deal", "yesterday"];
    let space = Space::Exclusive { outcomes: &outcomes, proof: Some(Proof { account: 0, packet_seq: 1 }) };
    for place in 0..3 {
        let yes = Bet { outcome: Some(place), ..bet(Market::Binary, Selection::Yes) };
        let no = Bet { selection: Selection::No, ..yes };
        let (happens, not) = ([Win, Loss], [Loss, Win]);
        let expected = if place == 0 { [happens, not] } else { [not, happens] };
        assert_eq!(rows(&[yes, no], &space), expected, "{}", outcomes[usize::from(place)]);
    }
}

/// Dropping “united”, “city” or “real” makes two clubs one.
#[test]
fn trap_united_city_and_real_are_no_stop_words() {
    let team = |raw: &str| normalise(Kind::Team, raw).unwrap();
    for (one, other, word) in [
        ("Manchester United", "Manchester City", "united"),
        ("Manchester United", "Manchester", "united"),
        ("Manchester City", "Manchester", "city"),
        ("Real Madrid", "Atletico Madrid", "real"),
        ("Real Madrid", "Madrid", "real"),
        ("Guangzhou City", "Guangzhou FC", "city"),
    ] {
        assert_ne!(team(one), team(other), "{one}, {other}");
        assert!(team(one).text().split(' ').any(|part| part == word), "{one}");
    }
}
