//! What rows do to quotes, where a snapshot, a loss or a price that cannot be believed is involved.

mod exchange;
mod runners;
mod told;

use super::{Board, Change, Changes, EventId, LineId, Origin, WorkerId, WorkerInfo};
use crate::Timestamp;
use crate::answer::{Answer, AnswerLimits, Checker, RawAnswer};
use crate::contract::{Confirmation, HandicapBasis};
use antigravity_abi::rows::{EventRow, LineRow, PriceRow, op, write_scope, write_slot};
use antigravity_abi::{
    Decimal, Fate, Market, NO_TEXT, Period, PriceFormat, Reason, Selection, Side, Status, Verdict,
};

/// Scope and prices of one line, as each packet of the tests names it.
#[derive(Clone, Copy)]
enum Say {
    Begin(u64),
    End(u64),
    Gap(u64),
    RemoveEvent,
    RemoveAll,
    /// Line 0 or 1, its scope, its price: 0 cannot be believed.
    Price(u32, u64, i32),
}
use Say::{Begin, End, Gap, Price, RemoveAll, RemoveEvent};

/// A board that one worker feeds, a packet a second.
struct Bench {
    board: Board,
    worker: WorkerId,
    checker: Checker,
    seconds: i64,
}

impl Bench {
    fn new() -> Self {
        let mut board = Board::default();
        let worker = board.worker(WorkerInfo {
            account: "A".into(),
            provider: "book".into(),
            adapter: "book@0.1.0".into(),
            confirms: Confirmation::ByConnection,
            stale_after_ms: 60_000,
            handicap_basis: HandicapBasis::FromNow,
            currency: None,
            step: None,
        });
        let checker = Checker::new(AnswerLimits::default(), &[PriceFormat::Decimal]);
        Self { board, worker, checker, seconds: 0 }
    }

    fn origin(&mut self, connection: u32) -> Origin {
        self.seconds += 1;
        let at = Timestamp::from_nanos(self.seconds * 1_000_000_000);
        Origin { seq: self.seconds as u64, at, connection }
    }

    fn says(&mut self, connection: u32, what: &[Say]) -> &mut Self {
        let origin = self.origin(connection);
        let answer = answer(&mut self.checker, what);
        self.board.apply(self.worker, origin, &answer, &answer.packets()[0], &mut ());
        self
    }

    fn gap(&mut self, connection: Option<u32>) -> &mut Self {
        self.board.gap(self.worker, connection, &mut ());
        self
    }

    fn bar(&mut self, connection: u32) -> &mut Self {
        let origin = self.origin(connection);
        self.board.bar(self.worker, Some(connection), origin, &mut ());
        self
    }

    /// Market id, status and price of every quote that stands, with a `!` where it is stale.
    fn stands(&self) -> String {
        let now = Timestamp::from_nanos(self.seconds * 1_000_000_000);
        let lines = self.board.board_lines(now).map(|q| {
            let stale = if q.stale == Some(true) { "!" } else { "" };
            let price = q.price.map_or("-".to_owned(), |p| p.0.value().to_string());
            format!("{}:{}:{price}{stale}", q.market_id, q.status.name())
        });
        lines.collect::<Vec<_>>().join(" ")
    }
}

fn answer(checker: &mut Checker, what: &[Say]) -> Answer {
    let mut rows = Vec::new();
    let (sport, competition, title, home, away, score, starts_at) = Default::default();
    EventRow { slot: 0, id: 0, sport, competition, title, home, away, score, starts_at, in_play: true }
        .write(&mut rows);
    let (runner, other, currency, line, min_stake, max_stake) = Default::default();
    let mut scopes = [1, 1];
    for say in what {
        if let Price(line, scope, _) = say {
            scopes[*line as usize] = *scope;
        }
    }
    for (slot, scope) in (0..).zip(scopes) {
        let (market, period) = (Market::Moneyline, Period::MATCH);
        LineRow {
            slot,
            event: 0,
            market,
            period,
            market_id: slot,
            runner,
            other,
            currency,
            line,
            min_stake,
            max_stake,
            scope,
        }
        .write(&mut rows);
    }
    for say in what {
        match *say {
            Begin(scope) => write_scope(op::SNAPSHOT_BEGIN, scope, &mut rows),
            End(scope) => write_scope(op::SNAPSHOT_END, scope, &mut rows),
            Gap(scope) => write_scope(op::GAP, scope, &mut rows),
            RemoveEvent => write_slot(op::REMOVE_EVENT, 0, &mut rows),
            RemoveAll => rows.push(u64::from(op::REMOVE_ALL)),
            Price(line, _, price) => PriceRow {
                line,
                selection: Selection::Home,
                side: Side::Back,
                level: 1,
                status: Status::Open,
                price: Some((PriceFormat::Decimal, Decimal::int(price))),
                size: None,
            }
            .write(&mut rows),
        }
    }
    checked(checker, rows)
}

/// The answer to one packet that was parsed, with the texts `a` and `b`.
fn checked(checker: &mut Checker, rows: Vec<u64>) -> Answer {
    let rows_end = rows.len() as u32;
    let verdict = Verdict {
        fate: Fate::Parsed,
        reason: Reason::None,
        detail: NO_TEXT,
        rows_end,
        bad_rows: 0,
        snapshot_complete: false,
    };
    let (text, ends, logs) = (b"ab".to_vec(), vec![1, 2], Vec::new());
    checker.check(1, RawAnswer { verdicts: verdict.words().to_vec(), rows, text, ends, logs }).unwrap()
}

#[test]
fn a_price_that_cannot_be_believed_outlives_its_snapshot() {
    let mut bench = Bench::new();
    bench.says(0, &[Begin(1), Price(0, 1, 2), Price(1, 1, 3), End(1)]);
    bench.says(0, &[Begin(1), Price(0, 1, 0), Price(1, 1, 3), End(1)]);
    assert_eq!(bench.stands(), "a:suspended:- b:open:3");
    bench.says(0, &[Begin(1), Price(0, 1, 0), End(1)]);
    assert_eq!(bench.stands(), "a:suspended:-", "what was not named at all is gone");
    bench.says(0, &[Begin(1), Price(0, 1, 4), End(1)]);
    assert_eq!(bench.stands(), "a:open:4");
}

#[test]
fn a_loss_within_a_snapshot_is_not_made_good_by_its_end() {
    let half = |bench: &mut Bench| {
        bench.says(0, &[Begin(1), Price(0, 1, 2), Price(1, 1, 3), End(1)]);
        bench.says(0, &[Begin(1), Price(0, 1, 4)]);
    };
    let whole = [Begin(1), Price(0, 1, 4), Price(1, 1, 5), End(1)];
    for loss in [Some(0), None] {
        let mut bench = Bench::new();
        half(&mut bench);
        bench.gap(loss).says(0, &[End(1)]);
        assert_eq!(bench.stands(), "a:open:4! b:open:3!", "{loss:?}");
        bench.says(0, &whole);
        assert_eq!(bench.stands(), "a:open:4 b:open:5", "{loss:?}");
    }
    let mut bench = Bench::new();
    half(&mut bench);
    bench.says(0, &[Gap(1)]).says(0, &[End(1)]);
    assert_eq!(bench.stands(), "a:open:4! b:open:3!", "the adapter's own gap");
    bench.bar(0).says(0, &[Begin(1), Price(0, 1, 4)]).bar(0).says(0, &[Price(1, 1, 3), End(1)]);
    assert_eq!(bench.stands(), "a:suspended:4! b:suspended:3!");
    bench.says(0, &whole);
    assert_eq!(bench.stands(), "a:open:4 b:open:5");

    let mut bench = Bench::new();
    half(&mut bench);
    bench.gap(Some(7)).says(0, &[End(1)]);
    assert_eq!(bench.stands(), "a:open:4", "a loss elsewhere is none of this snapshot");
}

#[test]
fn a_loss_on_one_connection_makes_stale_what_it_feeds() {
    let mut bench = Bench::new();
    bench.says(3, &[Begin(1), Price(0, 1, 2), End(1)]).says(4, &[Begin(2), Price(1, 2, 3), End(2)]);
    bench.gap(Some(3));
    assert_eq!(bench.stands(), "a:open:2! b:open:3");
    let at = bench.origin(3).at;
    bench.board.alive(bench.worker, 3, at, &mut ());
    assert_eq!(bench.stands(), "a:open:2! b:open:3", "a sign of life mends nothing");
    bench.says(4, &[Price(0, 1, 2), Price(1, 2, 3)]);
    assert_eq!(bench.stands(), "a:open:2! b:open:3", "nor does another connection's packet");
    bench.says(4, &[Begin(1), Price(0, 1, 2), End(1), Price(1, 2, 3)]);
    assert_eq!(bench.stands(), "a:open:2 b:open:3");
    bench.says(3, &[Price(0, 5, 2), Price(1, 6, 2)]);
    assert_eq!(bench.stands(), "a:open:2 b:open:2", "scopes that were named later miss nothing");
}

#[test]
fn what_is_gone_is_not_looked_at_by_later_snapshots() {
    let mut bench = Bench::new();
    let listed = |bench: &Bench| bench.board.scopes.iter().map(|s| s.lines.len()).collect::<Vec<_>>();
    bench.says(0, &[Begin(1), Price(0, 1, 2), Price(1, 1, 3), End(1)]);
    assert_eq!(listed(&bench), [2]);
    bench.says(0, &[Begin(1), Price(1, 1, 3), End(1)]);
    assert_eq!((listed(&bench), bench.stands().as_str()), (vec![1], "b:open:3"));
    bench.says(0, &[Price(0, 1, 4)]);
    assert_eq!((listed(&bench), bench.stands().as_str()), (vec![2], "a:open:4 b:open:3"));
    // Moved to another scope: its snapshots, and no longer the first one's, decide.
    bench.says(0, &[Price(1, 2, 3)]);
    assert_eq!(listed(&bench), [1, 1]);
    bench.says(0, &[Begin(1), End(1), Price(1, 2, 3)]);
    assert_eq!((listed(&bench), bench.stands().as_str()), (vec![0, 1], "b:open:3"));
    bench.says(0, &[Price(1, 2, 3), Begin(2), End(2)]);
    assert_eq!((listed(&bench), bench.stands().as_str()), (vec![0, 0], ""));
}

#[test]
fn what_is_gone_is_not_removed_again() {
    let mut bench = Bench::new();
    let prices = [Price(0, 1, 2), Price(1, 1, 3)];
    let listed = |bench: &Bench| (bench.board.events[0].lines.len(), bench.board.workers[0].lines.len());
    for remove in [RemoveEvent, RemoveAll] {
        bench.says(0, &prices);
        assert_eq!((listed(&bench), bench.stands().as_str()), ((2, 2), "a:open:2 b:open:3"));
        bench.says(0, &[remove]);
        assert_eq!(bench.stands(), "");
    }
    assert_eq!(bench.board.workers[0].lines.len(), 0);
    bench.says(0, &[RemoveEvent]);
    assert_eq!(listed(&bench), (0, 0));
    bench.says(0, &[Price(1, 1, 3)]);
    assert_eq!((listed(&bench), bench.stands().as_str()), ((1, 1), "b:open:3"));
}

/// Counts what it is told.
struct Told(usize);

impl Changes for Told {
    fn changed(&mut self, _: &Board, _: Change) {
        self.0 += 1;
    }
}

#[test]
fn a_bar_is_told_once() {
    let mut bench = Bench::new();
    bench.says(0, &[Begin(1), Price(0, 1, 2), End(1)]);
    let mut told = Told(0);
    for _ in 0..2 {
        let origin = bench.origin(0);
        bench.board.bar(bench.worker, Some(0), origin, &mut told);
    }
    assert_eq!((told.0, bench.stands().as_str()), (1, "a:suspended:2!"));
}
