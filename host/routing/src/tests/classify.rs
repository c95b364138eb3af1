//! Which providers are recognised in an account's traffic.

use super::{contract, frame, http, push};
use crate::{Classifier, Contracts, DecodedBody, Scratch};
use antigravity_core::{Body, Packet};
use serde_json::json;
use std::sync::Arc;

struct Bench {
    contracts: Arc<Contracts>,
    classifier: Classifier,
    scratch: Scratch,
}

impl Bench {
    fn new() -> Self {
        let odds = json!({"required": ["odds"]});
        let contracts = vec![
            push(
                "book",
                json!([
                    {"path": "/keep", "content": "heartbeat", "schema": {"type": "object"}},
                    {"path": "/open"},
                    {"path": "/both"},
                    {"path": "/both", "schema": odds},
                    {"path": "/odds", "schema": odds},
                    {"path": "/teams", "content": "fixtures", "schema": {"type": "array"}},
                ]),
            ),
            contract(
                "shell",
                "path-session",
                json!([{"transport": "websocket", "path": "/push", "schema": odds}]),
            ),
            push("skin", json!([{"transport": "websocket", "path": "/push", "schema": odds}])),
        ];
        let contracts = Arc::new(Contracts::compile(contracts).unwrap());
        Self { classifier: Classifier::new(Arc::clone(&contracts)), contracts, scratch: Scratch::default() }
    }

    fn observe(&mut self, packet: &Packet) -> bool {
        self.classifier.observe(packet, DecodedBody::from(&packet.body), &mut self.scratch)
    }

    fn recognised(&self) -> Vec<String> {
        let name = |i: usize| self.contracts.contract(i).unwrap().provider.clone();
        self.classifier
            .recognised()
            .into_iter()
            .map(|(account, i)| format!("{account}:{}", name(i)))
            .collect()
    }
}

const GOOD: &str = r#"{"odds":[]}"#;

#[test]
fn a_schema_that_accepts_recognises() {
    let mut bench = Bench::new();
    for nothing in [
        http("https://h.example/keep", "{}"),
        http("https://h.example/open", GOOD),
        http("https://h.example/odds", "{}"),
        http("https://h.example/odds", "<html>"),
        http("https://h.example/teams", "{}"),
        Packet { status: Some(500), ..http("https://h.example/odds", GOOD) },
        Packet { body: Body::OverLimit(1 << 30), ..http("https://h.example/odds", "") },
        frame("wss://h.example/odds", GOOD),
    ] {
        assert!(!bench.observe(&nothing), "{nothing:?}");
    }
    assert!(bench.recognised().is_empty());
    assert!(bench.observe(&http("https://h.example/teams", "[]")));
    assert_eq!(bench.recognised(), ["A:book"]);
}

#[test]
fn a_pair_is_recognised_once_for_each_account() {
    let mut bench = Bench::new();
    let of = |account: &str| Packet { account: account.into(), ..http("https://h.example/both", GOOD) };
    assert_eq!(["B", "A", "A", "B"].map(|account| bench.observe(&of(account))), [true, true, false, false]);
    assert_eq!(bench.recognised(), ["A:book", "B:book"]);
}

#[test]
fn two_contracts_may_be_recognised_by_one_packet() {
    let mut bench = Bench::new();
    let plain = Packet { page: Some("https://p.example/".into()), ..frame("wss://h.example/push", GOOD) };
    assert!(bench.observe(&plain));
    assert_eq!(bench.recognised(), ["A:skin"]);
    assert!(bench.observe(&frame("wss://h.example/push", GOOD)));
    assert_eq!(bench.recognised(), ["A:shell", "A:skin"]);
}
