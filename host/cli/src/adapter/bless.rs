//! `antigravity adapter bless`.

use super::{Tried, subject};
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::places;
use antigravity_authoring as authoring;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

pub fn run(folder: &Path, case: Option<&str>, yes: bool) -> Result<(), Failure> {
    if !folder.is_dir() {
        return Err(Failure::input(format!("{}: not an adapter's folder", folder.display())));
    }
    let asks = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let Tried { adapter, fixtures, .. } = subject(&places::tools(), &places::sandbox()?, folder)?;
    let mut cases: Vec<_> = fixtures.cases.iter().collect();
    if let Some(name) = case {
        cases.retain(|case| case.name == name);
        if cases.is_empty() {
            return Err(Failure::input(format!("{}: no fixture `{name}`", folder.display())));
        }
    }
    let mut out = std::io::stdout().lock();
    for case in cases {
        let Some(blessing) = authoring::blessing(&adapter, case).map_err(Failure::input)? else {
            writeln!(out, "as it was  {}", plain(&case.name))?;
            continue;
        };
        for line in blessing.diff.lines() {
            writeln!(out, "        {}", plain(line))?;
        }
        let written = if yes {
            true
        } else if asks {
            out.flush()?;
            agreed(&blessing.name)?
        } else {
            let problem = "nobody is there to ask; look at what differs, then say --yes";
            return Err(Failure::input(format!("{}: {problem}", blessing.name)));
        };
        if written {
            blessing.write().map_err(Failure::failed)?;
        }
        writeln!(out, "{}  {}", if written { "written   " } else { "left      " }, plain(&blessing.name))?;
    }
    Ok(())
}

fn agreed(case: &str) -> Result<bool, Failure> {
    say(format_args!("write this as what `{case}` must give? [y/N]"));
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|e| Failure::failed(format!("standard input: {e}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
