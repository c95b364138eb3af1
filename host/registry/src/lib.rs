//! Installed adapters.
//!
//! - [`Store`]: a directory of components and its lock file, which alone says what is installed.
//! - [`sign`] and [`verify`]: who vouches for a component, as its last section.
//! - [`Trusted`]: the public keys that a person trusts.
//!
//! **Invariants**
//! - A change of a store is one rename of its lock file. Killed at any instant, or on a full disk, the
//!   store is as before or as after.
//! - A component is used only where its SHA-256 is the one in the lock file, and a key that is trusted
//!   now vouches for it, or the person allowed it without.
//! - No private key is made or kept here. No clock: times come from the caller.

mod change;
mod disk;
mod entry;
mod key;
mod leftovers;
mod lock;
mod signature;
mod store;
mod trusted;
mod version;

pub use change::{Allow, ChangeError, Installed, Refusal, Rolled};
pub use disk::write as replace;
pub use entry::{Entry, EntryError, EntryProblem};
pub use key::{Fingerprint, KeyError, PrivateKey, PublicKey};
pub use lock::KEPT;
pub use signature::{SECTION, SignatureError, Signer, sign, verify};
pub use store::{LOCK_FILE, Store, StoreError, StoreProblem};
pub use trusted::{Added, BrokenKey, TrustError, Trusted, TrustedKey};
pub use version::Version;
