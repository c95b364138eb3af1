//! What the last run saw: its events and suggestions.

use super::answers;
use crate::Store;
use crate::error::{Problem, Stop, StoreError};
use crate::row::{Reading, each};
use antigravity_core::Timestamp;
use antigravity_core::identity::{AliasBook, Alone, EventRef, Identity, Kind, KnownEvent, Name, Proposal};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// How many pairs that were suggested once, and are no longer, keep their number.
const REMEMBERED: i64 = 100_000;

/// A suggestion and the number a person answers it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptProposal {
    /// The same for the same two events in every run.
    pub id: i64,
    pub proposal: Proposal,
    /// When the run that made it ended.
    pub seen_at: Timestamp,
}

impl Store {
    /// Keeps what a run saw, in the place of what the run before it did: its suggestions and all its
    /// events. What a person answered stays, and so do the names of the providers that any run saw. The
    /// run itself began with [`aliases`](Self::aliases).
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep(&mut self, identity: &Identity, at: Timestamp) -> Result<(), StoreError> {
        let suggestions = identity.suggestions();
        let proposals: Vec<_> = suggestions.iter().filter_map(|it| identity.proposal(it)).collect();
        let at = at.to_string();
        self.write(|file| {
            keep_events(file, identity, &at)?;
            Ok(keep_proposals(file, &proposals, &at)?)
        })
    }

    /// The suggestions of the last run that no answer settles, best first.
    ///
    /// # Errors
    /// [`Problem::Row`] where a row is not what this program writes, and what SQLite says.
    pub fn suggestions(&self) -> Result<Vec<KeptProposal>, StoreError> {
        self.read(|file| {
            let book = answers::book(file)?;
            let of_suggestions = "WHERE (provider, event_id) IN
                (SELECT provider_a, event_a FROM identity_suggestion WHERE current = 1
                 UNION ALL SELECT provider_b, event_b FROM identity_suggestion WHERE current = 1)";
            let events: HashMap<EventRef, KnownEvent> = events(file, of_suggestions, [])?
                .into_iter()
                .map(|(event, _)| ((event.provider.clone(), event.event_id.clone()), event))
                .collect();
            let clause = "WHERE current = 1 ORDER BY score DESC, provider_a, event_a, provider_b, event_b";
            let mut found = Vec::new();
            each(file, "identity_suggestion", clause, [], |row| {
                let kept = proposal(row, |event, column| match events.get(event) {
                    Some(event) => Ok(event.clone()),
                    None => Err(row.wrong(column, "the event is not in `identity_event`").into()),
                })?;
                if book.answer(&kept.proposal).is_none() {
                    found.push(kept);
                }
                Ok(())
            })?;
            Ok(found)
        })
    }

    /// The events of the last run that no other provider had, and why, by provider and identifier.
    ///
    /// # Errors
    /// As [`suggestions`](Self::suggestions).
    pub fn unpaired(&self) -> Result<Vec<(KnownEvent, Alone)>, StoreError> {
        let clause = "WHERE unpaired IS NOT NULL ORDER BY provider, event_id";
        let found = self.read(|file| events(file, clause, []))?;
        Ok(found.into_iter().filter_map(|(event, alone)| Some((event, alone?))).collect())
    }

    /// An event as the last run saw it; `None` where it did not. The provider in any case.
    ///
    /// # Errors
    /// As [`suggestions`](Self::suggestions).
    pub fn event(&self, event: &EventRef) -> Result<Option<KnownEvent>, StoreError> {
        self.read(|file| seen_event(file, event))
    }

    /// The providers that any run saw an event of, by name in lower case.
    ///
    /// # Errors
    /// As [`suggestions`](Self::suggestions).
    pub fn providers(&self) -> Result<Vec<Box<str>>, StoreError> {
        self.read(|file| {
            let mut found = Vec::new();
            each(file, "identity_provider", "ORDER BY provider", [], |row| {
                found.push(row.text("provider")?);
                Ok(())
            })?;
            Ok(found)
        })
    }
}

fn keep_events(file: &Connection, identity: &Identity, at: &str) -> Result<(), Problem> {
    file.execute("DELETE FROM identity_event", [])?;
    let mut insert = file.prepare(
        "INSERT INTO identity_event (provider, event_id, sport, competition, home, away, title, starts_at,
            in_play, unpaired, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let text = |name: &Option<Name>| name.as_ref().map(Name::to_string);
    for (event, alone) in identity.events() {
        insert.execute(params![
            event.provider,
            event.event_id,
            event.sport,
            text(&event.competition),
            text(&event.home),
            text(&event.away),
            text(&event.title),
            event.starts_at.map(|at| at.to_string()),
            event.in_play,
            alone.map(Alone::name),
            at,
        ])?;
    }
    file.execute(
        "INSERT INTO identity_provider (provider, seen_at) SELECT DISTINCT provider, ?1 FROM identity_event
         WHERE true ON CONFLICT (provider) DO UPDATE SET seen_at = ?1",
        [at],
    )?;
    Ok(())
}

fn keep_proposals(file: &Connection, proposals: &[Proposal], at: &str) -> Result<(), Problem> {
    file.execute("UPDATE identity_suggestion SET current = 0 WHERE current = 1", [])?;
    // A pair may come back the other way round.
    let mut find = file.prepare(
        "SELECT id FROM identity_suggestion
         WHERE (provider_a, event_a, provider_b, event_b) IN (VALUES (?1, ?2, ?3, ?4), (?3, ?4, ?1, ?2))",
    )?;
    let mut keep = file.prepare(
        "INSERT INTO identity_suggestion (id, provider_a, event_a, provider_b, event_b, names, score, margin,
            agrees, by_link, current, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, ?11)
         ON CONFLICT (id) DO UPDATE SET provider_a = ?2, event_a = ?3, provider_b = ?4, event_b = ?5,
            names = ?6, score = ?7, margin = ?8, agrees = ?9, by_link = ?10, current = 1, seen_at = ?11",
    )?;
    for Proposal { a, b, names, score, margin, agrees, by_link } in proposals {
        let pair = params![a.provider, a.event_id, b.provider, b.event_id];
        let id: Option<i64> = find.query_row(pair, |row| row.get(0)).optional()?;
        let names = names.iter().map(|(kind, a, b)| [kind.name().to_owned(), a.to_string(), b.to_string()]);
        let names = serde_json::Value::from_iter(names.map(|name| name.to_vec())).to_string();
        let agrees = serde_json::Value::from_iter(agrees.iter().map(|what| &**what)).to_string();
        keep.execute(params![
            id, a.provider, a.event_id, b.provider, b.event_id, names, score, margin, agrees, by_link, at
        ])?;
    }
    file.execute(
        "DELETE FROM identity_suggestion WHERE current = 0 AND id NOT IN
            (SELECT id FROM identity_suggestion WHERE current = 0 ORDER BY id DESC LIMIT ?1)",
        [REMEMBERED],
    )?;
    Ok(())
}

/// A suggestion of the last run, or one that was answered; `None` where the number is of neither.
pub fn suggestion(file: &Connection, book: &AliasBook, id: i64) -> Result<Option<KeptProposal>, Stop> {
    let mut found = None;
    each(file, "identity_suggestion", "WHERE id = ?1", [id], |row| {
        // Of an older run the events may be gone; what was asked about them is here.
        let kept = proposal(row, |event, _| {
            Ok(seen_event(file, event)?.unwrap_or_else(|| KnownEvent::unknown(event)))
        })?;
        if row.get("current")? || book.answer(&kept.proposal).is_some() {
            found = Some(kept);
        }
        Ok(())
    })?;
    Ok(found)
}

/// An event as the last run saw it; the provider in any case.
pub fn seen_event(file: &Connection, (provider, event_id): &EventRef) -> Result<Option<KnownEvent>, Stop> {
    let clause = "WHERE provider = ?1 AND event_id = ?2";
    let found = events(file, clause, params![provider.to_lowercase(), event_id])?;
    Ok(found.into_iter().next().map(|(event, _)| event))
}

fn events(
    file: &Connection,
    clause: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<(KnownEvent, Option<Alone>)>, Stop> {
    let mut found = Vec::new();
    each(file, "identity_event", clause, params, |row| {
        let event = KnownEvent {
            provider: row.text("provider")?,
            event_id: row.text("event_id")?,
            sport: row.get::<Option<String>>("sport")?.map(Into::into),
            competition: row.name_if_any(Kind::Competition, "competition")?,
            home: row.name_if_any(Kind::Team, "home")?,
            away: row.name_if_any(Kind::Team, "away")?,
            title: row.name_if_any(Kind::Runner, "title")?,
            starts_at: row.time_if_any("starts_at")?,
            in_play: row.get("in_play")?,
        };
        let alone = match row.get::<Option<String>>("unpaired")? {
            Some(text) => Some(Alone::named(&text).ok_or_else(|| row.wrong("unpaired", "no such reason"))?),
            None => None,
        };
        found.push((event, alone));
        Ok(())
    })?;
    Ok(found)
}

fn proposal(
    row: &Reading<'_>,
    event: impl Fn(&EventRef, &'static str) -> Result<KnownEvent, Stop>,
) -> Result<KeptProposal, Stop> {
    let side = |provider, event_id| event(&(row.text(provider)?, row.text(event_id)?), event_id);
    let names: Vec<(String, String, String)> = json(row, "names")?;
    let name = |(kind, a, b): (String, String, String)| {
        let kind = Kind::named(&kind).ok_or_else(|| row.wrong("names", "no kind of name"))?;
        Ok((kind, row.normal(kind, "names", &a)?, row.normal(kind, "names", &b)?))
    };
    Ok(KeptProposal {
        id: row.get("id")?,
        proposal: Proposal {
            a: side("provider_a", "event_a")?,
            b: side("provider_b", "event_b")?,
            names: names.into_iter().map(name).collect::<Result<_, Problem>>()?,
            score: row.get("score")?,
            margin: row.get("margin")?,
            agrees: json(row, "agrees")?,
            by_link: row.get("by_link")?,
        },
        seen_at: row.time("seen_at")?,
    })
}

fn json<T: serde::de::DeserializeOwned>(row: &Reading<'_>, column: &'static str) -> Result<T, Problem> {
    serde_json::from_str(&row.get::<String>(column)?).map_err(|error| row.wrong(column, error))
}
