//! What can go wrong.

use antigravity_core::identity::{AliasError, Standing};
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// Why something was not done. The file is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It may not be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The file cannot be used.
    #[error("{}: {problem}", path.display())]
    Unusable { path: PathBuf, problem: Problem },
}

/// Why an answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Alias(#[from] AliasError),
    #[error("there is no suggestion {0}")]
    NoSuggestion(i64),
    /// The opposite of a rejection, confirmed by other answers.
    #[error("other answers confirm it, and are to be rejected first: {0}")]
    Stands(Standing),
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("there is no such database")]
    Missing,
    #[error("no regular file")]
    NoFile,
    #[error("its directory cannot be made: {0}")]
    Directory(std::io::Error),
    #[error("no path of a file: {0}")]
    Path(std::io::Error),
    #[error("no SQLite database")]
    NoDatabase,
    #[error("its version is {found}, and this program knows none above {known}: a newer program wrote it")]
    Newer { found: i64, known: i64 },
    #[error("another program's database")]
    Foreign,
    /// Its key cannot be added to a table that is there.
    #[error("table `{table}` has no column `{column}`: another program made it")]
    Column { table: &'static str, column: &'static str },
    #[error("table `{table}`, row {row}, column `{column}`: {why}")]
    Row { table: &'static str, row: i64, column: &'static str, why: String },
    #[error("another program has been writing to it for too long")]
    Busy,
    #[error("it cannot be written")]
    ReadOnly,
    #[error("it cannot be opened")]
    CannotOpen,
    #[error(transparent)]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NoDatabase,
            Some(ErrorCode::DatabaseBusy) => Self::Busy,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen) => Self::CannotOpen,
            _ => Self::Sqlite(error),
        }
    }
}

/// What ends a piece of work, before the file is named.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(Refusal),
    Problem(Problem),
}

impl Stop {
    pub fn of(self, path: &Path) -> StoreError {
        match self {
            Self::Refused(refusal) => StoreError::Refused(refusal),
            Self::Problem(problem) => StoreError::Unusable { path: path.to_owned(), problem },
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<AliasError> for Stop {
    fn from(error: AliasError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Problem(error.into())
    }
}
