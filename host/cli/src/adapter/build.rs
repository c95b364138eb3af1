//! `antigravity adapter build`.

use super::{announce, not_built};
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::places;
use antigravity_authoring as authoring;
use std::io::Write;
use std::path::{Path, PathBuf};

pub fn run(folders: &[PathBuf], out: Option<&Path>) -> Result<(), Failure> {
    let (tools, sandbox) = (places::tools(), places::sandbox()?);
    for folder in folders {
        announce(folder);
        let built = authoring::build(&tools, &sandbox, folder, out).map_err(not_built)?;
        let (name, bytes) = (format!("{}@{}", built.provider, built.version), built.bytes);
        let path = plain(&built.path.display().to_string());
        if let Some(problem) = &built.left_out {
            say(format_args!("warning: {}: the component carries no fixtures: {problem}", folder.display()));
        }
        let carried = if built.cases == 0 { String::new() } else { format!("  {} fixtures", built.cases) };
        writeln!(std::io::stdout(), "{name}  {bytes} bytes{carried}  {path}")?;
    }
    Ok(())
}
