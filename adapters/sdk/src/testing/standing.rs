//! What stands after the rows so far: the host's board in miniature, for comparing with a
//! computation of the test's own.

use antigravity_abi::rows::{EventRow, LineRow, PriceRow, Row};
use antigravity_abi::{Decimal, Period, PriceFormat, Selection, Side, Status};
use std::collections::{BTreeMap, HashMap, HashSet};
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
    /// Its scope has a gap.
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

/// A line's identity in full, selection, side, level.
type Key = (String, u8, u8, u8);

#[derive(Debug, Default)]
pub(crate) struct Standing {
    events: HashMap<u32, String>,
    lines: HashMap<u32, Line>,
    quotes: BTreeMap<Key, (Quote, u64)>,
    gaps: HashSet<u64>,
    /// Quotes named since each open snapshot began.
    open: HashMap<u64, HashSet<Key>>,
}

#[derive(Clone, Debug)]
struct Line {
    identity: String,
    blank: Quote,
    scope: u64,
}

impl Standing {
    /// Applies one row; only names count where the packet was not parsed.
    pub fn apply(&mut self, row: &Row, parsed: bool, text: &dyn Fn(u32) -> String) {
        match row {
            Row::Event(EventRow { slot, id, .. }) => {
                self.events.insert(*slot, text(*id));
            }
            Row::Line(line) => self.define(line, text),
            _ if !parsed => {}
            Row::Price(price) => self.price(price),
            Row::RemoveLine(slot) => {
                let gone = self.lines.get(slot).map(|line| line.identity.clone());
                self.quotes.retain(|key, _| Some(&key.0) != gone.as_ref());
            }
            Row::RemoveEvent(slot) => {
                let gone = self.events.get(slot).cloned();
                self.quotes.retain(|_, (quote, _)| Some(&quote.event_id) != gone.as_ref());
            }
            Row::RemoveAll => self.quotes.clear(),
            Row::SnapshotBegin(scope) => {
                self.open.insert(*scope, HashSet::new());
            }
            Row::SnapshotEnd(scope) => {
                if let Some(named) = self.open.remove(scope) {
                    self.quotes.retain(|key, (_, of)| of != scope || named.contains(key));
                    self.gaps.remove(scope);
                }
            }
            Row::Gap(scope) => {
                self.gaps.insert(*scope);
            }
        }
    }

    fn define(&mut self, line: &LineRow, text: &dyn Fn(u32) -> String) {
        let event_id = self.events.get(&line.event).cloned().unwrap_or_default();
        let market = match line.other {
            Some(other) => format!("other:{}", text(other)),
            None => line.market.to_string(),
        };
        let (market_id, runner) = (text(line.market_id), line.runner.map(text));
        let number = line.line.map(Decimal::normalized);
        let identity = format!("{event_id}|{market_id}|{market}|{}|{number:?}|{runner:?}", line.period);
        let blank = Quote {
            event_id,
            market_id,
            market,
            period: line.period,
            line: line.line,
            runner,
            selection: Selection::Home,
            side: Side::Back,
            level: 0,
            status: Status::Removed,
            format: None,
            price: None,
            size: None,
            stale: false,
        };
        self.lines.insert(line.slot, Line { identity, blank, scope: line.scope });
    }

    fn price(&mut self, row: &PriceRow) {
        let Some(line) = self.lines.get(&row.line) else { return };
        let key = (line.identity.clone(), row.selection.code(), row.side.code(), row.level);
        if let Some(named) = self.open.get_mut(&line.scope) {
            named.insert(key.clone());
        }
        if row.status == Status::Removed {
            self.quotes.remove(&key);
            return;
        }
        let quote = Quote {
            selection: row.selection,
            side: row.side,
            level: row.level,
            status: row.status,
            format: row.price.map(|(format, _)| format),
            price: row.price.map(|(_, price)| price),
            size: row.size,
            ..line.blank.clone()
        };
        self.quotes.insert(key, (quote, line.scope));
    }

    pub fn quotes(&self) -> impl Iterator<Item = Quote> + '_ {
        self.quotes.values().map(|(quote, scope)| Quote { stale: self.gaps.contains(scope), ..quote.clone() })
    }
}
