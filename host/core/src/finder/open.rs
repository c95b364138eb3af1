//! Opportunities that are open, and when each would become stale by itself.

use super::evaluate::LegTerms;
use crate::Timestamp;
use smallvec::SmallVec;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An opportunity that was shown and has not ended.
#[derive(Debug)]
pub(super) struct Open {
    pub family: u32,
    /// Ascending.
    pub quotes: SmallVec<[u32; 4]>,
    pub key: [u8; 32],
    /// Of its last certificate.
    pub id: [u8; 32],
    /// As its last line has them.
    pub terms: Vec<LegTerms>,
    /// Tells it from others that had its place before.
    birth: u64,
}

/// All that are open.
#[derive(Debug, Default)]
pub(super) struct Opens {
    places: Vec<Option<Open>>,
    free: Vec<u32>,
    /// One for each that is open: an instant that is not after the one at which its first leg goes stale.
    /// Confirmations move that instant; it is looked up again when its turn comes.
    expiries: BinaryHeap<Reverse<(Timestamp, u32, u64)>>,
    births: u64,
}

impl Opens {
    pub fn get(&self, place: u32) -> Option<&Open> {
        self.places.get(place as usize)?.as_ref()
    }

    pub fn get_mut(&mut self, place: u32) -> Option<&mut Open> {
        self.places.get_mut(place as usize)?.as_mut()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Open> {
        self.places.iter().flatten()
    }

    /// Opens one that is fresh up to `until`; tells its place.
    pub fn insert(
        &mut self,
        family: u32,
        quotes: &[u32],
        (key, id): ([u8; 32], [u8; 32]),
        terms: Vec<LegTerms>,
        until: Timestamp,
    ) -> u32 {
        self.births += 1;
        let birth = self.births;
        let open = Open { family, quotes: SmallVec::from_slice(quotes), key, id, terms, birth };
        let place = self.free.pop().unwrap_or(self.places.len() as u32);
        match self.places.get_mut(place as usize) {
            Some(free) => *free = Some(open),
            None => self.places.push(Some(open)),
        }
        self.expiries.push(Reverse((until, place, birth)));
        place
    }

    pub fn remove(&mut self, place: u32) -> Option<Open> {
        let open = self.places.get_mut(place as usize)?.take()?;
        self.free.push(place);
        Some(open)
    }

    /// The next one whose noted instant is before `now`, if it is still open.
    pub fn due(&mut self, now: Timestamp) -> Option<u32> {
        while let Some(Reverse((until, place, birth))) = self.expiries.peek().copied() {
            if until >= now {
                return None;
            }
            self.expiries.pop();
            if self.get(place).is_some_and(|open| open.birth == birth) {
                return Some(place);
            }
        }
        None
    }

    /// Notes that one is fresh up to `until`.
    pub fn wait(&mut self, place: u32, until: Timestamp) {
        if let Some(birth) = self.get(place).map(|open| open.birth) {
            self.expiries.push(Reverse((until, place, birth)));
        }
    }
}
