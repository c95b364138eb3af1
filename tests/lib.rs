//! What the tests that cross crates share.

use antigravity_runtime::{Adapter, Cache, Limits, Sandbox};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
#[allow(clippy::expect_used)] // test support
pub fn sandbox_with(limits: Limits) -> Sandbox {
    let cache = Cache::open(&root().join("target/test-cache")).expect("a compile cache within target");
    Sandbox::new(limits, Some(cache)).expect("a machine that runs WebAssembly")
}

/// Builds an adapter's folder (cargo does nothing where nothing changed) and loads it.
///
/// # Panics
/// Where it does not build or load.
#[allow(clippy::expect_used)] // test support
pub fn adapter(sandbox: &Sandbox, folder: &str) -> Arc<Adapter> {
    let out = root().join("target").join("test-adapters");
    let built = antigravity_authoring::build(sandbox, &root().join(folder), Some(&out)).expect("the adapter builds");
    Arc::new(Adapter::load(sandbox, &built.path).expect("the adapter loads"))
}
