//! What is installed, and whether it can be used.

use super::options::ListOptions;
use crate::failure::Failure;
use crate::person::plain;
use crate::run::{self, Worker};
use crate::{components, places, table};
use antigravity_authoring as authoring;
use antigravity_registry::{Entry, Signer, Store, Trusted};
use antigravity_runtime::{Component, Sandbox};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

/// One adapter, as `--json` shows it.
#[derive(Debug, Serialize)]
struct Row {
    adapter: String,
    state: State,
    /// These are not known of a component that cannot be read.
    profile: Option<String>,
    endpoints: Option<usize>,
    bytes: Option<u64>,
    wit: String,
    sha256: String,
    /// Of the key that signed it.
    signer: Option<String>,
    /// What that key is called, where it is trusted.
    signed_by: Option<String>,
    unsigned_allowed: bool,
    /// Not known of a file that nobody installed.
    installed_at: Option<String>,
    file: PathBuf,
    /// Why it cannot be used.
    problem: Option<String>,
    /// How it does in a run that goes on with this directory, by account.
    running: Vec<Worker>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Current,
    Previous,
    /// A file in a directory in which each component counts.
    Loose,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Previous => "previous",
            Self::Loose => "loose",
        }
    }
}

pub fn list(options: &ListOptions) -> Result<(), Failure> {
    let directory = places::adapters(options.adapters.as_deref())?;
    let sandbox = places::sandbox()?;
    let installed = Store::is_one(&directory);
    let mut rows =
        if installed { installed_rows(&sandbox, &directory)? } else { loose_rows(&sandbox, &directory)? };
    let running = run::running(&directory);
    for worker in running.iter().flat_map(|running| &running.workers) {
        // A version that works while another is in use already is shown with that.
        let of_provider = |row: &Row| {
            let provider = row.adapter.split_once('@').map(|(provider, _)| provider);
            row.state != State::Previous && provider == Some(worker.status.provider.as_str())
        };
        if let Some(row) = rows.iter_mut().find(|row| of_provider(row)) {
            row.running.push(worker.clone());
        }
    }
    show(&rows, installed, options.json)?;
    match rows.iter().filter(|row| row.problem.is_some()).count() {
        0 => Ok(()),
        1 => Err(Failure::failed("1 adapter cannot be used")),
        count => Err(Failure::Failed(format!("{count} adapters cannot be used"))),
    }
}

/// Every component that the lock file names; by provider, those in use first.
fn installed_rows(sandbox: &Sandbox, directory: &Path) -> Result<Vec<Row>, Failure> {
    let store = Store::open(directory).map_err(Failure::input)?;
    components::tell_strays(&store);
    let trusted = places::trusted()?;
    let mut rows = Vec::new();
    for provider in store.providers() {
        let current = store.current_of(provider).map(|entry| (State::Current, entry));
        let previous = store.previous(provider).into_iter().map(|entry| (State::Previous, entry));
        rows.extend(
            current.into_iter().chain(previous).map(|(state, entry)| row(sandbox, state, &entry, &trusted)),
        );
    }
    Ok(rows)
}

fn row(sandbox: &Sandbox, state: State, entry: &Entry, trusted: &Trusted) -> Row {
    let found = usable(sandbox, state, entry, trusted);
    let (component, signer, problem) = match found {
        Ok((component, signer)) => (Some(component), Some(signer), None),
        Err(problem) => (None, None, Some(problem)),
    };
    let contract = component.as_ref().map(Component::contract);
    Row {
        adapter: entry.name(),
        state,
        profile: contract.map(|contract| profile(&contract.profile)),
        endpoints: contract.map(|contract| contract.endpoints.len()),
        bytes: component.as_ref().map(|component| component.bytes().len() as u64),
        wit: entry.wit.clone(),
        sha256: entry.sha256.clone(),
        signer: entry.signer.map(|signer| signer.to_string()),
        signed_by: match signer {
            Some(Signer::Trusted { name, .. }) => Some(name),
            _ => None,
        },
        unsigned_allowed: entry.unsigned_allowed,
        installed_at: Some(entry.installed_at.to_string()),
        file: entry.path.clone(),
        problem,
        running: Vec::new(),
    }
}

/// What is in use has to work; what was in use before has to be there.
fn usable(
    sandbox: &Sandbox,
    state: State,
    entry: &Entry,
    trusted: &Trusted,
) -> Result<(Component, Signer), String> {
    let (component, signer) = entry.load(trusted).map_err(|error| error.problem.to_string())?;
    if state == State::Current {
        authoring::ready(sandbox, &component, &entry.path).map_err(|error| error.to_string())?;
    }
    Ok((component, signer))
}

fn loose_rows(sandbox: &Sandbox, directory: &Path) -> Result<Vec<Row>, Failure> {
    let loaded = components::load(sandbox, directory)?.into_iter();
    let rows = loaded.map(|(file, adapter)| {
        let contract = adapter.contract();
        Row {
            adapter: contract.name(),
            state: State::Loose,
            profile: Some(profile(&contract.profile)),
            endpoints: Some(contract.endpoints.len()),
            bytes: std::fs::metadata(&file).map(|found| found.len()).ok(),
            wit: contract.wit.clone(),
            sha256: adapter.digest(),
            signer: None,
            signed_by: None,
            unsigned_allowed: true,
            installed_at: None,
            file,
            problem: None,
            running: Vec::new(),
        }
    });
    Ok(rows.collect())
}

/// Its name as it stands in a contract.
fn profile(profile: &antigravity_core::contract::Profile) -> String {
    let name = serde_json::to_value(profile).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn show(rows: &[Row], installed: bool, json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        for row in rows {
            serde_json::to_writer(&mut out, row).map_err(Failure::failed)?;
            writeln!(out)?;
        }
        return Ok(());
    }
    let header: &[&str] = if installed {
        &["adapter", "state", "signed by", "WIT", "bytes", "sha256", "installed", "problem"]
    } else {
        &["adapter", "profile", "endpoints", "WIT", "bytes", "sha256", "file"]
    };
    let mut table = table::table(header);
    for row in rows {
        table::add(&mut table, if installed { installed_cells(row) } else { loose_cells(row) });
    }
    writeln!(out, "{table}")?;
    let mut workers = table::table(&[
        "works", "account", "state", "packets", "quotes", "rejected", "failed", "p50 µs", "p99 µs", "fuel",
        "memory", "tried",
    ]);
    let running: Vec<_> = rows.iter().flat_map(|row| &row.running).collect();
    running.iter().for_each(|worker| table::add(&mut workers, worker_cells(worker)));
    if !running.is_empty() {
        writeln!(out, "{workers}")?;
    }
    for worker in running {
        if let Some(cause) = &worker.cause {
            writeln!(out, "{} of {}: {}", worker.status.adapter, worker.status.account, plain(cause))?;
        }
        if let Some(repeat) = &worker.repeat {
            writeln!(out, "  repeat: {}", plain(repeat))?;
        }
    }
    Ok(())
}

fn worker_cells(worker: &Worker) -> Vec<String> {
    let status = &worker.status;
    vec![
        status.adapter.clone(),
        status.account.clone(),
        worker.state.clone(),
        status.packets.to_string(),
        status.quotes.to_string(),
        status.rejected.to_string(),
        status.failed.to_string(),
        format!("{:.1}", status.p50_micros),
        format!("{:.1}", status.p99_micros),
        status.fuel_per_packet.to_string(),
        status.memory.to_string(),
        worker.trial.clone().unwrap_or_default(),
    ]
}

fn installed_cells(row: &Row) -> Vec<String> {
    let signed = match (&row.signed_by, &row.signer) {
        (Some(name), _) => name.clone(),
        (None, Some(fingerprint)) => format!("{fingerprint}, not trusted"),
        (None, None) => "nobody".to_owned(),
    };
    vec![
        row.adapter.clone(),
        row.state.word().to_owned(),
        signed,
        row.wit.clone(),
        count(row.bytes),
        short(&row.sha256),
        row.installed_at.as_deref().map_or_else(String::new, to_the_second),
        row.problem.clone().unwrap_or_default(),
    ]
}

fn loose_cells(row: &Row) -> Vec<String> {
    vec![
        row.adapter.clone(),
        row.profile.clone().unwrap_or_default(),
        row.endpoints.map_or_else(String::new, |count| count.to_string()),
        row.wit.clone(),
        count(row.bytes),
        short(&row.sha256),
        row.file.display().to_string(),
    ]
}

/// A time without its nanoseconds.
fn to_the_second(at: &str) -> String {
    at.split_once('.').map_or_else(|| at.to_owned(), |(seconds, _)| format!("{seconds}Z"))
}

fn count(number: Option<u64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

fn short(sha256: &str) -> String {
    sha256.chars().take(12).collect()
}
