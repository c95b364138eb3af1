//! Who works where, when a run begins.

use crate::ReplayError;
use crate::feed::Feed;
use crate::front::{Front, Workers};
use crate::merge::Merger;
use crate::pipeline::Roster;
use crate::secrets::Secrets;
use antigravity_core::board::WorkerInfo;
use antigravity_routing::{Contracts, Router};
use antigravity_runtime::{Adapter, Worker};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// All that a run needs: who reads, who works, and where it comes together.
pub(crate) struct Floor {
    pub front: Front,
    pub roster: Roster,
    pub merger: Merger,
}

impl Floor {
    /// A worker for each account and contract that are bound.
    pub fn new(
        adapters: &[Arc<Adapter>],
        contracts: &Arc<Contracts>,
        bound: &BTreeSet<(String, usize)>,
        feed: Box<dyn Feed>,
    ) -> Result<Self, ReplayError> {
        let mut router = Router::new(contracts.clone());
        let mut accounts: FxHashMap<Arc<str>, usize> = FxHashMap::default();
        let (mut workers, mut infos, mut roster) = (Workers::default(), Vec::new(), Roster::new());
        for (account, contract) in bound {
            let provider = contracts.contract(*contract).map(|contract| contract.provider.clone());
            let of_provider = |it: &&Arc<Adapter>| Some(&it.contract().provider) == provider.as_ref();
            let Some(adapter) = adapters.iter().find(of_provider) else { continue };
            router.bind(account, &adapter.contract().provider);
            let next = accounts.len();
            let name: Arc<str> = account.as_str().into();
            let index = *accounts.entry(name.clone()).or_insert(next);
            let worker = infos.len();
            infos.push((index, WorkerInfo::new(name, adapter.contract())));
            workers.insert((index, *contract), worker);
            let new = (worker, Worker::new(adapter.clone()));
            match roster.iter_mut().find(|(account, _)| *account == index) {
                Some((_, workers)) => workers.push(new),
                None => roster.push((index, vec![new])),
            }
        }
        let secrets = Secrets::declared(contracts)?;
        let front = Front::new(feed, secrets, router, accounts, workers);
        Ok(Self { front, roster, merger: Merger::new(infos) })
    }
}
