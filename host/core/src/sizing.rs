//! Sizing: the stakes whose worst state pays most.
//!
//! Stakes are whole numbers of steps within limits and caps. Of all of them the answer is the leximin
//! one: its lowest profit is the highest possible, then its next lowest, and so on; ties go to less
//! total risk, then to smaller stakes in the order of legs. The answer is exact: it is found among
//! whole numbers, with bounds that are rounded outward only.
//!
//! Up to three legs may have any states (`eliminate`, `search`); more legs need exactly one winner in
//! each state (`payout`).

#![deny(clippy::float_arithmetic)]

mod build;
mod eliminate;
mod equal;
mod payout;
mod problem;
mod search;

#[cfg(test)]
mod tests;

use crate::exact::Ratio;
use crate::fees::Charge;
use crate::odds::Price;
use crate::settle::StateTable;
use crate::stake::{NominalStake, Risk, Terms};

/// A bet that is to be sized. Amounts are in the leg's own currency.
#[derive(Clone, Copy, Debug)]
pub struct LegInput<'a> {
    pub terms: Terms,
    pub price: Price,
    /// The stake is a multiple of it.
    pub step: NominalStake,
    pub min: Option<NominalStake>,
    /// The smaller of the provider's limit and the amount there.
    pub max: Option<NominalStake>,
    pub account: u32,
    /// The same for legs of one account, provider and market id, which pay commission together.
    pub group: u32,
    pub charge: &'a Charge,
    /// None: the leg's currency is the bankroll's.
    pub exchange: Option<Exchange>,
}

/// What a unit of a leg's currency is worth in the bankroll's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Where it is won.
    pub gain: Ratio,
    /// Where it is lost or paid as a fee.
    pub loss: Ratio,
}

/// How much may be lost, in the bankroll's currency. Fees are not counted.
#[derive(Clone, Copy, Debug)]
pub struct Caps<'a> {
    /// By all legs together.
    pub bankroll: Risk,
    /// By all legs of an account.
    pub per_account: &'a [(u32, Risk)],
}

/// Stakes and what they give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizing {
    /// By leg, in the leg's currency.
    pub stakes: Vec<NominalStake>,
    /// By leg, in the leg's currency.
    pub risks: Vec<Risk>,
    /// By leg, in the leg's currency: what is charged in every state. Commission is in the profits only.
    pub fees: Vec<Ratio>,
    /// By state, in the bankroll's currency, after fees and commission.
    pub profits: Vec<Ratio>,
    /// The first state of those with the lowest profit.
    pub worst: usize,
    /// That profit.
    pub guaranteed: Ratio,
    /// In the bankroll's currency.
    pub total_risk: Risk,
    pub class: Class,
}

/// How sure the profit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Every state pays more than 0.
    Strict,
    /// The state in which every bet is a push pays 0, every other one more.
    Weak,
}

impl Class {
    /// The word in opportunity lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Weak => "weak",
        }
    }
}

/// Why a combination has no stakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    #[error("fewer than two legs, or states of other legs")]
    TooFewLegs,
    #[error("more than three legs whose states are not one winner each, or more than 64")]
    TooManyLegs,
    #[error("a step that is not above 0")]
    BadStep,
    #[error("a minimum above the maximum")]
    MinAboveMax,
    #[error("a rate of exchange that is not above 0, or gains more than it loses")]
    BadExchange,
    #[error("the smallest stakes allowed are above a limit, the bankroll or a cap")]
    BelowMinimum,
    #[error("a number that is too long to compute with exactly")]
    Precision,
    #[error(
        "commission on several legs together, of more than three legs, at several rates or in several currencies"
    )]
    CoupledFees,
    #[error("no stakes that profit in every state")]
    Unprofitable,
    #[error("the search was given up")]
    SearchLimit,
}

/// Sizes combinations; its tables are kept, so that a warm one allocates nothing.
#[derive(Debug, Default)]
pub struct Sizer {
    builder: build::Builder,
    problem: problem::Problem,
    search: search::Search,
    payouts: payout::Payouts,
    best: problem::Best,
    sizing: Sizing,
}

impl Sizer {
    pub fn new() -> Self {
        Self::default()
    }

    /// The leximin stakes for these legs, whose results `states` holds in the same order.
    ///
    /// # Errors
    /// [`Refusal`]; never an answer that is not the best.
    pub fn size(
        &mut self,
        legs: &[LegInput<'_>],
        states: &StateTable,
        caps: &Caps<'_>,
    ) -> Result<&Sizing, Refusal> {
        self.builder.build(legs, states, caps, &mut self.problem)?;
        if legs.len() <= eliminate::MOST_LEGS {
            self.search.solve(&self.problem, &mut self.best)?;
        } else {
            self.payouts.solve(&self.problem, &mut self.best)?;
        }
        self.finish(legs, states)
    }

    /// Stakes that pay the same whichever leg wins, as far as steps go: each is the number of steps
    /// nearest to it, for the largest payout that limits and caps allow. For comparison with
    /// [`Self::size`].
    ///
    /// # Errors
    /// [`Refusal`], also where these stakes do not profit in every state.
    pub fn equal_payout(
        &mut self,
        legs: &[LegInput<'_>],
        states: &StateTable,
        caps: &Caps<'_>,
    ) -> Result<&Sizing, Refusal> {
        self.builder.build(legs, states, caps, &mut self.problem)?;
        equal::solve(&self.problem, self.builder.pays(), &mut self.best)?;
        self.finish(legs, states)
    }

    fn finish(&mut self, legs: &[LegInput<'_>], states: &StateTable) -> Result<&Sizing, Refusal> {
        let found = self.builder.read(legs, states, &self.problem, &self.best.steps, &mut self.sizing);
        found.ok_or(Refusal::Precision)?;
        Ok(&self.sizing)
    }
}

impl Default for Sizing {
    /// Nothing staked.
    fn default() -> Self {
        Self {
            stakes: Vec::new(),
            risks: Vec::new(),
            fees: Vec::new(),
            profits: Vec::new(),
            worst: 0,
            guaranteed: Ratio::ZERO,
            total_risk: Risk::ZERO,
            class: Class::Weak,
        }
    }
}
