//! The words that say where a packet's parts lie.

/// A range of the call's bytes (in bytes) or of its tape (in words). Length 0: there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub len: u32,
}

/// One packet of a call: `batch.packets` holds [`PACKET_WORDS`] words of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PacketRow {
    /// When it was captured, in nanoseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Number of the socket or page load, unique within the worker.
    pub connection: u32,
    /// Index into the contract's endpoints.
    pub endpoint: u32,
    pub body: Span,
    /// Empty for a raw body. Offsets on it count from the body's start.
    pub tape: Span,
    /// The request's body.
    pub request: Span,
    pub url: Span,
    /// Address of the document that made the request.
    pub page: Span,
    /// Name of the server-sent event.
    pub event: Span,
}

/// Words of one packet.
pub const PACKET_WORDS: usize = 8;

impl Span {
    const fn word(self) -> u64 {
        pair(self.start, self.len)
    }

    const fn of(word: u64) -> Self {
        let (start, len) = halves(word);
        Self { start, len }
    }
}

impl PacketRow {
    pub const fn words(&self) -> [u64; PACKET_WORDS] {
        [
            self.at.cast_unsigned(),
            pair(self.connection, self.endpoint),
            self.body.word(),
            self.tape.word(),
            self.request.word(),
            self.url.word(),
            self.page.word(),
            self.event.word(),
        ]
    }

    pub const fn read(words: &[u64; PACKET_WORDS]) -> Self {
        let [at, place, body, tape, request, url, page, event] = *words;
        let (connection, endpoint) = halves(place);
        Self {
            at: at.cast_signed(),
            connection,
            endpoint,
            body: Span::of(body),
            tape: Span::of(tape),
            request: Span::of(request),
            url: Span::of(url),
            page: Span::of(page),
            event: Span::of(event),
        }
    }
}

const fn pair(low: u32, high: u32) -> u64 {
    low as u64 | ((high as u64) << 32)
}

#[allow(clippy::cast_possible_truncation)] // the two halves
const fn halves(word: u64) -> (u32, u32) {
    (word as u32, (word >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_they_say() {
        let row = PacketRow {
            at: -2,
            connection: 3,
            endpoint: 4,
            body: Span { start: 5, len: 6 },
            event: Span { start: u32::MAX, len: 7 },
            ..PacketRow::default()
        };
        let words = row.words();
        assert_eq!(words, [u64::MAX - 1, 4 << 32 | 3, 6 << 32 | 5, 0, 0, 0, 0, 7 << 32 | 0xffff_ffff]);
        assert_eq!(PacketRow::read(&words), row);
    }
}
