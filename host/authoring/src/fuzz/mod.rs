//! Fixtures changed at random: no packet may make the adapter trap or break its limits, how packets are
//! grouped changes nothing, and the same code natively says the same.

mod mutate;
mod native;

pub(crate) use native::Program;

use crate::build::BuildError;
use crate::command::CommandError;
use crate::desk::{Desk, Laid, Said};
use crate::fixtures::{FixtureError, Fixtures};
use crate::minimise::fewest;
use crate::toolchain::Tools;
use crate::traffic::Traffic;
use antigravity_capture::Line;
use antigravity_engine::ReplayError;
use antigravity_runtime::Adapter;
use fastrand::Rng;
use native::Native;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// How long and with what it is tried.
#[derive(Clone, Copy, Debug)]
pub struct FuzzOptions<'a> {
    pub runs: u64,
    /// Run n of a seed is run 0 of the seed n higher.
    pub seed: u64,
    /// The adapter's folder and what compiles it, to compare with; `None`: the component alone.
    pub source: Option<(&'a Tools, &'a Path)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FuzzReport {
    /// `provider@version`.
    pub adapter: String,
    pub runs: u64,
    /// Packets that the adapter was asked about.
    pub packets: u64,
    /// Those that it read as its own.
    pub parsed: u64,
    /// Packets whose answer was compared with the native one.
    pub compared: u64,
    /// Most fuel a packet.
    pub fuel_most: u64,
    /// The first thing that must not be; nothing is tried after it.
    pub failure: Option<FuzzFailure>,
}

/// Something that must not be, with the fewest packets that show it.
#[derive(Clone, Debug, Serialize)]
pub struct FuzzFailure {
    /// The seed whose run 0 it is.
    pub seed: u64,
    pub case: String,
    pub what: String,
    pub packets: usize,
    /// A capture file of them.
    #[serde(skip)]
    pub capture: String,
}

#[derive(Debug, thiserror::Error)]
pub enum FuzzError {
    #[error(transparent)]
    Fixtures(#[from] FixtureError),
    #[error("natively: {0}")]
    Build(#[from] BuildError),
    #[error(transparent)]
    Start(#[from] CommandError),
}

impl From<ReplayError> for FuzzError {
    fn from(error: ReplayError) -> Self {
        Self::Fixtures(error.into())
    }
}

/// Tries the adapter on changed fixtures. `tick` is told of each run.
///
/// # Errors
/// [`FuzzError`] where fixtures cannot be read, or the native program cannot be made. What the adapter does
/// wrong is no error: the report says so.
pub fn fuzz(
    adapter: &Arc<Adapter>,
    fixtures: &Fixtures,
    options: FuzzOptions<'_>,
    mut tick: impl FnMut(u64),
) -> Result<FuzzReport, FuzzError> {
    let contract = adapter.contract();
    let mut cases = Vec::new();
    for case in &fixtures.cases {
        let traffic = case.traffic(contract)?;
        let laid = Laid::of(contract, &traffic)?;
        cases.push((case.name.as_str(), traffic, laid));
    }
    let program = options.source.map(|(tools, folder)| Program::build(tools, folder)).transpose()?;
    let native = program.as_ref().map(|program| program.start(contract)).transpose()?;
    let mut trial = Trial { adapter, program, native, packets: 0, parsed: 0, compared: 0, fuel_most: 0 };
    let (mut runs, mut failure) = (0, None);
    while runs < options.runs && failure.is_none() {
        let seed = options.seed.wrapping_add(runs);
        let mut random = Rng::with_seed(seed);
        if let Some((case, traffic, laid)) = random.choice(&cases) {
            let traffic = mutate::mutated(traffic, &laid.endpoints(contract), &mut random);
            let grouping = random.u64(..);
            if let Some(what) = trial.run(&traffic, grouping)? {
                failure = Some(trial.smallest(&traffic, grouping, seed, case, what)?);
            }
        }
        runs += 1;
        tick(runs);
    }
    let Trial { packets, parsed, compared, fuel_most, .. } = trial;
    Ok(FuzzReport { adapter: contract.name(), runs, packets, parsed, compared, fuel_most, failure })
}

struct Trial<'a> {
    adapter: &'a Arc<Adapter>,
    program: Option<Program>,
    native: Option<Native>,
    packets: u64,
    parsed: u64,
    compared: u64,
    fuel_most: u64,
}

impl Trial<'_> {
    /// What is wrong, if anything is.
    fn run(&mut self, traffic: &Traffic, grouping: u64) -> Result<Option<String>, FuzzError> {
        let laid = Laid::of(self.adapter.contract(), traffic)?;
        let mut desk = Desk::new(self.adapter);
        let mut fuel = 0;
        let said = desk.read_watched(
            &laid,
            || 1,
            |used| {
                self.fuel_most = self.fuel_most.max(used - fuel);
                fuel = used;
            },
        );
        self.packets += said.iter().filter(|one| !matches!(one, Said::Decided(_))).count() as u64;
        for (at, one) in said.iter().enumerate() {
            match one {
                Said::Failed(error) => return Ok(Some(format!("packet {}: {error}", at + 1))),
                Said::Answered(lines) => {
                    self.parsed += u64::from(lines.first().is_some_and(|line| line.starts_with("parsed ")));
                }
                Said::Decided(_) => {}
            }
        }
        let mut random = Rng::with_seed(grouping);
        let grouped = Desk::new(self.adapter).read(&laid, || random.usize(1..64));
        if let Some(problem) = differs(&said, &grouped, "in calls of several packets") {
            return Ok(Some(problem));
        }
        self.natively(&laid, &said)
    }

    fn natively(&mut self, laid: &Laid, said: &[Said]) -> Result<Option<String>, FuzzError> {
        let Some(native) = &mut self.native else { return Ok(None) };
        let answered = native.restart().and_then(|()| native.read(laid));
        match answered {
            Ok(natively) => {
                self.compared += said.iter().filter(|one| matches!(one, Said::Answered(_))).count() as u64;
                Ok(differs(said, &natively, "natively"))
            }
            Err(_) => {
                self.native = match &self.program {
                    Some(program) => Some(program.start(self.adapter.contract())?),
                    None => None,
                };
                Ok(Some("the native program panicked, the component did not".to_owned()))
            }
        }
    }

    /// The fewest packets of which the same kind of thing comes.
    fn smallest(
        &mut self,
        traffic: &Traffic,
        grouping: u64,
        seed: u64,
        case: &str,
        what: String,
    ) -> Result<FuzzFailure, FuzzError> {
        const BUDGET: usize = 300;
        let kind = |what: &str| {
            what.split_once(": ").map_or(what, |(_, rest)| rest).chars().take(24).collect::<String>()
        };
        let wanted = kind(&what);
        let lines: Vec<Line> = traffic.lines().cloned().collect();
        let mut problem = None;
        let left = fewest(&lines, &mut { BUDGET }, |left| {
            match self.run(&Traffic::of(left.iter().cloned()), grouping) {
                Ok(found) => found.is_some_and(|found| kind(&found) == wanted),
                Err(error) => {
                    problem = Some(error);
                    false
                }
            }
        });
        if let Some(error) = problem {
            return Err(error);
        }
        let traffic = Traffic::of(left);
        let what = self.run(&traffic, grouping)?.unwrap_or(what);
        let (packets, capture) = (traffic.packets().count(), traffic.to_capture());
        Ok(FuzzFailure { seed, case: case.to_owned(), what, packets, capture })
    }
}

/// The first packet of which two say different things, and what.
fn differs(one: &[Said], other: &[Said], how: &str) -> Option<String> {
    let at = (0..one.len().max(other.len())).find(|at| one.get(*at) != other.get(*at))?;
    let lines = |said: Option<&Said>| match said {
        Some(Said::Answered(lines)) => lines.clone(),
        Some(Said::Failed(error)) => vec![error.to_string()],
        Some(Said::Decided(reason)) => vec![(*reason).to_owned()],
        None => Vec::new(),
    };
    let (alone, otherwise) = (lines(one.get(at)), lines(other.get(at)));
    let line = (0..alone.len().max(otherwise.len())).find(|n| alone.get(*n) != otherwise.get(*n))?;
    let show = |lines: &[String]| lines.get(line).map_or("nothing", String::as_str).to_owned();
    Some(format!("packet {}: it says `{}`, {how} `{}`", at + 1, show(&alone), show(&otherwise)))
}
