//! Stakes of equal payout: what the field does where it does not look at the states between.

use super::Refusal;
use super::problem::{Best, Problem};

/// Leaves the point of equal payout in `best`; `pays` is what a step of each leg returns when it wins,
/// above 0, in one unit.
///
/// # Errors
/// [`Refusal`]: as [`Problem::reach`], and `Unprofitable` where a state does not pay.
pub(super) fn solve(
    problem: &Problem,
    pays: impl Iterator<Item = i128> + Clone,
    best: &mut Best,
) -> Result<(), Refusal> {
    best.clear();
    problem.reach()?;
    let mut steps = problem.lowest.clone();
    let mut nearest = |payout: i128| {
        for (leg, (steps, pay)) in steps.iter_mut().zip(pays.clone()).enumerate() {
            let wanted = (2 * payout + pay).div_euclid(2 * pay);
            let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
            *steps = wanted.clamp(problem.lowest[leg], problem.highest[leg]);
        }
        problem.allows(&steps)
    };
    let tops = problem.highest.iter().zip(pays.clone()).map(|(high, pay)| i128::from(*high) * pay);
    // The lowest stakes are allowed, and more payout takes no fewer steps.
    let (mut good, mut bad) = (0, tops.min().unwrap_or(0) + 1);
    while bad - good > 1 {
        let middle = (good + bad) / 2;
        if nearest(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    nearest(good);
    best.offer(problem, &steps, 1);
    if best.found() { Ok(()) } else { Err(Refusal::Unprofitable) }
}
