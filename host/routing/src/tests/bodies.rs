//! What a body has to be, and what the candidates get of it.

use super::{Bench, frame, http, push};
use crate::{Place, fingerprint};
use antigravity_core::{Body, Fate, Packet};
use antigravity_tape::Value;
use serde_json::json;

const URL: &str = "https://h.example/api/odds";

fn rows() -> Bench {
    Bench::bound(vec![push(
        "book",
        json!([{"schema": {"type": "object", "required": ["rows"], "properties": {"rows": {"items": {"type": "array"}}}}}]),
    )])
}

#[test]
fn html_is_rejected_by_its_looks_or_by_its_type() {
    let mut bench = rows();
    assert_eq!(bench.fate(&http(URL, "\r\n <!DOCTYPE html><title>Log in</title>")), (Fate::Rejected, "html"));
    let typed =
        |body: &str| Packet { content_type: Some("text/html; charset=utf-8".into()), ..http(URL, body) };
    assert_eq!(bench.fate(&typed("Please log in")), (Fate::Rejected, "html"));
    // ASP.NET handlers say text/html unless told otherwise: JSON stays JSON.
    assert_eq!(bench.endpoint(&typed(r#"{"rows":[]}"#)), 0);
    let json = Packet { content_type: Some("application/json".into()), ..http(URL, "Please log in") };
    assert_eq!(bench.fate(&json), (Fate::Rejected, "not-json"));
}

#[test]
fn raw_endpoints_take_anything_but_an_html_page() {
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([{"path": "/raw", "framing": "raw"}, {"path": "/js", "framing": "raw", "prefix": "<script>"}]),
    )]);
    let (raw, script) = ("https://h.example/raw", "https://h.example/js");
    let accepted = bench.candidates(&http(raw, "P.onUpdate('od',[1])"));
    assert_eq!((accepted[0].tape, accepted[0].fingerprint), (None, None));
    assert_eq!(bench.endpoint(&Packet { body: Body::Bytes(vec![0, 255]), ..http(raw, "") }), 0);
    assert_eq!(bench.fate(&http(raw, "<html>")), (Fate::Rejected, "html"));
    assert_eq!(bench.endpoint(&http(script, "<script>Nl[1]=[];</script>")), 1);
    assert_eq!(bench.fate(&http(script, "<html>")), (Fate::Rejected, "unknown-frame"));
}

#[test]
fn bytes_where_text_is_promised_are_binary() {
    let mut bench = rows();
    let bytes = Packet { body: Body::Bytes(b"{\"rows\":[]}".to_vec()), ..http(URL, "") };
    assert_eq!(bench.fate(&bytes), (Fate::Rejected, "binary"));
}

#[test]
fn encrypted_bodies_are_opaque() {
    let mut bench = rows();
    for body in [
        "bWFkZSB1cCBmb3IgdGhpcyB0ZXN0IDE5Ojc3==",
        "4f6a1c0b9e8d7766aa554433:0011223344556677",
        r#""4f6a1c0b9e8d7766aa554433:0011223344556677""#,
    ] {
        assert_eq!(bench.fate(&http(URL, body)), (Fate::Rejected, "opaque"), "{body}");
    }
    assert_eq!(bench.fate(&http(URL, r#""a plain string""#)), (Fate::Rejected, "schema"));
}

#[test]
fn what_is_not_json_is_rejected() {
    let mut bench = rows();
    for (body, reason) in [
        ("", "empty"),
        (" \r\n", "empty"),
        ("PONG", "not-json"),
        (r#"{"rows":[]"#, "not-json"),
        (r#"{"rows":[]} x"#, "not-json"),
    ] {
        assert_eq!(bench.fate(&http(URL, body)), (Fate::Rejected, reason), "{body:?}");
    }
}

#[test]
fn deep_json_travels_raw_where_no_schema_has_to_be_compared() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut bench = Bench::bound(vec![push("book", json!([{}]))]);
    let candidate = bench.candidates(&http(URL, &deep))[0];
    assert_eq!((candidate.tape, candidate.fingerprint), (None, None));
    assert_eq!(rows().fate(&http(URL, &deep)), (Fate::Rejected, "too-deep"));
}

#[test]
fn another_shape_is_rejected_and_explained() {
    let mut bench = rows();
    let packet = http(URL, r#"{"rows":[[1],{"a":1}]}"#);
    let decision = bench.decision(&packet);
    assert_eq!(
        (decision.fate, decision.reason, decision.by),
        (Fate::Rejected, "schema", Some(Place { contract: 0, endpoint: 0 }))
    );
    let mismatch = bench.router.mismatch(decision.by.unwrap(), (&packet.body).into()).unwrap();
    assert_eq!(mismatch.to_string(), "/rows/1 is object, not array");
}

#[test]
fn the_most_specific_refusal_is_counted() {
    let mut bench = Bench::bound(vec![
        push("a", json!([{"transport": "websocket", "texts": ["2"], "content": "heartbeat"}])),
        push(
            "b",
            json!([
                {"transport": "websocket", "prefix": "42", "schema": {"type": "array"}},
                {"transport": "websocket", "prefix": "42", "schema": {"type": "string"}},
            ]),
        ),
    ]);
    let url = "wss://h.example/s";
    let decision = bench.decision(&frame(url, "42{}"));
    assert_eq!((decision.reason, decision.by), ("schema", Some(Place { contract: 1, endpoint: 0 })));
    let mismatch = bench.router.mismatch(decision.by.unwrap(), crate::DecodedBody::Text("42{}")).unwrap();
    assert_eq!(mismatch.to_string(), "the document is object, not array");
    assert_eq!(bench.fate(&frame(url, "42{")), (Fate::Rejected, "not-json"));
    let nobody = bench.decision(&frame(url, "7"));
    let odds = Some(Place { contract: 1, endpoint: 0 });
    assert_eq!((nobody.reason, nobody.by), ("unknown-frame", odds), "it may be anybody's: it counts as odds");
    let unreadable = Packet { body: Body::OverLimit(1 << 30), ..frame(url, "") };
    assert_eq!(bench.decision(&unreadable).by, odds);
}

#[test]
fn every_line_has_to_fit() {
    let mut bench = Bench::bound(vec![push(
        "book",
        json!([{"transport": "websocket", "framing": "lines", "schema": {"properties": {"op": {"const": "mcm"}}, "required": ["op"]}}]),
    )]);
    let url = "wss://h.example/stream";
    let candidate = bench.candidates(&frame(url, "{\"op\":\"mcm\"}\r\n\r\n{\"op\":\"mcm\",\"n\":2}\r\n"))[0];
    let tape = bench.scratch.tape(candidate.tape.unwrap());
    assert_eq!(Value::documents(b"", tape).count(), 2);
    assert_eq!(bench.fate(&frame(url, "{\"op\":\"mcm\"}\n{\"op\":\"x\"}")), (Fate::Rejected, "schema"));
    assert_eq!(bench.fate(&frame(url, "\r\n")), (Fate::Rejected, "empty"));
}

#[test]
fn candidates_share_the_tape_of_the_same_cut() {
    let framed = |prefix: &str| json!([{"transport": "websocket", "prefix": prefix, "framing": "lines"}]);
    let mut bench = Bench::bound(vec![push("a", framed("")), push("b", framed("4")), push("c", framed("4"))]);
    let body = "42\n[\"k\"]";
    let candidates = bench.candidates(&frame("wss://h.example/s", body));
    let tapes: Vec<_> = candidates.iter().map(|c| c.tape.unwrap()).collect();
    assert!(tapes[0] != tapes[1] && tapes[1] == tapes[2]);
    let first = |tape| Value::root(body.as_bytes(), bench.scratch.tape(tape)).and_then(Value::i64);
    assert_eq!((first(tapes[0]), first(tapes[1])), (Some(42), Some(2)));
    let words = Value::documents(body.as_bytes(), bench.scratch.tape(tapes[1]))
        .filter_map(|v| v.at(0)?.str())
        .collect::<Vec<_>>();
    assert_eq!(words, ["k"]);
}

#[test]
fn accepted_bodies_are_fingerprinted_whole_now_and_then() {
    let mut bench = rows();
    let packet = http(URL, r#"{"rows":[[1],[2],[3],[4],["late"]]}"#);
    let prints: Vec<_> = (0..129).map(|_| bench.candidates(&packet)[0].fingerprint).collect();
    let with = |what: &dyn Fn(&fingerprint::Fingerprint) -> bool| -> Vec<usize> {
        (0..129).filter(|n| prints[*n].as_ref().is_some_and(what)).collect()
    };
    assert_eq!(with(&|print| print.full), [0, 64, 128]);
    let later: Vec<_> = (16..129).step_by(8).collect();
    assert_eq!(with(&|_| true), (0..16).chain(later).collect::<Vec<_>>());
    let hash = |n: usize| prints[n].map(|print| print.hash);
    assert!(hash(0) == hash(128) && hash(1) == hash(120) && hash(0) != hash(1));
    let tape = bench.candidates(&packet)[0].tape.unwrap();
    let Body::Text(text) = &packet.body else { panic!() };
    let listed = fingerprint::paths(Value::documents(text.as_bytes(), bench.scratch.tape(tape)), true);
    assert!(listed.contains("rows[][] string"));
}
