//! Likeness of names and events: for suggestions that a person confirms or rejects.

use super::alias::{Confirmation, Rejection};
use super::event::Known;
use super::group::{EventNode, Identity};
use super::name::{Kind, Name};
use super::shape::Shape;
use rustc_hash::{FxHashMap, FxHashSet};

/// The least score that is shown, of 1000.
pub const SHOWN: u16 = 550;

/// Added where one team and the competition agree exactly: a team plays once at a time.
const OPPONENT: u16 = 250;

/// Names that begin alike in one minute of one sport; more of them say nothing.
const CROWD: usize = 256;

/// Two providers' events that may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub a: EventNode,
    pub b: EventNode,
    /// The names that differ: of `a`, of `b`.
    pub names: Vec<(Kind, Name, Name)>,
    /// Of 1000.
    pub score: u16,
    /// How far the score is above that of the next best event for either of them.
    pub margin: u16,
    /// What is known and equal: of `kick-off`, `competition`, `home`, `away`.
    pub agrees: Vec<&'static str>,
}

/// How alike two names are, of 1000; 0 where their marks differ.
///
/// The mean, over the words of both, of the best likeness to a word of the other: Dice's
/// coefficient of the trigrams (as PostgreSQL's `pg_trgm` pads them), 800 at least where one word
/// begins the other. Words such as `fc` do not count, usual short forms are written out, and a
/// word that is the other's initials is 900 like it.
#[must_use]
pub fn similarity(a: &Name, b: &Name) -> u16 {
    if a.marks() == b.marks() { Shape::of(a).likeness(&Shape::of(b)) } else { 0 }
}

/// Whether a confirmed link may make these one: never across sports or marks, and not where the
/// teams look exchanged, since then nothing says which side is home.
pub(super) fn may_be_one(a: &Known, b: &Known) -> bool {
    if a.sport.as_ref().zip(b.sport.as_ref()).is_some_and(|(a, b)| a != b) {
        return false;
    }
    let Some(((home, away), (other_home, other_away))) = a.teams().zip(b.teams()) else { return true };
    let straight = similarity(home, other_home) + similarity(away, other_away);
    let exchanged = similarity(home, other_away) + similarity(away, other_home);
    home.marks() == other_home.marks()
        && away.marks() == other_away.marks()
        && (exchanged <= straight || exchanged < 2 * SHOWN)
}

/// A group of events with both teams, as it is compared.
/// Suggestions of one event, the likest.
const MOST_SHOWN: u32 = 5;

struct Candidate<'a> {
    known: &'a Known,
    teams: (&'a Name, &'a Name),
    shapes: (Shape, Shape),
    /// By provider and identifier.
    members: Vec<EventNode>,
}

/// Where names are looked up: sport, minute (`None`: whatever runs), home or away, first letters.
type Place<'a> = (&'a str, Option<i64>, bool, [char; 3]);

impl Identity {
    /// Pairs of unlike events that may be one, best first; none of them is applied.
    ///
    /// Of other providers, one sport, equal marks, and kick-offs that are equal to the minute or,
    /// where both events run, not known.
    pub fn suggestions(&self) -> Vec<Suggestion> {
        let candidates = self.candidates();
        let scored = self.scored(&candidates);
        // Best and second best score of each candidate.
        let mut best = vec![(0, 0); candidates.len()];
        for (a, b, score) in &scored {
            for at in [*a, *b] {
                let (first, second) = &mut best[at];
                if score > first {
                    (*first, *second) = (*score, *first);
                } else if score > second {
                    *second = *score;
                }
            }
        }
        let other = |at: usize, score: u16| if best[at].0 == score { best[at].1 } else { best[at].0 };
        let mut found = Vec::new();
        for (a, b, score) in scored.into_iter().filter(|(_, _, score)| *score >= SHOWN) {
            let margin = score.saturating_sub(other(a, score).max(other(b, score)));
            let (a, b) = (&candidates[a], &candidates[b]);
            let (a, b) = if a.members.len() >= b.members.len() { (a, b) } else { (b, a) };
            for member in &b.members {
                found.extend(self.suggestion(a.members[0], *member, score, margin));
            }
        }
        let order = |s: &Suggestion| (self.event(s.a), self.event(s.b));
        found.sort_by(|x, y| y.score.cmp(&x.score).then_with(|| order(x).cmp(&order(y))));
        // Of many that are alike, nobody reads more.
        let mut shown: FxHashMap<EventNode, u32> = FxHashMap::default();
        found.retain(|s| {
            let fits = [s.a, s.b].iter().all(|it| shown.get(it).copied().unwrap_or(0) < MOST_SHOWN);
            if fits {
                [s.a, s.b].iter().for_each(|it| *shown.entry(*it).or_default() += 1);
            }
            fits
        });
        found
    }

    fn candidates(&self) -> Vec<Candidate<'_>> {
        let mut members: FxHashMap<_, Vec<EventNode>> = FxHashMap::default();
        for (at, node) in (0..).zip(&self.nodes) {
            if let Some(group) = node.group {
                members.entry(group).or_default().push(EventNode(at));
            }
        }
        let mut candidates = Vec::new();
        for mut members in members.into_values() {
            members.sort_by(|a, b| self.event(*a).cmp(self.event(*b)));
            let known = |node: &EventNode| &self.nodes[node.0 as usize].known;
            let with_teams = members.iter().map(known).find(|known| known.teams().is_some());
            if let Some((known, teams)) = with_teams.and_then(|known| Some((known, known.teams()?))) {
                let shapes = (Shape::of(teams.0), Shape::of(teams.1));
                candidates.push(Candidate { known, teams, shapes, members });
            }
        }
        candidates.sort_by(|a, b| self.event(a.members[0]).cmp(self.event(b.members[0])));
        candidates
    }

    /// All pairs worth a look, each once, with their scores.
    fn scored(&self, candidates: &[Candidate<'_>]) -> Vec<(usize, usize, u16)> {
        let mut places: FxHashMap<Place<'_>, Vec<usize>> = FxHashMap::default();
        for (at, candidate) in candidates.iter().enumerate() {
            candidate.places(|place| places.entry(place).or_default().push(at));
        }
        let mut scored = Vec::new();
        let mut seen = FxHashSet::default();
        for (at, candidate) in candidates.iter().enumerate() {
            seen.clear();
            candidate.places(|place| {
                let others = places.get(&place).filter(|others| others.len() <= CROWD);
                for other in others.into_iter().flatten().filter(|other| **other < at) {
                    if seen.insert(*other)
                        && let Some(score) = self.score(&candidates[*other], candidate)
                    {
                        scored.push((*other, at, score));
                    }
                }
            });
        }
        scored
    }

    fn score(&self, a: &Candidate<'_>, b: &Candidate<'_>) -> Option<u16> {
        let providers =
            |c: &Candidate<'_>| c.members.iter().map(|node| &self.event(*node).0).collect::<Vec<_>>();
        let (known, other) = (a.known, b.known);
        let when = match (known.kick_off, other.kick_off) {
            (Some(a), Some(b)) => a == b,
            _ => known.in_play && other.in_play,
        };
        let marks = |a: Option<&Name>, b: Option<&Name>| a.zip(b).is_none_or(|(a, b)| a.marks() == b.marks());
        let competitions = (known.competition.as_ref(), other.competition.as_ref());
        if !when
            || !marks(Some(a.teams.0), Some(b.teams.0))
            || !marks(Some(a.teams.1), Some(b.teams.1))
            || !marks(competitions.0, competitions.1)
            || providers(a).iter().any(|provider| providers(b).contains(provider))
            || self.rejected(a, b)
        {
            return None;
        }
        let (home, away) = (a.shapes.0.likeness(&b.shapes.0), a.shapes.1.likeness(&b.shapes.1));
        let opponent = a.teams.0 == b.teams.0 || a.teams.1 == b.teams.1;
        let known_opponent = opponent && competitions.0.is_some() && competitions.0 == competitions.1;
        Some(((home + away) / 2 + if known_opponent { OPPONENT } else { 0 }).min(1000))
    }

    fn rejected(&self, a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
        let pairs =
            || a.members.iter().flat_map(|a| b.members.iter().map(move |b| (self.event(*a), self.event(*b))));
        let teams = [(a.teams.0, b.teams.0), (a.teams.1, b.teams.1)].map(|(x, y)| (Kind::Team, x, y));
        let competitions = a.known.competition.as_ref().zip(b.known.competition.as_ref());
        let competitions = competitions.map(|(x, y)| (Kind::Competition, x, y));
        let names: Vec<_> = teams.into_iter().chain(competitions).collect();
        pairs().any(|(a, b)| {
            self.aliases.rejects_events(a, b)
                || names.iter().any(|(kind, x, y)| self.aliases.rejects_names(*kind, (&a.0, x), (&b.0, y)))
        })
    }

    fn suggestion(&self, a: EventNode, b: EventNode, score: u16, margin: u16) -> Option<Suggestion> {
        let (known, other) = (&self.nodes[a.0 as usize].known, &self.nodes[b.0 as usize].known);
        let ((home, away), (other_home, other_away)) = known.teams().zip(other.teams())?;
        let mut agrees = Vec::new();
        let mut names = Vec::new();
        if known.kick_off.is_some() && known.kick_off == other.kick_off {
            agrees.push("kick-off");
        }
        let competitions = known.competition.as_ref().zip(other.competition.as_ref());
        let teams = [("home", home, other_home), ("away", away, other_away)];
        let compared = competitions.map(|(a, b)| (Kind::Competition, "competition", a, b));
        for (kind, what, a, b) in
            compared.into_iter().chain(teams.map(|(what, a, b)| (Kind::Team, what, a, b)))
        {
            if a == b {
                agrees.push(what);
            } else {
                names.push((kind, a.clone(), b.clone()));
            }
        }
        Some(Suggestion { a, b, names, score, margin, agrees })
    }

    /// What confirming a suggestion means: `b`'s names stand for `a`'s, or, where equal names would
    /// not be enough, the events are linked.
    pub fn confirmations(&self, suggestion: &Suggestion) -> Vec<Confirmation> {
        self.proposal(suggestion).map_or_else(Vec::new, |proposal| proposal.confirmations())
    }

    /// What rejecting a suggestion means: that the names of a team differ where only that team's
    /// do, else that the events are not one.
    pub fn rejection(&self, suggestion: &Suggestion) -> Option<Rejection> {
        Some(self.proposal(suggestion)?.rejection())
    }
}

impl<'a> Candidate<'a> {
    /// Where events that may be this one are looked for.
    fn places(&self, mut with: impl FnMut(Place<'a>)) {
        let Some(sport) = self.known.sport.as_deref() else { return };
        let running = self.known.in_play.then_some(None);
        let times = self.known.kick_off.map(Some).into_iter().chain(running);
        for time in times {
            for (home, shape) in [(true, &self.shapes.0), (false, &self.shapes.1)] {
                for letters in shape.beginnings() {
                    with((sport, time, home, letters));
                }
            }
        }
    }
}
