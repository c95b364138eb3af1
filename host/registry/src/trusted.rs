//! The public keys that a person trusts: one PEM file each, in one directory.

use crate::disk;
use crate::key::{Fingerprint, KeyError, PublicKey};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A trusted key.
#[derive(Clone, Debug)]
pub struct TrustedKey {
    /// Its file's name without `.pem`.
    pub name: String,
    pub path: PathBuf,
    key: PublicKey,
}

impl TrustedKey {
    pub fn fingerprint(&self) -> Fingerprint {
        self.key.fingerprint()
    }
}

/// A file in the directory that is no key; it vouches for nothing.
#[derive(Debug, thiserror::Error)]
#[error("trusted key {}: {problem}", path.display())]
pub struct BrokenKey {
    pub path: PathBuf,
    pub problem: KeyError,
}

/// What is trusted at one moment.
#[derive(Debug, Default)]
pub struct Trusted {
    /// By name.
    pub keys: Vec<TrustedKey>,
    /// By path.
    pub broken: Vec<BrokenKey>,
}

/// Why nothing is trusted that should be, or still is.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Key(#[from] BrokenKey),
    #[error(
        "`{0}`: a key's name is 1 to 64 of a–z, A–Z, 0–9, `.`, `_` and `-`, and begins with a letter or a digit"
    )]
    Name(String),
    #[error("another key is trusted as `{name}` ({fingerprint}); choose another name, or remove that one")]
    Taken { name: String, fingerprint: Fingerprint },
    #[error("no key `{0}` is trusted")]
    Unknown(String),
}

/// What became of a key that is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    Now,
    /// It was trusted already, by this name.
    Before(String),
}

impl Trusted {
    /// Reads the keys of a directory; one that is not there holds none.
    ///
    /// # Errors
    /// [`TrustError::Io`] where the directory cannot be read.
    pub fn read(directory: &Path) -> Result<Self, TrustError> {
        let io = |source| TrustError::Io { path: directory.to_owned(), source };
        let mut trusted = Self::default();
        let entries = match fs::read_dir(directory) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(trusted),
            entries => entries.map_err(io)?,
        };
        for entry in entries {
            trusted.add_file(entry.map_err(io)?.path());
        }
        trusted.keys.sort_by(|a, b| a.name.cmp(&b.name));
        trusted.broken.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(trusted)
    }

    fn add_file(&mut self, path: PathBuf) {
        if path.extension().is_none_or(|extension| extension != "pem") {
            return;
        }
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match PublicKey::read(&path) {
            Ok(key) => self.keys.push(TrustedKey { name, path, key }),
            Err(problem) => self.broken.push(BrokenKey { path, problem }),
        }
    }

    pub(crate) fn find(&self, key: &PublicKey) -> Option<&TrustedKey> {
        self.keys.iter().find(|known| known.key == *key)
    }

    /// Trusts a key from now on.
    ///
    /// # Errors
    /// [`TrustError`]: no name of a key, one that another key has, or the file cannot be written.
    pub fn add(directory: &Path, name: &str, key: &PublicKey) -> Result<Added, TrustError> {
        if let Some(known) = Self::read(directory)?.find(key) {
            return Ok(Added::Before(known.name.clone()));
        }
        let path = path_of(directory, name)?;
        let pem = key.to_pem().map_err(|problem| BrokenKey { path: path.clone(), problem })?;
        let written = fs::create_dir_all(directory).and_then(|()| disk::write_new(&path, pem.as_bytes()));
        match written {
            Ok(()) => Ok(Added::Now),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let there = PublicKey::read(&path).map_err(|problem| BrokenKey { path, problem })?;
                Err(TrustError::Taken { name: name.to_owned(), fingerprint: there.fingerprint() })
            }
            Err(source) => Err(TrustError::Io { path, source }),
        }
    }

    /// Trusts a key no longer: what it signed is refused from now on. Gives its file.
    ///
    /// # Errors
    /// [`TrustError`]: no such key, or its file cannot be deleted.
    pub fn remove(directory: &Path, name: &str) -> Result<PathBuf, TrustError> {
        let path = path_of(directory, name)?;
        match disk::remove(&path) {
            Ok(()) => Ok(path),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(TrustError::Unknown(name.to_owned())),
            Err(source) => Err(TrustError::Io { path, source }),
        }
    }
}

fn path_of(directory: &Path, name: &str) -> Result<PathBuf, TrustError> {
    let usual = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    if begins && name.len() <= 64 && name.bytes().all(usual) {
        return Ok(directory.join(format!("{name}.pem")));
    }
    Err(TrustError::Name(name.to_owned()))
}
