//! Markets of runners: which outcomes there are, and the cheapest prices of all of them together.

use super::arena::Entry;
use super::leg::NONE;
use super::price::ONE;
use super::shape::Shape;
use crate::identity::{Identity, Name};
use rustc_hash::FxHashMap;

/// What is known of the outcomes of a family.
#[derive(Debug, Default)]
pub(super) struct Runners {
    numbers: FxHashMap<Name, u16>,
    proofs: Vec<Proof>,
    /// All proofs are of the same outcomes.
    agreed: bool,
}

/// A list of outcomes that a worker showed to be complete.
#[derive(Debug)]
pub(super) struct Proof {
    pub worker: u32,
    pub packet_seq: u64,
    /// As the provider writes them.
    pub names: Vec<Box<str>>,
    /// Their numbers, in the same order.
    pub outcomes: Vec<u16>,
    /// The same, ascending.
    sorted: Vec<u16>,
}

impl Runners {
    /// More outcomes than that no market has; their numbers are kept where lines are.
    const MOST: usize = 1 << 14;

    /// The number of an outcome; `None` where there are absurdly many.
    pub fn number(&mut self, name: &Name) -> Option<u16> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        let next = u16::try_from(self.numbers.len()).ok().filter(|next| usize::from(*next) < Self::MOST)?;
        self.numbers.insert(name.clone(), next);
        Some(next)
    }

    /// Forgets a worker's list.
    pub fn take(&mut self, worker: u32) -> Option<Proof> {
        let place = self.proofs.iter().position(|proof| proof.worker == worker)?;
        let proof = self.proofs.swap_remove(place);
        self.compare();
        Some(proof)
    }

    /// Takes a worker's list in the place of its last one. A name that is none, or one that is there twice,
    /// makes it no proof. Tells whether the list changed.
    pub fn prove<T: AsRef<str>>(
        &mut self,
        worker: u32,
        names: &[T],
        packet_seq: u64,
        identity: &Identity,
        provider: &str,
    ) -> bool {
        let old = self.take(worker).map(|proof| proof.names);
        let numbered = names.iter().map(|raw| {
            let name = identity.runner(provider, raw.as_ref()).ok()?;
            self.number(&name)
        });
        let outcomes: Vec<u16> = numbered.collect::<Option<_>>().unwrap_or_default();
        let mut sorted = outcomes.clone();
        sorted.sort_unstable();
        if outcomes.len() < 2 || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return old.is_some();
        }
        let same = |old: &Vec<Box<str>>| old.iter().map(AsRef::as_ref).eq(names.iter().map(AsRef::as_ref));
        let changed = !old.as_ref().is_some_and(same);
        let names: Vec<Box<str>> =
            old.filter(same).unwrap_or_else(|| names.iter().map(|name| name.as_ref().into()).collect());
        self.proofs.push(Proof { worker, packet_seq, names, outcomes, sorted });
        self.compare();
        changed
    }

    fn compare(&mut self) {
        self.agreed = self.proofs.windows(2).all(|pair| pair[0].sorted == pair[1].sorted);
    }

    /// The proof of the smallest worker; none where two lists differ, for one of them is out of date.
    pub fn proof(&self) -> Option<&Proof> {
        self.proofs.iter().min_by_key(|proof| proof.worker).filter(|_| self.agreed)
    }
}

impl Proof {
    /// Where an outcome stands in the list.
    pub fn place(&self, outcome: u16) -> Option<u16> {
        let place = self.outcomes.iter().position(|known| *known == outcome)?;
        u16::try_from(place).ok()
    }
}

/// The cheapest price of an outcome, and the cheapest of another owner than that.
#[derive(Clone, Copy, Debug)]
struct Best {
    inverse: u32,
    quote: u32,
    owner: u16,
    other_inverse: u32,
    other_quote: u32,
}

/// Room for [`cheapest`], kept from call to call.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    best: Vec<Best>,
    /// An outcome of the last list had no price.
    pub missing: bool,
}

/// The cheapest quotes that together bet on every outcome of the list and are of more than one owner, and
/// what they cost for a payout of 1. Nothing where an outcome has no price or they do not pay. `usable` says
/// which quotes may be taken.
pub(super) fn cheapest(
    entries: &[Entry],
    outcomes: &[u16],
    by_provider: bool,
    usable: impl Fn(u32) -> bool,
    scratch: &mut Scratch,
    out: &mut Vec<u32>,
) -> Option<u32> {
    let nothing = Best { inverse: ONE, quote: NONE, owner: 0, other_inverse: ONE, other_quote: NONE };
    let most = outcomes.iter().copied().max().map_or(0, |most| usize::from(most) + 1);
    scratch.best.clear();
    scratch.best.resize(most, nothing);
    for entry in entries.iter().filter(|entry| entry.shape == Shape::Out && entry.inverse < ONE) {
        let Some(best) = usize::try_from(entry.line).ok().and_then(|place| scratch.best.get_mut(place))
        else {
            continue;
        };
        if usable(entry.quote) {
            best.take(entry, if by_provider { entry.provider } else { entry.account });
        }
    }
    scratch.missing = outcomes
        .iter()
        .any(|outcome| scratch.best.get(usize::from(*outcome)).is_none_or(|best| best.quote == NONE));
    let best = |outcome: &u16| scratch.best.get(usize::from(*outcome)).copied().unwrap_or(nothing);
    let first = best(outcomes.first()?).owner;
    let swapped = if outcomes.iter().all(|outcome| best(outcome).owner == first) {
        // All of one owner: the swap that costs least.
        let more = |outcome: &&u16| best(outcome).other_inverse - best(outcome).inverse;
        outcomes.iter().filter(|outcome| best(outcome).other_quote != NONE).min_by_key(more)
    } else {
        None
    };
    let mut cost = 0u64;
    out.clear();
    for outcome in outcomes {
        let best = best(outcome);
        let (inverse, quote) = if swapped == Some(outcome) {
            (best.other_inverse, best.other_quote)
        } else {
            (best.inverse, best.quote)
        };
        cost += u64::from(inverse);
        if cost >= u64::from(ONE) {
            out.clear();
            return None;
        }
        out.push(quote);
    }
    u32::try_from(cost).ok()
}

impl Best {
    /// Ties go to the smaller quote, so that the order of entries does not matter.
    fn take(&mut self, entry: &Entry, owner: u16) {
        let this = (entry.inverse, entry.quote);
        if this < (self.inverse, self.quote) {
            if owner != self.owner || self.quote == NONE {
                (self.other_inverse, self.other_quote) = (self.inverse, self.quote);
            }
            (self.inverse, self.quote, self.owner) = (entry.inverse, entry.quote, owner);
        } else if owner != self.owner && this < (self.other_inverse, self.other_quote) {
            (self.other_inverse, self.other_quote) = this;
        }
    }
}
