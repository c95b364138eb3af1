//! Recorded traffic in memory, its secrets taken out.

use antigravity_capture::{CaptureError, Line, Progress, Record, Redactor, Source};
use antigravity_core::{Contract, Packet};
use antigravity_engine::{Captures, Declared, ReplayError};
use std::sync::Arc;

/// Records in order, to be replayed as often as one likes and changed between.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    records: Vec<Record>,
}

impl Traffic {
    /// Reads a source to its end. Where its secrets are still in, they are taken out: those that are
    /// secret everywhere and those that `contract` declares.
    ///
    /// # Errors
    /// [`ReplayError`] where the source is malformed or a declared secret cannot be read.
    pub fn read(source: &mut dyn Source, contract: &Arc<Contract>) -> Result<Self, ReplayError> {
        let mut records = Vec::new();
        while let Some(record) = source.next()? {
            records.push(record);
        }
        let mut traffic = Self { records };
        if !source.redacted() {
            traffic.redact(contract)?;
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
    /// Where `contract` declares one in a way that cannot be read.
    pub fn redact(&mut self, contract: &Arc<Contract>) -> Result<(), ReplayError> {
        let mut declared = Declared::new(vec![Arc::clone(contract)])?;
        let mut redactor = Redactor::new();
        for record in &mut self.records {
            let secrets = match &record.line {
                Line::Packet(packet) => declared.of(packet),
                _ => Vec::new(),
            };
            redactor.record(record, &secrets);
        }
        Ok(())
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
