//! A comparison, for a person and for a program.

use crate::failure::Failure;
use crate::table::{add, table};
use antigravity_core::agreement::Compared;
use antigravity_core::ledger::LedgerLine;
use antigravity_engine::{Comparison, Lasting, OtherFate, Values};
use antigravity_runtime::Adapter;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Rows that a person is shown without `--all`.
const ROWS: usize = 40;

/// What was compared, and what it showed.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    pub old: &'a Adapter,
    pub new: &'a Adapter,
    pub comparison: &'a Comparison,
}

/// The last line.
#[derive(Debug, Serialize)]
struct DiffLine<'a> {
    r#type: &'static str,
    provider: &'a str,
    old: VersionLine<'a>,
    new: VersionLine<'a>,
    packets: u64,
    /// After each packet.
    #[serde(flatten)]
    compared: &'a Compared,
    at_end: &'a Compared,
    /// Lines of type `difference`.
    differences: usize,
    fates: &'a [OtherFate],
}

#[derive(Debug, Serialize)]
struct VersionLine<'a> {
    adapter: String,
    wit: &'a str,
    sha256: String,
    ledger: &'a LedgerLine,
}

impl Shown<'_> {
    /// A line for each difference, and one of all.
    pub fn lines(&self) -> Result<(), Failure> {
        let comparison = self.comparison;
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for difference in &comparison.differences {
            writeln!(out, "{}", serde_json::to_string(difference).map_err(Failure::failed)?)?;
        }
        let line = DiffLine {
            r#type: "diff",
            provider: &self.old.contract().provider,
            old: version(self.old, &comparison.old.ledger),
            new: version(self.new, &comparison.new.ledger),
            packets: comparison.packets,
            compared: &comparison.compared,
            at_end: &comparison.at_end,
            differences: comparison.differences.len(),
            fates: &comparison.fates,
        };
        writeln!(out, "{}", serde_json::to_string(&line).map_err(Failure::failed)?)?;
        Ok(out.flush()?)
    }

    pub fn tables(&self, all: bool) -> Result<(), Failure> {
        let Comparison { differences, fates, packets, compared, at_end, .. } = self.comparison;
        let mut out = std::io::stdout().lock();
        let rows = if all { differences.len() } else { differences.len().min(ROWS) };
        if rows > 0 {
            writeln!(out, "{}", rows_of(&differences[..rows]))?;
        }
        if differences.len() > rows {
            writeln!(out, "… and {} more; --all shows them", differences.len() - rows)?;
        }
        if !fates.is_empty() {
            let mut table = table(&["old fate", "new fate", "packets", "first seq", "last seq"]);
            for OtherFate { old, new, packets, first_seq, last_seq } in fates {
                let numbers = [packets, first_seq, last_seq].map(ToString::to_string);
                add(&mut table, [old, new].into_iter().chain(&numbers));
            }
            writeln!(out, "{table}")?;
        }
        writeln!(out, "{}", self.ledgers())?;
        writeln!(out, "after each of {packets} packets: {}", counts(compared))?;
        writeln!(out, "at the end: {}", counts(at_end))?;
        Ok(())
    }

    /// What became of the packets, a row for each version.
    fn ledgers(&self) -> comfy_table::Table {
        let mut table = table(&[
            "version",
            "WIT",
            "captured",
            "parsed",
            "ignored",
            "unmatched",
            "not contracted",
            "rejected",
            "failed",
            "dropped",
        ]);
        let Comparison { old, new, .. } = self.comparison;
        for (which, adapter, it) in [("old", self.old, &old.ledger), ("new", self.new, &new.ledger)] {
            let contract = adapter.contract();
            let names = [format!("{which}: {}", contract.name()), contract.wit.clone()];
            let counts = [
                it.captured,
                it.parsed,
                it.ignored,
                it.unmatched,
                it.not_contracted,
                it.rejected,
                it.failed,
                it.dropped,
            ];
            add(&mut table, names.into_iter().chain(counts.map(|count| count.to_string())));
        }
        table
    }

    /// That they differ, in one line.
    pub fn verdict(&self) -> String {
        let Comparison { differences, fates, .. } = self.comparison;
        let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
        for lasting in differences {
            *kinds.entry(lasting.difference.kind).or_default() += 1;
        }
        let mut parts: Vec<_> =
            kinds.into_iter().map(|(kind, count)| format!("{} {count}", kind.name())).collect();
        if !fates.is_empty() {
            let packets: u64 = fates.iter().map(|fate| fate.packets).sum();
            parts.push(format!("packets with another fate {packets}"));
        }
        format!("the versions differ: {}", parts.join(", "))
    }
}

fn version<'a>(adapter: &'a Adapter, ledger: &'a LedgerLine) -> VersionLine<'a> {
    let contract = adapter.contract();
    VersionLine { adapter: contract.name(), wit: &contract.wit, sha256: adapter.digest(), ledger }
}

fn counts(compared: &Compared) -> String {
    let mut text = format!("{} compared, {} equal", compared.compared, compared.equal);
    for (kind, count) in &compared.kinds {
        text.push_str(&format!(", {} {count}", kind.name()));
    }
    text
}

fn rows_of(differences: &[Lasting]) -> comfy_table::Table {
    let accounts: BTreeSet<_> = differences.iter().map(|it| &it.account).collect();
    let several = accounts.len() > 1;
    let mut header = vec![
        "kind",
        "event",
        "market",
        "period",
        "line",
        "selection",
        "old → new",
        "seq",
        "packets",
        "at the end",
    ];
    if several {
        header.insert(1, "account");
    }
    let mut table = table(&header);
    for lasting in differences {
        let mut cells = cells(lasting);
        if several {
            cells.insert(1, lasting.account.clone());
        }
        add(&mut table, cells);
    }
    table
}

fn cells(lasting: &Lasting) -> Vec<String> {
    let difference = &lasting.difference;
    let event = match (&lasting.home, &lasting.away, &lasting.title) {
        (Some(home), Some(away), _) => format!("{home} – {away}"),
        (_, _, Some(title)) => title.clone(),
        _ => difference.event_id.clone(),
    };
    let place = difference.quote.as_ref().map(|place| {
        let mut selection = place.runner.clone().unwrap_or_else(|| place.selection.clone());
        if place.side != "back" || place.level != 1 {
            selection.push_str(&format!(" {} {}", place.side, place.level));
        }
        let line = place.line.clone().unwrap_or_default();
        [place.market.clone(), place.period.clone(), line, selection]
    });
    let seqs = match (lasting.first_seq, lasting.last_seq) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}–{last}"),
    };
    let at_end = lasting.at_end.as_ref().map_or("–".to_owned(), |Values { old, new }| change(old, new));
    let mut cells = vec![difference.kind.name().to_owned(), event];
    cells.extend(place.unwrap_or_default());
    cells.extend([change(&difference.old, &difference.new), seqs, lasting.packets.to_string(), at_end]);
    cells
}

/// What both say.
fn change(old: &Option<String>, new: &Option<String>) -> String {
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    format!("{} → {}", word(old), word(new))
}
