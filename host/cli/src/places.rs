//! Where things lie on this machine. The environment is read here and nowhere else.

use crate::failure::Failure;
use crate::person::say;
use antigravity_authoring::{self as authoring, Tools};
use antigravity_core::Contract;
use antigravity_engine::Declared;
use antigravity_runtime::{Adapter, Cache, Limits, Sandbox};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

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

/// What is logged: as `ANTIGRAVITY_LOG` says, else warnings. What it cannot mean is told.
pub fn log_filter() -> EnvFilter {
    let set = std::env::var_os("ANTIGRAVITY_LOG").filter(|set| !set.is_empty());
    let filter = set.map(|set| match set.to_str() {
        // By itself it would be the name of a part of the program, which then is all that is logged.
        Some(word)
            if word.bytes().all(|b| b.is_ascii_alphabetic()) && word.parse::<LevelFilter>().is_err() =>
        {
            Err(format!("{word}: not a level"))
        }
        Some(text) => EnvFilter::try_new(text).map_err(|error| format!("{text}: {error}")),
        None => Err("not UTF-8".to_owned()),
    });
    match filter {
        Some(Ok(filter)) => return filter,
        Some(Err(problem)) => say(format_args!("warning: ANTIGRAVITY_LOG: {problem}; warnings are logged")),
        None => {}
    }
    EnvFilter::new("warn")
}

/// What compiles adapters: cargo and rustc, or what `CARGO` and `RUSTC` name instead.
pub fn tools() -> Tools {
    let named = |variable| std::env::var_os(variable).filter(|set| !set.is_empty()).map(PathBuf::from);
    let usual = Tools::default();
    Tools { cargo: named("CARGO").unwrap_or(usual.cargo), rustc: named("RUSTC").unwrap_or(usual.rustc) }
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

/// An adapter that works, and its file.
pub type Installed = (PathBuf, Arc<Adapter>);

/// Loads every component of a directory, by name. One that cannot be used is reported; the others
/// work. Of two for one provider the second is left out.
pub fn load(sandbox: &Sandbox, directory: &Path) -> Result<Vec<Installed>, Failure> {
    let mut adapters: Vec<Installed> = Vec::new();
    for file in components(directory)? {
        match authoring::load(sandbox, &file) {
            Ok(adapter) => match rival(&adapters, adapter.contract()) {
                Some(first) => {
                    let problem = twice(&file, adapter.contract(), first);
                    say(format_args!("error: {problem}; it is left out"));
                }
                None => adapters.push((file, Arc::new(adapter))),
            },
            Err(error) => say(format_args!("error: {error}; it is left out")),
        }
    }
    Ok(adapters)
}

/// The file that another adapter of this provider came from.
fn rival<'a>(adapters: &'a [Installed], contract: &Contract) -> Option<&'a Path> {
    let same = |(_, adapter): &&Installed| adapter.contract().provider == contract.provider;
    adapters.iter().find(same).map(|(file, _)| file.as_path())
}

fn twice(file: &Path, contract: &Contract, first: &Path) -> String {
    format!("adapter {}: {} has an adapter already, {}", file.display(), contract.provider, first.display())
}

/// As [`load`], for what needs an adapter.
pub fn load_some(sandbox: &Sandbox, directory: &Path) -> Result<Vec<Arc<Adapter>>, Failure> {
    let adapters = load(sandbox, directory)?;
    if adapters.is_empty() {
        return Err(Failure::input(format!("{}: no usable adapter; {HINT}", directory.display())));
    }
    Ok(adapters.into_iter().map(|(_, adapter)| adapter).collect())
}

/// The installed adapters' contracts, for the secrets that they declare. What cannot be asked is reported:
/// its secrets may stay in what is written.
pub fn contracts() -> Result<Vec<Arc<Contract>>, Failure> {
    /// What a person should know then.
    const GENERAL: &str = "only what is a secret everywhere is taken out";
    let files = match adapters(None).and_then(|directory| components(&directory)) {
        Ok(files) => files,
        Err(failure) => {
            say(format_args!("warning: {failure}; {GENERAL}"));
            return Ok(Vec::new());
        }
    };
    if files.is_empty() {
        say(format_args!("warning: no adapter is installed; {GENERAL}"));
    }
    let mut contracts = Vec::new();
    for file in files {
        match authoring::read(&file) {
            Ok(component) => contracts.push(Arc::new(component.contract().clone())),
            Err(error) => {
                say(format_args!("warning: {error}; the secrets that it declares are not taken out"));
            }
        }
    }
    Ok(contracts)
}

/// What they declare as secret, contract by contract.
pub fn declared_secrets() -> Result<Vec<Declared>, Failure> {
    let declared = contracts()?.into_iter().map(|contract| Declared::new(vec![contract]));
    declared.collect::<Result<_, _>>().map_err(Failure::input)
}
