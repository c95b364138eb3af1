use super::*;
use crate::contract::Contract;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a body holds, one `path:type` each.
type Body<'a> = &'a [&'a str];

fn learn(shape: &mut Shape, body: Body<'_>, declared: &Declared) -> Vec<Change> {
    let mut paths: Vec<(PathId, Types)> = Vec::new();
    for item in body {
        let (path, types) = item.split_once(':').unwrap();
        let (id, types) = (shape.number(path).unwrap(), Types::named(types).unwrap());
        match paths.iter_mut().find(|(known, _)| *known == id) {
            Some((_, known)) => *known = known.and(types),
            None => paths.push((id, types)),
        }
    }
    shape.learn(&paths, declared)
}

/// Learns a body several times, of which nothing is to be said at once.
fn repeat(shape: &mut Shape, times: u64, body: Body<'_>) {
    for _ in 0..times {
        assert_eq!(learn(shape, body, &Declared::default()), []);
    }
}

fn told(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

fn declared(schema: &Value, secrets: &Value) -> Declared {
    let contract = json!({"antigravity_contract": 1, "wit": "0.2", "provider": "acme", "version": "1.0.0",
        "profile": "auto-push", "confirms": "by-quote", "stale_after_ms": 1000, "price_formats": ["decimal"],
        "handicap_basis": "from-now", "activation": "reload", "secrets": secrets, "endpoints": [{"name": "odds",
            "content": "odds", "transport": "http", "direction": "received", "path": "**", "framing": "document",
            "schema": schema}]});
    Declared::of(&Contract::from_json(contract.to_string().as_bytes()).unwrap(), 0)
}

#[test]
fn what_is_gone_is_told_when_chance_no_longer_explains_it() {
    let mut shape = Shape::default();
    repeat(&mut shape, 16, &["a:number", "b:string"]);
    // 16 of 16 count as 16/18: (1/9)^6 is 1.9 in a million, (1/9)^7 is 0.2.
    repeat(&mut shape, 6, &["a:number"]);
    assert_eq!(shape.settled(&Declared::default()), []);
    repeat(&mut shape, 1, &["a:number"]);
    let gone = told(&shape.settled(&Declared::default()));
    assert_eq!(gone, ["b is gone (string, in 16 of 16 bodies; in none of the 7 since)"]);
}

#[test]
fn the_rarer_a_path_the_longer_it_may_be_away() {
    let mut shape = Shape::default();
    for _ in 0..50 {
        repeat(&mut shape, 3, &["a:number"]);
        repeat(&mut shape, 1, &["a:number", "b:string"]);
    }
    // 50 of 200 count as 50/202: (152/202)^48 is 1.2 in a million, ^49 is 0.9.
    repeat(&mut shape, 48, &["a:number"]);
    assert_eq!(shape.settled(&Declared::default()), []);
    repeat(&mut shape, 1, &["a:number"]);
    assert_eq!(shape.settled(&Declared::default()).len(), 1);
}

#[test]
fn what_comes_in_bursts_may_be_away_twice_as_long_as_before() {
    let mut shape = Shape::default();
    let (with, without): (Body<'_>, Body<'_>) = (&["a:number", "b:string"], &["a:number"]);
    repeat(&mut shape, 100, with);
    repeat(&mut shape, 5, without);
    repeat(&mut shape, 100, with);
    // By its share alone it would be gone after 4.
    repeat(&mut shape, 10, without);
    assert_eq!(shape.settled(&Declared::default()), []);
    repeat(&mut shape, 1, without);
    assert_eq!(shape.settled(&Declared::default()).len(), 1);
}

#[test]
fn what_is_new_is_an_addition_once_it_stays() {
    let mut shape = Shape::default();
    repeat(&mut shape, 40, &["a:number"]);
    repeat(&mut shape, 15, &["a:number", "b:string", "b.c:null"]);
    assert_eq!(shape.settled(&Declared::default()), []);
    repeat(&mut shape, 1, &["a:number", "b:string", "b.c:null"]);
    let added = told(&shape.settled(&Declared::default()));
    assert_eq!(added, ["b is new (string, in 16 of 16 bodies; in none of the 40 before)"], "b.c lies in b");

    // One that is rare from the beginning is nothing new.
    let mut shape = Shape::default();
    repeat(&mut shape, 40, &["a:number"]);
    for _ in 0..20 {
        repeat(&mut shape, 9, &["a:number"]);
        repeat(&mut shape, 1, &["a:number", "b:string"]);
        assert_eq!(shape.settled(&Declared::default()), []);
    }
}

#[test]
fn another_type_is_told_at_once() {
    let mut shape = Shape::default();
    repeat(&mut shape, 20, &["a:number", "b:null"]);
    repeat(&mut shape, 20, &["a:null", "b:string"]);
    let changes = learn(&mut shape, &["a:string", "b:string"], &Declared::default());
    assert_eq!(told(&changes), ["a is string and was null|number"]);
    assert_eq!(learn(&mut shape, &["a:string"], &Declared::default()), [], "it is known now");

    let mut young = Shape::default();
    repeat(&mut young, 10, &["a:number"]);
    repeat(&mut young, 10, &["a:string"]);
}

#[test]
fn what_the_contract_names_is_told_apart() {
    let schema = json!({"type": "object", "required": ["rows", "n"], "properties": {
        "rows": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": ["string", "integer"]}, "p": {}}}},
        "77": {"type": "object"}}, "anyOf": [{"required": ["x"]}, {"properties": {"y": {"type": "null"}}}]});
    let declared = declared(&schema, &json!(["odds: /rows/*/token", "odds: /session/0", "other: /z"]));
    for path in ["rows", "rows[]", "rows[].id", "rows[].p", "n", "*", "x", "y", "rows[].token", "session[]"] {
        assert!(declared.names(path), "{path}");
    }
    for path in ["", "z", "rows[].q", "token", "session", "rows[][]", "rows.id"] {
        assert!(!declared.names(path), "{path}");
    }
    assert!(declared.touched_by("session") && declared.touched_by("") && !declared.touched_by("rows[].q"));
    let (number, object) = (Types::NUMBER, Types::OBJECT);
    assert!(declared.allows("rows[].id", number.and(Types::STRING)) && !declared.allows("rows[].id", object));
    assert!(!declared.allows("rows[].p", number), "of what says nothing, every change counts");

    let mut shape = Shape::default();
    let usual: Body<'_> =
        &["rows:array", "rows[]:object", "rows[].id:number", "rows[].p:number", "rows[].q:number"];
    for _ in 0..16 {
        learn(&mut shape, usual, &declared);
    }
    let other: Body<'_> =
        &["rows:array", "rows[]:object", "rows[].id:string", "rows[].p:string", "rows[].q:string"];
    let changes = learn(&mut shape, other, &declared);
    assert_eq!(
        told(&changes),
        ["rows[].p is string and was number [declared]", "rows[].q is string and was number"]
    );
    assert_eq!(changes.iter().map(Change::breaks).collect::<Vec<_>>(), [true, false]);
    (0..20).for_each(|_| drop(learn(&mut shape, &["rows:array"], &declared)));
    let gone = shape.settled(&declared);
    assert_eq!(gone.len(), 1, "what lies below goes with it: {gone:?}");
    assert!(gone[0].path == "rows[]" && gone[0].breaks());
}

#[test]
fn two_shapes_are_compared() {
    let (mut old, mut new) = (Shape::default(), Shape::default());
    repeat(&mut old, 100, &["a:number", "b:string", "c:object", "c.d:number", "e:number"]);
    repeat(&mut new, 50, &["a:string", "b:string", "n:array", "n[]:number"]);
    repeat(&mut new, 50, &["a:string", "n:array", "n[]:number", "e:null"]);
    let told = told(&compare(&old, &new, &Declared::default()));
    let expected = [
        "a is string and was number",
        "b is in 50 of 100 bodies and was in 100 of 100",
        "c is gone (object, in 100 of 100 bodies; in none of the 100 since)",
        "e is in 50 of 100 bodies and was in 100 of 100",
        "n is new (array, in 100 of 100 bodies; in none of the 100 before)",
    ];
    assert_eq!(told, expected);
    assert_eq!(compare(&old, &old, &Declared::default()), []);
    assert_eq!(compare(&Shape::default(), &old, &Declared::default()), [], "of nothing nothing can be said");
}

#[test]
fn paths_are_bounded() {
    let mut shape = Shape::default();
    for n in 0..MOST_PATHS {
        assert!(shape.number(&format!("k{n}")).is_some());
    }
    assert!(shape.is_full() && shape.number("more").is_none() && shape.number("k7").is_some());
    assert!(Shape::default().number(&"x".repeat(401)).is_none());
}

#[test]
fn a_text_that_is_no_shape_is_refused() {
    let record = r#"{"types":["number"],"seen":2,"first":0,"last":3,"longest":2}"#;
    let text = |record: &str| format!(r#"{{"antigravity_shape":1,"bodies":4,"paths":{{"a":{record}}}}}"#);
    let written = text(record);
    assert_eq!(Shape::from_json(&written).unwrap().to_json(), written);
    for (from, to) in [
        ("\"seen\":2", "\"seen\":5"),
        ("\"seen\":2", "\"seen\":0"),
        ("\"last\":3", "\"last\":4"),
        ("\"first\":0", "\"first\":4"),
        ("\"longest\":2", "\"longest\":3"),
        ("[\"number\"]", "[]"),
        ("[\"number\"]", "[\"integer\"]"),
        ("\"bodies\":4", "\"bodies\":18446744073709551615"),
        ("\"antigravity_shape\":1", "\"antigravity_shape\":2"),
        ("\"seen\":2", "\"seen\":2,\"more\":1"),
    ] {
        assert!(written.contains(from));
        assert!(Shape::from_json(&written.replace(from, to)).is_err(), "{from} {to}");
    }
}

fn bodies() -> impl Strategy<Value = Vec<Vec<(usize, u8)>>> {
    let path = prop::sample::subsequence((0..8usize).collect::<Vec<_>>(), 0..8);
    let body = path.prop_flat_map(|paths| {
        let types = prop::collection::vec(0..6u8, paths.len());
        types.prop_map(move |types| paths.iter().copied().zip(types).collect())
    });
    prop::collection::vec(body, 0..80)
}

const NAMES: [&str; 6] = ["null", "boolean", "number", "string", "array", "object"];

proptest! {
    /// Neither the order of a body's paths nor a rest in the middle, kept as text, changes what is learned and told.
    #[test]
    fn learning_depends_on_the_order_of_bodies_alone(bodies in bodies(), rest in 0..80usize) {
        let (mut one, mut other, none) = (Shape::default(), Shape::default(), Declared::default());
        for (number, body) in bodies.iter().enumerate() {
            let paths: Vec<String> = body.iter().map(|(path, types)| format!("p{path}:{}", NAMES[*types as usize])).collect();
            let forward: Vec<&str> = paths.iter().map(String::as_str).collect();
            let backward: Vec<&str> = forward.iter().rev().copied().collect();
            prop_assert_eq!(learn(&mut one, &forward, &none), learn(&mut other, &backward, &none));
            prop_assert_eq!(one.settled(&none), other.settled(&none));
            if number == rest {
                other = Shape::from_json(&other.to_json()).unwrap();
            }
        }
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(&Shape::from_json(&one.to_json()).unwrap(), &one);
        prop_assert_eq!(one.to_json(), other.to_json());
    }

    /// Against the formula with powers.
    #[test]
    fn improbable_is_what_it_says(of in 1..5000u64, share in 0.0..1.0f64, absent in 0..5000u64) {
        let seen = ((of as f64 * share) as u64).max(1);
        let exact = (1.0 - seen as f64 / (of + 2) as f64).powf(absent as f64);
        prop_assume!((exact / 1e-6 - 1.0).abs() > 1e-6);
        prop_assert_eq!(improbable(seen, of, absent), exact < 1e-6);
    }
}
