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
    /// Where it cannot be made, or where others can write to it.
    pub fn open(directory: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))?;
            // Only the owner can set a mode, so from here on it is ours and ours alone.
            if std::fs::metadata(directory)?.mode() & 0o077 != 0 {
                return Err(std::io::Error::other("others can write to the compile cache"));
            }
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
        let file = std::fs::read(self.path(engine, digest)).ok()?;
        let (code, sum) = file.split_at_checked(file.len().checked_sub(32)?)?;
        if Sha256::digest(code).as_slice() != sum {
            return None;
        }
        // SAFETY: the directory is this user's alone, the name holds the digest of the component
        // and of the engine's settings, and the content is as `put` wrote it.
        unsafe { Compiled::deserialize(engine, code) }.ok()
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
        file.write_all(&Sha256::digest(&code))?;
        file.persist(self.path(engine, digest)).map_err(|e| e.error)?;
        Ok(())
    }
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
