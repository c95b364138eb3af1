//! Fixtures: recorded packets with the quotes that they must give, run through the real sandbox.

use antigravity_capture::{CaptureError, Line, Progress};
use antigravity_engine::{Captures, Emit, File, Lines, Marks, ReplayError, replay};
use antigravity_runtime::Adapter;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
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
    /// Empty where it passed; else lines that begin with `-` (expected) and `+` (given).
    pub diff: String,
}

#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{}: no fixtures", .0.display())]
    None(PathBuf),
    #[error("{}: line {line}: {problem}", path.display())]
    Expected { path: PathBuf, line: usize, problem: String },
    #[error(transparent)]
    Capture(#[from] CaptureError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

/// Fields that a line of the expectation may leave out.
const OPTIONAL: [&str; 4] = ["seq", "at", "account", "adapter"];

/// Runs every case in `<folder>/fixtures`, by name.
///
/// # Errors
/// [`FixtureError`] where there is no case, or a file of one cannot be read. A case whose quotes
/// differ is no error: the report says so.
pub fn test(adapter: &Arc<Adapter>, folder: &Path) -> Result<FixtureReport, FixtureError> {
    let directory = folder.join("fixtures");
    let io = |source| FixtureError::Io { path: directory.clone(), source };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(&directory).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    if folders.is_empty() {
        return Err(FixtureError::None(directory));
    }
    let cases = folders.iter().map(|folder| case(adapter, folder)).collect::<Result<_, _>>()?;
    Ok(FixtureReport { adapter: adapter.contract().name(), cases })
}

fn case(adapter: &Arc<Adapter>, folder: &Path) -> Result<Case, FixtureError> {
    let expected = expected(&folder.join("expected.ndjson"))?;
    let ledger = expected.iter().any(|line| line["type"] == "ledger");
    let given = given(adapter, &folder.join("packets.capture.ndjson"), ledger)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let diff = diff(&expected, &given);
    Ok(Case { name, passed: diff.is_empty(), diff })
}

fn expected(path: &Path) -> Result<Vec<Value>, FixtureError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| FixtureError::Io { path: path.to_owned(), source })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(n, line)| {
            serde_json::from_str(line).map_err(|e| FixtureError::Expected {
                path: path.to_owned(),
                line: n + 1,
                problem: e.to_string(),
            })
        })
        .collect()
}

/// The lines a replay gives when the adapter is bound to every account of the packets.
fn given(adapter: &Arc<Adapter>, packets: &Path, ledger: bool) -> Result<Vec<Value>, FixtureError> {
    let files = [File { path: packets.to_owned(), account: None }];
    let mut accounts = BTreeSet::new();
    for mut source in files[..].open(&Progress::default())? {
        while let Some(record) = source.next()? {
            if let Line::Packet(packet) = &record.line {
                accounts.insert(packet.account.to_string());
            }
        }
    }
    let provider = &adapter.contract().provider;
    let marks = Marks::Named(accounts.into_iter().map(|account| (account, provider.clone())).collect());
    let mut text = Vec::new();
    let emit = Emit { quotes: true, board: false, ledger };
    let mut lines = Lines::new(&mut text, emit);
    let (merger, _) =
        replay(std::slice::from_ref(adapter), &files[..], &marks, 1, &Progress::default(), &mut lines)?;
    lines.finish(&merger).map_err(|source| FixtureError::Io { path: packets.to_owned(), source })?;
    let read = |line: &[u8]| serde_json::from_slice(line).unwrap_or(Value::Null);
    Ok(text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(read).collect())
}

/// Lines of one side that the other has not, in order (a longest common subsequence).
fn diff(expected: &[Value], given: &[Value]) -> String {
    let same = |e: &Value, g: &Value| match (e.as_object(), g.as_object()) {
        (Some(e), Some(g)) => {
            let optional = |key: &str| OPTIONAL.contains(&key) || key == "reasons";
            e.iter().all(|(key, value)| g.get(key) == Some(value))
                && g.keys().all(|key| e.contains_key(key) || optional(key))
        }
        _ => e == g,
    };
    let (n, m) = (expected.len(), given.len());
    let mut longest = vec![vec![0usize; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            longest[i][j] = if same(&expected[i], &given[j]) {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let mut out = String::new();
    let (mut i, mut j) = (0, 0);
    while i < n || j < m {
        if i < n && j < m && same(&expected[i], &given[j]) {
            (i, j) = (i + 1, j + 1);
        } else if j == m || (i < n && longest[i + 1][j] >= longest[i][j + 1]) {
            out.push_str(&format!("- {}\n", expected[i]));
            i += 1;
        } else {
            let mut line = given[j].clone();
            if let Some(line) = line.as_object_mut() {
                OPTIONAL.iter().for_each(|key| drop(line.remove(*key)));
            }
            out.push_str(&format!("+ {line}\n"));
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_shown() {
        let expected = [json!({"event_id": "1", "price": 1}), json!({"event_id": "2", "price": 2})];
        let given = [json!({"event_id": "1", "price": 1, "seq": 4}), json!({"event_id": "2", "price": 3})];
        assert_eq!(
            diff(&expected, &given),
            "- {\"event_id\":\"2\",\"price\":2}\n+ {\"event_id\":\"2\",\"price\":3}\n"
        );
        assert_eq!(diff(&expected[..1], &given[..1]), "");
        let named = [json!({"event_id": "1", "price": 1, "seq": 5})];
        assert_ne!(diff(&named, &given[..1]), "", "a field that is named counts");
    }
}
