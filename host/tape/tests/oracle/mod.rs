//! The tokeniser against `serde_json`, and the engines against each other. The fuzz target of the
//! tokeniser shares it.

use antigravity_tape::{Engine, Framing, Kind, Tokeniser, Value};
use serde_json::Value as Json;

pub fn tape(engine: Engine, body: &str) -> Result<Vec<u64>, antigravity_tape::Error> {
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
            value.kind() == Kind::Number
                && value.text().is_some_and(|text| digits(&text) == digits(n.as_str()))
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
            names.len() == map.len() && map.iter().all(|(key, j)| last(key).is_some_and(|(_, v)| same(v, j)))
        }
    }
}

/// Both engines say the same as serde_json; else what differs.
pub fn check(body: &str) -> Result<(), String> {
    let scalar = tape(Engine::Scalar, body);
    let fast = tape(Engine::detect(), body);
    let assert = |holds: bool, problem: &str| {
        if holds { Ok(()) } else { Err(format!("{problem}: {body:?}: {scalar:?}")) }
    };
    assert(scalar == fast, "the engines differ")?;
    match (serde_json::from_str::<Json>(body), &scalar) {
        (Ok(json), Ok(nodes)) => {
            let root = Value::root(body.as_bytes(), nodes);
            assert(root.is_some_and(|root| same(root, &json)), "the values differ")
        }
        (Err(_), Err(_)) => Ok(()),
        // What serde_json refuses and the tape lets through: half surrogate pairs, found on reading.
        (Err(_), Ok(nodes)) => assert(!nodes_are_readable(body, nodes), "only the tape accepts it"),
        (Ok(_), Err(_)) => assert(false, "only serde_json accepts it"),
    }
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
