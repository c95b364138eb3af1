//! How the program ends when something is wrong.

use crate::person;
use std::fmt::{self, Display};
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
        let code = match self {
            Self::Failed(_) => 1,
            Self::Input(_) => 2,
            Self::BrokenPipe => return ExitCode::SUCCESS,
        };
        person::say(format_args!("error: {self}"));
        ExitCode::from(code)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(text) | Self::Input(text) => f.write_str(text),
            Self::BrokenPipe => f.write_str("nobody reads the output"),
        }
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
