//! Names and values in text that is not JSON, or only nearly: queries, forms, cookies, headers,
//! scripts, pages and JSON that was cut off.

use super::edits::Edits;
use super::markup::named;
use super::names::{MAX_NAME, class_in_json, class_in_query};
use super::text::{Quote, is_word, run_after, run_before};

/// What kind of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// An address or a form: `name=value` wherever it stands.
    Fields,
    /// As [`Style::Fields`], with more around it.
    Text,
    /// A JSON document: a quote without a backslash ends the string that the pair stands in.
    Json,
    /// Code, where `name=value` is an assignment unless it stands in an address.
    Script,
}

impl Style {
    /// The quote that opens at `at`. In a JSON document one on level 0 closes the string around it
    /// instead.
    fn opening(self, text: &[u8], at: usize) -> Option<(Quote, usize)> {
        let closes = |quote: Quote| self == Self::Json && quote.mark == b'"' && quote.level == 0;
        Quote::opening(text, at).filter(|(quote, _)| !closes(*quote))
    }

    fn end_of_text(self, quote: Quote, text: &[u8], start: usize) -> usize {
        quote.end_of_text(text, start, self == Self::Script)
    }

    /// Where the value of an attribute stands that begins at `at`, with or without quotes.
    pub(super) fn attribute(self, text: &[u8], at: usize) -> (usize, usize) {
        match self.opening(text, at) {
            Some((quote, inner)) => (inner, self.end_of_text(quote, text, inner)),
            None => {
                (at, run_after(text, at, |byte| byte > b' ' && !matches!(byte, b'"' | b'\'' | b'<' | b'>')))
            }
        }
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn skip_spaces_back(text: &[u8], end: usize) -> usize {
    end - text[..end].iter().rev().take(4).take_while(|&&byte| is_space(byte)).count()
}

/// The pair around the `=` at `at`. Gives where the secret ends that it found: what stands before
/// needs no second look.
pub(super) fn equals(text: &[u8], at: usize, style: Style, edits: &mut Edits) -> usize {
    let end = skip_spaces_back(text, at);
    // `user[token]=`
    let bracketed = style != Style::Script && text[..end].ends_with(b"]");
    let end = end - usize::from(bracketed);
    let start = run_before(text, end, MAX_NAME + 1, is_word);
    let name = &text[start..end];
    if name.is_empty() || name.len() > MAX_NAME {
        return at;
    }
    let before = Before::of(text, start);
    let value = run_after(text, at + 1, is_space);
    if before == Before::Other && is_naming(name) {
        let (inner, stop) = style.attribute(text, value);
        let stop = stop.min(inner + MAX_NAME + 1);
        if class_in_query(&text[inner..stop]).is_some() {
            let after = style.opening(text, value).map_or(stop, |(quote, _)| quote.after(stop));
            return named(text, start, after, style, edits).unwrap_or(at);
        }
    }
    match style.opening(text, value) {
        Some((quote, inner)) if before == Before::Other => {
            let Some(class) = class_in_json(name) else { return at };
            let stop = style.end_of_text(quote, text, inner);
            if !class.hides(&text[inner..stop]) {
                return at;
            }
            edits.secret(text, inner, stop);
            stop
        }
        _ if before == Before::Query || style != Style::Script => field(text, name, at + 1, edits),
        _ => at,
    }
}

/// Whether the value of an attribute of this name is the name of something.
fn is_naming(name: &[u8]) -> bool {
    [b"name".as_slice(), b"property", b"id"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// What stands in front of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// It is a field of a query, or begins a text in quotes.
    Query,
    Other,
}

impl Before {
    fn of(text: &[u8], start: usize) -> Self {
        let front = &text[..start];
        let query = front.ends_with(b"&amp;")
            || front.ends_with(b"\\u0026")
            || matches!(front, [] | [.., b'?' | b'#' | b'"' | b'\''])
            || (front.ends_with(b"&") && !front.ends_with(b"&&"));
        if query { Self::Query } else { Self::Other }
    }
}

/// `name=value` without quotes; the value begins at `start`. Gives where a secret ends.
fn field(text: &[u8], name: &[u8], start: usize, edits: &mut Edits) -> usize {
    /// Of a value that is only maybe a secret so much is looked at. It is looked at again for pairs
    /// within it, so it must be short.
    const SAMPLE: usize = 512;
    let Some(class) = class_in_query(name) else { return start };
    let sample = &text[..text.len().min(start + SAMPLE)];
    let value = &sample[start..end_of_field(sample, start)];
    if !class.hides(value) {
        return start;
    }
    let end = end_of_field(text, start);
    edits.secret(text, start, end);
    end
}

fn end_of_field(text: &[u8], start: usize) -> usize {
    let mut end = start;
    while let Some(&byte) = text.get(end) {
        match byte {
            b'\\' if text.get(end + 1) == Some(&b'/') => end += 2,
            b'&' | b';' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b')' | b'}' | 0..=b' ' => break,
            _ => end += 1,
        }
    }
    end
}

/// The pair around the `:` at `at`.
pub(super) fn colon(text: &[u8], at: usize, style: Style, edits: &mut Edits) {
    let end = skip_spaces_back(text, at);
    let closing = Quote::closing(text, end);
    let end = closing.map_or(end, |(_, start)| start);
    let start = run_before(text, end, MAX_NAME + 1, is_word);
    let name = &text[start..end];
    if closing.is_some_and(|(quote, _)| start.checked_sub(1).map(|at| text[at]) != Some(quote.mark)) {
        return;
    }
    let Some(class) = class_in_json(name) else { return };
    let value = run_after(text, at + 1, |byte| is_space(byte) || matches!(byte, b'\r' | b'\n'));
    if let Some((quote, inner)) = style.opening(text, value) {
        let stop = style.end_of_text(quote, text, inner);
        if class.hides(&text[inner..stop]) {
            edits.secret(text, inner, stop);
        }
    } else if closing.is_some() {
        let stop =
            run_after(text, value, |b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
        if class.hides_number(&text[value..stop]) {
            edits.number(text, value, stop);
        }
    } else if begins_line(text, start) {
        let stop = run_after(text, value, |byte| !matches!(byte, b'\r' | b'\n' | b'\\' | b'"'));
        if class.hides(&text[value..stop]) {
            edits.secret(text, value, stop);
        }
    }
}

fn begins_line(text: &[u8], start: usize) -> bool {
    matches!(&text[..start], [] | [.., b'\n' | b'\r'] | [.., b'\\', b'n' | b'r'])
}

#[cfg(test)]
mod tests {
    use super::super::edits::Pseudonyms;
    use super::*;

    fn redacted(text: &str, style: Style) -> String {
        let mut edits = Edits::default();
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            match byte {
                b'=' => drop(equals(text.as_bytes(), at, style, &mut edits)),
                b':' if style != Style::Json => colon(text.as_bytes(), at, style, &mut edits),
                _ => {}
            }
        }
        edits.apply(text, &mut Pseudonyms::default()).unwrap_or_else(|| text.to_owned())
    }

    #[track_caller]
    fn check(style: Style, cases: &[(&str, &str)]) {
        for (text, clean) in cases {
            assert_eq!(redacted(text, style), *clean);
            assert_eq!(redacted(clean, style), *clean, "a second time");
        }
    }

    #[test]
    fn queries_and_forms() {
        check(
            Style::Fields,
            &[
                ("/x?k=abc&a=1&useToken=d%2Fe#token=f", "/x?k=S1&a=1&useToken=S2#token=S3"),
                ("user=joe&password=p,w&fc=1", "user=S1&password=S2&fc=1"),
                ("/x?lid=39&key=a&sid=", "/x?lid=39&key=a&sid="),
                ("/x?LID=0123456789abcdef", "/x?LID=S1"),
                ("/x?LID=k7f&g=1&lid=20419966&lid=1234567", "/x?LID=S1&g=1&lid=S2&lid=1234567"),
                ("/x;jsessionid=ABC?a=1", "/x;jsessionid=S1"),
                ("a=1; token=xyz; b=2", "a=1; token=S1; b=2"),
                ("/x?user[token]=abc&odds[1]=2", "/x?user[token]=S1&odds[1]=2"),
                ("/book?token_id=12345678901234567890", "/book?token_id=12345678901234567890"),
            ],
        );
    }

    #[test]
    fn pairs_in_json_strings() {
        check(
            Style::Json,
            &[
                (r#"{"u":"/x?token=","b":"c"}"#, r#"{"u":"/x?token=","b":"c"}"#),
                (r#"{"u":"/x?a=1\u0026token=b\/c\u0026d=2"}"#, r#"{"u":"/x?a=1\u0026token=S1\u0026d=2"}"#),
                (r#"{"u":"a token=","b":"c"}"#, r#"{"u":"a token=","b":"c"}"#),
                (r#"{"u":"<a token=\"b\">"}"#, r#"{"u":"<a token=\"S1\">"}"#),
            ],
        );
    }

    #[test]
    fn scripts_and_pages() {
        check(
            Style::Script,
            &[
                ("var token = 'abc', k=x;", "var token = 'S1', k=x;"),
                ("a.token=e.token;f({sid:\"x\",token:t.v})", "a.token=e.token;f({sid:\"S1\",token:t.v})"),
                ("a&&k=(b,c)", "a&&k=(b,c)"),
                ("var token=`abc`;", "var token=`S1`;"),
                ("<div data-token=\"abc\">", "<div data-token=\"S1\">"),
                ("<input type=hidden name=token value=abc>", "<input type=hidden name=token value=S1>"),
                ("<meta property='csrf-token' content='abc'>", "<meta property='csrf-token' content='S1'>"),
                ("<x name=\"token", "<x name=\"token"),
                ("if(a<b)c>d;e.name=token;value='x'", "if(a<b)c>d;e.name=token;value='x'"),
                ("load('/x?token=abc&b=1')", "load('/x?token=S1&b=1')"),
                (r#"<meta name="csrf-token" content="abc">"#, r#"<meta name="csrf-token" content="S1">"#),
                (
                    "<input value='abc' name='password' x=1><b value='c'>",
                    "<input value='S1' name='password' x=1><b value='c'>",
                ),
            ],
        );
    }

    #[test]
    fn headers_and_parts() {
        check(
            Style::Text,
            &[
                ("CONNECT\nAuthorization: Basic abc\r\nhost:x\n", "CONNECT\nAuthorization: S1\r\nhost:x\n"),
                (
                    r#"["CONNECT\nauthorization:Basic abc\nhost:x"]"#,
                    r#"["CONNECT\nauthorization:S1\nhost:x"]"#,
                ),
                (
                    "form-data; name=\"password\"\r\n\r\nse=cr:et\r\n--b\r\n",
                    "form-data; name=\"password\"\r\n\r\nS1\r\n--b\r\n",
                ),
                (
                    "form-data; name=\"token\"; filename=\"x\"\nContent-Type: text/plain\n\nab\ncd\n--b--",
                    "form-data; name=\"token\"; filename=\"x\"\nContent-Type: text/plain\n\nS1\n--b--",
                ),
                ("CONNECT\nlogin: joe\nhost:x\n", "CONNECT\nlogin: S1\nhost:x\n"),
            ],
        );
    }

    #[test]
    fn json_that_cannot_be_tokenised() {
        check(
            Style::Text,
            &[
                (
                    r#"{"token" : "a\"b","x":1,"Balance":-12.50,"sid":3,"accId":"#,
                    r#"{"token" : "S1","x":1,"Balance":0,"sid":3,"accId":"#,
                ),
                (r#"{"token":"cut o"#, r#"{"token":"S1"#),
                (r#"["{\"token\":\"a\\\"b\",\"userId\":12}"]"#, r#"["{\"token\":\"S1\",\"userId\":0}"]"#),
                (r#"{"a token":"x","mytokens":"y"}"#, r#"{"a token":"x","mytokens":"y"}"#),
            ],
        );
    }
}
