//! The checker of certificates: any bytes have an answer, and no change of what follows from the bets makes
//! it confirm a higher profit.

use antigravity_core::checker::{Refused, verify};
use antigravity_core::exact::Ratio;
use arbitrary::Unstructured;
use serde_json::Value;

/// True ones: quarter lines, contracts with a charge, a lay with commission in another currency, a list of
/// runners, whole lines that pay nothing where they are returned.
const TRUE: [&str; 5] = [
    r#"{"version":1,"as_of":"2026-09-08T11:02:03Z","currency":"USD","event":"soccer/x/a/b/-","legs":[{"account":"A","provider":"cmd368","event_id":"1","market":"asian-handicap","period":"full-time","line":"-0.75","selection":"home","side":"back","price":{"format":"decimal","value":"2.10"},"packet_seq":17,"age_ms":120,"step":"1","min":"1","max":"600","nominal_stake":"491","risk":"491","fee":{"schedule":"none","amount":"0"}},{"account":"B","provider":"cmd368","event_id":"1","market":"asian-handicap","period":"full-time","line":"-0.75","selection":"away","side":"back","price":{"format":"malay","value":"1.00"},"packet_seq":18,"age_ms":120,"step":"1","min":null,"max":null,"nominal_stake":"508","risk":"508","fee":{"schedule":"none","amount":"0"}}],"states":[{"state":"home by 2 or more","results":["win","loss"],"profit":"32.1"},{"state":"home by 1","results":["half-win","half-loss"],"profit":"16.05"},{"state":"draw or away","results":["loss","win"],"profit":"17"}],"worst_state":1,"guaranteed_profit":"16.05"}"#,
    r#"{"version":1,"as_of":"2026-04-01T00:00:00Z","currency":"USD","event":"economics/-/rates cut/-/-","legs":[{"account":"A","provider":"kalshi","event_id":"e","market_id":"m","market":"binary","period":"match","selection":"yes","side":"back","price":{"format":"probability","value":"0.45"},"packet_seq":1,"age_ms":5,"step":"1","min":null,"max":"100","nominal_stake":"100","risk":"45","fee":{"schedule":"kalshi-taker","amount":"1.74"}},{"account":"B","provider":"forecastex","event_id":"e","market_id":"m","market":"binary","period":"match","selection":"no","side":"back","price":{"format":"probability","value":"0.52"},"packet_seq":2,"age_ms":5,"step":"1","min":null,"max":null,"nominal_stake":"100","risk":"52","fee":{"schedule":"forecastex","amount":"0"}}],"outcomes":["yes","no"],"states":[{"state":"yes","results":["win","loss"],"profit":"1.26"},{"state":"no","results":["loss","win"],"profit":"1.26"}],"worst_state":0,"guaranteed_profit":"1.26"}"#,
    r#"{"version":1,"as_of":"2026-04-01T00:00:00Z","currency":"USD","event":"soccer/x/a/b/-","legs":[{"account":"A","provider":"cmd368","event_id":"1","market":"match-result","period":"full-time","selection":"home","side":"back","price":{"format":"american","value":"120"},"packet_seq":17,"age_ms":120,"step":"1","nominal_stake":"100","risk":"100","fee":{"schedule":"none","amount":"0"}},{"account":"B","provider":"betfair","event_id":"2","market_id":"1.2","market":"match-result","period":"full-time","selection":"home","side":"lay","price":{"format":"decimal","value":"2.10"},"packet_seq":18,"age_ms":120,"step":"0.01","currency":"EUR","nominal_stake":"107.31","risk":"118.041","fee":{"schedule":"betfair","rate":"0.05"}}],"fx":[{"from":"EUR","to":"USD","rate":"1","haircut":"0","at":"2026-04-01T00:00:00Z"}],"states":[{"state":"home","results":["win","loss"],"profit":"1.959"},{"state":"draw or away","results":["loss","win"],"profit":"1.9445"}],"worst_state":1,"guaranteed_profit":"1.9445"}"#,
    r#"{"version":1,"as_of":"2026-04-01T00:00:00Z","currency":"USD","event":"horse-racing/-/crayford 3rd may/-/-","legs":[{"account":"A","provider":"p","event_id":"1","market_id":"m","market":"winner","period":"match","selection":"runner","runner":"red","side":"back","price":{"format":"decimal","value":"3.3"},"packet_seq":1,"age_ms":0,"step":"1","nominal_stake":"100","risk":"100","fee":{"schedule":"none","amount":"0"}},{"account":"B","provider":"p","event_id":"1","market_id":"m","market":"winner","period":"match","selection":"runner","runner":"blue","side":"back","price":{"format":"decimal","value":"3.3"},"packet_seq":1,"age_ms":0,"step":"1","nominal_stake":"100","risk":"100","fee":{"schedule":"none","amount":"0"}},{"account":"A","provider":"p","event_id":"1","market_id":"m","market":"winner","period":"match","selection":"runner","runner":"green","side":"back","price":{"format":"decimal","value":"3.3"},"packet_seq":1,"age_ms":0,"step":"1","nominal_stake":"100","risk":"100","fee":{"schedule":"none","amount":"0"}}],"outcomes":["red","blue","green"],"outcomes_proof":{"account":"A","packet_seq":1},"states":[{"state":"red","results":["win","loss","loss"],"profit":"30"},{"state":"blue","results":["loss","win","loss"],"profit":"30"},{"state":"green","results":["loss","loss","win"],"profit":"30"}],"worst_state":0,"guaranteed_profit":"30"}"#,
    r#"{"version":1,"as_of":"2026-04-01T00:00:00Z","currency":"USD","event":"soccer/x/a/b/-","legs":[{"account":"A","provider":"p","event_id":"1","market":"asian-handicap","period":"full-time","line":"-1","selection":"home","side":"back","price":{"format":"decimal","value":"2.10"},"packet_seq":1,"age_ms":0,"step":"1","nominal_stake":"488","risk":"488","fee":{"schedule":"none","amount":"0"}},{"account":"B","provider":"q","event_id":"1","market":"asian-handicap","period":"full-time","line":"-1","selection":"away","side":"back","price":{"format":"decimal","value":"2.00"},"packet_seq":1,"age_ms":0,"step":"1","nominal_stake":"512","risk":"512","fee":{"schedule":"none","amount":"0"}}],"states":[{"state":"home by 2 or more","results":["win","loss"],"profit":"24.8"},{"state":"home by 1","results":["push","push"],"profit":"0"},{"state":"draw or away","results":["loss","win"],"profit":"24"}],"worst_state":1,"guaranteed_profit":"0"}"#,
];

/// The schedules that these are of: few, since they are read for every document.
const SCHEDULES: &[&[u8]] = &[br#"{"schedules":[{"id":"none","role":"taker","charge":"none"},{"id":"kalshi-taker","provider":"kalshi","role":"taker","charge":"amount","base":"p(1-p)","exponent":1,"rate":"0.07","round":"up","quantum":"0.01"},{"id":"forecastex","provider":"forecastex","role":"taker","charge":"none"},{"id":"betfair","provider":"betfair","role":"taker","charge":"net-win","rate":"0.05"}]}"#];
const WORDS: [&str; 7] = ["win", "half-win", "push", "half-loss", "loss", "void", "lost"];
const NUMBERS: [&str; 8] = ["0", "-1", "999", "1/3", "0.000001", "-0", "1e999", "１"];

pub fn check(data: &[u8]) {
    let _ = verify(data, SCHEDULES);
    let Some((which, rest)) = data.split_first() else { return };
    let mut bytes = Unstructured::new(rest);
    // Where there are no more bytes, nothing more is changed.
    let _ = match which % 4 {
        0 => {
            let _ = verify(TRUE[0].as_bytes(), &[SCHEDULES[0], rest]);
            Ok(())
        }
        1 => one_byte(&mut bytes),
        _ => forged(&mut bytes),
    };
}

/// The profit that is confirmed.
fn confirmed(document: &[u8]) -> Option<Ratio> {
    let report = verify(document, SCHEDULES).ok()?;
    Some(report.guaranteed_profit.parse().expect("a profit is a number"))
}

/// Any byte in any place: the profit stays, or nothing is confirmed.
fn one_byte(bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let document = *bytes.choose(&TRUE)?;
    let is = confirmed(document.as_bytes()).expect("a true certificate");
    let mut other = document.as_bytes().to_vec();
    let place = bytes.choose_index(other.len())?;
    other[place] = bytes.arbitrary()?;
    if let Some(said) = confirmed(&other) {
        assert_eq!(said, is, "{}", String::from_utf8_lossy(&other));
    }
    Ok(())
}

/// A few changes of what follows from the bets, then every number that is refused is set to what it is
/// said to be.
fn forged(bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let document = *bytes.choose(&TRUE)?;
    let is = confirmed(document.as_bytes()).expect("a true certificate");
    let mut certificate: Value = serde_json::from_str(document).unwrap_or_default();
    for _ in 0..bytes.int_in_range(1..=4)? {
        change(&mut certificate, bytes)?;
    }
    if let Some(said) = repaired(&mut certificate) {
        assert!(said <= is, "{said} for {is}: {certificate}");
    }
    Ok(())
}

fn change(certificate: &mut Value, bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let number = |bytes: &mut Unstructured<'_>| -> arbitrary::Result<Value> {
        Ok(if bytes.arbitrary()? {
            Value::from(*bytes.choose(&NUMBERS)?)
        } else {
            Value::from(bytes.arbitrary::<&str>()?)
        })
    };
    let length = |value: &Value| value.as_array().map_or(0, Vec::len).max(1);
    let (state, leg) = (
        bytes.choose_index(length(&certificate["states"]))?,
        bytes.choose_index(length(&certificate["legs"]))?,
    );
    let what = bytes.int_in_range(0..=9)?;
    let Some(states) = certificate["states"].as_array_mut() else { return Ok(()) };
    match what {
        0 if state < states.len() => drop(states.remove(state)),
        1 if state < states.len() => states.push(states[state].clone()),
        2 if state < states.len() => {
            if let Some(result) = states[state]["results"].get_mut(leg) {
                *result = Value::from(*bytes.choose(&WORDS)?);
            }
        }
        3 if state < states.len() => states[state]["profit"] = number(bytes)?,
        4 if state < states.len() => states[state]["state"] = Value::from(bytes.arbitrary::<&str>()?),
        5 => certificate["worst_state"] = Value::from(bytes.arbitrary::<u8>()?),
        6 => certificate["guaranteed_profit"] = number(bytes)?,
        7 => certificate["legs"][leg]["risk"] = number(bytes)?,
        8 => {
            let name = *bytes.choose(&["schedule", "amount", "rate"])?;
            certificate["legs"][leg]["fee"][name] = number(bytes)?;
        }
        9 => again(certificate, leg, bytes)?,
        _ => {}
    }
    Ok(())
}

/// A leg once more, its account written otherwise.
fn again(certificate: &mut Value, leg: usize, bytes: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let mut twin = certificate["legs"][leg].clone();
    let account = twin["account"].as_str().unwrap_or("").to_owned();
    let clothes =
        [account.clone(), account.to_lowercase(), format!(" {account}"), format!("{account}\u{200b}")];
    twin["account"] = Value::from(bytes.choose(&clothes)?.as_str());
    if let Some(legs) = certificate["legs"].as_array_mut() {
        legs.push(twin);
    }
    for state in certificate["states"].as_array_mut().into_iter().flatten() {
        let result = state["results"][leg].clone();
        if let Some(results) = state["results"].as_array_mut() {
            results.push(result);
        }
    }
    Ok(())
}

fn repaired(certificate: &mut Value) -> Option<Ratio> {
    for _ in 0..40 {
        let document = certificate.to_string();
        match verify(document.as_bytes(), SCHEDULES) {
            Ok(_) => return confirmed(document.as_bytes()),
            Err(Refused::Unreadable(_)) => return None,
            Err(Refused::Wrong { field, is, .. }) => {
                let path = format!("/{}", field.replace('[', "/").replace(']', "").replace('.', "/"));
                match certificate.pointer_mut(&path)? {
                    place @ Value::Number(_) => *place = Value::from(is.parse::<u64>().ok()?),
                    place @ Value::String(_) => *place = Value::from(is),
                    _ => return None,
                }
            }
        }
    }
    None
}
