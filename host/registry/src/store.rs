//! A directory of installed adapters.
//!
//! ```text
//! adapters.lock                  what is installed (JSON)
//! .lock                          held while something changes
//! <provider>/<version>-<first 12 digits of its SHA-256>.wasm
//! ```

use crate::entry::Entry;
use crate::lock::{Lock, Slot};
use std::io;
use std::path::{Path, PathBuf};

/// The file that makes a directory a store.
pub const LOCK_FILE: &str = "adapters.lock";

/// Why a store cannot be used. It is left as it is.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", path.display())]
pub struct StoreError {
    pub path: PathBuf,
    pub problem: StoreProblem,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreProblem {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it is too large for a lock file")]
    TooLarge,
    #[error("field `antigravity_lock`: version {found}; this program knows {known}")]
    Version { found: u64, known: u64 },
    #[error("field `{field}`: {why}")]
    Field { field: String, why: String },
    /// Its components would be passed over as soon as there is a lock file.
    #[error(
        "{0} components lie here without an `{LOCK_FILE}`, which counts as a directory of one's own; \
         name another one to install into"
    )]
    Plain(usize),
}

/// What is installed in a directory, as of when it was opened or last changed through this.
#[derive(Debug)]
pub struct Store {
    pub(crate) directory: PathBuf,
    pub(crate) lock: Lock,
}

impl Store {
    /// Whether what is used of a directory is what its lock file says. Otherwise each component in it
    /// counts.
    pub fn is_one(directory: &Path) -> bool {
        directory.join(LOCK_FILE).symlink_metadata().is_ok()
    }

    /// Reads a directory's lock file. Where there is none nothing is installed, and nothing is made.
    ///
    /// # Errors
    /// [`StoreError`] naming the lock file and its field.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let lock = read(directory)?.unwrap_or_default();
        Ok(Self { directory: directory.to_owned(), lock })
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The adapters in use, by provider. Their files are not looked at: [`Entry::load`] does.
    pub fn current(&self) -> impl Iterator<Item = Entry> {
        let slots = self.lock.adapters.iter();
        slots.filter_map(|(provider, slot)| Some(self.entry(provider, slot.current.as_ref()?)))
    }

    /// One provider's adapter in use.
    pub fn current_of(&self, provider: &str) -> Option<Entry> {
        Some(self.entry(provider, self.slot(provider)?.current.as_ref()?))
    }

    /// The versions of a provider that were in use before, the last one first.
    pub fn previous(&self, provider: &str) -> Vec<Entry> {
        let records = self.slot(provider).into_iter().flat_map(|slot| &slot.previous);
        records.map(|record| self.entry(provider, record)).collect()
    }

    /// Every provider that the lock file names, by name; some may have previous versions only.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.lock.adapters.keys().map(String::as_str)
    }

    /// Components that lie beside the lock file and are passed over, by name.
    ///
    /// # Errors
    /// [`StoreError`] where the directory cannot be read.
    pub fn strays(&self) -> Result<Vec<PathBuf>, StoreError> {
        components(&self.directory).map_err(|error| self.problem(error))
    }

    pub(crate) fn problem(&self, error: io::Error) -> StoreError {
        StoreError { path: self.directory.clone(), problem: error.into() }
    }

    fn slot(&self, provider: &str) -> Option<&Slot> {
        self.lock.adapters.get(provider)
    }

    pub(crate) fn entry(&self, provider: &str, record: &crate::lock::Record) -> Entry {
        Entry::new(&self.directory, provider, record)
    }
}

pub(crate) fn read(directory: &Path) -> Result<Option<Lock>, StoreError> {
    let path = directory.join(LOCK_FILE);
    Lock::read(&path).map_err(|problem| StoreError { path, problem })
}

/// What is named as a component directly in a directory, by name.
pub(crate) fn components(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
