//! What is kept of a HAR file while it is sorted, and its form in the temporary file.

use antigravity_core::{Body, Direction};

/// A request and the head of its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub method: Option<String>,
    pub url: String,
    pub status: Option<u16>,
    pub content_type: Option<String>,
    pub referer: Option<String>,
    /// Number of the page load, from 1; 0 where none is named.
    pub page: u32,
}

/// A response body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub request: Request,
    pub request_body: Option<String>,
    pub body: Body,
}

/// A WebSocket frame, or a server-sent event where there is no direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Index of the socket or event stream. Its address may come later in the file.
    pub stream: u64,
    pub direction: Option<Direction>,
    pub event: Option<String>,
    pub event_id: Option<String>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    Answer(Answer),
    Message(Message),
}

const ANSWER: u64 = 0;
const MESSAGE: u64 = 1;

impl Stored {
    /// Appends the form that [`Stored::decode`] reads: numbers as 8 bytes, texts with their length.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Answer(answer) => {
                number(out, ANSWER);
                let request = &answer.request;
                some_text(out, request.method.as_deref());
                some_text(out, Some(&request.url));
                number(out, request.status.map_or(0, |status| u64::from(status) + 1));
                some_text(out, request.content_type.as_deref());
                some_text(out, request.referer.as_deref());
                number(out, u64::from(request.page));
                some_text(out, answer.request_body.as_deref());
                body(out, &answer.body);
            }
            Self::Message(message) => {
                number(out, MESSAGE);
                number(out, message.stream);
                number(out, message.direction.map_or(0, |direction| direction as u64 + 1));
                some_text(out, message.event.as_deref());
                some_text(out, message.event_id.as_deref());
                body(out, &message.body);
            }
        }
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut input = Input(bytes);
        Some(match input.number()? {
            ANSWER => Self::Answer(Answer {
                request: Request {
                    method: input.some_text()?,
                    url: input.some_text()??,
                    status: input.number()?.checked_sub(1).and_then(|status| u16::try_from(status).ok()),
                    content_type: input.some_text()?,
                    referer: input.some_text()?,
                    page: u32::try_from(input.number()?).ok()?,
                },
                request_body: input.some_text()?,
                body: input.body()?,
            }),
            MESSAGE => Self::Message(Message {
                stream: input.number()?,
                direction: match input.number()? {
                    0 => None,
                    1 => Some(Direction::Received),
                    _ => Some(Direction::Sent),
                },
                event: input.some_text()?,
                event_id: input.some_text()?,
                body: input.body()?,
            }),
            _ => return None,
        })
    }
}

fn number(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn some_text(out: &mut Vec<u8>, text: Option<&str>) {
    number(out, text.map_or(0, |text| text.len() as u64 + 1));
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

fn body(out: &mut Vec<u8>, body: &Body) {
    let (tag, bytes) = match body {
        Body::Text(text) => (0, text.as_bytes()),
        Body::Bytes(bytes) => (1, bytes.as_slice()),
        Body::OverLimit(_) => (2, [].as_slice()),
    };
    number(out, tag);
    number(out, body.len());
    out.extend_from_slice(bytes);
}

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn number(&mut self) -> Option<u64> {
        let (word, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*word))
    }

    fn bytes(&mut self, len: u64) -> Option<&[u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(len).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self, len: u64) -> Option<String> {
        String::from_utf8(self.bytes(len)?.to_vec()).ok()
    }

    fn some_text(&mut self) -> Option<Option<String>> {
        match self.number()?.checked_sub(1) {
            None => Some(None),
            Some(len) => self.text(len).map(Some),
        }
    }

    fn body(&mut self) -> Option<Body> {
        let (tag, len) = (self.number()?, self.number()?);
        match tag {
            0 => self.text(len).map(Body::Text),
            1 => Some(Body::Bytes(self.bytes(len)?.to_vec())),
            _ => Some(Body::OverLimit(len)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_body() -> impl Strategy<Value = Body> {
        prop_oneof![
            any::<String>().prop_map(Body::Text),
            any::<Vec<u8>>().prop_map(Body::Bytes),
            any::<u64>().prop_map(Body::OverLimit),
        ]
    }

    proptest! {
        #[test]
        fn round_trips(
            texts in prop::array::uniform5(any::<Option<String>>()),
            url: String, status: Option<u16>, page: u32, stream: u64,
            direction in prop::option::of(prop_oneof![Just(Direction::Received), Just(Direction::Sent)]),
            body in any_body(),
        ) {
            let [method, content_type, referer, request_body, event] = texts;
            let request = Request { method, url, status, content_type, referer: referer.clone(), page };
            let answer = Stored::Answer(Answer { request, request_body, body: body.clone() });
            let message = Stored::Message(Message { stream, direction, event, event_id: referer, body });
            for stored in [answer, message] {
                let mut bytes = Vec::new();
                stored.encode(&mut bytes);
                prop_assert_eq!(Stored::decode(&bytes), Some(stored));
                prop_assert_eq!(Stored::decode(&bytes[..bytes.len() - 1]), None);
            }
        }

        #[test]
        fn other_bytes_are_no_panic(bytes: Vec<u8>) {
            let _ = Stored::decode(&bytes);
        }
    }
}
