//! Lists of outcomes, and fees.

use super::made::{Offer, bet};
use super::{FEES, Refused, verify};
use crate::odds::Price;
use crate::settle::Bet;
use antigravity_abi::{Market, PriceFormat, Selection as S};
use serde_json::{Value, json};

fn field(certificate: &Value) -> String {
    match verify(certificate.to_string().as_bytes(), FEES) {
        Ok(_) => "ok".to_owned(),
        Err(Refused::Unreadable(why)) => why,
        Err(Refused::Wrong { field, .. }) => field,
    }
}

fn made(bets: Vec<Bet>, decimal: &str, providers: &[&'static str]) -> Value {
    let price = Price::new(PriceFormat::Decimal, decimal.parse().unwrap()).unwrap();
    let offer = Offer {
        prices: vec![price; bets.len()],
        providers: providers.iter().copied().cycle().take(bets.len()).collect(),
        accounts: ["A", "B", "A"][..bets.len()].to_vec(),
        steps: vec!["1"; bets.len()],
        max: vec![None; bets.len()],
        euros: false,
        bets,
    };
    serde_json::from_slice(&offer.make().unwrap().bytes).unwrap()
}

fn winners() -> Value {
    let runners = (0..3).map(|place| Bet { outcome: Some(place), ..bet(Market::Winner, S::Runner) });
    made(runners.collect(), "3.3", &["cmd368"])
}

fn questions(providers: &[&'static str]) -> Value {
    made(vec![bet(Market::Binary, S::Yes), bet(Market::Binary, S::No)], "2.3", providers)
}

fn changed(certificate: &Value, path: &str, value: Value) -> Value {
    let mut changed = certificate.clone();
    let (parent, name) = path.rsplit_once('/').unwrap();
    changed.pointer_mut(parent).unwrap()[name] = value;
    changed
}

#[test]
fn lists_are_named_proven_and_hold_every_runner() {
    let certificate = winners();
    assert_eq!(field(&certificate), "ok");
    for (path, value, wrong) in [
        ("/outcomes", json!(["red", "blue", "green", "other"]), "states"),
        ("/outcomes", json!(["red", "blue"]), "legs[2].runner"),
        ("/outcomes", json!(["red", "blue", "green", "red"]), "outcomes[3]"),
        ("/outcomes", Value::Null, "outcomes"),
        ("/outcomes_proof", Value::Null, "outcomes"),
        ("/legs/1/runner", Value::Null, "legs[1].runner"),
        ("/legs/1/market", json!("place"), "legs[0].market"),
        ("/legs/1/market", json!("odd-even"), "legs[1].selection"),
    ] {
        let mut other = certificate.clone();
        match path.strip_prefix("/legs/1/") {
            Some(name) => other["legs"][1][name] = value,
            None => other[&path[1..]] = value,
        }
        assert_eq!(field(&other), wrong, "{path}");
    }
}

#[test]
fn questions_are_answered_with_yes_or_no() {
    let certificate = questions(&["cmd368"]);
    assert_eq!(field(&certificate), "ok");
    let mut listed = certificate.clone();
    listed["outcomes"] = json!(["yes", "no"]);
    assert_eq!(field(&listed), "ok");
    // Yes on one thing and no on another.
    let apart =
        changed(&changed(&certificate, "/legs/0/runner", json!("rain")), "/legs/1/runner", json!("snow"));
    assert_eq!(field(&apart), "legs[1].runner");
    // Of a list of which one happens: yes here and no there can both lose.
    let mut buckets = apart.clone();
    buckets["outcomes"] = json!(["rain", "snow", "sun"]);
    buckets["outcomes_proof"] = json!({"account": "A", "packet_seq": 3});
    assert_eq!(field(&buckets), "states[0].results");
    let same =
        changed(&changed(&certificate, "/legs/0/runner", json!("rain")), "/legs/1/runner", json!("rain"));
    assert_eq!(field(&same), "ok");
}

#[test]
fn places_of_one_runner_only() {
    let mut certificate = questions(&["cmd368"]);
    for leg in 0..2 {
        for (name, value) in
            [("market", json!("place")), ("selection", json!("runner")), ("runner", json!("red"))]
        {
            certificate["legs"][leg][name] = value;
        }
    }
    certificate["outcomes"] = json!(["red", "blue"]);
    certificate["outcomes_proof"] = json!({"account": "A", "packet_seq": 3});
    // Two backs of one runner win and lose together.
    assert_eq!(field(&certificate), "states[0].results");
    certificate["legs"][1]["runner"] = json!("blue");
    assert_eq!(field(&certificate), "legs[1].runner");
}

/// Two markets of one provider are two questions, or two races of one meeting.
#[test]
fn one_market_of_a_provider() {
    for certificate in [winners(), questions(&["cmd368"])] {
        for (name, wrong) in [("event_id", "legs[1].event_id"), ("market_id", "legs[1].market_id")] {
            let other = changed(&certificate, &format!("/legs/1/{name}"), json!("another"));
            assert_eq!(field(&other), wrong);
        }
        let other = changed(&certificate, "/legs/1/market_id", Value::Null);
        assert_eq!(field(&other), "legs[1].market_id");
    }
    // Another provider has names of its own.
    let two = questions(&["cmd368", "saba"]);
    assert_eq!(field(&changed(&two, "/legs/1/market_id", json!("another"))), "ok");
    // A bucket of a list has a market of its own.
    let mut buckets = questions(&["cmd368"]);
    for leg in 0..2 {
        buckets["legs"][leg]["runner"] = json!(["rain", "sun"][leg]);
        buckets["legs"][leg]["selection"] = json!("yes");
        buckets["legs"][leg]["market_id"] = json!(["m1", "m2"][leg]);
    }
    buckets["outcomes"] = json!(["rain", "sun"]);
    buckets["outcomes_proof"] = json!({"account": "A", "packet_seq": 3});
    assert_eq!(field(&buckets), "ok");
}

#[test]
fn moneylines_have_no_draw() {
    let mut certificate = questions(&["cmd368"]);
    for (leg, selection) in ["home", "away"].into_iter().enumerate() {
        certificate["legs"][leg]["market"] = json!("moneyline");
        certificate["legs"][leg]["selection"] = json!(selection);
    }
    certificate.as_object_mut().unwrap().remove("outcomes");
    assert_eq!(field(&certificate), "legs[0].market");
    certificate["event"] = json!("tennis/x/a/b/-");
    assert_eq!(field(&certificate), "ok");
    certificate["legs"][1]["market"] = json!("draw-no-bet");
    assert_eq!(field(&certificate), "legs[0].market");
}

/// The schedule is the one in force when the quote was confirmed, for the sport.
#[test]
fn fees_of_their_time() {
    let certificate = questions(&["cmd368", "polymarket"]);
    assert_eq!(certificate["legs"][1]["fee"]["schedule"], "polymarket-sports-2026");
    assert_eq!(field(&certificate), "ok");
    let mut earlier = certificate.clone();
    earlier["as_of"] = json!("2026-03-01T00:00:00.100Z");
    assert_eq!(field(&earlier), "legs[1].fee.schedule");
    earlier["as_of"] = json!("2026-03-01T00:00:00.120Z");
    assert_eq!(field(&earlier), "ok");
    // A sport that nobody knows pays the dearest.
    let mut other = certificate.clone();
    other["event"] = json!("curling/x/a/b/-");
    let Err(Refused::Wrong { field, is, .. }) = verify(other.to_string().as_bytes(), FEES) else {
        panic!("accepted")
    };
    assert_eq!((field.as_str(), is.as_str()), ("legs[1].fee.schedule", "polymarket-crypto-2026"));
}

/// A person's own schedules take the place of those with the same id.
#[test]
fn schedules_can_be_replaced() {
    let certificate = questions(&["cmd368", "betfair"]);
    assert_eq!(field(&certificate), "ok");
    let own = br#"{"schedules":[{"id":"betfair","provider":"betfair","role":"taker","charge":"net-win","rate":"0.02"}]}"#;
    let refused = verify(certificate.to_string().as_bytes(), &[FEES[0], own]).unwrap_err();
    assert_eq!(refused.to_string(), "legs[1].fee.rate: says 0.05, is 0.02");
    let none = br#"{"schedules":[{"id":"betfair","provider":"betfair","role":"taker","charge":"net-win"}]}"#;
    assert!(matches!(verify(b"{}", &[FEES[0], none]), Err(Refused::Unreadable(_))));
}
