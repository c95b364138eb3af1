//! What the tests that cross crates share.

#![allow(clippy::expect_used, clippy::panic)] // test support says what is wrong by failing

use antigravity_authoring::Tools;
use antigravity_runtime::{Adapter, Cache, Component, Limits, Sandbox};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// A sandbox with the usual limits and a compile cache within `target`.
///
/// # Panics
/// Where the machine cannot run WebAssembly or `target` cannot be written.
pub fn sandbox() -> Sandbox {
    sandbox_with(Limits::default())
}

/// As [`sandbox`], with other limits.
///
/// # Panics
/// As [`sandbox`].
pub fn sandbox_with(limits: Limits) -> Sandbox {
    let cache = Cache::open(&root().join("target/test-cache")).expect("a compile cache within target");
    Sandbox::new(limits, Some(cache)).expect("a machine that runs WebAssembly")
}

/// Builds an adapter's folder, named from the root (cargo does nothing where nothing changed), and
/// gives the component's file.
///
/// Components of one parent folder go to one directory, so that no test finds a hostile guest among
/// the adapters.
///
/// # Panics
/// Where it does not build.
pub fn component(sandbox: &Sandbox, folder: &str) -> PathBuf {
    let parent = Path::new(folder).parent().unwrap_or(Path::new(""));
    let out = root().join("target/test-components").join(parent);
    let built = antigravity_authoring::build(&Tools::default(), sandbox, &root().join(folder), Some(&out));
    built.unwrap_or_else(|error| panic!("{folder}: {error}")).path
}

/// Builds an adapter's folder and loads it.
///
/// # Panics
/// Where it does not build or load.
pub fn adapter(sandbox: &Sandbox, folder: &str) -> Arc<Adapter> {
    Arc::new(Adapter::load(sandbox, &component(sandbox, folder)).expect("the adapter loads"))
}

/// The directory of all adapters of this checkout, built once a process.
///
/// # Panics
/// Where one does not build.
pub fn components() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let sandbox = sandbox();
        let folders = antigravity_authoring::workspace_adapters(&root()).expect("a folder of adapters");
        for folder in &folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            component(&sandbox, &format!("adapters/{name}"));
        }
        root().join("target/test-components/adapters")
    })
}

/// The directory of recorded traffic that `ANTIGRAVITY_CAPTURES` names; without it a test has
/// nothing to compare with, says so and passes.
pub fn captures() -> Option<PathBuf> {
    let directory = std::env::var_os("ANTIGRAVITY_CAPTURES").map(PathBuf::from);
    if directory.is_none() {
        println!("skipped: ANTIGRAVITY_CAPTURES names no directory of recorded traffic");
    }
    directory
}

/// A component's file with another version and, for `tests/moody`, another mood: what it says of itself and
/// what it does are changed at once, so it is as if it had been built so.
///
/// # Panics
/// Where the file cannot be read, or has no such version or mood.
pub fn variant(component: &Path, version: &str, mood: Option<&str>) -> Vec<u8> {
    let mut bytes = std::fs::read(component).expect("a component");
    let written = b"0.1.0";
    assert_eq!(version.len(), written.len(), "{version}: as long as the version that is built");
    // Not the version of the interface.
    let places = bytes.windows(written.len() + 1).enumerate();
    let places = places.filter(|(_, text)| text.ends_with(written) && text[0] != b'@');
    let places: Vec<usize> = places.map(|(at, _)| at + 1).collect();
    assert!(places.len() >= 2, "code and contract say a version");
    for at in places {
        bytes[at..at + version.len()].copy_from_slice(version.as_bytes());
    }
    if let Some(mood) = mood {
        let at = bytes.windows(5).position(|text| text == b"mood:").expect("a mood") + 5;
        bytes[at..at + 7].copy_from_slice(format!("{mood:7}").as_bytes());
    }
    bytes
}

/// As [`variant`], loaded.
///
/// # Panics
/// Where it does not load.
pub fn loaded(sandbox: &Sandbox, bytes: Vec<u8>) -> Arc<Adapter> {
    let component = Component::read(bytes, sandbox.limits().component).expect("a component");
    Arc::new(Adapter::from_component(sandbox, &component).expect("the adapter loads"))
}
