//! A row: 63 or 64 positions about one odds id. What patches may change is kept.

use crate::event::EventKey;
use crate::frame::{List, Turn};
use crate::market::{COUNT, MARKETS, Shape};
use antigravity_sdk::line::{self, is_closed};
use antigravity_sdk::prelude::*;

const SCORE: [usize; 2] = [17, 18];

/// Positions whose numbers are kept, one bit each.
const KEPT: u64 = {
    let mut positions = (1 << SCORE[0]) | (1 << SCORE[1]);
    let mut i = 0;
    while i < COUNT {
        positions |= MARKETS[i].positions;
        i += 1;
    }
    positions
};

const KEPT_COUNT: usize = KEPT.count_ones() as usize;

#[derive(Debug)]
pub struct Row {
    id: u64,
    pub event: EventKey,
    pub list: List,
    /// Number of the last full when a frame last held the whole row.
    pub named: u32,
    kept: [Option<Decimal>; KEPT_COUNT],
    lines: [LinePlace; COUNT],
}

/// Who a row is about: odds id and event.
///
/// # Errors
/// What is wrong, where the row cannot be used.
pub fn identify(row: Value<'_>) -> Result<(u64, EventKey), &'static str> {
    if !matches!(row.len(), 63 | 64) {
        return Err("a row has neither 63 nor 64 positions");
    }
    let number = |position| row.at(position).and_then(Value::u64);
    let (Some(id), Some(league), Some(home), Some(away)) = (number(0), number(61), number(11), number(12))
    else {
        return Err("an id of a row is missing: position 0, 11, 12 or 61");
    };
    let agrees = |position, with| match row.at(position) {
        Some(value) if !value.is_null() => value.u64() == Some(with),
        _ => true,
    };
    if !agrees(62, home) || !agrees(63, away) {
        return Err("team ids of a row disagree: 11 with 62, or 12 with 63");
    }
    Ok((id, (league, home, away)))
}

/// A name or time of a row; an empty one is none.
pub fn text(value: Option<Value<'_>>) -> Option<std::borrow::Cow<'_, str>> {
    value.and_then(Value::str).filter(|text| !text.is_empty())
}

/// Whether a row's position is one that says which event it is about.
pub const fn is_identity(position: usize) -> bool {
    matches!(position, 0 | 11 | 12 | 61 | 62 | 63)
}

impl Row {
    pub fn new(id: u64, event: EventKey, list: List) -> Self {
        let lines = Default::default();
        Self { id, event, list, named: 0, kept: [None; KEPT_COUNT], lines }
    }

    /// Takes all that is kept of a whole row.
    pub fn keep_all(&mut self, row: Value<'_>, turn: &mut Turn<'_>) {
        let mut rest = KEPT;
        while rest != 0 {
            let position = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            self.keep(position, row.at(position), turn);
        }
    }

    /// Takes the value of one position, where it is one that is kept.
    pub fn keep(&mut self, position: usize, value: Option<Value<'_>>, turn: &mut Turn<'_>) {
        let Some(slot) = slot(position) else { return };
        self.kept[slot] = match value {
            Some(value) => value.decimal().or_else(|| {
                let flag = value.bool().map(|flag| Decimal::int(i32::from(flag)));
                let empty = value.is_null() || value.plain() == Some(b"");
                if flag.is_none() && !empty {
                    turn.bad("a position that should be a number is none");
                }
                flag
            }),
            None => None,
        };
    }

    fn number(&self, position: usize) -> Option<Decimal> {
        slot(position).and_then(|slot| self.kept[slot])
    }

    fn flag(&self, position: usize) -> Option<bool> {
        match self.number(position) {
            Some(number) if number.is_zero() => Some(false),
            Some(number) if number == Decimal::int(1) => Some(true),
            _ => None,
        }
    }

    /// A price, where there is one: neither null, 0 nor −999.
    fn price(&self, position: usize) -> Option<Decimal> {
        self.number(position).filter(|number| !number.is_zero() && !is_closed(*number))
    }

    /// Goals of home and away.
    pub fn score(&self) -> Option<(i64, i64)> {
        let goals = |position| self.number(position).filter(|n| n.scale() == 0).map(Decimal::mantissa);
        goals(SCORE[0]).zip(goals(SCORE[1]))
    }

    /// Shows all markets, after the whole row was read.
    pub fn show_all(&mut self, event: Event, turn: &mut Turn<'_>) {
        for (market, shape) in MARKETS.iter().enumerate() {
            self.show_market(market, shape, true, event, turn);
        }
    }

    /// Shows the markets that have one of these positions, after a patch of them.
    pub fn show_changed(&mut self, positions: u64, event: Event, turn: &mut Turn<'_>) {
        for (market, shape) in MARKETS.iter().enumerate() {
            if shape.positions & positions != 0 {
                self.show_market(market, shape, false, event, turn);
            }
        }
    }

    /// A handicap of 0 without prices, or a market without lines and prices, is what stands in a
    /// whole row where there is no such market; a patch to that suspends a market that is shown.
    fn show_market(&mut self, market: usize, shape: &Shape, whole: bool, event: Event, turn: &mut Turn<'_>) {
        let prices = shape.prices_at..shape.prices_at + shape.selections.len();
        let priced = prices.clone().any(|position| self.price(position).is_some());
        let line = match self.line(shape, priced) {
            Ok(Some(line)) => line,
            Ok(None) => return self.lines[market].clear(turn.sheet),
            Err(problem) => {
                turn.bad(problem);
                return self.lines[market].clear(turn.sheet);
            }
        };
        let said = priced || line.is_some_and(|line| !line.is_zero());
        let shown = match self.lines[market].showing(line) {
            Some(shown) if said || !whole => shown,
            None if said => self.define(market, shape, line, event, turn),
            _ => return self.lines[market].clear(turn.sheet),
        };
        let open = self.flag(shape.open_at) == Some(true);
        for (selection, position) in shape.selections.iter().zip(prices) {
            let price = self.price(position).filter(|_| open);
            if shape.times_ten {
                let price = price.and_then(|price| price.shifted_left(1));
                turn.sheet.offer(shown, *selection, turn.format, price);
            } else {
                turn.sheet.offer(shown, *selection, PriceFormat::Decimal, price);
            }
        }
    }

    /// The market's line: the inner `None` is that of a market without lines, the outer that of
    /// one that is not offered.
    fn line(&self, shape: &Shape, priced: bool) -> Result<Option<Option<Decimal>>, &'static str> {
        let Some(at) = shape.line else { return Ok(Some(None)) };
        match (self.number(at.size).filter(|size| !is_closed(*size)), at.home_gives) {
            (None, _) if priced => Err("there are prices without a line"),
            (None, _) => Ok(None),
            (Some(points), None) if points.is_zero() && !priced => Ok(None),
            (Some(points), None) => line::total(points).map(|line| Some(Some(line))),
            (Some(size), Some(gives)) => line::handicap(size, self.flag(gives)).map(|line| Some(Some(line))),
        }
    }

    fn define(
        &mut self,
        market: usize,
        shape: &Shape,
        line: Option<Decimal>,
        event: Event,
        turn: &mut Turn<'_>,
    ) -> Line {
        let market_id = self.id.to_string();
        let spec = LineSpec {
            line,
            ..LineSpec::new(&market_id, shape.market, shape.period).scope(turn.list.scope())
        };
        self.lines[market].show(turn.sheet, event, &spec)
    }

    /// Nothing is shown of the row any more.
    pub fn clear(&mut self, sheet: &mut Sheet) {
        for line in &mut self.lines {
            line.clear(sheet);
        }
    }

    /// The row goes to another list: its lines are named again there. Returns what stood.
    pub fn leave_list(&mut self, list: List) -> [LinePlace; COUNT] {
        self.list = list;
        std::mem::take(&mut self.lines)
    }

    /// Removes of `before` what was not named again.
    pub fn drop_others(&self, before: &[LinePlace; COUNT], sheet: &mut Sheet) {
        for (before, now) in before.iter().zip(&self.lines) {
            if let Some((line, number)) = before.current()
                && now.showing(number).is_none()
            {
                sheet.remove_line(line);
            }
        }
    }
}

/// Where a position's number is kept.
#[inline]
const fn slot(position: usize) -> Option<usize> {
    if position < 64 && KEPT >> position & 1 == 1 {
        Some((KEPT & ((1 << position) - 1)).count_ones() as usize)
    } else {
        None
    }
}
