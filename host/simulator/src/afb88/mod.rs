//! AFB88 (EVENT_DRIVEN): a socket for each list of matches, silent until the page subscribes.

mod row;

use crate::book::{Book, Provider};
use crate::desk::{Desk, Kind, on_offer};
use crate::faults::{Faults, Plan, Trap};
use crate::price::{decimal, indonesian};
use crate::quote::ExpectedQuote;
use crate::random;
use crate::traffic::{Draft, Outbox, Traffic, Wire, quoted};
use crate::world::{Event, Half, Phase, World, after};
use antigravity_core::{Fate, Timestamp};
use fastrand::Rng;
use row::{Lined, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PROVIDER: &str = Provider::Afb88.name();

type Rows = BTreeMap<u64, Row>;

/// The lists: running and today.
const LISTS: [char; 2] = ['r', 't'];
/// Pushes for which an alternative line stays away.
const AWAY: u32 = 5;

#[derive(Clone, Copy, Debug)]
enum Task {
    Subscribe,
    Push(usize),
    Beat,
    Noise,
}

/// One list of matches on its socket.
#[derive(Debug)]
struct List {
    wire: Wire,
    url: String,
    push_at: Timestamp,
    pushes: u32,
    /// what the page has according to the server
    sent: Rows,
    /// an alternative line that is gone, and for how many pushes more
    away: Option<(u64, u32)>,
    /// what a perfect reader holds
    held: Rows,
}

/// One account's AFB88 page and the server behind it.
#[derive(Debug)]
pub struct Afb88 {
    account: Arc<str>,
    rng: Rng,
    desk: Desk,
    faults: Faults,
    /// the rows of a list after the frame
    outbox: Outbox<(usize, Rows)>,
    page: Wire,
    lists: [List; 2],
    /// matches whose kick-off a reader has seen; it stays known while they run
    known: BTreeSet<usize>,
    subscribe_at: Option<Timestamp>,
    beat_at: Timestamp,
    noise_at: Timestamp,
}

impl Afb88 {
    pub fn new(account: &Arc<str>, seed: u64, world: &World, plan: &Plan) -> Self {
        let purpose = |name: &str| random::stream(seed, &format!("{account}/{PROVIDER}/{name}"));
        let mut rng = purpose("book");
        let click = after(world.now(), rng.i64(2_000..4_000));
        let login = random::hex(&mut rng, 16);
        let page = "https://api.afb-sports.example/W0V2/Pub/wfMain01.html";
        let list = |list: char| List {
            wire: Wire::new(account, &format!("{account}-afb88-{list}"), page),
            url: format!(
                "wss://ws5.afb-sports.example:8887/fnOddsGen?wst=wsSocAllGen&g=1&ot={list}&accType=ID&LID={login}"
            ),
            // The full's answer sets the first push; until then there is none.
            push_at: after(click, 3_000),
            pushes: 0,
            sent: Rows::new(),
            away: None,
            held: Rows::new(),
        };
        Self {
            account: account.clone(),
            desk: Desk::new(purpose("desk"), world),
            faults: Faults::new(plan, seed, world.now(), account, Provider::Afb88),
            outbox: Outbox::default(),
            page: Wire::new(account, &format!("{account}-afb88-page"), page),
            lists: LISTS.map(list),
            known: BTreeSet::new(),
            subscribe_at: Some(click),
            // Before the subscription the sockets are open and beat, but hold no odds.
            beat_at: after(click, -1_500),
            noise_at: after(click, -1_000),
            rng,
        }
    }

    fn task(&self) -> (Timestamp, Task) {
        let pushes = self.lists.iter().enumerate().map(|(number, list)| (list.push_at, Task::Push(number)));
        let timed = [(self.beat_at, Task::Beat), (self.noise_at, Task::Noise)];
        let subscribe = self.subscribe_at.map(|at| (at, Task::Subscribe));
        let all = subscribe.into_iter().chain(timed).chain(pushes);
        all.min_by_key(|(at, _)| *at).unwrap_or((self.beat_at, Task::Beat))
    }

    /// The person opened the market: the page asks, and each list answers with a full.
    fn subscribe(&mut self, world: &World, at: Timestamp) {
        self.subscribe_at = None;
        self.desk.advance(world);
        for (number, name) in LISTS.into_iter().enumerate() {
            let token = random::hex(&mut self.rng, 32);
            let frame = format!(
                "01[{{\"token\":\"{token}\",\"um\":\"\",\"delay\":\"0\",\"pn\":\"1\",\"tf\":-1,\"betable\":false,\"lang\":\"en\",\"accType\":\"ID\",\"ACT\":\"LOS\",\"DBID\":\"1_1_2\",\"ot\":\"{name}\",\"timess\":null,\"ov\":0,\"mt\":0}}]"
            );
            let list = &self.lists[number];
            self.outbox.push(after(at, 5 * number as i64), list.wire.sent(&list.url, frame), None);
            let full = self.full(world, number);
            self.outbox.push(after(at, 250 + 90 * number as i64), full.0, Some((number, full.1)));
        }
    }

    fn full(&mut self, world: &World, number: usize) -> (Draft, Rows) {
        let rows = self.rows(world, number);
        let session = random::hex(&mut self.rng, 16);
        let leagues = leagues(world, rows.values(), self.rng.bool());
        let name = LISTS[number];
        let header = format!(
            "[1,\"{session}\",\"{name}\",0,1,1,0,1,2,\"EN-AU\",\"1\",1,\"{}\"]",
            random::hex(&mut self.rng, 8)
        );
        // With and without the empty lists behind the leagues.
        let tail = if self.rng.bool() { ",[],[]" } else { "" };
        let mut draft =
            self.frame(number, format!("[{header},[],[],[{leagues}]{tail}]")).trap(Trap::AlternativeLines);
        if rows.values().any(|row| row.total[0].is_some_and(|lined| lined.prices.is_none())) {
            draft = draft.trap(Trap::BareLine);
        }
        self.lists[number].sent.clone_from(&rows);
        (draft, rows)
    }

    fn frame(&self, number: usize, text: String) -> Draft {
        let list = &self.lists[number];
        list.wire.received(&list.url, text).fate(Fate::Parsed)
    }

    fn push(&mut self, world: &World, number: usize) {
        let list = &mut self.lists[number];
        let at = list.push_at;
        let pause = [2_200..4_200, 4_500..8_000][number].clone();
        list.push_at = after(at, self.rng.i64(pause));
        list.pushes += 1;
        if self.subscribe_at.is_some() {
            return;
        }
        self.desk.advance(world);
        if self.faults.due(Trap::Refresh, at) {
            let (full, rows) = self.full(world, number);
            self.outbox.push(at, full.trap(Trap::Refresh), Some((number, rows)));
            return;
        }
        self.move_away(number);
        let rows = self.rows(world, number);
        let Some((frame, traps)) = self.increment(world, number, &rows) else { return };
        let draft = self.frame(number, frame).traps(traps);
        self.lists[number].sent.clone_from(&rows);
        self.outbox.push(at, draft.clone(), Some((number, rows)));
        if self.faults.due(Trap::RepeatedFrame, at) {
            let again = draft.undecided().trap(Trap::RepeatedFrame);
            self.outbox.push(after(at, 130), again, None);
        }
    }

    /// Takes an alternative line off the page for a while, and brings it back.
    fn move_away(&mut self, number: usize) {
        let list = &mut self.lists[number];
        list.away = match list.away {
            Some((id, left)) => left.checked_sub(1).map(|left| (id, left)),
            None if self.rng.u32(0..8) == 0 => {
                let lines: Vec<u64> =
                    list.sent.values().filter(|row| row.rank > 0).map(|row| row.odds_id).collect();
                self.rng.choice(lines).map(|id| (id, AWAY))
            }
            None => None,
        };
    }

    /// The frame from what was sent to `rows`: deletes, new rows by league, whole rows, patches.
    fn increment(&mut self, world: &World, number: usize, rows: &Rows) -> Option<(String, Vec<Trap>)> {
        let sent = std::mem::take(&mut self.lists[number].sent);
        let gone: Vec<String> = sent.keys().filter(|id| !rows.contains_key(id)).map(u64::to_string).collect();
        let added =
            leagues(world, rows.values().filter(|row| !sent.contains_key(&row.odds_id)), self.rng.bool());
        let (mut whole, mut patches, mut traps) = (Vec::new(), Vec::new(), Vec::new());
        for (id, row) in rows {
            let Some((old, event)) = sent.get(id).zip(world.event(row.event)) else { continue };
            if old == row {
                continue;
            }
            // A patch to zeros would leave open whether the market is gone or suspended.
            if self.rng.u32(0..7) == 0 || !row.offers_as(old) {
                whole.push(row.whole(event));
                traps.push(Trap::Replacement);
            } else {
                patches.push(row.patch(old, event));
                traps.push(Trap::Patch);
            }
        }
        if gone.is_empty() && added.is_empty() && whole.is_empty() && patches.is_empty() {
            self.lists[number].sent = sent;
            return None;
        }
        let cursor = random::hex(&mut self.rng, 16);
        let header = format!("[0,\"{cursor}\",\"{}\",0,0,1,0,1,-1,\"eng\"]", LISTS[number]);
        let lists = [gone.join(","), added, whole.join(","), patches.join(",")].join("],[");
        Some((format!("[{header},[],[{lists}]]"), traps))
    }

    /// Every row of a list as the server has it now.
    fn rows(&self, world: &World, number: usize) -> Rows {
        // A match that kicked off runs once the list of today has let go of it.
        let today = &self.lists[1].sent;
        let left = |event: &Event| number == 1 || !today.values().any(|row| row.event == event.index);
        let mine =
            |event: &&Event| event.phase != Phase::Over && event.in_play() == (number == 0) && left(event);
        let away = self.lists[number].away.map(|(id, _)| id);
        let rows = world
            .events()
            .iter()
            .filter(mine)
            .flat_map(|event| (0..2 + event.index % 2).map(|rank| self.row(world, event, rank)));
        rows.filter(|row| Some(row.odds_id) != away).map(|row| (row.odds_id, row)).collect()
    }

    fn row(&self, world: &World, event: &Event, rank: usize) -> Row {
        let (main, running) = (rank == 0, event.in_play());
        let step = [0, -1, 1][rank];
        // The last line of every fifth match is shown without prices.
        let bare = rank == 1 && event.index % 5 == 2;
        let lined = |kind, half| {
            let quarters = self.desk.line(event, kind, half) + step;
            let odds = self.desk.two_way(event, kind, half, quarters).filter(|_| on_offer(event, half))?;
            let bare = bare && kind == Kind::Total;
            Some(Lined { quarters, prices: (!bare).then(|| odds.map(indonesian)) })
        };
        let result = |half| {
            let odds = self.desk.three_way(event, half).filter(|_| main && on_offer(event, half))?;
            Some(odds.map(decimal))
        };
        let odd_even = self.desk.two_way(event, Kind::OddEven, Half::Full, 0).filter(|_| main && !running);
        let open = !event.in_danger(world.now());
        Row {
            odds_id: 20_995_182 + 40 * event.index as u64 + 20 * u64::from(running) + rank as u64,
            event: event.index,
            rank,
            running,
            second_half: event.phase >= Phase::SecondHalf,
            minute: row::minute(event),
            score: event.score,
            open: [open, open && on_offer(event, Half::First)],
            handicap: Half::BOTH.map(|half| lined(Kind::Handicap, half)),
            total: Half::BOTH.map(|half| lined(Kind::Total, half)),
            result: Half::BOTH.map(result),
            odd_even: odd_even.map(|odds| odds.map(indonesian)),
        }
    }

    fn beat(&mut self) {
        let at = self.beat_at;
        self.beat_at = after(at, 30_000);
        for (number, list) in self.lists.iter().enumerate() {
            let delay = 10 * number as i64;
            let beat = list.wire.sent(&list.url, "1").fate(Fate::Ignored).trap(Trap::Heartbeat);
            self.outbox.push(after(at, delay), beat, None);
            let reply = list.wire.received(&list.url, "3").fate(Fate::Ignored).trap(Trap::Heartbeat);
            self.outbox.push(after(at, delay + 55), reply, None);
        }
    }

    fn noise(&mut self) {
        let at = self.noise_at;
        self.noise_at = after(at, 40_000);
        let body = format!("{{\"AccId\":\"DEMO{}7702\",\"Balance\":980.25,\"Cur\":\"USD\"}}", self.account);
        let balance = self.page.http("POST", "https://api.afb-sports.example/W0V2/Pub/pgMain").json(body);
        self.outbox.push(at, balance.fate(Fate::Ignored).trap(Trap::Balance), None);
        let news =
            self.page.http("GET", "https://news.afb-sports.example/ticker/latest").json("[\"Welcome\"]");
        self.outbox.push(after(at, 80), news.fate(Fate::Unmatched).trap(Trap::UnknownEndpoint), None);
    }
}

impl Book for Afb88 {
    fn account(&self) -> &Arc<str> {
        &self.account
    }

    fn provider(&self) -> Provider {
        Provider::Afb88
    }

    fn due(&self) -> Timestamp {
        let task = self.task().0;
        self.outbox.due().map_or(task, |at| at.min(task))
    }

    fn step(&mut self, world: &World) -> Option<Traffic> {
        let (at, task) = self.task();
        let Some((traffic, effect)) = self.outbox.pop(at) else {
            match task {
                Task::Subscribe => self.subscribe(world, at),
                Task::Push(number) => self.push(world, number),
                Task::Beat => self.beat(),
                Task::Noise => self.noise(),
            }
            return None;
        };
        if let Some((number, rows)) = effect {
            self.known.extend(rows.values().filter(|row| row.dated()).map(|row| row.event));
            self.lists[number].held = rows;
        }
        Some(traffic)
    }

    fn expected(&self, world: &World) -> Vec<ExpectedQuote> {
        let mut quotes = Vec::new();
        for row in self.lists.iter().flat_map(|list| list.held.values()) {
            if let Some(event) = world.event(row.event) {
                row.quotes(&self.account, event, self.known.contains(&row.event), &mut quotes);
            }
        }
        quotes.sort_by(|a, b| a.key().cmp(&b.key()));
        quotes
    }
}

/// Rows by league, in both shapes that were seen: the rows behind the league's list, or in it.
fn leagues<'a>(world: &World, rows: impl Iterator<Item = &'a Row>, inside: bool) -> String {
    let mut leagues: BTreeMap<(u64, &str), Vec<String>> = BTreeMap::new();
    for row in rows {
        let Some(event) = world.event(row.event) else { continue };
        leagues.entry((row::league_id(event), event.fixture.competition)).or_default().push(row.whole(event));
    }
    let text = |((id, name), rows): ((u64, &str), Vec<String>)| {
        let league = format!("{id},{},0,400", quoted(&name.to_uppercase()));
        let rows = rows.join(",");
        if inside { format!("[{league},[{rows}]]") } else { format!("[[{league}],[{rows}]]") }
    };
    leagues.into_iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;
