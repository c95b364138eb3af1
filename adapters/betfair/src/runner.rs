//! One runner of a market: its ladders and what is shown of them.

use crate::definition::Definition;
use crate::levels::Levels;
use antigravity_sdk::{
    Decimal, Depth, Event, Figure, Key, Kind, Ladder, Line, LineSpec, Period, PriceFormat, Selection, Sheet,
    Side, Status, Value,
};

/// The ladders of a runner change, in the order [`Runner::change`] takes them.
pub const LADDERS: [Key; 6] = [
    Key::new("atb"),
    Key::new("atl"),
    Key::new("bdatb"),
    Key::new("bdatl"),
    Key::new("batb"),
    Key::new("batl"),
];

/// What the lines of a market's runners have in common.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    pub event: Event,
    pub market_id: &'a str,
    pub scope: u64,
    pub definition: &'a Definition,
    pub status: Status,
    /// Look at all ladders, not only at those that changed.
    pub all: bool,
    /// Say the unchanged levels too.
    pub restate: bool,
}

#[derive(Debug)]
pub struct Runner {
    id: String,
    handicap: Decimal,
    /// `ACTIVE` by the last definition.
    pub active: bool,
    /// Its ladders changed since they were last shown.
    pub changed: bool,
    line: Option<Line>,
    /// Whether anything of `line` may stand.
    listed: bool,
    back: Book,
    lay: Book,
}

impl Runner {
    pub fn new(id: u64, handicap: Decimal) -> Self {
        Self {
            id: id.to_string(),
            handicap,
            active: false,
            changed: false,
            line: None,
            listed: false,
            back: Book::new(Ladder::highest_first()),
            lay: Book::new(Ladder::lowest_first()),
        }
    }

    /// Reads the ladders of one runner change; a missing one is unchanged. How many levels could
    /// not be read.
    #[inline]
    pub fn change(&mut self, ladders: [Option<Value<'_>>; 6]) -> usize {
        let [atb, atl, bdatb, bdatl, batb, batl] = ladders;
        self.changed = true;
        self.back.change(atb, bdatb, batb) + self.lay.change(atl, bdatl, batl)
    }

    /// Says what changed since the last time. `false` where a price is none.
    #[inline]
    pub fn show(&mut self, sheet: &mut Sheet, listing: Listing<'_>) -> bool {
        self.changed = false;
        if !self.active || !listing.definition.priced {
            self.withdraw(sheet);
            return true;
        }
        // Of a market that somebody wins, a list of runners is complete only where each is named.
        let line = match self.line {
            Some(line) if self.listed && !listing.restate => line,
            line => self.name(line, sheet, listing),
        };
        self.listed = true;
        let back = self.back.show(sheet, (line, Selection::Runner, Side::Back), listing);
        let lay = self.lay.show(sheet, (line, Selection::Runner, Side::Lay), listing);
        back && lay
    }

    fn name(&mut self, line: Option<Line>, sheet: &mut Sheet, listing: Listing<'_>) -> Line {
        let kind = &listing.definition.kind;
        let mut spec = LineSpec::new(listing.market_id, kind.market, Period::MATCH)
            .runner(&self.id)
            .scope(listing.scope);
        spec.other = kind.other.as_deref();
        spec.line = kind.handicap.then_some(self.handicap);
        let line = match line {
            Some(line) => {
                sheet.update_line(line, listing.event, &spec);
                line
            }
            None => sheet.define_line(listing.event, &spec),
        };
        *self.line.insert(line)
    }

    /// Nothing of it stands any more.
    pub fn withdraw(&mut self, sheet: &mut Sheet) {
        if let Some(line) = self.line
            && std::mem::take(&mut self.listed)
        {
            sheet.remove_line(line);
        }
        self.back.shown.forget();
        self.lay.shown.forget();
    }

    /// Its line is another one from now on: the market became another market.
    pub fn relist(&mut self, sheet: &mut Sheet) {
        self.withdraw(sheet);
        self.line = None;
    }

    /// An image begins: nothing is known of it.
    pub fn clear(&mut self) {
        self.active = false;
        for book in [&mut self.back, &mut self.lay] {
            book.full.clear();
            book.display.clear();
            book.best.clear();
        }
    }
}

/// One side of a runner, in the three styles a subscription may ask for.
#[derive(Debug)]
struct Book {
    /// `atb`, `atl`: all levels, keyed by price.
    full: Ladder,
    /// `bdatb`, `bdatl`: as the site displays them, virtual bets included.
    display: Levels,
    /// `batb`, `batl`.
    best: Levels,
    /// What is shown of it may have changed since it was shown.
    changed: bool,
    shown: Depth,
}

impl Book {
    fn new(full: Ladder) -> Self {
        Self {
            full,
            display: Levels::default(),
            best: Levels::default(),
            changed: false,
            shown: Depth::default(),
        }
    }

    /// How many levels could not be read.
    #[inline]
    fn change(
        &mut self,
        full: Option<Value<'_>>,
        display: Option<Value<'_>>,
        best: Option<Value<'_>>,
    ) -> usize {
        let mut top = false;
        let mut unreadable = 0;
        if let Some(rows) = full {
            unreadable += each(rows, |[price, size]| {
                top |= self.full.set(price.figure()?, size.figure()?)? < SHOWN;
                Some(())
            });
        }
        for (levels, rows) in [(&mut self.display, display), (&mut self.best, best)] {
            let Some(rows) = rows else { continue };
            unreadable += each(rows, |[position, price, size]| {
                let position = match position.plain() {
                    Some([digit @ b'0'..=b'9']) => u64::from(digit - b'0'),
                    _ => position.u64()?,
                };
                levels.set(position, price.figure()?, size.figure()?).then_some(())
            });
        }
        self.changed |= top || self.full.is_empty();
        unreadable
    }

    /// The first style that is not empty is the ladder.
    #[inline]
    fn show(&mut self, sheet: &mut Sheet, at: (Line, Selection, Side), listing: Listing<'_>) -> bool {
        if !std::mem::take(&mut self.changed) && !listing.all {
            return true;
        }
        if !self.full.is_empty() {
            say(&mut self.shown, sheet, at, listing, self.full.levels())
        } else if !self.display.is_empty() {
            say(&mut self.shown, sheet, at, listing, self.display.levels())
        } else {
            say(&mut self.shown, sheet, at, listing, self.best.levels())
        }
    }
}

/// Levels that are quoted.
const SHOWN: usize = 3;

#[inline]
fn say(
    shown: &mut Depth,
    sheet: &mut Sheet,
    at: (Line, Selection, Side),
    listing: Listing<'_>,
    levels: impl Iterator<Item = (Figure, Figure)>,
) -> bool {
    let (format, status) = (PriceFormat::Decimal, listing.status);
    if listing.restate {
        shown.restate(sheet, at, format, status, levels)
    } else {
        shown.show(sheet, at, format, status, levels)
    }
}

/// Reads each row of a ladder. How many could not be read.
#[inline]
fn each<'a, const N: usize>(rows: Value<'a>, mut read: impl FnMut([Value<'a>; N]) -> Option<()>) -> usize {
    let unreadable = rows.rows().filter(|row| row.and_then(&mut read).is_none()).count();
    unreadable + usize::from(!matches!(rows.kind(), Kind::Array | Kind::Null))
}
