//! One body against one endpoint.

use crate::body::{Readable, is_markup, is_opaque, says_html};
use crate::contracts::{Contracts, Place};
use crate::reason;
use crate::schema::{Mismatch, Schema};
use crate::scratch::{Scratch, TapeId};
use antigravity_core::contract::Endpoint;
use antigravity_core::{Packet, Transport};
use antigravity_tape::{ErrorKind, Kind, Tokeniser, Value};

/// Why an endpoint does not accept a body, from the least specific to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refusal {
    UnknownFrame,
    Binary,
    Html,
    Empty,
    NotJson,
    Opaque,
    TooDeep,
    Schema,
}

impl Refusal {
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::UnknownFrame => reason::UNKNOWN_FRAME,
            Self::Binary => reason::BINARY,
            Self::Html => reason::HTML,
            Self::Empty => reason::EMPTY,
            Self::NotJson => reason::NOT_JSON,
            Self::Opaque => reason::OPAQUE,
            Self::TooDeep => reason::TOO_DEEP,
            Self::Schema => reason::SCHEMA,
        }
    }
}

/// Whether an endpoint accepts a body, and the body's tape; none for a body that travels raw, or
/// that nobody is going to read.
pub(crate) fn accept(
    contracts: &Contracts,
    place: Place,
    packet: &Packet,
    body: Readable<'_>,
    scratch: &mut Scratch,
) -> Result<Option<TapeId>, Refusal> {
    let declared = contracts.declared(place);
    let schema = contracts.rules(place).schema.as_ref();
    let prefix = frame(declared, body.bytes).ok_or(Refusal::UnknownFrame)?;
    // Where a prefix or a text is declared and there, even markup is what was promised.
    let over_http = packet.transport == Transport::Http;
    if over_http && prefix == 0 && declared.texts.is_empty() && is_markup(body.bytes) {
        return Err(Refusal::Html);
    }
    let Some(framing) = tape_framing(declared) else { return Ok(None) };
    let text = body.text.ok_or(Refusal::Binary)?;
    let tape = match scratch.tokenise(text, prefix, framing) {
        Ok(tape) if scratch.tape(tape).is_empty() => return Err(Refusal::Empty),
        Ok(tape) => tape,
        Err(ErrorKind::TooDeep) if schema.is_none() => return Ok(None),
        Err(ErrorKind::TooDeep) => return Err(Refusal::TooDeep),
        Err(ErrorKind::Empty) => return Err(Refusal::Empty),
        Err(_) if is_opaque(&body.bytes[prefix..]) => return Err(Refusal::Opaque),
        Err(_) if over_http && packet.content_type.as_deref().is_some_and(says_html) => {
            return Err(Refusal::Html);
        }
        Err(_) => return Err(Refusal::NotJson),
    };
    match schema {
        Some(schema) => compare(schema, body.bytes, scratch.tape(tape)).map(|()| Some(tape)),
        None => Ok(Some(tape)),
    }
}

/// The tape of a body as an endpoint cuts it; it was made when the endpoint was asked.
pub(crate) fn tape_of(
    contracts: &Contracts,
    place: Place,
    body: Readable<'_>,
    scratch: &mut Scratch,
) -> Option<TapeId> {
    let declared = contracts.declared(place);
    scratch.tokenise(body.text?, frame(declared, body.bytes)?, tape_framing(declared)?).ok()
}

/// Length of the prefix that is cut off; `None` where the declared texts or prefix are not there.
fn frame(declared: &Endpoint, body: &[u8]) -> Option<usize> {
    let text_fits = declared.texts.is_empty() || declared.texts.iter().any(|text| text.as_bytes() == body);
    let Some(prefix) = declared.prefix.as_deref() else { return text_fits.then_some(0) };
    // Comparing no bytes at all takes 100 ns: glibc's masked load from a dangling pointer is slow.
    let prefix_fits = prefix.is_empty() || body.starts_with(prefix.as_bytes());
    (text_fits && prefix_fits).then_some(prefix.len())
}

/// How the body is tokenised; `None`: not at all. Noise without a schema is read by nobody, so it
/// need not even be JSON.
fn tape_framing(declared: &Endpoint) -> Option<antigravity_tape::Framing> {
    let unread = declared.content.is_noise() && declared.schema.is_none();
    declared.cut().filter(|_| !unread).map(|(_, framing)| framing)
}

fn compare(schema: &Schema, body: &[u8], tape: &[u64]) -> Result<(), Refusal> {
    if schema.matches(body, tape) {
        return Ok(());
    }
    let opaque =
        |document: Value<'_>| document.kind() == Kind::String && document.plain().is_some_and(is_opaque);
    let refusal = if Value::documents(body, tape).any(opaque) { Refusal::Opaque } else { Refusal::Schema };
    Err(refusal)
}

/// Where a body that an endpoint's schema refused first differs from it. Reads the body anew: for
/// reports, not for the hot path.
pub(crate) fn mismatch(contracts: &Contracts, place: Place, body: Readable<'_>) -> Option<Mismatch> {
    let declared = contracts.declared(place);
    let schema = contracts.rules(place).schema.as_ref()?;
    let rest = body.text?.get(frame(declared, body.bytes)?..)?;
    let mut tape = Vec::new();
    Tokeniser::default().tokenise(rest, tape_framing(declared)?, &mut tape).ok()?;
    schema.mismatch(rest.as_bytes(), &tape)
}
