//! One market: which picture of it counts, and what of that is quoted.

use crate::book::{Book, Level, Top};
use antigravity_sdk::{
    Decimal, Event, Line, LineSpec, Market as Kind, Period, PriceFormat, Selection, Sheet, Side, Status,
    scope_of,
};

/// What contracts are bought with.
pub const CURRENCY: &str = "USD";

/// A picture outranks lesser ones for as long as this after it was confirmed, in nanoseconds: the age at
/// which the contract calls its quotes stale.
pub const FRESH: i64 = 30_000_000_000;

/// What the exchange says about trading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trading {
    Open,
    Suspended,
    /// Settled; nothing comes after.
    Over,
}

/// The book that a subscription keeps up to date.
#[derive(Debug)]
struct Streamed {
    subscription: usize,
    book: Book,
    /// Nothing of it was missed.
    sound: bool,
}

/// What was told at once: by an answer, or by a ticker.
#[derive(Debug)]
pub enum Told {
    /// A book, and whether all its levels could be read.
    Book(Book, bool),
    Top(Top),
}

#[derive(Debug)]
pub struct Market {
    pub ticker: Box<str>,
    scope: u64,
    /// Number of its event; `None` until an answer names it.
    pub event: Option<usize>,
    pub trading: Trading,
    streamed: Option<Streamed>,
    /// What was told at once and when, where it counts and not the stream.
    told: Option<(i64, Told)>,
    line: Option<Line>,
    /// YES to buy, YES to sell, NO to sell.
    shown: [Shown; 3],
    /// Its quotes have to be said again by its stream, which then confirms them.
    pub owed: bool,
    /// When it was told of last, counted over all markets; where it has no event.
    pub turn: u64,
}

/// What one of the three lists of quotes is of.
const LISTS: [(Selection, Side); 3] =
    [(Selection::Yes, Side::Back), (Selection::Yes, Side::Lay), (Selection::No, Side::Lay)];

impl Market {
    pub fn new(ticker: &str) -> Self {
        Self {
            ticker: ticker.into(),
            scope: scope_of(ticker),
            event: None,
            trading: Trading::Suspended,
            streamed: None,
            told: None,
            line: None,
            shown: Default::default(),
            owed: false,
            turn: 0,
        }
    }

    /// Names its line; `true` where it had none before.
    pub fn list(&mut self, number: usize, event: Event, sheet: &mut Sheet) -> bool {
        if self.event.replace(number).is_some_and(|known| known != number) {
            // It moved to another event.
            self.withdraw(sheet);
            self.line = None;
        }
        let first = self.line.is_none();
        self.line.get_or_insert_with(|| {
            let mut spec = LineSpec::new(&self.ticker, Kind::Binary, Period::MATCH).scope(self.scope);
            spec.currency = Some(CURRENCY);
            sheet.define_line(event, &spec)
        });
        first
    }

    pub const fn is_listed(&self) -> bool {
        self.line.is_some()
    }

    /// The subscription that told its book last, whether or not something of it was missed.
    pub fn subscription(&self) -> Option<usize> {
        self.streamed.as_ref().map(|streamed| streamed.subscription)
    }

    /// The subscription whose changes its book follows.
    pub fn follows(&self) -> Option<usize> {
        self.streamed.as_ref().filter(|streamed| streamed.sound).map(|streamed| streamed.subscription)
    }

    /// A whole book of a subscription.
    pub fn begin(&mut self, subscription: usize, book: Book, whole: bool, sheet: &mut Sheet) {
        self.streamed = Some(Streamed { subscription, book, sound: whole });
        self.told = None;
        self.restate(sheet);
    }

    /// Adds to one level of the subscription's book.
    pub fn change(&mut self, yes: bool, price: Decimal, delta: Decimal, sheet: &mut Sheet) {
        let Some(Streamed { book, sound, .. }) = &mut self.streamed else { return };
        if book.change(yes, price, delta).is_err() {
            *sound = false;
        }
        if self.told.take().is_some() || self.owed {
            self.restate(sheet);
        } else {
            self.show(sheet);
            self.note_gap(sheet);
        }
    }

    /// Its stream is heard of again: the book that it keeps counts, whatever was told meanwhile.
    pub fn resume(&mut self, sheet: &mut Sheet) {
        self.told = None;
        self.restate(sheet);
    }

    /// The book's subscription missed something, or tells of the market no more.
    pub fn lose(&mut self, sheet: &mut Sheet) {
        if let Some(streamed) = &mut self.streamed {
            streamed.sound = false;
        }
        self.outdate(sheet);
    }

    /// It trades again: the exchange cancels all resting orders first.
    pub fn reopen(&mut self, sheet: &mut Sheet) {
        self.trading = Trading::Open;
        self.show(sheet);
        if LISTS.into_iter().any(|list| self.levels(list)[0].is_some()) {
            self.lose(sheet);
        }
    }

    /// What stands is known to be out of date.
    pub fn outdate(&self, sheet: &mut Sheet) {
        if self.is_listed() && self.trading != Trading::Over {
            sheet.gap(self.scope);
        }
    }

    /// Takes over what was told at once at `at`, unless something better is there: the book of a stream
    /// that was `heard` of lately, or before best prices a book told lately. Whether it was taken over.
    pub fn tell(&mut self, at: i64, told: Told, heard: Option<i64>) -> bool {
        let fresh = |then: i64| at.saturating_sub(then) <= FRESH;
        let book_is_fresh = matches!(self.told, Some((then, Told::Book(_, true))) if fresh(then));
        if heard.is_some_and(fresh) || matches!(told, Told::Top(_)) && book_is_fresh {
            return false;
        }
        self.told = Some((at, told));
        true
    }

    /// Settled: nothing of it stands, and nothing is kept.
    pub fn settle(&mut self, sheet: &mut Sheet) {
        self.trading = Trading::Over;
        self.withdraw(sheet);
        (self.streamed, self.told) = (None, None);
    }

    fn withdraw(&mut self, sheet: &mut Sheet) {
        if let Some(line) = self.line {
            sheet.remove_line(line);
        }
        self.shown = Default::default();
    }

    /// Says all of it, as what replaces everything that stood. Whether there was a quote to say.
    pub fn restate(&mut self, sheet: &mut Sheet) -> bool {
        self.owed = false;
        if !self.is_listed() || self.trading == Trading::Over {
            return false;
        }
        sheet.snapshot_begin(self.scope);
        let said = self.say(true, sheet);
        sheet.snapshot_end(self.scope);
        self.note_gap(sheet);
        said
    }

    /// Says what changed. Whether there was a quote to say.
    pub fn show(&mut self, sheet: &mut Sheet) -> bool {
        self.trading != Trading::Over && self.say(false, sheet)
    }

    /// Whether the picture that counts is known to be whole.
    fn note_gap(&self, sheet: &mut Sheet) {
        let sound = match (&self.told, &self.streamed) {
            (Some((_, Told::Book(_, whole))), _) => *whole,
            (None, Some(streamed)) => streamed.sound,
            (Some((_, Told::Top(_))), _) | (None, None) => true,
        };
        if !sound {
            self.outdate(sheet);
        }
    }

    /// The best levels of one list in the picture that counts.
    fn levels(&self, (selection, side): (Selection, Side)) -> [Option<Level>; 3] {
        let book = match (&self.told, &self.streamed) {
            (Some((_, Told::Top(top))), _) => {
                return match (selection, side) {
                    (Selection::Yes, Side::Back) => [top.ask, None, None],
                    (Selection::Yes, Side::Lay) => [top.bid, None, None],
                    _ => [None; 3],
                };
            }
            (Some((_, Told::Book(book, _))), _) | (None, Some(Streamed { book, .. })) => book,
            (None, None) => return [None; 3],
        };
        // A book holds bids only: what one can sell at.
        let ladder = match (selection, side) {
            (_, Side::Back) => return [None; 3],
            (Selection::Yes, Side::Lay) => &book.yes,
            _ => &book.no,
        };
        let mut levels = ladder.levels().map(|(price, size)| (price.decimal(), Some(size.decimal())));
        [levels.next(), levels.next(), levels.next()]
    }

    fn say(&mut self, everything: bool, sheet: &mut Sheet) -> bool {
        let Some(line) = self.line else { return false };
        let status = if self.trading == Trading::Open { Status::Open } else { Status::Suspended };
        let mut said = false;
        for (list, at) in LISTS.into_iter().enumerate() {
            let levels = self.levels(at);
            said |= self.shown[list].say(line, at, status, levels, everything, sheet);
        }
        said
    }
}

/// The levels of one list as they were last said. Unlike the SDK's `Depth`, a level may have no size.
#[derive(Debug, Default)]
struct Shown([Option<(Level, Status)>; 3]);

impl Shown {
    fn say(
        &mut self,
        line: Line,
        (selection, side): (Selection, Side),
        status: Status,
        levels: [Option<Level>; 3],
        everything: bool,
        sheet: &mut Sheet,
    ) -> bool {
        let mut said = false;
        for ((shown, next), level) in self.0.iter_mut().zip(levels).zip(1..) {
            match next {
                Some(next) if everything || !shown.is_some_and(|shown| same(shown, (next, status))) => {
                    let price = Some((PriceFormat::Probability, next.0));
                    sheet.quote(line, selection, side, level, status, price, next.1);
                    said = true;
                }
                None if shown.is_some() => {
                    sheet.quote(line, selection, side, level, Status::Removed, None, None);
                    said = true;
                }
                _ => {}
            }
            *shown = next.map(|next| (next, status));
        }
        said
    }
}

/// Whether two levels have the same digits and status.
fn same(one: (Level, Status), other: (Level, Status)) -> bool {
    let ((one, status), (other, of)) = (one, other);
    let sizes = match (one.1, other.1) {
        (Some(one), Some(other)) => one.identical(other),
        (None, None) => true,
        _ => false,
    };
    status == of && one.0.identical(other.0) && sizes
}
