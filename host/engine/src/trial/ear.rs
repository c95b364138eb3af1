//! What one version says, packet by packet.

use antigravity_core::Fate;
use antigravity_core::agreement::{Agreement, EventSaid, QuoteKey, Quoted, Voice};
use antigravity_core::board::{Board, Change, Changes, EventId, QuoteId};
use antigravity_runtime::Outcome;
use rustc_hash::FxHashSet;

/// What a version made of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Read,
    Ignored,
    Rejected,
    Failed,
    NotMine,
}

impl Said {
    pub fn of(outcome: &Outcome) -> Self {
        match outcome.fate() {
            None => Self::NotMine,
            Some((Fate::Failed, _)) => Self::Failed,
            Some((Fate::Rejected, _)) => Self::Rejected,
            Some((Fate::Parsed, _)) => Self::Read,
            Some(_) => Self::Ignored,
        }
    }
}

/// Something that changed, as it then stands.
#[derive(Debug)]
pub(crate) enum Told {
    Quote(QuoteKey, Option<Quoted>),
    Event(Box<str>, EventSaid),
}

impl Told {
    pub fn quote(board: &Board, quote: QuoteId) -> Self {
        let line = board.quote_line(quote);
        Self::Quote(QuoteKey::of(&line), Quoted::of(&line))
    }

    pub fn event(board: &Board, event: EventId) -> Self {
        let facts = board.event(event);
        Self::Event(facts.event_id.into(), EventSaid::of(&facts))
    }

    /// Says it in an agreement.
    pub fn say(self, voice: Voice, agreement: &mut Agreement) {
        match self {
            Self::Quote(key, quoted) => agreement.quote(voice, key, quoted),
            Self::Event(id, said) => agreement.event(voice, &id, said),
        }
    }
}

/// What a version said since the last time it was asked, by item.
#[derive(Debug, Default)]
pub(crate) struct Ear {
    told: Vec<(usize, Told)>,
    said: Vec<(usize, Said)>,
    /// Events whose facts it has told.
    events: FxHashSet<EventId>,
}

impl Ear {
    pub fn said(&mut self, item: usize, said: Said) {
        self.said.push((item, said));
    }

    pub fn quote(&mut self, board: &Board, item: usize, quote: QuoteId) {
        let event = board.line(board.quote(quote).line).event;
        if self.events.insert(event) {
            self.event(board, item, event);
        }
        self.told.push((item, Told::quote(board, quote)));
    }

    pub fn event(&mut self, board: &Board, item: usize, event: EventId) {
        self.told.push((item, Told::event(board, event)));
    }

    /// All items that something was said of.
    pub fn items(&self) -> impl Iterator<Item = usize> {
        self.told.iter().map(|(item, _)| *item).chain(self.said.iter().map(|(item, _)| *item))
    }

    /// Takes what was said of one item; the last word where there are several.
    pub fn take(&mut self, item: usize, voice: Voice, agreement: &mut Agreement) -> Option<Said> {
        let front = self.told.iter().take_while(|(of, _)| *of <= item).count();
        for (_, told) in self.told.drain(..front) {
            told.say(voice, agreement);
        }
        let front = self.said.iter().take_while(|(of, _)| *of <= item).count();
        self.said.drain(..front).next_back().map(|(_, said)| said)
    }
}

/// Listens to a board that only a trial sees.
pub(crate) struct Listening<'a> {
    pub ear: &'a mut Ear,
    pub item: usize,
}

impl Changes for Listening<'_> {
    fn changed(&mut self, board: &Board, change: Change) {
        self.ear.quote(board, self.item, change.quote);
    }

    fn event_changed(&mut self, board: &Board, event: EventId) {
        self.ear.event(board, self.item, event);
    }
}
