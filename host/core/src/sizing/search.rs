//! Search for the leximin point of up to three legs: every integer point that is at least as good as
//! the answer is looked at.

use super::Refusal;
use super::eliminate::{Bounds, MOST_LEGS};
use super::problem::{Best, Problem};

/// Points and prefixes looked at before a sizing is given up.
pub(super) const MOST_NODES: u32 = 1 << 20;

/// Deepening search; its tables are kept between calls.
#[derive(Debug, Default)]
pub(super) struct Search {
    bounds: Bounds,
    steps: [i64; MOST_LEGS],
    /// The worst state's profit that is wanted: never above the optimum when a search ends with a
    /// point.
    wanted: i128,
    nodes: u32,
}

impl Search {
    /// Leaves the leximin point in `best`.
    ///
    /// # Errors
    /// [`Refusal`]: `Unprofitable` where no point pays a unit or more in each state, `SearchLimit`
    /// where the search was too long, and as [`Bounds::derive`].
    pub(super) fn solve(&mut self, problem: &Problem, best: &mut Best) -> Result<(), Refusal> {
        best.clear();
        self.nodes = 0;
        let most = self.bounds.derive(problem)?;
        let largest = problem.branches.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0);
        let mut depth = i128::from(largest / 8).max(1);
        if most < 1 {
            return Err(Refusal::Unprofitable);
        }
        loop {
            let start = (most - depth).max(1);
            self.wanted = start;
            self.descend(problem, best, 0)?;
            if best.found() {
                return Ok(());
            }
            if start == 1 {
                return Err(Refusal::Unprofitable);
            }
            depth *= 2;
        }
    }

    /// Tries every number of steps of leg `leg` that can be in a point as good as wanted.
    fn descend(&mut self, problem: &Problem, best: &mut Best, leg: usize) -> Result<(), Refusal> {
        let (mut low, mut steps) = self.bounds.interval(problem, leg, &self.steps, self.wanted);
        while steps >= low {
            self.nodes += 1;
            if self.nodes > MOST_NODES {
                return Err(Refusal::SearchLimit);
            }
            self.steps[leg] = steps;
            let before = self.wanted;
            if leg + 1 < problem.legs {
                self.descend(problem, best, leg + 1)?;
            } else if problem.allows(&self.steps[..problem.legs]) {
                best.offer(problem, &self.steps[..problem.legs], self.wanted);
                self.wanted = self.wanted.max(best.worst().unwrap_or(self.wanted));
            }
            if self.wanted > before {
                low = self.bounds.interval(problem, leg, &self.steps, self.wanted).0;
            }
            steps -= 1;
        }
        Ok(())
    }
}
