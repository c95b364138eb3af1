//! What can happen, by brute force.

use super::bets::Space;
use super::legs::Leg;
use super::read::Certificate;
use super::words::{folded, is_made_of, same_text, shown};
use super::{Refused, must, of_leg};
use std::collections::BTreeSet;

/// Sports of sets and games, frames, legs or innings.
const SETS: [&str; 10] = [
    "tennis",
    "volleyball",
    "beach-volleyball",
    "table-tennis",
    "badminton",
    "squash",
    "darts",
    "snooker",
    "cricket",
    "esports",
];

/// Results of all legs, in their order.
pub(super) type Results = BTreeSet<Vec<i64>>;

/// What happens and what does not, as the table of bets has it.
const YES: (i64, i64) = (1, 0);
const NO: (i64, i64) = (0, 1);

/// Every vector of results that some outcome produces.
pub(super) fn possible(certificate: &Certificate, legs: &[Leg<'_>]) -> Result<Results, Refused> {
    let all = |spaces: &[Space]| legs.iter().all(|leg| spaces.contains(&leg.bet.space));
    let outcomes = certificate.outcomes.as_deref();
    let alone = all(&[Space::Question]) && outcomes.is_none_or(|list| list == ["yes", "no"]);
    if alone || all(&[Space::Place]) || all(&[Space::Winner, Space::Question]) {
        let list = if alone { &[] } else { list(certificate, legs)? };
        one_market(legs)?;
        return if alone || all(&[Space::Place]) { of_one(legs) } else { Ok(of_list(list, legs)) };
    }
    let sides = all(&[Space::Sides]);
    for (at, leg) in legs.iter().enumerate() {
        let fits = sides || matches!(leg.bet.space, Space::Margin | Space::Sum);
        must(fits, of_leg(at, "market"), &leg.slip.market, "one that settles on other outcomes")?;
    }
    let said = outcomes.unwrap_or_default().join(", ");
    must(outcomes.is_none(), "outcomes", said, "none of these markets")?;
    if sides { of_sides(certificate, legs) } else { of_scores(certificate, legs) }
}

fn after(legs: &[Leg<'_>], score: impl Fn(&Leg<'_>) -> (i64, i64)) -> Vec<i64> {
    legs.iter().map(|leg| leg.bet.after(score(leg))).collect()
}

/// Exactly one of a list happens.
fn of_list(list: &[String], legs: &[Leg<'_>]) -> Results {
    let happens = |leg: &Leg<'_>, name| if leg.slip.runner.as_ref() == Some(name) { YES } else { NO };
    list.iter().map(|name| after(legs, |leg| happens(leg, name))).collect()
}

/// One thing happens or does not. Bets on two runners would say nothing about each other.
fn of_one(legs: &[Leg<'_>]) -> Result<Results, Refused> {
    for (at, leg) in legs.iter().enumerate() {
        same_text(of_leg(at, "runner"), leg.slip.runner.as_deref(), legs[0].slip.runner.as_deref())?;
    }
    Ok([YES, NO].map(|score| after(legs, |_| score)).into())
}

/// One of two sides wins.
fn of_sides(certificate: &Certificate, legs: &[Leg<'_>]) -> Result<Results, Refused> {
    let (slip, sport) = (&legs[0].slip, certificate.sport());
    // Another spelling could hide the sport in which it is.
    let plain =
        is_made_of(sport, usize::MAX, |c| c.is_ascii_lowercase() || "-:".contains(c) || c.is_ascii_digit());
    let decided = (plain && !sport.starts_with("soccer")) || slip.period == "match";
    must(decided, "legs[0].market", &slip.market, "one that a draw is possible in")?;
    Ok([YES, NO].map(|score| after(legs, |_| score)).into())
}

/// Two markets of one provider are two questions, two races or two numbers of places. Only the buckets of
/// a list have a market each.
fn one_market(legs: &[Leg<'_>]) -> Result<(), Refused> {
    let alone = |(_, leg): &(usize, &Leg<'_>)| leg.bet.space != Space::Question || leg.slip.runner.is_none();
    let legs: Vec<_> = legs.iter().enumerate().filter(alone).collect();
    for (place, (at, Leg { slip, .. })) in legs.iter().enumerate() {
        for (_, Leg { slip: other, .. }) in &legs[..place] {
            if other.provider.eq_ignore_ascii_case(&slip.provider) {
                same_text(of_leg(*at, "market_id"), slip.market_id.as_deref(), other.market_id.as_deref())?;
            }
        }
    }
    Ok(())
}

/// The proven list of which exactly one happens; every leg's runner is in it.
fn list<'a>(certificate: &'a Certificate, legs: &[Leg<'_>]) -> Result<&'a [String], Refused> {
    let list = certificate.outcomes.as_deref().unwrap_or_default();
    let proven = list.len() > 1 && certificate.outcomes_proof.is_some();
    must(proven, "outcomes", list.len(), "two or more, with their proof")?;
    let mut known = BTreeSet::new();
    for (at, name) in list.iter().enumerate() {
        must(known.insert(folded(name)), format!("outcomes[{at}]"), name, "there already")?;
    }
    for (at, runner) in legs.iter().map(|leg| leg.slip.runner.as_ref()).enumerate() {
        let listed = runner.is_some_and(|name| list.contains(name));
        let said = shown(runner.map(String::as_str));
        must(listed, of_leg(at, "runner"), said, "none of the outcomes")?;
    }
    Ok(list)
}

/// How many goals of each side [`of_scores`] looks at.
pub(super) fn most_goals(legs: &[Leg<'_>]) -> i64 {
    let furthest = |space| {
        let lines = legs.iter().filter(|leg| leg.bet.space == space).map(|leg| leg.bet.quarters.abs());
        (lines.max().unwrap_or(0) + 3) / 4
    };
    furthest(Space::Margin) + furthest(Space::Sum) + 3
}

/// Every final score in a box stands for all. With the largest total T and handicap H, whole goals up,
/// the box goes to M = T + H + 3 for each side, and from a score outside it a step changes no result:
/// where the difference is above H + 2, two goals less for the side that leads (it stays above H, so
/// every handicap is won or lost as before, and the sum stays above T + 1); else one less for both (both
/// have more than T + 1, so there are some, and the sum stays above T + 1). Neither changes parity.
///
/// Margins and sums are of the same score in soccer only: elsewhere one bet may count sets and another
/// games, and what one shows of the other is not so. Where it is known that there are both, nothing of
/// them is taken together.
fn of_scores(certificate: &Certificate, legs: &[Leg<'_>]) -> Result<Results, Refused> {
    let sport = certificate.sport();
    for (at, leg) in legs.iter().enumerate() {
        let of_a_kind = leg.bet.space == legs[0].bet.space && !SETS.contains(&sport);
        let one_score = of_a_kind || sport == "soccer";
        must(one_score, of_leg(at, "market"), &leg.slip.market, "one that may count something else")?;
    }
    let (most, mut found) = (most_goals(legs), Results::new());
    // One by one: of up to a million scores few differ, and a collection would hold them all at first.
    for (home, away) in (0..=most).flat_map(|home| (0..=most).map(move |away| (home, away))) {
        found.insert(after(legs, |_| (home, away)));
    }
    Ok(found)
}
