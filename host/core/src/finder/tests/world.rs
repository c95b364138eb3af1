//! A small world to tell a finder of.

use crate::contract::HandicapBasis;
use crate::exact::Ratio;
use crate::fees::FeeBook;
use crate::finder::*;
use crate::identity::{AliasBook, EventFacts, Identity};
use crate::money::{FxTable, Money};
use crate::odds::{Price, read};
use crate::{Decimal, Market, Period, PriceFormat, Selection, Side, Status, Timestamp};
use std::collections::BTreeSet;

pub fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + millis).unwrap()
}

pub fn decimal(text: &str) -> Price {
    read(PriceFormat::Decimal, text).unwrap()
}

/// How fresh the quotes are: each confirmed at an instant and stale 10 s later.
#[derive(Default)]
pub struct Clock {
    pub confirmed: Vec<Timestamp>,
    pub gaps: BTreeSet<u32>,
}

pub const STALE_AFTER: i64 = 10_000;

impl Standing for Clock {
    fn confirmed_at(&self, quote: Quote) -> Timestamp {
        self.confirmed[quote.0 as usize]
    }

    fn stale_at(&self, quote: Quote) -> Option<Timestamp> {
        let at = self.confirmed_at(quote).nanos() + STALE_AFTER * 1_000_000;
        (!self.gaps.contains(&quote.0)).then(|| Timestamp::from_nanos(at))
    }
}

pub struct World<E = Exact> {
    pub finder: Finder<E>,
    pub clock: Clock,
    pub now: Timestamp,
    pub events: Events,
    workers: Vec<(String, String)>,
    fixtures: Vec<u32>,
    lines: Vec<(u32, Vec<u32>)>,
    quotes: u32,
    seq: u64,
}

pub fn settings() -> Settings {
    Settings {
        bankroll: Money::parse(Decimal::int(1000), "USD".parse().unwrap()).unwrap(),
        per_account: None,
        pairing: Pairing::Accounts,
        too_good: Ratio::new(1, 10).unwrap(),
        most_open: 64,
    }
}

/// What a market's line is, with limits that bind nothing.
pub fn line(market: Market, line: Option<&str>) -> LineFacts<'static> {
    LineFacts {
        fixture: Fixture(0),
        market_id: "m",
        market,
        period: Period::FULL_TIME,
        line: line.map(d),
        runner: None,
        step: None,
        min: None,
        max: None,
        currency: None,
    }
}

/// Alder against Birch, before it began.
pub fn game<'a>(provider: &'a str, event_id: &'a str) -> EventFacts<'a> {
    EventFacts {
        provider,
        event_id,
        sport: Some("soccer"),
        competition: Some("Northern League"),
        home: Some("Alder"),
        away: Some("Birch"),
        title: None,
        starts_at: Some(at(3_600_000)),
        in_play: false,
        score: None,
    }
}

impl World<Exact> {
    pub fn new() -> Self {
        Self::of(Exact::default(), settings(), Identity::new(AliasBook::default()), VoidRules::default())
    }

    pub fn with(settings: Settings) -> Self {
        Self::of(Exact::default(), settings, Identity::new(AliasBook::default()), VoidRules::default())
    }
}

impl<E: Evaluate> World<E> {
    pub fn of(evaluator: E, settings: Settings, identity: Identity, void: VoidRules) -> Self {
        let fees = FeeBook::builtin().unwrap();
        Self {
            finder: Finder::with(evaluator, settings, fees, FxTable::default(), void, identity),
            clock: Clock::default(),
            now: at(0),
            events: Events::default(),
            workers: Vec::new(),
            fixtures: Vec::new(),
            lines: Vec::new(),
            quotes: 0,
            seq: 0,
        }
    }

    pub fn worker(&mut self, account: &str, provider: &str) -> Worker {
        self.worker_with(WorkerFacts { account, provider, basis: HandicapBasis::FromKickOff, currency: None })
    }

    pub fn worker_with(&mut self, facts: WorkerFacts<'_>) -> Worker {
        let worker = Worker(self.workers.len() as u32);
        self.workers.push((facts.account.to_owned(), facts.provider.to_owned()));
        self.finder.name_worker(worker, &facts);
        worker
    }

    pub fn fixture(&mut self, worker: Worker, facts: &EventFacts<'_>) -> Fixture {
        let fixture = Fixture(self.fixtures.len() as u32);
        self.fixtures.push(worker.0);
        self.finder.name_fixture(fixture, worker, facts);
        fixture
    }

    pub fn rename(&mut self, fixture: Fixture, facts: &EventFacts<'_>) {
        self.finder.name_fixture(fixture, Worker(self.fixtures[fixture.0 as usize]), facts);
    }

    /// The event of a new worker.
    pub fn seen_by(&mut self, account: &str, provider: &str) -> Fixture {
        let worker = self.worker(account, provider);
        self.fixture(worker, &game(provider, &format!("{provider}-1")))
    }

    pub fn line(&mut self, fixture: Fixture, facts: &LineFacts<'_>) -> MarketLine {
        let line = MarketLine(self.lines.len() as u32);
        self.lines.push((fixture.0, Vec::new()));
        self.finder.name_line(line, &LineFacts { fixture, ..*facts });
        line
    }

    pub fn quote(&mut self, line: MarketLine, selection: Selection, side: Side) -> Quote {
        let quote = Quote(self.quotes);
        self.quotes += 1;
        self.clock.confirmed.push(self.now);
        self.finder.define(quote, line, selection, side);
        quote
    }

    /// A back quote of a line of its own.
    pub fn back(&mut self, fixture: Fixture, facts: &LineFacts<'_>, selection: Selection) -> Quote {
        let line = self.line(fixture, facts);
        self.quote(line, selection, Side::Back)
    }

    pub fn offer(&mut self, quote: Quote, status: Status, price: Option<Price>, available: Option<&str>) {
        self.seq += 1;
        self.clock.confirmed[quote.0 as usize] = self.now;
        let offer = Offer { status, price, available: available.map(d), seq: self.seq };
        self.finder.offer(quote, &offer, self.now);
    }

    /// Decimal odds, nothing said of a size.
    pub fn set(&mut self, quote: Quote, odds: &str) {
        self.offer(quote, Status::Open, Some(decimal(odds)), None);
    }

    pub fn run(&mut self) -> Vec<Event> {
        self.finder.run(self.now, &self.clock, &mut self.events);
        std::mem::take(&mut self.events.list)
    }

    pub fn rescan(&mut self) -> (u64, Vec<Event>) {
        let looked_at = self.finder.rescan(self.now, &self.clock, &mut self.events);
        (looked_at, std::mem::take(&mut self.events.list))
    }

    /// A packet at that instant, before its updates.
    pub fn packet(&mut self, millis: i64) -> Vec<Event> {
        self.now = at(millis);
        self.finder.advance(self.now, &self.clock, &mut self.events);
        std::mem::take(&mut self.events.list)
    }

    pub fn refused(&self, reason: Reason) -> u64 {
        self.finder.funnel().refused(reason)
    }
}

/// At each stage what was seen is what passed and what was refused.
pub fn assert_sums(funnel: &Funnel) {
    for stage in Stage::ALL {
        let refused: u64 = Reason::ALL
            .iter()
            .filter(|reason| reason.stage() == stage)
            .map(|reason| funnel.refused(*reason))
            .sum();
        assert_eq!(funnel.seen(stage), funnel.passed(stage) + refused, "{}", stage.name());
    }
    let combinations = [Stage::Price, Stage::Pairing, Stage::Fresh, Stage::Sizing, Stage::Report];
    for pair in combinations.windows(2) {
        assert_eq!(funnel.passed(pair[0]), funnel.seen(pair[1]), "{}", pair[1].name());
    }
    assert_eq!(funnel.passed(Stage::Quote), funnel.seen(Stage::Identity));
}

pub fn opened(events: &[Event]) -> Vec<&Opportunity> {
    let opened = events.iter().filter_map(|event| match event {
        Event::Opportunity(opportunity) => Some(&**opportunity),
        Event::Closed(_) => None,
    });
    opened.collect()
}

pub fn closed(events: &[Event]) -> Vec<(Timestamp, Reason)> {
    let closed = events.iter().filter_map(|event| match event {
        Event::Opportunity(_) => None,
        Event::Closed(closed) => Some((closed.at, closed.reason)),
    });
    closed.collect()
}

pub const HANDICAP: Market = Market::AsianHandicap;

/// Two accounts with a handicap that pays: 2.10 at −0.75 against 2.00.
pub fn pair() -> (World, Quote, Quote) {
    let mut world = World::new();
    let (a, b) = (world.seen_by("A", "cmd368"), world.seen_by("B", "isport"));
    let home = world.back(a, &line(HANDICAP, Some("-0.75")), Selection::Home);
    let away = world.back(b, &line(HANDICAP, Some("-0.75")), Selection::Away);
    world.set(home, "2.10");
    world.set(away, "2.00");
    (world, home, away)
}
