//! One market's order book, bids only, and the best prices that are told without it.

use antigravity_sdk::{Decimal, Figure, Key, Kind, Ladder, PriceFormat, Value};

/// What a number of a price counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Dollars,
    Cents,
}

/// Names of one side's list, the finest first: where cents and dollars are both told, the cents may be
/// rounded.
type Names = [(Key, Unit); 3];
const YES: Names = [
    (Key::new("yes_dollars_fp"), Unit::Dollars),
    (Key::new("yes_dollars"), Unit::Dollars),
    (Key::new("yes"), Unit::Cents),
];
const NO: Names = [
    (Key::new("no_dollars_fp"), Unit::Dollars),
    (Key::new("no_dollars"), Unit::Dollars),
    (Key::new("no"), Unit::Cents),
];

/// The bids for YES and for NO.
#[derive(Clone, Debug)]
pub struct Book {
    pub yes: Ladder,
    pub no: Ladder,
}

/// The book is not what its changes say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrupt;

impl Book {
    /// Reads a whole book; a side that is missing or null is empty. The second number is how many levels
    /// could not be read.
    ///
    /// # Errors
    /// The side that is no list.
    pub fn read(book: Value<'_>) -> Result<(Self, usize), &'static str> {
        let (yes, bad_yes) = side(book, YES).ok_or("yes")?;
        let (no, bad_no) = side(book, NO).ok_or("no")?;
        Ok((Self { yes, no }, bad_yes + bad_no))
    }

    /// Whether any name of a side is there: an empty book has them with null.
    pub fn is_one(book: Value<'_>) -> bool {
        YES.iter().chain(&NO).any(|(name, _)| book.get(*name).is_some())
    }

    pub const fn is_empty(&self) -> bool {
        self.yes.is_empty() && self.no.is_empty()
    }

    /// Adds `delta` to what stands at `price`.
    ///
    /// # Errors
    /// [`Corrupt`] where less than nothing would stand there.
    pub fn change(&mut self, yes: bool, price: Decimal, delta: Decimal) -> Result<(), Corrupt> {
        let ladder = if yes { &mut self.yes } else { &mut self.no };
        let stands = ladder.size(price).map_or(Decimal::ZERO, Figure::decimal);
        let size = sum(stands, delta).filter(|size| !size.is_negative()).ok_or(Corrupt)?;
        ladder.set(price.into(), size.into()).map(drop).ok_or(Corrupt)
    }
}

fn side(book: Value<'_>, names: Names) -> Option<(Ladder, usize)> {
    let list = |(name, unit)| there(book.get(name)).map(|list| (list, unit));
    let mut ladder = Ladder::highest_first();
    let Some((list, unit)) = names.into_iter().find_map(list) else { return Some((ladder, 0)) };
    if list.kind() != Kind::Array {
        return None;
    }
    let mut level = |row: Option<[Value<'_>; 2]>| {
        let [at, size] = row?;
        ladder.set(price(at, unit)?.into(), size.figure()?)
    };
    let unreadable = list.rows().filter(|row| level(*row).is_none()).count();
    Some((ladder, unreadable))
}

/// A value that is not null.
pub fn there(value: Option<Value<'_>>) -> Option<Value<'_>> {
    value.filter(|value| !value.is_null())
}

/// A price between 0 and 1; `None` where it is none. Cents are whole: `0.06` there is dollars in the wrong
/// place.
pub fn price(value: Value<'_>, unit: Unit) -> Option<Decimal> {
    amount(value, unit).filter(|price| PriceFormat::Probability.contains(*price))
}

fn amount(value: Value<'_>, unit: Unit) -> Option<Decimal> {
    let number = value.decimal()?;
    match unit {
        Unit::Dollars => Some(number),
        Unit::Cents => Some(number.normalized()).filter(|cents| cents.scale() == 0)?.shifted_left(2),
    }
}

/// The sum, with as many places as the one that has more.
fn sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let at = |number: Decimal| {
        let power = 10i64.checked_pow(u32::from(scale - number.scale()))?;
        number.mantissa().checked_mul(power)
    };
    Decimal::new(at(a)?.checked_add(at(b)?)?, scale)
}

/// A level that may be told without its size.
pub type Level = (Decimal, Option<Decimal>);

/// The best prices for YES, as a market or a ticker states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Top {
    pub bid: Option<Level>,
    pub ask: Option<Level>,
}

const TOP: [Key; 7] = [
    Key::new("yes_bid_dollars"),
    Key::new("yes_bid"),
    Key::new("yes_bid_size_fp"),
    Key::new("yes_ask_dollars"),
    Key::new("yes_ask"),
    Key::new("yes_ask_size_fp"),
    Key::new("response_price_units"),
];

impl Top {
    /// What `told` states, if it states any price.
    ///
    /// # Errors
    /// The price that is none.
    pub fn read(told: Value<'_>) -> Result<Option<Self>, &'static str> {
        let [bid_dollars, bid_cents, bid_size, ask_dollars, ask_cents, ask_size, units] = told.fields(TOP);
        // Cents by their name only where the answer does not say that they are something else.
        let in_cents = units.is_none_or(|units| units.is(Key::new("usd_cent")));
        let stated = |dollars: Option<Value<'_>>, cents: Option<Value<'_>>| {
            let dollars = there(dollars).map(|value| amount(value, Unit::Dollars));
            dollars.or_else(|| there(cents).filter(|_| in_cents).map(|value| amount(value, Unit::Cents)))
        };
        let (bid, ask) = (stated(bid_dollars, bid_cents), stated(ask_dollars, ask_cents));
        if bid.is_none() && ask.is_none() {
            return Ok(None);
        }
        let bid = level(bid, bid_size).ok_or("yes_bid")?;
        let ask = level(ask, ask_size).ok_or("yes_ask")?;
        Ok(Some(Self { bid, ask }))
    }
}

/// One best price with its size: 0 and 1 stand for an empty side, and so does a size of 0. `None` where it
/// cannot be read.
#[allow(clippy::option_option)] // an empty side, and one that is none
fn level(price: Option<Option<Decimal>>, size: Option<Value<'_>>) -> Option<Option<Level>> {
    let Some(price) = price else { return Some(None) };
    let price = price?;
    let size = match there(size) {
        Some(size) => Some(size.decimal().filter(|size| !size.is_negative())?),
        None => None,
    };
    if price.is_zero() || price == Decimal::int(1) || size.is_some_and(Decimal::is_zero) {
        return Some(None);
    }
    PriceFormat::Probability.contains(price).then_some(Some((price, size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_keeps_the_digits_of_the_longer_one() {
        let d = |text: &str| -> Decimal { text.parse().unwrap() };
        for (a, b, of) in
            [("29.00", "7.00", "36.00"), ("100", "-50", "50"), ("1", "-0.25", "0.75"), ("5.5", "-6", "-0.5")]
        {
            assert_eq!(sum(d(a), d(b)).unwrap().to_string(), of);
        }
        assert_eq!(sum(d("999999999999999999"), d("0.5")), None);
    }
}
