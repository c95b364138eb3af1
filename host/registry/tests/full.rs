//! An installation on a full disk changes nothing, wherever the disk ends.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_registry::Store;
use common::{files, install, signed, trusting};
use std::path::Path;
use std::process::{Command, Output};

/// Where the store of the process lies that has no room.
const PLACE: &str = "ANTIGRAVITY_REGISTRY_TEST_ROOM";

/// The process that has no room: installs once, and says what became of it.
#[test]
#[ignore = "the test below starts it with little room"]
fn installer() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let place = Path::new(&place);
    let trusted = trusting(&place.join("trusted"));
    let mut store = Store::open(&place.join("adapters")).unwrap();
    match install(&mut store, &signed("acme", "1.1.0", &[7; 3000]), &trusted) {
        Ok(done) => println!("\ndone {}", done.entry.name()),
        Err(error) => println!("\nfailed {error}"),
    }
}

/// No file may grow beyond this many blocks of 512 bytes: what is left of a disk.
fn with_room(blocks: usize, place: &Path) -> Output {
    let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limit, "sh"]).arg(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "installer", "--nocapture"]).env(PLACE, place).output().unwrap()
}

#[test]
fn wherever_the_disk_ends() {
    let place = tempfile::tempdir().unwrap();
    let trusted = trusting(&place.path().join("trusted"));
    let directory = place.path().join("adapters");
    let mut store = Store::open(&directory).unwrap();
    // The lock file becomes larger than the component, so that each of them is what does not fit.
    for number in 0..20 {
        install(&mut store, &signed(&format!("p{number}"), "1.0.0", b""), &trusted).unwrap();
    }
    install(&mut store, &signed("acme", "1.0.0", b""), &trusted).unwrap();
    let (before, current) = (files(&directory), store.current_of("acme"));
    let (mut component, mut lock) = (0, 0);
    for blocks in 1.. {
        let said = String::from_utf8(with_room(blocks, place.path()).stdout).unwrap();
        let store = Store::open(&directory).unwrap();
        if said.contains("\ndone acme@1.1.0\n") {
            assert_eq!(
                store.current_of("acme").unwrap().load(&trusted).unwrap().0.contract().version,
                "1.1.0"
            );
            assert_eq!(files(&directory).len(), before.len() + 1);
            break;
        }
        assert!(said.contains("it cannot be written: "), "{blocks}: {said}");
        component += usize::from(said.contains(&format!("\nfailed {}/acme/1.1.0-", directory.display())));
        lock += usize::from(said.contains(&format!("\nfailed {}/adapters.lock: ", directory.display())));
        assert_eq!(store.current_of("acme"), current);
        assert_eq!(files(&directory), before, "{blocks}: nothing else is left");
    }
    assert!(component > 0 && lock > 0, "{component} and {lock} times");
}
