//! `antigravity contract …`: what was observed of endpoints.

use crate::args::ContractCommand;
use crate::failure::Failure;
use crate::identity::{existing, failure};
use crate::person::plain;
use crate::replay::in_file_name;
use crate::table;
use antigravity_core::drift::{Observed, Presence};
use antigravity_routing::Drift;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// Changes in one line of a warning.
const TOLD: usize = 4;

pub fn run(command: &ContractCommand) -> Result<(), Failure> {
    match command {
        ContractCommand::List { database, json } => list(&observed(&database.path)?, *json),
        ContractCommand::Show { which, database, json } => {
            let observed = observed(&database.path)?;
            let found: Vec<_> = observed.into_iter().filter(|it| is(which, it)).collect();
            if found.is_empty() {
                let path = database.path.display();
                return Err(Failure::input(format!("{which}: nothing of it was observed in {path}")));
            }
            show(&found, *json)
        }
        ContractCommand::Export { directory, database } => export(&observed(&database.path)?, directory),
    }
}

fn observed(path: &Path) -> Result<Vec<Observed>, Failure> {
    existing(path)?.observed().map_err(failure)
}

/// `PROVIDER`, or `PROVIDER:ENDPOINT`; the endpoint may have a `:` too.
fn is(which: &str, it: &Observed) -> bool {
    let (provider, endpoint) = which.split_once(':').map_or((which, None), |(p, e)| (p, Some(e)));
    it.provider.eq_ignore_ascii_case(provider) && endpoint.is_none_or(|endpoint| endpoint == it.endpoint)
}

/// A drift in one line: `drift: cmd368:odds is version 2 since …: today is gone (…); …`.
pub fn told(drift: &Drift) -> String {
    let Drift { provider, endpoint, version, at, changes, .. } = drift;
    let told: Vec<String> = changes.iter().take(TOLD).map(ToString::to_string).collect();
    let more = match changes.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    format!("drift: {provider}:{endpoint} is version {version} since {at}: {}{more}", told.join("; "))
}

fn list(observed: &[Observed], json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let same = |a: &Observed, b: &Observed| (&a.provider, &a.endpoint) == (&b.provider, &b.endpoint);
    let newest = observed.chunk_by(same).filter_map(<[_]>::last);
    if json {
        return newest.map(summary).try_for_each(|line| Ok(writeln!(out, "{line}")?));
    }
    let mut table =
        table::table(&["provider", "endpoint", "version", "since", "bodies", "paths", "changes", "declared"]);
    for it in newest {
        let row = [
            it.provider.clone(),
            it.endpoint.clone(),
            it.version.to_string(),
            it.first_seen.to_string(),
            it.shape.bodies().to_string(),
            it.shape.sorted().len().to_string(),
            it.changes.len().to_string(),
            it.changes.iter().filter(|change| change.declared).count().to_string(),
        ];
        table::add(&mut table, row);
    }
    Ok(writeln!(out, "{table}")?)
}

fn summary(it: &Observed) -> Value {
    json!({"provider": it.provider, "endpoint": it.endpoint, "version": it.version, "first_seen": it.first_seen,
        "bodies": it.shape.bodies(), "paths": it.shape.sorted().len(), "changes": it.changes,
        "touches_declared": it.touches_declared()})
}

/// A version with its whole shape, as it is exported.
fn whole(it: &Observed) -> Value {
    let mut value = summary(it);
    for counted in ["bodies", "paths"] {
        value.as_object_mut().map(|object| object.remove(counted));
    }
    value["shape"] = serde_json::from_str(&it.shape.to_json()).unwrap_or_default();
    value
}

fn show(found: &[Observed], json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        return found.iter().map(whole).try_for_each(|line| Ok(writeln!(out, "{line}")?));
    }
    for (place, it) in found.iter().enumerate() {
        let (provider, endpoint) = (plain(&it.provider), plain(&it.endpoint));
        let (version, since, bodies) = (it.version, it.first_seen, it.shape.bodies());
        writeln!(out, "{provider}:{endpoint} version {version}, since {since}, {bodies} bodies looked at")?;
        for change in &it.changes {
            writeln!(out, "  {}", plain(&change.to_string()))?;
        }
        let newest = found.get(place + 1).is_none_or(|next| next.endpoint != it.endpoint);
        if newest {
            writeln!(out, "{}", paths(it))?;
        }
    }
    Ok(())
}

fn paths(it: &Observed) -> comfy_table::Table {
    let mut table = table::table(&["path", "types", "bodies", "presence"]);
    for (path, record) in it.shape.sorted() {
        let presence = match it.shape.presence(record) {
            Presence::Always => "always",
            Presence::Often => "often",
            Presence::Rare => "rare",
        };
        let path = if path.is_empty() { "(document)" } else { path };
        let (types, seen) = (record.types.to_string(), record.seen.to_string());
        table::add(&mut table, [path, &types, &seen, presence]);
    }
    table
}

fn export(observed: &[Observed], directory: &Path) -> Result<(), Failure> {
    let failed =
        |path: &Path, error: &std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    std::fs::create_dir_all(directory).map_err(|error| failed(directory, &error))?;
    let mut names = BTreeSet::new();
    for it in observed {
        let stem = format!("{}-{}-v{}", in_file_name(&it.provider), in_file_name(&it.endpoint), it.version);
        // Endpoints may differ by what no file name has.
        let mut name = stem.clone();
        for number in 2.. {
            if names.insert(name.clone()) {
                break;
            }
            name = format!("{stem}-{number}");
        }
        let path = directory.join(format!("{name}.json"));
        std::fs::write(&path, format!("{:#}\n", whole(it))).map_err(|error| failed(&path, &error))?;
    }
    Ok(writeln!(
        std::io::stdout().lock(),
        "{} written to {}",
        observed.len(),
        plain(&directory.display().to_string())
    )?)
}
