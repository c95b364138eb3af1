//! Ladders keyed by position: `[[level, price, size], …]`, level 0 is the best.

use antigravity_sdk::Figure;

/// Betfair sends at most ten levels; twice that leaves room.
const MOST: usize = 20;

/// What stands at each position. A position may be empty while a deeper one is not.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    slots: Vec<Option<(Figure, Figure)>>,
    standing: usize,
}

impl Levels {
    /// Sets what stands at `position`; a size of 0 takes it away. `false` where this can be no
    /// level.
    #[inline]
    #[must_use]
    pub fn set(&mut self, position: u64, price: Figure, size: Figure) -> bool {
        let Ok(position) = usize::try_from(position) else { return false };
        if position >= MOST || price.is_negative() || size.is_negative() {
            return false;
        }
        if position >= self.slots.len() {
            self.slots.resize(position + 1, None);
        }
        let next = if size.is_zero() { None } else { Some((price, size)) };
        let before = std::mem::replace(&mut self.slots[position], next);
        self.standing = self.standing + usize::from(next.is_some()) - usize::from(before.is_some());
        true
    }

    /// Price and size of each level, best first.
    #[inline]
    pub fn levels(&self) -> impl Iterator<Item = (Figure, Figure)> + '_ {
        self.slots.iter().flatten().copied()
    }

    pub const fn is_empty(&self) -> bool {
        self.standing == 0
    }

    pub fn clear(&mut self) {
        self.slots.clear();
        self.standing = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use antigravity_sdk::Decimal;

    #[test]
    fn positions_are_kept_and_empty_ones_passed_over() {
        let d = |text: &str| Figure::from(text.parse::<Decimal>().unwrap());
        let mut levels = Levels::default();
        assert!(levels.set(2, d("4.8"), d("30")) && levels.set(0, d("5.1"), d("2")));
        assert!(levels.levels().eq([(d("5.1"), d("2")), (d("4.8"), d("30"))]));
        assert!(levels.set(0, d("0"), d("0")) && !levels.is_empty());
        assert!(levels.levels().eq([(d("4.8"), d("30"))]));
        assert!(levels.set(2, d("4.8"), d("0.00")) && levels.is_empty());
        assert!(!levels.set(20, d("4"), d("1")) && !levels.set(0, d("4"), d("-1")));
    }
}
