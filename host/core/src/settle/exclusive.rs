//! Bets on a list of outcomes of which exactly one happens.

use super::{Bet, Example, Incomplete, Proof, Settled, StateTable};
use antigravity_abi::{Market, Selection};

/// The list of a question that stands alone.
pub(super) const YES_NO: [&str; 2] = ["yes", "no"];

impl StateTable {
    /// Adds the state of each outcome.
    pub(super) fn walk_list(&mut self, outcomes: &[&str], proof: Option<Proof>) -> Result<(), Incomplete> {
        if proof.is_none() {
            return Err(Incomplete::NoProof);
        }
        let count = u16::try_from(outcomes.len()).map_err(|_| Incomplete::TooManyLegs)?;
        if count < 2 {
            return Err(Incomplete::TooFewOutcomes);
        }
        if outcomes
            .iter()
            .enumerate()
            .any(|(place, name)| outcomes[..place].iter().any(|other| same(name, other)))
        {
            return Err(Incomplete::RepeatedOutcome);
        }
        for bet in &self.bets {
            listed(bet, outcomes)?;
        }
        one_question(&self.bets)?;
        for place in 0..count {
            self.add(Example::Listed(place));
        }
        if self.rows().any(|state| state.iter().all(|settled| *settled == Settled::Loss)) {
            return Err(Incomplete::UncoveredOutcome);
        }
        Ok(())
    }
}

/// Whether two names differ in case and spaces only: an outcome spelled in two ways is one, and two bets
/// against it lose together.
fn same(one: &str, other: &str) -> bool {
    folded(one).eq(folded(other))
}

fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
    let words = name.split_whitespace().flat_map(|word| std::iter::once(' ').chain(word.chars()));
    words.flat_map(char::to_lowercase)
}

/// Whether the list holds what the bet is on: its outcome, or yes and no for a question alone.
fn listed(bet: &Bet, outcomes: &[&str]) -> Result<(), Incomplete> {
    let known = match bet.outcome {
        Some(place) => usize::from(place) < outcomes.len(),
        None => bet.market == Market::Binary && outcomes == YES_NO,
    };
    if known { Ok(()) } else { Err(Incomplete::UnlistedOutcome) }
}

/// Several runners are placed, so bets on places exclude each other only when they are on one runner,
/// and say nothing about who wins.
fn one_question(bets: &[Bet]) -> Result<(), Incomplete> {
    let places = || bets.iter().filter(|bet| bet.market == Market::Place);
    let Some(first) = places().next() else { return Ok(()) };
    if places().count() < bets.len() {
        return Err(Incomplete::MixedSpaces);
    }
    if places().any(|bet| bet.outcome != first.outcome) { Err(Incomplete::NotPaired) } else { Ok(()) }
}

/// What a backed bet is when the outcome at this place happens.
pub(super) fn backed(bet: &Bet, place: u16) -> Settled {
    // A question alone has the list yes, no.
    let happens = bet.outcome.unwrap_or(0) == place;
    won(happens == (bet.selection != Selection::No))
}

pub(super) const fn won(won: bool) -> Settled {
    if won { Settled::Win } else { Settled::Loss }
}
