//! While no opportunity opens, changes or ends, the finder allocates nothing: counted, not believed.

#![allow(clippy::unwrap_used)] // what fails in a test fails it

use antigravity_core::contract::HandicapBasis;
use antigravity_core::exact::Ratio;
use antigravity_core::fees::FeeBook;
use antigravity_core::finder::{
    Events, Finder, Fixture, LineFacts, MarketLine, Offer, Pairing, Quote, Reason, Settings, Stage, Standing,
    VoidRules, Worker, WorkerFacts,
};
use antigravity_core::identity::{AliasBook, EventFacts, Identity};
use antigravity_core::money::{FxTable, Money};
use antigravity_core::odds::{Price, read};
use antigravity_core::{Decimal, Market, Period, PriceFormat, Selection, Side, Status, Timestamp};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: all calls go to the system's allocator as they are; only a number is kept beside them.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer is of `System`, as all of this allocator's are.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    work();
    ALLOCATIONS.load(Ordering::Relaxed) - before
}

struct Fresh;

impl Standing for Fresh {
    fn confirmed_at(&self, _: Quote) -> Timestamp {
        Timestamp::from_nanos(0)
    }

    fn stale_at(&self, _: Quote) -> Option<Timestamp> {
        Some(Timestamp::from_nanos(i64::MAX))
    }
}

const BOOKS: u32 = 4;
/// Results, a handicap at two lines, a total.
const BETS: [(Market, Option<i64>, Selection); 9] = [
    (Market::MatchResult, None, Selection::Home),
    (Market::MatchResult, None, Selection::Draw),
    (Market::MatchResult, None, Selection::Away),
    (Market::AsianHandicap, Some(-75), Selection::Home),
    (Market::AsianHandicap, Some(-75), Selection::Away),
    (Market::AsianHandicap, Some(-50), Selection::Home),
    (Market::AsianHandicap, Some(-50), Selection::Away),
    (Market::Total, Some(225), Selection::Over),
    (Market::Total, Some(225), Selection::Under),
];

fn quote(book: usize, bet: usize) -> Quote {
    Quote((book * BETS.len() + bet) as u32)
}

fn finder() -> Finder {
    let settings = Settings {
        bankroll: Money::parse(Decimal::int(1000), "USD".parse().unwrap()).unwrap(),
        per_account: None,
        pairing: Pairing::Accounts,
        too_good: Ratio::new(1, 10).unwrap(),
        most_open: 64,
    };
    let (fees, identity) = (FeeBook::builtin().unwrap(), Identity::new(AliasBook::default()));
    let mut finder = Finder::new(settings, fees, FxTable::default(), VoidRules::default(), identity);
    for book in 0..BOOKS {
        // One that charges by the order, one that charges commission.
        let provider = ["cmd368", "kalshi", "betfair", "isport"][book as usize];
        finder.name_worker(
            Worker(book),
            &WorkerFacts { account: provider, provider, basis: HandicapBasis::FromKickOff, currency: None },
        );
        let facts = EventFacts {
            provider,
            event_id: "1",
            sport: Some("soccer"),
            competition: Some("Northern League"),
            home: Some("Alder"),
            away: Some("Birch"),
            title: None,
            starts_at: Some(Timestamp::from_nanos(0)),
            in_play: false,
            score: None,
        };
        finder.name_fixture(Fixture(book), Worker(book), &facts);
        for (bet, (market, line, selection)) in BETS.into_iter().enumerate() {
            let quote = quote(book as usize, bet);
            let line = LineFacts {
                fixture: Fixture(book),
                market_id: "m",
                market,
                period: Period::FULL_TIME,
                line: line.and_then(|line| Decimal::new(line, 2)),
                runner: None,
                step: None,
                min: None,
                max: None,
                currency: None,
            };
            finder.name_line(MarketLine(quote.0), &line);
            finder.define(quote, MarketLine(quote.0), selection, Side::Back);
        }
    }
    finder
}

/// Sets the same bet at all books but the first; the first has its own price.
fn offer(finder: &mut Finder, events: &mut Events, odds: &str, bet: usize) {
    let now = Timestamp::from_nanos(1_800_000_000_000_000_000);
    for book in 0..BOOKS as usize {
        let price: Option<Price> = read(PriceFormat::Decimal, odds).ok();
        let offer = Offer { status: Status::Open, price, available: None, seq: 1 };
        finder.offer(quote(book, bet), &offer, now);
        finder.run(now, &Fresh, events);
    }
}

#[test]
fn nothing_is_allocated_while_nothing_is_written() {
    let mut finder = finder();
    let mut events = Events::default();
    let now = Timestamp::from_nanos(1_800_000_000_000_000_000);
    // Prices that do not pay, prices that are too good to be shown, and nothing between: no line is written.
    let round = |finder: &mut Finder, events: &mut Events| {
        for bet in 0..BETS.len() {
            for odds in ["1.70", "9.00", "1.90", "1.72"] {
                offer(finder, events, odds, bet);
            }
        }
        finder.rescan(now, &Fresh, events);
        finder.advance(now, &Fresh, events);
    };
    round(&mut finder, &mut events);
    let before = finder.funnel().clone();
    let count = allocations(|| round(&mut finder, &mut events));
    assert_eq!(count, 0);
    assert!(events.list.is_empty());
    // All stages were gone through.
    assert!(finder.funnel().refused(Reason::TooGood) > before.refused(Reason::TooGood));
    assert!(finder.funnel().passed(Stage::Sizing) > before.passed(Stage::Sizing));

    // Nor while one is open and stays as it is.
    offer(&mut finder, &mut events, "2.05", 3);
    offer(&mut finder, &mut events, "2.03", 4);
    let open = finder.open();
    assert!(open > 0 && events.list.len() >= open);
    let touch = |finder: &mut Finder, events: &mut Events| {
        for book in 0..BOOKS as usize {
            finder.touch(quote(book, 3));
            finder.run(now, &Fresh, events);
        }
        finder.rescan(now, &Fresh, events);
    };
    touch(&mut finder, &mut events);
    let lines = events.list.len();
    assert_eq!(allocations(|| touch(&mut finder, &mut events)), 0);
    assert_eq!((finder.open(), events.list.len()), (open, lines));
}
