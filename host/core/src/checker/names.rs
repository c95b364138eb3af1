//! What states are called. The words are for people, but where they name scores, these scores must have
//! the state's results: otherwise a line could be moved in a way that leaves the same results possible.

use super::bets::{Kind, Settled};
use super::legs::Checked;

/// Differences of goals (home less away) or sums, from one to another.
struct Range {
    from: i64,
    to: i64,
}

enum Named {
    Margins(Vec<Range>),
    Totals(Vec<Range>),
}

/// Whether a state's name says that some score has these results which has others. `most` goals on
/// either side show all that is possible. A name of another form says nothing.
pub(super) fn contradicts(name: &str, legs: &[Checked], results: &[Settled], most: i64) -> bool {
    let all = |is: fn(&Kind) -> bool| legs.iter().all(|leg| is(&leg.bet.kind));
    let others = |home: i64, away: i64| {
        legs.iter().zip(results).any(|(leg, result)| leg.bet.after_score(home, away) != *result)
    };
    match read(name) {
        Some(Named::Margins(ranges))
            if all(|kind| matches!(kind, Kind::Handicap { .. } | Kind::Result { .. })) =>
        {
            let named =
                |margin: &i64| ranges.iter().any(|range| range.from <= *margin && *margin <= range.to);
            (-most..=most).filter(named).any(|margin| others(margin.max(0), (-margin).max(0)))
        }
        Some(Named::Totals(ranges)) if all(|kind| matches!(kind, Kind::Total { .. })) => {
            let named = |total: &i64| ranges.iter().any(|range| range.from <= *total && *total <= range.to);
            (0..=most).filter(named).any(|total| others(total, 0))
        }
        _ => false,
    }
}

/// `home by 2 or more`, `home by 1, draw or away`; `3 or more`, `exactly 2`, `0 to 1`.
fn read(name: &str) -> Option<Named> {
    let (mut margins, mut totals) = (Vec::new(), Vec::new());
    for part in name.replace(" or more", "+").replace(", ", " or ").split(" or ") {
        match (margin(part), total(part)) {
            (Some(range), _) => margins.push(range),
            (None, Some(range)) => totals.push(range),
            (None, None) => return None,
        }
    }
    match (margins.is_empty(), totals.is_empty()) {
        (false, true) => Some(Named::Margins(margins)),
        (true, false) => Some(Named::Totals(totals)),
        _ => None,
    }
}

fn margin(part: &str) -> Option<Range> {
    if part == "draw" {
        return Some(Range { from: 0, to: 0 });
    }
    let of = |who: &str| {
        let rest = part.strip_prefix(who)?;
        if rest.is_empty() {
            Some(Range { from: 1, to: i64::MAX })
        } else {
            numbers(rest.strip_prefix(" by ")?)
        }
    };
    let turned = |range: Range| Range { from: -range.to, to: -range.from };
    of("home").or_else(|| of("away").map(turned))
}

fn total(part: &str) -> Option<Range> {
    match part.strip_prefix("exactly ") {
        Some(number) => numbers(number),
        None if part.contains([' ', '+']) => numbers(part),
        None => None,
    }
}

/// `2+`, `2 to 3`, `2`.
fn numbers(text: &str) -> Option<Range> {
    let number = |text: &str| text.parse::<u32>().ok().map(i64::from);
    if let Some(least) = text.strip_suffix('+') {
        return Some(Range { from: number(least)?, to: i64::MAX });
    }
    let (from, to) = text.split_once(" to ").unwrap_or((text, text));
    Some(Range { from: number(from)?, to: number(to)? })
}
