//! Places: what an adapter remembers of what it has shown, so that it says only what changed.

use crate::{Event, EventInfo, Line, LineSpec, Sheet};
use antigravity_abi::{Decimal, PriceFormat, Selection, Side, Status};
use antigravity_tape::Figure;

/// Where one event is shown: defined once, updated when something about it changes.
#[derive(Debug, Default)]
pub struct EventPlace {
    event: Option<Event>,
    id: String,
    texts: [Option<String>; 6],
    starts_at: Option<i64>,
    in_play: bool,
}

impl EventPlace {
    pub fn show(&mut self, sheet: &mut Sheet, info: &EventInfo<'_>) -> Event {
        let texts = [info.sport, info.competition, info.title, info.home, info.away, info.score];
        let same_text = |(kept, text): (&Option<String>, Option<&str>)| match (kept, text) {
            (Some(kept), Some(text)) => same(kept.as_bytes(), text.as_bytes()),
            (None, None) => true,
            _ => false,
        };
        let same = self.starts_at == info.starts_at
            && self.in_play == info.in_play
            && same(self.id.as_bytes(), info.id.as_bytes())
            && self.texts.iter().zip(texts).all(same_text);
        match self.event {
            Some(event) if same => return event,
            Some(event) if self.id == info.id => sheet.update_event(event, info),
            _ => self.event = None,
        }
        let event = self.event.unwrap_or_else(|| sheet.define_event(info));
        self.event = Some(event);
        info.id.clone_into(&mut self.id);
        for (kept, text) in self.texts.iter_mut().zip(texts) {
            match (kept, text) {
                (Some(kept), Some(text)) => text.clone_into(kept),
                (kept, text) => *kept = text.map(str::to_owned),
            }
        }
        self.starts_at = info.starts_at;
        self.in_play = info.in_play;
        event
    }

    pub const fn current(&self) -> Option<Event> {
        self.event
    }
}

/// Parts of a body as they were when they were last read: where none of them changed, what was read
/// of them still holds, and reading them again can be left out.
#[derive(Debug, Default)]
pub struct Seen {
    bytes: Vec<u8>,
}

impl Seen {
    /// Whether these parts are all as they were at the last [`Self::keep`].
    pub fn is<const N: usize>(&self, parts: [&[u8]; N]) -> bool {
        let mut rest = &self.bytes[..];
        for part in parts {
            let Some((length, after)) = rest.split_first_chunk::<4>() else { return false };
            let length = u32::from_le_bytes(*length) as usize;
            let Some((kept, after)) = after.split_at_checked(length) else { return false };
            if !same(kept, part) {
                return false;
            }
            rest = after;
        }
        rest.is_empty()
    }

    /// Keeps these parts.
    #[allow(clippy::cast_possible_truncation)] // a guest has less than 4 GiB of memory
    pub fn keep<const N: usize>(&mut self, parts: [&[u8]; N]) {
        self.bytes.clear();
        for part in parts {
            self.bytes.extend_from_slice(&(part.len() as u32).to_le_bytes());
            self.bytes.extend_from_slice(part);
        }
    }

    /// Keeps nothing: whatever comes next is new.
    pub fn forget(&mut self) {
        self.bytes.clear();
    }
}

/// Equality of bytes, eight at a time: `memcmp` in WebAssembly goes byte by byte.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    a.len() == b.len()
        && a_rest.len() == b_rest.len()
        && a.iter().zip(b).all(|(a, b)| word(a) == word(b))
        && a_rest.iter().zip(b_rest).all(|(a, b)| a == b)
}

/// Where a market shows one line at a time: when the line moves, the old one is removed and a new
/// one begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinePlace {
    shown: Option<(Line, Option<Decimal>, Option<Decimal>)>,
}

impl LinePlace {
    /// The line of `spec`, defined where it is not the one already shown.
    pub fn show(&mut self, sheet: &mut Sheet, event: Event, spec: &LineSpec<'_>) -> Line {
        if let Some((line, number, max)) = self.shown {
            if number == spec.line {
                if max != spec.max_stake {
                    sheet.update_line(line, event, spec);
                    self.shown = Some((line, number, spec.max_stake));
                }
                return line;
            }
            sheet.remove_line(line);
        }
        let line = sheet.define_line(event, spec);
        self.shown = Some((line, spec.line, spec.max_stake));
        line
    }

    /// The line shown here, if it is this one: the way that costs no specification.
    #[inline]
    pub fn showing(&self, number: Option<Decimal>) -> Option<Line> {
        match self.shown {
            Some((line, shown, _)) if shown == number => Some(line),
            _ => None,
        }
    }

    /// The line shown here and its number.
    pub fn current(&self) -> Option<(Line, Option<Decimal>)> {
        self.shown.map(|(line, number, _)| (line, number))
    }

    /// Nothing is shown here any more.
    pub fn clear(&mut self, sheet: &mut Sheet) {
        if let Some((line, ..)) = self.shown.take() {
            sheet.remove_line(line);
        }
    }
}

/// The three best levels of one side of one selection, as they were last shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Depth {
    shown: [Option<(Figure, Figure, Status)>; 3],
}

impl Depth {
    /// Shows `levels` (price and size, best first), saying only those whose digits changed. `false`
    /// where one of them has a price outside the format's range, which the host refuses.
    #[inline]
    pub fn show(
        &mut self,
        sheet: &mut Sheet,
        at: (Line, Selection, Side),
        format: PriceFormat,
        status: Status,
        levels: impl IntoIterator<Item = (Figure, Figure)>,
    ) -> bool {
        self.say(sheet, at, format, status, levels, false)
    }

    /// Shows `levels` again, the unchanged ones too: a full picture confirms all that is in it.
    pub fn restate(
        &mut self,
        sheet: &mut Sheet,
        at: (Line, Selection, Side),
        format: PriceFormat,
        status: Status,
        levels: impl IntoIterator<Item = (Figure, Figure)>,
    ) -> bool {
        self.say(sheet, at, format, status, levels, true)
    }

    #[inline]
    fn say(
        &mut self,
        sheet: &mut Sheet,
        at: (Line, Selection, Side),
        format: PriceFormat,
        status: Status,
        levels: impl IntoIterator<Item = (Figure, Figure)>,
        everything: bool,
    ) -> bool {
        let (line, selection, side) = at;
        let mut within = true;
        let mut levels = levels.into_iter();
        for (shown, level) in self.shown.iter_mut().zip(1..) {
            let next = levels.next().map(|(price, size)| (price, size, status));
            match next {
                Some((price, size, status)) if everything || *shown != next => {
                    let price = price.decimal();
                    within &= format.contains(price);
                    let size = Some(size.decimal());
                    sheet.quote(line, selection, side, level, status, Some((format, price)), size);
                }
                None if shown.is_some() => {
                    sheet.quote(line, selection, side, level, Status::Removed, None, None);
                }
                _ => {}
            }
            *shown = next;
        }
        within
    }

    /// Forgets what was shown, so that the next [`Self::show`] says everything: the beginning of a snapshot.
    pub const fn forget(&mut self) {
        self.shown = [None; 3];
    }
}
