//! A new adapter's folder: one that compiles and passes its one fixture.

mod fields;
mod propose;
mod write;

pub use write::{ScaffoldError, Scaffolded, scaffold};

use antigravity_core::contract::Profile;
use std::path::PathBuf;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The provider: its adapter's name.
    pub name: String,
    pub profile: Profile,
    /// The folder to make.
    pub folder: PathBuf,
    /// The checkout whose SDK it depends on.
    pub checkout: PathBuf,
}
