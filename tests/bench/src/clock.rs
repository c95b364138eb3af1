//! CPU time of this thread, and memory of this process.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of CPU that this thread has used.
pub fn thread_cpu() -> u64 {
    nanos(ClockId::ThreadCPUTime)
}

/// Nanoseconds of CPU that all threads of this process have used.
pub fn process_cpu() -> u64 {
    nanos(ClockId::ProcessCPUTime)
}

fn nanos(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

/// A line of `/proc/self/status` in kB: `VmRSS` or `VmHWM`.
pub fn memory_kb(field: &str) -> Option<u64> {
    kb("/proc/self/status", field)
}

/// How much of the memory of this process is in large pages, in kB.
pub fn memory_kb_in_large_pages() -> Option<u64> {
    kb("/proc/self/smaps_rollup", "AnonHugePages")
}

fn kb(file: &str, field: &str) -> Option<u64> {
    let status = std::fs::read_to_string(file).ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// What reading the thread's clock twice takes by itself: the median of 1,000 times.
pub fn overhead() -> u64 {
    let mut times: Vec<u64> = (0..1_000)
        .map(|_| {
            let start = thread_cpu();
            thread_cpu() - start
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
