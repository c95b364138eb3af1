//! What is charged and exchanged, by somebody who wants it to be less.

use super::hostile::changed;
use super::{FEES, Refused, example, field, verify};
use serde_json::{Value, json};

/// The example with account A in euros.
pub(super) fn in_euros() -> Value {
    let mut it = example();
    it["legs"][0]["currency"] = json!("EUR");
    it["fx"] =
        json!([{"from": "EUR", "to": "USD", "rate": "1", "haircut": "0", "at": "2026-09-08T11:02:00Z"}]);
    it
}

#[test]
fn rates_of_exchange() {
    assert_eq!(field(&in_euros().to_string()), "ok");
    for (name, value, wrong) in [
        ("rate", "0", "fx[0].rate"),
        ("rate", "-1", "fx[0].rate"),
        ("rate", "1.1", "states[0].profit"),
        ("haircut", "1", "fx[0].haircut"),
        ("haircut", "-0.1", "fx[0].haircut"),
        ("haircut", "0.1", "states[0].profit"),
        ("at", "2026-09-07T11:02:02Z", "fx[0].at"),
        ("at", "2026-09-08T11:02:04Z", "fx[0].at"),
        ("at", "yesterday", "unreadable"),
        ("from", "USD", "fx[0].to"),
        ("from", "GBP", "fx[0].from"),
        ("to", "GBP", "fx[0].to"),
    ] {
        let mut it = in_euros();
        it["fx"][0][name] = json!(value);
        assert_eq!(field(&it.to_string()), wrong, "{name} {value}");
    }
    let mut it = in_euros();
    it["fx"][0]["at"] = json!("2026-09-07T11:02:03Z");
    assert_eq!(field(&it.to_string()), "ok");
    let mut it = in_euros();
    it["fx"] = json!([it["fx"][0], it["fx"][0]]);
    assert_eq!(field(&it.to_string()), "fx[1].from");
    it["fx"] = json!([]);
    assert_eq!(field(&it.to_string()), "legs[0].currency");
    // A dollar in small letters is no other currency with a rate of its own.
    for code in ["usd", "US D", "", "€", "ABCDEFGHI"] {
        let mut it = in_euros();
        (it["legs"][0]["currency"], it["fx"][0]["from"]) = (json!(code), json!(code));
        assert_eq!(field(&it.to_string()), "legs[0].currency", "{code}");
        assert_eq!(changed(|it| it["currency"] = json!(code)), "currency", "{code}");
    }
}

/// The example with both legs of one account at an exchange that keeps a share, and a third elsewhere
/// would be needed: all of one market pay together, at one rate.
#[test]
fn commission_of_one_market_is_of_one_schedule() {
    let dated = br#"{"schedules":[
        {"id":"old","provider":"betfair","role":"taker","until":"2026-09-08T11:00:00Z","charge":"net-win","rate":"0.01"},
        {"id":"betfair","provider":"betfair","role":"taker","from":"2026-09-08T11:00:00Z","charge":"net-win","rate":"0.05"},
        {"id":"x-old","provider":"x","role":"taker","until":"2026-09-08T11:00:00Z","charge":"none"},
        {"id":"x","provider":"x","role":"taker","from":"2026-09-08T11:00:00Z","charge":"net-win","rate":"0.05"}]}"#;
    let of = |provider: &str, first: Value, second: Value| {
        let mut it = example();
        let mut third = it["legs"][1].clone();
        third["account"] = json!("A");
        (third["selection"], third["line"]) = (json!("home"), json!("-1"));
        it["legs"].as_array_mut().unwrap().push(third);
        for (leg, fee, age) in [(0, first, 600_000), (2, second, 0)] {
            it["legs"][leg]["provider"] = json!(provider);
            it["legs"][leg]["market_id"] = json!("1.1");
            (it["legs"][leg]["fee"], it["legs"][leg]["age_ms"]) = (fee, json!(age));
        }
        match verify(it.to_string().as_bytes(), &[FEES[0], dated]) {
            Err(Refused::Wrong { field, .. }) => field,
            other => format!("{other:?}"),
        }
    };
    let rate = |id: &str, rate: &str| json!({"schedule": id, "rate": rate});
    assert_eq!(of("betfair", rate("old", "0.01"), rate("betfair", "0.05")), "legs[2].fee.rate");
    let nothing = json!({"schedule": "x-old", "amount": "0"});
    assert_eq!(of("x", nothing, rate("x", "0.05")), "legs[2].fee.rate");
}

/// What is won in one market is not netted with what is lost in another, or in another currency.
#[test]
fn commission_is_of_one_market() {
    let third = |change: &dyn Fn(&mut Value)| {
        changed(|it| {
            let mut third = it["legs"][0].clone();
            third["line"] = json!("-1");
            it["legs"].as_array_mut().unwrap().push(third);
            for leg in [0, 2] {
                it["legs"][leg]["provider"] = json!("betfair");
                it["legs"][leg]["market_id"] = json!("1.1");
                it["legs"][leg]["fee"] = json!({"schedule": "betfair", "rate": "0.05"});
            }
            change(&mut it["legs"][2]);
        })
    };
    // Sound so far: it is the states that miss the third leg.
    assert_eq!(third(&|_| ()), "states[0].results");
    assert_eq!(third(&|leg| leg["event_id"] = json!("2")), "legs[2].event_id");
    assert_eq!(third(&|leg| leg["market"] = json!("total")), "legs[2].market");
    assert_eq!(third(&|leg| leg["currency"] = json!("USD")), "legs[2].currency");
}

/// A bet of a contract venue costs the same in every format of its price.
#[test]
fn fees_are_of_contracts() {
    let of = |amount: &str| {
        changed(|it| {
            it["legs"][0]["provider"] = json!("kalshi");
            it["legs"][0]["market_id"] = json!("m");
            it["legs"][0]["price"]["value"] = json!("2.00");
            it["legs"][0]["fee"] = json!({"schedule": "kalshi-taker", "amount": amount});
        })
    };
    // 491 at 2.00 are 982 contracts at 0.50: 982 · 0.07 · 0.25 = 17.185.
    assert_eq!(of("17.19"), "states[0].profit");
    assert_eq!(of("8.6"), "legs[0].fee.amount");
    assert_eq!(of("0"), "legs[0].fee.amount");
}

/// The schedule in force for who takes a price: never a maker's; of the longest series that the market's
/// id begins with; from its first instant to before its last.
#[test]
fn the_schedule_that_counts() {
    let schedules = br#"{"schedules":[
        {"id":"maker","provider":"p","role":"maker","charge":"none"},
        {"id":"old","provider":"p","role":"taker","until":"2026-09-08T11:02:02.880Z","charge":"none"},
        {"id":"new","provider":"p","role":"taker","from":"2026-09-08T11:02:02.880Z","charge":"net-win","rate":"0.02"},
        {"id":"a","provider":"p","role":"taker","series":"A","charge":"net-win","rate":"0.02"},
        {"id":"ab","provider":"p","role":"taker","series":"AB","charge":"net-win","rate":"0.02"}]}"#;
    let of = |market_id: &str, age_ms: u64| {
        let mut it = example();
        (it["legs"][0]["provider"], it["legs"][0]["market_id"]) = (json!("p"), json!(market_id));
        (it["legs"][0]["age_ms"], it["legs"][0]["fee"]["schedule"]) = (json!(age_ms), json!("?"));
        match verify(it.to_string().as_bytes(), &[FEES[0], schedules]) {
            Err(Refused::Wrong { field, is, .. }) if field == "legs[0].fee.schedule" => is,
            other => format!("{other:?}"),
        }
    };
    for (market_id, age_ms, id) in [
        ("X", 120, "new"),
        ("X", 121, "old"),
        ("", 0, "new"),
        ("AC", 120, "a"),
        ("ABC", 120, "ab"),
        ("XAB", 120, "new"),
    ] {
        assert_eq!(of(market_id, age_ms), id, "{market_id} {age_ms}");
    }
}

/// The least that an order is charged, however small it is, by the smaller of p and 1 − p.
#[test]
fn the_least_charge() {
    let of = |minimum: &str, amount: &str| {
        let schedules = json!({"schedules": [{"id": "least", "provider": "p", "role": "taker", "charge": "amount",
            "base": "min(p,1-p)", "exponent": 1, "rate": "0.001", "round": "half-up", "quantum": "0.01", "minimum": minimum}]});
        let mut it = example();
        (it["legs"][0]["provider"], it["legs"][0]["market_id"]) = (json!("p"), json!("m"));
        it["legs"][0]["fee"] = json!({"schedule": "least", "amount": amount});
        match verify(it.to_string().as_bytes(), &[FEES[0], schedules.to_string().as_bytes()]) {
            Err(Refused::Wrong { field, is, .. }) => (field, is),
            other => (format!("{other:?}"), String::new()),
        }
    };
    // 491 · 2.10 contracts · 0.001 · 1/2.10 are 0.491, rounded 0.49.
    assert_eq!(of("3", "0.49"), ("legs[0].fee.amount".to_owned(), "3".to_owned()));
    assert_eq!(of("3", "3"), ("states[0].profit".to_owned(), "29.1".to_owned()));
    assert_eq!(of("0.4", "3"), ("legs[0].fee.amount".to_owned(), "0.49".to_owned()));
}

/// Schedules of which something is missing, there twice or out of range.
#[test]
fn schedules_that_cannot_be_read() {
    let sound = r#"{"schedules":[{"id":"a","provider":"p","role":"taker","charge":"amount","base":"p(1-p)","exponent":1,"rate":"0.07","round":"up","quantum":"0.01"},
        {"id":"b","provider":"q","role":"maker","from":"2026-09-08T11:02:02Z","charge":"net-win","rate":"0.02"}]}"#;
    let read = |schedules: &str| verify(example().to_string().as_bytes(), &[FEES[0], schedules.as_bytes()]);
    assert!(read(sound).is_ok());
    for (old, new) in [
        (r#""role":"taker""#, r#""role":"Taker""#),
        (r#""charge":"amount""#, r#""charge":"amounts""#),
        (r#""charge":"amount""#, r#""charge":"none","charge":"amount""#),
        (r#""base":"p(1-p)""#, r#""base":"p""#),
        (r#""base":"p(1-p)","#, ""),
        (r#""exponent":1"#, r#""exponent":0"#),
        (r#""exponent":1"#, r#""exponent":5"#),
        (r#""rate":"0.07""#, r#""rate":"-0.07""#),
        (r#""rate":"0.07""#, r#""rate":"7/100""#),
        (r#""rate":"0.07""#, r#""rate":"0","rate":"0.07""#),
        (r#""rate":"0.02""#, r#""rate":null"#),
        (r#""rate":"0.02""#, r#""rate":"-0.02""#),
        (r#""round":"up""#, r#""round":"even""#),
        (r#""quantum":"0.01""#, r#""quantum":"0""#),
        (r#""quantum":"0.01""#, r#""quantum":"0.01","minimum":"-1""#),
        (r#""from":"2026-09-08T11:02:02Z""#, r#""from":"yesterday""#),
        (r#""id":"b""#, r#""id":"a","id":"b""#),
    ] {
        assert!(sound.contains(old), "{old}");
        let refused = read(&sound.replacen(old, new, 1));
        assert!(matches!(refused, Err(Refused::Unreadable(_))), "{old} → {new}: {refused:?}");
    }
}
