//! The labelled set: pairs of names of real clubs and leagues, and whether they mean the same one.

use super::*;
use std::collections::BTreeSet;

struct Pair {
    kind: Kind,
    a: Name,
    b: Name,
    same: bool,
    note: &'static str,
}

fn pairs() -> Vec<Pair> {
    let csv = include_str!("../../../tests/identity/pairs.csv");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("a,b,kind,label,note"));
    let read = |line: &'static str| {
        let columns: Vec<&str> = line.split(',').collect();
        let [a, b, kind, label, note] = columns[..] else { panic!("{line}") };
        let kind = Kind::named(kind).unwrap();
        let same = label == "same";
        assert!(same || label == "different", "{line}");
        Pair { kind, a: normalise(kind, a).unwrap(), b: normalise(kind, b).unwrap(), same, note }
    };
    lines.map(read).collect()
}

/// The pairs labelled `same` whose names differ, each as a confirmed alias.
fn confirmed(pairs: &[Pair]) -> AliasBook {
    let mut book = AliasBook::default();
    for pair in pairs.iter().filter(|pair| pair.same && pair.a != pair.b) {
        let alias = Alias { provider: "p".into(), kind: pair.kind, from: pair.b.clone(), to: pair.a.clone() };
        book.confirm(Confirmation::Alias(alias))
            .unwrap_or_else(|error| panic!("{} {}: {error}", pair.a, pair.b));
    }
    book
}

#[derive(Default)]
struct Count {
    both: usize,
    found: usize,
    same: usize,
}

impl Count {
    fn of(pairs: &[Pair], is_same: impl Fn(&Pair) -> bool) -> Self {
        let mut count = Self::default();
        for pair in pairs {
            count.same += usize::from(pair.same);
            count.found += usize::from(is_same(pair));
            count.both += usize::from(pair.same && is_same(pair));
        }
        count
    }

    fn print(&self, what: &str) {
        let share = |of: usize| self.both as f64 / of as f64;
        println!("{what:<28} precision {:.3}  recall {:.3}", share(self.found), share(self.same));
    }
}

#[test]
fn precision_and_recall() {
    let pairs = pairs();
    let book = confirmed(&pairs);
    let resolve = |pair: &Pair, name: &Name| book.resolve("p", pair.kind, name.clone());
    println!("{} pairs", pairs.len());
    let exact = Count::of(&pairs, |pair| pair.a == pair.b);
    exact.print("normal form");
    let aliased = Count::of(&pairs, |pair| resolve(pair, &pair.a) == resolve(pair, &pair.b));
    aliased.print("and confirmed aliases");
    let shown = Count::of(&pairs, |pair| similarity(&pair.a, &pair.b) >= SHOWN);
    shown.print("suggestion by name alone");
    assert_eq!(exact.found, exact.both, "precision of the normal form");
    assert_eq!((aliased.found, aliased.both), (aliased.same, aliased.same));
}

/// Of the pairs that the normal form does not resolve: how often the right name is the likest of
/// all in the set, ties against us.
#[test]
fn the_likest_name_is_the_right_one() {
    let pairs = pairs();
    let book = confirmed(&pairs);
    let (mut asked, mut right) = (0, 0);
    for pair in pairs.iter().filter(|pair| pair.same && pair.a != pair.b) {
        let others: BTreeSet<&Name> = pairs
            .iter()
            .filter(|other| other.kind == pair.kind)
            .flat_map(|other| [&other.a, &other.b])
            .filter(|name| book.resolve("p", pair.kind, (*name).clone()) != pair.a)
            .collect();
        let best = others.iter().map(|other| similarity(other, &pair.b)).max().unwrap();
        asked += 1;
        if similarity(&pair.a, &pair.b) > best {
            right += 1;
        } else {
            println!("{} for {}: {} of {best}", pair.b, pair.a, similarity(&pair.a, &pair.b));
        }
    }
    println!("recall of the first suggestion {right} of {asked}, {:.3}", f64::from(right) / f64::from(asked));
    assert!(right * 4 >= asked * 3);
}

#[test]
fn the_set_is_large_and_clean() {
    let pairs = pairs();
    let names: BTreeSet<_> = pairs.iter().map(|pair| (pair.kind, &pair.a, &pair.b, pair.same)).collect();
    let counted = |same| pairs.iter().filter(|pair| pair.same == same).count();
    assert!(counted(true) >= 120 && counted(false) >= 200);
    for note in ["women", "youth", "reserve", "same city", "transliteration or translation"] {
        assert!(pairs.iter().filter(|pair| pair.note == note).count() >= 15, "{note}");
    }
    // None labelled both ways.
    assert!(names.iter().all(|(kind, a, b, same)| !names.contains(&(*kind, b, a, !same))));
    // A canonical name stands for no other.
    let canonical: BTreeSet<_> = pairs.iter().filter(|pair| pair.same).map(|pair| &pair.a).collect();
    assert!(
        pairs.iter().filter(|pair| pair.same && pair.a != pair.b).all(|pair| !canonical.contains(&pair.b))
    );
}

/// The published hard cases: all negatives apart, all positives by alias.
#[test]
fn published_pairs() {
    let pairs = pairs();
    let book = confirmed(&pairs);
    let vectors: Vec<&Pair> = pairs.iter().filter(|pair| pair.note == "vector").collect();
    assert_eq!(vectors.len(), 13);
    for pair in vectors {
        assert_ne!(pair.a, pair.b);
        let one =
            book.resolve("p", pair.kind, pair.a.clone()) == book.resolve("p", pair.kind, pair.b.clone());
        assert_eq!(one, pair.same, "{} {}", pair.a, pair.b);
    }
}
