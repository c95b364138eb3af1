//! What is to be replaced in a text, and by what.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// A range of bytes to be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    start: usize,
    end: usize,
    number: bool,
}

/// The edits of one text.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    /// The bytes from `start` to `end` are a secret.
    pub(super) fn secret(&mut self, text: &[u8], start: usize, end: usize) {
        if text.get(start..end).is_some_and(|value| !is_harmless(value)) {
            self.0.push(Edit { start, end, number: false });
        }
    }

    /// The bytes from `start` to `end` are a JSON number that is a secret. It becomes 0: a text in
    /// its place would change the body's schema.
    pub(super) fn number(&mut self, text: &[u8], start: usize, end: usize) {
        if text.get(start..end).is_some_and(|value| value != b"0") {
            self.0.push(Edit { start, end, number: true });
        }
    }

    /// The text with every edit made; `None` where there is none. Where edits overlap, what begins
    /// first counts and the rest of the other is a secret of its own.
    pub(super) fn apply(&mut self, text: &str, pseudonyms: &mut Pseudonyms) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_unstable_by_key(|edit| (edit.start, std::cmp::Reverse(edit.end), edit.number));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for edit in self.0.drain(..) {
            // A search that stopped after so many bytes may have stopped within a character.
            let start = text.floor_char_boundary(edit.start).max(done);
            let end = text.ceil_char_boundary(edit.end);
            let Some(secret) = text.get(start..end).filter(|secret| !secret.is_empty()) else { continue };
            out.push_str(text.get(done..start).unwrap_or_default());
            if edit.number {
                out.push('0');
            } else {
                pseudonyms.push(&mut out, secret);
            }
            done = end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Some(out)
    }
}

/// Nothing, a pseudonym, or words that stand for no value.
fn is_harmless(value: &[u8]) -> bool {
    is_pseudonym(value) || matches!(value, b"" | b"null" | b"undefined" | b"true" | b"false")
}

/// `S1`, `S2`, or several of them in a row.
fn is_pseudonym(value: &[u8]) -> bool {
    value.first() == Some(&b'S')
        && value
            .split(|&byte| byte == b'S')
            .skip(1)
            .all(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit))
}

/// Which pseudonym stands for which secret. Holds digests, not secrets: 24 bytes each.
#[derive(Default)]
pub(super) struct Pseudonyms(FxHashMap<[u8; 16], u64>);

impl Pseudonyms {
    fn push(&mut self, out: &mut String, secret: &str) {
        let digest = Sha256::digest(plain(secret).as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        let next = self.0.len() as u64 + 1;
        let ordinal = *self.0.entry(key).or_insert(next);
        out.push('S');
        out.push_str(&ordinal.to_string());
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonyms({})", self.0.len())
    }
}

/// A secret without the escapes of the place it stands in, so that `a/b`, `a\/b` and `a%2Fb` are
/// one.
fn plain(secret: &str) -> Cow<'_, str> {
    let unescaped = if secret.contains('\\') {
        antigravity_tape::unescape(secret.as_bytes()).map_or(Cow::Borrowed(secret), Cow::Owned)
    } else {
        Cow::Borrowed(secret)
    };
    if !unescaped.contains('%') {
        return unescaped;
    }
    let bytes = unescaped.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 3;
            }
            (byte, ..) => {
                out.push(byte);
                i += 1;
            }
        }
    }
    String::from_utf8(out).map_or(unescaped, Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_secrets_have_equal_pseudonyms_by_first_appearance() {
        let mut pseudonyms = Pseudonyms::default();
        let mut edits = Edits::default();
        let text = r"x y\/z x y%2Fz 12";
        for (start, end) in [(9, 14), (7, 8), (2, 6), (0, 1)] {
            edits.secret(text.as_bytes(), start, end);
        }
        edits.number(text.as_bytes(), 15, 17);
        assert_eq!(edits.apply(text, &mut pseudonyms).as_deref(), Some("S1 S2 S1 S2 0"));
        assert_eq!(edits.apply(text, &mut pseudonyms), None);
    }

    #[test]
    fn overlapping_edits_leave_nothing_of_either() {
        let mut edits = Edits::default();
        let text = "abcdef";
        for (start, end) in [(2, 5), (0, 3), (1, 2)] {
            edits.secret(text.as_bytes(), start, end);
        }
        assert_eq!(edits.apply(text, &mut Pseudonyms::default()).as_deref(), Some("S1S2f"));
    }

    #[test]
    fn half_a_character_goes_with_the_whole() {
        let mut edits = Edits::default();
        edits.secret("aäöb".as_bytes(), 2, 4);
        assert_eq!(edits.apply("aäöb", &mut Pseudonyms::default()).as_deref(), Some("aS1b"));
    }

    #[test]
    fn pseudonyms_are_left_alone() {
        let mut edits = Edits::default();
        for text in ["S1", "S12S3", "", "null"] {
            edits.secret(text.as_bytes(), 0, text.len());
        }
        edits.number(b"0", 0, 1);
        assert!(edits.0.is_empty());
        for text in ["S", "S1x", "SS1", "s1", "1"] {
            edits.secret(text.as_bytes(), 0, text.len());
        }
        assert_eq!(edits.0.len(), 5);
    }
}
