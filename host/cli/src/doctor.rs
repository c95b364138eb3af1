//! `antigravity doctor`: what is missing on this machine, and the one command that mends it.

use crate::args::DoctorOptions;
use crate::components::Components;
use crate::failure::Failure;
use crate::{places, table};
use antigravity_authoring::{Std, find_std};
use serde::Serialize;
use std::io::Write;

#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    ok: bool,
    found: String,
    /// The command that mends it.
    mend: Option<&'static str>,
}

pub fn run(options: &DoctorOptions) -> Result<(), Failure> {
    let findings = [wasm_target(), sandbox(), adapters()];
    let mut out = std::io::stdout().lock();
    if options.json {
        serde_json::to_writer(&mut out, &findings).map_err(Failure::failed)?;
        writeln!(out)?;
    } else {
        let mut table = table::table(&["", "what", "found", "to mend it"]);
        for finding in &findings {
            let mark = if finding.ok { "ok" } else { "missing" };
            // A command that failed may have said a page; its first line says what.
            let found = finding.found.lines().next().unwrap_or("");
            table::add(&mut table, [mark, finding.what, found, finding.mend.unwrap_or("")]);
        }
        writeln!(out, "{table}")?;
    }
    let missing = findings.iter().filter(|finding| !finding.ok).count();
    if missing > 0 { Err(Failure::Failed(format!("{missing} things are missing"))) } else { Ok(()) }
}

fn wasm_target() -> Finding {
    let what = "WebAssembly target, to build adapters";
    let mend = Some("rustup target add wasm32-unknown-unknown");
    match find_std(&places::tools()) {
        Ok(Some(Std::Installed)) => Finding { what, ok: true, found: "installed".to_owned(), mend: None },
        Ok(Some(Std::FromSource)) => {
            Finding { what, ok: true, found: "built from rust-src".to_owned(), mend: None }
        }
        Ok(None) => Finding { what, ok: false, found: "no standard library for it".to_owned(), mend },
        Err(error) => Finding { what, ok: false, found: error.to_string(), mend },
    }
}

fn sandbox() -> Finding {
    let what = "WebAssembly engine, to run adapters";
    match places::sandbox() {
        Ok(_) => Finding { what, ok: true, found: "starts".to_owned(), mend: None },
        Err(failure) => Finding { what, ok: false, found: failure.to_string(), mend: None },
    }
}

fn adapters() -> Finding {
    let what = "adapters";
    let mend = Some("antigravity adapter build --all");
    let directory = places::adapters(None);
    let count =
        directory.as_deref().ok().and_then(|dir| Components::of(dir).ok()).map_or(0, |found| found.len());
    match directory {
        Ok(dir) if count > 0 => {
            Finding { what, ok: true, found: format!("{count} in {}", dir.display()), mend: None }
        }
        Ok(dir) => Finding { what, ok: false, found: format!("none in {}", dir.display()), mend },
        Err(failure) => Finding { what, ok: false, found: failure.to_string(), mend },
    }
}
