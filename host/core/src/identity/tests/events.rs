use super::*;
use crate::Timestamp;
use proptest::prelude::*;

pub(super) const KICK_OFF: &str = "2026-09-08T12:30:00Z";

/// Facts of a soccer match of the English Premier League at [`KICK_OFF`], not running.
pub(super) fn facts<'a>(
    provider: &'a str,
    event_id: &'a str,
    home: &'a str,
    away: &'a str,
) -> EventFacts<'a> {
    EventFacts {
        provider,
        event_id,
        sport: Some("soccer"),
        competition: Some("English Premier League"),
        home: Some(home),
        away: Some(away),
        title: None,
        starts_at: at(KICK_OFF),
        in_play: false,
        score: None,
    }
}

pub(super) fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

pub(super) fn learn(identity: &mut Identity, facts: &EventFacts<'_>) -> EventNode {
    let node = identity.node(facts.provider, facts.event_id);
    identity.learn(node, facts);
    node
}

fn one(identity: &Identity, a: EventNode, b: EventNode) -> bool {
    identity.group(a).unwrap() == identity.group(b).unwrap()
}

fn together(a: &EventFacts<'_>, b: &EventFacts<'_>) -> bool {
    let mut identity = Identity::default();
    let (a, b) = (learn(&mut identity, a), learn(&mut identity, b));
    one(&identity, a, b)
}

fn linked(a: &EventFacts<'_>, b: &EventFacts<'_>) -> bool {
    let mut book = AliasBook::default();
    let event = |facts: &EventFacts<'_>| (facts.provider.into(), facts.event_id.into());
    book.confirm(Confirmation::Link(Link { a: event(a), b: event(b) })).unwrap();
    let mut identity = Identity::new(book);
    let (a, b) = (learn(&mut identity, a), learn(&mut identity, b));
    assert_eq!(identity.linked(identity.group(a).unwrap()), one(&identity, a, b));
    one(&identity, a, b)
}

#[test]
fn all_facts_equal_is_one_event() {
    let mut identity = Identity::default();
    let a = learn(&mut identity, &facts("p", "1", "Arsenal", "Everton"));
    let b = learn(&mut identity, &facts("Q", "9", "ARSENAL", "Everton "));
    assert!(one(&identity, a, b));
    let group = identity.group(a).unwrap();
    assert_eq!(identity.canonical(group), "soccer/english premier league/arsenal/everton/2026-09-08T12:30Z");
    assert_eq!(identity.alone(a), None);
    assert!(!identity.linked(group));
    assert_eq!(identity.node("q", "9"), b);
}

#[test]
fn any_other_fact_is_another_event() {
    let base = facts("p", "1", "Arsenal", "Everton");
    let other = facts("q", "9", "Arsenal", "Everton");
    assert!(together(&base, &other));
    for changed in [
        EventFacts { sport: Some("basketball"), ..other },
        EventFacts { competition: Some("English FA Cup"), ..other },
        EventFacts { home: Some("Arsenal (W)"), ..other },
        EventFacts { away: Some("Everton U21"), ..other },
        EventFacts { home: Some("Everton"), away: Some("Arsenal"), ..other },
        EventFacts { starts_at: at("2026-09-08T12:31:00Z"), ..other },
        EventFacts { sport: None, ..other },
        EventFacts { competition: None, ..other },
        EventFacts { home: None, ..other },
        EventFacts { starts_at: None, ..other },
    ] {
        assert!(!together(&base, &changed), "{changed:?}");
    }
    // To the minute.
    assert!(together(&base, &EventFacts { starts_at: at("2026-09-08T12:30:59.9Z"), ..other }));
    assert!(!together(&base, &EventFacts { starts_at: at("2026-09-08T12:29:59.9Z"), ..other }));
}

#[test]
fn unknown_facts_are_never_equal() {
    let base = facts("p", "1", "Arsenal", "Everton");
    let other = facts("q", "9", "Arsenal", "Everton");
    for unknown in [
        |facts: EventFacts<'static>| EventFacts { starts_at: None, in_play: true, ..facts },
        |facts: EventFacts<'static>| EventFacts { competition: None, ..facts },
        |facts: EventFacts<'static>| EventFacts { sport: None, ..facts },
        |facts: EventFacts<'static>| EventFacts { away: None, ..facts },
        |facts: EventFacts<'static>| EventFacts {
            home: None,
            away: None,
            title: Some("Arsenal v Everton"),
            ..facts
        },
    ] {
        assert!(!together(&unknown(base), &unknown(other)));
        assert!(linked(&unknown(base), &unknown(other)));
    }
    let twin = facts("q", "9", "Arsenal", "Arsenal");
    assert!(!together(&facts("p", "1", "Arsenal", "Arsenal"), &twin));
}

#[test]
fn a_kick_off_once_seen_stays_while_the_event_runs() {
    let mut identity = Identity::default();
    let first = facts("p", "1", "Arsenal", "Everton");
    let a = learn(&mut identity, &first);
    let b = learn(&mut identity, &facts("q", "9", "Arsenal", "Everton"));
    for running in [None, at("2026-09-08T13:32:00Z")] {
        assert!(!identity.learn(a, &EventFacts { starts_at: running, in_play: true, ..first }));
        assert!(one(&identity, a, b));
    }
    // Before it runs the event can be moved.
    let c = learn(&mut identity, &facts("r", "5", "Arsenal", "Everton"));
    let moved = EventFacts { starts_at: at("2026-09-08T18:00:00Z"), ..facts("r", "5", "Arsenal", "Everton") };
    assert!(identity.learn(c, &moved));
    assert_eq!(identity.moved(), [c]);
    assert!(!one(&identity, a, c));
    assert!(one(&identity, a, b));
}

#[test]
fn names_not_told_again_stay_known() {
    let mut identity = Identity::default();
    let a = learn(&mut identity, &facts("p", "1", "Arsenal", "Everton"));
    let b = learn(&mut identity, &facts("q", "9", "Arsenal", "Everton"));
    let long = "x".repeat(300);
    let junk =
        EventFacts { home: None, away: Some("--"), competition: Some(&long), ..facts("p", "1", "", "") };
    assert!(!identity.learn(a, &junk));
    assert!(one(&identity, a, b));
}

#[test]
fn titles_and_nothing_at_all() {
    let mut identity = Identity::default();
    let nothing = EventFacts { competition: None, home: None, away: None, ..facts("betfair", "1", "", "") };
    let a = learn(&mut identity, &nothing);
    assert_eq!(identity.group(a), Err(Unresolved::Unnamed));
    let title = EventFacts {
        sport: Some("Horse Racing"),
        title: Some("Crayford 3rd May"),
        starts_at: at(KICK_OFF),
        ..nothing
    };
    assert!(identity.learn(a, &title));
    assert_eq!(identity.canonical(identity.group(a).unwrap()), "horse-racing/-/crayford 3rd may/-/-");
    assert_eq!(identity.alone(a), Some(Alone::Unresolved));
    // Another race of the meeting.
    assert!(!identity.learn(a, &EventFacts { starts_at: at("2026-09-08T12:45:00Z"), ..title }));
}

#[test]
fn home_and_away_exchanged() {
    let mut identity = Identity::default();
    let a = learn(&mut identity, &facts("p", "1", "Bellucci M.", "Davidovich Fokina A."));
    assert_eq!(identity.alone(a), Some(Alone::NoCounterpart));
    let b = learn(&mut identity, &facts("q", "9", "Davidovich Fokina A.", "Bellucci M."));
    assert!(!one(&identity, a, b));
    assert_eq!(identity.alone(a), Some(Alone::Swapped));
    assert_eq!(identity.alone(b), Some(Alone::Swapped));
    // Nor does a link say which side is home.
    assert!(!linked(
        &facts("p", "1", "Bellucci", "Davidovich Fokina"),
        &facts("q", "9", "Davidovich Fokina", "Bellucci")
    ));
    let title =
        EventFacts { home: None, away: None, title: Some("Everton v Arsenal"), ..facts("q", "9", "", "") };
    assert!(!linked(&facts("p", "1", "Arsenal", "Everton"), &title));
    assert!(linked(&facts("p", "1", "Everton", "Arsenal"), &title));
}

#[test]
fn links_never_cross_marks_or_sports() {
    let first = facts("p", "1", "Arsenal", "Everton");
    assert!(linked(&first, &facts("q", "9", "The Gunners", "The Toffees")));
    assert!(!linked(&first, &facts("q", "9", "Arsenal (W)", "Everton (W)")));
    assert!(!linked(&first, &facts("q", "9", "Arsenal U21", "Everton U21")));
    assert!(!linked(&first, &EventFacts { sport: Some("tennis"), ..facts("q", "9", "Arsenal", "Everton") }));
}

#[test]
fn a_linked_group_bears_the_text_of_the_smallest() {
    let mut book = AliasBook::default();
    for (a, b) in [(("m", "1"), ("z", "1")), (("z", "1"), ("c", "1"))] {
        let event = |(provider, id): (&str, &str)| (provider.into(), id.into());
        book.confirm(Confirmation::Link(Link { a: event(a), b: event(b) })).unwrap();
    }
    let mut identity = Identity::new(book);
    let m = learn(&mut identity, &facts("m", "1", "Gunners", "Toffees"));
    let plain = learn(&mut identity, &facts("k", "1", "Arsenal", "Everton"));
    let z = learn(&mut identity, &facts("z", "1", "Arsenal", "Everton"));
    // z brought the two together: by its text with k, by the link with m.
    assert!(one(&identity, m, plain) && one(&identity, z, plain));
    assert!(identity.moved().contains(&z));
    let text = |identity: &Identity, node| identity.canonical(identity.group(node).unwrap()).to_owned();
    assert!(text(&identity, m).contains("/arsenal/"), "k is the smallest");
    let c = learn(&mut identity, &facts("c", "1", "ARS", "EVE"));
    assert!(text(&identity, plain).contains("/ars/"));
    assert_eq!(identity.moved().len(), 4, "another text, another group");
    assert!(identity.linked(identity.group(c).unwrap()));
    // z moves away in time: the links hold, the text no longer.
    let later = EventFacts { starts_at: at("2026-09-09T12:30:00Z"), ..facts("z", "1", "Arsenal", "Everton") };
    assert!(identity.learn(z, &later));
    assert_eq!(identity.moved(), [plain]);
    assert!(one(&identity, c, z) && one(&identity, c, m) && !one(&identity, c, plain));
}

#[test]
fn aliases_resolve_the_positives() {
    let (mut book, names) = (
        AliasBook::default(),
        [
            ("Man Utd", "Manchester United FC"),
            ("Bayern München", "FC Bayern Munich"),
            ("Hearts", "Heart of Midlothian"),
            ("LDU", "Liga Dep. Universitaria"),
            ("PSG", "Paris Saint-Germain"),
        ],
    );
    for (from, to) in names {
        assert!(!together(&facts("p", "1", from, "Everton"), &facts("q", "1", to, "Everton")));
        let alias = Alias { provider: "p".into(), kind: Kind::Team, from: team(from), to: team(to) };
        book.confirm(Confirmation::Alias(alias)).unwrap();
    }
    let mut identity = Identity::new(book);
    for (at, (from, to)) in names.into_iter().enumerate() {
        let id = at.to_string();
        let a = learn(&mut identity, &facts("p", &id, from, "Everton"));
        let b = learn(&mut identity, &facts("q", &id, to, "Everton"));
        assert!(one(&identity, a, b), "{from}");
    }
}

#[test]
fn thousands_of_equal_events() {
    let mut identity = Identity::default();
    let ids: Vec<String> = (0..3000).map(|id| id.to_string()).collect();
    for id in &ids {
        learn(&mut identity, &facts("p", id, "Arsenal", "Everton"));
    }
    let last = learn(&mut identity, &facts("q", "1", "Arsenal", "Everton"));
    assert_eq!(identity.members(identity.group(last).unwrap()).len(), 3001);
    assert_eq!(identity.alone(last), None);
}

proptest! {
    /// Whatever came first, and whatever changed on the way: the same groups and texts.
    #[test]
    fn order_does_not_matter(
        events in proptest::collection::vec((0..4usize, 0..3usize, 0..2usize, any::<bool>()), 1..12),
        links in proptest::collection::vec(((0..4usize, 0..3usize), (0..4usize, 0..3usize)), 0..4),
        rotation in 0..12usize,
    ) {
        const PROVIDERS: [&str; 4] = ["a", "b", "c", "d"];
        const IDS: [&str; 3] = ["1", "2", "3"];
        const HOMES: [&str; 2] = ["Arsenal", "Chelsea"];
        let event = |(p, id): (usize, usize)| (PROVIDERS[p].into(), IDS[id].into());
        let mut book = AliasBook::default();
        for (a, b) in links {
            // Links that cannot be are refused: the rest is what is tested.
            let _ = book.confirm(Confirmation::Link(Link { a: event(a), b: event(b) }));
        }
        let facts = |(p, id, home, timed): (usize, usize, usize, bool)| EventFacts {
            starts_at: if timed { at(KICK_OFF) } else { None },
            ..facts(PROVIDERS[p], IDS[id], HOMES[home], "Everton")
        };
        let mut last = std::collections::BTreeMap::new();
        for (p, id, home, timed) in &events {
            // A kick-off is remembered.
            let timed = *timed || last.get(&(*p, *id)).is_some_and(|(_, timed)| *timed);
            last.insert((*p, *id), (*home, timed));
        }
        let (mut long, mut short) = (Identity::new(book.clone()), Identity::new(book));
        for event in &events {
            learn(&mut long, &facts(*event));
        }
        let mut direct: Vec<_> = last.into_iter().map(|((p, id), (home, timed))| (p, id, home, timed)).collect();
        let by = rotation % direct.len();
        direct.rotate_left(by);
        let nodes: Vec<_> = direct.iter().map(|event| learn(&mut short, &facts(*event))).collect();
        let twins: Vec<_> = direct.iter().map(|(p, id, ..)| long.node(PROVIDERS[*p], IDS[*id])).collect();
        for (a, x) in nodes.iter().zip(&twins) {
            prop_assert_eq!(short.canonical(short.group(*a).unwrap()), long.canonical(long.group(*x).unwrap()));
            prop_assert_eq!(short.alone(*a), long.alone(*x));
            prop_assert_eq!(short.linked(short.group(*a).unwrap()), long.linked(long.group(*x).unwrap()));
            for (b, y) in nodes.iter().zip(&twins) {
                prop_assert_eq!(one(&short, *a, *b), one(&long, *x, *y));
            }
        }
    }
}
