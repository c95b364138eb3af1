//! Stores that are not as they were left.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test says what is wrong by failing

mod common;

use antigravity_registry::{Entry, Store, Trusted};
use common::{component, files, install, signed, trusting};
use proptest::prelude::*;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

/// A store with one adapter that `1.0.0` was in use of before.
fn store() -> (TempDir, Trusted, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let (trusted, directory) = (trusting(&place.path().join("trusted")), place.path().join("adapters"));
    let mut store = Store::open(&directory).unwrap();
    for version in ["1.0.0", "1.1.0"] {
        install(&mut store, &signed("acme", version, b""), &trusted).unwrap();
    }
    (place, trusted, directory)
}

fn current(directory: &Path) -> Entry {
    Store::open(directory).unwrap().current_of("acme").unwrap()
}

#[test]
fn a_lock_file_that_cannot_be_read_is_named_with_its_field_and_left_as_it_is() {
    let (_place, trusted, directory) = store();
    let path = directory.join("adapters.lock");
    let sound = std::fs::read_to_string(&path).unwrap();
    let sha256 = current(&directory).sha256;
    let with = |from: &str, to: &str| {
        assert!(sound.contains(from), "{from} in {sound}");
        sound.replacen(from, to, 1)
    };
    for (text, why) in [
        (String::new(), "field `.`: EOF while parsing"),
        (sound[..sound.len() / 2].to_owned(), "EOF while parsing"),
        (format!("{sound}x"), "field `.`: trailing characters"),
        ("[]".to_owned(), "field `.`: "),
        ("{}".to_owned(), "missing field `antigravity_lock`"),
        (with("_lock\": 1", "_lock\": 2"), "field `antigravity_lock`: version 2; this program knows 1"),
        (with("_lock\": 1", "_lock\": 0"), "field `antigravity_lock`: version 0; this program knows 1"),
        (with("_lock\": 1", "_lock\": \"1\""), "field `antigravity_lock`: invalid type: string"),
        ("{\"antigravity_lock\":1}".to_owned(), "missing field `adapters`"),
        (with("\"previous\"", "\"prior\""), "field `adapters.acme.prior`: unknown field"),
        (
            with("\"version\": \"1.1.0\"", "\"version\": 1"),
            "field `adapters.acme.current.version`: invalid type",
        ),
        (with("\"1.1.0\"", "\"1.1\""), "field `adapters.acme.current.version`: must be MAJOR.MINOR.PATCH"),
        (with(&sha256, &sha256.to_uppercase()), "field `adapters.acme.current.sha256`: must be 64 digits"),
        (
            with("\"file\": \"acme/", "\"file\": \"../acme/"),
            "field `adapters.acme.current.file`: must be `acme/1.1.0-",
        ),
        (
            with("\"unsigned_allowed\": false", "\"unsigned_allowed\": null"),
            "field `adapters.acme.current.unsigned_allowed`: ",
        ),
        (
            with("\"signer\": \"", "\"signer\": \"x"),
            "field `adapters.acme.current.signer`: must be 16 digits",
        ),
        (
            with("1970-01-01T00:00:01Z", "yesterday"),
            "field `adapters.acme.current.installed_at`: not an RFC 3339 time",
        ),
        (with("\"acme\"", "\"../acme\""), "field `adapters.../acme`: no name of a provider"),
    ] {
        std::fs::write(&path, &text).unwrap();
        let before = files(&directory);
        let read = Store::open(&directory).unwrap_err().to_string();
        assert!(read.starts_with(&format!("{}: ", path.display())) && read.contains(why), "{why}: {read}");
        let mut store = Store::open(&directory.join("none")).unwrap();
        assert_eq!(store.current().count(), 0);
        // A store that was opened while it was sound finds it broken before it changes anything.
        std::fs::write(&path, &sound).unwrap();
        store = Store::open(&directory).unwrap();
        std::fs::write(&path, &text).unwrap();
        let said = install(&mut store, &signed("acme", "2.0.0", b""), &trusted).unwrap_err().to_string();
        assert_eq!(said, read);
        assert_eq!(files(&directory), before, "{why}");
    }
}

#[cfg(unix)]
#[test]
fn a_lock_file_that_is_none_is_named() {
    for (made, why) in [
        ("directory", "no regular file"),
        ("pipe", "no regular file"),
        ("loop", "oo many"),
        ("nowhere", "No such file"),
    ] {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("adapters.lock");
        special(made, &path);
        assert!(Store::is_one(place.path()), "{made}");
        let said = Store::open(place.path()).unwrap_err().to_string();
        assert!(said.starts_with(&format!("{}: ", path.display())) && said.contains(why), "{made}: {said}");
    }
}

/// What is no file.
#[cfg(unix)]
fn special(what: &str, path: &Path) {
    match what {
        "directory" => std::fs::create_dir(path).unwrap(),
        "loop" => std::os::unix::fs::symlink(path, path).unwrap(),
        "nowhere" => std::os::unix::fs::symlink("nowhere", path).unwrap(),
        _ => assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()),
    }
}

#[cfg(unix)]
#[test]
fn a_component_that_is_not_what_was_installed_is_refused() {
    for (what, why) in [
        ("directory", "no regular file"),
        ("pipe", "no regular file"),
        ("loop", "oo many"),
        ("nowhere", "its file is missing"),
    ] {
        let (_place, trusted, directory) = store();
        let entry = current(&directory);
        std::fs::remove_file(&entry.path).unwrap();
        special(what, &entry.path);
        let said = entry.load(&trusted).unwrap_err().to_string();
        assert!(said.starts_with(&format!("adapter {}: ", entry.path.display())), "{said}");
        assert!(said.contains(why), "{what}: {said}");
    }
    let (_place, trusted, directory) = store();
    let entry = current(&directory);
    let sound = std::fs::read(&entry.path).unwrap();
    for bytes in
        [Vec::new(), sound[..sound.len() - 1].to_vec(), [&sound[..], b"x"].concat(), vec![0; 17 << 20]]
    {
        std::fs::write(&entry.path, bytes).unwrap();
        let said = entry.load(&trusted).unwrap_err().to_string();
        assert!(said.contains("its file was changed after it was installed (SHA-256 "), "{said}");
        assert!(said.ends_with(&format!(", installed {})", &entry.sha256[..12])), "{said}");
    }
}

/// The file is whole and signed; the lock file says something else of it.
#[test]
fn a_lock_file_that_calls_a_component_another_is_not_believed() {
    let (_place, trusted, directory) = store();
    let (path, entry) = (directory.join("adapters.lock"), current(&directory));
    let text = std::fs::read_to_string(&path).unwrap().replace("1.1.0", "9.1.0");
    std::fs::write(&path, text).unwrap();
    let renamed = current(&directory);
    std::fs::rename(&entry.path, &renamed.path).unwrap();
    let said = renamed.load(&trusted).unwrap_err().to_string();
    assert!(said.ends_with("it is acme@1.1.0, not acme@9.1.0 as the lock file says"), "{said}");
    // Nor one that leaves the signature out.
    let text = std::fs::read_to_string(&path).unwrap();
    let bytes = component("acme", "1.1.0", b"");
    let swapped = common::read(bytes.clone());
    let digest: String = swapped.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    let text = text
        .replace("9.1.0", "1.1.0")
        .replace(&entry.sha256, &digest)
        .replace(&entry.sha256[..12], &digest[..12]);
    std::fs::write(&path, text).unwrap();
    let swapped = current(&directory);
    std::fs::write(&swapped.path, bytes).unwrap();
    let said = swapped.load(&trusted).unwrap_err().to_string();
    assert!(said.ends_with(": it is not signed"), "{said}");
}

/// Whatever else lies in a store stays there and disturbs nothing, but for what a change left that did not end.
#[cfg(unix)]
#[test]
fn a_directory_full_of_junk() {
    let (_place, trusted, directory) = store();
    let sound: Vec<_> = files(&directory).into_iter().filter(|(name, _)| name.starts_with("acme/")).collect();
    let write = |name: &str| {
        let path = directory.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "junk").unwrap();
        path
    };
    let kept: Vec<PathBuf> = [
        "x.wasm",
        "notes.txt",
        "acme/notes.txt",
        "acme/1.0.0.wasm",
        "acme/1.0.0-abc.wasm",
        "acme/1.0.0-0123456789abcdef.wasm",
        "acme/folder/1.0.0-0123456789ab.wasm",
        "Other/1.0.0-0123456789ab.wasm",
        "beta/mine.wasm",
        ".antigravity-",
        "adapters.lock.old",
    ]
    .map(write)
    .into();
    let gone: Vec<PathBuf> = [
        "acme/1.0.0-0123456789ab.wasm",
        "acme/.antigravity-Xy.part",
        ".antigravity-Zz.part",
        "gamma/2.0.0-0123456789ab.wasm",
        "beta/.antigravity-a.part",
    ]
    .map(write)
    .into();
    std::fs::create_dir(directory.join("folder.wasm")).unwrap();
    std::fs::create_dir(directory.join("acme/2.0.0-0123456789ab.wasm")).unwrap();
    for (what, name) in [
        ("pipe", "pipe.wasm"),
        ("loop", "loop.wasm"),
        ("nowhere", "acme/3.0.0-0123456789ab.wasm"),
        ("loop", "loop"),
    ] {
        special(what, &directory.join(name));
    }
    std::os::unix::fs::symlink(&directory, directory.join("delta")).unwrap();

    let mut store = Store::open(&directory).unwrap();
    let strays: Vec<_> =
        store.strays().unwrap().iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(strays, ["folder.wasm", "loop.wasm", "pipe.wasm", "x.wasm"]);
    assert!(store.current().all(|entry| entry.load(&trusted).is_ok()));
    install(&mut store, &signed("zeta", "1.0.0", b""), &trusted).unwrap();
    assert_eq!(store.current().filter(|entry| entry.load(&trusted).is_ok()).count(), 2);
    assert!(kept.iter().all(|path| path.exists()));
    assert_eq!(gone.iter().filter(|path| path.exists()).collect::<Vec<_>>(), [] as [&PathBuf; 0]);
    assert!(!directory.join("gamma").exists() && directory.join("acme/3.0.0-0123456789ab.wasm").is_symlink());
    for (name, bytes) in sound {
        assert_eq!(std::fs::read(directory.join(name)).unwrap(), bytes);
    }
    // Where a provider's folder is none, nothing is written through it.
    let said = install(&mut store, &signed("delta", "1.0.0", b""), &trusted).unwrap_err().to_string();
    assert!(
        said.starts_with(&format!("{}: it cannot be written: ", directory.join("delta").display())),
        "{said}"
    );
    assert_eq!(store.current().count(), 2);
}

static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (_place, _, directory) = store();
    std::fs::read(directory.join("adapters.lock")).unwrap()
});

/// Pieces that mean something in a lock file, and some that do not.
const PIECES: [&str; 12] =
    ["\"", "{", "}", "..", "/", "\\u0000", "null", "1.1.0", "\"current\"", "9999999999999", "[", "acme"];

proptest! {
    /// Whatever is in a lock file is refused, or names files of the store and nothing else.
    #[test]
    fn a_lock_file_of_anybody(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..4, 0..PIECES.len()), 1..4),
    ) {
        let mut text = SOUND.clone();
        for (at, gone, piece) in changes {
            let at = at.index(text.len());
            let end = (at + gone).min(text.len());
            text.splice(at..end, PIECES[piece].bytes());
        }
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("adapters.lock"), text).unwrap();
        let Ok(store) = Store::open(place.path()) else { return Ok(()) };
        for entry in store.current().chain(store.providers().flat_map(|name| store.previous(name))) {
            let inside = entry.path.strip_prefix(place.path()).unwrap();
            prop_assert!(inside.components().all(|part| matches!(part, Component::Normal(_))));
            prop_assert_eq!(inside.components().count(), 2);
        }
    }
}
