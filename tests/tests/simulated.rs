//! Simulated sportsbooks know the truth: the board must be what a perfect reader would hold, and
//! every packet must have the fate it was made for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_capture::{CaptureError, Line, Progress, Record, Source};
use antigravity_core::board::{Board, Change, Changes, Origin, WorkerInfo};
use antigravity_core::quote::QuoteLine;
use antigravity_core::{Fate, Packet, Status};
use antigravity_engine::{Captures, Marks, Merger, Observer, replay_watched};
use antigravity_runtime::{Adapter, CallError};
use antigravity_simulator::{ExpectedQuote, Plan, Scenario, Settings};
use antigravity_tests::{adapter, sandbox};
use std::sync::{Arc, Mutex};

struct Simulated(Settings);

/// A scenario's packets; `secret` as a browser would give them.
struct Packets(Scenario);

impl Captures for Simulated {
    fn open(&self, _: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError> {
        Ok(vec![Box::new(Packets(Scenario::new(&self.0)))])
    }
}

impl Source for Packets {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        Ok(self.0.next().map(|packet| Line::Packet(packet).into()))
    }

    fn redacted(&self) -> bool {
        false
    }
}

#[derive(Default)]
struct Fates(Vec<(u64, Fate, &'static str)>);

impl Changes for Fates {
    fn changed(&mut self, _: &Board, _: Change) {}
}

impl Observer for Fates {
    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str, _: Option<&WorkerInfo>) {
        self.0.push((origin.seq, fate, reason));
    }

    fn failed(&mut self, packet: &Packet, by: &WorkerInfo, error: &CallError) {
        panic!("{} failed on packet {}: {error}", by.adapter, packet.seq);
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

fn run(settings: &Settings, threads: usize) -> (Merger, Fates) {
    let mut fates = Fates::default();
    let simulated = Simulated(settings.clone());
    let (marks, progress) = (Marks::Recognised, Progress::default());
    let replayed =
        replay_watched(&adapters(), &simulated, &marks, threads, &progress, Vec::new(), &mut fates);
    let (merger, notes) = replayed.unwrap();
    assert!(!notes.observed.is_empty());
    assert_eq!(notes.drifts, [], "the shapes of the books' bodies never change, faults or not");
    (merger, fates)
}

/// What both sides say of a quote, as text.
fn told(q: &QuoteLine<'_>) -> String {
    let price = q.price.filter(|_| q.status == Status::Open);
    let price = price.map(|p| format!("{} {}", p.0.format(), p.0.value()));
    format!(
        "{} {} {} {} {:?}-{:?} {:?} {:?} live={} {:?} | {} {} {} {:?} {} {:?} {} {} | {} {price:?} {:?} max {:?} gap={}",
        q.account,
        q.provider,
        q.event_id,
        q.competition.unwrap_or(""),
        q.home,
        q.away,
        q.title,
        q.starts_at.map(|t| t.to_string()),
        q.in_play,
        q.score,
        q.market_id,
        q.market,
        q.period,
        q.line.map(|l| l.normalized().to_string()),
        q.selection,
        q.runner,
        q.side,
        q.level,
        q.status,
        q.available.map(|a| a.to_string()),
        q.max_stake.map(|m| m.to_string()),
        q.stale == Some(true),
    )
}

fn expected(q: &ExpectedQuote, market_id: &str) -> String {
    let price = q.price.as_ref().map(|(format, value)| format!("{format} {value}"));
    format!(
        "{} {} {} {} {:?}-{:?} {:?} {:?} live={} {:?} | {} {} {} {:?} {} {:?} {} {} | {} {price:?} {:?} max {:?} gap={}",
        q.account,
        q.provider,
        q.event_id,
        q.competition.as_deref().unwrap_or(""),
        q.home.as_deref(),
        q.away.as_deref(),
        q.title.as_deref(),
        q.starts_at.map(|t| t.to_string()),
        q.in_play,
        q.score.as_deref(),
        market_id,
        q.market_name(),
        q.period,
        q.line,
        q.selection,
        q.runner.as_deref(),
        q.side,
        q.level,
        q.status,
        q.available,
        q.max_stake,
        q.gap,
    )
}

fn compare(settings: &Settings, label: &str) {
    let mut scenario = Scenario::new(settings);
    let mut wanted = Vec::new();
    while let Some(traffic) = scenario.next_traffic() {
        wanted.push((traffic.packet.seq, traffic.fate));
    }
    let (merger, fates) = run(settings, 1);
    assert_eq!(fates.0.len(), wanted.len(), "{label}: every packet has one fate");
    for ((seq, fate, reason), (wanted_seq, wanted_fate)) in fates.0.iter().zip(&wanted) {
        assert_eq!(seq, wanted_seq);
        if let Some(wanted) = wanted_fate {
            assert_eq!(fate, wanted, "{label}: packet {seq} ({reason})");
        }
    }
    let now = merger.latest().unwrap();
    let mut board: Vec<String> = merger.board().board_lines(now).map(|line| told(&line)).collect();
    let mut truth: Vec<String> =
        scenario.expected_board().iter().map(|q| expected(q, &q.market_id)).collect();
    board.sort();
    truth.sort();
    let missing: Vec<_> = truth.iter().filter(|line| board.binary_search(line).is_err()).collect();
    let invented: Vec<_> = board.iter().filter(|line| truth.binary_search(line).is_err()).collect();
    let first = |lines: &[&String]| lines.iter().take(8).map(|l| format!("\n    {l}")).collect::<String>();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "{label}: {} of {} quotes are missing:{}\n  and {} stand that should not:{}",
        missing.len(),
        truth.len(),
        first(&missing),
        invented.len(),
        first(&invented)
    );
}

#[test]
fn the_demo_is_read_perfectly() {
    compare(&Settings::demo(), "demo");
}

#[test]
fn faults_everywhere_are_read_perfectly() {
    // A small sample; `ANTIGRAVITY_SEEDS=500` sweeps.
    let seeds = std::env::var("ANTIGRAVITY_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    for seed in 1..=seeds {
        let plan = Plan::everywhere(&["A", "B"], 0.05);
        let settings = Settings { seed, plan, length: 120_000, ..Settings::demo() };
        compare(&settings, &format!("seed {seed}"));
    }
}

#[test]
fn threads_change_nothing() {
    let settings = Settings::demo();
    let lines = |threads| {
        let (merger, fates) = run(&settings, threads);
        let now = merger.latest().unwrap();
        let board: Vec<_> =
            merger.board().board_lines(now).map(|l| serde_json::to_string(&l).unwrap()).collect();
        (board, fates.0)
    };
    let one = lines(1);
    for threads in [2, 8] {
        assert_eq!(lines(threads), one, "{threads} threads");
    }
}
