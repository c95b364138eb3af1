//! `antigravity identity list`.

use super::failure;
use crate::failure::Failure;
use crate::person::say;
use crate::table;
use antigravity_core::identity::{Alias, Alone, Confirmation, EventRef, Kind, KnownEvent, Link, Name};
use antigravity_store::{Confirmed, KeptProposal, Store};
use comfy_table::Table;
use serde_json::{Value, json};
use std::io::Write;

/// Most rows of a table: what follows is less likely, older, or more of the same.
const ROWS: usize = 50;

pub fn run(store: &Store, json: bool) -> Result<(), Failure> {
    let (suggestions, unpaired) = (store.suggestions().map_err(failure)?, store.unpaired().map_err(failure)?);
    let confirmed = store.confirmed().map_err(failure)?;
    let mut out = std::io::stdout().lock();
    if json {
        let suggestions: Vec<_> = suggestions.iter().map(suggestion_json).collect();
        let unpaired: Vec<_> = unpaired.iter().map(unpaired_json).collect();
        let confirmed: Vec<_> = confirmed.iter().map(confirmed_json).collect();
        let all = json!({"suggestions": suggestions, "unpaired": unpaired, "confirmed": confirmed});
        return Ok(writeln!(out, "{all}")?);
    }
    if suggestions.is_empty() {
        writeln!(out, "no suggestion is open")?;
    } else {
        writeln!(out, "{}", suggestion_table(&suggestions))?;
    }
    if !unpaired.is_empty() {
        writeln!(out, "{}", unpaired_table(&unpaired))?;
    }
    if !confirmed.is_empty() {
        writeln!(out, "{}", confirmed_table(&confirmed))?;
    }
    for (rows, what) in
        [(suggestions.len(), "suggestions"), (unpaired.len(), "events"), (confirmed.len(), "confirmed")]
    {
        if rows > ROWS {
            say(format_args!("{} more {what}: --json lists all", rows - ROWS));
        }
    }
    Ok(())
}

fn suggestion_table(suggestions: &[KeptProposal]) -> Table {
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

fn unpaired_table(unpaired: &[(KnownEvent, Alone)]) -> Table {
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

fn confirmed_table(confirmed: &[Confirmed]) -> Table {
    let mut table = table::table(&["confirmed", "is", "suggestion", "at"]);
    for Confirmed { confirmation, suggestion, at } in confirmed.iter().take(ROWS) {
        let (one, other) = match confirmation {
            Confirmation::Alias(Alias { provider, kind, from, to }) => {
                (format!("{} {from} of {provider}", kind.name()), to.to_string())
            }
            Confirmation::Link(Link { a, b }) => {
                (format!("event {} of {}", a.1, a.0), format!("event {} of {}", b.1, b.0))
            }
        };
        let suggestion = suggestion.map_or("–".to_owned(), |id| id.to_string());
        let at = at.map_or("–".to_owned(), |at| at.to_string());
        table::add(&mut table, [one, other, suggestion, at]);
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

fn confirmed_json(Confirmed { confirmation, suggestion, at }: &Confirmed) -> Value {
    match confirmation {
        Confirmation::Alias(Alias { provider, kind, from, to }) => json!({
            "kind": kind.name(),
            "provider": provider,
            "from": from.to_string(),
            "to": to.to_string(),
            "suggestion": suggestion,
            "confirmed_at": at,
        }),
        Confirmation::Link(Link { a, b }) => {
            let event = |event: &EventRef| json!({"provider": event.0, "event_id": event.1});
            json!({
                "kind": "event",
                "a": event(a),
                "b": event(b),
                "suggestion": suggestion,
                "confirmed_at": at,
            })
        }
    }
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
