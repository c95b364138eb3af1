//! Which providers an account's traffic comes from.

use crate::accept::accept;
use crate::address::Addresses;
use crate::body::DecodedBody;
use crate::contracts::Contracts;
use crate::router::{fitting, readable};
use crate::scratch::Scratch;
use antigravity_core::Packet;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Recognises (account, provider) pairs: an endpoint of the contract that carries odds or fixtures
/// and has a schema accepts a body. An endpoint without a schema recognises nothing, as it would
/// accept anybody's.
#[derive(Debug)]
pub struct Classifier {
    contracts: Arc<Contracts>,
    addresses: Addresses,
    recognised: FxHashMap<Arc<str>, Vec<bool>>,
}

impl Classifier {
    pub fn new(contracts: Arc<Contracts>) -> Self {
        Self { contracts, addresses: Addresses::default(), recognised: FxHashMap::default() }
    }

    /// Looks at one packet; whether it recognised a pair that was not known. Bodies are not looked
    /// into where every contract that fits is already recognised.
    pub fn observe(&mut self, packet: &Packet, body: DecodedBody<'_>, scratch: &mut Scratch) -> bool {
        scratch.begin();
        let contracts = &*self.contracts;
        let address = self.addresses.get(contracts, packet);
        let known = self.recognised.get(&packet.account);
        let mut places = fitting(contracts, address, packet, address.token(packet), scratch);
        places.retain(|place| {
            let declared = contracts.declared(*place);
            !declared.content.is_noise()
                && declared.schema.is_some()
                && !known.is_some_and(|known| known[place.contract])
        });
        if places.is_empty() {
            return false;
        }
        let Ok(body) = readable(packet, body) else { return false };
        places.retain(|place| accept(contracts, *place, packet, body, scratch).is_ok());
        if places.is_empty() {
            return false;
        }
        let count = contracts.len();
        let known = self.recognised.entry(Arc::clone(&packet.account)).or_insert_with(|| vec![false; count]);
        for place in places {
            known[place.contract] = true;
        }
        true
    }

    /// What was recognised so far, as (account, index of the contract), in that order.
    pub fn recognised(&self) -> Vec<(Arc<str>, usize)> {
        let mut pairs: Vec<_> = self
            .recognised
            .iter()
            .flat_map(|(account, known)| {
                let indexes = known.iter().enumerate().filter(|(_, known)| **known);
                indexes.map(move |(contract, _)| (Arc::clone(account), contract))
            })
            .collect();
        pairs.sort_unstable();
        pairs
    }
}
