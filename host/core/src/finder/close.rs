//! How opportunities end.

use super::arena::Entry;
use super::evaluate::{Evaluate, proven};
use super::facts::{Quote, Standing};
use super::open::Open;
use super::price::ONE;
use super::reason::Reason;
use super::shape::{DRAW, Shape, double_chance_cost, draw_cost, is_away, is_home, pair_cost};
use super::{Closed, Event, Events, Finder};
use crate::Timestamp;
use smallvec::SmallVec;

impl<E: Evaluate> Finder<E> {
    /// Ends opportunities of which a leg went stale before `now`, each at its own instant. Before what a
    /// packet at `now` brings.
    pub fn advance(&mut self, now: Timestamp, standing: &impl Standing, out: &mut Events) {
        let first = out.list.len();
        while let Some(place) = self.opens.due(now) {
            let Some(open) = self.opens.get(place) else { continue };
            match earliest(&open.quotes, standing) {
                Some(until) if until >= now => self.opens.wait(place, until),
                Some(until) => self.close(place, Reason::Stale, until, out),
                None => self.close(place, Reason::Gap, now, out),
            }
        }
        if let Some(new) = out.list.get_mut(first..).filter(|new| new.len() > 1) {
            new.sort_by_key(|event| match event {
                Event::Closed(closed) => (closed.at, closed.key),
                Event::Opportunity(opportunity) => (opportunity.at, opportunity.key),
            });
        }
    }

    /// Ends what was open with quotes that are of another event now.
    pub(super) fn close_moved(&mut self, now: Timestamp, out: &mut Events) {
        while let Some((family, quote)) = self.book.moved.pop() {
            self.close_with(family, quote, now, out, |_, _| Some(Reason::IdentityChanged));
        }
    }

    /// Ends what is open with a quote and no longer pays.
    pub(super) fn close_failed(&mut self, quote: u32, family: u32, now: Timestamp, out: &mut Events) {
        self.close_with(family, quote, now, out, |finder, quotes| {
            let refused = quotes.iter().find_map(|quote| finder.book.leg(*quote)?.refusal);
            let unproven = || finder.unproven(family).then_some(Reason::IncompleteOutcomes);
            let priced_out = || finder.cost(family, quotes).is_none().then_some(Reason::NoEdge);
            refused.or_else(unproven).or_else(priced_out)
        });
    }

    /// Of a family of runners: whether its outcomes are not known to be all.
    fn unproven(&self, family: u32) -> bool {
        let record = self.book.families.get(family as usize).filter(|family| family.kind.of_runners());
        record.is_some_and(|family| proven(&self.book, family.runners).is_none())
    }

    fn close_with(
        &mut self,
        family: u32,
        quote: u32,
        now: Timestamp,
        out: &mut Events,
        reason: impl Fn(&Self, &[u32]) -> Option<Reason>,
    ) {
        let mut places = std::mem::take(&mut self.places);
        places.clear();
        places.extend(self.book.families.get(family as usize).iter().flat_map(|family| &family.open));
        for place in &places {
            let Some(open) = self.opens.get(*place).filter(|open| open.quotes.contains(&quote)) else {
                continue;
            };
            if let Some(reason) = reason(self, &open.quotes) {
                self.close(*place, reason, now, out);
            }
        }
        self.places = places;
    }

    pub(super) fn close(&mut self, place: u32, reason: Reason, at: Timestamp, out: &mut Events) {
        let Some(open) = self.opens.remove(place) else { return };
        if let Some(family) = self.book.families.get_mut(open.family as usize) {
            family.open.retain(|other| *other != place);
            self.book.arena.set_open(family.block, !family.open.is_empty());
        }
        out.list.push(Event::Closed(Closed { key: open.key, id: open.id, at, reason }));
    }

    /// What a combination costs now for a payout of 1; none where it does not pay.
    fn cost(&self, family: u32, quotes: &[u32]) -> Option<u32> {
        let legs: SmallVec<[_; crate::settle::MOST_LEGS]> =
            quotes.iter().filter_map(|quote| self.entry(family, *quote)).collect();
        if legs.len() != quotes.len() {
            return None;
        }
        if legs.iter().all(|leg| leg.shape == Shape::Out) {
            let cost: u64 = legs.iter().map(|leg| u64::from(leg.inverse)).sum();
            return u32::try_from(cost).ok().filter(|cost| *cost < ONE);
        }
        match legs.as_slice() {
            [one, two] => pair_cost((one.place(), one.inverse), (two.place(), two.inverse)),
            [one, two, three] => {
                let find = |class: fn(u8) -> bool| legs.iter().find(|leg| class(leg.class));
                let (home, draw, away) = (find(is_home), find(|class| class == DRAW), find(is_away));
                match (home, draw, away) {
                    (Some(home), Some(draw), Some(away)) => {
                        draw_cost((home.class, home.inverse), draw.inverse, (away.class, away.inverse))
                    }
                    _ => double_chance_cost(one.inverse, two.inverse, three.inverse),
                }
            }
            _ => None,
        }
    }

    /// Of bets on all runners together only the best are open.
    pub(super) fn supersede(&mut self, place: u32, now: Timestamp, out: &mut Events) {
        let field = |finder: &Self, open: &Open| {
            let shape = |quote: &u32| Some(finder.entry(open.family, *quote)?.shape);
            open.quotes.iter().all(|quote| shape(quote) == Some(Shape::Out))
        };
        let Some(open) = self.opens.get(place).filter(|open| field(self, open)) else { return };
        let others = self.book.families.get(open.family as usize).map(|family| family.open.clone());
        for other in others.unwrap_or_default() {
            if other != place && self.opens.get(other).is_some_and(|other| field(self, other)) {
                self.close(other, Reason::Superseded, now, out);
            }
        }
    }

    pub(super) fn entry(&self, family: u32, quote: u32) -> Option<&Entry> {
        self.book.leg(quote).filter(|leg| leg.family == family)?;
        self.book.arena.around(quote).map(|(entry, _)| entry)
    }
}

/// The last instant at which all are fresh; none where a stream has a gap.
pub(super) fn earliest(quotes: &[u32], standing: &impl Standing) -> Option<Timestamp> {
    quotes.iter().map(|quote| standing.stale_at(Quote(*quote))).min().flatten()
}
