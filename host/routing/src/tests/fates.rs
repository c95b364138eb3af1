//! Who is asked, and what becomes of a packet for which nobody is.

use super::{Bench, contract, frame, http, packet, push, sent};
use crate::{Contracts, DecodedBody, Place, Route, Undecodable};
use antigravity_core::{Body, Fate, Packet, Transport};
use serde_json::json;

const ODDS: &str = "https://h.example/api/odds";

fn one() -> Bench {
    Bench::bound(vec![push("book", json!([{"path": "/api/odds", "schema": {"type": "array"}}]))])
}

#[test]
fn an_address_that_no_contract_fits_is_unmatched() {
    let mut bench = one();
    assert_eq!(bench.fate(&http("https://h.example/api/other", "[]")), (Fate::Unmatched, ""));
    assert_eq!(bench.fate(&frame("wss://h.example/api/odds", "[]")), (Fate::Unmatched, ""));
    assert_eq!(bench.fate(&packet(Transport::Sse, ODDS, "[]")), (Fate::Unmatched, ""));
    assert_eq!(bench.endpoint(&http(ODDS, "[]")), 0);
}

#[test]
fn the_whole_request_has_to_fit() {
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([
            {"path": "/post", "methods": ["POST"], "query": [{"key": "v", "value": "Two Words"}],
             "form": [{"key": "fc"}, {"key": "m_accType", "value": "my mr"}]},
            {"path": "/json", "request_schema": {"required": ["op"]}},
        ]),
    )]);
    let form = |method: &str, url: &str, form: &str| Packet {
        method: Some(method.into()),
        request_body: Some(form.into()),
        ..http(url, "{}")
    };
    let (url, fields) = ("https://h.example/post?x=1&v=two+words", "fc=&m_accType=MY%20MR");
    assert_eq!(bench.endpoint(&form("post", url, fields)), 0);
    for wrong in [
        form("GET", url, fields),
        Packet { method: None, ..form("POST", url, fields) },
        form("POST", "https://h.example/post?v=two", fields),
        form("POST", url, "fc=1&m_accType=HK"),
        Packet { request_body: None, ..form("POST", url, fields) },
        form("POST", "https://h.example/json", "op=1"),
        form("POST", "https://h.example/json", r#"{"no":1}"#),
    ] {
        assert_eq!(bench.fate(&wrong), (Fate::Unmatched, ""), "{wrong:?}");
    }
    assert_eq!(bench.endpoint(&form("PUT", "https://h.example/json", r#"{"op":1}"#)), 1);
}

#[test]
fn events_are_told_apart_by_name() {
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([{"transport": "sse", "event": "odds"}, {"transport": "sse", "event": "message"}]),
    )]);
    let event =
        |name: Option<&str>| Packet { event: name.map(Into::into), ..packet(Transport::Sse, ODDS, "{}") };
    assert_eq!(bench.endpoint(&event(Some("odds"))), 0);
    assert_eq!((bench.endpoint(&event(None)), bench.endpoint(&event(Some("")))), (1, 1));
    assert_eq!(bench.fate(&event(Some("other"))), (Fate::Unmatched, ""));
}

#[test]
fn a_contract_that_is_not_bound_is_named_as_such_whatever_the_body() {
    let contracts = vec![push("book", json!([{"path": "/api/odds", "schema": {"type": "array"}}]))];
    let mut bench = Bench::new(contracts);
    let over = Packet { body: Body::OverLimit(1 << 30), ..http(ODDS, "") };
    let bad = Packet { status: Some(500), ..http(ODDS, "<html>") };
    for any in [http(ODDS, "[]"), over, bad] {
        assert_eq!(bench.fate(&any), (Fate::NotContracted, ""));
    }
    assert!(bench.router.bind("B", "BOOK"));
    assert_eq!(bench.fate(&http(ODDS, "[]")), (Fate::NotContracted, ""));
    assert_eq!(bench.endpoint(&Packet { account: "B".into(), ..http(ODDS, "[]") }), 0);
    assert!(bench.router.is_bound("B", 0) && !bench.router.is_bound("A", 0));
    assert!(bench.router.unbind("B", "book") && !bench.router.unbind("B", "book"));
    assert_eq!(bench.fate(&Packet { account: "B".into(), ..http(ODDS, "[]") }), (Fate::NotContracted, ""));
    assert!(!bench.router.bind("A", "nobody"));
}

#[test]
fn unmatched_comes_before_over_limit_and_over_limit_before_status() {
    let mut bench = one();
    let over = |url: &str| Packet { body: Body::OverLimit(17 << 20), status: Some(500), ..http(url, "") };
    assert_eq!(bench.fate(&over("https://h.example/else")), (Fate::Unmatched, ""));
    assert_eq!(bench.fate(&over(ODDS)), (Fate::Rejected, "over-limit"));
    let large = Packet { body: Body::Text(" ".repeat((16 << 20) + 1)), ..http(ODDS, "") };
    assert_eq!(bench.fate(&large), (Fate::Rejected, "over-limit"));
}

#[test]
fn a_bad_status_or_encoding_is_rejected() {
    let mut bench = one();
    for status in [302, 404, 500, 101] {
        assert_eq!(
            bench.fate(&Packet { status: Some(status), ..http(ODDS, "[]") }),
            (Fate::Rejected, "bad-status")
        );
    }
    assert_eq!(bench.endpoint(&Packet { status: Some(206), ..http(ODDS, "[]") }), 0);
    assert_eq!(bench.endpoint(&Packet { status: None, ..http(ODDS, "[]") }), 0);
    for (fault, reason) in [
        (Undecodable::Compression, "bad-compression"),
        (Undecodable::Charset, "bad-charset"),
        (Undecodable::Base64, "bad-base64"),
    ] {
        let route = |bench: &mut Bench, url: &str| {
            bench.router.route(&http(url, ""), DecodedBody::Undecodable(fault), &mut bench.scratch)
        };
        assert!(
            matches!(route(&mut bench, ODDS), Route::Decided(d) if d.fate == Fate::Rejected && d.reason == reason)
        );
        assert!(
            matches!(route(&mut bench, "https://h.example/x"), Route::Decided(d) if d.fate == Fate::Unmatched)
        );
    }
}

#[test]
fn a_sockets_status_says_nothing_about_its_frames() {
    let mut bench = Bench::bound(vec![push("book", json!([{"transport": "websocket"}]))]);
    assert_eq!(bench.endpoint(&Packet { status: Some(101), ..frame("wss://h.example/s", "[]") }), 0);
}

#[test]
fn adapters_are_asked_by_name_and_the_last_word_is_unmatched() {
    let any = || json!([{"path": "/api/**"}]);
    let strict = json!([{"path": "/api/**", "schema": {"type": "object"}}]);
    let mut bench = Bench::bound(vec![push("zulu", any()), push("alpha", any()), push("mike", strict)]);
    let names: Vec<_> = bench.router.contracts().iter().map(|c| c.provider.clone()).collect();
    assert_eq!(names, ["alpha", "mike", "zulu"]);
    let Route::Candidates(candidates) = bench.route(&http(ODDS, "[]")) else { panic!() };
    let asked: Vec<_> = candidates.list.iter().map(|c| c.place.contract).collect();
    assert_eq!(asked, [0, 2]);
    assert_eq!((candidates.otherwise.fate, candidates.otherwise.reason), (Fate::Unmatched, "not-mine"));
    assert_eq!(candidates.list[0].tape, candidates.list[1].tape);
}

#[test]
fn endpoints_are_tried_in_order() {
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([
            {"transport": "websocket", "texts": ["2", "3"], "content": "heartbeat", "framing": "raw"},
            {"transport": "websocket", "prefix": "42", "schema": {"prefixItems": [{"const": "m"}]}},
            {"transport": "websocket", "prefix": "42"},
            {"transport": "websocket", "schema": {"type": "object"}},
        ]),
    )]);
    let mut endpoint = |body: &str| bench.endpoint(&frame("wss://h.example/socket.io/?EIO=4", body));
    assert_eq!((endpoint(r#"42["m",1]"#), endpoint(r#"42["x",1]"#), endpoint("{}")), (1, 2, 3));
    let url = "wss://h.example/socket.io/";
    assert_eq!(bench.fate(&frame(url, "3")), (Fate::Ignored, "heartbeat"));
    assert_eq!(bench.decision(&frame(url, "2")).by, Some(Place { contract: 0, endpoint: 0 }));
}

#[test]
fn noise_is_ignored_unless_an_earlier_contract_wants_it() {
    let noise = |content: &str| json!([{"path": "/api/odds", "content": content}]);
    for (content, reason) in [("heartbeat", "heartbeat"), ("balance", "balance"), ("session", "session")] {
        let mut alone = Bench::bound(vec![push("book", noise(content))]);
        assert_eq!(alone.fate(&http(ODDS, "anything")), (Fate::Ignored, reason));
        assert_eq!(alone.fate(&http(ODDS, " <html>")), (Fate::Rejected, "html"));
    }
    let odds = || json!([{"path": "/api/odds"}]);
    let mut later = Bench::bound(vec![push("a", noise("balance")), push("b", odds())]);
    assert_eq!(later.fate(&http(ODDS, "[]")), (Fate::Ignored, "balance"));
    let mut earlier = Bench::bound(vec![push("a", odds()), push("b", noise("balance")), push("c", odds())]);
    let Route::Candidates(candidates) = earlier.route(&http(ODDS, "[]")) else { panic!() };
    assert_eq!(candidates.list.len(), 1);
    assert_eq!((candidates.otherwise.fate, candidates.otherwise.reason), (Fate::Ignored, "balance"));
    assert_eq!(candidates.otherwise.by.map(|by| by.contract), Some(1));
}

#[test]
fn noise_with_a_schema_is_only_what_fits_it() {
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([{"content": "heartbeat", "schema": {"type": "object", "required": ["pong"]}}, {"schema": {"type": "array"}}]),
    )]);
    assert_eq!(bench.fate(&http(ODDS, r#"{"pong":1}"#)), (Fate::Ignored, "heartbeat"));
    assert_eq!(bench.endpoint(&http(ODDS, "[]")), 1);
    assert_eq!(bench.fate(&http(ODDS, "{}")), (Fate::Rejected, "schema"));
}

#[test]
fn sent_frames_of_bound_connections_are_ignored() {
    let url = "wss://h.example/live?lang=en";
    let socket = || json!([{"transport": "websocket", "path": "/live", "query": [{"key": "lang"}]}]);
    let mut bench = Bench::bound(vec![push("book", socket())]);
    assert_eq!(bench.fate(&sent(url, "subscribe")), (Fate::Ignored, "sent"));
    assert_eq!(
        bench.fate(&Packet { body: Body::OverLimit(1 << 30), ..sent(url, "") }),
        (Fate::Ignored, "sent")
    );
    assert_eq!(bench.fate(&sent("wss://h.example/live", "x")), (Fate::Unmatched, ""));
    assert_eq!(bench.fate(&sent("wss://h.example/other?lang=en", "x")), (Fate::Unmatched, ""));
    assert_eq!(Bench::new(vec![push("book", socket())]).fate(&sent(url, "x")), (Fate::Unmatched, ""));
    let page = "https://h.example/live?lang=en";
    let mut plain = Bench::bound(vec![push("book", json!([{"path": "/live"}]))]);
    assert_eq!(plain.fate(&sent(page, "x")), (Fate::Unmatched, ""));
}

#[test]
fn sent_frames_that_a_contract_declares_are_routed_like_others() {
    let url = "wss://h.example/live";
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([
            {"transport": "websocket", "direction": "sent", "texts": ["1"], "content": "heartbeat", "framing": "raw"},
            {"transport": "websocket", "direction": "sent", "prefix": "01", "schema": {"type": "array"}},
            {"transport": "websocket", "prefix": "!"},
        ]),
    )]);
    assert_eq!(bench.fate(&sent(url, "1")), (Fate::Ignored, "heartbeat"));
    assert_eq!(bench.endpoint(&sent(url, r#"01[{"ot":"r"}]"#)), 1);
    for undeclared in ["01{}", "zz", "", "!{}"] {
        assert_eq!(bench.fate(&sent(url, undeclared)), (Fate::Ignored, "sent"));
    }
    let over = Packet { body: Body::OverLimit(1 << 30), ..sent(url, "") };
    assert_eq!(bench.fate(&over), (Fate::Rejected, "over-limit"));
    assert_eq!(bench.fate(&frame(url, "1")), (Fate::Rejected, "unknown-frame"));
    assert!(bench.router.unbind("A", "book"));
    assert_eq!(bench.fate(&sent(url, "1")), (Fate::NotContracted, ""));
}

#[test]
fn one_address_may_carry_both_ways_and_all_transports() {
    let url = "https://h.example/x";
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([{"transport": "http"}, {"transport": "websocket"}, {"transport": "websocket", "direction": "sent"}, {"transport": "sse"}]),
    )]);
    for _ in 0..2 {
        let kinds = [http(url, "{}"), frame(url, "{}"), sent(url, "{}"), packet(Transport::Sse, url, "{}")];
        assert_eq!(kinds.map(|packet| bench.endpoint(&packet)), [0, 1, 2, 3]);
    }
}

#[test]
fn forgetting_addresses_changes_nothing() {
    let mut bench = one();
    for n in 0..10_000 {
        assert_eq!(bench.endpoint(&http(&format!("{ODDS}?c={n}"), "[]")), 0);
        assert_eq!(bench.fate(&http(&format!("https://h.example/{n}"), "[]")), (Fate::Unmatched, ""));
    }
    let long = format!("{ODDS}?c={}", "9".repeat(5000));
    assert_eq!((bench.endpoint(&http(&long, "[]")), bench.endpoint(&http(ODDS, "[]"))), (0, 0));
}

#[test]
fn contracts_that_cannot_be_used_are_named() {
    let error = |endpoints| {
        Contracts::compile(vec![push("fine", json!([{}])), push("book", endpoints)]).unwrap_err().to_string()
    };
    assert_eq!(
        error(json!([{}, {"schema": {"properties": {"odds": {"minimum": 1}}}}])),
        "contract book@0.1.0: endpoints[1].schema/properties/odds/minimum: unsupported keyword `minimum`"
    );
    assert!(
        error(json!([{"request_schema": {"type": "text"}}])).contains("endpoints[0].request_schema/type: ")
    );
    assert!(error(json!([{"path": "https://h.example/a"}])).contains("endpoints[0].path: "));
    let twice =
        Contracts::compile(vec![push("book", json!([{}])), contract("book", "event-driven", json!([{}]))]);
    assert_eq!(twice.unwrap_err().field, "provider");
}
