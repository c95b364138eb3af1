//! A writer that is killed leaves a file that is whole.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_core::identity::{EventFacts, Identity, Kind};
use antigravity_store::Store;
use common::{alias, at, name};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Where the file of the process to be killed lies.
const FILE: &str = "ANTIGRAVITY_STORE_TEST_FILE";

/// Two teams of `events` events, each called otherwise by the other provider.
fn seen(store: &Store, events: usize) -> Identity {
    let mut identity = Identity::new(store.aliases().unwrap());
    for (provider, word) in [("p", "alder"), ("q", "alden")] {
        for number in 0..events {
            let (id, home, away) =
                (number.to_string(), format!("{word} {number}h"), format!("{word} {number}a"));
            let facts = EventFacts {
                provider,
                event_id: &id,
                sport: Some("soccer"),
                competition: Some("League"),
                home: Some(&home),
                away: Some(&away),
                title: None,
                starts_at: Some(at(60 * i64::try_from(number).unwrap())),
                in_play: false,
                score: None,
            };
            let node = identity.node(provider, &id);
            identity.learn(node, &facts);
        }
    }
    identity
}

/// The process that is killed: confirms without end, two names at a time, takes some back, and says what is written.
#[test]
#[ignore = "writes without end; the test below starts and kills it"]
fn writer() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let mut store = Store::open(Path::new(&path)).unwrap();
    let begun = store.suggestions().unwrap();
    for kept in begun {
        assert_eq!(store.confirm_suggestion(kept.id, at(2)).unwrap().len(), 2);
        println!("\nwritten {}", kept.id);
        if withdrawn(kept.id) {
            assert_eq!(store.reject_suggestion(kept.id, at(2)).unwrap().withdrawn.len(), 2);
            println!("\nwithdrawn {}", kept.id);
        }
        store.confirm(&alias("r", &format!("x{}", kept.id), "y1"), at(2)).unwrap();
    }
    loop {
        store.keep(&seen(&store, 50), at(3)).unwrap();
    }
}

/// Whether the process takes its answer back.
const fn withdrawn(suggestion: i64) -> bool {
    suggestion % 3 == 0
}

fn start(path: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "writer", "--nocapture"]).env(FILE, path);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

#[test]
fn killed_while_it_writes() {
    const EVENTS: usize = 400;
    let place = tempfile::tempdir().unwrap();
    for (round, until) in [1, 7, 60, 200].into_iter().enumerate() {
        let path = place.path().join(format!("{round}.sqlite"));
        let mut store = Store::open(&path).unwrap();
        let identity = seen(&store, EVENTS);
        store.keep(&identity, at(1)).unwrap();
        drop(store);

        let mut child = start(&path);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let (mut said, mut back) = (Vec::new(), Vec::new());
        for line in lines {
            said.extend(line.strip_prefix("written ").and_then(|id| id.parse::<i64>().ok()));
            back.extend(line.strip_prefix("withdrawn ").and_then(|id| id.parse::<i64>().ok()));
            if said.len() == until {
                break;
            }
        }
        // SIGKILL, while the next ones are written.
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
        assert_eq!(said.len(), until);

        let file = rusqlite::Connection::open(&path).unwrap();
        let check: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
        let store = Store::open(&path).unwrap();
        let (book, left) = (store.aliases().unwrap(), store.suggestions().unwrap());
        // Withdrawn without the rejection, it would be open again.
        assert!(left.iter().all(|kept| !said.contains(&kept.id)), "what it said is written");
        let confirmed: Vec<_> = store.confirmed().unwrap().iter().filter_map(|it| it.suggestion).collect();
        assert!(back.iter().all(|id| !confirmed.contains(id)), "what it took back is gone");
        let whole = said.iter().filter(|id| !withdrawn(**id));
        assert!(whole.clone().all(|id| confirmed.iter().filter(|it| *it == id).count() == 2));
        assert_eq!(
            whole.count() + back.len() + usize::from(said.last().is_some_and(|id| withdrawn(*id))),
            until
        );
        for number in 0..EVENTS {
            let is = |side| {
                let from = name(&format!("alden {number}{side}"));
                book.resolve("q", Kind::Team, from.clone()) != from
            };
            assert_eq!(is("h"), is("a"), "both names of a suggestion, or none");
        }
    }
}
