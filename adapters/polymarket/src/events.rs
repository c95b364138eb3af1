//! What is known of events, from whichever Gamma answer said it.

use antigravity_sdk::{Event, EventInfo, EventPlace, Key, Sheet, Value, time};
use rustc_hash::FxHashMap;

const EVENT: [Key; 7] = [
    Key::new("id"),
    Key::new("title"),
    Key::new("startTime"),
    Key::new("live"),
    Key::new("teams"),
    Key::new("tags"),
    Key::new("sport"),
];
const TEAM: [Key; 3] = [Key::new("ordering"), Key::new("name"), Key::new("alias")];
const SLUG: Key = Key::new("slug");
const SPORT: Key = Key::new("sport");

/// Sports by the tags and league codes that Gamma gives, and whether a match of that league always has a
/// winner: a two-way price is a moneyline only where no draw is possible.
const SPORTS: [(&str, &str, bool); 19] = [
    ("nba", "basketball", true),
    ("wnba", "basketball", true),
    ("ncaab", "basketball", true),
    ("cbb", "basketball", true),
    ("basketball", "basketball", false),
    ("mlb", "baseball", true),
    ("baseball", "baseball", false),
    ("nhl", "ice-hockey", true),
    ("hockey", "ice-hockey", false),
    ("tennis", "tennis", true),
    ("atp", "tennis", true),
    ("wta", "tennis", true),
    ("nfl", "american-football", false),
    ("cfb", "american-football", false),
    ("soccer", "soccer", false),
    ("epl", "soccer", false),
    ("cricket", "cricket", false),
    ("ufc", "mma", false),
    ("esports", "esports", false),
];

#[derive(Debug, Default)]
pub struct Events {
    known: Vec<Known>,
    ids: FxHashMap<String, usize>,
}

/// One event. An answer that says less takes nothing back.
#[derive(Debug, Default)]
pub struct Known {
    id: String,
    title: Option<String>,
    sport: Option<&'static str>,
    /// Whether a match of its league always has a winner.
    pub drawless: bool,
    /// Names of the home and the away team; the first one is shown.
    pub home: Vec<String>,
    pub away: Vec<String>,
    starts_at: Option<i64>,
    in_play: bool,
    place: EventPlace,
}

impl Events {
    /// Takes over what a Gamma event says. `None` where it has no id.
    pub fn learn(&mut self, event: Value<'_>) -> Option<usize> {
        let [id, title, starts_at, live, teams, tags, sport] = event.fields(EVENT);
        let id = id?.text()?;
        let index = match self.ids.get(&*id) {
            Some(index) => *index,
            None => {
                self.known.push(Known { id: id.clone().into_owned(), ..Known::default() });
                self.ids.insert(id.into_owned(), self.known.len() - 1);
                self.known.len() - 1
            }
        };
        let known = &mut self.known[index];
        if let Some(title) = title.and_then(Value::str) {
            known.title = Some(title.into_owned());
        }
        if let Some(at) = starts_at.and_then(instant) {
            known.starts_at = Some(at);
        }
        if let Some(live) = live.and_then(Value::bool) {
            known.in_play = live;
        }
        let tags = tags.into_iter().flat_map(Value::items).filter_map(|tag| tag.get(SLUG));
        for slug in tags.chain(sport.and_then(|sport| sport.get(SPORT))) {
            known.learn_sport(slug);
        }
        let teams: Vec<_> = teams.into_iter().flat_map(Value::items).filter_map(team).collect();
        let only = |side| {
            let mut of_side = teams.iter().filter(|(of, _)| of == side);
            // Two home teams are none.
            of_side.next().filter(|_| of_side.next().is_none()).map(|(_, names)| names.clone())
        };
        if let (Some(home), Some(away)) = (only("home"), only("away")) {
            (known.home, known.away) = (home, away);
        }
        Some(index)
    }

    pub fn get(&self, index: usize) -> Option<&Known> {
        self.known.get(index)
    }

    /// The start of one of its markets, where the event itself does not say when it starts.
    pub fn learn_start(&mut self, index: usize, starts_at: Option<Value<'_>>) {
        if let Some(known) = self.known.get_mut(index).filter(|known| known.starts_at.is_none()) {
            known.starts_at = starts_at.and_then(instant);
        }
    }

    /// Says what is known of it, where that changed.
    pub fn show(&mut self, index: usize, sheet: &mut Sheet) -> Option<Event> {
        let Known { id, title, sport, home, away, starts_at, in_play, place, .. } =
            self.known.get_mut(index)?;
        Some(place.show(
            sheet,
            &EventInfo {
                id,
                sport: *sport,
                title: title.as_deref(),
                home: home.first().map(String::as_str),
                away: away.first().map(String::as_str),
                starts_at: *starts_at,
                in_play: *in_play,
                ..EventInfo::default()
            },
        ))
    }
}

impl Known {
    fn learn_sport(&mut self, slug: Value<'_>) {
        let Some(slug) = slug.str() else { return };
        for (_, sport, drawless) in SPORTS.iter().filter(|(of, ..)| slug == *of) {
            self.sport.get_or_insert(sport);
            self.drawless |= drawless;
        }
    }
}

/// Which side a team is, and its names.
fn team(team: Value<'_>) -> Option<(String, Vec<String>)> {
    let [ordering, name, alias] = team.fields(TEAM);
    let names: Vec<_> =
        [name, alias].into_iter().flatten().filter_map(Value::str).map(|n| n.into_owned()).collect();
    let side = ordering?.str()?.into_owned();
    (!names.is_empty()).then_some((side, names))
}

/// `2026-08-07T00:00:00Z`, or `2026-08-07 00:00:00+00`.
fn instant(value: Value<'_>) -> Option<i64> {
    time::rfc3339(&value.str()?)
}
