//! `replay --emit opportunities,funnel`: what is found in traffic of two accounts, how it lives and ends, and
//! what a person's limits and options do to it.

use crate::support::{Place, Ran, text};
use antigravity_tests::root;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Two accounts watch one race of two runners on an exchange; a price of `B` goes up, down and up again.
fn race() -> PathBuf {
    root().join("tests/program/fixtures/race.capture.ndjson")
}

fn run(place: &Place, file: &Path, more: &[&str]) -> Ran {
    let args = ["replay", text(file), "--emit", "opportunities,funnel,ledger"];
    place.run(args.iter().chain(more))
}

#[test]
fn one_opens_changes_ends_and_comes_again() {
    let place = Place::new();
    let file = race();
    let ran = run(&place, &file, &[]).ok();
    let kinds: Vec<_> =
        ran.out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["type"].clone()).collect();
    assert_eq!(kinds, ["opportunity", "opportunity", "closed", "opportunity", "funnel", "ledger"]);
    let (shown, closed) = (ran.lines("opportunity"), ran.lines("closed"));
    let prices = |line: &Value| {
        line["legs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|leg| leg["price"]["value"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let mut seen: Vec<_> = shown.iter().map(prices).collect();
    seen.iter_mut().for_each(|prices| prices.sort());
    assert_eq!(seen, [["2.1", "2.2"], ["2.12", "2.2"], ["2.1", "2.2"]]);
    assert!(shown.iter().chain(&closed).all(|line| line["key"] == shown[0]["key"]), "it keeps its key");
    assert_ne!(shown[0]["id"], shown[1]["id"]);
    assert_eq!(closed[0]["id"], shown[1]["id"], "of its last certificate");
    assert_eq!((&closed[0]["reason"], &closed[0]["at"]), (&json!("no-edge"), &json!("2026-03-14T11:00:03Z")));
    let certificate = &shown[0]["certificate"];
    assert_eq!(certificate["event"], "greyhound-racing/-/crayford 14th mar/-/-");
    assert_eq!(certificate["outcomes"], json!(["11000001", "11000002"]));
    assert_eq!(certificate["legs"][0]["fee"], json!({"schedule": "betfair", "rate": "0.05"}));
    assert_eq!((&shown[0]["class"], &shown[0]["lane"]), (&json!("strict"), &json!("cross-account")));
    for threads in ["1", "2", "8"] {
        assert_eq!(run(&place, &file, &["--threads", threads]), ran, "{threads} threads");
    }
}

#[test]
fn every_line_can_be_verified() {
    let place = Place::new();
    let ran = run(&place, &race(), &[]).ok();
    let lines = place.file("lines.ndjson", &ran.out);
    let verified = place.run(["certificate", "verify", text(&lines)]).ok();
    assert_eq!(verified.out.matches("guaranteed profit").count(), 3, "{}", verified.out);
    let raised = ran.out.replace(
        "\"price\":{\"format\":\"decimal\",\"value\":\"2.2\"",
        "\"price\":{\"format\":\"decimal\",\"value\":\"2.3\"",
    );
    assert_ne!(raised, ran.out);
    let lines = place.file("raised.ndjson", raised);
    assert_eq!(place.run(["certificate", "verify", text(&lines)]).code, Some(1));
}

#[test]
fn a_persons_limits_and_options() {
    let place = Place::new();
    let file = race();
    let small = run(&place, &file, &["--bankroll", "100"]).ok();
    let total: f64 = small.lines("opportunity")[0]["stake_total"].as_str().unwrap().parse().unwrap();
    assert!(total > 90.0 && total <= 100.0, "{total}");
    let capped = run(&place, &file, &["--per-account", "50"]).ok();
    for leg in capped.lines("opportunity")[0]["legs"].as_array().unwrap() {
        assert!(leg["risk"].as_str().unwrap().parse::<f64>().unwrap() <= 50.0, "{leg}");
    }
    let refused = |more: &[&str], reason: &str| {
        let ran = run(&place, &file, more).ok();
        assert_eq!(ran.lines("opportunity").len(), 0, "{more:?}");
        let funnel = ran.lines("funnel").remove(0);
        let stages = funnel["stages"].as_array().unwrap().clone();
        let count = stages.iter().find_map(|stage| stage["refused"][reason].as_u64());
        assert!(count.is_some_and(|count| count > 0), "{more:?}: {funnel}");
    };
    refused(&["--pair", "providers"], "unresolved-identity");
    refused(&["--max-edge", "0.1"], "too-good");
    refused(&["--mark", "A:betfair"], "unresolved-identity");
    let fees = r#"{"categories":{},"schedules":[{"id":"betfair","provider":"betfair","role":"taker","category":null,
        "series":null,"from":null,"until":null,"charge":"net-win","rate":"0.2","source":"a test","dates":"stated"}]}"#;
    let fees = place.file("fees.json", fees);
    refused(&["--fees", text(&fees)], "unprofitable");
    let late =
        std::fs::read_to_string(&fees).unwrap().replace(r#""from":null"#, r#""from":"2027-01-01T00:00:00Z""#);
    let late = place.file("late.json", late);
    refused(&["--fees", text(&late)], "fee-unknown");
}

#[test]
fn what_is_wrong_with_an_option_is_said() {
    let place = Place::new();
    let file = race();
    let broken = place.file("broken.json", "{");
    for (more, says) in [
        (["--bankroll", "-5"], "--bankroll -5"),
        (["--bankroll", "NaN"], "--bankroll NaN"),
        (["--currency", "usd"], "--currency usd"),
        (["--max-edge", "-1"], "--max-edge -1"),
        (["--equal", "USDC"], "--equal USDC"),
        (["--fx", "EUR/USD=1.08"], "--fx EUR/USD=1.08"),
        (["--fx", "EUR/USD=0@2026-03-14T11:00:00Z"], "a rate is above 0"),
        (["--fees", text(&broken)], "broken.json"),
        (["--fees", "nowhere.json"], "nowhere.json"),
        (["--void-rules", text(&broken)], "broken.json"),
    ] {
        run(&place, &file, &[&format!("{}={}", more[0], more[1])]).fails(2).says(&[says]);
    }
}

#[test]
fn tables_show_them_and_the_funnel() {
    let place = Place::new();
    let ran = run(&place, &race(), &["--format", "table"]).ok();
    for part in ["crayford 14th mar", "A:betfair", "winner match 11000001", "guaranteed", "no-edge"] {
        assert!(ran.out.contains(part), "{part} is missing in:\n{}", ran.out);
    }
    // What a column is called stands above what is in it.
    let lines: Vec<&str> = ran.out.lines().collect();
    let header = lines.iter().position(|line| line.contains("equal payout")).unwrap();
    for (name, cell) in [
        ("price", "2.2"),
        ("age", "4.0 s"),
        ("stake", "382"),
        ("guaranteed", "35.48 USD"),
        ("return", "4.53 %"),
    ] {
        let column = lines[header].find(name).unwrap();
        assert!(lines[header + 2][column..].starts_with(cell), "{name}:\n{}", ran.out);
    }
}

/// Of two spellings of a team nothing is found until a person says that they are one; and the women's team is
/// never the first team.
#[test]
fn a_confirmed_name_finds_more() {
    let place = Place::new();
    let file = root().join("tests/program/fixtures/names.capture.ndjson");
    let database = place.path("data/names.sqlite");
    let with = ["--db", text(&database)];
    let before = run(&place, &file, &with).ok();
    assert_eq!(before.out, run(&place, &file, &[]).ok().out, "an empty database changes nothing");
    assert_eq!(before.lines("opportunity").len(), 0);
    let suggested = place.run(["identity", "list", "--json", "--db", text(&database)]).ok();
    let suggested: Value = serde_json::from_str(&suggested.out).unwrap();
    assert_eq!(suggested["suggestions"].as_array().unwrap().len(), 1, "{suggested}");
    place.run(["identity", "confirm", "1", "--db", text(&database)]).ok();
    let after = run(&place, &file, &with).ok();
    let found = after.lines("opportunity");
    assert_eq!(found.len(), 1);
    let event = "soccer/english premier league/manchester united fc/everton/2026-03-14T12:45Z";
    assert_eq!(found[0]["certificate"]["event"], event);
    assert_eq!(run(&place, &file, &[]).ok().out, before.out, "without --db no database is read");
}

/// Without the whole list of runners, two bets prove nothing.
#[test]
fn without_an_image_nothing_is_proven() {
    let place = Place::new();
    let text = std::fs::read_to_string(race()).unwrap();
    let part = text.replace(r#"\"img\":true"#, r#"\"img\":false"#);
    assert_ne!(part, text);
    let file = place.file("part.capture.ndjson", part);
    let ran = run(&place, &file, &[]).ok();
    assert_eq!(ran.lines("opportunity").len(), 0, "{}", ran.out);
    assert!(ran.out.contains("incomplete-outcomes"), "{}", ran.out);
}

/// A provider's step of stakes reaches the sizing and the certificate; a contract of a version that has none
/// leaves it at 1.
#[test]
fn stakes_are_multiples_of_the_step_that_the_contract_tells() {
    let place = Place::new();
    let packet = |account: &str, odds: [&str; 2]| {
        json!({"at": "2026-03-14T11:00:00Z", "account": account, "connection": "c1", "transport": "http",
            "direction": "received", "method": "POST", "url": "https://a.example/shop/list?view=all", "status": 200,
            "request_body": "view=odds", "body": json!({"id": "7", "home": "Viborg Kammeraterne",
                "away": "Aalesund Ørn", "line": "-0.25", "odds": odds}).to_string()})
    };
    let file = place
        .capture("two.capture.ndjson", &[packet("A", ["0.95", "-0.99"]), packet("B", ["0.80", "-0.90"])]);
    let found = |version: &str| {
        let adapters = root().join("tests/frozen").join(version);
        let bound = ["--mark", "A:frozen", "--mark", "B:frozen", "--currency", "EUR", "--bankroll", "99.5"];
        let ran = run(&place, &file, &[&["--adapters", text(&adapters)], &bound[..]].concat()).ok();
        let [shown] = &ran.lines("opportunity")[..] else { panic!("{}{}", ran.out, ran.err) };
        let lines = place.file("line.ndjson", ran.out.lines().next().unwrap());
        place.run(["certificate", "verify", text(&lines)]).ok();
        let legs = shown["certificate"]["legs"].as_array().unwrap();
        legs.iter().map(|leg| format!("{} of {}", leg["nominal_stake"], leg["step"])).collect::<Vec<_>>()
    };
    assert_eq!(found("0.1"), [r#""53" of "1""#, r#""51" of "1""#]);
    assert_eq!(found("0.2"), [r#""53" of "0.5""#, r#""51.5" of "0.5""#]);
}
