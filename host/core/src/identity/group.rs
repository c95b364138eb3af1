//! Events of several providers that are one: groups of nodes.

use super::alias::{AliasBook, EventRef};
use super::event::{EventFacts, Known};
use super::name::{Kind, Name, NameError, normalise};
use super::suggest;
use rustc_hash::{FxHashMap, FxHashSet};

/// An event of a provider, whatever the account that saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventNode(pub(super) u32);

/// Events that are one, under one canonical text. A group whose text changes is another group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group(u32);

/// Why an event is in no group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    #[error("the event has neither teams nor a title")]
    Unnamed,
}

/// Why no other provider's event is in an event's group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    /// Sport, competition, a team or the kick-off is not known.
    Unresolved,
    /// Another provider has it with home and away exchanged.
    Swapped,
    NoCounterpart,
}

impl Alone {
    pub const ALL: [Self; 3] = [Self::Unresolved, Self::Swapped, Self::NoCounterpart];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Unresolved => "unresolved",
            Self::Swapped => "swapped",
            Self::NoCounterpart => "no-counterpart",
        }
    }

    /// The one of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alone| alone.name() == name)
    }
}

#[derive(Debug)]
pub(super) struct Node {
    pub event: EventRef,
    pub known: Known,
    /// Number of the complete text, and of the one with home and away exchanged.
    texts: Option<(u32, u32)>,
    pub group: Option<Group>,
}

#[derive(Debug)]
struct Record {
    text: Box<str>,
    members: Vec<EventNode>,
    several_providers: bool,
    linked: bool,
}

/// The events of all providers and which of them are one.
#[derive(Debug, Default)]
pub struct Identity {
    pub(super) aliases: AliasBook,
    pub(super) nodes: Vec<Node>,
    by_id: FxHashMap<EventRef, EventNode>,
    texts: FxHashMap<Box<str>, u32>,
    /// Nodes with that complete text.
    bearers: Vec<Vec<EventNode>>,
    groups: Vec<Record>,
    moved: Vec<EventNode>,
}

impl Identity {
    pub fn new(aliases: AliasBook) -> Self {
        Self { aliases, ..Self::default() }
    }

    /// The node of a provider's event; providers are matched without case.
    pub fn node(&mut self, provider: &str, event_id: &str) -> EventNode {
        let event: EventRef = (provider.to_lowercase().into(), event_id.into());
        if let Some(node) = self.by_id.get(&event) {
            return *node;
        }
        let node = EventNode(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.by_id.insert(event.clone(), node);
        self.nodes.push(Node { event, known: Known::default(), texts: None, group: None });
        node
    }

    /// Takes up what a provider tells of an event. `true` when a node's group is another now:
    /// [`moved`](Self::moved) tells which.
    pub fn learn(&mut self, node: EventNode, facts: &EventFacts<'_>) -> bool {
        self.moved.clear();
        let Some(record) = self.nodes.get_mut(node.0 as usize) else { return false };
        let (text, first) = (record.known.text(), record.group.is_none());
        record.known.learn(facts, &self.aliases);
        // The text of complete facts tells them all.
        if record.known.text() == text && !first {
            return false;
        }
        let old = record.texts.take();
        if let Some((text, _)) = old {
            self.bearers[text as usize].retain(|bearer| *bearer != node);
        }
        if self.nodes[node.0 as usize].known.complete() {
            let known = &self.nodes[node.0 as usize].known;
            let (straight, swapped) = (known.text(), known.swapped());
            let texts = (self.text(straight), self.text(swapped));
            self.bearers[texts.0 as usize].push(node);
            self.nodes[node.0 as usize].texts = Some(texts);
        }
        if !self.joins(node) {
            self.regroup(node);
        }
        !self.moved.is_empty()
    }

    /// The nodes whose group the last [`learn`](Self::learn) changed.
    pub fn moved(&self) -> &[EventNode] {
        &self.moved
    }

    /// # Errors
    /// [`Unresolved`] where the event has no name.
    pub fn group(&self, node: EventNode) -> Result<Group, Unresolved> {
        self.nodes.get(node.0 as usize).and_then(|node| node.group).ok_or(Unresolved::Unnamed)
    }

    /// The canonical text of a group, the same on every machine.
    pub fn canonical(&self, group: Group) -> &str {
        self.groups.get(group.0 as usize).map_or("", |record| &record.text)
    }

    /// The events of a group, in no order.
    pub fn members(&self, group: Group) -> &[EventNode] {
        self.groups.get(group.0 as usize).map_or(&[], |record| &record.members)
    }

    /// Whether a confirmed link holds in the group: questions and runners' markets pair only there.
    pub fn linked(&self, group: Group) -> bool {
        self.groups.get(group.0 as usize).is_some_and(|record| record.linked)
    }

    /// Why no other provider has the event; `None` when one has. Allocates nothing.
    pub fn alone(&self, node: EventNode) -> Option<Alone> {
        let node = self.nodes.get(node.0 as usize)?;
        let several = node.group.is_some_and(|group| self.groups[group.0 as usize].several_providers);
        if several {
            return None;
        }
        let Some((_, swapped)) = node.texts else { return Some(Alone::Unresolved) };
        let other = |bearer: &EventNode| self.nodes[bearer.0 as usize].event.0 != node.event.0;
        let elsewhere = self.bearers[swapped as usize].iter().any(other);
        Some(if elsewhere { Alone::Swapped } else { Alone::NoCounterpart })
    }

    /// A runner's canonical name.
    ///
    /// # Errors
    /// [`NameError`] where it is no name.
    pub fn runner(&self, provider: &str, raw: &str) -> Result<Name, NameError> {
        Ok(self.aliases.resolve(provider, Kind::Runner, normalise(Kind::Runner, raw)?))
    }

    pub(super) fn event(&self, node: EventNode) -> &EventRef {
        &self.nodes[node.0 as usize].event
    }

    fn text(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.bearers.len()).unwrap_or(u32::MAX);
        let number = *self.texts.entry(text.into()).or_insert(next);
        if number == next {
            self.bearers.push(Vec::new());
        }
        number
    }

    /// The usual case at no cost that grows with the group: a new event that others have too.
    fn joins(&mut self, node: EventNode) -> bool {
        let this = &self.nodes[node.0 as usize];
        let Some((text, _)) = this.texts else { return false };
        if this.group.is_some() || !self.aliases.partners(&this.event).is_empty() {
            return false;
        }
        let Some(group) = self.bearers[text as usize]
            .iter()
            .find_map(|bearer| self.nodes[bearer.0 as usize].group)
            .filter(|group| !self.groups[group.0 as usize].linked)
        else {
            return false;
        };
        let record = &mut self.groups[group.0 as usize];
        let first = record.members.first().map(|first| &self.nodes[first.0 as usize].event.0);
        record.several_providers |= first != Some(&this.event.0);
        record.members.push(node);
        self.nodes[node.0 as usize].group = Some(group);
        self.moved.push(node);
        true
    }

    /// Groups anew all that hang, or hung, together with the node.
    fn regroup(&mut self, node: EventNode) {
        let mut affected = match self.nodes[node.0 as usize].group {
            Some(group) => self.groups[group.0 as usize].members.clone(),
            None => Vec::new(),
        };
        if !affected.contains(&node) {
            affected.push(node);
        }
        self.reach(&mut affected);
        // Greedy from the smallest provider and identifier: the same whatever came first.
        affected.sort_by(|a, b| self.event(*a).cmp(self.event(*b)));
        let mut before = FxHashMap::default();
        for node in &affected {
            if let Some(group) = self.nodes[node.0 as usize].group.take() {
                self.groups[group.0 as usize].members.clear();
                before.insert(*node, group);
            }
        }
        let mut free: FxHashSet<EventNode> = affected.iter().copied().collect();
        for start in &affected {
            if free.contains(start) {
                let members = self.component(*start, &mut free);
                let old = members.iter().filter_map(|member| before.get(member).copied()).collect::<Vec<_>>();
                self.assign(members, &old);
            }
        }
        let moved = |node: &&EventNode| self.nodes[node.0 as usize].group != before.get(node).copied();
        self.moved = affected.iter().filter(moved).copied().collect();
    }

    /// Adds all nodes that texts and links reach.
    fn reach(&self, nodes: &mut Vec<EventNode>) {
        let mut seen: FxHashSet<EventNode> = nodes.iter().copied().collect();
        let mut texts = FxHashSet::default();
        let mut next = 0;
        while next < nodes.len() {
            for neighbour in self.neighbours(nodes[next], &mut texts) {
                if seen.insert(neighbour) {
                    nodes.push(neighbour);
                }
            }
            next += 1;
        }
    }

    /// Nodes with the same complete text, once for each text, and linked ones, by provider and
    /// identifier.
    fn neighbours(&self, node: EventNode, texts: &mut FxHashSet<u32>) -> Vec<EventNode> {
        let node = &self.nodes[node.0 as usize];
        let text = node.texts.map(|(text, _)| text).filter(|text| texts.insert(*text));
        let bearers = text.map_or(&[][..], |text| &self.bearers[text as usize]);
        let links = self.aliases.partners(&node.event).iter().filter_map(|event| self.by_id.get(event));
        let mut all: Vec<EventNode> = bearers.iter().chain(links).copied().collect();
        all.sort_by(|a, b| self.event(*a).cmp(self.event(*b)));
        all
    }

    /// Takes what is one with `start` out of the free nodes.
    fn component(&self, start: EventNode, free: &mut FxHashSet<EventNode>) -> Vec<EventNode> {
        let (mut members, mut next) = (vec![start], 0);
        free.remove(&start);
        // One of each complete text stands for all that bear it.
        let mut kinds = vec![start];
        let mut texts = FxHashSet::default();
        while next < members.len() {
            for node in self.neighbours(members[next], &mut texts) {
                if !free.contains(&node) {
                    continue;
                }
                let this = &self.nodes[node.0 as usize];
                let alike = |kind: &EventNode| self.nodes[kind.0 as usize].texts == this.texts;
                if this.texts.is_none() || !kinds.iter().any(alike) {
                    let known = |kind: &EventNode| &self.nodes[kind.0 as usize].known;
                    if !kinds.iter().all(|kind| suggest::may_be_one(known(kind), &this.known)) {
                        continue;
                    }
                    kinds.push(node);
                }
                free.remove(&node);
                members.push(node);
            }
            next += 1;
        }
        members
    }

    /// Makes the nodes a group: the old one where its text is still right.
    fn assign(&mut self, mut members: Vec<EventNode>, old: &[Group]) {
        members.sort_by(|a, b| self.event(*a).cmp(self.event(*b)));
        let named =
            members.iter().map(|node| &self.nodes[node.0 as usize].known).find(|known| !known.unnamed());
        let Some(text) = named.map(Known::text) else { return };
        let provider = |node: &EventNode| &self.nodes[node.0 as usize].event.0;
        let partners = |node: &EventNode| self.aliases.partners(self.event(*node));
        let within = |event: &EventRef| members.iter().any(|member| self.event(*member) == event);
        let linked = members.iter().any(|node| partners(node).iter().any(within));
        let several_providers = members.iter().any(|node| provider(node) != provider(&members[0]));
        let record = Record { text: text.into(), members, several_providers, linked };
        let usable = |group: &&Group| {
            let old = &self.groups[group.0 as usize];
            old.text == record.text && old.members.is_empty()
        };
        let group = match old.iter().filter(usable).min() {
            Some(group) => *group,
            None => Group(u32::try_from(self.groups.len()).unwrap_or(u32::MAX)),
        };
        for node in &record.members {
            self.nodes[node.0 as usize].group = Some(group);
        }
        match self.groups.get_mut(group.0 as usize) {
            Some(old) => *old = record,
            None => self.groups.push(record),
        }
    }
}
