//! Drift: what shape the bodies of an endpoint have, learned from traffic, and when it became another.
//!
//! A [`Shape`] holds the paths that bodies have, of which types, and in how many bodies each is. Nothing is said of
//! its first [`LEARNING`] bodies. After that:
//!
//! - **removed**: a path that was in a share `p` of the bodies is gone after `n` bodies without it where
//!   `(1 - p)^n < 10^-6`, and where that is more than twice as many as were ever without it in a row: bodies of a
//!   stream come in bursts.
//! - **added**: the same the other way round. A new path is an addition, and not just a rare one, where with the share
//!   that it has since its first body its absence until then would be as improbable, and once [`LEARNING`] bodies had
//!   it. Until then it is only learned.
//! - **retyped**: at once, where a path that at least [`LEARNING`] bodies had (or one that the contract names) is of a
//!   type that it never had. To become null, or to be something after null, is no change of type.
//! - **rarity**: never by itself; told of two shapes that are [compared](compare).
//!
//! A share is `bodies with it / (bodies + 2)`: of few bodies nothing is certain.

mod change;
mod declared;
mod shape;

pub use change::{Change, Kind, Sighting, compare};
pub use declared::{Declared, is_id};
pub use shape::{FORMAT, PathId, PathRecord, Presence, Shape, ShapeError, Types};

use crate::Timestamp;

/// Bodies of a shape before anything is said of it.
pub const LEARNING: u64 = 16;

/// Most paths of a shape; what comes after them is not looked at.
pub const MOST_PATHS: usize = 2000;

/// A shape as it was seen: version 1 is what an endpoint's bodies were at first, each further one what they became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    pub provider: String,
    /// Name in the contract.
    pub endpoint: String,
    pub version: u32,
    /// When its first body was captured.
    pub first_seen: Timestamp,
    pub shape: Shape,
    /// What is different from the version before; none of version 1.
    pub changes: Vec<Change>,
}

impl Observed {
    /// Whether a change is of something that the contract names.
    pub fn touches_declared(&self) -> bool {
        self.changes.iter().any(|change| change.declared)
    }
}

/// Whether a path that was in `seen` of `of` bodies would hardly be missing in `absent` more.
fn improbable(seen: u64, of: u64, absent: u64) -> bool {
    /// Multiplication and division of IEEE 754 are the same on every machine; a power function is not.
    const LIMIT: f64 = 1e-6;
    let (seen, of) = (seen as f64, of as f64);
    let (mut chance, mut factor, mut left) = (1.0, (of + 2.0 - seen) / (of + 2.0), absent);
    while left > 0 && chance >= LIMIT {
        if left % 2 == 1 {
            chance *= factor;
        }
        factor *= factor;
        left /= 2;
    }
    chance < LIMIT
}

#[cfg(test)]
mod tests;
