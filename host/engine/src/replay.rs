//! Replaying recorded traffic.

use crate::floor::Floor;
use crate::front::Front;
use crate::merge::{Merger, Observer};
use crate::pipeline::{self, Stopped};
use crate::secrets::SecretError;
use antigravity_capture::decode::readable;
use antigravity_capture::{CaptureError, Line, Merged, Progress, Source, open};
use antigravity_core::drift::Observed;
use antigravity_routing::{Classifier, CompileError, Contracts, DecodedBody, Drift, Scratch};
use antigravity_runtime::Adapter;
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

impl From<Stopped<CaptureError>> for ReplayError {
    fn from(stopped: Stopped<CaptureError>) -> Self {
        match stopped {
            Stopped::Front(error) => Self::Capture(error),
            Stopped::Thread(error) => Self::Thread(error),
        }
    }
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
    let contracts = compiled(adapters)?;
    let (bound, progress) = match marks {
        Marks::Recognised => {
            (recognise(&contracts, captures, &progress.of_passes(2))?, progress.of_passes(0))
        }
        Marks::Named(pairs) => (named(&contracts, pairs)?, progress.clone()),
    };
    let feed = Box::new(Merged::new(captures.open(&progress)?));
    let Floor { mut front, roster, mut merger } = Floor::new(adapters, &contracts, &bound, feed)?;
    if let Some(known) = known {
        front.watch(known);
    }
    let threads = threads.min(roster.len()).max(1);
    pipeline::run(&mut front, roster, (threads, None), &mut merger, observer)?;
    let notes = notes(&mut front, &contracts, &bound);
    Ok((merger, notes))
}

/// The (account, provider) pairs that the classifier recognises in captures: what a person would mark.
///
/// # Errors
/// [`ReplayError`]: a file that cannot be opened, a contract that does not compile.
pub fn recognised(
    adapters: &[Arc<Adapter>],
    captures: &(impl Captures + ?Sized),
    progress: &Progress,
) -> Result<Vec<(String, String)>, ReplayError> {
    let contracts = compiled(adapters)?;
    let bound = recognise(&contracts, captures, progress)?;
    Ok(pairs(&contracts, &bound))
}

pub(crate) fn compiled(adapters: &[Arc<Adapter>]) -> Result<Arc<Contracts>, ReplayError> {
    let contracts = adapters.iter().map(|adapter| adapter.contract().clone()).collect();
    Ok(Arc::new(Contracts::compile(contracts)?))
}

pub(crate) fn notes(front: &mut Front, contracts: &Contracts, bound: &BTreeSet<(String, usize)>) -> Notes {
    let bound = pairs(contracts, bound);
    let silent = bound.iter().filter(|(account, _)| !front.has_heard_of(account)).cloned().collect();
    let (drifts, observed) = front.shapes();
    Notes { truncated: front.truncated(), bound, silent, drifts, observed }
}

fn pairs(contracts: &Contracts, bound: &BTreeSet<(String, usize)>) -> Vec<(String, String)> {
    let pair = |(account, contract): &(String, usize)| {
        Some((account.clone(), contracts.contract(*contract)?.provider.clone()))
    };
    bound.iter().filter_map(pair).collect()
}

pub(crate) fn named(
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
