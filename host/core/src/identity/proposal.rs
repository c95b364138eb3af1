//! Events and suggestions as plain data: to be kept, shown and answered without the run that made them.

use super::alias::{Alias, AliasBook, AliasError, Confirmation, EventRef, Link, Rejection};
use super::event::{Known, instant, minutes};
use super::group::{Alone, EventNode, Identity};
use super::name::{Kind, Name};
use super::suggest::{Suggestion, may_be_one};
use crate::Timestamp;

/// What is known of a provider's event, in normal form and after aliases; `None` for what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEvent {
    /// In lower case.
    pub provider: Box<str>,
    pub event_id: Box<str>,
    pub sport: Option<Box<str>>,
    pub competition: Option<Name>,
    pub home: Option<Name>,
    pub away: Option<Name>,
    /// Of [`Kind::Runner`].
    pub title: Option<Name>,
    /// A whole minute.
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
}

impl KnownEvent {
    /// An event of which nothing is known.
    #[must_use]
    pub fn unknown((provider, event_id): &EventRef) -> Self {
        Self::of(provider, event_id, &Known::default())
    }

    fn of(provider: &str, event_id: &str, known: &Known) -> Self {
        Self {
            provider: provider.into(),
            event_id: event_id.into(),
            sport: known.sport.clone(),
            competition: known.competition.clone(),
            home: known.home.clone(),
            away: known.away.clone(),
            title: known.title.clone(),
            starts_at: known.kick_off.and_then(instant),
            in_play: known.in_play,
        }
    }

    /// Whether a confirmed link may make these one: never across sports or marks, nor where the teams
    /// look exchanged, since then nothing says which side is home.
    #[must_use]
    pub fn may_be_one(&self, other: &Self) -> bool {
        may_be_one(&self.known(), &other.known())
    }

    fn known(&self) -> Known {
        Known {
            sport: self.sport.clone(),
            competition: self.competition.clone(),
            home: self.home.clone(),
            away: self.away.clone(),
            titled: self.title.as_ref().and_then(|title| Known::titled(title, |team| team)),
            title: self.title.clone(),
            kick_off: self.starts_at.map(minutes),
            in_play: self.in_play,
        }
    }
}

/// A [`Suggestion`] with the events it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub a: KnownEvent,
    pub b: KnownEvent,
    /// The names that differ: of `a`, of `b`.
    pub names: Vec<(Kind, Name, Name)>,
    /// Of 1000.
    pub score: u16,
    /// How far the score is above that of the next best event for either of them.
    pub margin: u16,
    /// What is known and equal: of `kick-off`, `competition`, `home`, `away`.
    pub agrees: Vec<Box<str>>,
    /// Equal names would not be enough, since something is not known: to confirm it links the events.
    pub by_link: bool,
}

/// What a person said to a proposal, or to another that settles it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Confirmed,
    Rejected,
}

impl Proposal {
    /// What confirming it means: `b`'s names stand for `a`'s, or the events are linked.
    #[must_use]
    pub fn confirmations(&self) -> Vec<Confirmation> {
        if self.by_link {
            return vec![Confirmation::Link(self.link())];
        }
        let alias = |(kind, to, from): &(Kind, Name, Name)| {
            let provider = self.b.provider.clone();
            Confirmation::Alias(Alias { provider, kind: *kind, from: from.clone(), to: to.clone() })
        };
        self.names.iter().map(alias).collect()
    }

    /// What rejecting it means: that the names of a team differ where only that team's do, else that
    /// the events are not one.
    #[must_use]
    pub fn rejection(&self) -> Rejection {
        let mut teams = self.teams();
        match (teams.next(), teams.next()) {
            (Some((kind, x, y)), None) => Rejection::Names {
                kind: *kind,
                a: (self.a.provider.clone(), x.clone()),
                b: (self.b.provider.clone(), y.clone()),
            },
            _ => Rejection::Events(self.link()),
        }
    }

    /// The two events, whatever they are called.
    #[must_use]
    pub fn link(&self) -> Link {
        let event = |event: &KnownEvent| (event.provider.clone(), event.event_id.clone());
        Link { a: event(&self.a), b: event(&self.b) }
    }

    fn teams(&self) -> impl Iterator<Item = &(Kind, Name, Name)> {
        self.names.iter().filter(|(kind, ..)| *kind == Kind::Team)
    }
}

impl Identity {
    /// A suggestion with its events; `None` where it is of another run.
    #[must_use]
    pub fn proposal(&self, suggestion: &Suggestion) -> Option<Proposal> {
        let (a, b) = (self.nodes.get(suggestion.a.0 as usize)?, self.nodes.get(suggestion.b.0 as usize)?);
        Some(Proposal {
            a: KnownEvent::of(&a.event.0, &a.event.1, &a.known),
            b: KnownEvent::of(&b.event.0, &b.event.1, &b.known),
            names: suggestion.names.clone(),
            score: suggestion.score,
            margin: suggestion.margin,
            agrees: suggestion.agrees.iter().map(|what| (*what).into()).collect(),
            by_link: !a.known.complete() || !b.known.complete(),
        })
    }

    /// All events, by provider and identifier, and why no other provider has one; `None` when one has.
    pub fn events(&self) -> impl Iterator<Item = (KnownEvent, Option<Alone>)> {
        let mut nodes: Vec<_> = (0..).zip(&self.nodes).collect();
        nodes.sort_by(|(_, a), (_, b)| a.event.cmp(&b.event));
        nodes.into_iter().map(|(at, node)| {
            (KnownEvent::of(&node.event.0, &node.event.1, &node.known), self.alone(EventNode(at)))
        })
    }

    /// Events that no other provider has, and why, by provider and identifier.
    #[must_use]
    pub fn unpaired(&self) -> Vec<(KnownEvent, Alone)> {
        self.events().filter_map(|(event, alone)| Some((event, alone?))).collect()
    }
}

impl AliasBook {
    /// Takes a proposal as confirmed; gives what had to be taken up for it, which is nothing where
    /// other confirmations settle it already.
    ///
    /// A name that stands for another by now is seen as that other: confirmed one after the other,
    /// proposals that turn the same two names round agree. What an alias leads on to is confirmed too, so
    /// that the names are one afterwards.
    ///
    /// # Errors
    /// [`AliasError`]; the book is then as it was.
    pub fn accept(&mut self, proposal: &Proposal) -> Result<Vec<Confirmation>, AliasError> {
        let (mut book, mut taken) = (self.clone(), Vec::new());
        for confirmation in proposal.confirmations() {
            // Ends: every round adds a step between names that are there, and no circle comes about.
            while let Some(open) = book.open(&proposal.a.provider, confirmation.clone()) {
                book.confirm(open.clone())?;
                taken.push(open);
            }
        }
        *self = book;
        Ok(taken)
    }

    /// What was said to a proposal; `None` where a person has still to say it.
    #[must_use]
    pub fn answer(&self, proposal: &Proposal) -> Option<Answer> {
        let (a, b) = (&proposal.a, &proposal.b);
        let confirmations = proposal.confirmations();
        if confirmations.into_iter().all(|confirmation| self.open(&a.provider, confirmation).is_none()) {
            return Some(Answer::Confirmed);
        }
        let Link { a: event, b: other } = proposal.link();
        let rejected = self.rejects_events(&event, &other)
            || proposal
                .names
                .iter()
                .any(|(kind, x, y)| self.rejects_names(*kind, (&a.provider, x), (&b.provider, y)));
        rejected.then_some(Answer::Rejected)
    }

    /// What is left of a confirmation after those before it: `a`'s provider is that of the name it
    /// leads to.
    fn open(&self, a: &str, confirmation: Confirmation) -> Option<Confirmation> {
        let Alias { provider, kind, from, to } = match confirmation {
            Confirmation::Alias(alias) => alias,
            Confirmation::Link(link) => {
                return (!self.partners(&link.a).contains(&link.b)).then_some(Confirmation::Link(link));
            }
        };
        let (from, to) = (self.resolve(&provider, kind, from), self.resolve(a, kind, to));
        if from == to {
            return None;
        }
        // Where an alias, of whichever provider, leads the other way already, the other one follows it.
        let circle = !self.leads(kind, &to, &from).is_empty();
        let (provider, from, to) = if circle { (a.into(), to, from) } else { (provider, from, to) };
        Some(Confirmation::Alias(Alias { provider, kind, from, to }))
    }
}
