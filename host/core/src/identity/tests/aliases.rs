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
    assert_eq!(book.confirm(alias("p", "c1", "a1")), Err(AliasError::Cycle));
    assert_eq!(book.confirm(alias("p", "d1", "d1")), Err(AliasError::Cycle));
    assert_eq!(book.confirm(alias("p", "a1", "z1")), Err(AliasError::Conflict { already: team("b1") }));
    book.confirm(alias("q", "c1", "a1")).unwrap();
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
