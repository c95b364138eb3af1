use super::events::{at, facts, learn};
use super::*;

fn scores(a: &str, b: &str) -> u16 {
    similarity(&team(a), &team(b))
}

#[test]
fn likeness() {
    assert_eq!(scores("Arsenal", "FC Arsenal"), 1000);
    assert_eq!(scores("Arsenal", "Arsenal (W)"), 0);
    assert_eq!(scores("Man Utd", "Manchester United"), 900);
    assert_eq!(scores("PSG", "Paris Saint-Germain"), 900);
    assert_eq!(scores("LDU", "Liga Dep. Universitaria"), 900);
    assert_eq!(scores("Manchester United", "Manchester City"), 500);
    assert_eq!(scores("Arsenal", "Everton"), 0);
    // Trigrams of "alder" and "alden": 6 each, 4 common.
    assert_eq!(scores("Alder", "Alden"), 666);
    // Nothing but designators: they are all there is.
    assert_eq!(scores("AC", "AC"), 1000);
}

fn two(a: &EventFacts<'_>, b: &EventFacts<'_>) -> Vec<Suggestion> {
    let mut identity = Identity::default();
    learn(&mut identity, a);
    learn(&mut identity, b);
    identity.suggestions()
}

#[test]
fn one_known_team_and_competition_are_enough_to_show() {
    let found = two(&facts("p", "1", "Gamba Osaka", "Everton"), &facts("q", "1", "ガンバ大阪", "Everton"));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].score, found[0].margin), (750, 750));
    assert_eq!(found[0].agrees, ["kick-off", "competition", "away"]);
    assert_eq!(found[0].names, [(Kind::Team, team("Gamba Osaka"), team("ガンバ大阪"))]);
}

#[test]
fn who_is_no_candidate() {
    let first = facts("p", "1", "Man Utd", "Everton");
    let other = facts("q", "1", "Manchester United", "Everton");
    assert_eq!(two(&first, &other).len(), 1);
    for (a, b) in [
        (first, EventFacts { provider: "p", event_id: "2", ..other }),
        (first, EventFacts { sport: Some("rugby"), ..other }),
        (first, EventFacts { starts_at: at("2026-09-08T12:31:00Z"), ..other }),
        (first, EventFacts { starts_at: None, ..other }),
        (first, EventFacts { starts_at: None, in_play: true, ..other }),
        (first, EventFacts { home: Some("Manchester United (W)"), away: Some("Everton (W)"), ..other }),
        (first, EventFacts { competition: Some("English Premier League Women"), ..other }),
        (first, EventFacts { home: Some("Everton"), away: Some("Manchester United"), ..other }),
        (first, EventFacts { home: Some("Liverpool"), away: Some("Chelsea"), ..other }),
    ] {
        assert_eq!(two(&a, &b), [], "{b:?}");
    }
    let running = |facts| EventFacts { starts_at: None, in_play: true, ..facts };
    assert_eq!(two(&running(first), &running(other)).len(), 1);
}

#[test]
fn a_confirmed_suggestion_makes_one_event() {
    let first = facts("p", "1", "Man Utd", "Spurs");
    let other = EventFacts {
        competition: Some("England Premier League"),
        ..facts("q", "7", "Manchester United", "Tottenham")
    };
    let untimed = |facts| EventFacts { starts_at: None, in_play: true, ..facts };
    let title = EventFacts {
        competition: None,
        home: None,
        away: None,
        title: Some("Man Utd v Tottenham"),
        ..facts("betfair", "3", "", "")
    };
    for (a, b, names) in [(first, other, 3), (untimed(first), untimed(other), 1), (first, title, 1)] {
        let (mut identity, mut book) = (Identity::default(), AliasBook::default());
        learn(&mut identity, &a);
        learn(&mut identity, &b);
        let found = identity.suggestions();
        assert_eq!(found.len(), 1);
        let confirmations = identity.confirmations(&found[0]);
        assert_eq!(confirmations.len(), names);
        for confirmation in confirmations {
            book.confirm(confirmation).unwrap();
        }
        let mut identity = Identity::new(book);
        let (x, y) = (learn(&mut identity, &a), learn(&mut identity, &b));
        assert_eq!(identity.group(x), identity.group(y));
        assert_eq!(identity.suggestions(), []);
    }
}

#[test]
fn a_rejected_suggestion_does_not_come_again() {
    let first = facts("p", "1", "Sporting", "Everton");
    for other in
        [facts("q", "7", "Sporting Gijon", "Everton"), facts("q", "7", "Sporting Gijon", "Everton Vina")]
    {
        let (mut identity, mut book) = (Identity::default(), AliasBook::default());
        learn(&mut identity, &first);
        learn(&mut identity, &other);
        let found = identity.suggestions();
        book.reject(identity.rejection(&found[0]).unwrap()).unwrap();
        let mut identity = Identity::new(book);
        learn(&mut identity, &first);
        learn(&mut identity, &other);
        assert_eq!(identity.suggestions(), []);
        // Names are remembered for every event, events for themselves.
        let tomorrow = at("2026-09-09T12:30:00Z");
        learn(&mut identity, &EventFacts { event_id: "2", starts_at: tomorrow, ..first });
        learn(&mut identity, &EventFacts { event_id: "8", starts_at: tomorrow, ..other });
        assert_eq!(identity.suggestions().len(), usize::from(other.away != first.away));
    }
}

#[test]
fn best_first_with_the_distance_to_the_next() {
    let mut identity = Identity::default();
    let a = learn(&mut identity, &facts("p", "1", "Manchester United", "Real Sociedad"));
    let b = learn(&mut identity, &facts("q", "1", "Man Utd", "R. Sociedad"));
    let c = learn(&mut identity, &facts("q", "2", "Man City", "Real Madrid"));
    let found = identity.suggestions();
    assert_eq!((found[0].a, found[0].b), (a, b));
    assert!(found.iter().all(|suggestion| suggestion.b != c || suggestion.score < found[0].score));
    let second = similarity(&team("Manchester United"), &team("Man City"))
        + similarity(&team("Real Sociedad"), &team("Real Madrid"));
    assert_eq!(found[0].margin, found[0].score - second / 2);
}

#[test]
fn every_provider_of_a_group_gets_its_own() {
    let mut identity = Identity::default();
    for provider in ["p", "q", "r"] {
        learn(&mut identity, &facts(provider, "1", "Manchester United", "Everton"));
    }
    for provider in ["s", "t"] {
        learn(&mut identity, &facts(provider, "1", "Man Utd", "Everton"));
    }
    let found: Vec<_> = identity.suggestions().iter().map(|s| (s.a, s.b)).collect();
    let node = |identity: &mut Identity, provider| identity.node(provider, "1");
    let p = node(&mut identity, "p");
    assert_eq!(found, [(p, node(&mut identity, "s")), (p, node(&mut identity, "t"))]);
}

#[test]
fn a_crowd_takes_no_time() {
    let mut identity = Identity::default();
    for id in 0..4000 {
        let provider = format!("p{}", id % 12);
        let (home, away) = (format!("Unity {id}x"), format!("Unified {id}y"));
        learn(&mut identity, &facts(&provider, &id.to_string(), &home, &away));
    }
    let began = std::time::Instant::now();
    let _ = identity.suggestions();
    assert!(began.elapsed().as_secs() < 5);
}
