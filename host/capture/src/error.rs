//! What is wrong with a file, and where.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// An unusable file: which one, where in it, and why. Never holds a value that may be a secret.
#[derive(Debug)]
pub struct CaptureError {
    pub file: Arc<Path>,
    /// Counts from 1; `None` where the trouble is with the file as a whole.
    pub line: Option<u64>,
    /// Counts from 1; known for HAR files.
    pub column: Option<u64>,
    pub field: Option<&'static str>,
    pub problem: Problem,
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("cannot be read: {0}")]
    Read(#[source] std::io::Error),
    #[error("cannot be written: {0}")]
    Write(#[source] std::io::Error),
    #[error("not JSON: {0}")]
    Json(#[from] antigravity_tape::Error),
    #[error("not UTF-8 at byte {0}")]
    NotUtf8(usize),
    #[error("longer than {} MiB", MAX_LINE >> 20)]
    LineTooLong,
    #[error("longer than {} KiB", MAX_LABEL >> 10)]
    LabelTooLong,
    #[error("not a capture file: the first line must be {{\"antigravity_capture\":1,…}}")]
    NoHeader,
    #[error("version {0} is not known to this program, which reads version 1")]
    Version(String),
    #[error("must be a JSON object")]
    NotAnObject,
    #[error("is missing")]
    Missing,
    #[error("must be {0}")]
    WrongType(&'static str),
    #[error("unknown value; known are {0}")]
    UnknownValue(&'static str),
    #[error("not an RFC 3339 time")]
    Time,
    #[error("not base64")]
    Base64,
    #[error("holds half of a surrogate pair")]
    Surrogate,
    #[error("must not stand beside `body`")]
    TwoBodies,
    #[error("must be {expected}, one more than on the line before, but is {found}")]
    Sequence { expected: u64, found: u64 },
    #[error("nothing can follow {}, the largest number", u64::MAX)]
    SequenceEnd,
    #[error("not HAR 1.2: {0}")]
    Har(String),
    #[error("sorting it through a temporary file failed: {0}")]
    Scratch(#[source] std::io::Error),
}

impl Problem {
    /// What is wrong with a number that follows `last`; nothing is with the first.
    pub(crate) fn of_sequence(last: Option<u64>, found: u64) -> Option<Self> {
        match last?.checked_add(1) {
            Some(expected) => (found != expected).then_some(Self::Sequence { expected, found }),
            None => Some(Self::SequenceEnd),
        }
    }
}

/// Longest line that is read, in bytes; what the tokeniser takes at most.
pub(crate) const MAX_LINE: usize = antigravity_abi::tape::MAX_BODY;

/// Longest address, name or other text of a packet beside its bodies, in bytes: browsers take
/// addresses of this length, and many of them are kept at a time.
pub(crate) const MAX_LABEL: usize = 64 << 10;

impl CaptureError {
    pub(crate) fn file(file: &Arc<Path>, problem: Problem) -> Self {
        Self { file: Arc::clone(file), line: None, column: None, field: None, problem }
    }

    pub(crate) fn line(file: &Arc<Path>, line: u64, field: Option<&'static str>, problem: Problem) -> Self {
        Self { line: Some(line), field, ..Self::file(file, problem) }
    }
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        if let Some(field) = self.field {
            write!(f, ", field `{field}`")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for CaptureError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.problem)
    }
}
