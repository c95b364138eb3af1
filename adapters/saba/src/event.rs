//! One event: what the streams told of it, merged field by field.

use antigravity_sdk::prelude::*;
use antigravity_sdk::time;

const KEYS: [Key; 9] = [
    Key::new("sportType"),
    Key::new("leagueName"),
    Key::new("eventStatus"),
    Key::new("kickOffTime"),
    Key::new("isLive"),
    Key::new("isTest"),
    Key::new("isVirtualEvent"),
    Key::new("teamInfo"),
    Key::new("gameInfo"),
];
const TEAMS: [Key; 2] = [Key::new("homeName"), Key::new("awayName")];
const SCORE: [Key; 2] = [Key::new("liveHomeScore"), Key::new("liveAwayScore")];

/// Why something cannot be read.
pub type Bad = &'static str;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    sport: Option<i64>,
    league: Option<String>,
    home: Option<String>,
    away: Option<String>,
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    kick_off: Option<i64>,
    live: Option<bool>,
    score: [Option<u64>; 2],
    /// Closed, postponed or deleted.
    over: bool,
    test: bool,
    simulated: bool,
}

impl Facts {
    /// With the fields of a row merged in.
    ///
    /// # Errors
    /// Where one of them has a value it cannot have.
    pub fn merged(mut self, event: Value<'_>) -> Result<Self, Bad> {
        let fields = event.fields(KEYS).map(|field| field.filter(|value| !value.is_null()));
        let [sport, league, status, kick_off, live, test, simulated, teams, score] = fields;
        if let Some(sport) = sport {
            self.sport = Some(sport.i64().ok_or("an event's `sportType` that is no number")?);
        }
        if let Some(league) = league {
            self.league = name(league)?;
        }
        if let Some(status) = status {
            self.over = status.plain().ok_or("an event's status that is no text")? != b"running";
        }
        if let Some(time) = kick_off {
            let text = time.str().ok_or("a `kickOffTime` that is no text")?;
            let told = time::civil(&text, 0).or_else(|| time::rfc3339(&text));
            self.kick_off = Some(told.ok_or("a `kickOffTime` that is no time")?);
        }
        for (flag, told) in [(&mut self.test, test), (&mut self.simulated, simulated)] {
            *flag = told.map_or(Some(*flag), Value::bool).ok_or("a flag that is neither true nor false")?;
        }
        if let Some(live) = live {
            self.live = Some(live.bool().ok_or("an `isLive` that is neither true nor false")?);
        }
        if let Some(teams) = teams {
            for (side, told) in [&mut self.home, &mut self.away].into_iter().zip(teams.fields(TEAMS)) {
                if let Some(told) = told {
                    *side = name(told)?;
                }
            }
        }
        if let Some(score) = score {
            for (goals, told) in self.score.iter_mut().zip(score.fields(SCORE)) {
                *goals = told.map_or(*goals, Value::u64);
            }
        }
        Ok(self)
    }

    /// Whether its markets can be shown. Virtual events are no soccer, whatever their number says.
    pub const fn shows(&self) -> bool {
        !self.over && !self.test && !self.simulated && matches!(self.sport, None | Some(1))
    }

    /// The event, said again where something about it changed. `live`: what its market says, which
    /// counts where the event says nothing.
    pub fn show(&self, id: u64, live: bool, place: &mut EventPlace, sheet: &mut Sheet) -> Event {
        let in_play = self.live.unwrap_or(live);
        let score = match self.score {
            [Some(home), Some(away)] if in_play => Some(format!("{home}-{away}")),
            _ => None,
        };
        place.show(
            sheet,
            &EventInfo {
                id: &id.to_string(),
                sport: Some("soccer"),
                competition: self.league.as_deref(),
                title: None,
                home: self.home.as_deref(),
                away: self.away.as_deref(),
                score: score.as_deref(),
                starts_at: self.kick_off,
                in_play,
            },
        )
    }
}

fn name(value: Value<'_>) -> Result<Option<String>, Bad> {
    let text = if value.is_null() { "".into() } else { value.str().ok_or("a name that is no text")? };
    Ok((!text.trim().is_empty()).then(|| text.into_owned()))
}
