//! The conformance suite names what an adapter does wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

use antigravity_authoring::{
    FixtureCase, Fixtures, FuzzOptions, FuzzReport, Severity, conform, fuzz, measure,
};
use antigravity_tests::{adapter, sandbox};
use serde_json::json;

/// A case of packets with these paths and bodies, which expects nothing.
fn case(packets: &[(&str, &str)]) -> Fixtures {
    let mut text = "{\"antigravity_capture\":1,\"redacted\":true}\n".to_owned();
    for (seq, (path, body)) in (1..).zip(packets) {
        let packet = json!({"seq": seq, "at": "2026-03-14T11:00:00Z", "account": "A", "connection": "c1",
            "transport": "http", "direction": "received", "method": "GET", "status": 200,
            "url": format!("https://book.example/{path}"), "body": body});
        text.push_str(&format!("{packet}\n"));
    }
    let (name, packets, expected) = ("case".to_owned(), text.into_bytes().into(), Some(String::new()));
    Fixtures { cases: vec![FixtureCase { name, packets, expected, place: "case".into() }] }
}

/// The checks that an adapter does not pass, each with what is said of it.
fn failed(folder: &str, fixtures: &Fixtures) -> Vec<(&'static str, String)> {
    let report = conform(&adapter(&sandbox(), folder), 1, fixtures).unwrap();
    let failed = report.checks.into_iter().filter(|check| !check.passed && check.severity == Severity::Error);
    // Nothing is expected of these cases, so that they never pass as fixtures.
    failed.filter(|check| check.name != "fixtures").map(|check| (check.name, check.detail)).collect()
}

#[track_caller]
fn says(failed: &[(&str, String)], expected: &[(&str, &str)]) {
    let names = |all: Vec<&str>| all.join(" ");
    assert_eq!(
        names(failed.iter().map(|(name, _)| *name).collect()),
        names(expected.iter().map(|(name, _)| *name).collect()),
        "{failed:?}"
    );
    for ((name, detail), (_, part)) in failed.iter().zip(expected) {
        assert!(detail.contains(part), "{name}: {detail}");
    }
}

#[test]
fn a_guest_that_traps_is_named() {
    for (deed, detail) in [
        ("panic", "case, packet 2: it panicked"),
        ("spin", "case, packet 2: it used up its fuel"),
        ("allocate", "case, packet 2: it wanted more memory than its limit"),
        ("huge-rows", "case, packet 2: its answer is not valid"),
        ("lying-end", "case, packet 2: its answer is not valid"),
    ] {
        let failed = failed("tests/evil", &case(&[("deeds", "count"), ("deeds", deed), ("deeds", "count")]));
        assert!(
            failed.iter().any(|(name, said)| *name == "no-failure" && said.starts_with(detail)),
            "{failed:?}"
        );
    }
}

#[test]
fn a_guest_that_sees_how_packets_are_grouped_is_named() {
    let packets = [("deeds", "place"); 4];
    says(&failed("tests/evil", &case(&packets)), &[("split-over-calls", "case, packet 2: alone `parsed")]);
}

#[test]
fn a_guest_that_reads_everything_is_named() {
    let failed = failed("tests/evil", &case(&[("careless", "{\"a\":1}"), ("careless", "{\"a\":1,\"b\":2}")]));
    let expected = [
        ("noise", "body `{}` at https://book.example/careless gave {"),
        ("unknown-fields", "`zz_not_known` added to every object"),
        ("garbage", "body `{\"a\":\"xxxx"),
    ];
    says(&failed, &expected);
}

#[test]
fn a_line_of_two_halves_that_do_not_belong_together_is_named() {
    let body = |home: &str, away: &str| {
        json!({"id": "77", "home": "X", "away": "Y", "odds": [home, away]}).to_string()
    };
    let path = "feed/livegames/1";
    says(&failed("tests/newcomer", &case(&[(path, &body("1.90", "2.02"))])), &[]);
    says(
        &failed("tests/newcomer", &case(&[(path, &body("1.90", "4.10"))])),
        &[("overround", "home 1.9 and away 4.1")],
    );
}

#[test]
fn without_fixtures_nothing_is_proved() {
    let failed = failed("tests/newcomer", &Fixtures::default());
    assert_eq!(failed.len(), 9, "{failed:?}");
    assert!(failed.iter().all(|(_, detail)| detail == "no fixtures to try it on"), "{failed:?}");
}

fn fuzzed(fixtures: &Fixtures, seed: u64, runs: u64) -> FuzzReport {
    let options = FuzzOptions { runs, seed, source: None };
    fuzz(&adapter(&sandbox(), "tests/evil"), fixtures, options, |_| {}).unwrap()
}

#[test]
fn fuzzing_finds_a_trap_and_the_fewest_packets_of_it() {
    let fixtures =
        case(&[("deeds", "count"), ("deeds", "count"), ("deeds", "count"), ("deeds", "panic-when-five")]);
    let report = fuzzed(&fixtures, 1, 2000);
    let failure = report.failure.unwrap();
    assert!(failure.what.ends_with(": it panicked"), "{}", failure.what);
    assert_eq!(failure.packets, 6, "five and the one that panics: {}", failure.capture);
    assert_eq!(report.runs, failure.seed, "the first seed is 1");
    let again = fuzzed(&fixtures, failure.seed, 1).failure.unwrap();
    assert_eq!((again.what, again.capture), (failure.what, failure.capture));
}

#[test]
fn fuzzing_finds_what_depends_on_grouping() {
    let failure = fuzzed(&case(&[("deeds", "place"); 4]), 1, 100).failure.unwrap();
    assert!(failure.what.contains("in calls of several packets"), "{}", failure.what);
    assert_eq!(failure.packets, 2, "{}", failure.capture);
}

#[test]
fn what_is_measured_adds_up() {
    let fixtures = case(&[("deeds", "count"), ("deeds", "count"), ("deeds", "panic"), ("other", "count")]);
    let adapter = adapter(&sandbox(), "tests/evil");
    let traffic = [fixtures.cases[0].traffic(adapter.contract()).unwrap()];
    let ticks = std::cell::Cell::new(0);
    let clock = || {
        ticks.set(ticks.get() + 1000);
        ticks.get()
    };
    let measured = measure(&adapter, &traffic, 3, clock).unwrap();
    assert_eq!((measured.packets, measured.bytes, measured.rounds, measured.failed), (3, 15, 3, 1));
    assert!(measured.fuel_per_packet > 0);
    // Every reading of the clock is a microsecond later: one call of all three, and one each.
    assert_eq!((measured.p50_us, measured.p99_us, measured.packets_per_second), (1.0, 1.0, 3e6));
}
