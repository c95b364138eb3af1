//! What is known of an event: several rows (odds ids) may be about one.

use antigravity_sdk::prelude::*;
use antigravity_sdk::time;

/// League, home and away: positions 61, 11 and 12.
pub type EventKey = (u64, u64, u64);

/// Kick-offs stand in this zone.
const ZONE_HOURS: i8 = 8;

const HOUR: i64 = 3_600_000_000_000;
/// How long before and after its kick-off a match that stands in no list may come back as a running one.
const EARLIEST: i64 = -HOUR;
const LATEST: i64 = 3 * HOUR;

#[derive(Debug)]
pub struct Fixture {
    id: String,
    competition: Option<String>,
    home: Option<String>,
    away: Option<String>,
    start_text: String,
    starts_at: Option<i64>,
    score: Option<((i64, i64), String)>,
    in_play: bool,
    /// Number of the last full, when its rows last said names and kick-off.
    names_said: u32,
    start_said: u32,
    place: EventPlace,
}

/// What one row, or a patch of one, says of its event; what is `None` is not said.
#[derive(Debug, Default)]
pub struct Said<'a> {
    pub competition: Option<&'a str>,
    pub home: Option<&'a str>,
    pub away: Option<&'a str>,
    pub start: Option<&'a str>,
}

impl Fixture {
    pub fn new(key: EventKey) -> Self {
        Self {
            id: format!("{}_{}_{}", key.0, key.1, key.2),
            competition: None,
            home: None,
            away: None,
            start_text: String::new(),
            starts_at: None,
            score: None,
            in_play: false,
            names_said: 0,
            start_said: 0,
            place: EventPlace::default(),
        }
    }

    /// Takes what is said; names and a kick-off that were said once stay.
    pub fn learn(&mut self, said: &Said<'_>, round: u32) {
        replace(&mut self.competition, said.competition);
        replace(&mut self.home, said.home);
        replace(&mut self.away, said.away);
        if said.home.is_some() && said.away.is_some() {
            self.names_said = round;
        }
        let Some(text) = said.start else { return };
        if text != self.start_text {
            let Some(start) = kick_off(text) else { return };
            text.clone_into(&mut self.start_text);
            self.starts_at = Some(start);
        }
        self.start_said = round;
    }

    /// `score`: home's and away's goals, which count only while the event runs.
    pub fn play(&mut self, in_play: bool, score: Option<(i64, i64)>) {
        self.in_play = in_play;
        let score = score.filter(|_| in_play);
        if self.score.as_ref().map(|(goals, _)| *goals) != score {
            self.score = score.map(|goals| (goals, format!("{}-{}", goals.0, goals.1)));
        }
    }

    pub fn show(&mut self, sheet: &mut Sheet) -> Event {
        let info = EventInfo {
            id: &self.id,
            sport: Some("soccer"),
            competition: self.competition.as_deref(),
            title: None,
            home: self.home.as_deref(),
            away: self.away.as_deref(),
            score: self.score.as_ref().map(|(_, text)| text.as_str()),
            starts_at: self.starts_at,
            in_play: self.in_play,
        };
        self.place.show(sheet, &info)
    }

    /// Whether the running list may name it next: a match that kicks off leaves today's list before that,
    /// and a running one does not say when it began. `at`: the packet's time in nanoseconds.
    pub fn may_come_to_run(&self, at: i64) -> bool {
        let since = self.starts_at.map(|start| at.saturating_sub(start));
        !self.in_play && since.is_some_and(|since| (EARLIEST..=LATEST).contains(&since))
    }

    /// Whether something of it was said only before the full number `round`.
    pub fn is_remembered(&self, round: u32) -> bool {
        let named = self.home.is_some() || self.away.is_some();
        (named && self.names_said != round) || (self.starts_at.is_some() && self.start_said != round)
    }
}

fn replace(known: &mut Option<String>, said: Option<&str>) {
    if said.is_some() && known.as_deref() != said {
        *known = said.map(str::to_owned);
    }
}

/// `2026-02-05 20:00:00`; a date alone is no kick-off.
fn kick_off(text: &str) -> Option<i64> {
    if text.contains(':') { time::civil(text, ZONE_HOURS) } else { None }
}
