//! What an adapter's author uses: build a component, run its fixtures, look inside; and what of a
//! component is checked before it is used.

mod bless;
mod build;
mod bundle;
mod check;
mod command;
mod conform;
mod cut;
mod desk;
mod diff;
mod files;
mod fixtures;
mod fuzz;
mod measure;
mod minimise;
mod replayed;
mod run;
mod scaffold;
mod show;
mod toolchain;
mod traffic;
mod tree;

pub use bless::{Blessing, blessing};
pub use build::{Assembled, BuildError, Built, assemble, build, workspace_adapters};
pub use check::{Unusable, load, read, ready};
pub use command::CommandError;
pub use conform::{Check, ConformError, Conformance, Severity, conform, conform_file};
pub use cut::{Cut, CutError, cut};
pub use fixtures::{FixtureCase, FixtureError, Fixtures};
pub use fuzz::{FuzzError, FuzzFailure, FuzzOptions, FuzzReport, fuzz};
pub use measure::{Measured, measure};
pub use run::{Case, FixtureReport, test};
pub use scaffold::{Plan, ScaffoldError, Scaffolded, scaffold};
pub use toolchain::{Std, ToolchainError, Tools, find_std};
pub use traffic::Traffic;
