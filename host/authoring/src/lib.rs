//! What an adapter's author uses: build a component, run its fixtures, look inside; and what of a
//! component is checked before it is used.

mod build;
mod check;
mod command;
mod fixtures;
mod toolchain;

pub use build::{BuildError, Built, build, workspace_adapters};
pub use check::{Unusable, load, read, ready};
pub use command::CommandError;
pub use fixtures::{Case, FixtureError, FixtureReport, test};
pub use toolchain::{Std, ToolchainError, Tools, find_std};
