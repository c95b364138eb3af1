//! One event and what is shown of it.

use crate::cell::Cell;
use crate::market::{COUNT, MARKETS, MATCH_RESULTS, Shape};
use antigravity_sdk::prelude::*;
use antigravity_sdk::time;

/// Kick-offs stand in this zone, without a year.
const ZONE_HOURS: i8 = 8;

#[derive(Debug, Default)]
pub struct Fixture {
    id: u64,
    id_text: String,
    place: EventPlace,
    lines: [LinePlace; COUNT],
    /// Position 24; `None` where the row does not say it.
    pub home_gives: Option<bool>,
    /// Position 55: the match result is not offered.
    pub hidden: bool,
    /// A full of running and today's events would name it.
    pub listed: bool,
    /// Number of the last full that named it.
    pub named: u32,
    /// The parts of the last full row that say what it is.
    pub facts: Seen,
    kick_off: KickOff,
    score: Option<((i64, i64), String)>,
}

/// The kick-off with the texts it was read from.
#[derive(Debug, Default)]
struct KickOff {
    date: String,
    clock: String,
    at: Option<i64>,
    /// It comes from an earlier packet: a running event shows none.
    remembered: bool,
}

/// What a full row says of an event.
#[derive(Debug)]
pub struct Facts<'a> {
    pub competition: Option<&'a str>,
    pub home: Option<&'a str>,
    pub away: Option<&'a str>,
    /// `MM/dd`
    pub date: &'a str,
    /// `18:30`; of a running event `1H 4`
    pub clock: &'a str,
    pub live: bool,
    pub score: Option<(i64, i64)>,
}

impl Fixture {
    pub fn new(id: u64) -> Self {
        Self { id, id_text: id.to_string(), ..Self::default() }
    }

    /// Lines of one event are one snapshot: a full row says all of them, whichever `fc` it came
    /// with, and nothing of other events.
    pub const fn scope(&self) -> u64 {
        self.id
    }

    /// Whether a later full row alone would not bring it to what it is now.
    pub const fn is_remembered(&self) -> bool {
        self.kick_off.remembered
    }

    pub const fn event(&self) -> Option<Event> {
        self.place.current()
    }

    /// `near` is the packet's time in nanoseconds: it tells the kick-off's year.
    pub fn learn(&mut self, sheet: &mut Sheet, facts: &Facts<'_>, near: i64) {
        if facts.live {
            self.kick_off.remembered = self.kick_off.at.is_some();
        } else {
            self.kick_off.read(facts.date, facts.clock, near);
        }
        let score = facts.score.filter(|_| facts.live);
        if self.score.as_ref().map(|(goals, _)| *goals) != score {
            self.score = score.map(|goals| (goals, format!("{}-{}", goals.0, goals.1)));
        }
        self.place.show(
            sheet,
            &EventInfo {
                id: &self.id_text,
                sport: Some("soccer"),
                competition: facts.competition,
                title: None,
                home: facts.home,
                away: facts.away,
                score: self.score.as_ref().map(|(_, text)| text.as_str()),
                starts_at: self.kick_off.at,
                in_play: facts.live,
            },
        );
    }

    /// Shows a market with this line, its prices in the order of the wire.
    #[inline]
    pub fn show(&mut self, sheet: &mut Sheet, market: usize, line: Option<Decimal>, prices: &[Cell; 3]) {
        let (Some(shape), Some(event)) = (MARKETS.get(market), self.place.current()) else { return };
        let shown = match self.lines[market].showing(line) {
            Some(shown) => shown,
            None => self.define(sheet, market, shape, event, line),
        };
        for (selection, cell) in shape.selections.iter().zip(prices) {
            if *cell == Cell::Unreadable {
                sheet.bad_row(&format!("event {}: price of {} is no number", self.id, shape.market));
            }
            sheet.offer(shown, *selection, shape.format, cell.price());
        }
    }

    fn define(
        &mut self,
        sheet: &mut Sheet,
        market: usize,
        shape: &Shape,
        event: Event,
        line: Option<Decimal>,
    ) -> Line {
        let market_id = format!("{}-{}", self.id_text, shape.market);
        let spec = LineSpec { line, ..LineSpec::new(&market_id, shape.market, shape.period).scope(self.id) };
        self.lines[market].show(sheet, event, &spec)
    }

    /// The line that a market shows now; the inner `None` is that of a market without lines.
    pub fn showing(&self, market: usize) -> Option<Option<Decimal>> {
        self.lines[market].current().map(|(_, line)| line)
    }

    /// A market is no longer offered.
    pub fn clear(&mut self, sheet: &mut Sheet, market: usize) {
        self.lines[market].clear(sheet);
    }

    /// A market's prices are not known any more.
    pub fn suspend(&mut self, sheet: &mut Sheet, market: usize) {
        if let Some(line) = self.showing(market) {
            self.show(sheet, market, line, &[Cell::Absent; 3]);
        }
    }

    pub fn suspend_match_results(&mut self, sheet: &mut Sheet) {
        for market in MATCH_RESULTS {
            self.suspend(sheet, market);
        }
    }
}

impl KickOff {
    fn read(&mut self, date: &str, clock: &str, near: i64) {
        self.remembered = false;
        if self.at.is_some() && self.date == date && self.clock == clock {
            return;
        }
        date.clone_into(&mut self.date);
        clock.clone_into(&mut self.clock);
        self.at = kick_off(date, clock, near);
    }
}

/// `09/08` and `18:30`, in the year nearest to `near`.
fn kick_off(date: &str, clock: &str, near: i64) -> Option<i64> {
    let (month, day) = date.split_once('/')?;
    let (hour, minute) = clock.split_once(':')?;
    let number = |text: &str| text.parse::<i8>().ok();
    time::nearest_year(near, number(month)?, number(day)?, number(hour)?, number(minute)?, ZONE_HOURS)
}
