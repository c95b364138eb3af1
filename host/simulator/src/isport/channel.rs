//! One channel of the SABA push: what the server has told, and the frames that tell the rest.

use super::saba::{BetType, Match, Odds, Records, Status, league, league_id, match_id, odds_id};
use super::table::Table;
use crate::desk::{Desk, Kind, on_offer};
use crate::faults::Trap;
use crate::price::{decimal, malay};
use crate::random;
use crate::traffic::quoted;
use crate::world::{Event, Half, Phase, World};
use fastrand::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of odds in one frame of a snapshot.
const SNAPSHOT_ROWS: usize = 40;
/// Pushes for which a deleted or closed record stays away.
const AWAY: u32 = 4;

/// A channel of one connection.
#[derive(Clone, Debug)]
pub struct Channel {
    name: &'static str,
    live: bool,
    table: Table,
    rng: Rng,
    told: Records,
    /// lines that are deleted, and for how many pushes more
    away: BTreeMap<u64, u32>,
    /// a record whose prices are closed, and for how many pushes more
    closed: Option<(u64, u32)>,
}

impl Channel {
    pub fn new(name: &'static str, live: bool, mut rng: Rng) -> Self {
        let table = Table::new(&mut rng);
        let (told, away) = (Records::default(), BTreeMap::new());
        Self { name, live, table, rng, told, away, closed: None }
    }

    /// The frames of a snapshot: the last one completes it.
    pub fn snapshot(&mut self, world: &World, desk: &Desk) -> (Vec<String>, Records) {
        self.told = self.target(world, desk);
        let [first, rest] = self.table.declaration();
        let opening = if self.rng.bool() { "reset" } else { "empty" };
        let mut rows = vec![self.cursor(), first, rest, format!("[0,\"{opening}\"]")];
        let mut leagues = BTreeSet::new();
        for (&index, found) in &self.told.matches {
            let Some(event) = world.event(index) else { continue };
            if leagues.insert(league_id(event)) {
                rows.push(self.table.row("l", &league(event), &mut self.rng));
            }
            rows.push(self.table.row("m", &found.record(event), &mut self.rng));
        }
        let one_revision = self.rng.bool();
        let mut revision = self.revision();
        let odds: Vec<Odds> = self.told.odds.values().cloned().collect();
        let mut frames = Vec::new();
        for chunk in odds.chunks(SNAPSHOT_ROWS) {
            frames.push(self.frame(&rows, &revision));
            if !one_revision {
                revision = self.revision();
            }
            rows = chunk.iter().map(|odds| self.table.row("o", &odds.record(), &mut self.rng)).collect();
        }
        rows.push("[0,\"done\"]".to_owned());
        frames.push(self.frame(&rows, &revision));
        (frames, self.told.clone())
    }

    /// Whether the channel still has a match.
    pub fn tells(&self, index: usize) -> bool {
        self.told.matches.contains_key(&index)
    }

    /// The frame that leads from what was told to what is, if anything changed. Matches that are
    /// `elsewhere` still come later.
    pub fn push(
        &mut self,
        world: &World,
        desk: &Desk,
        elsewhere: impl Fn(usize) -> bool,
    ) -> Option<(String, Records, Vec<Trap>)> {
        self.come_back();
        if self.rng.u32(0..12) == 0 {
            self.send_away();
        }
        let mut target = self.target(world, desk);
        let early: Vec<usize> = target.matches.keys().copied().filter(|index| elsewhere(*index)).collect();
        for index in early {
            target.remove_match(index);
        }
        let mut traps = Vec::new();
        let mut rows = Vec::new();
        for index in self.told.matches.keys().filter(|index| !target.matches.contains_key(index)) {
            let kind = if index % 2 == 0 { "-m" } else { "dm" };
            let key = vec![("matchid", match_id(*index).to_string())];
            rows.push(self.table.row(kind, &key, &mut self.rng));
        }
        let gone = self.told.odds.values().filter(|odds| target.matches.contains_key(&odds.event));
        for odds in gone.filter(|odds| !target.odds.contains_key(&odds.id)) {
            let kind = if odds.event % 2 == 0 { "-o" } else { "do" };
            rows.push(self.table.row(kind, &Odds::key(odds.id), &mut self.rng));
        }
        if !rows.is_empty() {
            traps.push(Trap::Deletion);
        }
        for (index, found) in &target.matches {
            let Some(event) = world.event(*index) else { continue };
            match self.told.matches.get(index) {
                None => {
                    rows.push(self.table.row("l", &league(event), &mut self.rng));
                    rows.push(self.table.row("m", &found.record(event), &mut self.rng));
                }
                Some(told) if told.score != found.score => {
                    rows.push(self.table.row("m", &found.score_change(event), &mut self.rng));
                }
                Some(_) => {}
            }
        }
        for odds in target.odds.values() {
            let old = self.told.odds.get(&odds.id);
            let Some(fields) = old.map_or_else(|| Some(odds.record()), |old| odds.change(old)) else {
                continue;
            };
            rows.push(self.table.row("o", &fields, &mut self.rng));
            if old
                .is_some_and(|old| (old.status == Status::ClosePrice) != (odds.status == Status::ClosePrice))
            {
                traps.push(Trap::ClosePrice);
            }
        }
        if rows.is_empty() {
            return None;
        }
        self.other_records(&mut rows);
        self.told.clone_from(&target);
        let revision = self.revision();
        Some((self.frame(&rows, &revision), target, traps))
    }

    /// Records of kinds that hold no odds.
    fn other_records(&mut self, rows: &mut Vec<String>) {
        let Some(index) = self.told.matches.keys().next().copied() else { return };
        let id = ("matchid", match_id(index).to_string());
        let fields = match self.rng.u32(0..6) {
            0 => ("ls", vec![id, ("injurytime", "1".to_owned())]),
            1 => ("st", vec![id, ("siteid", quoted("4267300"))]),
            2 => ("b", vec![("bettype", "1".to_owned()), ("enable", "1".to_owned())]),
            _ => return,
        };
        rows.push(self.table.row(fields.0, &fields.1, &mut self.rng));
    }

    /// A change that nobody asked for, written with this channel's table: what a socket may send
    /// before its snapshot.
    pub fn early(&mut self) -> String {
        let row = self.stray_row();
        let revision = self.revision();
        self.frame(&[row], &revision)
    }

    /// A good row beside one with an index that the table does not have.
    pub fn unknown_field(&mut self) -> String {
        let good = self.stray_row();
        let bad = format!("[0,\"o\",{},7]", self.table.unknown());
        let revision = self.revision();
        self.frame(&[good, bad], &revision)
    }

    fn stray_row(&mut self) -> String {
        let id = self.told.odds.keys().next().copied().unwrap_or_default();
        let fields = [Odds::key(id), vec![("odds1a", "0.33".to_owned())]].concat();
        self.table.row("o", &fields, &mut self.rng)
    }

    /// Closes the prices of a line for a while.
    pub fn close_price(&mut self) {
        let line = self.told.odds.values().find(|odds| odds.bet == BetType::Total && odds.id % 10 == 1);
        self.closed = line.map(|odds| (odds.id, AWAY));
    }

    fn send_away(&mut self) {
        let lines: Vec<u64> = self.told.odds.keys().copied().filter(|id| id % 10 == 2).collect();
        if let Some(&id) = self.rng.choice(&lines) {
            self.away.insert(id, AWAY);
        }
    }

    fn come_back(&mut self) {
        self.away.retain(|_, pushes| {
            *pushes -= 1;
            *pushes > 0
        });
        self.closed = self.closed.and_then(|(id, pushes)| pushes.checked_sub(1).map(|left| (id, left)));
    }

    fn target(&self, world: &World, desk: &Desk) -> Records {
        let mut target = Records::default();
        let mine = |event: &&Event| event.phase != Phase::Over && event.in_play() == self.live;
        for event in world.events().iter().filter(mine) {
            target.matches.insert(event.index, Match { live: self.live, score: event.score });
            let odds = BetType::ALL.into_iter().flat_map(|bet| offers(world, desk, event, bet));
            target
                .odds
                .extend(odds.filter(|odds| !self.away.contains_key(&odds.id)).map(|odds| (odds.id, odds)));
        }
        // A closed record keeps its values, so that the change that opens it names none of them.
        if let Some((id, left)) = self.closed
            && let (Some(told), Some(odds)) = (self.told.odds.get(&id), target.odds.get_mut(&id))
        {
            let status = if left == 0 { Status::Running } else { Status::ClosePrice };
            *odds = Odds { status, ..told.clone() };
        }
        target
    }

    fn cursor(&mut self) -> String {
        let mark = random::hex(&mut self.rng, 8);
        format!("[\"c\",\"c{}\",\"{mark}-r162\",\"...\"]", u8::from(self.live))
    }

    fn revision(&mut self) -> String {
        (0..6).map(|_| self.rng.alphanumeric()).collect()
    }

    fn frame(&self, rows: &[String], revision: &str) -> String {
        format!("42[\"m\",\"{}\",[{}],\"{revision}\"]", self.name, rows.join(","))
    }
}

/// The records of one bet type: a main line and, of full-time markets, one to each side.
fn offers(world: &World, desk: &Desk, event: &Event, bet: BetType) -> Vec<Odds> {
    let half = bet.half();
    let status = if event.in_danger(world.now()) { Status::Suspend } else { Status::Running };
    let odds = |rank, quarters, prices| Odds {
        id: odds_id(event.index, bet, rank),
        event: event.index,
        bet,
        status,
        quarters,
        prices,
        max_bet: [300, 500, 1000][event.index % 3],
    };
    if !on_offer(event, half) {
        return Vec::new();
    }
    let kind = match bet {
        BetType::Handicap | BetType::FirstHandicap => Kind::Handicap,
        BetType::Total | BetType::FirstTotal => Kind::Total,
        BetType::Result | BetType::FirstResult => {
            let prices = desk.three_way(event, half).map(|odds| odds.map(decimal).to_vec());
            return prices.map(|prices| odds(0, 0, prices)).into_iter().collect();
        }
    };
    let main = desk.line(event, kind, half);
    let steps: &[i32] = if half == Half::Full { &[0, -1, 1] } else { &[0] };
    let line = |(rank, step): (usize, &i32)| {
        let prices = desk.two_way(event, kind, half, main + step)?.map(malay).to_vec();
        Some(odds(rank, main + step, prices))
    };
    steps.iter().enumerate().filter_map(line).collect()
}
