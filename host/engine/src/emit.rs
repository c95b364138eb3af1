//! Lines on standard output: quotes as they change, the board and the ledger at the end.

use crate::merge::{Merger, Observer};
use antigravity_core::board::{Board, Change, Changes, Origin};
use antigravity_core::{Fate, Packet};
use antigravity_runtime::CallError;
use serde::Serialize;
use std::io::{self, Write};

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emit {
    pub quotes: bool,
    pub board: bool,
    pub ledger: bool,
}

/// A packet that an adapter failed on twice, for whoever repairs the adapter.
#[derive(Clone, Debug)]
pub struct Failure {
    pub packet: Packet,
    pub provider: String,
    pub error: CallError,
}

/// Most failed packets that are kept, and bytes of them; the others are only counted.
const FAILURES: usize = 100;
const FAILED_BYTES: u64 = 64 << 20;

/// Writes lines of JSON. The first error is kept and ends the writing.
#[derive(Debug)]
pub struct Lines<W> {
    out: W,
    emit: Emit,
    buffer: Vec<u8>,
    error: Option<io::Error>,
    failures: Vec<Failure>,
    failed_bytes: u64,
}

const FLUSH_AT: usize = 128 << 10;

impl<W: Write> Lines<W> {
    pub const fn new(out: W, emit: Emit) -> Self {
        Self { out, emit, buffer: Vec::new(), error: None, failures: Vec::new(), failed_bytes: 0 }
    }

    fn line(&mut self, value: &impl Serialize) {
        if self.error.is_some() {
            return;
        }
        let written = serde_json::to_writer(&mut self.buffer, value).map_err(io::Error::from);
        self.buffer.push(b'\n');
        self.error = written.err();
        if self.buffer.len() >= FLUSH_AT {
            self.flush();
        }
    }

    /// Writes out what waits; for a run that ends early.
    ///
    /// # Errors
    /// The first error of all the writing.
    pub fn end(mut self) -> io::Result<()> {
        self.flush();
        self.error.map_or(Ok(()), Err)
    }

    fn flush(&mut self) {
        if self.error.is_none() {
            self.error = self.out.write_all(&self.buffer).and_then(|()| self.out.flush()).err();
        }
        self.buffer.clear();
    }

    /// Writes what comes after the last packet.
    ///
    /// # Errors
    /// The first error of all the writing.
    pub fn finish(mut self, merger: &Merger) -> io::Result<Vec<Failure>> {
        if let (true, Some(now)) = (self.emit.board, merger.latest()) {
            for line in merger.board().board_lines(now) {
                self.line(&line);
            }
        }
        if self.emit.ledger {
            self.line(&merger.ledger().to_line());
        }
        self.flush();
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.failures),
        }
    }
}

impl<W: Write> Changes for Lines<W> {
    fn changed(&mut self, board: &Board, change: Change) {
        if self.emit.quotes {
            self.line(&board.quote_line(change.quote));
        }
    }
}

impl<W: Write> Observer for Lines<W> {
    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str) {
        tracing::debug!(seq = origin.seq, at = %origin.at, reason, "{}", fate.name());
    }

    fn failed(&mut self, packet: &Packet, provider: &str, error: &CallError) {
        tracing::warn!(provider, seq = packet.seq, account = %packet.account, "adapter failed twice: {error}");
        let bytes = self.failed_bytes + packet.weight() as u64;
        if self.failures.len() < FAILURES && bytes <= FAILED_BYTES {
            self.failed_bytes = bytes;
            let (packet, provider, error) = (packet.clone(), provider.to_owned(), error.clone());
            self.failures.push(Failure { packet, provider, error });
        }
    }

    fn gone(&self) -> bool {
        self.error.is_some()
    }
}
