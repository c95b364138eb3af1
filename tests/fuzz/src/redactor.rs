//! The redactor: any packet is taken; twice is once; JSON keeps its shape.

use antigravity_capture::{Line, Members, Record, Redactor, SecretPath};
use antigravity_core::{Body, Direction, Packet, Timestamp, Transport};
use antigravity_tape::{Framing, Tokeniser};
use arbitrary::Unstructured;

const TYPES: [Option<&str>; 5] =
    [None, Some("application/json"), Some("text/html"), Some("application/javascript"), Some("font/woff2")];

pub fn check(data: &[u8]) {
    let Ok(mut record) = record(&mut Unstructured::new(data)) else { return };
    let before = record.clone();
    let declared: Vec<SecretPath> =
        ["/token", "/*/0", "/0/1"].into_iter().filter_map(SecretPath::parse).collect();
    Redactor::new().record(&mut record, &declared);
    shape(&before, &record);
    let mut again = record.clone();
    Redactor::new().record(&mut again, &declared);
    assert_eq!(again, record, "a second time, after {before:?}");
}

fn record(bytes: &mut Unstructured<'_>) -> arbitrary::Result<Record> {
    let transport = *bytes.choose(&[Transport::WebSocket, Transport::Http, Transport::Sse])?;
    let content_type = *bytes.choose(&TYPES)?;
    let (as_bytes, with_request): (bool, bool) = (bytes.arbitrary()?, bytes.arbitrary()?);
    let url: &str = bytes.arbitrary()?;
    let page: Option<&str> = bytes.arbitrary()?;
    let event: &str = bytes.arbitrary()?;
    let rest = bytes.take_rest_of();
    let text = String::from_utf8_lossy(rest).into_owned();
    let packet = Packet {
        seq: 1,
        at: Timestamp::from_nanos(0),
        account: "A".into(),
        connection: "c1".into(),
        page: page.map(Into::into),
        transport,
        direction: Direction::Received,
        method: None,
        url: url.into(),
        status: None,
        content_type: content_type.map(Into::into),
        request_body: with_request.then(|| text.clone()),
        event: None,
        body: if as_bytes { Body::Bytes(rest.to_vec()) } else { Body::Text(text) },
    };
    let mut unknown = Members::default();
    unknown.push_text("note", event);
    Ok(Record { line: Line::Packet(packet), unknown })
}

/// What is left of the bytes, as they are.
trait Rest<'a> {
    fn take_rest_of(&mut self) -> &'a [u8];
}

impl<'a> Rest<'a> for Unstructured<'a> {
    fn take_rest_of(&mut self) -> &'a [u8] {
        let len = self.len();
        self.bytes(len).unwrap_or_default()
    }
}

/// A body that was JSON is JSON with as many values.
fn shape(before: &Record, after: &Record) {
    let (Line::Packet(before), Line::Packet(after)) = (&before.line, &after.line) else { return };
    let (Body::Text(before), Body::Text(after)) = (&before.body, &after.body) else { return };
    let nodes = |text: &str| {
        let mut tape = Vec::new();
        Tokeniser::default().tokenise(text, Framing::Document, &mut tape).ok().map(|()| tape.len())
    };
    if let Some(count) = nodes(before) {
        assert_eq!(nodes(after), Some(count), "{before:?} became {after:?}");
    }
}
