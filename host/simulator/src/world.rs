//! The hidden market: matches with true chances on a random walk, goals and moments of danger.
//!
//! No book sees another; all see this. It moves in whole seconds of virtual time.

use crate::chances::Chances;
use crate::fixtures::Fixture;
use crate::random;
use antigravity_core::Timestamp;
use fastrand::Rng;

/// Where a match stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Upcoming,
    FirstHalf,
    HalfTime,
    SecondHalf,
    Over,
}

/// The part of a match that a market of these books settles on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Half {
    Full,
    First,
}

impl Half {
    pub const BOTH: [Self; 2] = [Self::Full, Self::First];
}

/// Standard deviation of a side's strength, per second, as a share of it. Half of it reaches a
/// price's probability, so a Malay price moves by its least step about every three seconds.
const WALK: f64 = 0.003;
/// Share of a match's goals that fall in the first half.
const FIRST_HALF_GOALS: f64 = 0.45;
/// Chance per second that a running match enters a moment of danger.
const DANGER: f64 = 1.0 / 90.0;
const HALF: i64 = 45 * 60;
const BREAK: i64 = 15 * 60;

/// One match.
#[derive(Clone, Debug)]
pub struct Event {
    /// its number in the world
    pub index: usize,
    pub fixture: Fixture,
    /// the number of its competition: that of the competition's first match
    pub league: usize,
    pub kickoff: Timestamp,
    pub score: [i32; 2],
    pub phase: Phase,
    /// minutes on the clock of the running half, from 1; 0 while it does not run
    pub minute: i64,
    /// every book suspends until then
    danger_until: Timestamp,
    strength: [f64; 2],
    chances: [Option<Chances>; 2],
    rng: Rng,
}

/// All matches at one instant.
#[derive(Clone, Debug)]
pub struct World {
    now: Timestamp,
    events: Vec<Event>,
    goal_pace: f64,
}

impl World {
    /// `goal_pace`: how many times more goals fall than the prices expect; 1 is fair.
    pub fn new(seed: u64, start: Timestamp, fixtures: &[Fixture], goal_pace: f64) -> Self {
        let league = |of: &Fixture| fixtures.iter().position(|f| f.competition == of.competition);
        let event = |(index, fixture): (usize, &Fixture)| Event {
            index,
            fixture: *fixture,
            league: league(fixture).unwrap_or(index),
            kickoff: after(start, fixture.kickoff * 60_000),
            score: [0, 0],
            phase: Phase::Upcoming,
            minute: 0,
            danger_until: start,
            strength: fixture.strength,
            chances: [None, None],
            rng: random::stream(seed, &format!("world/{index}")),
        };
        let mut world =
            Self { now: start, events: fixtures.iter().enumerate().map(event).collect(), goal_pace };
        for event in &mut world.events {
            event.play_to(start);
            event.refresh(start);
        }
        world
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    pub fn event(&self, index: usize) -> Option<&Event> {
        self.events.get(index)
    }

    /// Moves second by second up to the last whole one not after `to`.
    pub fn advance(&mut self, to: Timestamp) {
        while after(self.now, 1000) <= to {
            self.now = after(self.now, 1000);
            for event in &mut self.events {
                event.second(self.now, self.goal_pace);
            }
        }
    }
}

impl Event {
    pub fn in_play(&self) -> bool {
        !matches!(self.phase, Phase::Upcoming | Phase::Over)
    }

    pub fn in_danger(&self, now: Timestamp) -> bool {
        now < self.danger_until
    }

    pub fn goals(&self) -> i32 {
        self.score[0] + self.score[1]
    }

    /// How far home is ahead.
    pub fn lead(&self) -> i32 {
        self.score[0] - self.score[1]
    }

    /// Chances of the goals still to come; `None` where the period is over.
    pub fn chances(&self, half: Half) -> Option<&Chances> {
        self.chances[half as usize].as_ref()
    }

    fn second(&mut self, now: Timestamp, goal_pace: f64) {
        for strength in &mut self.strength {
            let step = 1.0 + WALK * random::normal(&mut self.rng);
            *strength = (*strength * step).clamp(0.3, 4.0);
        }
        let (goals, danger) = ([self.rng.f64(), self.rng.f64()], self.rng.f64());
        if self.phase == Phase::FirstHalf || self.phase == Phase::SecondHalf {
            for ((goal, strength), score) in goals.iter().zip(self.strength).zip(&mut self.score) {
                if *goal < strength / (2.0 * HALF as f64) * goal_pace {
                    *score += 1;
                    self.danger_until = after(now, 8_000);
                }
            }
            if danger < DANGER {
                self.danger_until = self.danger_until.max(after(now, 5_000));
            }
        }
        self.refresh(now);
    }

    /// Phase, clock and chances, which follow from the time and the strengths.
    fn refresh(&mut self, now: Timestamp) {
        let played = (now.nanos() - self.kickoff.nanos()).div_euclid(1_000_000_000);
        (self.phase, self.minute) = match played {
            t if t < 0 => (Phase::Upcoming, 0),
            t if t < HALF => (Phase::FirstHalf, t / 60 + 1),
            t if t < HALF + BREAK => (Phase::HalfTime, 0),
            t if t < 2 * HALF + BREAK => (Phase::SecondHalf, (t - HALF - BREAK) / 60 + 1),
            _ => (Phase::Over, 0),
        };
        let first = FIRST_HALF_GOALS * (1.0 - played.clamp(0, HALF) as f64 / HALF as f64);
        let second_played = (played - HALF - BREAK).clamp(0, HALF) as f64;
        let second = (1.0 - FIRST_HALF_GOALS) * (1.0 - second_played / HALF as f64);
        let ahead = |share: f64| Chances::new(self.strength.map(|goals| goals * share));
        self.chances = match self.phase {
            Phase::Upcoming | Phase::FirstHalf => [Some(ahead(first + second)), Some(ahead(first))],
            Phase::HalfTime | Phase::SecondHalf => [Some(ahead(second)), None],
            Phase::Over => [None, None],
        };
    }

    /// Goals of a match that runs before the scenario starts.
    fn play_to(&mut self, start: Timestamp) {
        let played = (start.nanos() - self.kickoff.nanos()) as f64 / 60e9;
        for side in 0..2 {
            for _ in 0..4 {
                if self.rng.f64() < self.strength[side] * (played / 105.0).clamp(0.0, 1.0) / 4.0 {
                    self.score[side] += 1;
                }
            }
        }
    }
}

/// `millis` after `at`.
pub fn after(at: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_nanos(at.nanos().saturating_add(millis.saturating_mul(1_000_000)))
}

/// `2026-09-08 19:30:00` in the books' time zone, eight hours ahead of UTC.
pub fn east_asia(at: Timestamp) -> String {
    let text = after(at, 8 * 3_600_000).to_string();
    format!("{} {}", text.get(..10).unwrap_or_default(), text.get(11..19).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::DEMO;

    fn start() -> Timestamp {
        "2026-09-08T11:00:00Z".parse().unwrap()
    }

    #[test]
    fn however_time_is_cut_the_world_is_the_same() {
        let (mut a, mut b) = (World::new(5, start(), DEMO, 4.0), World::new(5, start(), DEMO, 4.0));
        a.advance(after(start(), 300_000));
        for millis in (0..=300_000).step_by(700) {
            b.advance(after(start(), millis));
        }
        b.advance(after(start(), 300_000));
        assert_eq!(a.now(), b.now());
        for (x, y) in a.events().iter().zip(b.events()) {
            assert_eq!((x.score, x.phase, &x.chances), (y.score, y.phase, &y.chances));
        }
    }

    #[test]
    fn a_match_runs_through_its_phases() {
        let fixture = Fixture { kickoff: 1, ..DEMO[0] };
        let mut world = World::new(5, start(), &[fixture], 1.0);
        let mut seen = Vec::new();
        for minute in 0..110 {
            world.advance(after(start(), minute * 60_000));
            let event = &world.events()[0];
            seen.push(event.phase);
            assert_eq!(event.chances(Half::First).is_some(), event.phase <= Phase::FirstHalf);
        }
        seen.dedup();
        assert_eq!(
            seen,
            [Phase::Upcoming, Phase::FirstHalf, Phase::HalfTime, Phase::SecondHalf, Phase::Over]
        );
        assert!(world.events()[0].goals() > 0);
    }

    #[test]
    fn the_books_day_begins_at_sixteen_utc() {
        assert_eq!(east_asia("2026-12-31T16:05:00Z".parse().unwrap()), "2027-01-01 00:05:00");
    }
}
