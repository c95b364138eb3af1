//! Finding secrets in a text, in what stands in it behind escapes, and in what stands in it packed.

use super::edits::Edits;
use super::json::{self, SecretPath, Walker};
use super::pairs::{self, Style};
use super::shapes::Needles;
use super::views::{self, View};
use super::{markup, packed, path, shapes};
use crate::decode::readable;
use antigravity_core::Body;
use antigravity_core::packet::MAX_BODY;
use antigravity_tape::Tokeniser;

/// Texts within texts that are looked into. Real traffic has three.
const LAYERS: u32 = 6;

#[derive(Default)]
pub(super) struct Finder {
    tokeniser: Tokeniser,
    tape: Vec<u64>,
    needles: Needles,
    /// Bytes within a text that may still be looked into, so that no text costs more than so many
    /// times its length. What would go over it is a secret.
    budget: usize,
}

impl Finder {
    pub(super) fn find(&mut self, text: &str, style: Style, declared: &[SecretPath], edits: &mut Edits) {
        self.budget = MAX_BODY + 8 * text.len();
        self.layer(text, style, declared, 0, edits);
    }

    fn layer(&mut self, text: &str, style: Style, declared: &[SecretPath], depth: u32, edits: &mut Edits) {
        let bytes = text.as_bytes();
        let json = match style {
            Style::Fields => None,
            _ => json::tokenise(text, &mut self.tokeniser, &mut self.tape),
        };
        if let Some(base) = json {
            let mut walker = Walker::new(bytes, base, &mut *edits);
            walker.documents(&self.tape, declared);
            let strings = walker.inner;
            marks(bytes, Style::Json, edits);
            for (start, end) in strings {
                self.string(text, start, end, depth, edits);
            }
        } else {
            for at in memchr::memchr_iter(b':', bytes) {
                pairs::colon(bytes, at, style, edits);
                shapes::ipv6(bytes, at, edits);
            }
            marks(bytes, style, edits);
            markup::elements(bytes, edits);
            if let Some(view) = views::decoded(text) {
                self.view(&view, (0, text.len()), style, depth, bytes, edits);
            }
            packed::each(bytes, |packed| self.packed(&packed, depth, bytes, edits));
        }
        self.needles.find(bytes, edits);
    }

    /// A string of JSON, as a text of its own.
    fn string(&mut self, text: &str, start: usize, end: usize, depth: u32, edits: &mut Edits) {
        let Some(raw) = text.get(start..end) else { return };
        self.view(&views::unescaped(raw), (start, end), Style::Text, depth, text.as_bytes(), edits);
    }

    /// The secrets of a view of the part `place` of `text`.
    fn view(
        &mut self,
        view: &View,
        place: (usize, usize),
        style: Style,
        depth: u32,
        text: &[u8],
        edits: &mut Edits,
    ) {
        if !self.may_look(view.text.len(), depth) {
            edits.secret(text, place.0, place.1);
            return;
        }
        let mut found = edits.within();
        self.layer(&view.text, style, &[], depth + 1, &mut found);
        edits.take_over(found, |start, end| {
            view.range(start, end).map(|(start, end)| (place.0 + start, place.0 + end))
        });
    }

    /// All of a run of base64 is a secret where there is one in it, and where compressed data cannot
    /// be looked into.
    fn packed(&mut self, packed: &packed::Packed, depth: u32, text: &[u8], edits: &mut Edits) {
        let look = self.may_look(packed.bytes.len(), depth);
        let secret = !look
            || match readable(Body::Bytes(packed.bytes.clone())) {
                Ok(Body::Text(inner)) => {
                    let mut found = edits.within();
                    if self.may_look(inner.len(), depth) {
                        self.layer(&inner, Style::Text, &[], depth + 1, &mut found);
                    } else {
                        found.secret(inner.as_bytes(), 0, inner.len());
                    }
                    !found.is_empty()
                }
                Ok(Body::Bytes(_)) => false,
                Ok(Body::OverLimit(_)) => true,
                // Also a method (RFC 1952), lest any base64 looks like it.
                Err(_) => packed.bytes.starts_with(&[0x1f, 0x8b, 8]),
            };
        if secret {
            edits.secret(text, packed.start, packed.end);
        }
    }

    fn may_look(&mut self, len: usize, depth: u32) -> bool {
        let left = self.budget.checked_sub(len).filter(|_| depth < LAYERS);
        self.budget = left.unwrap_or(self.budget);
        left.is_some()
    }
}

/// What begins or hangs at a character that odds seldom have.
fn marks(text: &[u8], style: Style, edits: &mut Edits) {
    let mut done = 0;
    for at in memchr::memchr3_iter(b'@', b'(', b'=', text) {
        match text[at] {
            b'@' => shapes::email(text, at, at + 1, edits),
            b'(' => path::segment(text, at, edits),
            _ if at < done => {}
            _ => done = pairs::equals(text, at, style, edits),
        }
    }
    for at in memchr::memchr3_iter(b'.', b'%', b'/', text) {
        match &text[at..] {
            [b'/', ..] => path::after_name(text, at, edits),
            [b'.', ..] => shapes::ipv4(text, at, edits),
            [_, b'2', b'8', ..] => path::segment(text, at, edits),
            [_, b'4', b'0', ..] => shapes::email(text, at, at + 3, edits),
            _ => {}
        }
    }
}
