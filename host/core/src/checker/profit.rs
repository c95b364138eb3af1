//! The states and what they pay.

use super::bets::Settled;
use super::legs::{Checked as Leg, Fee, same};
use super::names::contradicts;
use super::number::{int, print};
use super::outcomes::{Results, most_goals};
use super::read::Certificate;
use super::{Refused, wrong};
use num_rational::BigRational;
use num_traits::{Signed, Zero};

/// What a certificate comes to, in its currency.
pub(super) struct Checked {
    pub legs: Vec<Leg>,
    pub guaranteed: BigRational,
    /// The sum of the risks.
    pub stake_total: BigRational,
}

pub(super) fn check(
    certificate: &Certificate,
    legs: Vec<Leg>,
    possible: &Results,
) -> Result<Checked, Refused> {
    let states = states(certificate, possible)?;
    let most = most_goals(&legs);
    for (at, (state, results)) in certificate.states.iter().zip(&states).enumerate() {
        if let Some(name) = state.state.as_ref().filter(|name| contradicts(name, &legs, results, most)) {
            return Err(wrong(
                format!("states[{at}].results"),
                state.results.join(", "),
                format!("not {name}"),
            ));
        }
    }
    let mut profits = Vec::with_capacity(states.len());
    for (at, results) in states.iter().enumerate() {
        let profit = profit(&legs, results);
        same(format!("states[{at}].profit"), &certificate.states[at].profit, &profit)?;
        profits.push(profit);
    }
    let Some(guaranteed) = profits.iter().min().cloned() else {
        return Err(wrong("states", 0, possible.len()));
    };
    let worst = profits.iter().position(|profit| *profit == guaranteed).unwrap_or(0);
    if certificate.worst_state != worst {
        return Err(wrong("worst_state", certificate.worst_state, worst));
    }
    same("guaranteed_profit".to_owned(), &certificate.guaranteed_profit, &guaranteed)?;
    let pushed = |results: &Vec<Settled>| results.iter().all(|settled| *settled == Settled::Push);
    let pays = |(profit, results): (&BigRational, &Vec<Settled>)| {
        profit.is_positive() || (profit.is_zero() && pushed(results))
    };
    if let Some(at) = profits.iter().zip(&states).position(|state| !pays(state)) {
        return Err(wrong(format!("states[{at}].profit"), print(&profits[at]), "no profit"));
    }
    let stake_total = legs.iter().map(|leg| &leg.risk * &leg.worth.loss).sum();
    Ok(Checked { legs, guaranteed, stake_total })
}

/// The results as stated: each that is possible once, and no other.
fn states(certificate: &Certificate, possible: &Results) -> Result<Vec<Vec<Settled>>, Refused> {
    let mut states: Vec<Vec<Settled>> = Vec::with_capacity(possible.len());
    for (at, state) in certificate.states.iter().enumerate() {
        let field = || format!("states[{at}].results");
        let named = |name: &String| Settled::ALL.into_iter().find(|settled| settled.name() == name);
        let results: Option<Vec<Settled>> = state.results.iter().map(named).collect();
        match results {
            Some(results) if !possible.contains(&results) => {
                return Err(wrong(field(), state.results.join(", "), "not possible"));
            }
            Some(results) if states.contains(&results) => {
                return Err(wrong(field(), state.results.join(", "), "there already"));
            }
            Some(results) => states.push(results),
            None => return Err(wrong(field(), state.results.join(", "), "no results of a state")),
        }
    }
    if states.len() == possible.len() {
        Ok(states)
    } else {
        Err(wrong("states", states.len(), possible.len()))
    }
}

/// What winning or losing pays, less what is charged, with commission on what the legs of one market and
/// account win net.
fn profit(legs: &[Leg], results: &[Settled]) -> BigRational {
    let mut profit = BigRational::zero();
    let paid: Vec<BigRational> = legs.iter().zip(results).map(|(leg, result)| pays(leg, *result)).collect();
    for (at, leg) in legs.iter().enumerate() {
        profit += &paid[at] * if paid[at].is_positive() { &leg.worth.gain } else { &leg.worth.loss };
        match &leg.fee {
            Fee::Amount(amount) => profit -= amount * &leg.worth.loss,
            Fee::Rate(rate) if legs[..at].iter().all(|other| other.market != leg.market) => {
                let members = legs.iter().zip(&paid).filter(|(other, _)| other.market == leg.market);
                let net: BigRational = members.map(|(_, paid)| paid).sum();
                if net.is_positive() {
                    profit -= net * rate * &leg.worth.loss;
                }
            }
            Fee::Rate(_) => {}
        }
    }
    profit
}

fn pays(leg: &Leg, result: Settled) -> BigRational {
    let halves = result.halves();
    (if halves > 0 { &leg.win } else { &leg.risk }) * int(halves) / int(2)
}
