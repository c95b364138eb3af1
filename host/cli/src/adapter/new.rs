//! `antigravity adapter new`.

use crate::args::NewOptions;
use crate::failure::Failure;
use crate::person::plain;
use crate::{components, places, progress};
use antigravity_authoring::{self as authoring, Plan, ScaffoldError, Traffic};
use antigravity_capture::{Progress, open};
use std::io::Write;
use std::path::Path;

pub fn run(options: &NewOptions) -> Result<(), Failure> {
    let Some(checkout) = places::checkout() else {
        return Err(Failure::input(
            "an adapter depends on the SDK, which is in a checkout of Antigravity: run this within one; \
            --out may lead out of it",
        ));
    };
    let folder = options.out.clone().unwrap_or_else(|| checkout.join("adapters").join(&options.name));
    let folder =
        std::path::absolute(&folder).map_err(|e| Failure::input(format!("{}: {e}", folder.display())))?;
    let traffic = options.from_capture.as_deref().map(read).transpose()?;
    let plan = Plan { name: options.name.clone(), profile: options.profile.into(), folder, checkout };
    let made = authoring::scaffold(&plan, traffic.as_ref()).map_err(|error| match error {
        ScaffoldError::Io { .. } => Failure::failed(error),
        ScaffoldError::Nothing => Failure::failed(error),
        _ => Failure::input(error),
    })?;
    let folder = plain(&made.folder.display().to_string());
    let mut out = std::io::stdout().lock();
    if traffic.is_some() {
        writeln!(
            out,
            "{folder}: {} endpoints proposed, {} fields in README.md",
            made.endpoints, made.fields
        )?;
    } else {
        writeln!(out, "{folder}: reads a made-up page; put yours in its place")?;
    }
    writeln!(out, "next: antigravity adapter test {folder}")?;
    Ok(())
}

/// A capture or HAR file, its secrets taken out: what installed contracts declare as well.
fn read(file: &Path) -> Result<Traffic, Failure> {
    let bar = Progress::default();
    let contracts = components::contracts()?;
    progress::with_bar(&bar, || {
        let mut source = open(file, None, &bar)?;
        Traffic::read(&mut *source, &contracts)
    })
    .map_err(Failure::input)
}
