//! `antigravity identity …`.

use crate::args::{ConfirmOptions, IdentityCommand};
use crate::clock::now;
use crate::failure::Failure;
use crate::person::{plain, say};
use crate::table;
use antigravity_core::identity::{
    Alias, AliasBook, Alone, Confirmation, EventRef, Kind, KnownEvent, Link, Name, Rejection, normalise,
};
use antigravity_store::{KeptProposal, Problem, Store, StoreError};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// Most rows of a table: what follows is less likely, or more of the same.
const ROWS: usize = 50;

pub fn run(command: &IdentityCommand) -> Result<(), Failure> {
    match command {
        IdentityCommand::List { database, json } => list(&database.path, *json),
        IdentityCommand::Confirm(options) => confirm(options),
        IdentityCommand::Reject { suggestion, database } => reject(&database.path, *suggestion),
    }
}

fn list(path: &Path, json: bool) -> Result<(), Failure> {
    let store = existing(path)?;
    let (suggestions, unpaired) = (store.suggestions().map_err(failure)?, store.unpaired().map_err(failure)?);
    let mut out = std::io::stdout().lock();
    if json {
        let suggestions: Vec<_> = suggestions.iter().map(suggestion_json).collect();
        let unpaired: Vec<_> = unpaired.iter().map(unpaired_json).collect();
        return Ok(writeln!(out, "{}", json!({"suggestions": suggestions, "unpaired": unpaired}))?);
    }
    if suggestions.is_empty() {
        writeln!(out, "no suggestion is open")?;
    } else {
        writeln!(out, "{}", suggestion_table(&suggestions))?;
    }
    if !unpaired.is_empty() {
        writeln!(out, "{}", unpaired_table(&unpaired))?;
    }
    for (rows, what) in [(suggestions.len(), "suggestions"), (unpaired.len(), "events")] {
        if rows > ROWS {
            say(format_args!("{} more {what}: --json lists all", rows - ROWS));
        }
    }
    Ok(())
}

fn suggestion_table(suggestions: &[KeptProposal]) -> comfy_table::Table {
    let mut table = table::table(&["id", "score", "margin", "event", "may be", "differs", "agrees"]);
    for KeptProposal { id, proposal, .. } in suggestions.iter().take(ROWS) {
        let differs = proposal.names.iter().map(|(kind, a, b)| format!("{}: {a} / {b}", kind.name()));
        let row = [
            id.to_string(),
            proposal.score.to_string(),
            proposal.margin.to_string(),
            called(&proposal.a),
            called(&proposal.b),
            differs.collect::<Vec<_>>().join(", "),
            proposal.agrees.join(", "),
        ];
        table::add(&mut table, row);
    }
    table
}

fn unpaired_table(unpaired: &[(KnownEvent, Alone)]) -> comfy_table::Table {
    let mut table = table::table(&["no counterpart", "sport", "competition", "starts", "why"]);
    for (event, why) in unpaired.iter().take(ROWS) {
        let row = [
            called(event),
            event.sport.as_deref().unwrap_or("–").to_owned(),
            event.competition.as_ref().map_or("–".to_owned(), Name::to_string),
            event.starts_at.map_or("–".to_owned(), |at| at.to_string()),
            why.name().to_owned(),
        ];
        table::add(&mut table, row);
    }
    table
}

/// `cmd368 31000417: arsenal – everton`.
fn called(event: &KnownEvent) -> String {
    let name = |name: &Option<Name>| name.as_ref().map_or("–".to_owned(), Name::to_string);
    let names = match (&event.home, &event.away, &event.title) {
        (None, None, Some(title)) => title.to_string(),
        (home, away, _) => format!("{} – {}", name(home), name(away)),
    };
    format!("{} {}: {names}", event.provider, event.event_id)
}

fn suggestion_json(kept: &KeptProposal) -> Value {
    let proposal = &kept.proposal;
    let name = |(kind, a, b): &(Kind, Name, Name)| json!({"kind": kind.name(), "a": a.to_string(), "b": b.to_string()});
    json!({
        "id": kept.id,
        "score": proposal.score,
        "margin": proposal.margin,
        "agrees": proposal.agrees,
        "names": proposal.names.iter().map(name).collect::<Vec<_>>(),
        "confirms": if proposal.by_link { "link" } else { "names" },
        "a": event_json(&proposal.a),
        "b": event_json(&proposal.b),
        "seen_at": kept.seen_at,
    })
}

fn unpaired_json((event, why): &(KnownEvent, Alone)) -> Value {
    let mut value = event_json(event);
    value["why"] = why.name().into();
    value
}

fn event_json(event: &KnownEvent) -> Value {
    let name = |name: &Option<Name>| name.as_ref().map(Name::to_string);
    json!({
        "provider": event.provider,
        "event_id": event.event_id,
        "sport": event.sport,
        "competition": name(&event.competition),
        "home": name(&event.home),
        "away": name(&event.away),
        "title": name(&event.title),
        "starts_at": event.starts_at,
        "in_play": event.in_play,
    })
}

fn confirm(options: &ConfirmOptions) -> Result<(), Failure> {
    let path = &options.database.path;
    if let Some(id) = options.suggestion {
        let taken = existing(path)?.confirm_suggestion(id, now()?).map_err(failure)?;
        if taken.is_empty() {
            return told(format_args!("suggestion {id}: other answers say so already"));
        }
        return taken.iter().try_for_each(|one| told(format_args!("confirmed: {}", meaning(one))));
    }
    let confirmation = asked(options)?;
    // What can never be makes no file.
    AliasBook::default().confirm(confirmation.clone()).map_err(Failure::failed)?;
    let mut store = Store::open(path).map_err(failure)?;
    let new = store.confirm(&confirmation, now()?).map_err(failure)?;
    let word = if new { "confirmed" } else { "confirmed already" };
    told(format_args!("{word}: {}", meaning(&confirmation)))
}

/// The confirmation that the arguments spell out.
fn asked(options: &ConfirmOptions) -> Result<Confirmation, Failure> {
    if let Some([a, b]) = options.link.as_deref() {
        return Ok(Confirmation::Link(Link { a: event("--link", a)?, b: event("--link", b)? }));
    }
    let (Some(provider), Some(kind), Some(from), Some(to)) =
        (&options.provider, options.kind, &options.from, &options.to)
    else {
        return Err(Failure::input("neither a suggestion's number, nor --provider, nor --link"));
    };
    let name = |argument: &str, raw: &str| {
        normalise(kind, raw).map_err(|error| Failure::input(format!("{argument} {raw}: {error}")))
    };
    let (from, to) = (name("--from", from)?, name("--to", to)?);
    Ok(Confirmation::Alias(Alias { provider: provider.as_str().into(), kind, from, to }))
}

/// `PROVIDER:EVENT`; the identifier may have a `:` too.
fn event(argument: &str, text: &str) -> Result<EventRef, Failure> {
    let pair = text.split_once(':').filter(|(provider, event)| !provider.is_empty() && !event.is_empty());
    let (provider, event) =
        pair.ok_or_else(|| Failure::input(format!("{argument} {text}: not PROVIDER:EVENT")))?;
    Ok((provider.to_lowercase().into(), event.into()))
}

fn reject(path: &Path, id: i64) -> Result<(), Failure> {
    let rejection = existing(path)?.reject_suggestion(id, now()?).map_err(failure)?;
    match &rejection {
        Rejection::Names { kind, a, b } => {
            told(format_args!("rejected: {} {} of {} is not {} of {}", kind.name(), a.1, a.0, b.1, b.0))
        }
        Rejection::Events(Link { a, b }) => {
            told(format_args!("rejected: {} {} and {} {} are not one event", a.0, a.1, b.0, b.1))
        }
    }
}

fn meaning(confirmation: &Confirmation) -> String {
    match confirmation {
        Confirmation::Alias(Alias { provider, kind, from, to }) => {
            format!("{} {from} of {} is {to}", kind.name(), provider.to_lowercase())
        }
        Confirmation::Link(Link { a, b }) => format!("{} {} and {} {} are one event", a.0, a.1, b.0, b.1),
    }
}

/// A line of output that quotes what came from outside.
fn told(text: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{}", plain(&text.to_string()))?)
}

fn existing(path: &Path) -> Result<Store, Failure> {
    Store::open_existing(path).map_err(|error| match error {
        StoreError::Unusable { problem: Problem::Missing, .. } => {
            Failure::input(format!("{error}; `antigravity replay --db FILE` makes one, and so does `antigravity identity confirm` of a name"))
        }
        error => failure(error),
    })
}

/// What is wrong with the file is input; what is refused, or what the machine did not do, has failed.
pub fn failure(error: StoreError) -> Failure {
    match error {
        StoreError::Refused(_) | StoreError::Unusable { problem: Problem::Busy | Problem::Sqlite(_), .. } => {
            Failure::failed(error)
        }
        StoreError::Unusable { .. } => Failure::input(error),
    }
}
