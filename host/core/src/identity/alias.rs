//! What a person confirmed: names that mean the same, events that are one.

use super::name::{Kind, Name};
use super::standing::Standing;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::fmt;

/// A provider's name and the canonical one it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    pub provider: Box<str>,
    pub kind: Kind,
    pub from: Name,
    pub to: Name,
}

/// A provider and its own identifier of an event.
pub type EventRef = (Box<str>, Box<str>);

/// A provider and a name it uses, in normal form and after aliases.
pub type NameRef = (Box<str>, Name);

/// Two providers' events that are one, whatever they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub a: EventRef,
    pub b: EventRef,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    Alias(Alias),
    Link(Link),
}

/// What is not to be suggested again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Two providers' names that do not mean the same.
    Names {
        kind: Kind,
        a: (Box<str>, Name),
        b: (Box<str>, Name),
    },
    /// A provider's name that does not stand for another, whichever provider has that one.
    Alias(Alias),
    Events(Link),
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, kind, from, to } = self;
        write!(f, "{} {from} of {provider} is {to}", kind.name())
    }
}

impl fmt::Display for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alias(alias) => alias.fmt(f),
            Self::Link(Link { a, b }) => write!(f, "{} {} and {} {} are one event", a.0, a.1, b.0, b.1),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names { kind, a, b } => {
                write!(f, "{} {} of {} is not {} of {}", kind.name(), a.1, a.0, b.1, b.0)
            }
            Self::Alias(Alias { provider, kind, from, to }) => {
                write!(f, "{} {from} of {provider} is not {to}", kind.name())
            }
            Self::Events(Link { a, b }) => {
                write!(f, "{} {} and {} {} are not one event", a.0, a.1, b.0, b.1)
            }
        }
    }
}

/// Why an answer is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AliasError {
    #[error("women's, youth, reserve and B teams are never the first team")]
    MarksDiffer,
    #[error("both are one name in normal form")]
    OneName,
    /// Names of one kind, whoever uses them, never lead back to themselves: each provider would be right
    /// and no two of them would ever agree.
    #[error("the names would stand for each other in a circle, since {0}")]
    Circle(Standing),
    #[error("the name stands for {already} already")]
    Conflict { already: Name },
    #[error("no provider or no event")]
    Empty,
    #[error("two events of one provider would be one")]
    SameProviderEvents,
    #[error(
        "events of two sports, of a first team and women's, youth, reserve or B teams, or with home and away exchanged are never one"
    )]
    NeverOne,
}

/// Confirmed aliases and links, and what was rejected. Providers are matched without case.
#[derive(Clone, Debug, Default)]
pub struct AliasBook {
    /// By provider, in an order that is the same on every machine: refusals name the first.
    pub(super) names: BTreeMap<Box<str>, FxHashMap<(Kind, Name), Name>>,
    links: FxHashMap<EventRef, Vec<EventRef>>,
    rejected_names: FxHashSet<(Kind, NameRef, NameRef)>,
    /// Kind, the provider's name, the one it does not stand for.
    rejected_aliases: FxHashSet<(Kind, NameRef, Name)>,
    rejected_events: FxHashSet<(EventRef, EventRef)>,
}

impl AliasBook {
    /// Takes a confirmation up; the same one twice is no error.
    ///
    /// # Errors
    /// [`AliasError`]; the book is then as it was.
    pub fn confirm(&mut self, confirmation: Confirmation) -> Result<(), AliasError> {
        match confirmation {
            Confirmation::Alias(alias) => self.alias(alias),
            Confirmation::Link(link) => self.link(link),
        }
    }

    fn alias(&mut self, alias: Alias) -> Result<(), AliasError> {
        let Alias { provider, kind, from, to } = alias;
        let provider = lower(&provider)?;
        if from == to {
            return Err(AliasError::OneName);
        }
        if from.marks() != to.marks() {
            return Err(AliasError::MarksDiffer);
        }
        let known = self.names.get(&provider).and_then(|names| names.get(&(kind, from.clone())));
        if let Some(already) = known {
            return if *already == to {
                Ok(())
            } else {
                Err(AliasError::Conflict { already: already.clone() })
            };
        }
        let circle = self.leads(kind, &to, &from);
        if !circle.is_empty() {
            return Err(AliasError::Circle(Standing::new(circle)));
        }
        self.names.entry(provider).or_default().insert((kind, from), to);
        Ok(())
    }

    fn link(&mut self, link: Link) -> Result<(), AliasError> {
        let (a, b) = ordered(event_ref(&link.a)?, event_ref(&link.b)?);
        if self.partners(&a).contains(&b) {
            return Ok(());
        }
        let mut events = self.linked(&a);
        events.extend(self.linked(&b));
        events.sort();
        events.dedup();
        if events.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(AliasError::SameProviderEvents);
        }
        self.links.entry(a.clone()).or_default().push(b.clone());
        self.links.entry(b).or_default().push(a);
        Ok(())
    }

    /// The event and all that links reach from it.
    fn linked(&self, event: &EventRef) -> Vec<EventRef> {
        let mut found = vec![event.clone()];
        let mut next = 0;
        while next < found.len() {
            for partner in self.partners(&found[next]).to_vec() {
                if !found.contains(&partner) {
                    found.push(partner);
                }
            }
            next += 1;
        }
        found
    }

    /// Keeps it from being suggested; what was confirmed stays confirmed.
    ///
    /// # Errors
    /// [`AliasError::Empty`] without a provider or an event, [`AliasError::OneName`] where a name would
    /// not stand for itself.
    pub fn reject(&mut self, rejection: Rejection) -> Result<(), AliasError> {
        match rejection {
            Rejection::Names { kind, a, b } => {
                let (a, b) = ordered((lower(&a.0)?, a.1), (lower(&b.0)?, b.1));
                self.rejected_names.insert((kind, a, b));
            }
            Rejection::Alias(Alias { provider, kind, from, to }) => {
                let provider = lower(&provider)?;
                if from == to {
                    return Err(AliasError::OneName);
                }
                self.rejected_aliases.insert((kind, (provider, from), to));
            }
            Rejection::Events(link) => {
                self.rejected_events.insert(ordered(event_ref(&link.a)?, event_ref(&link.b)?));
            }
        }
        Ok(())
    }

    /// The canonical name a provider's name stands for; itself where no alias is confirmed.
    #[must_use]
    pub fn resolve(&self, provider: &str, kind: Kind, name: Name) -> Name {
        let Some(names) = self.names.get(&*provider.to_lowercase()) else { return name };
        let mut key = (kind, name);
        // Ends: an alias that would close a circle was refused.
        while let Some(to) = names.get(&key) {
            key.1.clone_from(to);
        }
        key.1
    }

    /// The events confirmed to be that one; the reference in lower case.
    pub(super) fn partners(&self, event: &EventRef) -> &[EventRef] {
        self.links.get(event).map_or(&[], Vec::as_slice)
    }

    pub(super) fn rejects_events(&self, a: &EventRef, b: &EventRef) -> bool {
        !self.rejected_events.is_empty() && self.rejected_events.contains(&ordered(a.clone(), b.clone()))
    }

    pub(super) fn rejects_names(&self, kind: Kind, a: (&str, &Name), b: (&str, &Name)) -> bool {
        if self.rejected_names.is_empty() && self.rejected_aliases.is_empty() {
            return false;
        }
        let (a, b): (NameRef, NameRef) = ordered((a.0.into(), a.1.clone()), (b.0.into(), b.1.clone()));
        self.rejected_aliases.contains(&(kind, a.clone(), b.1.clone()))
            || self.rejected_aliases.contains(&(kind, b.clone(), a.1.clone()))
            || self.rejected_names.contains(&(kind, a, b))
    }
}

fn ordered<T: Ord>(a: T, b: T) -> (T, T) {
    if a <= b { (a, b) } else { (b, a) }
}

fn lower(provider: &str) -> Result<Box<str>, AliasError> {
    if provider.is_empty() { Err(AliasError::Empty) } else { Ok(provider.to_lowercase().into()) }
}

fn event_ref((provider, event_id): &EventRef) -> Result<EventRef, AliasError> {
    if event_id.is_empty() { Err(AliasError::Empty) } else { Ok((lower(provider)?, event_id.clone())) }
}
