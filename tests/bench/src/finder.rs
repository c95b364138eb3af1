//! What a changed quote and a look at everything cost the finder, at three sizes of one board, in small pages
//! of memory and in large ones.

use crate::Problem;
use crate::clock::{self, thread_cpu};
use crate::counting::{allocations, with_large_pages};
use crate::measure::{quantiles, spread};
use antigravity_core::contract::HandicapBasis;
use antigravity_core::exact::Ratio;
use antigravity_core::fees::FeeBook;
use antigravity_core::finder::{
    Events, Finder, Fixture, LineFacts, MarketLine, Offer, Pairing, Quote, Settings, Standing, VoidRules,
    Worker, WorkerFacts,
};
use antigravity_core::identity::{AliasBook, EventFacts, Identity};
use antigravity_core::money::{FxTable, Money};
use antigravity_core::odds::Price;
use antigravity_core::{Decimal, Market, Period, PriceFormat, Selection, Side, Status, Timestamp};
use fastrand::Rng;
use serde_json::{Value, json};

const BOOKS: u32 = 12;
const SELECTIONS: [Selection; 3] = [Selection::Home, Selection::Draw, Selection::Away];
const QUOTES_OF_EVENT: u32 = BOOKS * SELECTIONS.len() as u32;
/// The board first that the others are compared with.
const EVENTS: [u32; 3] = [1_000, 10_000, 100_000];
/// Changes of a board in a round, each way.
const CHANGES: usize = 2_000;
const NOW: Timestamp = Timestamp::from_nanos(1_788_865_200_000_000_000);

/// Everything is fresh.
struct Fresh;

impl Standing for Fresh {
    fn confirmed_at(&self, _: Quote) -> Timestamp {
        NOW
    }

    fn stale_at(&self, _: Quote) -> Option<Timestamp> {
        Some(NOW)
    }
}

/// A finder with its board, and what was measured of it.
struct Board {
    events: u32,
    finder: Finder,
    found: Events,
    rng: Rng,
    changes: Vec<(Quote, Offer)>,
    /// Nanoseconds of each single change, the clock's own taken off.
    single: Vec<f64>,
    /// Nanoseconds of a change, by round: the median of the single ones, their mean, and the mean without a
    /// clock between them.
    median: Vec<f64>,
    mean: Vec<f64>,
    together: Vec<f64>,
    /// Millions of quotes a second.
    rescan: Vec<f64>,
    touched: u64,
    measured: u64,
    allocations: u64,
}

/// Boards of all sizes stand at the same time and are measured in turn, round by round: the changes of all,
/// then, so that a look at everything warms nothing for them, the looks at everything.
pub fn run(rounds: usize) -> Result<Value, Problem> {
    let mut clocks = Vec::new();
    let mut sets = [("small_pages", boards()?), ("large_pages", with_large_pages(boards)?)];
    // Two rounds to warm up.
    for round in 0..rounds + 2 {
        // The machine is not equally fast all the time, nor is its clock.
        let clock = clock::overhead();
        clocks.push(clock as f64);
        for board in sets.iter_mut().flat_map(|(_, boards)| boards) {
            board.change(clock);
            if round < 2 {
                board.forget();
            }
        }
    }
    for _ in 0..rounds {
        for board in sets.iter_mut().flat_map(|(_, boards)| boards) {
            board.look_at_all()?;
        }
    }
    let mut report = json!({
        "clock_ns_subtracted": spread(clocks),
        "seed": SEED,
        "large_pages_kb": clock::memory_kb_in_large_pages(),
    });
    for (pages, boards) in &sets {
        let small = boards.first().ok_or("no board")?;
        let figures = boards
            .iter()
            .map(|board| (format!("{}x{BOOKS}x{}", board.events, SELECTIONS.len()), board.figures(small)));
        report[pages] = Value::Object(figures.collect());
    }
    Ok(report)
}

fn boards() -> Result<Vec<Board>, Problem> {
    EVENTS.iter().map(|events| Board::new(*events)).collect()
}

const SEED: u64 = 7;

impl Board {
    /// All books show all outcomes of all events, and nothing pays.
    fn new(events: u32) -> Result<Self, Problem> {
        let mut finder = finder()?;
        let mut rng = Rng::with_seed(SEED);
        for book in 0..BOOKS {
            let provider = format!("book{book}");
            let facts = WorkerFacts {
                account: &provider,
                provider: &provider,
                basis: HandicapBasis::FromNow,
                currency: None,
            };
            finder.name_worker(Worker(book), &facts);
            for event in 0..events {
                let id = book * events + event;
                name(&mut finder, &provider, Worker(book), Fixture(id), event);
                for (place, selection) in (0..).zip(SELECTIONS) {
                    let quote = Quote(id * 3 + place);
                    finder.define(quote, MarketLine(id), selection, Side::Back);
                    finder.offer(quote, &offer(place, &mut rng), NOW);
                }
            }
        }
        let mut found = Events::default();
        // It looks at what changed first.
        finder.rescan(NOW, &Fresh, &mut found);
        Ok(Self {
            events,
            finder,
            found,
            rng,
            changes: Vec::new(),
            single: Vec::new(),
            median: Vec::new(),
            mean: Vec::new(),
            together: Vec::new(),
            rescan: Vec::new(),
            touched: 0,
            measured: 0,
            allocations: 0,
        })
    }

    /// Draws the changes of a round: a family, then one of its quotes.
    fn draw(&mut self) {
        let Self { events, rng, changes, .. } = self;
        changes.clear();
        changes.extend((0..CHANGES).map(|_| {
            let (event, book, place) = (rng.u32(0..*events), rng.u32(0..BOOKS), rng.u32(0..3));
            (Quote((book * *events + event) * 3 + place), offer(place, rng))
        }));
    }

    /// Changes one quote at a time, each timed by itself, and then others without a clock between them.
    fn change(&mut self, clock: u64) {
        self.draw();
        let first = self.single.len();
        self.single.reserve(CHANGES);
        let touched = self.finder.visited();
        self.allocations += allocations(|| {
            for (quote, offer) in &self.changes {
                let start = thread_cpu();
                self.finder.offer(*quote, offer, NOW);
                self.finder.run(NOW, &Fresh, &mut self.found);
                self.single.push((thread_cpu() - start).saturating_sub(clock) as f64);
            }
        });
        let mut round = self.single[first..].to_vec();
        round.sort_by(f64::total_cmp);
        self.median.push(round[CHANGES / 2]);
        self.mean.push(round.iter().sum::<f64>() / CHANGES as f64);
        self.draw();
        let mut time = 0;
        self.allocations += allocations(|| {
            let start = thread_cpu();
            for (quote, offer) in &self.changes {
                self.finder.offer(*quote, offer, NOW);
                self.finder.run(NOW, &Fresh, &mut self.found);
            }
            time = thread_cpu() - start;
        });
        self.together.push(time as f64 / CHANGES as f64);
        self.touched += self.finder.visited() - touched;
        self.measured += 2 * CHANGES as u64;
    }

    fn look_at_all(&mut self) -> Result<(), Problem> {
        let (mut time, mut looked_at) = (0, 0);
        self.allocations += allocations(|| {
            let start = thread_cpu();
            looked_at = self.finder.rescan(NOW, &Fresh, &mut self.found);
            time = thread_cpu() - start;
        });
        self.rescan.push(looked_at as f64 * 1e3 / time as f64);
        if looked_at == u64::from(self.events * QUOTES_OF_EVENT) {
            Ok(())
        } else {
            Err(format!("a look at all of {} events was at {looked_at} quotes", self.events).into())
        }
    }

    /// What was measured, beside the smallest board.
    fn figures(&self, small: &Self) -> Value {
        let ratio = |of: fn(&Self) -> &[f64]| {
            spread(of(self).iter().zip(of(small)).map(|(large, small)| large / small).collect())
        };
        json!({
            "quotes": self.events * QUOTES_OF_EVENT,
            "changes": self.measured,
            "quotes_touched_per_change": self.touched as f64 / self.measured as f64,
            "allocations": self.allocations,
            "opportunity_lines": self.found.list.len(),
            "change_ns": quantiles(self.single.clone()),
            "change_ns_mean": spread(self.mean.clone()),
            "change_ns_together": spread(self.together.clone()),
            "ratio_to_smallest": ratio(|board| &board.median),
            "ratio_to_smallest_mean": ratio(|board| &board.mean),
            "ratio_to_smallest_together": ratio(|board| &board.together),
            "rescan_million_quotes_per_s": spread(self.rescan.clone()),
        })
    }

    /// Drops what was measured while warming up.
    fn forget(&mut self) {
        for values in [&mut self.single, &mut self.median, &mut self.mean, &mut self.together] {
            values.clear();
        }
        (self.touched, self.measured, self.allocations) = (0, 0, 0);
    }
}

fn finder() -> Result<Finder, Problem> {
    let bankroll = Money::parse(Decimal::int(1000), "USD".parse()?).map_err(|e| e.to_string())?;
    let settings = Settings {
        bankroll,
        per_account: None,
        pairing: Pairing::Accounts,
        too_good: Ratio::new(1, 10).ok_or("a tenth")?,
        most_open: 64,
    };
    let (fees, identity) =
        (FeeBook::builtin().map_err(|e| e.to_string())?, Identity::new(AliasBook::default()));
    Ok(Finder::new(settings, fees, FxTable::default(), VoidRules::default(), identity))
}

/// An event of a book with the line of its match result.
fn name(finder: &mut Finder, provider: &str, worker: Worker, fixture: Fixture, event: u32) {
    let home = format!("Home {event}");
    let facts = EventFacts {
        provider,
        event_id: &home,
        sport: Some("soccer"),
        competition: Some("Northern League"),
        home: Some(&home),
        away: Some("Birch"),
        title: None,
        starts_at: Some(NOW),
        in_play: false,
        score: None,
    };
    finder.name_fixture(fixture, worker, &facts);
    let facts = LineFacts {
        fixture,
        market_id: "m",
        market: Market::MatchResult,
        period: Period::FULL_TIME,
        line: None,
        runner: None,
        step: None,
        min: None,
        max: None,
        currency: None,
    };
    finder.name_line(MarketLine(fixture.0), &facts);
}

/// Up to 3 % below odds of which even the best add up to 1.053: nothing pays.
fn offer(place: u32, rng: &mut Rng) -> Offer {
    let fair = [240, 330, 300][place as usize % 3];
    let price = Decimal::new(fair * rng.i64(970..1000), 5);
    let price = price.and_then(|price| Price::new(PriceFormat::Decimal, price));
    Offer { status: Status::Open, price, available: None, seq: 1 }
}
