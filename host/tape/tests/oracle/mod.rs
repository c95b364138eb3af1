//! The tokeniser against `serde_json`, and the engines against each other. The fuzz target of the
//! tokeniser shares it.

use antigravity_abi::tape::MAX_DEPTH;
use antigravity_tape::{Engine, ErrorKind, Framing, Kind, Tokeniser, Value};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

pub fn tape(engine: Engine, body: &str) -> Result<Vec<u64>, antigravity_tape::Error> {
    let mut nodes = Vec::new();
    Tokeniser::new(engine).tokenise(body, Framing::Document, &mut nodes).map(|()| nodes)
}

/// All engines of this machine say the same as serde_json; else what differs.
pub fn check(body: &str) -> Result<(), String> {
    let scalar = tape(Engine::Scalar, body);
    let assert = |holds: bool, problem: &str| {
        if holds { Ok(()) } else { Err(format!("{problem}: {body:?}: {scalar:?}")) }
    };
    for engine in Engine::all() {
        assert(tape(engine, body) == scalar, &format!("{engine:?} differs"))?;
    }
    // Raw: numbers stay text, as they do on the tape, and strings are read one by one.
    match (serde_json::from_str::<&RawValue>(body), &scalar) {
        (Ok(raw), Ok(nodes)) => {
            let root = Value::root(body.as_bytes(), nodes);
            assert(root.is_some_and(|root| same(root, raw.get())), "the values differ")
        }
        (Err(_), Err(_)) => Ok(()),
        (Err(_), Ok(_)) => assert(false, "only the tape accepts it"),
        (Ok(_), Err(error)) if error.kind == ErrorKind::TooDeep => {
            assert(depth(body) > MAX_DEPTH, "it is not too deep")
        }
        (Ok(_), Err(_)) => assert(false, "only serde_json accepts it"),
    }
}

/// Whether a tape says the same as the text of a value that serde_json has checked.
fn same(value: Value<'_>, raw: &str) -> bool {
    match raw.as_bytes().first() {
        Some(b'n') => value.is_null(),
        Some(b't' | b'f') => value.bool() == raw.parse().ok(),
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => value.str().as_deref() == Some(&text),
            // Half of a surrogate pair: found when it is read.
            Err(_) => value.kind() == Kind::String && value.str().is_none(),
        },
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(raw).is_ok_and(|items| {
            value.len() == items.len()
                && value.items().zip(&items).all(|(v, item)| same(v, item.get()))
                && items.iter().enumerate().all(|(i, item)| value.at(i).is_some_and(|v| same(v, item.get())))
        }),
        Some(b'{') => match serde_json::from_str::<HashMap<String, &RawValue>>(raw) {
            Ok(members) => {
                let names: HashSet<_> = value.members().map(|(m, _)| m.name()).collect();
                let last = |key: &str| value.members().filter(|(m, _)| m.name() == key).last();
                names.len() == members.len()
                    && members.iter().all(|(key, raw)| last(key).is_some_and(|(_, v)| same(v, raw.get())))
            }
            // Half of a surrogate pair in a name.
            Err(_) => value.members().any(|(m, _)| m.name() == "\u{fffd}"),
        },
        _ => value.kind() == Kind::Number && value.text().as_deref() == Some(raw),
    }
}

/// How deep a document that is JSON is nested.
fn depth(body: &str) -> usize {
    let (mut depth, mut most, mut text, mut escaped) = (0, 0, false, false);
    for byte in body.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'[' | b'{' if !text => {
                depth += 1;
                most = most.max(depth);
            }
            b']' | b'}' if !text => depth -= 1,
            _ => {}
        }
    }
    most
}
