//! What can happen, by brute force.

use super::bets::{Kind, Settled};
use super::legs::Checked;
use super::read::Certificate;
use super::together::folded;
use super::{Refused, wrong};
use std::collections::BTreeSet;

/// Results of all legs, in their order.
pub(super) type Results = BTreeSet<Vec<Settled>>;

/// Every vector of results that some outcome produces.
pub(super) fn results(certificate: &Certificate, legs: &[Checked]) -> Result<Results, Refused> {
    let all = |is: fn(&Kind) -> bool| legs.iter().all(|leg| is(&leg.bet.kind));
    let alone = certificate.outcomes.as_ref().is_none_or(|list| *list == ["yes", "no"]);
    if all(|kind| matches!(kind, Kind::Question { .. })) && alone {
        one_market(certificate, legs)?;
        one_runner(legs)?;
        return Ok([true, false].map(|yes| after(legs, |_| yes)).into());
    }
    if all(|kind| matches!(kind, Kind::Winner | Kind::Question { .. })) {
        return of_list(certificate, legs);
    }
    if all(|kind| matches!(kind, Kind::Placed)) {
        named(legs, list(certificate)?)?;
        one_market(certificate, legs)?;
        one_runner(legs)?;
        return Ok([true, false].map(|placed| after(legs, |_| placed)).into());
    }
    if let Some(list) = certificate.outcomes.as_ref().filter(|_| all(|kind| !is_listed(kind))) {
        return Err(wrong("outcomes", list.join(", "), "none of these markets"));
    }
    if all(|kind| matches!(kind, Kind::Moneyline { .. })) {
        let sport = certificate.event.split('/').next().unwrap_or("");
        let period = &certificate.legs[0].period;
        if sport.eq_ignore_ascii_case("soccer") && period != "match" {
            return Err(wrong("legs[0].market", "moneyline", "one that a draw is possible in"));
        }
        return Ok([true, false].map(|home| after(legs, |_| home)).into());
    }
    of_scores(certificate, legs)
}

const fn is_listed(kind: &Kind) -> bool {
    matches!(kind, Kind::Winner | Kind::Placed | Kind::Question { .. })
}

fn after(legs: &[Checked], happens: impl Fn(&Checked) -> bool) -> Vec<Settled> {
    legs.iter().map(|leg| leg.bet.after(happens(leg))).collect()
}

/// Bets on two runners say nothing about each other unless exactly one of a list happens.
fn one_runner(legs: &[Checked]) -> Result<(), Refused> {
    let name = |leg: &Checked| leg.runner.clone().unwrap_or_else(|| "none".to_owned());
    match legs.iter().enumerate().find(|(_, leg)| leg.runner != legs[0].runner) {
        Some((at, leg)) => Err(wrong(format!("legs[{at}].runner"), name(leg), name(&legs[0]))),
        None => Ok(()),
    }
}

/// Two markets of one provider are two questions, two races or two numbers of places. Only the buckets of
/// a list have a market each.
fn one_market(certificate: &Certificate, legs: &[Checked]) -> Result<(), Refused> {
    let alone = |leg: &Checked| match leg.bet.kind {
        Kind::Question { .. } => leg.runner.is_none(),
        _ => true,
    };
    for (at, (leg, said)) in legs.iter().zip(&certificate.legs).enumerate() {
        for (other, first) in legs[..at].iter().zip(&certificate.legs) {
            if alone(leg) && alone(other) && leg.market.1 == other.market.1 {
                if said.event_id != first.event_id {
                    return Err(wrong(format!("legs[{at}].event_id"), &said.event_id, &first.event_id));
                }
                if said.market_id != first.market_id {
                    let text = |id: &Option<String>| id.clone().unwrap_or_else(|| "none".to_owned());
                    let (said, is) = (text(&said.market_id), text(&first.market_id));
                    return Err(wrong(format!("legs[{at}].market_id"), said, is));
                }
            }
        }
    }
    Ok(())
}

fn list(certificate: &Certificate) -> Result<&[String], Refused> {
    let list = certificate.outcomes.as_deref().unwrap_or(&[]);
    if list.len() < 2 || certificate.outcomes_proof.is_none() {
        return Err(wrong("outcomes", list.len(), "two or more, with their proof"));
    }
    let mut known = BTreeSet::new();
    match list.iter().enumerate().find(|(_, name)| !known.insert(folded(name))) {
        Some((at, name)) => Err(wrong(format!("outcomes[{at}]"), name, "there already")),
        None => Ok(list),
    }
}

fn named(legs: &[Checked], list: &[String]) -> Result<(), Refused> {
    let unlisted = |leg: &Checked| leg.runner.as_ref().is_none_or(|runner| !list.contains(runner));
    match legs.iter().enumerate().find(|(_, leg)| unlisted(leg)) {
        Some((at, leg)) => {
            let said = leg.runner.clone().unwrap_or_else(|| "none".to_owned());
            Err(wrong(format!("legs[{at}].runner"), said, "none of the outcomes"))
        }
        None => Ok(()),
    }
}

/// Exactly one of the list happens.
fn of_list(certificate: &Certificate, legs: &[Checked]) -> Result<Results, Refused> {
    let list = list(certificate)?;
    named(legs, list)?;
    one_market(certificate, legs)?;
    let happens = |name: &String| after(legs, |leg| leg.runner.as_ref() == Some(name));
    Ok(list.iter().map(happens).collect())
}

/// Margins and sums are of the same score in soccer only: elsewhere one bet may count sets and another
/// games, and what one shows of the other is not so.
fn one_score(certificate: &Certificate, legs: &[Checked]) -> Result<(), Refused> {
    let of_sum = |leg: &Checked| matches!(leg.bet.kind, Kind::Total { .. } | Kind::Parity { .. });
    match legs.iter().position(|leg| of_sum(leg) != of_sum(&legs[0])) {
        Some(at) if !certificate.event.starts_with("soccer/") => {
            let market = &certificate.legs[at].market;
            Err(wrong(format!("legs[{at}].market"), market, "one that may count something else"))
        }
        _ => Ok(()),
    }
}

/// Of each side in the box of [`of_scores`].
pub(super) fn most_goals(legs: &[Checked]) -> i64 {
    let (mut handicap, mut total) = (0, 0);
    for leg in legs {
        match leg.bet.kind {
            Kind::Handicap { quarters, .. } => handicap = handicap.max((quarters.abs() + 3) / 4),
            Kind::Total { quarters, .. } => total = total.max((quarters + 3) / 4),
            _ => {}
        }
    }
    handicap + total + 3
}

/// Every final score in a box stands for all. With the largest total T and handicap H, whole goals up,
/// the box goes to M = T + H + 3 for each side, and from a score outside it a step changes no result:
/// where the difference is above H + 2, two goals less for the side that leads (it stays above H, so
/// every handicap is won or lost as before, and the sum stays above T + 1); else one less for both (both
/// have more than T + 1, so there are some, and the sum stays above T + 1). Neither changes parity.
fn of_scores(certificate: &Certificate, legs: &[Checked]) -> Result<Results, Refused> {
    let other = |leg: &Checked| is_listed(&leg.bet.kind) || matches!(leg.bet.kind, Kind::Moneyline { .. });
    if let Some(at) = legs.iter().position(other) {
        let market = &certificate.legs[at].market;
        return Err(wrong(format!("legs[{at}].market"), market, "one that settles on other outcomes"));
    }
    one_score(certificate, legs)?;
    let most = most_goals(legs);
    let (mut found, mut scratch) = (Results::new(), Vec::with_capacity(legs.len()));
    for home in 0..=most {
        for away in 0..=most {
            scratch.clear();
            scratch.extend(legs.iter().map(|leg| leg.bet.after_score(home, away)));
            if !found.contains(&scratch) {
                found.insert(scratch.clone());
            }
        }
    }
    Ok(found)
}
