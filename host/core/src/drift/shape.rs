//! The shape of bodies: their paths, with types and how often each is there.

use super::{Change, Declared, LEARNING, MOST_PATHS, Sighting, improbable};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the JSON form.
pub const FORMAT: u32 = 1;

/// Longest path that is kept, in bytes; names of members come from outside.
const LONGEST_PATH: usize = 400;

/// Bodies of a shape that is read: so many that no sum overflows.
const MOST_BODIES: u64 = 1 << 40;

/// Types that a path has: a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Types(u8);

impl Types {
    pub const NONE: Self = Self(0);
    pub const NULL: Self = Self(1);
    pub const BOOLEAN: Self = Self(2);
    pub const NUMBER: Self = Self(4);
    pub const STRING: Self = Self(8);
    pub const ARRAY: Self = Self(16);
    pub const OBJECT: Self = Self(32);

    const NAMES: [(&'static str, Self); 6] = [
        ("null", Self::NULL),
        ("boolean", Self::BOOLEAN),
        ("number", Self::NUMBER),
        ("string", Self::STRING),
        ("array", Self::ARRAY),
        ("object", Self::OBJECT),
    ];

    /// As JSON Schema calls it; a whole number is a number.
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "integer" { "number" } else { name };
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, types)| *types)
    }

    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(_, types)| self.0 & types.0 != 0).map(|(name, _)| name)
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one of the new types was never there before, null aside.
    pub const fn become_another(self, new: Self) -> bool {
        let (old, new) = (self.without(Self::NULL), new.without(Self::NULL));
        !old.is_empty() && !new.without(old).is_empty()
    }
}

impl std::fmt::Display for Types {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, name) in self.names().enumerate() {
            write!(f, "{}{name}", if place == 0 { "" } else { "|" })?;
        }
        Ok(())
    }
}

impl Serialize for Types {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(d)?;
        names.iter().try_fold(Self::NONE, |all, name| {
            let one = Self::named(name).filter(|one| one.names().eq([name.as_str()]));
            let one = one.ok_or_else(|| serde::de::Error::custom(format!("no type: `{name}`")))?;
            Ok(all.and(one))
        })
    }
}

/// How often a path is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// In fewer than one body in ten.
    Rare,
    Often,
    /// In at least 99 of 100.
    Always,
}

/// What is known of one path. Bodies are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathRecord {
    pub types: Types,
    /// Bodies that had it.
    pub seen: u64,
    /// The first body that had it, and the last.
    pub first: u64,
    pub last: u64,
    /// Most bodies without it, in a row, between two that had it.
    pub longest: u64,
}

/// Number of a path within its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathId(u32);

/// The paths of the bodies so far. Two shapes are equal where the same was learned, in whatever order paths came up.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    bodies: u64,
    numbers: FxHashMap<Box<str>, PathId>,
    /// `None` until a body had it.
    paths: Vec<(Box<str>, Option<PathRecord>)>,
}

/// Why a text is no shape.
#[derive(Debug, thiserror::Error)]
pub enum ShapeError {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("version {0} of the form is not {FORMAT}")]
    Format(u32),
    #[error("{0} bodies: more than can be counted")]
    Bodies(u64),
    #[error("path `{path}`: {problem}")]
    Path { path: String, problem: &'static str },
    #[error("more than {MOST_PATHS} paths")]
    TooMany,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    antigravity_shape: u32,
    bodies: u64,
    paths: BTreeMap<Box<str>, PathRecord>,
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.bodies == other.bodies && self.sorted() == other.sorted()
    }
}

impl Eq for Shape {}

impl Shape {
    /// Bodies that were looked at.
    pub const fn bodies(&self) -> u64 {
        self.bodies
    }

    /// Whether no further path fits.
    pub fn is_full(&self) -> bool {
        self.paths.len() >= MOST_PATHS
    }

    /// Number of a path, new where it has none. `None`: there are too many, or it is too long.
    pub fn number(&mut self, path: &str) -> Option<PathId> {
        if let Some(id) = self.numbers.get(path) {
            return Some(*id);
        }
        if self.is_full() || path.len() > LONGEST_PATH {
            return None;
        }
        let id = PathId(self.paths.len() as u32);
        self.numbers.insert(path.into(), id);
        self.paths.push((path.into(), None));
        Some(id)
    }

    pub fn get(&self, path: &str) -> Option<&PathRecord> {
        self.paths.get(self.numbers.get(path)?.0 as usize)?.1.as_ref()
    }

    /// What a path has been in all bodies so far.
    pub fn presence(&self, record: &PathRecord) -> Presence {
        match (record.seen * 100, self.bodies) {
            (seen, bodies) if seen >= bodies * 99 => Presence::Always,
            (seen, bodies) if seen >= bodies * 10 => Presence::Often,
            _ => Presence::Rare,
        }
    }

    /// Paths that a body has on average, rounded down.
    pub fn paths_a_body(&self) -> u64 {
        let seen: u64 = self.records().map(|(_, record)| record.seen).sum();
        seen.checked_div(self.bodies).unwrap_or(0)
    }

    /// By path.
    pub fn sorted(&self) -> BTreeMap<&str, &PathRecord> {
        self.records().collect()
    }

    fn records(&self) -> impl Iterator<Item = (&str, &PathRecord)> {
        self.paths.iter().filter_map(|(path, record)| Some((&**path, record.as_ref()?)))
    }

    /// Takes the paths of the next body, each once. What it gives is a change at once: a type that a path never had.
    pub fn learn(&mut self, body: &[(PathId, Types)], declared: &Declared) -> Vec<Change> {
        let number = self.bodies;
        self.bodies += 1;
        let mut retyped = Vec::new();
        for (id, types) in body {
            let Some((path, record)) = self.paths.get_mut(id.0 as usize) else { continue };
            let Some(known) = record else {
                *record =
                    Some(PathRecord { types: *types, seen: 1, first: number, last: number, longest: 0 });
                continue;
            };
            if known.types.become_another(*types) && number >= LEARNING {
                let named = declared.names(path);
                let expected = known.seen >= LEARNING || named;
                if expected && !declared.allows(path, *types) {
                    let (before, after) =
                        (Sighting::of(known, number), Sighting { types: *types, bodies: 1, of: 1 });
                    retyped.push(Change::retyped(path, before, after, named));
                }
            }
            // A body that is counted already has it twice only where its list is not one of a set.
            known.longest = known.longest.max(number.saturating_sub(known.last + 1));
            (known.seen, known.last, known.types) = (known.seen + 1, number, known.types.and(*types));
        }
        retyped.sort_by(|a, b| a.path.cmp(&b.path));
        retyped
    }

    /// What has changed for good within the bodies so far: paths that are gone, and paths that came to stay. A path
    /// below one that changed in the same way is not told.
    pub fn settled(&self, declared: &Declared) -> Vec<Change> {
        if self.bodies <= LEARNING {
            return Vec::new();
        }
        let mut changes: Vec<_> = self.records().filter_map(|it| self.settled_path(it, declared)).collect();
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        super::change::topmost(changes)
    }

    fn settled_path(&self, (path, record): (&str, &PathRecord), declared: &Declared) -> Option<Change> {
        let absent = self.bodies - 1 - record.last;
        if absent > 2 * record.longest
            && record.last >= LEARNING - 1
            && improbable(record.seen, record.last + 1, absent)
        {
            let (before, after) = (Sighting::of(record, record.last + 1), Sighting::none(absent));
            return Some(Change::removed(path, before, after, declared.touched_by(path)));
        }
        let since = self.bodies - record.first;
        let stays = record.first >= LEARNING && record.seen >= LEARNING;
        if stays && improbable(record.seen, since, record.first) {
            let (before, after) = (Sighting::none(record.first), Sighting::of(record, since));
            return Some(Change::added(path, before, after, declared.names(path)));
        }
        None
    }

    /// The JSON form, always the same bytes for the same shape.
    pub fn to_json(&self) -> String {
        let paths = self.sorted().into_iter().map(|(path, record)| (path.into(), *record)).collect();
        let written = Written { antigravity_shape: FORMAT, bodies: self.bodies, paths };
        // Writing to memory a type whose maps have string keys cannot fail.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// # Errors
    /// [`ShapeError`] where it is not what [`to_json`](Self::to_json) writes.
    pub fn from_json(text: &str) -> Result<Self, ShapeError> {
        let written: Written = serde_json::from_str(text)?;
        if written.antigravity_shape != FORMAT {
            return Err(ShapeError::Format(written.antigravity_shape));
        }
        if written.bodies > MOST_BODIES {
            return Err(ShapeError::Bodies(written.bodies));
        }
        let mut shape = Self { bodies: written.bodies, ..Self::default() };
        for (path, record) in written.paths {
            let PathRecord { seen, first, last, longest, types } = record;
            let fits = first <= last && last < shape.bodies && (1..=last - first + 1).contains(&seen);
            if !fits || longest > (last - first).saturating_sub(1) || types.is_empty() {
                let problem = "its counts do not fit together";
                return Err(ShapeError::Path { path: path.into(), problem });
            }
            let id = shape.number(&path).ok_or(ShapeError::TooMany)?;
            shape.paths[id.0 as usize].1 = Some(record);
        }
        Ok(shape)
    }
}
