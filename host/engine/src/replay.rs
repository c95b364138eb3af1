//! Replaying recorded traffic.

use crate::front::{self, Workers};
use crate::merge::{Merger, Observer};
use crate::pipeline::{self, Stopped};
use crate::secrets::{SecretError, Secrets};
use antigravity_capture::decode::readable;
use antigravity_capture::{CaptureError, Line, Progress, Source, open};
use antigravity_core::board::WorkerInfo;
use antigravity_core::drift::Observed;
use antigravity_routing::{
    Classifier, CompileError, Contracts, DecodedBody, Drift, DriftMonitor, Router, Scratch,
};
use antigravity_runtime::{Adapter, Worker};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What is replayed. It is opened once for every pass over it.
pub trait Captures {
    /// Opens all sources from their beginning, in the order that settles ties of time.
    ///
    /// # Errors
    /// [`CaptureError`] naming the file that cannot be opened.
    fn open(&self, progress: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError>;
}

/// A capture or HAR file, and the account it is said to be of.
#[derive(Clone, Debug)]
pub struct File {
    pub path: PathBuf,
    /// `None`: as the file says, else `A`.
    pub account: Option<String>,
}

impl Captures for [File] {
    fn open(&self, progress: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError> {
        self.iter().map(|file| open(&file.path, file.account.as_deref(), progress)).collect()
    }
}

/// Which contracts are bound.
#[derive(Clone, Debug)]
pub enum Marks {
    /// Every provider that the classifier recognises in an account's traffic.
    Recognised,
    /// These (account, provider) pairs and no others.
    Named(Vec<(String, String)>),
}

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Capture(#[from] CaptureError),
    #[error(transparent)]
    Contract(#[from] CompileError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error("--mark {account}:{provider}: no adapter of that provider is installed")]
    NoSuchAdapter { account: String, provider: String },
    #[error("a thread cannot be started: {0}")]
    Thread(#[source] std::io::Error),
}

/// What was read beside the packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Sources whose last line was cut off, by their position, with its number.
    pub truncated: Vec<(usize, u64)>,
    /// The bound pairs, in order.
    pub bound: Vec<(String, String)>,
    /// Those of them whose account no packet is of.
    pub silent: Vec<(String, String)>,
    /// Where bodies became others, in the order of packets.
    pub drifts: Vec<Drift>,
    /// The shapes that bodies had, where they were watched.
    pub observed: Vec<Observed>,
}

/// Runs captures through the adapters to their end.
///
/// `threads`: how many threads the accounts' lanes get; 1 runs everything on this one. The result
/// is the same for every number.
///
/// # Errors
/// [`ReplayError`]: a malformed file (everything before it was observed), a contract that does not
/// compile, a mark without an adapter, no thread left.
pub fn replay(
    adapters: &[Arc<Adapter>],
    captures: &(impl Captures + ?Sized),
    marks: &Marks,
    threads: usize,
    progress: &Progress,
    observer: &mut impl Observer,
) -> Result<(Merger, Notes), ReplayError> {
    run(adapters, captures, marks, threads, progress, None, observer)
}

/// As [`replay`], and watches the shapes of bodies, beginning with what is `known` of them.
///
/// # Errors
/// As [`replay`].
pub fn replay_watched(
    adapters: &[Arc<Adapter>],
    captures: &(impl Captures + ?Sized),
    marks: &Marks,
    threads: usize,
    progress: &Progress,
    known: Vec<Observed>,
    observer: &mut impl Observer,
) -> Result<(Merger, Notes), ReplayError> {
    run(adapters, captures, marks, threads, progress, Some(known), observer)
}

fn run(
    adapters: &[Arc<Adapter>],
    captures: &(impl Captures + ?Sized),
    marks: &Marks,
    threads: usize,
    progress: &Progress,
    known: Option<Vec<Observed>>,
    observer: &mut impl Observer,
) -> Result<(Merger, Notes), ReplayError> {
    let contracts = adapters.iter().map(|adapter| adapter.contract().clone()).collect();
    let contracts = Arc::new(Contracts::compile(contracts)?);
    let (bound, progress) = match marks {
        Marks::Recognised => {
            (recognise(&contracts, captures, &progress.of_passes(2))?, progress.of_passes(0))
        }
        Marks::Named(pairs) => (named(&contracts, pairs)?, progress.clone()),
    };
    let mut router = Router::new(contracts.clone());
    if let Some(known) = known {
        let mut monitor = DriftMonitor::new(contracts.clone());
        known.into_iter().for_each(|observed| monitor.resume(observed));
        router.watch(monitor);
    }
    let mut floor = Floor::default();
    for (account, contract) in &bound {
        let Some(adapter) = contracts.contract(*contract).and_then(|c| find(adapters, &c.provider)) else {
            continue;
        };
        router.bind(account, &adapter.contract().provider);
        floor.place(account, *contract, adapter);
    }
    let sources = captures.open(&progress)?;
    let count = sources.len();
    let secrets = Secrets::declared(&contracts)?;
    let mut merger = Merger::new(floor.infos);
    let mut front = front::Front::new(sources, secrets, router, floor.accounts, floor.workers);
    let run = pipeline::run(&mut front, floor.roster, threads, &mut merger, observer);
    run.map_err(|stopped| match stopped {
        Stopped::Front(error) => ReplayError::Capture(error),
        Stopped::Thread(error) => ReplayError::Thread(error),
    })?;
    let truncated = (0..count).filter_map(|source| Some((source, front.truncated(source)?))).collect();
    let pair = |(account, contract): &(String, usize)| {
        Some((account.clone(), contracts.contract(*contract)?.provider.clone()))
    };
    let bound: Vec<_> = bound.iter().filter_map(pair).collect();
    let silent = bound.iter().filter(|(account, _)| !front.has_heard_of(account)).cloned().collect();
    let (drifts, observed) = front.shapes();
    Ok((merger, Notes { truncated, bound, silent, drifts, observed }))
}

/// Everybody who works here.
#[derive(Default)]
struct Floor {
    accounts: FxHashMap<Arc<str>, usize>,
    workers: Workers,
    infos: Vec<(usize, WorkerInfo)>,
    roster: pipeline::Roster,
}

impl Floor {
    fn place(&mut self, account: &str, contract: usize, adapter: &Arc<Adapter>) {
        let next = self.accounts.len();
        let name: Arc<str> = account.into();
        let index = *self.accounts.entry(name.clone()).or_insert(next);
        let worker = self.infos.len();
        let info = WorkerInfo::new(name, adapter.contract());
        self.infos.push((index, info));
        self.workers.insert((index, contract), worker);
        match self.roster.iter_mut().find(|(account, _)| *account == index) {
            Some((_, workers)) => workers.push((worker, Worker::new(adapter.clone()))),
            None => self.roster.push((index, vec![(worker, Worker::new(adapter.clone()))])),
        }
    }
}

fn find<'a>(adapters: &'a [Arc<Adapter>], provider: &str) -> Option<&'a Arc<Adapter>> {
    adapters.iter().find(|adapter| adapter.contract().provider == provider)
}

fn named(
    contracts: &Contracts,
    pairs: &[(String, String)],
) -> Result<BTreeSet<(String, usize)>, ReplayError> {
    let mut bound = BTreeSet::new();
    for (account, provider) in pairs {
        let Some(contract) = contracts.find(provider) else {
            return Err(ReplayError::NoSuchAdapter { account: account.clone(), provider: provider.clone() });
        };
        bound.insert((account.clone(), contract));
    }
    Ok(bound)
}

/// A first pass over the captures: which providers the traffic comes from. A person would have
/// marked them before the first packet.
fn recognise(
    contracts: &Arc<Contracts>,
    captures: &(impl Captures + ?Sized),
    progress: &Progress,
) -> Result<BTreeSet<(String, usize)>, ReplayError> {
    let mut classifier = Classifier::new(contracts.clone());
    let mut scratch = Scratch::default();
    for mut source in captures.open(progress)? {
        // A malformed line ends this pass; the pass that counts reports it.
        while let Ok(Some(record)) = source.next() {
            let Line::Packet(mut packet) = record.line else { continue };
            let body = std::mem::replace(&mut packet.body, antigravity_core::Body::empty());
            if let Ok(body) = readable(body) {
                classifier.observe(&packet, DecodedBody::from(&body), &mut scratch);
            }
        }
    }
    Ok(classifier
        .recognised()
        .into_iter()
        .map(|(account, contract)| (account.to_string(), contract))
        .collect())
}
