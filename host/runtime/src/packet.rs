//! Packets on their way into the sandbox.

use antigravity_abi::{PacketRow, Span};
use antigravity_core::{Body, Packet};
use std::ops::Range;
use std::sync::Arc;

/// A packet that is redacted, routed and tokenised: what the adapter gets.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub packet: Arc<Packet>,
    /// Number of the socket or page load within the worker.
    pub connection: u32,
    /// Index into the contract's endpoints.
    pub endpoint: u32,
    /// Where its tape lies among the tapes of the packets it comes with; empty for a body that
    /// travels raw.
    pub tape: Range<usize>,
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
    /// Copies of the packets' tapes, where others lie between them.
    tape: Vec<u64>,
    packets: Vec<u64>,
}

/// A batch as it crosses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    pub count: usize,
    pub bytes: &'a [u8],
    pub tape: &'a [u64],
    pub packets: &'a [u64],
}

impl Batch {
    /// Lays out `packets`, whose tapes are ranges of `tapes`.
    pub(crate) fn fill<'a>(&'a mut self, packets: &[Prepared], tapes: &'a [u64]) -> Parts<'a> {
        self.bytes.clear();
        self.tape.clear();
        self.packets.clear();
        // Tapes of consecutive packets lie side by side, and cross as they are.
        let start = packets.first().map_or(0, |first| first.tape.start);
        let side_by_side = packets.windows(2).all(|pair| pair[0].tape.end == pair[1].tape.start);
        let mut before = None;
        for prepared in packets {
            let tape_at = if side_by_side { prepared.tape.start - start } else { self.tape.len() };
            let row = self.row(prepared, before, tape_at as u32);
            self.packets.extend_from_slice(&row.words());
            if !side_by_side {
                self.tape.extend_from_slice(tapes.get(prepared.tape.clone()).unwrap_or(&[]));
            }
            before = Some((&*prepared.packet, row));
        }
        let end = packets.last().map_or(start, |last| last.tape.end);
        let tape = if side_by_side { tapes.get(start..end).unwrap_or(&[]) } else { &self.tape };
        Parts { count: packets.len(), bytes: &self.bytes, tape, packets: &self.packets }
    }

    /// A socket's frames all have the same address: it is laid out once.
    fn row(&mut self, prepared: &Prepared, before: Option<(&Packet, PacketRow)>, tape_at: u32) -> PacketRow {
        let packet = &*prepared.packet;
        let body = self.put(prepared.body());
        let request = packet.request_body.as_ref().map_or(Span::default(), |r| self.put(r.as_bytes()));
        let mut share =
            |text: Option<&Arc<str>>, before: Option<(Option<&Arc<str>>, Span)>| match (text, before) {
                (Some(text), Some((Some(known), span))) if known == text => span,
                (Some(text), _) => self.put(text.as_bytes()),
                (None, _) => Span::default(),
            };
        PacketRow {
            at: packet.at.nanos(),
            connection: prepared.connection,
            endpoint: prepared.endpoint,
            body,
            tape: Span { start: tape_at, len: prepared.tape.len() as u32 },
            request,
            url: share(Some(&packet.url), before.map(|(p, row)| (Some(&p.url), row.url))),
            page: share(packet.page.as_ref(), before.map(|(p, row)| (p.page.as_ref(), row.page))),
            event: share(packet.event.as_ref(), before.map(|(p, row)| (p.event.as_ref(), row.event))),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> Span {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        Span { start, len: bytes.len() as u32 }
    }
}
