//! `antigravity replay`: order, shape and determinism of what it writes.

use crate::support::{Place, Ran, capture, cmd368, frame, full, image, text};
use antigravity_capture::{CaptureWriter, Header, Line};
use antigravity_core::Packet;
use antigravity_simulator::{Plan, Scenario, Settings};
use antigravity_tests::{component, components, sandbox};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What a browser would give: three simulated books on two accounts, with faults.
pub fn simulated(settings: &Settings) -> Vec<Packet> {
    Scenario::new(settings).collect()
}

pub fn write(path: &Path, packets: impl IntoIterator<Item = Packet>, redacted: bool) {
    let header = Header { redacted, ..Header::default() };
    let mut writer = CaptureWriter::create(path, &header).unwrap();
    for packet in packets {
        writer.write(&Line::Packet(packet).into()).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn bytes_do_not_depend_on_threads_runs_or_compression() {
    let place = Place::new();
    let settings = Settings { plan: Plan::everywhere(&["A", "B"], 0.05), ..Settings::demo() };
    let packets = simulated(&settings);
    let (plain, packed) = (place.path("s.capture.ndjson"), place.path("s.capture.ndjson.zst"));
    for path in [&plain, &packed] {
        write(path, packets.iter().cloned(), false);
    }
    let first = place.replay_with(&plain, &["--threads", "1"]).ok();
    assert!(first.lines("quote").len() > 1000 && first.lines("board").len() > 100);
    assert_eq!(first.ledger()["captured"].as_u64(), Some(packets.len() as u64));
    for threads in ["1", "2", "8", "0"] {
        assert_eq!(place.replay_with(&plain, &["--threads", threads]), first, "{threads} threads");
    }
    assert_eq!(place.replay(&packed), first, "compressed");
    for (name, value) in [("CI", "true"), ("NODE_ENV", "test")] {
        let args = ["replay", text(&plain), "--emit", "quotes,board,ledger"];
        assert_eq!(Ran::of(place.command(args).env(name, value)), first, "{name}={value}");
    }
    let cold = place.path("cache");
    let args = ["replay", text(&plain), "--emit", "quotes,board,ledger"];
    assert_eq!(Ran::of(place.command(args).env("XDG_CACHE_HOME", &cold)), first, "compiled anew");
    assert!(cold.join("antigravity/compiled").read_dir().unwrap().next().is_some());
}

#[test]
fn a_quote_line_is_as_the_readme_says() {
    let place = Place::new();
    let mut packets = vec![cmd368(0, &full(1, "0.90", "-0.96")), frame(5, &image())];
    packets.push(cmd368(30, &full(2, "-999", "-0.96")));
    let ran = place.replay(&place.capture("q.capture.ndjson", &packets)).ok();
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[0],
        concat!(
            r#"{"type":"quote","seq":1,"at":"2026-03-14T11:00:00Z","account":"A","provider":"cmd368","#,
            r#""adapter":"cmd368@0.1.0","event_id":"31000417","sport":"soccer","competition":"NORDIC PREMIER DIVISION","#,
            r#""home":"Viborg Kammeraterne","away":"Aalesund Ørn","title":null,"starts_at":"2026-03-14T12:45:00Z","#,
            r#""in_play":false,"market_id":"31000417-asian-handicap","market":"asian-handicap","period":"full-time","#,
            r#""line":"-0.75","selection":"home","runner":null,"side":"back","score":null,"level":1,"status":"open","#,
            r#""price":{"format":"malay","value":"0.90","decimal":"1.900000"},"available":null,"min_stake":null,"#,
            r#""max_stake":null,"currency":null}"#
        )
    );
    assert_eq!(
        lines[3],
        concat!(
            r#"{"type":"quote","seq":2,"at":"2026-03-14T11:00:05Z","account":"A","provider":"betfair","#,
            r#""adapter":"betfair@0.1.0","event_id":"34000001","sport":"horse-racing","competition":null,"#,
            r#""home":null,"away":null,"title":null,"starts_at":"2026-03-14T12:00:00Z","#,
            r#""in_play":false,"market_id":"1.240000001","market":"winner","period":"match","#,
            r#""line":null,"selection":"runner","runner":"5001","side":"lay","score":null,"level":1,"status":"open","#,
            r#""price":{"format":"decimal","value":"2.54","decimal":"2.540000"},"available":"12","min_stake":null,"#,
            r#""max_stake":null,"currency":null}"#
        )
    );
    let suspended: Value = serde_json::from_str(lines[4]).unwrap();
    assert_eq!((&suspended["status"], &suspended["price"]), (&json!("suspended"), &Value::Null));
    // Each packet's lines stand together, in packet order, then the board in its order, then the ledger.
    let kinds: Vec<String> = lines
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        kinds,
        ["quote"; 5].iter().chain(&["board"; 4]).chain(&["ledger"]).copied().collect::<Vec<_>>()
    );
    let board: Value = serde_json::from_str(lines[5]).unwrap();
    assert_eq!(
        (&board["provider"], &board["age_ms"], &board["stale"]),
        (&json!("betfair"), &json!(25_000), &json!(true))
    );
    assert!(lines[5].ends_with(r#""currency":null,"age_ms":25000,"stale":true}"#), "{}", lines[5]);
    assert!(lines[9].starts_with(r#"{"type":"ledger","captured":3,"parsed":3,"ignored":0,"unmatched":0,"not_contracted":0,"rejected":0,"failed":0,"dropped":0"#));
}

#[test]
fn only_what_is_asked_for_is_written() {
    let place = Place::new();
    let file = place.capture("one.capture.ndjson", &[cmd368(0, &full(1, "0.91", "-0.99"))]);
    let kinds = |emit: &str| {
        let ran = place.run(["replay", text(&file), "--emit", emit]).ok();
        let mut kinds: Vec<_> = ran
            .out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
            .collect();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds("quotes"), ["quote"]);
    assert_eq!(kinds("board"), ["board"]);
    assert_eq!(kinds("ledger"), ["ledger"]);
    assert_eq!(kinds("ledger,board,quotes"), ["quote", "board", "ledger"]);
    let table = place.run(["replay", text(&file), "--format", "table"]).ok();
    assert!(!table.out.contains("\"type\"") && table.out.contains("Viborg"), "{}", table.out);
    assert!(table.out.contains("not contracted"), "{}", table.out);
}

/// (account, seq) of the quote lines, repetitions left out.
fn order(ran: &Ran) -> Vec<(String, u64)> {
    let place = |line: &Value| (line["account"].as_str().unwrap().to_owned(), line["seq"].as_u64().unwrap());
    let mut order: Vec<_> = ran.lines("quote").iter().map(place).collect();
    order.dedup();
    order
}

#[test]
fn captures_merge_by_the_running_maximum_of_time_then_as_given_then_by_seq() {
    let place = Place::new();
    let make = |name: &str, seconds: &[u32]| {
        let packet = |(n, second): (u32, &u32)| cmd368(*second, &full(n, &format!("0.5{n}"), "-0.9"));
        place.capture(name, &(1..).zip(seconds).map(packet).collect::<Vec<_>>())
    };
    // The clock of the first goes back: its third packet counts as of second 50.
    let first = make("1.capture.ndjson", &[10, 50, 20, 60]);
    let second = make("2.capture.ndjson", &[10, 40, 50, 55]);
    let replay = |one: &str, two: &str| {
        place.run(["replay", one, two, "--emit", "quotes,ledger"]).ok().counts(8, &[("parsed", 8)])
    };
    let (first, second) = (text(&first), text(&second));
    let expected = |names: &str| {
        let pairs = names.split(' ').map(|name| (name[..1].to_owned(), name[1..].parse().unwrap()));
        pairs.collect::<Vec<(String, u64)>>()
    };
    let ran = replay(&format!("P={first}"), &format!("Q={second}"));
    assert_eq!(order(&ran), expected("P1 Q1 Q2 P2 P3 Q3 Q4 P4"));
    let ran = replay(&format!("Q={second}"), &format!("P={first}"));
    assert_eq!(order(&ran), expected("Q1 P1 Q2 Q3 P2 P3 Q4 P4"));
}

#[test]
fn marks_bind_these_and_no_others() {
    let place = Place::new();
    let mut packets = vec![cmd368(0, &full(1, "0.91", "-0.99")), frame(1, &image())];
    packets
        .push(json!({"at": "2026-03-14T11:00:02Z", "account": "B", "connection": "c1", "transport": "http",
        "direction": "received", "url": "https://other.example/nothing", "status": 200, "body": "{}"}));
    let file = place.capture("m.capture.ndjson", &packets);
    let all = place.replay(&file).ok().counts(3, &[("parsed", 2), ("unmatched", 1)]);
    let marked = place.replay_with(&file, &["--mark", "A:CMD368"]).ok();
    let marked = marked.counts(3, &[("parsed", 1), ("not_contracted", 1), ("unmatched", 1)]);
    assert!(marked.lines("quote").iter().all(|line| line["provider"] == "cmd368"));
    let both = place.replay_with(&file, &["--mark", "A:cmd368", "--mark", "A:betfair"]).ok();
    assert_eq!(both.out, all.out, "as if every provider that is recognised had been marked");
    let other = place.replay_with(&file, &["--mark", "B:cmd368"]).ok();
    let other = other.counts(3, &[("not_contracted", 2), ("unmatched", 1)]);
    assert_eq!(other.err, "", "it is an account of the capture");
    let typo = place.replay_with(&file, &["--mark", "A:cmd368", "--mark", "a:betfair"]).ok();
    assert_eq!(typo.err, "warning: --mark a:betfair: no packet is of account a\n");
}

#[test]
fn an_adapter_that_fails_costs_its_own_packets_and_keeps_them_for_repair() {
    let place = Place::new();
    let adapters = place.path("adapters");
    std::fs::create_dir(&adapters).unwrap();
    std::fs::copy(components().join("cmd368.wasm"), adapters.join("cmd368.wasm")).unwrap();
    std::fs::copy(component(&sandbox(), "tests/evil"), adapters.join("evil.wasm")).unwrap();
    let deed = |second: u32, body: &str| {
        let mut packet = cmd368(second, body);
        packet["url"] = json!("https://book.example/deeds");
        packet
    };
    let sound = [cmd368(0, &full(1, "0.91", "-0.99")), cmd368(30, &full(2, "0.92", "-0.98"))];
    let deeds = ["count", "panic", "spin", "count", "bad-utf8", "allocate", "count"];
    let mut packets = vec![sound[0].clone()];
    packets.extend((1..).zip(deeds).map(|(second, body)| deed(second, body)));
    packets.push(sound[1].clone());
    let file = place.capture("evil.capture.ndjson", &packets);
    let kept = place.path("kept");
    // Its contract says too little of its traffic to be recognised by it.
    let bound = ["--adapters", text(&adapters), "--mark", "A:cmd368", "--mark", "A:evil"];
    let more = [&bound[..], &["--keep-failed", text(&kept)]].concat();
    let ran = place.replay_with(&file, &more).ok().counts(9, &[("parsed", 5), ("failed", 4)]);
    let alone = place.replay(&place.capture("sound.capture.ndjson", &sound)).ok();
    let told = |ran: &Ran| {
        let mine = ran.lines("quote").into_iter().filter(|line| line["provider"] == "cmd368");
        mine.map(|line| (line["at"].clone(), line["price"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(&ran), told(&alone), "the neighbour lives");
    let mut names: Vec<PathBuf> = kept.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let expected = [(1, 3), (2, 4), (3, 6), (4, 7)]
        .map(|(number, seq)| kept.join(format!("00{number}-evil-A-{seq}.capture.ndjson")));
    assert_eq!(names, expected);
    // What was kept fails again, alone.
    place.replay_with(&names[0], &bound).ok().counts(1, &[("failed", 1)]);
}

#[test]
fn what_is_kept_of_several_captures_is_not_overwritten() {
    let place = Place::new();
    let evil = component(&sandbox(), "tests/evil");
    let make = |name: &str, second: u32| {
        let mut packet = cmd368(second, "panic");
        packet["url"] = json!("https://book.example/deeds");
        packet["account"] = json!("../A/1");
        place.capture(name, &[packet])
    };
    let (first, second) = (make("1.capture.ndjson", 1), make("2.capture.ndjson", 2));
    let kept = place.path("kept");
    let adapters = text(evil.parent().unwrap());
    let run = |captures: &[&str]| {
        let options = [
            "--adapters",
            adapters,
            "--mark",
            "../A/1:evil",
            "--emit",
            "ledger",
            "--keep-failed",
            text(&kept),
        ];
        place.run(["replay"].iter().chain(captures).chain(&options).copied()).ok();
    };
    run(&[text(&first), text(&second)]);
    // What an earlier run kept stays.
    run(&[text(&second)]);
    let names = kept.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert_eq!(names, ["001", "002", "003"].map(|number| format!("{number}-evil-.._A_1-1.capture.ndjson")));
    let at = |name: &String| std::fs::read_to_string(kept.join(name)).unwrap().contains("11:00:01Z");
    assert_eq!(names.iter().map(at).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    let packets = (1..2000).map(|n| cmd368(n, &full(n, &format!("0.{}", 100 + n % 800), "-0.9")));
    let file = place.file("many.capture.ndjson", capture(&packets.collect::<Vec<_>>()));
    let args = ["replay", text(&file), "--emit", "quotes,ledger"];
    let mut child = place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ran = child.wait_with_output().unwrap();
    assert!(first.starts_with("{\"type\":\"quote\",\"seq\":1,"));
    assert_eq!((ran.status.code(), String::from_utf8(ran.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn traffic_of_nobody_known_is_said_and_counted() {
    let place = Place::new();
    let packet = json!({"at": "2026-03-14T11:00:00Z", "transport": "http", "url": "https://other.example/", "body": "{}"});
    let file = place.capture("nobody.capture.ndjson", &[packet]);
    let ran = place.replay(&file).ok().counts(1, &[("unmatched", 1)]);
    assert!(ran.err.contains("no installed adapter recognises anything"), "{}", ran.err);
    let empty = place.capture("empty.capture.ndjson", &[]);
    place.replay(&empty).ok().counts(0, &[]);
}
