//! Signing, and whose signatures count.

use super::options::{SignOptions, TrustOptions};
use crate::failure::Failure;
use crate::person::plain;
use crate::{places, table};
use antigravity_authoring as authoring;
use antigravity_registry::{self as registry, Added, KeyError, PrivateKey, PublicKey, Trusted};
use antigravity_runtime::{Component, Limits};
use serde_json::json;
use std::io::Write;
use std::path::Path;

pub fn sign(options: &SignOptions) -> Result<(), Failure> {
    let (file, out) = (&options.file, options.out.as_ref().unwrap_or(&options.file));
    let component = authoring::read(file).map_err(Failure::input)?;
    let key = PrivateKey::read(&options.key).map_err(|error| key_failure(&options.key, &error))?;
    let named = |problem: String| Failure::Input(format!("adapter {}: {problem}", file.display()));
    let bytes = registry::sign(component.bytes(), &key).map_err(|error| named(error.to_string()))?;
    // The signature may be what makes it too large.
    let signed =
        Component::read(bytes, Limits::default().component).map_err(|error| named(error.to_string()))?;
    if out.canonicalize().is_ok_and(|out| options.key.canonicalize().is_ok_and(|key| key == out)) {
        return Err(Failure::Input(format!("{}: that is the key", out.display())));
    }
    registry::replace(out, signed.bytes())
        .map_err(|error| Failure::Failed(format!("{}: it cannot be written: {error}", out.display())))?;
    let (name, fingerprint) = (signed.contract().name(), key.public().fingerprint());
    Ok(writeln!(std::io::stdout(), "{name}  signed by {fingerprint}  {}", plain(&out.display().to_string()))?)
}

fn key_failure(path: &Path, error: &KeyError) -> Failure {
    Failure::Input(format!("key {}: {error}", path.display()))
}

pub fn trust(options: &TrustOptions) -> Result<(), Failure> {
    let directory = places::trusted_directory()?;
    if let Some(name) = &options.remove {
        let path = Trusted::remove(&directory, name).map_err(Failure::input)?;
        let path = plain(&path.display().to_string());
        return Ok(writeln!(std::io::stdout(), "{name}  trusted no longer  {path}")?);
    }
    match &options.key {
        Some(key) => add(&directory, key, options.name.as_deref()),
        None => list(&directory, options.json),
    }
}

fn add(directory: &Path, file: &Path, name: Option<&str>) -> Result<(), Failure> {
    let key = PublicKey::read(file).map_err(|error| key_failure(file, &error))?;
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.unwrap_or(&stem);
    let (name, how) = match Trusted::add(directory, name, &key).map_err(Failure::input)? {
        Added::Now => (name.to_owned(), "trusted"),
        Added::Before(name) => (name, "trusted already"),
    };
    Ok(writeln!(std::io::stdout(), "{}  {}  {how}", key.fingerprint(), plain(&name))?)
}

fn list(directory: &Path, json: bool) -> Result<(), Failure> {
    let trusted = Trusted::read(directory).map_err(Failure::input)?;
    let mut out = std::io::stdout().lock();
    let mut table = table::table(&["name", "fingerprint", "file"]);
    for key in &trusted.keys {
        let fingerprint = key.fingerprint().to_string();
        if json {
            writeln!(out, "{}", json!({"name": key.name, "fingerprint": fingerprint, "file": key.path}))?;
        } else {
            table::add(&mut table, [&key.name, &fingerprint, &key.path.display().to_string()]);
        }
    }
    if !json && trusted.keys.is_empty() {
        writeln!(out, "no key is trusted: {}", plain(&directory.display().to_string()))?;
    } else if !json {
        writeln!(out, "{table}")?;
    }
    if trusted.broken.is_empty() {
        return Ok(());
    }
    let broken: Vec<_> = trusted.broken.iter().map(ToString::to_string).collect();
    Err(Failure::Failed(broken.join("\n")))
}
