//! The addresses that packets came from, with what contracts say about each.

use crate::contracts::{Contracts, Place, page_token};
use crate::url::{Url, session_token};
use antigravity_core::{Direction, Packet, Transport};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;

/// What contracts say about an address, found once for all packets that have it.
#[derive(Debug, Default)]
pub(crate) struct Address {
    /// Endpoints that the address fits, in the order in which they are asked.
    pub places: Box<[Place]>,
    /// Of a sent frame's: contracts with a WebSocket endpoint, of either direction, that it fits.
    pub sockets: Box<[usize]>,
    /// The session in its path.
    own_token: Option<Box<str>>,
    /// Some contract that it fits tells sessions apart.
    has_sessions: bool,
}

impl Address {
    fn new(contracts: &Contracts, packet: &Packet) -> Self {
        let url = Url::split(&packet.url);
        let fitting: Vec<_> =
            contracts.places().filter(|place| contracts.fits_address(*place, packet, url)).collect();
        let same_way = |place: &&Place| contracts.declared(**place).direction == packet.direction;
        let mut sockets: Vec<_> = fitting.iter().map(|place| place.contract).collect();
        sockets.dedup();
        let has_sessions = sockets.iter().any(|contract| contracts.is_path_session(*contract));
        if packet.transport != Transport::WebSocket || packet.direction != Direction::Sent {
            sockets.clear();
        }
        Self {
            places: fitting.iter().filter(same_way).copied().collect(),
            sockets: sockets.into(),
            own_token: session_token(&packet.url).map(Into::into),
            has_sessions,
        }
    }

    /// The packet's session: the address's, else its page's. Not looked for where no contract that
    /// fits would ask.
    pub(crate) fn token<'a>(&'a self, packet: &'a Packet) -> Option<&'a str> {
        if !self.has_sessions {
            return None;
        }
        self.own_token.as_deref().or_else(|| page_token(packet))
    }
}

/// What is known by (transport, direction, method, address): a socket's frames cost one look-up of
/// its address each (38 ns for 100 bytes, the account's included) instead of a comparison with every contract.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    by_url: FxHashMap<Arc<str>, SmallVec<[Known; 2]>>,
    list: Vec<Address>,
    /// Where an address goes that is too long to keep.
    passing: Address,
}

#[derive(Debug)]
struct Known {
    transport: Transport,
    direction: Direction,
    method: Option<Arc<str>>,
    index: usize,
}

/// Addresses that are kept. Then all are forgotten at once: a page that puts the time into each
/// query would push live ones out one by one just the same.
const MAX_ADDRESSES: usize = 4096;

/// Longest address that is kept, in bytes.
const MAX_URL: usize = 2048;

impl Addresses {
    pub(crate) fn get(&mut self, contracts: &Contracts, packet: &Packet) -> &Address {
        let known = self.by_url.get(&packet.url).and_then(|all| all.iter().find(|known| known.is(packet)));
        if let Some(index) = known.map(|known| known.index) {
            return &self.list[index];
        }
        let address = Address::new(contracts, packet);
        if packet.url.len() > MAX_URL {
            self.passing = address;
            return &self.passing;
        }
        if self.list.len() == MAX_ADDRESSES {
            self.by_url.clear();
            self.list.clear();
        }
        let index = self.list.len();
        self.list.push(address);
        self.by_url.entry(Arc::clone(&packet.url)).or_default().push(Known {
            transport: packet.transport,
            direction: packet.direction,
            method: packet.method.clone(),
            index,
        });
        &self.list[index]
    }
}

impl Known {
    fn is(&self, packet: &Packet) -> bool {
        self.transport == packet.transport
            && self.direction == packet.direction
            && self.method == packet.method
    }
}
