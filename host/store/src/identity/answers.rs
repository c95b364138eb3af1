//! What a person confirmed and rejected.

use super::row::{Reading, each};
use super::seen;
use crate::Store;
use crate::error::{Problem, Refusal, Stop, StoreError};
use antigravity_core::Timestamp;
use antigravity_core::identity::{
    Alias, AliasBook, AliasError, Answer, Confirmation, EventRef, Link, NameRef, Rejection,
};
use rusqlite::{Connection, params};

/// What a rejection of events has in the place of the kind of name.
const EVENT: &str = "event";

impl Store {
    /// All that is confirmed and rejected: what a run begins with.
    ///
    /// # Errors
    /// [`Problem::Row`] where a row is not what this program writes, and what SQLite says.
    pub fn aliases(&self) -> Result<AliasBook, StoreError> {
        self.read(book)
    }

    /// Confirms an alias or a link. `false` where it is confirmed already: then the time of the first
    /// stays. A link of two events that the last run saw is refused where it could not hold.
    ///
    /// # Errors
    /// [`Refusal::Alias`], and as [`aliases`](Self::aliases).
    pub fn confirm(&mut self, confirmation: &Confirmation, at: Timestamp) -> Result<bool, StoreError> {
        self.write(|file| {
            if let Confirmation::Link(link) = confirmation {
                let (a, b) = (seen::event(file, &link.a)?, seen::event(file, &link.b)?);
                if a.zip(b).is_some_and(|(a, b)| !a.may_be_one(&b)) {
                    return Err(AliasError::NeverOne.into());
                }
            }
            book(file)?.confirm(confirmation.clone())?;
            Ok(insert(file, confirmation, at)?)
        })
    }

    /// Confirms all that a suggestion of the last run means, and gives what that was: nothing where
    /// other answers say it already.
    ///
    /// # Errors
    /// [`Refusal::NoSuggestion`], [`Refusal::Alias`], and as [`aliases`](Self::aliases).
    pub fn confirm_suggestion(&mut self, id: i64, at: Timestamp) -> Result<Vec<Confirmation>, StoreError> {
        self.write(|file| {
            let kept = seen::suggestion(file, id)?.ok_or(Refusal::NoSuggestion(id))?;
            let taken = book(file)?.accept(&kept.proposal)?;
            for confirmation in &taken {
                insert(file, confirmation, at)?;
            }
            Ok(taken)
        })
    }

    /// Keeps it from being suggested again. `false` where it is rejected already.
    ///
    /// # Errors
    /// [`Refusal::Alias`] without a provider or an event, and as [`aliases`](Self::aliases).
    pub fn reject(&mut self, rejection: &Rejection, at: Timestamp) -> Result<bool, StoreError> {
        self.write(|file| {
            book(file)?.reject(rejection.clone())?;
            Ok(insert_rejection(file, rejection, at)?)
        })
    }

    /// Rejects what a suggestion of the last run says, and gives what that was.
    ///
    /// # Errors
    /// [`Refusal::NoSuggestion`], [`Refusal::Confirmed`], and as [`aliases`](Self::aliases).
    pub fn reject_suggestion(&mut self, id: i64, at: Timestamp) -> Result<Rejection, StoreError> {
        self.write(|file| {
            let kept = seen::suggestion(file, id)?.ok_or(Refusal::NoSuggestion(id))?;
            if book(file)?.answer(&kept.proposal) == Some(Answer::Confirmed) {
                return Err(Refusal::Confirmed(id).into());
            }
            let rejection = kept.proposal.rejection();
            insert_rejection(file, &rejection, at)?;
            Ok(rejection)
        })
    }
}

/// Reads all that is confirmed and rejected.
pub fn book(file: &Connection) -> Result<AliasBook, Stop> {
    let mut book = AliasBook::default();
    each(file, "identity_alias", "ORDER BY rowid", [], |row| {
        let kind = row.kind("kind")?;
        let (from, to) = (row.name(kind, "from_text")?, row.name(kind, "to_text")?);
        let alias = Alias { provider: row.text("provider")?, kind, from, to };
        take(row, "to_text", book.confirm(Confirmation::Alias(alias)))
    })?;
    each(file, "identity_link", "ORDER BY rowid", [], |row| {
        let link = Link {
            a: (row.text("provider_a")?, row.text("event_a")?),
            b: (row.text("provider_b")?, row.text("event_b")?),
        };
        take(row, "event_b", book.confirm(Confirmation::Link(link)))
    })?;
    each(file, "identity_rejected", "ORDER BY rowid", [], |row| {
        let (a, b) = (row.text("provider_a")?, row.text("provider_b")?);
        let rejection = if row.get::<String>("kind")? == EVENT {
            Rejection::Events(Link { a: (a, row.text("a")?), b: (b, row.text("b")?) })
        } else {
            let kind = row.kind("kind")?;
            Rejection::Names { kind, a: (a, row.name(kind, "a")?), b: (b, row.name(kind, "b")?) }
        };
        take(row, "kind", book.reject(rejection))
    })?;
    Ok(book)
}

/// What was confirmed one after the other holds together; where it does not, the file was changed.
fn take(row: &Reading<'_>, column: &'static str, taken: Result<(), AliasError>) -> Result<(), Stop> {
    taken.map_err(|error| row.wrong(column, error).into())
}

/// `false` where it is there already.
fn insert(file: &Connection, confirmation: &Confirmation, at: Timestamp) -> Result<bool, Problem> {
    let at = at.to_string();
    let rows = match confirmation {
        Confirmation::Alias(Alias { provider, kind, from, to }) => file.execute(
            "INSERT INTO identity_alias (provider, kind, from_text, to_text, confirmed_at)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![provider.to_lowercase(), kind.name(), from.to_string(), to.to_string(), at],
        )?,
        Confirmation::Link(link) => {
            let (a, b) = ordered(link);
            file.execute(
                "INSERT INTO identity_link (provider_a, event_a, provider_b, event_b, confirmed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                params![a.0, a.1, b.0, b.1, at],
            )?
        }
    };
    Ok(rows > 0)
}

/// `false` where it is there already.
fn insert_rejection(file: &Connection, rejection: &Rejection, at: Timestamp) -> Result<bool, Problem> {
    let (kind, a, b) = match rejection {
        Rejection::Names { kind, a, b } => {
            let name = |(provider, name): &NameRef| (provider.to_lowercase(), name.clone());
            let (a, b) = sorted(name(a), name(b));
            (kind.name(), (a.0, a.1.to_string()), (b.0, b.1.to_string()))
        }
        Rejection::Events(link) => {
            let (a, b) = ordered(link);
            (EVENT, a, b)
        }
    };
    let rows = file.execute(
        "INSERT INTO identity_rejected (kind, provider_a, a, provider_b, b, rejected_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        params![kind, a.0, a.1, b.0, b.1, at.to_string()],
    )?;
    Ok(rows > 0)
}

/// The smaller event first.
fn ordered(link: &Link) -> ((String, String), (String, String)) {
    let event = |(provider, event): &EventRef| (provider.to_lowercase(), event.to_string());
    sorted(event(&link.a), event(&link.b))
}

fn sorted<T: Ord>(a: T, b: T) -> (T, T) {
    if a <= b { (a, b) } else { (b, a) }
}
