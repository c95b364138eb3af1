//! `antigravity adapter …`.

use crate::args::AdapterCommand;
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::{packages, places, table};
use antigravity_authoring::{self as authoring, BuildError, FixtureReport};
use antigravity_core::Contract;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

pub fn run(command: &AdapterCommand) -> Result<(), Failure> {
    match command {
        AdapterCommand::Build { folders, all, out } => build(&folders_of(folders, *all)?, out.as_deref()),
        AdapterCommand::Test { folders, all, json } => test(&folders_of(folders, *all)?, *json),
        AdapterCommand::Inspect { file, json } => inspect(file, *json),
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

fn build(folders: &[PathBuf], out: Option<&Path>) -> Result<(), Failure> {
    let (tools, sandbox) = (places::tools(), places::sandbox()?);
    for folder in folders {
        announce(folder);
        let built = authoring::build(&tools, &sandbox, folder, out).map_err(not_built)?;
        let (name, bytes) = (format!("{}@{}", built.provider, built.version), built.bytes);
        let path = plain(&built.path.display().to_string());
        writeln!(std::io::stdout(), "{name}  {bytes} bytes  {path}")?;
    }
    Ok(())
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

fn test(folders: &[PathBuf], json: bool) -> Result<(), Failure> {
    let (tools, sandbox) = (places::tools(), places::sandbox()?);
    // What is only being tested must not be among the adapters that a replay finds.
    let scratch = tempfile::tempdir().map_err(|e| Failure::failed(format!("temporary directory: {e}")))?;
    let mut failed = 0;
    let mut out = std::io::stdout().lock();
    for folder in folders {
        announce(folder);
        let built = authoring::build(&tools, &sandbox, folder, Some(scratch.path())).map_err(not_built)?;
        let adapter = authoring::load(&sandbox, &built.path).map_err(Failure::failed)?;
        let report = authoring::test(&adapter.into(), folder).map_err(Failure::input)?;
        failed += report.cases.iter().filter(|case| !case.passed).count();
        if json {
            serde_json::to_writer(&mut out, &report).map_err(Failure::failed)?;
            writeln!(out)?;
        } else {
            show(&mut out, &report)?;
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err(Failure::failed("1 case failed")),
        _ => Err(Failure::Failed(format!("{failed} cases failed"))),
    }
}

fn show(out: &mut impl Write, report: &FixtureReport) -> std::io::Result<()> {
    for case in &report.cases {
        let mark = if case.passed { "ok    " } else { "FAILED" };
        writeln!(out, "{mark}  {}  {}", report.adapter, plain(&case.name))?;
        for line in case.diff.lines() {
            writeln!(out, "        {}", plain(line))?;
        }
    }
    let passed = report.cases.iter().filter(|case| case.passed).count();
    writeln!(out, "{}: {passed} of {} cases passed", report.adapter, report.cases.len())
}

fn inspect(file: &Path, json: bool) -> Result<(), Failure> {
    let component = authoring::read(file).map_err(Failure::input)?;
    let (size, contract) = (component.bytes().len(), component.contract());
    let mut out = std::io::stdout().lock();
    if json {
        let digest: String = component.digest().iter().map(|b| format!("{b:02x}")).collect();
        let value =
            json!({"file": file, "bytes": size, "sha256": digest, "imports": 0, "contract": contract});
        return Ok(writeln!(out, "{value}")?);
    }
    writeln!(out, "{}  {size} bytes  WIT {}  imports nothing", contract.name(), contract.wit)?;
    let formats: Vec<_> = contract.price_formats.iter().map(|f| f.name()).collect();
    writeln!(
        out,
        "profile {}, confirmed {}, stale after {} s, prices {}",
        word(&contract.profile),
        word(&contract.confirms),
        f64::from(contract.stale_after_ms) / 1000.0,
        formats.join(" ")
    )?;
    writeln!(out, "{}", endpoints(contract))?;
    Ok(())
}

/// A unit variant's name as it stands in JSON.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

fn endpoints(contract: &Contract) -> comfy_table::Table {
    let mut table =
        table::table(&["endpoint", "content", "transport", "direction", "methods", "path", "framing"]);
    for e in &contract.endpoints {
        let methods = if e.methods.is_empty() { "any".to_owned() } else { e.methods.join(" ") };
        let row = [
            e.name.clone(),
            word(&e.content),
            word(&e.transport),
            word(&e.direction),
            methods,
            e.path.clone(),
            word(&e.framing),
        ];
        table::add(&mut table, row);
    }
    table
}
