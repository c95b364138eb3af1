//! A packet's work: what changed is looked at, and opportunities open, change and end.

use super::arena::Entry;
use super::evaluate::{Combination, Evaluate, LegTerms, Legs, proven};
use super::facts::{Quote, Standing};
use super::family::Kind;
use super::leg::{Leg, Mark, NONE};
use super::open::Open;
use super::price::ONE;
use super::reason::{Reason, Stage};
use super::runners::cheapest;
use super::shape::{DRAW, Shape, double_chance_cost, draw_cost, is_away, is_home, pair_cost};
use super::{Closed, Event, Events, Finder, Opportunity, Pairing};
use crate::Timestamp;
use crate::identity::Alone;
use smallvec::SmallVec;

/// What became of a combination that passed.
enum Outcome {
    /// Nothing a person would want to hear of.
    Same,
    Shown(Box<Opportunity>, Vec<LegTerms>),
}

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

    /// Looks at what changed since the last run; once for each packet.
    pub fn run(&mut self, now: Timestamp, standing: &impl Standing, out: &mut Events) {
        let first = out.list.len();
        self.runs += 1;
        self.close_moved(now, out);
        let mut dirty = std::mem::take(&mut self.book.dirty);
        for quote in &dirty {
            self.look(*quote, now, standing, out);
        }
        for quote in dirty.drain(..) {
            self.set_mark(quote, Mark::Clean);
        }
        self.book.dirty = dirty;
        out.sort(first);
    }

    pub(super) fn set_mark(&mut self, quote: u32, mark: Mark) {
        if let Some(leg) = self.book.legs.get_mut(quote as usize) {
            leg.mark = mark;
        }
    }

    /// Looks at one quote: ends what no longer pays with it, then judges all that pays.
    pub(super) fn look(&mut self, quote: u32, now: Timestamp, standing: &impl Standing, out: &mut Events) {
        let Some(leg) = self.book.leg(quote).copied() else { return };
        self.close_failed(quote, leg.family, now, out);
        match self.search(quote, &leg, now, standing) {
            Err(reason) => {
                self.funnel.enter(reason.stage(), 1);
                self.funnel.refuse(reason, 1);
            }
            Ok(found) => {
                for place in 0..self.candidates.len() {
                    let mut quotes = std::mem::take(&mut self.legs);
                    quotes.clear();
                    quotes.extend_from_slice(self.candidates.get(place));
                    // One that was kept because it was open may have been superseded.
                    let ended = place >= found && self.place_of(leg.family, &quotes).is_none();
                    if !ended {
                        self.judge(leg.family, &quotes, now, standing, out);
                    }
                    self.legs = quotes;
                }
            }
        }
        self.set_mark(quote, Mark::Done);
    }

    /// Fills the candidates with what pays together with a quote, and then with what is open; tells how many
    /// the first are. The reason where there is nothing.
    fn search(
        &mut self,
        quote: u32,
        leg: &Leg,
        now: Timestamp,
        standing: &impl Standing,
    ) -> Result<usize, Reason> {
        self.candidates.clear();
        if let Some(reason) = leg.refusal {
            return Err(reason);
        }
        self.funnel.enter(Stage::Quote, 1);
        self.funnel.pass(Stage::Quote, 1);
        if leg.family == NONE {
            return Err(Reason::UnnamedEvent);
        }
        let (book, by_provider) = (&self.book, self.settings.pairing == Pairing::Providers);
        let Some(family) = book.families.get(leg.family as usize) else { return Err(Reason::UnnamedEvent) };
        let entries = book.arena.block(&family.block);
        let Some(own) = entries.get(leg.slot as usize) else { return Err(Reason::UnnamedEvent) };
        self.visited += entries.len() as u64;
        let mut seen = self.candidates.find(entries, own, by_provider);
        if !seen.others {
            return Err(self.alone(leg));
        }
        self.funnel.enter(Stage::Identity, 1);
        self.funnel.pass(Stage::Identity, 1);
        if family.draw_missing {
            return Err(Reason::IncompleteOutcomes);
        }
        if family.kind.of_runners() {
            seen.outcome_missing = self.field(leg.family, by_provider, now, standing)?;
        }
        seen.left_out += self.candidates.order(self.least_cost);
        self.funnel.enter(Stage::Price, seen.left_out);
        self.funnel.refuse(Reason::TooManyCombinations, seen.left_out);
        let found = self.candidates.len();
        self.keep_open(quote, leg.family);
        match (self.candidates.len(), seen.outcome_missing) {
            (0, true) => Err(Reason::IncompleteOutcomes),
            (0, false) => Err(Reason::NoEdge),
            _ => Ok(found),
        }
    }

    /// Why nobody else has a quote like this.
    fn alone(&self, leg: &Leg) -> Reason {
        let fixture = self.book.line(leg.line).and_then(|line| self.book.fixture(line.fixture));
        match fixture.and_then(|fixture| self.book.identity.alone(fixture.node)) {
            Some(Alone::Unresolved) => Reason::UnresolvedIdentity,
            Some(Alone::Swapped) => Reason::UnprovenOrientation,
            Some(Alone::NoCounterpart) | None => Reason::NoCounterpart,
        }
    }

    /// Adds the cheapest bets on all runners together, where they pay, once a run; tells whether a runner has
    /// no price.
    fn field(
        &mut self,
        family: u32,
        by_provider: bool,
        now: Timestamp,
        standing: &impl Standing,
    ) -> Result<bool, Reason> {
        let runs = self.runs;
        let Some(record) = self.book.families.get_mut(family as usize) else { return Ok(false) };
        let first = std::mem::replace(&mut record.looked, runs) != runs;
        let Some(record) = self.book.families.get(family as usize) else { return Ok(false) };
        let Some((proof, _)) = proven(&self.book, record.runners) else {
            self.candidates.clear();
            return Err(Reason::IncompleteOutcomes);
        };
        // Several are placed, so bets on all of them prove nothing.
        if record.kind == Kind::Place {
            return Ok(false);
        }
        let entries = self.book.arena.block(&record.block);
        let (scratch, quotes) = (&mut self.scratch, &mut self.legs);
        let any = |_| true;
        let fresh = |quote: u32| standing.stale_at(Quote(quote)).is_some_and(|until| until >= now);
        let mut cost = cheapest(entries, &proof.outcomes, by_provider, any, scratch, quotes);
        // A stale price must not hide a fresh one.
        if cost.is_some() && !quotes.iter().all(|quote| fresh(*quote)) {
            cost = cheapest(entries, &proof.outcomes, by_provider, fresh, scratch, quotes)
                .or_else(|| cheapest(entries, &proof.outcomes, by_provider, any, scratch, quotes));
        }
        let missing = scratch.missing;
        if let Some(cost) = cost.filter(|_| first) {
            self.candidates.push(cost, quotes);
        }
        Ok(missing)
    }

    /// Open ones with a quote are looked at whatever else pays; they come last.
    fn keep_open(&mut self, quote: u32, family: u32) {
        let Some(record) = self.book.families.get(family as usize) else { return };
        for place in &record.open {
            let Some(open) = self.opens.get(*place) else { continue };
            if open.quotes.contains(&quote) && !self.candidates.contains(&open.quotes) {
                self.candidates.push(0, &open.quotes);
            }
        }
    }

    /// Judges a combination that pays and shows what came of it.
    fn judge(
        &mut self,
        family: u32,
        quotes: &[u32],
        now: Timestamp,
        standing: &impl Standing,
        out: &mut Events,
    ) {
        let done = |quote: &u32| self.book.leg(*quote).is_some_and(|leg| leg.mark == Mark::Done);
        if quotes.iter().any(done) {
            return;
        }
        self.funnel.enter(Stage::Price, 1);
        self.funnel.pass(Stage::Price, 1);
        let place = self.place_of(family, quotes);
        match self.decide(family, quotes, place, now, standing) {
            Err(reason) => {
                self.funnel.refuse(reason, 1);
                if let Some(place) = place {
                    self.close(place, reason, now, out);
                }
            }
            Ok((Outcome::Same, _)) => {}
            Ok((Outcome::Shown(shown, terms), until)) => {
                match place.and_then(|place| self.opens.get_mut(place)) {
                    Some(open) => (open.id, open.terms) = (shown.id, terms),
                    None => {
                        let place = self.opens.insert(family, quotes, (shown.key, shown.id), terms, until);
                        if let Some(record) = self.book.families.get_mut(family as usize) {
                            record.open.push(place);
                        }
                        self.supersede(place, now, out);
                    }
                }
                out.list.push(Event::Opportunity(shown));
            }
        }
    }

    /// Of bets on all runners together only the best are open.
    fn supersede(&mut self, place: u32, now: Timestamp, out: &mut Events) {
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

    fn entry(&self, family: u32, quote: u32) -> Option<&Entry> {
        let leg = self.book.leg(quote).filter(|leg| leg.family == family)?;
        self.book.entries(family).get(leg.slot as usize)
    }

    fn place_of(&self, family: u32, quotes: &[u32]) -> Option<u32> {
        let open = &self.book.families.get(family as usize)?.open;
        open.iter().copied().find(|place| self.opens.get(*place).is_some_and(|open| *open.quotes == *quotes))
    }

    /// Takes a combination through the stages after the price; also until when it is fresh.
    fn decide(
        &mut self,
        family: u32,
        quotes: &[u32],
        place: Option<u32>,
        now: Timestamp,
        standing: &impl Standing,
    ) -> Result<(Outcome, Timestamp), Reason> {
        let Self { book, settings, rules, evaluator, opens, funnel, .. } = self;
        funnel.enter(Stage::Pairing, 1);
        let record = book.families.get(family as usize).ok_or(Reason::IdentityChanged)?;
        let event = book.identity.canonical(record.group);
        let mut combination = Combination {
            as_of: now,
            event,
            period: record.period,
            bankroll: settings.bankroll,
            per_account: settings.per_account,
            fx: &rules.fx,
            legs: Legs::new(),
            kind: record.kind,
            outcomes: proven(book, record.runners),
        };
        rules.gather(book, quotes, standing, &mut combination)?;
        funnel.pass(Stage::Pairing, 1);
        funnel.enter(Stage::Fresh, 1);
        let until = earliest(quotes, standing).ok_or(Reason::Gap)?;
        if until < now {
            return Err(Reason::Stale);
        }
        funnel.pass(Stage::Fresh, 1);
        funnel.enter(Stage::Sizing, 1);
        let return_on_stake = evaluator.size(&combination)?;
        funnel.pass(Stage::Sizing, 1);
        funnel.enter(Stage::Report, 1);
        if return_on_stake > settings.too_good {
            return Err(Reason::TooGood);
        }
        if place.is_none() && record.open.len() >= usize::from(settings.most_open) {
            return Err(Reason::FamilyFull);
        }
        funnel.pass(Stage::Report, 1);
        let terms = || combination.legs.iter().zip(evaluator.stakes()).map(|(leg, stake)| leg.terms(*stake));
        let shown = place.and_then(|place| opens.get(place)).map(|open| &open.terms);
        if shown.is_some_and(|shown| terms().eq(shown.iter().copied())) {
            return Ok((Outcome::Same, until));
        }
        let terms = terms().collect();
        Ok((Outcome::Shown(Box::new(evaluator.write(&combination)), terms), until))
    }

    /// Ends what was open with quotes that are of another event now.
    fn close_moved(&mut self, now: Timestamp, out: &mut Events) {
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

    fn close(&mut self, place: u32, reason: Reason, at: Timestamp, out: &mut Events) {
        let Some(open) = self.opens.remove(place) else { return };
        if let Some(family) = self.book.families.get_mut(open.family as usize) {
            family.open.retain(|other| *other != place);
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
}

/// The last instant at which all are fresh; none where a stream has a gap.
fn earliest(quotes: &[u32], standing: &impl Standing) -> Option<Timestamp> {
    quotes.iter().map(|quote| standing.stale_at(Quote(*quote))).min().flatten()
}
