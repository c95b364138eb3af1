//! Quotes that either version has, by numbers: names are looked at once, not with each change.

use super::said::{QuoteKey, QuoteName, Quoted};
use super::{Pair, Voice};
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// The pair of a quote, as long as either version has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairId {
    place: u32,
    generation: u32,
}

#[derive(Debug, Default)]
pub(super) struct Pairs {
    slots: Vec<Slot>,
    /// Places of slots by their names.
    names: HashTable<u32>,
    /// Places that are free.
    free: Vec<u32>,
    touched: Vec<u32>,
}

#[derive(Debug)]
struct Slot {
    key: QuoteKey,
    /// Counts the quotes that were here before.
    generation: u32,
    pair: Pair<Quoted>,
}

fn hash(name: &QuoteName<'_>) -> u64 {
    FxBuildHasher.hash_one(name)
}

impl Pairs {
    pub fn pair(&mut self, name: &QuoteName<'_>) -> PairId {
        let (slots, hash) = (&self.slots, hash(name));
        let known = self.names.find(hash, |place| slots[*place as usize].key.name() == *name);
        let place = known.copied().unwrap_or_else(|| self.add(name, hash));
        PairId { place, generation: self.slots[place as usize].generation }
    }

    /// The pair of a quote that either has.
    pub fn known(&self, name: &QuoteName<'_>) -> Option<PairId> {
        let place = self.names.find(hash(name), |place| self.slots[*place as usize].key.name() == *name);
        place.map(|place| PairId { place: *place, generation: self.slots[*place as usize].generation })
    }

    fn add(&mut self, name: &QuoteName<'_>, hashed: u64) -> u32 {
        let (key, pair) = (name.kept(), Pair::default());
        let place = match self.free.pop() {
            Some(place) => {
                let slot = &mut self.slots[place as usize];
                (slot.key, slot.pair) = (key, pair);
                place
            }
            None => {
                self.slots.push(Slot { key, generation: 0, pair });
                self.slots.len() as u32 - 1
            }
        };
        let slots = &self.slots;
        self.names.insert_unique(hashed, place, |place| hash(&slots[*place as usize].key.name()));
        place
    }

    pub fn has(&self, pair: PairId) -> bool {
        self.slots.get(pair.place as usize).is_some_and(|slot| slot.generation == pair.generation)
    }

    pub fn say(&mut self, voice: Voice, pair: PairId, quoted: Option<Quoted>) {
        let Some(slot) = self.slots.get_mut(pair.place as usize) else { return };
        if slot.generation == pair.generation {
            if !std::mem::replace(&mut slot.pair.touched, true) {
                self.touched.push(pair.place);
            }
            slot.pair.sides[voice as usize] = quoted;
        }
    }

    /// Shows each pair that changed since the last time, and forgets those that nobody has.
    pub fn settle(&mut self, mut each: impl FnMut(&QuoteKey, &[Option<Quoted>; 2])) {
        for place in self.touched.drain(..) {
            let slot = &mut self.slots[place as usize];
            slot.pair.touched = false;
            each(&slot.key, &slot.pair.sides);
            if slot.pair.sides.iter().all(Option::is_none)
                && let Ok(entry) = self.names.find_entry(hash(&slot.key.name()), |it| *it == place)
            {
                entry.remove();
                slot.generation = slot.generation.wrapping_add(1);
                self.free.push(place);
            }
        }
    }

    /// All that either has, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&QuoteKey, &[Option<Quoted>; 2])> {
        let slots = self.names.iter().map(|place| &self.slots[*place as usize]);
        slots.map(|slot| (&slot.key, &slot.pair.sides))
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
