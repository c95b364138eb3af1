//! One side of an order book.

use antigravity_abi::Decimal;
use antigravity_tape::Figure;

/// Prices of a ladder are whole numbers of 10^-6: finer than any tick of any exchange.
const KEY_SCALE: u8 = 6;

/// What stands at a price.
#[derive(Clone, Copy, Debug)]
struct Level {
    price: Figure,
    size: Figure,
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
    /// The price of each level as a whole number that rises towards the best one. Beside the levels,
    /// for they are what is searched.
    keys: Vec<i64>,
    levels: Vec<Level>,
}

impl Ladder {
    /// Where the highest price is the best one.
    pub const fn highest_first() -> Self {
        Self { best: Best::Highest, keys: Vec::new(), levels: Vec::new() }
    }

    /// Where the lowest price is the best one.
    pub const fn lowest_first() -> Self {
        Self { best: Best::Lowest, keys: Vec::new(), levels: Vec::new() }
    }

    /// Sets what stands at `price`; a size of 0 takes the level away. How many levels are better
    /// than the one that changed, or `None` where this can be no level: a price not above 0 or with
    /// more than six decimal places, or a size below 0.
    #[inline]
    #[must_use]
    pub fn set(&mut self, price: Figure, size: Figure) -> Option<usize> {
        let key = key(price.decimal())?;
        if size.is_negative() {
            return None;
        }
        let key = if self.best == Best::Highest { key } else { -key };
        let at = self.keys.partition_point(|other| *other < key);
        let better = self.keys.len() - at;
        let known = self.keys.get(at) == Some(&key);
        if size.is_zero() {
            if known {
                take_out(&mut self.keys, at);
                take_out(&mut self.levels, at);
            }
        } else if known {
            if let Some(level) = self.levels.get_mut(at) {
                *level = Level { price, size };
            }
        } else {
            put_in(&mut self.keys, at, key);
            put_in(&mut self.levels, at, Level { price, size });
        }
        Some(better - usize::from(known))
    }

    /// What stands at `price`; `None` where nothing does.
    #[inline]
    pub fn size(&self, price: Decimal) -> Option<Figure> {
        let key = key(price)?;
        let key = if self.best == Best::Highest { key } else { -key };
        let at = self.keys.binary_search(&key).ok()?;
        self.levels.get(at).map(|level| level.size)
    }

    /// Price and size of each level, best first.
    #[inline]
    pub fn levels(&self) -> impl Iterator<Item = (Figure, Figure)> + '_ {
        self.levels.iter().rev().map(|level| (level.price, level.size))
    }

    /// The best price.
    pub fn best(&self) -> Option<Decimal> {
        self.levels.last().map(|level| level.price.decimal())
    }

    pub const fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    pub fn clear(&mut self) {
        self.keys.clear();
        self.levels.clear();
    }
}

/// `Vec::insert`, by exchange from the end: in WebAssembly moving memory is a call to the host, which
/// costs more than the few levels above a change.
#[inline]
fn put_in<T>(list: &mut Vec<T>, at: usize, item: T) {
    list.push(item);
    for i in (at + 1..list.len()).rev() {
        list.swap(i, i - 1);
    }
}

/// `Vec::remove`, likewise.
#[inline]
fn take_out<T>(list: &mut Vec<T>, at: usize) {
    for i in at + 1..list.len() {
        list.swap(i, i - 1);
    }
    list.pop();
}

#[inline]
fn key(price: Decimal) -> Option<i64> {
    let price = if price.scale() > KEY_SCALE { price.normalized() } else { price };
    let missing = KEY_SCALE.checked_sub(price.scale())?;
    // Twelve digits and six more fit; a checked product would be one of 128 bits in WebAssembly.
    let fits = price.mantissa() > 0 && price.mantissa() < 1_000_000_000_000;
    fits.then(|| price.mantissa() * const { powers() }[usize::from(missing)])
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

    fn set(ladder: &mut Ladder, price: &str, size: &str) -> Option<usize> {
        ladder.set(d(price).into(), d(size).into())
    }

    fn shown(ladder: &Ladder) -> Vec<String> {
        ladder.levels().map(|(price, size)| format!("{}@{}", price.decimal(), size.decimal())).collect()
    }

    #[test]
    fn best_first_with_digits_as_sent() {
        let mut bids = Ladder::highest_first();
        let mut asks = Ladder::lowest_first();
        for ladder in [&mut bids, &mut asks] {
            for (price, size) in [("8.8", "18.62"), ("9.20", "4"), ("1000", "13"), ("1.01", "13002")] {
                assert!(set(ladder, price, size).is_some());
            }
        }
        assert_eq!(shown(&bids), ["1000@13", "9.20@4", "8.8@18.62", "1.01@13002"]);
        assert_eq!(shown(&asks), ["1.01@13002", "8.8@18.62", "9.20@4", "1000@13"]);
        assert_eq!((bids.best(), asks.best()), (Some(d("1000")), Some(d("1.01"))));
    }

    #[test]
    fn equal_prices_are_one_level_whatever_their_digits() {
        let mut ladder = Ladder::highest_first();
        assert_eq!(set(&mut ladder, "0.80", "5"), Some(0));
        assert_eq!(set(&mut ladder, "0.8", "7"), Some(0));
        assert_eq!(shown(&ladder), ["0.8@7"]);
        assert_eq!(set(&mut ladder, "0.800", "0.00"), Some(0));
        assert!(ladder.is_empty());
        assert_eq!(set(&mut ladder, "0.5", "0"), Some(0));
        assert!(ladder.is_empty());
    }

    #[test]
    fn what_can_be_no_level_is_refused() {
        let mut ladder = Ladder::lowest_first();
        let bad = [("0", "1"), ("-2", "1"), ("0.1234567", "1"), ("2", "-1"), ("99999999999999", "1")];
        for (price, size) in bad {
            assert_eq!(set(&mut ladder, price, size), None, "{price} {size}");
        }
        assert_eq!(set(&mut ladder, "0.12345600", "1"), Some(0));
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
            let better = map.range(price + 1..).count();
            let stands = map.get(&price).map(|size| Decimal::int(*size));
            assert_eq!(ladder.size(Decimal::int(price)).map(Figure::decimal), stands);
            assert_eq!(ladder.set(Decimal::int(price).into(), Decimal::int(size).into()), Some(better));
            if size == 0 {
                map.remove(&price);
            } else {
                map.insert(price, size);
            }
            let levels = ladder.levels().map(|(price, size)| (price.decimal(), size.decimal()));
            assert!(levels.eq(map.iter().rev().map(|(p, s)| (Decimal::int(*p), Decimal::int(*s)))));
        }
    }
}
