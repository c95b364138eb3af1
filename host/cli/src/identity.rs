//! `antigravity identity …`.

mod list;

use crate::args::{AnswerOptions, IdentityCommand};
use crate::clock::now;
use crate::failure::Failure;
use crate::person::{plain, say};
use antigravity_core::identity::{Alias, AliasBook, Confirmation, EventRef, Link, Rejection, normalise};
use antigravity_store::{Problem, Rejected, Store, StoreError};
use std::io::Write;
use std::path::Path;

pub fn run(command: &IdentityCommand) -> Result<(), Failure> {
    match command {
        IdentityCommand::List { database, json } => list::run(&existing(&database.path)?, *json),
        IdentityCommand::Confirm(options) => confirm(options),
        IdentityCommand::Reject(options) => reject(options),
    }
}

fn confirm(options: &AnswerOptions) -> Result<(), Failure> {
    let path = &options.database.path;
    if let Some(id) = options.suggestion {
        let taken = existing(path)?.confirm_suggestion(id, now()?).map_err(failure)?;
        if taken.is_empty() {
            return told(format_args!("suggestion {id}: other answers say so already"));
        }
        return taken.iter().try_for_each(|one| told(format_args!("confirmed: {one}")));
    }
    let confirmation = asked(options)?;
    // What can never be makes no file.
    AliasBook::default().confirm(confirmation.clone()).map_err(Failure::failed)?;
    let mut store = Store::open(path).map_err(failure)?;
    let new = store.confirm(&confirmation, now()?).map_err(failure)?;
    warn_unseen(&store, &confirmation)?;
    let word = if new { "confirmed" } else { "confirmed already" };
    told(format_args!("{word}: {confirmation}"))
}

/// The confirmation that the arguments spell out, or whose opposite they do.
fn asked(options: &AnswerOptions) -> Result<Confirmation, Failure> {
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
    Ok(Confirmation::Alias(Alias { provider: provider.to_lowercase().into(), kind, from, to }))
}

/// `PROVIDER:EVENT`; the identifier may have a `:` too.
fn event(argument: &str, text: &str) -> Result<EventRef, Failure> {
    let pair = text.split_once(':').filter(|(provider, event)| !provider.is_empty() && !event.is_empty());
    let (provider, event) =
        pair.ok_or_else(|| Failure::input(format!("{argument} {text}: not PROVIDER:EVENT")))?;
    Ok((provider.to_lowercase().into(), event.into()))
}

fn reject(options: &AnswerOptions) -> Result<(), Failure> {
    let path = &options.database.path;
    if let Some(id) = options.suggestion {
        return told_rejected(&existing(path)?.reject_suggestion(id, now()?).map_err(failure)?);
    }
    let confirmation = asked(options)?;
    let rejection = match confirmation.clone() {
        Confirmation::Alias(alias) => Rejection::Alias(alias),
        Confirmation::Link(link) => Rejection::Events(link),
    };
    let mut store = existing(path)?;
    let rejected = store.reject(&rejection, now()?).map_err(failure)?;
    warn_unseen(&store, &confirmation)?;
    told_rejected(&rejected)
}

fn told_rejected(Rejected { rejection, new, withdrawn }: &Rejected) -> Result<(), Failure> {
    for confirmation in withdrawn {
        told(format_args!("withdrawn: {confirmation}"))?;
    }
    let word = if *new { "rejected" } else { "rejected already" };
    told(format_args!("{word}: {rejection}"))
}

/// Tells what may be misspelt: an answer may come before the first run that it is about.
fn warn_unseen(store: &Store, confirmation: &Confirmation) -> Result<(), Failure> {
    match confirmation {
        Confirmation::Alias(alias) => {
            let seen = store.providers().map_err(failure)?;
            if !seen.contains(&alias.provider) {
                let others = if seen.is_empty() { "" } else { ", only of " };
                let provider = &alias.provider;
                say(format_args!("warning: no run saw an event of {provider}{others}{}", seen.join(", ")));
            }
        }
        Confirmation::Link(link) => {
            for event in [&link.a, &link.b] {
                if store.event(event).map_err(failure)?.is_none() {
                    say(format_args!("warning: the last run saw no event {} of {}", event.1, event.0));
                }
            }
        }
    }
    Ok(())
}

/// A line of output that quotes what came from outside.
fn told(text: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{}", plain(&text.to_string()))?)
}

pub fn existing(path: &Path) -> Result<Store, Failure> {
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
