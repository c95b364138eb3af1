//! Addresses, taken apart by hand: everything is an address, whatever junk it holds.
//!
//! A URL crate refuses or rewrites what a capture really contains (missing schemes, stray
//! brackets, redacted parts), and a contract looks only at the path and the query.

/// The two parts of an address that a contract may look at, as they stand on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// From the first `/` after the host; empty where there is none.
    pub path: &'a str,
    /// Without its `?`; empty where there is none.
    pub query: &'a str,
}

impl<'a> Url<'a> {
    /// Cuts `scheme://host/path?query#fragment`. A text without a scheme and host is all path.
    pub fn split(url: &'a str) -> Self {
        let url = url.split_once('#').map_or(url, |(before, _)| before);
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let after_scheme = match address.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => Some(rest),
            _ => address.strip_prefix("//"),
        };
        let path = match after_scheme {
            Some(rest) => rest.find('/').map_or("", |slash| &rest[slash..]),
            None => address,
        };
        Self { path, query }
    }

    /// The path's segments that are neither empty nor a session, so that doubled and trailing
    /// slashes do not matter.
    pub(crate) fn segments(self) -> impl Iterator<Item = &'a str> + Clone {
        self.path.split('/').filter(|segment| !segment.is_empty() && session_segment(segment).is_none())
    }
}

/// What names the session in an address's path: the content of `S(…)` in a segment such as
/// `(S(…))` or `(A(…)S(…)F(…))`, letters of any case; of a segment with only `A(…)` or `F(…)`, all
/// that stands between its outer brackets. The first such segment counts.
///
/// A secret, unless the capture was redacted: then a pseudonym such as `S1`.
pub fn session_token(url: &str) -> Option<&str> {
    Url::split(url).path.split('/').find_map(session_segment)
}

/// ASP.NET's cookieless segment: `(` then one to three of `A(…)`, `S(…)`, `F(…)`, each at most
/// once, then `)`. Brackets may be percent-encoded.
fn session_segment(segment: &str) -> Option<&str> {
    let inner = open(segment)?;
    let mut rest = inner;
    let mut session = None;
    let mut seen = [false; 3];
    loop {
        let kind = match rest.as_bytes().first()?.to_ascii_uppercase() {
            b'S' => 0,
            b'A' => 1,
            b'F' => 2,
            _ => return None,
        };
        if std::mem::replace(&mut seen[kind], true) {
            return None;
        }
        let (content, after) = close(open(&rest[1..])?)?;
        if content.is_empty() || content.contains('(') {
            return None;
        }
        if kind == 0 {
            session = Some(content);
        }
        if let Some(end) = closed(after) {
            let whole = &inner[..inner.len() - after.len()];
            return if end.is_empty() { Some(session.unwrap_or(whole)) } else { None };
        }
        rest = after;
    }
}

fn open(text: &str) -> Option<&str> {
    text.strip_prefix('(').or_else(|| text.strip_prefix("%28"))
}

fn closed(text: &str) -> Option<&str> {
    text.strip_prefix(')').or_else(|| text.strip_prefix("%29"))
}

/// Text before and after the first closing bracket.
fn close(text: &str) -> Option<(&str, &str)> {
    let at = text.char_indices().find_map(|(i, _)| closed(&text[i..]).map(|_| i))?;
    Some((&text[..at], closed(&text[at..])?))
}

/// Fields of a query or of a form, still encoded.
fn fields(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Whether a query or a form has this field: the key exactly, the value without ASCII case, both
/// after percent decoding, where `+` is a space.
pub(crate) fn has_field(text: &str, key: &str, value: Option<&str>) -> bool {
    fields(text).any(|(k, v)| {
        decoded(k, true).eq(key.bytes()) && value.is_none_or(|want| same_text(decoded(v, true), want))
    })
}

/// Whether a segment of a path is this text, without ASCII case and after percent decoding.
pub(crate) fn same_segment(segment: &str, literal: &str) -> bool {
    segment.eq_ignore_ascii_case(literal)
        || (segment.contains('%') && same_text(decoded(segment, false), literal))
}

fn same_text(bytes: impl Iterator<Item = u8>, want: &str) -> bool {
    bytes.map(|b| b.to_ascii_lowercase()).eq(want.bytes().map(|b| b.to_ascii_lowercase()))
}

/// Undoes percent encoding; a `%` without two hex digits stays as it is.
fn decoded(text: &str, plus_is_space: bool) -> impl Iterator<Item = u8> {
    let mut rest = text.as_bytes();
    std::iter::from_fn(move || {
        let (byte, after) = match *rest {
            [] => return None,
            [b'%', high, low, ref after @ ..] => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', &rest[1..]),
            },
            [b'+', ref after @ ..] if plus_is_space => (b' ', after),
            [byte, ref after @ ..] => (byte, after),
        };
        rest = after;
        Some(byte)
    })
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_of_an_address() {
        let split = |url| (Url::split(url).path, Url::split(url).query);
        assert_eq!(split("https://u:p@h.example:8443/a/b?x=1&y=/?#f?"), ("/a/b", "x=1&y=/?"));
        assert_eq!(split("wss://h.example"), ("", ""));
        assert_eq!(split("wss://h.example?EIO=4"), ("", "EIO=4"));
        assert_eq!(split("//h.example/a"), ("/a", ""));
        assert_eq!(split("/jump/https://other.example/a"), ("/jump/https://other.example/a", ""));
        assert_eq!(split("about:blank"), ("about:blank", ""));
        assert_eq!(split("#?://"), ("", ""));
    }

    #[test]
    fn sessions_in_every_spelling() {
        let token = |path: &str| session_token(&format!("https://h.example{path}")).map(str::to_owned);
        for path in
            ["/(S(k3y))/a", "/(s(k3y))/a", "/app/(A(x)S(k3y)F(y))/a", "/(F(y)s(k3y))", "/%28S%28k3y%29%29/a"]
        {
            assert_eq!(token(path).as_deref(), Some("k3y"), "{path}");
        }
        assert_eq!(token("/(A(x)F(y))/a").as_deref(), Some("A(x)F(y)"));
        assert_eq!(token("/(S(S1))/a").as_deref(), Some("S1"));
        for path in [
            "/(S())/",
            "/S(k)/",
            "/(S(k)/",
            "/(S(k))x/",
            "/(S(k)S(l))/",
            "/(B(k))/",
            "/((k))/",
            "/a?q=/(S(k))/",
        ] {
            assert_eq!(token(path), None, "{path}");
        }
    }

    #[test]
    fn fields_are_decoded() {
        let form = "fc=1&m_accType=MY%20MR&x=&bad=%zz&k%65y=Va+lue";
        assert!(has_field(form, "m_accType", Some("my mr")) && has_field(form, "key", Some("VA LUE")));
        assert!(
            has_field(form, "x", None)
                && has_field(form, "x", Some(""))
                && has_field(form, "bad", Some("%ZZ"))
        );
        assert!(
            !has_field(form, "FC", None) && !has_field(form, "fc", Some("2")) && !has_field("", "", None)
        );
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(text in any::<String>()) {
            let encoded: String = text.bytes().map(|b| format!("%{b:02x}")).collect();
            let form = format!("k={encoded}");
            prop_assert!(has_field(&form, "k", Some(&text)));
            prop_assert!(same_segment(&encoded, &text) || text.is_empty());
        }

        #[test]
        fn any_text_is_taken_apart(text in r"[(SAFsaf)%289/?#:&=+a]{0,40}|\PC{0,40}") {
            let url = Url::split(&text);
            prop_assert!(url.path.len() + url.query.len() <= text.len());
            prop_assert!(url.segments().all(|segment| !segment.contains('/')));
            if let Some(token) = session_token(&text) {
                prop_assert!(!token.is_empty() && text.contains(token));
            }
            has_field(&text, "a", Some("a"));
        }
    }
}
