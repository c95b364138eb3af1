//! Packets in the making: who sent what, when it is due, and what it does to a reader.

use crate::faults::Trap;
use antigravity_core::{Body, Direction, Fate, Packet, Timestamp, Transport};
use std::sync::Arc;

/// A packet, and what is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Traffic {
    pub packet: Packet,
    /// what must become of it where its provider is bound; `None` where the wire's description
    /// leaves a choice
    pub fate: Option<Fate>,
    /// what in it a reader can get wrong
    pub traps: Vec<Trap>,
}

/// One page load or socket of an account.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub account: Arc<str>,
    pub connection: Arc<str>,
    pub page: Option<Arc<str>>,
}

/// A packet without its time and number.
#[derive(Clone, Debug)]
pub(crate) struct Draft(Traffic);

impl Wire {
    pub fn new(account: &Arc<str>, connection: &str, page: &str) -> Self {
        Self { account: account.clone(), connection: connection.into(), page: Some(page.into()) }
    }

    /// An answer with status 200 and no body yet.
    pub fn http(&self, method: &str, url: &str) -> Draft {
        let mut draft = self.draft(Transport::Http, Direction::Received, url);
        draft.0.packet.method = Some(method.into());
        draft.0.packet.status = Some(200);
        draft
    }

    pub fn received(&self, url: &str, frame: impl Into<String>) -> Draft {
        self.draft(Transport::WebSocket, Direction::Received, url).text(frame)
    }

    pub fn sent(&self, url: &str, frame: impl Into<String>) -> Draft {
        self.draft(Transport::WebSocket, Direction::Sent, url).text(frame)
    }

    fn draft(&self, transport: Transport, direction: Direction, url: &str) -> Draft {
        let packet = Packet {
            seq: 0,
            at: Timestamp::from_nanos(0),
            account: self.account.clone(),
            connection: self.connection.clone(),
            page: self.page.clone(),
            transport,
            direction,
            method: None,
            url: url.into(),
            status: None,
            content_type: None,
            request_body: None,
            event: None,
            body: Body::empty(),
        };
        Draft(Traffic { packet, fate: None, traps: Vec::new() })
    }
}

impl Draft {
    pub fn into_traffic(mut self, at: Timestamp) -> Traffic {
        self.0.packet.at = at;
        self.0
    }

    pub fn form(mut self, body: String) -> Self {
        self.0.packet.request_body = Some(body);
        self
    }

    pub fn status(mut self, status: u16) -> Self {
        self.0.packet.status = Some(status);
        self
    }

    pub fn json(mut self, body: impl Into<String>) -> Self {
        self.0.packet.content_type = Some("application/json; charset=utf-8".into());
        self.text(body)
    }

    pub fn html(mut self, body: impl Into<String>) -> Self {
        self.0.packet.content_type = Some("text/html; charset=utf-8".into());
        self.text(body)
    }

    fn text(mut self, body: impl Into<String>) -> Self {
        self.0.packet.body = Body::Text(body.into());
        self
    }

    pub fn fate(mut self, fate: Fate) -> Self {
        self.0.fate = Some(fate);
        self
    }

    /// The wire's description does not say what becomes of it.
    pub fn undecided(mut self) -> Self {
        self.0.fate = None;
        self
    }

    pub fn trap(mut self, trap: Trap) -> Self {
        if !self.0.traps.contains(&trap) {
            self.0.traps.push(trap);
        }
        self
    }

    pub fn traps(self, traps: impl IntoIterator<Item = Trap>) -> Self {
        traps.into_iter().fold(self, Self::trap)
    }
}

/// Packets that wait for their time, each with its effect on a perfect reader.
#[derive(Clone, Debug)]
pub(crate) struct Outbox<E> {
    waiting: Vec<(Timestamp, Traffic, Option<E>)>,
}

impl<E> Default for Outbox<E> {
    fn default() -> Self {
        Self { waiting: Vec::new() }
    }
}

impl<E> Outbox<E> {
    /// Puts a packet behind all those that are due at the same time or before.
    pub fn push(&mut self, at: Timestamp, draft: Draft, effect: Option<E>) {
        let place = self.waiting.partition_point(|(due, ..)| *due <= at);
        self.waiting.insert(place, (at, draft.into_traffic(at), effect));
    }

    pub fn due(&self) -> Option<Timestamp> {
        self.waiting.first().map(|(at, ..)| *at)
    }

    /// The first packet, where it is due at `at` or before.
    pub fn pop(&mut self, at: Timestamp) -> Option<(Traffic, Option<E>)> {
        if self.due()? > at {
            return None;
        }
        let (_, traffic, effect) = self.waiting.remove(0);
        Some((traffic, effect))
    }
}

/// JSON text with everything outside printable ASCII, and what matters in HTML, escaped, as
/// ASP.NET's serialiser writes it.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'"' | b'\\')) => out.extend(['\\', char::from(byte)]),
            Ok(byte @ b' '..=b'~') if !b"&'<>".contains(&byte) => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

/// JSON text in plain UTF-8.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_back() {
        for text in ["Atlético", "Queen's \"Park\"", "a\\b & c", "København 🂡"] {
            assert!(escaped(text).is_ascii());
            assert_eq!(serde_json::from_str::<String>(&escaped(text)).unwrap(), text);
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).unwrap(), text);
        }
        assert_eq!(escaped("é'"), "\"\\u00e9\\u0027\"");
    }

    #[test]
    fn packets_leave_in_time_order_and_never_early() {
        let wire = Wire::new(&"A".into(), "c1", "https://page.example/");
        let mut outbox = Outbox::<u8>::default();
        for (nanos, effect) in [(5, 1), (3, 2), (5, 3), (1, 4)] {
            outbox.push(Timestamp::from_nanos(nanos), wire.http("GET", "https://x.example/"), Some(effect));
        }
        let mut pop = |nanos| outbox.pop(Timestamp::from_nanos(nanos)).map(|(_, effect)| effect.unwrap());
        assert_eq!(pop(0), None);
        assert_eq!([pop(9), pop(9), pop(4), pop(5), pop(5)], [Some(4), Some(2), None, Some(1), Some(3)]);
    }
}
