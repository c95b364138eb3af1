//! `antigravity bench`: builds the suite in the checkout and runs it.
//!
//! The suite compares with adapters compiled natively, which the program itself must not contain.

use crate::args::BenchOptions;
use crate::failure::Failure;
use crate::places;
use std::process::Command;

pub fn run(options: &BenchOptions) -> Result<(), Failure> {
    let root =
        places::checkout().ok_or_else(|| Failure::input("bench: this is not a checkout of Antigravity"))?;
    let mut command = Command::new(places::tools().cargo);
    command.current_dir(root).args([
        "run",
        "--quiet",
        "--profile",
        "bench-lto",
        "-p",
        "antigravity-bench",
        "--",
    ]);
    command.arg("--rounds").arg(options.rounds.to_string());
    command.arg("--only").arg(options.only.join(","));
    command.arg("--capture-mb").arg(options.capture_mb.to_string());
    let status = command.status().map_err(|e| Failure::failed(format!("cargo cannot be started: {e}")))?;
    if status.success() { Ok(()) } else { Err(Failure::failed(format!("the suite failed ({status})"))) }
}
