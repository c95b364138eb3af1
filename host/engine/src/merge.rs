//! Merging what the workers read, in packet order: the only place that changes board and ledger.

use crate::chunk::{AccountIndex, Chunk, Decided, Item, Routed, Step, WorkerIndex};
use antigravity_core::board::{Board, Changes, Origin, WorkerId, WorkerInfo};
use antigravity_core::contract::Confirmation;
use antigravity_core::{Fate, Ledger, Packet, Timestamp};
use antigravity_routing::reason;
use antigravity_runtime::{CallError, Handled, Outcome, Restart};
use std::iter::Peekable;

/// Who follows what becomes of packets and quotes.
pub trait Observer: Changes {
    /// A packet comes; nothing of it is applied yet.
    fn packet_begins(&mut self, _: &Board) {}

    /// All that came of a packet is applied.
    fn packet_ends(&mut self, _: &Board) {}

    /// A packet has its fate.
    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str);

    /// An adapter failed twice on this packet; it is kept for whoever repairs the adapter.
    fn failed(&mut self, packet: &Packet, provider: &str, error: &CallError);

    /// Nobody wants to know any more: the run may end. Asked now and then.
    fn gone(&self) -> bool {
        false
    }
}

/// The word for a packet that an adapter passed over because a newer one overtook it.
const STALE_CURSOR: &str = "stale-cursor";

/// One worker as the merger knows it.
#[derive(Debug)]
struct Seat {
    account: AccountIndex,
    id: WorkerId,
    provider: std::sync::Arc<str>,
    /// Its quotes are confirmed by signs of life of their connection, so what that lost counts.
    by_connection: bool,
}

/// Board and ledger with the workers that feed them.
#[derive(Debug)]
pub struct Merger {
    board: Board,
    ledger: Ledger,
    seats: Vec<Seat>,
}

impl Merger {
    pub(crate) fn new(workers: Vec<(AccountIndex, WorkerInfo)>) -> Self {
        let mut board = Board::default();
        let seat = |(account, info): (AccountIndex, WorkerInfo)| {
            let provider = info.provider.clone();
            let by_connection = info.confirms == Confirmation::ByConnection;
            Seat { account, id: board.worker(info), provider, by_connection }
        };
        let seats = workers.into_iter().map(seat).collect();
        Self { board, ledger: Ledger::default(), seats }
    }

    pub const fn board(&self) -> &Board {
        &self.board
    }

    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The greatest `at` of all packets so far.
    pub const fn latest(&self) -> Option<Timestamp> {
        self.board.now()
    }

    /// Takes a chunk with what its workers said, steps in the order of items.
    pub(crate) fn merge(&mut self, chunk: &Chunk, steps: Vec<Step>, observer: &mut impl Observer) {
        let mut steps = steps.into_iter().peekable();
        for (index, item) in chunk.items.iter().enumerate() {
            self.board.tick(item.origin.at);
            observer.packet_begins(&self.board);
            for worker in &item.new_sessions {
                let id = self.seats[*worker].id;
                self.board.remove_all(id, item.origin, observer);
                self.board.forget_names(id);
            }
            if let Some((fate, reason)) = self.decide(index, item, &mut steps, observer) {
                self.ledger.record(fate, reason);
                observer.fate(item.origin, fate, reason);
            }
            observer.packet_ends(&self.board);
        }
    }

    /// The packet's fate; `None` for what is no packet.
    fn decide(
        &mut self,
        index: usize,
        item: &Item,
        steps: &mut Peekable<impl Iterator<Item = Step>>,
        observer: &mut impl Observer,
    ) -> Option<(Fate, &'static str)> {
        match &item.route {
            Routed::Decided(decided) => Some(self.decided(item, decided, observer)),
            Routed::Lost => {
                for worker in self.workers_of(item.account) {
                    self.board.gap(worker, None, observer);
                }
                Some((Fate::Dropped, "lost"))
            }
            Routed::Off => {
                for worker in self.workers_of(item.account) {
                    self.board.remove_all(worker, item.origin, observer);
                    self.board.forget_names(worker);
                }
                None
            }
            Routed::Work { candidates, otherwise } => {
                let mut fate = None;
                while let Some(step) = steps.next_if(|step| step.item == index) {
                    let asked = candidates.iter().find(|candidate| candidate.worker == step.worker);
                    let packet = asked.map(|candidate| &*candidate.prepared.packet);
                    fate = self.apply(item, step.worker, step.handled, packet, observer);
                }
                Some(fate.unwrap_or_else(|| self.decided(item, otherwise, observer)))
            }
        }
    }

    fn decided(
        &mut self,
        item: &Item,
        decided: &Decided,
        observer: &mut impl Observer,
    ) -> (Fate, &'static str) {
        let fate = (decided.fate, decided.reason);
        match decided.by {
            // Whose it was is not known: what any of them has from this connection may be outdated.
            Some(_) if decided.fate == Fate::Rejected && decided.awaited => {
                for worker in 0..self.seats.len() {
                    if self.seats[worker].account == item.account {
                        self.heard(item, worker, fate, observer);
                    }
                }
            }
            Some(worker) if decided.fate != Fate::Rejected => self.heard(item, worker, fate, observer),
            _ => {}
        }
        fate
    }

    /// What a packet shows of the connection it came by, where that tells one story from beginning
    /// to end. What was read and known noise show that it lives, and so confirm what it feeds; not so
    /// a packet of a session that is over, and one that says nothing newer than what was read before
    /// it. What could not be read may have changed any of it.
    fn heard(
        &mut self,
        item: &Item,
        worker: WorkerIndex,
        fate: (Fate, &'static str),
        observer: &mut impl Observer,
    ) {
        let Seat { id, by_connection, .. } = self.seats[worker];
        let connection = item.origin.connection;
        if !item.streamed || !by_connection {
            return;
        }
        match fate {
            (Fate::Ignored, reason::OTHER_SESSION | STALE_CURSOR) => {}
            (Fate::Parsed | Fate::Ignored, _) => self.board.alive(id, connection, item.origin.at, observer),
            (Fate::Rejected, _) => self.board.gap(id, Some(connection), observer),
            _ => {}
        }
    }

    fn workers_of(&self, account: AccountIndex) -> Vec<WorkerId> {
        self.seats.iter().filter(|seat| seat.account == account).map(|seat| seat.id).collect()
    }

    fn apply(
        &mut self,
        item: &Item,
        worker: WorkerIndex,
        handled: Handled,
        packet: Option<&Packet>,
        observer: &mut impl Observer,
    ) -> Option<(Fate, &'static str)> {
        let (id, origin) = (self.seats[worker].id, item.origin);
        if let Some(restart) = handled.restart {
            self.restart(id, restart, origin, observer);
        }
        let fate = handled.outcome.fate();
        match &handled.outcome {
            Outcome::Answered { answer, index } => {
                let reading = &answer.packets()[*index];
                match fate {
                    Some((Fate::Parsed, _)) => self.board.apply(id, origin, answer, reading, observer),
                    Some((Fate::Rejected, _)) if reading.all_bad() => {
                        self.board.distrust(id, origin, answer, reading, observer);
                    }
                    _ => self.board.learn_names(id, origin, answer, reading, observer),
                }
                if let Some(fate) = fate {
                    self.heard(item, worker, fate, observer);
                }
                log(&self.seats[worker].provider, origin, answer, *index);
            }
            Outcome::Failed(error) => {
                self.board.bar(id, Some(origin.connection), origin, observer);
                if let Some(packet) = packet {
                    observer.failed(packet, &self.seats[worker].provider, error);
                }
            }
        }
        fate
    }

    fn restart(&mut self, id: WorkerId, restart: Restart, origin: Origin, observer: &mut impl Observer) {
        self.board.forget_names(id);
        for answer in restart.names {
            for reading in answer.packets() {
                self.board.learn_names(id, origin, &answer, reading, observer);
            }
        }
        if restart.lost {
            self.board.bar(id, None, origin, observer);
        }
    }
}

/// What an adapter says to the person who keeps it: why it refused a packet or rows of it, and its
/// log lines.
fn log(provider: &str, origin: Origin, answer: &antigravity_core::answer::Answer, index: usize) {
    use antigravity_core::answer::Level;
    let reading = &answer.packets()[index];
    let detail = answer.text(reading.verdict.detail);
    if !detail.is_empty() || reading.bad > 0 {
        tracing::debug!(provider, seq = origin.seq, bad_rows = reading.bad, "{detail}");
    }
    for line in answer.logs().iter().filter(|log| log.packet as usize == index) {
        let (seq, message) = (origin.seq, answer.text(line.message));
        match line.level {
            Level::Debug => tracing::debug!(provider, seq, "{message}"),
            Level::Info => tracing::info!(provider, seq, "{message}"),
            Level::Warn => tracing::warn!(provider, seq, "{message}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use antigravity_abi::{Fate as Said, NO_TEXT, Reason, Verdict};
    use antigravity_core::answer::{AnswerLimits, Checker, RawAnswer};
    use antigravity_core::board::Change;
    use antigravity_core::contract::{Confirmation, HandicapBasis};
    use antigravity_core::rows::{EventRow, LineRow, PriceRow};
    use antigravity_core::{Decimal, Market, Period, PriceFormat, Selection, Side, Status};
    use std::sync::Arc;

    struct Nobody;

    impl Changes for Nobody {
        fn changed(&mut self, _: &Board, _: Change) {}
    }

    impl Observer for Nobody {
        fn fate(&mut self, _: Origin, _: Fate, _: &'static str) {}
        fn failed(&mut self, _: &Packet, _: &str, _: &CallError) {}
    }

    fn answered(fate: Said, reason: Reason, rows: Vec<u64>) -> Handled {
        let rows_end = rows.len() as u32;
        let verdict =
            Verdict { fate, reason, detail: NO_TEXT, rows_end, bad_rows: 0, snapshot_complete: false };
        let (text, ends, logs) = (b"id".to_vec(), vec![2], Vec::new());
        let raw = RawAnswer { verdicts: verdict.words().to_vec(), rows, text, ends, logs };
        let answer = Checker::new(AnswerLimits::default(), &[PriceFormat::Decimal]).check(1, raw).unwrap();
        Handled { restart: None, outcome: Outcome::Answered { answer: Arc::new(answer), index: 0 } }
    }

    fn one_quote() -> Handled {
        let mut rows = Vec::new();
        let (sport, competition, title, home, away, score, starts_at) = Default::default();
        let event = EventRow {
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
        answered(Said::Parsed, Reason::None, rows)
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
            Item { account: 0, origin, streamed, new_sessions: Vec::new(), route }
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
        assert_eq!(said(Said::Parsed, Reason::None, "heartbeat"), Some(0));
        assert_eq!(said(Said::Ignored, Reason::Duplicate, "heartbeat"), Some(0));
        assert_eq!(said(Said::Ignored, Reason::StaleCursor, "heartbeat"), Some(10_000));
        assert_eq!(said(Said::Ignored, Reason::OtherSession, "heartbeat"), Some(10_000));
        assert_eq!(said(Said::Rejected, Reason::Opaque, "heartbeat"), Some(10_000));
        assert_eq!(said(Said::NotMine, Reason::None, "heartbeat"), Some(0), "noise after all");
        assert_eq!(said(Said::NotMine, Reason::None, reason::OTHER_SESSION), Some(10_000));
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
        assert_eq!(said(ByConnection, Said::Rejected, Vec::new(), true), Some(true));
        assert_eq!(said(ByConnection, Said::Rejected, Vec::new(), false), Some(false));
        assert_eq!(said(ByConnection, Said::NotMine, Vec::new(), true), Some(false));
        assert_eq!(said(ByQuote, Said::Rejected, Vec::new(), true), Some(false));
    }
}
