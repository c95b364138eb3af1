//! What a contract names of the bodies of an endpoint.

use super::Types;
use crate::contract::Contract;
use serde_json::Value;

/// The paths that a schema names, with the types that it allows there, and those where secrets are declared.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    steps: Vec<Step>,
    /// None where nothing is said of them.
    types: Types,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Item,
    /// `*` or a number in the pointer of a secret: any key or item.
    Any,
}

impl Declared {
    /// What a contract says of one of its endpoints.
    pub fn of(contract: &Contract, endpoint: usize) -> Self {
        let mut declared = Self::default();
        let Some(endpoint) = contract.endpoints.get(endpoint) else { return declared };
        if let Some(schema) = &endpoint.schema {
            declared.schema(schema, &mut Vec::new());
        }
        for secret in &contract.secrets {
            let pointer = secret.split_once(':').filter(|(name, _)| name.trim() == endpoint.name);
            if let Some((_, pointer)) = pointer {
                let steps = pointer.trim().split('/').skip(1).map(secret_step).collect();
                declared.fields.push(Field { steps, types: Types::NONE });
            }
        }
        declared
    }

    fn schema(&mut self, schema: &Value, at: &mut Vec<Step>) {
        let list = |keyword: &str| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
        if !at.is_empty() {
            self.fields.push(Field { steps: at.clone(), types: types(schema) });
        }
        list("anyOf").for_each(|other| self.schema(other, at));
        let mut below = |step: Step, schema: &Value| {
            at.push(step);
            self.schema(schema, at);
            at.pop();
        };
        for (name, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            below(name_step(name), schema);
        }
        list("required")
            .filter_map(Value::as_str)
            .for_each(|name| below(name_step(name), &Value::Bool(true)));
        schema.get("items").into_iter().chain(list("prefixItems")).for_each(|items| below(Step::Item, items));
    }

    /// Whether the contract names this very path.
    pub fn names(&self, path: &str) -> bool {
        let steps = steps(path);
        self.fields.iter().any(|field| field.steps.len() == steps.len() && field.begins_with(&steps))
    }

    /// Whether the contract names this path or one below it.
    pub fn touched_by(&self, path: &str) -> bool {
        let steps = steps(path);
        self.fields.iter().any(|field| field.begins_with(&steps))
    }

    /// Whether the contract says that the path may be of all these types.
    pub fn allows(&self, path: &str, types: Types) -> bool {
        let steps = steps(path);
        let same = |field: &&Field| field.steps.len() == steps.len() && field.begins_with(&steps);
        let allowed = self.fields.iter().filter(same).fold(Types::NONE, |all, field| all.and(field.types));
        types.without(allowed).is_empty()
    }
}

impl Field {
    fn begins_with(&self, steps: &[Step]) -> bool {
        let fits = |(mine, other): (&Step, &Step)| *mine == Step::Any || mine == other;
        self.steps.len() >= steps.len() && self.steps.iter().zip(steps).all(fits)
    }
}

/// The types that a schema names; none where it names none.
fn types(schema: &Value) -> Types {
    match schema.get("type") {
        Some(Value::String(name)) => Types::named(name).unwrap_or_default(),
        Some(Value::Array(names)) => {
            let known = names.iter().filter_map(|name| Types::named(name.as_str()?));
            known.fold(Types::NONE, Types::and)
        }
        _ => Types::NONE,
    }
}

fn name_step(name: &str) -> Step {
    Step::Name(if is_id(name.as_bytes()) { "*".to_owned() } else { name.to_owned() })
}

fn secret_step(token: &str) -> Step {
    let any = token == "*" || is_id(token.as_bytes());
    if any { Step::Any } else { Step::Name(token.replace("~1", "/").replace("~0", "~")) }
}

/// A path as a fingerprint lists it: `mc[].rc[].id`.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|_| !path.is_empty()) {
        let name = part.trim_end_matches("[]");
        if !name.is_empty() {
            steps.push(Step::Name(name.to_owned()));
        }
        steps.extend(std::iter::repeat_n(Step::Item, (part.len() - name.len()) / 2));
    }
    steps
}

/// Whether a name looks like a key of a map and not like a field: digits with separators
/// (`25299763`, `2026-09-08`, `12_3`), hex of 16 digits or more (UUIDs, `0x…`), or a token of 24
/// characters or more of which four are digits.
#[inline]
pub fn is_id(name: &[u8]) -> bool {
    match name {
        [first, ..] if first.is_ascii_digit() || name.len() >= 16 => is_long_id(name),
        _ => false,
    }
}

#[cold]
fn is_long_id(name: &[u8]) -> bool {
    let separator = |b: &u8| matches!(b, b'-' | b'_' | b':' | b'.');
    let digits = name.iter().filter(|b| b.is_ascii_digit()).count();
    let hex = name.strip_prefix(b"0x").unwrap_or(name);
    (name[0].is_ascii_digit() && name.iter().all(|b| b.is_ascii_digit() || separator(b)))
        || (name.len() >= 16 && digits > 0 && hex.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-'))
        || (name.len() >= 24 && digits >= 4 && name.iter().all(|b| b.is_ascii_alphanumeric() || separator(b)))
}
