//! Any number of legs of which exactly one wins in each state: a scan over the lowest payout.

use super::Refusal;
use super::problem::{Best, Problem};
use super::search::MOST_NODES;

/// Bits after the point of the margin.
const MARGIN: u32 = 44;

/// The scan; its tables are kept between calls.
///
/// In the state in which leg i wins the profit is `pay[i]·k[i] − cost(k)`, and the cost rises with
/// every k. Of all points with the same lowest payout y the one with the fewest steps,
/// `k[i] = max(lowest[i], ⌈y / pay[i]⌉)`, costs least, so its worst state is the best of them: the
/// answer is one of these points, and there are finitely many.
#[derive(Debug, Default)]
pub(super) struct Payouts {
    /// Of a step that wins, stake included.
    pay: Vec<i64>,
    risk: Vec<i64>,
    steps: Vec<i64>,
}

impl Payouts {
    /// Leaves the leximin point in `best`.
    ///
    /// # Errors
    /// [`Refusal`]: `TooManyLegs` where the states are of another kind, `Unprofitable` where no point
    /// pays a unit or more in each state, `SearchLimit` where the scan was too long, and as
    /// [`Problem::reach`].
    pub(super) fn solve(&mut self, problem: &Problem, best: &mut Best) -> Result<(), Refusal> {
        best.clear();
        problem.reach()?;
        self.read(problem).ok_or(Refusal::TooManyLegs)?;
        let Some(margin) = self.margin() else { return Err(Refusal::Unprofitable) };
        self.start(problem);
        for _ in 0..MOST_NODES {
            best.offer(problem, &self.steps, 1);
            let Some(payout) = self.next(problem) else { return finished(best) };
            // The worst state is at most payout · (1 − Σ risk/pay), fees being 0 or more.
            if (payout * margin) >> MARGIN < best.worst().unwrap_or(1) {
                return finished(best);
            }
            for ((steps, pay), low) in self.steps.iter_mut().zip(&self.pay).zip(&problem.lowest) {
                if *steps > *low && i128::from(*pay) * i128::from(*steps - 1) >= payout {
                    *steps -= 1;
                }
            }
        }
        Err(Refusal::SearchLimit)
    }

    /// Pay and risk by leg; `None` where not exactly one leg wins in each state, or a leg does not
    /// lose the same wherever it loses.
    fn read(&mut self, problem: &Problem) -> Option<()> {
        let legs = problem.legs;
        self.risk.clear();
        self.risk.resize(legs, 0);
        self.pay.clear();
        self.pay.resize(legs, 0);
        if problem.state_of.len() != legs || legs < 2 || problem.state_of.last() != Some(&(legs - 1)) {
            return None;
        }
        for row in problem.branches.chunks(legs) {
            let winner = row.iter().position(|value| *value > 0)?;
            if self.pay[winner] != 0 {
                return None;
            }
            self.pay[winner] = row[winner];
            for (leg, value) in row.iter().enumerate().filter(|(leg, _)| *leg != winner) {
                let risk = -value;
                if risk <= 0 || (self.risk[leg] != 0 && self.risk[leg] != risk) {
                    return None;
                }
                self.risk[leg] = risk;
            }
        }
        for (pay, risk) in self.pay.iter_mut().zip(&self.risk) {
            *pay = pay.checked_add(*risk)?;
        }
        Some(())
    }

    /// An upper bound of 1 − Σ risk/pay, above 0, in 2⁻⁴⁴; `None` where no stakes can pay.
    fn margin(&self) -> Option<i128> {
        let ratio = |(risk, pay): (&i64, &i64)| (i128::from(*risk) << MARGIN) / i128::from(*pay);
        let margin = (1 << MARGIN) - self.risk.iter().zip(&self.pay).map(ratio).sum::<i128>();
        (margin > 0).then_some(margin)
    }

    /// The steps of the highest lowest payout that bounds and caps allow.
    fn start(&mut self, problem: &Problem) {
        let pays = self.pay.iter().zip(&problem.highest);
        let top = pays.map(|(pay, high)| i128::from(*pay) * i128::from(*high)).min().unwrap_or(0);
        // The lowest stakes are allowed: Problem::reach says so.
        let (mut good, mut bad) = (0, top + 1);
        while bad - good > 1 {
            let middle = (good + bad) / 2;
            self.reach(problem, middle);
            if problem.allows(&self.steps) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        self.reach(problem, good);
    }

    /// The fewest steps that pay `payout` or more in each state.
    fn reach(&mut self, problem: &Problem, payout: i128) {
        self.steps.clear();
        self.steps.extend(self.pay.iter().zip(&problem.lowest).map(|(pay, low)| {
            let needed = -(-payout).div_euclid(i128::from(*pay));
            i64::try_from(needed).unwrap_or(i64::MAX).max(*low)
        }));
    }

    /// The next lower payout at which some leg needs a step less.
    fn next(&self, problem: &Problem) -> Option<i128> {
        let legs = self.steps.iter().zip(&self.pay).zip(&problem.lowest);
        legs.filter(|((steps, _), low)| steps > low)
            .map(|((steps, pay), _)| i128::from(*pay) * i128::from(*steps - 1))
            .max()
    }
}

fn finished(best: &Best) -> Result<(), Refusal> {
    if best.found() { Ok(()) } else { Err(Refusal::Unprofitable) }
}
