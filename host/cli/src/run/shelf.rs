//! The directory of adapters, as it is looked at again and again.

use crate::components::{self, Installed, tell_strays};
use crate::failure::Failure;
use crate::person::say;
use crate::places;
use antigravity_authoring as authoring;
use antigravity_registry::{Store, verify};
use antigravity_runtime::{Component, Sandbox};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// A directory with a lock file, or one in which each component counts.
pub struct Shelf {
    directory: PathBuf,
    /// It had a lock file when the run began: without one, nothing is known of what is installed.
    installed: bool,
    allow_unsigned: bool,
    /// What was said already of a file as it is: nothing is said twice.
    seen: BTreeMap<PathBuf, Stamp>,
    /// Files that changed since the last look: looked into when they are the same at the next.
    changing: BTreeMap<PathBuf, Stamp>,
}

/// By what a file is known to be another.
type Stamp = (Option<SystemTime>, u64);

/// What a look at the directory shows.
#[derive(Default)]
pub struct Look {
    pub new: Vec<New>,
    /// The files that are there; only where none is new or may still be written.
    pub all: Option<BTreeSet<PathBuf>>,
}

/// A component that was not there at the last look.
pub struct New {
    pub path: PathBuf,
    pub component: Result<Component, String>,
    /// Somebody installed it on purpose.
    pub installed: bool,
}

impl Shelf {
    pub fn new(directory: PathBuf, allow_unsigned: bool) -> Self {
        let (seen, changing) = Default::default();
        let installed = Store::is_one(&directory);
        Self { directory, installed, allow_unsigned, seen, changing }
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The adapters to begin with. One that cannot be used is told; the others work.
    pub fn load(&mut self, sandbox: &Sandbox) -> Result<Vec<Installed>, Failure> {
        if self.installed {
            tell_strays(&Store::open(&self.directory).map_err(Failure::input)?);
        }
        let mut adapters: Vec<Installed> = Vec::new();
        for path in self.files()? {
            self.seen.insert(path.clone(), stamp(&path));
            let ready = self.read(&path).and_then(|component| {
                authoring::ready(sandbox, &component, &path).map_err(|error| error.to_string())
            });
            match ready {
                Ok(adapter) => {
                    let provider = &adapter.contract().provider;
                    if adapters.iter().any(|(_, known)| known.contract().provider == *provider) {
                        say(format_args!(
                            "error: adapter {}: {provider} has one already; it is left out",
                            path.display()
                        ));
                    } else {
                        adapters.push((path, Arc::new(adapter)));
                    }
                }
                Err(error) => say(format_args!("error: {error}; it is left out")),
            }
        }
        if adapters.is_empty() {
            return Err(components::none_usable(&self.directory));
        }
        Ok(adapters)
    }

    /// What is new since the last look, and all that is there.
    pub fn look(&mut self) -> Result<Look, Failure> {
        let files = self.files()?;
        let mut look = Look::default();
        for path in &files {
            let now = stamp(path);
            if self.seen.get(path) == Some(&now) {
                continue;
            }
            // Somebody may still be writing.
            if self.changing.insert(path.clone(), now) != Some(now) {
                continue;
            }
            self.changing.remove(path);
            self.seen.insert(path.clone(), now);
            let component = self.read(path);
            look.new.push(New { path: path.clone(), component, installed: self.installed });
        }
        let files: BTreeSet<PathBuf> = files.into_iter().collect();
        self.seen.retain(|path, _| files.contains(path));
        self.changing.retain(|path, _| files.contains(path));
        if look.new.is_empty() && self.changing.is_empty() {
            look.all = Some(files);
        }
        Ok(look)
    }

    /// The files that count.
    fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        if self.installed {
            if !Store::is_one(&self.directory) {
                return Err(Failure::input(format!("{}: its lock file is gone", self.directory.display())));
            }
            let store = Store::open(&self.directory).map_err(Failure::input)?;
            return Ok(store.current().map(|entry| entry.path).collect());
        }
        components::loose(&self.directory)
    }

    /// The component, where it is whole and somebody vouches for it.
    fn read(&self, path: &Path) -> Result<Component, String> {
        // Asked anew each time: a key may be trusted, or not any more, while the run goes on.
        let trusted = places::trusted().map_err(|failure| failure.to_string())?;
        if self.installed {
            let store = Store::open(&self.directory).map_err(|error| error.to_string())?;
            let entry = store.current().find(|entry| entry.path == path);
            let entry =
                entry.ok_or_else(|| format!("adapter {}: it is not installed any more", path.display()))?;
            return entry.load(&trusted).map(|(component, _)| component).map_err(|error| error.to_string());
        }
        let component = authoring::read(path).map_err(|error| error.to_string())?;
        match verify(component.bytes(), &trusted, self.allow_unsigned) {
            Ok(_) => Ok(component),
            Err(error) => {
                Err(format!("adapter {}: {error}; --allow-unsigned uses it all the same", path.display()))
            }
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let found = std::fs::metadata(path).ok();
    (found.as_ref().and_then(|it| it.modified().ok()), found.map_or(0, |it| it.len()))
}
