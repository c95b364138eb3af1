//! `antigravity adapter …` and `doctor`: what an adapter's author does.

use crate::support::{Place, Ran, at, cmd368, full, text};
use antigravity_tests::{components, root};
use serde_json::{Value, json};

/// The names of the folders of all adapters.
fn providers() -> Vec<String> {
    let folders = antigravity_authoring::workspace_adapters(&root()).unwrap();
    folders.iter().map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Of `cmd368@0.1.0` its provider.
fn provider(name: &Value) -> String {
    name.as_str().unwrap().split_once('@').unwrap().0.to_owned()
}

fn newcomer(place: &Place, out: &str) -> Ran {
    let folder = root().join("tests/newcomer");
    place.run(["adapter", "build", text(&folder), "--out", text(&place.path(out))])
}

#[test]
fn adding_a_provider_is_adding_one_file() {
    let place = Place::new();
    let packet = json!({"at": at(10), "account": "A", "connection": "n1", "transport": "http", "direction": "received",
        "method": "GET", "url": "https://new.example/feed/livegames/1", "status": 200,
        "body": "{\"id\":\"77\",\"home\":\"X\",\"away\":\"Y\",\"odds\":[\"1.91\",\"2.02\"]}"});
    let packets = [cmd368(0, &full(1, "0.91", "-0.99")), packet];
    let file = place.capture("two.capture.ndjson", &packets);
    let adapters = place.path("adapters");
    std::fs::create_dir(&adapters).unwrap();
    std::fs::copy(components().join("cmd368.wasm"), adapters.join("cmd368.wasm")).unwrap();
    let replay = || place.replay_with(&file, &["--adapters", text(&adapters)]).ok();
    let before = replay().counts(2, &[("parsed", 1), ("unmatched", 1)]);
    let built = newcomer(&place, "adapters").ok();
    assert!(built.out.starts_with("newcomer@0.1.0"), "{}", built.out);
    let after = replay().counts(2, &[("parsed", 2)]);
    let known: Vec<Value> =
        after.lines("quote").into_iter().filter(|line| line["provider"] == "cmd368").collect();
    assert_eq!(known, before.lines("quote"));
    let new: Vec<Value> =
        after.lines("quote").into_iter().filter(|line| line["provider"] == "newcomer").collect();
    let prices: Vec<_> = new.iter().map(|line| (&line["selection"], &line["price"]["value"])).collect();
    assert_eq!(prices, [(&json!("home"), &json!("1.91")), (&json!("away"), &json!("2.02"))]);
}

#[test]
fn every_fixture_of_every_adapter_passes() {
    let ran = Place::new().run(["adapter", "test", "--all", "--json"]).ok();
    let reports: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.iter().map(|report| provider(&report["adapter"])).collect::<Vec<_>>(), providers());
    for report in &reports {
        assert_eq!(report.as_object().unwrap().keys().collect::<Vec<_>>(), ["adapter", "cases"]);
        let cases = report["cases"].as_array().unwrap();
        assert!(cases.len() >= 6, "{}: at least six cases", report["adapter"]);
        for case in cases {
            assert!(case["fuel"].as_u64() > Some(0) || case["packets"] == 0, "{case}");
            assert!(case["passed"] == true && case["diff"] == "" && case["name"].is_string(), "{case}");
        }
    }
}

#[test]
fn a_fixture_that_fails_is_exit_1_and_shows_what_differs() {
    let place = Place::new();
    let folder = root().join("tests/newcomer");
    let ran = place.run(["adapter", "test", text(&folder)]).fails(1).says(&["error: 1 case failed"]);
    for part in ["FAILED  newcomer@0.1.0  broken", "ok      newcomer@0.1.0  kept", "1 of 2 cases passed"] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
    let ran = place.run(["adapter", "test", text(&folder), "--json"]).fails(1);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["adapter"], "newcomer@0.1.0");
    assert_eq!((&report["cases"][0]["passed"], &report["cases"][1]["passed"]), (&json!(false), &json!(true)));
    let diff: Vec<&str> = report["cases"][0]["diff"].as_str().unwrap().lines().collect();
    assert_eq!((diff.len(), diff[1]), (3, "@ packet 1"), "{diff:?}");
    assert!(diff[0].starts_with("- ") && diff[0].contains("\"value\":\"2.20\""), "{diff:?}");
    let expected =
        diff[0].replace("- ", "+ ").replace("\"2.20\"", "\"2.02\"").replace("2.200000", "2.020000");
    assert_eq!(diff[2], expected, "in the order of a quote line");
}

#[test]
fn a_component_carries_its_fixtures() {
    let place = Place::new();
    let built = newcomer(&place, "out").ok();
    assert!(built.out.contains("  2 fixtures  "), "{}", built.out);
    let file = place.path("out/newcomer.wasm");
    let ran = place.run(["adapter", "test", text(&file), "--json"]).fails(1).says(&["error: 1 case failed"]);
    let folder = root().join("tests/newcomer");
    let of_folder = place.run(["adapter", "test", text(&folder), "--json"]).fails(1);
    assert_eq!(ran.out, of_folder.out, "the same cases with the same results");
    let nothing = components().join("../tests/evil.wasm");
    if nothing.is_file() {
        place.run(["adapter", "test", text(&nothing)]).fails(2).says(&["evil.wasm: no fixtures"]);
    }
}

#[test]
fn what_is_no_adapter_s_folder_is_named() {
    let place = Place::new();
    std::fs::create_dir(place.path("none")).unwrap();
    let folder = place.path("none");
    place.run(["adapter", "build", text(&folder)]).fails(2).says(&[text(&folder), "no Cargo.toml"]);
    let empty = root().join("tests/evil");
    place.run(["adapter", "test", text(&empty)]).fails(2).says(&["tests/evil/fixtures"]);
}

#[test]
fn inspect_reads_the_contract_from_the_file() {
    let place = Place::new();
    let file = components().join("cmd368.wasm");
    let ran = place.run(["adapter", "inspect", text(&file), "--json"]).ok();
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["bytes"].as_u64(), Some(std::fs::metadata(&file).unwrap().len()));
    assert_eq!((&value["imports"], value["sha256"].as_str().map(str::len)), (&json!(0), Some(64)));
    let contract = &value["contract"];
    assert_eq!((&contract["provider"], &contract["stale_after_ms"]), (&json!("cmd368"), &json!(90_000)));
    let shown = place.run(["adapter", "inspect", text(&file)]).ok();
    assert!(shown.out.contains("cmd368@0.1.0") && shown.out.contains("DataOdds.ashx"), "{}", shown.out);
}

#[test]
fn list_and_doctor_find_the_adapters() {
    let place = Place::new();
    let ran = place.run(["adapter", "list", "--json"]).ok();
    let name = |line| provider(&serde_json::from_str::<Value>(line).unwrap()["adapter"]);
    assert_eq!(ran.out.lines().map(name).collect::<Vec<_>>(), providers());
    let findings: Value = serde_json::from_str(&place.run(["doctor", "--json"]).ok().out).unwrap();
    assert!(findings.as_array().unwrap().iter().all(|finding| finding["ok"] == true), "{findings}");
    let nothing = Ran::of(place.command(["doctor"]).env("ANTIGRAVITY_ADAPTERS", place.path("none")));
    assert!(nothing.clone().fails(1).out.contains("antigravity adapter build --all"), "{}", nothing.out);
}

#[test]
fn every_adapter_conforms() {
    let ran = Place::new().run(["adapter", "check", "--all", "--json"]).ok();
    let reports: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.iter().map(|report| provider(&report["adapter"])).collect::<Vec<_>>(), providers());
    for report in &reports {
        for check in report["checks"].as_array().unwrap() {
            let fine = check["passed"] == true || check["severity"] == "warning";
            assert!(fine && !check["detail"].as_str().unwrap().is_empty(), "{}: {check}", report["adapter"]);
        }
    }
    assert_eq!(ran.err, "");
}

#[test]
fn check_names_what_a_file_is_not() {
    let place = Place::new();
    let module = place.file("module.wasm", wat::parse_str("(module)").unwrap());
    let ran = place.run(["adapter", "check", text(&module)]).fails(1).says(&["error: 1 check failed"]);
    assert!(
        ran.out.contains("FAILED   world             it is a core module, not a component"),
        "{}",
        ran.out
    );
    let importing =
        place.file("importing.wasm", wat::parse_str("(component (import \"x\" (func)))").unwrap());
    let ran = place.run(["adapter", "check", text(&importing), "--json"]).fails(1);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&report["checks"][0]["name"], &report["checks"][0]["passed"]),
        (&json!("imports"), &json!(false))
    );
    place.run(["adapter", "check", text(&place.path("none.wasm"))]).fails(2).says(&["none.wasm"]);
}
