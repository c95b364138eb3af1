//! What a provider tells of an event, and the canonical text of it.

use super::alias::AliasBook;
use super::name::{Kind, LONGEST, Name, normalise};
use crate::Timestamp;

/// What a provider tells of one of its events; `None` for what it does not tell.
#[derive(Clone, Copy, Debug)]
pub struct EventFacts<'a> {
    pub provider: &'a str,
    pub event_id: &'a str,
    pub sport: Option<&'a str>,
    pub competition: Option<&'a str>,
    pub home: Option<&'a str>,
    pub away: Option<&'a str>,
    pub title: Option<&'a str>,
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
    pub score: Option<&'a str>,
}

/// What is known of an event, in canonical names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub sport: Option<Box<str>>,
    pub competition: Option<Name>,
    pub home: Option<Name>,
    pub away: Option<Name>,
    pub title: Option<Name>,
    /// The teams of a title `A v B`: for likeness and orientation only.
    pub titled: Option<(Name, Name)>,
    /// Minutes since 1970-01-01T00:00Z.
    pub kick_off: Option<i64>,
    pub in_play: bool,
}

const MINUTE: i64 = 60_000_000_000;

impl Known {
    /// Takes the facts up. What is not told, or cannot be a name, stays as it was; so does a
    /// kick-off while the event runs, when some providers tell another time in its place.
    pub fn learn(&mut self, facts: &EventFacts<'_>, aliases: &AliasBook) {
        let name = |kind, raw: Option<&str>| {
            let name = normalise(kind, raw?).ok()?;
            Some(aliases.resolve(facts.provider, kind, name))
        };
        let keep = |old: &mut Option<Name>, new: Option<Name>| {
            if new.is_some() {
                *old = new;
            }
        };
        if let Some(sport) = facts.sport.and_then(sport) {
            self.sport = Some(sport);
        }
        keep(&mut self.competition, name(Kind::Competition, facts.competition));
        keep(&mut self.home, name(Kind::Team, facts.home));
        keep(&mut self.away, name(Kind::Team, facts.away));
        if let Some(title) = facts.title.and_then(|title| normalise(Kind::Runner, title).ok()) {
            self.titled = Self::titled(&title, |team| aliases.resolve(facts.provider, Kind::Team, team));
            self.title = Some(title);
        }
        self.in_play = facts.in_play;
        if self.kick_off.is_none() || !facts.in_play {
            // Of the first minute of 1677 there is no instant to print.
            let told = facts.starts_at.map(minutes).filter(|minutes| instant(*minutes).is_some());
            self.kick_off = told.or(self.kick_off);
        }
    }

    /// The teams that a title names, after `resolve`.
    pub fn titled(title: &Name, resolve: impl Fn(Name) -> Name) -> Option<(Name, Name)> {
        let team = |raw| normalise(Kind::Team, raw).ok().map(&resolve);
        let (home, away) = sides(title.text())?;
        Some((team(home)?, team(away)?))
    }

    /// Neither a team nor a title.
    pub fn unnamed(&self) -> bool {
        self.home.is_none() && self.away.is_none() && self.title.is_none()
    }

    /// All that must be equal for two events to be one is known; one team against itself has no
    /// orientation.
    pub fn complete(&self) -> bool {
        self.sport.is_some()
            && self.competition.is_some()
            && self.kick_off.is_some()
            && self.home.is_some()
            && self.away.is_some()
            && self.home != self.away
    }

    /// Both teams, of the facts or of the title.
    pub fn teams(&self) -> Option<(&Name, &Name)> {
        let told = self.home.as_ref().zip(self.away.as_ref());
        told.or_else(|| self.titled.as_ref().map(|(home, away)| (home, away)))
    }

    /// `soccer/english premier league/arsenal/everton/2026-09-08T12:30Z`, `-` for what is not known.
    ///
    /// An event known by its title alone has the title in the place of the home team and no
    /// kick-off: Betfair tells one for each market, and a race meeting has many. No name has a `/`
    /// or is `-`.
    pub fn text(&self) -> String {
        match (&self.home, &self.away, &self.title) {
            (None, None, Some(title)) => self.written(Some(title), None, None),
            (home, away, _) => self.written(home.as_ref(), away.as_ref(), self.kick_off),
        }
    }

    /// The text of the event with home and away exchanged.
    pub fn swapped(&self) -> String {
        self.written(self.away.as_ref(), self.home.as_ref(), self.kick_off)
    }

    fn written(&self, home: Option<&Name>, away: Option<&Name>, kick_off: Option<i64>) -> String {
        let name = |name: Option<&Name>| name.map_or_else(|| "-".to_owned(), Name::to_string);
        let sport = self.sport.as_deref().unwrap_or("-");
        let kick_off = kick_off.map_or_else(|| "-".to_owned(), minute);
        format!("{sport}/{}/{}/{}/{kick_off}", name(self.competition.as_ref()), name(home), name(away))
    }
}

/// The minute that an instant is in, since 1970-01-01T00:00Z.
pub(super) const fn minutes(at: Timestamp) -> i64 {
    at.nanos().div_euclid(MINUTE)
}

/// The beginning of a minute; `None` before 1677 and after 2262.
pub(super) fn instant(minutes: i64) -> Option<Timestamp> {
    minutes.checked_mul(MINUTE).map(Timestamp::from_nanos)
}

/// `2026-09-08T12:30Z`.
fn minute(minutes: i64) -> String {
    let text = Timestamp::from_nanos(minutes.saturating_mul(MINUTE)).to_string();
    format!("{}Z", text.get(..16).unwrap_or(&text))
}

/// The teams of a normal title: `alder v birchwood`.
fn sides(title: &str) -> Option<(&str, &str)> {
    [" v ", " vs "].iter().find_map(|between| title.split_once(between))
}

/// Lower case; anything but letters, digits and `:` is `-` (`other:4339`).
fn sport(raw: &str) -> Option<Box<str>> {
    let raw = raw.trim();
    if raw.is_empty() || raw.chars().nth(LONGEST).is_some() {
        return None;
    }
    let kept = |c: char| if c.is_alphanumeric() || c == ':' { c } else { '-' };
    Some(raw.to_lowercase().chars().map(kept).collect())
}
