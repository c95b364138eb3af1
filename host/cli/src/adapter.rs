//! `antigravity adapter …`.

use crate::args::AdapterCommand;
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::{places, table};
use antigravity_authoring::{self as authoring, BuildError, FixtureError, FixtureReport, Fixtures, Tools};
use antigravity_core::Contract;
use antigravity_runtime::{Adapter, Sandbox};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub fn run(command: &AdapterCommand) -> Result<(), Failure> {
    match command {
        AdapterCommand::Build { folders, all, out } => build(&folders_of(folders, *all)?, out.as_deref()),
        AdapterCommand::Test { folders, all, json } => test(&folders_of(folders, *all)?, *json),
        AdapterCommand::Inspect { file, json } => inspect(file, *json),
        AdapterCommand::List { adapters, json } => list(adapters.as_deref(), *json),
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
        if let Some(problem) = &built.left_out {
            say(format_args!("warning: {}: the component carries no fixtures: {problem}", folder.display()));
        }
        writeln!(std::io::stdout(), "{name}  {bytes} bytes  {} fixtures  {path}", built.cases)?;
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

fn test(adapters: &[PathBuf], json: bool) -> Result<(), Failure> {
    let (tools, sandbox) = (places::tools(), places::sandbox()?);
    let mut failed = 0;
    let mut out = std::io::stdout().lock();
    for path in adapters {
        let (adapter, fixtures) = subject(&tools, &sandbox, path)?;
        let report = authoring::test(&adapter, &fixtures).map_err(Failure::input)?;
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

/// An adapter with its fixtures: built from its folder, or as a component's file carries them. What is only
/// being tested is not put among the adapters that a replay finds.
fn subject(tools: &Tools, sandbox: &Sandbox, path: &Path) -> Result<(Arc<Adapter>, Fixtures), Failure> {
    if path.is_file() {
        let adapter = authoring::load(sandbox, path).map_err(Failure::input)?;
        let component = authoring::read(path).map_err(Failure::input)?;
        let named = |problem: FixtureError| Failure::input(format!("adapter {}: {problem}", path.display()));
        let fixtures = Fixtures::of_component(&component).map_err(named)?;
        if fixtures.cases.is_empty() {
            return Err(named(FixtureError::None(path.to_owned())));
        }
        return Ok((adapter.into(), fixtures));
    }
    announce(path);
    let built = authoring::assemble(tools, sandbox, path).map_err(not_built)?;
    let adapter = Adapter::from_component(sandbox, &built.component).map_err(Failure::failed)?;
    let fixtures = Fixtures::of_folder(path).map_err(Failure::input)?;
    Ok((adapter.into(), fixtures))
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

fn list(directory: Option<&Path>, json: bool) -> Result<(), Failure> {
    let directory = places::adapters(directory)?;
    let sandbox = places::sandbox()?;
    let mut table = table::table(&["adapter", "profile", "endpoints", "bytes", "sha256", "file"]);
    let mut out = std::io::stdout().lock();
    for (file, adapter) in places::load(&sandbox, &directory)? {
        let contract = adapter.contract();
        let bytes = std::fs::metadata(&file).map_or(0, |m| m.len());
        let (profile, count, digest) = (word(&contract.profile), contract.endpoints.len(), adapter.digest());
        if json {
            let line = json!({"adapter": contract.name(), "profile": profile, "endpoints": count, "bytes": bytes, "sha256": digest, "file": file});
            writeln!(out, "{line}")?;
        } else {
            let row = [
                contract.name(),
                profile,
                count.to_string(),
                bytes.to_string(),
                digest[..12].to_owned(),
                file.display().to_string(),
            ];
            table::add(&mut table, row);
        }
    }
    if !json {
        writeln!(out, "{table}")?;
    }
    Ok(())
}
