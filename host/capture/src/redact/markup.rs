//! Secrets in pages, XML and forms of several parts: what names a value stands in another place than
//! before an `=` or a `:`.

use super::edits::Edits;
use super::names::{MAX_NAME, class_in_json};
use super::pairs::Style;
use super::text::{is_word, run_after, run_before};
use memchr::memmem;

/// A tag is so long at the most.
const MAX_TAG: usize = 1 << 10;

/// `<token>…</token>`.
pub(super) fn elements(text: &[u8], edits: &mut Edits) {
    let mut done = 0;
    for at in memchr::memchr_iter(b'<', text) {
        if at >= done {
            done = element(text, at, edits).unwrap_or(at);
        }
    }
}

/// The text of the element whose tag begins at `at`. Gives where it ends.
fn element(text: &[u8], at: usize, edits: &mut Edits) -> Option<usize> {
    let end = run_after(&text[..text.len().min(at + 2 + MAX_NAME)], at + 1, is_word);
    let name = match text.get(end)? {
        // The part before the colon is the name's space.
        b':' => end + 1..run_after(&text[..text.len().min(end + 2 + MAX_NAME)], end + 1, is_word),
        _ => at + 1..end,
    };
    let class = class_in_json(&text[name.clone()])?;
    let tag = &text[name.end..text.len().min(name.end + MAX_TAG)];
    let close = memchr::memchr2(b'<', b'>', tag).filter(|&close| tag[close] == b'>')?;
    if tag[..close].ends_with(b"/") {
        return None;
    }
    let start = name.end + close + 1;
    const DATA: &[u8] = b"<![CDATA[";
    let (start, end) = if text[start..].starts_with(DATA) {
        let start = start + DATA.len();
        (start, memmem::find(&text[start..], b"]]>").map_or(text.len(), |len| start + len))
    } else {
        (start, end_of_line_or_tag(text, start))
    };
    let value = text[start..end].trim_ascii();
    let start = start + text[start..end].len() - text[start..end].trim_ascii_start().len();
    if class.hides(value) {
        edits.secret(text, start, start + value.len());
    }
    Some(end)
}

/// The next tag; the end of the line where there is none.
fn end_of_line_or_tag(text: &[u8], start: usize) -> usize {
    let rest = &text[start..];
    let spaces = rest.len() - rest.trim_ascii_start().len();
    let len =
        memchr::memchr(b'<', rest).or_else(|| memchr::memchr(b'\n', &rest[spaces..]).map(|at| spaces + at));
    len.map_or(text.len(), |len| start + len)
}

/// The value of a field that a `name="…"` from `start` to `end` names: the part of a multipart body
/// after it, or the attribute `value` or `content` of the same tag. Gives where a part ends: what is
/// in it needs no second look.
pub(super) fn named(text: &[u8], start: usize, end: usize, style: Style, edits: &mut Edits) -> Option<usize> {
    if let Some(part) = part(text, end) {
        let rest = &text[part..];
        let len = memmem::find(rest, b"\n--").unwrap_or(rest.len());
        let value = rest[..len].strip_suffix(b"\r").unwrap_or(&rest[..len]);
        edits.secret(text, part, part + value.len());
        return Some(part + len);
    }
    let near = start.saturating_sub(MAX_TAG);
    let tag =
        near + memchr::memrchr2(b'<', b'>', &text[near..start]).filter(|&at| text[near + at] == b'<')?;
    // The end of a text that was cut off within its quotes.
    let end = end.min(text.len());
    let rest = &text[end..text.len().min(end + MAX_TAG)];
    let close = end + memchr::memchr(b'>', rest).unwrap_or(rest.len());
    for at in memchr::memchr_iter(b'=', &text[tag..close]).map(|at| tag + at) {
        let attribute = &text[run_before(text, at, 8, is_word)..at];
        if [b"value".as_slice(), b"content"].iter().any(|known| attribute.eq_ignore_ascii_case(known)) {
            let (start, stop) = style.attribute(text, at + 1);
            edits.secret(text, start, stop.min(close).max(start));
        }
    }
    None
}

/// Where the part begins whose `Content-Disposition` names it up to `end`: after the rest of that
/// line, other headers, and an empty line.
fn part(text: &[u8], end: usize) -> Option<usize> {
    const MAX_HEADERS: usize = 512;
    let near = &text[..text.len().min(end + MAX_HEADERS)];
    let mut at = end;
    loop {
        let line = at + memchr::memchr(b'\n', near.get(at..)?)?;
        let header = near[at..line].strip_suffix(b"\r").unwrap_or(&near[at..line]);
        match (at == end, header) {
            (true, [] | [b';', ..]) => {}
            (false, []) => return Some(line + 1),
            (false, header) if header.len() > 8 && header[..8].eq_ignore_ascii_case(b"content-") => {}
            _ => return None,
        }
        at = line + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::edits::Pseudonyms;
    use super::*;

    fn redacted(text: &str) -> String {
        let mut edits = Edits::default();
        elements(text.as_bytes(), &mut edits);
        edits.apply(text, &mut Pseudonyms::default()).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn elements_hold_secrets() {
        for (text, clean) in [
            ("<r><token>abc</token></r>", "<r><token>S1</token></r>"),
            ("<a:Token x='1'>\n abc\n</a:Token>", "<a:Token x='1'>\n S1\n</a:Token>"),
            ("<sessionToken><![CDATA[a<b]]></sessionToken>", "<sessionToken><![CDATA[S1]]></sessionToken>"),
            ("<ticket>2.5</ticket><token/>x<token>", "<ticket>2.5</ticket><token/>x<token>"),
            ("<token><user>joe</user></token>", "<token><user>S1</user></token>"),
            ("<name>token</name><a<token", "<name>token</name><a<token"),
            ("a<token>b c\nd", "a<token>S1\nd"),
        ] {
            assert_eq!(redacted(text), clean);
            assert_eq!(redacted(clean), clean);
        }
    }
}
