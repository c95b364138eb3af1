//! `run`: traffic as if it arrived now, and adapters that come, go and are exchanged meanwhile.

use crate::support::{Place, Ran, capture};
use antigravity_tests::{component, sandbox, variant};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Packets of two accounts, seven events each, a hundredth of a second apart.
fn traffic(place: &Place, packets: usize) -> PathBuf {
    let packet = |n: usize| {
        let (account, event) = (["A", "B"][n % 2], n / 2 % 7);
        let price = |shift: usize| format!("{}.{:02}", 1 + (n + shift) % 3, (n * 7 + shift) % 100 + 1);
        let home = if n < 3_960 { format!("Home {event}") } else { "boom".to_owned() };
        let body = json!({"id": event.to_string(), "home": home, "away": format!("Away {event}"),
            "odds": [price(0), price(1)]});
        json!({"seq": n + 1, "at": format!("2026-09-08T11:00:{:02}.{:03}Z", n / 100, n % 100 * 10), "account": account,
            "connection": "c1", "transport": "http", "direction": "received", "method": "GET", "status": 200,
            "url": "https://book.example/feed/moody/all", "content_type": "application/json", "body": body.to_string()})
    };
    let packets: Vec<Value> = (0..packets).map(packet).collect();
    place.file("moody.capture.ndjson", capture(&packets))
}

/// A mood of `tests/moody`, as another version.
fn moody(version: &str, mood: &str) -> Vec<u8> {
    variant(&component(&sandbox(), "tests/moody"), version, Some(mood))
}

/// The program at work, with what it says on standard error line by line.
struct Running {
    child: Child,
    said: Receiver<String>,
    heard: Vec<String>,
    /// Read all the time: a full pipe would make it wait.
    out: std::thread::JoinHandle<String>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, said) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut stdout = child.stdout.take().unwrap();
        let out = std::thread::spawn(move || {
            let mut text = String::new();
            stdout.read_to_string(&mut text).unwrap();
            text
        });
        Self { child, said, heard: Vec::new(), out }
    }

    /// Waits until it says something with these words.
    #[track_caller]
    fn says(&mut self, words: &str) -> String {
        self.says_one(&[words])
    }

    /// … or something with any of these.
    #[track_caller]
    fn says_one(&mut self, all: &[&str]) -> String {
        loop {
            match self.said.recv_timeout(Duration::from_secs(120)) {
                Ok(line) => {
                    self.heard.push(line.clone());
                    if all.iter().any(|words| line.contains(words)) {
                        return line;
                    }
                }
                Err(_) => panic!("it never said any of {all:?}: {:#?}", self.heard),
            }
        }
    }

    /// Interrupts it; what it wrote.
    fn stop(mut self) -> Ran {
        let sent = Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success());
        let out = self.out.join().unwrap();
        let code = self.child.wait().unwrap().code();
        self.heard.extend(self.said.iter());
        Ran { code, out, err: self.heard.join("\n") }
    }
}

/// Moody traffic at ten times its speed, again and again.
fn run(place: &Place, adapters: &Path, more: &[&str]) -> Running {
    let file = traffic(place, 400);
    let mut command = place.bare(["run", "--pace", "10x", "--loop", "--trial-packets", "200", "--source"]);
    command.arg(file).arg("--adapters").arg(adapters).args(more);
    Running::start(command)
}

/// Puts a file there at once, as a careful program does.
fn put(place: &Place, path: &Path, bytes: &[u8]) {
    let new = place.file("new", bytes);
    std::fs::rename(new, path).unwrap();
}

#[test]
fn a_file_that_is_replaced_is_tried_and_takes_over_and_a_bad_one_is_not() {
    let place = Place::new();
    let first = place.file("adapters/moody.wasm", moody("0.1.0", "steady"));
    let adapters = first.parent().unwrap().to_owned();
    let mut running = run(&place, &adapters, &["--allow-unsigned"]);

    put(&place, &first, &moody("0.1.1", "steady"));
    running.says("moody@0.1.1 is tried");
    running.says("moody@0.1.1 works; moody@0.1.0 reads along");
    running.says("moody@0.1.1 has proved itself");
    put(&place, &first, &moody("0.1.2", "jumps"));
    assert!(running.says("moody@0.1.2 is refused").contains("price jumps"));
    put(&place, &first, &moody("0.1.3", "traps"));
    assert!(running.says("moody@0.1.3 is refused").contains("failed"));
    put(&place, &first, &moody("0.1.0", "steady"));
    assert!(running.says("moody@0.1.0: refused").contains("older than moody@0.1.1"));
    put(&place, &first, &moody("0.1.4", "steady")[..9_000]);
    assert!(running.says("refused: adapter ").contains("not a WebAssembly component"));

    let list = Ran::of(place.bare(["adapter", "list", "--json", "--adapters"]).arg(&adapters));
    assert!(list.err.contains("moody.wasm"), "what lies there cannot be used: {}", list.err);
    let ran = running.stop().ok();
    let ledger = ran.ledger();
    assert_eq!(
        (&ledger["captured"], &ledger["rejected"], &ledger["failed"]),
        (&ledger["parsed"], &json!(0), &json!(0))
    );
    let stages: Vec<_> =
        ran.lines("adapter").iter().map(|line| line["stage"].as_str().unwrap().to_owned()).collect();
    assert_eq!(stages[..4], ["warming", "shadow", "live", "settled"]);
    assert!(stages[4..].iter().all(|stage| ["warming", "shadow", "refused"].contains(&stage.as_str())));
}

#[test]
fn what_is_installed_is_tried_and_what_is_removed_is_withdrawn() {
    let place = Place::new();
    let (old, new) =
        (place.file("old.wasm", moody("0.1.0", "steady")), place.file("new.wasm", moody("0.2.0", "steady")));
    let store = place.path("store");
    let change = |args: &[&str]| {
        Ran::of(place.bare(["adapter"]).args(args).arg("--adapters").arg(&store)).ok();
    };
    change(&["install", old.to_str().unwrap(), "--allow-unsigned"]);
    let mut running = run(&place, &store, &["--emit", "quotes,board,ledger"]);
    change(&["install", new.to_str().unwrap(), "--allow-unsigned"]);
    running.says("moody@0.2.0 works");
    running.says("moody@0.2.0 has proved itself");
    // It is told once a second.
    let works = (0..1_000).find_map(|_| {
        let list = Ran::of(place.bare(["adapter", "list", "--json", "--adapters"]).arg(&store)).ok();
        let rows = list.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut workers = rows.filter(|row| row["state"] == "current").map(|row| row["running"][0].clone());
        workers.find(|worker| worker["adapter"] == "moody@0.2.0")
    });
    let works = works.unwrap();
    assert_eq!(works["state"], "works");
    assert!(works["packets"].as_u64() > Some(0) && works["fuel_per_packet"].as_u64() > Some(0), "{works}");
    // A person who goes back does so on purpose.
    change(&["rollback", "moody"]);
    running.says("moody@0.1.0 works");
    change(&["remove", "moody"]);
    running.says("moody: its adapter was removed");
    let ran = running.stop().ok();
    assert!(ran.lines("board").is_empty(), "nothing stands of what was removed");
    let adapters: std::collections::BTreeSet<_> =
        ran.lines("quote").iter().map(|line| line["adapter"].to_string()).collect();
    assert!(adapters.contains("\"moody@0.2.0\""), "{adapters:?}");
}

#[test]
fn an_adapter_that_always_fails_is_left_alone_and_its_packet_kept() {
    let place = Place::new();
    let first = place.file("adapters/moody.wasm", moody("0.1.0", "traps"));
    let metrics = place.path("metrics.txt");
    let adapters = first.parent().unwrap().to_owned();
    let more = ["--allow-unsigned", "--mark", "A:moody", "--metrics", metrics.to_str().unwrap()];
    let mut running = run(&place, &adapters, &more);
    running.says("moody@0.1.0 of account A is left alone until ");
    let repeat = running.says("repeat: antigravity replay ");
    let args: Vec<_> = repeat.split_once("antigravity ").unwrap().1.split(' ').collect();
    let again = Ran::of(&mut place.bare(args)).ok();
    assert_eq!(again.lines("ledger")[0]["reasons"], json!({"failed:panic": 1}), "{}", again.out);
    // A version that works takes its place, by the same way as any other.
    put(&place, &first, &moody("0.1.1", "steady"));
    running.says("moody@0.1.1 works");
    running.says("moody@0.1.1 has proved itself");
    let ran = running.stop().ok();
    let ledger = ran.ledger();
    assert!(ledger["failed"].as_u64() > Some(5) && ledger["parsed"].as_u64() > Some(0), "{ledger}");
    assert!(ledger["reasons"]["failed:quarantined"].as_u64() > Some(0), "{ledger}");
    let metrics = std::fs::read_to_string(metrics).unwrap();
    assert!(
        metrics.contains("antigravity_adapter_packets_total{account=\"A\",provider=\"moody\","),
        "{metrics}"
    );
}

/// Four seconds of traffic, the last forty packets of which one version cannot read.
#[test]
fn what_worked_before_takes_the_place_of_what_fails_again_and_again() {
    let place = Place::new();
    let first = place.file("adapters/moody.wasm", moody("0.1.0", "steady"));
    let file = traffic(&place, 4_000);
    let mut command = place.bare(["run", "--pace", "10x", "--loop", "--trial-packets", "20", "--source"]);
    command.arg(file).arg("--adapters").arg(first.parent().unwrap()).arg("--allow-unsigned");
    let mut running = Running::start(command);
    // Tried while those packets come, it is refused or taken back: then the next one is tried.
    let worked = (1..9).find_map(|n| {
        let version = format!("0.1.{n}");
        put(&place, &first, &moody(&version, "booms"));
        let became = running.says_one(&["has proved itself", "is refused", "is taken back"]);
        became.contains("has proved itself").then(|| format!("moody@{version}"))
    });
    let worked = worked.unwrap();
    running.says(&format!("{worked} of account "));
    running.says("moody@0.1.0 takes its place");
    running.says(&format!("moody@0.1.0 works; {worked} reads along"));
    running.says("moody@0.1.0 has proved itself");
    running.stop().ok();
}

#[test]
fn what_is_wrong_with_the_arguments_is_said() {
    let place = Place::new();
    let file = traffic(&place, 1);
    let file = file.to_str().unwrap();
    let run = |args: &[&str]| Ran::of(place.bare(["run"]).args(args));
    run(&["--source", file, "--pace", "fast"]).fails(2).says(&["`1x`"]);
    run(&["--source", "missing.ndjson", "--adapters", "."]).fails(2);
    let adapters = place.file("adapters/moody.wasm", moody("0.1.0", "steady"));
    let directory = adapters.parent().unwrap().to_str().unwrap();
    let unsigned = run(&["--source", file, "--adapters", directory]);
    assert_eq!(unsigned.code, Some(2));
    assert!(
        unsigned.err.contains("--allow-unsigned") && unsigned.err.contains("no usable adapter"),
        "{}",
        unsigned.err
    );
}
