//! What the front reads from: recorded traffic to its end, or traffic as it arrives.

use antigravity_capture::{CaptureError, Merged, Record};
use antigravity_core::Timestamp;

/// What there is to read.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // nearly all are records, and a box would cost each an allocation
pub enum Fed {
    /// A record with the index of its source.
    Record(usize, Record),
    /// Nothing before this instant of the run's clock.
    Due(Timestamp),
    /// Nothing ever again.
    End,
}

/// Gives records in order.
pub trait Feed: Send {
    /// The next record, or when there may be one.
    ///
    /// # Errors
    /// [`CaptureError`] of the source that is malformed, after what came before was given.
    fn next(&mut self) -> Result<Fed, CaptureError>;

    /// Of each source, whether its secrets were taken out already.
    fn redacted(&self) -> Vec<bool>;

    /// Number of the cut-off last line of a source that has one; known at its end.
    fn truncated(&self, source: usize) -> Option<u64>;
}

impl Feed for Merged {
    fn next(&mut self) -> Result<Fed, CaptureError> {
        Ok(Self::next(self)?.map_or(Fed::End, |(source, record)| Fed::Record(source, record)))
    }

    fn redacted(&self) -> Vec<bool> {
        self.sources().map(|source| source.redacted()).collect()
    }

    fn truncated(&self, source: usize) -> Option<u64> {
        self.sources().nth(source)?.truncated()
    }
}
