//! `antigravity adapter list`.

use super::word;
use crate::failure::Failure;
use crate::{places, table};
use serde_json::json;
use std::io::Write;
use std::path::Path;

pub fn run(directory: Option<&Path>, json: bool) -> Result<(), Failure> {
    let directory = places::adapters(directory)?;
    let sandbox = places::sandbox()?;
    let mut table = table::table(&["adapter", "profile", "endpoints", "bytes", "sha256", "file"]);
    let mut out = std::io::stdout().lock();
    for (file, adapter) in places::load(&sandbox, &directory)? {
        let contract = adapter.contract();
        let bytes = std::fs::metadata(&file).map_or(0, |m| m.len());
        let (profile, count, digest) = (word(&contract.profile), contract.endpoints.len(), adapter.digest());
        if json {
            let line = json!({"adapter": contract.name(), "profile": profile, "endpoints": count, "bytes": bytes, "sha256": digest, "file": file});
            writeln!(out, "{line}")?;
        } else {
            let row = [
                contract.name(),
                profile,
                count.to_string(),
                bytes.to_string(),
                digest[..12].to_owned(),
                file.display().to_string(),
            ];
            table::add(&mut table, row);
        }
    }
    if !json {
        writeln!(out, "{table}")?;
    }
    Ok(())
}
