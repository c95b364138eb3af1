//! Watches what shape the bodies of each endpoint have: what is learned of them, and when they became others.
//!
//! A body whose fingerprint is known costs a look-up in a table and a count for each of its paths; one whose
//! fingerprint is new is listed path by path. Only bodies whose turn has come have one: see [`crate::fingerprint`].

use crate::contracts::{Contracts, Place};
use crate::fingerprint::{Fingerprint, each_path};
use antigravity_core::Timestamp;
use antigravity_core::drift::{Change, Declared, LEARNING, Observed, PathId, Shape, Types};
use antigravity_tape::Value;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Paths of all forms of an endpoint that are kept; further forms are listed anew each time. Bounds their memory to
/// 1 MiB.
const MOST_KEPT: usize = 1 << 16;

/// Versions of an endpoint that begin in one run; one whose bodies change more often is not watched any more.
const MOST_VERSIONS: u32 = 64;

/// What endpoints' bodies were and are.
#[derive(Debug)]
pub struct DriftMonitor {
    contracts: Arc<Contracts>,
    watched: BTreeMap<Place, Watched>,
    ended: Vec<Observed>,
}

/// The bodies of an endpoint are not what they were: another version begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    pub place: Place,
    pub provider: String,
    pub endpoint: String,
    /// The version that begins.
    pub version: u32,
    /// When the body was captured that showed it.
    pub at: Timestamp,
    /// Never empty.
    pub changes: Vec<Change>,
}

/// What the contract promises of a stream is no longer so: what was read of it is not to be relied on until a
/// snapshot of a good shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalidated {
    pub place: Place,
    pub provider: String,
    pub endpoint: String,
    /// Those that break what is promised.
    pub changes: Vec<Change>,
}

impl Drift {
    /// Where a field that the contract names is gone or of another type. A further one that it names breaks nothing.
    pub fn invalidated(&self) -> Option<Invalidated> {
        let changes: Vec<_> = self.changes.iter().filter(|change| change.breaks()).cloned().collect();
        let (place, provider, endpoint) = (self.place, self.provider.clone(), self.endpoint.clone());
        (!changes.is_empty()).then_some(Invalidated { place, provider, endpoint, changes })
    }
}

/// One endpoint.
#[derive(Debug)]
struct Watched {
    declared: Declared,
    version: u32,
    first_seen: Timestamp,
    /// That of the version before, where this one is not the first.
    before: Option<Shape>,
    /// What began this version.
    changes: Vec<Change>,
    shape: Shape,
    forms: FxHashMap<Fingerprint, Box<[(PathId, Types)]>>,
    /// Paths in `forms`.
    kept: usize,
    /// Versions that began in this run.
    begun: u32,
}

impl DriftMonitor {
    /// Knows nothing yet.
    pub const fn new(contracts: Arc<Contracts>) -> Self {
        Self { contracts, watched: BTreeMap::new(), ended: Vec::new() }
    }

    /// Goes on where an earlier run ended: takes the versions of each endpoint in order, of which the newest counts and
    /// the one before it is what that is compared with. An endpoint that no contract has any more is left alone.
    pub fn resume(&mut self, observed: Observed) {
        let Some(contract) = self.contracts.find(&observed.provider) else { return };
        let declared = self.contracts.contract(contract);
        let endpoint =
            declared.and_then(|it| it.endpoints.iter().position(|it| it.name == observed.endpoint));
        let Some(endpoint) = endpoint else { return };
        let place = Place { contract, endpoint };
        let mut watched = Watched::new(&self.contracts, place, observed.first_seen);
        (watched.version, watched.changes, watched.shape) =
            (observed.version, observed.changes, observed.shape);
        watched.before = self.watched.remove(&place).map(|before| before.shape);
        self.watched.insert(place, watched);
    }

    /// Takes the next body of an endpoint, with its fingerprint and tape.
    pub fn observe(
        &mut self,
        place: Place,
        at: Timestamp,
        fingerprint: Fingerprint,
        (body, tape): (&[u8], &[u64]),
    ) -> Option<Drift> {
        let contracts = &self.contracts;
        let watched = self.watched.entry(place).or_insert_with(|| Watched::new(contracts, place, at));
        let changes = watched.learn(fingerprint, (body, tape));
        if changes.is_empty() {
            return None;
        }
        self.ended.extend(observed(contracts, place, watched));
        watched.begin(at, changes.clone());
        watched.learn(fingerprint, (body, tape));
        let (provider, endpoint) = names(contracts, place)?;
        Some(Drift { place, provider, endpoint, version: watched.version, at, changes })
    }

    /// As [`observe`](Self::observe), of a body that only the endpoint's schema refused. An answer that says much less
    /// than the others (an error, a page without odds) says nothing about the shape.
    pub fn observe_refused(
        &mut self,
        place: Place,
        at: Timestamp,
        fingerprint: Fingerprint,
        body: (&[u8], &[u64]),
    ) -> Option<Drift> {
        let watched = self.watched.get(&place)?;
        let known = watched.shape.bodies() >= LEARNING || watched.version > 1;
        let usual = watched.shape.paths_a_body().max(watched.before.as_ref().map_or(0, Shape::paths_a_body));
        let paths = listed(fingerprint, body).len() as u64;
        (known && 2 * paths >= usual).then(|| self.observe(place, at, fingerprint, body))?
    }

    /// What was seen: the versions that ended in this run, and the last of each endpoint.
    pub fn observed(&self) -> impl Iterator<Item = Observed> {
        let last = self.watched.iter().filter_map(|(place, it)| observed(&self.contracts, *place, it));
        self.ended.iter().cloned().chain(last)
    }
}

fn names(contracts: &Contracts, place: Place) -> Option<(String, String)> {
    let contract = contracts.contract(place.contract)?;
    Some((contract.provider.clone(), contract.endpoints.get(place.endpoint)?.name.clone()))
}

fn observed(contracts: &Contracts, place: Place, watched: &Watched) -> Option<Observed> {
    let (provider, endpoint) = names(contracts, place)?;
    Some(Observed {
        provider,
        endpoint,
        version: watched.version,
        first_seen: watched.first_seen,
        shape: watched.shape.clone(),
        changes: watched.all_changes(),
    })
}

/// The paths of a body with their types, each once.
fn listed(fingerprint: Fingerprint, (body, tape): (&[u8], &[u64])) -> BTreeMap<String, Types> {
    let mut paths: BTreeMap<String, Types> = BTreeMap::new();
    each_path(Value::documents(body, tape), fingerprint.full, &mut |path, types| match paths.get_mut(path) {
        Some(known) => *known = known.and(types),
        None => {
            paths.insert(path.to_owned(), types);
        }
    });
    paths
}

impl Watched {
    fn new(contracts: &Contracts, place: Place, at: Timestamp) -> Self {
        let declared = contracts.contract(place.contract).map(|it| Declared::of(it, place.endpoint));
        Self {
            declared: declared.unwrap_or_default(),
            version: 1,
            first_seen: at,
            before: None,
            changes: Vec::new(),
            shape: Shape::default(),
            forms: FxHashMap::default(),
            kept: 0,
            begun: 0,
        }
    }

    /// Learns a body; gives what has changed.
    fn learn(&mut self, fingerprint: Fingerprint, body: (&[u8], &[u64])) -> Vec<Change> {
        if self.begun >= MOST_VERSIONS {
            return Vec::new();
        }
        let mut changes = match self.forms.get(&fingerprint) {
            Some(form) => self.shape.learn(form, &self.declared),
            // More paths than are looked at, in ever new forms: nothing more can be learned.
            None if self.shape.is_full() && self.kept >= MOST_KEPT => return Vec::new(),
            None => {
                let paths = listed(fingerprint, body);
                let number = |(path, types): (String, Types)| Some((self.shape.number(&path)?, types));
                let form: Box<[_]> = paths.into_iter().filter_map(number).collect();
                let changes = self.shape.learn(&form, &self.declared);
                if self.kept + form.len() <= MOST_KEPT {
                    self.kept += form.len();
                    self.forms.insert(fingerprint, form);
                }
                changes
            }
        };
        changes.extend(self.shape.settled(&self.declared));
        changes
    }

    fn begin(&mut self, at: Timestamp, changes: Vec<Change>) {
        (self.version, self.first_seen, self.changes) = (self.version + 1, at, changes);
        self.before = Some(std::mem::take(&mut self.shape));
        self.forms.clear();
        self.kept = 0;
        self.begun += 1;
    }

    /// What began this version, and what else turned out to be different since.
    fn all_changes(&self) -> Vec<Change> {
        let Some(before) = self.before.as_ref().filter(|_| self.shape.bodies() >= LEARNING) else {
            return self.changes.clone();
        };
        let mut changes = self.changes.clone();
        let more = antigravity_core::drift::compare(before, &self.shape, &self.declared);
        changes.extend(more.into_iter().filter(|it| !self.changes.iter().any(|known| known.path == it.path)));
        changes.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
        changes
    }
}
