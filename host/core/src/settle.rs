//! Settlement: what can happen to a set of bets on one event, and what each bet then is.

#![deny(clippy::float_arithmetic)]

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
