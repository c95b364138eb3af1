//! `antigravity demo`: the whole job on simulated sportsbooks.

use crate::failure::Failure;
use crate::finding::FindingOptions;
use crate::person::say;
use crate::{components, opportunities, places, table};
use antigravity_authoring as authoring;
use antigravity_capture::{CaptureError, Progress, Record, Source};
use antigravity_core::identity::AliasBook;
use antigravity_core::quote::QuoteLine;
use antigravity_core::{Packet, Selection, Status};
use antigravity_engine::{Captures, Emit, Ended, Lines, Marks, Merger, Notes, replay};
use antigravity_registry::Store;
use antigravity_runtime::{Adapter, Sandbox};
use antigravity_simulator::Scenario;
use clap::Args;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

/// Lines of the table that are shown; the rest is counted.
const SHOWN: usize = 40;
/// Opportunities that are shown, those of the highest return; the rest is counted.
const PROVEN: usize = 10;

#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Lines of JSON: opportunities with their certificates as they come and go, the funnel and the ledger.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub finding: FindingOptions,
}

pub fn run(options: &DemoOptions) -> Result<(), Failure> {
    let sandbox = places::sandbox()?;
    let wanted: BTreeSet<_> = Scenario::demo().books().map(|(_, provider)| provider.name()).collect();
    let adapters = adapters(&sandbox, &wanted)?;
    let out = std::io::stdout();
    let emit = Emit { opportunities: true, funnel: true, ledger: true, ..Emit::default() };
    let opportunities = options.finding.opportunities(AliasBook::default())?;
    if options.json {
        let mut lines = Lines::new(out, emit).looking(opportunities, false);
        let (merger, _) = watch(&adapters, &mut lines)?;
        return Ok(lines.finish(&merger).map(|_| ())?);
    }
    let mut lines = Lines::new(std::io::sink(), Emit::default()).looking(opportunities, true);
    let (merger, notes) = watch(&adapters, &mut lines)?;
    let ended = lines.finish(&merger)?;
    let mut out = out.lock();
    let bound: Vec<_> =
        notes.bound.iter().map(|(account, provider)| format!("{account}:{provider}")).collect();
    writeln!(out, "simulated sportsbooks: {}", bound.join(" "))?;
    show_board(&mut out, &merger)?;
    show_opportunities(&mut out, &ended)?;
    let ledger = merger.ledger().to_line();
    writeln!(out, "{}", table::ledger(&ledger))?;
    serde_json::to_writer(&mut out, &ledger).map_err(Failure::failed)?;
    Ok(writeln!(out)?)
}

fn watch(adapters: &[Arc<Adapter>], lines: &mut Lines<impl Write>) -> Result<(Merger, Notes), Failure> {
    replay(adapters, &Simulated, &Marks::Recognised, 2, &Progress::default(), lines).map_err(Failure::failed)
}

/// The simulator's packets, made anew for each pass.
struct Simulated;

struct Packets(Scenario);

impl Captures for Simulated {
    fn open(&self, _: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError> {
        Ok(vec![Box::new(Packets(Scenario::demo()))])
    }
}

impl Source for Packets {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        Ok(self.0.next().map(|packet: Packet| antigravity_capture::Line::Packet(packet).into()))
    }

    fn redacted(&self) -> bool {
        false
    }
}

/// The demo's adapters: those that are installed, else built; in a checkout, one that is missing is built now.
fn adapters(sandbox: &Sandbox, wanted: &BTreeSet<&str>) -> Result<Vec<Arc<Adapter>>, Failure> {
    let directory = places::adapters(None)?;
    if Store::is_one(&directory) {
        return components::load_these(sandbox, &directory, wanted);
    }
    let mut adapters = Vec::new();
    for provider in wanted {
        let file = directory.join(format!("{provider}.wasm"));
        if !file.is_file() {
            let root = places::checkout();
            let folder =
                root.map(|root| root.join("adapters").join(provider)).filter(|folder| folder.is_dir());
            let folder = folder.ok_or_else(|| {
                let hint = "in a checkout of Antigravity the demo builds it";
                Failure::input(format!("{}: not found; {hint}", file.display()))
            })?;
            say(format_args!("building the {provider} adapter …"));
            authoring::build(&places::tools(), sandbox, &folder, Some(&directory))
                .map_err(Failure::failed)?;
        }
        adapters.push(Arc::new(authoring::load(sandbox, &file).map_err(Failure::input)?));
    }
    Ok(adapters)
}

/// One line of one market: what each account is offered on its selections.
type Row = BTreeMap<String, BTreeMap<Selection, String>>;

fn show_board(out: &mut impl Write, merger: &Merger) -> Result<(), Failure> {
    let Some(now) = merger.latest() else { return Ok(()) };
    let mut accounts = BTreeSet::new();
    let mut rows: BTreeMap<Vec<String>, Row> = BTreeMap::new();
    let mut quotes = 0;
    for line in merger.board().board_lines(now) {
        quotes += 1;
        accounts.insert(line.account.to_owned());
        let row = rows.entry(key(&line)).or_default();
        row.entry(line.account.to_owned()).or_default().insert(line.selection, offer(&line));
    }
    let mut header = vec!["event", "provider", "market", "period", "line"];
    header.extend(accounts.iter().map(String::as_str));
    let mut table = table::table(&header);
    for (key, row) in rows.iter().take(SHOWN) {
        let offers = |account| row.get(account).map(|o| o.values().cloned().collect::<Vec<_>>().join("  "));
        let offers = accounts.iter().map(|account| offers(account).unwrap_or_default());
        table::add(&mut table, key.iter().cloned().chain(offers));
    }
    writeln!(out, "{table}")?;
    let left = rows.len().saturating_sub(SHOWN);
    writeln!(out, "{quotes} quotes stand on {} lines; {left} lines are not shown", rows.len())?;
    Ok(())
}

/// The best of what was found with their certificates, and why there was no more.
fn show_opportunities(out: &mut impl Write, ended: &Ended) -> Result<(), Failure> {
    let (Some(found), Some(opportunities)) = (&ended.found, &ended.opportunities) else { return Ok(()) };
    let mut best: Vec<_> = found.iter().collect();
    best.sort_by_key(|shown| Reverse(shown.opportunity.return_on_stake));
    best.truncate(PROVEN);
    let (count, shown) = (found.iter().len(), best.len());
    if count == 0 {
        writeln!(out, "no opportunity was found")?;
    } else {
        writeln!(out, "{}", opportunities::table(best.iter().copied()))?;
        writeln!(
            out,
            "{count} opportunities were found; these are the best {shown}, as they were last. Their certificates:"
        )?;
    }
    for shown in best {
        out.write_all(&shown.opportunity.bytes)?;
        writeln!(out)?;
    }
    Ok(writeln!(out, "{}", opportunities::funnel(opportunities.funnel()))?)
}

fn key(line: &QuoteLine<'_>) -> Vec<String> {
    let event = format!("{} – {}", line.home.unwrap_or("?"), line.away.unwrap_or("?"));
    let number = line.line.map_or(String::new(), |number| number.to_string());
    vec![event, line.provider.to_owned(), line.market.to_string(), line.period.to_string(), number]
}

fn offer(line: &QuoteLine<'_>) -> String {
    let price = line.price.map_or("–".to_owned(), |price| price.0.value().to_string());
    let suspended = line.status == Status::Suspended;
    format!("{} {price}{}", line.selection, if suspended { " (suspended)" } else { "" })
}
