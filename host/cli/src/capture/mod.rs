//! `antigravity capture …`.

mod fixture;

use crate::args::CaptureCommand;
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::{components, progress, table};
use antigravity_capture::{CaptureWriter, HarReader, Header, Line, Progress, Redactor, import, open};
use antigravity_core::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

pub fn run(command: &CaptureCommand) -> Result<(), Failure> {
    match command {
        CaptureCommand::Import { har, account, out } => import_har(har, account, out),
        CaptureCommand::Fixture(options) => fixture::run(options),
        CaptureCommand::Inspect { file, json } => inspect(file, *json),
    }
}

fn import_har(har: &Path, account: &str, out: &Path) -> Result<(), Failure> {
    if same_file(har, out) {
        return Err(Failure::input(format!(
            "{}: the capture would replace what it is made of",
            out.display()
        )));
    }
    let bar = Progress::default();
    // What installed contracts declare as secret is taken out too, where there are any.
    let mut declared = components::declared_secrets()?;
    let summary = progress::with_bar(&bar, || {
        let mut reader = HarReader::open(har, Some(account), &bar)?;
        let header = Header { created_at: None, redacted: true, ..Header::default() };
        let mut writer = CaptureWriter::create(out, &header)?;
        let mut redactor = Redactor::new();
        let summary = import(&mut reader, &mut writer, |record| {
            let secrets = match &record.line {
                Line::Packet(packet) => declared.iter_mut().flat_map(|one| one.of(packet)).collect(),
                _ => Vec::new(),
            };
            redactor.record(record, &secrets);
        })?;
        writer.finish()?;
        Ok::<_, antigravity_capture::CaptureError>(summary)
    });
    let s = summary.map_err(Failure::input)?;
    writeln!(
        std::io::stdout(),
        "{}: {} bodies, {} frames and {} events of {} entries; {} bodies missing, {} short, {} broken, {} skipped",
        plain(&out.display().to_string()),
        s.bodies,
        s.frames,
        s.events,
        s.entries,
        s.missing_bodies,
        s.short_bodies,
        s.broken_bodies,
        s.skipped
    )?;
    Ok(())
}

/// Whether both names lead to one file that is there, through whatever links.
#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = |path: &Path| {
        let found = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((found.dev(), found.ino()))
    };
    file(one).is_some_and(|id| file(other) == Some(id))
}

/// Whether both names lead to one file that is there, through links but for hard ones.
#[cfg(not(unix))]
fn same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// Packets and bytes of one (account, transport, direction, host).
type Counts = BTreeMap<(String, &'static str, &'static str, String), (u64, u64)>;

#[derive(Default)]
struct Seen {
    counts: Counts,
    packets: u64,
    lost: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

fn inspect(file: &Path, json: bool) -> Result<(), Failure> {
    let bar = Progress::default();
    let mut source = open(file, None, &bar).map_err(Failure::input)?;
    let seen = progress::with_bar(&bar, || {
        let mut seen = Seen::default();
        while let Some(record) = source.next()? {
            seen.see(&record.line);
        }
        Ok::<_, antigravity_capture::CaptureError>(seen)
    });
    let seen = seen.map_err(Failure::input)?;
    let mut out = std::io::stdout().lock();
    if let Some(line) = source.truncated() {
        say(format_args!("warning: {}: line {line} is cut off; it is skipped", file.display()));
    }
    if json {
        let rows: Vec<_> = seen.counts.iter().map(|((account, transport, direction, host), (packets, bytes))| {
            json!({"account": account, "transport": transport, "direction": direction, "host": host, "packets": packets, "bytes": bytes})
        }).collect();
        let value = json!({"packets": seen.packets, "lost": seen.lost, "first": seen.first, "last": seen.last,
            "redacted": source.redacted(), "traffic": rows});
        return Ok(writeln!(out, "{value}")?);
    }
    let mut rows = table::table(&["account", "transport", "direction", "host", "packets", "bytes"]);
    for ((account, transport, direction, host), (packets, bytes)) in &seen.counts {
        let row = [account, *transport, direction, host, &packets.to_string(), &bytes.to_string()];
        table::add(&mut rows, row);
    }
    let time = |at: Option<Timestamp>| at.map_or("–".to_owned(), |at| at.to_string());
    writeln!(out, "{rows}")?;
    let redacted = if source.redacted() { "redacted" } else { "not redacted" };
    writeln!(
        out,
        "{} packets, {} lost, {} to {}, {redacted}",
        seen.packets,
        seen.lost,
        time(seen.first),
        time(seen.last)
    )?;
    Ok(())
}

impl Seen {
    fn see(&mut self, line: &Line) {
        let at = line.at();
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
        match line {
            Line::Packet(packet) => {
                self.packets += 1;
                let host = packet.url.split_once("://").map_or("", |(_, rest)| rest);
                let host = host.split(['/', '?', '#']).next().unwrap_or("").to_owned();
                let key =
                    (packet.account.to_string(), packet.transport.name(), packet.direction.name(), host);
                let count = self.counts.entry(key).or_default();
                *count = (count.0 + 1, count.1 + packet.body.len());
            }
            Line::Lost(_) => self.lost += 1,
            _ => {}
        }
    }
}
