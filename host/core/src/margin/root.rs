//! Roots of falling functions, by bisection.

/// What adding up inverse odds can lose: a book of exactly 1 may come out just below.
pub(super) const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The root of a function that falls between `low` and `high`, to the last bit of `f64`; `None`
/// where it has none there.
pub(super) fn between(falls: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> Option<f64> {
    let at_low = falls(low);
    if at_low.abs() <= ROUNDING {
        return Some(low);
    }
    if !(at_low > 0.0 && falls(high) <= 0.0) {
        return None;
    }
    loop {
        let middle = low + (high - low) / 2.0;
        // Neighbours: nothing lies between.
        if middle <= low || middle >= high {
            return Some(high);
        }
        if falls(middle) > 0.0 { low = middle } else { high = middle }
    }
}

/// The root of a function that falls from above 0 at 0 and may end at any number.
pub(super) fn above_zero(falls: impl Fn(f64) -> f64) -> Option<f64> {
    let mut high = 1.0;
    while falls(high) > 0.0 {
        high *= 2.0;
        if high == f64::INFINITY {
            return None;
        }
    }
    between(falls, 0.0, high)
}
