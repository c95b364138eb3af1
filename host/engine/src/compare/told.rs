//! What a version says in a replay that is compared with another.

use antigravity_core::agreement::{Agreement, EventSaid, QuoteKey, QuoteName, Quoted, Voice};
use antigravity_core::board::{Board, EventId, QuoteId};

/// Something that changed, as it then stands. It goes to another thread, so it has names of its own.
#[derive(Debug)]
pub(super) enum Told {
    Quote(QuoteKey, Option<Quoted>),
    Event(Box<str>, EventSaid),
}

impl Told {
    pub fn quote(board: &Board, quote: QuoteId) -> Self {
        let view = board.quote(quote);
        let key = QuoteName::of(&board.quote_line(quote)).kept();
        Self::Quote(key, Quoted::of(&view, &board.line(view.line)))
    }

    pub fn event(board: &Board, event: EventId) -> Self {
        let facts = board.event(event);
        Self::Event(facts.event_id.into(), EventSaid::of(&facts))
    }

    /// Says it in an agreement.
    pub fn say(self, voice: Voice, agreement: &mut Agreement) {
        match self {
            Self::Quote(key, quoted) => {
                let name = key.name();
                let pair = match agreement.known(&name) {
                    Some(pair) => pair,
                    // Nobody has it, so nothing changed.
                    None if quoted.is_none() => return,
                    None => agreement.pair(&name),
                };
                agreement.quote(voice, pair, quoted);
            }
            Self::Event(id, said) => agreement.event(voice, &id, said),
        }
    }
}
