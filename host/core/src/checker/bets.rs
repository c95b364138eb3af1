//! What a bet is after an outcome.

/// What became of a bet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Settled {
    Win,
    HalfWin,
    Push,
    HalfLoss,
    Loss,
}

impl Settled {
    pub(super) const ALL: [Self; 5] = [Self::Loss, Self::HalfLoss, Self::Push, Self::HalfWin, Self::Win];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Win => "win",
            Self::HalfWin => "half-win",
            Self::Push => "push",
            Self::HalfLoss => "half-loss",
            Self::Loss => "loss",
        }
    }

    /// How many of the two halves of the stake win, less those that lose.
    pub(super) const fn halves(self) -> i64 {
        match self {
            Self::Win => 2,
            Self::HalfWin => 1,
            Self::Push => 0,
            Self::HalfLoss => -1,
            Self::Loss => -2,
        }
    }

    fn of_halves(halves: i64) -> Self {
        Self::ALL[(halves + 2).clamp(0, 4) as usize]
    }
}

/// What a bet is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A handicap in quarters of a goal, from the home side's view.
    Handicap {
        home: bool,
        quarters: i64,
    },
    Total {
        over: bool,
        quarters: i64,
    },
    /// Whether it wins where home wins, nobody does, away does.
    Result {
        home: bool,
        draw: bool,
        away: bool,
    },
    Parity {
        odd: bool,
    },
    Moneyline {
        home: bool,
    },
    /// On its runner to win.
    Winner,
    /// On its runner to be placed.
    Placed,
    /// On a question that stands alone, or is one of a list of which one is answered with yes.
    Question {
        yes: bool,
    },
}

/// A bet and whether it is against its selection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bet {
    pub kind: Kind,
    pub lay: bool,
}

impl Kind {
    /// `None` where the market has no such selection; `quarters` of markets that have a line.
    pub(super) fn of(market: &str, selection: &str, quarters: i64) -> Option<Self> {
        let result = |home, draw, away| Self::Result { home, draw, away };
        Some(match (market, selection) {
            ("asian-handicap", "home") => Self::Handicap { home: true, quarters },
            ("asian-handicap", "away") => Self::Handicap { home: false, quarters },
            ("draw-no-bet", "home") => Self::Handicap { home: true, quarters: 0 },
            ("draw-no-bet", "away") => Self::Handicap { home: false, quarters: 0 },
            ("total", "over") => Self::Total { over: true, quarters },
            ("total", "under") => Self::Total { over: false, quarters },
            ("match-result", "home") => result(true, false, false),
            ("match-result", "draw") => result(false, true, false),
            ("match-result", "away") => result(false, false, true),
            ("double-chance", "home-draw") => result(true, true, false),
            ("double-chance", "home-away") => result(true, false, true),
            ("double-chance", "draw-away") => result(false, true, true),
            ("odd-even", "odd") => Self::Parity { odd: true },
            ("odd-even", "even") => Self::Parity { odd: false },
            ("moneyline", "home") => Self::Moneyline { home: true },
            ("moneyline", "away") => Self::Moneyline { home: false },
            ("winner", "runner") => Self::Winner,
            ("place", "runner") => Self::Placed,
            ("binary", "yes") => Self::Question { yes: true },
            ("binary", "no") => Self::Question { yes: false },
            _ => return None,
        })
    }
}

impl Bet {
    /// After a final score.
    pub(super) fn after_score(self, home: i64, away: i64) -> Settled {
        let margin = home - away;
        self.turned(match self.kind {
            Kind::Handicap { home: true, quarters } => by_halves(margin, quarters),
            Kind::Handicap { quarters, .. } => by_halves(-margin, -quarters),
            Kind::Total { over: true, quarters } => by_halves(home + away, -quarters),
            Kind::Total { quarters, .. } => by_halves(-(home + away), quarters),
            Kind::Result { home, draw, away } => won(if margin > 0 {
                home
            } else if margin < 0 {
                away
            } else {
                draw
            }),
            Kind::Parity { odd } => won(odd == ((home + away) % 2 == 1)),
            // No other kind is settled by a score: outcomes::space.
            _ => Settled::Loss,
        })
    }

    /// Where what the bet is on happens, or does not.
    pub(super) fn after(self, happens: bool) -> Settled {
        let yes = match self.kind {
            Kind::Question { yes } => yes,
            Kind::Moneyline { home } => home,
            _ => true,
        };
        self.turned(won(happens == yes))
    }

    fn turned(self, settled: Settled) -> Settled {
        if self.lay { Settled::of_halves(-settled.halves()) } else { settled }
    }
}

/// A line on a quarter is two bets of half the stake, on the lines a quarter below and above it; each
/// wins, is returned or loses as the goals with the line are above, at or below 0.
fn by_halves(goals: i64, quarters: i64) -> Settled {
    let apart = quarters.rem_euclid(2);
    let half = |quarters: i64| (4 * goals + quarters).signum();
    Settled::of_halves(half(quarters - apart) + half(quarters + apart))
}

const fn won(won: bool) -> Settled {
    if won { Settled::Win } else { Settled::Loss }
}
