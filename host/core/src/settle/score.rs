//! Bets on the final score.
//!
//! A bet is settled by the margin m (home score less away score), by the total t (their sum), or by
//! whether t is odd. A score is a pair with t ≥ |m| and t ≡ m (mod 2), and every such pair is a score.
//!
//! **Why a few scores stand for all.** A bet on the margin with q quarters wins where 4m + q ≥ 2 and loses
//! where it is −2 or less; between the two lies at most one whole m. So the results of all bets on the
//! margin are constant on intervals, each ending beside such a place, and for each q the margins from
//! ⌊−q/4⌋ − 2 to ⌊−q/4⌋ + 3 hold the place itself and the last two margins of the interval on either side
//! (fewer only where the interval is shorter). The same is true of totals. Now take any score: m in the
//! interval A, t in the interval B. Replace m by the margin nearest 0 in A that has the same parity, and t
//! by the greatest total in B that has the same parity (in the last interval: by one at least as large as
//! every margin looked at). That is a score again, no bet's result has changed, and both numbers are among
//! those looked at: an interval's two margins nearest 0 are its ends, or lie within −1, 0 and 1, and its
//! two greatest totals are its end. Where no bet is on the margin (on the total) any margin (total) fits.

use super::{Bet, Example, Settled, StateTable};
use crate::settle::exclusive::won;
use antigravity_abi::{Market, Selection};

impl StateTable {
    /// Adds every state of a set of bets on the score.
    pub(super) fn walk_scores(&mut self) {
        let (mut margins, mut totals) = (std::mem::take(&mut self.margins), std::mem::take(&mut self.totals));
        self.margins_to_look_at(&mut margins);
        self.totals_to_look_at(&mut totals, &margins);
        match (margins.is_empty(), totals.is_empty()) {
            (false, true) => {
                for &margin in &margins {
                    self.add(Example::Score { margin, total: margin.abs() });
                }
            }
            (true, _) => {
                for &total in &totals {
                    self.add(Example::Score { margin: total % 2, total });
                }
            }
            (false, false) => {
                for &margin in &margins {
                    let scores =
                        totals.iter().filter(|&&total| total >= margin.abs() && (total - margin) % 2 == 0);
                    for &total in scores {
                        self.add(Example::Score { margin, total });
                    }
                }
            }
        }
        (self.margins, self.totals) = (margins, totals);
    }

    /// Falling; none where no bet is on the margin.
    fn margins_to_look_at(&self, out: &mut Vec<i32>) {
        out.clear();
        for bet in self.bets.iter().filter(|bet| axis(bet) == Axis::Margin) {
            around((-quarters(bet)).div_euclid(4), out);
        }
        if !out.is_empty() {
            around(0, out);
        }
        falling(out);
    }

    /// Falling; none where bets are on the margin only, or on it and on odd or even.
    fn totals_to_look_at(&self, out: &mut Vec<i32>, margins: &[i32]) {
        out.clear();
        for bet in self.bets.iter().filter(|bet| axis(bet) == Axis::Total) {
            around(quarters(bet).div_euclid(4), out);
        }
        if out.is_empty() && !margins.is_empty() {
            return;
        }
        around(0, out);
        out.retain(|total| *total >= 0);
        let largest = out.iter().copied().chain(margins.iter().map(|margin| margin.abs())).max();
        let beyond = largest.unwrap_or(0) + 1;
        out.extend([beyond, beyond + 1]);
        falling(out);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Margin,
    Total,
    Parity,
}

pub(super) fn axis(bet: &Bet) -> Axis {
    match bet.market {
        Market::Total => Axis::Total,
        Market::OddEven => Axis::Parity,
        _ => Axis::Margin,
    }
}

/// The bet's line. Bets on the result change at −1, 0 and 1, which are all beside the line 0.
fn quarters(bet: &Bet) -> i32 {
    bet.line.map_or(0, |line| i32::from(line.quarters()))
}

fn around(place: i32, out: &mut Vec<i32>) {
    out.extend(place - 2..=place + 3);
}

fn falling(numbers: &mut Vec<i32>) {
    numbers.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
    numbers.dedup();
}

/// What a backed bet is at a score.
pub(super) fn backed(bet: &Bet, margin: i32, total: i32) -> Settled {
    let line = quarters(bet);
    match (bet.market, bet.selection) {
        (Market::AsianHandicap | Market::DrawNoBet, Selection::Home) => by_quarters(4 * margin + line),
        (Market::AsianHandicap | Market::DrawNoBet, _) => by_quarters(-4 * margin - line),
        (Market::Total, Selection::Over) => by_quarters(4 * total - line),
        (Market::Total, _) => by_quarters(line - 4 * total),
        (_, Selection::Home) => won(margin > 0),
        (_, Selection::Draw) => won(margin == 0),
        (_, Selection::Away) => won(margin < 0),
        (_, Selection::HomeDraw) => won(margin >= 0),
        (_, Selection::HomeAway) => won(margin != 0),
        (_, Selection::DrawAway) => won(margin <= 0),
        (_, selection) => won((selection == Selection::Odd) == (total % 2 != 0)),
    }
}

/// By how far the score beats the line, in quarters of a goal: half the stake is on the line a quarter
/// above, half on the one a quarter below.
const fn by_quarters(beaten_by: i32) -> Settled {
    match beaten_by {
        ..=-2 => Settled::Loss,
        -1 => Settled::HalfLoss,
        0 => Settled::Push,
        1 => Settled::HalfWin,
        2.. => Settled::Win,
    }
}
