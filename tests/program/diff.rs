//! `adapter diff` through the program: two versions on the same traffic.

use crate::support::{Place, Ran, text};
use antigravity_tests::{component, root, sandbox, variant};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::OnceLock;

/// A mood of `tests/moody`, as a version of it.
fn moody(place: &Place, version: &str, mood: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| component(&sandbox(), "tests/moody"));
    place.file(&format!("{version}-{mood}.wasm"), variant(built, version, Some(mood)))
}

/// A capture of so many packets, each of an event of its own.
fn events(place: &Place, count: u64) -> PathBuf {
    let line = |n: u64| {
        let body = json!({"id": n.to_string(), "home": format!("Home {n}"), "away": format!("Away {n}"),
            "odds": ["1.91", "2.02"]});
        json!({"seq": n, "at": format!("2026-03-14T11:00:{:02}Z", n % 60), "transport": "http", "method": "GET",
            "url": "https://book.example/feed/moody/all", "status": 200, "body": body.to_string()})
    };
    place.capture("events.capture.ndjson", &(1..=count).map(line).collect::<Vec<_>>())
}

fn diff(place: &Place, args: &[&str]) -> Ran {
    Ran::of(&mut place.bare(["adapter", "diff"].iter().chain(args)))
}

#[test]
fn both_published_interfaces_say_the_same() {
    let place = Place::new();
    let file = |version: &str| root().join("tests/frozen").join(version).join("frozen.wasm");
    let (old, new, polls) =
        (file("0.1"), file("0.2"), root().join("tests/program/fixtures/polls.capture.ndjson"));
    let args = [text(&old), text(&new), text(&polls)];
    let table = diff(&place, &args).ok();
    assert!(table.out.contains("after each of 60 packets: "), "{}", table.out);
    assert!(!table.out.contains('→'), "{}", table.out);

    let json = diff(&place, &[&args[..], &["--json"]].concat()).ok();
    let [line] = &json.lines("diff")[..] else { panic!("{}", json.out) };
    assert_eq!(json.out.lines().count(), 1);
    let (old, new) = (&line["old"], &line["new"]);
    assert_eq!((&old["wit"], &new["wit"]), (&json!("0.1"), &json!("0.2")));
    assert_eq!(old["ledger"], new["ledger"]);
    assert_ne!(old["sha256"], new["sha256"]);
    assert_eq!((&line["packets"], &line["compared"]), (&json!(60), &line["equal"]));
    assert_eq!((&line["differ"], &line["fates"], &line["differences"]), (&json!({}), &json!([]), &json!(0)));
    assert!(line["at_end"]["compared"].as_u64() > Some(0));
}

#[test]
fn what_differs_is_shown_and_is_exit_1() {
    let place = Place::new();
    let (old, new) = (moody(&place, "0.1.0", "steady"), moody(&place, "0.1.1", "drops"));
    let events = events(&place, 45);
    let args = [text(&old), text(&new), text(&events)];
    let table = diff(&place, &args).fails(1).says(&["the versions differ: coverage 45"]);
    let rows = |out: &str| out.lines().filter(|line| line.contains("2.02 decimal → nothing")).count();
    assert_eq!(rows(&table.out), 40);
    assert!(table.out.contains("… and 5 more; --all shows them"), "{}", table.out);
    assert!(table.out.contains("Home 1 – Away 1"), "{}", table.out);
    let all = diff(&place, &[&args[..], &["--all"]].concat()).fails(1);
    assert_eq!(rows(&all.out), 45);

    let json = diff(&place, &[&args[..], &["--json"]].concat()).fails(1);
    let differences = json.lines("difference");
    assert_eq!(differences.len(), 45);
    let expected = json!({
        "type": "difference", "kind": "coverage", "event_id": "1",
        "quote": {"market_id": "1", "market": "moneyline", "period": "full-time", "line": null,
            "selection": "away", "runner": null, "side": "back", "level": 1},
        "old": "2.02 decimal", "new": null, "account": "A",
        "home": "Home 1", "away": "Away 1", "title": null,
        "first_seq": 1, "first_at": "2026-03-14T11:00:01Z", "last_seq": 45, "packets": 45,
        "at_end": {"old": "2.02 decimal", "new": null},
    });
    assert_eq!(differences[0], expected);
    let last: Value = serde_json::from_str(json.out.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["differ"]), (&json!("diff"), &json!({"coverage": 45})));
    assert_eq!((&last["differences"], &last["provider"]), (&json!(45), &json!("moody")));
    for threads in ["1", "2", "7"] {
        let again = diff(&place, &[&args[..], &["--json", "--threads", threads]].concat());
        assert_eq!(again, json, "{threads} threads");
    }
}

#[test]
fn fates_that_differ_are_a_difference() {
    let place = Place::new();
    let (old, new) = (moody(&place, "0.1.0", "refuses"), moody(&place, "0.1.1", "passes"));
    let events = events(&place, 3);
    let marked = [text(&old), text(&new), text(&events), "--mark", "A:moody"];
    let table = diff(&place, &marked)
        .fails(1)
        .says(&["packets with another fate 3", "neither version shows a quote"]);
    assert!(table.out.lines().any(|line| line.contains("rejected:") && line.contains("unmatched")));
}

#[test]
fn installed_versions_are_named_by_their_provider() {
    let place = Place::new();
    let events = events(&place, 3);
    for (version, mood) in [("0.1.0", "steady"), ("0.2.0", "jumps")] {
        let file = moody(&place, version, mood);
        Ran::of(&mut place.bare(["adapter", "install", text(&file), "--allow-unsigned"])).ok();
    }
    let names = |ran: &Ran| {
        let line = &ran.lines("diff")[0];
        [&line["old"]["adapter"], &line["new"]["adapter"]].map(|name| name.as_str().unwrap().to_owned())
    };
    let both = diff(&place, &["moody@0.1.0", "moody@0.2.0", text(&events), "--json"]).fails(1);
    assert_eq!(names(&both), ["moody@0.1.0", "moody@0.2.0"]);
    let used = diff(&place, &["moody", "moody@0.2.0", text(&events), "--json"]).ok();
    assert_eq!(names(&used), ["moody@0.2.0", "moody@0.2.0"]);
    diff(&place, &["moody", "moody@0.3.0", text(&events)])
        .fails(2)
        .says(&["moody@0.3.0", "nor installed in"]);
}

#[test]
fn what_cannot_be_compared_is_bad_input() {
    let place = Place::new();
    let (steady, events) = (moody(&place, "0.1.0", "steady"), events(&place, 3));
    let frozen = root().join("tests/frozen/0.2/frozen.wasm");
    let polls = root().join("tests/program/fixtures/polls.capture.ndjson");
    let (steady, events, frozen) = (text(&steady), text(&events), text(&frozen));
    let bad: [(&[&str], &str); 6] = [
        (&[steady, frozen, events], "only versions of one provider"),
        (&[steady, steady, text(&polls)], "neither version recognises moody"),
        (&[steady, "missing.wasm", events], "missing.wasm"),
        (&[steady, ".", events], "`antigravity adapter build .`"),
        (&[steady, steady, "missing.ndjson"], "missing.ndjson"),
        (&[steady, steady, events, "--mark", "A:frozen"], "A:frozen"),
    ];
    for (args, says) in bad {
        let ran = diff(&place, args).fails(2).says(&[says]);
        assert_eq!(ran.out, "");
    }
    diff(&place, &[steady, steady]).fails(2);
}
