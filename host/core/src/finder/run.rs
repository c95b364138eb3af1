//! A packet's work: what changed is looked at, and opportunities open, change and end.

use super::close::earliest;
use super::evaluate::{Combination, Evaluate, LegTerms, Legs, proven};
use super::facts::{Quote, Standing};
use super::family::Kind;
use super::leg::{Leg, Mark, NONE};
use super::reason::{Reason, Stage};
use super::runners::cheapest;
use super::{Event, Events, Finder, Opportunity, Pairing};
use crate::Timestamp;
use crate::identity::Alone;

/// What became of a combination that passed.
enum Outcome {
    /// Nothing a person would want to hear of.
    Same,
    Shown(Box<Opportunity>, Vec<LegTerms>),
}

impl<E: Evaluate> Finder<E> {
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
        let open = self.book.arena.head_of(quote).is_some_and(|head| head.open);
        if open {
            self.close_failed(quote, leg.family, now, out);
        }
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
        let (arena, by_provider) = (&self.book.arena, self.settings.pairing == Pairing::Providers);
        let Some(head) = arena.head_of(quote) else { return Err(Reason::UnnamedEvent) };
        let Some((own, entries)) = arena.around(quote) else { return Err(Reason::UnnamedEvent) };
        self.visited += entries.len() as u64;
        let mut seen = self.candidates.find(entries, own, by_provider);
        if !seen.others {
            return Err(self.alone(leg));
        }
        self.funnel.enter(Stage::Identity, 1);
        self.funnel.pass(Stage::Identity, 1);
        if head.draw_missing {
            return Err(Reason::IncompleteOutcomes);
        }
        if head.of_runners {
            seen.outcome_missing = self.field(leg.family, by_provider, now, standing)?;
        }
        seen.left_out += self.candidates.order(self.least_cost);
        self.funnel.enter(Stage::Price, seen.left_out);
        self.funnel.refuse(Reason::TooManyCombinations, seen.left_out);
        let found = self.candidates.len();
        if head.open {
            self.keep_open(quote, leg.family);
        }
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
        if !first {
            return Ok(record.unpriced);
        }
        // Several are placed, so bets on all of them prove nothing.
        if record.kind == Kind::Place {
            return Ok(false);
        }
        let entries = self.book.arena.entries(record.block);
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
        if let Some(cost) = cost {
            self.candidates.push(cost, quotes);
        }
        if let Some(record) = self.book.families.get_mut(family as usize) {
            record.unpriced = missing;
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
        let cost = self.cost(family, quotes).unwrap_or(0);
        match self.decide(family, (quotes, cost), place, now, standing) {
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
                            self.book.arena.set_open(record.block, true);
                        }
                        self.supersede(place, now, out);
                    }
                }
                out.list.push(Event::Opportunity(shown));
            }
        }
    }

    fn place_of(&self, family: u32, quotes: &[u32]) -> Option<u32> {
        let open = &self.book.families.get(family as usize)?.open;
        open.iter().copied().find(|place| self.opens.get(*place).is_some_and(|open| *open.quotes == *quotes))
    }

    /// Takes a combination through the stages after the price; also until when it is fresh.
    fn decide(
        &mut self,
        family: u32,
        (quotes, cost): (&[u32], u32),
        place: Option<u32>,
        now: Timestamp,
        standing: &impl Standing,
    ) -> Result<(Outcome, Timestamp), Reason> {
        let Self { book, settings, rules, evaluator, opens, funnel, least_cost, .. } = self;
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
        // Small stakes in whole steps return less than their prices promise: the prices are what is believed.
        let doubtful = return_on_stake <= settings.too_good && cost < *least_cost;
        let edge = if doubtful { evaluator.edge(&combination)? } else { return_on_stake };
        funnel.pass(Stage::Sizing, 1);
        funnel.enter(Stage::Report, 1);
        if edge > settings.too_good {
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
}
