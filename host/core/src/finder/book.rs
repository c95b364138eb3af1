//! What the finder was told: workers, fixtures, lines, quotes, and the families they are of.

use super::arena::{Arena, Entry, Head};
use super::facts::{LineFacts, Offer, OutcomeFacts, Quote, WorkerFacts};
use super::family::{Family, FamilyKey, Kind};
use super::leg::{Leg, Mark, NONE};
use super::records::{Denomination, FixtureRecord, LineRecord, Tally, Told, WorkerRecord, limits, quarters};
use super::runners::Runners;
use crate::identity::{EventFacts, EventNode, Identity};
use antigravity_abi::{Decimal, Market, Period, Selection, Side};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// All that is known, without what came of it.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub identity: Identity,
    pub workers: Vec<Option<WorkerRecord>>,
    pub fixtures: Vec<Option<FixtureRecord>>,
    pub lines: Vec<Option<LineRecord>>,
    pub legs: Vec<Leg>,
    pub arena: Arena,
    pub families: Vec<Family>,
    pub runners: Vec<Runners>,
    pub family_numbers: FxHashMap<FamilyKey, u32>,
    pub fixtures_of: FxHashMap<EventNode, Vec<u32>>,
    /// The markets of a kind that an event of a provider has, by their numbers.
    pub questions: FxHashMap<(EventNode, Kind, Period), Vec<u32>>,
    pub market_numbers: FxHashMap<Box<str>, u32>,
    names: Names,
    /// Quotes to look at, in the order of their first change.
    pub dirty: Vec<u32>,
    /// Quotes that left a family, with the family.
    pub moved: Vec<(u32, u32)>,
    /// How many quotes stand refused, by reason; the last: how many are refused for nothing.
    pub standing: Tally,
}

/// Small numbers of accounts and providers.
#[derive(Debug, Default)]
struct Names {
    accounts: Vec<Box<str>>,
    providers: Vec<Box<str>>,
}

/// What of an account's name tells it from others: letters and digits, in any case and width. One who names
/// two accounts alike may mean one.
fn folded(account: &str) -> String {
    // Fillers of Hangul count as letters and do not show.
    let shows = |c: &char| c.is_alphanumeric() && !matches!(c, '\u{115f}' | '\u{1160}');
    account.nfkc().filter(shows).flat_map(char::to_lowercase).collect()
}

fn number_of(names: &mut Vec<Box<str>>, name: &str) -> u16 {
    let place = names.iter().position(|known| **known == *name).unwrap_or_else(|| {
        names.push(name.into());
        names.len() - 1
    });
    // Accounts are a person's own: never thousands.
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// The place of a dense number, made where it is new.
fn at<T>(list: &mut Vec<Option<T>>, number: u32) -> &mut Option<T> {
    let place = number as usize;
    if list.len() <= place {
        list.resize_with(place + 1, || None);
    }
    &mut list[place]
}

impl Book {
    pub fn new(identity: Identity) -> Self {
        Self { identity, ..Self::default() }
    }

    pub fn worker(&self, worker: u32) -> Option<&WorkerRecord> {
        self.workers.get(worker as usize)?.as_ref()
    }

    pub fn fixture(&self, fixture: u32) -> Option<&FixtureRecord> {
        self.fixtures.get(fixture as usize)?.as_ref()
    }

    pub fn line(&self, line: u32) -> Option<&LineRecord> {
        self.lines.get(line as usize)?.as_ref()
    }

    pub fn leg(&self, quote: u32) -> Option<&Leg> {
        self.legs.get(quote as usize)
    }

    /// Asks for a look at a quote in the next run.
    pub fn mark(&mut self, quote: u32) {
        let Some(leg) = self.legs.get_mut(quote as usize) else { return };
        if leg.line != NONE && leg.mark == Mark::Clean {
            leg.mark = Mark::Dirty;
            self.dirty.push(quote);
        }
    }

    pub fn name_worker(&mut self, worker: u32, facts: &WorkerFacts<'_>, charged: bool) {
        let (provider, account) = (facts.provider.to_lowercase(), folded(facts.account));
        let sizes = self.worker(worker).map_or(0, |known| known.sizes);
        *at(&mut self.workers, worker) = Some(WorkerRecord {
            account: facts.account.into(),
            account_number: number_of(&mut self.names.accounts, &account),
            nameless: account.is_empty(),
            provider_number: number_of(&mut self.names.providers, &provider),
            provider: provider.into(),
            basis: facts.basis,
            currency: Denomination::of(facts.currency),
            charged,
            sizes,
        });
    }

    pub fn name_fixture(&mut self, fixture: u32, worker: u32, facts: &EventFacts<'_>) {
        let node = self.identity.node(facts.provider, facts.event_id);
        let known = at(&mut self.fixtures, fixture);
        let (score, told) = (facts.score.map(Box::from), Told::of(facts));
        match known {
            Some(known) => {
                known.told = told;
                if (known.in_play, &known.score) != (facts.in_play, &score) {
                    (known.in_play, known.score) = (facts.in_play, score);
                    self.mark_fixture(fixture);
                }
            }
            None => {
                let (event_id, lines) = (facts.event_id.into(), Vec::new());
                let (in_play, agrees) = (facts.in_play, true);
                *known = Some(FixtureRecord { worker, node, event_id, in_play, score, lines, told, agrees });
                self.fixtures_of.entry(node).or_default().push(fixture);
            }
        }
        self.compare(node, fixture);
        if self.identity.learn(node, facts) {
            self.regroup();
        }
    }

    /// Looks which workers are told the same of an event as the one that was told last.
    fn compare(&mut self, node: EventNode, last: u32) {
        let fixtures = self.fixtures_of.get(&node).cloned().unwrap_or_default();
        for number in fixtures.iter().copied().filter(|_| fixtures.len() > 1) {
            let pair = self.fixture(number).zip(self.fixture(last));
            let agrees = pair.is_none_or(|(one, last)| one.told.agrees(&last.told));
            let Some(Some(fixture)) = self.fixtures.get_mut(number as usize) else { continue };
            if std::mem::replace(&mut fixture.agrees, agrees) != agrees {
                self.mark_fixture(number);
            }
        }
    }

    fn mark_fixture(&mut self, fixture: u32) {
        let lines = self.fixture(fixture).map(|fixture| fixture.lines.clone()).unwrap_or_default();
        for line in lines {
            self.mark_line(line);
        }
    }

    fn mark_line(&mut self, line: u32) {
        let quotes = self.line(line).map(|line| line.quotes.clone()).unwrap_or_default();
        for quote in quotes {
            self.mark(quote);
        }
    }

    pub fn name_line(&mut self, line: u32, facts: &LineFacts<'_>) {
        let quarters = quarters(facts);
        let unfit = quarters.err().or_else(|| limits(facts).err());
        let (currency, step) =
            (Denomination::of(facts.currency), facts.step.unwrap_or_else(|| Decimal::int(1)));
        match at(&mut self.lines, line) {
            Some(known) => {
                let before = (known.step, known.min, known.max, known.currency);
                (known.step, known.min, known.max, known.currency) = (step, facts.min, facts.max, currency);
                known.unfit = unfit;
                if before != (step, facts.min, facts.max, currency) {
                    self.judge_line(line);
                }
            }
            place => {
                *place = Some(LineRecord {
                    fixture: facts.fixture.0,
                    market_id: facts.market_id.into(),
                    market: facts.market,
                    period: facts.period,
                    line: facts.line,
                    quarters: quarters.ok().flatten(),
                    runner: facts.runner.map(Box::from),
                    outcome: 0,
                    step,
                    min: facts.min,
                    max: facts.max,
                    currency,
                    unfit,
                    family: NONE,
                    quotes: Vec::new(),
                });
                if let Some(Some(fixture)) = self.fixtures.get_mut(facts.fixture.0 as usize) {
                    fixture.lines.push(line);
                }
                self.ask(line);
                self.settle_in(line);
            }
        }
    }

    /// Its limits changed.
    fn judge_line(&mut self, line: u32) {
        let Some(record) = self.line(line) else { return };
        let (unfit, quotes) = (record.unfit, record.quotes.clone());
        for quote in quotes {
            if let Some(leg) = self.legs.get_mut(quote as usize) {
                leg.unfit = unfit;
            }
            self.judge(quote);
            self.mark(quote);
        }
    }

    pub fn define(&mut self, quote: u32, line: u32, selection: Selection, side: Side) {
        let Some(record) = self.line(line) else { return };
        let Some(fixture) = self.fixture(record.fixture) else { return };
        let Some(worker) = self.worker(fixture.worker) else { return };
        let place = quote as usize;
        if self.legs.get(place).is_some_and(|leg| leg.line != NONE) {
            return;
        }
        let owner = u16::try_from(fixture.worker).unwrap_or(u16::MAX);
        let mut leg = Leg::new(line, owner, record.market, selection, side);
        leg.charged = worker.charged;
        leg.unfit = record.unfit;
        if self.legs.len() <= place {
            self.legs.resize(place + 1, Leg::UNDEFINED);
        }
        self.legs[place] = leg;
        *self.standing.slot(leg.refusal) += 1;
        if let Some(Some(record)) = self.lines.get_mut(line as usize) {
            record.quotes.push(quote);
        }
        self.enter(quote);
    }

    pub fn offer(&mut self, quote: Quote, offer: &Offer) {
        self.arena.fetch(quote.0);
        let Some(leg) = self.legs.get_mut(quote.0 as usize).filter(|leg| leg.line != NONE) else { return };
        leg.take(offer);
        let (owner, market) = (leg.worker, leg.market);
        if offer.available.is_some()
            && let Some(Some(worker)) = self.workers.get_mut(usize::from(owner))
            && worker.sizes & 1 << market.code() == 0
        {
            worker.sizes |= 1 << market.code();
            self.judge_sizes(owner, market);
        }
        self.judge(quote.0);
        self.mark(quote.0);
    }

    /// A worker told its first size in a kind of market: what it told none of there has none.
    fn judge_sizes(&mut self, owner: u16, market: Market) {
        for quote in 0..self.legs.len() as u32 {
            let of_kind = |leg: &Leg| leg.line != NONE && (leg.worker, leg.market) == (owner, market);
            if self.leg(quote).is_some_and(of_kind) {
                self.judge(quote);
                self.mark(quote);
            }
        }
    }

    /// Judges a quote as it stands and puts its price where the search finds it.
    fn judge(&mut self, quote: u32) {
        let Some(leg) = self.legs.get_mut(quote as usize) else { return };
        let worker = self.workers.get(usize::from(leg.worker)).and_then(Option::as_ref);
        *self.standing.slot(leg.refusal) -= 1;
        leg.judge(worker.is_some_and(|worker| worker.sizes & 1 << leg.market.code() != 0));
        *self.standing.slot(leg.refusal) += 1;
        let inverse = leg.inverse();
        self.set_inverse(quote, inverse);
    }

    /// Puts a quote's inverse odds where the search finds them.
    pub fn set_inverse(&mut self, quote: u32, inverse: u32) {
        if let Some(entry) = self.arena.entry_mut(quote) {
            entry.inverse = inverse;
        }
    }

    /// Takes a list of outcomes that a worker proved, or its end.
    pub fn prove(&mut self, facts: &OutcomeFacts<'_>) {
        let Some(fixture) = self.fixture(facts.fixture.0) else { return };
        let worker = fixture.worker;
        let of_market = |line: &&u32| {
            self.line(**line).is_some_and(|line| {
                (line.market, line.period, &*line.market_id) == (facts.market, facts.period, facts.market_id)
            })
        };
        let first = fixture.lines.iter().find(of_market);
        let Some(first) = first.and_then(|line| self.line(*line)) else { return };
        let Some(family) = self.families.get(first.family as usize) else { return };
        let (number, block) = (family.runners, family.block);
        let provider = self.worker(worker).map(|worker| worker.provider.clone());
        let (Some(runners), Some(provider)) = (self.runners.get_mut(number as usize), provider) else {
            return;
        };
        let changed = match facts.outcomes {
            Some(names) => runners.prove(worker, names, facts.packet_seq, &self.identity, &provider),
            None => runners.take(worker).is_some(),
        };
        // All that is open in the family hangs on the list.
        if changed {
            let quotes: Vec<u32> = self.arena.entries(block).iter().map(|entry| entry.quote).collect();
            for quote in quotes {
                self.mark(quote);
            }
        }
    }

    /// An entry for a quote in the family of its line.
    pub fn enter(&mut self, quote: u32) {
        let Some(leg) = self.leg(quote) else { return };
        let Some(line) = self.line(leg.line) else { return };
        let Some(worker) = self.worker(u32::from(leg.worker)) else { return };
        let Some(place) = line.place(leg.selection, leg.side) else { return };
        let family = line.family;
        let mut entry = Entry::new(quote, place, worker.account_number, worker.provider_number);
        entry.inverse = leg.inverse();
        let Some(record) = self.families.get_mut(family as usize) else { return };
        let head = Head::new(record.kind.of_runners(), record.draw_missing);
        self.arena.insert(&mut record.block, head, entry);
        if let Some(leg) = self.legs.get_mut(quote as usize) {
            leg.family = family;
        }
    }

    /// Takes a quote's entry out of its family.
    pub fn leave(&mut self, quote: u32) {
        let Some(leg) = self.legs.get_mut(quote as usize).filter(|leg| leg.family != NONE) else { return };
        self.moved.push((std::mem::replace(&mut leg.family, NONE), quote));
        self.arena.remove(quote);
    }
}
