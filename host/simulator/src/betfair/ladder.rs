//! Prices and depth of one runner, on Betfair's ladder of 350 prices.

use fastrand::Rng;
use std::collections::BTreeMap;

/// Prices of the ladder: 1.01 to 1000.
pub const TICKS: u16 = 350;

/// How a market's depth travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// `atb`, `atl`: every price with its size
    Full,
    /// `batb`, `batl`: the best ten, by level
    Best,
    /// `bdatb`, `bdatl`: the same with virtual bets
    BestDisplay,
}

impl Depth {
    pub const ALL: [Self; 3] = [Self::Full, Self::Best, Self::BestDisplay];

    /// Fields of the prices to back and of those to lay.
    pub const fn fields(self) -> [&'static str; 2] {
        match self {
            Self::Full => ["atb", "atl"],
            Self::Best => ["batb", "batl"],
            Self::BestDisplay => ["bdatb", "bdatl"],
        }
    }
}

/// Price of a tick in hundredths: steps of 0.01 to 2, 0.02 to 3, 0.05 to 4, 0.1 to 6, 0.2 to 10,
/// 0.5 to 20, 1 to 30, 2 to 50, 5 to 100 and 10 to 1000.
pub fn price(tick: u16) -> u32 {
    let bands = [
        (100, 1, 100),
        (200, 2, 50),
        (300, 5, 20),
        (400, 10, 20),
        (600, 20, 20),
        (1000, 50, 20),
        (2000, 100, 10),
        (3000, 200, 10),
        (5000, 500, 10),
        (10_000, 1000, 90),
    ];
    let mut left = u32::from(tick.min(TICKS - 1)) + 1;
    for (from, step, count) in bands {
        if left <= count {
            return from + step * left;
        }
        left -= count;
    }
    100_000
}

/// Depth of one runner: size in hundredths by tick. Side 0 holds what one can back at (highest is
/// best), side 1 what one can lay at (lowest is best).
#[derive(Clone, Debug)]
pub struct Ladder {
    middle: u16,
    sides: [BTreeMap<u16, u64>; 2],
}

/// One change of a side: a tick, or the level and tick, and the new size.
pub type Change = (u16, u16, u64);

/// Levels that travel in the styles by level.
const LEVELS: usize = 10;

impl Ladder {
    /// About twelve prices a side around `middle`.
    pub fn new(middle: u16, rng: &mut Rng) -> Self {
        let mut ladder = Self { middle, sides: Default::default() };
        for _ in 0..12 {
            for side in 0..2 {
                let tick = ladder.tick(side, rng);
                ladder.sides[side].insert(tick, size(rng));
            }
        }
        ladder
    }

    fn tick(&self, side: usize, rng: &mut Rng) -> u16 {
        let distance = rng.u16(1..16).min(rng.u16(1..16));
        let tick = if side == 0 { self.middle.saturating_sub(distance) } else { self.middle + distance };
        tick.min(TICKS - 1)
    }

    /// Changes `count` prices of both sides, or where it is 0 the size of one, and says what
    /// changed, in `depth`'s style. A price is never on both sides, and a side is never empty.
    pub fn change(&mut self, depth: Depth, count: usize, rng: &mut Rng) -> [Vec<Change>; 2] {
        let before = self.sides.clone();
        if count == 0 {
            let side = rng.usize(0..2);
            let standing = best(&self.sides[side], side);
            if let Some(&(tick, _)) = standing.get(rng.usize(0..3)) {
                self.sides[side].insert(tick, size(rng));
            }
            return self.changes(depth, &before);
        }
        if rng.u8(0..4) == 0 {
            self.drift(rng);
        }
        for _ in 0..count {
            let side = rng.usize(0..2);
            let tick = self.tick(side, rng);
            if self.sides[side].contains_key(&tick) && self.sides[side].len() > 3 && rng.u8(0..3) == 0 {
                self.sides[side].remove(&tick);
            } else {
                self.sides[side].insert(tick, size(rng));
            }
        }
        self.changes(depth, &before)
    }

    fn changes(&self, depth: Depth, before: &[BTreeMap<u16, u64>; 2]) -> [Vec<Change>; 2] {
        [0, 1].map(|side| match depth {
            Depth::Full => changed(&before[side], &self.sides[side]),
            _ => changed_levels(&best(&before[side], side), &best(&self.sides[side], side)),
        })
    }

    /// Moves the middle a tick; prices that it passes are gone, and those far behind it.
    fn drift(&mut self, rng: &mut Rng) {
        self.middle = (self.middle + 2 - rng.u16(0..3)).clamp(21, TICKS - 20) - 1;
        let middle = self.middle;
        self.sides[0].retain(|tick, _| *tick < middle && *tick + 40 > middle);
        self.sides[1].retain(|tick, _| *tick > middle && *tick < middle + 40);
        for side in 0..2 {
            let tick = self.tick(side, rng);
            self.sides[side].entry(tick).or_insert_with(|| size(rng));
        }
    }

    /// The whole side, in `depth`'s style.
    pub fn image(&self, depth: Depth, side: usize) -> Vec<Change> {
        match depth {
            Depth::Full => changed(&BTreeMap::new(), &self.sides[side]),
            _ => changed_levels(&[], &best(&self.sides[side], side)),
        }
    }

    /// Best first: tick and size.
    pub fn best(&self, side: usize) -> Vec<(u16, u64)> {
        best(&self.sides[side], side)
    }

    /// The last price that was matched, near enough.
    pub const fn middle(&self) -> u16 {
        self.middle
    }
}

fn size(rng: &mut Rng) -> u64 {
    let scale = [500, 5_000, 40_000][rng.usize(0..3)];
    200 + rng.u64(0..scale)
}

fn best(side: &BTreeMap<u16, u64>, number: usize) -> Vec<(u16, u64)> {
    let entry = |(tick, size): (&u16, &u64)| (*tick, *size);
    if number == 0 {
        side.iter().rev().take(LEVELS).map(entry).collect()
    } else {
        side.iter().take(LEVELS).map(entry).collect()
    }
}

fn changed(before: &BTreeMap<u16, u64>, after: &BTreeMap<u16, u64>) -> Vec<Change> {
    let gone = before.keys().filter(|tick| !after.contains_key(tick)).map(|tick| (0, *tick, 0));
    let new = after.iter().filter(|(tick, size)| before.get(tick) != Some(size));
    gone.chain(new.map(|(tick, size)| (0, *tick, *size))).collect()
}

fn changed_levels(before: &[(u16, u64)], after: &[(u16, u64)]) -> Vec<Change> {
    let mut changes = Vec::new();
    for level in 0..before.len().max(after.len()) {
        match (before.get(level), after.get(level)) {
            (old, Some(&(tick, size))) if old != Some(&(tick, size)) => {
                changes.push((level as u16, tick, size))
            }
            (Some(_), None) => changes.push((level as u16, 0, 0)),
            _ => {}
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random;

    #[test]
    fn the_ladder_has_betfairs_prices() {
        let prices: Vec<u32> = (0..TICKS).map(price).collect();
        assert!(prices.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!((prices[0], prices[349]), (101, 100_000));
        for known in [200, 202, 305, 410, 620, 1050, 2100, 3200, 5500, 11_000] {
            assert!(prices.contains(&known), "{known}");
        }
        assert!(!prices.contains(&203) && !prices.contains(&1025));
    }

    #[test]
    fn changes_replay_to_the_ladder() {
        let mut rng = random::stream(1, "ladder");
        for depth in Depth::ALL {
            let mut ladder = Ladder::new(120, &mut rng);
            let mut levels = [vec![], vec![]];
            let mut prices = [BTreeMap::new(), BTreeMap::new()];
            let mut apply = |side: usize, changes: Vec<Change>| {
                for (level, tick, size) in changes {
                    if depth == Depth::Full {
                        if size == 0 {
                            prices[side].remove(&tick)
                        } else {
                            prices[side].insert(tick, size)
                        };
                    } else if size == 0 {
                        levels[side].truncate(usize::from(level));
                    } else {
                        levels[side].resize((usize::from(level) + 1).max(levels[side].len()), (0, 0));
                        levels[side][usize::from(level)] = (tick, size);
                    }
                }
                if depth == Depth::Full { best(&prices[side], side) } else { levels[side].clone() }
            };
            for side in 0..2 {
                apply(side, ladder.image(depth, side));
            }
            for _ in 0..300 {
                for (side, changes) in ladder.change(depth, 3, &mut rng).into_iter().enumerate() {
                    assert_eq!(apply(side, changes), ladder.best(side));
                }
            }
        }
    }

    #[test]
    fn a_drifting_ladder_never_crosses() {
        let mut rng = random::stream(2, "drift");
        let mut ladder = Ladder::new(30, &mut rng);
        for _ in 0..5000 {
            ladder.change(Depth::Full, 2, &mut rng);
            assert!(ladder.best(0)[0].0 < ladder.best(1)[0].0);
        }
    }
}
