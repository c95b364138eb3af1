//! What is different between two shapes, or between the bodies before and after.

use super::shape::{PathRecord, Presence};
use super::{Declared, LEARNING, Shape, Types, improbable};
use serde::{Deserialize, Serialize};

/// Bodies of each of two shapes before their rarities are compared.
const ENOUGH: u64 = 64;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Such as `mc[].rc[].id`; empty: the document itself.
    pub path: String,
    pub kind: Kind,
    pub before: Sighting,
    pub after: Sighting,
    /// The contract names the path, in a schema or as a secret; of a removed one also something below it.
    pub declared: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Added,
    Removed,
    Retyped,
    Rarity,
}

/// How a path was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    pub types: Types,
    /// Bodies that had it, of so many.
    pub bodies: u64,
    pub of: u64,
}

impl Sighting {
    pub(super) const fn of(record: &PathRecord, bodies: u64) -> Self {
        Self { types: record.types, bodies: record.seen, of: bodies }
    }

    pub(super) const fn none(of: u64) -> Self {
        Self { types: Types::NONE, bodies: 0, of }
    }
}

impl Change {
    fn new(kind: Kind, path: &str, before: Sighting, after: Sighting, declared: bool) -> Self {
        Self { path: path.to_owned(), kind, before, after, declared }
    }

    pub(super) fn added(path: &str, before: Sighting, after: Sighting, declared: bool) -> Self {
        Self::new(Kind::Added, path, before, after, declared)
    }

    pub(super) fn removed(path: &str, before: Sighting, after: Sighting, declared: bool) -> Self {
        Self::new(Kind::Removed, path, before, after, declared)
    }

    pub(super) fn retyped(path: &str, before: Sighting, after: Sighting, declared: bool) -> Self {
        Self::new(Kind::Retyped, path, before, after, declared)
    }

    /// Whether what the contract promises is no longer so: something that it names is gone or of another type.
    pub const fn breaks(&self) -> bool {
        self.declared && matches!(self.kind, Kind::Removed | Kind::Retyped)
    }
}

/// For people: `mc[].id is gone (string, in 40 of 41 bodies; in none of the 9 since)`.
impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, before, after, .. } = self;
        let path = if path.is_empty() { "the document" } else { path };
        match self.kind {
            Kind::Added => write!(
                f,
                "{path} is new ({}, in {} of {} bodies; in none of the {} before)",
                after.types, after.bodies, after.of, before.of
            )?,
            Kind::Removed => write!(
                f,
                "{path} is gone ({}, in {} of {} bodies; in none of the {} since)",
                before.types, before.bodies, before.of, after.of
            )?,
            Kind::Retyped => {
                write!(f, "{path} is {} and was {}", after.types, before.types)?;
            }
            Kind::Rarity => write!(
                f,
                "{path} is in {} of {} bodies and was in {} of {}",
                after.bodies, after.of, before.bodies, before.of
            )?,
        }
        f.write_str(if self.declared { " [declared]" } else { "" })
    }
}

/// How a shape differs from an older one, by path. A path below one that is added or removed is not told.
pub fn compare(old: &Shape, new: &Shape, declared: &Declared) -> Vec<Change> {
    let (before, after) = (old.sorted(), new.sorted());
    let mut changes = Vec::new();
    for (path, was) in &before {
        let seen = Sighting::of(was, old.bodies());
        match after.get(path) {
            None if old.bodies() >= LEARNING && improbable(was.seen, old.bodies(), new.bodies()) => {
                let none = Sighting::none(new.bodies());
                changes.push(Change::removed(path, seen, none, declared.touched_by(path)));
            }
            None => {}
            Some(is) => changes.extend(differs(path, (old, was), (new, is), declared)),
        }
    }
    for (path, is) in after.iter().filter(|(path, _)| !before.contains_key(*path)) {
        changes.extend(added(path, (new, is), old.bodies(), declared));
    }
    changes.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
    topmost(changes)
}

/// A path that none of so many bodies had before.
fn added(path: &str, (new, is): (&Shape, &PathRecord), before: u64, declared: &Declared) -> Option<Change> {
    (new.bodies() >= LEARNING && improbable(is.seen, new.bodies(), before)).then(|| {
        let seen = Sighting::of(is, new.bodies());
        Change::added(path, Sighting::none(before), seen, declared.names(path))
    })
}

fn differs(
    path: &str,
    (old, was): (&Shape, &PathRecord),
    (new, is): (&Shape, &PathRecord),
    declared: &Declared,
) -> Option<Change> {
    // The last bodies of the old one may have had it already.
    let late = (was.first >= LEARNING).then(|| added(path, (new, is), was.first, declared)).flatten();
    if late.is_some() {
        return late;
    }
    let (before, after) = (Sighting::of(was, old.bodies()), Sighting::of(is, new.bodies()));
    let expected = was.seen >= LEARNING || declared.names(path);
    if expected && was.types.become_another(is.types) && !declared.allows(path, is.types) {
        return Some(Change::retyped(path, before, after, declared.names(path)));
    }
    let enough = old.bodies() >= ENOUGH && new.bodies() >= ENOUGH;
    let (one, other): (Presence, Presence) = (old.presence(was), new.presence(is));
    (enough && one != other).then(|| Change::new(Kind::Rarity, path, before, after, declared.names(path)))
}

/// Without those below one that is added or removed as they are; sorted by path.
pub(super) fn topmost(mut changes: Vec<Change>) -> Vec<Change> {
    let tops: std::collections::BTreeSet<(Kind, String)> = changes
        .iter()
        .filter(|change| matches!(change.kind, Kind::Added | Kind::Removed))
        .map(|change| (change.kind, change.path.clone()))
        .collect();
    changes.retain(|change| !above(&change.path).any(|path| tops.contains(&(change.kind, path.to_owned()))));
    changes
}

/// The paths that a path lies in, from the nearest: `a[].b` in `a[]`, `a` and the document.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        (!path.is_empty())
            .then(|| path.strip_suffix("[]").unwrap_or_else(|| path.rsplit_once('.').map_or("", |it| it.0)))
    })
    .skip(1)
}
