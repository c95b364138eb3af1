//! Answers that are taken back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_core::identity::{Confirmation, EventFacts, Rejection, Standing};
use antigravity_store::Refusal;
use common::{alias, at, evening, facts, link, open, refused, run};

fn not(confirmation: &Confirmation) -> Rejection {
    match confirmation.clone() {
        Confirmation::Alias(alias) => Rejection::Alias(alias),
        Confirmation::Link(link) => Rejection::Events(link),
    }
}

/// One answer about a team and a competition, another about the competition alone.
#[test]
fn a_confirmed_suggestion_is_withdrawn() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    let league = |facts| EventFacts { competition: Some("EPL"), ..facts };
    let events = [
        facts("cmd368", "1", "Man Utd", "Everton"),
        league(facts("isport", "11", "Manchester Utd", "Everton")),
        facts("cmd368", "3", "Sporting", "Fulham"),
        league(facts("isport", "13", "Sporting Gijon", "Fulham")),
    ];
    run(&mut store, &events, 1);
    let kept = store.suggestions().unwrap();
    let of = |event: &str| kept.iter().find(|kept| &*kept.proposal.b.event_id == event).unwrap().id;
    let (first, second) = (of("11"), of("13"));
    let taken = store.confirm_suggestion(first, at(2)).unwrap();
    let other = store.confirm_suggestion(second, at(3)).unwrap();
    assert_eq!((taken.len(), other.len()), (2, 1));
    let confirmed = store.confirmed().unwrap();
    let said: Vec<_> = confirmed.iter().map(|it| (it.suggestion, it.at)).collect();
    let answer = |id, seconds| (Some(id), Some(at(seconds)));
    assert_eq!(said, [answer(second, 3), answer(first, 2), answer(first, 2)], "the newest first");
    assert_eq!(confirmed[0].confirmation, other[0]);

    // After runs that find the events paired, or not at all.
    assert_eq!(run(&mut store, &events, 4).suggestions(), []);
    run(&mut store, &[], 5);
    let rejected = store.reject_suggestion(second, at(6)).unwrap();
    assert_eq!(rejected.withdrawn, other, "the first answer stays");
    assert_eq!(store.confirmed().unwrap().len(), 2);
    assert!(rejected.new && matches!(rejected.rejection, Rejection::Names { .. }));
    let identity = run(&mut store, &events, 7);
    assert_eq!((identity.suggestions(), identity.unpaired().len()), (Vec::new(), 2));
    // Confirmed after all.
    assert_eq!(store.confirm_suggestion(second, at(8)).unwrap(), other);
    assert_eq!(run(&mut store, &events, 9).unpaired(), []);
    // All of the first answer, the competition too.
    let rejected = store.reject_suggestion(first, at(10)).unwrap();
    assert_eq!(rejected.withdrawn, taken);
    let unpaired = run(&mut store, &events, 11);
    assert_eq!(unpaired.unpaired().len(), 4);
    assert_eq!(store.suggestions().unwrap().len(), 1, "of the second the competition is open again");
}

#[test]
fn what_was_confirmed_in_words_is_withdrawn() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    run(&mut store, &evening(), 1);
    let name = alias("isport", "Manchester Utd", "Man Utd");
    let events = link(("cmd368", "3"), ("isport", "13"));
    for confirmation in [&name, &events] {
        store.confirm(confirmation, at(2)).unwrap();
    }
    assert_eq!(run(&mut store, &evening(), 3).unpaired().len(), 1);
    for confirmation in [&name, &events] {
        let rejected = store.reject(&not(confirmation), at(4)).unwrap();
        assert_eq!((rejected.new, rejected.withdrawn), (true, vec![confirmation.clone()]));
        let again = store.reject(&not(confirmation), at(5)).unwrap();
        assert_eq!((again.new, again.withdrawn), (false, Vec::new()));
    }
    assert_eq!(store.confirmed().unwrap(), []);
    let identity = run(&mut store, &evening(), 6);
    assert_eq!((identity.suggestions(), identity.unpaired().len()), (Vec::new(), 7));
    // A later confirmation takes the place of the rejection.
    for confirmation in [&name, &events] {
        assert!(store.confirm(confirmation, at(7)).unwrap());
    }
    assert_eq!(run(&mut store, &evening(), 8).unpaired().len(), 1);
    for confirmation in [&name, &events] {
        assert!(store.reject(&not(confirmation), at(9)).unwrap().new);
    }
}

/// A number that asks what another answer settled.
#[test]
fn a_question_of_another_number_is_withdrawn_too() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    run(&mut store, &evening(), 1);
    let kept = store.suggestions().unwrap();
    let of = |event: &str| kept.iter().find(|kept| &*kept.proposal.b.event_id == event).unwrap().id;
    let taken = store.confirm_suggestion(of("11"), at(2)).unwrap();
    assert_eq!(store.reject_suggestion(of("12"), at(3)).unwrap().withdrawn, taken);
    assert_eq!(store.confirmed().unwrap(), []);
}

/// What only several others confirm together is theirs: the refusal names them, and all stays as it was.
#[test]
fn what_other_answers_confirm_is_not_withdrawn() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place);
    run(&mut store, &evening(), 1);
    let kept = store.suggestions().unwrap();
    let id = kept.iter().find(|kept| &*kept.proposal.b.event_id == "13").unwrap().id;
    let steps =
        [alias("cmd368", "Sporting", "Sporting CP"), alias("isport", "Sporting Gijon", "Sporting CP")];
    for step in &steps {
        store.confirm(step, at(2)).unwrap();
    }
    let refusal = refused(store.reject_suggestion(id, at(3)));
    assert_eq!(refusal, Refusal::Stands(Standing::new(steps.to_vec())));
    let says = "first: team sporting of cmd368 is sporting cp; team sporting gijon of isport is sporting cp";
    assert!(refusal.to_string().ends_with(says), "{refusal}");
    let more = alias("isport", "Sporting CP", "Sporting Lisbon");
    store.confirm(&more, at(4)).unwrap();
    let direct = not(&alias("isport", "Sporting Gijon", "Sporting Lisbon"));
    let way = vec![steps[1].clone(), more];
    assert_eq!(refused(store.reject(&direct, at(5))), Refusal::Stands(Standing::new(way)));
    // A link that is withdrawn, while two others say the same.
    for (a, b) in [(("p", "1"), ("q", "1")), (("q", "1"), ("r", "1")), (("p", "1"), ("r", "1"))] {
        store.confirm(&link(a, b), at(6)).unwrap();
    }
    let before = store.confirmed().unwrap();
    let refusal = refused(store.reject(&not(&link(("p", "1"), ("r", "1"))), at(7)));
    assert!(
        matches!(&refusal, Refusal::Stands(standing) if standing.confirmations().len() == 2),
        "{refusal}"
    );
    assert_eq!(store.confirmed().unwrap(), before);
}
