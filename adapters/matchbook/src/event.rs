//! What an answer says of an event.

use crate::market::Standing;
use antigravity_sdk::prelude::*;
use antigravity_sdk::time;

const KEYS: [Key; 7] = [
    Key::new("id"),
    Key::new("name"),
    Key::new("sport-id"),
    Key::new("start"),
    Key::new("status"),
    Key::new("in-running-flag"),
    Key::new("meta-tags"),
];
const TAG: [Key; 2] = [Key::new("type"), Key::new("name")];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub id: String,
    pub sport: Sport,
    /// Both teams or players, home first, where the event's name tells them.
    pub teams: Option<[String; 2]>,
    title: Option<String>,
    competition: Option<String>,
    starts_at: Option<i64>,
    in_play: bool,
    pub standing: Standing,
}

impl Facts {
    /// # Errors
    /// What is missing or cannot be read.
    pub fn read(event: Value<'_>) -> Result<Self, &'static str> {
        let [id, name, sport, start, status, in_play, tags] = event.fields(KEYS);
        let name = name.and_then(Value::str).map(|name| squeezed(&name)).filter(|name| !name.is_empty());
        let teams = name.as_deref().and_then(teams);
        Ok(Self {
            id: id.and_then(Value::text).ok_or("an event without `id`")?.into_owned(),
            sport: Sport::of(sport.and_then(Value::u64).ok_or("an event without `sport-id`")?),
            title: name.filter(|_| teams.is_none()),
            teams,
            competition: competition(tags),
            starts_at: start.and_then(Value::str).and_then(|start| time::rfc3339(&start)),
            in_play: in_play.and_then(Value::bool).unwrap_or(false),
            standing: Standing::of(status).ok_or("an event without `status`")?,
        })
    }

    pub fn show(&self, place: &mut EventPlace, sheet: &mut Sheet) -> Event {
        let [home, away] = match &self.teams {
            Some([home, away]) => [Some(home.as_str()), Some(away.as_str())],
            None => [None, None],
        };
        place.show(
            sheet,
            &EventInfo {
                id: &self.id,
                sport: Some(&self.sport.name()),
                competition: self.competition.as_deref(),
                title: self.title.as_deref(),
                home,
                away,
                score: None,
                starts_at: self.starts_at,
                in_play: self.in_play,
            },
        )
    }
}

/// With single spaces: some names have two around `at`.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Home and away of `Home vs Away` and `Away at Home`.
fn teams(name: &str) -> Option<[String; 2]> {
    let two = |separator: &str| {
        let (first, second) = name.split_once(separator)?;
        (!second.contains(separator)).then_some([first, second])
    };
    let sides = match (two(" vs "), two(" at ")) {
        (Some(sides), None) => sides,
        (None, Some([away, home])) => [home, away],
        _ => return None,
    };
    sides.iter().all(|side| !side.is_empty()).then(|| sides.map(str::to_owned))
}

/// The tag of type `COMPETITION`, where there is one. Of several nothing says which it is.
fn competition(tags: Option<Value<'_>>) -> Option<String> {
    let mut found = tags?.items().filter_map(|tag| {
        let [kind, name] = tag.fields(TAG);
        (kind?.plain()? == b"COMPETITION").then_some(name?.str()?)
    });
    let only = found.next()?;
    found.next().is_none().then(|| only.into_owned())
}

/// A sport by `sport-id`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sport(u64);

impl Sport {
    pub const SOCCER: Self = Self(15);

    const fn of(id: u64) -> Self {
        Self(id)
    }

    fn name(self) -> String {
        match self.0 {
            1 | 2 => "american-football",
            3 => "baseball",
            4 | 5 => "basketball",
            6 => "ice-hockey",
            8 => "golf",
            9 => "tennis",
            13 => "motor-racing",
            14 => "boxing",
            15 => "soccer",
            18 => "rugby-union",
            110 => "cricket",
            114 => "rugby-league",
            115 => "cycling",
            116 => "darts",
            120 => "snooker",
            123 => "esports",
            126 => "mma",
            24_735_152_712_200 => "horse-racing",
            241_798_357_140_019 => "greyhound-racing",
            id => return format!("other:{id}"),
        }
        .to_owned()
    }

    /// Baseball, basketball, ice hockey and tennis are played until somebody has won.
    pub const fn never_drawn(self) -> bool {
        matches!(self.0, 3 | 4 | 5 | 6 | 9)
    }
}
