//! Packets on their way into the sandbox.

use crate::bindings::wit;
use antigravity_core::{Body, Packet};
use std::sync::Arc;

/// A packet that is redacted, routed and tokenised: what the adapter gets, and what is replayed
/// when its instance dies.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub packet: Arc<Packet>,
    /// Number of the socket or page load within the worker.
    pub connection: u32,
    /// Index into the contract's endpoints.
    pub endpoint: u32,
    /// Empty for a body that travels raw. Adapters that compete for a packet share it.
    pub tape: Arc<Vec<u64>>,
}

impl Prepared {
    fn body(&self) -> &[u8] {
        match &self.packet.body {
            Body::Text(text) => text.as_bytes(),
            Body::Bytes(bytes) => bytes,
            Body::OverLimit(_) => &[],
        }
    }

    /// Bytes that its fuel is reckoned by.
    pub(crate) fn weight(&self) -> usize {
        let request = self.packet.request_body.as_ref().map_or(0, String::len);
        self.body().len() + 8 * self.tape.len() + request
    }
}

/// Packets of one call, laid out as the WIT says. Its buffers are used again and again.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    tape: Vec<u64>,
    packets: Vec<wit::Packet>,
    /// The address, page and event of the packet before, and where they lie.
    shared: Option<Shared>,
}

#[derive(Debug)]
struct Shared {
    url: (Arc<str>, wit::Span),
    page: (Option<Arc<str>>, wit::Span),
    event: (Option<Arc<str>>, wit::Span),
}

const NOWHERE: wit::Span = wit::Span { start: 0, len: 0 };

impl Batch {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.tape.clear();
        self.packets.clear();
        self.shared = None;
    }

    pub fn len(&self) -> usize {
        self.packets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    pub(crate) fn parts(&self) -> (&[u8], &[u64], &[wit::Packet]) {
        (&self.bytes, &self.tape, &self.packets)
    }

    fn put(&mut self, bytes: &[u8]) -> wit::Span {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        wit::Span { start, len: bytes.len() as u32 }
    }

    pub fn push(&mut self, prepared: &Prepared) {
        let body = self.put(prepared.body());
        let tape = wit::Span { start: self.tape.len() as u32, len: prepared.tape.len() as u32 };
        self.tape.extend_from_slice(&prepared.tape);
        let packet = &*prepared.packet;
        let request = packet.request_body.as_ref().map_or(NOWHERE, |r| self.put(r.as_bytes()));
        let shared = self.share(packet);
        let (url, page, event) = (shared.url.1, shared.page.1, shared.event.1);
        self.shared = Some(shared);
        self.packets.push(wit::Packet {
            at: packet.at.nanos(),
            connection: prepared.connection,
            endpoint: prepared.endpoint,
            body,
            tape,
            request,
            url,
            page,
            event,
        });
    }

    /// A socket's frames all have the same address: it is laid out once a batch.
    fn share(&mut self, packet: &Packet) -> Shared {
        let before = self.shared.take();
        let mut place = |text: &Option<Arc<str>>, before: Option<(Option<Arc<str>>, wit::Span)>| match before
        {
            Some((known, span)) if known == *text => (known, span),
            _ => (text.clone(), text.as_ref().map_or(NOWHERE, |t| self.put(t.as_bytes()))),
        };
        let (url, page, event) = match before {
            Some(s) => (Some((Some(s.url.0), s.url.1)), Some(s.page), Some(s.event)),
            None => (None, None, None),
        };
        let (_, url) = place(&Some(packet.url.clone()), url);
        Shared {
            url: (packet.url.clone(), url),
            page: place(&packet.page, page),
            event: place(&packet.event, event),
        }
    }
}
