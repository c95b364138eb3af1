//! The tokeniser against `serde_json`, and the engines against each other.

use antigravity_tape::{Engine, Framing, Kind, Tokeniser, Value};
use proptest::prelude::*;
use serde_json::Value as Json;

fn tape(engine: Engine, body: &str) -> Result<Vec<u64>, antigravity_tape::Error> {
    let mut nodes = Vec::new();
    Tokeniser::new(engine).tokenise(body, Framing::Document, &mut nodes).map(|()| nodes)
}

/// Whether a tape says the same as what serde_json read. `None` where a string holds half a
/// surrogate pair, which the tape finds only when it is read.
fn same(value: Value<'_>, json: &Json) -> bool {
    match json {
        Json::Null => value.is_null(),
        Json::Bool(b) => value.bool() == Some(*b),
        Json::Number(n) => {
            // serde_json writes `1E5` as `1e+5`.
            let digits = |text: &str| text.to_ascii_lowercase().replace("e+", "e");
            value.kind() == Kind::Number && value.text().is_some_and(|text| digits(&text) == digits(n.as_str()))
        }
        Json::String(s) => value.str().as_deref() == Some(s),
        Json::Array(items) => {
            value.len() == items.len()
                && value.items().zip(items).all(|(v, j)| same(v, j))
                && items.iter().enumerate().all(|(i, j)| value.at(i).is_some_and(|v| same(v, j)))
        }
        Json::Object(map) => {
            let names: std::collections::HashSet<_> = value.members().map(|(m, _)| m.name()).collect();
            let last = |key: &str| value.members().filter(|(m, _)| m.name() == key).last();
            names.len() == map.len()
                && map.iter().all(|(key, j)| last(key).is_some_and(|(_, v)| same(v, j)))
        }
    }
}

/// Both engines say the same as serde_json.
fn check(body: &str) -> Result<(), TestCaseError> {
    let scalar = tape(Engine::Scalar, body);
    let fast = tape(Engine::detect(), body);
    prop_assert_eq!(&scalar, &fast, "engines differ on {:?}", body);
    match (serde_json::from_str::<Json>(body), scalar) {
        (Ok(json), Ok(nodes)) => {
            let root = Value::root(body.as_bytes(), &nodes);
            prop_assert!(root.is_some_and(|root| same(root, &json)), "values differ on {:?}", body);
        }
        (Err(_), Err(_)) => {}
        // What serde_json refuses and the tape lets through: half surrogate pairs, found on reading.
        (Err(_), Ok(nodes)) => {
            let strings_ok = nodes_are_readable(body, &nodes);
            prop_assert!(!strings_ok, "only the tape accepts {:?}", body);
        }
        (Ok(_), Err(error)) => prop_assert!(false, "only serde_json accepts {:?}: {}", body, error),
    }
    Ok(())
}

fn nodes_are_readable(body: &str, nodes: &[u64]) -> bool {
    fn walk(value: Value<'_>) -> bool {
        match value.kind() {
            Kind::String => value.str().is_some(),
            Kind::Array => value.items().all(walk),
            Kind::Object => value.members().all(|(m, v)| m.name() != "\u{fffd}" && walk(v)),
            _ => true,
        }
    }
    Value::root(body.as_bytes(), nodes).is_some_and(walk)
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
        "", " ", "null", "-0", "01", "1.", ".5", "1e", "1e+5", "tru", "truee", "\"", "\"\\\"", "[1,]", "[,]", "{\"a\":}",
        "{\"a\" 1}", "{\"a\":1,}", "[1 2]", "{}{}", "1 2", "[\"\u{1}\"]", "\"\\ud800\"", "\"\\x\"", "[[]]", "{\"\":{}}",
        "{\"a\":1,\"a\":2}", "{\"\\u0061\":1,\"a\":3}", "123456789012345678901234567890", "1\u{0}", "nul", "[\"a\"\"b\"]",
        "{\"a\":\"b\"\"c\":1}", &long_key, &escapes,
    ] {
        check(body).unwrap();
    }
}

#[test]
fn depth_is_limited() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(tape(Engine::Scalar, &nested(128)).is_ok());
    assert_eq!(
        tape(Engine::Scalar, &nested(129)).unwrap_err().kind,
        antigravity_tape::ErrorKind::TooDeep
    );
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
