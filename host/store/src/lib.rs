//! What a person decided and what a run saw, in one SQLite file.
//!
//! No clock: times come from the caller. Whatever is written in one call is written whole or not at
//! all, also where the process is killed or the power fails; several processes may have the file open.

mod error;
mod file;
mod identity;
mod row;
mod schema;
mod shapes;

pub use error::{Problem, Refusal, StoreError};
pub use identity::{Confirmed, KeptProposal, Rejected};

use error::Stop;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};

/// An open database.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

impl Store {
    /// Opens a database, or makes it with the directories above it. Tables and columns that are
    /// missing are added; what is there stays.
    ///
    /// # Errors
    /// [`StoreError::Unusable`]: no directory can be made, no regular file, no SQLite database, of a
    /// newer program, read-only, or kept locked by another program for more than 5 s.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::with(path, file::create)
    }

    /// As [`open`](Self::open), but makes no file.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`Problem::Missing`].
    pub fn open_existing(path: &Path) -> Result<Self, StoreError> {
        Self::with(path, file::find)
    }

    fn with(path: &Path, open: fn(&Path) -> Result<Connection, Problem>) -> Result<Self, StoreError> {
        let opened = open(path).and_then(|mut connection| {
            schema::migrate(&mut connection)?;
            Ok(connection)
        });
        match opened {
            Ok(connection) => Ok(Self { path: path.to_owned(), connection }),
            Err(problem) => Err(StoreError::Unusable { path: path.to_owned(), problem }),
        }
    }

    /// What `work` reads is of one moment.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Stop>) -> Result<T, StoreError> {
        let done = self.connection.unchecked_transaction().map_err(Stop::from).and_then(|at| work(&at));
        done.map_err(|stop| stop.of(&self.path))
    }

    /// What `work` writes is written whole, and not at all where it fails.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Stop>) -> Result<T, StoreError> {
        let path = &self.path;
        // At once with the right to write: to get it after reading may fail without waiting.
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let done = begun.map_err(Stop::from).and_then(|transaction| {
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        });
        done.map_err(|stop| stop.of(path))
    }
}
