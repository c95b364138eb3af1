//! The lock file: what is installed, and nothing else is.

use crate::disk;
use crate::key::Fingerprint;
use crate::store::StoreProblem;
use crate::version::Version;
use antigravity_core::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

/// Version of the file's form.
const FORMAT: u64 = 1;

/// How many versions of an adapter stay beside the current one.
pub const KEPT: usize = 5;

/// Largest lock file that is read, in bytes: 50,000 adapters.
const LARGEST: usize = 64 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    antigravity_lock: u64,
    pub adapters: BTreeMap<String, Slot>,
}

/// One provider's versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// `None`: it was removed.
    pub current: Option<Record>,
    /// Those that were current before, the last one first.
    pub previous: Vec<Record>,
}

/// One component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub version: String,
    /// Of the whole file, in hexadecimal.
    pub sha256: String,
    /// Where it lies in the store.
    pub file: String,
    pub wit: String,
    /// Who signed it when it was installed.
    pub signer: Option<Fingerprint>,
    /// Whether the person let it in without a trusted signature.
    pub unsigned_allowed: bool,
    pub installed_at: Timestamp,
}

impl Default for Lock {
    fn default() -> Self {
        Self { antigravity_lock: FORMAT, adapters: BTreeMap::new() }
    }
}

impl Record {
    /// Where a component of this provider, version and digest lies in the store.
    pub fn place(provider: &str, version: &str, sha256: &str) -> String {
        format!("{provider}/{version}-{}.wasm", sha256.get(..12).unwrap_or(sha256))
    }

    fn check(&self, provider: &str) -> Result<(), (&'static str, String)> {
        if Version::read(&self.version).is_none() {
            return Err(("version", "must be MAJOR.MINOR.PATCH".to_owned()));
        }
        if !(self.sha256.len() == 64 && self.sha256.bytes().all(hexadecimal)) {
            return Err(("sha256", "must be 64 digits of 0–9 and a–f".to_owned()));
        }
        // Nothing outside of the store is read because a lock file says so.
        let place = Self::place(provider, &self.version, &self.sha256);
        if self.file != place { Err(("file", format!("must be `{place}`"))) } else { Ok(()) }
    }
}

const fn hexadecimal(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Whether it may be the name of a provider, as contracts have them.
pub(crate) fn is_provider(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Whether a file of this name can only be a component that a change put there.
pub(crate) fn is_component(name: &str) -> bool {
    let parts = name.strip_suffix(".wasm").and_then(|name| name.split_once('-'));
    parts.is_some_and(|(version, digest)| {
        Version::read(version).is_some() && digest.len() == 12 && digest.bytes().all(hexadecimal)
    })
}

impl Lock {
    /// Reads a lock file; `None` where there is none.
    pub fn read(path: &Path) -> Result<Option<Self>, StoreProblem> {
        // A link that leads nowhere is a lock file that cannot be read, and not a store without one.
        if path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Ok(None);
        }
        let bytes = disk::read(path, LARGEST)?.ok_or(StoreProblem::TooLarge)?;
        Self::parse(&bytes).map(Some)
    }

    fn parse(bytes: &[u8]) -> Result<Self, StoreProblem> {
        /// Whatever else is there: a newer program may have put it there.
        #[derive(Deserialize)]
        struct Head {
            antigravity_lock: u64,
        }
        let format = from_json::<Head>(bytes)?.antigravity_lock;
        if format != FORMAT {
            return Err(StoreProblem::Version { found: format, known: FORMAT });
        }
        let lock: Self = from_json(bytes)?;
        lock.check()?;
        Ok(lock)
    }

    fn check(&self) -> Result<(), StoreProblem> {
        for (provider, slot) in &self.adapters {
            let field = |rest: &str, why: String| StoreProblem::Field {
                field: format!("adapters.{provider}{rest}"),
                why,
            };
            if !is_provider(provider) {
                return Err(field("", "no name of a provider: 1 to 40 of a–z, 0–9 and `-`".to_owned()));
            }
            let current = slot.current.iter().map(|record| (".current".to_owned(), record));
            let previous = slot.previous.iter().enumerate();
            let previous = previous.map(|(at, record)| (format!(".previous[{at}]"), record));
            for (place, record) in current.chain(previous) {
                record.check(provider).map_err(|(name, why)| field(&format!("{place}.{name}"), why))?;
            }
        }
        Ok(())
    }

    /// The file's text: one line a field, so that people can compare two.
    pub fn to_json(&self) -> Vec<u8> {
        // Writing to memory a type whose maps have string keys cannot fail.
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// Whether a component is named, as current or previous.
    pub fn names(&self, file: &str) -> bool {
        let mut slots = self.adapters.values();
        slots.any(|slot| slot.current.iter().chain(&slot.previous).any(|record| record.file == file))
    }
}

fn from_json<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, StoreProblem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader);
    let value = value.map_err(|error| StoreProblem::Field {
        field: error.path().to_string(),
        why: error.into_inner().to_string(),
    })?;
    reader.end().map_err(|error| StoreProblem::Field { field: ".".to_owned(), why: error.to_string() })?;
    Ok(value)
}
