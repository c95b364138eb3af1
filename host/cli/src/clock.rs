//! The clock: read here and nowhere else, and handed to whoever needs a time.

use crate::failure::Failure;
use antigravity_core::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

pub fn now() -> Result<Timestamp, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_nanos());
    let nanos = since.ok().and_then(|nanos| i64::try_from(nanos).ok());
    nanos.map(Timestamp::from_nanos).ok_or_else(|| Failure::failed("the clock is not between 1970 and 2262"))
}

/// Nanoseconds of CPU that this thread has used.
pub fn thread_cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}
