//! Where things lie on this machine. The environment is read here and nowhere else.

use crate::failure::Failure;
use crate::person::say;
use antigravity_authoring::Tools;
use antigravity_registry::Trusted;
use antigravity_runtime::{Cache, Limits, Sandbox};
use std::path::{Path, PathBuf};
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

/// The directory of adapters that the person names, here or for all commands.
fn set_adapters(named: Option<&Path>) -> Option<PathBuf> {
    let set = || std::env::var_os("ANTIGRAVITY_ADAPTERS").filter(|set| !set.is_empty()).map(PathBuf::from);
    named.map(Path::to_owned).or_else(set)
}

/// Where adapters are installed: as [`adapters`], but never what a checkout built.
pub fn store(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let kept = || data().map(|data| data.join("adapters"));
    set_adapters(named)
        .or_else(kept)
        .ok_or_else(|| Failure::input("no data directory to install into: give one with --adapters"))
}

/// Where the public keys lie that the person trusts.
pub fn trusted_directory() -> Result<PathBuf, Failure> {
    let directory = data().map(|data| data.join("trusted"));
    directory.ok_or_else(|| {
        Failure::input("no data directory for trusted keys: neither XDG_DATA_HOME nor HOME is set")
    })
}

/// The public keys that the person trusts; none where there is no place for them. What is no key is told.
pub fn trusted() -> Result<Trusted, Failure> {
    let Ok(directory) = trusted_directory() else { return Ok(Trusted::default()) };
    let trusted = Trusted::read(&directory).map_err(Failure::input)?;
    for broken in &trusted.broken {
        say(format_args!("warning: {broken}; it vouches for nothing"));
    }
    Ok(trusted)
}

/// The directory of components: the one named, else `ANTIGRAVITY_ADAPTERS`, else the checkout's
/// `target/adapters`, else the data directory's.
pub fn adapters(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(set) = set_adapters(named) {
        return Ok(set);
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
