use super::events::{at, facts, learn};
use super::*;

/// The proposals of two events, best first.
fn proposals(a: &EventFacts<'_>, b: &EventFacts<'_>) -> Vec<Proposal> {
    let mut identity = Identity::default();
    learn(&mut identity, a);
    learn(&mut identity, b);
    let suggestions = identity.suggestions();
    suggestions.iter().map(|suggestion| identity.proposal(suggestion).unwrap()).collect()
}

fn alias(provider: &str, from: &str, to: &str) -> Confirmation {
    Confirmation::Alias(Alias { provider: provider.into(), kind: Kind::Team, from: team(from), to: team(to) })
}

#[test]
fn a_proposal_says_what_the_suggestion_did() {
    let mut identity = Identity::default();
    learn(&mut identity, &facts("P", "1", "Man Utd", "Everton"));
    learn(&mut identity, &facts("q", "7", "Manchester United", "Everton"));
    let suggestion = &identity.suggestions()[0];
    let proposal = identity.proposal(suggestion).unwrap();
    assert_eq!((&*proposal.a.provider, &*proposal.a.event_id), ("p", "1"));
    assert_eq!(proposal.a.home, Some(team("man utd")));
    assert_eq!(proposal.b.starts_at, at("2026-09-08T12:30:00Z"));
    assert_eq!(proposal.confirmations(), identity.confirmations(suggestion));
    assert_eq!(proposal.confirmations(), [alias("q", "Manchester United", "Man Utd")]);
    assert_eq!(Some(proposal.rejection()), identity.rejection(suggestion));
    // Of another run.
    assert_eq!(Identity::default().proposal(suggestion), None);
}

#[test]
fn one_answer_settles_all_that_ask_the_same() {
    let first =
        proposals(&facts("p", "1", "Man Utd", "Everton"), &facts("q", "7", "Manchester Utd", "Everton"));
    let second =
        proposals(&facts("p", "2", "Chelsea", "Man Utd"), &facts("q", "8", "Chelsea", "Manchester Utd"));
    let third = proposals(
        &facts("p", "3", "Spurs", "Man Utd"),
        &facts("q", "9", "Tottenham Spurs", "Manchester Utd"),
    );
    let mut book = AliasBook::default();
    assert_eq!(book.answer(&first[0]), None);
    assert_eq!(book.accept(&first[0]).unwrap().len(), 1);
    assert_eq!(book.answer(&first[0]), Some(Answer::Confirmed));
    assert_eq!(book.answer(&second[0]), Some(Answer::Confirmed));
    assert_eq!(book.accept(&second[0]), Ok(Vec::new()));
    assert_eq!(book.answer(&third[0]), None);
    assert_eq!(book.accept(&third[0]), Ok(vec![alias("q", "Tottenham Spurs", "Spurs")]));

    let mut book = AliasBook::default();
    book.reject(first[0].rejection()).unwrap();
    for proposal in [&first[0], &second[0], &third[0]] {
        assert_eq!(book.answer(proposal), Some(Answer::Rejected));
    }
    // What is confirmed stays confirmed.
    book.accept(&first[0]).unwrap();
    assert_eq!(book.answer(&first[0]), Some(Answer::Confirmed));
}

/// Two of one question, the second the other way round: neither provider's name goes to the other's.
#[test]
fn the_other_way_round_is_the_same() {
    let there =
        proposals(&facts("p", "1", "Man Utd", "Everton"), &facts("q", "7", "Manchester Utd", "Everton"));
    let mut back = there[0].clone();
    (back.a, back.b) = (back.b, back.a);
    back.names = back.names.into_iter().map(|(kind, a, b)| (kind, b, a)).collect();
    let mut book = AliasBook::default();
    book.accept(&there[0]).unwrap();
    assert_eq!(book.accept(&back), Ok(Vec::new()));
}

/// `q` calls the team what `p` called it before a person gave it another name.
#[test]
fn a_circle_is_avoided_by_the_other_provider() {
    let mut book = AliasBook::default();
    book.confirm(alias("q", "Man Utd", "Manchester United")).unwrap();
    let mut identity = Identity::new(book.clone());
    let (p, q) = (facts("p", "1", "Man Utd", "Everton"), facts("q", "7", "Man Utd", "Everton"));
    learn(&mut identity, &p);
    learn(&mut identity, &q);
    let proposal = identity.proposal(&identity.suggestions()[0]).unwrap();
    assert_eq!(book.accept(&proposal), Ok(vec![alias("p", "Man Utd", "Manchester United")]));
    let mut identity = Identity::new(book);
    let (a, b) = (learn(&mut identity, &p), learn(&mut identity, &q));
    assert_eq!(identity.group(a), identity.group(b));
}

/// `q` leads the name that `p` has on to a third.
#[test]
fn names_are_one_after_one_answer() {
    let mut book = AliasBook::default();
    book.confirm(alias("q", "Man Utd", "Red Devils")).unwrap();
    let (p, q) = (facts("p", "1", "Man Utd", "Everton"), facts("q", "7", "Manchester Utd", "Everton"));
    let proposal = proposals(&p, &q).remove(0);
    assert_eq!(
        book.accept(&proposal),
        Ok(vec![alias("q", "Manchester Utd", "Man Utd"), alias("p", "Man Utd", "Red Devils")])
    );
    assert_eq!(book.answer(&proposal), Some(Answer::Confirmed));
    let mut identity = Identity::new(book);
    let (a, b) = (learn(&mut identity, &p), learn(&mut identity, &q));
    assert_eq!(identity.group(a), identity.group(b));
}

/// A third provider's alias leads the other way: the first one's name follows it.
#[test]
fn a_circle_over_a_third_provider_is_avoided() {
    let mut book = AliasBook::default();
    book.confirm(alias("r", "Man Utd", "Manchester Utd")).unwrap();
    let (p, q) = (facts("p", "1", "Man Utd", "Everton"), facts("q", "7", "Manchester Utd", "Everton"));
    let proposal = proposals(&p, &q).remove(0);
    assert_eq!(book.accept(&proposal), Ok(vec![alias("p", "Man Utd", "Manchester Utd")]));
    assert_eq!(book.grounds(&proposal), [alias("p", "Man Utd", "Manchester Utd")]);
}

#[test]
fn a_rejected_alias_is_not_suggested() {
    let league =
        |competition| EventFacts { competition: Some(competition), ..facts("q", "7", "Man U", "Everton") };
    let (p, q) = (facts("p", "1", "Man Utd", "Everton"), league("Premiership England"));
    let of = |provider: &str, kind, from: &str, to: &str| {
        let name = |raw| normalise(kind, raw).unwrap();
        Rejection::Alias(Alias { provider: provider.into(), kind, from: name(from), to: name(to) })
    };
    let proposal = proposals(&p, &q).remove(0);
    assert_eq!(proposal.names.len(), 2);
    for (rejection, rejects) in [
        (of("Q", Kind::Team, "Man U", "Man Utd"), true),
        (of("p", Kind::Team, "Man Utd", "Man U"), true),
        (of("q", Kind::Competition, "Premiership England", "English Premier League"), true),
        (of("r", Kind::Team, "Man U", "Man Utd"), false),
        (of("q", Kind::Team, "Man Utd", "Man U"), false),
        (of("q", Kind::Runner, "Man U", "Man Utd"), false),
    ] {
        let mut book = AliasBook::default();
        book.reject(rejection.clone()).unwrap();
        assert_eq!(book.answer(&proposal), rejects.then_some(Answer::Rejected), "{rejection:?}");
        let mut identity = Identity::new(book.clone());
        learn(&mut identity, &p);
        learn(&mut identity, &q);
        assert_eq!(identity.suggestions().is_empty(), rejects, "{rejection:?}");
        // What is confirmed later counts.
        book.accept(&proposal).unwrap();
        assert_eq!(book.answer(&proposal), Some(Answer::Confirmed));
    }
    let mut book = AliasBook::default();
    assert_eq!(book.reject(of("q", Kind::Team, "Man U", "MAN U")), Err(AliasError::OneName));
    assert_eq!(book.reject(of("", Kind::Team, "Man U", "x")), Err(AliasError::Empty));
}

#[test]
fn a_refused_proposal_leaves_the_book_as_it_was() {
    let proposal = &mut proposals(
        &facts("p", "1", "Man Utd", "Spurs"),
        &facts("q", "7", "Manchester Utd", "Tottenham Spurs"),
    )[0];
    assert_eq!(proposal.names.len(), 2);
    proposal.names[1].2 = team("Tottenham (W)");
    let mut book = AliasBook::default();
    assert_eq!(book.accept(proposal), Err(AliasError::MarksDiffer));
    assert_eq!(book.resolve("q", Kind::Team, team("Manchester Utd")), team("Manchester Utd"));
}

#[test]
fn links() {
    let running = |facts| EventFacts { starts_at: None, in_play: true, ..facts };
    let proposal = &proposals(
        &running(facts("p", "1", "Man Utd", "Everton")),
        &running(facts("q", "7", "Man U", "Everton")),
    )[0];
    assert!(proposal.by_link);
    let mut book = AliasBook::default();
    let confirmed = book.accept(proposal).unwrap();
    assert!(matches!(&confirmed[..], [Confirmation::Link(link)] if *link.a.0 == *"p" && *link.b.1 == *"7"));
    assert_eq!(book.accept(proposal), Ok(Vec::new()));
    assert_eq!(book.answer(proposal), Some(Answer::Confirmed));
}

#[test]
fn who_has_no_counterpart() {
    let mut identity = Identity::default();
    learn(&mut identity, &facts("q", "2", "Chelsea", "Everton"));
    learn(&mut identity, &facts("p", "2", "Chelsea", "Everton"));
    learn(&mut identity, &facts("p", "1", "Arsenal", "Spurs"));
    learn(&mut identity, &facts("q", "1", "Spurs", "Arsenal"));
    learn(&mut identity, &facts("p", "0", "Arsenal", "Fulham"));
    learn(&mut identity, &EventFacts { competition: None, ..facts("p", "3", "Arsenal", "Fulham") });
    let found = identity.unpaired();
    let found: Vec<_> = found.iter().map(|(event, why)| (&*event.provider, &*event.event_id, *why)).collect();
    use Alone::{NoCounterpart, Swapped, Unresolved};
    let expected =
        [("p", "0", NoCounterpart), ("p", "1", Swapped), ("p", "3", Unresolved), ("q", "1", Swapped)];
    assert_eq!(found, expected);
    let all: Vec<_> = identity.events().map(|(event, why)| (event.event_id, why.is_some())).collect();
    let all: Vec<_> = all.iter().map(|(id, alone)| (&**id, *alone)).collect();
    assert_eq!(all, [("0", true), ("1", true), ("2", false), ("3", true), ("1", true), ("2", false)]);
    for alone in Alone::ALL {
        assert_eq!(Alone::named(alone.name()), Some(alone));
    }
}

#[test]
fn events_that_a_link_may_join() {
    let known = |facts: &EventFacts<'_>| {
        let mut identity = Identity::default();
        learn(&mut identity, facts);
        identity.unpaired().remove(0).0
    };
    let first = facts("p", "1", "Arsenal", "Everton");
    let titled = EventFacts { home: None, away: None, ..first };
    for (other, may) in [
        (facts("q", "9", "The Gunners", "The Toffees"), true),
        (facts("q", "9", "Arsenal (W)", "Everton (W)"), false),
        (facts("q", "9", "Everton", "Arsenal"), false),
        (EventFacts { sport: Some("tennis"), ..first }, false),
        (EventFacts { title: Some("Arsenal v Everton"), ..titled }, true),
        (EventFacts { title: Some("Everton v Arsenal"), ..titled }, false),
    ] {
        assert_eq!(known(&first).may_be_one(&known(&other)), may, "{other:?}");
        assert_eq!(known(&other).may_be_one(&known(&first)), may, "{other:?}");
    }
}
