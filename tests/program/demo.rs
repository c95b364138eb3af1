//! `antigravity demo`, and what does not depend on the surroundings.

use crate::support::{Place, Ran, text};

#[test]
fn the_demo_shows_a_board_and_ends_with_the_ledger() {
    let place = Place::new();
    let first = place.run(["demo"]).ok();
    let lines: Vec<&str> = first.out.lines().collect();
    for (account, provider) in [("A", "cmd368"), ("B", "cmd368"), ("A", "isport"), ("B", "afb88")] {
        assert!(lines[0].contains(&format!("{account}:{provider}")), "{}", lines[0]);
    }
    assert!(lines.iter().any(|line| line.contains("asian-handicap")), "{}", first.out);
    let ledger: serde_json::Value = serde_json::from_str(lines[lines.len() - 1]).unwrap();
    let fates = ["parsed", "ignored", "unmatched", "not_contracted", "rejected", "failed", "dropped"];
    let counts = fates.map(|fate| ledger[fate].as_u64().unwrap());
    assert_eq!(ledger["captured"].as_u64(), Some(counts.iter().sum()), "{ledger}");
    assert!(counts[0] > 100 && counts[5] == 0 && counts[6] == 0, "{ledger}");
    assert_eq!(place.run(["demo"]).ok(), first, "twice the same");
}

#[test]
fn the_demo_finds_opportunities_that_anybody_can_verify() {
    let place = Place::new();
    let shown = place.run(["demo"]).ok();
    for part in ["opportunities were found", "guaranteed", "no-edge", "combinations"] {
        assert!(shown.out.contains(part), "{part} is missing in:\n{}", shown.out);
    }
    let certificates: Vec<&str> =
        shown.out.lines().filter(|line| line.starts_with(r#"{"version":1"#)).collect();
    assert_eq!(certificates.len(), 10);
    let certificates = place.file("certificates.ndjson", certificates.join("\n"));
    place.run(["certificate", "verify", text(&certificates)]).ok();

    let json = place.run(["demo", "--json"]).ok();
    let lines = place.file("lines.ndjson", &json.out);
    let verified = place.run(["certificate", "verify", text(&lines)]).ok();
    assert_eq!(verified.out.lines().count(), json.lines("opportunity").len());
    assert_eq!(json.lines("funnel").len(), 1);
    assert!(shown.out.ends_with(&format!("{}\n", json.out.lines().last().unwrap())), "the same ledger");
    assert!(!json.lines("closed").is_empty());
}

#[test]
fn no_code_asks_whether_it_is_in_a_test() {
    let place = Place::new();
    let plain = place.run(["demo"]).ok();
    for (name, value) in [("CI", "true"), ("NODE_ENV", "test"), ("CI", "false")] {
        assert_eq!(Ran::of(place.command(["demo"]).env(name, value)), plain, "{name}={value}");
    }
}

#[test]
fn missing_adapters_are_built() {
    let place = Place::new();
    let expected = place.run(["demo"]).ok();
    let adapters = place.path("adapters");
    let ran = Ran::of(place.command(["demo"]).env("ANTIGRAVITY_ADAPTERS", &adapters)).ok();
    assert_eq!(ran.out, expected.out);
    for provider in ["cmd368", "isport", "afb88"] {
        assert!(adapters.join(format!("{provider}.wasm")).is_file());
        assert!(ran.err.contains(&format!("building the {provider} adapter")), "{}", ran.err);
    }
}
