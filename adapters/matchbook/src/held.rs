//! A market that has been shown, and how it is shown.

use crate::market::{Market as Stated, Runner, Standing};
use crate::terms::{Read, Terms};
use antigravity_sdk::prelude::*;
use antigravity_sdk::{Ladder, scope_of};

/// A market that has been shown.
#[derive(Debug)]
pub struct Held {
    pub event: String,
    pub scope: u64,
    terms: Terms,
    /// One for each runner; one for all where the runners are selections.
    lines: Vec<Place>,
    currency: Option<String>,
    /// The request that named it last, the answer, and when that was.
    pub request: u64,
    pub round: u64,
    pub at: i64,
    /// Its last answer could not be read.
    pub unread: bool,
}

#[derive(Debug, Default)]
struct Place {
    /// Empty where it is for all.
    runner: String,
    line: LinePlace,
    /// In the answer that is being read.
    shown: bool,
    /// As the line was last said.
    currency: Option<String>,
}

impl Held {
    pub fn new(id: &str, event: &str, terms: &Terms) -> Self {
        Self {
            event: event.to_owned(),
            scope: scope_of(id),
            terms: terms.clone(),
            lines: Vec::new(),
            currency: None,
            request: 0,
            round: 0,
            at: 0,
            unread: false,
        }
    }

    /// Shows the market as an answer states it: a whole.
    pub fn show(
        &mut self,
        id: &str,
        event: Event,
        read: &Read,
        stated: &Stated<'_>,
        standing: Standing,
        sheet: &mut Sheet,
    ) {
        if self.terms != read.terms {
            self.clear(sheet);
            self.terms = read.terms.clone();
        }
        if let Some(currency) = &stated.currency {
            self.currency = Some(currency.to_string());
        }
        sheet.snapshot_begin(self.scope);
        self.lines.iter_mut().for_each(|place| place.shown = false);
        for (runner, selection) in stated.runners.iter().zip(&read.selections) {
            let standing = standing.max(runner.standing);
            if standing == Standing::Gone || (runner.back.is_empty() && runner.lay.is_empty()) {
                continue;
            }
            let line = self.line(id, event, runner, *selection, read.line, sheet);
            say(line, *selection, runner, standing, sheet);
        }
        // Said besides by the end of the snapshot: where other rows of the answer are bad, only a price or a
        // removal makes it count.
        for place in self.lines.iter_mut().filter(|place| !place.shown) {
            place.line.clear(sheet);
        }
        sheet.snapshot_end(self.scope);
    }

    /// The line of a runner, said again where its currency is another one.
    fn line(
        &mut self,
        id: &str,
        event: Event,
        runner: &Runner<'_>,
        selection: Selection,
        number: Option<Decimal>,
        sheet: &mut Sheet,
    ) -> Line {
        let name = if selection == Selection::Runner { &*runner.id } else { "" };
        let spec = LineSpec {
            line: number,
            runner: (!name.is_empty()).then_some(name),
            other: self.terms.other.as_deref(),
            currency: self.currency.as_deref(),
            ..LineSpec::new(id, self.terms.market, self.terms.period).scope(self.scope)
        };
        let at = self.lines.iter().position(|place| place.runner == name).unwrap_or_else(|| {
            self.lines.push(Place { runner: name.to_owned(), ..Place::default() });
            self.lines.len() - 1
        });
        let place = &mut self.lines[at];
        place.shown = true;
        let goes_on = place.line.showing(number).is_some();
        let line = place.line.show(sheet, event, &spec);
        if goes_on && place.currency != self.currency {
            sheet.update_line(line, event, &spec);
        }
        place.currency.clone_from(&self.currency);
        line
    }

    pub fn clear(&mut self, sheet: &mut Sheet) {
        self.lines.iter_mut().for_each(|place| place.line.clear(sheet));
    }
}

/// Levels of a side that are quoted.
const SHOWN: usize = 3;

fn say(line: Line, selection: Selection, runner: &Runner<'_>, standing: Standing, sheet: &mut Sheet) {
    let status = if standing == Standing::Open { Status::Open } else { Status::Suspended };
    for (side, ladder) in [(Side::Back, &runner.back), (Side::Lay, &runner.lay)] {
        for ((odds, amount), level) in levels(ladder).zip(1..) {
            let price = Some((PriceFormat::Decimal, odds));
            sheet.quote(line, selection, side, level, status, price, Some(amount));
        }
    }
}

fn levels(ladder: &Ladder) -> impl Iterator<Item = (Decimal, Decimal)> + '_ {
    ladder.levels().take(SHOWN).map(|(odds, amount)| (odds.decimal(), amount.decimal()))
}
