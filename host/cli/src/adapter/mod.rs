//! `antigravity adapter …`.

mod bench;
mod bless;
mod build;
mod check;
mod diff;
mod fuzz;
mod inspect;
mod new;
mod test;

use crate::args::AdapterCommand;
use crate::failure::Failure;
use crate::person::say;
use crate::{packages, places};
use antigravity_authoring::{self as authoring, BuildError, FixtureError, Fixtures, Tools};
use antigravity_runtime::{Adapter, Sandbox};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub fn run(command: &AdapterCommand) -> Result<(), Failure> {
    match command {
        AdapterCommand::New(options) => new::run(options),
        AdapterCommand::Build { folders, all, out } => {
            build::run(&folders_of(folders, *all)?, out.as_deref())
        }
        AdapterCommand::Check { adapters, all, json } => check::run(&folders_of(adapters, *all)?, *json),
        AdapterCommand::Test { folders, all, json } => test::run(&folders_of(folders, *all)?, *json),
        AdapterCommand::Bless { folder, case, yes } => bless::run(folder, case.as_deref(), *yes),
        AdapterCommand::Fuzz(options) => fuzz::run(options),
        AdapterCommand::Bench(options) => bench::run(options),
        AdapterCommand::Diff(options) => diff::run(options),
        AdapterCommand::Inspect { file, json } => inspect::run(file, *json),
        AdapterCommand::List(options) => packages::list(options),
        AdapterCommand::Install(options) => packages::install(options),
        AdapterCommand::Rollback(options) => packages::rollback(options),
        AdapterCommand::Remove(options) => packages::remove(options),
        AdapterCommand::Sign(options) => packages::sign(options),
        AdapterCommand::Trust(options) => packages::trust(options),
    }
}

fn folders_of(folders: &[PathBuf], all: bool) -> Result<Vec<PathBuf>, Failure> {
    if !all {
        return Ok(folders.to_vec());
    }
    let root =
        places::checkout().ok_or_else(|| Failure::input("--all: this is not a checkout of Antigravity"))?;
    authoring::workspace_adapters(&root).map_err(Failure::input)
}

/// A folder that is none of an adapter is bad input; everything else is a build that failed.
fn not_built(error: BuildError) -> Failure {
    match error {
        BuildError::NoManifest(_) => Failure::input(error),
        _ => Failure::failed(error),
    }
}

/// A first build takes a minute; a person is told what is going on.
fn announce(folder: &Path) {
    if std::io::stderr().is_terminal() {
        say(format_args!("building {} …", folder.display()));
    }
}

/// An adapter with its fixtures.
struct Tried {
    adapter: Arc<Adapter>,
    fixtures: Fixtures,
    /// Size of the component, without the fixtures where it was just built.
    bytes: usize,
}

/// Built from its folder, or as a component's file carries them. What is only being tried is not put among the
/// adapters that a replay finds.
fn subject(tools: &Tools, sandbox: &Sandbox, path: &Path) -> Result<Tried, Failure> {
    if path.is_file() {
        let component = authoring::read(path).map_err(Failure::input)?;
        let adapter = authoring::load(sandbox, path).map_err(Failure::input)?.into();
        let named = |problem: FixtureError| Failure::input(format!("adapter {}: {problem}", path.display()));
        let fixtures = Fixtures::of_component(&component).map_err(named)?;
        if fixtures.cases.is_empty() {
            return Err(Failure::input(FixtureError::None(path.to_owned())));
        }
        return Ok(Tried { adapter, fixtures, bytes: component.bytes().len() });
    }
    announce(path);
    let built = authoring::assemble(tools, sandbox, path).map_err(not_built)?.component;
    let adapter = Adapter::from_component(sandbox, &built).map_err(Failure::failed)?.into();
    let fixtures = Fixtures::of_folder(path).map_err(Failure::input)?;
    Ok(Tried { adapter, fixtures, bytes: built.bytes().len() })
}

/// A unit variant's name as it stands in JSON.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
