//! ISPORT (PATH_SESSION): a page whose path carries a token, with the SABA body over Socket.IO.

mod channel;
mod saba;
mod table;

use crate::book::{Book, Provider};
use crate::desk::Desk;
use crate::faults::{Faults, Plan, Trap};
use crate::quote::ExpectedQuote;
use crate::random;
use crate::traffic::{Draft, Outbox, Traffic, Wire};
use crate::world::{World, after};
use antigravity_core::{Fate, Timestamp};
use channel::Channel;
use fastrand::Rng;
use saba::Records;
use std::sync::Arc;

const PROVIDER: &str = Provider::Isport.name();

/// Milliseconds beyond which opening a socket sets every timer again.
const UNOPENED: i64 = 60_000;

/// What a frame does to a perfect reader.
#[derive(Clone, Debug)]
enum Effect {
    /// another session: nothing of the old one stands
    Withdraw,
    /// the records of a channel from now on
    Records(usize, Records),
    /// the same, as a whole snapshot tells them
    Snapshot(usize, Records),
    /// a frame that nobody can read: the socket's records may be others now
    Missed,
}

#[derive(Clone, Copy, Debug)]
enum Task {
    Open,
    Push,
    Ping,
    Keepalive,
}

/// One account's ISPORT page and the server behind it.
#[derive(Debug)]
pub struct Isport {
    seed: u64,
    rng: Rng,
    desk: Desk,
    faults: Faults,
    outbox: Outbox<Effect>,
    /// as the account's pages write it: `S` or `s`
    mark: char,
    host: String,
    token: String,
    page: Wire,
    socket: Wire,
    socket_url: String,
    sockets: u32,
    channels: [Channel; 2],
    pushes: u32,
    open_at: Option<Timestamp>,
    push_at: Timestamp,
    ping_at: Timestamp,
    keepalive_at: Timestamp,
    held: [Records; 2],
    /// something of the channel was missed, and no snapshot has come since
    gap: [bool; 2],
}

impl Isport {
    pub fn new(account: &Arc<str>, seed: u64, world: &World, plan: &Plan) -> Self {
        let purpose = |name: &str| random::stream(seed, &format!("{account}/{PROVIDER}/{name}"));
        let mut rng = purpose("book");
        let start = after(world.now(), rng.i64(200..1500));
        let mark = if account.bytes().map(u32::from).sum::<u32>().is_multiple_of(2) { 's' } else { 'S' };
        let mut book = Self {
            seed,
            desk: Desk::new(purpose("desk"), world),
            faults: Faults::new(plan, seed, world.now(), account, Provider::Isport),
            outbox: Outbox::default(),
            mark,
            host: String::new(),
            token: String::new(),
            page: Wire::new(account, "", ""),
            socket: Wire::new(account, "", ""),
            socket_url: String::new(),
            sockets: 0,
            channels: channels(seed, account, 0),
            pushes: 0,
            open_at: None,
            push_at: after(start, UNOPENED),
            ping_at: after(start, UNOPENED),
            keepalive_at: after(start, UNOPENED),
            held: Default::default(),
            gap: [false; 2],
            rng,
        };
        book.new_session();
        book.load_page(start);
        book
    }

    fn task(&self) -> (Timestamp, Task) {
        let tasks =
            [(self.push_at, Task::Push), (self.ping_at, Task::Ping), (self.keepalive_at, Task::Keepalive)];
        let open = self.open_at.map(|at| (at, Task::Open));
        open.into_iter().chain(tasks).min_by_key(|(at, _)| *at).unwrap_or((self.push_at, Task::Push))
    }

    /// Another host and token, and the page that has them in its path.
    fn new_session(&mut self) {
        self.host = format!("{}.isport.example", random::hex(&mut self.rng, 6));
        self.token = format!("T{}", random::hex(&mut self.rng, 39));
        let account = self.page.account.clone();
        let page = format!("{}/EntryIndex/OpenSports?gid=00000000-0000-0000-0000-000000000000", self.base());
        self.page = Wire::new(&account, &format!("{account}-isport-page-{}", self.sockets + 1), &page);
    }

    /// `https://host/(S(token))`.
    fn base(&self) -> String {
        format!("https://{}/({}({}))", self.host, self.mark, self.token)
    }

    /// The pages before the socket.
    fn load_page(&mut self, at: Timestamp) {
        let page = "<!DOCTYPE html><html><head><title>Sports</title></head><body></body></html>";
        let index =
            self.page.http("GET", &format!("{}/NewIndex?lang=en&webskintype=3", self.base())).html(page);
        self.outbox.push(at, index, None);
        let query = format!("src=/({}({}))/EntryIndex/OpenSports", self.mark, self.token);
        let widget = self.page.http("GET", &format!("https://widgets.example/frame.js?{query}")).json("{}");
        self.outbox.push(after(at, 60), widget.fate(Fate::Unmatched).trap(Trap::UnknownEndpoint), None);
        self.open_at = Some(after(at, 150));
    }

    /// A new socket: its handshake, perhaps deltas too early, then a snapshot of each channel.
    fn open(&mut self, world: &World, at: Timestamp) {
        self.open_at = None;
        self.desk.advance(world);
        let resumed = self.sockets > 0;
        self.sockets += 1;
        let account = self.page.account.clone();
        self.socket = Wire {
            connection: format!("{account}-isport-socket-{}", self.sockets).into(),
            ..self.page.clone()
        };
        self.channels = channels(self.seed, &account, self.sockets);
        let key = random::hex(&mut self.rng, 20);
        self.socket_url =
            format!("wss://push.{}/socket.io/?gid=1&token={key}&EIO=4&transport=websocket", self.host);
        let mut at = self.handshake(at);
        let mut snapshots = Vec::new();
        // What is to come first, so that a match that kicked off is never in both.
        for (number, channel) in self.channels.iter_mut().enumerate().rev() {
            snapshots.push((number, channel.snapshot(world, &self.desk)));
        }
        if resumed {
            for _ in 0..2 {
                at = after(at, 40);
                let early = self.channels[0].early();
                self.outbox.push(at, self.received(early).trap(Trap::SocketChange), None);
            }
        }
        for (number, (frames, records)) in snapshots {
            let last = frames.len() - 1;
            let mut records = Some(records);
            for (place, frame) in frames.into_iter().enumerate() {
                at = after(at, 70);
                let draft = self.received(frame).fate(Fate::Parsed).trap(Trap::AlternativeLines);
                let draft = if last > 0 { draft.trap(Trap::SplitSnapshot) } else { draft };
                let effect = records.take_if(|_| place == last).map(|r| Effect::Snapshot(number, r));
                self.outbox.push(at, draft, effect);
            }
        }
        self.push_at = after(at, 900);
        self.ping_at = after(at, 25_000);
        self.keepalive_at = after(at, 5_000);
    }

    /// Engine.IO and Socket.IO openings, the subscription, and a channel that is not about odds.
    fn handshake(&mut self, at: Timestamp) -> Timestamp {
        let sid = random::hex(&mut self.rng, 20);
        let open = format!(
            "0{{\"sid\":\"{sid}\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}}"
        );
        let site = "42[\"m\",\"b872\",[[\"c\",\"c0\",\"43a7de36-r162\",\"...\"],[\"f\",0,[\"type\",\"siteid\",\"$\",\"isPeakHour\"]],[0,\"reset\"],[0,15,1,\"4267300\",3,1],[0,\"done\"]],\"CrRG\"]";
        let subscribe = "42[\"subscribe\",[[\"odds\",[{\"id\":\"c1\",\"condition\":{\"marketid\":\"L\"}},{\"id\":\"c0\",\"condition\":{\"marketid\":\"T\"}}]]]]";
        let url = self.socket_url.clone();
        let frames = [
            self.socket.received(&url, open),
            self.socket.sent(&url, "40"),
            self.socket.received(&url, format!("40{{\"sid\":\"{sid}\"}}")),
            self.socket.sent(&url, subscribe),
            self.socket.received(&url, site),
        ];
        let mut at = at;
        for draft in frames {
            at = after(at, 45);
            self.outbox.push(at, draft, None);
        }
        at
    }

    fn received(&self, frame: String) -> Draft {
        self.socket.received(&self.socket_url, frame)
    }

    fn push(&mut self, world: &World) {
        let at = self.push_at;
        self.push_at = after(at, self.rng.i64(1_500..2_600));
        if self.faults.due(Trap::TokenRotation, at) {
            return self.rotate(at);
        }
        if self.faults.due(Trap::SocketChange, at) {
            self.open_at = Some(after(at, 200));
            return;
        }
        self.pushes += 1;
        self.desk.advance(world);
        if self.faults.due(Trap::ClosePrice, at) {
            self.channels[1].close_price();
        }
        // What runs changes with each push, what is to come with every second one.
        let mut last = None;
        let [live, today] = &mut self.channels;
        let pushed = [
            live.push(world, &self.desk, |index| today.tells(index)),
            if self.pushes.is_multiple_of(2) { today.push(world, &self.desk, |_| false) } else { None },
        ];
        for (number, pushed) in pushed.into_iter().enumerate() {
            let Some((frame, records, traps)) = pushed else { continue };
            let draft = self.socket.received(&self.socket_url, frame).fate(Fate::Parsed).traps(traps);
            last = Some(draft.clone());
            self.outbox.push(
                after(at, 30 + 40 * number as i64),
                draft,
                Some(Effect::Records(number, records)),
            );
        }
        if let Some(frame) = last
            && self.faults.due(Trap::DuplicateRevision, at)
        {
            self.outbox.push(after(at, 120), frame.fate(Fate::Ignored).trap(Trap::DuplicateRevision), None);
        }
        if self.faults.due(Trap::UnknownField, at) {
            let frame = self.channels[0].unknown_field();
            let draft = self.received(frame).fate(Fate::Rejected).trap(Trap::UnknownField);
            self.outbox.push(after(at, 160), draft, Some(Effect::Missed));
        }
    }

    /// The server sends the page to a path with another token: from the first answer under the new
    /// one, nothing of the old session stands.
    fn rotate(&mut self, at: Timestamp) {
        let away = self.page.http("GET", &format!("{}/CheckSession", self.base())).status(302).html("");
        self.outbox.push(after(at, 40), away.trap(Trap::TokenRotation), None);
        self.new_session();
        let check = self.page.http("GET", &format!("{}/CheckSession", self.base())).json("{\"ok\":true}");
        let check = check.fate(Fate::Ignored).trap(Trap::TokenRotation);
        self.outbox.push(after(at, 140), check, Some(Effect::Withdraw));
        self.load_page(after(at, 200));
        // Nothing more comes under the old token.
        [self.push_at, self.ping_at, self.keepalive_at] = [after(at, UNOPENED); 3];
    }

    fn ping(&mut self) {
        let at = self.ping_at;
        self.ping_at = after(at, 25_000);
        let ping = self.received("2".to_owned()).fate(Fate::Ignored).trap(Trap::Heartbeat);
        self.outbox.push(at, ping, None);
        let pong = self.socket.sent(&self.socket_url, "3").fate(Fate::Ignored).trap(Trap::Heartbeat);
        self.outbox.push(after(at, 2), pong, None);
    }

    fn keepalive(&mut self) {
        let at = self.keepalive_at;
        self.keepalive_at = after(at, 30_000);
        for (delay, path) in [(50, "Statement/BetListMini"), (90, "Heartbeat"), (120, "CheckSession")] {
            let draft = self.page.http("GET", &format!("{}/{path}", self.base())).json("{\"ok\":true}");
            self.outbox.push(after(at, delay), draft.fate(Fate::Ignored).trap(Trap::Heartbeat), None);
        }
    }
}

impl Book for Isport {
    fn account(&self) -> &Arc<str> {
        &self.page.account
    }

    fn provider(&self) -> Provider {
        Provider::Isport
    }

    fn due(&self) -> Timestamp {
        let task = self.task().0;
        self.outbox.due().map_or(task, |at| at.min(task))
    }

    fn step(&mut self, world: &World) -> Option<Traffic> {
        let (at, task) = self.task();
        let Some((traffic, effect)) = self.outbox.pop(at) else {
            match task {
                Task::Open => self.open(world, at),
                Task::Push => self.push(world),
                Task::Ping => self.ping(),
                Task::Keepalive => self.keepalive(),
            }
            return None;
        };
        match effect {
            Some(Effect::Withdraw) => self.held = Default::default(),
            Some(Effect::Records(number, records)) => self.held[number] = records,
            Some(Effect::Snapshot(number, records)) => {
                (self.held[number], self.gap[number]) = (records, false);
            }
            Some(Effect::Missed) => self.gap = [true; 2],
            None => {}
        }
        Some(traffic)
    }

    fn expected(&self, world: &World) -> Vec<ExpectedQuote> {
        let mut quotes = Vec::new();
        for (records, gap) in self.held.iter().zip(self.gap) {
            let first = quotes.len();
            for event in world.events() {
                records.quotes(&self.page.account, event, &mut quotes);
            }
            quotes.iter_mut().skip(first).for_each(|quote| quote.gap = gap);
        }
        quotes.sort_by(|a, b| a.key().cmp(&b.key()));
        quotes
    }
}

/// The channels of one socket: running matches, and those to come.
fn channels(seed: u64, account: &str, socket: u32) -> [Channel; 2] {
    [("b14", true), ("b15", false)].map(|(name, live)| {
        let purpose = format!("{account}/{PROVIDER}/{socket}/{name}");
        Channel::new(name, live, random::stream(seed, &purpose))
    })
}

#[cfg(test)]
mod tests;
