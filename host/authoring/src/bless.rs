//! Writing what an adapter gives as what it is expected to give.

use crate::diff::{OPTIONAL, Written, diff};
use crate::fixtures::{FixtureCase, FixtureError};
use crate::run::{expected, given};
use antigravity_capture::Members;
use antigravity_runtime::Adapter;
use std::path::PathBuf;
use std::sync::Arc;

/// A case whose expectation is not what the adapter gives.
#[derive(Clone, Debug)]
pub struct Blessing {
    pub name: String,
    /// As a test shows it.
    pub diff: String,
    file: PathBuf,
    text: String,
}

/// What would have to be written for a case to pass; `None` where it passes.
///
/// Fields that a line may leave out are written where a line of the expectation so far names them, and the
/// ledger where one was expected.
///
/// # Errors
/// [`FixtureError`] where the packets or the expectation cannot be read.
pub fn blessing(adapter: &Arc<Adapter>, case: &FixtureCase) -> Result<Option<Blessing>, FixtureError> {
    let before = expected(case)?;
    let known = before.as_deref().unwrap_or_default();
    let ledger = known.iter().any(|line| line.value["type"] == "ledger");
    let given = given(adapter, case, ledger)?;
    let diff = diff(known, &given);
    if diff.is_empty() && before.is_some() {
        return Ok(None);
    }
    let named = |key: &str| known.iter().any(|line| line.value.get(key).is_some());
    let left_out: Vec<&str> = OPTIONAL.into_iter().filter(|key| !named(key)).collect();
    let reasons = known.iter().any(|line| line.value.get("reasons").is_some());
    let text = given.iter().map(|line| written(line, &left_out, reasons)).collect();
    let file = case.place.join("expected.ndjson");
    Ok(Some(Blessing { name: case.name.clone(), diff, file, text }))
}

fn written(line: &Written, left_out: &[&str], reasons: bool) -> String {
    let omit = |name: &str| left_out.contains(&name) || (name == "reasons" && !reasons);
    match Members::of(&line.text, omit) {
        Some(members) => format!("{{{}}}\n", members.as_str()),
        None => format!("{}\n", line.text),
    }
}

impl Blessing {
    /// Rewrites the expectation.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self) -> Result<(), FixtureError> {
        crate::files::write(&self.file, self.text.as_bytes())
            .map_err(|source| FixtureError::Io { path: self.file.clone(), source })
    }
}
