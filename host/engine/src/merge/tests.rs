use super::*;
use crate::fed::Heard;
use antigravity_abi::{Fate as Says, NO_TEXT, Reason, Verdict};
use antigravity_core::answer::{AnswerLimits, Checker, RawAnswer};
use antigravity_core::board::Change;
use antigravity_core::contract::{Confirmation, HandicapBasis};
use antigravity_core::rows::{EventRow, LineRow, PriceRow};
use antigravity_core::{Decimal, Market, Period, PriceFormat, Selection, Side, Status};
use antigravity_routing::reason;
use std::sync::Arc;

struct Nobody;

impl Changes for Nobody {
    fn changed(&mut self, _: &Board, _: Change) {}
}

impl Observer for Nobody {
    fn fate(&mut self, _: Origin, _: Fate, _: &'static str, _: Option<&WorkerInfo>) {}
    fn failed(&mut self, _: &Packet, _: &WorkerInfo, _: &CallError) {}
}

fn answered(fate: Says, reason: Reason, rows: Vec<u64>) -> Handled {
    let rows_end = rows.len() as u32;
    let verdict = Verdict { fate, reason, detail: NO_TEXT, rows_end, bad_rows: 0, snapshot_complete: false };
    let (text, ends, logs) = (b"id".to_vec(), vec![2], Vec::new());
    let raw = RawAnswer { verdicts: verdict.words().to_vec(), rows, text, ends, logs };
    let answer = Checker::new(AnswerLimits::default(), &[PriceFormat::Decimal]).check(1, raw).unwrap();
    Handled::new(None, Outcome::Answered { answer: Arc::new(answer), index: 0 })
}

fn one_quote() -> Handled {
    let mut rows = Vec::new();
    let (sport, competition, title, home, away, score, starts_at) = Default::default();
    let event =
        EventRow { slot: 0, id: 0, sport, competition, title, home, away, score, starts_at, in_play: true };
    let (runner, other, currency, line, min_stake, max_stake, scope) = Default::default();
    let line = LineRow {
        slot: 0,
        event: 0,
        market: Market::Moneyline,
        period: Period::MATCH,
        market_id: 0,
        runner,
        other,
        currency,
        line,
        min_stake,
        max_stake,
        scope,
    };
    let price = PriceRow {
        line: 0,
        selection: Selection::Home,
        side: Side::Back,
        level: 1,
        status: Status::Open,
        price: Some((PriceFormat::Decimal, Decimal::int(2))),
        size: None,
    };
    event.write(&mut rows);
    line.write(&mut rows);
    price.write(&mut rows);
    answered(Says::Parsed, Reason::None, rows)
}

fn work(otherwise: Decided) -> Routed {
    Routed::Work { candidates: Vec::new(), otherwise }
}

fn ignored(reason: &'static str) -> Decided {
    Decided { fate: Fate::Ignored, reason, by: Some(0), awaited: false }
}

fn rejected(reason: &'static str, awaited: bool) -> Decided {
    Decided { fate: Fate::Rejected, reason, by: Some(0), awaited }
}

/// Age of a quote after a second packet of its connection, ten seconds later, and whether it
/// is stale.
fn after(
    confirms: Confirmation,
    route: Routed,
    handled: Option<Handled>,
    streamed: bool,
) -> (Option<u64>, Option<bool>) {
    let info = WorkerInfo {
        account: "A".into(),
        provider: "book".into(),
        adapter: "book@0.1.0".into(),
        confirms,
        stale_after_ms: 50_000,
        handicap_basis: HandicapBasis::FromNow,
        currency: None,
        step: None,
    };
    let item = |seconds: i64, streamed, route| {
        let origin = Origin { seq: 1, at: Timestamp::from_nanos(seconds * 1_000_000_000), connection: 3 };
        Item { heard: Heard { origin, streamed }, ..Item::between(0, 1, origin.at, route) }
    };
    let items = vec![item(0, true, work(ignored("heartbeat"))), item(10, streamed, route)];
    let steps = [Some(one_quote()), handled].into_iter().enumerate();
    let steps = steps.filter_map(|(item, handled)| Some(Step { item, worker: 0, handled: handled? }));
    let mut merger = Merger::new(vec![(0, info)]);
    merger.merge(&Chunk { items, ..Chunk::default() }, steps.collect(), &mut Nobody);
    let line = merger.board().board_lines(merger.latest().unwrap()).next().unwrap();
    (line.age_ms, line.stale)
}

/// The same where signs of life count.
fn age_after(route: Routed, handled: Option<Handled>, streamed: bool) -> Option<u64> {
    after(Confirmation::ByConnection, route, handled, streamed).0
}

#[test]
fn signs_of_life_confirm_what_the_connection_feeds() {
    let noise = |reason| age_after(Routed::Decided(ignored(reason)), None, true);
    assert_eq!(noise("heartbeat"), Some(0));
    assert_eq!(noise("balance"), Some(0));
    assert_eq!(noise(reason::OTHER_SESSION), Some(10_000), "an old session's packet");
    let elsewhere = age_after(Routed::Decided(ignored("heartbeat")), None, false);
    assert_eq!(elsewhere, Some(10_000), "sent, or an answer over HTTP");

    let said = |fate, reason, otherwise| {
        age_after(work(ignored(otherwise)), Some(answered(fate, reason, Vec::new())), true)
    };
    assert_eq!(said(Says::Parsed, Reason::None, "heartbeat"), Some(0));
    assert_eq!(said(Says::Ignored, Reason::Duplicate, "heartbeat"), Some(0));
    assert_eq!(said(Says::Ignored, Reason::StaleCursor, "heartbeat"), Some(10_000));
    assert_eq!(said(Says::Ignored, Reason::OtherSession, "heartbeat"), Some(10_000));
    assert_eq!(said(Says::Rejected, Reason::Opaque, "heartbeat"), Some(10_000));
    assert_eq!(said(Says::NotMine, Reason::None, "heartbeat"), Some(0), "noise after all");
    assert_eq!(said(Says::NotMine, Reason::None, reason::OTHER_SESSION), Some(10_000));
}

#[test]
fn what_a_stream_says_and_nobody_can_read_is_a_gap() {
    use Confirmation::{ByConnection, ByQuote};
    let decided = |confirms, awaited, streamed| {
        after(confirms, Routed::Decided(rejected("schema", awaited)), None, streamed).1
    };
    assert_eq!(decided(ByConnection, true, true), Some(true));
    assert_eq!(decided(ByConnection, false, true), Some(false), "noise of another shape");
    assert_eq!(decided(ByConnection, true, false), Some(false), "an answer over HTTP");
    assert_eq!(decided(ByQuote, true, true), Some(false), "quotes that age without being named");

    let said = |confirms, fate, rows, streamed| {
        let route = work(ignored("heartbeat"));
        after(confirms, route, Some(answered(fate, Reason::None, rows)), streamed).1
    };
    assert_eq!(said(ByConnection, Says::Rejected, Vec::new(), true), Some(true));
    assert_eq!(said(ByConnection, Says::Rejected, Vec::new(), false), Some(false));
    assert_eq!(said(ByConnection, Says::NotMine, Vec::new(), true), Some(false));
    assert_eq!(said(ByQuote, Says::Rejected, Vec::new(), true), Some(false));
}
