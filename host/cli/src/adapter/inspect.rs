//! `antigravity adapter inspect`.

use super::word;
use crate::failure::Failure;
use crate::table;
use antigravity_authoring as authoring;
use antigravity_core::Contract;
use serde_json::json;
use std::io::Write;
use std::path::Path;

pub fn run(file: &Path, json: bool) -> Result<(), Failure> {
    let component = authoring::read(file).map_err(Failure::input)?;
    let (size, contract) = (component.bytes().len(), component.contract());
    let mut out = std::io::stdout().lock();
    if json {
        let digest = component.sha256();
        let value =
            json!({"file": file, "bytes": size, "sha256": digest, "imports": 0, "contract": contract});
        return Ok(writeln!(out, "{value}")?);
    }
    writeln!(out, "{}  {size} bytes  WIT {}  imports nothing", contract.name(), contract.wit)?;
    let formats: Vec<_> = contract.price_formats.iter().map(|f| f.name()).collect();
    writeln!(
        out,
        "profile {}, confirmed {}, stale after {} s, prices {}",
        word(&contract.profile),
        word(&contract.confirms),
        f64::from(contract.stale_after_ms) / 1000.0,
        formats.join(" ")
    )?;
    writeln!(out, "{}", endpoints(contract))?;
    Ok(())
}

fn endpoints(contract: &Contract) -> comfy_table::Table {
    let mut table =
        table::table(&["endpoint", "content", "transport", "direction", "methods", "path", "framing"]);
    for e in &contract.endpoints {
        let methods = if e.methods.is_empty() { "any".to_owned() } else { e.methods.join(" ") };
        let row = [
            e.name.clone(),
            word(&e.content),
            word(&e.transport),
            word(&e.direction),
            methods,
            e.path.clone(),
            word(&e.framing),
        ];
        table::add(&mut table, row);
    }
    table
}
