//! How the program ends when something is wrong.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// It ran, and something failed: exit 1.
    Failed(String),
    /// Bad usage, configuration or input: exit 2.
    Input(String),
    /// Nobody reads the output any more: a quiet end.
    BrokenPipe,
}

impl Failure {
    pub fn input(problem: impl Display) -> Self {
        Self::Input(problem.to_string())
    }

    pub fn failed(problem: impl Display) -> Self {
        Self::Failed(problem.to_string())
    }

    pub fn report(self) -> ExitCode {
        let (text, code) = match self {
            Self::Failed(text) => (text, 1),
            Self::Input(text) => (text, 2),
            Self::BrokenPipe => return ExitCode::SUCCESS,
        };
        eprintln!("error: {text}");
        ExitCode::from(code)
    }
}

/// Errors of standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Failed(format!("standard output: {error}")),
        }
    }
}
