//! What is written for a person: it steers no terminal, has an end, and never stops the work.

use crate::support::{Place, Ran, cmd368, full, text};
use antigravity_tests::{component, sandbox};
use serde_json::json;
use std::path::Path;

/// What clears a screen, rings, begins a command in one byte, and turns the direction of writing.
pub const EVIL: &str = "\u{1b}[2J\u{7}\u{9b}31m\u{202e}\u{2066}";

#[track_caller]
pub fn harmless(shown: &str) {
    let evil = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2066}');
    assert!(!shown.contains(evil), "{shown:?}");
}

#[test]
fn nothing_from_outside_steers_a_terminal() {
    let place = Place::new();
    let name = json!(format!("Vi{EVIL}")).to_string();
    let body = full(1, "0.91", "-0.99").replace("Viborg", name.trim_matches('"'));
    let mut packet = cmd368(0, &body);
    packet["account"] = json!(EVIL);
    let mut odd = cmd368(30, "<html>");
    odd["account"] = json!(EVIL);
    let file = place.capture("evil.capture.ndjson", &[packet, odd]);
    let evil = place.path(&format!("a{EVIL}.capture.ndjson"));
    std::fs::copy(&file, &evil).unwrap();

    let args = ["replay", text(&evil), "--format", "table"];
    let table = Ran::of(place.command(args).env("ANTIGRAVITY_LOG", "trace")).ok();
    assert!(table.out.contains("Vi\u{fffd}[2J"), "{}", table.out);
    let lines = place.replay(&file).ok();
    assert!(lines.lines("quote")[0]["home"].as_str().unwrap().contains(EVIL), "lines of JSON say what it is");

    let cut = place.file(&format!("{EVIL}cut.capture.ndjson"), format!("{}\n{{", crate::support::HEADER));
    let shown = [
        table,
        place.run(["capture", "inspect", text(&evil)]).ok(),
        place.run(["capture", "inspect", text(&cut)]).ok().says(&["is cut off"]),
        place.replay(&cut).ok().says(&["is cut off"]),
        place.replay(&place.path(&format!("none{EVIL}"))).fails(2),
        place.run(["replay", text(&file), "--mark", &format!("A:{EVIL}")]).fails(2),
        place.run(["adapter", "inspect", text(&evil)]).fails(2),
        place.run(["adapter", "test", text(&place.path(EVIL))]).fails(2),
    ];
    for ran in shown {
        harmless(&ran.err);
        if !ran.out.starts_with('{') {
            harmless(&ran.out);
        }
    }
}

#[test]
fn one_event_of_the_log_is_one_harmless_line() {
    let place = Place::new();
    let mut packet = cmd368(0, "panic");
    packet["url"] = json!("https://book.example/deeds");
    let account = format!("{EVIL}\nERROR made up");
    packet["account"] = json!(account);
    let file = place.capture("evil.capture.ndjson", &[packet]);
    let adapters = place.path("adapters");
    std::fs::create_dir(&adapters).unwrap();
    std::fs::copy(component(&sandbox(), "tests/evil"), adapters.join("evil.wasm")).unwrap();
    let mark = format!("{account}:evil");
    let ran = place.replay_with(&file, &["--adapters", text(&adapters), "--mark", &mark]).ok();
    assert_eq!((ran.err.lines().count(), ran.err.contains("failed twice")), (1, true), "{}", ran.err);
    harmless(&ran.err);
}

#[test]
fn a_message_has_an_end() {
    let place = Place::new();
    let field = "x".repeat(1_000_000);
    let contract = format!("{{\"antigravity_contract\":1,\"{field}\":1}}");
    let file = place.file("wrong.wasm", component_saying(&contract));
    let ran = place.run(["adapter", "inspect", text(&file)]).fails(2).says(&[text(&file), "xxx … xxx"]);
    assert!(ran.err.len() < 3000, "{}", ran.err.len());
}

/// A component that exports what an adapter exports, with this contract.
fn component_saying(contract: &str) -> Vec<u8> {
    let text = "(component (instance $i) (export \"antigravity:adapter/decoder@0.1.0\" (instance $i)))";
    let mut bytes = wat::parse_str(text).unwrap();
    let name = "antigravity:contract";
    let mut section = number(name.len());
    section.extend(name.bytes().chain(contract.bytes()));
    bytes.push(0);
    bytes.extend(number(section.len()));
    bytes.extend(section);
    bytes
}

/// A number as WebAssembly writes it.
fn number(mut n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n > 0x7f {
        bytes.push(u8::try_from(n & 0x7f).unwrap() | 0x80);
        n >>= 7;
    }
    bytes.push(u8::try_from(n).unwrap());
    bytes
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_said_stops_nothing() {
    let place = Place::new();
    let sound = place.capture("sound.capture.ndjson", &[cmd368(0, &full(1, "0.91", "-0.99"))]);
    let cut = std::fs::read_to_string(&sound).unwrap() + "{";
    let cut = place.file("cut.capture.ndjson", cut);
    let ran = |file: &Path| {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = place.command(["replay", text(file), "--emit", "quotes,board,ledger"]);
        Ran::from(command.env("ANTIGRAVITY_LOG", "trace").stderr(full).output().unwrap())
    };
    assert_eq!(ran(&cut).ok().out, place.replay(&sound).ok().out);
    assert_eq!(ran(Path::new("none")).code, Some(2));
}

#[test]
fn a_log_level_that_is_none_is_said() {
    let place = Place::new();
    let file = place.capture("sound.capture.ndjson", &[cmd368(0, &full(1, "0.91", "-0.99"))]);
    let ran = |level: &str| {
        Ran::of(place.command(["capture", "inspect", text(&file)]).env("ANTIGRAVITY_LOG", level)).ok().err
    };
    for bad in ["debg", "antigravity=loud"] {
        let said = ran(bad);
        assert!(said.starts_with(&format!("warning: ANTIGRAVITY_LOG: {bad}: ")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    for good in ["", "error", "DEBUG", "off", "warn,antigravity_engine=debug", "antigravity_engine"] {
        assert_eq!(ran(good), "", "{good}");
    }
}

/// Pipes give what they hold once.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_not_read_twice() {
    let place = Place::new();
    let file = place.capture("sound.capture.ndjson", &[cmd368(0, &full(1, "0.91", "-0.99"))]);
    let pipe = place.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    place.run(["replay", text(&pipe)]).fails(2).says(&[text(&pipe), "cannot be read twice", "--mark"]);
    let writer = std::thread::spawn({
        let (pipe, file) = (pipe.clone(), file.clone());
        move || std::fs::copy(file, pipe).unwrap()
    });
    let ran = place.replay_with(&pipe, &["--mark", "A:cmd368"]).ok();
    writer.join().unwrap();
    assert_eq!(ran.out, place.replay_with(&file, &["--mark", "A:cmd368"]).ok().out);
    // A file on standard input is a file.
    let mut command = place.command(["replay", "/dev/stdin", "--emit", "quotes,board,ledger"]);
    let ran = Ran::of(command.stdin(std::fs::File::open(&file).unwrap())).ok();
    assert_eq!(ran.out, place.replay(&file).ok().out);
}

/// A thread's stack of this size fits into no memory.
#[cfg(target_os = "linux")]
#[test]
fn where_no_thread_is_left_that_is_said() {
    let place = Place::new();
    let packet = |account: &str| {
        let mut packet = cmd368(0, &full(1, "0.91", "-0.99"));
        packet["account"] = json!(account);
        packet
    };
    let file = place.capture("two.capture.ndjson", &[packet("A"), packet("B")]);
    let args = |threads| ["replay", text(&file), "--threads", threads, "--emit", "quotes,board,ledger"];
    // Compiled components are kept; to compile takes threads too.
    let whole = place.run(args("2")).ok();
    let ran =
        |threads| Ran::of(place.command(args(threads)).env("RUST_MIN_STACK", (1_u64 << 50).to_string()));
    ran("2").fails(1).says(&["a thread cannot be started"]);
    assert_eq!(ran("1").ok().out, whole.out);
}
