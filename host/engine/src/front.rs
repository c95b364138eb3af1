//! The front: records become items. Redact, decode, route, and lay out for the workers.

use crate::chunk::{AccountIndex, Candidate, Chunk, Decided, Item, Routed, WorkerIndex};
use crate::pipeline;
use crate::secrets::Secrets;
use antigravity_capture::decode::{DecodeProblem, readable};
use antigravity_capture::{CaptureError, Line, Merged, Redactor, Source};
use antigravity_core::board::Origin;
use antigravity_core::drift::Observed;
use antigravity_core::{Body, Direction, Packet, Transport};
use antigravity_routing::reason;
use antigravity_routing::{
    Candidates, Contracts, Decision, DecodedBody, Drift, DriftMonitor, Place, Route, Router, Scratch,
    Undecodable,
};
use antigravity_runtime::Prepared;
use rustc_hash::FxHashMap;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Which worker serves which contract of which account.
pub(crate) type Workers = FxHashMap<(AccountIndex, usize), WorkerIndex>;

/// Reads merged captures to their end.
pub(crate) struct Front {
    records: Merged,
    /// Of each source, whether its secrets are out already.
    redacted: Vec<bool>,
    /// One for all sources: equal secrets are equal in all of them, and different ones differ.
    redactor: Redactor,
    secrets: Secrets,
    router: Router,
    scratch: Scratch,
    /// A buffer of tapes that nobody needs any more.
    spare: Vec<u64>,
    accounts: FxHashMap<Arc<str>, AccountIndex>,
    workers: Workers,
    connections: FxHashMap<Connection, u32>,
    /// Of each account, whether a packet is of it.
    heard: Vec<bool>,
    /// What became of the shapes of bodies, in the order of packets.
    drifts: Vec<Drift>,
    /// What is wrong behind the last chunk.
    failed: Option<CaptureError>,
}

/// What makes two packets parts of one connection. Its name says something within its own capture
/// only; where there is none, the address of a stream stands for it, for a page's answers and its
/// sockets are never one.
type Connection = (usize, AccountIndex, Transport, Arc<str>);

impl Front {
    pub fn new(
        sources: Vec<Box<dyn Source>>,
        secrets: Secrets,
        router: Router,
        accounts: FxHashMap<Arc<str>, AccountIndex>,
        workers: Workers,
    ) -> Self {
        let redacted = sources.iter().map(|source| source.redacted()).collect();
        let (redactor, scratch, spare, connections, heard, drifts) = Default::default();
        Self {
            records: Merged::new(sources),
            redacted,
            redactor,
            secrets,
            router,
            scratch,
            spare,
            accounts,
            workers,
            connections,
            heard,
            drifts,
            failed: None,
        }
    }

    /// Whether a packet was of this account.
    pub fn has_heard_of(&self, account: &str) -> bool {
        self.accounts.get(account).is_some_and(|index| self.heard.get(*index) == Some(&true))
    }

    /// Number of the cut-off last line of each source that has one.
    pub fn truncated(&self, source: usize) -> Option<u64> {
        self.records.source(source).and_then(antigravity_capture::Source::truncated)
    }

    /// Where bodies became others, and what is known of the shapes of bodies; nothing where they are not watched.
    pub fn shapes(&mut self) -> (Vec<Drift>, Vec<Observed>) {
        let observed = self.router.monitor().into_iter().flat_map(DriftMonitor::observed).collect();
        (std::mem::take(&mut self.drifts), observed)
    }

    fn account(&mut self, name: &Arc<str>) -> AccountIndex {
        let next = self.accounts.len();
        *self.accounts.entry(name.clone()).or_insert(next)
    }

    /// `None` for what changes nothing.
    fn item(&mut self, source: usize, line: Line) -> Option<(Item, usize)> {
        let (seq, at) = (line.seq(), line.at());
        let account = self.account(line.account());
        let nowhere = Origin { seq, at, connection: 0 };
        let item =
            |route| Item { account, origin: nowhere, streamed: false, new_sessions: Vec::new(), route };
        match line {
            Line::Packet(packet) => Some(self.packet(source, account, packet)),
            Line::Lost(_) => Some((item(Routed::Lost), 0)),
            Line::Toggle(toggle) if !toggle.on => Some((item(Routed::Off), 0)),
            Line::Opened(_) | Line::Closed(_) | Line::Mark(_) | Line::Toggle(_) => None,
        }
    }

    fn packet(&mut self, source: usize, account: AccountIndex, mut packet: Packet) -> (Item, usize) {
        self.hear(account);
        let problem = self.clean(source, &mut packet).err();
        let connection = self.connection(source, account, &packet);
        let origin = Origin { seq: packet.seq, at: packet.at, connection };
        let streamed = packet.transport != Transport::Http && packet.direction == Direction::Received;
        // What the chunk holds of it: a thousand times what was captured, where it was compressed.
        let bytes = packet.weight();
        let body = match problem {
            Some(problem) => DecodedBody::Undecodable(problem),
            None => DecodedBody::from(&packet.body),
        };
        // What this run redacts is of one source; what was redacted before is of its own.
        self.router.from_source(if self.redacted[source] { source + 1 } else { 0 });
        let route = self.router.route(&packet, body, &mut self.scratch);
        self.drifts.extend_from_slice(self.router.drifts());
        if let Route::Decided(Decision { reason: reason::SCHEMA, by: Some(place), .. }) = &route {
            self.say_mismatch(&packet, *place, body);
        }
        let (route, new_sessions) = self.lay_out(account, connection, packet, route);
        (Item { account, origin, streamed, new_sessions, route }, bytes)
    }

    /// Where the body of a packet that is rejected first differs from what its endpoint promises.
    fn say_mismatch(&self, packet: &Packet, place: Place, body: DecodedBody<'_>) {
        if tracing::enabled!(tracing::Level::DEBUG)
            && let Some(mismatch) = self.router.mismatch(place, body)
        {
            tracing::debug!(seq = packet.seq, "the body is of another shape: {mismatch}");
        }
    }

    fn hear(&mut self, account: AccountIndex) {
        if self.heard.len() <= account {
            self.heard.resize(account + 1, false);
        }
        self.heard[account] = true;
    }

    fn connection(&mut self, source: usize, account: AccountIndex, packet: &Packet) -> u32 {
        let unnamed = packet.connection.is_empty() && packet.transport != Transport::Http;
        let name = if unnamed { &packet.url } else { &packet.connection };
        let next = self.connections.len() as u32;
        *self.connections.entry((source, account, packet.transport, name.clone())).or_insert(next)
    }

    /// Takes secrets out where the source still has them, and undoes compression and base64.
    fn clean(&mut self, source: usize, packet: &mut Packet) -> Result<(), Undecodable> {
        let result = if self.redacted[source] {
            Ok(())
        } else {
            let declared = self.secrets.of(self.router.places(packet));
            self.redactor.packet(packet, &declared)
        };
        result.and_then(|()| decode(packet)).map_err(|problem| match problem {
            DecodeProblem::Compression => Undecodable::Compression,
            DecodeProblem::Charset => Undecodable::Charset,
            DecodeProblem::Base64 => Undecodable::Base64,
        })
    }

    fn lay_out(
        &mut self,
        account: AccountIndex,
        connection: u32,
        packet: Packet,
        route: Route,
    ) -> (Routed, Vec<WorkerIndex>) {
        let worker = |place: Place| self.workers.get(&(account, place.contract)).copied();
        let decided = |decision: Decision| {
            let by = decision.by.and_then(worker);
            let new = by.filter(|_| decision.new_session);
            let awaited = decision.by.is_some_and(|place| is_awaited(self.router.contracts(), place));
            (Decided { fate: decision.fate, reason: decision.reason, by, awaited }, new)
        };
        match route {
            Route::Decided(decision) => {
                let (decided, new) = decided(decision);
                (Routed::Decided(decided), new.into_iter().collect())
            }
            Route::Candidates(candidates) => {
                let list = candidates.list.iter();
                let new = list.filter(|c| c.new_session).filter_map(|c| worker(c.place));
                let (otherwise, last) = decided(candidates.otherwise);
                let new = new.chain(last).collect();
                let candidates = self.candidates(account, connection, packet, &candidates);
                (Routed::Work { candidates, otherwise }, new)
            }
        }
    }

    fn candidates(
        &mut self,
        account: AccountIndex,
        connection: u32,
        packet: Packet,
        candidates: &Candidates,
    ) -> Vec<Candidate> {
        let mut list: Vec<Candidate> = Vec::with_capacity(candidates.list.len());
        let packet = Arc::new(packet);
        for candidate in &candidates.list {
            let Some(&worker) = self.workers.get(&(account, candidate.place.contract)) else { continue };
            let prepared = Prepared {
                packet: packet.clone(),
                connection,
                endpoint: candidate.place.endpoint as u32,
                tape: candidate.tape.map_or(0..0, |tape| self.scratch.keep(tape)),
            };
            list.push(Candidate { worker, prepared });
        }
        list
    }
}

/// Whether an endpoint carries what adapters read.
fn is_awaited(contracts: &Contracts, place: Place) -> bool {
    let endpoint = contracts.contract(place.contract).and_then(|c| c.endpoints.get(place.endpoint));
    endpoint.is_some_and(|endpoint| !endpoint.content.is_noise())
}

fn decode(packet: &mut Packet) -> Result<(), DecodeProblem> {
    let body = std::mem::replace(&mut packet.body, Body::empty());
    packet.body = readable(body)?;
    Ok(())
}

impl pipeline::Front for Front {
    type Error = CaptureError;

    fn next_chunk(&mut self) -> Result<Option<Chunk>, CaptureError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut chunk = Chunk::default();
        while !chunk.is_full() {
            let (source, record) = match self.records.next() {
                Ok(Some(next)) => next,
                Ok(None) => break,
                Err(error) if chunk.items.is_empty() => return Err(error),
                Err(error) => {
                    // What came before a malformed line still counts.
                    self.failed = Some(error);
                    break;
                }
            };
            if let Some((item, bytes)) = self.item(source, record.line) {
                chunk.push(item, bytes);
            }
        }
        chunk.tapes = self.scratch.take(std::mem::take(&mut self.spare));
        Ok((!chunk.items.is_empty()).then_some(chunk))
    }

    fn recycle(&mut self, chunk: Chunk) {
        self.spare = chunk.tapes;
    }
}
