//! A full row: 91 positions that say everything of one event.

use crate::cell::{Cell, flag};
use crate::fixture::{Facts, Fixture};
use crate::market::{MARKETS, MATCH_RESULTS, Shape};
use antigravity_sdk::prelude::*;

/// Positions of a full row.
pub const POSITIONS: usize = 91;

/// Among the rows may be one of pairs of an id and a text; it is of no interest.
pub fn is_metadata(row: Value<'_>) -> bool {
    let len = row.len();
    (128..=4096).contains(&len)
        && len.is_multiple_of(2)
        && row.items().enumerate().all(|(position, value)| match position % 2 {
            0 => matches!(value.kind(), Kind::Number | Kind::String),
            _ => value.kind() == Kind::String,
        })
}

/// Whether a row's event is running; `None` where that cannot be told.
pub fn is_live(row: Value<'_>) -> Option<bool> {
    flag(row.at(25))
}

/// Reads a row of [`POSITIONS`] values into its event. `near` is the packet's time.
pub fn read(fixture: &mut Fixture, row: Flat<'_>, live: bool, near: i64, sheet: &mut Sheet) {
    // Score; who gives and whether it runs; names; clock to date.
    let facts = [(7, 9), (24, 26), (37, 40), (53, 57)].map(|(first, end)| row.raw(first, end).unwrap_or(&[]));
    if !fixture.facts.is(facts) {
        // What is bad is told of every time.
        if read_facts(fixture, row, live, near, sheet) {
            fixture.facts.keep(facts)
        } else {
            fixture.facts.forget()
        }
    }
    sheet.snapshot_begin(fixture.scope());
    for (market, shape) in MARKETS.iter().enumerate() {
        read_market(fixture, market, shape, row, sheet);
    }
    sheet.snapshot_end(fixture.scope());
}

/// Reads what a row says of the event itself; `false` where a part of it is bad.
fn read_facts(fixture: &mut Fixture, row: Flat<'_>, live: bool, near: i64, sheet: &mut Sheet) -> bool {
    let text = |position| row.at(position).and_then(Value::str);
    let number = |position| row.at(position).and_then(Value::i64);
    let (competition, home, away) = (text(37), text(38), text(39));
    let (date, clock) = (text(56).unwrap_or_default(), text(53).unwrap_or_default());
    let facts = Facts {
        competition: competition.as_deref(),
        home: home.as_deref(),
        away: away.as_deref(),
        date: &date,
        clock: &clock,
        live,
        score: number(7).zip(number(8)),
    };
    fixture.learn(sheet, &facts, near);
    fixture.home_gives = match row.at(24) {
        Some(value) if !value.is_null() => flag(Some(value)),
        _ => None,
    };
    let hidden = flag(row.at(55));
    if hidden.is_none() {
        sheet.bad_row("position 55 is neither 0 nor 1");
    }
    fixture.hidden = hidden.unwrap_or(true);
    hidden.is_some()
}

#[inline]
fn read_market(fixture: &mut Fixture, market: usize, shape: &Shape, row: Flat<'_>, sheet: &mut Sheet) {
    let mut prices = [Cell::Absent; 3];
    for (offset, price) in prices.iter_mut().take(shape.selections.len()).enumerate() {
        *price = Cell::read(row.at(shape.prices_at + offset));
    }
    let line = match shape.line_at {
        None if fixture.hidden && MATCH_RESULTS.contains(&market) => Ok(None),
        // Nulls and zeros only: there is no such market.
        None if !prices.iter().any(|price| price.is_shown()) => Ok(None),
        None => Ok(Some(None)),
        Some(position) => {
            read_line(fixture, shape, Cell::read(row.at(position)), &prices).map(|l| l.map(Some))
        }
    };
    match line {
        Ok(Some(line)) => fixture.show(sheet, market, line, &prices),
        Ok(None) => fixture.clear(sheet, market),
        Err(problem) => {
            sheet.bad_row(&format!("{} {}: {problem}", shape.period, shape.market));
            fixture.clear(sheet, market);
        }
    }
}

/// The line of a market that has one; `None` where the market is not offered.
fn read_line(
    fixture: &Fixture,
    shape: &Shape,
    line: Cell,
    prices: &[Cell; 3],
) -> Result<Option<Decimal>, &'static str> {
    let priced = prices.iter().any(|price| price.price().is_some());
    match line.line() {
        Some(size) if size.is_zero() && shape.market == Market::Total && !priced => Ok(None),
        Some(size) => shape.line(size, fixture.home_gives).map(Some),
        None if line == Cell::Unreadable => Err("the line is no number"),
        None if priced => Err("there are prices without a line"),
        None => Ok(None),
    }
}
