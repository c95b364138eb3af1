//! What is to be replaced in a text, and by what.
//!
//! A text is searched again after its secrets were replaced, until nothing is found. What is found
//! then is a range of the text as it was searched; here it becomes one of the text as it came, so
//! that a pseudonym always stands for what stood there, and numbers are given once all is known.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A range of bytes to be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    start: usize,
    end: usize,
    number: bool,
}

/// A range of the text as it came, and where its replacement stands in the text as it is searched.
#[derive(Clone, Debug)]
struct Cut {
    from: Range<usize>,
    to: Range<usize>,
    number: bool,
}

/// The edits of one text.
#[derive(Debug, Default)]
pub(super) struct Edits {
    found: Vec<Edit>,
    /// In order, disjoint, none empty.
    cuts: Vec<Cut>,
    /// `S1` to this one are pseudonyms.
    known: u64,
}

impl Edits {
    /// Begins with a text. What an earlier redaction put into it counts as known.
    pub(super) fn begin(&mut self, text: &str, pseudonyms: &mut Pseudonyms) {
        self.found.clear();
        self.cuts.clear();
        pseudonyms.begin(std::iter::once(text));
        self.known = pseudonyms.last;
    }

    /// The bytes from `start` to `end` are a secret.
    pub(super) fn secret(&mut self, text: &[u8], start: usize, end: usize) {
        if text.get(start..end).is_some_and(|value| !is_harmless(value, self.known)) {
            self.found.push(Edit { start, end, number: false });
        }
    }

    /// The bytes from `start` to `end` are a JSON number that is a secret. It becomes 0: a text in
    /// its place would change the body's schema.
    pub(super) fn number(&mut self, text: &[u8], start: usize, end: usize) {
        if text.get(start..end).is_some_and(|value| value != b"0") {
            self.found.push(Edit { start, end, number: true });
        }
    }

    /// Edits for a text that stands within this one.
    pub(super) fn within(&self) -> Self {
        Self { known: self.known, ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Takes over what was found in a text within this one; `place` says where that stands here.
    pub(super) fn take_over(&mut self, within: Self, place: impl Fn(usize, usize) -> Option<(usize, usize)>) {
        for edit in within.found {
            if let Some((start, end)) = place(edit.start, edit.end) {
                self.found.push(Edit { start, end, number: edit.number });
            }
        }
    }

    /// `text` as it came with every edit made, those of earlier rounds too; `None` where no new one
    /// was found. Where edits overlap, what begins first counts and the rest of the other is a secret
    /// of its own; one that reaches into an earlier round's takes it in.
    pub(super) fn apply(&mut self, text: &str, pseudonyms: &mut Pseudonyms) -> Option<String> {
        if self.found.is_empty() {
            return None;
        }
        self.take_in(text);
        pseudonyms.begin(gaps(text, &self.cuts));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for cut in &mut self.cuts {
            out.push_str(text.get(done..cut.from.start).unwrap_or_default());
            let start = out.len();
            if cut.number {
                out.push('0');
            } else {
                pseudonyms.push(&mut out, text.get(cut.from.clone()).unwrap_or_default());
            }
            cut.to = start..out.len();
            done = cut.from.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        self.known = pseudonyms.last;
        Some(out)
    }

    /// Makes cuts of what was found.
    fn take_in(&mut self, text: &str) {
        self.found.sort_unstable_by_key(|edit| (edit.start, std::cmp::Reverse(edit.end), edit.number));
        let mut new: Vec<Cut> = Vec::with_capacity(self.found.len() + self.cuts.len());
        let mut done = 0;
        for edit in self.found.drain(..) {
            // A search that stopped after so many bytes may have stopped within a character.
            let start = text.floor_char_boundary(start_before(&self.cuts, edit.start)).max(done);
            let end = text.ceil_char_boundary(end_before(&self.cuts, edit.end));
            if start < end {
                new.push(Cut { from: start..end, to: 0..0, number: edit.number });
                done = end;
            }
        }
        let count = new.len();
        for old in self.cuts.drain(..) {
            let at = new[..count].partition_point(|cut| cut.from.start <= old.from.start);
            if at == 0 || new[at - 1].from.end <= old.from.start {
                new.push(old);
            }
        }
        new.sort_unstable_by_key(|cut| cut.from.start);
        self.cuts = new;
    }
}

/// What stands between the cuts.
fn gaps<'a>(text: &'a str, cuts: &'a [Cut]) -> impl Iterator<Item = &'a str> {
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.from.end));
    let ends = cuts.iter().map(|cut| cut.from.start).chain(std::iter::once(text.len()));
    starts.zip(ends).map(|(start, end)| text.get(start..end).unwrap_or_default())
}

/// Where in the text as it came stands what begins at `at` in the searched one; a replacement is
/// taken whole.
fn start_before(cuts: &[Cut], at: usize) -> usize {
    match cuts[..cuts.partition_point(|cut| cut.to.start <= at)].last() {
        None => at,
        Some(cut) if at < cut.to.end => cut.from.start,
        Some(cut) => cut.from.end + (at - cut.to.end),
    }
}

/// As [`start_before`], for what ends at `at`.
fn end_before(cuts: &[Cut], at: usize) -> usize {
    match cuts[..cuts.partition_point(|cut| cut.to.start < at)].last() {
        None => at,
        Some(cut) => cut.from.end + at.saturating_sub(cut.to.end),
    }
}

/// Nothing, a pseudonym, or words that stand for no value.
fn is_harmless(value: &[u8], known: u64) -> bool {
    is_pseudonym(value, known) || matches!(value, b"" | b"null" | b"undefined" | b"true" | b"false")
}

/// `S1`, `S2`, or several of them in a row, none above `known`: a name such as `S8801` is a secret.
fn is_pseudonym(value: &[u8], known: u64) -> bool {
    let given = |digits: &[u8]| ordinal(digits).is_some_and(|n| n <= known);
    value.strip_prefix(b"S").is_some_and(|rest| rest.split(|&byte| byte == b'S').all(given))
}

/// The number that these digits are, as a pseudonym has it.
fn ordinal(digits: &[u8]) -> Option<u64> {
    let plain = digits.first().is_some_and(|&first| first != b'0') && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()
}

/// Which pseudonym stands for which secret. Holds digests, not secrets: 24 bytes each.
#[derive(Default)]
pub(super) struct Pseudonyms {
    ordinals: FxHashMap<[u8; 16], u64>,
    /// The highest that was given, or that an earlier redaction gave.
    last: u64,
    /// `last` before the text that is being worked on.
    before: u64,
    /// What got its pseudonym in that text. It may lose it again: a later round can find that it is
    /// part of a larger secret.
    fresh: Vec<[u8; 16]>,
}

impl Pseudonyms {
    /// Begins with a text anew. Where `parts`, which stay as they are, hold the next pseudonyms in
    /// turn, an earlier redaction put them there: every text has the pseudonyms in which it was the
    /// first.
    fn begin<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for secret in self.fresh.drain(..) {
            self.ordinals.remove(&secret);
        }
        self.last = self.before;
        let mut seen = Vec::new();
        for part in parts.map(str::as_bytes) {
            for at in memchr::memchr_iter(b'S', part) {
                let rest = &part[at + 1..];
                let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                seen.extend(ordinal(&rest[..len]).filter(|&n| n > self.last));
            }
        }
        seen.sort_unstable();
        for n in seen {
            if n == self.last + 1 {
                self.last = n;
            }
        }
    }

    /// The text is done: what got a pseudonym keeps it.
    pub(super) fn keep(&mut self) {
        self.fresh.clear();
        self.before = self.last;
    }

    fn push(&mut self, out: &mut String, secret: &str) {
        let digest = Sha256::digest(plain(secret).as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        let ordinal = *self.ordinals.entry(key).or_insert_with(|| {
            self.last += 1;
            self.fresh.push(key);
            self.last
        });
        out.push('S');
        out.push_str(&ordinal.to_string());
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonyms({})", self.ordinals.len())
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
    fn a_later_round_takes_in_what_an_earlier_one_replaced() {
        let (mut edits, mut pseudonyms) = (Edits::default(), Pseudonyms::default());
        let text = "ab cd ef gh";
        edits.begin(text, &mut pseudonyms);
        for (start, end) in [(3, 5), (9, 11)] {
            edits.secret(text.as_bytes(), start, end);
        }
        let once = edits.apply(text, &mut pseudonyms).unwrap();
        assert_eq!(once, "ab S1 ef S2");
        // From the middle of `S1` to the end of `ef`.
        edits.secret(once.as_bytes(), 4, 8);
        assert_eq!(edits.apply(text, &mut pseudonyms).as_deref(), Some("ab S1 S2"));
        pseudonyms.keep();
        assert_eq!((pseudonyms.last, pseudonyms.ordinals.len()), (2, 2));
        edits.begin("cd ef", &mut pseudonyms);
        edits.secret(b"cd ef", 0, 5);
        assert_eq!(edits.apply("cd ef", &mut pseudonyms).as_deref(), Some("S1"));
    }

    #[test]
    fn only_what_was_given_is_a_pseudonym() {
        let (mut edits, mut pseudonyms) = (Edits::default(), Pseudonyms::default());
        edits.begin("a S2 S1S3 S5", &mut pseudonyms);
        assert_eq!(edits.known, 3, "an earlier redaction gave them");
        for text in ["S1", "S2S3", "", "null"] {
            edits.secret(text.as_bytes(), 0, text.len());
        }
        edits.number(b"0", 0, 1);
        assert!(edits.found.is_empty());
        for text in ["S4", "S5", "S01", "S0", "S1S4", "S", "S1x", "SS1", "s1", "1", "S99999999999999999999"] {
            edits.secret(text.as_bytes(), 0, text.len());
        }
        assert_eq!(edits.found.len(), 11);
    }
}
