//! `antigravity adapter install`, `rollback`, `remove`, `list`, `sign` and `trust`: what is installed, and who
//! vouches for it.

mod change;
mod keys;
mod list;
mod options;

pub use change::{install, remove, rollback};
pub use keys::{sign, trust};
pub use list::list;
pub use options::{InstallOptions, ListOptions, RemoveOptions, RollbackOptions, SignOptions, TrustOptions};

use crate::person::plain;
use antigravity_registry::Signer;

/// Who signed, for a person.
fn signed(signer: &Signer) -> String {
    match signer {
        Signer::Trusted { name, fingerprint } => format!("signed by {} ({fingerprint})", plain(name)),
        Signer::Untrusted(fingerprint) => format!("signed by {fingerprint}, not trusted"),
        Signer::Nobody => "not signed".to_owned(),
    }
}
