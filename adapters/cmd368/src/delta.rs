//! A delta row: `[event, 1, command, values…]`.

use crate::book::Book;
use crate::cell::Cell;
use crate::fixture::Fixture;
use crate::market::{Command, MARKETS, Shape};
use antigravity_sdk::prelude::*;

/// Position of a command's first value.
const VALUES: usize = 3;

/// Reads a command. One about an event that no full named, or about something else than a price,
/// is passed over.
pub fn read(book: &mut Book, row: Value<'_>, sheet: &mut Sheet) {
    let whole = |position| row.at(position).and_then(Value::i64);
    let id = row.at(0).and_then(Value::u64);
    let (Some(id), Some(1), Some(command)) = (id, whole(1), whole(2)) else {
        sheet.bad_row("a delta row does not begin with an event, 1 and a command");
        return;
    };
    let Some(fixture) = book.known(id) else { return };
    let result = match Command::from_number(command) {
        Some(Command::Move(market)) => moved(fixture, market, row, sheet),
        Some(Command::Price(market)) => priced(fixture, market, row, sheet),
        Some(Command::MatchResultChanged) => {
            fixture.suspend_match_results(sheet);
            Ok(())
        }
        None => Ok(()),
    };
    if let Err(problem) = result {
        sheet.bad_row(&format!("event {id}: command {command}: {problem}"));
    }
}

/// The line moved: it is another selection from now on.
fn moved(
    fixture: &mut Fixture,
    market: usize,
    row: Value<'_>,
    sheet: &mut Sheet,
) -> Result<(), &'static str> {
    let shape = &MARKETS[market];
    let size = Cell::read(row.at(VALUES)).line().ok_or("the line is no number");
    let line = size.and_then(|size| shape.line(size, fixture.home_gives));
    match line.and_then(|line| Ok((line, prices(shape, row, VALUES + 1)?))) {
        Ok((line, prices)) => fixture.show(sheet, market, Some(line), &prices),
        Err(problem) => {
            // What stands is not what the provider shows any more.
            fixture.suspend(sheet, market);
            return Err(problem);
        }
    }
    Ok(())
}

/// New prices of the line that stands.
fn priced(
    fixture: &mut Fixture,
    market: usize,
    row: Value<'_>,
    sheet: &mut Sheet,
) -> Result<(), &'static str> {
    let shape = &MARKETS[market];
    let line = match (shape.line_at, fixture.showing(market)) {
        (Some(_), None) => return Err("there is no line for its prices"),
        (None, _) if shape.market == Market::MatchResult && fixture.hidden => return Ok(()),
        (_, shown) => shown.flatten(),
    };
    match prices(shape, row, VALUES) {
        Ok(prices) => fixture.show(sheet, market, line, &prices),
        Err(problem) => {
            fixture.suspend(sheet, market);
            return Err(problem);
        }
    }
    Ok(())
}

fn prices(shape: &Shape, row: Value<'_>, first: usize) -> Result<[Cell; 3], &'static str> {
    let count = shape.selections.len();
    if row.len() < first + count {
        return Err("prices are missing");
    }
    let mut prices = [Cell::Absent; 3];
    for (offset, price) in prices.iter_mut().take(count).enumerate() {
        *price = Cell::read(row.at(first + offset));
    }
    Ok(prices)
}
