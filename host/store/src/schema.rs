//! The tables, and how an older file gets them.

use crate::error::Problem;
use crate::{identity, shapes};
use rusqlite::{Connection, TransactionBehavior};

/// A table as this program needs it.
pub(crate) struct Table {
    pub name: &'static str,
    /// What a row is found by: name and type. A table without them is another program's.
    pub key: &'static [(&'static str, &'static str)],
    /// Name and type. Each has a default or may be null, so that it can be added to rows that are there.
    pub columns: &'static [(&'static str, &'static str)],
    /// What holds for the whole table.
    pub constraints: &'static str,
}

/// One version of the file from the one before it. What is done stays done: a step never changes,
/// and new ones come at the end.
type Step = fn(&Connection) -> rusqlite::Result<()>;

/// A file's `user_version` is the number of steps it has had.
const STEPS: &[Step] = &[
    |file| create(file, identity::TABLES),
    |file| create(file, identity::PROVIDERS),
    |file| create(file, shapes::TABLES),
];

/// Every table of the newest version.
const TABLES: &[&[Table]] = &[identity::TABLES, identity::PROVIDERS, shapes::TABLES];

/// Marks a file as this program's: `AGvy`.
const APPLICATION: i64 = 0x4147_7679;

/// Whether a file may be written to: no other program has marked it as its own, and its version is known.
/// Writes nothing.
///
/// # Errors
/// [`Problem::Foreign`], [`Problem::Newer`], and what SQLite says.
pub fn recognise(connection: &Connection) -> Result<(), Problem> {
    let found: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if found != 0 && found != APPLICATION {
        return Err(Problem::Foreign);
    }
    version(connection).map(|_| ())
}

/// Brings a file to the newest version, whole or not at all. Takes no lock where nothing is missing.
///
/// # Errors
/// [`Problem::Newer`], [`Problem::Column`], and what SQLite says.
pub fn migrate(connection: &mut Connection) -> Result<(), Problem> {
    if version(connection)? == known() && missing(connection)?.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again: another process may have done it meanwhile.
    let found = version(&transaction)?;
    for step in usize::try_from(found).ok().and_then(|done| STEPS.get(done..)).unwrap_or(STEPS) {
        step(&transaction)?;
    }
    for (table, name, kind) in missing(&transaction)? {
        transaction.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {name} {kind}"))?;
    }
    transaction.pragma_update(None, "user_version", known())?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    Ok(transaction.commit()?)
}

/// The version a file of this program has. There are few steps.
const fn known() -> i64 {
    STEPS.len() as i64
}

fn version(connection: &Connection) -> Result<i64, Problem> {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known() { Err(Problem::Newer { found, known: known() }) } else { Ok(found) }
}

fn create(connection: &Connection, tables: &[Table]) -> rusqlite::Result<()> {
    for Table { name, key, columns, constraints } in tables {
        let all: Vec<_> = key.iter().chain(*columns).map(|(name, kind)| format!("{name} {kind}")).collect();
        let separator = if constraints.is_empty() { "" } else { ", " };
        connection.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS {name} ({}{separator}{constraints}) STRICT",
            all.join(", ")
        ))?;
    }
    Ok(())
}

/// Table, name and type of the columns that tables lack.
type Missing = Vec<(&'static str, &'static str, &'static str)>;

fn missing(connection: &Connection) -> Result<Missing, Problem> {
    let mut missing = Vec::new();
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    for Table { name: table, key, columns, .. } in TABLES.iter().copied().flatten() {
        let names = statement.query_map([table], |row| row.get::<_, String>(0))?;
        let names: Vec<String> = names.collect::<Result<_, _>>()?;
        let lacks = |column: &str| !names.iter().any(|name| name.eq_ignore_ascii_case(column));
        if let Some((column, _)) = key.iter().find(|(column, _)| lacks(column)) {
            return Err(Problem::Column { table, column });
        }
        let lacking = columns.iter().filter(|(column, _)| lacks(column));
        missing.extend(lacking.map(|(column, kind)| (*table, *column, *kind)));
    }
    Ok(missing)
}
