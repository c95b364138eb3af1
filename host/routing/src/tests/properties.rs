//! What holds for every packet.

use super::{Bench, contract, packet, push};
use crate::{Candidates, Decision, DecodedBody, Route, reason};
use antigravity_core::{Body, Direction, Packet, Transport};
use proptest::prelude::*;
use serde_json::json;

/// Contracts that together use everything a contract can say.
fn bench() -> Bench {
    let mut bench = Bench::bound(vec![
        push(
            "alpha",
            json!([
                {"path": "/api/*/odds", "query": [{"key": "k", "value": "v"}], "schema": {"items": {"type": ["number", "array"]}}},
                {"path": "/**/odds", "form": [{"key": "f"}]},
                {"path": "/api/**", "methods": ["POST"], "request_schema": {"required": ["a"]}},
            ]),
        ),
        contract(
            "bravo",
            "path-session",
            json!([
                {"path": "/**", "schema": {"properties": {"a": {"anyOf": [{"const": 1}, {"enum": ["x", null]}]}}}},
                {"transport": "websocket", "texts": ["2"], "content": "heartbeat", "framing": "raw"},
                {"transport": "websocket", "prefix": "42", "schema": {"prefixItems": [{"type": "string"}]}},
                {"transport": "sse", "event": "e", "framing": "lines"},
            ]),
        ),
        push(
            "charlie",
            json!([
                {"transport": "websocket", "direction": "sent", "prefix": "0"},
                {"transport": "websocket", "framing": "raw", "path": "/api/**"},
                {"path": "/**", "framing": "lines"},
            ]),
        ),
    ]);
    assert!(bench.router.bind("B", "alpha"));
    bench
}

fn paths() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec!["api", "odds", "x", "", "%41pi", "(S", "..", "*"]);
    let query = prop::sample::select(vec!["", "?k=V", "?k=%zz&k", "?k=v#f", "#"]);
    (prop::collection::vec(part, 0..5), query)
        .prop_map(|(parts, query)| format!("/{}{query}", parts.join("/")))
}

fn bodies() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "", "2", "42[\"m\"]", "42", "0{}", "[]", "{\"a\":1}", "{\"a\":2}", "{\"a\":1}\n{\"a\":\"x\"}", "<html>",
            "4f6a1c0b9e8d7766aa554433:0011223344556677", "[1,[2],\"x\"]", "42[[[\"", "\u{feff}{}",
        ]).prop_map(str::to_owned),
        1 => r#"[\[\]{}",:0-9a\\ <]{0,30}"#,
        1 => r"\PC{0,30}",
    ]
}

fn packets() -> impl Strategy<Value = Packet> {
    let transport = prop::sample::select(vec![Transport::Http, Transport::WebSocket, Transport::Sse]);
    let optional = |choices: &'static [&'static str]| prop::option::of(prop::sample::select(choices));
    let request = optional(&["f=1", "{\"a\":1}", "f", "{", ""]);
    let page = optional(&["https://h.example/x", "https://h.example/(S(k3y))/x", "", "/(("]);
    (
        transport,
        any::<bool>(),
        paths(),
        bodies(),
        request,
        page,
        optional(&["GET", "post", ""]),
        prop::option::of(any::<u16>()),
        optional(&["text/html", "application/json", ";"]),
        optional(&["e", "message", ""]),
        prop::sample::select(vec!["A", "A", "B", "C"]),
    )
        .prop_map(
            |(transport, sent, path, body, request, page, method, status, kind, event, account)| Packet {
                direction: if sent { Direction::Sent } else { Direction::Received },
                request_body: request.map(str::to_owned),
                page: page.map(Into::into),
                method: method.map(Into::into),
                status: status.map(|status| if status % 3 > 0 { 200 } else { status }),
                content_type: kind.map(Into::into),
                event: event.map(Into::into),
                account: account.into(),
                ..packet(transport, &format!("https://h.example{path}"), &body)
            },
        )
}

fn at(packet: &Packet, url: String) -> Packet {
    Packet { url: url.into(), ..packet.clone() }
}

/// A route without what only tells epochs apart.
fn apart_from_epoch(mut route: Route) -> Route {
    match &mut route {
        Route::Decided(decision) => decision.new_session = false,
        Route::Candidates(Candidates { list, otherwise }) => {
            otherwise.new_session = false;
            list.iter_mut().for_each(|candidate| candidate.new_session = false);
        }
    }
    route
}

fn words(route: &Route) -> Decision {
    match route {
        Route::Decided(decision) => *decision,
        Route::Candidates(candidates) => candidates.otherwise,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_host_never_changes_a_route(packets in prop::collection::vec(packets(), 1..6), other in "[a-z0-9.:@-]{0,20}") {
        let (mut here, mut there) = (bench(), bench());
        for packet in &packets {
            let path = packet.url.strip_prefix("https://h.example").unwrap();
            prop_assert_eq!(here.route(packet), there.route(&at(packet, format!("wss://{other}{path}"))));
        }
    }

    #[test]
    fn a_session_changes_a_route_only_through_the_epoch(
        packets in prop::collection::vec(packets(), 1..6), token in "[a-zA-Z0-9]{1,40}", deep in any::<bool>(),
    ) {
        // Without a page, a contract of path sessions fits with a session and without one.
        let (mut without, mut with) = (bench(), bench());
        for packet in &packets {
            let packet = Packet { page: None, ..packet.clone() };
            let path = packet.url.strip_prefix("https://h.example/").unwrap();
            let segment = if deep { format!("(A(x)s({token})F(y))") } else { format!("(S({token}))") };
            let rotated = at(&packet, format!("https://h.example/{segment}/{path}"));
            prop_assert_eq!(without.route(&packet), apart_from_epoch(with.route(&rotated)));
        }
    }

    #[test]
    fn routing_again_gives_the_same(packets in prop::collection::vec(packets(), 1..12)) {
        let (mut first, mut second) = (bench(), bench());
        for packet in &packets {
            let route = first.route(packet);
            prop_assert_eq!(&route, &second.route(packet));
            let word = words(&route).reason;
            prop_assert!(word.is_empty() || reason::ALL.contains(&word));
            if let Route::Candidates(candidates) = &route {
                prop_assert!(candidates.list.is_sorted_by_key(|candidate| candidate.place.contract));
                prop_assert!(!candidates.list.is_empty());
            }
        }
    }

    #[test]
    fn any_packet_is_routed(
        url in r"\PC{0,60}|[a-z]{0,5}://[(SAF)%0-9a-z/?#&=]{0,60}", page in r"\PC{0,40}|/\(S\([a-z]{0,3}\)\)/",
        body in prop_oneof![
            bodies().prop_map(Body::Text),
            prop::collection::vec(any::<u8>(), 0..40).prop_map(Body::Bytes),
            any::<u64>().prop_map(Body::OverLimit),
        ],
        request in prop::option::of(r"\PC{0,40}"), base in packets(),
    ) {
        let packet = Packet { url: url.into(), page: Some(page.into()), request_body: request, body, ..base };
        let mut bench = bench();
        let route = bench.route(&packet);
        if let Some(by) = words(&route).by {
            bench.router.mismatch(by, DecodedBody::from(&packet.body));
        }
    }
}

#[test]
fn reasons_are_distinct_words() {
    for (index, word) in reason::ALL.iter().enumerate() {
        assert!(!reason::ALL[..index].contains(word));
        assert!(
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{word}"
        );
    }
}
