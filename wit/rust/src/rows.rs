//! The packed rows of an answer: what an adapter read, in 64-bit words.
//!
//! The first word of a row holds its operation in bits 0 to 7; each operation has a fixed length.
//! An adapter names events and lines once, gives each a small number of its own (a slot), and from
//! then on a price costs three words. Slots live as long as the adapter's instance.
//!
//! | row | words |
//! |---|---|
//! | `EVENT` | 0: op, flags (8–15: 1 = in play, 2 = a start is known), slot (32–63) · 1: id, sport · 2: competition, title · 3: home, away · 4: score · 5: start in ns since 1970 |
//! | `LINE` | 0: op, market (8–15), period kind (16–23), period number (24–31), slot (32–63) · 1: event slot, market id · 2: runner, other name · 3: currency · 4: line · 5: least stake · 6: greatest stake · 7: scope |
//! | `PRICE` | 0: op, status (8–11), format (12–15, 0 = no price), selection (16–19), side (20–23), level (24–27), price scale (28–31 and 60–63: see below), line slot (32–59) · 1: price mantissa · 2: size |
//! | `REMOVE_LINE`, `REMOVE_EVENT` | 0: op, slot (32–63) |
//! | `SNAPSHOT_BEGIN`, `SNAPSHOT_END`, `GAP` | 0: op · 1: scope |
//! | `REMOVE_ALL` | 0: op |
//!
//! Two strings in one word: the first in bits 0–31, the second in bits 32–63; [`crate::NO_TEXT`] is
//! none. A decimal in one word: mantissa (signed) in bits 8–63, scale in bits 0–7, 255 = none.

use crate::codes::{Market, Period, PeriodKind, PriceFormat, Selection, Side, Status};
use crate::{Decimal, NO_TEXT};

pub mod op {
    pub const EVENT: u8 = 1;
    pub const LINE: u8 = 2;
    pub const PRICE: u8 = 3;
    pub const REMOVE_LINE: u8 = 4;
    pub const REMOVE_EVENT: u8 = 5;
    pub const SNAPSHOT_BEGIN: u8 = 6;
    pub const SNAPSHOT_END: u8 = 7;
    pub const GAP: u8 = 8;
    pub const REMOVE_ALL: u8 = 9;
}

/// Slots have 28 bits.
pub const MAX_SLOT: u32 = (1 << 28) - 1;

/// Deepest level that is quoted.
pub const LEVELS: u8 = 3;

const DECIMAL_NONE: u64 = 255;
const IN_PLAY: u64 = 1;
const STARTS: u64 = 2;

/// Index into the string table; `None` is [`NO_TEXT`].
pub type Text = Option<u32>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRow {
    pub slot: u32,
    pub id: u32,
    pub sport: Text,
    pub competition: Text,
    pub title: Text,
    pub home: Text,
    pub away: Text,
    pub score: Text,
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub starts_at: Option<i64>,
    pub in_play: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRow {
    pub slot: u32,
    pub event: u32,
    pub market: Market,
    pub period: Period,
    pub market_id: u32,
    pub runner: Text,
    /// The name behind `other:`.
    pub other: Text,
    pub currency: Text,
    pub line: Option<Decimal>,
    pub min_stake: Option<Decimal>,
    pub max_stake: Option<Decimal>,
    /// The snapshot this line belongs to; the adapter's own number, the same after a restart.
    pub scope: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// Slot of the line.
    pub line: u32,
    pub selection: Selection,
    pub side: Side,
    /// 1 is best.
    pub level: u8,
    pub status: Status,
    pub price: Option<(PriceFormat, Decimal)>,
    pub size: Option<Decimal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Event(EventRow),
    Line(LineRow),
    Price(PriceRow),
    RemoveLine(u32),
    RemoveEvent(u32),
    /// From here to the end every line of the scope that still stands is named again.
    SnapshotBegin(u64),
    /// What the scope held before and was not named since the beginning is gone.
    SnapshotEnd(u64),
    /// Something of this scope was missed: its quotes are stale until its next snapshot.
    Gap(u64),
    /// Everything of this worker is gone: another session, a log-out.
    RemoveAll,
}

/// Why a row cannot be read. Any of these makes the whole answer faulty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    UnknownOperation(u8),
    /// The words end within a row.
    Truncated,
    /// A code or number outside its list or range; names the field.
    Field(&'static str),
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownOperation(op) => write!(f, "unknown row operation {op}"),
            Self::Truncated => f.write_str("the rows end within a row"),
            Self::Field(field) => write!(f, "bad value in field `{field}` of a row"),
        }
    }
}

impl std::error::Error for RowError {}

/// Words of a row with this operation.
#[inline]
pub const fn row_len(operation: u8) -> Option<usize> {
    Some(match operation {
        op::EVENT => 6,
        op::LINE => 8,
        op::PRICE => 3,
        op::REMOVE_LINE | op::REMOVE_EVENT | op::REMOVE_ALL => 1,
        op::SNAPSHOT_BEGIN | op::SNAPSHOT_END | op::GAP => 2,
        _ => return None,
    })
}

#[inline]
fn pack_decimal(value: Option<Decimal>) -> u64 {
    match value {
        // 18 digits need 60 bits and a sign; the writer keeps to 56 bits, so it shortens nothing
        // but numbers no stake or size ever has.
        Some(d) if fits(d) => ((d.mantissa() as u64) << 8) | u64::from(d.scale()),
        _ => DECIMAL_NONE,
    }
}

#[inline]
const fn fits(d: Decimal) -> bool {
    d.mantissa() < (1 << 55) && d.mantissa() >= -(1 << 55)
}

#[inline]
fn unpack_decimal(word: u64, field: &'static str) -> Result<Option<Decimal>, RowError> {
    let scale = (word & 0xff) as u8;
    if scale == 255 {
        return Ok(None);
    }
    Decimal::new((word as i64) >> 8, scale).map(Some).ok_or(RowError::Field(field))
}

#[inline]
fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) | (u64::from(second) << 32)
}

#[inline]
const fn text(index: u32) -> Text {
    if index == NO_TEXT { None } else { Some(index) }
}

#[inline]
fn or_none(text: Text) -> u32 {
    text.unwrap_or(NO_TEXT)
}

impl EventRow {
    pub fn write(&self, out: &mut Vec<u64>) {
        let flags = (u64::from(self.in_play) * IN_PLAY) | (u64::from(self.starts_at.is_some()) * STARTS);
        out.extend_from_slice(&[
            u64::from(op::EVENT) | (flags << 8) | (u64::from(self.slot) << 32),
            pair(self.id, or_none(self.sport)),
            pair(or_none(self.competition), or_none(self.title)),
            pair(or_none(self.home), or_none(self.away)),
            pair(or_none(self.score), NO_TEXT),
            self.starts_at.unwrap_or(0) as u64,
        ]);
    }
}

impl LineRow {
    pub fn write(&self, out: &mut Vec<u64>) {
        out.extend_from_slice(&[
            u64::from(op::LINE)
                | (u64::from(self.market.code()) << 8)
                | (u64::from(self.period.kind().code()) << 16)
                | (u64::from(self.period.number()) << 24)
                | (u64::from(self.slot) << 32),
            pair(self.event, self.market_id),
            pair(or_none(self.runner), or_none(self.other)),
            pair(or_none(self.currency), NO_TEXT),
            pack_decimal(self.line),
            pack_decimal(self.min_stake),
            pack_decimal(self.max_stake),
            self.scope,
        ]);
    }
}

impl PriceRow {
    #[inline]
    pub fn write(&self, out: &mut Vec<u64>) {
        let (format, mantissa, scale) = match self.price {
            Some((format, value)) => (format.code(), value.mantissa(), value.scale()),
            None => (0, 0, 0),
        };
        out.extend_from_slice(&[
            u64::from(op::PRICE)
                | (u64::from(self.status.code()) << 8)
                | (u64::from(format) << 12)
                | (u64::from(self.selection.code()) << 16)
                | (u64::from(self.side.code()) << 20)
                | (u64::from(self.level) << 24)
                | (u64::from(scale & 15) << 28)
                | (u64::from(self.line) << 32)
                | (u64::from(scale >> 4) << 60),
            mantissa as u64,
            pack_decimal(self.size),
        ]);
    }
}

/// Writes a row that is only an operation and a slot.
pub fn write_slot(operation: u8, slot: u32, out: &mut Vec<u64>) {
    out.push(u64::from(operation) | (u64::from(slot) << 32));
}

/// Writes a row that is an operation and a scope.
pub fn write_scope(operation: u8, scope: u64, out: &mut Vec<u64>) {
    out.extend_from_slice(&[u64::from(operation), scope]);
}

/// Reads rows, checking every field's range; indexes into the string table are the caller's to check.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    words: &'a [u64],
}

impl<'a> Rows<'a> {
    pub const fn new(words: &'a [u64]) -> Self {
        Self { words }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, RowError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let first = *self.words.first()?;
        let operation = (first & 0xff) as u8;
        let Some(len) = row_len(operation) else {
            self.words = &[];
            return Some(Err(RowError::UnknownOperation(operation)));
        };
        let Some((row, rest)) = self.words.split_at_checked(len) else {
            self.words = &[];
            return Some(Err(RowError::Truncated));
        };
        self.words = rest;
        Some(read(operation, row))
    }
}

#[inline]
fn slot_of(word: u64, field: &'static str) -> Result<u32, RowError> {
    let slot = (word >> 32) as u32;
    if slot > MAX_SLOT { Err(RowError::Field(field)) } else { Ok(slot) }
}

#[inline]
fn read(operation: u8, row: &[u64]) -> Result<Row, RowError> {
    match operation {
        op::PRICE => match row.first_chunk::<3>() {
            Some(row) => PriceRow::read(row).map(Row::Price),
            None => Err(RowError::Truncated),
        },
        op::EVENT => read_event(row),
        op::LINE => read_line(row),
        op::REMOVE_LINE => Ok(Row::RemoveLine(slot_of(row[0], "slot")?)),
        op::REMOVE_EVENT => Ok(Row::RemoveEvent(slot_of(row[0], "slot")?)),
        op::SNAPSHOT_BEGIN => Ok(Row::SnapshotBegin(row[1])),
        op::SNAPSHOT_END => Ok(Row::SnapshotEnd(row[1])),
        op::GAP => Ok(Row::Gap(row[1])),
        _ => Ok(Row::RemoveAll),
    }
}

impl PriceRow {
    /// Reads the three words of a `PRICE` row.
    ///
    /// # Errors
    /// [`RowError::Field`] where a code or number is outside its list or range.
    #[inline]
    pub fn read(row: &[u64; 3]) -> Result<Self, RowError> {
        let first = row[0];
        let nibble = |shift: u32| ((first >> shift) & 15) as u8;
        let status = Status::from_code(nibble(8)).ok_or(RowError::Field("status"))?;
        let selection = Selection::from_code(nibble(16)).ok_or(RowError::Field("selection"))?;
        let side = Side::from_code(nibble(20)).ok_or(RowError::Field("side"))?;
        let level = nibble(24);
        if level == 0 || level > LEVELS {
            return Err(RowError::Field("level"));
        }
        let price = match nibble(12) {
            0 => None,
            code => {
                let format = PriceFormat::from_code(code).ok_or(RowError::Field("format"))?;
                let scale = nibble(28) | (nibble(60) << 4);
                let value = Decimal::new(row[1] as i64, scale).ok_or(RowError::Field("price"))?;
                Some((format, value))
            }
        };
        Ok(Self {
            line: ((first >> 32) & u64::from(MAX_SLOT)) as u32,
            selection,
            side,
            level,
            status,
            price,
            size: unpack_decimal(row[2], "size")?,
        })
    }
}

fn read_event(row: &[u64]) -> Result<Row, RowError> {
    let flags = (row[0] >> 8) & 0xff;
    if flags & !(IN_PLAY | STARTS) != 0 {
        return Err(RowError::Field("flags"));
    }
    let id = row[1] as u32;
    if id == NO_TEXT {
        return Err(RowError::Field("id"));
    }
    Ok(Row::Event(EventRow {
        slot: slot_of(row[0], "slot")?,
        id,
        sport: text((row[1] >> 32) as u32),
        competition: text(row[2] as u32),
        title: text((row[2] >> 32) as u32),
        home: text(row[3] as u32),
        away: text((row[3] >> 32) as u32),
        score: text(row[4] as u32),
        starts_at: (flags & STARTS != 0).then_some(row[5] as i64),
        in_play: flags & IN_PLAY != 0,
    }))
}

fn read_line(row: &[u64]) -> Result<Row, RowError> {
    let byte = |shift: u32| ((row[0] >> shift) & 0xff) as u8;
    let kind = PeriodKind::from_code(byte(16)).ok_or(RowError::Field("period"))?;
    let market_id = (row[1] >> 32) as u32;
    if market_id == NO_TEXT {
        return Err(RowError::Field("market_id"));
    }
    let event = row[1] as u32;
    if event > MAX_SLOT {
        return Err(RowError::Field("event"));
    }
    Ok(Row::Line(LineRow {
        slot: slot_of(row[0], "slot")?,
        event,
        market: Market::from_code(byte(8)).ok_or(RowError::Field("market"))?,
        period: Period::new(kind, byte(24)).ok_or(RowError::Field("period"))?,
        market_id,
        runner: text(row[2] as u32),
        other: text((row[2] >> 32) as u32),
        currency: text(row[3] as u32),
        line: unpack_decimal(row[4], "line")?,
        min_stake: unpack_decimal(row[5], "min_stake")?,
        max_stake: unpack_decimal(row[6], "max_stake")?,
        scope: row[7],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line() -> LineRow {
        LineRow {
            slot: 7,
            event: 3,
            market: Market::AsianHandicap,
            period: Period::FIRST_HALF,
            market_id: 11,
            runner: None,
            other: None,
            currency: Some(2),
            line: "-0.25".parse().ok(),
            min_stake: None,
            max_stake: "500".parse().ok(),
            scope: u64::MAX,
        }
    }

    proptest! {
        #[test]
        fn price_rows_round_trip(
            slot in 0..=MAX_SLOT, level in 1u8..=3, mantissa in -999_999_999_999_999_999i64..=999_999_999_999_999_999,
            scale in 0u8..=18, sel in 1u8..=13, lay in any::<bool>(), size in proptest::option::of(0i64..1 << 50),
        ) {
            let row = PriceRow {
                line: slot,
                selection: Selection::from_code(sel).unwrap(),
                side: if lay { Side::Lay } else { Side::Back },
                level,
                status: Status::Open,
                price: Some((PriceFormat::Malay, Decimal::new(mantissa, scale).unwrap())),
                size: size.map(|m| Decimal::new(m, 2).unwrap()),
            };
            let mut words = Vec::new();
            row.write(&mut words);
            let read: Vec<_> = Rows::new(&words).collect();
            prop_assert_eq!(read, vec![Ok(Row::Price(row))]);
        }

        #[test]
        fn any_words_are_read_or_refused(words in proptest::collection::vec(any::<u64>(), 0..40)) {
            let n = Rows::new(&words).count();
            prop_assert!(n <= words.len());
        }
    }

    #[test]
    fn definitions_round_trip() {
        let event = EventRow {
            slot: 3,
            id: 0,
            sport: Some(1),
            competition: None,
            title: None,
            home: Some(2),
            away: Some(3),
            score: None,
            starts_at: Some(-1),
            in_play: true,
        };
        let mut words = Vec::new();
        event.write(&mut words);
        line().write(&mut words);
        write_slot(op::REMOVE_LINE, 7, &mut words);
        write_scope(op::SNAPSHOT_END, 9, &mut words);
        let rows: Result<Vec<_>, _> = Rows::new(&words).collect();
        assert_eq!(
            rows.unwrap(),
            vec![Row::Event(event), Row::Line(line()), Row::RemoveLine(7), Row::SnapshotEnd(9)]
        );
    }

    #[test]
    fn a_cut_row_is_an_error() {
        let mut words = Vec::new();
        line().write(&mut words);
        words.pop();
        assert_eq!(Rows::new(&words).next(), Some(Err(RowError::Truncated)));
        assert_eq!(Rows::new(&[0xff]).next(), Some(Err(RowError::UnknownOperation(0xff))));
    }

    #[test]
    fn operations_are_the_published_ones() {
        let layout = include_str!("../../0.1/LAYOUT.md");
        for (operation, name) in [
            (op::EVENT, "event"),
            (op::LINE, "line"),
            (op::PRICE, "price"),
            (op::REMOVE_LINE, "remove line"),
            (op::REMOVE_EVENT, "remove event"),
            (op::SNAPSHOT_BEGIN, "snapshot begins"),
            (op::SNAPSHOT_END, "snapshot ends"),
            (op::GAP, "gap"),
            (op::REMOVE_ALL, "remove all"),
        ] {
            let row = format!("| {operation} | {name} | {} |", row_len(operation).unwrap());
            assert!(layout.contains(&row), "LAYOUT.md has no `{row}`");
        }
    }
}
