//! Any value in any place, and very many of everything.

use super::charges::in_euros;
use super::hostile::changed;
use super::made::{Made, offer};
use super::{FEES, field, verify};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The lane is true of the legs, and nothing stands for null but null.
    #[test]
    fn lines_say_what_their_certificate_does(offer in offer()) {
        let Some(Made { line, .. }) = offer.make() else { return Ok(()) };
        let line = String::from_utf8(line).unwrap();
        let providers: std::collections::BTreeSet<_> = offer.providers.iter().collect();
        let other = line.replacen("cross-account", "cross-provider", 1);
        prop_assert_eq!(field(&other), if providers.len() > 1 { "ok" } else { "lane" });
        prop_assert_eq!(field(&line.replacen("cross-account", "cross", 1)), "lane");
        let (strict, weak) = (r#""class":"strict""#, r#""class":"weak""#);
        let (class, another) = if line.contains(strict) { (strict, weak) } else { (weak, strict) };
        prop_assert_eq!(field(&line.replacen(class, another, 1)), "class");
        let told = line.replacen(r#""runner":null"#, r#""runner":"none""#, 1);
        prop_assert!(told == line || field(&told) == "legs[0].runner", "{}", told);
        let twice = line.replacen(r#""market":"#, r#""market":"total","market":"#, 1);
        prop_assert_eq!(field(&twice), "unreadable");
        // One leg of the certificate's is not told.
        let (first, last) = (line.find(r#"},{"account""#).unwrap(), line.find(r#"],"stake_total""#).unwrap());
        let shorter = format!("{}}}{}", &line[..first], &line[last..]);
        prop_assert_eq!(field(&shorter), "legs", "{}", shorter);
        let later = line.replacen(r#""at":"2026"#, r#""at":"2027"#, 1);
        prop_assert_eq!(field(&later), "at");
    }

    /// Whatever stands in the place of a value, there is an answer, and no other profit.
    #[test]
    fn any_value_anywhere(offer in offer(), place in any::<usize>(), value in hostile()) {
        let Some(made) = offer.make() else { return Ok(()) };
        let mut certificate: Value = serde_json::from_slice(&made.bytes).unwrap();
        let mut places = Vec::new();
        pointers(&certificate, String::new(), &mut places);
        *certificate.pointer_mut(&places[place % places.len()]).unwrap() = value;
        if let Ok(report) = verify(certificate.to_string().as_bytes(), FEES) {
            prop_assert_eq!(report.guaranteed_profit, made.certificate.guaranteed.to_string(), "{}", certificate);
        }
    }
}

fn pointers(value: &Value, path: String, out: &mut Vec<String>) {
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| pointers(value, format!("{path}/{at}"), out))
        }
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| pointers(value, format!("{path}/{key}"), out))
        }
        _ => {}
    }
    out.push(path);
}

fn hostile() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "0",
        "-0",
        "1.00",
        "NaN",
        "1e999",
        "１",
        "99999999999999999999999999999999999999",
        "-1",
        "1/0",
        "void",
        "null",
        "2000/23",
    ];
    prop_oneof![
        4 => proptest::sample::select(texts.to_vec()).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(json!([])),
        1 => Just(json!({})),
        1 => (1usize..3000).prop_map(|many| json!(vec!["x"; many])),
        2 => "\\PC{0,20}".prop_map(Value::from),
    ]
}

/// Thousands of legs or states, and scores of the furthest lines.
#[test]
fn very_many_of_everything() {
    assert_eq!(changed(|it| it["legs"] = json!(vec![it["legs"][0].clone(); 5000])), "legs");
    assert_eq!(changed(|it| it["legs"] = json!([it["legs"][0]])), "legs");
    assert_eq!(changed(|it| it["legs"] = json!([])), "legs");
    assert_eq!(changed(|it| it["states"] = json!(vec![it["states"][0].clone(); 5000])), "states[1].results");
    assert_eq!(changed(|it| it["states"] = json!([])), "states");
    assert_eq!(changed(|it| it["fx"] = json!(vec![in_euros()["fx"][0].clone(); 5000])), "fx[0].from");
    assert_eq!(changed(|it| it["outcomes"] = json!(vec!["x"; 5000])), "outcomes");
}
