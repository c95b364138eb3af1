//! The components of a directory: those that its lock file names, or each one where it has none.

use crate::failure::Failure;
use crate::person::say;
use crate::places;
use antigravity_authoring as authoring;
use antigravity_core::Contract;
use antigravity_engine::Declared;
use antigravity_registry::{Entry, LOCK_FILE, Store, Trusted};
use antigravity_runtime::{Adapter, Component, Sandbox};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to do where there are no components.
const HINT: &str = "in a checkout, `antigravity adapter build --all` builds them";

/// The components of a directory, and who is trusted to vouch for those that were installed.
#[derive(Debug)]
pub struct Components {
    found: Vec<Found>,
    trusted: Trusted,
}

/// A component's file that has not been read.
#[derive(Debug)]
enum Found {
    /// One of an author's own: used as it is.
    Loose(PathBuf),
    Installed(Entry),
}

impl Components {
    /// Finds them. Nothing is read but a lock file.
    pub fn of(directory: &Path) -> Result<Self, Failure> {
        if !Store::is_one(directory) {
            let found = loose(directory)?.into_iter().map(Found::Loose).collect();
            return Ok(Self { found, trusted: Trusted::default() });
        }
        let store = Store::open(directory).map_err(Failure::input)?;
        tell_strays(&store);
        Ok(Self { found: store.current().map(Found::Installed).collect(), trusted: places::trusted()? })
    }

    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Each one's file, and the component or why it is not used; read as they are asked for.
    fn read(&self) -> impl Iterator<Item = (&Path, Result<Component, String>)> {
        self.found.iter().map(|found| match found {
            Found::Loose(path) => (path.as_path(), authoring::read(path).map_err(|error| error.to_string())),
            Found::Installed(entry) => {
                let loaded = entry.load(&self.trusted).map(|(component, _)| component);
                (entry.path.as_path(), loaded.map_err(|error| error.to_string()))
            }
        })
    }
}

/// The components in a directory without a lock file, by name.
pub fn loose(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
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

/// Somebody put them where only what is installed counts, and may think that they are used.
pub fn tell_strays(store: &Store) {
    match store.strays() {
        Ok(strays) => strays.iter().for_each(|path| {
            say(format_args!("warning: {}: not in {LOCK_FILE}, so it is not used", path.display()));
        }),
        Err(error) => say(format_args!("warning: {error}")),
    }
}

/// An adapter that works, and its file.
pub type Installed = (PathBuf, Arc<Adapter>);

/// Loads the components of a directory, by name. One that cannot be used is reported; the others
/// work. Of two for one provider the second is left out.
pub fn load(sandbox: &Sandbox, directory: &Path) -> Result<Vec<Installed>, Failure> {
    let mut adapters: Vec<Installed> = Vec::new();
    for (file, component) in Components::of(directory)?.read() {
        let ready =
            |component| authoring::ready(sandbox, &component, file).map_err(|error| error.to_string());
        match component.and_then(ready) {
            Ok(adapter) => match rival(&adapters, adapter.contract()) {
                Some(first) => {
                    let problem = twice(file, adapter.contract(), first);
                    say(format_args!("error: {problem}; it is left out"));
                }
                None => adapters.push((file.to_owned(), Arc::new(adapter))),
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

pub fn none_usable(directory: &Path) -> Failure {
    Failure::input(format!("{}: no usable adapter; {HINT}", directory.display()))
}

/// As [`load`], for what needs an adapter.
pub fn load_some(sandbox: &Sandbox, directory: &Path) -> Result<Vec<Arc<Adapter>>, Failure> {
    let adapters = load(sandbox, directory)?;
    if adapters.is_empty() {
        return Err(none_usable(directory));
    }
    Ok(adapters.into_iter().map(|(_, adapter)| adapter).collect())
}

/// As [`load`], of these providers only, all of them.
pub fn load_these(
    sandbox: &Sandbox,
    directory: &Path,
    providers: &BTreeSet<&str>,
) -> Result<Vec<Arc<Adapter>>, Failure> {
    let loaded = load(sandbox, directory)?;
    let find = |provider: &&str| {
        let found = loaded.iter().find(|(_, adapter)| adapter.contract().provider == *provider);
        let missing = || Failure::Input(format!("{}: no usable adapter `{provider}`", directory.display()));
        found.map(|(_, adapter)| Arc::clone(adapter)).ok_or_else(missing)
    };
    providers.iter().map(find).collect()
}

/// The installed adapters' contracts, for the secrets that they declare. What cannot be asked is reported:
/// its secrets may stay in what is written.
pub fn contracts() -> Result<Vec<Arc<Contract>>, Failure> {
    /// What a person should know then.
    const GENERAL: &str = "only what is a secret everywhere is taken out";
    let components = match places::adapters(None).and_then(|directory| Components::of(&directory)) {
        Ok(components) => components,
        Err(failure) => {
            say(format_args!("warning: {failure}; {GENERAL}"));
            return Ok(Vec::new());
        }
    };
    if components.len() == 0 {
        say(format_args!("warning: no adapter is installed; {GENERAL}"));
    }
    let mut contracts = Vec::new();
    for (_, component) in components.read() {
        match component {
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
