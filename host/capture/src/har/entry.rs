//! The parts of a HAR entry, as they stand in the file.

use crate::parse::decoded;
use antigravity_core::Body;
use antigravity_core::packet::MAX_BODY;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Text that may hold half a surrogate pair (a body cut in the middle of a character) or bytes that
/// are not UTF-8: those become U+FFFD.
#[derive(Debug, Default)]
pub(super) struct Lossy(pub String);

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Lossy;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E>(self, text: &str) -> Result<Lossy, E> {
                Ok(Lossy(text.to_owned()))
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Lossy, E> {
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
        deserializer.deserialize_bytes(Text)
    }
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object in `pages`")]
pub(super) struct PageLoad {
    pub id: String,
    pub title: Option<Lossy>,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object as `request`")]
pub(super) struct Asked {
    pub method: Option<String>,
    pub url: String,
    #[serde(default)]
    pub headers: Referer,
    #[serde(rename = "postData")]
    pub post_data: Option<PostData>,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object as `postData`")]
pub(super) struct PostData {
    text: Option<Lossy>,
    params: Option<Vec<Param>>,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object in `params`")]
struct Param {
    name: Lossy,
    value: Option<Lossy>,
}

impl PostData {
    /// The request's body; from its form fields where the text is not there.
    pub(super) fn into_body(self) -> Option<String> {
        match (self.text, self.params) {
            (Some(text), _) if !text.0.is_empty() => Some(text.0),
            (_, Some(params)) if !params.is_empty() => Some(form(&params)),
            _ => None,
        }
    }
}

fn form(params: &[Param]) -> String {
    let mut out = String::new();
    for param in params {
        if !out.is_empty() {
            out.push('&');
        }
        escape_form(&mut out, &param.name.0);
        out.push('=');
        escape_form(&mut out, param.value.as_ref().map_or("", |value| &value.0));
    }
    out
}

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5.2).
fn escape_form(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// The one header that is read. The values of all others, cookies and authorization among them,
/// are passed over by the parser.
#[derive(Debug, Default)]
pub(super) struct Referer(pub Option<String>);

impl<'de> Deserialize<'de> for Referer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Headers;
        impl<'de> Visitor<'de> for Headers {
            type Value = Referer;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of headers")
            }
            fn visit_unit<E>(self) -> Result<Referer, E> {
                Ok(Referer(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut headers: A) -> Result<Referer, A::Error> {
                let mut referer = None;
                while headers.next_element_seed(Header(&mut referer))?.is_some() {}
                Ok(Referer(referer))
            }
        }
        deserializer.deserialize_any(Headers)
    }
}

/// One header; its value is read only after a name that says it is the `Referer`.
struct Header<'a>(&'a mut Option<String>);

impl<'de> DeserializeSeed<'de> for Header<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Header<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header with name and value")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut wanted = false;
        while let Some(key) = map.next_key::<Lossy>()? {
            match key.0.as_str() {
                "name" => wanted = map.next_value::<Lossy>()?.0.eq_ignore_ascii_case("referer"),
                "value" if wanted => *self.0 = Some(map.next_value::<Lossy>()?.0),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object as `response`")]
pub(super) struct Answered {
    status: Option<f64>,
    pub content: Option<Content>,
}

impl Answered {
    /// Chrome writes 0 or −1 where there was no answer.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a whole number below 1000
    pub(super) fn status(&self) -> Option<u16> {
        self.status
            .filter(|status| (100.0..1000.0).contains(status) && status.fract() == 0.0)
            .map(|s| s as u16)
    }
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object as `content`")]
pub(super) struct Content {
    size: Option<f64>,
    #[serde(rename = "mimeType")]
    pub mime_type: Option<Lossy>,
    text: Option<Lossy>,
    encoding: Option<String>,
}

/// How much of a body there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Whole,
    Missing,
    Short,
    Broken,
}

impl Content {
    /// The type, where one was sent.
    pub(super) fn take_mime_type(&mut self) -> Option<String> {
        self.mime_type.take().map(|name| name.0).filter(|name| !matches!(name.as_str(), "" | "x-unknown"))
    }

    pub(super) fn into_body(self) -> (Body, Kept) {
        let size = self.size.unwrap_or(-1.0);
        let Some(Lossy(text)) = self.text else {
            return (Body::empty(), if size > 0.0 { Kept::Missing } else { Kept::Whole });
        };
        let (body, kept) = if self.encoding.is_some_and(|name| name.eq_ignore_ascii_case("base64")) {
            from_base64(&text)
        } else {
            (from_text(text), Kept::Whole)
        };
        #[allow(clippy::cast_precision_loss)] // a length above 2^53 does not come from a file
        let short = (body.len() as f64) < size;
        (body, if short && kept == Kept::Whole { Kept::Short } else { kept })
    }
}

pub(super) fn from_text(text: String) -> Body {
    if text.len() > MAX_BODY { Body::OverLimit(text.len() as u64) } else { Body::Text(text) }
}

/// Base64, also where it was cut off within its last group of four.
pub(super) fn from_base64(text: &str) -> (Body, Kept) {
    if let Some(body) = decoded(text.trim_ascii()) {
        return (body, Kept::Whole);
    }
    let whole: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if whole.bytes().all(alphabet)
        && let Some(body) = whole.get(..whole.len() / 4 * 4).and_then(decoded)
    {
        let kept = if whole.len().is_multiple_of(4) { Kept::Whole } else { Kept::Short };
        return (body, kept);
    }
    (Body::empty(), Kept::Broken)
}

/// What Chrome writes for one WebSocket message.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object in `_webSocketMessages`")]
pub(super) struct SocketMessage {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Unix seconds.
    pub time: f64,
    /// 1: text; anything else: the data is base64.
    pub opcode: Option<f64>,
    pub data: Option<Lossy>,
}

/// What Chrome writes for one server-sent event.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object in `_eventSourceMessages`")]
pub(super) struct StreamEvent {
    /// Unix seconds.
    pub time: f64,
    pub event_name: Option<Lossy>,
    pub event_id: Option<Lossy>,
    pub data: Option<Lossy>,
}
