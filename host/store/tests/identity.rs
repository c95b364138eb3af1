//! Answers and suggestions, as a person gives them and as runs leave them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_core::identity::{
    Alias, AliasError, Alone, Confirmation, EventFacts, Kind, Link, Rejection, normalise,
};
use antigravity_store::{Refusal, Store};
use common::{alias, at, evening, facts, link, name, open, refused, run};
use proptest::prelude::*;
use std::path::Path;

#[test]
fn what_a_run_saw_is_read_back() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    let title = EventFacts {
        home: None,
        away: None,
        starts_at: None,
        in_play: true,
        title: Some("A v B"),
        ..facts("x", "\0'\"", "", "")
    };
    let bare = EventFacts {
        sport: None,
        competition: None,
        home: None,
        away: None,
        starts_at: None,
        ..facts("y", "1", "", "")
    };
    let mut events = evening();
    events.extend([title, bare]);
    let identity = run(&mut store, &events, 7);
    drop(store);

    let store = open(&place);
    let kept = store.suggestions().unwrap();
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|kept| kept.seen_at == at(7)));
    let proposals: Vec<_> = identity.suggestions().iter().map(|it| identity.proposal(it).unwrap()).collect();
    assert_eq!(kept.into_iter().map(|kept| kept.proposal).collect::<Vec<_>>(), proposals);
    let unpaired = store.unpaired().unwrap();
    assert_eq!(unpaired, identity.unpaired());
    assert_eq!(unpaired.iter().filter(|(_, why)| *why == Alone::Unresolved).count(), 2);
}

#[test]
fn a_suggestion_keeps_its_number() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    let ids = |store: &Store| {
        let kept = store.suggestions().unwrap();
        kept.iter()
            .map(|kept| (kept.proposal.b.event_id.to_string(), kept.id))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    run(&mut store, &evening(), 1);
    let first = ids(&store);
    assert_eq!(first.len(), 3);
    run(&mut store, &evening()[4..], 2);
    assert_eq!(ids(&store), [("13".to_owned(), first["13"])].into(), "the last run's only");
    assert!(matches!(refused(store.confirm_suggestion(first["11"], at(2))), Refusal::NoSuggestion(_)));
    run(
        &mut store,
        &[facts("cmd368", "9", "Arsenal", "Spurs"), facts("isport", "19", "Arsenal FC", "Spurs")],
        3,
    );
    assert!(!first.values().any(|id| *id == ids(&store)["19"]), "no number is given twice");
    run(&mut store, &evening(), 4);
    assert_eq!(ids(&store), first);
    // Seen from the other side, since another provider has it too: the larger group comes first.
    let mut more = evening();
    more.push(facts("zeta", "21", "Manchester Utd", "Everton"));
    run(&mut store, &more, 5);
    let turned = store.suggestions().unwrap();
    let turned = turned.iter().find(|kept| &*kept.proposal.b.event_id == "1").unwrap();
    assert_eq!((turned.id, &*turned.proposal.a.event_id), (first["11"], "11"));
}

#[test]
fn one_answer_settles_the_others_that_ask_the_same() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    run(&mut store, &evening(), 1);
    let kept = store.suggestions().unwrap();
    let of = |event: &str| kept.iter().find(|kept| &*kept.proposal.b.event_id == event).unwrap().id;
    let taken = store.confirm_suggestion(of("11"), at(2)).unwrap();
    assert_eq!(taken, [alias("isport", "Manchester Utd", "Man Utd")]);
    let left = |store: &Store| store.suggestions().unwrap().iter().map(|kept| kept.id).collect::<Vec<_>>();
    assert_eq!(left(&store), [of("13")]);
    // Settled, and still known by its number.
    assert_eq!(store.confirm_suggestion(of("12"), at(2)).unwrap(), []);
    let rejected = store.reject_suggestion(of("13"), at(3)).unwrap();
    assert!(matches!(&rejected.rejection, Rejection::Names { kind: Kind::Team, .. }));
    assert_eq!((rejected.new, &rejected.withdrawn[..]), (true, &[][..]));
    assert!(left(&store).is_empty());
    assert!(!store.reject(&rejected.rejection, at(4)).unwrap().new, "once is enough");

    let identity = run(&mut store, &evening(), 5);
    assert_eq!(identity.suggestions(), [], "the next run knows");
    assert_eq!(store.unpaired().unwrap().len(), 3);
}

/// All names of a suggestion or none.
#[test]
fn a_suggestion_is_confirmed_whole() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    run(
        &mut store,
        &[facts("p", "1", "Man Utd", "Spurs"), facts("q", "7", "Manchester Utd", "Tottenham Spurs")],
        1,
    );
    let id = store.suggestions().unwrap()[0].id;
    // Another program changes a name, so that the second alias cannot be.
    let file = rusqlite::Connection::open(place.path().join("ag.sqlite")).unwrap();
    let change =
        "UPDATE identity_suggestion SET names = replace(names, 'tottenham spurs', 'tottenham spurs (women)')";
    assert_eq!(file.execute(change, []), Ok(1));
    assert_eq!(refused(store.confirm_suggestion(id, at(2))), Refusal::Alias(AliasError::MarksDiffer));
    let book = store.aliases().unwrap();
    assert_eq!(book.resolve("q", Kind::Team, name("Manchester Utd")), name("Manchester Utd"));
}

#[test]
fn a_link_that_could_not_hold_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    let alone = [
        facts("p", "1", "Arsenal", "Everton"),
        facts("q", "1", "Arsenal (W)", "Everton (W)"),
        facts("q", "2", "Everton", "Arsenal"),
        facts("q", "3", "Gunners", "Toffees"),
    ];
    let of_another = |facts: EventFacts<'static>| EventFacts { provider: "r", ..facts };
    let paired: Vec<_> = alone.iter().flat_map(|facts| [*facts, of_another(*facts)]).collect();
    run(&mut store, &alone, 1);
    for other in ["1", "2"] {
        let refusal = refused(store.confirm(&link(("P", "1"), ("q", other)), at(2)));
        assert_eq!(refusal, Refusal::Alias(AliasError::NeverOne));
    }
    assert!(store.confirm(&link(("P", "1"), ("q", "3")), at(2)).unwrap());
    // Paired, the events are known as before.
    run(&mut store, &paired, 2);
    assert_eq!(store.unpaired().unwrap(), []);
    for other in ["1", "2"] {
        let refusal = refused(store.confirm(&link(("P", "1"), ("q", other)), at(2)));
        assert_eq!(refusal, Refusal::Alias(AliasError::NeverOne));
    }
    let seen = |event: &str| store.event(&("Q".into(), event.into())).unwrap();
    assert_eq!(seen("2").and_then(|it| it.home), Some(name("Everton")));
    assert_eq!(seen("4"), None);
    // Nobody has seen it yet.
    assert!(store.confirm(&link(("p", "77"), ("q", "78")), at(2)).unwrap());
    let identity =
        run(&mut store, &[facts("p", "1", "Arsenal", "Everton"), facts("q", "3", "Gunners", "Toffees")], 3);
    assert_eq!(identity.unpaired(), []);
    // What is no longer seen goes; who was seen stays known.
    assert_eq!(store.event(&("q".into(), "2".into())).unwrap(), None);
    assert_eq!(store.providers().unwrap(), ["p", "q", "r"].map(Box::from));
}

#[test]
fn numbers_of_pairs_long_gone_are_forgotten() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    let file = rusqlite::Connection::open(place.path().join("ag.sqlite")).unwrap();
    file.execute_batch(
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100005)
         INSERT INTO identity_suggestion (provider_a, event_a, provider_b, event_b) SELECT 'p', i, 'q', i FROM n",
    )
    .unwrap();
    run(&mut store, &evening(), 1);
    let count = |what: &str| {
        let sql = format!("SELECT {what} FROM identity_suggestion WHERE current = 0");
        file.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((count("count(*)"), count("min(id)")), (100_000, 6));
    assert_eq!(store.suggestions().unwrap().len(), 3);
}

/// Ten thousand events of twelve providers, as a busy day has them.
#[test]
fn a_whole_board() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    let ids: Vec<_> = (0..10_000)
        .map(|number| (number.to_string(), format!("alpha{number} club"), format!("beta{number} town")))
        .collect();
    let providers: Vec<_> = (0..12).map(|number| format!("p{number}")).collect();
    let events: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(at, (id, home, away))| facts(&providers[at % 12], id, home, away))
        .collect();
    let identity = run(&mut store, &events, 1);
    assert_eq!(store.unpaired().unwrap(), identity.unpaired());
    assert_eq!(identity.unpaired().len(), 10_000);
}

fn raw() -> impl Strategy<Value = String> {
    let words = [
        "Arsenal",
        "FC",
        "(W)",
        "Women",
        "U21",
        "B",
        "II",
        "(R)",
        "Jong",
        "ガンバ大阪",
        "Łódź",
        "F.C.",
        "&",
        "\0",
        "'",
    ];
    let listed = proptest::collection::vec(proptest::sample::select(words.to_vec()), 1..7);
    prop_oneof![2 => listed.prop_map(|words| words.join(" ")), 1 => "\\PC{1,40}", 1 => any::<String>()]
}

fn kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(Kind::ALL.to_vec())
}

/// What resolves how, in a book and in the one read back.
fn same(path: &Path, book: &antigravity_core::identity::AliasBook, names: &[(Kind, String)]) {
    let read = Store::open(path).unwrap().aliases().unwrap();
    for provider in ["p", "Q", "İx"] {
        for (kind, raw) in names {
            if let Ok(name) = normalise(*kind, raw) {
                assert_eq!(
                    read.resolve(provider, *kind, name.clone()),
                    book.resolve(provider, *kind, name),
                    "{raw:?}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the names: what is confirmed is read back as it was, marks and all.
    #[test]
    fn answers_are_read_back(
        aliases in proptest::collection::vec((0..3usize, kind(), raw(), raw()), 1..24),
        links in proptest::collection::vec((0..3usize, any::<String>(), 0..3usize, any::<String>()), 0..6),
    ) {
        const PROVIDERS: [&str; 3] = ["p", "Q", "İx"];
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("ag.sqlite");
        let (mut store, mut book) = (Store::open(&path).unwrap(), antigravity_core::identity::AliasBook::default());
        let mut answers = Vec::new();
        for (provider, kind, from, to) in &aliases {
            if let (Ok(from), Ok(to)) = (normalise(*kind, from), normalise(*kind, to)) {
                answers.push(Confirmation::Alias(Alias { provider: PROVIDERS[*provider].into(), kind: *kind, from, to }));
            }
        }
        for (a, x, b, y) in links {
            let event = |provider: usize, id: String| (PROVIDERS[provider].into(), id.into());
            answers.push(Confirmation::Link(Link { a: event(a, x), b: event(b, y) }));
        }
        for answer in &answers {
            match book.confirm(answer.clone()) {
                Ok(()) => { store.confirm(answer, at(1)).unwrap(); }
                Err(error) => prop_assert_eq!(refused(store.confirm(answer, at(1))), Refusal::Alias(error)),
            }
        }
        drop(store);
        let names: Vec<_> = aliases.into_iter().flat_map(|(_, kind, from, to)| [(kind, from), (kind, to)]).collect();
        same(&path, &book, &names);
        // All of them are known.
        let mut store = Store::open(&path).unwrap();
        for answer in answers {
            if let Ok(new) = store.confirm(&answer, at(2)) {
                prop_assert!(!new);
            }
        }
    }

    /// Whatever providers call their events: they are read back as they were.
    #[test]
    fn events_are_read_back(events in proptest::collection::vec((0..3usize, any::<String>(), raw(), raw(), raw(), raw(), any::<i64>(), any::<bool>()), 1..24)) {
        let place = tempfile::tempdir().unwrap();
        let mut store = open(&place);
        let providers = ["p", "Q", "\u{130}x"];
        let seen: Vec<_> = events.iter().map(|(provider, id, sport, competition, home, away, starts, in_play)| EventFacts {
            provider: providers[*provider],
            event_id: id,
            sport: Some(sport),
            competition: Some(competition),
            home: Some(home),
            away: Some(away),
            title: (id.len() % 2 == 0).then_some(&**home),
            starts_at: Some(antigravity_core::Timestamp::from_nanos(*starts)),
            in_play: *in_play,
            score: None,
        }).collect();
        let identity = run(&mut store, &seen, 1);
        prop_assert_eq!(store.unpaired().unwrap(), identity.unpaired());
        let kept: Vec<_> = store.suggestions().unwrap().into_iter().map(|kept| kept.proposal).collect();
        let proposals: Vec<_> = identity.suggestions().iter().map(|it| identity.proposal(it).unwrap()).collect();
        prop_assert_eq!(kept, proposals);
    }
}
