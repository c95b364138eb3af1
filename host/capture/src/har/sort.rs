//! Sorting more than fits in memory: sorted runs in one temporary file, merged while they are read.
//!
//! The file has no name and can be opened by nobody else; it is gone when the process is.

use antigravity_core::Timestamp;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// Bytes that are sorted in memory at a time.
pub(super) const RUN: usize = 64 << 20;

/// By time, then as they stood in the file: which entry, and which part of it.
pub(super) type Order = (Timestamp, u64, u64);

pub(super) struct Sorter {
    run: usize,
    bytes: Vec<u8>,
    index: Vec<(Order, Range<usize>)>,
    file: Option<BufWriter<File>>,
    written: u64,
    runs: Vec<Cursor>,
}

impl Sorter {
    pub(super) const fn new(run: usize) -> Self {
        Self { run, bytes: Vec::new(), index: Vec::new(), file: None, written: 0, runs: Vec::new() }
    }

    /// Adds one item; `put` appends its bytes.
    pub(super) fn push(&mut self, order: Order, put: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let start = self.bytes.len();
        put(&mut self.bytes);
        self.index.push((order, start..self.bytes.len()));
        if self.bytes.len() + self.index.len() * size_of::<(Order, Range<usize>)>() < self.run {
            return Ok(());
        }
        self.spill()
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::with_capacity(256 << 10, tempfile::tempfile()?)),
        };
        self.index.sort_unstable_by_key(|(order, _)| *order);
        let start = self.written;
        for (order, range) in self.index.drain(..) {
            let bytes = &self.bytes[range];
            file.write_all(&header(order, bytes.len() as u64))?;
            file.write_all(bytes)?;
            self.written += (HEADER + bytes.len()) as u64;
        }
        self.bytes.clear();
        self.runs.push(Cursor { next: start, end: self.written, buffer: Vec::new(), at: 0 });
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        if self.file.is_none() {
            self.index.sort_unstable_by_key(|(order, _)| *order);
            let items = std::mem::take(&mut self.index).into_iter();
            return Ok(Sorted::Memory { bytes: self.bytes, items });
        }
        self.spill()?;
        let Some(file) = self.file else { return Err(ErrorKind::NotFound.into()) };
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut heads = BinaryHeap::new();
        for (index, run) in self.runs.iter_mut().enumerate() {
            if let Some(order) = run.peek(&mut file)? {
                heads.push(Reverse((order, index)));
            }
        }
        Ok(Sorted::Runs { file, runs: self.runs, heads })
    }
}

/// Items in order.
pub(super) enum Sorted {
    Memory { bytes: Vec<u8>, items: std::vec::IntoIter<(Order, Range<usize>)> },
    Runs { file: File, runs: Vec<Cursor>, heads: BinaryHeap<Reverse<(Order, usize)>> },
}

impl Sorted {
    pub(super) fn next(&mut self) -> io::Result<Option<(Timestamp, Vec<u8>)>> {
        match self {
            Self::Memory { bytes, items } => {
                Ok(items.next().map(|((at, ..), range)| (at, bytes[range].to_vec())))
            }
            Self::Runs { file, runs, heads } => {
                let Some(Reverse(((at, ..), index))) = heads.pop() else { return Ok(None) };
                let bytes = runs[index].take(file)?;
                if let Some(order) = runs[index].peek(file)? {
                    heads.push(Reverse((order, index)));
                }
                Ok(Some((at, bytes)))
            }
        }
    }
}

const HEADER: usize = 32;

fn header((at, entry, part): Order, len: u64) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(&at.nanos().to_le_bytes());
    header[8..16].copy_from_slice(&entry.to_le_bytes());
    header[16..24].copy_from_slice(&part.to_le_bytes());
    header[24..].copy_from_slice(&len.to_le_bytes());
    header
}

/// Reads one run.
pub(super) struct Cursor {
    /// What of the file is not yet in `buffer`.
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    at: usize,
}

impl Cursor {
    /// Bytes read at a time: with 1,000 runs (a HAR of 60 GB) 64 MB in all.
    const CHUNK: usize = 64 << 10;

    /// Order of the next item; `None` at the end of the run.
    fn peek(&mut self, file: &mut File) -> io::Result<Option<Order>> {
        if self.at == self.buffer.len() && self.next == self.end {
            return Ok(None);
        }
        self.fill(file, HEADER)?;
        let at = i64::from_le_bytes(self.word(0));
        let order =
            (Timestamp::from_nanos(at), u64::from_le_bytes(self.word(8)), u64::from_le_bytes(self.word(16)));
        Ok(Some(order))
    }

    /// The item that was peeked at.
    fn take(&mut self, file: &mut File) -> io::Result<Vec<u8>> {
        let len = usize::try_from(u64::from_le_bytes(self.word(24))).map_err(|_| ErrorKind::InvalidData)?;
        self.at += HEADER;
        self.fill(file, len)?;
        let bytes = self.buffer[self.at..self.at + len].to_vec();
        self.at += len;
        Ok(bytes)
    }

    fn word(&self, offset: usize) -> [u8; 8] {
        let at = self.at + offset;
        self.buffer.get(at..at + 8).and_then(|word| word.first_chunk()).copied().unwrap_or_default()
    }

    /// Makes sure that `len` bytes stand in the buffer from `at` on.
    fn fill(&mut self, file: &mut File, len: usize) -> io::Result<()> {
        let held = self.buffer.len() - self.at;
        if held >= len {
            return Ok(());
        }
        self.buffer.drain(..self.at);
        self.buffer.shrink_to(4 * Self::CHUNK);
        self.at = 0;
        let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
        let more = (len - held).max(Self::CHUNK).min(left);
        if held + more < len {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.buffer.resize(held + more, 0);
        file.seek(SeekFrom::Start(self.next))?;
        file.read_exact(&mut self.buffer[held..])?;
        self.next += more as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_the_same_in_memory_and_in_runs(
            items in prop::collection::vec((0i64..20, prop::collection::vec(any::<u8>(), 0..200)), 0..200),
            run in 1usize..5000,
        ) {
            let sorted = |run| {
                let mut sorter = Sorter::new(run);
                for (n, (at, bytes)) in (0..).zip(&items) {
                    sorter.push((Timestamp::from_nanos(*at), n, 0), |out| out.extend_from_slice(bytes)).unwrap();
                }
                let mut sorted = sorter.finish().unwrap();
                std::iter::from_fn(|| sorted.next().unwrap()).collect::<Vec<_>>()
            };
            let mut expected = items.clone();
            expected.sort_by_key(|(at, _)| *at);
            let expected: Vec<_> = expected.into_iter().map(|(at, b)| (Timestamp::from_nanos(at), b)).collect();
            prop_assert_eq!(&sorted(usize::MAX), &expected);
            prop_assert_eq!(&sorted(run), &expected);
        }
    }

    #[test]
    fn items_larger_than_a_chunk_come_back_whole() {
        let mut sorter = Sorter::new(1 << 20);
        for n in 0..5u64 {
            let len = 300_000 * (5 - n) as usize;
            sorter
                .push((Timestamp::from_nanos(0), n, 0), |out| out.resize(out.len() + len, n as u8))
                .unwrap();
        }
        let mut sorted = sorter.finish().unwrap();
        assert!(matches!(sorted, Sorted::Runs { .. }));
        for n in 0..5usize {
            let (_, bytes) = sorted.next().unwrap().unwrap();
            assert_eq!(bytes, vec![n as u8; 300_000 * (5 - n)]);
        }
        assert!(sorted.next().unwrap().is_none());
    }
}
