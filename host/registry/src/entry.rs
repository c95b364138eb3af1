//! An installed component, as the lock file names it.

use crate::disk;
use crate::key::Fingerprint;
use crate::lock::Record;
use crate::signature::{self, SignatureError, Signer};
use crate::trusted::Trusted;
use antigravity_core::Timestamp;
use antigravity_runtime::{Component, ComponentError, Limits};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// What the lock file says of a component. Equal entries have equal files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub provider: String,
    pub version: String,
    /// Of the whole file, 64 digits in hexadecimal.
    pub sha256: String,
    pub path: PathBuf,
    /// Version of the WIT package, `0.1`.
    pub wit: String,
    /// Who signed it when it was installed.
    pub signer: Option<Fingerprint>,
    /// Whether the person let it in without a trusted signature.
    pub unsigned_allowed: bool,
    pub installed_at: Timestamp,
}

/// Why an installed component is not used.
#[derive(Debug, thiserror::Error)]
#[error("adapter {}: {problem}", path.display())]
pub struct EntryError {
    pub path: PathBuf,
    pub problem: EntryProblem,
}

#[derive(Debug, thiserror::Error)]
pub enum EntryProblem {
    #[error("its file is missing")]
    Missing,
    #[error(transparent)]
    Io(io::Error),
    #[error("its file was changed after it was installed (SHA-256 {found}, installed {installed})")]
    Changed { installed: String, found: String },
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error(transparent)]
    Component(#[from] ComponentError),
    #[error("it is {found}, not {named} as the lock file says")]
    Other { named: String, found: String },
}

impl Entry {
    pub(crate) fn new(directory: &Path, provider: &str, record: &Record) -> Self {
        Self {
            provider: provider.to_owned(),
            version: record.version.clone(),
            sha256: record.sha256.clone(),
            path: directory.join(&record.file),
            wit: record.wit.clone(),
            signer: record.signer,
            unsigned_allowed: record.unsigned_allowed,
            installed_at: record.installed_at,
        }
    }

    /// `provider@version`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.provider, self.version)
    }

    /// Reads the component, and lets it be used only where it is the one that was installed and is
    /// vouched for now.
    ///
    /// # Errors
    /// [`EntryError`] naming the file and why it is not used.
    pub fn load(&self, trusted: &Trusted) -> Result<(Component, Signer), EntryError> {
        self.try_load(trusted).map_err(|problem| EntryError { path: self.path.clone(), problem })
    }

    fn try_load(&self, trusted: &Trusted) -> Result<(Component, Signer), EntryProblem> {
        let limit = Limits::default().component;
        let bytes = self.bytes(limit)?;
        let signer = signature::verify(&bytes, trusted, self.unsigned_allowed)?;
        let component = Component::read(bytes, limit)?;
        let (found, named) = (component.contract().name(), self.name());
        if found != named {
            return Err(EntryProblem::Other { named, found });
        }
        Ok((component, signer))
    }

    /// Whether its file is there and unchanged.
    pub(crate) fn is_whole(&self) -> bool {
        self.bytes(Limits::default().component).is_ok()
    }

    fn bytes(&self, limit: usize) -> Result<Vec<u8>, EntryProblem> {
        let bytes = disk::read(&self.path, limit).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => EntryProblem::Missing,
            _ => EntryProblem::Io(error),
        })?;
        let changed = |found: String| EntryProblem::Changed { installed: short(&self.sha256), found };
        let bytes = bytes.ok_or_else(|| changed(format!("of more than {limit} bytes")))?;
        let found = hex(&Sha256::digest(&bytes));
        if found == self.sha256 { Ok(bytes) } else { Err(changed(short(&found))) }
    }
}

/// The first digits of a digest, for people.
fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
