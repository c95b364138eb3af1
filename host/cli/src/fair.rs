//! Fair prices: what a provider's own prices are worth without its margin. For people to look at; nothing is
//! decided by them.

use antigravity_core::margin::{Method, fair};
use antigravity_core::quote::QuoteLine;
use antigravity_core::{Decimal, Market, Period, Selection, Side, Status};
use clap::ValueEnum;
use std::collections::HashMap;

/// How the margin is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FairBy {
    /// Probabilities scaled to 1.
    Multiplicative,
    /// The same taken from each probability; nothing where one would fall to 0.
    Additive,
    /// Probabilities to one power.
    Power,
    /// Shin's model of insiders.
    Shin,
    /// One odds ratio for all.
    OddsRatio,
}

impl FairBy {
    const fn method(self) -> Method {
        match self {
            Self::Multiplicative => Method::Multiplicative,
            Self::Additive => Method::Additive,
            Self::Power => Method::Power,
            Self::Shin => Method::Shin,
            Self::OddsRatio => Method::OddsRatio,
        }
    }
}

/// One provider's prices of all selections of a line, as an account sees them.
type Book<'a> = (&'a str, &'a str, &'a str, &'a str, Market, Period, Option<Decimal>);

/// Fair decimal odds of the markets of a board of which every selection is open.
#[derive(Debug, Default)]
pub struct FairPrices<'a> {
    books: HashMap<Book<'a>, HashMap<Selection, f64>>,
}

impl<'a> FairPrices<'a> {
    pub fn of(lines: &[QuoteLine<'a>], by: FairBy) -> Self {
        let mut books: HashMap<_, HashMap<_, _>> = HashMap::new();
        for line in lines.iter().filter(|line| counts(line)) {
            let odds = line.price.and_then(|price| price.0.decimal_odds().to_string().parse::<f64>().ok());
            let book = books.entry(book(line)).or_default();
            book.extend(odds.map(|odds| (line.selection, odds)));
        }
        for (book, odds) in &mut books {
            let selections = book.4.selections();
            let prices: Vec<f64> = selections.iter().filter_map(|it| odds.get(it).copied()).collect();
            odds.clear();
            // A market without all its prices, or with prices that no book has, has no fair ones.
            if prices.len() == selections.len()
                && let Ok(fair) = fair(&prices, by.method())
            {
                odds.extend(selections.iter().zip(fair.probabilities).map(|(it, p)| (*it, 1.0 / p)));
            }
        }
        Self { books }
    }

    pub fn get(&self, line: &QuoteLine<'a>) -> Option<f64> {
        let fair = self.books.get(&book(line))?.get(&line.selection);
        fair.copied().filter(|_| counts(line))
    }
}

fn book<'a>(line: &QuoteLine<'a>) -> Book<'a> {
    let number = line.line.map(Decimal::normalized);
    (line.account, line.provider, line.event_id, line.market_id, line.market.market, line.period, number)
}

/// Whether it is the best price of an outcome of which exactly one happens.
fn counts(line: &QuoteLine<'_>) -> bool {
    let exclusive =
        !matches!(line.market.market, Market::DoubleChance | Market::Winner | Market::Place | Market::Other);
    exclusive && (line.level, line.side, line.status) == (1, Side::Back, Status::Open)
}
