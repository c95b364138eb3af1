//! Recorded traffic as if it arrived now.

use crate::control::Clock;
use crate::feed::{Fed, Feed};
use antigravity_capture::{CaptureError, Line, Merged, Record, Source, Toggle};
use antigravity_core::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How fast recorded traffic goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// So many times as fast as it was recorded; each packet bears the time at which it goes by.
    Times(u32),
    /// As fast as it is read; time is the packets' own, as in a replay.
    Max,
}

/// Opens the sources from their beginning.
pub type Opens = Box<dyn Fn() -> Result<Vec<Box<dyn Source>>, CaptureError> + Send>;

/// Recorded traffic, once or again and again. Each time it begins anew the pages are loaded anew: before it,
/// every account is switched off.
pub struct Paced {
    open: Opens,
    records: Merged,
    pace: Pace,
    again: bool,
    clock: Arc<dyn Clock>,
    /// When the first record was recorded, and when it went by.
    began: Option<(Timestamp, Timestamp)>,
    /// The record that is due next.
    next: Option<(usize, Record)>,
    accounts: BTreeSet<Arc<str>>,
    /// Accounts that are to be switched off before the next record.
    off: Vec<Arc<str>>,
    /// What is added to a record's `seq`, so that it goes on rising; the highest so far.
    shift: u64,
    highest: u64,
    latest: Timestamp,
}

impl std::fmt::Debug for Paced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paced").field("pace", &self.pace).field("again", &self.again).finish_non_exhaustive()
    }
}

/// Between the last record and the first one of the next time: a second.
const PAUSE: i64 = 1_000_000_000;

impl Paced {
    /// `again`: when it is over, it begins anew.
    ///
    /// # Errors
    /// [`CaptureError`] naming the file that cannot be opened.
    pub fn new(open: Opens, pace: Pace, again: bool, clock: Arc<dyn Clock>) -> Result<Self, CaptureError> {
        let records = Merged::new(open()?);
        let (began, next, accounts, off, shift, highest) = Default::default();
        let latest = Timestamp::from_nanos(0);
        Ok(Self { open, records, pace, again, clock, began, next, accounts, off, shift, highest, latest })
    }

    /// When a record goes by.
    fn due(&mut self, recorded: Timestamp) -> Timestamp {
        let now = match self.pace {
            Pace::Times(_) => self.clock.now(),
            Pace::Max => recorded,
        };
        let (first, began) = *self.began.get_or_insert((recorded, now));
        let since = recorded.nanos().saturating_sub(first.nanos());
        let since = match self.pace {
            Pace::Times(times) => since / i64::from(times.max(1)),
            Pace::Max => since,
        };
        Timestamp::from_nanos(began.nanos().saturating_add(since))
    }

    fn begin_again(&mut self) -> Result<(), CaptureError> {
        self.records = Merged::new((self.open)()?);
        self.off = self.accounts.iter().rev().cloned().collect();
        self.shift = self.highest;
        let began = self.latest.nanos().saturating_add(PAUSE);
        let began = match self.pace {
            Pace::Times(_) => began.max(self.clock.now().nanos()),
            Pace::Max => began,
        };
        self.began = match self.records.next()? {
            Some((source, record)) => {
                let first = record.line.at();
                self.next = Some((source, record));
                Some((first, Timestamp::from_nanos(began)))
            }
            None => None,
        };
        Ok(())
    }

    fn give(&mut self, source: usize, mut record: Record, at: Timestamp) -> Fed {
        let seq = record.line.seq() + self.shift;
        record.line.move_to(seq, at);
        self.accounts.insert(record.line.account().clone());
        self.highest = self.highest.max(seq);
        self.latest = self.latest.max(at);
        Fed::Record(source, record)
    }
}

impl Feed for Paced {
    fn next(&mut self) -> Result<Fed, CaptureError> {
        if let Some(account) = self.off.pop() {
            let toggle = Toggle { seq: self.shift, at: self.latest, account, on: false };
            return Ok(Fed::Record(0, Line::Toggle(toggle).into()));
        }
        let next = match self.next.take() {
            Some(next) => Some(next),
            None => self.records.next()?,
        };
        let Some((source, record)) = next else {
            if !self.again || self.began.is_none() {
                return Ok(Fed::End);
            }
            self.begin_again()?;
            return self.next();
        };
        let due = self.due(record.line.at());
        if self.pace != Pace::Max && due > self.clock.now() {
            self.next = Some((source, record));
            return Ok(Fed::Due(due));
        }
        Ok(self.give(source, record, due))
    }

    fn redacted(&self) -> Vec<bool> {
        self.records.sources().map(|source| source.redacted()).collect()
    }

    fn truncated(&self, source: usize) -> Option<u64> {
        self.records.sources().nth(source)?.truncated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Command, Inbox};
    use antigravity_capture::Lost;
    use std::sync::atomic::{AtomicI64, Ordering};

    struct Lines(std::vec::IntoIter<Record>);

    impl Source for Lines {
        fn next(&mut self) -> Result<Option<Record>, CaptureError> {
            Ok(self.0.next())
        }

        fn redacted(&self) -> bool {
            true
        }
    }

    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_nanos(self.0.load(Ordering::SeqCst))
        }

        fn wait(&self, until: Timestamp, _: &Inbox) -> Option<Command> {
            self.0.store(until.nanos(), Ordering::SeqCst);
            None
        }
    }

    fn paced(pace: Pace, clock: &Arc<Hand>) -> Paced {
        let open = || {
            let lost =
                |(seq, at)| Line::Lost(Lost { seq, at: Timestamp::from_nanos(at), account: "A".into() });
            let all: Vec<Record> = [(1, 100), (2, 300), (3, 900)].map(|it| lost(it).into()).into();
            Ok(vec![Box::new(Lines(all.into_iter())) as Box<dyn Source>])
        };
        Paced::new(Box::new(open), pace, true, clock.clone()).unwrap()
    }

    /// What is given, or until when it waits: `seq@at`, `off@at`, `until at`.
    fn given(paced: &mut Paced, clock: &Hand, count: usize) -> Vec<String> {
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(match paced.next().unwrap() {
                Fed::Record(_, Record { line: Line::Toggle(it), .. }) => format!("off@{}", it.at.nanos()),
                Fed::Record(_, Record { line, .. }) => format!("{}@{}", line.seq(), line.at().nanos()),
                Fed::Due(until) => {
                    clock.0.store(until.nanos(), Ordering::SeqCst);
                    format!("until {}", until.nanos())
                }
                Fed::End => "end".to_owned(),
            });
        }
        all
    }

    #[test]
    fn goes_by_as_it_was_recorded_and_begins_anew() {
        let clock = Arc::new(Hand(AtomicI64::new(5_000)));
        let wanted =
            ["1@5000", "until 5100", "2@5100", "until 5400", "3@5400", "off@5400", "until 1000005400"];
        assert_eq!(given(&mut paced(Pace::Times(2), &clock), &clock, 7), wanted);
    }

    #[test]
    fn as_fast_as_it_is_read_time_is_the_packets_own() {
        let clock = Arc::new(Hand(AtomicI64::new(5_000)));
        let wanted = ["1@100", "2@300", "3@900", "off@900", "4@1000000900", "5@1000001100", "6@1000001700"];
        assert_eq!(given(&mut paced(Pace::Max, &clock), &clock, 7), wanted);
    }
}
