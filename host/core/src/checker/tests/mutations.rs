//! Documents of the engine, and what becomes of them.

use super::made::{Made, offer};
use super::{FEES, Refused, verify};
use crate::checker::number::fraction;
use num_rational::BigRational;
use num_traits::Signed;
use proptest::prelude::*;
use serde_json::Value;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// What the engine writes, the checker finds true.
    #[test]
    fn engine_and_checker_agree(offer in offer()) {
        if let Some(Made { certificate, bytes, line }) = offer.make() {
            let report = verify(&bytes, FEES);
            prop_assert!(report.is_ok(), "{report:?}\n{}", String::from_utf8_lossy(&bytes));
            prop_assert_eq!(report.unwrap().guaranteed_profit, certificate.guaranteed.to_string());
            let report = verify(&line, FEES);
            prop_assert!(report.is_ok(), "{report:?}\n{}", String::from_utf8_lossy(&line));
        }
    }
}

/// Every place of a digit, and every other digit there.
fn digits(text: &str) -> impl Iterator<Item = String> + '_ {
    text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).flat_map(move |(at, old)| {
        (b'0'..=b'9').filter(move |new| *new != old).map(move |new| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = new;
            String::from_utf8(bytes).unwrap()
        })
    })
}

/// Paths of the strings that decide money.
fn money(certificate: &Value) -> Vec<String> {
    let mut paths = vec!["/guaranteed_profit".to_owned()];
    for leg in 0..certificate["legs"].as_array().unwrap().len() {
        for field in
            ["price/value", "line", "nominal_stake", "risk", "fee/schedule", "fee/amount", "fee/rate"]
        {
            paths.push(format!("/legs/{leg}/{field}"));
        }
    }
    for state in 0..certificate["states"].as_array().unwrap().len() {
        paths.push(format!("/states/{state}/profit"));
    }
    for fx in 0..certificate["fx"].as_array().map_or(0, Vec::len) {
        paths.extend([format!("/fx/{fx}/rate"), format!("/fx/{fx}/haircut")]);
    }
    paths.retain(|path| certificate.pointer(path).is_some_and(Value::is_string));
    paths
}

fn accepted(certificate: &Value) -> bool {
    verify(certificate.to_string().as_bytes(), FEES).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_digit_of_money_counts(offer in offer()) {
        let Some(made) = offer.make() else { return Ok(()) };
        let certificate: Value = serde_json::from_slice(&made.bytes).unwrap();
        prop_assert!(accepted(&certificate));
        for path in money(&certificate) {
            let text = certificate.pointer(&path).unwrap().as_str().unwrap().to_owned();
            for other in digits(&text) {
                let mut changed = certificate.clone();
                *changed.pointer_mut(&path).unwrap() = Value::from(other.as_str());
                prop_assert!(!accepted(&changed), "{path}: {text} → {other} in {certificate}");
            }
        }
    }
}

/// Sets each number that is refused to what it is said to be, as somebody would who wants it to pass.
fn repaired(mut certificate: Value) -> Option<Value> {
    for _ in 0..40 {
        match verify(certificate.to_string().as_bytes(), FEES) {
            Ok(_) => return Some(certificate),
            Err(Refused::Unreadable(_)) => return None,
            Err(Refused::Wrong { field, is, .. }) => {
                let path = format!("/{}", field.replace('[', "/").replace(']', "").replace('.', "/"));
                let number = is.starts_with(|first: char| first == '-' || first.is_ascii_digit());
                let place = certificate.pointer_mut(&path).filter(|_| number)?;
                match place {
                    Value::Number(_) => *place = Value::from(is.parse::<u64>().ok()?),
                    Value::String(_) => *place = Value::from(is),
                    _ => return None,
                }
            }
        }
    }
    None
}

fn number(value: &Value) -> BigRational {
    fraction("", value.as_str().unwrap()).unwrap()
}

/// Single changes that leave what was offered and staked as it was.
fn forgeries(certificate: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    let mut with = |change: &dyn Fn(&mut Value)| {
        let mut changed = certificate.clone();
        change(&mut changed);
        out.push(changed);
    };
    let states = certificate["states"].as_array().unwrap();
    for at in 0..states.len() {
        with(&|changed| drop(changed["states"].as_array_mut().unwrap().remove(at)));
        with(&|changed| changed["states"][at]["profit"] = Value::from("999"));
        let again = states[at].clone();
        with(&|changed| changed["states"].as_array_mut().unwrap().push(again.clone()));
        for leg in 0..certificate["legs"].as_array().unwrap().len() {
            for word in ["win", "half-win", "push", "half-loss", "loss", "void"] {
                if states[at]["results"][leg] != word {
                    with(&|changed| changed["states"][at]["results"][leg] = Value::from(word));
                }
            }
        }
    }
    for leg in 0..certificate["legs"].as_array().unwrap().len() {
        for schedule in
            ["none", "kalshi-taker", "kalshi-maker", "forecastex", "polymarket-geopolitics-2026", "betfair"]
        {
            if certificate["legs"][leg]["fee"]["schedule"] != schedule {
                with(&|changed| {
                    changed["legs"][leg]["fee"] = serde_json::json!({"schedule": schedule, "amount": "0"});
                });
            }
        }
        with(&|changed| changed["legs"][leg]["risk"] = Value::from("0"));
        with(&|changed| changed["legs"][leg]["fee"]["amount"] = Value::from("-1"));
    }
    with(&|changed| changed["guaranteed_profit"] = Value::from("999"));
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Whatever is changed in what follows from the legs, no profit above the true one is accepted, not
    /// even when every number that is refused is mended.
    #[test]
    fn no_forgery_overstates(offer in offer()) {
        let Some(made) = offer.make() else { return Ok(()) };
        let certificate: Value = serde_json::from_slice(&made.bytes).unwrap();
        for forged in forgeries(&certificate) {
            prop_assert!(!accepted(&forged), "{forged}");
            if let Some(mended) = repaired(forged) {
                let (is, said) = (number(&certificate["guaranteed_profit"]), number(&mended["guaranteed_profit"]));
                prop_assert!(said <= is, "{said} for {is}: {mended}");
            }
        }
    }

    /// A bet that is left out, turned round or moved.
    #[test]
    fn other_bets_are_other_certificates(offer in offer()) {
        let Some(made) = offer.make() else { return Ok(()) };
        let certificate: Value = serde_json::from_slice(&made.bytes).unwrap();
        for leg in 0..offer.bets.len() {
            let mut without = certificate.clone();
            without["legs"].as_array_mut().unwrap().remove(leg);
            prop_assert!(!accepted(&without), "{without}");
            for state in without["states"].as_array_mut().unwrap() {
                state["results"].as_array_mut().unwrap().remove(leg);
            }
            prop_assert!(!accepted(&without), "{without}");
            for (field, value) in [("side", "lay"), ("side", "back"), ("period", "first-half")] {
                let mut other = certificate.clone();
                if other["legs"][leg][field] != value {
                    other["legs"][leg][field] = Value::from(value);
                    prop_assert!(!accepted(&other), "{other}");
                }
            }
        }
    }

    /// A limit may change as long as the stake keeps it.
    #[test]
    fn limits_hold_the_stakes(offer in offer()) {
        let Some(made) = offer.make() else { return Ok(()) };
        let certificate: Value = serde_json::from_slice(&made.bytes).unwrap();
        for (leg, limit) in (0..offer.bets.len()).flat_map(|leg| [(leg, "min"), (leg, "max"), (leg, "step")]) {
            let Some(text) = certificate["legs"][leg][limit].as_str() else { continue };
            let stake = number(&certificate["legs"][leg]["nominal_stake"]);
            for other in digits(text) {
                let mut changed = certificate.clone();
                changed["legs"][leg][limit] = Value::from(other.as_str());
                // A zero before a number makes it none.
                let kept = fraction("", &other).is_ok_and(|value| match limit {
                    "min" => value <= stake,
                    "max" => value >= stake,
                    _ => value.is_positive() && (&stake / value).is_integer(),
                });
                prop_assert_eq!(accepted(&changed), kept, "{} {}: {}", limit, other, changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_digit_of_a_line_counts(offer in offer()) {
        let Some(made) = offer.make() else { return Ok(()) };
        let line = String::from_utf8(made.line).unwrap();
        for (at, other) in digits(&line).enumerate() {
            // One of the nine other digits at each place.
            if at % 9 == at / 9 % 9 {
                prop_assert!(verify(other.as_bytes(), FEES).is_err(), "{other}");
            }
        }
    }

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), offer in offer(), at in any::<usize>(), cut in any::<usize>()) {
        let _ = verify(&bytes, FEES);
        let _ = verify(FEES[0], &[&bytes]);
        let Some(Made { mut line, .. }) = offer.make() else { return Ok(()) };
        let place = at % line.len();
        line[place] = bytes.first().copied().unwrap_or(b'9');
        let _ = verify(&line, FEES);
        let _ = verify(&line[..cut % line.len()], FEES);
    }
}
