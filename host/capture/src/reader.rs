//! Capture files, version 1: one header line, then one packet or event a line.

use crate::error::{CaptureError, Problem};
use crate::input::{self, Advance, Lines, Progress};
use crate::parse::Parser;
use crate::{Members, Record, Source};
use antigravity_core::Timestamp;
use antigravity_tape::{Error as JsonError, ErrorKind, Framing, Key, Kind, Tokeniser, Value};
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The first line of a capture file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub created_at: Option<Timestamp>,
    /// Whether secrets were taken out when it was written; what reads a file that says no, or
    /// nothing, redacts.
    pub redacted: bool,
    /// Members this version does not know.
    pub unknown: Members,
}

/// Longest part of a file that a message repeats, in characters.
const MAX_QUOTE: usize = 120;

/// Version of the format that is read and written.
pub(crate) const VERSION: u64 = 1;

/// Reads a capture file line by line, plain or compressed with zstd, in constant memory.
pub struct CaptureReader {
    file: Arc<Path>,
    lines: Lines,
    tokeniser: Tokeniser,
    tape: Vec<u64>,
    parser: Parser,
    header: Header,
    progress: Progress,
    truncated: Option<u64>,
}

impl CaptureReader {
    /// Opens a file and reads its header. `account` stands for that of every line; without it a
    /// line's own counts, and `A` where it names none.
    ///
    /// # Errors
    /// [`CaptureError`] where the file cannot be opened or does not begin with a header of version 1.
    pub fn open(path: &Path, account: Option<&str>) -> Result<Self, CaptureError> {
        let file = Arc::from(path);
        let progress = Progress::default();
        let bytes = input::open(path, &progress).map_err(|e| CaptureError::file(&file, Problem::Read(e)))?;
        Self::start(file, bytes, account, progress)
    }

    /// Reads from anything; `name` stands for the file in messages.
    ///
    /// # Errors
    /// As [`CaptureReader::open`].
    pub fn from_reader(
        name: &Path,
        read: impl Read + Send + 'static,
        account: Option<&str>,
    ) -> Result<Self, CaptureError> {
        let file = Arc::from(name);
        let bytes =
            input::decompress(read, false).map_err(|e| CaptureError::file(&file, Problem::Read(e)))?;
        Self::start(file, bytes, account, Progress::default())
    }

    pub(crate) fn start(
        file: Arc<Path>,
        bytes: input::Bytes,
        account: Option<&str>,
        progress: Progress,
    ) -> Result<Self, CaptureError> {
        let mut reader = Self {
            file,
            lines: Lines::new(bytes),
            tokeniser: Tokeniser::default(),
            tape: Vec::new(),
            parser: Parser::new(account),
            header: Header::default(),
            progress,
            truncated: None,
        };
        reader.read_header()?;
        Ok(reader)
    }

    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Number of the last line where it was cut off and therefore skipped; known at the end.
    pub const fn truncated(&self) -> Option<u64> {
        self.truncated
    }

    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    fn read_header(&mut self) -> Result<(), CaptureError> {
        if !self.advance()? || self.lines.number != 1 {
            return Err(CaptureError::line(&self.file, 1, None, Problem::NoHeader));
        }
        let line = self.lines.line.as_slice();
        let line = line.strip_prefix(input::BYTE_ORDER_MARK).unwrap_or(line);
        let header = match std::str::from_utf8(line) {
            Ok(line) if self.tokeniser.tokenise(line, Framing::Document, &mut self.tape).is_ok() => {
                header(line, &self.tape)
            }
            _ => Err((None, Problem::NoHeader)),
        };
        self.header = header.map_err(|(field, problem)| CaptureError::line(&self.file, 1, field, problem))?;
        Ok(())
    }

    /// Goes to the next line that is not blank; false at the end.
    fn advance(&mut self) -> Result<bool, CaptureError> {
        loop {
            match self.lines.advance() {
                Err(e) => return Err(self.at_line(Problem::Read(e))),
                Ok(Advance::TooLong) => return Err(self.at_line(Problem::LineTooLong)),
                Ok(Advance::End) => {
                    if self.lines.cut {
                        self.truncated = Some(self.lines.number);
                    }
                    return Ok(false);
                }
                Ok(Advance::Line) if self.lines.line.trim_ascii().is_empty() => {}
                Ok(Advance::Line) => return Ok(true),
            }
        }
    }

    fn at_line(&self, problem: Problem) -> CaptureError {
        CaptureError::line(&self.file, self.lines.number, None, problem)
    }

    /// An error, unless the line is the file's last and was cut off.
    fn skip_if_cut(&mut self, problem: Problem, cut: bool) -> Result<(), CaptureError> {
        if !cut || !self.lines.at_end().map_err(|e| self.at_line(Problem::Read(e)))? {
            return Err(self.at_line(problem));
        }
        self.truncated = Some(self.lines.number);
        Ok(())
    }
}

impl Source for CaptureReader {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        loop {
            if self.truncated.is_some() || !self.advance()? {
                return Ok(None);
            }
            self.tape.clear();
            // After a power cut zeros may stand where the end of a file had not been written yet.
            let zeros = self.lines.line.ends_with(b"\0");
            let line = match std::str::from_utf8(&self.lines.line) {
                Ok(line) => line,
                Err(e) => {
                    let cut = zeros || e.error_len().is_none();
                    self.skip_if_cut(Problem::NotUtf8(e.valid_up_to()), cut)?;
                    return Ok(None);
                }
            };
            if let Err(e) = self.tokeniser.tokenise(line, Framing::Document, &mut self.tape) {
                let cut = zeros || is_cut(line, e);
                self.skip_if_cut(Problem::Json(e), cut)?;
                return Ok(None);
            }
            match self.parser.record(line, &self.tape) {
                Ok(Some(record)) => return Ok(Some(record)),
                Ok(None) => {}
                Err((field, problem)) => {
                    return Err(CaptureError { field, ..self.at_line(problem) });
                }
            }
        }
    }

    fn redacted(&self) -> bool {
        self.header.redacted
    }

    fn truncated(&self) -> Option<u64> {
        self.truncated
    }
}

/// Whether a line that is not JSON is the beginning of one that would be.
fn is_cut(line: &str, error: JsonError) -> bool {
    let rest = line.get(error.offset..).unwrap_or_default();
    line.trim_start().starts_with('{')
        && match error.kind {
            ErrorKind::Truncated => true,
            // `tru`, `12.`: as far as it goes it is right, and nothing follows.
            ErrorKind::BadLiteral => ["true", "false", "null"].iter().any(|word| word.starts_with(rest)),
            ErrorKind::BadNumber => {
                rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            }
            _ => false,
        }
}

const ANTIGRAVITY_CAPTURE: Key = Key::new("antigravity_capture");
const CREATED_AT: Key = Key::new("created_at");
const REDACTED: Key = Key::new("redacted");

fn header(line: &str, tape: &[u64]) -> Result<Header, crate::parse::Fault> {
    let root = Value::root(line.as_bytes(), tape).ok_or((None, Problem::NoHeader))?;
    let [version, created_at, redacted] = root.fields([ANTIGRAVITY_CAPTURE, CREATED_AT, REDACTED]);
    let version = version.ok_or((None, Problem::NoHeader))?;
    if version.kind() != Kind::Number {
        return Err((Some(ANTIGRAVITY_CAPTURE.name()), Problem::WrongType("a whole number")));
    }
    if version.u64() != Some(VERSION) {
        let found = version.text().unwrap_or_default().chars().take(MAX_QUOTE).collect();
        return Err((Some(ANTIGRAVITY_CAPTURE.name()), Problem::Version(found)));
    }
    let created_at = match created_at.filter(|value| !value.is_null()) {
        None => None,
        Some(value) => {
            let text = value.str().ok_or((Some(CREATED_AT.name()), Problem::WrongType("a string")))?;
            Some(text.parse().map_err(|_| (Some(CREATED_AT.name()), Problem::Time))?)
        }
    };
    let redacted = match redacted.filter(|value| !value.is_null()) {
        None => false,
        Some(value) => value.bool().ok_or((Some(REDACTED.name()), Problem::WrongType("true or false")))?,
    };
    let known = [ANTIGRAVITY_CAPTURE, CREATED_AT, REDACTED];
    let unknown = Members::except(line, tape, |name| known.iter().any(|key| key.name() == name));
    Ok(Header { created_at, redacted, unknown })
}

impl fmt::Debug for CaptureReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureReader")
            .field("file", &self.file)
            .field("line", &self.lines.number)
            .finish_non_exhaustive()
    }
}
