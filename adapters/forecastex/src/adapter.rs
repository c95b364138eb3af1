//! The adapter: its contract, and which file is read as what.

use crate::contracts::{CURRENCY, Contracts};
use crate::files::{self, Pair, Price, Rows};
use antigravity_sdk::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// The endpoint of prices, in the order of the contract.
const PRICES: usize = 0;

/// Shows what each contract was matched at last.
#[derive(Debug, Default)]
pub struct ForecastEx {
    contracts: Contracts,
    /// The day that is shown, as `20260507`; 0 where none is.
    day: u32,
}

impl Adapter for ForecastEx {
    fn contract() -> Contract {
        let file = |name, kind| {
            http(name, "**/api/download").methods(&["GET"]).query("type", Some(kind)).framing(Framing::Raw)
        };
        contract("forecastex", env!("CARGO_PKG_VERSION"), Profile::AutoPush)
            .prices(&[PriceFormat::Probability])
            // A file a day.
            .stale_after_ms(86_400_000)
            .currency(CURRENCY)
            .endpoint(file("prices", "prices"))
            .endpoint(file("pairs", "pairs"))
            .endpoint(file("summary", "summary").content(Content::Session))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let text = packet.text();
        if text.trim_start().starts_with(['{', '<']) {
            // The exchange's errors come with status 200.
            return Err(reject(Reason::WrongFormat, "not CSV"));
        }
        if packet.endpoint() == PRICES {
            let rows = files::prices(text).map_err(missing)?;
            self.prices(rows, packet.at(), sheet)
        } else {
            let rows = files::pairs(text).map_err(missing)?;
            let day =
                packet.query("date").and_then(|date| files::day(&date)).ok_or_else(|| missing("date"))?;
            self.pairs(&rows, day, packet.at(), sheet)
        }
    }
}

impl ForecastEx {
    /// A file of prices is the whole of its day: what it does not name is gone.
    fn prices(
        &mut self,
        mut rows: Rows<Price<'_>>,
        now: i64,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let day = rows.iter().flatten().map(|row| row.day).next();
        for row in &mut rows {
            if row.as_ref().is_ok_and(|row| Some(row.day) != day) {
                *row = Err("date");
            }
        }
        let live = |row: &&Price<'_>| row.expires_at > now;
        something(&rows, live)?;
        let Some(day) = day else { return Ok(Outcome::Ignored(Reason::Noise)) };
        if day < self.day {
            return Ok(Outcome::Ignored(Reason::StaleCursor));
        }
        self.day = day;
        let mut before = self.contracts.begin(sheet);
        count_unreadable(&rows, sheet);
        let doubted = doubted(rows.iter().flatten().filter(live), sheet);
        for row in rows.iter().flatten().filter(live) {
            let price = row.end.unwrap_or_else(|wrong| {
                sheet.bad_row(wrong);
                None
            });
            let price = price.filter(|_| !doubted.contains(&row.side()));
            self.contracts.price(&mut before, &row.contract, row.selection, price, sheet);
        }
        self.contracts.end(sheet);
        sheet.snapshot_complete();
        Ok(Outcome::Parsed)
    }

    /// A file of pairs says what was matched last of the contracts that it names.
    fn pairs(
        &mut self,
        rows: &Rows<Pair<'_>>,
        day: u32,
        now: i64,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let live = |pair: &&Pair<'_>| pair.expires_at > now;
        something(rows, live)?;
        if rows.is_empty() {
            return Ok(Outcome::Ignored(Reason::Noise));
        }
        if day < self.day {
            return Ok(Outcome::Ignored(Reason::StaleCursor));
        }
        self.day = day;
        count_unreadable(rows, sheet);
        // The latest first; of one time the one that stands later in the file.
        let mut pairs: Vec<&Pair<'_>> = rows.iter().flatten().filter(live).rev().collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.at));
        let mut seen = FxHashSet::default();
        for pair in pairs.into_iter().filter(|pair| seen.insert(&*pair.contract)) {
            self.contracts.pair(&pair.contract, pair.at, pair.yes, pair.no, sheet);
        }
        Ok(Outcome::Parsed)
    }
}

/// The sides of which rows say different things: none of them is believed.
fn doubted<'a>(
    rows: impl Iterator<Item = &'a Price<'a>>,
    sheet: &mut Sheet,
) -> FxHashSet<(&'a str, Selection)> {
    let (mut seen, mut doubted) = (FxHashMap::default(), FxHashSet::default());
    for row in rows {
        if *seen.entry(row.side()).or_insert(row.end) != row.end {
            sheet.bad_row("event_contract: twice");
            doubted.insert(row.side());
        }
    }
    doubted
}

/// # Errors
/// What is wrong with the first row that cannot be read, where no other row is one of a contract that
/// still lives.
fn something<T>(rows: &Rows<T>, live: impl Fn(&&T) -> bool) -> Result<(), Rejection> {
    match rows.iter().find_map(|row| row.as_ref().err()) {
        Some(wrong) if !rows.iter().flatten().any(|row| live(&row)) => Err(bad(wrong)),
        _ => Ok(()),
    }
}

fn count_unreadable<T>(rows: &Rows<T>, sheet: &mut Sheet) {
    rows.iter().filter_map(|row| row.as_ref().err()).for_each(|wrong| sheet.bad_row(wrong));
}
