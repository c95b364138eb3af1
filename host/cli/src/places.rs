//! Where things lie on this machine. The environment is read here and nowhere else.

use crate::failure::Failure;
use antigravity_engine::Declared;
use antigravity_runtime::{Adapter, Cache, Component, Limits, Sandbox};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from)
}

fn base(variable: &str, below_home: &str) -> Option<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    set.or_else(|| home().map(|home| home.join(below_home)))
}

/// What the person keeps: `$XDG_DATA_HOME/antigravity`.
pub fn data() -> Option<PathBuf> {
    base("XDG_DATA_HOME", ".local/share").map(|path| path.join("antigravity"))
}

/// What can be made again: `$XDG_CACHE_HOME/antigravity`.
pub fn cache() -> Option<PathBuf> {
    base("XDG_CACHE_HOME", ".cache").map(|path| path.join("antigravity"))
}

/// The checkout this directory is in, if it is in one.
pub fn checkout() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let found = here
        .ancestors()
        .find(|path| path.join("wit/0.1/adapter.wit").is_file() && path.join("adapters").is_dir());
    found.map(Path::to_owned)
}

/// The directory of components: the one named, else `ANTIGRAVITY_ADAPTERS`, else the checkout's
/// `target/adapters`, else the data directory's.
pub fn adapters(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    if let Some(set) = std::env::var_os("ANTIGRAVITY_ADAPTERS").filter(|set| !set.is_empty()) {
        return Ok(set.into());
    }
    let built = checkout().map(|root| root.join("target/adapters"));
    let kept = data().map(|data| data.join("adapters"));
    built.or(kept).ok_or_else(|| Failure::input("no directory of adapters: give one with --adapters"))
}

/// The sandbox, with its compile cache where there is a place for it.
pub fn sandbox() -> Result<Sandbox, Failure> {
    let cache = cache().and_then(|path| match Cache::open(&path.join("compiled")) {
        Ok(cache) => Some(cache),
        Err(error) => {
            tracing::warn!(%error, "no compile cache");
            None
        }
    });
    Sandbox::new(Limits::default(), cache).map_err(Failure::failed)
}

/// What to do where there are no components.
const HINT: &str = "in a checkout, `antigravity adapter build --all` builds them";

/// The components in a directory, by name.
pub fn components(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let problem = |error: std::io::Error| {
        let hint = if error.kind() == ErrorKind::NotFound { format!("; {HINT}") } else { String::new() };
        Failure::input(format!("{}: {error}{hint}", directory.display()))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(problem)? {
        let path = entry.map_err(problem)?.path();
        if path.extension().is_some_and(|e| e == "wasm") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Loads every component of a directory. One that cannot be loaded is reported; the others work.
pub fn load(sandbox: &Sandbox, directory: &Path) -> Result<Vec<Arc<Adapter>>, Failure> {
    let mut adapters = Vec::new();
    for file in components(directory)? {
        match Adapter::load(sandbox, &file) {
            Ok(adapter) => adapters.push(Arc::new(adapter)),
            Err(error) => eprintln!("error: {error}; it is left out"),
        }
    }
    if adapters.is_empty() {
        return Err(Failure::input(format!("{}: no usable adapter; {HINT}", directory.display())));
    }
    Ok(adapters)
}

/// What the installed adapters' contracts declare as secret; nothing where none is installed.
pub fn declared_secrets() -> Result<Declared, Failure> {
    let files = adapters(None).ok().and_then(|directory| components(&directory).ok()).unwrap_or_default();
    let limit = Limits::default().component;
    let read = |file: &PathBuf| Component::read(std::fs::read(file).ok()?, limit).ok();
    Declared::new(files.iter().filter_map(read).map(|c| Arc::new(c.contract().clone())).collect())
        .map_err(Failure::input)
}
