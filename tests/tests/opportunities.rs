//! Opportunities of simulated sportsbooks: each is proven, none is missed because of the way the board came
//! to stand as it does, and each has one life after the other.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_capture::{CaptureError, Line, Progress, Record, Source};
use antigravity_core::board::{Board, Change, Changes, EventId, LineId, Origin, QuoteId, WorkerInfo};
use antigravity_core::checker;
use antigravity_core::exact::Ratio;
use antigravity_core::fees::{BUILTIN, FeeBook};
use antigravity_core::finder::{
    Event, Finder, Funnel, Pairing, Reason, Settings as Limits, Stage, VoidRules,
};
use antigravity_core::identity::{AliasBook, Identity};
use antigravity_core::money::{FxTable, Money};
use antigravity_core::{Decimal, Fate, Packet, Timestamp};
use antigravity_engine::{Captures, Emit, Lines, Marks, Observer, Opportunities, replay};
use antigravity_runtime::{Adapter, CallError};
use antigravity_simulator::{Plan, Scenario, Settings};
use antigravity_tests::{adapter, sandbox};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A scenario, in which account A falls silent after so many seconds.
struct Simulated(Settings, Option<i64>);

struct Packets {
    scenario: Scenario,
    silent_from: Option<Timestamp>,
}

impl Captures for Simulated {
    fn open(&self, _: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError> {
        let after = |seconds| Timestamp::from_nanos(self.0.start.nanos() + seconds * 1_000_000_000);
        let scenario = Scenario::new(&self.0);
        Ok(vec![Box::new(Packets { scenario, silent_from: self.1.map(after) })])
    }
}

impl Source for Packets {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        let silent = |it: &Packet| &*it.account == "A" && self.silent_from.is_some_and(|from| it.at >= from);
        Ok(self.scenario.find(|packet| !silent(packet)).map(|packet| Line::Packet(packet).into()))
    }

    fn redacted(&self) -> bool {
        false
    }
}

fn adapters() -> Vec<Arc<Adapter>> {
    static ADAPTERS: Mutex<Vec<Arc<Adapter>>> = Mutex::new(Vec::new());
    let mut adapters = ADAPTERS.lock().unwrap();
    if adapters.is_empty() {
        let sandbox = sandbox();
        adapters
            .extend(["adapters/cmd368", "adapters/isport", "adapters/afb88"].map(|f| adapter(&sandbox, f)));
    }
    adapters.clone()
}

/// Without a limit of how many are open: which of them are would depend on the order.
fn opportunities() -> Opportunities {
    let bankroll = Money::parse(Decimal::int(1000), "USD".parse().unwrap()).unwrap();
    let limits = Limits {
        bankroll,
        per_account: None,
        pairing: Pairing::Accounts,
        too_good: Ratio::new(1, 10).unwrap(),
        most_open: u16::MAX,
    };
    let (fees, void) = (FeeBook::builtin().unwrap(), VoidRules::builtin().unwrap());
    let identity = Identity::new(AliasBook::default());
    Opportunities::new(Finder::new(limits, fees, FxTable::default(), void, identity))
}

/// What a person would have to know of each: legs with prices and stakes.
type Open = BTreeMap<[u8; 32], String>;

fn apply(open: &mut Open, ids: &mut BTreeMap<[u8; 32], [u8; 32]>, event: Event) {
    match event {
        Event::Opportunity(it) => {
            let legs = it.certificate.legs.iter().map(|leg| {
                format!(
                    "{} {} {} at {} x {}; ",
                    leg.account,
                    leg.provider,
                    leg.market_id,
                    leg.price.value(),
                    leg.nominal
                )
            });
            let before = open.insert(it.key, legs.collect());
            assert_ne!(before.as_ref(), open.get(&it.key), "a line that says nothing new");
            ids.insert(it.key, it.id);
        }
        Event::Closed(closed) => {
            assert!(open.remove(&closed.key).is_some(), "closed twice, or never open");
            assert_eq!(ids.get(&closed.key), Some(&closed.id), "of its last certificate");
        }
    }
}

/// Follows a run, and now and then asks somebody who only sees the board as it stands.
struct Following {
    opportunities: Opportunities,
    open: Open,
    ids: BTreeMap<[u8; 32], [u8; 32]>,
    packets: u64,
    /// Packets between two comparisons.
    every: u64,
    compared: usize,
    seed: u64,
}

impl Following {
    fn new(every: u64, seed: u64) -> Self {
        let (open, ids) = Default::default();
        Self { opportunities: opportunities(), open, ids, packets: 0, every, compared: 0, seed }
    }

    fn compare(&mut self, board: &Board) {
        let mut fresh = opportunities();
        for number in 0..board.len() as u32 {
            let quote = board.quote_id(number);
            let origin = Origin { seq: 0, at: board.now().unwrap(), connection: 0 };
            fresh.changed(board, Change { quote, origin });
        }
        let (mut open, mut ids) = (Open::new(), BTreeMap::new());
        fresh.packet_ends(board).for_each(|event| apply(&mut open, &mut ids, event));
        let only = |a: &Open, b: &Open| {
            a.values().filter(|it| !b.values().any(|other| other == *it)).cloned().collect::<Vec<_>>()
        };
        assert!(
            open == self.open,
            "seed {}, packet {}: missed {:#?}, should have ended {:#?}",
            self.seed,
            self.packets,
            only(&open, &self.open),
            only(&self.open, &open)
        );
        self.compared += open.len();
    }
}

impl Changes for Following {
    fn changed(&mut self, board: &Board, change: Change) {
        self.opportunities.changed(board, change);
    }

    fn touched(&mut self, board: &Board, quote: QuoteId) {
        self.opportunities.touched(board, quote);
    }

    fn event_changed(&mut self, board: &Board, event: EventId) {
        self.opportunities.event_changed(board, event);
    }

    fn line_changed(&mut self, board: &Board, line: LineId) {
        self.opportunities.line_changed(board, line);
    }

    fn runners_changed(&mut self, board: &Board, line: LineId) {
        self.opportunities.runners_changed(board, line);
    }
}

impl Observer for Following {
    fn packet_begins(&mut self, board: &Board) {
        let Self { opportunities, open, ids, .. } = self;
        opportunities.packet_begins(board).for_each(|event| apply(open, ids, event));
    }

    fn packet_ends(&mut self, board: &Board) {
        let Self { opportunities, open, ids, .. } = self;
        opportunities.packet_ends(board).for_each(|event| apply(open, ids, event));
        self.packets += 1;
        if self.packets.is_multiple_of(self.every) {
            self.compare(board);
        }
    }

    fn fate(&mut self, _: Origin, _: Fate, _: &'static str, _: Option<&WorkerInfo>) {}

    fn failed(&mut self, packet: &Packet, by: &WorkerInfo, error: &CallError) {
        panic!("{} failed on packet {}: {error}", by.adapter, packet.seq);
    }
}

fn follow(settings: &Settings, every: u64) -> Following {
    let mut following = Following::new(every, settings.seed);
    let simulated = Simulated(settings.clone(), None);
    replay(&adapters(), &simulated, &Marks::Recognised, 2, &Progress::default(), &mut following).unwrap();
    following
}

#[test]
fn what_is_open_follows_from_the_board_alone() {
    let demo = follow(&Settings::demo(), 7);
    assert!(demo.compared > 100, "{} opportunities compared", demo.compared);
    // A small sample; `ANTIGRAVITY_SEEDS=500` sweeps.
    let seeds = std::env::var("ANTIGRAVITY_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    for seed in 1..=seeds {
        let plan = Plan::everywhere(&["A", "B"], 0.05);
        follow(&Settings { seed, plan, length: 120_000, ..Settings::demo() }, 11);
    }
}

fn lines(simulated: &Simulated, threads: usize) -> (String, Funnel) {
    let mut text = Vec::new();
    let emit = Emit { quotes: true, opportunities: true, funnel: true, ..Emit::default() };
    let mut lines = Lines::new(&mut text, emit).looking(opportunities(), false);
    let (merger, _) =
        replay(&adapters(), simulated, &Marks::Recognised, threads, &Progress::default(), &mut lines)
            .unwrap();
    let ended = lines.finish(&merger).unwrap();
    let funnel = ended.opportunities.unwrap().funnel().clone();
    (String::from_utf8(text).unwrap(), funnel)
}

#[test]
fn each_is_proven_and_threads_change_nothing() {
    let demo = Simulated(Settings::demo(), None);
    let (one, funnel) = lines(&demo, 1);
    for threads in [2, 8] {
        assert!(lines(&demo, threads).0 == one, "{threads} threads");
    }
    let shown: Vec<&str> = one.lines().filter(|line| line.starts_with(r#"{"type":"opportunity""#)).collect();
    assert!(shown.len() > 20, "{} opportunities", shown.len());
    for line in shown {
        checker::verify(line.as_bytes(), &[BUILTIN]).unwrap_or_else(|refused| panic!("{refused:?}: {line}"));
    }
    for stage in Stage::ALL {
        let refused: u64 =
            Reason::ALL.iter().filter(|it| it.stage() == stage).map(|it| funnel.refused(*it)).sum();
        assert_eq!(funnel.seen(stage), funnel.passed(stage) + refused, "{stage:?}");
    }
}

/// A line that ends an opportunity because a leg went stale bears the instant at which it did, and stands
/// before anything that the next packet brought.
#[test]
fn what_goes_stale_ends_at_its_instant() {
    let (text, _) = lines(&Simulated(Settings::demo(), Some(20)), 1);
    let (mut latest, mut stale) = (None::<Timestamp>, 0);
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(at) = value["at"].as_str().map(|at| at.parse::<Timestamp>().unwrap()) else { continue };
        if value["type"] == "closed" && value["reason"] == "stale" {
            stale += 1;
            assert!(latest <= Some(at), "after {latest:?}: {line}");
        }
        latest = latest.max(Some(at));
    }
    assert!(stale > 3, "{stale} went stale");
}
