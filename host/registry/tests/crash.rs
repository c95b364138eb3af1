//! An installation that is killed leaves the store as it was before, or as it is after.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_registry::{Allow, Store};
use common::{at, files, install, signed, trusting};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Where the store of the process to be killed lies.
const PLACE: &str = "ANTIGRAVITY_REGISTRY_TEST_PLACE";

/// What makes a component large enough that it is killed within it too.
fn noise() -> Vec<u8> {
    vec![7; 300_000]
}

/// The process that is killed: installs, goes back and removes without end, and says what is done.
#[test]
#[ignore = "installs without end; the test below starts and kills it"]
fn installer() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let place = Path::new(&place);
    let trusted = trusting(&place.join("trusted"));
    let mut store = Store::open(&place.join("adapters")).unwrap();
    let versions: Vec<_> = (0..10).map(|patch| signed("acme", &format!("1.0.{patch}"), &noise())).collect();
    let allow = Allow { downgrade: true, ..Allow::default() };
    for component in versions.iter().cycle() {
        let done = store.install(component, &trusted, allow, at(1)).unwrap();
        println!("\ndone {}", done.entry.version);
    }
}

fn start(place: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "installer", "--nocapture"]).env(PLACE, place);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

#[test]
fn killed_while_it_installs() {
    let place = tempfile::tempdir().unwrap();
    let trusted = trusting(&place.path().join("trusted"));
    let directory = place.path().join("adapters");
    let (mut left, mut partly) = (0, 0);
    for round in 0..40 {
        let mut child = start(place.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut done = lines.filter_map(|line| line.strip_prefix("done ").map(str::to_owned));
        let last = done.nth(round % 3).unwrap();
        // SIGKILL, at another point of the next installation each time.
        for _ in 0..round * 997 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());
        let last = done.last().unwrap_or(last);

        let mut store = Store::open(&directory).unwrap();
        let entry = store.current_of("acme").unwrap();
        let (was, is) = (patch(&last), patch(&entry.version));
        assert!(is == was || is == (was + 1) % 10, "said {last}, found {}", entry.version);
        entry.load(&trusted).unwrap();
        let before = store.previous("acme");
        assert!(before.iter().all(|entry| entry.load(&trusted).is_ok()), "{before:?}");
        left += usize::from(files(&directory).len() > 1 + named(&store));
        partly += usize::from(files(&directory).iter().any(|(name, _)| name.contains(".part")));
        // Whoever changes it next finds it free, and clears what is left.
        install(&mut store, &signed("other", &format!("1.0.{round}"), b""), &trusted).unwrap();
        assert_eq!(files(&directory).len(), 1 + named(&store));
    }
    println!("files were left over in {left} of 40 rounds, in {partly} of them some that were not whole");
    assert!(left > 0, "it was killed within an installation");
}

/// How many files the lock file names.
fn named(store: &Store) -> usize {
    store.current().count() + store.providers().map(|provider| store.previous(provider).len()).sum::<usize>()
}

fn patch(version: &str) -> u32 {
    version.strip_prefix("1.0.").unwrap().parse().unwrap()
}
