//! Whether two versions of an adapter say the same of the same packets.
//!
//! Both sides tell what changed; after each packet what either of them changed is compared as it then
//! stands. So it does not matter how a version says it (a full, or only what moved), only what a person
//! would see. A version is held to what it lost against the other, not to what it has more.

mod difference;
mod pairs;
mod said;

pub use difference::{Difference, Kind, Place};
pub use pairs::PairId;
pub use said::{EventSaid, QuoteName, Quoted};

use crate::odds::Price;
use antigravity_abi::Status;
use pairs::Pairs;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// Decimal odds that are farther apart than one part in this many of the smaller are a jump: more than what a
/// price moves between two readings, and what a wrong field or a wrong format looks like.
pub const JUMP: i128 = 50;

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// What the candidate is compared with.
    Reference,
    Candidate,
}

/// What both say of one thing; none where it does not stand.
#[derive(Debug)]
struct Pair<T> {
    sides: [Option<T>; 2],
    /// It changed since the last comparison.
    touched: bool,
}

impl<T> Default for Pair<T> {
    fn default() -> Self {
        Self { sides: [None, None], touched: false }
    }
}

/// What a packet showed, or all packets did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Quotes and events that were compared, and those that both have alike.
    pub compared: u64,
    pub equal: u64,
    #[serde(rename = "differ")]
    pub kinds: BTreeMap<Kind, u64>,
}

impl Compared {
    pub fn of(&self, kind: Kind) -> u64 {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }

    /// Adds what another packet showed.
    pub fn add(&mut self, other: &Self) {
        self.compared += other.compared;
        self.equal += other.equal;
        for (kind, count) in &other.kinds {
            *self.kinds.entry(*kind).or_default() += count;
        }
    }

    fn count(&mut self, kind: Option<Kind>) {
        self.compared += 1;
        match kind {
            None => self.equal += 1,
            Some(kind) => *self.kinds.entry(kind).or_default() += 1,
        }
    }
}

/// What two versions say, side by side.
#[derive(Debug, Default)]
pub struct Agreement {
    quotes: Pairs,
    events: FxHashMap<Box<str>, Pair<EventSaid>>,
    touched_events: Vec<Box<str>>,
}

impl Agreement {
    /// The pair of a quote, by its name.
    pub fn pair(&mut self, name: &QuoteName<'_>) -> PairId {
        self.quotes.pair(name)
    }

    /// Whether the pair is still that of its quote: it is forgotten when neither has the quote any more.
    pub fn has(&self, pair: PairId) -> bool {
        self.quotes.has(pair)
    }

    /// A quote stands as it is said; `None`: it was removed.
    pub fn quote(&mut self, voice: Voice, pair: PairId, quoted: Option<Quoted>) {
        self.quotes.say(voice, pair, quoted);
    }

    /// An event is as it is said.
    pub fn event(&mut self, voice: Voice, id: &str, said: EventSaid) {
        let pair = self.events.entry(id.into()).or_default();
        if !std::mem::replace(&mut pair.touched, true) {
            self.touched_events.push(id.into());
        }
        pair.sides[voice as usize] = Some(said);
    }

    /// Compares what changed since the last time, and hands on up to `most` differences.
    pub fn settle(&mut self, most: usize, differences: &mut Vec<Difference>) -> Compared {
        let mut compared = Compared::default();
        self.quotes.settle(|name, [old, new]| {
            let kind = differs(old.as_ref(), new.as_ref());
            compared.count(kind);
            if let Some(kind) = kind
                && differences.len() < most
            {
                differences.push(Difference::of_quote(kind, name, old.as_ref(), new.as_ref()));
            }
        });
        for id in self.touched_events.drain(..) {
            let Some(pair) = self.events.get_mut(&id) else { continue };
            pair.touched = false;
            // An event that only one of them named has no quote of the other: that counts there.
            if let [Some(old), Some(new)] = &pair.sides {
                let differs = old != new;
                compared.count(differs.then_some(Kind::Event));
                if differs && differences.len() < most {
                    differences.push(Difference::of_event(&id, old, new));
                }
            }
        }
        compared
    }

    /// Compares all that stands on either side, and gives the differences in the order of their names.
    pub fn everything(&self) -> (Compared, Vec<Difference>) {
        let (mut compared, mut list) = (Compared::default(), Vec::new());
        for (name, [old, new]) in self.quotes.iter() {
            let kind = differs(old.as_ref(), new.as_ref());
            compared.count(kind);
            if let Some(kind) = kind {
                let difference = Difference::of_quote(kind, &name, old.as_ref(), new.as_ref());
                list.push(((name.event_id, Some(name)), difference));
            }
        }
        for (id, pair) in &self.events {
            if let [Some(old), Some(new)] = &pair.sides {
                let differs = old != new;
                compared.count(differs.then_some(Kind::Event));
                if differs {
                    list.push(((&**id, None), Difference::of_event(id, old, new)));
                }
            }
        }
        list.sort_by_key(|(name, _)| *name);
        (compared, list.into_iter().map(|(_, difference)| difference).collect())
    }
}

/// How the candidate differs; `None` where a person would see the same.
fn differs(old: Option<&Quoted>, new: Option<&Quoted>) -> Option<Kind> {
    let (old, new) = match (old, new) {
        (None, None) => return None,
        (Some(_), None) => return Some(Kind::Coverage),
        (None, Some(_)) => return Some(Kind::Extra),
        (Some(old), Some(new)) => (old, new),
    };
    match (old.status, new.status) {
        (Status::Open, Status::Open) => {}
        (Status::Open, _) => return Some(Kind::Coverage),
        (_, Status::Open) => return Some(Kind::Extra),
        _ => {}
    }
    match (old.price, new.price) {
        (Some(a), Some(b)) if a != b => Some(if is_jump(a, b) { Kind::Jump } else { Kind::Price }),
        (None, Some(_)) | (Some(_), None) => Some(Kind::Price),
        _ => (old != new).then_some(Kind::Size),
    }
}

/// Whether two prices' odds a/b and c/d are more than a [`JUMP`]th of the smaller apart. Odds whose products
/// do not fit have 19 digits: nobody shows such, so they count as a jump.
fn is_jump(old: Price, new: Price) -> bool {
    let (old, new) = (old.decimal_odds().ratio(), new.decimal_odds().ratio());
    let products = old.num().checked_mul(new.den()).zip(new.num().checked_mul(old.den()));
    let Some((a, b)) = products else { return true };
    (a - b).abs().checked_mul(JUMP).is_none_or(|apart| apart > a.min(b))
}

#[cfg(test)]
mod tests;
