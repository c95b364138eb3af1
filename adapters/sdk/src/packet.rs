//! A packet as the adapter sees it.

use crate::{Rejection, Value};
use antigravity_abi::{PacketRow, Reason, Span};
use std::borrow::Cow;

/// One captured body or frame, already redacted, routed and tokenised.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    bytes: &'a [u8],
    tape: &'a [u64],
    meta: PacketRow,
}

impl<'a> Packet<'a> {
    pub(crate) const fn new(bytes: &'a [u8], tape: &'a [u64], meta: PacketRow) -> Self {
        Self { bytes, tape, meta }
    }

    /// When it was captured, in nanoseconds since 1970-01-01T00:00:00Z.
    pub const fn at(&self) -> i64 {
        self.meta.at
    }

    /// Number of the socket or page load.
    pub const fn connection(&self) -> u32 {
        self.meta.connection
    }

    /// Index of the endpoint, in the order of the contract.
    pub const fn endpoint(&self) -> usize {
        self.meta.endpoint as usize
    }

    fn slice(&self, span: Span) -> &'a [u8] {
        let start = span.start as usize;
        self.bytes.get(start..start + span.len as usize).unwrap_or(&[])
    }

    fn str(&self, span: Span) -> &'a str {
        std::str::from_utf8(self.slice(span)).unwrap_or("")
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.slice(self.meta.body)
    }

    /// The body as text; empty where it is not UTF-8.
    pub fn text(&self) -> &'a str {
        self.str(self.meta.body)
    }

    /// The body's JSON document.
    ///
    /// # Errors
    /// Where the body travelled raw: it was not JSON, or nested too deep.
    pub fn json(&self) -> Result<Value<'a>, Rejection> {
        Value::root(self.bytes(), self.nodes())
            .ok_or_else(|| Rejection { reason: Reason::WrongFormat, detail: "not JSON".into() })
    }

    /// All JSON documents of a body framed in lines.
    pub fn documents(&self) -> impl Iterator<Item = Value<'a>> {
        Value::documents(self.bytes(), self.nodes())
    }

    fn nodes(&self) -> &'a [u64] {
        let start = self.meta.tape.start as usize;
        self.tape.get(start..start + self.meta.tape.len as usize).unwrap_or(&[])
    }

    /// The request's body, empty when there is none.
    pub fn request(&self) -> &'a str {
        self.str(self.meta.request)
    }

    pub fn url(&self) -> &'a str {
        self.str(self.meta.url)
    }

    /// Address of the document that made the request, empty when unknown.
    pub fn page(&self) -> &'a str {
        self.str(self.meta.page)
    }

    /// Name of the server-sent event.
    pub fn event(&self) -> &'a str {
        self.str(self.meta.event)
    }

    /// Host of the address, with its port.
    pub fn host(&self) -> &'a str {
        let url = self.url();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or("")
    }

    /// A field of the address's query, percent-decoded.
    pub fn query(&self, key: &str) -> Option<Cow<'a, str>> {
        let url = self.url();
        let query = url.split_once('?')?.1;
        form_value(query.split('#').next().unwrap_or(""), key)
    }

    /// A field of a form-encoded request body, percent-decoded.
    pub fn form(&self, key: &str) -> Option<Cow<'a, str>> {
        form_value(self.request(), key)
    }
}

/// A field of `key=value&…` text with `+` and `%XX` undone; the first one of that name.
pub fn form_value<'a>(form: &'a str, key: &str) -> Option<Cow<'a, str>> {
    form.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name) == key).then(|| decode(value))
    })
}

fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| (*b as char).to_digit(16));
        match bytes[i] {
            b'+' => out.push(b' '),
            b'%' => match (hex(i + 1), hex(i + 2)) {
                (Some(high), Some(low)) => {
                    #[allow(clippy::cast_possible_truncation)] // two hexadecimal digits
                    out.push((high * 16 + low) as u8);
                    i += 2;
                }
                _ => out.push(b'%'),
            },
            byte => out.push(byte),
        }
        i += 1;
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_fields_are_decoded() {
        let form = "fc=1&m_accType=MY+MR&x=%31%zz&empty=&flag";
        assert_eq!(form_value(form, "m_accType").as_deref(), Some("MY MR"));
        assert_eq!(form_value(form, "x").as_deref(), Some("1%zz"));
        assert_eq!(form_value(form, "flag").as_deref(), Some(""));
        assert_eq!(form_value(form, "none"), None);
    }
}
