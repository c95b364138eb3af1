//! Settlement: what can happen to a set of bets on one event, and what each bet then is.

#![deny(clippy::float_arithmetic)]

mod exclusive;
mod score;
mod text;

#[cfg(test)]
mod tests;

use crate::line::Line;
use antigravity_abi::{Market, Period, Selection, Side};

/// What became of a bet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Settled {
    Win,
    HalfWin,
    Push,
    HalfLoss,
    Loss,
    Void,
}

impl Settled {
    pub const ALL: [Self; 6] = [Self::Win, Self::HalfWin, Self::Push, Self::HalfLoss, Self::Loss, Self::Void];

    /// The word in certificates.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Win => "win",
            Self::HalfWin => "half-win",
            Self::Push => "push",
            Self::HalfLoss => "half-loss",
            Self::Loss => "loss",
            Self::Void => "void",
        }
    }

    /// The same for who took the other side.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Win => Self::Loss,
            Self::HalfWin => Self::HalfLoss,
            Self::Push => Self::Push,
            Self::HalfLoss => Self::HalfWin,
            Self::Loss => Self::Win,
            Self::Void => Self::Void,
        }
    }
}

/// One bet on an event, as far as its settlement goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bet {
    pub market: Market,
    pub selection: Selection,
    pub side: Side,
    /// Handicaps from the home side's view on both selections.
    pub line: Option<Line>,
    /// Of a runner or a bucket: its place in the list of outcomes.
    pub outcome: Option<u16>,
}

/// What can happen, and why that is all.
#[derive(Clone, Copy, Debug)]
pub enum Space<'a> {
    /// Every final score (home, away) of whole numbers from 0.
    Score,
    /// Home or away and nothing else.
    Moneyline { sport: &'a str, period: Period },
    /// Exactly one of a list that was proven complete.
    Exclusive { outcomes: &'a [&'a str], proof: Option<Proof> },
}

/// The packet that showed a list of outcomes to be complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub account: u32,
    pub packet_seq: u64,
}

/// Why a set of bets has no proven set of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    #[error("no bets")]
    NoLegs,
    #[error("more bets than one certificate holds")]
    TooManyLegs,
    #[error("bets that do not settle on the same kind of outcome")]
    MixedSpaces,
    #[error("a handicap or total without its line")]
    MissingLine,
    #[error("a line on a market that has none")]
    LineNotAllowed,
    #[error("a selection that the market does not have")]
    WrongSelection,
    #[error("a market that is never paired")]
    NotPaired,
    #[error("a list of outcomes without proof that it is complete")]
    NoProof,
    #[error("an outcome that is twice in the list")]
    RepeatedOutcome,
    #[error("an outcome that is not in the list")]
    UnlistedOutcome,
    #[error("an outcome that every bet loses")]
    UncoveredOutcome,
    #[error("fewer than two outcomes")]
    TooFewOutcomes,
    #[error("a draw is possible")]
    DrawPossible,
    #[error("a bet that wins in no state")]
    NeverWins,
}

/// Most bets of one table.
pub const MOST_LEGS: usize = 64;

/// The states of a set of bets: each distinct vector of results that something which can happen
/// produces, once. Kept and filled again, it allocates nothing once it is warm.
#[derive(Clone, Debug, Default)]
pub struct StateTable {
    bets: Vec<Bet>,
    /// State by state, as many as there are bets.
    results: Vec<Settled>,
    /// One outcome of each state.
    examples: Vec<Example>,
    margins: Vec<i32>,
    totals: Vec<i32>,
}

/// An outcome that leads to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Example {
    /// Home score less away score, and their sum.
    Score {
        margin: i32,
        total: i32,
    },
    HomeWins,
    AwayWins,
    /// The outcome at this place of the list.
    Listed(u16),
}

impl StateTable {
    /// Fills the table with the states of `bets`; it is empty after an error.
    ///
    /// Complete in each space:
    /// - *Score*: a few scores stand for all; why is written where they are walked (`settle/score.rs`).
    /// - *Moneyline*: home wins or away wins; refused where a draw is possible.
    /// - *Exclusive*: each outcome of the list is looked at. A dead heat pays a mean of two states, so
    ///   never less than the worse of them, and is no state.
    ///
    /// A void of everything returns all stakes and is no state. Scores go by falling margin, then by
    /// falling total, lists in their order.
    ///
    /// # Errors
    /// [`Incomplete`] where the set of outcomes is not proven to be complete for these bets.
    pub fn derive(&mut self, bets: &[Bet], space: &Space<'_>) -> Result<(), Incomplete> {
        self.bets.clear();
        self.results.clear();
        self.examples.clear();
        let done = self.fill(bets, space);
        if done.is_err() {
            self.results.clear();
            self.examples.clear();
        }
        done
    }

    fn fill(&mut self, bets: &[Bet], space: &Space<'_>) -> Result<(), Incomplete> {
        if bets.is_empty() {
            return Err(Incomplete::NoLegs);
        }
        if bets.len() > MOST_LEGS {
            return Err(Incomplete::TooManyLegs);
        }
        for bet in bets {
            sound(bet, space)?;
        }
        self.bets.extend_from_slice(bets);
        match *space {
            Space::Score => self.walk_scores(),
            Space::Moneyline { sport, period } => {
                // Only extra time settles a drawn match of soccer.
                if sport.eq_ignore_ascii_case("soccer") && period != Period::MATCH {
                    return Err(Incomplete::DrawPossible);
                }
                self.add(Example::HomeWins);
                self.add(Example::AwayWins);
            }
            Space::Exclusive { outcomes, proof } => self.walk_list(outcomes, proof)?,
        }
        let wins = |leg: usize| {
            let mut results = self.results.iter().skip(leg).step_by(bets.len());
            results.any(|settled| matches!(settled, Settled::Win | Settled::HalfWin))
        };
        if (0..bets.len()).all(wins) { Ok(()) } else { Err(Incomplete::NeverWins) }
    }

    /// Adds the state of an outcome where it is new.
    fn add(&mut self, example: Example) {
        let (legs, start) = (self.bets.len(), self.results.len());
        self.results.extend(self.bets.iter().map(|bet| settled(bet, example)));
        let (known, new) = self.results.split_at(start);
        if known.chunks_exact(legs).any(|state| state == new) {
            self.results.truncate(start);
        } else {
            self.examples.push(example);
        }
    }

    /// How many states there are.
    pub const fn len(&self) -> usize {
        self.examples.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// How many bets there are.
    pub const fn legs(&self) -> usize {
        self.bets.len()
    }

    /// What each bet is in a state; empty for a state that is not there.
    pub fn row(&self, state: usize) -> &[Settled] {
        let legs = self.bets.len();
        self.results.get(state * legs..(state + 1) * legs).unwrap_or(&[])
    }

    /// All states in their order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Settled]> {
        // A table without bets has no results, so any length will do.
        self.results.chunks_exact(self.bets.len().max(1))
    }
}

/// What a bet is after an outcome of its space.
fn settled(bet: &Bet, example: Example) -> Settled {
    let backed = match example {
        Example::Score { margin, total } => score::backed(bet, margin, total),
        Example::HomeWins => exclusive::won(bet.selection == Selection::Home),
        Example::AwayWins => exclusive::won(bet.selection == Selection::Away),
        Example::Listed(place) => exclusive::backed(bet, place),
    };
    match bet.side {
        Side::Back => backed,
        Side::Lay => backed.mirrored(),
    }
}

/// Whether a bet is of its market, and its market of the space.
fn sound(bet: &Bet, space: &Space<'_>) -> Result<(), Incomplete> {
    let fits = match bet.market {
        Market::Other => return Err(Incomplete::NotPaired),
        Market::Moneyline => matches!(space, Space::Moneyline { .. }),
        Market::Winner | Market::Place | Market::Binary => matches!(space, Space::Exclusive { .. }),
        Market::MatchResult
        | Market::DrawNoBet
        | Market::DoubleChance
        | Market::AsianHandicap
        | Market::Total
        | Market::OddEven => matches!(space, Space::Score),
    };
    if !fits {
        return Err(Incomplete::MixedSpaces);
    }
    if !bet.market.selections().contains(&bet.selection) {
        return Err(Incomplete::WrongSelection);
    }
    match (bet.market.needs_line(), bet.line) {
        (true, None) => Err(Incomplete::MissingLine),
        (false, Some(_)) => Err(Incomplete::LineNotAllowed),
        _ => Ok(()),
    }
}
