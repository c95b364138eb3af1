//! What the front does when it is told: contracts change between two packets, and everybody behind it learns
//! of it at the same place.

use super::trial::Trial;
use super::{Front, Workers};
use crate::chunk::{AccountIndex, Chunk, Item, Routed, WorkerIndex};
use crate::control::{Command, Control};
use crate::secrets::{SecretError, Secrets};
use antigravity_core::Contract;
use antigravity_core::board::WorkerInfo;
use antigravity_routing::{CompileError, Contracts, Place};
use antigravity_runtime::Adapter;
use std::sync::{Arc, Mutex};

/// Why a command is not obeyed. Whoever gives one has checked the contract, so this is told and passed over.
#[derive(Debug, thiserror::Error)]
enum Disobeyed {
    #[error(transparent)]
    Contract(#[from] CompileError),
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl Front {
    pub(super) fn obey(&mut self, command: Command, chunk: &mut Chunk) {
        let done = match command {
            Command::Try(adapter) => self.try_version(&adapter, false, chunk),
            Command::Restore(adapter) => self.try_version(&adapter, true, chunk),
            Command::Exchange(number) => self.exchange(number, chunk),
            Command::Add(adapter, accounts) => self.add(&adapter, &accounts, chunk),
            Command::Remove(provider) => self.remove(&provider, chunk),
            Command::End(number) => {
                self.end(|trial| trial.number == number, chunk);
                Ok(())
            }
            Command::Cancel(provider) => {
                self.end(|trial| trial.provider == provider, chunk);
                Ok(())
            }
            Command::Stop => {
                self.stopped = true;
                Ok(())
            }
        };
        if let Err(problem) = done {
            tracing::error!("{problem}");
        }
    }

    fn try_version(
        &mut self,
        adapter: &Arc<Adapter>,
        at_once: bool,
        chunk: &mut Chunk,
    ) -> Result<(), Disobeyed> {
        let provider = adapter.contract().provider.clone();
        let contracts = Arc::new(Contracts::compile(vec![adapter.contract().clone()])?);
        let secrets = Secrets::declared(&contracts)?;
        self.end(|trial| trial.provider == provider, chunk);
        self.trial_count += 1;
        let number = self.trial_count;
        let router = self.router.with(contracts.clone());
        let turn = Arc::new(Mutex::new(()));
        for (account, worker) in self.workers_of(&provider) {
            let (adapter, router) = (adapter.clone(), Arc::new(router.with(contracts.clone())));
            let turn = turn.clone();
            self.tell(account, Control::Try { number, worker, adapter, router, at_once, turn }, chunk);
        }
        if self.workers_of(&provider).is_empty() {
            // Nobody would be disturbed, and nothing could be compared.
            let others = self.router.contracts().iter().filter(|contract| contract.provider != provider);
            let all = others.cloned().chain(router.contracts().iter().cloned()).collect();
            return self.change_contracts(Arc::new(Contracts::compile(all)?));
        }
        self.trials.push(Trial { number, provider, router, secrets });
        Ok(())
    }

    /// The version that is tried is asked from here on, and the one before reads along.
    fn exchange(&mut self, number: u64, chunk: &mut Chunk) -> Result<(), Disobeyed> {
        let Some(place) = self.trials.iter().position(|trial| trial.number == number) else {
            return Ok(());
        };
        let provider = &self.trials[place].provider.clone();
        let Some(old) = self.contract_of(provider) else { return Ok(()) };
        let new: Vec<_> = self.trials[place].router.contracts().iter().cloned().collect();
        let others = self.router.contracts().iter().filter(|contract| contract.provider != *provider);
        let all = Arc::new(Contracts::compile(others.cloned().chain(new).collect())?);
        let alone = Arc::new(Contracts::compile(vec![old])?);
        let secrets = Secrets::declared(&alone)?;
        let router = self.router.with(alone);
        self.change_contracts(all)?;
        let trial = &mut self.trials[place];
        (trial.secrets, trial.router) = (secrets, router);
        for (account, worker) in self.workers_of(provider) {
            self.tell(account, Control::Exchange { worker }, chunk);
        }
        Ok(())
    }

    fn end(&mut self, which: impl Fn(&Trial) -> bool, chunk: &mut Chunk) {
        let Some(place) = self.trials.iter().position(which) else { return };
        let trial = self.trials.remove(place);
        for (account, worker) in self.workers_of(&trial.provider) {
            self.tell(account, Control::End { worker }, chunk);
        }
    }

    fn add(
        &mut self,
        adapter: &Arc<Adapter>,
        accounts: &[String],
        chunk: &mut Chunk,
    ) -> Result<(), Disobeyed> {
        let contract = adapter.contract();
        // A worker that begins now would have no part in what is tried.
        self.end(|trial| trial.provider == contract.provider, chunk);
        if self.router.contracts().find(&contract.provider).is_none() {
            let all = self.router.contracts().iter().cloned().chain([contract.clone()]).collect();
            self.change_contracts(Arc::new(Contracts::compile(all)?))?;
        }
        let Some(place) = self.router.contracts().find(&contract.provider) else { return Ok(()) };
        for name in accounts {
            let name: Arc<str> = name.as_str().into();
            let account = self.account(&name);
            if self.workers.contains_key(&(account, place)) {
                continue;
            }
            self.router.bind(&name, &contract.provider);
            let worker = self.worker_count;
            self.worker_count += 1;
            self.workers.insert((account, place), worker);
            let info = WorkerInfo::new(name, contract);
            self.tell(account, Control::Add { worker, adapter: adapter.clone(), info }, chunk);
        }
        Ok(())
    }

    fn remove(&mut self, provider: &str, chunk: &mut Chunk) -> Result<(), Disobeyed> {
        self.end(|trial| trial.provider == provider, chunk);
        let gone = self.workers_of(provider);
        let others = self.router.contracts().iter().filter(|contract| contract.provider != provider);
        let others = Arc::new(Contracts::compile(others.cloned().collect())?);
        self.change_contracts(others)?;
        for (account, worker) in gone {
            self.tell(account, Control::Remove { worker }, chunk);
        }
        Ok(())
    }

    /// Bindings, sessions and workers stay with their providers, also where their places changed.
    fn change_contracts(&mut self, contracts: Arc<Contracts>) -> Result<(), Disobeyed> {
        self.secrets = Secrets::declared(&contracts)?;
        let old = self.router.contracts().clone();
        let place = |before: usize| contracts.find(&old.contract(before)?.provider);
        let moved = |((account, before), worker): (&(AccountIndex, usize), &WorkerIndex)| {
            Some(((*account, place(*before)?), *worker))
        };
        let workers: Workers = self.workers.iter().filter_map(moved).collect();
        self.workers = workers;
        let known = self.router.monitor().map(|monitor| monitor.observed().collect());
        self.router = self.router.with(contracts);
        // Another contract may declare something else; what others' streams lost stays lost.
        let same = |before: &Place| {
            let contract = old.contract(before.contract)?;
            let now = self.router.contracts().find(&contract.provider)?;
            let unchanged = self.router.contracts().contract(now) == Some(contract);
            unchanged.then_some(Place { contract: now, ..*before })
        };
        self.invalid = self.invalid.iter().filter_map(same).collect();
        if let Some(known) = known {
            self.watch(known);
        }
        Ok(())
    }

    fn contract_of(&self, provider: &str) -> Option<Arc<Contract>> {
        let contracts = self.router.contracts();
        contracts.contract(contracts.find(provider)?).cloned()
    }

    /// A provider's workers with their accounts, in the order of these.
    fn workers_of(&self, provider: &str) -> Vec<(AccountIndex, WorkerIndex)> {
        let Some(contract) = self.router.contracts().find(provider) else { return Vec::new() };
        let of_provider = self.workers.iter().filter(|((_, place), _)| *place == contract);
        let mut all: Vec<_> = of_provider.map(|((account, _), worker)| (*account, *worker)).collect();
        all.sort_unstable();
        all
    }

    fn tell(&self, account: AccountIndex, control: Control, chunk: &mut Chunk) {
        chunk.push(Item::between(account, 0, self.latest, Routed::Control(control)), 0);
    }
}
