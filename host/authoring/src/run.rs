//! Running fixtures through the real sandbox.

use crate::desk::{Desk, Entry, Laid};
use crate::diff::{Written, diff};
use crate::fixtures::{FixtureCase, FixtureError, Fixtures};
use crate::replayed::Replayed;
use antigravity_runtime::Adapter;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// What the fixtures of one adapter gave.
#[derive(Clone, Debug, Serialize)]
pub struct FixtureReport {
    /// `provider@version`.
    pub adapter: String,
    pub cases: Vec<Case>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Case {
    pub name: String,
    pub passed: bool,
    /// Packets that the adapter was asked about, and the fuel it used for them, one a call.
    pub packets: usize,
    pub fuel: u64,
    /// Empty where it passed; else lines that begin with `-` (expected) and `+` (given), and with `@`
    /// where they come from another packet.
    pub diff: String,
}

/// Runs every case, in order.
///
/// # Errors
/// [`FixtureError`] where the packets or the expectation of a case cannot be read. A case whose
/// quotes differ, or that expects nothing yet, is no error: the report says so.
pub fn test(adapter: &Arc<Adapter>, fixtures: &Fixtures) -> Result<FixtureReport, FixtureError> {
    let cases = fixtures.cases.iter().map(|one| case(adapter, one)).collect::<Result<_, _>>()?;
    Ok(FixtureReport { adapter: adapter.contract().name(), cases })
}

fn case(adapter: &Arc<Adapter>, case: &FixtureCase) -> Result<Case, FixtureError> {
    let expected = expected(case)?;
    let ledger = expected.iter().flatten().any(|line| line.value["type"] == "ledger");
    let given = given(adapter, case, ledger)?;
    let mut diff = diff(expected.as_deref().unwrap_or_default(), &given);
    if expected.is_none() {
        diff.insert_str(0, "no expectation; `adapter bless` writes it\n");
    }
    let laid = Laid::of(adapter.contract(), &case.traffic(adapter.contract())?)?;
    let packets = laid.entries.iter().filter(|entry| matches!(entry, Entry::Packet(_))).count();
    let mut desk = Desk::new(adapter);
    desk.read(&laid, || 1);
    Ok(Case { name: case.name.clone(), passed: diff.is_empty(), packets, fuel: desk.fuel_used(), diff })
}

/// What a case expects; `None` where nobody wrote it yet.
pub(crate) fn expected(case: &FixtureCase) -> Result<Option<Vec<Written>>, FixtureError> {
    let Some(text) = &case.expected else { return Ok(None) };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = lines.map(|(n, line)| {
        let value = serde_json::from_str(line).map_err(|e| FixtureError::Expected {
            path: case.place.join("expected.ndjson"),
            line: n + 1,
            problem: e.to_string(),
        })?;
        Ok(Written { value, text: line.to_owned() })
    });
    read.collect::<Result<_, _>>().map(Some)
}

/// The lines a replay gives when the adapter is bound to every account of the packets.
pub(crate) fn given(
    adapter: &Arc<Adapter>,
    case: &FixtureCase,
    ledger: bool,
) -> Result<Vec<Written>, FixtureError> {
    let replayed = Replayed::of(adapter, &case.traffic(adapter.contract())?, ledger)?;
    let read = |line: &str| Written {
        value: serde_json::from_str(line).unwrap_or(Value::Null),
        text: line.to_owned(),
    };
    Ok(replayed.text.lines().map(read).collect())
}
