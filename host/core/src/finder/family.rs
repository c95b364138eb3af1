//! Families: the quotes that are worth comparing, of one event, kind of market and period.

use super::arena::Block;
use super::book::Book;
use super::leg::NONE;
use super::reason::Reason;
use super::records::LineRecord;
use super::runners::Runners;
use super::shape::Place;
use crate::identity::{EventNode, Group};
use antigravity_abi::{Market, Period, Selection, Side};

/// What a family's quotes are settled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// The margin: results, handicaps, double chances.
    Goals,
    /// The sum of both scores.
    Points,
    Moneyline,
    /// A question with yes and no.
    Question,
    Winner,
    Place,
}

impl Kind {
    const fn of(market: Market) -> Option<Self> {
        Some(match market {
            Market::MatchResult | Market::AsianHandicap | Market::DoubleChance | Market::DrawNoBet => {
                Self::Goals
            }
            Market::Total | Market::OddEven => Self::Points,
            Market::Moneyline => Self::Moneyline,
            Market::Binary => Self::Question,
            Market::Winner => Self::Winner,
            Market::Place => Self::Place,
            Market::Other => return None,
        })
    }

    /// Two providers' markets of this kind are the same one only by a confirmed link.
    const fn by_link(self) -> bool {
        matches!(self, Self::Question | Self::Winner | Self::Place)
    }

    pub const fn of_runners(self) -> bool {
        matches!(self, Self::Winner | Self::Place)
    }
}

/// What makes two quotes of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FamilyKey {
    group: Group,
    kind: Kind,
    period: Period,
    /// The provider's event and its market, where that is not known to be others' too.
    market: Option<(EventNode, u32)>,
}

#[derive(Debug)]
pub(super) struct Family {
    pub block: Block,
    pub kind: Kind,
    pub period: Period,
    pub group: Group,
    /// Of what its runners are known by.
    pub runners: u32,
    /// A draw is possible, and nothing in it can be a bet on one.
    pub draw_missing: bool,
    /// The run in which the bets on all its runners together were looked at.
    pub looked: u64,
    /// A runner had no price then.
    pub unpriced: bool,
    /// Opportunities that are open.
    pub open: Vec<u32>,
}

impl LineRecord {
    /// What a selection of it is a bet on; needs the runner's number in the family.
    pub fn place(&self, selection: Selection, side: Side) -> Option<Place> {
        let line = match self.quarters {
            Some(line) => line.quarters(),
            None if self.market.needs_line() => return None,
            None => i16::try_from(self.outcome).ok()?,
        };
        Place::of(self.market, selection, side, line)
    }
}

impl Book {
    /// Notes which market of its kind and period a line is of, where that matters.
    pub fn ask(&mut self, line: u32) {
        let Some(record) = self.line(line) else { return };
        let Some(kind) = Kind::of(record.market).filter(|kind| kind.by_link()) else { return };
        let Some(node) = self.fixture(record.fixture).map(|fixture| fixture.node) else { return };
        let (period, market_id) = (record.period, record.market_id.clone());
        let next = self.market_numbers.len() as u32;
        let market = *self.market_numbers.entry(market_id).or_insert(next);
        let known = self.questions.entry((node, kind, period)).or_default();
        if known.contains(&market) {
            return;
        }
        known.push(market);
        // With a second one it is no longer plain which of them others have.
        if known.len() == 2 {
            self.rehome(node);
        }
    }

    /// Gives a new line its family.
    pub fn settle_in(&mut self, line: u32) {
        let family = self.home(line);
        let Some(record) = self.line(line) else { return };
        let outcome = match (self.families.get(family as usize), &record.runner) {
            (Some(home), Some(runner)) if home.kind.of_runners() => {
                let number = home.runners as usize;
                let worker = self.fixture(record.fixture).and_then(|fixture| self.worker(fixture.worker));
                let name = worker.and_then(|worker| self.identity.runner(&worker.provider, runner).ok());
                name.and_then(|name| self.runners.get_mut(number)?.number(&name))
            }
            _ => Some(0),
        };
        if let Some(Some(record)) = self.lines.get_mut(line as usize) {
            match outcome {
                Some(outcome) => (record.outcome, record.family) = (outcome, family),
                None => {
                    record.family = NONE;
                    record.unfit = record.unfit.or(Some(Reason::AbsurdLine));
                }
            }
        }
    }

    /// The family a line belongs to; [`NONE`] where its event has no name or its market never pairs.
    fn home(&mut self, line: u32) -> u32 {
        let Some(record) = self.line(line) else { return NONE };
        let Some(kind) = Kind::of(record.market) else { return NONE };
        let Some(node) = self.fixture(record.fixture).map(|fixture| fixture.node) else { return NONE };
        let Ok(group) = self.identity.group(node) else { return NONE };
        let period = record.period;
        let market = if kind.by_link() {
            let number = self.market_numbers.get(&record.market_id).copied();
            let only = self.questions.get(&(node, kind, period)).is_some_and(|known| known.len() == 1);
            let shared = only && self.identity.linked(group);
            number.filter(|_| !shared).map(|number| (node, number))
        } else {
            None
        };
        let key = FamilyKey { group, kind, period, market };
        if let Some(family) = self.family_numbers.get(&key) {
            return *family;
        }
        let family = self.families.len() as u32;
        self.family_numbers.insert(key, family);
        let sport = self.identity.canonical(group).split('/').next();
        let draw_missing = kind == Kind::Moneyline && period != Period::MATCH && sport == Some("soccer");
        let (block, open) = (Block::EMPTY, Vec::new());
        let mut runners = NONE;
        if kind.of_runners() {
            runners = self.runners.len() as u32;
            self.runners.push(Runners::default());
        }
        self.families.push(Family {
            block,
            kind,
            period,
            group,
            runners,
            draw_missing,
            looked: 0,
            unpriced: false,
            open,
        });
        family
    }

    /// After events changed their groups: gives every line of them the family it belongs to now. A group
    /// that was joined by a link shares more than before, so its other events are looked at too.
    pub fn regroup(&mut self) {
        let mut nodes: Vec<EventNode> = self.identity.moved().to_vec();
        for place in 0..nodes.len() {
            if let Ok(group) = self.identity.group(nodes[place]) {
                nodes.extend_from_slice(self.identity.members(group));
            }
        }
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            self.rehome(node);
        }
    }

    /// A list of outcomes goes where its market goes.
    fn move_proof(&mut self, line: u32, from: u32) {
        let Some(record) = self.line(line) else { return };
        let Some(fixture) = self.fixture(record.fixture) else { return };
        let number = |family: u32| self.families.get(family as usize).map(|family| family.runners as usize);
        let (Some(old), Some(new)) = (number(from), number(record.family)) else { return };
        let worker = fixture.worker;
        let Some(provider) = self.worker(worker).map(|worker| worker.provider.clone()) else { return };
        let Some(proof) = self.runners.get_mut(old).and_then(|runners| runners.take(worker)) else { return };
        if let Some(runners) = self.runners.get_mut(new) {
            runners.prove(worker, &proof.names, proof.packet_seq, &self.identity, &provider);
        }
    }

    fn rehome(&mut self, node: EventNode) {
        let fixtures = self.fixtures_of.get(&node).cloned().unwrap_or_default();
        let lines: Vec<u32> = fixtures
            .iter()
            .filter_map(|fixture| self.fixture(*fixture))
            .flat_map(|f| f.lines.clone())
            .collect();
        for line in lines {
            let old = self.line(line).map(|line| line.family);
            if old == Some(self.home(line)) {
                continue;
            }
            self.settle_in(line);
            self.move_proof(line, old.unwrap_or(NONE));
            for quote in self.line(line).map(|line| line.quotes.clone()).unwrap_or_default() {
                self.leave(quote);
                self.enter(quote);
                self.mark(quote);
            }
        }
    }
}
