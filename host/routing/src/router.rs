//! For each packet: who may read it.

use crate::accept::{Refusal, accept, mismatch, tape_of};
use crate::address::{Address, Addresses};
use crate::body::{DecodedBody, Readable};
use crate::contracts::{Contracts, Place};
use crate::drift::{Drift, DriftMonitor};
use crate::fingerprint::{ALWAYS, FULL_EVERY, Fingerprint, SAMPLED_EVERY};
use crate::reason;
use crate::schema::Mismatch;
use crate::scratch::{Scratch, TapeId};
use crate::session::{Epoch, Sessions};
use antigravity_core::contract::Content;
use antigravity_core::{Direction, Fate, Packet, Timestamp, Transport};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;

/// What becomes of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Decided(Decision),
    Candidates(Candidates),
}

/// A fate that no adapter has to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    pub fate: Fate,
    /// One of [`crate::reason`].
    pub reason: &'static str,
    /// Whose endpoint decided: the noise that it is (a sign of life of that worker), or the most
    /// specific refusal.
    pub by: Option<Place>,
    /// The worker of `by` is in a new session from here on, as with [`Candidate::new_session`].
    pub new_session: bool,
}

/// Adapters to ask, in order: the first that does not say `not mine` decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    /// Never empty.
    pub list: SmallVec<[Candidate; 2]>,
    /// What happens when all of them say `not mine`.
    pub otherwise: Decision,
}

/// One adapter's worker that may read the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub place: Place,
    /// The tape in [`Scratch`], valid until the next packet; `None`: the body travels raw.
    pub tape: Option<TapeId>,
    /// Of the tape, where this body's turn has come.
    pub fingerprint: Option<Fingerprint>,
    /// The page has begun a new session: the worker's old quotes are to be withdrawn and its state
    /// reset at once, whether or not it is the one that gets the packet.
    pub new_session: bool,
}

/// Routes packets by the contracts that are installed and bound. Packets must come in their order:
/// session epochs and the choice of bodies that are fingerprinted whole depend on it.
#[derive(Debug)]
pub struct Router {
    contracts: Arc<Contracts>,
    addresses: Addresses,
    accounts: FxHashMap<Box<str>, Workers>,
    /// Bodies accepted so far by each endpoint.
    accepted: Counts,
    /// Bodies that only the schema of each endpoint refused.
    refused: Counts,
    monitor: Option<DriftMonitor>,
    /// What the packet routed last showed.
    drifts: Vec<Drift>,
    /// Where the packets come from.
    source: usize,
}

/// What is known of an account's workers, by contract; `None`: not bound.
type Workers = Vec<Option<Sessions>>;

/// By contract and endpoint.
type Counts = Vec<Vec<u64>>;

impl Router {
    /// Nothing is bound yet.
    pub fn new(contracts: Arc<Contracts>) -> Self {
        let accepted: Counts = contracts.iter().map(|contract| vec![0; contract.endpoints.len()]).collect();
        let (addresses, accounts, source, drifts) = Default::default();
        let refused = accepted.clone();
        Self { contracts, addresses, accounts, accepted, refused, monitor: None, drifts, source }
    }

    /// Watches the shapes of bodies from here on, beginning with what this monitor knows.
    pub fn watch(&mut self, monitor: DriftMonitor) {
        self.monitor = Some(monitor);
    }

    /// What was seen of the shapes of bodies, where they are watched.
    pub const fn monitor(&self) -> Option<&DriftMonitor> {
        self.monitor.as_ref()
    }

    /// What the packet that was routed last showed: bodies of its endpoint are no longer what they were.
    pub fn drifts(&self) -> &[Drift] {
        &self.drifts
    }

    /// A router with other contracts, in which each provider is bound where it is bound here, in the session
    /// in which it is.
    #[must_use]
    pub fn with(&self, contracts: Arc<Contracts>) -> Self {
        let known: Vec<_> = contracts.iter().map(|new| self.contracts.find(&new.provider)).collect();
        let workers = |workers: &Workers| -> Workers {
            known.iter().map(|known| workers.get((*known)?)?.clone()).collect()
        };
        let accounts = self.accounts.iter().map(|(account, of)| (account.clone(), workers(of))).collect();
        Self { accounts, source: self.source, ..Self::new(contracts) }
    }

    pub const fn contracts(&self) -> &Arc<Contracts> {
        &self.contracts
    }

    /// Binds a provider's contract to an account; `false` where no contract of that name is
    /// installed. What is bound already stays in its session.
    pub fn bind(&mut self, account: &str, provider: &str) -> bool {
        let Some(contract) = self.contracts.find(provider) else { return false };
        let count = self.contracts.len();
        let workers =
            self.accounts.entry(account.into()).or_insert_with(|| (0..count).map(|_| None).collect());
        workers[contract].get_or_insert_default();
        true
    }

    /// Clears a binding and forgets its session; `false` where there was none.
    pub fn unbind(&mut self, account: &str, provider: &str) -> bool {
        let contract = self.contracts.find(provider);
        let worker = self.accounts.get_mut(account).zip(contract).and_then(|(workers, i)| workers[i].take());
        worker.is_some()
    }

    /// An account was switched off: its pages are gone, and what comes later is of new sessions.
    pub fn forget_sessions(&mut self, account: &str) {
        let workers = self.accounts.get_mut(account).into_iter().flatten().flatten();
        workers.for_each(|sessions| *sessions = Sessions::default());
    }

    pub fn is_bound(&self, account: &str, contract: usize) -> bool {
        self.accounts.get(account).is_some_and(|workers| is_bound(workers, contract))
    }

    /// Endpoints that a packet's transport, direction, method and address fit, bound or not: where
    /// declared secrets are looked for before anything else.
    pub fn places(&mut self, packet: &Packet) -> &[Place] {
        &self.addresses.get(&self.contracts, packet).places
    }

    /// The packets that follow come from this source. Sources whose secrets were taken out apart have
    /// different numbers: equal session tokens in them are two sessions.
    pub const fn from_source(&mut self, source: usize) {
        self.source = source;
    }

    /// Decides about one packet. `body` is the packet's after decoding; tapes of candidates are in
    /// `scratch` until the next call.
    pub fn route(&mut self, packet: &Packet, body: DecodedBody<'_>, scratch: &mut Scratch) -> Route {
        scratch.begin();
        self.drifts.clear();
        let contracts = &*self.contracts;
        let address = self.addresses.get(contracts, packet);
        let workers = self.accounts.get_mut(&*packet.account).map_or(&mut [][..], |workers| &mut workers[..]);
        let token = address.token(packet);
        let mut places = fitting(contracts, address, packet, token, scratch);
        if places.is_empty() {
            let bound =
                |contract| is_bound(workers, contract) && contracts.fits_page(contract, packet, token);
            let sent = address.sockets.iter().copied().any(bound);
            return if sent {
                decided(Fate::Ignored, reason::SENT, None)
            } else {
                decided(Fate::Unmatched, reason::NONE, None)
            };
        }
        places.retain(|place| is_bound(workers, place.contract));
        let awaited = |place: &Place| !contracts.declared(*place).content.is_noise();
        // A body that says nothing of itself may be any endpoint's: it counts as the one that matters.
        let Some(first) = places.iter().copied().find(awaited).or_else(|| places.first().copied()) else {
            return decided(Fate::NotContracted, reason::NONE, None);
        };
        let body = match readable(packet, body) {
            Ok(body) => body,
            Err(reason) => return decided(Fate::Rejected, reason, Some(first)),
        };
        let mut choice = Choice::new(first, awaited(&first));
        for group in places.chunk_by(|a, b| a.contract == b.contract) {
            let accepted =
                group.iter().find_map(|place| match accept(contracts, *place, packet, body, scratch) {
                    Ok(tape) => Some((*place, tape)),
                    Err(refusal) => choice.refuse(refusal, *place, awaited(place)),
                });
            let Some((place, tape)) = accepted else { continue };
            let epoch = see(contracts, workers, place.contract, (self.source, token));
            if choice.accept(contracts.declared(place).content, place, tape, epoch) {
                break;
            }
        }
        for candidate in &mut choice.list {
            let Candidate { place, tape, .. } = *candidate;
            candidate.fingerprint = fingerprint(&mut self.accepted, place, tape, body.bytes, scratch);
            if let (Some(monitor), Some(fingerprint), Some(tape)) =
                (&mut self.monitor, candidate.fingerprint, tape)
            {
                let body = (body.bytes, scratch.tape(tape));
                self.drifts.extend(monitor.observe(place, packet.at, fingerprint, body));
            }
        }
        let route = choice.route(packet);
        if let Route::Decided(Decision { reason: reason::SCHEMA, by: Some(place), .. }) = route {
            self.refused(place, packet.at, body, scratch);
        }
        route
    }

    /// A body that only a schema refuses may be of a shape that is new.
    fn refused(&mut self, place: Place, at: Timestamp, body: Readable<'_>, scratch: &mut Scratch) {
        let Some(monitor) = &mut self.monitor else { return };
        let tape = tape_of(&self.contracts, place, body, scratch);
        let due = fingerprint(&mut self.refused, place, tape, body.bytes, scratch);
        if let (Some(fingerprint), Some(tape)) = (due, tape) {
            let body = (body.bytes, scratch.tape(tape));
            self.drifts.extend(monitor.observe_refused(place, at, fingerprint, body));
        }
    }

    /// Where a body first differs from an endpoint's schema; `None` where it does not, or where it
    /// has no tape. For reports: it reads the body anew.
    pub fn mismatch(&self, place: Place, body: DecodedBody<'_>) -> Option<Mismatch> {
        mismatch(&self.contracts, place, body.readable().ok()?)
    }
}

const fn decided(fate: Fate, reason: &'static str, by: Option<Place>) -> Route {
    Route::Decided(Decision { fate, reason, by, new_session: false })
}

fn is_bound(workers: &[Option<Sessions>], contract: usize) -> bool {
    workers.get(contract).is_some_and(Option::is_some)
}

fn see(
    contracts: &Contracts,
    workers: &mut [Option<Sessions>],
    contract: usize,
    (source, token): (usize, Option<&str>),
) -> Epoch {
    match workers.get_mut(contract) {
        Some(Some(sessions)) if contracts.is_path_session(contract) => sessions.see(source, token),
        _ => Epoch::Same,
    }
}

/// Endpoints that everything but the response fits, in the order in which they are asked.
pub(crate) fn fitting(
    contracts: &Contracts,
    address: &Address,
    packet: &Packet,
    token: Option<&str>,
    scratch: &mut Scratch,
) -> SmallVec<[Place; 8]> {
    address
        .places
        .iter()
        .copied()
        .filter(|place| contracts.fits_request(*place, packet, token, scratch))
        .collect()
}

/// The body, where neither it nor the status forbids to look into it.
pub(crate) fn readable<'a>(packet: &Packet, body: DecodedBody<'a>) -> Result<Readable<'a>, &'static str> {
    let body = body.readable()?;
    let bad = packet.transport == Transport::Http
        && packet.status.is_some_and(|status| !(200..300).contains(&status));
    if bad { Err(reason::BAD_STATUS) } else { Ok(body) }
}

/// The fingerprint of a body of an endpoint, where its turn has come.
fn fingerprint(
    counts: &mut [Vec<u64>],
    Place { contract, endpoint }: Place,
    tape: Option<TapeId>,
    body: &[u8],
    scratch: &mut Scratch,
) -> Option<Fingerprint> {
    let count = &mut counts[contract][endpoint];
    let number = *count;
    *count += 1;
    if number >= ALWAYS && !number.is_multiple_of(SAMPLED_EVERY) {
        return None;
    }
    scratch.fingerprint(tape?, body, number.is_multiple_of(FULL_EVERY))
}

/// What the bound contracts said so far.
struct Choice {
    list: SmallVec<[Candidate; 2]>,
    /// Known noise, or an old session: nobody after it is asked.
    last: Option<Decision>,
    /// The most specific refusal; of equals one of odds or fixtures (`true`), then the first.
    worst: (Refusal, bool, Place),
}

impl Choice {
    /// `first`: the first endpoint that is asked.
    fn new(first: Place, awaited: bool) -> Self {
        Self { list: SmallVec::new(), last: None, worst: (Refusal::UnknownFrame, awaited, first) }
    }

    /// Always `None`, for nothing was accepted.
    fn refuse<T>(&mut self, refusal: Refusal, place: Place, awaited: bool) -> Option<T> {
        if (refusal, awaited) > (self.worst.0, self.worst.1) {
            self.worst = (refusal, awaited, place);
        }
        None
    }

    /// Whether no further contract is to be asked.
    fn accept(&mut self, content: Content, place: Place, tape: Option<TapeId>, epoch: Epoch) -> bool {
        let new_session = epoch == Epoch::New;
        let reason = match content {
            _ if epoch == Epoch::Over => reason::OTHER_SESSION,
            Content::Heartbeat => reason::HEARTBEAT,
            Content::Balance => reason::BALANCE,
            Content::Session => reason::SESSION,
            Content::Odds | Content::Fixtures => {
                self.list.push(Candidate { place, tape, fingerprint: None, new_session });
                return false;
            }
        };
        self.last = Some(Decision { fate: Fate::Ignored, reason, by: Some(place), new_session });
        true
    }

    fn route(self, packet: &Packet) -> Route {
        if !self.list.is_empty() {
            let not_mine =
                Decision { fate: Fate::Unmatched, reason: reason::NOT_MINE, by: None, new_session: false };
            return Route::Candidates(Candidates {
                list: self.list,
                otherwise: self.last.unwrap_or(not_mine),
            });
        }
        match self.last {
            Some(decision) => Route::Decided(decision),
            // A frame that fits no declared shape is one that no contract declares.
            None if packet.direction == Direction::Sent => decided(Fate::Ignored, reason::SENT, None),
            None => decided(Fate::Rejected, self.worst.0.reason(), Some(self.worst.2)),
        }
    }
}
