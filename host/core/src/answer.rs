//! Checking what came back from an adapter: nothing of it is used before.

use antigravity_abi::rows::{MAX_SLOT, PriceRow, Row, RowError, Rows, op};
use antigravity_abi::verdict::VERDICT_WORDS;
use antigravity_abi::{MAX_STRING, Market, NO_TEXT, PriceFormat, Status, Verdict};
use std::ops::Range;

/// A log line of the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    pub packet: u32,
    pub level: Level,
    pub message: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Debug,
    Info,
    Warn,
}

/// An answer as it left the sandbox: anything may be in it.
#[derive(Clone, Debug, Default)]
pub struct RawAnswer {
    /// As words.
    pub verdicts: Vec<u64>,
    pub rows: Vec<u64>,
    pub text: Vec<u8>,
    pub ends: Vec<u32>,
    pub logs: Vec<Log>,
}

/// How much one call may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerLimits {
    /// Words of rows.
    pub rows: usize,
    /// Bytes of text.
    pub text: usize,
    pub logs: usize,
    /// Bytes of one string.
    pub string: usize,
}

impl Default for AnswerLimits {
    /// Eight times what the largest recorded packets need: a CMD368 full of 60 events makes
    /// 2,000 words and 8 kB of text.
    fn default() -> Self {
        Self { rows: 1 << 20, text: 4 << 20, logs: 256, string: MAX_STRING }
    }
}

/// What makes an answer unusable. It counts like a trap.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Fault {
    #[error("{got} words of verdicts for {packets} packets")]
    Verdicts { packets: usize, got: usize },
    #[error("what it says of packet {packet} is no verdict")]
    Verdict { packet: usize },
    #[error("the answer has {got} {what}, its limit is {limit}")]
    TooLarge { what: &'static str, got: usize, limit: usize },
    #[error("the string table is not UTF-8 cut at character boundaries")]
    Text,
    #[error("reference to string {0}, which is not in the table")]
    NoSuchText(u32),
    #[error("verdict {packet} ends at word {end}, which is not the end of a row")]
    RowsEnd { packet: usize, end: u32 },
    #[error("packet {packet}: {error}")]
    Row { packet: usize, error: RowError },
    #[error("packet {packet}: reference to {what} {slot}, which was not named before")]
    NoSuchSlot { packet: usize, what: &'static str, slot: u32 },
    #[error("packet {packet}: a {market} market has no selection `{selection}`")]
    Selection { packet: usize, market: Market, selection: &'static str },
    #[error("packet {packet}: line {slot} was named again as another market")]
    Renamed { packet: usize, slot: u32 },
    #[error("a log line names packet {0}, which is not in the batch")]
    Log(u32),
}

/// An answer whose every index, code and text was checked against its packets and against what the
/// instance named before.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    packets: Vec<Reading>,
    rows: Vec<u64>,
    text: String,
    ends: Vec<u32>,
    logs: Vec<Log>,
    /// Offsets of price rows whose price the contract does not allow.
    bad: Vec<u32>,
}

/// One packet's part of an [`Answer`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub verdict: Verdict,
    pub rows: Range<usize>,
    /// Price and removal rows that can be used.
    pub good: u32,
    /// Rows that cannot: the adapter's own count and prices outside their range.
    pub bad: u32,
}

impl Reading {
    /// It was read, but no row of it can be used: such a packet is rejected. One with a good row,
    /// or with none at all, is parsed.
    pub fn all_bad(&self) -> bool {
        self.verdict.fate == antigravity_abi::Fate::Parsed && self.good == 0 && self.bad > 0
    }
}

impl Answer {
    pub fn packets(&self) -> &[Reading] {
        &self.packets
    }

    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The rows of one packet, each with whether its price may be used.
    #[inline]
    pub fn rows<'a>(&'a self, reading: &Reading) -> impl Iterator<Item = (Row, bool)> + 'a {
        let mut at = reading.rows.start;
        let bad = &self.bad;
        let words = self.rows.get(reading.rows.clone()).unwrap_or(&[]);
        Rows::new(words).flatten().map(move |row| {
            let here = at;
            at += row_words(&row);
            (row, bad.is_empty() || bad.binary_search(&(here as u32)).is_err())
        })
    }

    /// A string of the table; empty for an index that was not checked.
    pub fn text(&self, index: u32) -> &str {
        let i = index as usize;
        let start = if i == 0 { 0 } else { self.ends.get(i - 1).copied().unwrap_or(0) as usize };
        let end = self.ends.get(i).copied().unwrap_or(0) as usize;
        self.text.get(start..end).unwrap_or("")
    }
}

const fn row_words(row: &Row) -> usize {
    match row {
        Row::Event(_) => 6,
        Row::Line(_) => 8,
        Row::Price(_) => 3,
        Row::RemoveLine(_) | Row::RemoveEvent(_) | Row::RemoveAll => 1,
        Row::SnapshotBegin(_) | Row::SnapshotEnd(_) | Row::Gap(_) => 2,
    }
}

/// Checks the answers of one instance, in order; remembers what it named.
#[derive(Clone, Debug)]
pub struct Checker {
    limits: AnswerLimits,
    /// Bits by the formats' codes.
    formats: u8,
    events: u32,
    /// Market of each line, with its selections as bits.
    lines: Vec<(Market, u16)>,
}

impl Checker {
    /// For a fresh instance of an adapter whose contract declares these price formats.
    pub fn new(limits: AnswerLimits, formats: &[PriceFormat]) -> Self {
        let formats = formats.iter().fold(0, |bits, format| bits | 1 << format.code());
        Self { limits, formats, events: 0, lines: Vec::new() }
    }

    /// # Errors
    /// [`Fault`]: the first thing that is wrong. The instance is then not to be trusted any more,
    /// nor is this checker.
    pub fn check(&mut self, packets: usize, raw: RawAnswer) -> Result<Answer, Fault> {
        self.check_sizes(packets, &raw)?;
        let text = check_text(raw.text, &raw.ends, self.limits.string)?;
        let known = |index: u32| index == NO_TEXT || (index as usize) < raw.ends.len();
        for log in &raw.logs {
            if log.packet as usize >= packets {
                return Err(Fault::Log(log.packet));
            }
            if log.message == NO_TEXT || !known(log.message) {
                return Err(Fault::NoSuchText(log.message));
            }
        }
        let mut answer = Answer {
            packets: Vec::with_capacity(packets),
            rows: Vec::new(),
            text,
            ends: Vec::new(),
            logs: raw.logs,
            bad: Vec::new(),
        };
        let mut start = 0usize;
        for (packet, words) in raw.verdicts.as_chunks().0.iter().enumerate() {
            let verdict = Verdict::read(words).ok_or(Fault::Verdict { packet })?;
            let end = verdict.rows_end as usize;
            let Some(words) = raw.rows.get(start..end) else {
                return Err(Fault::RowsEnd { packet, end: verdict.rows_end });
            };
            if !known(verdict.detail) {
                return Err(Fault::NoSuchText(verdict.detail));
            }
            let (good, bad) = self.check_rows(packet, start, words, raw.ends.len(), &mut answer.bad)?;
            let bad = bad.saturating_add(verdict.bad_rows);
            answer.packets.push(Reading { verdict, rows: start..end, good, bad });
            start = end;
        }
        if start != raw.rows.len() {
            return Err(Fault::RowsEnd { packet: packets, end: start as u32 });
        }
        answer.rows = raw.rows;
        answer.ends = raw.ends;
        Ok(answer)
    }

    fn check_sizes(&self, packets: usize, raw: &RawAnswer) -> Result<(), Fault> {
        if raw.verdicts.len() != packets * VERDICT_WORDS {
            return Err(Fault::Verdicts { packets, got: raw.verdicts.len() });
        }
        let limits = &self.limits;
        for (what, got, limit) in [
            ("words of rows", raw.rows.len(), limits.rows),
            ("bytes of text", raw.text.len(), limits.text),
            ("strings", raw.ends.len(), limits.rows),
            ("log lines", raw.logs.len(), limits.logs),
        ] {
            if got > limit {
                return Err(Fault::TooLarge { what, got, limit });
            }
        }
        Ok(())
    }

    fn check_rows(
        &mut self,
        packet: usize,
        start: usize,
        words: &[u64],
        texts: usize,
        bad_at: &mut Vec<u32>,
    ) -> Result<(u32, u32), Fault> {
        let (mut good, mut bad) = (0, 0);
        let mut rest = words;
        while let Some(first) = rest.first() {
            let at = start + words.len() - rest.len();
            // Nearly all rows are prices.
            if *first as u8 == op::PRICE {
                let Some((row, after)) = rest.split_first_chunk::<3>() else {
                    return Err(Fault::Row { packet, error: RowError::Truncated });
                };
                rest = after;
                if self.check_price(packet, row)? {
                    good += 1;
                } else {
                    bad += 1;
                    bad_at.push(at as u32);
                }
                continue;
            }
            let row = match Rows::new(rest).next() {
                Some(Ok(row)) => row,
                Some(Err(error)) => return Err(Fault::Row { packet, error }),
                None => break,
            };
            rest = rest.get(row_words(&row)..).unwrap_or(&[]);
            good += u32::from(matches!(row, Row::RemoveLine(_) | Row::RemoveEvent(_) | Row::RemoveAll));
            self.check_definition(packet, &row, texts)?;
        }
        Ok((good, bad))
    }

    /// Whether its price may be used.
    #[inline]
    fn check_price(&self, packet: usize, row: &[u64; 3]) -> Result<bool, Fault> {
        let price = PriceRow::read(row).map_err(|error| Fault::Row { packet, error })?;
        let Some(&(market, selections)) = self.lines.get(price.line as usize) else {
            return Err(Fault::NoSuchSlot { packet, what: "line", slot: price.line });
        };
        if selections & (1 << price.selection.code()) == 0 {
            return Err(Fault::Selection { packet, market, selection: price.selection.name() });
        }
        let allowed = match price.price {
            Some((format, value)) => self.formats & (1 << format.code()) != 0 && format.contains(value),
            None => price.status != Status::Open,
        };
        Ok(allowed && price.size.is_none_or(|size| !size.is_negative()))
    }

    fn check_definition(&mut self, packet: usize, row: &Row, texts: usize) -> Result<(), Fault> {
        let text = |index: Option<u32>| match index {
            Some(index) if index as usize >= texts => Err(Fault::NoSuchText(index)),
            _ => Ok(()),
        };
        let no = |what, slot| Err(Fault::NoSuchSlot { packet, what, slot });
        match row {
            Row::Event(event) => {
                for index in
                    [event.sport, event.competition, event.title, event.home, event.away, event.score]
                {
                    text(index)?;
                }
                text(Some(event.id))?;
                // A new slot is the next number, so that the host's tables stay dense.
                match event.slot {
                    slot if slot < self.events => {}
                    slot if slot == self.events && slot < MAX_SLOT => self.events += 1,
                    slot => return no("event", slot),
                }
            }
            Row::Line(line) => {
                for index in [line.runner, line.other, line.currency, Some(line.market_id)] {
                    text(index)?;
                }
                if line.event >= self.events {
                    return no("event", line.event);
                }
                match self.lines.get(line.slot as usize) {
                    Some((market, _)) if *market == line.market => {}
                    Some(_) => return Err(Fault::Renamed { packet, slot: line.slot }),
                    None if line.slot as usize == self.lines.len() => {
                        self.lines.push((line.market, line.market.selection_bits()));
                    }
                    None => return no("line", line.slot),
                }
                let named = line.other.is_some() == (line.market == Market::Other);
                if !named || (line.market.needs_line() && line.line.is_none()) {
                    return Err(Fault::Row { packet, error: RowError::Field("line") });
                }
            }
            Row::RemoveLine(slot) if *slot as usize >= self.lines.len() => return no("line", *slot),
            Row::RemoveEvent(slot) if *slot >= self.events => return no("event", *slot),
            _ => {}
        }
        Ok(())
    }
}

fn check_text(bytes: Vec<u8>, ends: &[u32], longest: usize) -> Result<String, Fault> {
    let text = String::from_utf8(bytes).map_err(|_| Fault::Text)?;
    let mut start = 0usize;
    for &end in ends {
        let end = end as usize;
        if end < start || !text.is_char_boundary(end) || end > text.len() {
            return Err(Fault::Text);
        }
        if end - start > longest {
            return Err(Fault::TooLarge { what: "bytes in one string", got: end - start, limit: longest });
        }
        start = end;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use antigravity_abi::rows::{EventRow, LineRow};
    use antigravity_abi::{Decimal, Fate, Period, Reason, Selection, Side};
    use proptest::prelude::*;

    fn verdict(rows_end: usize) -> Verdict {
        Verdict {
            fate: Fate::Parsed,
            reason: Reason::None,
            detail: NO_TEXT,
            rows_end: rows_end as u32,
            bad_rows: 0,
            snapshot_complete: false,
        }
    }

    fn event(slot: u32) -> EventRow {
        EventRow {
            slot,
            id: 0,
            sport: None,
            competition: None,
            title: None,
            home: None,
            away: None,
            score: None,
            starts_at: None,
            in_play: false,
        }
    }

    fn line(slot: u32, market: Market) -> LineRow {
        LineRow {
            slot,
            event: 0,
            market,
            period: Period::FULL_TIME,
            market_id: 0,
            runner: None,
            other: None,
            currency: None,
            line: market.needs_line().then_some(Decimal::ZERO),
            min_stake: None,
            max_stake: None,
            scope: 0,
        }
    }

    fn price(selection: Selection, value: &str) -> PriceRow {
        let value = value.parse().unwrap();
        PriceRow {
            line: 0,
            selection,
            side: Side::Back,
            level: 1,
            status: Status::Open,
            price: Some((PriceFormat::Malay, value)),
            size: None,
        }
    }

    fn raw(build: impl FnOnce(&mut Vec<u64>)) -> RawAnswer {
        let mut rows = Vec::new();
        build(&mut rows);
        RawAnswer {
            verdicts: verdict(rows.len()).words().to_vec(),
            rows,
            text: b"id".to_vec(),
            ends: vec![2],
            logs: vec![],
        }
    }

    fn checker() -> Checker {
        Checker::new(AnswerLimits::default(), &[PriceFormat::Malay])
    }

    #[test]
    fn a_price_outside_its_range_is_a_bad_row_and_costs_no_other() {
        let answer = checker().check(
            1,
            raw(|rows| {
                event(0).write(rows);
                line(0, Market::AsianHandicap).write(rows);
                price(Selection::Home, "0.95").write(rows);
                price(Selection::Away, "1.95").write(rows);
            }),
        );
        let answer = answer.unwrap();
        let reading = &answer.packets()[0];
        assert_eq!((reading.good, reading.bad), (1, 1));
        let usable: Vec<bool> = answer.rows(reading).map(|(_, usable)| usable).collect();
        assert_eq!(usable, [true, true, true, false]);
    }

    #[test]
    fn lies_are_faults() {
        let cases: Vec<(RawAnswer, &str)> = vec![
            (raw(|rows| price(Selection::Home, "0.95").write(rows)), "line 0, which was not named"),
            (raw(|rows| event(5).write(rows)), "event 5, which was not named"),
            (raw(|rows| line(0, Market::Total).write(rows)), "event 0, which was not named"),
            (
                raw(|rows| {
                    event(0).write(rows);
                    line(0, Market::Total).write(rows);
                    price(Selection::Home, "0.95").write(rows);
                }),
                "no selection `home`",
            ),
            (raw(|rows| EventRow { id: 7, ..event(0) }.write(rows)), "string 7"),
            (RawAnswer { verdicts: vec![], ..raw(|_| {}) }, "0 words of verdicts for 1"),
            (RawAnswer { verdicts: vec![9, 0], ..raw(|_| {}) }, "packet 0 is no verdict"),
            (RawAnswer { verdicts: verdict(9).words().to_vec(), ..raw(|_| {}) }, "ends at word 9"),
            (RawAnswer { text: vec![0xff, 0xfe], ..raw(|_| {}) }, "not UTF-8"),
            (RawAnswer { ends: vec![3], ..raw(|_| {}) }, "character boundaries"),
            (RawAnswer { ends: vec![2, 1], ..raw(|_| {}) }, "character boundaries"),
            (
                RawAnswer { logs: vec![Log { packet: 1, level: Level::Info, message: 0 }], ..raw(|_| {}) },
                "packet 1, which is not in the batch",
            ),
            (RawAnswer { rows: vec![0; (1 << 20) + 1], ..raw(|_| {}) }, "limit"),
        ];
        for (raw, expected) in cases {
            let fault = checker().check(1, raw).unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault:?} should say {expected:?}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_checked_without_panic(
            rows in prop::collection::vec(any::<u64>(), 0..30),
            text in prop::collection::vec(any::<u8>(), 0..30),
            ends in prop::collection::vec(0u32..40, 0..6),
            end in 0u32..40,
        ) {
            let raw = RawAnswer { verdicts: Verdict { rows_end: end, ..verdict(0) }.words().to_vec(), rows, text, ends, logs: vec![] };
            let _ = checker().check(1, raw);
        }
    }
}
