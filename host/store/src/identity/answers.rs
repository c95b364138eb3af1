//! What a person confirmed.

use super::{rejections, seen};
use crate::Store;
use crate::error::{Problem, Refusal, Stop, StoreError};
use crate::row::{Reading, each};
use antigravity_core::Timestamp;
use antigravity_core::identity::{Alias, AliasBook, AliasError, Confirmation, EventRef, Link};
use rusqlite::{Connection, params};

/// What a person confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub confirmation: Confirmation,
    /// The number of the suggestion that was answered; `None` where the answer was given in words.
    pub suggestion: Option<i64>,
    /// `None` where the file does not tell.
    pub at: Option<Timestamp>,
}

impl Store {
    /// All that is confirmed and rejected: what a run begins with.
    ///
    /// # Errors
    /// [`Problem::Row`] where a row is not what this program writes, and what SQLite says.
    pub fn aliases(&self) -> Result<AliasBook, StoreError> {
        self.read(book)
    }

    /// Confirms an alias or a link, and forgets a rejection of the same. `false` where it is confirmed
    /// already: then the time of the first stays. A link of two events that the last run saw is refused
    /// where it could not hold.
    ///
    /// # Errors
    /// [`Refusal::Alias`], and as [`aliases`](Self::aliases).
    pub fn confirm(&mut self, confirmation: &Confirmation, at: Timestamp) -> Result<bool, StoreError> {
        self.write(|file| {
            if let Confirmation::Link(link) = confirmation {
                let (a, b) = (seen::seen_event(file, &link.a)?, seen::seen_event(file, &link.b)?);
                if a.zip(b).is_some_and(|(a, b)| !a.may_be_one(&b)) {
                    return Err(AliasError::NeverOne.into());
                }
            }
            book(file)?.confirm(confirmation.clone())?;
            rejections::forget(file, confirmation)?;
            Ok(insert(file, confirmation, None, at)?)
        })
    }

    /// Confirms all that a suggestion means, forgets a rejection of it, and gives what it confirmed:
    /// nothing where other answers say it already. The suggestion is of the last run, or was answered.
    ///
    /// # Errors
    /// [`Refusal::NoSuggestion`], [`Refusal::Alias`], and as [`aliases`](Self::aliases).
    pub fn confirm_suggestion(&mut self, id: i64, at: Timestamp) -> Result<Vec<Confirmation>, StoreError> {
        self.write(|file| {
            let mut book = book(file)?;
            let kept = seen::suggestion(file, &book, id)?.ok_or(Refusal::NoSuggestion(id))?;
            let taken = book.accept(&kept.proposal)?;
            rejections::forget_proposal(file, &kept.proposal)?;
            for confirmation in &taken {
                insert(file, confirmation, Some(id), at)?;
            }
            Ok(taken)
        })
    }

    /// All that is confirmed, the newest first.
    ///
    /// # Errors
    /// As [`aliases`](Self::aliases), but what does not hold together is no error here: it is shown.
    pub fn confirmed(&self) -> Result<Vec<Confirmed>, StoreError> {
        let mut found = self.read(|file| {
            let mut found = Vec::new();
            each_confirmed(file, |_, _, confirmed| {
                found.push(confirmed);
                Ok(())
            })?;
            Ok(found)
        })?;
        // Those of one answer stay in the order of the table.
        found.sort_by_key(|it| std::cmp::Reverse(it.at));
        Ok(found)
    }
}

/// Reads all that is confirmed and rejected.
pub fn book(file: &Connection) -> Result<AliasBook, Stop> {
    let mut book = AliasBook::default();
    each_confirmed(file, |row, column, confirmed| take(row, column, book.confirm(confirmed.confirmation)))?;
    rejections::each_rejected(file, |row, rejection| take(row, "kind", book.reject(rejection)))?;
    Ok(book)
}

/// Reads what is confirmed, with the column that is wrong where one contradicts another.
fn each_confirmed(
    file: &Connection,
    mut with: impl FnMut(&Reading<'_>, &'static str, Confirmed) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let confirmed = |row: &Reading<'_>, confirmation| {
        Ok::<_, Stop>(Confirmed {
            confirmation,
            suggestion: row.get("suggestion")?,
            at: row.time_if_told("confirmed_at")?,
        })
    };
    each(file, "identity_alias", "ORDER BY rowid", [], |row| {
        let kind = row.kind("kind")?;
        let (from, to) = (row.name(kind, "from_text")?, row.name(kind, "to_text")?);
        let alias = Alias { provider: row.text("provider")?, kind, from, to };
        with(row, "to_text", confirmed(row, Confirmation::Alias(alias))?)
    })?;
    each(file, "identity_link", "ORDER BY rowid", [], |row| {
        let link = Link {
            a: (row.text("provider_a")?, row.text("event_a")?),
            b: (row.text("provider_b")?, row.text("event_b")?),
        };
        with(row, "event_b", confirmed(row, Confirmation::Link(link))?)
    })
}

/// What was confirmed one after the other holds together; where it does not, the file was changed.
fn take(row: &Reading<'_>, column: &'static str, taken: Result<(), AliasError>) -> Result<(), Stop> {
    taken.map_err(|error| row.wrong(column, error).into())
}

/// `false` where it is there already.
fn insert(
    file: &Connection,
    confirmation: &Confirmation,
    suggestion: Option<i64>,
    at: Timestamp,
) -> Result<bool, Problem> {
    let at = at.to_string();
    let rows = match confirmation {
        Confirmation::Alias(Alias { provider, kind, from, to }) => file.execute(
            "INSERT INTO identity_alias (provider, kind, from_text, to_text, confirmed_at, suggestion)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            params![provider.to_lowercase(), kind.name(), from.to_string(), to.to_string(), at, suggestion],
        )?,
        Confirmation::Link(link) => {
            let (a, b) = ordered(link);
            file.execute(
                "INSERT INTO identity_link (provider_a, event_a, provider_b, event_b, confirmed_at, suggestion)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                params![a.0, a.1, b.0, b.1, at, suggestion],
            )?
        }
    };
    Ok(rows > 0)
}

/// Takes a confirmation back; `false` where there is none.
pub fn withdraw(file: &Connection, confirmation: &Confirmation) -> Result<bool, Problem> {
    let rows = match confirmation {
        Confirmation::Alias(Alias { provider, kind, from, to }) => file.execute(
            "DELETE FROM identity_alias WHERE provider = ?1 AND kind = ?2 AND from_text = ?3 AND to_text = ?4",
            params![provider.to_lowercase(), kind.name(), from.to_string(), to.to_string()],
        )?,
        Confirmation::Link(link) => {
            let (a, b) = ordered(link);
            file.execute(
                "DELETE FROM identity_link
                 WHERE provider_a = ?1 AND event_a = ?2 AND provider_b = ?3 AND event_b = ?4",
                params![a.0, a.1, b.0, b.1],
            )?
        }
    };
    Ok(rows > 0)
}

/// What was confirmed as the answer to a suggestion.
pub fn answered(file: &Connection, suggestion: i64) -> Result<Vec<Confirmation>, Stop> {
    let mut found = Vec::new();
    each_confirmed(file, |_, _, confirmed| {
        if confirmed.suggestion == Some(suggestion) {
            found.push(confirmed.confirmation);
        }
        Ok(())
    })?;
    Ok(found)
}

/// The smaller event first.
pub fn ordered(link: &Link) -> ((String, String), (String, String)) {
    let event = |(provider, event): &EventRef| (provider.to_lowercase(), event.to_string());
    let (a, b) = (event(&link.a), event(&link.b));
    if a <= b { (a, b) } else { (b, a) }
}
