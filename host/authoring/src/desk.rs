//! One adapter asked about packets directly: how many go into one call is in the hands of whoever
//! asks, and so is what it says, word by word.

use crate::show::show;
use crate::traffic::Traffic;
use antigravity_capture::Line;
use antigravity_capture::decode::{DecodeProblem, readable};
use antigravity_core::contract::Endpoint;
use antigravity_core::{Body, Contract, Packet, Transport};
use antigravity_engine::ReplayError;
use antigravity_routing::{Contracts, DecodedBody, Route, Router, Scratch, Undecodable};
use antigravity_runtime::{Adapter, CallError, Outcome, Prepared, Worker};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Traffic laid out for one adapter that is bound to every account.
#[derive(Debug, Default)]
pub(crate) struct Laid {
    pub entries: Vec<Entry>,
    /// The tapes of all its packets.
    pub tapes: Vec<u64>,
}

#[derive(Debug)]
pub(crate) enum Entry {
    /// A packet as the adapter gets it.
    Packet(Prepared),
    /// A packet that was decided about before the adapter was asked; why.
    Decided(&'static str),
    /// Another session of this account began.
    Reset(Arc<str>),
}

/// What became of one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Decided(&'static str),
    /// What it answered, as [`show`] writes it.
    Answered(Vec<String>),
    Failed(CallError),
}

impl Laid {
    /// # Errors
    /// Where the contract does not compile.
    pub fn of(contract: &Arc<Contract>, traffic: &Traffic) -> Result<Self, ReplayError> {
        let contracts = Arc::new(Contracts::compile(vec![contract.clone()])?);
        let mut router = Router::new(contracts);
        let (mut scratch, mut entries) = (Scratch::default(), Vec::new());
        let mut connections = BTreeMap::new();
        for line in traffic.lines() {
            match line {
                Line::Packet(packet) => {
                    router.bind(&packet.account, &contract.provider);
                    let next = connections.len() as u32;
                    let connection = *connections.entry(connection_of(packet)).or_insert(next);
                    lay_out(packet.clone(), connection, &mut router, &mut scratch, &mut entries);
                }
                Line::Toggle(toggle) if !toggle.on => entries.push(Entry::Reset(toggle.account.clone())),
                _ => {}
            }
        }
        Ok(Self { entries, tapes: scratch.take(Vec::new()) })
    }
}

impl Laid {
    /// Of each packet, the endpoint that it was laid out for.
    pub fn endpoints<'a>(&self, contract: &'a Contract) -> Vec<Option<&'a Endpoint>> {
        let of = |entry: &Entry| match entry {
            Entry::Packet(it) => Some(contract.endpoints.get(it.endpoint as usize)),
            Entry::Decided(_) => Some(None),
            Entry::Reset(_) => None,
        };
        self.entries.iter().filter_map(of).collect()
    }
}

fn connection_of(packet: &Packet) -> (Arc<str>, &'static str, Arc<str>) {
    let unnamed = packet.connection.is_empty() && packet.transport != Transport::Http;
    let name = if unnamed { &packet.url } else { &packet.connection };
    (packet.account.clone(), packet.transport.name(), name.clone())
}

fn lay_out(
    mut packet: Packet,
    connection: u32,
    router: &mut Router,
    scratch: &mut Scratch,
    entries: &mut Vec<Entry>,
) {
    let problem = match readable(std::mem::replace(&mut packet.body, Body::empty())) {
        Ok(body) => {
            packet.body = body;
            None
        }
        Err(DecodeProblem::Compression) => Some(Undecodable::Compression),
        Err(DecodeProblem::Charset) => Some(Undecodable::Charset),
        Err(DecodeProblem::Base64) => Some(Undecodable::Base64),
    };
    let body = problem.map_or_else(|| DecodedBody::from(&packet.body), DecodedBody::Undecodable);
    match router.route(&packet, body, scratch) {
        Route::Decided(decision) => {
            if decision.new_session {
                entries.push(Entry::Reset(packet.account.clone()));
            }
            entries.push(Entry::Decided(decision.reason));
        }
        // There is one contract, so there is one candidate.
        Route::Candidates(candidates) => {
            let Some(candidate) = candidates.list.first() else { return };
            if candidate.new_session {
                entries.push(Entry::Reset(packet.account.clone()));
            }
            let tape = candidate.tape.map_or(0..0, |tape| scratch.keep(tape));
            let endpoint = candidate.place.endpoint as u32;
            entries.push(Entry::Packet(Prepared { packet: Arc::new(packet), connection, endpoint, tape }));
        }
    }
}

/// The workers of one adapter, one for each account.
#[derive(Debug)]
pub(crate) struct Desk {
    adapter: Arc<Adapter>,
    workers: BTreeMap<Arc<str>, Worker>,
}

impl Desk {
    pub fn new(adapter: &Arc<Adapter>) -> Self {
        Self { adapter: adapter.clone(), workers: BTreeMap::new() }
    }

    /// Fuel that all answered calls have used.
    pub fn fuel_used(&self) -> u64 {
        self.workers.values().map(Worker::fuel_used).sum()
    }

    /// Reads what was laid out, handing over as many packets at a time as `group` says, but never those
    /// of two accounts or sessions together; what became of each packet, in order.
    pub fn read(&mut self, laid: &Laid, mut group: impl FnMut() -> usize) -> Vec<Said> {
        let mut said = Vec::with_capacity(laid.entries.len());
        let (mut waiting, mut most) = (Vec::<Prepared>::new(), group().max(1));
        for entry in &laid.entries {
            let stays = match entry {
                Entry::Packet(it) => {
                    waiting.len() < most
                        && waiting.first().is_none_or(|first| first.packet.account == it.packet.account)
                }
                Entry::Decided(_) | Entry::Reset(_) => false,
            };
            if !stays && !waiting.is_empty() {
                said.extend(self.ask(&std::mem::take(&mut waiting), &laid.tapes));
                most = group().max(1);
            }
            match entry {
                Entry::Packet(prepared) => waiting.push(prepared.clone()),
                Entry::Decided(reason) => said.push(Said::Decided(reason)),
                Entry::Reset(account) => {
                    if let Some(worker) = self.workers.get_mut(account) {
                        worker.reset();
                    }
                }
            }
        }
        said.extend(self.ask(&waiting, &laid.tapes));
        said
    }

    /// Hands over packets of one account.
    pub fn ask(&mut self, packets: &[Prepared], tapes: &[u64]) -> Vec<Said> {
        let Some(account) = packets.first().map(|first| first.packet.account.clone()) else {
            return Vec::new();
        };
        let worker = self.workers.entry(account).or_insert_with(|| Worker::new(self.adapter.clone()));
        let handled = worker.handle(packets, tapes);
        handled.into_iter().map(|one| said(&one.outcome)).collect()
    }
}

fn said(outcome: &Outcome) -> Said {
    match outcome {
        Outcome::Failed(error) => Said::Failed(error.clone()),
        // A checked answer has a reading for each of its packets.
        Outcome::Answered { answer, index } => {
            let reading = answer.packets().get(*index);
            Said::Answered(reading.map(|reading| show(answer, *index, reading)).unwrap_or_default())
        }
    }
}
