//! What a state is called. For people: nothing is computed from it.

use super::score::{Axis, axis, backed};
use super::{Bet, Example, Settled, Space, StateTable};
use std::fmt::Write;

/// Whole numbers from one end to the other; `None` is without end.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Range {
    from: Option<i32>,
    to: Option<i32>,
}

impl StateTable {
    /// Appends the name of a state, such as `home by 2 or more`, `draw or away` or `exactly 2`; nothing
    /// for a state that is not there. `space` is the one the table was derived from.
    pub fn name(&self, state: usize, space: &Space<'_>, out: &mut String) {
        match self.examples.get(state) {
            None => {}
            Some(Example::HomeWins) => out.push_str("home"),
            Some(Example::AwayWins) => out.push_str("away"),
            Some(Example::Score { margin, total }) => self.name_score(*margin, *total, out),
            Some(Example::Listed(_)) => {
                let Space::Exclusive { outcomes, .. } = space else { return };
                let alike = (0..).zip(*outcomes).filter(|(place, _)| {
                    let results = self.bets.iter().map(|bet| super::settled(bet, Example::Listed(*place)));
                    results.eq(self.row(state).iter().copied())
                });
                let names: Vec<_> = alike.map(|(_, name)| (*name).to_owned()).collect();
                join(&names, out);
            }
        }
    }

    fn name_score(&self, margin: i32, total: i32, out: &mut String) {
        let parity = self.bets.iter().any(|bet| axis(bet) == Axis::Parity);
        let mut parts = Vec::new();
        if self.bets.iter().any(|bet| axis(bet) == Axis::Margin) {
            let same = |other| self.alike(Axis::Margin, (margin, total), (other, total));
            let ranges = ranges(&self.margins, parity.then_some(margin), true, same);
            let names: Vec<_> = ranges.into_iter().flat_map(name_margins).collect();
            parts.push(names);
        }
        if self.bets.iter().any(|bet| axis(bet) == Axis::Total) {
            let same = |other| self.alike(Axis::Total, (margin, total), (margin, other));
            let ranges = ranges(&self.totals, parity.then_some(total), false, same);
            parts.push(ranges.into_iter().map(name_totals).collect());
        }
        if parity {
            parts.push(vec![if total % 2 == 0 { "even" } else { "odd" }.to_owned()]);
        }
        for (position, names) in parts.iter().enumerate() {
            if position > 0 {
                out.push_str(", ");
            }
            join(names, out);
        }
    }

    /// Whether the bets on one axis are the same at two scores.
    fn alike(&self, on: Axis, one: (i32, i32), other: (i32, i32)) -> bool {
        let result = |bet: &Bet, score: (i32, i32)| -> Settled { backed(bet, score.0, score.1) };
        let mut bets = self.bets.iter().filter(|bet| axis(bet) == on);
        bets.all(|bet| result(bet, one) == result(bet, other))
    }
}

/// The runs of numbers that are alike, falling. The first number looked at stands for all above it, and
/// with `below` the last for all below it; with `parity` only numbers as odd as that one count.
fn ranges(looked_at: &[i32], parity: Option<i32>, below: bool, alike: impl Fn(i32) -> bool) -> Vec<Range> {
    let fits = |number: &&i32| parity.is_none_or(|like| (**number - like) % 2 == 0);
    let mut ranges: Vec<Range> = Vec::new();
    let mut running = false;
    let mut first = true;
    let mut numbers = looked_at.iter().filter(fits).peekable();
    while let Some(&number) = numbers.next() {
        let end = if below && numbers.peek().is_none() { None } else { Some(number) };
        match (alike(number), running, ranges.last_mut()) {
            (true, true, Some(last)) => last.from = end,
            (true, ..) => ranges.push(Range { from: end, to: if first { None } else { Some(number) } }),
            (false, ..) => {}
        }
        running = alike(number);
        first = false;
    }
    ranges
}

/// `home by 2 or more`, `draw`, `away`: one name for each part of the range, home first.
fn name_margins(range: Range) -> Vec<String> {
    let (from, to) = (range.from.unwrap_or(i32::MIN), range.to.unwrap_or(i32::MAX));
    if from == i32::MIN && to == i32::MAX {
        return vec!["any result".to_owned()];
    }
    let mut names = Vec::new();
    if to > 0 {
        names.push(winner("home", from.max(1), range.to));
    }
    if from <= 0 && to >= 0 {
        names.push("draw".to_owned());
    }
    if from < 0 {
        names.push(winner("away", -to.min(-1), range.from.map(|from| -from)));
    }
    names
}

fn winner(who: &str, least: i32, most: Option<i32>) -> String {
    match most {
        None if least == 1 => who.to_owned(),
        None => format!("{who} by {least} or more"),
        Some(most) if most == least => format!("{who} by {least}"),
        Some(most) => format!("{who} by {least} to {most}"),
    }
}

fn name_totals(range: Range) -> String {
    match (range.from.unwrap_or(0), range.to) {
        (0, None) => "any total".to_owned(),
        (least, None) => format!("{least} or more"),
        (least, Some(most)) if least == most => format!("exactly {least}"),
        (least, Some(most)) => format!("{least} to {most}"),
    }
}

/// `a`, `a or b`, `a, b or c`.
fn join(names: &[String], out: &mut String) {
    for (position, name) in names.iter().enumerate() {
        let before = match position {
            0 => "",
            _ if position + 1 == names.len() => " or ",
            _ => ", ",
        };
        // Writing to a string cannot fail.
        let _ = write!(out, "{before}{name}");
    }
}
