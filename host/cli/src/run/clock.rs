//! The clock of a run.

use crate::failure::Failure;
use antigravity_core::Timestamp;
use antigravity_engine::{Clock, Command, Inbox};
use std::time::{Duration, Instant};

/// The machine's time when the run began, and what has passed since by a clock that never goes back.
pub struct SystemClock {
    began: Timestamp,
    since: Instant,
}

impl SystemClock {
    pub fn start() -> Result<Self, Failure> {
        Ok(Self { began: crate::clock::now()?, since: Instant::now() })
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.since.elapsed().as_nanos()).unwrap_or(i64::MAX);
        Timestamp::from_nanos(self.began.nanos().saturating_add(passed))
    }

    fn wait(&self, until: Timestamp, inbox: &Inbox) -> Option<Command> {
        let left = until.nanos().saturating_sub(self.now().nanos());
        inbox.wait(Duration::from_nanos(left.max(0).unsigned_abs()))
    }
}
