//! How the adapters of a run do, for whoever asks from outside: `adapter list`, and Prometheus.

use crate::person::say;
use antigravity_core::Timestamp;
use antigravity_engine::{Stage, TrialNews, WorkerStatus};
use antigravity_registry::replace;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// In the adapters' directory: what the run that uses it tells, while it holds the lock.
const STATUS: &str = ".running.json";
const LOCK: &str = ".running.lock";

/// How one worker does, or did when it was left alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// The version that is meant.
    pub adapter: String,
    pub state: String,
    pub cause: String,
    /// The command that repeats it.
    pub repeat: Option<String>,
    /// When it works again; none where it does not.
    pub until: Option<i64>,
}

/// What a run tells of the adapters of a directory.
#[derive(Debug, Serialize, Deserialize)]
pub struct Running {
    pub at: String,
    pub workers: Vec<Worker>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Worker {
    #[serde(flatten)]
    pub status: WorkerStatus,
    /// `works`, `left alone until …`, `disabled`.
    pub state: String,
    /// What is tried beside it, and how far that has come.
    pub trial: Option<String>,
    /// Why it was left alone, and the command that repeats it.
    pub cause: Option<String>,
    pub repeat: Option<String>,
}

/// Tells how the adapters do.
pub struct Report {
    directory: PathBuf,
    metrics: Option<PathBuf>,
    /// Held as long as this run tells; none where another run of this directory does.
    lock: Option<File>,
    trials: BTreeMap<String, String>,
    left_alone: BTreeMap<(String, String), State>,
    failed: bool,
}

impl Report {
    pub fn new(directory: &Path, metrics: Option<PathBuf>) -> Self {
        let lock = lock(directory);
        if lock.is_none() {
            say(format_args!("warning: {}: another run tells of its adapters", directory.display()));
        }
        let (trials, left_alone) = Default::default();
        Self { directory: directory.to_owned(), metrics, lock, trials, left_alone, failed: false }
    }

    pub fn stage(&mut self, trial: &TrialNews) {
        let told = match trial.stage {
            Stage::Warming => format!("{} is brought up to date", trial.to),
            Stage::Shadow => format!("{} reads along", trial.to),
            Stage::Live => format!("{} reads along", trial.from),
            Stage::Settled => return drop(self.trials.remove(&trial.provider)),
            Stage::Refused | Stage::RolledBack => {
                let word = if trial.stage == Stage::Refused { "refused" } else { "taken back" };
                let why = trial.reason.as_deref().unwrap_or_default();
                format!("{} was {word}: {why}", trial.to)
            }
        };
        self.trials.insert(trial.provider.clone(), told);
    }

    pub fn left_alone(&mut self, account: &str, provider: &str, state: State) {
        self.left_alone.insert((account.to_owned(), provider.to_owned()), state);
    }

    /// Writes what workers did so far. What cannot be written is told once.
    pub fn write(&mut self, at: Timestamp, workers: &[WorkerStatus]) -> Result<(), String> {
        if self.lock.is_none() {
            // Somebody may only have looked whether it was held.
            self.lock = lock(&self.directory);
        }
        let workers: Vec<Worker> = workers.iter().map(|status| self.worker(at, status)).collect();
        let metrics = self.metrics.as_ref().map(|path| (path.clone(), metrics(&workers).into_bytes()));
        let running = Running { at: at.to_string(), workers };
        let json = serde_json::to_vec(&running).map_err(|error| error.to_string())?;
        let status = self.lock.is_some().then(|| (self.directory.join(STATUS), json));
        let mut problem = None;
        for (path, bytes) in metrics.into_iter().chain(status) {
            if let Err(error) = replace(&path, &bytes) {
                problem = Some(format!("{}: {error}", path.display()));
            }
        }
        let first = !std::mem::replace(&mut self.failed, problem.is_some());
        problem.filter(|_| first).map_or(Ok(()), Err)
    }

    fn worker(&self, at: Timestamp, status: &WorkerStatus) -> Worker {
        let key = (status.account.clone(), status.provider.clone());
        // Of another version, and of a pause that is over, it says nothing any more.
        let still = |left: &&State| {
            left.adapter == status.adapter && left.until.is_none_or(|until| at.nanos() < until)
        };
        let left = self.left_alone.get(&key).filter(still);
        Worker {
            state: left.map_or_else(|| "works".to_owned(), |left| left.state.clone()),
            trial: self.trials.get(&status.provider).cloned(),
            cause: left.map(|left| left.cause.clone()),
            repeat: left.and_then(|left| left.repeat.clone()),
            status: status.clone(),
        }
    }

    /// The run is over.
    pub fn end(self) {
        if self.lock.is_some() {
            // Nobody holds the lock from here on, so what is left of it says nothing either.
            let _ = std::fs::remove_file(self.directory.join(STATUS));
            let _ = std::fs::remove_file(self.directory.join(LOCK));
        }
    }
}

/// A plain file, opened without waiting and without touching what is in it: others may have put a pipe or a link
/// there.
fn open(path: &Path) -> Option<File> {
    match path.symlink_metadata() {
        Ok(found) if !found.is_file() => None,
        _ => File::options().read(true).write(true).create(true).truncate(false).open(path).ok(),
    }
}

fn lock(directory: &Path) -> Option<File> {
    open(&directory.join(LOCK)).filter(|file| file.try_lock().is_ok())
}

/// What a run that uses this directory tells; nothing where there is none.
pub fn running(directory: &Path) -> Option<Running> {
    let path = directory.join(LOCK);
    let lock = if path.exists() { open(&path)? } else { return None };
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        _ => return None,
    }
    serde_json::from_slice(&std::fs::read(directory.join(STATUS)).ok()?).ok()
}

/// In Prometheus' text format.
fn metrics(workers: &[Worker]) -> String {
    type Value = fn(&WorkerStatus) -> f64;
    let families: [(&str, &str, &str, Value); 7] = [
        ("packets_total", "counter", "Packets that the adapter was given.", |it| it.packets as f64),
        ("bytes_total", "counter", "Bytes of their bodies.", |it| it.bytes as f64),
        ("quotes_total", "counter", "Changes of quotes.", |it| it.quotes as f64),
        ("fuel_per_packet", "gauge", "Fuel of a packet, the mean.", |it| it.fuel_per_packet as f64),
        ("memory_bytes", "gauge", "Linear memory.", |it| it.memory as f64),
        ("packet_seconds_p50", "gauge", "Time of a packet, the median.", |it| it.p50_micros / 1e6),
        ("packet_seconds_p99", "gauge", "Time of a packet, the 99th percentile.", |it| it.p99_micros / 1e6),
    ];
    let mut text = String::new();
    for (name, kind, help, value) in families {
        head(&mut text, name, kind, help);
        for worker in workers {
            sample(&mut text, name, &worker.status, "", value(&worker.status));
        }
    }
    head(&mut text, "fates_total", "counter", "Packets by what became of them.");
    for worker in workers {
        for (reason, count) in &worker.status.reasons {
            sample(
                &mut text,
                "fates_total",
                &worker.status,
                &format!(",reason=\"{}\"", escaped(reason)),
                *count as f64,
            );
        }
        sample(&mut text, "fates_total", &worker.status, ",reason=\"parsed\"", worker.status.parsed as f64);
    }
    head(&mut text, "works", "gauge", "1 where it works, 0 where it is left alone.");
    for worker in workers {
        sample(&mut text, "works", &worker.status, "", f64::from(u8::from(worker.state == "works")));
    }
    text
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to memory cannot fail.
    let _ =
        writeln!(text, "# HELP antigravity_adapter_{name} {help}\n# TYPE antigravity_adapter_{name} {kind}");
}

fn sample(text: &mut String, name: &str, of: &WorkerStatus, more: &str, value: f64) {
    let (account, provider, adapter) = (escaped(&of.account), escaped(&of.provider), escaped(&of.adapter));
    let _ = writeln!(
        text,
        "antigravity_adapter_{name}{{account=\"{account}\",provider=\"{provider}\",adapter=\"{adapter}\"{more}}} {value}"
    );
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
