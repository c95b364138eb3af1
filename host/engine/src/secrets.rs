//! Where contracts say that secrets sit.

use crate::ReplayError;
use antigravity_capture::SecretPath;
use antigravity_core::{Contract, Packet};
use antigravity_routing::{Contracts, Place, Router};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A contract declares a secret in a way that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("contract {contract}: secrets: `{declared}`: {problem}")]
pub struct SecretError {
    pub contract: String,
    pub declared: String,
    pub problem: &'static str,
}

/// Declared secrets by endpoint.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    by_place: FxHashMap<Place, Vec<SecretPath>>,
}

impl Secrets {
    /// Reads `endpoint: /json/pointer` of all contracts.
    pub fn declared(contracts: &Contracts) -> Result<Self, SecretError> {
        let mut by_place: FxHashMap<Place, Vec<SecretPath>> = FxHashMap::default();
        for (contract, declared) in contracts.iter().enumerate() {
            for secret in &declared.secrets {
                let problem =
                    |problem| SecretError { contract: declared.name(), declared: secret.clone(), problem };
                let (name, pointer) =
                    secret.split_once(':').ok_or(problem("not `endpoint: /json/pointer`"))?;
                let endpoint = declared.endpoints.iter().position(|e| e.name == name.trim());
                let endpoint = endpoint.ok_or(problem("no such endpoint"))?;
                let path = SecretPath::parse(pointer.trim()).ok_or(problem("not a JSON pointer"))?;
                by_place.entry(Place { contract, endpoint }).or_default().push(path);
            }
        }
        Ok(Self { by_place })
    }

    /// Those of all endpoints that an address fits.
    pub fn of(&self, places: &[Place]) -> Vec<SecretPath> {
        if self.by_place.is_empty() {
            return Vec::new();
        }
        places.iter().filter_map(|place| self.by_place.get(place)).flatten().cloned().collect()
    }
}

/// Declared secrets by packet, for whoever redacts without routing.
#[derive(Debug)]
pub struct Declared {
    router: Router,
    secrets: Secrets,
}

impl Declared {
    /// # Errors
    /// Where a contract does not compile, or declares a secret in a way that cannot be read.
    pub fn new(contracts: Vec<Arc<Contract>>) -> Result<Self, ReplayError> {
        let contracts = Arc::new(Contracts::compile(contracts)?);
        let secrets = Secrets::declared(&contracts)?;
        Ok(Self { router: Router::new(contracts), secrets })
    }

    /// Those of all endpoints that the packet's address fits.
    pub fn of(&mut self, packet: &Packet) -> Vec<SecretPath> {
        self.secrets.of(self.router.places(packet))
    }
}
