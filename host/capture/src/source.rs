//! What gives records in order: a capture file, or a HAR file read as if it were one.

use crate::{CaptureError, CaptureReader, HarReader, Problem, Progress, Record, input};
use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

/// Gives records in the order of their `seq`.
pub trait Source: Send {
    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// [`CaptureError`] naming file, line and field of what is malformed.
    fn next(&mut self) -> Result<Option<Record>, CaptureError>;

    /// Whether the secrets were taken out already.
    fn redacted(&self) -> bool;

    /// Number of a cut-off last line that was skipped; known at the end.
    fn truncated(&self) -> Option<u64> {
        None
    }
}

/// Opens a capture file or a HAR file, whichever its first bytes show. Reading of the file itself
/// is counted in `progress`; a HAR file has been read whole when this returns.
///
/// # Errors
/// [`CaptureError`] where it cannot be opened or is neither.
pub fn open(
    path: &Path,
    account: Option<&str>,
    progress: &Progress,
) -> Result<Box<dyn Source>, CaptureError> {
    let file: Arc<Path> = Arc::from(path);
    let fail = |e: io::Error| CaptureError::file(&file, Problem::Read(e));
    let mut bytes = input::open(path, progress).map_err(fail)?;
    if is_har(path, bytes.fill_buf().map_err(fail)?) {
        Ok(Box::new(HarReader::start(file, bytes, account)?))
    } else {
        Ok(Box::new(CaptureReader::start(file, bytes, account, progress.clone())?))
    }
}

/// By the first member's name; by the file's name where that says nothing.
fn is_har(path: &Path, start: &[u8]) -> bool {
    let start = start.strip_prefix(input::BYTE_ORDER_MARK).unwrap_or(start).trim_ascii_start();
    let first = start.strip_prefix(b"{").unwrap_or(start).trim_ascii_start();
    let named = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("har"));
    first.starts_with(b"\"log\"") || (named && !first.starts_with(b"\"antigravity_capture\""))
}
