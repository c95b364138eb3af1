//! Observed contracts: which shapes the bodies of an endpoint had, one after the other.

use crate::Store;
use crate::error::StoreError;
use crate::row::each;
use crate::schema::Table;
use antigravity_core::drift::{Observed, Shape};
use rusqlite::params;

/// The tables of version 3. `shape_json` and `diff_json` are the forms of [`Shape`] and of its changes.
pub(crate) const TABLES: &[Table] = &[Table {
    name: "observed_contracts",
    key: &[("provider", "TEXT NOT NULL"), ("endpoint", "TEXT NOT NULL"), ("version", "INTEGER NOT NULL")],
    columns: &[
        ("first_seen", "TEXT NOT NULL DEFAULT ''"),
        ("shape_json", "TEXT NOT NULL DEFAULT ''"),
        ("diff_json", "TEXT NOT NULL DEFAULT '[]'"),
        ("touches_declared", "INTEGER NOT NULL DEFAULT 0"),
    ],
    constraints: "PRIMARY KEY (provider, endpoint, version)",
}];

impl Store {
    /// Every version of every endpoint, by provider, endpoint and version.
    ///
    /// # Errors
    /// [`Problem::Row`](crate::Problem::Row) where a row is not what this program writes, and what SQLite says.
    pub fn observed(&self) -> Result<Vec<Observed>, StoreError> {
        self.read(|file| {
            let mut found = Vec::new();
            each(file, "observed_contracts", "ORDER BY provider, endpoint, version", [], |row| {
                let shape = row.get::<String>("shape_json")?;
                let changes = row.get::<String>("diff_json")?;
                found.push(Observed {
                    provider: row.get("provider")?,
                    endpoint: row.get("endpoint")?,
                    version: row.get("version")?,
                    first_seen: row.time("first_seen")?,
                    shape: Shape::from_json(&shape).map_err(|error| row.wrong("shape_json", error))?,
                    changes: serde_json::from_str(&changes).map_err(|error| row.wrong("diff_json", error))?,
                });
                Ok(())
            })?;
            Ok(found)
        })
    }

    /// Keeps what a run saw. Of a version that is known already, what more was learned takes its place; when it was
    /// first seen stays.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep_observed(&mut self, observed: &[Observed]) -> Result<(), StoreError> {
        self.write(|file| {
            let mut keep = file.prepare(
                "INSERT INTO observed_contracts
                    (provider, endpoint, version, first_seen, shape_json, diff_json, touches_declared)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (provider, endpoint, version)
                 DO UPDATE SET shape_json = ?5, diff_json = ?6, touches_declared = ?7",
            )?;
            for it in observed {
                keep.execute(params![
                    it.provider,
                    it.endpoint,
                    it.version,
                    it.first_seen.to_string(),
                    it.shape.to_json(),
                    serde_json::json!(it.changes).to_string(),
                    it.touches_declared(),
                ])?;
            }
            Ok(())
        })
    }
}
