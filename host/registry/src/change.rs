//! Changes of a store: installing, going back, removing. Each is one rename of the lock file.

use crate::disk;
use crate::entry::{Entry, EntryError};
use crate::leftovers;
use crate::lock::{KEPT, Lock, Record};
use crate::signature::{self, SignatureError};
use crate::store::{self, LOCK_FILE, Store, StoreError, StoreProblem};
use crate::trusted::Trusted;
use crate::version::Version;
use antigravity_core::Timestamp;
use antigravity_runtime::Component;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// What a person lets in that is refused otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// A component without a trusted signature.
    pub unsigned: bool,
    /// One that is older than the current one, or has its version and other content.
    pub downgrade: bool,
}

/// What an installation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    pub entry: Entry,
    /// What was in use before.
    pub before: Option<Entry>,
    /// Whether anything changed: the very file may have been in use already.
    pub changed: bool,
}

/// What going back did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rolled {
    pub entry: Entry,
    /// What was in use before; `None` where the adapter had been removed.
    pub before: Option<Entry>,
}

/// Why something may not be installed, or cannot be gone back to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{name}: {why}")]
    Signature { name: String, why: SignatureError },
    #[error("{offered} is older than {current}, which is in use")]
    Older { offered: String, current: String },
    #[error(
        "{name} is in use with other content (SHA-256 {current}…, this one {offered}…): \
         a change needs a higher version"
    )]
    SameVersion { name: String, current: String, offered: String },
    #[error("{}: no adapter `{provider}` is installed", store.display())]
    NotInstalled { provider: String, store: PathBuf },
    #[error("{}: no version of `{provider}` was in use before", store.display())]
    NothingBefore { provider: String, store: PathBuf },
    #[error("{}: {provider}@{version} is not among the versions that are kept", store.display())]
    NoSuchVersion { provider: String, version: String, store: PathBuf },
}

/// Why a store was not changed. It is as before, but for files that the next change clears away.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is to be gone back to cannot be used.
    #[error(transparent)]
    Entry(#[from] EntryError),
    #[error("{}: it cannot be written: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

fn unwritten(path: &Path) -> impl FnOnce(io::Error) -> ChangeError {
    let path = path.to_owned();
    |source| ChangeError::Write { path, source }
}

impl Store {
    /// Puts a component in use, and keeps the one that was among the previous ones. The directory is made
    /// where it is missing. Waits while another process changes the store.
    ///
    /// The caller has made sure that the component works: that it compiles and says of itself what its
    /// contract says.
    ///
    /// # Errors
    /// [`ChangeError`]: nobody trusted vouches for it, it is older, the lock file cannot be used, the disk
    /// is full.
    pub fn install(
        &mut self,
        component: &Component,
        trusted: &Trusted,
        allow: Allow,
        at: Timestamp,
    ) -> Result<Installed, ChangeError> {
        let contract = component.contract();
        let signer = signature::verify(component.bytes(), trusted, allow.unsigned)
            .map_err(|why| Refusal::Signature { name: contract.name(), why })?;
        let sha256 = component.sha256();
        let record = Record {
            version: contract.version.clone(),
            file: Record::place(&contract.provider, &contract.version, &sha256),
            sha256,
            wit: contract.wit.clone(),
            signer: signer.fingerprint(),
            unsigned_allowed: !matches!(signer, signature::Signer::Trusted { .. }),
            installed_at: at,
        };
        self.make()?;
        self.change(|store, lock| store.place(lock, &contract.provider, record, allow, component.bytes()))
    }

    /// Puts a version in use again: the one that was last, or the one named. What is in use becomes the
    /// last one, so that going back twice changes nothing.
    ///
    /// # Errors
    /// [`ChangeError`]: there is none, its file was changed, or nobody vouches for it any more.
    pub fn rollback(
        &mut self,
        provider: &str,
        version: Option<&str>,
        trusted: &Trusted,
    ) -> Result<Rolled, ChangeError> {
        self.find(provider)?;
        self.change(|store, lock| {
            let directory = store.directory.clone();
            let slot = lock.adapters.get_mut(provider).ok_or_else(|| store.not_installed(provider))?;
            let at = slot.previous.iter().position(|it| version.is_none_or(|version| it.version == version));
            let at = at.ok_or_else(|| match version {
                Some(version) => Refusal::NoSuchVersion {
                    provider: provider.to_owned(),
                    version: version.to_owned(),
                    store: directory.clone(),
                },
                None => Refusal::NothingBefore { provider: provider.to_owned(), store: directory.clone() },
            })?;
            let record = slot.previous.remove(at);
            let entry = store.entry(provider, &record);
            entry.load(trusted)?;
            let before = slot.current.replace(record);
            let result =
                Rolled { entry, before: before.as_ref().map(|before| store.entry(provider, before)) };
            slot.previous.splice(0..0, before);
            Ok(result)
        })
    }

    /// Takes an adapter out of use. It stays among the previous ones, unless `purge` deletes them all.
    /// Gives what was in use.
    ///
    /// # Errors
    /// [`ChangeError`]: there is none.
    pub fn remove(&mut self, provider: &str, purge: bool) -> Result<Option<Entry>, ChangeError> {
        self.find(provider)?;
        self.change(|store, lock| {
            let slot = lock.adapters.get_mut(provider).ok_or_else(|| store.not_installed(provider))?;
            if slot.current.is_none() && !purge {
                return Err(store.not_installed(provider).into());
            }
            let before = slot.current.take();
            let entry = before.as_ref().map(|before| store.entry(provider, before));
            slot.previous.splice(0..0, before);
            slot.previous.truncate(KEPT);
            if purge {
                lock.adapters.remove(provider);
            }
            Ok(entry)
        })
    }

    fn not_installed(&self, provider: &str) -> Refusal {
        Refusal::NotInstalled { provider: provider.to_owned(), store: self.directory.clone() }
    }

    /// Makes the directory, unless it is one in which each component counts.
    fn make(&self) -> Result<(), ChangeError> {
        fs::create_dir_all(&self.directory).map_err(unwritten(&self.directory))?;
        if Self::is_one(&self.directory) {
            return Ok(());
        }
        match store::components(&self.directory).map_err(|error| self.problem(error))?.len() {
            0 => Ok(()),
            count => {
                let problem = StoreProblem::Plain(count);
                Err(StoreError { path: self.directory.clone(), problem }.into())
            }
        }
    }

    /// Nothing is made where nothing was installed yet.
    fn find(&self, provider: &str) -> Result<(), Refusal> {
        if Self::is_one(&self.directory) { Ok(()) } else { Err(self.not_installed(provider)) }
    }

    /// Changes the lock file as `work` says, or leaves it as it is where that fails. What is installed is
    /// read again with the right to change it.
    fn change<T>(
        &mut self,
        work: impl FnOnce(&Self, &mut Lock) -> Result<T, ChangeError>,
    ) -> Result<T, ChangeError> {
        let _held = self.hold()?;
        self.lock = store::read(&self.directory)?.unwrap_or_default();
        // First, since what a killed change left may be what fills the disk.
        leftovers::clear(&self.directory, &self.lock);
        let mut lock = self.lock.clone();
        let done = work(self, &mut lock).and_then(|result| {
            if lock != self.lock {
                let path = self.directory.join(LOCK_FILE);
                disk::write(&path, &lock.to_json()).map_err(unwritten(&path))?;
                self.lock = lock;
            }
            Ok(result)
        });
        leftovers::clear(&self.directory, &self.lock);
        done
    }

    /// The right to change the store, until it is dropped.
    fn hold(&self) -> Result<File, ChangeError> {
        let path = self.directory.join(".lock");
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(unwritten(&path))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(source)) => return Err(ChangeError::Write { path, source }),
        }
        tracing::warn!("{}: another process is changing it; waiting", self.directory.display());
        file.lock().map_err(unwritten(&path))?;
        Ok(file)
    }

    /// Writes the component, and names it in the lock file to be.
    fn place(
        &self,
        lock: &mut Lock,
        provider: &str,
        record: Record,
        allow: Allow,
        bytes: &[u8],
    ) -> Result<Installed, ChangeError> {
        let entry = self.entry(provider, &record);
        let slot = lock.adapters.entry(provider.to_owned()).or_default();
        let before = slot.current.as_ref().map(|before| self.entry(provider, before));
        let same = before.as_ref().filter(|before| before.sha256 == record.sha256).cloned();
        if let Some(same) = same {
            let vouched = (same.signer, same.unsigned_allowed) == (record.signer, record.unsigned_allowed);
            if vouched && same.is_whole() {
                return Ok(Installed { entry: same, before, changed: false });
            }
        } else if let Some(before) = before.as_ref().filter(|_| !allow.downgrade) {
            may_replace(before, &entry)?;
        }
        let folder = self.directory.join(provider);
        disk::directory(&folder).map_err(unwritten(&folder))?;
        disk::write(&entry.path, bytes).map_err(unwritten(&entry.path))?;
        let replaced = slot.current.replace(record).filter(|it| it.sha256 != entry.sha256);
        slot.previous.retain(|it| it.sha256 != entry.sha256);
        slot.previous.splice(0..0, replaced);
        slot.previous.truncate(KEPT);
        Ok(Installed { entry, before, changed: true })
    }
}

/// Whether a component may take the place of another one.
fn may_replace(current: &Entry, offered: &Entry) -> Result<(), Refusal> {
    let (was, is) = (Version::read(&current.version), Version::read(&offered.version));
    let short = |entry: &Entry| entry.sha256.chars().take(12).collect();
    match is.cmp(&was) {
        std::cmp::Ordering::Greater => Ok(()),
        std::cmp::Ordering::Less => Err(Refusal::Older { offered: offered.name(), current: current.name() }),
        std::cmp::Ordering::Equal => Err(Refusal::SameVersion {
            name: offered.name(),
            current: short(current),
            offered: short(offered),
        }),
    }
}
