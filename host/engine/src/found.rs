//! What a run found, for whoever shows it at its end.

use antigravity_core::finder::{Closed, Event, Opportunity};
use rustc_hash::FxHashMap;

/// The opportunities of a run, in the order they were first found.
#[derive(Debug, Default)]
pub struct Found {
    shown: Vec<Shown>,
    places: FxHashMap<[u8; 32], usize>,
}

/// An opportunity as its last line had it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub opportunity: Box<Opportunity>,
    /// How often there was a line of it.
    pub lines: u64,
    /// Its last end; none while it is open.
    pub closed: Option<Closed>,
}

impl Found {
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Shown> {
        self.shown.iter()
    }

    pub(crate) fn take(&mut self, event: Event) {
        match event {
            Event::Closed(closed) => {
                if let Some(place) = self.places.get(&closed.key) {
                    self.shown[*place].closed = Some(closed);
                }
            }
            Event::Opportunity(opportunity) => {
                let place = *self.places.entry(opportunity.key).or_insert(self.shown.len());
                match self.shown.get_mut(place) {
                    Some(known) => {
                        known.lines += 1;
                        (known.opportunity, known.closed) = (opportunity, None);
                    }
                    None => self.shown.push(Shown { opportunity, lines: 1, closed: None }),
                }
            }
        }
    }
}
