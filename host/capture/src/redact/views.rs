//! Texts read as those who get them read them: escapes undone, with the place each byte came from,
//! so that what is found can be taken out of the text as it stands.

use memchr::memchr3_iter;

/// A text without the escapes of the place it stands in.
#[derive(Debug, Default)]
pub(super) struct View {
    pub text: String,
    /// Where each byte of `text` came from, and where its end did.
    origins: Vec<u32>,
}

impl View {
    /// Where the byte at `at`, or the end, came from.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origins.get(at).or(self.origins.last()).map_or(0, |&origin| origin as usize)
    }

    /// Where the range came from; `None` where nothing is left of it.
    pub(super) fn range(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.origin(start), self.origin(end));
        (start < end).then_some((start, end))
    }

    fn copy(&mut self, text: &str, start: usize, end: usize) {
        if let Some(part) = text.get(start..end) {
            self.text.push_str(part);
            self.origins.extend((start..end).map(position));
        }
    }

    fn push(&mut self, char: char, origin: usize) {
        self.text.push(char);
        self.origins.resize(self.text.len(), position(origin));
    }

    fn end(mut self, len: usize) -> Self {
        self.origins.push(position(len));
        self
    }
}

/// A body has 16 MiB at most, a line of a capture not much more.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// `%3D`, `&quot;`, `&#61;`, `\u003d` and `\x3d` undone, for characters of ASCII; one layer.
/// `None` where there are none.
pub(super) fn decoded(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = View::default();
    let mut done = 0;
    for at in memchr3_iter(b'%', b'&', b'\\', bytes) {
        if at >= done
            && let Some((char, len)) = escape(&bytes[at..])
        {
            view.copy(text, done, at);
            view.push(char, at);
            done = at + len;
        }
    }
    if done == 0 {
        return None;
    }
    view.copy(text, done, text.len());
    Some(view.end(text.len()))
}

/// Whether [`decoded`] finds something.
pub(super) fn is_encoded(text: &[u8]) -> bool {
    memchr3_iter(b'%', b'&', b'\\', text).any(|at| escape(&text[at..]).is_some())
}

/// The character that the escape at the start of `text` stands for, and the escape's length.
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let (code, len) = match text {
        [b'%', high, low, ..] => (hex(&[*high, *low])?, 3),
        [b'&', b'#', ..] => reference(text)?,
        [b'&', ..] => entity(text)?,
        [b'\\', ..] => {
            // Within strings within strings there are more of them.
            let slashes = text.iter().take(64).take_while(|&&byte| byte == b'\\').count();
            match text.get(slashes..)? {
                [b'u', b'0', b'0', high, low, ..] => (hex(&[*high, *low])?, slashes + 5),
                [b'x', high, low, ..] => (hex(&[*high, *low])?, slashes + 3),
                _ => return None,
            }
        }
        _ => return None,
    };
    let plain = matches!(code, 0x20..=0x7e | 0x09 | 0x0a | 0x0d);
    char::from_u32(code).filter(|_| plain).map(|char| (char, len))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |code, &digit| Some(code * 16 + char::from(digit).to_digit(16)?))
}

/// `&#61;` or `&#x3d;`.
fn reference(text: &[u8]) -> Option<(u32, usize)> {
    let end = text.iter().take(10).position(|&byte| byte == b';')?;
    let digits = std::str::from_utf8(text.get(2..end)?).ok()?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    code.ok().map(|code| (code, end + 1))
}

fn entity(text: &[u8]) -> Option<(u32, usize)> {
    const NAMES: [(&[u8], u8); 7] = [
        (b"&quot;", b'"'),
        (b"&amp;", b'&'),
        (b"&apos;", b'\''),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&equals;", b'='),
        (b"&commat;", b'@'),
    ];
    NAMES.iter().find(|(name, _)| text.starts_with(name)).map(|(name, code)| (u32::from(*code), name.len()))
}

/// The text of a JSON string, which stands between its quotes in `raw`.
pub(super) fn unescaped(raw: &str) -> View {
    let bytes = raw.as_bytes();
    let mut view = View::default();
    let mut done = 0;
    for at in memchr::memchr_iter(b'\\', bytes) {
        if at < done {
            continue;
        }
        let (char, len) = match &bytes[at + 1..] {
            [b'u', digits @ ..] => {
                // Half of a surrogate pair stands for one character that no secret is known by.
                let code = digits.get(..4).and_then(hex).and_then(char::from_u32);
                (code.unwrap_or(char::REPLACEMENT_CHARACTER), 6)
            }
            [b'n', ..] => ('\n', 2),
            [b'r', ..] => ('\r', 2),
            [b't', ..] => ('\t', 2),
            [b'b', ..] => ('\u{8}', 2),
            [b'f', ..] => ('\u{c}', 2),
            [byte @ (b'"' | b'\\' | b'/'), ..] => (char::from(*byte), 2),
            _ => continue,
        };
        view.copy(raw, done, at);
        view.push(char, at);
        done = (at + len).min(raw.len());
    }
    view.copy(raw, done, raw.len());
    view.end(raw.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_once() {
        for (text, plain) in [
            ("?%74oken%3dab%26x", "?token=ab&x"),
            ("a%253D", "a%3D"),
            (r#"{\u0022tok\u0065n\u0022:\\u0022x\x3d"#, r#"{"token":"x="#),
            ("&quot;a&#61;b&#x40;c&amp;amp;", "\"a=b@c&amp;"),
            (r"ä\u0040ö%C3", "ä@ö%C3"),
        ] {
            assert_eq!(decoded(text).unwrap().text, plain);
        }
        for text in ["50% of & all", "%", "%4", "\\", r"\n\u00e9", "&#;", "&#99999999999;", "%00", "&copy;"] {
            assert!(decoded(text).is_none(), "{text}");
        }
    }

    #[test]
    fn strings_are_read_as_json_has_them() {
        let raw = r#"{\"\\u0074\":\"a\/\u00e9\ud83d\"}\n"#;
        assert_eq!(unescaped(raw).text, "{\"\\u0074\":\"a/é\u{fffd}\"}\n");
        assert_eq!(unescaped(r"cut \u00").text, "cut \u{fffd}");
    }

    #[test]
    fn ranges_are_those_of_whole_escapes() {
        let text = "a%3Dbä%26";
        let view = decoded(text).unwrap();
        assert_eq!(view.text, "a=bä&");
        let from = |start, end| view.range(start, end).map(|(start, end)| &text[start..end]);
        assert_eq!(from(0, 2), Some("a%3D"));
        assert_eq!(from(1, 3), Some("%3Db"));
        assert_eq!(from(3, 6), Some("ä%26"));
        assert_eq!(from(6, 6), None);
        let view = unescaped(r"x\u00e9y");
        assert_eq!((view.range(1, 3), view.range(1, 2)), (Some((1, 7)), None));
    }
}
