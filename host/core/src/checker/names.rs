//! What states are called. The words are for people, but where they name scores, these scores must have
//! the state's results: otherwise a line could be moved in a way that leaves the same results possible.

use super::bets::Space;
use super::legs::Leg;
use std::ops::RangeInclusive;

/// Differences of goals (home less away), or sums.
type Range = RangeInclusive<i64>;

/// Whether a state's name says that some score has these results which has others. `most` goals on
/// either side show all that is possible. A name of another form says nothing.
pub(super) fn contradicts(name: &str, legs: &[Leg<'_>], results: &[i64], most: i64) -> bool {
    let all = |space| legs.iter().all(|leg| leg.bet.space == space);
    let range = if all(Space::Margin) {
        margin
    } else if all(Space::Sum) {
        total
    } else {
        return false;
    };
    // `home by 2 or more`, `home by 1, draw or away`; `3 or more`, `exactly 2`, `0 to 1`.
    let name = name.replace(" or more", "+").replace(", ", " or ");
    let Some(ranges) = name.split(" or ").map(range).collect::<Option<Vec<_>>>() else { return false };
    let named = (-most..=most).filter(|number| ranges.iter().any(|range| range.contains(number)));
    // A difference or sum of 2 is shown by 2–0, a difference of −2 by 0–2.
    let mut scores = named.map(|number| (number.max(0), (-number).max(0)));
    scores.any(|score| legs.iter().zip(results).any(|(leg, result)| leg.bet.after(score) != *result))
}

fn margin(part: &str) -> Option<Range> {
    let of = |who: &str| match part.strip_prefix(who)? {
        "" => Some(1..=i64::MAX),
        by => numbers(by.strip_prefix(" by ")?),
    };
    if part == "draw" {
        return Some(0..=0);
    }
    of("home").or_else(|| of("away").map(|range| -range.end()..=-range.start()))
}

fn total(part: &str) -> Option<Range> {
    match part.strip_prefix("exactly ") {
        Some(number) => numbers(number),
        None => numbers(part).filter(|_| part.contains([' ', '+'])),
    }
}

/// `2+`, `2 to 3`, `2`.
fn numbers(text: &str) -> Option<Range> {
    let number = |text: &str| text.parse::<u32>().ok().map(i64::from);
    match text.strip_suffix('+') {
        Some(least) => Some(number(least)?..=i64::MAX),
        None => {
            let (from, to) = text.split_once(" to ").unwrap_or((text, text));
            Some(number(from)?..=number(to)?)
        }
    }
}
