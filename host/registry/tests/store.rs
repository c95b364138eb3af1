//! What is installed, and how that changes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_registry::{Allow, ChangeError, KEPT, Refusal, Signer, Store, Trusted, sign};
use common::{at, component, files, install, mallory, read, signed, trusting};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A store to be, and who is trusted.
struct Place {
    directory: TempDir,
    trusted: Trusted,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let trusted = trusting(&directory.path().join("trusted"));
        Self { directory, trusted }
    }

    fn store(&self) -> PathBuf {
        self.directory.path().join("data/adapters")
    }

    fn open(&self) -> Store {
        Store::open(&self.store()).unwrap()
    }

    /// A store in which these versions of `acme` were installed one after the other.
    fn with(versions: &[&str]) -> (Self, Store) {
        let place = Self::new();
        let mut store = place.open();
        for version in versions {
            install(&mut store, &signed("acme", version, b""), &place.trusted).unwrap();
        }
        (place, store)
    }
}

/// The version in use and those before.
fn versions(store: &Store) -> (Option<String>, Vec<String>) {
    let before = store.previous("acme").into_iter().map(|entry| entry.version).collect();
    (store.current_of("acme").map(|entry| entry.version), before)
}

fn state(current: Option<&str>, previous: &[&str]) -> (Option<String>, Vec<String>) {
    (current.map(str::to_owned), previous.iter().map(|&version| version.to_owned()).collect())
}

#[test]
fn what_is_installed_is_found_again() {
    let place = Place::new();
    let (mut store, component) = (place.open(), signed("acme", "1.2.3", b""));
    assert_eq!((store.current().count(), place.store().exists()), (0, false), "looking makes nothing");
    let done = store.install(&component, &place.trusted, Allow::default(), at(77)).unwrap();
    assert!(done.changed && done.before.is_none());
    let entry = done.entry;
    assert_eq!(
        (entry.name(), entry.installed_at, entry.unsigned_allowed),
        ("acme@1.2.3".to_owned(), at(77), false)
    );
    let file = format!("acme/1.2.3-{}.wasm", &entry.sha256[..12]);
    assert_eq!(entry.path, place.store().join(&file));
    let names: Vec<_> = files(&place.store()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [file, "adapters.lock".to_owned()]);
    for store in [store, place.open()] {
        assert!(store.current().eq([entry.clone()]));
        let (loaded, signer) = entry.load(&place.trusted).unwrap();
        assert_eq!(loaded.bytes(), component.bytes());
        assert!(matches!(signer, Signer::Trusted { name, .. } if name == "alice"));
    }
}

#[test]
fn a_newer_version_takes_the_place_and_the_last_five_stay() {
    let all = ["0.8.0", "0.9.0", "0.10.0", "1.0.0", "1.0.1", "1.0.2", "1.0.3"];
    let (place, store) = Place::with(&all);
    let kept = state(Some("1.0.3"), &["1.0.2", "1.0.1", "1.0.0", "0.10.0", "0.9.0"]);
    assert_eq!((versions(&store), kept.1.len()), (kept, KEPT));
    assert_eq!(files(&place.store()).len(), 1 + 1 + KEPT, "what is not kept is deleted");
    for entry in store.previous("acme") {
        entry.load(&place.trusted).unwrap();
    }
}

#[test]
fn the_same_file_again_changes_nothing() {
    let (place, mut store) = Place::with(&["1.0.0", "1.1.0"]);
    let before = files(&place.store());
    let again =
        store.install(&signed("acme", "1.1.0", b""), &place.trusted, Allow::default(), at(9)).unwrap();
    assert!(!again.changed);
    assert_eq!(files(&place.store()), before);
    // Unless its file is broken: then it is whole again.
    for harm in [
        |path: &Path| std::fs::write(path, "no component").unwrap(),
        |path: &Path| std::fs::remove_file(path).unwrap(),
    ] {
        harm(&again.entry.path);
        assert!(again.entry.load(&place.trusted).is_err());
        assert!(install(&mut store, &signed("acme", "1.1.0", b""), &place.trusted).unwrap().changed);
        assert_eq!(files(&place.store()).len(), before.len());
        store.current_of("acme").unwrap().load(&place.trusted).unwrap();
        assert_eq!(versions(&store), state(Some("1.1.0"), &["1.0.0"]));
    }
}

#[test]
fn older_ones_and_other_content_have_to_be_allowed() {
    let (place, mut store) = Place::with(&["1.1.0"]);
    let before = files(&place.store());
    let older = install(&mut store, &signed("acme", "1.0.9", b""), &place.trusted).unwrap_err();
    assert_eq!(older.to_string(), "acme@1.0.9 is older than acme@1.1.0, which is in use");
    let other = install(&mut store, &signed("acme", "1.1.0", b"other"), &place.trusted).unwrap_err();
    assert!(matches!(other, ChangeError::Refused(Refusal::SameVersion { .. })), "{other}");
    assert!(other.to_string().starts_with("acme@1.1.0 is in use with other content (SHA-256 "), "{other}");
    assert_eq!(files(&place.store()), before);
    let allow = Allow { downgrade: true, ..Allow::default() };
    for (version, noise) in [("1.0.9", &b""[..]), ("1.1.0", b"other")] {
        store.install(&signed("acme", version, noise), &place.trusted, allow, at(2)).unwrap();
    }
    assert_eq!(versions(&store), state(Some("1.1.0"), &["1.0.9", "1.1.0"]));
    // One that was in use before is not kept twice.
    store.install(&signed("acme", "1.0.9", b""), &place.trusted, allow, at(3)).unwrap();
    assert_eq!(versions(&store), state(Some("1.0.9"), &["1.1.0", "1.1.0"]));
    assert_eq!(files(&place.store()).len(), 4);
}

#[test]
fn nobody_s_and_strangers_have_to_be_allowed() {
    let place = Place::new();
    let mut store = place.open();
    let stranger = read(sign(&component("acme", "1.0.0", b""), &mallory()).unwrap());
    let nobody = read(component("acme", "1.0.0", b""));
    for component in [&stranger, &nobody] {
        let said = install(&mut store, component, &place.trusted).unwrap_err();
        assert!(matches!(said, ChangeError::Refused(Refusal::Signature { .. })), "{said}");
        assert!(!place.store().exists());
    }
    let allow = Allow { unsigned: true, ..Allow::default() };
    let done = store.install(&stranger, &place.trusted, allow, at(1)).unwrap();
    assert!(done.entry.unsigned_allowed && done.entry.signer == Some(mallory().public().fingerprint()));
    assert!(matches!(done.entry.load(&place.trusted).unwrap().1, Signer::Untrusted(_)));
    // Trusted afterwards and installed again, it needs no permission any more.
    Trusted::add(&place.directory.path().join("trusted"), "m", &mallory().public()).unwrap();
    let trusted = Trusted::read(&place.directory.path().join("trusted")).unwrap();
    let done = store.install(&stranger, &trusted, Allow::default(), at(2)).unwrap();
    assert!(done.changed && !done.entry.unsigned_allowed);
    assert_eq!(versions(&store), state(Some("1.0.0"), &[]));
    // And is refused when its key is trusted no longer.
    let said = store.current_of("acme").unwrap().load(&place.trusted).unwrap_err().to_string();
    assert!(said.ends_with(", a key that is not trusted"), "{said}");
    // What does not fit is refused in any case.
    let mut changed = stranger.bytes().to_vec();
    let spot = changed.windows(5).position(|it| it == b"1.0.0").unwrap();
    changed[spot] = b'3';
    let said = store.install(&read(changed), &trusted, allow, at(3)).unwrap_err();
    assert_eq!(
        said.to_string(),
        "acme@3.0.0: its signature does not fit: it was changed after it was signed"
    );
}

#[test]
fn going_back_and_forth() {
    let (place, mut store) = Place::with(&["1.0.0", "1.1.0", "1.2.0"]);
    let done = store.rollback("acme", None, &place.trusted).unwrap();
    assert_eq!((done.entry.version, done.before.unwrap().version), ("1.1.0".to_owned(), "1.2.0".to_owned()));
    assert_eq!(versions(&store), state(Some("1.1.0"), &["1.2.0", "1.0.0"]));
    store.rollback("acme", Some("1.0.0"), &place.trusted).unwrap();
    assert_eq!(versions(&place.open()), state(Some("1.0.0"), &["1.1.0", "1.2.0"]));
    let said = store.rollback("acme", Some("9.0.0"), &place.trusted).unwrap_err().to_string();
    assert!(said.ends_with("acme@9.0.0 is not among the versions that are kept"), "{said}");
    let said = store.rollback("other", None, &place.trusted).unwrap_err().to_string();
    assert!(said.ends_with("no adapter `other` is installed"), "{said}");
    // What is broken is not gone back to.
    std::fs::remove_file(&store.previous("acme")[0].path).unwrap();
    let before = files(&place.store());
    let said = store.rollback("acme", None, &place.trusted).unwrap_err();
    assert!(
        matches!(said, ChangeError::Entry(_)) && said.to_string().ends_with("its file is missing"),
        "{said}"
    );
    assert_eq!(
        (files(&place.store()), versions(&store)),
        (before, state(Some("1.0.0"), &["1.1.0", "1.2.0"]))
    );
}

#[test]
fn removing_keeps_what_can_be_gone_back_to() {
    let (place, mut store) = Place::with(&["1.0.0", "1.1.0"]);
    assert_eq!(store.remove("acme", false).unwrap().unwrap().version, "1.1.0");
    assert_eq!((versions(&store), store.current().count()), (state(None, &["1.1.0", "1.0.0"]), 0));
    let said = store.remove("acme", false).unwrap_err().to_string();
    assert!(said.ends_with("no adapter `acme` is installed"), "{said}");
    let done = store.rollback("acme", None, &place.trusted).unwrap();
    assert_eq!((done.before, versions(&store)), (None, state(Some("1.1.0"), &["1.0.0"])));
    store.remove("acme", false).unwrap();
    // Removed, nothing is in use that could be newer.
    install(&mut store, &signed("acme", "0.1.0", b""), &place.trusted).unwrap();
    store.remove("acme", true).unwrap();
    assert_eq!((store.providers().count(), files(&place.store()).len()), (0, 1), "only the lock file");
    assert!(!place.store().join("acme").exists());
    let nowhere = place.directory.path().join("nowhere");
    let said = Store::open(&nowhere).unwrap().remove("acme", true).unwrap_err().to_string();
    assert!(said.ends_with("no adapter `acme` is installed") && !nowhere.exists(), "{said}");
}

/// Each of them changes the store as the other left it, whatever it read before.
#[test]
fn two_that_have_it_open_do_not_undo_each_other() {
    let place = Place::new();
    let stores: Vec<Store> = (0..8).map(|_| place.open()).collect();
    std::thread::scope(|scope| {
        for (number, mut store) in stores.into_iter().enumerate() {
            let trusted = &place.trusted;
            scope.spawn(move || {
                for version in 0..4 {
                    let component = signed(&format!("acme-{number}"), &format!("1.{version}.0"), b"");
                    install(&mut store, &component, trusted).unwrap();
                }
            });
        }
    });
    let store = place.open();
    assert_eq!(store.current().filter(|entry| entry.version == "1.3.0").count(), 8);
    for provider in store.providers() {
        assert_eq!(store.previous(provider).len(), 3, "{provider}");
    }
    assert!(store.current().all(|entry| entry.load(&place.trusted).is_ok()));
}

#[test]
fn where_each_component_counts_nothing_is_installed() {
    let place = Place::new();
    std::fs::create_dir_all(place.store()).unwrap();
    std::fs::write(place.store().join("own.wasm"), "").unwrap();
    let said =
        install(&mut place.open(), &signed("acme", "1.0.0", b""), &place.trusted).unwrap_err().to_string();
    assert!(said.contains("1 components lie here without an `adapters.lock`"), "{said}");
    assert!(!Store::is_one(&place.store()));
}
