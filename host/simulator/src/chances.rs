//! What the goals still to come make of a line: two independent Poisson processes.

/// Most goals a side is thought to score; at 5 expected goals 0.2 % are beyond it.
const MOST: usize = 12;

/// Chances of the goals that are still to come in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Chances {
    /// by home less away, from `-MOST`
    margin: [f64; 2 * MOST + 1],
    /// by home plus away
    total: [f64; 2 * MOST + 1],
}

impl Chances {
    /// From the goals expected of home and away.
    pub fn new(expected: [f64; 2]) -> Self {
        let (home, away) = (poisson(expected[0]), poisson(expected[1]));
        let mut chances = Self { margin: [0.0; 2 * MOST + 1], total: [0.0; 2 * MOST + 1] };
        for (h, p) in home.iter().enumerate() {
            for (a, q) in away.iter().enumerate() {
                chances.margin[MOST + h - a] += p * q;
                chances.total[h + a] += p * q;
            }
        }
        chances
    }

    /// Home's fair share of a handicap, goals so far not counted: `line` in quarter goals from the
    /// home side's view.
    pub fn handicap(&self, line: i32) -> f64 {
        share(self.margin.iter().zip(-(MOST as i32)..), line)
    }

    /// The fair share of over: `line` in quarter goals for the whole period, of which `scored`
    /// have fallen.
    pub fn over(&self, line: i32, scored: i32) -> f64 {
        share(self.total.iter().zip(scored..), -line)
    }

    /// Home, draw and away, home being `lead` goals ahead.
    pub fn result(&self, lead: i32) -> [f64; 3] {
        let mut chances = [0.0; 3];
        for (p, margin) in self.margin.iter().zip(lead - MOST as i32..) {
            chances[(1 - margin.signum()) as usize] += p;
        }
        chances
    }

    /// The chance that the period ends with an odd number of goals.
    pub fn odd(&self, scored: i32) -> f64 {
        self.total.iter().zip(scored..).filter(|(_, goals)| goals % 2 == 1).map(|(p, _)| p).sum()
    }
}

/// Won stakes as a share of won and lost ones, where a quarter line is half a stake on each of the
/// two lines beside it.
fn share<'a>(outcomes: impl Iterator<Item = (&'a f64, i32)>, line: i32) -> f64 {
    let halves = [line - line.rem_euclid(2), line + line.rem_euclid(2)];
    let (mut won, mut lost) = (0.0, 0.0);
    for (p, goals) in outcomes {
        for half in halves {
            match (4 * goals + half).signum() {
                1 => won += p,
                -1 => lost += p,
                _ => {}
            }
        }
    }
    won / (won + lost)
}

fn poisson(expected: f64) -> [f64; MOST + 1] {
    let mut chances = [0.0; MOST + 1];
    let mut term = decay(expected);
    let mut sum = 0.0;
    for (goals, chance) in chances.iter_mut().enumerate() {
        *chance = term;
        sum += term;
        term *= expected / (goals as f64 + 1.0);
    }
    chances.map(|chance| chance / sum)
}

/// e^-x as (1 − x/1024)^1024, ten squarings: 1 % off at 5, which is nothing here, but only
/// multiplications, so that prices are equal on every machine.
fn decay(x: f64) -> f64 {
    let mut power = 1.0 - x / 1024.0;
    for _ in 0..10 {
        power *= power;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn equal_sides_are_even_at_level() {
        let even = Chances::new([1.3, 1.3]);
        assert!(close(even.handicap(0), 0.5));
        let [home, draw, away] = even.result(0);
        assert!(close(home, away) && close(home + draw + away, 1.0) && draw > 0.2);
    }

    #[test]
    fn a_line_is_worth_less_the_more_it_gives() {
        let chances = Chances::new([1.8, 0.9]);
        for line in -8..8 {
            assert!(chances.handicap(line) < chances.handicap(line + 1), "{line}");
            assert!(chances.over(line + 9, 0) > chances.over(line + 10, 0), "{line}");
        }
    }

    #[test]
    fn half_lines_are_plain_probabilities() {
        let chances = Chances::new([1.8, 0.9]);
        let [home, draw, away] = chances.result(0);
        assert!(close(chances.handicap(-2), home) && close(chances.handicap(2), home + draw));
        assert!(close(chances.handicap(0), home / (home + away)));
        // One goal is there already: over 1.5 is one goal more.
        assert!(close(chances.over(6, 1), chances.over(2, 0)));
    }

    #[test]
    fn parity_follows_the_goals_so_far() {
        let chances = Chances::new([1.1, 1.0]);
        assert!(close(chances.odd(0) + chances.odd(1), 1.0));
    }
}
