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
        let same = self.starts_at == info.starts_at
            && self.in_play == info.in_play
            && self.id == info.id
            && self.texts.iter().map(Option::as_deref).eq(texts);
        match self.event {
            Some(event) if same => return event,
            Some(event) if self.id == info.id => sheet.update_event(event, info),
            _ => self.event = None,
        }
        let event = self.event.unwrap_or_else(|| sheet.define_event(info));
        self.event = Some(event);
        info.id.clone_into(&mut self.id);
        self.texts = texts.map(|text| text.map(str::to_owned));
        self.starts_at = info.starts_at;
        self.in_play = info.in_play;
        event
    }

    pub const fn current(&self) -> Option<Event> {
        self.event
    }
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
