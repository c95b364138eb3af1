//! A frame: `[header, ?, deletes, leagues, rows, patches]`, and what all frames so far say.

use crate::event::{EventKey, Fixture, Said};
use crate::row::{self, Row};
use antigravity_sdk::Level;
use antigravity_sdk::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// The list a frame is about. They stand side by side: a full replaces its own only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Running = 0,
    Today = 1,
    Early = 2,
}

impl List {
    fn from_letter(letter: &str) -> Option<Self> {
        match letter {
            "r" => Some(Self::Running),
            "t" => Some(Self::Today),
            "e" => Some(Self::Early),
            _ => None,
        }
    }

    pub const fn scope(self) -> u64 {
        self as u64 + 1
    }
}

/// A frame whose outer shape is in order.
#[derive(Debug)]
pub struct Frame<'a> {
    full: bool,
    list: List,
    /// Deletes, leagues, rows, patches.
    parts: [Option<Value<'a>>; 4],
}

const PARTS: [&str; 4] = ["deletes [2]", "leagues [3]", "rows [4]", "patches [5]"];

impl<'a> Frame<'a> {
    /// # Errors
    /// Where the header does not say what the frame is, or a part is no list.
    pub fn read(frame: Value<'a>) -> Result<Self, Rejection> {
        let mut items = frame.items();
        let header = items.next().ok_or_else(|| missing("header [0]"))?;
        let full = header.at(0).and_then(Value::i64).ok_or_else(|| bad("header [0][0]"))? == 1;
        let list = header.at(2).and_then(Value::str).and_then(|letter| List::from_letter(&letter));
        let list = list.ok_or_else(|| bad("header [0][2]"))?;
        let mut parts = [None; 4];
        for ((part, name), value) in parts.iter_mut().zip(PARTS).zip(items.skip(1)) {
            *part = match value.kind() {
                Kind::Array => Some(value),
                Kind::Null => None,
                _ => return Err(bad(name)),
            };
        }
        if full && parts[1].is_none() {
            return Err(missing(PARTS[1]));
        }
        Ok(Self { full, list, parts })
    }

    fn part(&self, index: usize) -> impl Iterator<Item = Value<'a>> + use<'a> {
        self.parts[index].into_iter().flat_map(Value::items)
    }
}

/// The reading of one frame.
#[derive(Debug)]
pub struct Turn<'s> {
    pub sheet: &'s mut Sheet,
    pub list: List,
    pub format: PriceFormat,
    /// The packet's time in nanoseconds.
    at: i64,
    /// Rows and deletes that were read.
    good: u32,
    bad: u32,
}

impl Turn<'_> {
    pub fn bad(&mut self, why: &str) {
        self.bad += 1;
        self.sheet.bad_row(why);
    }
}

/// All rows that stand, with their events and leagues.
#[derive(Debug, Default)]
pub struct Book {
    rows: FxHashMap<u64, Row>,
    fixtures: FxHashMap<EventKey, Fixture>,
    /// Names, with the number of the last full when they were said.
    leagues: FxHashMap<u64, (String, u32)>,
    /// Of each list.
    formats: [Option<PriceFormat>; 3],
    /// Number of the full that is being read, or was read last.
    round: u32,
}

impl Book {
    /// # Errors
    /// Where a full has rows and none can be used: what stands is then as before.
    pub fn apply(
        &mut self,
        frame: &Frame<'_>,
        format: PriceFormat,
        at: i64,
        sheet: &mut Sheet,
    ) -> Result<(), Rejection> {
        let list = frame.list;
        if !frame.full && self.formats[list as usize].is_some_and(|known| known != format) {
            sheet.log(
                Level::Warn,
                "an increment has another price format than its list's full: waiting for a full",
            );
            sheet.gap(list.scope());
            return Ok(());
        }
        if frame.full {
            self.round = self.round.wrapping_add(1);
            sheet.snapshot_begin(list.scope());
        }
        let mut turn = Turn { sheet, list, format, at, good: 0, bad: 0 };
        for id in frame.part(0) {
            self.delete(id, &mut turn);
        }
        for league in frame.part(1) {
            self.league(league, &mut turn);
        }
        for row in frame.part(2) {
            self.whole(row, &mut turn);
        }
        for patch in frame.part(3) {
            self.patch(patch, &mut turn);
        }
        if frame.full {
            if turn.good == 0 && turn.bad > 0 {
                return Err(reject(Reason::BadValue, "no row of a full can be read"));
            }
            self.end_full(&mut turn);
        }
        self.formats[list as usize] = Some(format);
        Ok(())
    }

    /// Rows of the list that its full does not hold are gone; the host sees it by the snapshot.
    fn end_full(&mut self, turn: &mut Turn<'_>) {
        let (round, list) = (self.round, turn.list);
        self.rows.retain(|_, row| row.list != list || row.named == round);
        let events: FxHashSet<EventKey> = self.rows.values().map(|row| row.event).collect();
        self.fixtures.retain(|key, fixture| events.contains(key) || fixture.may_come_to_run(turn.at));
        let used: FxHashSet<u64> = events.iter().map(|key| key.0).collect();
        self.leagues.retain(|id, (_, said)| *said == round || used.contains(id));
        turn.sheet.snapshot_end(list.scope());
        let from_this = self.rows.values().all(|row| row.list == list)
            && self.fixtures.values().all(|fixture| !fixture.is_remembered(round))
            && self.leagues.values().all(|(_, said)| *said == round);
        if from_this {
            turn.sheet.snapshot_complete();
        }
    }

    fn delete(&mut self, id: Value<'_>, turn: &mut Turn<'_>) {
        let Some(id) = id.u64() else { return turn.bad("a deleted odds id is no number") };
        // A list's delete does not reach a row that went to another list.
        if self.rows.get(&id).is_some_and(|row| row.list == turn.list)
            && let Some(mut row) = self.rows.remove(&id)
        {
            row.clear(turn.sheet);
            turn.good += 1;
        }
    }

    /// `[id, name, …, [rows]]` or `[[id, name, …], [rows]]`.
    fn league(&mut self, league: Value<'_>, turn: &mut Turn<'_>) {
        let header = league.at(0).filter(|first| first.kind() == Kind::Array).unwrap_or(league);
        let (id, name) = (header.at(0).and_then(Value::u64), header.at(1).and_then(Value::str));
        let rows = league.items().skip(1).find(|value| value.kind() == Kind::Array);
        let (Some(id), Some(rows)) = (id, rows) else {
            return turn.bad("a league has no id or no rows");
        };
        if let Some(name) = name {
            self.leagues.insert(id, (name.into_owned(), self.round));
        }
        for row in rows.items() {
            self.whole(row, turn);
        }
    }

    fn whole(&mut self, row: Value<'_>, turn: &mut Turn<'_>) {
        let (id, event) = match row::identify(row) {
            Ok(found) => found,
            Err(problem) => return turn.bad(problem),
        };
        turn.good += 1;
        let fixture = self.fixtures.entry(event).or_insert_with(|| Fixture::new(event));
        let stored = self.rows.entry(id).or_insert_with(|| Row::new(id, event, turn.list));
        if stored.event != event {
            stored.clear(turn.sheet);
            stored.event = event;
        }
        stored.named = self.round;
        stored.keep_all(row, turn);
        let (home, away, start) = (row::text(row.at(13)), row::text(row.at(14)), row::text(row.at(55)));
        let said = Said {
            competition: self.leagues.get(&event.0).map(|(name, _)| name.as_str()),
            home: home.as_deref(),
            away: away.as_deref(),
            start: start.as_deref(),
        };
        fixture.learn(&said, self.round);
        fixture.play(turn.list == List::Running, stored.score());
        let shown = fixture.show(turn.sheet);
        if stored.list == turn.list {
            stored.show_all(shown, turn);
        } else {
            let before = stored.leave_list(turn.list);
            stored.show_all(shown, turn);
            stored.drop_others(&before, turn.sheet);
        }
    }

    /// `[odds id, [positions], [values]]`. One of a row that is not in the list is passed over.
    fn patch(&mut self, patch: Value<'_>, turn: &mut Turn<'_>) {
        let list_at = |index| patch.at(index).filter(|value| value.kind() == Kind::Array);
        let id = patch.at(0).and_then(Value::u64);
        let (Some(id), Some(positions), Some(values)) = (id, list_at(1), list_at(2)) else {
            return turn.bad("a patch is not an odds id, positions and values");
        };
        let places =
            || positions.items().map(|position| position.u64().and_then(|p| usize::try_from(p).ok()));
        if positions.len() != values.len()
            || places().any(|p| p.is_none_or(|p| p >= 64 || row::is_identity(p)))
        {
            return turn.bad("a patch has other positions than values, or one that no patch may change");
        }
        let Some(row) = self.rows.get_mut(&id).filter(|row| row.list == turn.list) else { return };
        let Some(fixture) = self.fixtures.get_mut(&row.event) else { return };
        turn.good += 1;
        let mut touched = 0u64;
        let (mut home, mut away, mut start) = (None, None, None);
        for (position, value) in places().flatten().zip(values.items()) {
            touched |= 1 << position;
            match position {
                13 => home = row::text(Some(value)),
                14 => away = row::text(Some(value)),
                55 => start = row::text(Some(value)),
                _ => row.keep(position, Some(value), turn),
            }
        }
        let said =
            Said { competition: None, home: home.as_deref(), away: away.as_deref(), start: start.as_deref() };
        fixture.learn(&said, self.round);
        fixture.play(turn.list == List::Running, row.score());
        let shown = fixture.show(turn.sheet);
        row.show_changed(touched, shown, turn);
    }
}
