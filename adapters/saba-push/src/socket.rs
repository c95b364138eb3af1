//! Socket.IO over Engine.IO: which frames there are, and the one that carries rows.
//!
//! | frame | what it is |
//! |---|---|
//! | `0{"sid":"…","pingInterval":25000,…}` | Engine.IO opens; the `sid` is a secret |
//! | `2`, `3` | ping and pong, each 25 s; which side pings depends on Engine.IO's version |
//! | `40`, `40{"sid":"…"}` | Socket.IO connects |
//! | `42["m","b14",[rows],"revision"]` | rows of one channel, with the revision they lead to |

use antigravity_sdk::prelude::*;
use std::borrow::Cow;

/// Path of the socket, whatever the host; a trailing slash does not matter.
const PATH: &str = "**/socket.io";

const MESSAGE: &str = r#"{
    "type": "array", "minItems": 3, "maxItems": 4,
    "prefixItems": [
        {"const": "m"},
        {"type": "string"},
        {"type": "array", "items": {"type": "array"}},
        {"type": ["string", "integer", "null"]}
    ]
}"#;

const HANDSHAKE: &str =
    r#"{"type": "object", "required": ["sid"], "properties": {"sid": {"type": "string"}}}"#;

/// Declares the socket: its rows, its heartbeat and its handshake with the secrets in it. What else
/// the page sends is not declared: it may hold secrets nobody knows the place of.
pub fn declare(contract: Contract) -> Contract {
    contract
        .endpoint(websocket("rows", PATH).prefix("42").schema(MESSAGE))
        .endpoint(websocket("ping", PATH).content(Content::Heartbeat).texts(&["2", "3"]))
        .endpoint(websocket("pong", PATH).sent().content(Content::Heartbeat).texts(&["2", "3"]))
        .endpoint(websocket("open", PATH).content(Content::Session).prefix("0").schema(HANDSHAKE))
        .endpoint(websocket("connected", PATH).content(Content::Session).texts(&["40"]))
        .endpoint(websocket("connect", PATH).content(Content::Session).prefix("40").schema(HANDSHAKE))
        .secret("open: /sid")
        .secret("connect: /sid")
}

/// A frame of rows: `["m",channel,[rows],revision]`, the revision absent or null where none is told.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    pub channel: Cow<'a, str>,
    pub rows: Value<'a>,
    pub revision: Option<Cow<'a, str>>,
}

impl<'a> Message<'a> {
    /// # Errors
    /// Where the frame is not a message of rows.
    pub fn read(packet: &Packet<'a>) -> Result<Self, Rejection> {
        let mut items = packet.json()?.items();
        if items.next().and_then(Value::plain) != Some(b"m") {
            return Err(reject(Reason::WrongFormat, "not a message `m`"));
        }
        let channel = items.next().and_then(Value::str).ok_or_else(|| missing("channel"))?;
        let rows = items.next().ok_or_else(|| missing("rows"))?;
        if rows.kind() != Kind::Array {
            return Err(bad("rows"));
        }
        let revision = match items.next() {
            Some(value) if !value.is_null() => Some(value.text().ok_or_else(|| bad("revision"))?),
            _ => None,
        };
        Ok(Self { channel, rows, revision })
    }
}
