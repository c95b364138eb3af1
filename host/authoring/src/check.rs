//! Whether a contract can be used. All that a replay asks of it is asked here, of one contract at a
//! time: when a component is built, and before it is used, so that one that cannot be used stops
//! nothing else.

use antigravity_core::Contract;
use antigravity_engine::{Declared, ReplayError};
use antigravity_runtime::{Adapter, Component, Limits, LoadError, Problem, Sandbox};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a component's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("adapter {}: {problem}", path.display())]
    Contract { path: PathBuf, problem: ReplayError },
}

/// Reads a component's file without running it.
///
/// # Errors
/// [`Unusable`] where it is no adapter, or its contract cannot be used.
pub fn read(path: &Path) -> Result<Component, Unusable> {
    let named = |problem: Problem| LoadError { path: path.to_owned(), problem };
    let component = Component::open(path, Limits::default().component).map_err(named)?;
    contract(&Arc::new(component.contract().clone())).map_err(|problem| at(path, problem))?;
    Ok(component)
}

/// Loads a component's file, ready to work.
///
/// # Errors
/// As [`read`] and [`ready`].
pub fn load(sandbox: &Sandbox, path: &Path) -> Result<Adapter, Unusable> {
    ready(sandbox, &read(path)?, path)
}

/// Makes a component ready to work that was read from a file.
///
/// # Errors
/// [`Unusable`] where it does not compile, its code does not say what its contract says, or its
/// contract cannot be used.
pub fn ready(sandbox: &Sandbox, component: &Component, path: &Path) -> Result<Adapter, Unusable> {
    let named = |problem: Problem| LoadError { path: path.to_owned(), problem };
    let adapter = Adapter::from_component(sandbox, component).map_err(named)?;
    contract(adapter.contract()).map_err(|problem| at(path, problem))?;
    Ok(adapter)
}

fn at(path: &Path, problem: ReplayError) -> Unusable {
    Unusable::Contract { path: path.to_owned(), problem }
}

/// Whether its patterns and schemas compile, and its declared secrets can be read.
pub(crate) fn contract(contract: &Arc<Contract>) -> Result<(), ReplayError> {
    Declared::new(vec![Arc::clone(contract)]).map(drop)
}
