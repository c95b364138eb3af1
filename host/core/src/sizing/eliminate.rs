//! Fourier–Motzkin elimination: from the rows of a problem, the interval that each leg's steps can
//! be in once the legs before it are fixed.

use super::Refusal;
use super::problem::Problem;

/// More legs give too many rows.
pub(super) const MOST_LEGS: usize = 3;

/// A row keeps the set of originals that it was made of as bits.
const MOST_ROWS: usize = 64;

/// `a·k ≥ b + τ·t`: kept by every point k ≥ 0 whose worst state pays t ≥ 0 or more. τ is never
/// below 0.
#[derive(Clone, Copy, Debug)]
struct Row {
    a: [i64; MOST_LEGS],
    b: i64,
    tau: i64,
    from: u64,
}

/// What the search prunes with.
///
/// Every row follows from the problem's, so no point that is good enough is ever left out; rows that
/// do not fit are rounded outward, which may cost time and never the answer.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    /// Rows over the first 1, 2, … legs.
    levels: [Vec<Row>; MOST_LEGS],
    /// Bits of a coefficient.
    width: u32,
}

impl Bounds {
    /// Eliminates, and gives a bound that no worst state's profit is above.
    ///
    /// # Errors
    /// As [`Problem::reach`]; [`Refusal::TooManyLegs`] where there are more than 64 rows.
    pub(super) fn derive(&mut self, problem: &Problem) -> Result<i128, Refusal> {
        let reach = problem.reach()?;
        // A row's value: τ·t below 2^width · 2^(124 − width), two products below 2^62 · 2^62 and b,
        // together below 2^127.
        self.width = (123 - reach.ilog2()).min(62);
        self.originals(problem)?;
        for level in (1..problem.legs).rev() {
            self.eliminate(level, (problem.legs - level) as u32);
        }
        Ok(self.most(reach))
    }

    fn originals(&mut self, problem: &Problem) -> Result<(), Refusal> {
        let legs = problem.legs;
        if legs == 0 || legs > MOST_LEGS {
            return Err(Refusal::TooManyLegs);
        }
        let rows = &mut self.levels[legs - 1];
        rows.clear();
        let mut push = |a: [i128; MOST_LEGS], b, tau| {
            let from = 1u64.checked_shl(rows.len() as u32).ok_or(Refusal::TooManyLegs)?;
            rows.push(Row::outward(a, b, tau, from, self.width));
            Ok(())
        };
        let fraction = problem.fraction();
        for branch in 0..problem.state_of.len() {
            let mut a = [0; MOST_LEGS];
            let (b, tau) = problem.row(branch, fraction, &mut a[..legs]);
            push(a, b, tau)?;
        }
        for (cap, limit) in problem.limits.iter().enumerate() {
            let mut a = [0; MOST_LEGS];
            a.iter_mut().zip(problem.cap(cap)).for_each(|(a, risk)| *a = -i128::from(*risk));
            push(a, -i128::from(*limit), 0)?;
        }
        for leg in 0..legs {
            let mut a = [0; MOST_LEGS];
            a[leg] = 1;
            push(a, i128::from(problem.lowest[leg]), 0)?;
            a[leg] = -1;
            push(a, -i128::from(problem.highest[leg]), 0)?;
        }
        debug_assert!(rows.len() <= MOST_ROWS);
        Ok(())
    }

    /// Makes the rows over the first `level` legs from those over one more; `gone` legs are then
    /// eliminated.
    fn eliminate(&mut self, level: usize, gone: u32) {
        let (below, above) = self.levels.split_at_mut(level);
        let (Some(rows), Some(out)) = (above.first(), below.last_mut()) else { return };
        out.clear();
        out.extend(rows.iter().filter(|row| row.a[level] == 0));
        for up in rows.iter().filter(|row| row.a[level] > 0) {
            for down in rows.iter().filter(|row| row.a[level] < 0) {
                let from = up.from | down.from;
                // A row made of more than one original above the legs gone follows from the others
                // (D. A. Kohler 1967).
                if from.count_ones() <= gone + 1 {
                    out.push(Row::combined(up, down, level, from, self.width));
                }
            }
        }
    }

    /// The highest t that some number of steps of the first leg allows, at most `reach`.
    fn most(&self, reach: i128) -> i128 {
        let rows = &self.levels[0];
        let mut most = reach;
        let mut hold = |b: i128, tau: i128| {
            // 0 ≥ b + τ·t
            if tau > 0 && b + tau * most > 0 {
                most = (-b).div_euclid(tau);
            } else if tau == 0 && b > 0 {
                most = 0;
            }
        };
        for up in rows {
            if up.a[0] == 0 {
                hold(i128::from(up.b), i128::from(up.tau));
            } else if up.a[0] > 0 {
                for down in rows.iter().filter(|row| row.a[0] < 0) {
                    let row = Row::combined(up, down, 0, 0, self.width);
                    hold(i128::from(row.b), i128::from(row.tau));
                }
            }
        }
        most
    }

    /// Every number of steps of leg `leg` that can be in a point with a worst state of `t` or more
    /// lies in this interval, given the steps of the legs before it. Empty where the first is above
    /// the second.
    pub(super) fn interval(&self, problem: &Problem, leg: usize, steps: &[i64], t: i128) -> (i64, i64) {
        let (mut low, mut high) = (problem.lowest[leg], problem.highest[leg]);
        for row in &self.levels[leg] {
            let pivot = row.a[leg];
            if pivot == 0 {
                continue;
            }
            let fixed: i128 =
                row.a[..leg].iter().zip(steps).map(|(a, k)| i128::from(*a) * i128::from(*k)).sum();
            let rest = i128::from(row.b) + i128::from(row.tau) * t - fixed;
            if pivot > 0 {
                low = low.max(clamped(-floor(-rest, pivot)));
            } else {
                high = high.min(clamped(floor(-rest, -pivot)));
            }
            if low > high {
                break;
            }
        }
        (low, high)
    }
}

impl Row {
    /// `up` and `down` with opposite signs at leg `pivot`, added so that it is gone.
    fn combined(up: &Self, down: &Self, pivot: usize, from: u64, width: u32) -> Self {
        // Both are below 2^62 in size, so two products stay below 2^125.
        let (x, y) = (down.a[pivot].unsigned_abs(), up.a[pivot].unsigned_abs());
        let common = if (x | y) >> 32 == 0 { gcd(x, y) } else { 1 };
        let (x, y) = (i128::from(x / common), i128::from(y / common));
        let add = |up: i64, down: i64| i128::from(up) * x + i128::from(down) * y;
        let mut a = [0; MOST_LEGS];
        for (leg, a) in a.iter_mut().enumerate() {
            *a = add(up.a[leg], down.a[leg]);
        }
        Self::outward(a, add(up.b, down.b), add(up.tau, down.tau), from, width)
    }

    /// The row in `width` bits. A long one is divided by what all its numbers share, and where that
    /// is not enough by a power of 2: coefficients rounded up and the right side down, which every
    /// k ≥ 0 and t ≥ 0 that kept the row still keeps.
    fn outward(mut a: [i128; MOST_LEGS], mut b: i128, mut tau: i128, from: u64, width: u32) -> Self {
        // Shorter rows need no division before the next elimination. Common divisors of longer ones
        // cost more than the bits that are lost.
        if (32..=64).contains(&bits(&a, b, tau)) {
            let share =
                |common, value: i128| if common == 1 { 1 } else { gcd(common, value.unsigned_abs() as u64) };
            let common = i128::from(a.iter().fold(share(share(0, tau), b), |common, a| share(common, *a)));
            a.iter_mut().for_each(|a| *a /= common);
            b /= common;
            tau /= common;
        }
        let shift = bits(&a, b, tau).saturating_sub(width);
        if shift > 0 {
            a.iter_mut().for_each(|a| *a = -(-*a >> shift));
            b >>= shift;
            tau >>= shift;
        }
        Self { a: a.map(|a| a as i64), b: b as i64, tau: tau as i64, from }
    }
}

/// The bits of the largest number in size.
fn bits(a: &[i128], b: i128, tau: i128) -> u32 {
    let all = a.iter().fold(b.unsigned_abs() | tau.unsigned_abs(), |all, a| all | a.unsigned_abs());
    128 - all.leading_zeros()
}

/// `divisor` is above 0.
fn floor(value: i128, divisor: i64) -> i128 {
    // Division of 128 bits is slow, and nearly everything fits 64.
    match i64::try_from(value) {
        Ok(value) => i128::from(value.div_euclid(divisor)),
        Err(_) => value.div_euclid(i128::from(divisor)),
    }
}

fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
