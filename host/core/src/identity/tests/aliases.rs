use super::*;

fn alias(provider: &str, from: &str, to: &str) -> Confirmation {
    Confirmation::Alias(Alias { provider: provider.into(), kind: Kind::Team, from: team(from), to: team(to) })
}

fn link(a: (&str, &str), b: (&str, &str)) -> Link {
    Link { a: (a.0.into(), a.1.into()), b: (b.0.into(), b.1.into()) }
}

#[test]
fn an_alias_is_of_one_provider_and_kind() {
    let mut book = AliasBook::default();
    book.confirm(alias("CMD368", "Man Utd", "Manchester United")).unwrap();
    book.confirm(alias("cmd368", "Man Utd", "Manchester United")).unwrap();
    let manchester = team("Manchester United");
    assert_eq!(book.resolve("cmd368", Kind::Team, team("MAN UTD")), manchester);
    assert_eq!(book.resolve("Cmd368", Kind::Team, team("Man. Utd")), manchester);
    assert_eq!(book.resolve("isport", Kind::Team, team("Man Utd")), team("Man Utd"));
    assert_eq!(book.resolve("cmd368", Kind::Competition, team("Man Utd")), team("Man Utd"));
    assert_eq!(book.resolve("cmd368", Kind::Team, team("Man Utd (W)")), team("Man Utd (W)"));
}

#[test]
fn aliases_follow_each_other_and_never_round() {
    let mut book = AliasBook::default();
    book.confirm(alias("p", "a1", "b1")).unwrap();
    book.confirm(alias("p", "b1", "c1")).unwrap();
    assert_eq!(book.resolve("p", Kind::Team, team("a1")), team("c1"));
    assert_eq!(book.confirm(alias("p", "d1", "D1")), Err(AliasError::OneName));
    assert_eq!(book.confirm(alias("p", "a1", "z1")), Err(AliasError::Conflict { already: team("b1") }));
    let circle = AliasError::Circle(Standing::new(vec![alias("p", "a1", "b1"), alias("p", "b1", "c1")]));
    assert_eq!(book.confirm(alias("p", "c1", "a1")), Err(circle));
}

/// Each provider for itself would end, and no two of them would ever agree.
#[test]
fn names_of_all_providers_form_no_circle() {
    let mut book = AliasBook::default();
    book.confirm(alias("cmd368", "Man Utd", "Manchester United FC")).unwrap();
    let crossed = book.confirm(alias("afb88", "Manchester United FC", "Man Utd")).unwrap_err();
    let standing = alias("cmd368", "Man Utd", "Manchester United FC");
    assert_eq!(crossed, AliasError::Circle(Standing::new(vec![standing])));
    assert_eq!(
        crossed.to_string(),
        "the names would stand for each other in a circle, since team man utd of cmd368 is manchester united fc"
    );
    // Over three names and three providers, the shortest way named.
    let mut book = AliasBook::default();
    for (provider, from, to) in [("p", "a1", "b1"), ("q", "b1", "c1"), ("r", "b1", "d1"), ("r", "d1", "c1")] {
        book.confirm(alias(provider, from, to)).unwrap();
    }
    let circle = book.confirm(alias("s", "c1", "a1")).unwrap_err();
    let standing = [alias("p", "a1", "b1"), alias("q", "b1", "c1")];
    assert_eq!(circle, AliasError::Circle(Standing::new(standing.into())));
    assert!(circle.to_string().ends_with("since team a1 of p is b1; team b1 of q is c1"), "{circle}");
    assert_eq!(book.resolve("s", Kind::Team, team("c1")), team("c1"), "the book is as it was");
    // The other way is none, and neither is another kind.
    book.confirm(alias("s", "a1", "c1")).unwrap();
    let of_kind = |kind| Alias { provider: "q".into(), kind, from: team("c1"), to: team("a1") };
    book.confirm(Confirmation::Alias(of_kind(Kind::Competition))).unwrap();
}

#[test]
fn what_stands_against_a_rejection() {
    let mut book = AliasBook::default();
    for (provider, from, to) in [("p", "a1", "b1"), ("p", "b1", "c1"), ("p", "c1", "z1"), ("q", "x1", "c1")] {
        book.confirm(alias(provider, from, to)).unwrap();
    }
    let not = |provider: &str, from, to| {
        let Confirmation::Alias(alias) = alias(provider, from, to) else { unreachable!() };
        Rejection::Alias(alias)
    };
    assert_eq!(book.against(&not("P", "a1", "c1")), [alias("p", "a1", "b1"), alias("p", "b1", "c1")]);
    assert_eq!(book.against(&not("q", "a1", "c1")), []);
    assert_eq!(book.against(&not("p", "c1", "a1")), []);
    let names =
        |x, y| Rejection::Names { kind: Kind::Team, a: ("p".into(), team(x)), b: ("q".into(), team(y)) };
    // Up to the first name both have.
    let both = [alias("p", "b1", "c1"), alias("q", "x1", "c1")];
    assert_eq!(book.against(&names("b1", "x1")), both);
    assert_eq!(book.against(&names("b1", "c1")), both[..1]);
    assert_eq!(book.against(&names("b1", "y1")), []);
    for (a, b) in [(("p", "1"), ("q", "1")), (("q", "1"), ("r", "1")), (("r", "1"), ("s", "1"))] {
        book.confirm(Confirmation::Link(link(a, b))).unwrap();
    }
    let events = |a, b| Rejection::Events(link(a, b));
    let standing = book.against(&events(("R", "1"), ("p", "1")));
    let expected = [(("r", "1"), ("q", "1")), (("q", "1"), ("p", "1"))];
    assert_eq!(standing, expected.map(|(a, b)| Confirmation::Link(link(a, b))));
    assert_eq!(book.against(&events(("p", "1"), ("q", "2"))), []);
}

#[test]
fn marks_never_cross() {
    let mut book = AliasBook::default();
    for (from, to) in [
        ("Arsenal (W)", "Arsenal"),
        ("Arsenal", "Arsenal Women"),
        ("England U21", "England"),
        ("England U21", "England U20"),
        ("Barcelona B", "Barcelona"),
        ("Barcelona B", "Barcelona II"),
        ("Boca Juniors (R)", "Boca Juniors"),
    ] {
        assert_eq!(book.confirm(alias("p", from, to)), Err(AliasError::MarksDiffer), "{from}");
    }
    book.confirm(alias("p", "FC Barcelona B", "Barcelona B")).unwrap();
    assert_eq!(book.confirm(alias("", "a1", "b1")), Err(AliasError::Empty));
}

#[test]
fn links_join_no_two_events_of_a_provider() {
    let mut book = AliasBook::default();
    let mut confirm = |a, b| book.confirm(Confirmation::Link(link(a, b)));
    assert_eq!(confirm(("p", "1"), ("P", "2")), Err(AliasError::SameProviderEvents));
    assert_eq!(confirm(("p", "1"), ("q", "")), Err(AliasError::Empty));
    confirm(("p", "1"), ("q", "1")).unwrap();
    confirm(("Q", "1"), ("p", "1")).unwrap();
    confirm(("q", "1"), ("r", "1")).unwrap();
    // Through q and r.
    assert_eq!(confirm(("r", "1"), ("p", "2")), Err(AliasError::SameProviderEvents));
    confirm(("r", "1"), ("p", "1")).unwrap();
    confirm(("p", "2"), ("q", "2")).unwrap();
    assert_eq!(confirm(("p", "1"), ("q", "2")), Err(AliasError::SameProviderEvents));
}
