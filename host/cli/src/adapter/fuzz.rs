//! `antigravity adapter fuzz`.

use super::{Tried, subject};
use crate::args::FuzzArguments;
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::places;
use antigravity_authoring::{self as authoring, FuzzError, FuzzOptions, FuzzReport};
use indicatif::ProgressBar;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

pub fn run(options: &FuzzArguments) -> Result<(), Failure> {
    let tools = places::tools();
    let Tried { adapter, fixtures, .. } = subject(&tools, &places::sandbox()?, &options.adapter)?;
    let native = options.adapter.is_dir() && !options.component_only;
    let source = native.then_some((&tools, options.adapter.as_path()));
    let bar =
        if std::io::stderr().is_terminal() { ProgressBar::new(options.runs) } else { ProgressBar::hidden() };
    let fuzz = FuzzOptions { runs: options.runs, seed: options.seed, source };
    let report = authoring::fuzz(&adapter, &fixtures, fuzz, |run| bar.set_position(run));
    bar.finish_and_clear();
    let report = report.map_err(|error| match error {
        FuzzError::Fixtures(_) => Failure::input(error),
        FuzzError::Build(_) | FuzzError::Start(_) => Failure::failed(error),
    })?;
    let kept = keep(options, &report)?;
    let mut out = std::io::stdout().lock();
    if options.json {
        let mut value = serde_json::to_value(&report).map_err(Failure::failed)?;
        value["kept"] = json!(kept);
        writeln!(out, "{value}")?;
    } else {
        let FuzzReport { adapter, runs, packets, parsed, fuel_most, .. } = &report;
        writeln!(
            out,
            "{adapter}: {runs} runs, {packets} packets ({parsed} parsed), at most {fuel_most} fuel a packet"
        )?;
        match (report.compared, native) {
            (_, false) => writeln!(out, "not compared with the same code natively")?,
            (compared, true) => writeln!(out, "{compared} answers compared with the same code natively")?,
        }
    }
    let Some(failure) = &report.failure else { return Ok(()) };
    let adapter = options.adapter.display();
    say(format_args!("{}: {}", failure.case, failure.what));
    if let Some(kept) = &kept {
        say(format_args!("{} packets kept: {}", failure.packets, kept.display()));
    }
    let flag = if options.component_only { " --component-only" } else { "" };
    say(format_args!("again: antigravity adapter fuzz {adapter} --seed {} --runs 1{flag}", failure.seed));
    Err(Failure::failed(format!("seed {}: {}", failure.seed, plain(&failure.what))))
}

/// Keeps the packets that show what is wrong.
fn keep(options: &FuzzArguments, report: &FuzzReport) -> Result<Option<PathBuf>, Failure> {
    let Some(failure) = &report.failure else { return Ok(None) };
    let provider = report.adapter.split('@').next().unwrap_or_default();
    let path = options.keep.join(format!("{provider}-fuzz-{}.capture.ndjson", failure.seed));
    let written =
        std::fs::create_dir_all(&options.keep).and_then(|()| std::fs::write(&path, &failure.capture));
    written.map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    Ok(Some(path))
}
