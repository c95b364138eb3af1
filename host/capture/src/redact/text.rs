//! Looking to the left and to the right in text that may stand inside JSON strings, where a
//! letter before a word may be part of an escape (`\njoe@…`) and quotes have backslashes.

/// Where a run of bytes that `belongs` accepts and that ends at `end` begins, without the letters
/// of an escape in front of it. At most `max` bytes back.
pub(super) fn run_before(text: &[u8], end: usize, max: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let mut start = end;
    while start > 0 && end - start < max && belongs(text[start - 1]) {
        start -= 1;
    }
    after_escape(text, start).min(end)
}

/// Where a run of bytes that `belongs` accepts and that begins at `start` ends.
pub(super) fn run_after(text: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let len = text.get(start..).unwrap_or_default().iter().take_while(|&&byte| belongs(byte)).count();
    start + len
}

/// `at`, or behind the escape whose backslash stands in front of it.
fn after_escape(text: &[u8], at: usize) -> usize {
    let backslashes = text[..at].iter().rev().take_while(|&&byte| byte == b'\\').count();
    if backslashes % 2 == 0 {
        return at;
    }
    let unicode = text.get(at) == Some(&b'u')
        && text.get(at + 1..at + 5).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    at + if unicode { 5 } else { 1 }
}

/// Whether a word can begin at `at`: nothing of a word, or only an escape, stands in front of it.
pub(super) fn begins_word(text: &[u8], at: usize, word: impl Fn(u8) -> bool) -> bool {
    run_before(text, at, 6, word) == at
}

pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// A quote: its character, and how deep the string that it opens or closes stands within other
/// strings. On level 1, within JSON, it is written `\"`, on level 2 `\\\"`: with n backslashes in
/// front it is on the level that n, in binary, has ones at its end, and the rest are the text's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    pub mark: u8,
    pub level: u32,
}

impl Quote {
    /// The mark at `at` as a quote, and where its own backslashes begin.
    fn at(text: &[u8], at: usize) -> Option<(Self, usize)> {
        let mark = *text.get(at).filter(|mark| matches!(mark, b'"' | b'\'' | b'`'))?;
        let backslashes = text[..at].iter().rev().take_while(|&&byte| byte == b'\\').count();
        let quote = Self { mark, level: backslashes.trailing_ones() };
        Some((quote, at - quote.backslashes()))
    }

    const fn backslashes(self) -> usize {
        (1 << self.level) - 1
    }

    /// The quote that opens at `at`, and where its text begins.
    pub(super) fn opening(text: &[u8], at: usize) -> Option<(Self, usize)> {
        let mark = run_after(text, at, |byte| byte == b'\\');
        Self::at(text, mark).map(|(quote, _)| (quote, mark + 1))
    }

    /// The quote whose mark stands right before `end`, and where its backslashes begin.
    pub(super) fn closing(text: &[u8], end: usize) -> Option<(Self, usize)> {
        Self::at(text, end.checked_sub(1)?)
    }

    /// Where the text that begins at `start` ends: before the closing quote, before that of a string
    /// around it, or at the end of what was cut off. A text in other quotes may stand within
    /// double quotes and ends with them, unless it is code (`alone`).
    pub(super) fn end_of_text(self, text: &[u8], start: usize, alone: bool) -> usize {
        let other = if alone { self.mark } else { b'"' };
        let marks = memchr::memchr2_iter(self.mark, other, text.get(start..).unwrap_or_default());
        let ends = |(quote, end): (Self, usize)| {
            (quote.mark != self.mark || quote.level <= self.level).then_some(end.max(start))
        };
        marks.filter_map(|at| Self::at(text, start + at)).find_map(ends).unwrap_or(text.len())
    }

    /// Where what follows the closing quote begins, for a text that ends at `end`.
    pub(super) const fn after(self, end: usize) -> usize {
        end + self.backslashes() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_no_part_of_a_word() {
        let word = |text: &str| {
            let end = text.len();
            text[run_before(text.as_bytes(), end, 40, is_word)..].to_owned()
        };
        assert_eq!(word("a=token"), "token");
        assert_eq!(word(r"a\ntoken"), "token");
        assert_eq!(word(r"a\u0026token"), "token");
        assert_eq!(word(r"a\\ntoken"), "ntoken");
        assert_eq!(word(r"a\n"), "");
        assert!(begins_word(br"x\n1", 3, is_word));
        assert!(!begins_word(b"xn1", 2, is_word));
    }

    #[test]
    fn quotes_close_at_their_own_level() {
        let text = |whole: &str| {
            let (quote, start) = Quote::opening(whole.as_bytes(), 0).unwrap();
            whole[start..quote.end_of_text(whole.as_bytes(), start, false)].to_owned()
        };
        assert_eq!(text(r#""abc" : 1"#), "abc");
        assert_eq!(text(r#""a\"b\\" x"#), r#"a\"b\\"#);
        assert_eq!(text(r#"\"abc\",\"d\""#), "abc");
        assert_eq!(text(r#"\"a\\\"b\\\\\",\"d\""#), r#"a\\\"b\\\\"#);
        assert_eq!(text(r#"\\\"abc\\\",\\\"d\\\""#), "abc");
        assert_eq!(text(r#"\"cut off" x"#), "cut off");
        assert_eq!(text(r#""cut off"#), "cut off");
        assert_eq!(text(r#"'abc" x'"#), "abc");
        assert_eq!(Quote::closing(br#"x\""#, 3), Some((Quote { mark: b'"', level: 1 }, 1)));
    }
}
