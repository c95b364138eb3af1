//! A run that goes on in time: adapters come, go and are exchanged while packets flow.

use crate::ReplayError;
use crate::control::{Clock, Inbox};
use crate::feed::Feed;
use crate::floor::Floor;
use crate::front::Live;
use crate::merge::{Merger, Observer};
use crate::pipeline;
use crate::replay::{Notes, compiled, named, notes};
use crate::trial::TrialLimits;
use antigravity_core::drift::Observed;
use antigravity_runtime::Adapter;
use std::sync::Arc;

/// What a run begins with.
pub struct Run<'a> {
    pub adapters: &'a [Arc<Adapter>],
    pub feed: Box<dyn Feed>,
    /// Which (account, provider) pairs are bound.
    pub bound: &'a [(String, String)],
    /// Threads for the accounts.
    pub threads: usize,
    pub limits: TrialLimits,
    pub inbox: Inbox,
    pub clock: Arc<dyn Clock>,
    /// What is known of the shapes of bodies; without it they are not watched.
    pub known: Option<Vec<Observed>>,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("bound", &self.bound)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

/// Reads what is fed until it ends or the run is told to stop.
///
/// # Errors
/// [`ReplayError`] as for a replay.
pub fn run(run: Run<'_>, observer: &mut impl Observer) -> Result<(Merger, Notes), ReplayError> {
    let Run { adapters, feed, bound, threads, limits, inbox, clock, known } = run;
    let contracts = compiled(adapters)?;
    let bound = named(&contracts, bound)?;
    let Floor { front, roster, merger } = Floor::new(adapters, &contracts, &bound, feed)?;
    let mut merger = merger.trying(limits, inbox.commands()).telling(clock.clone());
    let mut front = front.live(Live { inbox, clock: clock.clone() });
    if let Some(known) = known {
        front.watch(known);
    }
    pipeline::run(&mut front, roster, (threads.max(1), Some(clock)), &mut merger, observer)?;
    let notes = notes(&mut front, &contracts, &bound);
    Ok((merger, notes))
}
