//! The loop of an adapter's author: `adapter new`, `bless`, `fuzz`, `bench`, `capture fixture`.

use crate::support::{Place, Ran, at, cmd368, full, text};
use antigravity_tests::{components, root};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The program, with one directory for what the folders of all these tests are built to: what they
/// depend on is compiled once.
fn author<'a>(place: &Place, args: impl IntoIterator<Item = &'a str>) -> Ran {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors");
    Ran::of(place.command(args).env("CARGO_TARGET_DIR", target))
}

/// A copy of the smallest adapter's folder, built where the original is.
fn newcomer_copy(place: &Place) -> PathBuf {
    let folder = place.path("newcomer");
    let original = root().join("tests/newcomer");
    let sdk = root().join("adapters/sdk");
    // A name of its own: all these tests build to one directory, and at the same time.
    let own: String = text(&place.path("")).bytes().map(|byte| format!("{byte:02x}")).collect();
    let own = &own[own.len().saturating_sub(24)..];
    let manifest = format!(
        "[package]\nname = \"antigravity-adapter-copy-{own}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
        [lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n\n[workspace]\n\n[dependencies]\n"
    );
    place.file("newcomer/Cargo.toml", format!("{manifest}antigravity-sdk = {{ path = {:?} }}\n", text(&sdk)));
    std::fs::copy(root().join("Cargo.lock"), place.path("newcomer/Cargo.lock")).unwrap();
    place.file("newcomer/src/lib.rs", std::fs::read(original.join("src/lib.rs")).unwrap());
    for case in ["broken", "kept"] {
        for name in ["packets.capture.ndjson", "expected.ndjson"] {
            let path = format!("fixtures/{case}/{name}");
            place.file(&format!("newcomer/{path}"), std::fs::read(original.join(&path)).unwrap());
        }
    }
    folder
}

#[test]
fn bless_shows_what_differs_and_asks() {
    let place = Place::new();
    let folder = newcomer_copy(&place);
    let expected = folder.join("fixtures/broken/expected.ndjson");
    let before = std::fs::read_to_string(&expected).unwrap();
    let ran = place
        .run(["adapter", "bless", text(&folder)])
        .fails(2)
        .says(&["broken: nobody is there to ask", "--yes"]);
    assert!(ran.out.contains("        - {") && ran.out.contains("        + {"), "{}", ran.out);
    assert_eq!(std::fs::read_to_string(&expected).unwrap(), before);
    place
        .run(["adapter", "bless", text(&folder), "--case", "none", "--yes"])
        .fails(2)
        .says(&["no fixture `none`"]);
    let ran = author(&place, ["adapter", "bless", text(&folder), "--case", "broken", "--yes"]).ok();
    assert!(ran.out.contains("written     broken") && !ran.out.contains("kept"), "{}", ran.out);
    author(&place, ["adapter", "test", text(&folder)]).ok();
    let ran = author(&place, ["adapter", "bless", text(&folder)]).ok();
    assert_eq!(ran.out, "as it was  broken\nas it was  kept\n");
    // Fields that may be left out stay where they are named, and so does the ledger.
    let kept = folder.join("fixtures/kept/expected.ndjson");
    let mut named: Vec<Value> = std::fs::read_to_string(&kept)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    named[0]["seq"] = json!(99);
    named.push(json!({"type": "ledger", "captured": 9}));
    place.file(
        "newcomer/fixtures/kept/expected.ndjson",
        named.iter().map(|l| format!("{l}\n")).collect::<String>(),
    );
    author(&place, ["adapter", "bless", text(&folder), "--yes"]).ok();
    let written = std::fs::read_to_string(&kept).unwrap();
    let lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["seq"], lines[0].get("adapter")), (&json!(1), None), "{written}");
    assert_eq!(lines.last().unwrap()["type"], "ledger", "{written}");
    assert!(!written.contains("reasons"), "{written}");
    // A case that expects nothing yet fails, and the others are run.
    std::fs::remove_file(&kept).unwrap();
    let ran = author(&place, ["adapter", "test", text(&folder)]).fails(1);
    for part in [
        "FAILED  newcomer@0.1.0  kept",
        "no expectation; `adapter bless` writes it",
        "ok      newcomer@0.1.0  broken",
    ] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                found.push(std::fs::read_to_string(&path).unwrap())
            }
        }
    }
    found
}

#[test]
fn a_new_adapter_passes_its_fixture_and_conforms() {
    let place = Place::new();
    for profile in ["auto-push", "path-session", "event-driven"] {
        let folder = place.path(profile);
        author(&place, ["adapter", "new", profile, "--profile", profile, "--out", text(&folder)]).ok();
        let ran = author(&place, ["adapter", "test", text(&folder)]).ok();
        assert!(ran.out.contains("1 of 1 cases passed"), "{}", ran.out);
        let ran = author(&place, ["adapter", "check", text(&folder), "--json"]).ok();
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        assert!(report["checks"].as_array().unwrap().iter().all(|check| check["passed"] == true), "{report}");
    }
    let native = std::process::Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--manifest-path", text(&place.path("auto-push/Cargo.toml"))])
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors"))
        .output()
        .unwrap();
    assert!(native.status.success(), "{}", String::from_utf8_lossy(&native.stderr));
}

#[test]
fn new_refuses_what_it_cannot_make() {
    let place = Place::new();
    let new = |name: &str, out: &str| {
        author(&place, ["adapter", "new", name, "--profile", "auto-push", "--out", out])
    };
    let folder = place.path("x");
    for name in ["Acme", "a_b", "1x", "", "x-"] {
        new(name, text(&folder)).fails(2).says(&["a name must be 1 to 40 of"]);
    }
    assert!(!folder.exists());
    place.file("taken/file", "");
    new("acme", text(&place.path("taken"))).fails(2).says(&["there is something already"]);
    let elsewhere =
        Ran::of(place.bare(["adapter", "new", "acme", "--profile", "auto-push"]).current_dir("/"));
    elsewhere.fails(2).says(&["the SDK", "checkout"]);
    let nothing = place.capture("nothing.capture.ndjson", &[cmd368(0, "{}")]);
    author(
        &place,
        [
            "adapter",
            "new",
            "acme",
            "--profile",
            "auto-push",
            "--out",
            text(&folder),
            "--from-capture",
            text(&nothing),
        ],
    )
    .fails(1)
    .says(&["nothing in the capture looks like odds"]);
}

/// A packet of a provider that nobody reads yet, whose body names a host and holds a secret.
fn unknown(second: u32, price: &str) -> Value {
    let body = json!({"rev": second, "token": "w5Xk0tBi7zMs9lPvCy36", "matches": [{"matchId": 7001 + second, "homeTeam": "Alba Rovers",
        "awayTeam": "Corvo United", "kickOff": "2026-03-14T18:00:00Z", "logo": "https://cdn.bookie-host.net/7.png",
        "prices": {"over": price, "under": "1.95"}}]});
    json!({"at": at(second), "account": "A", "connection": "c1", "transport": "http", "direction": "received", "method": "GET",
        "page": "https://www.bookie-host.net/(S(k3yk3yk3yk3yk3yk3yk3yk3y))/sports", "status": 200,
        "url": format!("https://api.bookie-host.net/(S(k3yk3yk3yk3yk3yk3yk3yk3y))/v2/feed/{}/prices?lang=en", 900 + second),
        "body": body.to_string()})
}

#[test]
fn a_capture_proposes_endpoints_schemas_and_fields() {
    let place = Place::new();
    let news = json!({"at": at(9), "account": "A", "connection": "c1", "transport": "http", "direction": "received", "method": "GET",
        "url": "https://api.bookie-host.net/news", "status": 200, "body": "{\"headlines\":[\"x\"]}"});
    let header = r#"{"antigravity_capture":1}"#;
    let lines = [unknown(1, "1.87"), unknown(2, "1.91"), news];
    let lines = lines.iter().zip(1..).map(|(line, seq)| {
        let mut line = line.clone();
        line["seq"] = json!(seq);
        format!("{line}\n")
    });
    let capture = place.file("raw.capture.ndjson", format!("{header}\n{}", lines.collect::<String>()));
    let folder = place.path("bookie");
    let args = [
        "adapter",
        "new",
        "bookie",
        "--profile",
        "path-session",
        "--from-capture",
        text(&capture),
        "--out",
        text(&folder),
    ];
    let ran = author(&place, args).ok();
    assert!(ran.out.contains("1 endpoints proposed, 6 fields"), "{}", ran.out);
    let code = std::fs::read_to_string(folder.join("src/lib.rs")).unwrap();
    for part in [
        r#"http("prices", "**/v2/feed/*/prices").methods(&["GET"])"#,
        r#"{"type":"object","required":["matches","rev","token"],"properties":{"matches":{"type":"array"},"#,
        "Profile::PathSession",
    ] {
        assert!(code.contains(part), "{part} is missing in {code}");
    }
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    for part in [
        "| `/matches/*/prices/over` | odds | 1.87 |",
        "| `/matches/*/kickOff` | time",
        "| `/matches/*/homeTeam` | name",
    ] {
        assert!(readme.contains(part), "{part} is missing in {readme}");
    }
    for file in files(&folder) {
        for kept_out in ["bookie-host", "w5Xk0tBi7zMs9lPvCy36", "k3yk3y"] {
            assert!(!file.contains(kept_out), "{kept_out} stands in {file}");
        }
    }
    let ran = author(&place, ["adapter", "test", text(&folder)]).ok();
    assert!(ran.out.contains("1 of 1 cases passed"), "{}", ran.out);
}

#[test]
fn a_fixture_is_cut_to_what_its_packet_needs() {
    let place = Place::new();
    // Each body is whole; a second event and a packet of nobody are not needed for the last price.
    let other = json!({"at": at(30), "account": "A", "connection": "c1", "transport": "http", "direction": "received",
        "method": "GET", "url": "https://p12.example/weather", "status": 200, "body": "{}"});
    let lines = [
        cmd368(0, &full(1, "0.91", "-0.99")),
        cmd368(10, &full(2, "0.93", "-0.98")),
        other,
        cmd368(40, &full(3, "0.95", "-0.97")),
    ];
    let capture = place.capture("long.capture.ndjson", &lines);
    let cut = |packet: &str, out: &str| {
        place.run(["capture", "fixture", text(&capture), "--packet", packet, "-o", text(&place.path(out))])
    };
    let ran = cut("4", "cut").ok();
    assert!(
        ran.out.contains("of 4 packets") && ran.out.contains("cmd368: parsed, 2 quote lines"),
        "{}",
        ran.out
    );
    let packets = std::fs::read_to_string(place.path("cut/packets.capture.ndjson")).unwrap();
    assert!(!packets.contains("weather") && !packets.contains("p12.example"), "{packets}");
    assert!(packets.len() < std::fs::metadata(&capture).unwrap().len() as usize / 2, "{packets}");
    let quotes = |file: &Path| {
        let mut lines = place.replay_with(file, &["--mark", "A:cmd368"]).ok().lines("quote");
        let last = lines.last().unwrap()["seq"].clone();
        lines.retain(|line| line["seq"] == last);
        lines.into_iter().map(|line| (line["event_id"].clone(), line["price"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(quotes(&place.path("cut/packets.capture.ndjson")), quotes(&capture));
    let expected = std::fs::read_to_string(place.path("cut/expected.ndjson")).unwrap();
    assert!(expected.lines().count() >= 2 && !expected.contains("\"seq\""), "{expected}");
    cut("9", "none").fails(2).says(&["long.capture.ndjson: there is no packet 9"]);
    cut("3", "none").fails(1).says(&["no adapter reads packet 3"]);
    cut("4", "cut").fails(2).says(&["there is something already"]);
    place
        .run([
            "capture",
            "fixture",
            text(&capture),
            "--packet",
            "4",
            "--account",
            "B",
            "-o",
            text(&place.path("none")),
        ])
        .fails(2)
        .says(&["there is no packet 4 of account B"]);
    assert!(components().is_dir() && !place.path("none").exists());
}

#[test]
fn fuzz_compares_with_the_same_code_natively() {
    let place = Place::new();
    let folder = newcomer_copy(&place);
    let fuzz = |more: &[&str]| {
        let kept = place.path("kept");
        let args = ["adapter", "fuzz", text(&folder), "--keep", text(&kept)];
        author(&place, args.into_iter().chain(more.iter().copied()))
    };
    let report: Value = serde_json::from_str(&fuzz(&["--runs", "60", "--json"]).ok().out).unwrap();
    assert!(report["packets"].as_u64() > Some(20), "{report}");
    assert_eq!((&report["compared"], &report["kept"]), (&report["packets"], &Value::Null));
    // An adapter that knows where it runs.
    let code = std::fs::read_to_string(folder.join("src/lib.rs")).unwrap();
    let knowing = code.replace(
        "Ok(Outcome::Parsed)",
        "if cfg!(target_arch = \"wasm32\") { sheet.remove_all(); }\n        Ok(Outcome::Parsed)",
    );
    assert_ne!(knowing, code);
    place.file("newcomer/src/lib.rs", knowing);
    let ran = fuzz(&["--runs", "60"]).fails(1);
    let again = ran.err.lines().find_map(|line| line.strip_prefix("again: ")).unwrap().to_owned();
    assert!(ran.err.contains("natively `nothing`") && ran.err.contains("1 packets kept"), "{}", ran.err);
    let seed = again.split("--seed ").nth(1).unwrap().split(' ').next().unwrap();
    assert_eq!(fuzz(&["--runs", "1", "--seed", seed]).fails(1).err, ran.err);
    let kept = place.path(&format!("kept/newcomer-fuzz-{seed}.capture.ndjson"));
    assert_eq!(
        place.run(["capture", "inspect", text(&kept), "--json"]).ok().out.matches("\"packets\":1").count(),
        2
    );
    // A component alone is compared with nothing.
    author(&place, ["adapter", "build", text(&folder), "--out", text(&place.path("out"))]).ok();
    let ran =
        author(&place, ["adapter", "fuzz", text(&place.path("out/newcomer.wasm")), "--runs", "20"]).ok();
    assert!(ran.out.contains("not compared with the same code natively"), "{}", ran.out);
}

#[test]
fn bench_measures_fixtures_and_captures() {
    let place = Place::new();
    let component = components().join("cmd368.wasm");
    let ran = place.run(["adapter", "bench", text(&component), "--rounds", "2", "--json"]).ok();
    let measured: Value = serde_json::from_str(&ran.out).unwrap();
    for field in
        ["packets", "bytes", "packets_per_second", "bytes_per_second", "fuel_per_packet", "p50_us", "p99_us"]
    {
        assert!(measured[field].as_f64() > Some(0.0), "{field}: {measured}");
    }
    assert!(measured["p50_us"].as_f64() <= measured["p99_us"].as_f64(), "{measured}");
    let capture =
        place.capture("two.capture.ndjson", &[cmd368(0, &full(1, "0.91", "-0.99")), cmd368(1, "{}")]);
    let ran = place.run(["adapter", "bench", text(&component), text(&capture), "--rounds", "2"]).ok();
    assert!(ran.out.starts_with("cmd368@0.1.0: 1 packets, "), "{}", ran.out);
}
