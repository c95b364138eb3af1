//! The rules against the `jsonschema` crate, and what it cannot say: sampling and mismatches.

use super::Schema;
use antigravity_tape::{Framing, Tokeniser};
use proptest::prelude::*;
use serde_json::json;

/// Body and tape of a document.
type Read<'a> = (&'a [u8], &'a [u64]);

fn on<T>(document: &str, read: impl FnOnce(Read<'_>) -> T) -> T {
    let mut tape = Vec::new();
    Tokeniser::default().tokenise(document, Framing::Document, &mut tape).unwrap();
    read((document.as_bytes(), &tape))
}

fn schema(schema: &serde_json::Value) -> Schema {
    Schema::compile(schema).unwrap()
}

/// Few names and values, so that schema and document often speak of the same; one name is the
/// escaped spelling of another.
fn names() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", r"\u0061", "long_member_name", "é", r"\u00e9"])
}

fn plain_names() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "long_member_name", "é"]).prop_map(str::to_owned)
}

fn scalars() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "null",
        "true",
        "false",
        "0",
        "1",
        "1.0",
        "-0.0",
        "10e-1",
        "1.5",
        "15E-1",
        "100",
        "1e2",
        "-7",
        "\"\"",
        "\"a\"",
        r#""\u0061""#,
        r#""1""#,
    ])
}

fn documents() -> impl Strategy<Value = String> {
    scalars().prop_map(str::to_owned).prop_recursive(4, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(|items| format!("[{}]", items.join(" , "))),
            prop::collection::vec((names(), inner), 0..6).prop_map(|members| {
                let members: Vec<_> =
                    members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn types() -> impl Strategy<Value = serde_json::Value> {
    let one =
        || prop::sample::select(vec!["null", "boolean", "integer", "number", "string", "array", "object"]);
    prop_oneof![
        one().prop_map(|name| json!(name)),
        prop::collection::hash_set(one(), 1..5).prop_map(|names| json!(names))
    ]
}

fn schemas() -> impl Strategy<Value = serde_json::Value> {
    let scalar = || scalars().prop_map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
    let leaf = prop_oneof![
        6 => types().prop_map(|t| json!({"type": t})),
        1 => any::<bool>().prop_map(|b| json!(b)),
        1 => scalar().prop_map(|value| json!({"const": value})),
        2 => prop::collection::vec(scalar(), 1..5).prop_map(|values| json!({"enum": values})),
        1 => (0u8..4, 0u8..4).prop_map(|(min, max)| json!({"minItems": min, "maxItems": max})),
        1 => prop::collection::hash_set(plain_names(), 0..3).prop_map(|names| json!({"required": names})),
    ];
    leaf.prop_recursive(3, 30, 4, move |inner| {
        let many = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            (many(), inner.clone())
                .prop_map(|(prefix, items)| json!({"prefixItems": prefix, "items": items})),
            many().prop_map(|prefix| json!({"prefixItems": prefix})),
            many().prop_map(|any| json!({"anyOf": any})),
            (
                prop::collection::hash_map(plain_names(), inner.clone(), 0..4),
                prop::collection::hash_set(plain_names(), 0..3)
            )
                .prop_map(|(properties, required)| json!({"properties": properties, "required": required})),
            (types(), many(), prop::collection::vec(scalar(), 1..5))
                .prop_map(|(t, any, values)| json!({"type": t, "anyOf": any, "enum": values})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn agrees_with_jsonschema(declared in schemas(), document in documents()) {
        let oracle = jsonschema::draft202012::new(&declared).unwrap();
        let parsed: serde_json::Value = serde_json::from_str(&document).unwrap();
        let rules = schema(&declared);
        let (every, sampled, mismatch) =
            on(&document, |(b, t)| (rules.matches_exhaustively(b, t), rules.matches(b, t), rules.mismatch(b, t)));
        prop_assert_eq!(every, oracle.is_valid(&parsed));
        // No array here is longer than the sample.
        prop_assert_eq!(sampled, mismatch.is_none());
        prop_assert!(sampled || !every);
    }
}

#[test]
fn items_are_sampled() {
    let numbers = schema(&json!({"items": {"type": "number"}}));
    let fits = |bad: usize, every: bool| {
        let items: Vec<_> = (0..1200).map(|i| if i == bad { "\"x\"" } else { "1" }).collect();
        on(&format!("[{}]", items.join(",")), |(b, t)| {
            if every { numbers.matches_exhaustively(b, t) } else { numbers.matches(b, t) }
        })
    };
    for bad in [0, 1, 64, 128, 1024] {
        assert!(!fits(bad, false), "{bad}");
    }
    for bad in [2, 4, 63, 65, 1023, 1025, 1088, 1199] {
        assert!(fits(bad, false) && !fits(bad, true), "{bad}");
    }
    // The items that follow a prefix are counted from its end.
    let after = schema(&json!({"prefixItems": [true, true], "items": {"type": "number"}}));
    assert!(on(r#"["p","p",1,1,"x"]"#, |(b, t)| after.matches(b, t)));
    assert!(!on(r#"["p","p",1,"x"]"#, |(b, t)| after.matches(b, t)));
}

#[test]
fn the_last_of_equal_names_counts() {
    let rules = schema(&json!({"properties": {"a": {"type": "number"}}, "required": ["a"]}));
    assert!(on(r#"{"a":"x","b":0,"\u0061":1}"#, |(b, t)| rules.matches(b, t)));
    assert!(!on(r#"{"a":1,"\u0061":"x"}"#, |(b, t)| rules.matches(b, t)));
    assert_eq!(on(r#"{"a":1,"a":"x"}"#, |(b, t)| rules.mismatch(b, t)).unwrap().pointer, "/a");
}

#[test]
fn mismatches_say_where_and_what() {
    let rules = schema(&json!({
        "type": "object",
        "required": ["t", "data"],
        "properties": {
            "t": {"type": ["integer", "string"]},
            "data": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "array", "prefixItems": [{"type": "number"}, {"const": 1}]}},
            "a/b": false,
            "x": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
        },
    }));
    let said = |document: &str| on(document, |(b, t)| rules.mismatch(b, t)).map(|m| m.to_string());
    for (document, expected) in [
        ("[]", "the document is array, not object"),
        (r#"{"t":1}"#, "the document has no `data`"),
        (r#"{"t":1.5,"data":[[1]]}"#, "/t is number, not integer or string"),
        (r#"{"t":1,"data":[]}"#, "/data has 0 items, not at least 1"),
        (r#"{"t":1,"data":[[1],[1],[1],[1]]}"#, "/data has 4 items, not at most 3"),
        (r#"{"t":1,"data":[[1],["x"]]}"#, "/data/1/0 is string, not number"),
        (r#"{"t":1,"data":[[1,2]]}"#, "/data/0/1 is none of the values it may have"),
        (r#"{"t":1,"data":[[1]],"a/b":0}"#, "/a~1b must not be there"),
        (r#"{"t":1,"data":[[1]],"x":0}"#, "/x fits none of the 2 alternatives"),
    ] {
        assert_eq!(said(document).as_deref(), Some(expected));
    }
    assert_eq!(said(r#"{"t":"8281247","data":[[7,1]],"x":null,"more":{}}"#), None);
}
