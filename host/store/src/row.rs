//! Reading rows: what stands there must be what this program writes.

use crate::error::{Problem, Stop};
use antigravity_core::Timestamp;
use antigravity_core::identity::{Kind, Name, normalise};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Params, Row};
use std::fmt::Display;

/// A row of a table.
pub struct Reading<'r> {
    table: &'static str,
    row: &'r Row<'r>,
}

/// Reads the rows of a table that `clause` names.
pub fn each(
    connection: &Connection,
    table: &'static str,
    clause: &str,
    params: impl Params,
    mut with: impl FnMut(&Reading<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut statement = connection.prepare(&format!("SELECT rowid AS number, * FROM {table} {clause}"))?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        with(&Reading { table, row })?;
    }
    Ok(())
}

impl Reading<'_> {
    pub fn get<T: FromSql>(&self, column: &'static str) -> Result<T, Problem> {
        self.row.get(column).map_err(|error| match error {
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::FromSqlConversionFailure(..) => self.wrong(column, &error),
            _ => error.into(),
        })
    }

    pub fn text(&self, column: &'static str) -> Result<Box<str>, Problem> {
        self.get::<String>(column).map(Into::into)
    }

    /// A name that is in its normal form.
    pub fn name(&self, kind: Kind, column: &'static str) -> Result<Name, Problem> {
        self.normal(kind, column, &self.get::<String>(column)?)
    }

    /// As [`name`](Self::name), `None` for null.
    pub fn name_if_any(&self, kind: Kind, column: &'static str) -> Result<Option<Name>, Problem> {
        let text = self.get::<Option<String>>(column)?;
        text.map(|text| self.normal(kind, column, &text)).transpose()
    }

    /// A text of that column as the name it is.
    pub fn normal(&self, kind: Kind, column: &'static str, text: &str) -> Result<Name, Problem> {
        let name = normalise(kind, text).map_err(|error| self.wrong(column, error))?;
        if name.to_string() == text {
            Ok(name)
        } else {
            Err(self.wrong(column, format_args!("the name is not in its normal form, `{name}`")))
        }
    }

    pub fn kind(&self, column: &'static str) -> Result<Kind, Problem> {
        let text = self.get::<String>(column)?;
        Kind::named(&text).ok_or_else(|| self.wrong(column, format_args!("no kind of name: `{text}`")))
    }

    pub fn time(&self, column: &'static str) -> Result<Timestamp, Problem> {
        self.get::<String>(column)?.parse().map_err(|error| self.wrong(column, error))
    }

    /// As [`time`](Self::time), `None` for null.
    pub fn time_if_any(&self, column: &'static str) -> Result<Option<Timestamp>, Problem> {
        let text = self.get::<Option<String>>(column)?;
        text.map(|text| text.parse().map_err(|error| self.wrong(column, error))).transpose()
    }

    /// As [`time`](Self::time), `None` for an empty text: what a column has in rows older than itself.
    pub fn time_if_told(&self, column: &'static str) -> Result<Option<Timestamp>, Problem> {
        if self.get::<String>(column)?.is_empty() { Ok(None) } else { self.time(column).map(Some) }
    }

    /// Says where something is wrong.
    pub fn wrong(&self, column: &'static str, why: impl Display) -> Problem {
        match self.row.get("number") {
            Ok(row) => Problem::Row { table: self.table, row, column, why: why.to_string() },
            Err(error) => error.into(),
        }
    }
}
