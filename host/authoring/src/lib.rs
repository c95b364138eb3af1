//! What an adapter's author uses: build a component, run its fixtures, look inside.

mod build;
mod command;
mod fixtures;
mod toolchain;

pub use build::{BuildError, Built, build, workspace_adapters};
pub use command::CommandError;
pub use fixtures::{Case, FixtureError, FixtureReport, test};
pub use toolchain::{Std, ToolchainError, find_std, prepare};
