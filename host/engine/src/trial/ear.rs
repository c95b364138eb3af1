//! What one version says, packet by packet.

use antigravity_core::Fate;
use antigravity_core::agreement::{Agreement, EventSaid, PairId, QuoteName, Quoted, Voice};
use antigravity_core::board::{Board, Change, Changes, EventId, QuoteId};
use antigravity_runtime::Outcome;
use rustc_hash::FxHashSet;
use std::collections::VecDeque;

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
enum Told {
    Quote(QuoteId, Option<Quoted>),
    Event(Box<str>, EventSaid),
}

/// What a version said since the last time it was asked, by item.
#[derive(Debug, Default)]
pub(crate) struct Ear {
    told: VecDeque<(usize, Told)>,
    said: VecDeque<(usize, Said)>,
    /// Events whose facts it has told.
    events: FxHashSet<EventId>,
    /// Of each quote of its board that it has told, the pair that it is part of.
    pairs: Vec<Option<PairId>>,
}

impl Ear {
    pub fn said(&mut self, item: usize, said: Said) {
        self.said.push_back((item, said));
    }

    pub fn quote(&mut self, board: &Board, item: usize, quote: QuoteId) {
        let view = board.quote(quote);
        let line = board.line(view.line);
        if self.events.insert(line.event) {
            self.event(board, item, line.event);
        }
        self.told.push_back((item, Told::Quote(quote, Quoted::of(&view, &line))));
    }

    /// Tells the facts of each event again with the first quote of it that changes: so what differs of them
    /// counts for a packet.
    pub fn tell_events_again(&mut self) {
        self.events.clear();
    }

    pub fn event(&mut self, board: &Board, item: usize, event: EventId) {
        let facts = board.event(event);
        self.told.push_back((item, Told::Event(facts.event_id.into(), EventSaid::of(&facts))));
    }

    /// All items that something was said of.
    pub fn items(&self) -> impl Iterator<Item = usize> {
        self.told.iter().map(|(item, _)| *item).chain(self.said.iter().map(|(item, _)| *item))
    }

    /// Takes what was said of one item; the last word where there are several. `board` is the one that it was
    /// told of.
    pub fn take(
        &mut self,
        item: usize,
        voice: Voice,
        board: &Board,
        agreement: &mut Agreement,
    ) -> Option<Said> {
        let front = self.told.iter().take_while(|(of, _)| *of <= item).count();
        for (_, told) in self.told.drain(..front) {
            match told {
                Told::Quote(quote, quoted) => {
                    let place = quote.number() as usize;
                    if self.pairs.len() <= place {
                        self.pairs.resize(place + 1, None);
                    }
                    let pair = match self.pairs[place] {
                        Some(pair) if agreement.has(pair) => pair,
                        // Nobody has it, so nothing changed.
                        _ if quoted.is_none() => continue,
                        _ => agreement.pair(&QuoteName::of(&board.quote_line(quote))),
                    };
                    self.pairs[place] = Some(pair);
                    agreement.quote(voice, pair, quoted);
                }
                Told::Event(id, said) => agreement.event(voice, &id, said),
            }
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
