//! A progress bar on a terminal, nothing in a pipe.

use antigravity_capture::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::mpsc;
use std::time::Duration;

/// Runs `work`, showing meanwhile how far it has read.
pub fn with_bar<T: Send>(progress: &Progress, work: impl FnOnce() -> T + Send) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        bar.set_style(style);
    }
    std::thread::scope(|scope| {
        let (done, wait) = mpsc::channel::<()>();
        let shown = bar.clone();
        let watch = move || {
            // Ends when `done` is dropped.
            while let Err(mpsc::RecvTimeoutError::Timeout) = wait.recv_timeout(Duration::from_millis(100)) {
                shown.set_length(progress.total_bytes());
                shown.set_position(progress.bytes_read());
            }
        };
        // Where the system has no thread left, there is no bar; the work does not need it.
        let _ = std::thread::Builder::new().spawn_scoped(scope, watch);
        let result = work();
        drop(done);
        bar.finish_and_clear();
        result
    })
}
