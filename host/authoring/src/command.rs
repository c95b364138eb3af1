//! Running other programs.

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A program that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("`{program}` cannot be started: {source}")]
    Start { program: String, source: std::io::Error },
    #[error("`{program}` failed ({status}):\n{stderr}")]
    Failed { program: String, status: String, stderr: String },
    #[error("`{program}` did not end within {seconds} s")]
    TimedOut { program: String, seconds: u64 },
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|w| w.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs a program to its end and gives what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String, CommandError> {
    let result = command.stdin(Stdio::null()).output();
    let output = result.map_err(|source| CommandError::Start { program: show(command), source })?;
    finish(command, &output)
}

/// As [`output`], but ends the program when it takes longer than `limit`.
pub(crate) fn output_within(command: &mut Command, limit: Duration) -> Result<String, CommandError> {
    let program = show(command);
    let start = |source| CommandError::Start { program: program.clone(), source };
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(start)?;
    let id = child.id();
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    match wait.recv_timeout(limit) {
        Ok(result) => finish(command, &result.map_err(start)?),
        Err(_) => {
            // The thread owns the child and reaps it; it only has to be told to end.
            let _ = Command::new("kill").arg(id.to_string()).status();
            Err(CommandError::TimedOut { program, seconds: limit.as_secs() })
        }
    }
}

fn finish(command: &Command, output: &Output) -> Result<String, CommandError> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(CommandError::Failed {
        program: show(command),
        status: output.status.to_string(),
        stderr: String::from_utf8_lossy(&output.stderr).trim_end().to_owned(),
    })
}
