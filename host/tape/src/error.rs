use std::fmt;

/// What is wrong with a body, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    /// Byte offset in the body.
    pub offset: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Nothing but white space.
    Empty,
    /// The document ends too early.
    Truncated,
    /// A character that cannot stand here.
    Unexpected,
    BadNumber,
    BadLiteral,
    BadEscape,
    /// A character below U+0020 within a string.
    ControlCharacter,
    /// Something follows the document.
    Trailing,
    /// Nested deeper than 128.
    TooDeep,
    /// Over 256 MiB.
    TooLarge,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.kind {
            ErrorKind::Empty => "the body is empty",
            ErrorKind::Truncated => "the document ends too early",
            ErrorKind::Unexpected => "unexpected character",
            ErrorKind::BadNumber => "malformed number",
            ErrorKind::BadLiteral => "malformed literal",
            ErrorKind::BadEscape => "malformed escape",
            ErrorKind::ControlCharacter => "control character in a string",
            ErrorKind::Trailing => "something follows the document",
            ErrorKind::TooDeep => "nested deeper than 128",
            ErrorKind::TooLarge => "larger than 256 MiB",
        };
        write!(f, "{text} at byte {}", self.offset)
    }
}

impl std::error::Error for Error {}
