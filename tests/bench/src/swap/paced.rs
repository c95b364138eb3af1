//! A feed that gives each packet when it is due by the real clock, or as fast as it can.

use super::traffic::{START, Traffic};
use crate::clock::thread_cpu;
use antigravity_capture::{CaptureError, Line};
use antigravity_core::Timestamp;
use antigravity_engine::{Clock, Command, Fed, Feed, Inbox};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Time since the feed began, from the instant at which the first packet is due.
#[derive(Clone, Copy, Debug)]
pub struct Real(Instant);

impl Real {
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Real {
    fn now(&self) -> Timestamp {
        let since = i64::try_from(self.0.elapsed().as_nanos()).unwrap_or(i64::MAX);
        Timestamp::from_nanos(START.nanos().saturating_add(since))
    }

    fn wait(&self, until: Timestamp, inbox: &Inbox) -> Option<Command> {
        let left = u64::try_from(until.nanos() - self.now().nanos()).unwrap_or(0);
        inbox.wait(Duration::from_nanos(left))
    }
}

/// A time in the front's thread between two packets that is longer than others.
#[derive(Clone, Copy, Debug)]
pub struct Long {
    /// The packet after it.
    pub seq: u64,
    /// Nanoseconds of the thread's CPU.
    pub cpu: u64,
}

/// What is told of: a packet is routed in less.
const LONG: u64 = 60_000;

/// Until so many packets, or until the run is told to stop.
pub struct Paced {
    traffic: Arc<Traffic>,
    clock: Option<Real>,
    next: u64,
    end: u64,
    since: u64,
    long: Sender<Long>,
}

impl Paced {
    /// By the clock; without one, at once.
    pub fn new(traffic: Arc<Traffic>, clock: Option<Real>, end: u64) -> (Self, Receiver<Long>) {
        let (long, told) = channel();
        (Self { traffic, clock, next: 0, end, since: u64::MAX, long }, told)
    }
}

impl Feed for Paced {
    fn next(&mut self) -> Result<Fed, CaptureError> {
        if self.next == self.end {
            return Ok(Fed::End);
        }
        let due = self.traffic.due(self.next);
        if self.clock.is_some_and(|clock| clock.now() < due) {
            return Ok(Fed::Due(due));
        }
        if self.clock.is_some() {
            let cpu = thread_cpu().saturating_sub(self.since);
            if cpu > LONG {
                // Whoever wants to know is there until the run ends.
                let _ = self.long.send(Long { seq: self.next + 1, cpu });
            }
        }
        let packet = self.traffic.packet(self.next);
        self.next += 1;
        if self.clock.is_some() {
            self.since = thread_cpu();
        }
        Ok(Fed::Record(0, Line::Packet(packet).into()))
    }

    fn redacted(&self) -> Vec<bool> {
        vec![true]
    }

    fn truncated(&self, _: usize) -> Option<u64> {
        None
    }
}
