//! The router: any packet has a route, which neither the host in its address nor another run changes.

use antigravity_core::{Body, Contract, Direction, Packet, Timestamp, Transport};
use antigravity_routing::{Contracts, DecodedBody, Route, Router, Scratch, reason};
use arbitrary::Unstructured;
use std::sync::{Arc, OnceLock};

/// Contracts that together use everything a contract can say.
const CONTRACTS: [(&str, &str); 3] = [
    (
        "auto-push",
        r#"[{"name":"a","path":"/api/*/odds","query":[{"key":"k","value":"v"}],
            "schema":{"items":{"type":["number","array","null"]},"properties":{"a":{"type":"integer"}}}},
        {"name":"b","path":"/**/odds","form":[{"key":"f"}]},
        {"name":"c","path":"/api/**","methods":["POST"],"request_schema":{"required":["a"]}}]"#,
    ),
    (
        "path-session",
        r#"[{"name":"a","path":"/**","schema":{"properties":{"a":{"anyOf":[{"const":1},{"enum":["x",null,true]}]}}}},
        {"name":"b","path":"**","transport":"websocket","texts":["2"],"content":"heartbeat","framing":"raw"},
        {"name":"c","path":"**","transport":"websocket","prefix":"42","schema":{"prefixItems":[{"type":"string"}]}},
        {"name":"d","path":"**","transport":"sse","event":"e","framing":"lines"}]"#,
    ),
    (
        "event-driven",
        r#"[{"name":"a","path":"**","transport":"websocket","direction":"sent","prefix":"0"},
        {"name":"b","path":"/api/**","transport":"websocket","framing":"raw"},
        {"name":"c","path":"/**","framing":"lines"}]"#,
    ),
];

fn contract(index: usize) -> Arc<Contract> {
    let (profile, endpoints) = CONTRACTS[index];
    let mut endpoints: serde_json::Value = serde_json::from_str(endpoints).unwrap_or_default();
    for endpoint in endpoints.as_array_mut().into_iter().flatten().filter_map(|e| e.as_object_mut()) {
        for (key, value) in
            [("content", "odds"), ("transport", "http"), ("direction", "received"), ("framing", "document")]
        {
            endpoint.entry(key).or_insert_with(|| value.into());
        }
    }
    let declared = serde_json::json!({
        "antigravity_contract": 1, "wit": "0.1", "provider": format!("p{index}"), "version": "0.1.0",
        "profile": profile, "endpoints": endpoints, "confirms": "by-quote", "stale_after_ms": 5000,
        "price_formats": ["decimal"], "handicap_basis": "from-now", "activation": "reload",
    });
    let contract = Contract::from_json(declared.to_string().as_bytes());
    Arc::new(contract.expect("a contract"))
}

/// A router with every contract bound to account A and one to B.
fn router() -> Router {
    static COMPILED: OnceLock<Arc<Contracts>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| {
        let contracts = Contracts::compile((0..CONTRACTS.len()).map(contract).collect());
        Arc::new(contracts.expect("a contract"))
    });
    let mut router = Router::new(compiled.clone());
    for (account, provider) in [("A", "p0"), ("A", "p1"), ("A", "p2"), ("B", "p1")] {
        assert!(router.bind(account, provider));
    }
    router
}

pub fn check(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    let (mut here, mut there, mut scratch) = (router(), router(), Scratch::default());
    // Sessions depend on the packets before.
    for seq in 1..=16 {
        let Ok((packet, path)) = packet(&mut bytes, seq) else { return };
        let body = DecodedBody::from(&packet.body);
        let route = here.route(&packet, body, &mut scratch);
        let moved = Packet { url: format!("wss://other-{seq}.example:81{path}").into(), ..packet.clone() };
        assert_eq!(there.route(&moved, body, &mut scratch), route, "{packet:?} at another host");
        let decision = match &route {
            Route::Decided(decision) => *decision,
            Route::Candidates(candidates) => {
                assert!(!candidates.list.is_empty());
                assert!(candidates.list.is_sorted_by_key(|candidate| candidate.place.contract));
                candidates.otherwise
            }
        };
        assert!(decision.reason.is_empty() || reason::ALL.contains(&decision.reason));
        if let Some(by) = decision.by {
            here.mismatch(by, body);
        }
        if bytes.is_empty() {
            return;
        }
    }
}

const PATHS: [&str; 8] = [
    "/api/x/odds?k=V",
    "/api/x/odds?k=v",
    "/odds",
    "/api/",
    "/(S(abc))/api/x",
    "/(A(x)S(y)F(z))/odds",
    "/%61pi/a/odds",
    "/",
];
const BODIES: [&str; 10] = [
    "",
    "2",
    "42[\"m\"]",
    "0{}",
    "[]",
    "{\"a\":1}",
    "{\"a\":1}\n{\"a\":\"x\"}",
    "<html>",
    "4f6a1c0b9e8d7766aa554433:0011223344556677",
    "\u{feff}{}",
];

/// A packet, and the path of its address.
fn packet(bytes: &mut Unstructured<'_>, seq: u64) -> arbitrary::Result<(Packet, String)> {
    let path = if bytes.ratio(1, 3)? {
        format!("/{}", bytes.arbitrary::<&str>()?)
    } else {
        (*bytes.choose(&PATHS)?).to_owned()
    };
    let body = match bytes.int_in_range(0..=9)? {
        0 => Body::Bytes(bytes.arbitrary()?),
        1 => Body::OverLimit(bytes.arbitrary()?),
        2..=5 => Body::Text((*bytes.choose(&BODIES)?).to_owned()),
        _ => Body::Text(bytes.arbitrary()?),
    };
    let text =
        |bytes: &mut Unstructured<'_>, known: &'static [&'static str]| -> arbitrary::Result<Option<String>> {
            Ok(match bytes.int_in_range(0..=3)? {
                0 => None,
                1 => Some(bytes.arbitrary()?),
                _ => Some((*bytes.choose(known)?).to_owned()),
            })
        };
    let packet = Packet {
        seq,
        at: Timestamp::from_nanos(i64::try_from(seq).unwrap_or(0)),
        account: (*bytes.choose(&["A", "A", "B", "C"])?).into(),
        connection: (*bytes.choose(&["c1", "c2"])?).into(),
        page: text(bytes, &["https://h.example/x", "https://h.example/(S(key))/x"])?.map(Into::into),
        transport: *bytes.choose(&[Transport::Http, Transport::WebSocket, Transport::Sse])?,
        direction: *bytes.choose(&[Direction::Received, Direction::Received, Direction::Sent])?,
        method: text(bytes, &["GET", "POST"])?.map(Into::into),
        url: format!("https://h.example{path}").into(),
        status: *bytes.choose(&[None, Some(200), Some(200), Some(404)])?,
        content_type: text(bytes, &["application/json", "text/html"])?.map(Into::into),
        request_body: text(bytes, &["f=1", "{\"a\":1}"])?,
        event: text(bytes, &["e"])?.map(Into::into),
        body,
    };
    Ok((packet, path))
}
