//! Session tokens in paths: `/(S(token))/` and `/(A(token)S(token)F(token))/`, as ASP.NET writes
//! them without cookies, and `/session/TOKEN`.

use super::edits::Edits;
use super::names::{Class, MAX_NAME, class_in_json};
use super::text::{is_word, run_after, run_before};

/// What follows the segment that ends at the `/` at `at`, where that is the name of a secret and
/// this looks like one: `/session/keepAlive` and `/token/123` do not.
pub(super) fn after_name(text: &[u8], at: usize, edits: &mut Edits) {
    // In JSON a slash may have a backslash.
    let end = at - usize::from(text[..at].ends_with(b"\\"));
    let start = run_before(text, end, MAX_NAME + 1, is_word);
    if !text[..start].ends_with(b"/") || !class_in_json(&text[start..end]).is_some_and(Class::hides_all) {
        return;
    }
    let value =
        run_after(text, at + 1, |byte| is_word(byte) || matches!(byte, b'.' | b'~' | b'%' | b'=' | b'+'));
    if Class::Maybe.hides(&text[at + 1..value]) {
        edits.secret(text, at + 1, value);
    }
}

/// The values of a segment that begins at `at`, which stands at a `(` or at `%28`.
pub(super) fn segment(text: &[u8], at: usize, edits: &mut Edits) {
    let begins = at == 0 || matches!(text[at - 1], b'/' | b'"' | b'\'') || ends_with_slash(&text[..at]);
    if !begins {
        return;
    }
    let Some(mut next) = bracket(text, at, b'(', b'8') else { return };
    let mut found = Vec::new();
    while let Some(start) =
        text.get(next).filter(|b| b.is_ascii_alphabetic()).and_then(|_| bracket(text, next + 1, b'(', b'8'))
    {
        let end = run_after(text, start, |byte| {
            byte > b' '
                && !matches!(
                    byte,
                    b'(' | b')' | b'"' | b'\'' | b'\\' | b'/' | b'<' | b'>' | b'%' | b'?' | b'#'
                )
        });
        let Some(after) = bracket(text, end, b')', b'9') else { return };
        // X(1) says that cookies were tried.
        if matches!(text[next].to_ascii_uppercase(), b'A' | b'S' | b'F') {
            found.push((start, end));
        }
        next = after;
    }
    if bracket(text, next, b')', b'9').is_some() {
        for (start, end) in found {
            edits.secret(text, start, end);
        }
    }
}

fn ends_with_slash(text: &[u8]) -> bool {
    text.last_chunk::<3>().is_some_and(|last| last.eq_ignore_ascii_case(b"%2f"))
}

/// What comes after the bracket at `at`, plain or as `%28` and `%29`.
fn bracket(text: &[u8], at: usize, plain: u8, digit: u8) -> Option<usize> {
    match text.get(at..)? {
        [byte, ..] if *byte == plain => Some(at + 1),
        [b'%', b'2', byte, ..] if *byte == digit => Some(at + 3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::edits::Pseudonyms;
    use super::*;

    fn redacted(text: &str) -> String {
        let mut edits = Edits::default();
        for at in memchr::memchr2_iter(b'(', b'%', text.as_bytes()) {
            segment(text.as_bytes(), at, &mut edits);
        }
        edits.apply(text, &mut Pseudonyms::default()).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn keeps_the_shape() {
        for (text, clean) in [
            ("https://h.example/(S(abc123))/NewIndex?x=1", "https://h.example/(S(S1))/NewIndex?x=1"),
            ("https://h.example/(s(abc123))/", "https://h.example/(s(S1))/"),
            ("/(A(a-1)S(b_2)F(c.3))/x", "/(A(S1)S(S2)F(S3))/x"),
            ("/(X(1)S(abc))/x", "/(X(1)S(S1))/x"),
            ("?r=%2F%28S%28abc%29%29%2Fx", "?r=%2F%28S%28S1%29%29%2Fx"),
            (r#"{"u":"\/(S(abc))\/x","v":"(S(abc))/y"}"#, r#"{"u":"\/(S(S1))\/x","v":"(S(S1))/y"}"#),
            ("/(S(a))x(", "/(S(S1))x("),
            ("/(S(S7))/x", "/(S(S1))/x"),
        ] {
            assert_eq!(redacted(text), clean);
            assert_eq!(redacted(clean), clean);
        }
    }

    #[test]
    fn segments_after_names() {
        let redacted = |text: &str| {
            let mut edits = Edits::default();
            memchr::memchr_iter(b'/', text.as_bytes())
                .for_each(|at| after_name(text.as_bytes(), at, &mut edits));
            edits.apply(text, &mut Pseudonyms::default()).unwrap_or_else(|| text.to_owned())
        };
        for (text, clean) in [
            ("https://h.example/token/Zq7SEKRIT9xW3kPl0vB2/x?a=1", "https://h.example/token/S1/x?a=1"),
            ("/Session/Zq7SEKRIT9xW3kPl0vB2", "/Session/S1"),
            (r#""\/session\/Zq7SEKRIT9xW3kPl0vB2""#, r#""\/session\/S1""#),
            ("/session/keepAlive", "/session/keepAlive"),
            ("/token/81104637750588840860", "/token/81104637750588840860"),
            ("/match/Zq7SEKRIT9xW3kPl0vB2", "/match/Zq7SEKRIT9xW3kPl0vB2"),
        ] {
            assert_eq!(redacted(text), clean);
            assert_eq!(redacted(clean), clean);
        }
    }

    #[test]
    fn other_brackets_stay() {
        for text in
            ["/(S)/", "f(s(e))", "/(S(a)", "/()/", "/(S(a b))/", "Team (W)", "/(W)/", "/(", "/%28", "%28S"]
        {
            assert_eq!(redacted(text), text);
        }
    }
}
