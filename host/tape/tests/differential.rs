//! The tokeniser against `serde_json`, and the engines against each other.

mod oracle;

use antigravity_tape::{Engine, Framing, Kind, Tokeniser, Value};
use oracle::tape;
use proptest::prelude::*;
use serde_json::Value as Json;

fn check(body: &str) -> Result<(), TestCaseError> {
    oracle::check(body).map_err(TestCaseError::fail)
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(|n| Json::Number(n.into())),
        (-1e6f64..1e6).prop_map(|f| serde_json::json!(f)),
        ".{0,24}".prop_map(Json::String),
        "[\\\\\"\\x00-\\x1f\u{e9}\u{1F600}a]{0,70}".prop_map(Json::String),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Json::Array),
            prop::collection::vec(("[a-z\\\\\"]{0,12}", inner), 0..8)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 8 } else { 1024 }))]

    #[test]
    fn documents(value in json(), pretty in any::<bool>()) {
        let body = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        check(&body.unwrap())?;
    }

    #[test]
    fn mutated_documents(value in json(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = serde_json::to_vec(&value).unwrap();
        let i = at.index(bytes.len());
        if cut { bytes.truncate(i); } else { bytes[i] = byte; }
        if let Ok(body) = std::str::from_utf8(&bytes) { check(body)?; }
    }

    #[test]
    fn soup(body in "[\\[\\]{}:,\"\\\\ \\n0-9eE.+tfnrualsx-]{0,140}") {
        check(&body)?;
    }
}

#[test]
fn corners() {
    let long_key = format!(r#"{{"{}":1}}"#, "k".repeat(5000));
    let escapes = format!(r#"["{}\\","\\\"",{}]"#, "\\\\".repeat(40), r#""\u0041\ud83d\ude00""#);
    for body in [
        "",
        " ",
        "null",
        "-0",
        "01",
        "1.",
        ".5",
        "1e",
        "1e+5",
        "tru",
        "truee",
        "\"",
        "\"\\\"",
        "[1,]",
        "[,]",
        "{\"a\":}",
        "{\"a\" 1}",
        "{\"a\":1,}",
        "[1 2]",
        "{}{}",
        "1 2",
        "[\"\u{1}\"]",
        "\"\\ud800\"",
        "\"\\x\"",
        "[[]]",
        "{\"\":{}}",
        "{\"a\":1,\"a\":2}",
        "{\"\\u0061\":1,\"a\":3}",
        "123456789012345678901234567890",
        "1\u{0}",
        "nul",
        "[\"a\"\"b\"]",
        "{\"a\":\"b\"\"c\":1}",
        "0\u{1a}",
        "[0\u{c}1]",
        &long_key,
        &escapes,
    ] {
        check(body).unwrap();
    }
}

#[test]
fn depth_is_limited() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(tape(Engine::Scalar, &nested(128)).is_ok());
    assert_eq!(tape(Engine::Scalar, &nested(129)).unwrap_err().kind, antigravity_tape::ErrorKind::TooDeep);
    assert!(tape(Engine::detect(), &nested(10_000)).is_err());
}

#[test]
fn lines_hold_any_number_of_documents() {
    let mut nodes = vec![7];
    let body = "{\"a\":[1,2]}\r\n\r\n3\n\"x\"";
    Tokeniser::default().tokenise(body, Framing::Lines, &mut nodes).unwrap();
    let kinds: Vec<_> = Value::documents(body.as_bytes(), &nodes[1..]).map(Value::kind).collect();
    assert_eq!(kinds, [Kind::Object, Kind::Number, Kind::String]);
    let before = nodes.clone();
    assert!(Tokeniser::default().tokenise("{} {}", Framing::Lines, &mut nodes).is_err());
    assert_eq!(nodes, before, "an error leaves the tape as it was");
}
