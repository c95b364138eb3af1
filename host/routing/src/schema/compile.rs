//! From a schema's JSON to rules.

use super::{ArrayRule, Demands, Name, ObjectRule, OneOf, Rule, Scalar, kinds};
use antigravity_abi::tape::{MAX_KEY, key_id};
use serde_json::{Map, Value};

/// Deepest nesting of schemas: the tape's own limit, as nothing deeper can ever be looked at.
const MAX_DEPTH: usize = antigravity_abi::tape::MAX_DEPTH;

/// Names in one object schema: one bit each in a word.
const MAX_NAMES: usize = 64;

/// What makes a schema unusable, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {problem}")]
pub struct SchemaError {
    /// JSON pointer within the schema; empty: the schema itself.
    pub pointer: String,
    pub problem: String,
}

type Step<T> = Result<T, SchemaError>;

pub(super) fn rule(schema: &Value, at: &mut String, depth: usize) -> Step<Rule> {
    let keywords = match schema {
        Value::Bool(true) => return Ok(any()),
        Value::Bool(false) => return Ok(Rule { kinds: 0, ..any() }),
        Value::Object(keywords) => keywords,
        _ => return Err(fault(at, "a schema is an object, `true` or `false`")),
    };
    if depth > MAX_DEPTH {
        return Err(fault(at, format!("nested deeper than {MAX_DEPTH}")));
    }
    let mut rule = any();
    let mut more = Demands::default();
    for (keyword, value) in keywords {
        within(at, keyword, |at| {
            match keyword.as_str() {
                "$schema" | "$comment" | "title" | "description" => {}
                // Read together below.
                "required" | "properties" | "items" | "prefixItems" | "minItems" | "maxItems" => {}
                "type" => rule.kinds = types(value, at)?,
                "enum" => more.scalars.push(one_of(list(value, at)?, at)?),
                "const" => more.scalars.push(one_of(std::slice::from_ref(value), at)?),
                "anyOf" => more.any_of = rules(value, at, depth)?,
                _ => return Err(fault(at, format!("unsupported keyword `{keyword}`"))),
            }
            Ok(())
        })?;
    }
    more.object = object(keywords, at, depth)?;
    more.array = array(keywords, at, depth)?;
    let demands =
        !more.scalars.is_empty() || more.object.is_some() || more.array.is_some() || !more.any_of.is_empty();
    rule.more = demands.then(|| Box::new(more));
    Ok(rule)
}

const fn any() -> Rule {
    Rule { kinds: kinds::ALL, more: None }
}

fn types(value: &Value, at: &str) -> Step<u8> {
    let one = std::slice::from_ref(value);
    let names = if value.is_array() { list(value, at)? } else { one };
    names.iter().try_fold(0, |set, name| {
        let known = kinds::NAMES.iter().find(|(known, _)| name.as_str() == Some(known));
        known.map(|(_, kind)| set | kind).ok_or_else(|| fault(at, format!("{name} is no type")))
    })
}

fn one_of(values: &[Value], at: &str) -> Step<OneOf> {
    let scalar = |value: &Value| match value {
        Value::Null => Ok(Scalar::Null),
        Value::Bool(b) => Ok(Scalar::Bool(*b)),
        Value::Number(n) => Ok(Scalar::Number(n.to_string().into())),
        Value::String(s) => Ok(Scalar::String(s.as_str().into())),
        _ => Err(fault(at, "only null, true, false, numbers and strings are compared")),
    };
    values.iter().map(scalar).collect::<Step<_>>().map(OneOf)
}

fn object(keywords: &Map<String, Value>, at: &mut String, depth: usize) -> Step<Option<ObjectRule>> {
    let mut names = Vec::new();
    if let Some(value) = keywords.get("properties") {
        within(at, "properties", |at| {
            let properties = value.as_object().ok_or_else(|| fault(at, "must be an object"))?;
            for (name, schema) in properties {
                let rule = within(at, name, |at| rule(schema, at, depth + 1))?;
                names.push(Name { text: name.as_str().into(), rule: Some(rule) });
            }
            Ok(())
        })?;
    }
    let mut wanted = Vec::new();
    if let Some(value) = keywords.get("required") {
        within(at, "required", |at| {
            for name in value.as_array().ok_or_else(|| fault(at, "must be a list"))? {
                let name = name.as_str().ok_or_else(|| fault(at, "must hold only strings"))?;
                if !names.iter().any(|known| *known.text == *name) {
                    names.push(Name { text: name.into(), rule: None });
                }
                wanted.push(name);
            }
            Ok(())
        })?;
    }
    if names.len() > MAX_NAMES {
        return Err(fault(at, format!("more than {MAX_NAMES} names in `properties` and `required`")));
    }
    if let Some(name) = names.iter().find(|name| name.text.len() > MAX_KEY) {
        return Err(fault(at, format!("a name of {} bytes; {MAX_KEY} is the most", name.text.len())));
    }
    let required =
        names.iter().rev().fold(0, |bits, name| bits << 1 | u64::from(wanted.contains(&&*name.text)));
    let ids = names.iter().map(|name| key_id(name.text.as_bytes())).collect();
    Ok((!names.is_empty()).then(|| ObjectRule { ids, names: names.into(), required }))
}

fn array(keywords: &Map<String, Value>, at: &mut String, depth: usize) -> Step<Option<ArrayRule>> {
    let mut count = |keyword: &str, default: usize| match keywords.get(keyword) {
        None => Ok(default),
        Some(value) => within(at, keyword, |at| {
            let number = value.as_u64().and_then(|n| usize::try_from(n).ok());
            number.ok_or_else(|| fault(at, "must be a whole number, not below 0"))
        }),
    };
    let (min, max) = (count("minItems", 0)?, count("maxItems", usize::MAX)?);
    let prefix = match keywords.get("prefixItems") {
        None => Box::default(),
        Some(value) => within(at, "prefixItems", |at| rules(value, at, depth))?,
    };
    let items = match keywords.get("items") {
        None => None,
        Some(value) => Some(within(at, "items", |at| rule(value, at, depth + 1))?),
    };
    let demands = min > 0 || max < usize::MAX || !prefix.is_empty() || items.is_some();
    Ok(demands.then_some(ArrayRule { min, max, prefix, items }))
}

fn rules(value: &Value, at: &mut String, depth: usize) -> Step<Box<[Rule]>> {
    let schemas = list(value, at)?.iter().enumerate();
    schemas.map(|(i, schema)| within(at, &i.to_string(), |at| rule(schema, at, depth + 1))).collect()
}

fn list<'a>(value: &'a Value, at: &str) -> Step<&'a [Value]> {
    match value.as_array() {
        Some(list) if !list.is_empty() => Ok(list),
        _ => Err(fault(at, "must be a list that is not empty")),
    }
}

/// Runs `step` with `at` one token longer.
fn within<T>(at: &mut String, token: &str, step: impl FnOnce(&mut String) -> Step<T>) -> Step<T> {
    let len = at.len();
    push_token(at, token);
    let result = step(at);
    at.truncate(len);
    result
}

/// Appends a token to a JSON pointer, escaped as RFC 6901 says.
pub(super) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
}

fn fault(at: &str, problem: impl Into<String>) -> SchemaError {
    SchemaError { pointer: at.to_owned(), problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use crate::Schema;
    use serde_json::json;

    fn error(schema: serde_json::Value) -> (String, String) {
        let error = Schema::compile(&schema).unwrap_err();
        (error.pointer, error.problem)
    }

    #[test]
    fn unsupported_keywords_are_named() {
        let (pointer, problem) = error(json!({"properties": {"a/b": {"items": {"pattern": "x"}}}}));
        assert_eq!(
            (pointer.as_str(), problem.as_str()),
            ("/properties/a~1b/items/pattern", "unsupported keyword `pattern`")
        );
        for keyword in
            ["additionalProperties", "allOf", "not", "$ref", "format", "minimum", "contains", "default"]
        {
            assert_eq!(error(json!({keyword: true})).0, format!("/{keyword}"));
        }
        let annotations = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "t", "description": "d", "$comment": "c"});
        assert!(Schema::compile(&annotations).is_ok());
    }

    #[test]
    fn malformed_keywords_are_named() {
        for (schema, pointer) in [
            (json!(1), ""),
            (json!({"type": "decimal"}), "/type"),
            (json!({"type": []}), "/type"),
            (json!({"type": ["null", 1]}), "/type"),
            (json!({"enum": [[1]]}), "/enum"),
            (json!({"const": {}}), "/const"),
            (json!({"required": "a"}), "/required"),
            (json!({"required": [1]}), "/required"),
            (json!({"properties": []}), "/properties"),
            (json!({"items": [{}]}), "/items"),
            (json!({"prefixItems": {}}), "/prefixItems"),
            (json!({"prefixItems": [true, 3]}), "/prefixItems/1"),
            (json!({"minItems": -1}), "/minItems"),
            (json!({"maxItems": 1.5}), "/maxItems"),
            (json!({"anyOf": []}), "/anyOf"),
            (json!({"anyOf": [{}, {"type": "x"}]}), "/anyOf/1/type"),
        ] {
            assert_eq!(error(schema.clone()).0, pointer, "{schema}");
        }
    }

    #[test]
    fn limits_are_errors() {
        let many: Vec<_> = (0..65).map(|n| n.to_string()).collect();
        assert!(error(json!({"required": many})).1.contains("64"));
        let mut deep = json!({});
        for _ in 0..140 {
            deep = json!({"items": deep});
        }
        assert!(error(deep).1.contains("128"));
        assert!(error(json!({"required": ["k".repeat(4096)]})).1.contains("4095"));
    }
}
