//! What a quote is a bet on, and which bets together pay whatever happens: the tables of structures.
//!
//! A bet on the margin m (home score less away score; of totals: on the goals themselves) is settled by
//! 4m + q, [`Shape::Home`], or by −4m − q, [`Shape::Away`], with the line q in quarters from the home side's
//! view: 2 or more wins, 1 wins half, 0 is a push, −1 loses half. So x + y = a − b is the same for every
//! score where x and y are what settles a home bet at a and an away bet at b, and x runs through one residue
//! of 4. Which of both wins where follows from these two numbers alone.

use super::price::{ONE, halved};
use antigravity_abi::{Market, Selection, Side};

/// What a bet is on. A laid bet is the mirrored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Shape {
    /// Of the home side, or over, at the entry's line.
    Home,
    /// Of the away side, or under, at the entry's line.
    Away,
    Draw,
    NotDraw,
    /// Odd, the home side of a moneyline, yes.
    First,
    /// Even, the away side of a moneyline, no.
    Second,
    /// The outcome that the entry's line numbers.
    Out,
    /// Any other outcome than that.
    NotOut,
}

impl Shape {
    /// Who took the other side of the bet; it is also what covers the bet where the lines fit.
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Home => Self::Away,
            Self::Away => Self::Home,
            Self::Draw => Self::NotDraw,
            Self::NotDraw => Self::Draw,
            Self::First => Self::Second,
            Self::Second => Self::First,
            Self::Out => Self::NotOut,
            Self::NotOut => Self::Out,
        }
    }
}

/// A shape and its line: quarters from the home side's view, the number of an outcome, or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub shape: Shape,
    pub line: i16,
}

impl Place {
    /// `line` in quarters of the market's own line, or the number of the outcome; `None` for a selection
    /// the market does not have and for markets that are never paired.
    pub fn of(market: Market, selection: Selection, side: Side, line: i16) -> Option<Self> {
        use Selection as S;
        let (shape, line) = match (market, selection) {
            (Market::MatchResult, S::Home) => (Shape::Home, -2),
            (Market::MatchResult, S::Away) => (Shape::Away, 2),
            (Market::MatchResult, S::Draw) => (Shape::Draw, 0),
            (Market::DoubleChance, S::HomeDraw) => (Shape::Home, 2),
            (Market::DoubleChance, S::DrawAway) => (Shape::Away, -2),
            (Market::DoubleChance, S::HomeAway) => (Shape::NotDraw, 0),
            (Market::DrawNoBet, S::Home) => (Shape::Home, 0),
            (Market::DrawNoBet, S::Away) => (Shape::Away, 0),
            (Market::AsianHandicap, S::Home) => (Shape::Home, line),
            (Market::AsianHandicap, S::Away) => (Shape::Away, line),
            (Market::Total, S::Over) => (Shape::Home, -line),
            (Market::Total, S::Under) => (Shape::Away, -line),
            (Market::OddEven, S::Odd) | (Market::Moneyline, S::Home) | (Market::Binary, S::Yes) => {
                (Shape::First, 0)
            }
            (Market::OddEven, S::Even) | (Market::Moneyline, S::Away) | (Market::Binary, S::No) => {
                (Shape::Second, 0)
            }
            (Market::Winner | Market::Place, S::Runner) => (Shape::Out, line),
            _ => return None,
        };
        Some(Self { shape: if side == Side::Lay { shape.mirrored() } else { shape }, line })
    }

    /// The class by which [`Minima`] keeps the cheapest price.
    pub const fn class(self) -> u8 {
        match (self.shape, self.line) {
            (Shape::Home, line @ -3..=0) => (line + 3) as u8,
            (Shape::Away, line @ 0..=3) => AWAY + line as u8,
            (Shape::Draw, _) => DRAW,
            (Shape::NotDraw, _) => NOT_DRAW,
            (Shape::Home, 2) => HOME_OR_DRAW,
            (Shape::Away, -2) => DRAW_OR_AWAY,
            (Shape::First, _) => FIRST,
            (Shape::Second, _) => SECOND,
            _ => NO_CLASS,
        }
    }
}

/// Which of two bets wins only half where the other loses all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Neither,
    Home,
    Away,
    Both,
}

/// How a home bet at `a` and an away bet at `b` cover every score; `None` where some score lets neither win.
pub(super) const fn cover(a: i16, b: i16) -> Option<Half> {
    match (a as i32 - b as i32, a.rem_euclid(4)) {
        (0.., _) => Some(Half::Neither),
        (-1, 1) => Some(Half::Home),
        (-1, 2) => Some(Half::Away),
        (-2, 1) => Some(Half::Both),
        _ => None,
    }
}

/// What the two bets of a pair cost together for a payout of 1: their inverse odds, where a bet wins only
/// half those of its half win. `None` where they do not pay, so it is below [`ONE`].
pub(super) fn pair_cost(one: (Place, u32), other: (Place, u32)) -> Option<u32> {
    // Half wins only make it dearer.
    if one.1 >= ONE - other.1 || other.0.shape != one.0.shape.mirrored() {
        return None;
    }
    let (home, away) = match one.0.shape {
        Shape::Home => (one, other),
        Shape::Away => (other, one),
        _ if one.0.line == other.0.line => return Some(one.1 + other.1),
        _ => return None,
    };
    let (h, a) = match cover(home.0.line, away.0.line)? {
        Half::Neither => (home.1, away.1),
        Half::Home => (halved(home.1), away.1),
        Half::Away => (home.1, halved(away.1)),
        Half::Both => (halved(home.1), halved(away.1)),
    };
    (h < ONE - a).then(|| h + a)
}

pub(super) const AWAY: u8 = 4;
pub(super) const DRAW: u8 = 8;
pub(super) const NOT_DRAW: u8 = 9;
pub(super) const HOME_OR_DRAW: u8 = 10;
pub(super) const DRAW_OR_AWAY: u8 = 11;
pub(super) const FIRST: u8 = 12;
pub(super) const SECOND: u8 = 13;
pub(super) const NO_CLASS: u8 = 15;
/// Home and away of a match result.
pub(super) const HOME_WIN: u8 = 1;
pub(super) const AWAY_WIN: u8 = AWAY + 2;

/// The cheapest inverse odds by class; [`ONE`] where there are none.
pub(super) type Minima = [u32; 16];

/// Whether a class is of a home bet that a draw and an away bet complete.
pub(super) const fn is_home(class: u8) -> bool {
    class < AWAY
}

/// Whether a class is of an away bet that a draw and a home bet complete.
pub(super) const fn is_away(class: u8) -> bool {
    class >= AWAY && class < DRAW
}

/// What a home bet (class 0 to 3: lines −0.75, −0.5, −0.25 and 0), the draw and an away bet (class 4 to 7:
/// the same lines of its own side, upwards from 0) cost for a payout of 1; `None` where they do not pay.
///
/// With inverse odds i and ρ the share of the stake that comes back from a draw (0, 0, ½ and 1), the bets on
/// the sides cost i_home + i_away and leave 1 − ρ_home·i_home − ρ_away·i_away for the draw to pay; at −0.75 a
/// win by one goal pays half.
pub(super) fn draw_cost(home: (u8, u32), draw: u32, away: (u8, u32)) -> Option<u32> {
    let (i, back_home) = side(home.0, home.1);
    let (j, back_away) = side(3 - (away.0 - AWAY), away.1);
    let left = (2 * u64::from(ONE)).checked_sub(back_home + back_away)?;
    // Twice the share that is left, times the draw: below 2^64, and rounded down.
    let cost = u64::from(i) + u64::from(j) + ((left * u64::from(draw)) >> 32);
    u32::try_from(cost).ok().filter(|cost| *cost < ONE)
}

/// Inverse odds of a win by one goal, and twice what a draw gives back of them.
fn side(class: u8, inverse: u32) -> (u32, u64) {
    match class {
        0 => (halved(inverse), 0),
        1 => (inverse, 0),
        2 => (inverse, u64::from(inverse)),
        _ => (inverse, 2 * u64::from(inverse)),
    }
}

/// What the three double chances cost for a payout of 1: two of the three win.
pub(super) fn double_chance_cost(home_draw: u32, home_away: u32, draw_away: u32) -> Option<u32> {
    let cost = u64::from(home_draw) + u64::from(home_away) + u64::from(draw_away);
    u32::try_from(cost / 2).ok().filter(|cost| *cost < ONE)
}

/// Whether three bets can pay at the cheapest prices of each class; `of` restricts it to triples with that
/// class.
pub(super) fn three_may_pay(cheapest: &Minima, of: Option<u8>) -> bool {
    let at = |class: u8| cheapest[usize::from(class)];
    let takes = |class: u8, group: fn(u8) -> bool| of.is_none_or(|of| of == class || !group(of));
    let doubles = |class: u8| matches!(class, NOT_DRAW | HOME_OR_DRAW | DRAW_OR_AWAY);
    if of.is_none_or(doubles)
        && double_chance_cost(at(HOME_OR_DRAW), at(NOT_DRAW), at(DRAW_OR_AWAY)).is_some()
    {
        return true;
    }
    if at(DRAW) >= ONE || of.is_some_and(|of| of > DRAW) {
        return false;
    }
    (0..AWAY).filter(|home| takes(*home, is_home) && at(*home) < ONE).any(|home| {
        let mut away = (AWAY..DRAW).filter(|away| takes(*away, is_away) && at(*away) < ONE);
        away.any(|away| draw_cost((home, at(home)), at(DRAW), (away, at(away))).is_some())
    })
}
