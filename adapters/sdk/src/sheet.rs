//! The sheet: what an adapter read, as packed rows over a string table.

use crate::wit::{Level, Log};
use antigravity_abi::rows::{EventRow, LineRow, PriceRow, op, write_scope, write_slot};
use antigravity_abi::{Decimal, MAX_STRING, Market, NO_TEXT, Period, PriceFormat, Selection, Side, Status};

/// An event of this adapter. Valid as long as the adapter's instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event(u32);

/// One line of one market of an event. Valid as long as the adapter's instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line(u32);

/// What is known of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventInfo<'a> {
    /// The provider's own id.
    pub id: &'a str,
    pub sport: Option<&'a str>,
    pub competition: Option<&'a str>,
    pub title: Option<&'a str>,
    pub home: Option<&'a str>,
    pub away: Option<&'a str>,
    /// `1-0`: home, away.
    pub score: Option<&'a str>,
    /// Kick-off in nanoseconds since 1970-01-01T00:00:00Z.
    pub starts_at: Option<i64>,
    pub in_play: bool,
}

/// What makes a line of a market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSpec<'a> {
    /// The provider's own id.
    pub market_id: &'a str,
    pub market: Market,
    pub period: Period,
    /// Handicap from the home side's view; points of a total.
    pub line: Option<Decimal>,
    pub runner: Option<&'a str>,
    /// The name of a market of kind `Other`.
    pub other: Option<&'a str>,
    pub currency: Option<&'a str>,
    pub min_stake: Option<Decimal>,
    pub max_stake: Option<Decimal>,
    /// The snapshot the line belongs to; a number that means the same after a restart.
    pub scope: u64,
}

impl<'a> LineSpec<'a> {
    pub const fn new(market_id: &'a str, market: Market, period: Period) -> Self {
        Self {
            market_id,
            market,
            period,
            line: None,
            runner: None,
            other: None,
            currency: None,
            min_stake: None,
            max_stake: None,
            scope: 0,
        }
    }

    #[must_use]
    pub const fn line(mut self, line: Decimal) -> Self {
        self.line = Some(line);
        self
    }

    #[must_use]
    pub const fn runner(mut self, runner: &'a str) -> Self {
        self.runner = Some(runner);
        self
    }

    #[must_use]
    pub const fn other(mut self, name: &'a str) -> Self {
        self.other = Some(name);
        self
    }

    #[must_use]
    pub const fn scope(mut self, scope: u64) -> Self {
        self.scope = scope;
        self
    }

    #[must_use]
    pub const fn max_stake(mut self, max: Option<Decimal>) -> Self {
        self.max_stake = max;
        self
    }
}

/// The scope of what the provider calls by this name: the same number on every machine and after every
/// restart (FNV-1a, 64 bits).
pub fn scope_of(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What an adapter read from the packets of one call.
#[derive(Debug, Default)]
pub struct Sheet {
    next_event: u32,
    next_line: u32,
    packet: u32,
    pub(crate) rows: Vec<u64>,
    pub(crate) text: Vec<u8>,
    pub(crate) ends: Vec<u32>,
    pub(crate) logs: Vec<Log>,
    pub(crate) bad_rows: u32,
    pub(crate) first_problem: u32,
    pub(crate) snapshot_complete: bool,
}

impl Sheet {
    pub(crate) fn begin_packet(&mut self, packet: u32) {
        self.packet = packet;
        self.bad_rows = 0;
        self.first_problem = NO_TEXT;
        self.snapshot_complete = false;
    }

    /// Index of a text in the string table. One that is longer than the host takes, which would
    /// refuse the whole answer for it, is cut off and counted as a bad row.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if text.len() > MAX_STRING {
            self.bad_row("a text of more than 4,096 bytes");
        }
        self.intern_remark(text)
    }

    /// As [`Self::intern`], for a text that only people read.
    #[allow(clippy::cast_possible_truncation)] // a guest has less than 4 GiB of memory
    pub(crate) fn intern_remark(&mut self, text: &str) -> u32 {
        let text = &text[..text.floor_char_boundary(MAX_STRING)];
        self.text.extend_from_slice(text.as_bytes());
        self.ends.push(self.text.len() as u32);
        (self.ends.len() - 1) as u32
    }

    fn intern_opt(&mut self, text: Option<&str>) -> Option<u32> {
        text.map(|text| self.intern(text))
    }

    /// Names a new event.
    pub fn define_event(&mut self, info: &EventInfo<'_>) -> Event {
        let event = Event(self.next_event);
        self.next_event += 1;
        self.update_event(event, info);
        event
    }

    /// Says what is now known of an event.
    pub fn update_event(&mut self, event: Event, info: &EventInfo<'_>) {
        let row = EventRow {
            slot: event.0,
            id: self.intern(info.id),
            sport: self.intern_opt(info.sport),
            competition: self.intern_opt(info.competition),
            title: self.intern_opt(info.title),
            home: self.intern_opt(info.home),
            away: self.intern_opt(info.away),
            score: self.intern_opt(info.score),
            starts_at: info.starts_at,
            in_play: info.in_play,
        };
        row.write(&mut self.rows);
    }

    /// Names a new line of a market.
    pub fn define_line(&mut self, event: Event, spec: &LineSpec<'_>) -> Line {
        let line = Line(self.next_line);
        self.next_line += 1;
        self.update_line(line, event, spec);
        line
    }

    /// Says the stakes of a line again; what identifies it stays the same.
    pub fn update_line(&mut self, line: Line, event: Event, spec: &LineSpec<'_>) {
        let row = LineRow {
            slot: line.0,
            event: event.0,
            market: spec.market,
            period: spec.period,
            market_id: self.intern(spec.market_id),
            runner: self.intern_opt(spec.runner),
            other: self.intern_opt(spec.other),
            currency: self.intern_opt(spec.currency),
            line: spec.line,
            min_stake: spec.min_stake,
            max_stake: spec.max_stake,
            scope: spec.scope,
        };
        row.write(&mut self.rows);
    }

    /// What a book offers on a selection: its price, or a line shown without one (suspended).
    /// A price outside its format's range is refused by the host and counted as a bad row.
    #[inline]
    pub fn offer(&mut self, line: Line, selection: Selection, format: PriceFormat, price: Option<Decimal>) {
        let status = if price.is_some() { Status::Open } else { Status::Suspended };
        self.quote(line, selection, Side::Back, 1, status, price.map(|p| (format, p)), None);
    }

    /// One quote in full. `level` is 1 to 3, 1 is best; `size` is in the provider's own unit.
    #[inline]
    #[allow(clippy::too_many_arguments)] // one argument a field of the row
    pub fn quote(
        &mut self,
        line: Line,
        selection: Selection,
        side: Side,
        level: u8,
        status: Status,
        price: Option<(PriceFormat, Decimal)>,
        size: Option<Decimal>,
    ) {
        PriceRow { line: line.0, selection, side, level, status, price, size }.write(&mut self.rows);
    }

    /// All quotes of a line are gone.
    pub fn remove_line(&mut self, line: Line) {
        write_slot(op::REMOVE_LINE, line.0, &mut self.rows);
    }

    /// All quotes of an event are gone.
    pub fn remove_event(&mut self, event: Event) {
        write_slot(op::REMOVE_EVENT, event.0, &mut self.rows);
    }

    /// From here to [`Self::snapshot_end`] (also in a later packet) every quote of the scope that
    /// still stands is named again; the others are then gone.
    pub fn snapshot_begin(&mut self, scope: u64) {
        write_scope(op::SNAPSHOT_BEGIN, scope, &mut self.rows);
    }

    pub fn snapshot_end(&mut self, scope: u64) {
        write_scope(op::SNAPSHOT_END, scope, &mut self.rows);
    }

    /// Something of this scope was missed: its quotes stand but are stale until its next snapshot.
    pub fn gap(&mut self, scope: u64) {
        write_scope(op::GAP, scope, &mut self.rows);
    }

    /// Everything this worker quotes is gone.
    pub fn remove_all(&mut self) {
        self.rows.push(u64::from(op::REMOVE_ALL));
    }

    /// Counts a row of the body that could not be read; the others still count.
    pub fn bad_row(&mut self, why: &str) {
        if self.bad_rows == 0 {
            self.first_problem = self.intern_remark(why);
        }
        self.bad_rows += 1;
    }

    /// Says that nothing before this packet is needed to rebuild the adapter's state.
    pub const fn snapshot_complete(&mut self) {
        self.snapshot_complete = true;
    }

    /// A message for the person who keeps the adapter.
    pub fn log(&mut self, level: Level, message: &str) {
        let message = self.intern_remark(message);
        self.logs.push(Log { packet: self.packet, level, message });
    }
}

#[cfg(test)]
mod tests {
    /// Test vectors of the hash's authors: scopes are kept by the host while adapters are replaced.
    #[test]
    fn scopes_are_the_published_hash() {
        assert_eq!(super::scope_of(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::scope_of("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(super::scope_of("foobar"), 0x8594_4171_f739_67e8);
    }
}
