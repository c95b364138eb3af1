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
use antigravity_runtime::{Adapter, CallError, Cause, Handled, Outcome, Prepared, Worker};
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
    pub fn read(&mut self, laid: &Laid, group: impl FnMut() -> usize) -> Vec<Said> {
        self.read_watched(laid, group, |_| {})
    }

    /// As [`Self::read`]; `watch` is told after each hand-over how much fuel was used so far.
    pub fn read_watched(
        &mut self,
        laid: &Laid,
        group: impl FnMut() -> usize,
        mut watch: impl FnMut(u64),
    ) -> Vec<Said> {
        let mut all = Vec::with_capacity(laid.entries.len());
        self.each_group(laid, group, |desk, part| match part {
            Part::Decided(reason) => all.push(Said::Decided(reason)),
            Part::Packets(packets) => {
                all.extend(desk.hand_over(packets, &laid.tapes).iter().map(|one| said(&one.outcome)));
                watch(desk.fuel_used());
            }
        });
        all
    }

    /// Hands over what was laid out, at most so many packets at a time. `around` gets what does it, which
    /// gives the number of packets that the adapter failed on.
    pub fn hand_over_all(
        &mut self,
        laid: &Laid,
        most: usize,
        mut around: impl FnMut(&mut dyn FnMut() -> u64),
    ) {
        self.each_group(
            laid,
            || most,
            |desk, part| {
                if let Part::Packets(packets) = part {
                    around(&mut || {
                        let handled = desk.hand_over(packets, &laid.tapes);
                        handled.iter().filter(|one| matches!(one.outcome, Outcome::Failed(_))).count() as u64
                    });
                }
            },
        );
    }

    /// Packets that go over together, and between them what was decided before; sessions begin anew.
    fn each_group(
        &mut self,
        laid: &Laid,
        mut group: impl FnMut() -> usize,
        mut each: impl FnMut(&mut Self, Part<'_>),
    ) {
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
                each(self, Part::Packets(&waiting));
                waiting.clear();
                most = group().max(1);
            }
            match entry {
                Entry::Packet(prepared) => waiting.push(prepared.clone()),
                Entry::Decided(reason) => each(self, Part::Decided(reason)),
                Entry::Reset(account) => {
                    if let Some(worker) = self.workers.get_mut(account) {
                        worker.reset();
                    }
                }
            }
        }
        if !waiting.is_empty() {
            each(self, Part::Packets(&waiting));
        }
    }

    /// Hands over packets of one account.
    fn hand_over(&mut self, packets: &[Prepared], tapes: &[u64]) -> Vec<Handled> {
        let Some(account) = packets.first().map(|first| first.packet.account.clone()) else {
            return Vec::new();
        };
        let worker = self
            .workers
            .entry(account)
            .or_insert_with(|| Worker::new(self.adapter.clone()).never_left_alone());
        worker.handle(packets, tapes)
    }
}

/// A step of reading.
enum Part<'a> {
    Decided(&'static str),
    /// Of one account.
    Packets(&'a [Prepared]),
}

fn said(outcome: &Outcome) -> Said {
    match outcome {
        Outcome::Failed(error) => Said::Failed(error.clone()),
        // These workers are never left alone; one that were would have failed before.
        Outcome::Quarantined => {
            Said::Failed(CallError { cause: Cause::Start, detail: "left alone".to_owned() })
        }
        // A checked answer has a reading for each of its packets.
        Outcome::Answered { answer, index } => {
            let reading = answer.packets().get(*index);
            Said::Answered(reading.map(|reading| show(answer, *index, reading)).unwrap_or_default())
        }
    }
}
