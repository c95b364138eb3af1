//! CMD368 (AUTO_PUSH): the page polls one address, about every 30 seconds; a full first, then
//! deltas against the last reply.

mod row;

use crate::book::{Book, Provider};
use crate::desk::{Desk, Kind, on_offer};
use crate::faults::{Faults, Plan, Trap};
use crate::price::{decimal, malay};
use crate::quote::ExpectedQuote;
use crate::random;
use crate::traffic::{Draft, Outbox, Traffic, Wire, escaped};
use crate::world::{Event, Half, Phase, World, after, east_asia};
use antigravity_core::{Fate, Timestamp};
use fastrand::Rng;
use row::{Lined, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PROVIDER: &str = Provider::Cmd368.name();

type Rows = BTreeMap<u64, Row>;

/// What a reply does to a perfect reader.
#[derive(Clone, Debug)]
enum Effect {
    Full(Rows),
    Delta(Rows),
    Gap,
}

#[derive(Clone, Copy, Debug)]
enum Task {
    Poll,
    Balance,
    Noise,
}

/// One account's CMD368 page and the server behind it.
#[derive(Debug)]
pub struct Cmd368 {
    rng: Rng,
    desk: Desk,
    faults: Faults,
    outbox: Outbox<Effect>,
    wire: Wire,
    loads: u32,
    poll_at: Timestamp,
    balance_at: Timestamp,
    noise_at: Timestamp,
    cursor: u64,
    polls: u32,
    want_full: bool,
    /// the next full is the first of another host
    moved: bool,
    /// what the page has according to the server; deltas start from it
    sent: Rows,
    /// the first full of this host, for a stale reply
    first_full: Option<Draft>,
    /// what a perfect reader holds
    held: Rows,
    gap: bool,
    /// matches whose kick-off a reader has seen; it stays known while they run
    known: BTreeSet<usize>,
}

impl Cmd368 {
    pub fn new(account: &Arc<str>, seed: u64, world: &World, plan: &Plan) -> Self {
        let purpose = |name: &str| random::stream(seed, &format!("{account}/{PROVIDER}/{name}"));
        let mut rng = purpose("book");
        let start = after(world.now(), rng.i64(100..900));
        Self {
            desk: Desk::new(purpose("desk"), world),
            faults: Faults::new(plan, seed, world.now(), account, Provider::Cmd368),
            outbox: Outbox::default(),
            wire: wire(account, 1),
            loads: 1,
            poll_at: start,
            balance_at: after(start, 4_000),
            noise_at: after(start, 1_000),
            cursor: 8_641_667 + rng.u64(0..90_000),
            polls: 0,
            want_full: true,
            moved: false,
            sent: Rows::new(),
            first_full: None,
            held: Rows::new(),
            gap: false,
            known: BTreeSet::new(),
            rng,
        }
    }

    fn task(&self) -> (Timestamp, Task) {
        let tasks =
            [(self.poll_at, Task::Poll), (self.balance_at, Task::Balance), (self.noise_at, Task::Noise)];
        tasks.into_iter().min_by_key(|(at, _)| *at).unwrap_or((self.poll_at, Task::Poll))
    }

    /// One request of the page, and whatever goes wrong with it.
    fn poll(&mut self, world: &World) {
        let at = self.poll_at;
        let pause = if self.rng.u32(0..8) == 0 { 60_000 } else { self.rng.i64(25_000..35_000) };
        self.poll_at = after(at, pause);
        self.desk.advance(world);
        if self.faults.due(Trap::LoginPage, at) {
            let page = "<!DOCTYPE html><html><head><title>Login</title></head><body><form action=\"/login\"></form></body></html>";
            let draft = self.request(self.kind(), at).html(page).fate(Fate::Rejected).trap(Trap::LoginPage);
            self.answer(at, draft, None);
            self.poll_at = after(at, 3_000);
            return;
        }
        if !self.want_full && self.faults.due(Trap::Gap, at) {
            self.cursor += self.rng.u64(200..900);
            let body = format!("{{\"t\":{},\"a\":false,\"data\":[],\"today\":[],\"f\":[]}}", self.cursor);
            let draft = self.request(3, at).json(body).trap(Trap::Gap);
            self.answer(at, draft, Some(Effect::Gap));
            self.want_full = true;
            self.poll_at = after(at, 700);
            return;
        }
        if self.polls > 0 && self.faults.due(Trap::HostChange, at) {
            self.change_host();
        }
        self.reply(world, at);
    }

    /// The page opens on another host, whose cursors start lower.
    fn change_host(&mut self) {
        self.loads += 1;
        let account = self.wire.account.clone();
        self.wire = wire(&account, self.loads);
        self.cursor -= self.cursor / 20;
        (self.want_full, self.moved) = (true, true);
        self.first_full = None;
    }

    fn reply(&mut self, world: &World, at: Timestamp) {
        let full = self.want_full || self.polls.is_multiple_of(6) || self.full_needed(world);
        self.polls += 1;
        if !full && self.faults.due(Trap::OutOfOrder, at) {
            return self.out_of_order(world, at);
        }
        let (draft, effect) = if full { self.full(world, at) } else { self.delta(world, at) };
        self.answer(at, draft.clone(), Some(effect));
        if self.faults.due(Trap::RepeatedCursor, at) {
            self.answer(after(at, 500), draft.clone().fate(Fate::Ignored).trap(Trap::RepeatedCursor), None);
        }
        if self.faults.due(Trap::StaleCursor, at)
            && let Some(stale) = self.first_full.clone()
        {
            self.answer(after(at, 900), stale.fate(Fate::Ignored).trap(Trap::StaleCursor), None);
        }
        if full && self.first_full.is_none() {
            self.first_full = Some(draft);
        }
    }

    /// A second request before the first is answered: both start from the same rows, a line moves
    /// between them, and the second one's answer comes first. It holds all that the first one says.
    fn out_of_order(&mut self, world: &World, at: Timestamp) {
        let basis = self.sent.clone();
        let (first, _) = self.delta(world, at);
        self.sent = basis;
        self.move_a_total(world);
        let (second, effect) = self.delta(world, at);
        self.answer(at, second, Some(effect));
        self.answer(after(at, 400), first.fate(Fate::Ignored).trap(Trap::OutOfOrder), None);
    }

    /// Moves the total of the first match to come to a line that the page does not have.
    fn move_a_total(&mut self, world: &World) {
        let Some(event) = world.events().iter().find(|e| e.phase == Phase::Upcoming) else { return };
        let shown = self.sent.get(&row::event_id(event.index)).and_then(|row| row.total[0]);
        let now = self.desk.line(event, Kind::Total, Half::Full);
        let step = if shown.is_some_and(|lined| lined.quarters > now) { -1 } else { 1 };
        self.desk.move_line(event, Kind::Total, Half::Full, step);
    }

    fn full_needed(&self, world: &World) -> bool {
        let target = self.rows(world, None);
        target.len() != self.sent.len()
            || target.iter().any(|(id, row)| self.sent.get(id).is_none_or(|sent| sent.needs_full(row)))
    }

    fn full(&mut self, world: &World, at: Timestamp) -> (Draft, Effect) {
        self.want_full = false;
        let mut rows = self.rows(world, None);
        let mut traps = Vec::new();
        if self.faults.due(Trap::SuspendedHalf, at) {
            traps.extend(suspend_first_half(&mut rows));
        }
        traps.extend(std::mem::take(&mut self.moved).then_some(Trap::HostChange));
        let mut lists = [Vec::new(), Vec::new()];
        for row in rows.values() {
            if let Some(event) = world.event(row.event) {
                lists[usize::from(!row.running)].push(row.full(event));
            }
        }
        if self.faults.due(Trap::MetadataRow, at) {
            traps.push(Trap::MetadataRow);
            lists[1].insert(1.min(lists[1].len()), metadata(world));
        }
        if rows.values().any(|row| row.result_hidden) {
            traps.push(Trap::HiddenResult);
        }
        let text_cursor = self.faults.due(Trap::TextCursor, at);
        if text_cursor {
            traps.push(Trap::TextCursor);
        }
        let body = self.envelope(lists, text_cursor);
        let draft = self.request(1, at).json(body).fate(Fate::Parsed).traps(traps);
        self.sent.clone_from(&rows);
        (draft, Effect::Full(rows))
    }

    fn delta(&mut self, world: &World, at: Timestamp) -> (Draft, Effect) {
        let mut traps = Vec::new();
        if self.faults.due(Trap::LineMove, at) {
            self.move_a_total(world);
        }
        let mut target = self.rows(world, Some(&self.sent));
        if self.faults.due(Trap::SuspendedHalf, at) {
            traps.extend(suspend_first_half(&mut target));
        }
        let mut lists = [Vec::new(), Vec::new()];
        for (id, row) in &target {
            let Some(sent) = self.sent.get_mut(id) else { continue };
            let (commands, after) = sent.delta(row);
            let moved = |old: [Option<Lined>; 2], new: [Option<Lined>; 2]| {
                old.iter().zip(new).any(|(o, n)| o.map(|l| l.quarters) != n.map(|l| l.quarters))
            };
            if moved(sent.total, after.total) {
                traps.push(Trap::LineMove);
            }
            lists[usize::from(!sent.running)].extend(commands);
            *sent = after;
        }
        if self.faults.due(Trap::UnknownEvent, at) {
            traps.push(Trap::UnknownEvent);
            lists[0].push("[24999999,1,30,0.91,0.97,1,1,\"S\"]".to_owned());
        }
        let body = self.envelope(lists, false);
        let draft = self.request(3, at).json(body).fate(Fate::Parsed).traps(traps);
        (draft, Effect::Delta(self.sent.clone()))
    }

    /// Every match as the server has it now. In a delta who gives stays as in `basis`: a market
    /// whose favourite changed is level until the next full.
    fn rows(&self, world: &World, basis: Option<&Rows>) -> Rows {
        let rows = world.events().iter().filter(|event| event.phase != Phase::Over).map(|event| {
            let id = row::event_id(event.index);
            let gives = basis.and_then(|rows| rows.get(&id)).map(|row| row.home_gives);
            (id, self.row(world, event, gives))
        });
        rows.collect()
    }

    fn row(&self, world: &World, event: &Event, home_gives: Option<bool>) -> Row {
        let open = !event.in_danger(world.now());
        let main = |kind, half| self.desk.line(event, kind, half);
        let home_gives = home_gives.unwrap_or(main(Kind::Handicap, Half::Full) <= 0);
        let lined = |kind, half| {
            let mut line = main(kind, half);
            if kind == Kind::Handicap && (line < 0) != home_gives {
                line = 0;
            }
            let odds = self.desk.two_way(event, kind, half, line).filter(|_| on_offer(event, half))?;
            Some(Lined { quarters: line.abs(), prices: open.then(|| odds.map(malay)) })
        };
        let result = |half| {
            let odds = self.desk.three_way(event, half).filter(|_| on_offer(event, half))?;
            Some(open.then(|| odds.map(decimal)))
        };
        let odd_even = self.desk.two_way(event, Kind::OddEven, Half::Full, 0).filter(|_| !event.in_play());
        let result_hidden = event.index % 9 == 7;
        Row {
            event: event.index,
            running: event.in_play(),
            score: event.score,
            clock: clock(event),
            home_gives,
            handicap: Half::BOTH.map(|half| lined(Kind::Handicap, half)),
            total: Half::BOTH.map(|half| lined(Kind::Total, half)),
            result: [result(Half::Full), result(Half::First).filter(|_| !result_hidden)],
            odd_even: odd_even.map(|odds| open.then(|| odds.map(malay))),
            result_hidden,
        }
    }

    fn kind(&self) -> u8 {
        if self.want_full { 1 } else { 3 }
    }

    fn request(&self, fc: u8, at: Timestamp) -> Draft {
        let page = self.wire.page.as_deref().unwrap_or_default();
        let host = page.split("/Member").next().unwrap_or_default();
        let form = format!(
            "fc={fc}&m_accType=MY+MR&TimeFilter=0&m_gameType=S_&SystemLanguage=en-US&clientTime={}&c={}",
            at.nanos() / 1_000_000,
            self.cursor
        );
        self.wire.http("POST", &format!("{host}/Member/BetsView/BetLight/DataOdds.ashx")).form(form)
    }

    /// Puts a reply on its way back from the server.
    fn answer(&mut self, at: Timestamp, draft: Draft, effect: Option<Effect>) {
        let back = Timestamp::from_nanos(at.nanos() + self.rng.i64(60_000_000..260_000_000));
        self.outbox.push(back, draft, effect);
    }

    /// The reply around the rows, under a new cursor.
    fn envelope(&mut self, [data, today]: [Vec<String>; 2], text_cursor: bool) -> String {
        self.cursor += self.rng.u64(150..600);
        let mark = if text_cursor { "\"" } else { "" };
        format!(
            "{{\"t\":{mark}{}{mark},\"a\":true,\"data\":[{}],\"today\":[{}],\"f\":[]}}",
            self.cursor,
            data.join(","),
            today.join(",")
        )
    }

    fn noise(&mut self, task: Task) {
        let page = self.wire.page.as_deref().unwrap_or_default();
        let host = page.split("/Member").next().unwrap_or_default().to_owned();
        let path = format!("{host}/Member/BetsView/BetLight");
        match task {
            Task::Balance => {
                let at = self.balance_at;
                self.balance_at = after(at, 30_000);
                let body = format!(
                    "{{\"D\":{{\"Acc\":\"DEMO{}8801\",\"Bal\":\"1,250.00\",\"Out\":\"0.00\"}}}}",
                    self.wire.account
                );
                let draft = self.wire.http("POST", &format!("{path}/GetBalance")).json(body);
                self.answer(at, draft.fate(Fate::Ignored).trap(Trap::Balance), None);
            }
            _ => {
                let at = self.noise_at;
                self.noise_at = after(at, 45_000);
                let filter =
                    self.wire.http("GET", &format!("{path}/leaguefilter.aspx?g=S_")).json("{\"D\":[]}");
                self.answer(at, filter.fate(Fate::Ignored).trap(Trap::Heartbeat), None);
                let promotion =
                    self.wire.http("GET", &format!("{host}/promo/banner.json")).json("{\"items\":[]}");
                self.answer(at, promotion.fate(Fate::Unmatched).trap(Trap::UnknownEndpoint), None);
            }
        }
    }
}

impl Book for Cmd368 {
    fn account(&self) -> &Arc<str> {
        &self.wire.account
    }

    fn provider(&self) -> Provider {
        Provider::Cmd368
    }

    fn due(&self) -> Timestamp {
        let task = self.task().0;
        self.outbox.due().map_or(task, |at| at.min(task))
    }

    fn step(&mut self, world: &World) -> Option<Traffic> {
        let (at, task) = self.task();
        let Some((traffic, effect)) = self.outbox.pop(at) else {
            match task {
                Task::Poll => self.poll(world),
                Task::Balance | Task::Noise => self.noise(task),
            }
            return None;
        };
        match effect {
            Some(Effect::Full(rows)) => {
                self.known.extend(rows.values().filter(|row| !row.running).map(|row| row.event));
                (self.held, self.gap) = (rows, false);
            }
            Some(Effect::Delta(rows)) => self.held = rows,
            Some(Effect::Gap) => self.gap = true,
            None => {}
        }
        Some(traffic)
    }

    fn expected(&self, world: &World) -> Vec<ExpectedQuote> {
        let mut quotes = Vec::new();
        for row in self.held.values() {
            if let Some(event) = world.event(row.event) {
                let known = self.known.contains(&row.event);
                row.quotes(&self.wire.account, event, (known, self.gap), &mut quotes);
            }
        }
        quotes.sort_by(|a, b| a.key().cmp(&b.key()));
        quotes
    }
}

fn wire(account: &Arc<str>, load: u32) -> Wire {
    let connection = format!("{account}-cmd368-{load}");
    Wire::new(
        account,
        &connection,
        &format!("https://m{load}.cmd-sports.example/Member/BetsView/BetLight/Main.aspx"),
    )
}

/// `18:30` in the book's time zone before the match, then the half and its minute.
fn clock(event: &Event) -> String {
    match event.phase {
        Phase::Upcoming => east_asia(event.kickoff).get(11..16).unwrap_or_default().to_owned(),
        Phase::FirstHalf => format!("1H {}", event.minute),
        Phase::HalfTime | Phase::Over => "HT".to_owned(),
        Phase::SecondHalf => format!("2H {}", event.minute),
    }
}

/// Suspends the first half of the first match that has one on offer.
fn suspend_first_half(rows: &mut Rows) -> Option<Trap> {
    let row = rows.values_mut().find(|row| row.handicap[1].is_some_and(|lined| lined.prices.is_some()))?;
    for lined in row.handicap.iter_mut().chain(&mut row.total).skip(1).step_by(2).flatten() {
        lined.prices = None;
    }
    if let Some(result) = &mut row.result[1] {
        *result = None;
    }
    Some(Trap::SuspendedHalf)
}

/// The row of id and text pairs that may stand among the matches: 128 values here.
fn metadata(world: &World) -> String {
    let leagues = world.events().iter().map(|e| (row::league_id(e), e.fixture.competition));
    let pairs: Vec<String> =
        leagues.cycle().take(64).map(|(id, name)| format!("{id},{}", escaped(name))).collect();
    format!("[{}]", pairs.join(","))
}

#[cfg(test)]
mod tests;
