//! A standard library for WebAssembly: is it there, and if not, what brings it.

use crate::command::{CommandError, output, output_within};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The target of every adapter: it knows no system interface, so nothing can be imported.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The programs that compile adapters. `cargo` finds its own `rustc`, by its environment.
#[derive(Clone, Debug)]
pub struct Tools {
    pub cargo: PathBuf,
    pub rustc: PathBuf,
}

/// As they are found on the search path.
impl Default for Tools {
    fn default() -> Self {
        Self { cargo: "cargo".into(), rustc: "rustc".into() }
    }
}

/// Where the standard library comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Std {
    /// It is installed.
    Installed,
    /// Its source is: it is built along with the adapter, once (30 s).
    FromSource,
}

/// There is none, and none could be had.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error("the {TARGET} standard library is missing and could not be added ({problem}); run `{}`", mend())]
    Missing { problem: String },
}

/// The one command that brings what is missing.
fn mend() -> String {
    format!("rustup target add {TARGET}")
}

/// What is there now; nothing is installed. `None`: neither the library nor its source.
///
/// # Errors
/// Where `rustc` cannot be asked.
pub fn find_std(tools: &Tools) -> Result<Option<Std>, ToolchainError> {
    let rustc = || Command::new(&tools.rustc);
    let dir = output(rustc().args(["--print", "target-libdir", "--target", TARGET]))?;
    if holds_std(Path::new(dir.trim())) {
        return Ok(Some(Std::Installed));
    }
    let sysroot = output(rustc().args(["--print", "sysroot"]))?;
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std");
    Ok(source.is_dir().then_some(Std::FromSource))
}

/// Finds the standard library, adding it with rustup where it is missing.
///
/// # Errors
/// [`ToolchainError::Missing`] with the command to run.
pub(crate) fn prepare(tools: &Tools) -> Result<Std, ToolchainError> {
    let before = find_std(tools)?;
    if before == Some(Std::Installed) {
        return Ok(Std::Installed);
    }
    tracing::info!("adding the {TARGET} target");
    let added =
        output_within(Command::new("rustup").args(["target", "add", TARGET]), Duration::from_secs(120));
    match (find_std(tools)?, added) {
        (Some(std), _) => Ok(std),
        (None, Err(problem)) => Err(ToolchainError::Missing { problem: problem.to_string() }),
        (None, Ok(_)) => {
            Err(ToolchainError::Missing { problem: "rustup added it to another toolchain".to_owned() })
        }
    }
}

fn holds_std(dir: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(dir) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}
