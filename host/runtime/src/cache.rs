//! Compiled code, kept in a private directory.
//!
//! Loading compiled code is `unsafe`: whoever can write these files can run anything as this user.
//! So the directory belongs to this user alone, a file is found under the digest of its component
//! and of the engine's settings, and it ends with the digest of its own content.

use crate::sandbox::Sandbox;
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

/// A directory of compiled components.
#[derive(Debug)]
pub struct Cache {
    directory: PathBuf,
}

impl Cache {
    /// Opens the cache, making the directory (mode 0700) where it is missing.
    ///
    /// # Errors
    /// Where it cannot be made or written to, or where it is not this user's.
    pub fn open(directory: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            // Whose we are is whose the files are that we make.
            let ours = tempfile::NamedTempFile::new_in(directory)?.as_file().metadata()?.uid();
            let owner = std::fs::metadata(directory)?.uid();
            if owner != ours {
                let problem = format!("the compile cache belongs to user {owner}, not to user {ours}");
                return Err(std::io::Error::other(problem));
            }
            std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(Self { directory: directory.to_owned() })
    }

    fn path(&self, engine: &Engine, digest: &[u8; 32]) -> PathBuf {
        let mut hasher = Sha256Hasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.0.update(digest);
        self.directory.join(format!("{}.cwasm", hex(&hasher.0.finalize()[..16])))
    }

    /// The compiled component, if it was kept and is whole.
    pub(crate) fn get(&self, engine: &Engine, digest: &[u8; 32]) -> Option<Compiled> {
        let path = self.path(engine, digest);
        if !self.is_ours(&path) {
            return None;
        }
        let file = std::fs::read(&path).ok()?;
        let (code, kept) = file.split_at_checked(file.len().checked_sub(32)?)?;
        if sum(&path, code) != kept {
            return None;
        }
        // SAFETY: directory and file are this user's alone, the name holds the digest of the
        // component and of the engine's settings, and name and content are as `put` wrote them.
        unsafe { Compiled::deserialize(engine, code) }.ok()
    }

    /// Whether it is a plain file of the directory's owner: what others put there before the
    /// directory was closed to them is not.
    fn is_ours(&self, path: &Path) -> bool {
        let Ok(file) = path.symlink_metadata() else { return false };
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            if !self.directory.metadata().is_ok_and(|directory| directory.uid() == file.uid()) {
                return false;
            }
        }
        file.is_file()
    }

    /// Keeps a compiled component. A cache that cannot be written costs time, nothing else.
    pub(crate) fn put(&self, sandbox: &Sandbox, digest: &[u8; 32], compiled: &Compiled) {
        if let Err(error) = self.try_put(&sandbox.engine, digest, compiled) {
            tracing::warn!(directory = %self.directory.display(), %error, "the compile cache cannot be written");
        }
    }

    fn try_put(&self, engine: &Engine, digest: &[u8; 32], compiled: &Compiled) -> std::io::Result<()> {
        let code = compiled.serialize().map_err(std::io::Error::other)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(&code)?;
        let path = self.path(engine, digest);
        file.write_all(&sum(&path, &code))?;
        file.persist(path).map_err(|e| e.error)?;
        Ok(())
    }
}

/// The digest of a file's name and content: one that was renamed is not what its name says.
fn sum(path: &Path, code: &[u8]) -> [u8; 32] {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    Sha256::new().chain_update(name).chain_update(code).finalize().into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

struct Sha256Hasher(Sha256);

impl Hasher for Sha256Hasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
