//! One message of the stream.

use antigravity_sdk::{Key, Kind, Value};

const KEYS: [Key; 5] =
    [Key::new("op"), Key::new("mc"), Key::new("ct"), Key::new("segmentType"), Key::new("status")];

/// The exchange is behind: prices may be older than they look.
const BEHIND: i64 = 503;

#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    Changes(Changes<'a>),
    /// Nothing changed: a heartbeat, or a message of the connection itself.
    Quiet,
    /// Nothing but the word that the exchange is behind.
    Behind,
    Unreadable(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub struct Changes<'a> {
    pub markets: Value<'a>,
    /// An image of all that the socket carries begins; it may go on in further messages.
    pub image_begins: bool,
    pub image_ends: bool,
}

impl<'a> Message<'a> {
    #[inline]
    pub fn read(document: Value<'a>) -> Self {
        let [op, markets, change_type, segment, status] = document.fields(KEYS);
        match op.and_then(Value::plain) {
            Some(b"mcm") => {}
            Some(_) => return Self::Quiet,
            None => return Self::Unreadable("op"),
        }
        match markets {
            Some(markets) if markets.kind() == Kind::Array => {
                let image = change_type.and_then(Value::plain) == Some(b"SUB_IMAGE");
                let segment = segment.and_then(Value::plain);
                Self::Changes(Changes {
                    markets,
                    image_begins: image && matches!(segment, None | Some(b"SEG_START")),
                    image_ends: image && matches!(segment, None | Some(b"SEG_END")),
                })
            }
            Some(markets) if !markets.is_null() => Self::Unreadable("mc"),
            _ if status.and_then(Value::i64) == Some(BEHIND) => Self::Behind,
            _ => Self::Quiet,
        }
    }
}
