//! The states and what they pay.

use super::bets::result;
use super::fees::Fee;
use super::legs::Leg;
use super::names::contradicts;
use super::number::{int, print, same};
use super::outcomes::{Results, most_goals};
use super::read::Certificate;
use super::{Refused, must, wrong};
use num_rational::BigRational;
use num_traits::{Signed, Zero};

/// The guaranteed profit, in the certificate's currency. The states are what is possible, each once.
pub(super) fn check(
    certificate: &Certificate,
    legs: &[Leg<'_>],
    mut possible: Results,
) -> Result<BigRational, Refused> {
    let (most, states) = (most_goals(legs), &certificate.states);
    let mut profits = Vec::with_capacity(states.len());
    for (at, state) in states.iter().enumerate() {
        let (field, said) = (format!("states[{at}].results"), state.results.join(", "));
        let results: Option<Vec<i64>> = state.results.iter().map(|name| result(name)).collect();
        let results = results.ok_or_else(|| wrong(&field, &said, "no results of a state"))?;
        must(possible.remove(&results), &field, &said, "not possible, or there already")?;
        let name = state.state.as_deref().unwrap_or("");
        must(!contradicts(name, legs, &results, most), field, said, format!("not {name}"))?;
        let profit = profit(legs, &results);
        same(&format!("states[{at}].profit"), &state.profit, &profit)?;
        profits.push((profit, results));
    }
    must(possible.is_empty(), "states", states.len(), states.len() + possible.len())?;
    let least = profits.iter().enumerate().min_by_key(|&(_, (profit, _))| profit);
    let (worst, (guaranteed, _)) = least.ok_or_else(|| wrong("states", 0, "one or more"))?;
    must(certificate.worst_state == worst, "worst_state", certificate.worst_state, worst)?;
    same("guaranteed_profit", &certificate.guaranteed_profit, guaranteed)?;
    let pays = |(profit, results): &(BigRational, Vec<i64>)| {
        profit.is_positive() || (profit.is_zero() && results.iter().all(|result| *result == 0))
    };
    match profits.iter().position(|state| !pays(state)) {
        Some(at) => Err(wrong(format!("states[{at}].profit"), print(&profits[at].0), "no profit")),
        None => Ok(guaranteed.clone()),
    }
}

/// What winning or losing pays, less what is charged, with commission on what the legs of one market and
/// account win net.
fn profit(legs: &[Leg<'_>], results: &[i64]) -> BigRational {
    let paid: Vec<BigRational> = legs.iter().zip(results).map(|(leg, result)| pays(leg, *result)).collect();
    let mut profit = BigRational::zero();
    for (at, leg) in legs.iter().enumerate() {
        let of_market = |other: &Leg<'_>| other.slip.is_of_market(leg.slip);
        let charge = match &leg.fee {
            Fee::Amount(amount) => amount.clone(),
            // Paid with the first leg of the market.
            Fee::Rate(_) if legs[..at].iter().any(of_market) => int(0),
            Fee::Rate(rate) => {
                let members = legs.iter().zip(&paid).filter(|(other, _)| of_market(other));
                let net: BigRational = members.map(|(_, paid)| paid).sum();
                net.max(int(0)) * rate
            }
        };
        profit += &paid[at] * if paid[at].is_positive() { &leg.worth.gain } else { &leg.worth.loss };
        profit -= charge * &leg.worth.loss;
    }
    profit
}

fn pays(leg: &Leg<'_>, result: i64) -> BigRational {
    (if result > 0 { &leg.win } else { &leg.risk }) * int(result) / int(2)
}
