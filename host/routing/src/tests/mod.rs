//! The rules of routing, each with a small contract made for it.

mod bodies;
mod classify;
mod drift;
mod fates;
mod properties;
mod recorded;
mod sessions;

use crate::{Candidate, Contracts, Decision, DecodedBody, Route, Router, Scratch};
use antigravity_core::{Body, Contract, Direction, Fate, Packet, Timestamp, Transport};
use serde_json::{Value, json};
use std::sync::Arc;

/// A contract with these endpoints; what they leave out is an odds endpoint for any path over HTTP.
fn contract(provider: &str, profile: &str, endpoints: Value) -> Arc<Contract> {
    let mut declared = json!({
        "antigravity_contract": 1, "wit": "0.1", "provider": provider, "version": "0.1.0", "profile": profile,
        "endpoints": endpoints, "confirms": "by-quote", "stale_after_ms": 5000, "price_formats": ["decimal"],
        "handicap_basis": "from-now", "activation": "reload",
    });
    let list = declared["endpoints"].as_array_mut().unwrap();
    for (index, endpoint) in list.iter_mut().enumerate() {
        let defaults = json!({
            "name": format!("e{index}"), "content": "odds", "transport": "http", "direction": "received", "path": "**",
            "framing": "document",
        });
        for (key, value) in defaults.as_object().unwrap() {
            endpoint.as_object_mut().unwrap().entry(key).or_insert_with(|| value.clone());
        }
    }
    Arc::new(Contract::from_json(declared.to_string().as_bytes()).unwrap())
}

fn push(provider: &str, endpoints: Value) -> Arc<Contract> {
    contract(provider, "auto-push", endpoints)
}

/// A router of these contracts and the buffers that go with it.
struct Bench {
    router: Router,
    scratch: Scratch,
}

impl Bench {
    fn new(contracts: Vec<Arc<Contract>>) -> Self {
        let contracts = Arc::new(Contracts::compile(contracts).unwrap());
        Self { router: Router::new(contracts), scratch: Scratch::default() }
    }

    /// Binds every contract to account `A`.
    fn bound(contracts: Vec<Arc<Contract>>) -> Self {
        let mut bench = Self::new(contracts);
        let names: Vec<_> =
            bench.router.contracts().iter().map(|contract| contract.provider.clone()).collect();
        for name in names {
            assert!(bench.router.bind("A", &name));
        }
        bench
    }

    fn route(&mut self, packet: &Packet) -> Route {
        self.router.route(packet, DecodedBody::from(&packet.body), &mut self.scratch)
    }

    fn fate(&mut self, packet: &Packet) -> (Fate, &'static str) {
        let decision = self.decision(packet);
        (decision.fate, decision.reason)
    }

    fn decision(&mut self, packet: &Packet) -> Decision {
        match self.route(packet) {
            Route::Decided(decision) => decision,
            Route::Candidates(candidates) => panic!("{candidates:?}"),
        }
    }

    fn candidates(&mut self, packet: &Packet) -> Vec<Candidate> {
        match self.route(packet) {
            Route::Candidates(candidates) => candidates.list.to_vec(),
            Route::Decided(decision) => panic!("{decision:?}"),
        }
    }

    /// Index of the endpoint of the only candidate.
    fn endpoint(&mut self, packet: &Packet) -> usize {
        let candidates = self.candidates(packet);
        assert_eq!(candidates.len(), 1);
        candidates[0].place.endpoint
    }
}

fn packet(transport: Transport, url: &str, body: &str) -> Packet {
    Packet {
        seq: 1,
        at: Timestamp::from_nanos(0),
        account: "A".into(),
        connection: "c1".into(),
        page: None,
        transport,
        direction: Direction::Received,
        method: (transport == Transport::Http).then(|| "GET".into()),
        url: url.into(),
        status: (transport == Transport::Http).then_some(200),
        content_type: None,
        request_body: None,
        event: None,
        body: Body::Text(body.to_owned()),
    }
}

fn http(url: &str, body: &str) -> Packet {
    packet(Transport::Http, url, body)
}

fn frame(url: &str, body: &str) -> Packet {
    packet(Transport::WebSocket, url, body)
}

fn sent(url: &str, body: &str) -> Packet {
    Packet { direction: Direction::Sent, ..frame(url, body) }
}
