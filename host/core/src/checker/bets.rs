//! What a bet is on, and what becomes of it.

use super::number::{decimal, int};
use super::read::Slip;
use super::words::shown;
use super::{Refused, must, of_leg, wrong};
use num_traits::ToPrimitive;

/// What settles a bet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// The goals of home less those of away.
    Margin,
    /// The goals of both.
    Sum,
    /// Which of two sides wins, where one of them must.
    Sides,
    /// Whether its runner wins.
    Winner,
    /// Whether its runner is placed.
    Place,
    /// A question that stands alone, or is one of a list of which one is answered with yes.
    Question,
}

/// The furthest a line goes, in quarters: 500 goals or points.
const FURTHEST: i64 = 2000;

/// Market and selection; what settles it; the lowest line in quarters, where it has one; and the result
/// of backing it where home has `h` goals and away `a`, with the line `q`.
type Row = (&'static str, &'static str, Space, Option<i64>, fn(i64, i64, i64) -> i64);

/// Every bet there is. A handicap is from the home side's view. What has no goals happens at 1–0 and does
/// not at 0–1.
const BETS: [Row; 20] = [
    ("asian-handicap", "home", Space::Margin, Some(-FURTHEST), |h, a, q| with_line(h - a, q)),
    ("asian-handicap", "away", Space::Margin, Some(-FURTHEST), |h, a, q| -with_line(h - a, q)),
    ("draw-no-bet", "home", Space::Margin, None, |h, a, _| with_line(h - a, 0)),
    ("draw-no-bet", "away", Space::Margin, None, |h, a, _| -with_line(h - a, 0)),
    ("match-result", "home", Space::Margin, None, |h, a, _| won(h > a)),
    ("match-result", "draw", Space::Margin, None, |h, a, _| won(h == a)),
    ("match-result", "away", Space::Margin, None, |h, a, _| won(h < a)),
    ("double-chance", "home-draw", Space::Margin, None, |h, a, _| won(h >= a)),
    ("double-chance", "home-away", Space::Margin, None, |h, a, _| won(h != a)),
    ("double-chance", "draw-away", Space::Margin, None, |h, a, _| won(h <= a)),
    ("total", "over", Space::Sum, Some(0), |h, a, q| with_line(h + a, -q)),
    ("total", "under", Space::Sum, Some(0), |h, a, q| -with_line(h + a, -q)),
    ("odd-even", "odd", Space::Sum, None, |h, a, _| won((h + a) % 2 == 1)),
    ("odd-even", "even", Space::Sum, None, |h, a, _| won((h + a) % 2 == 0)),
    ("moneyline", "home", Space::Sides, None, |h, a, _| won(h > a)),
    ("moneyline", "away", Space::Sides, None, |h, a, _| won(h < a)),
    ("winner", "runner", Space::Winner, None, |h, a, _| won(h > a)),
    ("place", "runner", Space::Place, None, |h, a, _| won(h > a)),
    ("binary", "yes", Space::Question, None, |h, a, _| won(h > a)),
    ("binary", "no", Space::Question, None, |h, a, _| won(h < a)),
];

/// What results are called, from −2 to 2: the halves of the stake that win, less those that lose.
const NAMES: [&str; 5] = ["loss", "half-loss", "push", "half-win", "win"];

const fn won(won: bool) -> i64 {
    if won { 2 } else { -2 }
}

/// A line on a quarter is two bets of half the stake, on the lines a quarter below and above it; each
/// wins, is returned or loses as the goals with the line are above, at or below 0.
const fn with_line(goals: i64, quarters: i64) -> i64 {
    let (goals, apart) = (4 * goals + quarters, quarters.rem_euclid(2));
    (goals - apart).signum() + (goals + apart).signum()
}

/// The result of this name.
pub(super) fn result(name: &str) -> Option<i64> {
    (-2..).zip(NAMES).find(|(_, known)| *known == name).map(|(result, _)| result)
}

/// A bet, for its selection or against it.
pub(super) struct Bet {
    pub space: Space,
    /// 0 where it has no line.
    pub quarters: i64,
    pub lay: bool,
    backed: fn(i64, i64, i64) -> i64,
}

impl Bet {
    pub(super) fn read(at: usize, slip: &Slip) -> Result<Self, Refused> {
        let Slip { market, selection, line, side, .. } = slip;
        let row = BETS.iter().find(|row| (row.0, row.1) == (market, selection));
        let no_bet = || wrong(of_leg(at, "selection"), selection, format!("none of {market}"));
        let &(.., space, lowest, backed) = row.ok_or_else(no_bet)?;
        let (field, wanted) = (of_leg(at, "line"), if lowest.is_some() { "one" } else { "none" });
        let told = line.is_some() == lowest.is_some();
        must(told, field.as_str(), shown(line.as_deref()), format!("{wanted} in {market}"))?;
        let quarters = match (line, lowest) {
            (Some(text), Some(lowest)) => Some(decimal(&field, text)? * int(4))
                .filter(|quarters| quarters.is_integer())
                .and_then(|quarters| quarters.to_i64())
                .filter(|quarters| (lowest..=FURTHEST).contains(quarters))
                .ok_or_else(|| wrong(field, text, "no line"))?,
            _ => 0,
        };
        must(matches!(side.as_str(), "back" | "lay"), of_leg(at, "side"), side, "back or lay")?;
        Ok(Self { space, quarters, lay: side == "lay", backed })
    }

    /// Its result, from −2 to 2.
    pub(super) fn after(&self, (home, away): (i64, i64)) -> i64 {
        let backed = (self.backed)(home, away, self.quarters);
        if self.lay { -backed } else { backed }
    }
}
