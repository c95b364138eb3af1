//! Whether two versions of an adapter say the same of the same packets.
//!
//! Both sides tell what changed; after each packet what either of them changed is compared as it then
//! stands. So it does not matter how a version says it (a full, or only what moved), only what a person
//! would see. A version is held to what it lost against the other, not to what it has more.

mod difference;
mod pairs;
mod said;
mod subject;

pub use difference::{Difference, Kind, Place};
pub use pairs::PairId;
pub use said::{EventSaid, QuoteKey, QuoteName, Quoted};
pub use subject::{Name, Subject};

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

    /// Compares one thing, counts it, and tells of it.
    fn tell(&mut self, subject: Subject<'_>, tell: &mut impl FnMut(Option<Kind>, Subject<'_>)) {
        let kind = subject.kind();
        self.compared += 1;
        match kind {
            None => self.equal += 1,
            Some(kind) => *self.kinds.entry(kind).or_default() += 1,
        }
        tell(kind, subject);
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

    /// The pair of a quote that either has, by its name.
    pub fn known(&self, name: &QuoteName<'_>) -> Option<PairId> {
        self.quotes.known(name)
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
        self.settle_each(|kind, subject| {
            if let Some(kind) = kind
                && differences.len() < most
            {
                differences.push(subject.difference(kind));
            }
        })
    }

    /// Compares what changed since the last time, and tells of each whether it differs.
    pub fn settle_each(&mut self, mut tell: impl FnMut(Option<Kind>, Subject<'_>)) -> Compared {
        let mut compared = Compared::default();
        self.quotes.settle(|key, [old, new]| {
            let (old, new) = (old.as_ref(), new.as_ref());
            compared.tell(Subject::Quote { key, old, new }, &mut tell);
        });
        for id in self.touched_events.drain(..) {
            let Some(pair) = self.events.get_mut(&id) else { continue };
            pair.touched = false;
            if let Some(subject) = Subject::event(&id, pair) {
                compared.tell(subject, &mut tell);
            }
        }
        compared
    }

    /// Compares all that stands on either side, and tells of each whether it differs, in no order.
    pub fn each(&self, mut tell: impl FnMut(Option<Kind>, Subject<'_>)) -> Compared {
        let mut compared = Compared::default();
        for (key, [old, new]) in self.quotes.iter() {
            let (old, new) = (old.as_ref(), new.as_ref());
            compared.tell(Subject::Quote { key, old, new }, &mut tell);
        }
        for (id, pair) in &self.events {
            if let Some(subject) = Subject::event(id, pair) {
                compared.tell(subject, &mut tell);
            }
        }
        compared
    }

    /// Compares all that stands on either side, and gives the differences in the order of their names.
    pub fn everything(&self) -> (Compared, Vec<Difference>) {
        let mut list = Vec::new();
        let compared = self.each(|kind, subject| {
            if let Some(kind) = kind {
                list.push((subject.name(), subject.difference(kind)));
            }
        });
        list.sort_by(|(a, _), (b, _)| a.cmp(b));
        (compared, list.into_iter().map(|(_, difference)| difference).collect())
    }

    /// What is said of an event; by the version that the candidate is compared with, where it tells of it.
    pub fn said_of(&self, event_id: &str) -> Option<&EventSaid> {
        self.events.get(event_id)?.sides.iter().flatten().next()
    }
}

#[cfg(test)]
mod tests;
