//! One side of an order book.

use antigravity_abi::Decimal;

/// Prices of a ladder are whole numbers of 10^-6: finer than any tick of any exchange.
const KEY_SCALE: u8 = 6;

#[derive(Clone, Copy, Debug)]
struct Level {
    /// Rises towards the best price.
    key: i64,
    price: Decimal,
    size: Decimal,
}

/// Which price of a side is the best one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Best {
    Highest,
    Lowest,
}

/// One side of an order book, keyed by price: digits as sent, sorted, the best level last, so that
/// a change near the top moves next to nothing.
#[derive(Clone, Debug)]
pub struct Ladder {
    best: Best,
    levels: Vec<Level>,
}

impl Ladder {
    /// Where the highest price is the best one.
    pub const fn highest_first() -> Self {
        Self { best: Best::Highest, levels: Vec::new() }
    }

    /// Where the lowest price is the best one.
    pub const fn lowest_first() -> Self {
        Self { best: Best::Lowest, levels: Vec::new() }
    }

    /// Sets what stands at `price`; a size of 0 takes the level away. `false` where this can be no
    /// level: a price not above 0 or with more than six decimal places, or a size below 0.
    #[inline]
    #[must_use]
    pub fn set(&mut self, price: Decimal, size: Decimal) -> bool {
        let Some(key) = key(price) else { return false };
        if size.is_negative() {
            return false;
        }
        let key = if self.best == Best::Highest { key } else { -key };
        match self.levels.binary_search_by_key(&key, |level| level.key) {
            Ok(at) if size.is_zero() => {
                self.levels.remove(at);
            }
            Ok(at) => self.levels[at] = Level { key, price, size },
            Err(_) if size.is_zero() => {}
            Err(at) => self.levels.insert(at, Level { key, price, size }),
        }
        true
    }

    /// Price and size of each level, best first.
    #[inline]
    pub fn levels(&self) -> impl Iterator<Item = (Decimal, Decimal)> + '_ {
        self.levels.iter().rev().map(|level| (level.price, level.size))
    }

    /// The best price.
    pub fn best(&self) -> Option<Decimal> {
        self.levels.last().map(|level| level.price)
    }

    pub const fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    pub fn clear(&mut self) {
        self.levels.clear();
    }
}

#[inline]
fn key(price: Decimal) -> Option<i64> {
    if price.mantissa() <= 0 {
        return None;
    }
    let price = if price.scale() > KEY_SCALE { price.normalized() } else { price };
    let missing = KEY_SCALE.checked_sub(price.scale())?;
    price.mantissa().checked_mul(const { powers() }[usize::from(missing)])
}

const fn powers() -> [i64; KEY_SCALE as usize + 1] {
    let mut powers = [1; KEY_SCALE as usize + 1];
    let mut i = 1;
    while i < powers.len() {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn shown(ladder: &Ladder) -> Vec<String> {
        ladder.levels().map(|(price, size)| format!("{price}@{size}")).collect()
    }

    #[test]
    fn best_first_with_digits_as_sent() {
        let mut bids = Ladder::highest_first();
        let mut asks = Ladder::lowest_first();
        for ladder in [&mut bids, &mut asks] {
            for (price, size) in [("8.8", "18.62"), ("9.20", "4"), ("1000", "13"), ("1.01", "13002")] {
                assert!(ladder.set(d(price), d(size)));
            }
        }
        assert_eq!(shown(&bids), ["1000@13", "9.20@4", "8.8@18.62", "1.01@13002"]);
        assert_eq!(shown(&asks), ["1.01@13002", "8.8@18.62", "9.20@4", "1000@13"]);
        assert_eq!((bids.best(), asks.best()), (Some(d("1000")), Some(d("1.01"))));
    }

    #[test]
    fn equal_prices_are_one_level_whatever_their_digits() {
        let mut ladder = Ladder::highest_first();
        assert!(ladder.set(d("0.80"), d("5")));
        assert!(ladder.set(d("0.8"), d("7")));
        assert_eq!(shown(&ladder), ["0.8@7"]);
        assert!(ladder.set(d("0.800"), d("0.00")));
        assert!(ladder.is_empty());
        assert!(ladder.set(d("0.5"), d("0")) && ladder.is_empty());
    }

    #[test]
    fn what_can_be_no_level_is_refused() {
        let mut ladder = Ladder::lowest_first();
        for (price, size) in
            [("0", "1"), ("-2", "1"), ("0.1234567", "1"), ("2", "-1"), ("99999999999999", "1")]
        {
            assert!(!ladder.set(d(price), d(size)), "{price} {size}");
        }
        assert!(ladder.set(d("0.12345600"), d("1")));
        assert_eq!(shown(&ladder), ["0.12345600@1"]);
    }

    #[test]
    fn agrees_with_a_sorted_map() {
        let mut ladder = Ladder::highest_first();
        let mut map = BTreeMap::new();
        let mut state = 7u64;
        for _ in 0..10_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (price, size) = (1 + (state >> 33) % 60, (state >> 40) % 4);
            let (price, size) = (i32::try_from(price).unwrap(), i32::try_from(size).unwrap());
            assert!(ladder.set(Decimal::int(price), Decimal::int(size)));
            if size == 0 {
                map.remove(&price);
            } else {
                map.insert(price, size);
            }
            let expected = map.iter().rev().map(|(price, size)| (Decimal::int(*price), Decimal::int(*size)));
            assert!(ladder.levels().eq(expected));
        }
    }
}
