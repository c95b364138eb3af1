//! What the router sees of a body: compression, base64 and character sets are already undone.

use crate::reason;
use antigravity_core::packet::{Body, MAX_BODY};

/// A packet's body after decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodedBody<'a> {
    Text(&'a str),
    /// Not text; only endpoints with raw framing read it.
    Bytes(&'a [u8]),
    /// Larger than [`MAX_BODY`], before or after decoding.
    OverLimit,
    Undecodable(Undecodable),
}

/// Why a body could not be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecodable {
    Compression,
    Charset,
    Base64,
}

impl<'a> From<&'a Body> for DecodedBody<'a> {
    fn from(body: &'a Body) -> Self {
        match body {
            Body::Text(text) => Self::Text(text),
            Body::Bytes(bytes) => Self::Bytes(bytes),
            Body::OverLimit(_) => Self::OverLimit,
        }
    }
}

impl<'a> DecodedBody<'a> {
    /// What is there to look into.
    ///
    /// # Errors
    /// The reason to reject it with, where there is nothing.
    pub(crate) const fn readable(self) -> Result<Readable<'a>, &'static str> {
        let (text, bytes) = match self {
            Self::Text(text) => (Some(text), text.as_bytes()),
            Self::Bytes(bytes) => (None, bytes),
            Self::OverLimit => return Err(reason::OVER_LIMIT),
            Self::Undecodable(Undecodable::Compression) => return Err(reason::BAD_COMPRESSION),
            Self::Undecodable(Undecodable::Charset) => return Err(reason::BAD_CHARSET),
            Self::Undecodable(Undecodable::Base64) => return Err(reason::BAD_BASE64),
        };
        if bytes.len() > MAX_BODY { Err(reason::OVER_LIMIT) } else { Ok(Readable { text, bytes }) }
    }
}

/// A body that can be looked into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readable<'a> {
    pub text: Option<&'a str>,
    pub bytes: &'a [u8],
}

/// Whether a body begins as HTML or XML does.
pub(crate) fn is_markup(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'<')
}

/// Whether a content type says HTML.
pub(crate) fn says_html(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|kind| {
        kind.trim().eq_ignore_ascii_case("text/html")
            || kind.trim().eq_ignore_ascii_case("application/xhtml+xml")
    })
}

/// Whether a text looks encrypted or encoded: 24 characters or more, only those of base64, hex and
/// separators between such parts (`cipher:iv`, `header.payload.signature`), at least one a digit.
pub(crate) fn is_opaque(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let coded =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_' | b':' | b'.');
    text.len() >= 24 && text.iter().all(coded) && text.iter().any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_texts() {
        for text in [
            "Zm9vYmFyYmF6cXV4cXV1eDEyMzQ1Njc4OTA9PQ==",
            "9f86d081884c7d659a2feaa0c55ad015:a3bf4f1b2b0b822c",
            " eyJhbGciOiJ.eyJzdWIiOiIxMjM0.c2ln\n",
        ] {
            assert!(is_opaque(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "PONG",
            "Not authorised: please log in 1",
            "InternalServerErrorOccurred",
            "a=1;b=2;c=3;d=4;e=5;f=6;",
        ] {
            assert!(!is_opaque(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn html_by_its_type() {
        assert!(
            says_html("text/html")
                && says_html("Text/HTML; charset=utf-8")
                && !says_html("application/json; text/html")
        );
        assert!(is_markup(b" \r\n<!DOCTYPE html>") && !is_markup(b"{\"a\":\"<b>\"}") && !is_markup(b""));
    }
}
