//! Who follows the board is told of every quote that becomes fresh, or of which something was missed.

use super::*;
use crate::board::QuoteId;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Default)]
struct Log {
    quotes: BTreeSet<u32>,
    events: usize,
    lines: usize,
}

impl Changes for Log {
    fn changed(&mut self, _: &Board, change: Change) {
        self.quotes.insert(change.quote.number());
    }

    fn touched(&mut self, _: &Board, quote: QuoteId) {
        self.quotes.insert(quote.number());
    }

    fn event_changed(&mut self, _: &Board, _: EventId) {
        self.events += 1;
    }

    fn line_changed(&mut self, _: &Board, _: LineId) {
        self.lines += 1;
    }
}

/// What may happen to a board of two lines.
#[derive(Clone, Debug)]
enum Happens {
    Packet(u32, Vec<u8>),
    Alive(u32),
    Gap(Option<u32>),
    Bar(Option<u32>),
}

fn happens() -> impl Strategy<Value = (i64, Happens)> {
    let connection = 0..3u32;
    let what = prop_oneof![
        4 => (connection.clone(), prop::collection::vec(0..16u8, 1..5)).prop_map(|(c, w)| Happens::Packet(c, w)),
        2 => connection.clone().prop_map(Happens::Alive),
        1 => prop::option::of(connection.clone()).prop_map(Happens::Gap),
        1 => prop::option::of(connection).prop_map(Happens::Bar),
    ];
    // Quotes are stale after 60 s.
    (prop_oneof![Just(1), Just(20), Just(61), Just(-5)], what)
}

fn say(code: u8) -> Say {
    let scope = 1 + u64::from(code & 1);
    match code >> 1 {
        0 => Begin(scope),
        1 => End(scope),
        2 => Gap(scope),
        3 if code & 1 == 0 => RemoveEvent,
        3 => RemoveAll,
        4 | 5 => Price(0, scope, i32::from(code & 1) + 2),
        6 => Price(1, scope, 2),
        _ => Price(1, scope, 0),
    }
}

fn freshness(board: &Board, now: Timestamp) -> Vec<bool> {
    (0..board.len() as u32).map(|quote| board.is_stale(board.quote_id(quote), now)).collect()
}

proptest! {
    #[test]
    fn of_every_quote_whose_freshness_changes(steps in prop::collection::vec(happens(), 1..40)) {
        let mut bench = Bench::new();
        let mut latest = 0;
        for (seconds, happens) in steps {
            bench.seconds = (bench.seconds + seconds).max(1);
            latest = latest.max(bench.seconds);
            let (at, now) = (Timestamp::from_nanos(bench.seconds * 1_000_000_000), Timestamp::from_nanos(latest * 1_000_000_000));
            let mut log = Log::default();
            bench.board.tick(at);
            let before = freshness(&bench.board, now);
            let origin = |connection| Origin { seq: 1, at, connection };
            match happens {
                Happens::Packet(connection, what) => {
                    let what: Vec<Say> = what.into_iter().map(say).collect();
                    let answer = answer(&mut bench.checker, &what);
                    bench.board.apply(bench.worker, origin(connection), &answer, &answer.packets()[0], &mut log);
                }
                Happens::Alive(connection) => bench.board.alive(bench.worker, connection, at, &mut log),
                Happens::Gap(connection) => bench.board.gap(bench.worker, connection, &mut log),
                Happens::Bar(connection) => bench.board.bar(bench.worker, connection, origin(0), &mut log),
            }
            let after = freshness(&bench.board, now);
            for (quote, (before, after)) in (0..).zip(before.iter().zip(&after)) {
                let stands = bench.board.quote(bench.board.quote_id(quote)).status != Status::Removed;
                prop_assert!(before == after || !stands || log.quotes.contains(&quote), "quote {quote}: stale {before}, then {after}");
            }
        }
    }
}

#[test]
fn not_of_what_is_said_again() {
    let mut bench = Bench::new();
    let what = [Begin(1), Price(0, 1, 2), End(1)];
    bench.says(0, &what);
    let mut log = Log::default();
    let origin = bench.origin(0);
    let again = answer(&mut bench.checker, &what);
    bench.board.apply(bench.worker, origin, &again, &again.packets()[0], &mut log);
    assert!(log.quotes.is_empty() && log.events == 0 && log.lines == 0);
}

#[test]
fn of_facts_and_limits_that_change() {
    let mut bench = Bench::new();
    bench.says(0, &[Price(0, 1, 2)]);
    let mut log = Log::default();
    let origin = bench.origin(0);
    let row = |score: Option<u32>, max: Option<i32>| {
        let mut rows = Vec::new();
        let (sport, competition, title, home, away, starts_at) = Default::default();
        EventRow { slot: 0, id: 0, sport, competition, title, home, away, score, starts_at, in_play: true }
            .write(&mut rows);
        let (runner, other, currency, line, min_stake) = Default::default();
        let (market, period, max_stake) = (Market::Moneyline, Period::MATCH, max.map(Decimal::int));
        LineRow {
            slot: 0,
            event: 0,
            market,
            period,
            market_id: 0,
            runner,
            other,
            currency,
            line,
            min_stake,
            max_stake,
            scope: 1,
        }
        .write(&mut rows);
        rows
    };
    for (score, max, events, lines) in
        [(None, None, 0, 0), (Some(1), None, 1, 0), (Some(1), Some(500), 1, 1), (Some(1), Some(500), 1, 1)]
    {
        let answer = checked(&mut bench.checker, row(score, max));
        bench.board.apply(bench.worker, origin, &answer, &answer.packets()[0], &mut log);
        assert_eq!((log.events, log.lines), (events, lines), "{score:?} {max:?}");
    }
}
