//! Secrets that are known by their shape, wherever they stand.

use super::edits::Edits;
use super::text::{begins_word, is_word, run_after, run_before};
use antigravity_tape::{Framing, Tokeniser};
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use base64::prelude::Engine as _;
use memchr::memmem::Finder;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Where the token ends whose first part reaches from `start` to `header`.
fn web_token(text: &[u8], start: usize, header: usize) -> Option<usize> {
    /// Headers are some 40 bytes, with a key in them some 1,000.
    const MAX_HEADER: usize = 4 << 10;
    if text.get(header) != Some(&b'.') || header - start > MAX_HEADER {
        return None;
    }
    let mut end = run_after(text, header + 1, is_word);
    if text.get(end) != Some(&b'.') || !is_json_object(&text[start..header]) {
        return None;
    }
    for _ in 0..3 {
        if text.get(end) != Some(&b'.') {
            break;
        }
        end = run_after(text, end + 1, is_word);
    }
    Some(end)
}

fn is_json_object(encoded: &[u8]) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(encoded) else { return false };
    let Ok(text) = std::str::from_utf8(&bytes) else { return false };
    text.starts_with('{') && Tokeniser::default().tokenise(text, Framing::Document, &mut Vec::new()).is_ok()
}

/// Whether what follows the name of a scheme is a secret.
type IsSecret = fn(&[u8]) -> bool;

/// What is searched for, prepared once.
pub(super) struct Needles {
    web_token: Finder<'static>,
    schemes: [(Finder<'static>, IsSecret); 4],
}

impl Default for Needles {
    fn default() -> Self {
        Self {
            web_token: Finder::new(b"eyJ"),
            schemes: [
                (Finder::new(b"earer"), is_bearer),
                (Finder::new(b"EARER"), is_bearer),
                (Finder::new(b"asic"), is_basic),
                (Finder::new(b"ASIC"), is_basic),
            ],
        }
    }
}

impl Needles {
    pub(super) fn find(&self, text: &[u8], edits: &mut Edits) {
        self.web_tokens(text, edits);
        self.schemes(text, edits);
    }

    /// JSON Web Tokens: three parts of base64url (five where encrypted), the first of which is a JSON
    /// object. `eyJ` is how `{"` begins in base64.
    fn web_tokens(&self, text: &[u8], edits: &mut Edits) {
        /// Beginnings that are tried in one run of letters; more are there only to cost time.
        const TRIES: usize = 8;
        let (mut done, mut run, mut tries) = (0, 0, 0);
        for start in self.web_token.find_iter(text) {
            if start >= run {
                run = run_after(text, start, is_word);
                tries = 0;
            }
            tries += 1;
            if start >= done
                && tries <= TRIES
                && let Some(end) = web_token(text, start, run)
            {
                edits.secret(text, start, end);
                done = end;
            }
        }
    }

    /// `Bearer TOKEN`, also `Bearer%20TOKEN`, and `Basic …`.
    fn schemes(&self, text: &[u8], edits: &mut Edits) {
        for (word, is_secret) in &self.schemes {
            let mut done = 0;
            for at in word.find_iter(text) {
                if at > done && text[at - 1].eq_ignore_ascii_case(&b'b') {
                    done = scheme(text, at + word.needle().len(), *is_secret, edits).unwrap_or(done);
                }
            }
        }
    }
}

/// What follows the name of a scheme that ends at `at`. Gives where it ends.
fn scheme(text: &[u8], at: usize, is_secret: IsSecret, edits: &mut Edits) -> Option<usize> {
    let start = match &text[at..] {
        [b'%', b'2', b'0', ..] | [b'%', b'0', b'9', ..] => at + 3,
        [b'\\', b't', ..] => at + 2,
        _ => run_after(text, at, |byte| matches!(byte, b' ' | b'+' | b'\t')),
    };
    let end = run_after(text, start, |b| is_word(b) || matches!(b, b'.' | b'~' | b'+' | b'/' | b'=' | b'%'));
    if start == at || !is_secret(&text[start..end]) {
        return None;
    }
    edits.secret(text, start, end);
    Some(end)
}

/// Not prose: "the bearer of news".
fn is_bearer(token: &[u8]) -> bool {
    token.len() >= 16 || (token.len() >= 6 && token.iter().any(u8::is_ascii_digit))
}

/// A name, a colon and a password in base64. Not prose: "basic information".
fn is_basic(token: &[u8]) -> bool {
    /// Longer than names and passwords are.
    const MAX: usize = 1 << 10;
    let letters = token.strip_suffix(b"%3D%3D").or(token.strip_suffix(b"%3D")).unwrap_or(token);
    let letters = &letters[..letters.iter().position(|&byte| byte == b'=').unwrap_or(letters.len())];
    letters.len() <= MAX
        && STANDARD_NO_PAD.decode(letters).is_ok_and(|plain| {
            plain.contains(&b':') && plain.iter().all(|&byte| byte >= b' ' && byte != 0x7f)
        })
}

/// Also letters of other scripts (RFC 6531).
const fn in_local(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'.' | b'%' | b'+') || !byte.is_ascii()
}

const fn in_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')
}

/// An e-mail address, or the user of an address (`https://user:password@host/`), whose `@` reaches
/// from `at` to `after`.
pub(super) fn email(text: &[u8], at: usize, after: usize, edits: &mut Edits) {
    if let Some(start) = user_of_url(text, at) {
        edits.secret(text, start, at);
        return;
    }
    let mut start = run_before(text, at, 64, in_local);
    while start < at && matches!(text[start], b'.' | b'%' | b'-') {
        start += 1;
    }
    let mut end = run_after(text, after, in_domain);
    while end > after && matches!(text[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let domain = &text[after..end];
    if start < at && is_mail_domain(domain) {
        edits.secret(text, start, end);
    }
}

/// Begins with a letter or digit, and ends in a label of letters, two or more. `logo@2x.png` is a
/// picture.
fn is_mail_domain(domain: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', domain) else { return false };
    let label = &domain[dot + 1..];
    let picture = [b"png".as_slice(), b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"avif"];
    domain[0].is_ascii_alphanumeric()
        && label.len() >= 2
        && label.iter().all(u8::is_ascii_alphabetic)
        && !picture.iter().any(|ending| label.eq_ignore_ascii_case(ending))
}

/// Where the user and password before the `@` of an address begin.
fn user_of_url(text: &[u8], at: usize) -> Option<usize> {
    let ends =
        |byte: u8| matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'\\' | b'<' | b'>') || byte <= b' ';
    let start = at - text[..at].iter().rev().take(256).take_while(|&&byte| !ends(byte)).count();
    (start < at && text[..start].ends_with(b"://")).then_some(start)
}

/// An IPv4 address whose first dot stands at `dot`. `Chrome/119.0.0.0` is a version.
pub(super) fn ipv4(text: &[u8], dot: usize, edits: &mut Edits) {
    // One look at the next four bytes is enough to pass over a price.
    if !matches!(text.get(dot + 1..), Some([_, b'.', ..] | [_, _, b'.', ..] | [_, _, _, b'.', ..])) {
        return;
    }
    let start = run_before(text, dot, 3, |byte| byte.is_ascii_digit());
    let near = &text[..text.len().min(dot + 14)];
    let end = run_after(near, dot, |byte| byte.is_ascii_digit() || byte == b'.');
    let end = end - text[dot..end].iter().rev().take_while(|&&byte| byte == b'.').count();
    let Some(address) =
        std::str::from_utf8(&text[start..end]).ok().and_then(|text| text.parse::<Ipv4Addr>().ok())
    else {
        return;
    };
    let free = begins_word(text, start, |byte| is_word(byte) || byte == b'.')
        && !text.get(end).is_some_and(|&byte| is_word(byte));
    if free && !address.is_loopback() && address.octets()[0] != 0 && !is_version(text, start) {
        edits.secret(text, start, end);
    }
}

/// A product's name and a slash in front: letters that follow a space, a quote or nothing.
fn is_version(text: &[u8], start: usize) -> bool {
    let Some(slash) = start.checked_sub(1).filter(|&at| text[at] == b'/') else { return false };
    let name = run_before(text, slash, 40, |byte| byte.is_ascii_alphabetic());
    name < slash && (name == 0 || matches!(text[name - 1], b' ' | b'"' | b'\'' | b'(' | b';'))
}

/// An IPv6 address of the Internet or of a link around the colon at `colon`; its first group has
/// four digits, which times and ratios have not.
pub(super) fn ipv6(text: &[u8], colon: usize, edits: &mut Edits) {
    let part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    let start = run_before(text, colon, 39, part);
    let end = run_after(&text[..text.len().min(colon + 40)], colon, part);
    let free = begins_word(text, start, |byte| is_word(byte) || byte == b':')
        && !text.get(end).is_some_and(|&byte| is_word(byte));
    let groups = &text[start..end];
    if !free
        || groups.len() > 39
        || groups.get(4) != Some(&b':')
        || !groups[..4].iter().all(u8::is_ascii_hexdigit)
    {
        return;
    }
    let Some(address) = std::str::from_utf8(groups).ok().and_then(|text| text.parse::<Ipv6Addr>().ok())
    else {
        return;
    };
    let first = address.segments()[0];
    // Global unicast, unique local, link local.
    if first & 0xe000 == 0x2000 || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80 {
        edits.secret(text, start, end);
    }
}

#[cfg(test)]
mod tests {
    use super::super::edits::Pseudonyms;
    use super::*;

    fn with(text: &str, find: impl Fn(&[u8], &mut Edits)) -> String {
        let mut edits = Edits::default();
        find(text.as_bytes(), &mut edits);
        edits.apply(text, &mut Pseudonyms::default()).unwrap_or_else(|| text.to_owned())
    }

    fn web_tokens(text: &[u8], edits: &mut Edits) {
        Needles::default().web_tokens(text, edits);
    }

    fn schemes(text: &[u8], edits: &mut Edits) {
        Needles::default().schemes(text, edits);
    }

    fn each(mark: u8, find: impl Fn(&[u8], usize, &mut Edits)) -> impl Fn(&[u8], &mut Edits) {
        move |text, edits| memchr::memchr_iter(mark, text).for_each(|at| find(text, at, edits))
    }

    fn emails(text: &str) -> String {
        with(text, each(b'@', |text, at, edits| email(text, at, at + 1, edits)))
    }

    #[test]
    fn web_tokens_have_a_json_header() {
        // {"alg":"none"} and {"a":1}
        let token = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln-_x";
        assert_eq!(with(&format!("a={token};"), web_tokens), "a=S1;");
        assert_eq!(with(&format!(r"\n{token}\n"), web_tokens), r"\nS1\n");
        assert_eq!(with("eyJhbGciOiJub25lIn0.eyJhIjoxfQ.", web_tokens), "S1");
        assert_eq!(with(&format!("{token}.a.b!"), web_tokens), "S1!");
        for no in
            ["eyJub3QganNvbg.eyJhIjoxfQ.x", "eyJhbGciOiJub25lIn0.x", "eyJhbGciOiJub25lIn0", "eyJ", "xeyJ.a.b"]
        {
            assert_eq!(with(no, web_tokens), no);
        }
    }

    #[test]
    fn bearers_are_not_prose() {
        assert_eq!(with("Authorization: Bearer abc-123/4== x", schemes), "Authorization: Bearer S1 x");
        assert_eq!(with("h=bearer%20abcdefghijklmnop&", schemes), "h=bearer%20S1&");
        assert_eq!(
            with("BEARER abc1234 Bearer\tabc1235 bearer abc1236", schemes),
            "BEARER S1 Bearer\tS2 bearer S3"
        );
        // joe:secret
        assert_eq!(with("Basic am9lOnNlY3JldA==, BASIC am9lOnNlY3JldA", schemes), "Basic S1, BASIC S2");
        for no in [
            "Bearer",
            "the bearer of news",
            "wearer abcdefghijklmnop",
            "bearer ",
            "basic information",
            "Basic S1",
            "basic",
        ] {
            assert_eq!(with(no, schemes), no);
        }
    }

    #[test]
    fn email_addresses() {
        assert_eq!(emails("to joe.b+x@mail.example.com."), "to S1.");
        assert_eq!(emails("to joé@example.com"), "to S1");
        assert_eq!(emails(r#"{"a":"\njoe@example.org"}"#), r#"{"a":"\nS1"}"#);
        assert_eq!(emails("https://joe:pw@host.example/x"), "https://S1@host.example/x");
        for no in ["@media", "logo@2x.png", "pkg@1.2.3", "a @ b.com", "a@b", "a@.com", "@b.com"] {
            assert_eq!(emails(no), no);
        }
    }

    #[test]
    fn internet_addresses() {
        let ip = |text: &str| with(text, each(b'.', ipv4));
        assert_eq!(ip("from 203.0.113.9:8443, 198.51.100.7."), "from S1:8443, S2.");
        assert_eq!(ip(r#""\n203.0.113.9""#), r#""\nS1""#);
        assert_eq!(ip("http://203.0.113.9/"), "http://S1/");
        for no in [
            "1.95",
            "Chrome/119.0.0.0",
            "1.2.3",
            "1.2.3.4.5",
            "v1.2.3.4",
            "256.1.1.1",
            "127.0.0.1",
            "1.2.3.4a",
        ] {
            assert_eq!(ip(no), no);
        }
        let ip = |text: &str| with(text, each(b':', ipv6));
        assert_eq!(ip("[2001:db8::1]:443"), "[S1]:443");
        assert_eq!(ip(r#"{"a":"2001:db8:1:2:3:4:5:6"}"#), r#"{"a":"S1"}"#);
        for no in
            ["12:30:45", "a::b", "1:2:3:4:5:6:7:8", r#"{"a":1,"b":2}"#, "2026:09", "::1", "x2001:db8::1"]
        {
            assert_eq!(ip(no), no);
        }
    }
}
