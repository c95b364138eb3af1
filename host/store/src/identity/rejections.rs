//! What a person rejected, and what is withdrawn by that.

use super::answers::{answered, book, ordered, withdraw};
use super::seen;
use crate::Store;
use crate::error::{Problem, Refusal, Stop, StoreError};
use crate::row::{Reading, each};
use antigravity_core::Timestamp;
use antigravity_core::identity::{
    Alias, AliasBook, Confirmation, Link, Name, NameRef, Proposal, Rejection, Standing,
};
use rusqlite::{Connection, params};

/// What a rejection of events has in the place of the kind of name.
const EVENT: &str = "event";

/// What a rejection of an alias has in the place of the second provider: whichever.
const ANY: &str = "";

/// What became of a rejection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub rejection: Rejection,
    /// `false` where it was rejected before.
    pub new: bool,
    /// What was confirmed until now.
    pub withdrawn: Vec<Confirmation>,
}

impl Store {
    /// Keeps it from being suggested again, and withdraws the confirmation that says the opposite.
    ///
    /// # Errors
    /// [`Refusal::Alias`] without a provider or an event, or of one name; [`Refusal::Stands`] where the
    /// opposite follows from others that are confirmed; and as [`aliases`](Self::aliases).
    pub fn reject(&mut self, rejection: &Rejection, at: Timestamp) -> Result<Rejected, StoreError> {
        self.write(|file| {
            AliasBook::default().reject(rejection.clone())?;
            let withdrawn = withdraw_all(file, opposites(rejection))?;
            // Of one provider's alias nothing is left then, and a file whose aliases contradict each
            // other, which is no book, can be mended.
            if !matches!(rejection, Rejection::Alias(_)) || withdrawn.is_empty() {
                nothing_stands(book(file)?.against(rejection))?;
            }
            let new = insert(file, rejection, at)?;
            Ok(Rejected { rejection: rejection.clone(), new, withdrawn })
        })
    }

    /// Rejects what a suggestion says, and withdraws what was confirmed as the answer to it, or says the
    /// opposite. The suggestion is of the last run, or was answered.
    ///
    /// # Errors
    /// [`Refusal::NoSuggestion`]; [`Refusal::Stands`] where other answers confirm it; and as
    /// [`aliases`](Self::aliases).
    pub fn reject_suggestion(&mut self, id: i64, at: Timestamp) -> Result<Rejected, StoreError> {
        self.write(|file| {
            let kept = seen::suggestion(file, &book(file)?, id)?.ok_or(Refusal::NoSuggestion(id))?;
            let rejection = kept.proposal.rejection();
            let mut withdrawn = withdraw_all(file, answered(file, id)?)?;
            withdrawn.extend(withdraw_all(file, opposites(&rejection))?);
            let left = book(file)?;
            nothing_stands(left.grounds(&kept.proposal))?;
            nothing_stands(left.against(&rejection))?;
            let new = insert(file, &rejection, at)?;
            Ok(Rejected { rejection, new, withdrawn })
        })
    }
}

/// The confirmations that a rejection takes back.
fn opposites(rejection: &Rejection) -> Vec<Confirmation> {
    match rejection {
        Rejection::Names { kind, a, b } => [(a, b), (b, a)]
            .map(|((provider, from), (_, to))| {
                let (provider, from, to) = (provider.clone(), from.clone(), to.clone());
                Confirmation::Alias(Alias { provider, kind: *kind, from, to })
            })
            .into(),
        Rejection::Alias(alias) => vec![Confirmation::Alias(alias.clone())],
        Rejection::Events(link) => vec![Confirmation::Link(link.clone())],
    }
}

/// Takes them back, and gives those that were there.
fn withdraw_all(file: &Connection, confirmations: Vec<Confirmation>) -> Result<Vec<Confirmation>, Problem> {
    let mut withdrawn = Vec::new();
    for confirmation in confirmations {
        if withdraw(file, &confirmation)? {
            withdrawn.push(confirmation);
        }
    }
    Ok(withdrawn)
}

fn nothing_stands(standing: Vec<Confirmation>) -> Result<(), Refusal> {
    if standing.is_empty() { Ok(()) } else { Err(Refusal::Stands(Standing::new(standing))) }
}

/// Reads what is rejected.
pub fn each_rejected(
    file: &Connection,
    mut with: impl FnMut(&Reading<'_>, Rejection) -> Result<(), Stop>,
) -> Result<(), Stop> {
    each(file, "identity_rejected", "ORDER BY rowid", [], |row| {
        let (a, b) = (row.text("provider_a")?, row.text("provider_b")?);
        let rejection = if row.get::<String>("kind")? == EVENT {
            Rejection::Events(Link { a: (a, row.text("a")?), b: (b, row.text("b")?) })
        } else {
            let kind = row.kind("kind")?;
            let (x, y) = (row.name(kind, "a")?, row.name(kind, "b")?);
            if &*a == ANY {
                Rejection::Alias(Alias { provider: b, kind, from: y, to: x })
            } else {
                Rejection::Names { kind, a: (a, x), b: (b, y) }
            }
        };
        with(row, rejection)
    })
}

/// Forgets what says the opposite of a confirmation, whichever provider has the other name.
pub fn forget(file: &Connection, confirmation: &Confirmation) -> Result<(), Problem> {
    match confirmation {
        Confirmation::Alias(Alias { provider, kind, from, to }) => {
            file.execute(
                "DELETE FROM identity_rejected WHERE kind = ?1
                 AND ((provider_a = ?2 AND a = ?3 AND b = ?4) OR (provider_b = ?2 AND b = ?3 AND a = ?4))",
                params![kind.name(), provider.to_lowercase(), from.to_string(), to.to_string()],
            )?;
            Ok(())
        }
        Confirmation::Link(link) => delete(file, &Rejection::Events(link.clone())),
    }
}

/// Forgets all that keeps a proposal from being suggested.
pub fn forget_proposal(file: &Connection, proposal: &Proposal) -> Result<(), Problem> {
    delete(file, &Rejection::Events(proposal.link()))?;
    for (kind, x, y) in &proposal.names {
        let (a, b) = ((proposal.a.provider.clone(), x.clone()), (proposal.b.provider.clone(), y.clone()));
        let alias = |(provider, from): &NameRef, to: &Name| {
            Rejection::Alias(Alias {
                provider: provider.clone(),
                kind: *kind,
                from: from.clone(),
                to: to.clone(),
            })
        };
        for rejection in [alias(&a, y), alias(&b, x), Rejection::Names { kind: *kind, a, b }] {
            delete(file, &rejection)?;
        }
    }
    Ok(())
}

/// `false` where it is there already.
fn insert(file: &Connection, rejection: &Rejection, at: Timestamp) -> Result<bool, Problem> {
    let (kind, a, b) = key(rejection);
    let rows = file.execute(
        "INSERT INTO identity_rejected (kind, provider_a, a, provider_b, b, rejected_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        params![kind, a.0, a.1, b.0, b.1, at.to_string()],
    )?;
    Ok(rows > 0)
}

fn delete(file: &Connection, rejection: &Rejection) -> Result<(), Problem> {
    let (kind, a, b) = key(rejection);
    file.execute(
        "DELETE FROM identity_rejected
         WHERE kind = ?1 AND provider_a = ?2 AND a = ?3 AND provider_b = ?4 AND b = ?5",
        params![kind, a.0, a.1, b.0, b.1],
    )?;
    Ok(())
}

/// What a rejection's row is found by: kind, the smaller side, the other.
fn key(rejection: &Rejection) -> (&'static str, (String, String), (String, String)) {
    let text = |(provider, name): NameRef| (provider.into(), name.to_string());
    match rejection {
        Rejection::Names { kind, a, b } => {
            let lower = |(provider, name): &NameRef| (provider.to_lowercase().into(), name.clone());
            let (a, b) = (lower(a), lower(b));
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            (kind.name(), text(a), text(b))
        }
        Rejection::Alias(Alias { provider, kind, from, to }) => {
            (kind.name(), (ANY.into(), to.to_string()), (provider.to_lowercase(), from.to_string()))
        }
        Rejection::Events(link) => {
            let (a, b) = ordered(link);
            (EVENT, a, b)
        }
    }
}
