//! What a change and a look at everything cost; run by hand, in release:
//! `cargo test --release -p antigravity-core finder_speed -- --ignored --nocapture`.

#![allow(clippy::float_arithmetic)] // times are no money

use super::world::*;
use crate::finder::*;
use crate::identity::{AliasBook, EventFacts, Identity};
use crate::odds::Price;
use crate::{Decimal, Market, PriceFormat, Selection, Side, Status, Timestamp};

const BOOKS: u32 = 12;
const SELECTIONS: [Selection; 3] = [Selection::Home, Selection::Draw, Selection::Away];

/// Everything is fresh.
struct Fresh;

impl Standing for Fresh {
    fn confirmed_at(&self, _: Quote) -> Timestamp {
        at(0)
    }

    fn stale_at(&self, _: Quote) -> Option<Timestamp> {
        Some(at(1_000_000))
    }
}

#[repr(C)]
struct Time {
    seconds: i64,
    nanos: i64,
}

unsafe extern "C" {
    fn clock_gettime(clock: i32, time: *mut Time) -> i32;
}

/// Nanoseconds of CPU that this thread used.
fn cpu() -> u64 {
    let mut time = Time { seconds: 0, nanos: 0 };
    // SAFETY: the C library's function of that name writes one `timespec`, which is two words where this
    // runs; 3 is `CLOCK_THREAD_CPUTIME_ID`.
    unsafe { clock_gettime(3, &raw mut time) };
    (time.seconds * 1_000_000_000 + time.nanos).unsigned_abs()
}

/// The same numbers everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end)) as u32
    }
}

/// A price near the fair one, with a margin that the best of twelve books does not reach.
fn offer(quote: u32, noise: u32) -> Offer {
    let fair = [240, 330, 300][quote as usize % 3];
    let value = Decimal::new(i64::from(fair * (970 + noise)), 5).unwrap();
    let price = Price::new(PriceFormat::Decimal, value);
    Offer { status: Status::Open, price, available: None, seq: 1 }
}

fn board(events: u32) -> Finder {
    let (fees, identity) = (crate::fees::FeeBook::builtin().unwrap(), Identity::new(AliasBook::default()));
    let mut finder =
        Finder::new(settings(), fees, crate::money::FxTable::default(), VoidRules::default(), identity);
    let mut random = Random(7);
    for book in 0..BOOKS {
        let name = format!("book{book}");
        let basis = crate::contract::HandicapBasis::FromNow;
        let facts = WorkerFacts { account: &name, provider: &name, basis, currency: None };
        finder.name_worker(Worker(book), &facts);
        for event in 0..events {
            let id = book * events + event;
            let home = format!("Home {event}");
            let facts = EventFacts { home: Some(&home), ..game(&name, &home) };
            finder.name_fixture(Fixture(id), Worker(book), &facts);
            let line = LineFacts { fixture: Fixture(id), ..line(Market::MatchResult, None) };
            finder.name_line(MarketLine(id), &line);
            for (place, selection) in SELECTIONS.into_iter().enumerate() {
                let quote = Quote(id * 3 + place as u32);
                finder.define(quote, MarketLine(id), selection, Side::Back);
                finder.offer(quote, &offer(quote.0, random.below(30)), at(0));
            }
        }
    }
    finder.run(at(0), &Fresh, &mut Events::default());
    finder
}

#[test]
#[ignore = "a measurement"]
fn finder_speed() {
    let overhead = (0..10_000).map(|_| cpu().abs_diff(cpu())).min().unwrap();
    println!("clock: {overhead} ns, subtracted");
    let sizes = [1_000, 10_000, 100_000];
    let mut boards = sizes.map(|events| (events, board(events), Vec::with_capacity(200_000)));
    let visited = |finder: &Finder| finder.visited();
    let before = boards.each_ref().map(|(_, finder, _)| visited(finder));
    let (mut random, mut out) = (Random(1), Events::default());
    // In turn, so that what else the machine does is the same for all.
    for _ in 0..200_000 {
        for (events, finder, times) in &mut boards {
            let quote = Quote(random.below(*events * BOOKS * 3));
            let offer = offer(quote.0, random.below(30));
            let start = cpu();
            finder.offer(quote, &offer, at(0));
            finder.run(at(0), &Fresh, &mut out);
            times.push((cpu() - start).saturating_sub(overhead));
        }
    }
    for ((events, finder, times), before) in boards.iter_mut().zip(before) {
        let visited = (visited(finder) - before) as f64 / times.len() as f64;
        let mean = times.iter().sum::<u64>() as f64 / times.len() as f64;
        times.sort_unstable();
        let [median, p99, most] = [500, 990, 999].map(|share| times[times.len() * share / 1000]);
        println!("{events} events: one change {mean:.0} ns, median {median}, p99 {p99}, p99.9 {most}");
        println!("  {visited} quotes looked at, {} lines", out.list.len());
        let (mut best, mut looked_at) = (u64::MAX, 0);
        for _ in 0..5 {
            let start = cpu();
            looked_at = finder.rescan(at(0), &Fresh, &mut out);
            best = best.min(cpu() - start);
        }
        println!("  rescan: {:.1} M quotes/s", looked_at as f64 * 1e3 / best as f64);
    }
}
