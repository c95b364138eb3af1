//! The front: records become items. Redact, decode, route, and lay out for the workers.

mod obey;
mod trial;

#[cfg(test)]
mod tests;

use crate::chunk::{AccountIndex, Candidate, Chunk, Decided, Drifted, Item, Routed, WorkerIndex};
use crate::control::{Clock, Inbox};
use crate::fed::Heard;
use crate::feed::{Fed, Feed};
use crate::pipeline;
use crate::secrets::Secrets;
use antigravity_capture::decode::{DecodeProblem, readable};
use antigravity_capture::{CaptureError, Line, Redactor};
use antigravity_core::board::Origin;
use antigravity_core::drift::Observed;
use antigravity_core::{Body, Packet, Timestamp, Transport};
use antigravity_routing::reason;
use antigravity_routing::{
    Candidates, Contracts, Decision, DecodedBody, Drift, DriftMonitor, Place, Route, Router, Scratch,
    Undecodable,
};
use antigravity_runtime::Prepared;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use trial::Trial;

/// Which worker serves which contract of which account.
pub(crate) type Workers = FxHashMap<(AccountIndex, usize), WorkerIndex>;

/// Reads what is fed to its end, and does between packets what it is told.
pub(crate) struct Front {
    feed: Box<dyn Feed>,
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
    /// Workers that ever were: their numbers are not given again.
    worker_count: usize,
    trials: Vec<Trial>,
    /// Trials that ever were: their numbers are not given again.
    trial_count: u64,
    connections: FxHashMap<Connection, u32>,
    /// Of each account, whether a packet is of it.
    heard: Vec<bool>,
    /// What became of the shapes of bodies, in the order of packets.
    drifts: Vec<Drift>,
    /// Endpoints whose bodies have lost something that the contract declares, or have it of another type.
    invalid: FxHashSet<Place>,
    /// What is wrong behind the last chunk.
    failed: Option<CaptureError>,
    live: Option<Live>,
    /// The time of the last packet.
    latest: Timestamp,
    stopped: bool,
}

/// A run that goes on in time, and is told things.
pub(crate) struct Live {
    pub inbox: Inbox,
    pub clock: Arc<dyn Clock>,
}

/// Without a packet, time goes on in steps of 250 ms: an opportunity whose leg went stale is closed no later.
const TICK: i64 = 250_000_000;

/// What makes two packets parts of one connection. Its name says something within its own capture
/// only; where there is none, the address of a stream stands for it, for a page's answers and its
/// sockets are never one.
type Connection = (usize, AccountIndex, Transport, Arc<str>);

impl Front {
    pub fn new(
        feed: Box<dyn Feed>,
        secrets: Secrets,
        router: Router,
        accounts: FxHashMap<Arc<str>, AccountIndex>,
        workers: Workers,
    ) -> Self {
        let redacted = feed.redacted();
        let (redactor, scratch, spare, connections, heard, trials, drifts) = Default::default();
        let worker_count = workers.len();
        Self {
            feed,
            redacted,
            redactor,
            secrets,
            router,
            scratch,
            spare,
            accounts,
            workers,
            worker_count,
            trials,
            trial_count: 0,
            connections,
            heard,
            drifts,
            invalid: FxHashSet::default(),
            failed: None,
            live: None,
            latest: Timestamp::from_nanos(0),
            stopped: false,
        }
    }

    /// It goes on in time, and does what it is told.
    pub fn live(mut self, live: Live) -> Self {
        self.live = Some(live);
        self
    }

    /// Whether a packet was of this account.
    pub fn has_heard_of(&self, account: &str) -> bool {
        self.accounts.get(account).is_some_and(|index| self.heard.get(*index) == Some(&true))
    }

    /// Number of the cut-off last line of each source that has one.
    pub fn truncated(&self) -> Vec<(usize, u64)> {
        let sources = 0..self.redacted.len();
        sources.filter_map(|source| Some((source, self.feed.truncated(source)?))).collect()
    }

    /// Where bodies became others, and what is known of the shapes of bodies; nothing where they are not watched.
    pub fn shapes(&mut self) -> (Vec<Drift>, Vec<Observed>) {
        let observed = self.router.monitor().into_iter().flat_map(DriftMonitor::observed).collect();
        (std::mem::take(&mut self.drifts), observed)
    }

    /// Watches the shapes of bodies from here on, beginning with what is known of them.
    pub fn watch(&mut self, known: Vec<Observed>) {
        let mut monitor = DriftMonitor::new(self.router.contracts().clone());
        known.into_iter().for_each(|observed| monitor.resume(observed));
        self.router.watch(monitor);
    }

    fn account(&mut self, name: &Arc<str>) -> AccountIndex {
        let next = self.accounts.len();
        *self.accounts.entry(name.clone()).or_insert(next)
    }

    /// `None` for what changes nothing.
    fn item(&mut self, source: usize, line: Line) -> Option<(Item, usize)> {
        let (seq, at) = (line.seq(), line.at());
        self.latest = at;
        let account = self.account(line.account());
        match line {
            Line::Packet(packet) => Some(self.packet(source, account, packet)),
            Line::Lost(_) => Some((Item::between(account, seq, at, Routed::Lost), 0)),
            Line::Toggle(toggle) if !toggle.on => {
                self.router.forget_sessions(&toggle.account);
                self.trials.iter_mut().for_each(|trial| trial.router.forget_sessions(&toggle.account));
                Some((Item::between(account, seq, at, Routed::Off), 0))
            }
            Line::Opened(_) | Line::Closed(_) | Line::Mark(_) | Line::Toggle(_) => None,
        }
    }

    fn packet(&mut self, source: usize, account: AccountIndex, mut packet: Packet) -> (Item, usize) {
        self.hear(account);
        let problem = self.clean(source, &mut packet).err();
        let connection = self.connection(source, account, &packet);
        let heard = Heard::new(&packet, connection);
        // What the chunk holds of it: a thousand times what was captured, where it was compressed.
        let bytes = packet.weight();
        let packet = Arc::new(packet);
        let body = match problem {
            Some(problem) => DecodedBody::Undecodable(problem),
            None => DecodedBody::from(&packet.body),
        };
        // What this run redacts is of one source; what was redacted before is of its own.
        let source = if self.redacted[source] { source + 1 } else { 0 };
        self.router.from_source(source);
        let route = self.router.route(&packet, body, &mut self.scratch);
        let drifted = self.drifted(account, &route);
        if let Route::Decided(Decision { reason: reason::SCHEMA, by: Some(place), .. }) = &route {
            self.say_mismatch(&packet, *place, body);
        }
        let (routed, new_sessions) = self.lay_out(account, connection, &packet, &route);
        let beside = self.beside((source, account, connection), &packet, body, &route);
        (Item { account, heard, new_sessions, route: routed, beside, drifted }, bytes)
    }

    /// What the packet shows of the shapes of bodies, and whose quotes are not to be relied on with it.
    fn drifted(&mut self, account: AccountIndex, route: &Route) -> Option<Box<Drifted>> {
        let told = self.router.drifts().to_vec();
        for drift in &told {
            if drift.invalidated().is_some() {
                self.invalid.insert(drift.place);
            } else {
                self.invalid.remove(&drift.place);
            }
        }
        self.drifts.extend_from_slice(&told);
        if self.invalid.is_empty() {
            return (!told.is_empty()).then(|| Box::new(Drifted { told, invalid: Vec::new() }));
        }
        let places: Vec<Place> = match route {
            Route::Decided(decision) => decision.by.into_iter().collect(),
            Route::Candidates(all) => all.list.iter().map(|candidate| candidate.place).collect(),
        };
        let invalid = places.iter().filter(|place| self.invalid.contains(place));
        let invalid = invalid.filter_map(|place| self.workers.get(&(account, place.contract)).copied());
        Some(Box::new(Drifted { told, invalid: invalid.collect() }))
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
            let mut declared = self.secrets.of(self.router.places(packet));
            declared.extend(self.trials.iter_mut().flat_map(|trial| trial.secrets(packet)));
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
        packet: &Arc<Packet>,
        route: &Route,
    ) -> (Routed, Vec<WorkerIndex>) {
        let worker = |place: Place| self.workers.get(&(account, place.contract)).copied();
        let decided = |decision: &Decision| {
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
                let (otherwise, last) = decided(&candidates.otherwise);
                let new = new.chain(last).collect();
                let candidates = self.candidates(account, connection, packet, candidates);
                (Routed::Work { candidates, otherwise }, new)
            }
        }
    }

    fn candidates(
        &mut self,
        account: AccountIndex,
        connection: u32,
        packet: &Arc<Packet>,
        candidates: &Candidates,
    ) -> Vec<Candidate> {
        let mut list: Vec<Candidate> = Vec::with_capacity(candidates.list.len());
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

    /// Nothing comes before this instant: waits for it, or for what is told before.
    fn wait(&mut self, due: Timestamp, chunk: &mut Chunk) {
        let Some(live) = &self.live else { return };
        let tick = live.clock.now().nanos().saturating_add(TICK);
        let until = due.min(Timestamp::from_nanos(tick));
        match live.clock.wait(until, &live.inbox) {
            Some(command) => self.obey(command, chunk),
            None if until < due => chunk.push(Item::between(0, 0, live.clock.now(), Routed::Tick), 0),
            None => {}
        }
    }

    /// Does what it was told meanwhile; only in front of a chunk's packets.
    fn obey_all(&mut self, chunk: &mut Chunk) {
        while let Some(command) = self.live.as_ref().and_then(|live| live.inbox.take()) {
            self.obey(command, chunk);
        }
    }

    fn is_told(&self) -> bool {
        self.live.as_ref().is_some_and(|live| !live.inbox.is_empty())
    }
}

impl Item {
    /// What happens between packets.
    pub(crate) fn between(account: AccountIndex, seq: u64, at: Timestamp, route: Routed) -> Self {
        let origin = Origin { seq, at, connection: 0 };
        let (new_sessions, beside) = Default::default();
        let heard = Heard { origin, streamed: false };
        Self { account, heard, new_sessions, route, beside, drifted: None }
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
        self.obey_all(&mut chunk);
        while !chunk.is_full() && !self.stopped {
            if self.is_told() && !chunk.items.is_empty() {
                break;
            }
            match self.feed.next() {
                Ok(Fed::Record(source, record)) => {
                    if let Some((item, bytes)) = self.item(source, record.line) {
                        chunk.push(item, bytes);
                    }
                }
                Ok(Fed::Due(_)) if !chunk.items.is_empty() => break,
                Ok(Fed::Due(due)) => self.wait(due, &mut chunk),
                Ok(Fed::End) => break,
                Err(error) if chunk.items.is_empty() => return Err(error),
                Err(error) => {
                    // What came before a malformed line still counts.
                    self.failed = Some(error);
                    break;
                }
            }
        }
        chunk.tapes = self.scratch.take(std::mem::take(&mut self.spare));
        Ok((!chunk.items.is_empty()).then_some(chunk))
    }

    fn recycle(&mut self, chunk: Chunk) {
        self.spare = chunk.tapes;
    }
}
