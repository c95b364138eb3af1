//! Two versions of an adapter on the same captures: where they say something else, packet by packet and at
//! the end.
//!
//! Each version replays the captures by itself, routed by its own contract. Both run side by side and hand
//! on what changed; the one that is ahead waits, so of the captures no more is in memory than what lies
//! between them. What is kept grows with the quotes that were ever shown and that ever differed, not with the packets.

mod lasting;
mod side;
mod told;

pub use lasting::{Lasting, Values};

use crate::merge::Merger;
use crate::replay::{Captures, Marks, Notes, ReplayError, replay};
use antigravity_capture::Progress;
use antigravity_core::agreement::{Agreement, Compared, Voice};
use antigravity_core::ledger::LedgerLine;
use antigravity_core::{Fate, Timestamp};
use antigravity_runtime::Adapter;
use crossbeam_channel::bounded;
use lasting::Differing;
use rustc_hash::FxHashMap;
use serde::Serialize;
use side::{Heard, Packets, Side, WAITING};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::{Builder, ScopedJoinHandle};

/// What one version made of the captures.
#[derive(Debug)]
pub struct Version {
    pub ledger: LedgerLine,
    pub notes: Notes,
}

/// Packets that got one fate by the old version and another by the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherFate {
    /// With the reason, where there is one: `rejected:schema`.
    pub old: String,
    pub new: String,
    pub packets: u64,
    pub first_seq: u64,
    pub last_seq: u64,
}

/// What two versions make of the same captures.
#[derive(Debug)]
pub struct Comparison {
    pub old: Version,
    pub new: Version,
    pub packets: u64,
    /// After each packet, what either version changed with it.
    pub compared: Compared,
    /// What stands after the last packet.
    pub at_end: Compared,
    /// The gravest kind first, then by the packet where they begin.
    pub differences: Vec<Lasting>,
    /// By the packet where they begin.
    pub fates: Vec<OtherFate>,
}

impl Comparison {
    /// Whether no quote, no event and no packet's fate was ever another.
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty() && self.fates.is_empty()
    }
}

/// Replays captures through two versions of an adapter, and compares what they say after each packet.
///
/// `marks` binds each version as in a replay of its own. `threads`: how many threads the lanes of both get
/// together, at least one each. The result is the same for every number.
///
/// # Errors
/// As [`replay`]; of the old version where both have one.
pub fn compare(
    old: &Arc<Adapter>,
    new: &Arc<Adapter>,
    captures: &(impl Captures + Sync + ?Sized),
    marks: &Marks,
    threads: usize,
    progress: &Progress,
) -> Result<Comparison, ReplayError> {
    let threads = (threads / 2).max(1);
    let mut comparing = Comparing::default();
    let (old, new) = std::thread::scope(|scope| {
        let start = |adapter, progress: Progress| {
            let (out, packets) = bounded(WAITING);
            let run = move || {
                let mut side = Side::new(out);
                let adapters = std::slice::from_ref(adapter);
                let replayed = replay(adapters, captures, marks, threads, &progress, &mut side);
                side.end();
                replayed
            };
            let thread = Builder::new().spawn_scoped(scope, run).map_err(ReplayError::Thread)?;
            Ok::<_, ReplayError>((Packets::new(packets), thread))
        };
        let (mut before, old) = start(old, progress.clone())?;
        let (mut after, new) = start(new, Progress::default())?;
        // Both give one for every record, until one cannot go on.
        while let (Some(old), Some(new)) = (before.next(), after.next()) {
            comparing.packet(old, new);
        }
        drop((before, after));
        let (old, new) = (joined(old), joined(new));
        Ok::<_, ReplayError>((old?, new?))
    })?;
    Ok(comparing.end(old, new))
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Where a packet stands in the captures.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Counts the packets of all captures, from 1.
    number: u64,
    seq: u64,
    at: Timestamp,
}

/// A fate with its reason.
type Why = (Fate, &'static str);

/// What is known so far.
#[derive(Debug, Default)]
struct Comparing {
    /// The last packet.
    last: Option<Place>,
    compared: Compared,
    /// By account: they share nothing.
    agreements: FxHashMap<Arc<str>, Agreement>,
    differing: Differing,
    fates: BTreeMap<(Why, Why), (u64, Place, Place)>,
}

impl Comparing {
    /// Both versions' word on the same record.
    fn packet(&mut self, old: Heard, new: Heard) {
        let before = self.last;
        let number = before.map_or(0, |place| place.number);
        if let Some((origin, why)) = old.fate {
            let place = Place { number: number + 1, seq: origin.seq, at: origin.at };
            self.last = Some(place);
            if let Some((_, other)) = new.fate
                && why != other
            {
                let (packets, _, last) = self.fates.entry((why, other)).or_insert((0, place, place));
                *packets += 1;
                *last = place;
            }
        }
        let Some(account) = old.account.or(new.account) else { return };
        // What no packet did, a person's switching off, counts as of the packet before it.
        let Some(now) = self.last else { return };
        let agreement = self.agreements.entry(account.clone()).or_default();
        old.told.into_iter().for_each(|told| told.say(Voice::Reference, agreement));
        new.told.into_iter().for_each(|told| told.say(Voice::Candidate, agreement));
        let differing = &mut self.differing;
        let mut changed = Vec::new();
        let compared = agreement.settle_each(|kind, subject| {
            if differing.follow(&account, kind, &subject, now, before.unwrap_or(now)) {
                changed.push(subject.name());
            }
        });
        for name in changed {
            differing.call(&account, &name, agreement.said_of(&name.event_id));
        }
        self.compared.add(&compared);
    }

    fn end(mut self, old: (Merger, Notes), new: (Merger, Notes)) -> Comparison {
        let mut at_end = Compared::default();
        for (account, agreement) in &self.agreements {
            let differing = &mut self.differing;
            at_end.add(&agreement.each(|kind, subject| {
                if let Some(kind) = kind {
                    differing.stands(account, kind, &subject);
                }
            }));
        }
        let word = |(fate, reason): &Why| match *reason {
            "" => fate.name().to_owned(),
            reason => format!("{}:{reason}", fate.name()),
        };
        let mut fates: Vec<_> = self.fates.iter().collect();
        fates.sort_by_key(|(_, (_, first, _))| first.number);
        let fates = fates.into_iter().map(|((old, new), (packets, first, last))| OtherFate {
            old: word(old),
            new: word(new),
            packets: *packets,
            first_seq: first.seq,
            last_seq: last.seq,
        });
        let version = |(merger, notes): (Merger, Notes)| Version { ledger: merger.ledger().to_line(), notes };
        Comparison {
            packets: self.last.map_or(0, |place| place.number),
            compared: self.compared,
            at_end,
            fates: fates.collect(),
            differences: self.last.map_or_else(Vec::new, |last| self.differing.end(last)),
            old: version(old),
            new: version(new),
        }
    }
}
