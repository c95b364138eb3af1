//! The adapter's side of a call.

use crate::wit::{Answer, Contract};
use crate::{Packet, Sheet};
use antigravity_abi::packet::PACKET_WORDS;
use antigravity_abi::verdict::VERDICT_WORDS;
use antigravity_abi::{Fate, NO_TEXT, PacketRow, Reason, Verdict};

/// One provider's reader. Its fields are its protocol state: field tables, cursors, books.
pub trait Adapter: Default {
    /// Pure: the same on every call.
    fn contract() -> Contract;

    /// Reads one packet and says on the sheet what is in it.
    ///
    /// How packets are grouped into calls must not change anything, and nothing may depend on
    /// anything but the packets.
    ///
    /// # Errors
    /// [`Rejection`] where the packet is this adapter's but is not what the contract promises;
    /// prices said for it do not count.
    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection>;
}

/// What became of a packet that is in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Parsed,
    /// Known noise, a duplicate or a stale cursor.
    Ignored(Reason),
    /// Not this adapter's: the next one may try.
    NotMine,
}

/// Why a packet is not what the contract promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub reason: Reason,
    pub detail: String,
}

/// A packet refused for `reason`.
pub fn reject(reason: Reason, detail: impl Into<String>) -> Rejection {
    Rejection { reason, detail: detail.into() }
}

/// A field that must be there is not.
pub fn missing(field: &str) -> Rejection {
    reject(Reason::MissingField, field)
}

/// A field has a value it cannot have.
pub fn bad(field: &str) -> Rejection {
    reject(Reason::BadValue, field)
}

/// An adapter with its sheet: what lives as long as the component's instance. The same in the
/// sandbox and natively (tests, fuzzing, the benchmark's second baseline).
#[derive(Debug, Default)]
pub struct Worker<A> {
    adapter: A,
    sheet: Sheet,
}

impl<A: Adapter> Worker<A> {
    /// One call of `parse`; the packets as words, [`PACKET_WORDS`] each.
    #[allow(clippy::cast_possible_truncation)] // a guest has less than 4 GiB of memory
    pub fn parse(&mut self, bytes: &[u8], tape: &[u64], packets: &[u64]) -> Answer {
        let (packets, _) = packets.as_chunks::<PACKET_WORDS>();
        let mut verdicts = Vec::with_capacity(packets.len() * VERDICT_WORDS);
        for (words, index) in packets.iter().zip(0..) {
            self.sheet.begin_packet(index);
            let packet = Packet::new(bytes, tape, PacketRow::read(words));
            let (fate, reason, detail) = match self.adapter.parse(&packet, &mut self.sheet) {
                Ok(Outcome::Parsed) => (Fate::Parsed, Reason::None, NO_TEXT),
                Ok(Outcome::Ignored(reason)) => (Fate::Ignored, reason, NO_TEXT),
                Ok(Outcome::NotMine) => (Fate::NotMine, Reason::None, NO_TEXT),
                Err(rejection) => {
                    (Fate::Rejected, rejection.reason, self.sheet.intern_remark(&rejection.detail))
                }
            };
            let verdict = Verdict {
                fate,
                reason,
                detail: if detail == NO_TEXT { self.sheet.first_problem } else { detail },
                rows_end: self.sheet.rows.len() as u32,
                bad_rows: self.sheet.bad_rows,
                snapshot_complete: self.sheet.snapshot_complete,
            };
            verdicts.extend_from_slice(&verdict.words());
        }
        Answer {
            verdicts,
            rows: hand_over(&mut self.sheet.rows),
            text: std::mem::take(&mut self.sheet.text),
            ends: std::mem::take(&mut self.sheet.ends),
            logs: std::mem::take(&mut self.sheet.logs),
        }
    }
}

/// The rows, leaving room for as many: packets of one kind give about as many each.
fn hand_over(rows: &mut Vec<u64>) -> Vec<u64> {
    /// More than this is not kept room for.
    const MOST: usize = 1 << 14;
    let room = Vec::with_capacity(rows.len().min(MOST));
    std::mem::replace(rows, room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wit::Level;
    use antigravity_abi::{MAX_STRING, Span};

    /// Repeats the body in every place where an adapter may say something to people.
    #[derive(Default)]
    struct Parrot;

    impl Adapter for Parrot {
        fn contract() -> Contract {
            crate::contract("parrot", "0.1.0", crate::Profile::AutoPush)
        }

        fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
            sheet.bad_row(packet.text());
            sheet.log(Level::Info, packet.text());
            Err(bad(packet.text()))
        }
    }

    /// Names its event as the body says.
    #[derive(Default)]
    struct Namer;

    impl Adapter for Namer {
        fn contract() -> Contract {
            crate::contract("namer", "0.1.0", crate::Profile::AutoPush)
        }

        fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
            sheet.define_event(&crate::EventInfo {
                id: "7",
                home: Some(packet.text()),
                ..Default::default()
            });
            Ok(Outcome::Parsed)
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_and_counted() {
        for (len, bad_rows) in [(MAX_STRING, 0), (MAX_STRING + 1, 1)] {
            let body = "x".repeat(len);
            let body_at = Span { start: 0, len: len as u32 };
            let packet = PacketRow { body: body_at, ..PacketRow::default() }.words();
            let answer = Worker::<Namer>::default().parse(body.as_bytes(), &[], &packet);
            let verdict = answer.verdicts.first_chunk().and_then(Verdict::read).unwrap();
            assert_eq!(verdict.bad_rows, bad_rows);
            let longest = std::iter::zip(&answer.ends, std::iter::once(&0).chain(&answer.ends))
                .map(|(end, start)| end - start)
                .max();
            assert_eq!(longest, Some(MAX_STRING as u32));
        }
    }

    #[test]
    fn remarks_are_cut_to_what_the_host_takes() {
        // The limit falls within the last ä that begins before it.
        let body = format!("a{}", "ä".repeat(MAX_STRING));
        let body_at = Span { start: 0, len: body.len() as u32 };
        let packet = PacketRow { body: body_at, ..PacketRow::default() }.words();
        let answer = Worker::<Parrot>::default().parse(body.as_bytes(), &[], &packet);
        let ends: Vec<_> = answer.ends.iter().map(|end| *end as usize).collect();
        assert_eq!(ends, [MAX_STRING - 1, 2 * (MAX_STRING - 1), 3 * (MAX_STRING - 1)]);
        assert!(answer.text.chunks(MAX_STRING - 1).all(|text| body.as_bytes().starts_with(text)));
    }
}
