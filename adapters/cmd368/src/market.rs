//! The markets of a row, and where they stand in it.

use antigravity_sdk::{Decimal, Market, Period, PriceFormat, Selection, line};

/// One market of one period.
#[derive(Debug)]
pub struct Shape {
    pub market: Market,
    pub period: Period,
    pub format: PriceFormat,
    /// Position of the line in a full row.
    pub line_at: Option<usize>,
    /// Position of the first price in a full row.
    pub prices_at: usize,
    /// In the order of the wire.
    pub selections: &'static [Selection],
}

/// Markets of a row.
pub const COUNT: usize = 7;

const HOME_AWAY: &[Selection] = &[Selection::Home, Selection::Away];
const OVER_UNDER: &[Selection] = &[Selection::Over, Selection::Under];
/// Home, away, draw: the draw stands last.
const HOME_AWAY_DRAW: &[Selection] = &[Selection::Home, Selection::Away, Selection::Draw];
const ODD_EVEN: &[Selection] = &[Selection::Odd, Selection::Even];

/// Indexes of the match results, which can be hidden.
pub const MATCH_RESULTS: [usize; 2] = [4, 5];

pub const MARKETS: [Shape; COUNT] = [
    lined(Market::AsianHandicap, Period::FULL_TIME, 10, 40, HOME_AWAY),
    lined(Market::Total, Period::FULL_TIME, 12, 42, OVER_UNDER),
    lined(Market::AsianHandicap, Period::FIRST_HALF, 14, 44, HOME_AWAY),
    lined(Market::Total, Period::FIRST_HALF, 16, 46, OVER_UNDER),
    plain(Market::MatchResult, Period::FULL_TIME, PriceFormat::Decimal, 17, HOME_AWAY_DRAW),
    plain(Market::MatchResult, Period::FIRST_HALF, PriceFormat::Decimal, 20, HOME_AWAY_DRAW),
    plain(Market::OddEven, Period::FULL_TIME, PriceFormat::Malay, 48, ODD_EVEN),
];

const fn lined(
    market: Market,
    period: Period,
    line_at: usize,
    prices_at: usize,
    selections: &'static [Selection],
) -> Shape {
    Shape { market, period, format: PriceFormat::Malay, line_at: Some(line_at), prices_at, selections }
}

const fn plain(
    market: Market,
    period: Period,
    format: PriceFormat,
    prices_at: usize,
    selections: &'static [Selection],
) -> Shape {
    Shape { market, period, format, line_at: None, prices_at, selections }
}

/// A delta's command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Line and prices: index of the market.
    Move(usize),
    /// Prices of the line that stands: index of the market.
    Price(usize),
    /// The match result changed in a way that cannot be read: 117 packs its prices, 118 says
    /// whether it is shown.
    MatchResultChanged,
}

impl Command {
    /// `None` for the many commands about other things.
    pub const fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            28 => Self::Move(0),
            30 => Self::Price(0),
            33 => Self::Move(1),
            35 => Self::Price(1),
            38 => Self::Move(2),
            40 => Self::Price(2),
            43 => Self::Move(3),
            45 => Self::Price(3),
            51 => Self::Price(4),
            54 => Self::Price(5),
            117 | 118 => Self::MatchResultChanged,
            _ => return None,
        })
    }
}

impl Shape {
    /// The line as it is quoted, out of its size on the wire.
    ///
    /// # Errors
    /// What is wrong, where it is no line of this market.
    pub fn line(&self, size: Decimal, home_gives: Option<bool>) -> Result<Decimal, &'static str> {
        match self.market {
            Market::Total => line::total(size),
            _ => line::handicap(size, home_gives),
        }
    }
}
