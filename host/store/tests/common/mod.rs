//! What the tests of the store share.

#![allow(dead_code)] // not every test needs all of it

use antigravity_core::Timestamp;
use antigravity_core::identity::{Alias, Confirmation, EventFacts, Identity, Kind, Link, Name, normalise};
use antigravity_store::{Refusal, Store, StoreError};

pub fn name(raw: &str) -> Name {
    normalise(Kind::Team, raw).unwrap()
}

pub fn alias(provider: &str, from: &str, to: &str) -> Confirmation {
    Confirmation::Alias(Alias { provider: provider.into(), kind: Kind::Team, from: name(from), to: name(to) })
}

pub fn link(a: (&str, &str), b: (&str, &str)) -> Confirmation {
    Confirmation::Link(Link { a: (a.0.into(), a.1.into()), b: (b.0.into(), b.1.into()) })
}

/// So many seconds after 2026-09-08T12:00Z.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_nanos((1_788_868_800 + seconds) * 1_000_000_000)
}

pub fn facts<'a>(provider: &'a str, event_id: &'a str, home: &'a str, away: &'a str) -> EventFacts<'a> {
    EventFacts {
        provider,
        event_id,
        sport: Some("soccer"),
        competition: Some("English Premier League"),
        home: Some(home),
        away: Some(away),
        title: None,
        starts_at: Some(at(0)),
        in_play: false,
        score: None,
    }
}

/// A run that sees these events.
pub fn run(store: &mut Store, events: &[EventFacts<'_>], seconds: i64) -> Identity {
    let mut identity = Identity::new(store.aliases().unwrap());
    for facts in events {
        let node = identity.node(facts.provider, facts.event_id);
        identity.learn(node, facts);
    }
    store.keep(&identity, at(seconds)).unwrap();
    identity
}

pub fn open(place: &tempfile::TempDir) -> Store {
    Store::open(&place.path().join("ag.sqlite")).unwrap()
}

pub fn refused<T>(result: Result<T, StoreError>) -> Refusal {
    match result {
        Err(StoreError::Refused(refusal)) => refusal,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was taken"),
    }
}

/// Three pairs; the first two ask the same.
pub fn evening() -> Vec<EventFacts<'static>> {
    vec![
        facts("cmd368", "1", "Man Utd", "Everton"),
        facts("isport", "11", "Manchester Utd", "Everton"),
        facts("cmd368", "2", "Chelsea", "Man Utd"),
        facts("isport", "12", "Chelsea", "Manchester Utd"),
        facts("cmd368", "3", "Sporting", "Fulham"),
        facts("isport", "13", "Sporting Gijon", "Fulham"),
        facts("isport", "14", "Wolves", "Leeds"),
    ]
}
