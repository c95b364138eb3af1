//! Recorded traffic in memory, its secrets taken out.

use antigravity_capture::{CaptureError, CaptureWriter, Header, Line, Progress, Record, Redactor, Source};
use antigravity_core::{Body, Contract, Packet};
use antigravity_engine::{Captures, Declared, ReplayError};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Records in order, to be replayed as often as one likes and changed between.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    records: Vec<Record>,
}

impl Traffic {
    /// Reads a source to its end. Where its secrets are still in, they are taken out: those that are
    /// secret everywhere and those that `contracts` declare.
    ///
    /// # Errors
    /// [`ReplayError`] where the source is malformed or a declared secret cannot be read.
    pub fn read(source: &mut dyn Source, contracts: &[Arc<Contract>]) -> Result<Self, ReplayError> {
        Self::read_until(source, contracts, u64::MAX)
    }

    /// As [`Self::read`], up to the record of this number and no further.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_until(
        source: &mut dyn Source,
        contracts: &[Arc<Contract>],
        last: u64,
    ) -> Result<Self, ReplayError> {
        let mut records = Vec::new();
        while let Some(record) = source.next()? {
            let seq = record.line.seq();
            records.push(record);
            if seq >= last {
                break;
            }
        }
        let mut traffic = Self { records };
        if !source.redacted() {
            traffic.redact(contracts)?;
        }
        Ok(traffic)
    }

    /// Numbered from 1, whatever their numbers were.
    pub fn of(lines: impl IntoIterator<Item = Line>) -> Self {
        let number = |(line, seq): (Line, u64)| Record::from(numbered(line, seq));
        Self { records: lines.into_iter().zip(1..).map(number).collect() }
    }

    /// Takes the secrets out.
    ///
    /// # Errors
    /// Where one of `contracts` declares one in a way that cannot be read.
    pub fn redact(&mut self, contracts: &[Arc<Contract>]) -> Result<(), ReplayError> {
        // One by one: of two contracts for one provider both count.
        let declared = contracts.iter().map(|contract| Declared::new(vec![Arc::clone(contract)]));
        let mut declared = declared.collect::<Result<Vec<_>, _>>()?;
        let mut redactor = Redactor::new();
        for record in &mut self.records {
            let secrets = match &record.line {
                Line::Packet(packet) => declared.iter_mut().flat_map(|one| one.of(packet)).collect(),
                _ => Vec::new(),
            };
            redactor.record(record, &secrets);
        }
        Ok(())
    }

    /// The same traffic with `name.example`, `name-2.example` … in place of the hosts that its addresses
    /// name, in bodies too.
    #[must_use]
    pub fn anonymous(&self, name: &str) -> Self {
        let mut found: Vec<String> = Vec::new();
        let mut find = |text: &str| {
            for host in hosts(text) {
                if !found.iter().any(|known| known == host) {
                    found.push(host.to_owned());
                }
            }
        };
        for packet in self.packets() {
            find(&packet.url);
            packet.page.iter().for_each(|page| find(page));
            packet.request_body.iter().for_each(|body| find(body));
            if let Body::Text(text) = &packet.body {
                find(text);
            }
        }
        let number = |n: usize| if n == 0 { String::new() } else { format!("-{}", n + 1) };
        let names =
            found.iter().enumerate().map(|(n, host)| (host.clone(), format!("{name}{}.example", number(n))));
        let mut hosts: Vec<_> = names.collect();
        // What is left of a name of one: in a mail address, in a text.
        hosts.extend(
            found.iter().filter_map(|host| Some((domain(host)?.to_owned(), format!("{name}.example")))),
        );
        // The longest first: one may be a part of another.
        hosts.sort_by_key(|(host, _)| std::cmp::Reverse(host.len()));
        let replaced = |text: &str| {
            hosts.iter().fold(text.to_owned(), |text, (host, instead)| text.replace(host, instead))
        };
        self.map(|packet| {
            packet.url = replaced(&packet.url).into();
            packet.page = packet.page.as_ref().map(|page| replaced(page).into());
            packet.request_body = packet.request_body.as_ref().map(|body| replaced(body));
            if let Body::Text(text) = &mut packet.body {
                *text = replaced(text);
            }
        })
    }

    /// As a capture file.
    pub fn to_capture(&self) -> String {
        let shared = Shared::default();
        let header = Header { redacted: true, ..Header::default() };
        // Memory takes every byte, and the numbers rise by one.
        let written =
            CaptureWriter::to_writer(Path::new("fixture"), shared.clone(), &header).and_then(|mut writer| {
                self.records.iter().try_for_each(|record| writer.write(record))?;
                writer.finish()
            });
        debug_assert!(written.is_ok(), "{written:?}");
        shared.text()
    }

    pub fn lines(&self) -> impl ExactSizeIterator<Item = &Line> + Clone {
        self.records.iter().map(|record| &record.line)
    }

    pub fn packets(&self) -> impl Iterator<Item = &Packet> + Clone {
        self.lines().filter_map(|line| match line {
            Line::Packet(packet) => Some(packet),
            _ => None,
        })
    }

    /// The same traffic with each packet as `change` leaves it; what is no packet stays.
    pub fn map(&self, mut change: impl FnMut(&mut Packet)) -> Self {
        let mut changed = self.clone();
        for record in &mut changed.records {
            if let Line::Packet(packet) = &mut record.line {
                change(packet);
            }
        }
        changed
    }
}

impl Captures for Traffic {
    fn open(&self, _: &Progress) -> Result<Vec<Box<dyn Source>>, CaptureError> {
        Ok(vec![Box::new(InMemory(self.records.clone().into_iter()))])
    }
}

/// Bytes that a writer leaves behind.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The hosts of all addresses in a text, with their ports; slashes may be escaped as JSON allows it.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    let of = |rest: &'static str| text.split(rest).skip(1);
    let host = |rest: &'_ str| {
        rest.len() - rest.trim_start_matches(|c: char| c.is_alphanumeric() || ".-:_".contains(c)).len()
    };
    let starts = of("://").chain(of(":\\/\\/"));
    starts.map(move |rest| &rest[..host(rest)]).filter(|host| host.contains('.'))
}

/// The last two labels of a host's name; `None` of an Internet address.
fn domain(host: &str) -> Option<&str> {
    let name = host.split(':').next().unwrap_or(host);
    let (rest, last) = name.rsplit_once('.')?;
    let before = rest.rsplit_once('.').map_or(rest, |(_, before)| before);
    let numeric = last.bytes().all(|b| b.is_ascii_digit());
    (!numeric && before.len() > 3).then(|| &name[name.len() - before.len() - 1 - last.len()..])
}

struct InMemory(std::vec::IntoIter<Record>);

impl Source for InMemory {
    fn next(&mut self) -> Result<Option<Record>, CaptureError> {
        Ok(self.0.next())
    }

    fn redacted(&self) -> bool {
        true
    }
}

fn numbered(mut line: Line, to: u64) -> Line {
    let seq = match &mut line {
        Line::Packet(it) => &mut it.seq,
        Line::Lost(it) => &mut it.seq,
        Line::Opened(it) | Line::Closed(it) => &mut it.seq,
        Line::Mark(it) => &mut it.seq,
        Line::Toggle(it) => &mut it.seq,
    };
    *seq = to;
    line
}
