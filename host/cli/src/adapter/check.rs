//! `antigravity adapter check`.

use super::subject;
use crate::failure::Failure;
use crate::person::plain;
use crate::places;
use antigravity_authoring::{self as authoring, Check, ConformError, Conformance, Severity};
use std::io::Write;
use std::path::{Path, PathBuf};

pub fn run(adapters: &[PathBuf], json: bool) -> Result<(), Failure> {
    let mut failed = 0;
    let mut out = std::io::stdout().lock();
    for path in adapters {
        let conformance = conformance(path)?;
        failed += conformance.failed();
        if json {
            serde_json::to_writer(&mut out, &conformance).map_err(Failure::failed)?;
            writeln!(out)?;
        } else {
            show(&mut out, &conformance)?;
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err(Failure::failed("1 check failed")),
        _ => Err(Failure::Failed(format!("{failed} checks failed"))),
    }
}

fn conformance(path: &Path) -> Result<Conformance, Failure> {
    let sandbox = places::sandbox()?;
    if path.is_file() {
        return authoring::conform_file(&sandbox, path).map_err(|error| match error {
            ConformError::Fixtures(error) => Failure::input(format!("{}: {error}", path.display())),
            error => Failure::input(error),
        });
    }
    let tried = subject(&places::tools(), &sandbox, path)?;
    authoring::conform(&tried.adapter, tried.bytes, &tried.fixtures).map_err(Failure::input)
}

fn show(out: &mut impl Write, conformance: &Conformance) -> std::io::Result<()> {
    for check in &conformance.checks {
        let mark = mark(check);
        writeln!(out, "{mark}  {:<16}  {}", check.name, plain(&check.detail))?;
    }
    let (failed, count) = (conformance.failed(), conformance.checks.len());
    writeln!(out, "{}: {count} checks, {failed} failed", plain(&conformance.adapter))
}

const fn mark(check: &Check) -> &'static str {
    match (check.passed, check.severity) {
        (true, _) => "ok     ",
        (false, Severity::Warning) => "warning",
        (false, Severity::Error) => "FAILED ",
    }
}
