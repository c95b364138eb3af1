//! What is confirmed that an answer would contradict.

use super::alias::{Alias, AliasBook, Confirmation, EventRef, Link, Rejection};
use super::name::{Kind, Name};
use super::proposal::{Answer, Proposal};
use rustc_hash::FxHashMap;
use std::fmt;
use std::hash::Hash;

/// Confirmations that stand against an answer; printed one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing(Vec<Confirmation>);

impl Standing {
    #[must_use]
    pub const fn new(confirmations: Vec<Confirmation>) -> Self {
        Self(confirmations)
    }

    #[must_use]
    pub fn confirmations(&self) -> &[Confirmation] {
        &self.0
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, confirmation) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "; " })?;
            confirmation.fmt(f)?;
        }
        Ok(())
    }
}

impl AliasBook {
    /// By what the opposite of a rejection is confirmed, in one step or in several; nothing where it is
    /// not.
    #[must_use]
    pub fn against(&self, rejection: &Rejection) -> Vec<Confirmation> {
        match rejection {
            Rejection::Names { kind, a, b } => self.meeting(*kind, (&a.0, &a.1), (&b.0, &b.1)),
            Rejection::Alias(Alias { provider, kind, from, to }) => {
                let steps = self.steps(provider, *kind, from);
                let reached = steps.iter().position(|step| step.to == *to);
                let steps = steps.into_iter().take(reached.map_or(0, |at| at + 1));
                steps.map(Confirmation::Alias).collect()
            }
            Rejection::Events(Link { a, b }) => {
                let lower = |event: &EventRef| (event.0.to_lowercase().into(), event.1.clone());
                let events = path(&lower(a), &lower(b), |event| self.partners(event).to_vec());
                let link =
                    |pair: &[EventRef]| Confirmation::Link(Link { a: pair[0].clone(), b: pair[1].clone() });
                events.windows(2).map(link).collect()
            }
        }
    }

    /// By what a proposal is confirmed; nothing where it is not.
    #[must_use]
    pub fn grounds(&self, proposal: &Proposal) -> Vec<Confirmation> {
        if self.answer(proposal) != Some(Answer::Confirmed) {
            return Vec::new();
        }
        if proposal.by_link {
            return proposal.confirmations();
        }
        let (a, b) = (&proposal.a.provider, &proposal.b.provider);
        proposal.names.iter().flat_map(|(kind, x, y)| self.meeting(*kind, (a, x), (b, y))).collect()
    }

    /// The confirmed aliases by which one name leads to another, whoever uses them.
    pub(super) fn leads(&self, kind: Kind, from: &Name, to: &Name) -> Vec<Confirmation> {
        let names = path(from, to, |name| self.aliases_of(kind, name).map(|alias| alias.to).collect());
        let step = |pair: &[Name]| self.aliases_of(kind, &pair[0]).find(|alias| alias.to == pair[1]);
        names.windows(2).filter_map(step).map(Confirmation::Alias).collect()
    }

    /// What a name stands for, of each provider that has an alias of it.
    fn aliases_of(&self, kind: Kind, from: &Name) -> impl Iterator<Item = Alias> {
        let key = (kind, from.clone());
        self.names.iter().filter_map(move |(provider, names)| {
            let to = names.get(&key)?.clone();
            Some(Alias { provider: provider.clone(), kind, from: key.1.clone(), to })
        })
    }

    /// The aliases of two providers by which two names are one, up to the first name they share.
    fn meeting(&self, kind: Kind, a: (&str, &Name), b: (&str, &Name)) -> Vec<Confirmation> {
        let (left, right) = (self.steps(a.0, kind, a.1), self.steps(b.0, kind, b.1));
        let reached = |first: &Name, steps: &[Alias], name: &Name| {
            if first == name { Some(0) } else { Some(1 + steps.iter().position(|step| step.to == *name)?) }
        };
        let names = std::iter::once(a.1).chain(left.iter().map(|step| &step.to));
        let shared = names.enumerate().find_map(|(at, name)| Some((at, reached(b.1, &right, name)?)));
        let (of_a, of_b) = shared.unwrap_or_default();
        left.into_iter().take(of_a).chain(right.into_iter().take(of_b)).map(Confirmation::Alias).collect()
    }

    /// A provider's aliases from a name on, one after the other.
    fn steps(&self, provider: &str, kind: Kind, name: &Name) -> Vec<Alias> {
        let provider: Box<str> = provider.to_lowercase().into();
        let Some(names) = self.names.get(&provider) else { return Vec::new() };
        let mut steps = Vec::new();
        let mut from = name.clone();
        while let Some(to) = names.get(&(kind, from.clone())) {
            steps.push(Alias { provider: provider.clone(), kind, from, to: to.clone() });
            from = to.clone();
        }
        steps
    }
}

/// A shortest way: its first node is `from`, its last `to`. Nothing where there is none.
fn path<N: Clone + Eq + Hash>(from: &N, to: &N, next: impl Fn(&N) -> Vec<N>) -> Vec<N> {
    let mut before: FxHashMap<N, N> = FxHashMap::default();
    let mut reached = vec![from.clone()];
    let mut at = 0;
    while at < reached.len() && !before.contains_key(to) {
        let here = reached[at].clone();
        for node in next(&here) {
            if node != *from && !before.contains_key(&node) {
                before.insert(node.clone(), here.clone());
                reached.push(node);
            }
        }
        at += 1;
    }
    let mut way = vec![to.clone()];
    while let Some(node) = before.get(&way[way.len() - 1]) {
        way.push(node.clone());
    }
    if way[way.len() - 1] != *from {
        return Vec::new();
    }
    way.reverse();
    way
}
