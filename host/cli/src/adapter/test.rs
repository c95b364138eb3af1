//! `antigravity adapter test`.

use super::{Tried, subject};
use crate::failure::Failure;
use crate::person::plain;
use crate::places;
use antigravity_authoring::{self as authoring, FixtureReport};
use std::io::Write;
use std::path::PathBuf;

pub fn run(adapters: &[PathBuf], json: bool) -> Result<(), Failure> {
    let (tools, sandbox) = (places::tools(), places::sandbox()?);
    let mut failed = 0;
    let mut out = std::io::stdout().lock();
    for path in adapters {
        let Tried { adapter, fixtures, .. } = subject(&tools, &sandbox, path)?;
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

fn show(out: &mut impl Write, report: &FixtureReport) -> std::io::Result<()> {
    for case in &report.cases {
        let mark = if case.passed { "ok    " } else { "FAILED" };
        let (name, packets) = (plain(&case.name), case.packets);
        writeln!(out, "{mark}  {}  {name}  {packets} packets, fuel {}", report.adapter, case.fuel)?;
        for line in case.diff.lines() {
            writeln!(out, "        {}", plain(line))?;
        }
    }
    let passed = report.cases.iter().filter(|case| case.passed).count();
    writeln!(out, "{}: {passed} of {} cases passed", report.adapter, report.cases.len())
}
