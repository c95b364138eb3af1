//! What the tests of the store share.

#![allow(dead_code)] // not every test needs all of it

use antigravity_core::Timestamp;
use antigravity_core::identity::{Alias, Confirmation, Kind, Link, Name, normalise};

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
