//! Sizing as whole numbers: steps of each leg, profits in one small unit.

use super::Refusal;
use crate::exact::Rounding;

/// What a sizing looks for: numbers of steps within bounds and caps whose profits are leximin.
///
/// A state's profit is the lowest of its branches less the fees of all legs. A state has more than
/// one branch where commission depends on the sign of a sum that the stakes decide.
#[derive(Debug, Default)]
pub(super) struct Problem {
    pub(super) legs: usize,
    /// Steps by leg, 1 or more.
    pub(super) lowest: Vec<i64>,
    pub(super) highest: Vec<i64>,
    /// Profit of a step in a branch: `legs` numbers for each branch.
    pub(super) branches: Vec<i64>,
    /// The state of each branch: from 0, rising by 0 or 1.
    pub(super) state_of: Vec<usize>,
    /// By leg.
    pub(super) fees: Vec<StepFee>,
    /// Risk of a step, `legs` numbers for each cap; the first cap is on the total risk. Caps have a
    /// unit each.
    pub(super) caps: Vec<i64>,
    pub(super) limits: Vec<i64>,
}

/// A fee of `quantum · round(steps · num / den)`, at least `minimum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StepFee {
    pub(super) quantum: i64,
    pub(super) num: i64,
    pub(super) den: i64,
    pub(super) rounding: Rounding,
    pub(super) minimum: i64,
}

/// The bits that rows with fees have, fractions included: more cost time, fewer cost precision of the
/// bounds.
const ROW_BITS: u32 = 30;

impl StepFee {
    pub(super) const NONE: Self = Self { quantum: 0, num: 0, den: 1, rounding: Rounding::Up, minimum: 0 };

    /// Never falls with the steps; saturates, and [`Problem::reach`] refuses a fee that does.
    pub(super) fn of(&self, steps: i64) -> i128 {
        if self.quantum == 0 {
            return 0;
        }
        let (product, den) = (i128::from(steps) * i128::from(self.num), i128::from(self.den));
        let (floor, rest) = (product.div_euclid(den), product.rem_euclid(den));
        let up = match self.rounding {
            Rounding::Up => rest > 0,
            Rounding::Down => false,
            Rounding::HalfUp => 2 * rest >= den,
            Rounding::HalfEven => 2 * rest > den || (2 * rest == den && floor % 2 != 0),
        };
        i128::from(self.quantum).saturating_mul(floor + i128::from(up)).max(i128::from(self.minimum))
    }

    /// Slope and slack, in 2^−`fraction` of a unit, of a straight line that is nowhere above the fee:
    /// `fee(k) ≥ slope·k − slack`.
    fn below(&self, fraction: u32) -> (i128, i128) {
        let quantum = i128::from(self.quantum) << fraction;
        let slack = match self.rounding {
            Rounding::Up => 0,
            Rounding::Down => quantum,
            Rounding::HalfUp | Rounding::HalfEven => (quantum + 1) / 2,
        };
        // In two parts: the product has up to 126 bits, the fee of a step fewer than 80.
        let (product, den) = (i128::from(self.quantum) * i128::from(self.num), i128::from(self.den));
        let (whole, rest) = (product / den, product % den);
        ((whole << fraction) + (rest << fraction) / den, slack)
    }
}

impl Problem {
    pub(super) fn clear(&mut self) {
        self.legs = 0;
        self.lowest.clear();
        self.highest.clear();
        self.branches.clear();
        self.state_of.clear();
        self.fees.clear();
        self.caps.clear();
        self.limits.clear();
    }

    pub(super) fn branch(&self, index: usize) -> &[i64] {
        &self.branches[index * self.legs..(index + 1) * self.legs]
    }

    pub(super) fn cap(&self, index: usize) -> &[i64] {
        &self.caps[index * self.legs..(index + 1) * self.legs]
    }

    /// The bits after the point in [`Self::row`].
    pub(super) fn fraction(&self) -> u32 {
        if self.fees.iter().all(|fee| *fee == StepFee::NONE) {
            return 0;
        }
        let largest = self.branches.iter().fold(0, |all, value| all | value.unsigned_abs());
        ROW_BITS.saturating_sub(64 - largest.leading_zeros())
    }

    /// A branch as a row `a·k ≥ b + τ·t` that every point with a profit of t or more there keeps:
    /// fills `a` and gives `(b, τ)`, with fees by the lines below them.
    pub(super) fn row(&self, branch: usize, fraction: u32, a: &mut [i128]) -> (i128, i128) {
        let mut b = 0;
        for ((a, gross), fee) in a.iter_mut().zip(self.branch(branch)).zip(&self.fees) {
            let (slope, slack) = fee.below(fraction);
            *a = (i128::from(*gross) << fraction) - slope;
            b -= slack;
        }
        (b, 1 << fraction)
    }

    /// No profit and no loss within the bounds is above this; below 2^80.
    ///
    /// # Errors
    /// [`Refusal::Precision`] where the numbers are too large, [`Refusal::BelowMinimum`] where the
    /// lowest stakes are not allowed.
    pub(super) fn reach(&self) -> Result<i128, Refusal> {
        if self.lowest.iter().zip(&self.highest).any(|(low, high)| low > high) || !self.allows(&self.lowest) {
            return Err(Refusal::BelowMinimum);
        }
        let most = |coefs: &[i64]| -> Option<i128> {
            coefs.iter().zip(&self.highest).try_fold(0i128, |sum, (coef, high)| {
                sum.checked_add(i128::from(*coef).checked_abs()?.checked_mul(i128::from(*high))?)
            })
        };
        let mut reach = 1i128;
        for row in self.branches.chunks(self.legs) {
            reach = reach.max(most(row).ok_or(Refusal::Precision)?);
        }
        for (fee, high) in self.fees.iter().zip(&self.highest) {
            reach = reach.checked_add(fee.of(*high)).ok_or(Refusal::Precision)?;
        }
        if reach < 1 << 80 { Ok(reach) } else { Err(Refusal::Precision) }
    }

    /// Whether these steps keep every cap.
    pub(super) fn allows(&self, steps: &[i64]) -> bool {
        self.caps
            .chunks(self.legs)
            .zip(&self.limits)
            .all(|(cap, limit)| dot(cap, steps) <= i128::from(*limit))
    }

    /// The exact profit of each state, in units.
    pub(super) fn profits(&self, steps: &[i64], out: &mut Vec<i128>) {
        let fees: i128 = self.fees.iter().zip(steps).map(|(fee, steps)| fee.of(*steps)).sum();
        out.clear();
        for (branch, state) in self.branches.chunks(self.legs).zip(&self.state_of) {
            let profit = dot(branch, steps) - fees;
            match out.get_mut(*state) {
                Some(lowest) => *lowest = profit.min(*lowest),
                None => out.push(profit),
            }
        }
    }

    /// In the unit of the first cap.
    pub(super) fn total_risk(&self, steps: &[i64]) -> i128 {
        dot(self.cap(0), steps)
    }
}

pub(super) fn dot(coefs: &[i64], steps: &[i64]) -> i128 {
    coefs.iter().zip(steps).map(|(coef, steps)| i128::from(*coef) * i128::from(*steps)).sum()
}

/// The best point seen so far.
#[derive(Debug, Default)]
pub(super) struct Best {
    /// Empty where none was good enough.
    pub(super) steps: Vec<i64>,
    /// Rising.
    profits: Vec<i128>,
    risk: i128,
    offered: Vec<i128>,
}

impl Best {
    pub(super) fn clear(&mut self) {
        self.steps.clear();
        self.profits.clear();
    }

    pub(super) fn found(&self) -> bool {
        !self.steps.is_empty()
    }

    /// The lowest profit of the best point.
    pub(super) fn worst(&self) -> Option<i128> {
        self.profits.first().copied()
    }

    /// Keeps a point whose worst state pays `least` or more and which is better than the best: its
    /// profits from the lowest up, then less risk, then smaller stakes in the order of legs.
    pub(super) fn offer(&mut self, problem: &Problem, steps: &[i64], least: i128) {
        problem.profits(steps, &mut self.offered);
        let Some(worst) = self.offered.iter().min() else { return };
        if *worst < least || self.worst().is_some_and(|best| *worst < best) {
            return;
        }
        self.offered.sort_unstable();
        let risk = problem.total_risk(steps);
        let better = !self.found()
            || self
                .offered
                .cmp(&self.profits)
                .then(self.risk.cmp(&risk))
                .then_with(|| self.steps.as_slice().cmp(steps))
                .is_gt();
        if better {
            std::mem::swap(&mut self.offered, &mut self.profits);
            self.risk = risk;
            self.steps.clear();
            self.steps.extend_from_slice(steps);
        }
    }
}
