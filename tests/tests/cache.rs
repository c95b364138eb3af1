//! The compile cache: a component gets the code that was made of it, or is compiled again.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by failing

use antigravity_runtime::{Adapter, Cache, Limits, Sandbox};
use antigravity_tests::{component, sandbox};
use std::fs;
use std::path::{Path, PathBuf};

fn kept(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn provider(cache: &Path, file: &Path) -> String {
    let sandbox = Sandbox::new(Limits::default(), Some(Cache::open(cache).unwrap())).unwrap();
    Adapter::load(&sandbox, file).unwrap().contract().provider.clone()
}

#[test]
fn what_is_not_as_it_was_kept_is_compiled_again() {
    let place = tempfile::tempdir().unwrap();
    let cache = place.path().join("cache");
    let (evil, betfair) = (component(&sandbox(), "tests/evil"), component(&sandbox(), "adapters/betfair"));
    let both = || [provider(&cache, &evil), provider(&cache, &betfair)];
    assert_eq!(both(), ["evil", "betfair"]);
    let files = kept(&cache);
    assert_eq!(files.len(), 2);
    let [one, other] = [&files[0], &files[1]];

    // Each under the other's name.
    let aside = place.path().join("aside");
    fs::rename(one, &aside).unwrap();
    fs::rename(other, one).unwrap();
    fs::rename(&aside, other).unwrap();
    assert_eq!(both(), ["evil", "betfair"]);

    // Cut off, changed, empty, replaced by something that is no file of its own.
    let whole = fs::read(one).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    for content in [&whole[..whole.len() - 1], &changed, &[]] {
        fs::write(one, content).unwrap();
        assert_eq!(both(), ["evil", "betfair"]);
        assert_eq!(fs::read(one).unwrap().len(), whole.len(), "kept again");
    }
    fs::remove_file(one).unwrap();
    std::os::unix::fs::symlink(other, one).unwrap();
    assert_eq!(both(), ["evil", "betfair"]);
    assert!(one.symlink_metadata().unwrap().is_file(), "kept again, as a file");
}

#[test]
fn the_directory_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let open = place.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    Cache::open(&open).unwrap();
    assert_eq!(fs::metadata(&open).unwrap().permissions().mode() & 0o777, 0o700);
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(Cache::open(&file).is_err());
}
