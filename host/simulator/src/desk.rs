//! A book's odds desk: its own lines, margin and opinion over the world's true chances.

use crate::random;
use crate::world::{Event, Half, Phase, World};
use antigravity_core::Timestamp;
use fastrand::Rng;

/// The markets of these books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Handicap,
    Total,
    Result,
    OddEven,
}

/// Standard deviation per second of a book's opinion on a probability, and the share of it that is
/// forgotten each second: it stays within about ±0.011, so that two books part company by more than
/// their margin now and then.
const OPINION: f64 = 0.0011;
const FORGET: f64 = 0.02;
/// A main line moves once its fair share is so far from even.
const TOLERANCE: f64 = 0.10;
const SLOTS: usize = 8;

/// One book's view of every match.
#[derive(Clone, Debug)]
pub struct Desk {
    rng: Rng,
    margin: f64,
    walked_to: Timestamp,
    views: Vec<View>,
}

#[derive(Clone, Debug)]
struct View {
    /// added to the first selection's probability, by market and half
    opinion: [f64; SLOTS],
    /// main lines in quarters: handicap and total of each half
    lines: [[i32; 2]; 2],
    settled: bool,
}

impl Desk {
    pub fn new(mut rng: Rng, world: &World) -> Self {
        let margin = 1.026 + 0.010 * rng.f64();
        let mut opinion = || std::array::from_fn(|_| 0.0055 * random::normal(&mut rng));
        let views = (0..world.events().len())
            .map(|_| View { opinion: opinion(), lines: [[0; 2]; 2], settled: false })
            .collect();
        let mut desk = Self { rng, margin, walked_to: world.now(), views };
        desk.settle(world);
        desk
    }

    /// Walks to the world's time and moves the lines that are too far from even.
    pub fn advance(&mut self, world: &World) {
        let seconds = world.now().millis_since(self.walked_to) / 1000;
        self.walked_to = world.now();
        for _ in 0..seconds {
            for view in &mut self.views {
                for opinion in &mut view.opinion {
                    *opinion += OPINION * random::normal(&mut self.rng) - FORGET * *opinion;
                }
            }
        }
        self.settle(world);
    }

    fn settle(&mut self, world: &World) {
        for (view, event) in self.views.iter_mut().zip(world.events()) {
            for kind in [Kind::Handicap, Kind::Total] {
                for half in Half::BOTH {
                    let line = &mut view.lines[kind as usize][half as usize];
                    let far = |line: i32| fair(event, kind, half, line).map(|p| (p - 0.5).abs());
                    if view.settled && far(*line).is_none_or(|distance| distance <= TOLERANCE) {
                        continue;
                    }
                    let range = if kind == Kind::Handicap { -14..=14 } else { 4 * event.goals() + 2..=26 };
                    *line = range
                        .filter_map(|line| far(line).map(|distance| (distance, line)))
                        .min_by(|a, b| a.0.total_cmp(&b.0))
                        .map_or(*line, |(_, line)| line);
                }
            }
            view.settled = true;
        }
    }

    /// The main line in quarters: a handicap from the home side's view, or a total.
    pub fn line(&self, event: &Event, kind: Kind, half: Half) -> i32 {
        self.views.get(event.index).map_or(0, |view| view.lines[(kind as usize).min(1)][half as usize])
    }

    /// Moves a main line, whatever the chances say.
    pub fn move_line(&mut self, event: &Event, kind: Kind, half: Half, quarters: i32) {
        if let Some(view) = self.views.get_mut(event.index) {
            view.lines[(kind as usize).min(1)][half as usize] += quarters;
        }
    }

    /// Decimal odds of home or over or odd, and of the other; `None` where the period is over.
    pub fn two_way(&self, event: &Event, kind: Kind, half: Half, line: i32) -> Option<[f64; 2]> {
        let p = (fair(event, kind, half, line)? + self.opinion(event, kind, half)).clamp(0.04, 0.96);
        Some([1.0 / (p * self.margin), 1.0 / ((1.0 - p) * self.margin)])
    }

    /// Decimal odds of home, draw and away; `None` where the period is over.
    pub fn three_way(&self, event: &Event, half: Half) -> Option<[f64; 3]> {
        let [home, draw, away] = event.chances(half)?.result(event.lead());
        let opinion = self.opinion(event, Kind::Result, half);
        let raised = [home * (1.0 + opinion), draw, away * (1.0 - opinion)].map(|p| p.max(0.004));
        let sum: f64 = raised.iter().sum();
        // Three-way margins of these books are about twice the two-way ones.
        Some(raised.map(|p| sum / (p * (2.0 * self.margin - 1.0))))
    }

    fn opinion(&self, event: &Event, kind: Kind, half: Half) -> f64 {
        self.views.get(event.index).map_or(0.0, |view| view.opinion[2 * kind as usize + half as usize])
    }
}

/// The first selection's fair share at a line.
fn fair(event: &Event, kind: Kind, half: Half, line: i32) -> Option<f64> {
    let chances = event.chances(half)?;
    Some(match kind {
        Kind::Handicap => chances.handicap(line),
        Kind::Total => chances.over(line, event.goals()),
        Kind::OddEven => chances.odd(event.goals()),
        Kind::Result => chances.result(event.lead())[0],
    })
}

/// What a book has on offer in a half of a match: nothing of the first once it is over.
pub fn on_offer(event: &Event, half: Half) -> bool {
    match half {
        Half::Full => event.phase != Phase::Over,
        Half::First => event.phase <= Phase::FirstHalf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::DEMO;
    use crate::world::after;

    #[test]
    fn main_lines_are_near_even_and_margins_small() {
        let start: Timestamp = "2026-09-08T11:00:00Z".parse().unwrap();
        let mut world = World::new(3, start, DEMO, 1.0);
        let mut desk = Desk::new(random::stream(3, "desk"), &world);
        for seconds in (0..600).step_by(7) {
            world.advance(after(start, seconds * 1000));
            desk.advance(&world);
            for event in world.events() {
                for (kind, half) in [(Kind::Handicap, Half::Full), (Kind::Total, Half::First)] {
                    // Late in a half no line is near even.
                    if half == Half::First && event.minute > 25 {
                        continue;
                    }
                    let line = desk.line(event, kind, half);
                    let Some([a, b]) = desk.two_way(event, kind, half, line) else { continue };
                    assert!((1.02..1.04).contains(&(1.0 / a + 1.0 / b)), "{a} {b}");
                    assert!((1.2..6.0).contains(&a), "{event:?} {kind:?} {line}: {a}");
                }
            }
        }
    }
}
