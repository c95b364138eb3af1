//! Two versions that name things otherwise read the same packets and exchange their places: the board that
//! people see is the one that either of them alone would have made.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What a packet does, as the provider means it.
#[derive(Clone, Debug)]
enum Does {
    Whole(Vec<(u8, i32)>),
    /// The beginning of a whole and some of it; the rest comes later.
    Begins(Vec<(u8, i32)>),
    Ends(Vec<(u8, i32)>),
    Moves(u8, i32),
    Removes(u8),
    /// The versions exchange their places.
    Exchange,
}

fn prices() -> impl Strategy<Value = Vec<(u8, i32)>> {
    prop::collection::vec((0u8..5, 2i32..9), 0..5)
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![
        2 => prices().prop_map(Does::Whole),
        1 => prices().prop_map(Does::Begins),
        1 => prices().prop_map(Does::Ends),
        4 => (0u8..5, 2i32..9).prop_map(|(line, price)| Does::Moves(line, price)),
        2 => (0u8..5).prop_map(Does::Removes),
        3 => Just(Does::Exchange),
    ]
}

/// A version of an adapter: says each name once, in numbers of its own.
struct Version {
    name: &'static str,
    /// Names so many lines first that nobody quotes.
    idle: u32,
    scope: u64,
    slots: BTreeMap<u8, u32>,
    named: bool,
    checker: Checker,
}

impl Version {
    fn new(name: &'static str, idle: u32, scope: u64) -> Self {
        let checker = Checker::new(AnswerLimits::default(), &[PriceFormat::Decimal]);
        Self { name, idle, scope, slots: BTreeMap::new(), named: false, checker }
    }

    fn line(&mut self, line: u8, rows: &mut Vec<u64>) -> u32 {
        let (sport, competition, title, home, away, score, starts_at) = Default::default();
        let next = self.idle + self.slots.len() as u32;
        let (scope, idle) = (self.scope, self.idle);
        let say = |slot: u32, id: u32, rows: &mut Vec<u64>| {
            let (runner, other, currency, line, min_stake, max_stake) = Default::default();
            let (market, period, market_id, event) = (Market::Moneyline, Period::MATCH, id, 0);
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
            row.write(rows);
        };
        if !std::mem::replace(&mut self.named, true) {
            let row = EventRow {
                slot: 0,
                id: 0,
                sport,
                competition,
                title,
                home,
                away,
                score,
                starts_at,
                in_play: true,
            };
            row.write(rows);
            (0..idle).for_each(|slot| say(slot, 20 + slot, rows));
        }
        *self.slots.entry(line).or_insert_with(|| {
            say(next, u32::from(line), rows);
            next
        })
    }

    fn prices(&mut self, prices: &[(u8, i32)], rows: &mut Vec<u64>) {
        for (line, price) in prices {
            let line = self.line(*line, rows);
            PriceRow {
                line,
                selection: Selection::Home,
                side: Side::Back,
                level: 1,
                status: Status::Open,
                price: Some((PriceFormat::Decimal, Decimal::int(*price))),
                size: None,
            }
            .write(rows);
        }
    }

    fn says(&mut self, does: &Does) -> Answer {
        let mut rows = Vec::new();
        let mark = |op, scope, rows: &mut Vec<u64>| write_scope(op, scope, rows);
        match does {
            Does::Whole(prices) => {
                mark(op::SNAPSHOT_BEGIN, self.scope, &mut rows);
                self.prices(prices, &mut rows);
                mark(op::SNAPSHOT_END, self.scope, &mut rows);
            }
            Does::Begins(prices) => {
                mark(op::SNAPSHOT_BEGIN, self.scope, &mut rows);
                self.prices(prices, &mut rows);
            }
            Does::Ends(prices) => {
                self.prices(prices, &mut rows);
                mark(op::SNAPSHOT_END, self.scope, &mut rows);
            }
            Does::Moves(line, price) => self.prices(&[(*line, *price)], &mut rows),
            Does::Removes(line) => {
                let slot = self.line(*line, &mut rows);
                write_slot(op::REMOVE_LINE, slot, &mut rows);
            }
            Does::Exchange => {}
        }
        let rows_end = rows.len() as u32;
        let (fate, reason, detail) = (Fate::Parsed, Reason::None, NO_TEXT);
        let verdict = Verdict { fate, reason, detail, rows_end, bad_rows: 0, snapshot_complete: false };
        let text: Vec<u8> = (b'a'..b'a' + 26).collect();
        let (ends, logs) = ((1..=26).collect(), Vec::new());
        let raw = RawAnswer { verdicts: verdict.words().to_vec(), rows, text, ends, logs };
        self.checker.check(1, raw).unwrap()
    }
}

/// A board with its worker.
struct Fed(Board, WorkerId);

impl Fed {
    fn by(version: &Version) -> Self {
        let mut board = Board::default();
        let worker = board.worker(WorkerInfo {
            account: "A".into(),
            provider: "book".into(),
            adapter: version.name.into(),
            confirms: Confirmation::ByConnection,
            stale_after_ms: 60_000,
            handicap_basis: HandicapBasis::FromNow,
            currency: None,
            step: None,
        });
        Self(board, worker)
    }

    fn hears(&mut self, origin: Origin, version: &mut Version, does: &Does) {
        let answer = version.says(does);
        self.0.apply(self.1, origin, &answer, &answer.packets()[0], &mut ());
    }

    /// All that a person sees but which version said it.
    fn shows(&self) -> Vec<String> {
        let now = self.0.now().unwrap_or(Timestamp::from_nanos(0));
        let line = |q: crate::quote::QuoteLine<'_>| {
            let price = q.price.map(|p| p.0.value().to_string());
            format!("{} {} {price:?} {:?} {}", q.market_id, q.status, q.stale, q.seq)
        };
        self.0.board_lines(now).map(line).collect()
    }
}

fn origin(second: usize) -> Origin {
    let at = Timestamp::from_nanos(second as i64 * 1_000_000_000);
    Origin { seq: second as u64, at, connection: 0 }
}

proptest! {
    #[test]
    fn an_exchange_changes_nothing_that_a_person_sees(all in prop::collection::vec(does(), 1..60)) {
        let versions = || (Version::new("book@0.1.0", 0, 7), Version::new("book@0.2.0", 3, 1));
        let (mut alone, (mut old, mut new)) = (versions().0, versions());
        let (mut wanted, mut seen, mut beside) = (Fed::by(&alone), Fed::by(&old), Fed::by(&new));
        for (second, does) in all.iter().enumerate() {
            let origin = origin(second);
            if matches!(does, Does::Exchange) {
                let Fed(board, worker) = &mut seen;
                board.exchange(*worker, (&mut beside.0, beside.1), origin, &mut ());
                std::mem::swap(&mut old, &mut new);
                prop_assert_eq!(&*board.worker_info(*worker).adapter, old.name);
            } else {
                wanted.hears(origin, &mut alone, does);
                seen.hears(origin, &mut old, does);
                beside.hears(origin, &mut new, does);
            }
            prop_assert_eq!(wanted.shows(), seen.shows());
            prop_assert_eq!(wanted.shows(), beside.shows());
        }
    }
}

/// Keeps what it is told.
#[derive(Default)]
struct Told(Vec<String>);

impl Changes for Told {
    fn changed(&mut self, board: &Board, change: Change) {
        let line = board.quote_line(change.quote);
        self.0.push(format!("{} {} {} {}", line.adapter, line.market_id, line.status, change.origin.seq));
    }

    fn worker_changed(&mut self, board: &Board, worker: WorkerId) {
        self.0.push(board.worker_info(worker).adapter.to_string());
    }
}

#[test]
fn where_they_differ_each_shows_what_the_other_did() {
    let (mut old, mut new) = (Version::new("book@0.1.0", 0, 7), Version::new("book@0.2.0", 3, 1));
    let (mut seen, mut beside) = (Fed::by(&old), Fed::by(&new));
    seen.hears(origin(1), &mut old, &Does::Whole(vec![(0, 2), (1, 3)]));
    beside.hears(origin(1), &mut new, &Does::Whole(vec![(1, 4), (2, 5)]));
    let (before, after) = (seen.shows(), beside.shows());
    let mut told = Told::default();
    seen.0.exchange(seen.1, (&mut beside.0, beside.1), origin(2), &mut told);
    let without_seq =
        |lines: Vec<String>| lines.iter().map(|l| l[..l.len() - 2].to_owned()).collect::<Vec<_>>();
    assert_eq!(
        (without_seq(seen.shows()), without_seq(beside.shows())),
        (without_seq(after), without_seq(before))
    );
    told.0.sort();
    let wanted = ["book@0.2.0", "book@0.2.0 a removed 2", "book@0.2.0 b open 2", "book@0.2.0 c open 2"];
    assert_eq!(told.0, wanted);
    // A whole of the new version takes away what only the old one had, and no more.
    seen.hears(origin(3), &mut new, &Does::Whole(vec![(2, 5)]));
    assert_eq!(seen.shows(), ["c open Some(\"5\") Some(false) 2"]);
}
