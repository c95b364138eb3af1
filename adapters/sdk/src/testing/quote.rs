//! What stands on the board, for comparing with a computation of the test's own.

use antigravity_abi::{Decimal, Period, PriceFormat, Selection, Side, Status};
use antigravity_core::quote::QuoteLine;
use std::cmp::Ordering;
use std::fmt;

/// One quote that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub event_id: String,
    pub market_id: String,
    /// `winner`, `other:<name>` …
    pub market: String,
    pub period: Period,
    pub line: Option<Decimal>,
    pub runner: Option<String>,
    pub selection: Selection,
    pub side: Side,
    pub level: u8,
    pub status: Status,
    pub format: Option<PriceFormat>,
    pub price: Option<Decimal>,
    pub size: Option<Decimal>,
    /// Too old, or of a scope with a gap.
    pub stale: bool,
}

/// `25299763-total total full-time 2.75 over back 1 open malay 0.80 -`: market id, market, period,
/// line, selection, side, level, status, price, size; then `stale` where it is.
impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
        let format = self.format.map_or(String::new(), |format| format!("{format} "));
        write!(f, "{} {} {} {}", self.market_id, self.market, self.period, number(self.line))?;
        if let Some(runner) = &self.runner {
            write!(f, " {runner}")?;
        }
        write!(f, " {} {} {} {}", self.selection, self.side, self.level, self.status)?;
        write!(f, " {format}{} {}", number(self.price), number(self.size))?;
        f.write_str(if self.stale { " stale" } else { "" })
    }
}

impl From<QuoteLine<'_>> for Quote {
    fn from(quote: QuoteLine<'_>) -> Self {
        Self {
            event_id: quote.event_id.to_owned(),
            market_id: quote.market_id.to_owned(),
            market: quote.market.to_string(),
            period: quote.period,
            line: quote.line,
            runner: quote.runner.map(str::to_owned),
            selection: quote.selection,
            side: quote.side,
            level: quote.level,
            status: quote.status,
            format: quote.price.map(|price| price.0.format()),
            price: quote.price.map(|price| price.0.value()),
            size: quote.available,
            stale: quote.stale == Some(true),
        }
    }
}

impl Quote {
    /// As a page lists them: a market's selections together and in its own order.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let market =
            |q: &Self| (q.event_id.clone(), q.market_id.clone(), q.market.clone(), q.period.to_string());
        let place = |q: &Self| (q.selection.code(), q.side.code(), q.level);
        market(self)
            .cmp(&market(other))
            .then_with(|| self.line.cmp(&other.line))
            .then_with(|| self.runner.cmp(&other.runner))
            .then_with(|| place(self).cmp(&place(other)))
    }
}
