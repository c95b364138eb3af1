//! What every adapter must hold, whatever it reads: its shape, its contract, and how it behaves on its
//! own fixtures and on what was made of them.

mod behaviour;
mod hostile;
mod lint;
mod overround;
mod secrets;

use crate::check::{self, Unusable};
use crate::fixtures::{FixtureError, Fixtures};
use crate::run;
use crate::traffic::Traffic;
use antigravity_core::Contract;
use antigravity_engine::ReplayError;
use antigravity_runtime::{Adapter, Component, ComponentError, Limits, LoadError, Problem, Sandbox};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// What was looked at, in order.
#[derive(Clone, Debug, Serialize)]
pub struct Conformance {
    /// `provider@version`; the file where that cannot be read.
    pub adapter: String,
    pub checks: Vec<Check>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub passed: bool,
    pub severity: Severity,
    /// What was seen, or what is wrong and where.
    pub detail: String,
}

/// What it means that a check is not passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The adapter is not to be used.
    Error,
    /// An author should know.
    Warning,
}

impl Conformance {
    /// Checks that are not passed and are not mere warnings.
    pub fn failed(&self) -> usize {
        self.checks.iter().filter(|check| !check.passed && check.severity == Severity::Error).count()
    }
}

/// What a check found, or what is wrong.
pub(super) type Finding = Result<String, String>;

/// A check of how an adapter behaves.
type Behaves = fn(&Subject<'_>) -> Result<Finding, ReplayError>;

/// An adapter with the traffic of its fixtures.
pub(super) struct Subject<'a> {
    adapter: &'a Arc<Adapter>,
    cases: Vec<(String, Traffic)>,
}

impl Subject<'_> {
    pub(super) fn contract(&self) -> &Arc<Contract> {
        self.adapter.contract()
    }
}

/// Checks a component's file with the fixtures that it carries, as far as it can be used.
///
/// # Errors
/// Where the file cannot be read at all, or its fixtures cannot.
pub fn conform_file(sandbox: &Sandbox, path: &Path) -> Result<Conformance, ConformError> {
    let unusable = |problem: &Problem| match named(problem) {
        Some(name) => Ok(Conformance {
            adapter: path.display().to_string(),
            checks: vec![error(name, Err(problem.to_string()))],
        }),
        None => Err(ConformError::File { path: path.to_owned(), problem: problem.to_string() }),
    };
    let component = match Component::open(path, Limits::default().component) {
        Ok(component) => component,
        Err(problem) => return unusable(&problem),
    };
    let adapter = match check::load(sandbox, path) {
        Ok(adapter) => Arc::new(adapter),
        Err(Unusable::Load(LoadError { problem, .. })) => return unusable(&problem),
        Err(Unusable::Contract { problem, .. }) => {
            let checks = vec![error("contract", Err(problem.to_string()))];
            return Ok(Conformance { adapter: component.contract().name(), checks });
        }
    };
    let fixtures = Fixtures::of_component(&component)?;
    Ok(conform(&adapter, component.bytes().len(), &fixtures)?)
}

/// Which check an unusable component does not pass; `None` where it could not even be looked at.
const fn named(problem: &Problem) -> Option<&'static str> {
    Some(match problem {
        Problem::Io(_) => return None,
        Problem::Component(ComponentError::TooLarge { .. }) => "size",
        Problem::Component(ComponentError::Imports(_)) => "imports",
        Problem::Component(
            ComponentError::NoContract | ComponentError::Contracts | ComponentError::Contract(_),
        ) => "contract",
        Problem::Component(_) => "world",
        Problem::Compile(_) => "compiles",
        Problem::Describe(_) | Problem::ContractDiffers(_) => "describe",
    })
}

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum ConformError {
    #[error("{}: {problem}", path.display())]
    File { path: std::path::PathBuf, problem: String },
    #[error(transparent)]
    Fixtures(#[from] FixtureError),
}

/// Checks an adapter of `size` bytes that can be used.
///
/// # Errors
/// [`FixtureError`] where the packets or the expectation of a case cannot be read.
pub fn conform(
    adapter: &Arc<Adapter>,
    size: usize,
    fixtures: &Fixtures,
) -> Result<Conformance, FixtureError> {
    let contract = adapter.contract();
    let limit = Limits::default().component;
    let mut checks = vec![
        error("world", Ok(format!("antigravity:adapter@{}", contract.wit))),
        error("imports", Ok("none".to_owned())),
        error("contract", Ok(contract.name())),
        error("describe", Ok("says what the contract says".to_owned())),
        error(
            "size",
            if size <= limit {
                Ok(format!("{size} bytes"))
            } else {
                Err(format!("{size} bytes; the limit is {limit}"))
            },
        ),
    ];
    let cases = fixtures.cases.iter().map(|case| Ok((case.name.clone(), case.traffic(contract)?)));
    let subject = Subject { adapter, cases: cases.collect::<Result<_, FixtureError>>()? };
    checks.extend(lint::all(&subject).into_iter().map(|(name, finding)| warning(name, finding)));
    checks.push(error("fixtures", silently(|| expectations(adapter, fixtures))?));
    let suite: [(&str, Behaves); 9] = [
        ("no-failure", behaviour::no_failure),
        ("replayed-twice", behaviour::replayed_twice),
        ("split-over-calls", behaviour::split_over_calls),
        ("noise", hostile::noise),
        ("unknown-fields", behaviour::unknown_fields),
        ("truncated", hostile::truncated),
        ("garbage", hostile::garbage),
        ("overround", overround::sane),
        ("secrets", secrets::none_in_output),
    ];
    for (name, run) in suite {
        let finding = if subject.cases.is_empty() {
            Err("no fixtures to try it on".to_owned())
        } else {
            silently(|| run(&subject)).map_err(FixtureError::from)?
        };
        checks.push(error(name, finding));
    }
    Ok(Conformance { adapter: contract.name(), checks })
}

/// What an adapter logs of bodies that are made to be wrong, hundreds of times, tells an author nothing.
fn silently<T>(run: impl FnOnce() -> T) -> T {
    tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::new(), run)
}

fn error(name: &'static str, finding: Finding) -> Check {
    check(name, Severity::Error, finding)
}

fn warning(name: &'static str, finding: Finding) -> Check {
    check(name, Severity::Warning, finding)
}

fn check(name: &'static str, severity: Severity, finding: Finding) -> Check {
    let passed = finding.is_ok();
    Check { name, passed, severity, detail: finding.unwrap_or_else(|problem| problem) }
}

/// Every case gives what it must.
fn expectations(adapter: &Arc<Adapter>, fixtures: &Fixtures) -> Result<Finding, FixtureError> {
    if fixtures.cases.is_empty() {
        return Ok(Err("none: nothing that it does can be checked".to_owned()));
    }
    let report = run::test(adapter, fixtures)?;
    let failed: Vec<_> = report.cases.iter().filter(|case| !case.passed).map(|case| &*case.name).collect();
    Ok(if failed.is_empty() {
        Ok(format!("{} passed", report.cases.len()))
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    })
}
