//! Drift through the program: what is learned of one capture and found changed in the next.

use crate::support::{Place, Ran, at, text};
use antigravity_tests::root;
use serde_json::{Value, json};
use std::path::Path;

/// A packet of the shop that the frozen components read, each 10 s after the one before.
fn packet(second: u32, body: &Value) -> Value {
    json!({"at": at(second), "account": "A", "connection": "c1", "transport": "http", "direction": "received",
        "method": "POST", "url": "https://a.example/shop/list?view=all", "status": 200, "request_body": "view=odds",
        "body": body.to_string()})
}

fn body(number: u32) -> Value {
    let odds = [format!("0.{}", 50 + number % 40), "-0.99".to_owned()];
    json!({"id": number, "home": "Viborg Kammeraterne", "away": "Aalesund Ørn", "line": "-0.25", "odds": odds,
        "more": {"tv": number.is_multiple_of(2)}})
}

/// So many packets, of which those from `from` on are changed.
fn capture(
    place: &Place,
    name: &str,
    count: u32,
    from: u32,
    change: impl Fn(&mut Value),
) -> std::path::PathBuf {
    let packets = (0..count).map(|number| {
        let mut body = body(number);
        if number >= from {
            change(&mut body);
        }
        packet(number * 10, &body)
    });
    place.capture(name, &packets.collect::<Vec<_>>())
}

fn replay(place: &Place, file: &Path, more: &[&str]) -> Ran {
    let (adapters, db) = (root().join("tests/frozen/0.2"), place.path("ag.sqlite"));
    let args = [
        "replay",
        text(file),
        "--adapters",
        text(&adapters),
        "--mark",
        "A:frozen",
        "--emit",
        "ledger",
        "--db",
        text(&db),
    ];
    place.run(args.iter().chain(more))
}

fn contract(place: &Place, args: &[&str]) -> Ran {
    let db = place.path("ag.sqlite");
    place.run([&["contract"], args, &["--db", text(&db)]].concat())
}

fn warnings(ran: &Ran) -> Vec<&str> {
    ran.err.lines().filter(|line| line.contains("drift: ")).collect()
}

/// A field that the contract demands is renamed in the middle of the second capture.
#[test]
fn a_renamed_field_is_told_kept_and_exported() {
    let place = Place::new();
    let sound = root().join("tests/program/fixtures/polls.capture.ndjson");
    let ran = replay(&place, &sound, &[]).ok().counts(60, &[("parsed", 60)]);
    assert_eq!(ran.err, "");
    let lines = std::fs::read_to_string(sound).unwrap();
    let changed = lines.lines().enumerate().map(|(number, line)| match number {
        0..=30 => format!("{line}\n"),
        _ => format!("{}\n", line.replace(r#"\"odds\""#, r#"\"prices\""#)),
    });
    let changed = place.file("changed.capture.ndjson", changed.collect::<String>());
    let ran = replay(&place, &changed, &[]).ok().counts(60, &[("parsed", 30), ("rejected", 30)]);
    let [told] = warnings(&ran)[..] else { panic!("{}", ran.err) };
    assert!(told.starts_with("warning: drift: frozen:list is version 2 since 2026-03-14T11:0"), "{told}");
    assert!(told.contains("odds is gone (array, in ") && told.contains(" [declared]"), "{told}");

    let list: Value = serde_json::from_str(&contract(&place, &["list", "--json"]).ok().out).unwrap();
    assert_eq!((&list["version"], &list["touches_declared"]), (&json!(2), &json!(true)));
    let shown = contract(&place, &["show", "frozen:list"]).ok().out;
    for line in [
        "frozen:list version 1, since 2026-03-14T11:00:00Z",
        "frozen:list version 2",
        "odds is gone",
        "prices[]",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let directory = place.path("observed");
    contract(&place, &["export", text(&directory)]).ok();
    let written: Value =
        serde_json::from_slice(&std::fs::read(directory.join("frozen-list-v2.json")).unwrap()).unwrap();
    assert!(written["shape"]["paths"]["prices[]"]["seen"].as_u64() > Some(0), "{written}");
    assert_eq!(written["changes"], list["changes"]);
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 2);
}

/// What the contract does not name changes its type: it is told, and breaks nothing.
#[test]
fn another_type_of_what_nobody_promised_is_told_apart() {
    let place = Place::new();
    let file = capture(&place, "a.capture.ndjson", 80, 40, |body| body["more"]["tv"] = json!("yes"));
    let ran = replay(&place, &file, &["--threads", "1"]).ok().counts(80, &[("parsed", 80)]);
    let [told] = warnings(&ran)[..] else { panic!("{}", ran.err) };
    assert!(told.ends_with(": more.tv is string and was boolean"), "{told}");
    for threads in ["2", "8"] {
        let again = Place::new();
        let file = capture(&again, "a.capture.ndjson", 80, 40, |body| body["more"]["tv"] = json!("yes"));
        assert_eq!(replay(&again, &file, &["--threads", threads]), ran, "{threads} threads");
        assert_eq!(
            contract(&again, &["show", "frozen", "--json"]),
            contract(&place, &["show", "frozen", "--json"])
        );
    }
}

#[test]
fn what_was_not_observed_is_said() {
    let place = Place::new();
    contract(&place, &["list"]).fails(2).says(&["there is no such database"]);
    let file = capture(&place, "a.capture.ndjson", 3, 3, |_| ());
    replay(&place, &file, &[]).ok();
    contract(&place, &["show", "frozen:race"])
        .fails(2)
        .says(&["frozen:race: nothing of it was observed in "]);
    contract(&place, &["show", "FROZEN:list"]).ok();
    let file = place.file("taken", "");
    contract(&place, &["export", text(&file)]).fails(1).says(&["taken"]);
}

/// What is still read is not relied on: a declared field is of another type than it ever was.
#[test]
fn what_is_read_of_a_stream_that_is_invalid_is_stale() {
    let place = Place::new();
    let changed =
        capture(&place, "retyped.capture.ndjson", 60, 40, |body| body["id"] = json!(body["id"].to_string()));
    let stale = |ran: &Ran| {
        let last = ran.lines("board").into_iter().filter(|line| line["seq"] == 60).collect::<Vec<_>>();
        assert!(!last.is_empty(), "{}", ran.out);
        last.iter().all(|line| line["stale"] == true)
    };
    let ran = replay(&place, &changed, &["--emit", "board"]).ok();
    let [told] = warnings(&ran)[..] else { panic!("{}", ran.err) };
    assert!(told.contains("id is retyped") || told.contains("[declared]"), "{told}");
    assert!(stale(&ran));
    let sound = capture(&place, "sound.capture.ndjson", 60, 60, |_| {});
    assert!(!stale(&replay(&Place::new(), &sound, &["--emit", "board"]).ok()));
}
