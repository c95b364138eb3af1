//! Running the program as a person does, and making the files that it reads.

use antigravity_tests::{components, root};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A directory of its own for a test: files, and what the program keeps for a person.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A capture of these lines after a header.
    pub fn capture(&self, name: &str, lines: &[Value]) -> PathBuf {
        self.file(name, capture(lines))
    }

    /// The program, in the checkout, with the adapters of the checkout and nothing else of this
    /// machine. Compiled components are shared by all tests: that is what the cache is for.
    pub fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.bare(args);
        command.current_dir(root()).env("ANTIGRAVITY_ADAPTERS", components());
        command
    }

    /// The program in this directory and without adapters: for what needs none.
    pub fn bare<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_antigravity"));
        command.args(args).current_dir(self.0.path());
        for name in ["CI", "NODE_ENV", "ANTIGRAVITY_LOG", "ANTIGRAVITY_ADAPTERS"] {
            command.env_remove(name);
        }
        command.env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        command.env("XDG_DATA_HOME", self.path("data"));
        command
    }

    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ran {
        Ran::of(&mut self.command(args))
    }

    /// `replay FILE --emit quotes,board,ledger`.
    pub fn replay(&self, file: &Path) -> Ran {
        self.replay_with(file, &[])
    }

    pub fn replay_with(&self, file: &Path, more: &[&str]) -> Ran {
        let args = [OsStr::new("replay"), file.as_os_str()];
        let args = args.into_iter().chain(["--emit", "quotes,board,ledger"].map(OsStr::new));
        self.run(args.chain(more.iter().map(OsStr::new)))
    }
}

/// What the program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }

    /// It ended well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }

    /// It ended with this code, one message that begins with `error:` and nothing of a panic.
    #[track_caller]
    pub fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        assert_eq!(self.err.lines().filter(|line| line.starts_with("error:")).count(), 1, "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Standard error says all of this.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is missing in: {}", self.err);
        }
        self
    }

    /// The lines of one type.
    pub fn lines(&self, kind: &str) -> Vec<Value> {
        let lines = self.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["type"] == kind).collect()
    }

    /// The ledger: the last line and the only one, its seven numbers adding up.
    #[track_caller]
    pub fn ledger(&self) -> Value {
        let last: Value = serde_json::from_str(self.out.lines().last().unwrap_or_default()).unwrap();
        assert_eq!(last["type"], "ledger", "{}{}", self.out, self.err);
        assert_eq!(self.out.matches("\"type\":\"ledger\"").count(), 1);
        let sum: u64 = FATES.iter().map(|fate| last[fate].as_u64().unwrap()).sum();
        assert_eq!(last["captured"].as_u64(), Some(sum), "{last}");
        last
    }

    /// Asserts the ledger: captured, then what is not 0 of the fates.
    #[track_caller]
    pub fn counts(self, captured: u64, fates: &[(&str, u64)]) -> Self {
        let ledger = self.ledger();
        assert_eq!(ledger["captured"].as_u64(), Some(captured), "{ledger}\n{}", self.err);
        for fate in FATES {
            let expected = fates.iter().find(|(name, _)| *name == fate).map_or(0, |(_, count)| *count);
            assert_eq!(ledger[fate].as_u64(), Some(expected), "{fate}: {ledger}\n{}", self.err);
        }
        self
    }

    /// How often a reason was counted.
    #[track_caller]
    pub fn reason(&self, name: &str) -> u64 {
        self.ledger()["reasons"][name].as_u64().unwrap_or(0)
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

const FATES: [&str; 7] =
    ["parsed", "ignored", "unmatched", "not_contracted", "rejected", "failed", "dropped"];

pub const HEADER: &str = r#"{"antigravity_capture":1,"created_at":"2026-03-14T11:00:00Z","redacted":true}"#;

/// The text of a capture of these lines, numbered from 1.
pub fn capture(lines: &[Value]) -> String {
    let mut text = format!("{HEADER}\n");
    for (line, seq) in lines.iter().zip(1..) {
        let mut line = line.clone();
        line["seq"] = json!(seq);
        text.push_str(&format!("{line}\n"));
    }
    text
}

/// A time of the captures made here, in seconds after 11:00.
pub fn at(second: u32) -> String {
    format!("2026-03-14T11:{:02}:{:02}Z", second / 60, second % 60)
}

/// A packet of CMD368's full list with this body.
pub fn cmd368(second: u32, body: &str) -> Value {
    json!({"at": at(second), "account": "A", "connection": "c1", "transport": "http", "direction": "received",
        "method": "POST", "url": "https://p12.example/Member/BetsView/BetLight/DataOdds.ashx", "status": 200,
        "content_type": "application/json; charset=utf-8",
        "request_body": "fc=1&m_accType=MY+MR&m_gameType=S_&SystemLanguage=en-US", "body": body})
}

/// A full list whose cursor is `t`: one event with one handicap, at these prices.
pub fn full(t: u32, home: &str, away: &str) -> String {
    let mut row = vec![Value::Null; 91];
    for (position, value) in [
        (0, json!(31_000_417)),
        (3, json!(16_000)),
        (10, json!(0.75)),
        (24, json!(1)),
        (25, json!(0)),
        (37, json!("NORDIC PREMIER DIVISION")),
        (38, json!("Viborg Kammeraterne")),
        (39, json!("Aalesund Ørn")),
        (40, json!("HOME")),
        (41, json!("AWAY")),
        (53, json!("20:45")),
        (56, json!("03/14")),
    ] {
        row[position] = value;
    }
    // Figures as they are given: a JSON library may write 0.90 as 0.9.
    let body = json!({"t": t, "a": true, "data": [], "today": [row], "f": []}).to_string();
    body.replace("\"HOME\"", home).replace("\"AWAY\"", away)
}

/// A text frame of Betfair's stream.
pub fn frame(second: u32, body: &str) -> Value {
    json!({"at": at(second), "account": "A", "connection": "s1", "transport": "websocket",
        "direction": "received", "url": "wss://stream.example/", "body": body})
}

/// A subscription's image of one market with one runner.
pub fn image() -> String {
    json!({"op": "mcm", "id": 1, "clk": "AAAAAAAA", "pt": 1_773_486_000_000_u64, "ct": "SUB_IMAGE", "mc": [{
        "id": "1.240000001", "img": true,
        "marketDefinition": {"eventId": "34000001", "eventTypeId": "7", "marketType": "WIN", "bettingType": "ODDS",
            "status": "OPEN", "inPlay": false, "version": 1, "bspReconciled": false, "complete": true,
            "marketTime": "2026-03-14T12:00:00.000Z", "runners": [{"id": 5001, "status": "ACTIVE", "sortPriority": 1}]},
        "rc": [{"id": 5001, "atb": [[2.5, 40.5]], "atl": [[2.54, 12]]}]}]})
    .to_string()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
