//! The markets of an event, and the text that one line of one of them is.

use antigravity_sdk::line;
use antigravity_sdk::prelude::*;

/// What stands behind the market's id in every recorded text. Which of these five says what is not
/// known, so a text with others is shown as one that cannot be bet on.
const KNOWN_TAIL: [&str; 5] = ["0", "0", "0", "1", "1"];

/// One market of one period.
#[derive(Debug)]
pub struct Shape {
    /// Its number in field `7` of an event.
    pub key: Key,
    pub market: Market,
    pub period: Period,
    pub format: PriceFormat,
    /// By the letters of the wire: home or over, away or under, draw.
    pub selections: &'static [(u8, Selection)],
}

const TEAMS: &[(u8, Selection)] = &[(b'h', Selection::Home), (b'a', Selection::Away)];
const POINTS: &[(u8, Selection)] = &[(b'h', Selection::Over), (b'a', Selection::Under)];
const RESULTS: &[(u8, Selection)] =
    &[(b'h', Selection::Home), (b'a', Selection::Away), (b'd', Selection::Draw)];

pub const SHAPES: [Shape; 6] = [
    shape("1", Market::MatchResult, Period::FULL_TIME, PriceFormat::Decimal, RESULTS),
    shape("2", Market::MatchResult, Period::FIRST_HALF, PriceFormat::Decimal, RESULTS),
    shape("3", Market::Total, Period::FULL_TIME, PriceFormat::Malay, POINTS),
    shape("4", Market::Total, Period::FIRST_HALF, PriceFormat::Malay, POINTS),
    shape("5", Market::AsianHandicap, Period::FULL_TIME, PriceFormat::Malay, TEAMS),
    shape("6", Market::AsianHandicap, Period::FIRST_HALF, PriceFormat::Malay, TEAMS),
];

const fn shape(
    key: &'static str,
    market: Market,
    period: Period,
    format: PriceFormat,
    selections: &'static [(u8, Selection)],
) -> Shape {
    Shape { key: Key::new(key), market, period, format, selections }
}

/// What a text says.
#[derive(Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    pub market_id: &'a str,
    pub line: Option<Decimal>,
    /// In the order of the shape's selections.
    pub prices: [Option<Decimal>; 3],
    pub open: bool,
}

impl Shape {
    /// # Errors
    /// What is wrong with the text.
    pub fn read<'a>(&self, text: &'a str) -> Result<Offer<'a>, &'static str> {
        let mut words = text.split_ascii_whitespace();
        let mut next = |what: &'static str| words.next().ok_or(what);
        let size = match self.market {
            Market::MatchResult => None,
            _ => Some(number(next("a market without a line")?).ok_or("a line that is no number")?),
        };
        let mut prices = [None; 3];
        let mut told = 0u8;
        for _ in self.selections {
            let (at, price) = self.price(next("a market without its prices")?)?;
            told |= 1 << at;
            prices[at] = price;
        }
        if told.count_ones() as usize != self.selections.len() {
            return Err("two prices of one selection");
        }
        let line = match (self.market, size) {
            (Market::AsianHandicap, Some(size)) => {
                let home_gives = match next("a handicap without a giver")? {
                    "h" => Some(true),
                    "a" => Some(false),
                    "-" => None,
                    _ => return Err("an unknown giver"),
                };
                Some(line::handicap(size, home_gives)?)
            }
            (_, Some(size)) => Some(line::total(size)?),
            (_, None) => None,
        };
        let market_id = next("a market without its id")?;
        if !market_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("a market's id that is no number");
        }
        Ok(Offer { market_id, line, prices, open: words.eq(KNOWN_TAIL) })
    }

    /// `0.91*56916910050002990h`: price, selection's id, letter. A price of 0 or −999 is none.
    fn price(&self, word: &str) -> Result<(usize, Option<Decimal>), &'static str> {
        let (price, selection) = word.split_once('*').ok_or("a price without a selection")?;
        let letter = selection.as_bytes().last();
        let at = self.selections.iter().position(|(known, _)| Some(known) == letter);
        let price = number(price).ok_or("a price that is no number")?;
        let price = Some(price).filter(|price| !price.is_zero() && !line::is_closed(*price));
        Ok((at.ok_or("a price of an unknown selection")?, price))
    }
}

fn number(word: &str) -> Option<Decimal> {
    Decimal::parse(word.as_bytes()).ok()
}
