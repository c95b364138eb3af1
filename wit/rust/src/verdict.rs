//! The words that say what became of a packet.

use crate::{Fate, Reason};

/// What an adapter says of one packet: `answer.verdicts` holds [`VERDICT_WORDS`] words of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub fate: Fate,
    pub reason: Reason,
    /// String for people, or [`crate::NO_TEXT`].
    pub detail: u32,
    /// Where the packet's rows end, in words of `answer.rows`.
    pub rows_end: u32,
    /// Rows of the body that could not be read; the good ones still count.
    pub bad_rows: u32,
    /// Nothing before this packet is needed to rebuild the adapter's state.
    pub snapshot_complete: bool,
}

/// Words of one verdict.
pub const VERDICT_WORDS: usize = 2;

const COMPLETE: u64 = 1 << 16;

impl Verdict {
    pub const fn words(&self) -> [u64; VERDICT_WORDS] {
        let complete = if self.snapshot_complete { COMPLETE } else { 0 };
        let codes = self.fate.code() as u64 | ((self.reason.code() as u64) << 8) | complete;
        [codes | ((self.detail as u64) << 32), self.rows_end as u64 | ((self.bad_rows as u64) << 32)]
    }

    /// `None` where a code is none, or a bit is set that means nothing.
    #[allow(clippy::cast_possible_truncation)] // fields of words
    pub fn read(words: &[u64; VERDICT_WORDS]) -> Option<Self> {
        let [codes, rows] = *words;
        if codes & 0xfffe_0000 != 0 {
            return None;
        }
        Some(Self {
            fate: Fate::from_code(codes as u8)?,
            reason: Reason::from_code((codes >> 8) as u8)?,
            detail: (codes >> 32) as u32,
            rows_end: rows as u32,
            bad_rows: (rows >> 32) as u32,
            snapshot_complete: codes & COMPLETE != 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_they_say() {
        let verdict = Verdict {
            fate: Fate::Ignored,
            reason: Reason::StaleCursor,
            detail: u32::MAX,
            rows_end: 24,
            bad_rows: 2,
            snapshot_complete: true,
        };
        assert_eq!(verdict.words(), [0xffff_ffff_0001_0301, 0x0000_0002_0000_0018]);
        assert_eq!(Verdict::read(&verdict.words()), Some(verdict));
    }

    #[test]
    fn what_means_nothing_is_no_verdict() {
        for codes in [4, 12 << 8, 1 << 17, 1 << 31] {
            assert_eq!(Verdict::read(&[codes, 0]), None, "{codes:#x}");
        }
    }
}
