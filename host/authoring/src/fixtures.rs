//! Fixtures: recorded packets with the quotes that they must give, run through the real sandbox.

use antigravity_capture::{CaptureError, Line, Members, Progress};
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

/// A line of output: what it says, and how it is written.
struct Written {
    value: Value,
    text: String,
}

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
    let ledger = expected.iter().any(|line| line.value["type"] == "ledger");
    let given = given(adapter, &folder.join("packets.capture.ndjson"), ledger)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let diff = diff(&expected, &given);
    Ok(Case { name, passed: diff.is_empty(), diff })
}

fn expected(path: &Path) -> Result<Vec<Written>, FixtureError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| FixtureError::Io { path: path.to_owned(), source })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(n, line)| {
            let value = serde_json::from_str(line).map_err(|e| FixtureError::Expected {
                path: path.to_owned(),
                line: n + 1,
                problem: e.to_string(),
            })?;
            Ok(Written { value, text: line.to_owned() })
        })
        .collect()
}

/// The lines a replay gives when the adapter is bound to every account of the packets.
fn given(adapter: &Arc<Adapter>, packets: &Path, ledger: bool) -> Result<Vec<Written>, FixtureError> {
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
    let emit = Emit { quotes: true, ledger, ..Emit::default() };
    let mut lines = Lines::new(&mut text, emit);
    let (merger, _) =
        replay(std::slice::from_ref(adapter), &files[..], &marks, 1, &Progress::default(), &mut lines)?;
    lines.finish(&merger).map_err(|source| FixtureError::Io { path: packets.to_owned(), source })?;
    let read = |line: &str| Written {
        value: serde_json::from_str(line).unwrap_or(Value::Null),
        text: line.to_owned(),
    };
    Ok(String::from_utf8_lossy(&text).lines().map(read).collect())
}

/// Lines of one side that the other has not, in order (a longest common subsequence).
fn diff(expected: &[Written], given: &[Written]) -> String {
    /// Most pairs of lines that are compared. Where more differ, nobody looks for what is common.
    const MOST: usize = 1 << 20;
    let common = |(e, g): &(&Written, &Written)| same(&e.value, &g.value);
    let front = expected.iter().zip(given).take_while(common).count();
    let (expected, given) = (&expected[front..], &given[front..]);
    let back = expected.iter().rev().zip(given.iter().rev()).take_while(common).count();
    let (expected, given) = (&expected[..expected.len() - back], &given[..given.len() - back]);
    if expected.len().saturating_mul(given.len()) > MOST {
        return expected.iter().map(missing).chain(given.iter().map(surplus)).collect();
    }
    let (n, m) = (expected.len(), given.len());
    let mut longest = vec![vec![0u32; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            longest[i][j] = if same(&expected[i].value, &given[j].value) {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let mut out = String::new();
    let (mut i, mut j) = (0, 0);
    while i < n || j < m {
        if i < n && j < m && same(&expected[i].value, &given[j].value) {
            (i, j) = (i + 1, j + 1);
        } else if j == m || (i < n && longest[i + 1][j] >= longest[i][j + 1]) {
            out.push_str(&missing(&expected[i]));
            i += 1;
        } else {
            out.push_str(&surplus(&given[j]));
            j += 1;
        }
    }
    out
}

/// Whether a given line is the expected one, but for what that leaves out.
fn same(expected: &Value, given: &Value) -> bool {
    let (Some(expected), Some(given)) = (expected.as_object(), given.as_object()) else {
        return expected == given;
    };
    let optional = |key: &str| OPTIONAL.contains(&key) || key == "reasons";
    expected.iter().all(|(key, value)| given.get(key) == Some(value))
        && given.keys().all(|key| expected.contains_key(key) || optional(key))
}

fn missing(expected: &Written) -> String {
    format!("- {}\n", expected.text)
}

/// A given line as the expectation would have it.
fn surplus(given: &Written) -> String {
    match Members::of(&given.text, |name| OPTIONAL.contains(&name)) {
        Some(members) => format!("+ {{{}}}\n", members.as_str()),
        None => format!("+ {}\n", given.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Written> {
        let read =
            |text: &&str| Written { value: serde_json::from_str(text).unwrap(), text: (*text).to_owned() };
        texts.iter().map(read).collect()
    }

    #[test]
    fn only_what_differs_is_shown() {
        let expected = lines(&[r#"{"type":"quote","price":1}"#, r#"{"type":"quote","price":2}"#]);
        let given =
            lines(&[r#"{"type":"quote","seq":4,"price":1}"#, r#"{"type":"quote","seq":4,"price":3}"#]);
        assert_eq!(
            diff(&expected, &given),
            "- {\"type\":\"quote\",\"price\":2}\n+ {\"type\":\"quote\",\"price\":3}\n"
        );
        assert_eq!(diff(&expected[..1], &given[..1]), "");
        let named = lines(&[r#"{"type":"quote","seq":5,"price":1}"#]);
        assert_ne!(diff(&named, &given[..1]), "", "a field that is named counts");
        let [a, b, c, d] = [r#"{"x":1}"#, r#"{"x":2}"#, r#"{"x":3}"#, r#"{"x":4}"#];
        assert_eq!(diff(&lines(&[a, b, c, d]), &lines(&[a, c, d, d])), "- {\"x\":2}\n+ {\"x\":4}\n");
        assert_eq!(diff(&lines(&[a, a]), &lines(&[a])), "- {\"x\":1}\n");
    }

    /// What agrees costs nothing, and what differs all through is shown as it is.
    #[test]
    fn many_lines_take_no_longer_than_few() {
        let many = |from: usize| {
            let texts: Vec<String> = (from..from + 100_000).map(|n| format!("{{\"x\":{n}}}")).collect();
            lines(&texts.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let start = std::time::Instant::now();
        assert_eq!(diff(&many(0), &many(0)), "");
        assert_eq!(diff(&many(0), &many(200_000)).lines().count(), 200_000);
        assert!(start.elapsed().as_secs() < 20);
    }
}
