//! A look at everything that stands.

use super::evaluate::Evaluate;
use super::facts::Standing;
use super::leg::Mark;
use super::price::ONE;
use super::reason::{Reason, Stage};
use super::search::nothing_pays;
use super::{Events, Finder, Pairing};
use crate::Timestamp;

impl<E: Evaluate> Finder<E> {
    /// Looks at all quotes as if each had just changed; tells how many there are. Families of which even the
    /// cheapest prices do not pay are counted as a whole.
    pub fn rescan(&mut self, now: Timestamp, standing: &impl Standing, out: &mut Events) -> u64 {
        self.run(now, standing, out);
        let first = out.list.len();
        self.runs += 1;
        let mut looked_at = 0;
        for reason in Reason::ALL {
            let count = self.book.standing.refused(*reason);
            self.funnel.enter(reason.stage(), count);
            self.funnel.refuse(*reason, count);
            looked_at += count;
        }
        let mut in_families = 0;
        for family in 0..self.book.families.len() as u32 {
            in_families += self.rescan_family(family, now, standing, out);
        }
        // What can be bet on and is in no family is of an event without a name.
        let unnamed = self.book.standing.usable().saturating_sub(in_families);
        for stage in [Stage::Quote, Stage::Identity] {
            self.funnel.enter(stage, unnamed);
        }
        self.funnel.pass(Stage::Quote, unnamed);
        self.funnel.refuse(Reason::UnnamedEvent, unnamed);
        out.sort(first);
        looked_at + in_families + unnamed
    }

    /// Tells how many quotes of the family can be bet on.
    fn rescan_family(
        &mut self,
        family: u32,
        now: Timestamp,
        standing: &impl Standing,
        out: &mut Events,
    ) -> u64 {
        let Some(record) = self.book.families.get(family as usize) else { return 0 };
        let entries = self.book.arena.entries(record.block);
        self.visited += entries.len() as u64;
        let by_provider = self.settings.pairing == Pairing::Providers;
        let as_one = !record.kind.of_runners() && !record.draw_missing && record.open.is_empty();
        if as_one && let Some(usable) = nothing_pays(entries, by_provider, &mut self.lines) {
            for stage in [Stage::Quote, Stage::Identity] {
                self.funnel.enter(stage, usable);
                self.funnel.pass(stage, usable);
            }
            self.funnel.enter(Stage::Price, usable);
            self.funnel.refuse(Reason::NoEdge, usable);
            return usable;
        }
        let mut quotes = std::mem::take(&mut self.book.dirty);
        quotes.extend(entries.iter().filter(|entry| entry.inverse < ONE).map(|entry| entry.quote));
        for quote in &quotes {
            self.look(*quote, now, standing, out);
        }
        let usable = quotes.len() as u64;
        for quote in quotes.drain(..) {
            self.set_mark(quote, Mark::Clean);
        }
        self.book.dirty = quotes;
        usable
    }
}
