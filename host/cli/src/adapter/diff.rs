//! `antigravity adapter diff`.

mod show;

use crate::args::DiffOptions;
use crate::failure::Failure;
use crate::person::say;
use crate::replay::{file, marks, pipe, threads, warn_truncated};
use crate::{places, progress};
use antigravity_authoring as authoring;
use antigravity_capture::Progress;
use antigravity_engine::{self as engine, Comparison, File, ReplayError};
use antigravity_registry::{Entry, Store};
use antigravity_runtime::{Adapter, Sandbox};
use std::path::Path;
use std::sync::Arc;

pub fn run(options: &DiffOptions) -> Result<(), Failure> {
    let files: Vec<File> = options.captures.iter().map(|text| file(text)).collect();
    let marks = marks(&options.mark)?;
    if let Some(pipe) = pipe(&files) {
        let problem = "cannot be read twice, once for each version";
        return Err(Failure::Input(format!("{}: {problem}", pipe.display())));
    }
    let sandbox = places::sandbox()?;
    let store = options.adapters.as_deref();
    let (old, new) = (version(&sandbox, &options.old, store)?, version(&sandbox, &options.new, store)?);
    let (of_old, of_new) = (&old.contract().provider, &new.contract().provider);
    if of_old != of_new {
        let problem = format!("{} is of {of_old} and {} of {of_new}", options.old, options.new);
        return Err(Failure::Input(format!("{problem}: only versions of one provider can be compared")));
    }
    let progress = Progress::default();
    let threads = threads(options.threads);
    let compared =
        progress::with_bar(&progress, || engine::compare(&old, &new, &files[..], &marks, threads, &progress));
    let comparison = compared.map_err(|error| match error {
        ReplayError::Thread(_) => Failure::failed(error),
        _ => Failure::input(error),
    })?;
    warn(&comparison, &files, of_old)?;
    let shown = show::Shown { old: &old, new: &new, comparison: &comparison };
    if options.json {
        shown.lines()?
    } else {
        shown.tables(options.all)?
    }
    if comparison.is_equal() { Ok(()) } else { Err(Failure::Failed(shown.verdict())) }
}

/// A component's file, or what is installed by the name of its provider, with or without a version.
fn version(sandbox: &Sandbox, what: &str, store: Option<&Path>) -> Result<Arc<Adapter>, Failure> {
    let path = Path::new(what);
    if path.is_dir() {
        let hint = format!("`antigravity adapter build {what}` makes a component of it");
        return Err(Failure::Input(format!("{what}: a folder; {hint}")));
    }
    if path.exists() || what.contains(['/', '\\']) || what.ends_with(".wasm") {
        return authoring::load(sandbox, path).map(Arc::new).map_err(Failure::input);
    }
    let directory = places::store(store)?;
    let store = Store::open(&directory).map_err(Failure::input)?;
    let entry = installed(&store, what).ok_or_else(|| {
        let problem = "neither a component's file nor installed in";
        Failure::Input(format!("{what}: {problem} {}", directory.display()))
    })?;
    let (component, _) = entry.load(&places::trusted()?).map_err(Failure::input)?;
    authoring::ready(sandbox, &component, &entry.path).map(Arc::new).map_err(Failure::input)
}

/// The one in use; of a version that is named, the one that was in use last.
fn installed(store: &Store, name: &str) -> Option<Entry> {
    match name.split_once('@') {
        None => store.current_of(name),
        Some((provider, version)) => {
            let mut known = store.current_of(provider).into_iter().chain(store.previous(provider));
            known.find(|entry| entry.version == version)
        }
    }
}

/// Tells what a person may not have meant. That nothing was compared is no answer.
fn warn(comparison: &Comparison, files: &[File], provider: &str) -> Result<(), Failure> {
    let (old, new) = (&comparison.old.notes, &comparison.new.notes);
    warn_truncated(old, files);
    if old.bound.is_empty() && new.bound.is_empty() {
        let problem = format!("neither version recognises {provider} in this traffic");
        return Err(Failure::Input(format!("{problem}; --mark ACCOUNT:{provider} names whose it is")));
    }
    for (account, provider) in &old.silent {
        say(format_args!("warning: --mark {account}:{provider}: no packet is of account {account}"));
    }
    for (version, reads, other) in [("old", old, new), ("new", new, old)] {
        for (account, _) in other.bound.iter().filter(|pair| !reads.bound.contains(pair)) {
            say(format_args!("warning: the {version} version recognises nothing of account {account}"));
        }
    }
    if comparison.compared.compared == 0 {
        say("warning: neither version shows a quote: only what became of the packets was compared");
    }
    Ok(())
}
