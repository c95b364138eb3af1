//! What it costs to try a version, to swap it, and to come back after a trap, while packets go on.

mod exchange;
mod figures;
mod paced;
mod recovery;
mod shadow;
mod traffic;
mod watch;

use crate::Problem;
use antigravity_core::quote::QuoteLine;
use antigravity_engine::{Merger, Run, TrialLimits, commands, run as run_engine};
use antigravity_runtime::{Adapter, Sandbox};
use antigravity_tests::{component, loaded, sandbox, variant};
use paced::{Long, Paced, Real};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use traffic::{ACCOUNTS, APART, FULL_EVERY, MATCHES, Traffic};
use watch::{Plan, Watch};

const SWAPS: usize = 100;
/// Packets between two trials: nothing is tried, so they are what the others are compared with.
const ALONE: u64 = 2_000;
/// Threads for the lanes: two workers each.
const THREADS: usize = 2;

pub fn run(rounds: usize) -> Result<Value, Problem> {
    let versions = Versions::build();
    Ok(json!({
        "under_load": under_load(&versions)?,
        "exchange": exchange::run(rounds, &versions)?,
        "recovery": recovery::run(rounds, &versions)?,
        "shadow": shadow::run(rounds, &versions)?,
    }))
}

/// CMD368 as it is, and the same as another version.
pub struct Versions {
    file: PathBuf,
    pub both: [Arc<Adapter>; 2],
}

impl Versions {
    fn build() -> Self {
        let sandbox = sandbox();
        let file = component(&sandbox, "adapters/cmd368");
        let both = ["0.1.0", "0.1.1"].map(|version| loaded(&sandbox, variant(&file, version, None)));
        Self { file, both }
    }

    /// The first in another sandbox.
    fn within(&self, sandbox: &Sandbox) -> Arc<Adapter> {
        loaded(sandbox, variant(&self.file, "0.1.0", None))
    }
}

fn bound() -> Vec<(String, String)> {
    ACCOUNTS.iter().map(|account| ((*account).to_owned(), "cmd368".to_owned())).collect()
}

/// A hundred swaps back and forth at 20,000 packets a second; then the same packets without a swap.
fn under_load(versions: &Versions) -> Result<Value, Problem> {
    let traffic = Arc::new(Traffic::new(APART));
    let (commands, inbox) = commands();
    let clock = Real::start();
    let plan = Plan { commands, versions: versions.both.clone(), swaps: SWAPS, alone: ALONE };
    let mut watch = Watch::new(traffic.clone(), clock, plan);
    let (feed, told) = Paced::new(traffic.clone(), Some(clock), u64::MAX);
    let (merger, _) = run_engine(
        Run {
            adapters: &versions.both[..1],
            feed: Box::new(feed),
            bound: &bound(),
            threads: THREADS,
            limits: TrialLimits::default(),
            inbox,
            clock: Arc::new(clock),
            known: None,
        },
        &mut watch,
    )?;
    if let Some(problem) = watch.problem.take() {
        return Err(problem.into());
    }
    if watch.swapped() != SWAPS {
        return Err(format!("{} swaps of {SWAPS} came to their end", watch.swapped()).into());
    }
    let long: Vec<Long> = told.try_iter().collect();
    let mut report = figures::report(&watch, &long);
    report["packets"] = json!({
        "accounts": ACCOUNTS.len(), "a_second": 1_000_000_000 / APART, "mean_bytes": traffic.mean_bytes(),
        "quotes_a_worker": MATCHES * 16, "full_every": FULL_EVERY,
    });
    report["exact"] = exact(versions, &traffic, &merger, watch.samples.len() as u64)?;
    Ok(report)
}

/// Whether nothing was lost or doubled, and the board is as without swaps.
fn exact(
    versions: &Versions,
    traffic: &Arc<Traffic>,
    merger: &Merger,
    decided: u64,
) -> Result<Value, Problem> {
    let given = merger.ledger().captured();
    let (_, inbox) = commands();
    let (feed, _) = Paced::new(traffic.clone(), None, given);
    let clock = Real::start();
    let adapters = &versions.both[..1];
    let (limits, bound) = (TrialLimits::default(), bound());
    let run = Run {
        adapters,
        feed: Box::new(feed),
        bound: &bound,
        threads: THREADS,
        limits,
        inbox,
        clock: Arc::new(clock),
        known: None,
    };
    let (alone, _) = run_engine(run, &mut shadow::Deaf)?;
    if decided != given {
        return Err(format!("{given} packets were captured, and {decided} came to their end in order").into());
    }
    let ledgers = [merger, &alone].map(|merger| serde_json::to_value(merger.ledger().to_line()));
    let [with, without] = ledgers;
    let (with, without) = (with?, without?);
    if with != without {
        return Err(format!("the ledger is {with} with swaps and {without} without").into());
    }
    let lines = same_board(merger, &alone)?;
    Ok(json!({"captured": given, "lost": 0, "doubled": 0, "ledger": with, "board_lines_equal": lines}))
}

/// How many lines both boards have; they are alike but for the version that said it.
fn same_board(with: &Merger, without: &Merger) -> Result<usize, Problem> {
    let now = with.latest().ok_or("no packet")?;
    let line = |line: QuoteLine<'_>| {
        let mut line = serde_json::to_value(&line)?;
        line.as_object_mut().map(|members| members.remove("adapter"));
        Ok::<_, serde_json::Error>(line)
    };
    let lines = |merger: &Merger| merger.board().board_lines(now).map(line).collect::<Result<Vec<_>, _>>();
    let (with, without) = (lines(with)?, lines(without)?);
    match with.iter().zip(&without).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("the board shows {a} with swaps and {b} without").into()),
        None if with.len() != without.len() => {
            Err(format!("{} lines with swaps, {} without", with.len(), without.len()).into())
        }
        None => Ok(with.len()),
    }
}
