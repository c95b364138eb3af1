//! `antigravity certificate …`.

use crate::args::CertificateCommand;
use crate::failure::Failure;
use crate::person::say;
use antigravity_core::checker::{self, Refused, Report};
use antigravity_core::fees::{BUILTIN, FeeBook};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// Most bytes of a document, and of a line: a certificate of 64 legs and states has 59 kB.
const LONGEST: u64 = 16 << 20;

pub fn run(command: &CertificateCommand) -> Result<(), Failure> {
    let CertificateCommand::Verify { file, fees, json } = command;
    let more = fees.as_deref().map(schedules).transpose()?;
    let schedules: Vec<&[u8]> = [BUILTIN].into_iter().chain(more.as_deref()).collect();
    let mut input = Input::open(file)?;
    let mut verdicts = Verdicts { json: *json, ..Verdicts::default() };
    while let Some(document) = input.next()? {
        if document.is_one() {
            let checked = checker::verify(&document.bytes, &schedules);
            verdicts.take(&input.name, document.line, checked)?;
        }
    }
    verdicts.end(&input.name)
}

/// Fee schedules from a file, which the engine would take too.
fn schedules(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |problem: &dyn std::fmt::Display| Failure::input(format!("{}: {problem}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| failed(&error))?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(failed(&"longer than 16 MiB"));
    }
    FeeBook::builtin().and_then(|book| book.with(&bytes)).map_err(|error| failed(&error))?;
    Ok(bytes)
}

/// A file as documents: one of several lines, or one on each line.
struct Input {
    name: String,
    reader: Box<dyn BufRead>,
    /// Lines read.
    line: u64,
}

struct Document {
    /// Where it begins, from 1.
    line: u64,
    bytes: Vec<u8>,
}

impl Input {
    fn open(path: &Path) -> Result<Self, Failure> {
        let (name, reader): (_, Box<dyn BufRead>) = if path == Path::new("-") {
            ("standard input".to_owned(), Box::new(io::stdin().lock()))
        } else {
            let name = path.display().to_string();
            let file = File::open(path).map_err(|error| Failure::input(format!("{name}: {error}")))?;
            (name, Box::new(BufReader::new(file)))
        };
        Ok(Self { name, reader, line: 0 })
    }

    /// The next line that is not blank. Where the first one only begins a document, all that follows
    /// is of it.
    fn next(&mut self) -> Result<Option<Document>, Failure> {
        let mut bytes = Vec::new();
        while self.add_line(&mut bytes)? {
            self.line += 1;
            if bytes.trim_ascii().is_empty() {
                bytes.clear();
                continue;
            }
            let line = self.line;
            if line == 1 {
                let mark = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
                bytes.drain(..mark);
            }
            if serde_json::from_slice::<IgnoredAny>(&bytes).is_err_and(|error| error.is_eof()) {
                while self.add_line(&mut bytes)? {}
            }
            return Ok(Some(Document { line, bytes }));
        }
        Ok(None)
    }

    /// Appends the next line with its end; `false` where there is none.
    fn add_line(&mut self, bytes: &mut Vec<u8>) -> Result<bool, Failure> {
        // One byte more shows what is too long.
        let room = (LONGEST + 1).saturating_sub(bytes.len() as u64);
        let read = (&mut self.reader).take(room).read_until(b'\n', bytes);
        let read = read.map_err(|error| Failure::input(format!("{}: {error}", self.name)))?;
        if bytes.len() as u64 > LONGEST {
            let at = self.line + 1;
            return Err(Failure::input(format!("{}, line {at}: longer than 16 MiB", self.name)));
        }
        Ok(read > 0)
    }
}

impl Document {
    /// Whether it says that it is something to verify: among the lines of a replay are others. What
    /// says nothing, or cannot be read, is for the checker.
    fn is_one(&self) -> bool {
        #[derive(Deserialize)]
        struct Kind<'a> {
            #[serde(borrow)]
            r#type: Option<Cow<'a, str>>,
        }
        let kind = serde_json::from_slice::<Kind<'_>>(&self.bytes);
        !kind.is_ok_and(|kind| kind.r#type.is_some_and(|name| name != "opportunity"))
    }
}

/// What was found, told as it is found.
#[derive(Default)]
struct Verdicts {
    json: bool,
    documents: u64,
    refused: u64,
    /// The last refusal, not told yet: of an only document it is the error.
    untold: Option<String>,
}

impl Verdicts {
    fn take(&mut self, name: &str, line: u64, checked: Result<Report, Refused>) -> Result<(), Failure> {
        self.tell();
        self.documents += 1;
        let mut out = io::stdout().lock();
        match checked {
            Ok(report) if self.json => {
                let verdict = json!({"line": line, "verified": true,
                    "guaranteed_profit": report.guaranteed_profit, "currency": report.currency,
                    "legs": report.legs, "states": report.states});
                writeln!(out, "{verdict}")?;
            }
            Ok(Report { guaranteed_profit, currency, legs, states }) => {
                let currency = crate::person::plain(&currency);
                writeln!(
                    out,
                    "verified: guaranteed profit {guaranteed_profit} {currency}, {legs} legs, {states} states"
                )?;
            }
            Err(Refused::Unreadable(why)) => {
                // The place within the line is told, and the line already.
                let why = why.replace(" at line 1 column ", " at column ");
                return Err(Failure::input(format!("{name}, line {line}: {why}")));
            }
            Err(Refused::Wrong { field, said, is }) => {
                if self.json {
                    let verdict =
                        json!({"line": line, "verified": false, "field": field, "said": said, "is": is});
                    writeln!(out, "{verdict}")?;
                }
                self.refused += 1;
                self.untold = Some(format!("{name}, line {line}: {field}: says {said}, is {is}"));
            }
        }
        Ok(())
    }

    fn tell(&mut self) {
        if let Some(refusal) = self.untold.take() {
            say(format_args!("refused: {refusal}"));
        }
    }

    fn end(mut self, name: &str) -> Result<(), Failure> {
        match (self.refused, self.documents) {
            (_, 0) => Err(Failure::input(format!("{name}: no certificate and no opportunity line"))),
            (0, _) => Ok(()),
            (_, 1) => Err(Failure::failed(self.untold.unwrap_or_default())),
            (refused, documents) => {
                self.tell();
                Err(Failure::failed(format!("{name}: {refused} of {documents} are refused")))
            }
        }
    }
}
