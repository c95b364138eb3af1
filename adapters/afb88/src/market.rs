//! The markets of a row, and where they stand in it.

use antigravity_sdk::{Market, Period, Selection};

/// One market of one period.
#[derive(Debug)]
pub struct Shape {
    pub market: Market,
    pub period: Period,
    /// Position that says whether it can be bet on.
    pub open_at: usize,
    pub line: Option<LineAt>,
    /// Position of the first price.
    pub prices_at: usize,
    /// In the order of the wire.
    pub selections: &'static [Selection],
    /// Prices are ten times what is shown, in the connection's format; else they are decimal odds.
    pub times_ten: bool,
    /// One bit for each position it is made of.
    pub positions: u64,
}

#[derive(Clone, Copy, Debug)]
pub struct LineAt {
    pub size: usize,
    /// Position that says whether home gives; a total has none.
    pub home_gives: Option<usize>,
}

/// Markets of a row.
pub const COUNT: usize = 8;

const HOME_AWAY: &[Selection] = &[Selection::Home, Selection::Away];
const OVER_UNDER: &[Selection] = &[Selection::Over, Selection::Under];
const ODD_EVEN: &[Selection] = &[Selection::Odd, Selection::Even];
const HOME_DRAW_AWAY: &[Selection] = &[Selection::Home, Selection::Draw, Selection::Away];

const fn gives(size: usize, home_gives: usize) -> Option<LineAt> {
    Some(LineAt { size, home_gives: Some(home_gives) })
}

const fn points(size: usize) -> Option<LineAt> {
    Some(LineAt { size, home_gives: None })
}

pub const MARKETS: [Shape; COUNT] = [
    full_time(Market::AsianHandicap, gives(22, 9), 24, HOME_AWAY),
    full_time(Market::Total, points(23), 26, OVER_UNDER),
    full_time(Market::OddEven, None, 28, ODD_EVEN),
    full_time(Market::MatchResult, None, 30, HOME_DRAW_AWAY),
    first_half(Market::AsianHandicap, gives(39, 38), 41, HOME_AWAY),
    first_half(Market::Total, points(40), 43, OVER_UNDER),
    first_half(Market::OddEven, None, 45, ODD_EVEN),
    first_half(Market::MatchResult, None, 47, HOME_DRAW_AWAY),
];

const fn full_time(
    market: Market,
    line: Option<LineAt>,
    prices_at: usize,
    selections: &'static [Selection],
) -> Shape {
    shape(market, Period::FULL_TIME, 8, line, prices_at, selections)
}

const fn first_half(
    market: Market,
    line: Option<LineAt>,
    prices_at: usize,
    selections: &'static [Selection],
) -> Shape {
    shape(market, Period::FIRST_HALF, 37, line, prices_at, selections)
}

const fn shape(
    market: Market,
    period: Period,
    open_at: usize,
    line: Option<LineAt>,
    prices_at: usize,
    selections: &'static [Selection],
) -> Shape {
    let mut positions = (1 << open_at) | (((1 << selections.len()) - 1) << prices_at);
    if let Some(line) = line {
        positions |= 1 << line.size;
        if let Some(home_gives) = line.home_gives {
            positions |= 1 << home_gives;
        }
    }
    let times_ten = !matches!(market, Market::MatchResult);
    Shape { market, period, open_at, line, prices_at, selections, times_ten, positions }
}
