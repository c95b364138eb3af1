//! Installing, going back, removing.

use super::options::{InstallOptions, RemoveOptions, RollbackOptions};
use super::signed;
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::{clock, places};
use antigravity_authoring::{self as authoring, BuildError};
use antigravity_registry::{Allow, ChangeError, Refusal, SignatureError, Store, verify};
use antigravity_runtime::Sandbox;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub fn install(options: &InstallOptions) -> Result<(), Failure> {
    let directory = places::store(options.store.adapters.as_deref())?;
    let mut store = Store::open(&directory).map_err(Failure::input)?;
    let (sandbox, trusted) = (places::sandbox()?, places::trusted()?);
    let (file, _scratch) = component(&options.what, &sandbox)?;
    let refused =
        |refusal: Refusal| Failure::Input(format!("adapter {}: {}", file.display(), hinted(&refusal)));

    let component = authoring::read(&file).map_err(Failure::input)?;
    // Before anything of it is compiled and run.
    let signer = verify(component.bytes(), &trusted, options.allow_unsigned)
        .map_err(|why| refused(Refusal::Signature { name: component.contract().name(), why }))?;
    authoring::ready(&sandbox, &component, &file).map_err(Failure::input)?;
    let allow = Allow { unsigned: options.allow_unsigned, downgrade: options.allow_downgrade };
    let done = store.install(&component, &trusted, allow, clock::now()?).map_err(|error| match error {
        ChangeError::Refused(refusal) => refused(refusal),
        error => failure(error),
    })?;

    let what = match done.before {
        _ if !done.changed => "already installed".to_owned(),
        Some(before) if before.sha256 != done.entry.sha256 => {
            format!("installed in place of {}", before.version)
        }
        _ => "installed".to_owned(),
    };
    let path = plain(&done.entry.path.display().to_string());
    writeln!(std::io::stdout(), "{}  {what}, {}  {path}", done.entry.name(), signed(&signer))?;
    tell_where_it_counts(&directory);
    Ok(())
}

/// The component itself; of an adapter's folder the one that is built, aside, as long as what is given
/// with it is kept.
fn component(what: &Path, sandbox: &Sandbox) -> Result<(PathBuf, Option<TempDir>), Failure> {
    if !what.is_dir() {
        return Ok((what.to_owned(), None));
    }
    let scratch = tempfile::tempdir().map_err(|e| Failure::failed(format!("temporary directory: {e}")))?;
    match authoring::build(&places::tools(), sandbox, what, Some(scratch.path())) {
        Ok(built) => Ok((built.path, Some(scratch))),
        Err(BuildError::NoManifest(_)) => {
            let problem = "no Cargo.toml: neither a component nor an adapter's folder";
            Err(Failure::Input(format!("{}: {problem}", what.display())))
        }
        Err(error) => Err(Failure::failed(error)),
    }
}

/// In a checkout, and where the environment names a directory, others are used than those that were installed.
fn tell_where_it_counts(store: &Path) {
    let Ok(used) = places::adapters(None) else { return };
    if std::path::absolute(&used).ok() != std::path::absolute(store).ok() {
        say(format_args!(
            "note: commands that run here read the adapters in {}; `--adapters {}` names these",
            used.display(),
            store.display()
        ));
    }
}

pub fn rollback(options: &RollbackOptions) -> Result<(), Failure> {
    let mut store = open(options.store.adapters.as_deref())?;
    let trusted = places::trusted()?;
    let done = store.rollback(&options.provider, options.to.as_deref(), &trusted).map_err(failure)?;
    let before = done.before.map_or(String::new(), |before| format!(" in place of {}", before.version));
    let path = plain(&done.entry.path.display().to_string());
    Ok(writeln!(std::io::stdout(), "{}  in use again{before}  {path}", done.entry.name())?)
}

pub fn remove(options: &RemoveOptions) -> Result<(), Failure> {
    let mut store = open(options.store.adapters.as_deref())?;
    let provider = &options.provider;
    let entry = store.remove(provider, options.purge).map_err(failure)?;
    let name = entry.map_or_else(|| provider.clone(), |entry| entry.name());
    let how = if options.purge {
        "removed, with all its files".to_owned()
    } else {
        format!("removed; `antigravity adapter rollback {provider}` puts it in use again")
    };
    Ok(writeln!(std::io::stdout(), "{name}  {how}")?)
}

fn open(named: Option<&Path>) -> Result<Store, Failure> {
    Store::open(&places::store(named)?).map_err(Failure::input)
}

fn failure(error: ChangeError) -> Failure {
    match error {
        ChangeError::Refused(_) | ChangeError::Store(_) => Failure::input(error),
        ChangeError::Entry(_) | ChangeError::Write { .. } => Failure::failed(error),
    }
}

/// The refusal, and what lets it in for whoever knows better.
fn hinted(refusal: &Refusal) -> String {
    let hint = match refusal {
        Refusal::Signature { why: SignatureError::Unsigned, .. } => {
            "; `antigravity adapter sign` signs it, --allow-unsigned installs it without"
        }
        Refusal::Signature { why: SignatureError::Untrusted(_), .. } => {
            "; `antigravity adapter trust PUB.pem` trusts a key, --allow-unsigned installs it without"
        }
        Refusal::Older { .. } | Refusal::SameVersion { .. } => "; --allow-downgrade installs it all the same",
        _ => "",
    };
    format!("{refusal}{hint}")
}
