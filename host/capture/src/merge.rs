//! Several captures as one stream.

use crate::{CaptureError, Record, Source};
use antigravity_core::Timestamp;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

/// Gives the records of several sources by the running maximum of `at` in each, then by the order
/// in which the sources were given, then by `seq`; inside a source its own order rules, also where
/// its clock goes back.
pub struct Merged {
    inputs: Vec<Input>,
    /// (running maximum, index of the input) of every input that has a record waiting.
    heads: BinaryHeap<Reverse<(Timestamp, usize)>>,
    started: bool,
    /// What is wrong behind the record that was given last.
    failed: Option<CaptureError>,
}

struct Input {
    source: Box<dyn Source>,
    latest: Timestamp,
    waiting: Option<Record>,
}

impl Merged {
    pub fn new(sources: Vec<Box<dyn Source>>) -> Self {
        let input = |source| Input { source, latest: Timestamp::from_nanos(i64::MIN), waiting: None };
        let inputs = sources.into_iter().map(input).collect();
        Self { inputs, heads: BinaryHeap::new(), started: false, failed: None }
    }

    /// The next record with the index of its source.
    ///
    /// # Errors
    /// [`CaptureError`] of the source that is malformed, after the record in front of it was given.
    #[allow(clippy::should_implement_trait)] // an Iterator would end at an error only by convention
    pub fn next(&mut self) -> Result<Option<(usize, Record)>, CaptureError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if !self.started {
            self.started = true;
            for index in 0..self.inputs.len() {
                self.fill(index)?;
            }
        }
        let Some(Reverse((_, index))) = self.heads.pop() else { return Ok(None) };
        let record = self.inputs[index].waiting.take();
        self.failed = self.fill(index).err();
        Ok(record.map(|record| (index, record)))
    }

    pub fn sources(&self) -> impl Iterator<Item = &dyn Source> {
        self.inputs.iter().map(|input| &*input.source)
    }

    fn fill(&mut self, index: usize) -> Result<(), CaptureError> {
        let input = &mut self.inputs[index];
        if let Some(record) = input.source.next()? {
            input.latest = input.latest.max(record.line.at());
            input.waiting = Some(record);
            self.heads.push(Reverse((input.latest, index)));
        }
        Ok(())
    }
}

impl fmt::Debug for Merged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merged").field("sources", &self.inputs.len()).finish_non_exhaustive()
    }
}
