//! Tables for people.

use crate::fair::{FairBy, FairPrices};
use crate::person::plain;
use antigravity_core::ledger::LedgerLine;
use antigravity_core::quote::QuoteLine;
use comfy_table::{ContentArrangement, Table, TableComponent, presets};

pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.remove_style(TableComponent::HorizontalLines);
    table.remove_style(TableComponent::MiddleIntersections);
    table.set_header(header);
    table
}

/// Adds a row. What stands in it may come from anywhere.
pub fn add(table: &mut Table, cells: impl IntoIterator<Item = impl AsRef<str>>) {
    table.add_row(cells.into_iter().map(|cell| plain(cell.as_ref())));
}

/// The board: one row a quote, with the fair odds beside the provider's where its market shows all prices.
pub fn board<'a>(lines: impl Iterator<Item = QuoteLine<'a>>, by: FairBy) -> Table {
    let lines: Vec<_> = lines.collect();
    let fair = FairPrices::of(&lines, by);
    let mut table = table(&[
        "account",
        "provider",
        "event",
        "market",
        "period",
        "line",
        "selection",
        "side",
        "price",
        "decimal",
        "fair",
        "status",
        "age",
    ]);
    for line in &lines {
        let event = match (line.home, line.away, line.title) {
            (Some(home), Some(away), _) => format!("{home} – {away}"),
            (_, _, Some(title)) => title.to_owned(),
            _ => line.event_id.to_owned(),
        };
        let selection = line.runner.map_or_else(|| line.selection.to_string(), str::to_owned);
        let side =
            if line.level == 1 { line.side.to_string() } else { format!("{} {}", line.side, line.level) };
        let (price, decimal) = match line.price {
            Some(price) => (price.0.value().to_string(), price.0.decimal_odds().to_string()),
            None => ("–".to_owned(), String::new()),
        };
        let stale = if line.stale == Some(true) { " stale" } else { "" };
        let age =
            line.age_ms.map_or(String::new(), |age| format!("{}.{} s{stale}", age / 1000, age % 1000 / 100));
        let row = [
            line.account.to_owned(),
            line.provider.to_owned(),
            event,
            line.market.to_string(),
            line.period.to_string(),
            line.line.map_or(String::new(), |line| line.to_string()),
            selection,
            side,
            price,
            decimal,
            fair.get(line).map_or_else(String::new, |odds| format!("{odds:.3}")),
            line.status.to_string(),
            age,
        ];
        add(&mut table, row);
    }
    table
}

/// Why packets have the fates they have: one row a reason, `None` where none was given.
pub fn reasons(line: &LedgerLine) -> Option<Table> {
    let mut table = table(&["fate", "reason", "packets"]);
    for (name, packets) in &line.reasons {
        let (fate, reason) = name.split_once(':').unwrap_or((name, ""));
        add(&mut table, [fate, reason, &packets.to_string()]);
    }
    (!line.reasons.is_empty()).then_some(table)
}

pub fn ledger(line: &LedgerLine) -> Table {
    let mut table = table(&[
        "captured",
        "parsed",
        "ignored",
        "unmatched",
        "not contracted",
        "rejected",
        "failed",
        "dropped",
    ]);
    let counts = [
        line.captured,
        line.parsed,
        line.ignored,
        line.unmatched,
        line.not_contracted,
        line.rejected,
        line.failed,
        line.dropped,
    ];
    add(&mut table, counts.map(|n| n.to_string()));
    table
}
