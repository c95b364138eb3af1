//! Files as bytes and lines, plain or compressed with zstd.

use crate::error::MAX_LINE;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const BUFFER: usize = 256 << 10;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// What some editors write before a text; it says nothing.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How far the reading of files is, in bytes of the files as they lie on the disk. Clones share
/// their numbers, so another thread can watch.
#[derive(Clone, Debug)]
pub struct Progress {
    read: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
    /// How often what is opened is going to be read.
    passes: u64,
}

impl Default for Progress {
    fn default() -> Self {
        Self { read: Arc::default(), total: Arc::default(), passes: 1 }
    }
}

impl Progress {
    /// The same progress for files that are going to be read so often, this time included: the
    /// first time expects all passes, the others then 0.
    pub fn of_passes(&self, passes: u64) -> Self {
        Self { passes, ..self.clone() }
    }

    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// 0 where it is not known.
    pub fn total_bytes(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }
}

struct Counted<R> {
    inner: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.progress.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

pub(crate) type Bytes = Box<dyn BufRead + Send>;

/// Opens a file; compressed where its first bytes or its name say so.
pub(crate) fn open(path: &Path, progress: &Progress) -> io::Result<Bytes> {
    let file = File::open(path)?;
    progress.total.fetch_add(file.metadata()?.len() * progress.passes, Ordering::Relaxed);
    let named = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zst"));
    decompress(Counted { inner: file, progress: progress.clone() }, named)
}

/// `read` itself, or what it decompresses to where it begins as zstd does or `named` says so.
pub(crate) fn decompress(read: impl Read + Send + 'static, named: bool) -> io::Result<Bytes> {
    let mut buffered = BufReader::with_capacity(BUFFER, read);
    if !named && !buffered.fill_buf()?.starts_with(&ZSTD_MAGIC) {
        return Ok(Box::new(buffered));
    }
    let decoder = zstd::Decoder::with_buffer(buffered)?;
    Ok(Box::new(BufReader::with_capacity(BUFFER, decoder)))
}

/// Bytes cut at line feeds.
pub(crate) struct Lines {
    bytes: Bytes,
    pub line: Vec<u8>,
    /// Number of the line that stands in `line`; 0 before the first.
    pub number: u64,
    /// The compressed data ended too early.
    pub cut: bool,
}

/// What [`Lines::advance`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advance {
    Line,
    TooLong,
    End,
}

impl Lines {
    pub(crate) const fn new(bytes: Bytes) -> Self {
        Self { bytes, line: Vec::new(), number: 0, cut: false }
    }

    /// Puts the next line, without its line feed, into `line`.
    pub(crate) fn advance(&mut self) -> io::Result<Advance> {
        self.line.clear();
        // One line of 100 MB must not hold its memory for the rest of the file.
        self.line.shrink_to(4 << 20);
        self.number += 1;
        loop {
            let chunk = chunk(&mut self.bytes, &mut self.cut)?;
            if chunk.is_empty() {
                return Ok(if self.line.is_empty() { Advance::End } else { Advance::Line });
            }
            let end = memchr::memchr(b'\n', chunk);
            let part = &chunk[..end.unwrap_or(chunk.len())];
            if self.line.len() + part.len() > MAX_LINE {
                return Ok(Advance::TooLong);
            }
            self.line.extend_from_slice(part);
            let used = end.map_or(chunk.len(), |at| at + 1);
            self.bytes.consume(used);
            if end.is_some() {
                return Ok(Advance::Line);
            }
        }
    }

    /// Whether nothing comes after the current line.
    pub(crate) fn at_end(&mut self) -> io::Result<bool> {
        Ok(chunk(&mut self.bytes, &mut self.cut)?.is_empty())
    }
}

/// The bytes at hand. A compressed file that was cut off ends where its last whole block ends.
fn chunk<'a>(bytes: &'a mut Bytes, cut: &mut bool) -> io::Result<&'a [u8]> {
    match bytes.fill_buf() {
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
            *cut = true;
            Ok(&[])
        }
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &'static [u8]) -> Vec<Vec<u8>> {
        let mut lines = Lines::new(decompress(bytes, false).unwrap());
        let mut out = Vec::new();
        while lines.advance().unwrap() == Advance::Line {
            out.push(lines.line.clone());
        }
        out
    }

    #[test]
    fn cuts_at_line_feeds() {
        assert_eq!(lines(b""), Vec::<Vec<u8>>::new());
        assert_eq!(lines(b"a\n\nb"), [b"a".to_vec(), vec![], b"b".to_vec()]);
        assert_eq!(lines(b"a\r\n"), [b"a\r".to_vec()]);
    }

    #[test]
    fn progress_counts_all_files_and_passes() {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        let bytes = std::fs::metadata(path).unwrap().len();
        let progress = Progress::default();
        let read =
            |progress: &Progress| io::copy(&mut open(path, progress).unwrap(), &mut io::sink()).unwrap();
        let now = || (progress.bytes_read(), progress.total_bytes());
        read(&progress);
        read(&progress);
        assert_eq!(now(), (2 * bytes, 2 * bytes));
        read(&progress.of_passes(2));
        assert_eq!(now(), (3 * bytes, 4 * bytes));
        read(&progress.of_passes(0));
        assert_eq!(now(), (4 * bytes, 4 * bytes));
    }

    #[test]
    fn a_line_that_is_too_long_is_not_kept() {
        let mut lines = Lines::new(decompress(io::repeat(b'x'), false).unwrap());
        assert_eq!(lines.advance().unwrap(), Advance::TooLong);
        assert!(lines.line.len() <= MAX_LINE);
    }
}
