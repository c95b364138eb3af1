//! One token's order book.

use antigravity_sdk::{Decimal, Figure, Key, Ladder, PriceFormat, Value};

const LEVEL: [Key; 2] = [Key::new("price"), Key::new("size")];

/// Bids and asks of one token.
#[derive(Clone, Debug)]
pub struct Book {
    pub bids: Ladder,
    pub asks: Ladder,
    /// Time of what was applied last, in the provider's milliseconds.
    pub at: Option<i64>,
}

/// The best prices of a book: bid, ask.
pub type Best = (Option<Decimal>, Option<Decimal>);

impl Book {
    /// Reads a whole book. The second number is how many levels could not be read.
    pub fn read(bids: Value<'_>, asks: Value<'_>, at: Option<i64>) -> (Self, usize) {
        let mut book = Self { bids: Ladder::highest_first(), asks: Ladder::lowest_first(), at };
        let mut unreadable = 0;
        for (ladder, levels) in [(&mut book.bids, bids), (&mut book.asks, asks)] {
            for level in levels.items() {
                let [price, size] = level.fields(LEVEL);
                unreadable += usize::from(set(ladder, price, size).is_none());
            }
        }
        (book, unreadable)
    }

    pub fn best(&self) -> Best {
        (self.bids.best(), self.asks.best())
    }
}

/// Sets one level; `None` where it is none.
pub fn set(ladder: &mut Ladder, price: Option<Value<'_>>, size: Option<Value<'_>>) -> Option<()> {
    let price = price?.decimal().filter(|price| PriceFormat::Probability.contains(*price))?;
    ladder.set(price.into(), size?.figure()?).map(drop)
}

/// The same bet seen from the other token: buying one at p is selling the other at 1 − p.
pub fn mirror(price: Decimal) -> Option<Decimal> {
    let one = 10i64.checked_pow(u32::from(price.scale()))?;
    Decimal::new(one.checked_sub(price.mantissa())?, price.scale())
}

/// The levels of a ladder seen from the other token, still best first.
pub fn mirrored(ladder: &Ladder) -> impl Iterator<Item = (Figure, Figure)> + '_ {
    ladder.levels().filter_map(|(price, size)| Some((mirror(price.decimal())?.into(), size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_keeps_the_digits() {
        for (price, other) in [("0.83", "0.17"), ("0.90", "0.10"), ("0.9", "0.1"), ("0.001", "0.999")] {
            let price: Decimal = price.parse().unwrap();
            assert_eq!(mirror(price).unwrap().to_string(), other);
            assert!(mirror(mirror(price).unwrap()).unwrap().identical(price));
        }
    }
}
