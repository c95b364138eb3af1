//! Which runners a market has, and when nothing proves it.

use super::super::Outcomes;
use super::*;

/// What a packet says of a market of runners `a` and `b`.
#[derive(Clone, Copy)]
enum Runner {
    Begins,
    Ends,
    /// Its line is named.
    Named(u32),
    Priced(u32),
    /// Its line is removed.
    Out(u32),
    /// The adapter says that something was missed.
    Missed,
}
use Runner::{Begins, Ends, Missed, Named, Out, Priced};

fn says(bench: &mut Bench, connection: u32, what: &[Runner]) {
    let mut rows = Vec::new();
    let (sport, competition, title, home, away, score, starts_at) = Default::default();
    EventRow { slot: 0, id: 0, sport, competition, title, home, away, score, starts_at, in_play: true }
        .write(&mut rows);
    let (other, currency, line, min_stake, max_stake) = Default::default();
    for say in what {
        match *say {
            Begins => write_scope(op::SNAPSHOT_BEGIN, 1, &mut rows),
            Ends => write_scope(op::SNAPSHOT_END, 1, &mut rows),
            Missed => write_scope(op::GAP, 1, &mut rows),
            Out(slot) => write_slot(op::REMOVE_LINE, slot, &mut rows),
            Named(slot) => {
                let (market, period, runner) = (Market::Winner, Period::MATCH, Some(slot));
                let (event, market_id, scope) = (0, 0, 1);
                let row = LineRow {
                    slot,
                    event,
                    market,
                    period,
                    market_id,
                    runner,
                    other,
                    currency,
                    line,
                    min_stake,
                    max_stake,
                    scope,
                };
                row.write(&mut rows);
            }
            Priced(line) => {
                let (selection, side, level, status) = (Selection::Runner, Side::Back, 1, Status::Open);
                let price = Some((PriceFormat::Decimal, Decimal::int(3)));
                PriceRow { line, selection, side, level, status, price, size: None }.write(&mut rows);
            }
        }
    }
    let origin = bench.origin(connection);
    let answer = checked(&mut bench.checker, rows);
    bench.board.apply(bench.worker, origin, &answer, &answer.packets()[0], &mut ());
}

fn outcomes(bench: &Bench) -> Option<(String, u64)> {
    let list = bench.board.outcomes(LineId(0));
    list.map(|Outcomes { runners, seq }| (runners.concat(), seq))
}

const WHOLE: [Runner; 6] = [Begins, Named(0), Named(1), Priced(0), Priced(1), Ends];

#[test]
fn a_snapshot_that_ended_proves_them() {
    let mut bench = Bench::new();
    says(&mut bench, 0, &[Named(0), Named(1), Priced(0), Priced(1)]);
    assert_eq!(outcomes(&bench), None, "no snapshot");
    says(&mut bench, 0, &WHOLE[..5]);
    assert_eq!(outcomes(&bench), None, "it has not ended");
    says(&mut bench, 0, &[Ends]);
    assert_eq!(outcomes(&bench), Some(("ab".to_owned(), 3)));
    says(&mut bench, 0, &[Begins, Named(0), Priced(0), Priced(1), Ends]);
    assert_eq!(outcomes(&bench), Some(("a".to_owned(), 4)), "the second one was not named");
}

#[test]
fn one_without_a_price_can_win_and_one_removed_cannot() {
    let mut bench = Bench::new();
    says(&mut bench, 0, &[Begins, Named(0), Named(1), Priced(0), Ends]);
    assert_eq!(outcomes(&bench), Some(("ab".to_owned(), 1)));
    says(&mut bench, 0, &[Out(1)]);
    assert_eq!(outcomes(&bench), Some(("a".to_owned(), 2)));
    says(&mut bench, 0, &[Named(1)]);
    assert_eq!(outcomes(&bench), Some(("ab".to_owned(), 3)), "back again");
}

#[test]
fn nothing_is_proven_where_something_was_missed() {
    for connection in [None, Some(0), Some(7)] {
        let mut bench = Bench::new();
        says(&mut bench, 0, &WHOLE);
        bench.gap(connection);
        assert_eq!(outcomes(&bench), None, "{connection:?}");
        says(&mut bench, 0, &WHOLE);
        assert_eq!(outcomes(&bench), Some(("ab".to_owned(), 2)), "{connection:?}");
    }
    let mut bench = Bench::new();
    says(&mut bench, 0, &WHOLE);
    says(&mut bench, 0, &[Missed]);
    assert_eq!(outcomes(&bench), None);
    says(&mut bench, 0, &WHOLE);
    let origin = bench.origin(0);
    bench.board.remove_all(bench.worker, origin, &mut ());
    assert_eq!(outcomes(&bench), None, "everything is gone");
}

/// A list of a session that is over proves nothing of the next, although nothing of it stood.
#[test]
fn another_session_begins_without_any() {
    let mut bench = Bench::new();
    says(&mut bench, 0, &[Begins, Named(0), Named(1), Ends]);
    assert_eq!(outcomes(&bench), Some(("ab".to_owned(), 1)));
    let origin = bench.origin(0);
    bench.board.remove_all(bench.worker, origin, &mut ());
    says(&mut bench, 0, &[Named(0), Priced(0)]);
    assert_eq!(outcomes(&bench), None);
}
