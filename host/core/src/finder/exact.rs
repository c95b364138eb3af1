//! The judge that proves: states of the final score, leximin stakes, certificate.

use super::evaluate::{Combination, Evaluate, LegView, Opportunity};
use super::family::Kind;
use super::reason::Reason;
use crate::Timestamp;
use crate::certificate::{Certificate, Fee, FxUsed, Leg, Outcomes, State, id, key};
use crate::contract::HandicapBasis;
use crate::exact::Ratio;
use crate::fees::Charge;
use crate::money::Currency;
use crate::settle::{Bet, MOST_LEGS, Proof, Space, StateTable};
use crate::sizing::{Caps, Exchange, LegInput, Refusal, Sizer, Sizing};
use crate::stake::{NominalStake, Risk, Terms};
use antigravity_abi::{Decimal, Market};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Sizes combinations exactly and writes their certificates. Kept, it allocates nothing once it is warm but
/// for what it writes.
#[derive(Debug, Default)]
pub struct Exact {
    sizer: Sizer,
    states: StateTable,
    bets: Vec<Bet>,
    caps: Vec<(u32, Risk)>,
    /// The combination's legs, hardest to fill first.
    order: Vec<usize>,
    sizing: Sizing,
    /// By the combination's legs.
    stakes: Vec<NominalStake>,
    returns: Option<Ratio>,
}

type Names<'a> = SmallVec<[&'a str; MOST_LEGS]>;
type Inputs<'a> = SmallVec<[LegInput<'a>; MOST_LEGS]>;

impl Evaluate for Exact {
    fn size(&mut self, combination: &Combination<'_>) -> Result<Ratio, Reason> {
        if combination.legs.len() > MOST_LEGS {
            return Err(Reason::TooManyLegs);
        }
        self.arrange(combination);
        let legs = &combination.legs;
        self.bets.clear();
        self.bets.extend(self.order.iter().map(|place| bet(&legs[*place])));
        let names = names(combination);
        let space = space(combination, &names);
        self.states.derive(&self.bets, &space).map_err(|_| Reason::UnprovenStates)?;
        let bankroll = Risk::new(combination.bankroll.ratio()).ok_or(Reason::BelowMinimum)?;
        self.bound_accounts(combination)?;
        let inputs = inputs(combination, &self.order)?;
        let caps = Caps { bankroll, per_account: &self.caps };
        let sizing = self.sizer.size(&inputs, &self.states, &caps).map_err(refused)?;
        let returns = sizing.guaranteed.over(sizing.total_risk.ratio()).ok_or(Reason::Precision)?;
        self.returns = Some(returns);
        keep(&mut self.sizing, sizing);
        self.stakes.clear();
        self.stakes.resize(legs.len(), NominalStake::ZERO);
        for (place, stake) in self.order.iter().zip(&self.sizing.stakes) {
            self.stakes[*place] = *stake;
        }
        Ok(returns)
    }

    fn stakes(&self) -> &[NominalStake] {
        &self.stakes
    }

    fn write(&mut self, combination: &Combination<'_>) -> Opportunity {
        let equal_payout = self.equal_payout(combination);
        let certificate = self.certificate(combination);
        let mut bytes = Vec::with_capacity(2048);
        certificate.write(&mut bytes);
        Opportunity {
            key: key(&certificate.event, &certificate.legs),
            id: id(&bytes),
            at: combination.as_of,
            class: self.sizing.class,
            stake_total: self.sizing.total_risk.ratio(),
            return_on_stake: self.returns.unwrap_or(Ratio::ZERO),
            equal_payout,
            certificate,
            bytes,
        }
    }
}

impl Exact {
    /// Orders the legs: by what can be risked on them, unknown last, then by what they are.
    fn arrange(&mut self, combination: &Combination<'_>) {
        let legs = &combination.legs;
        self.order.clear();
        self.order.extend(0..legs.len());
        self.order.sort_unstable_by(|a, b| hardest_first(&legs[*a], &legs[*b]));
    }

    /// What stakes of equal payout would guarantee.
    fn equal_payout(&mut self, combination: &Combination<'_>) -> Option<Ratio> {
        let bankroll = Risk::new(combination.bankroll.ratio())?;
        let inputs = inputs(combination, &self.order).ok()?;
        let caps = Caps { bankroll, per_account: &self.caps };
        let sizing = self.sizer.equal_payout(&inputs, &self.states, &caps).ok()?;
        Some(sizing.guaranteed)
    }

    fn bound_accounts(&mut self, combination: &Combination<'_>) -> Result<(), Reason> {
        self.caps.clear();
        let Some(bound) = combination.per_account else { return Ok(()) };
        let bound = Risk::new(bound.ratio()).ok_or(Reason::BelowMinimum)?;
        for leg in &combination.legs {
            let account = u32::from(leg.worker.account_number);
            if !self.caps.iter().any(|(known, _)| *known == account) {
                self.caps.push((account, bound));
            }
        }
        Ok(())
    }

    fn certificate(&self, combination: &Combination<'_>) -> Certificate {
        let names = names(combination);
        let space = space(combination, &names);
        let legs = || self.order.iter().map(|place| &combination.legs[*place]);
        let states =
            self.states.rows().zip(&self.sizing.profits).enumerate().map(|(place, (row, profit))| {
                let mut name = String::new();
                self.states.name(place, &space, &mut name);
                State { name: name.into(), results: row.to_vec(), profit: *profit }
            });
        Certificate {
            as_of: combination.as_of,
            currency: combination.bankroll.currency(),
            event: combination.event.into(),
            legs: legs().enumerate().map(|(place, leg)| self.leg(combination, place, leg)).collect(),
            outcomes: listed(combination),
            fx: exchanges(combination, legs()),
            states: states.collect(),
            worst: self.sizing.worst,
            guaranteed: self.sizing.guaranteed,
        }
    }

    fn leg(&self, combination: &Combination<'_>, place: usize, view: &LegView<'_>) -> Leg {
        let (line, sizing) = (view.line, &self.sizing);
        let of = |amounts: &[Ratio]| amounts.get(place).copied().unwrap_or(Ratio::ZERO);
        let schedule = view.schedule.id.clone();
        // The list spells the runner, so that the certificate explains itself.
        let listed = combination.outcomes.zip(view.outcome);
        let runner = listed.and_then(|((proof, _), outcome)| proof.names.get(usize::from(outcome)).cloned());
        let basis = view.fixture.in_play && line.market == Market::AsianHandicap;
        let from_now = basis && view.worker.basis == HandicapBasis::FromNow;
        Leg {
            account: view.worker.account.clone(),
            provider: view.worker.provider.clone(),
            event_id: view.fixture.event_id.clone(),
            market_id: line.market_id.clone(),
            market: line.market,
            period: line.period,
            line: line.line,
            selection: view.leg.selection,
            runner: runner.or_else(|| line.runner.clone()),
            side: view.leg.side,
            basis: basis.then_some(view.worker.basis),
            score: view.fixture.score.clone().filter(|_| from_now),
            price: view.price,
            packet_seq: view.leg.seq,
            age_ms: combination.as_of.millis_since(view.confirmed_at),
            step: line.step,
            min: line.min,
            max: view.max,
            currency: view.currency,
            nominal: sizing.stakes.get(place).copied().unwrap_or(NominalStake::ZERO),
            risk: sizing.risks.get(place).copied().unwrap_or(Risk::ZERO),
            fee: match &view.schedule.charge {
                Charge::NetWin { rate } => Fee::Rate { schedule, rate: *rate },
                Charge::None | Charge::Amount(_) => Fee::Amount { schedule, amount: of(&sizing.fees) },
            },
        }
    }
}

fn bet(view: &LegView<'_>) -> Bet {
    Bet {
        market: view.line.market,
        selection: view.leg.selection,
        side: view.leg.side,
        line: view.line.quarters,
        outcome: view.outcome,
    }
}

const YES_NO: [&str; 2] = ["yes", "no"];

/// The outcomes of which one happens, where a list says it.
fn names<'a>(combination: &'a Combination<'_>) -> Names<'a> {
    match combination.outcomes {
        Some((proof, _)) => proof.names.iter().map(AsRef::as_ref).collect(),
        None => YES_NO.into_iter().collect(),
    }
}

fn space<'a>(combination: &'a Combination<'_>, names: &'a Names<'_>) -> Space<'a> {
    let first = combination.legs.first();
    let proof = match (combination.kind, combination.outcomes) {
        // A question is yes or no: the quote itself shows that it was asked.
        (Kind::Question, _) => {
            first.map(|leg| Proof { account: leg.worker.account_number.into(), packet_seq: leg.leg.seq })
        }
        (_, Some((proof, worker))) => {
            Some(Proof { account: worker.account_number.into(), packet_seq: proof.packet_seq })
        }
        (_, None) => None,
    };
    match combination.kind {
        Kind::Goals | Kind::Points => Space::Score,
        Kind::Moneyline => Space::Moneyline { sport: combination.sport(), period: combination.period },
        Kind::Question | Kind::Winner | Kind::Place => Space::Exclusive { outcomes: names, proof },
    }
}

/// The list as the certificate has it.
fn listed(combination: &Combination<'_>) -> Option<Outcomes> {
    let (account, packet_seq) = match (combination.kind, combination.outcomes) {
        (Kind::Question, _) => {
            combination.legs.first().map(|leg| (leg.worker.account.clone(), leg.leg.seq))?
        }
        (Kind::Winner | Kind::Place, Some((proof, worker))) => (worker.account.clone(), proof.packet_seq),
        _ => return None,
    };
    let list = names(combination).into_iter().map(Box::from).collect();
    Some(Outcomes { list, account, packet_seq })
}

fn inputs<'a>(combination: &'a Combination<'_>, order: &[usize]) -> Result<Inputs<'a>, Reason> {
    let legs = &combination.legs;
    order.iter().map(|place| input(combination, &legs[*place])).collect()
}

fn input<'a>(combination: &'a Combination<'_>, view: &'a LegView<'_>) -> Result<LegInput<'a>, Reason> {
    let amount = |value: Decimal| NominalStake::new(Ratio::of(value)).ok_or(Reason::BelowMinimum);
    let same = |other: &LegView<'_>| {
        (other.account(), other.provider(), &other.line.market_id)
            == (view.account(), view.provider(), &view.line.market_id)
    };
    let group = combination.legs.iter().position(same).unwrap_or(0);
    Ok(LegInput {
        terms: Terms::of(view.price, view.leg.side),
        price: view.price,
        step: amount(view.line.step)?,
        min: view.line.min.map(amount).transpose()?,
        max: view.max.map(amount).transpose()?,
        account: view.worker.account_number.into(),
        group: group as u32,
        charge: &view.schedule.charge,
        exchange: exchange(combination, view.currency)?,
    })
}

/// What a unit of a leg's currency is worth, where it is not worth the bankroll's.
fn exchange(combination: &Combination<'_>, currency: Option<Currency>) -> Result<Option<Exchange>, Reason> {
    let (to, now) = (combination.bankroll.currency(), combination.as_of);
    let Some(from) = currency.filter(|from| !combination.fx.same(*from, to)) else { return Ok(None) };
    let rate = |rate: Result<Ratio, _>| rate.map_err(|_| Reason::Precision);
    let (gain, loss) = (combination.fx.gain(from, to, now), combination.fx.loss(from, to, now));
    Ok(Some(Exchange { gain: rate(gain)?, loss: rate(loss)? }))
}

/// The rates used, each once. Currencies that a person counts as one have the rate of 1.
fn exchanges<'a, 'b: 'a>(
    combination: &Combination<'_>,
    legs: impl Iterator<Item = &'a LegView<'b>>,
) -> Vec<FxUsed> {
    let (to, now): (Currency, Timestamp) = (combination.bankroll.currency(), combination.as_of);
    let mut used: Vec<FxUsed> = Vec::new();
    for from in legs.filter_map(|leg| leg.currency) {
        if from == to || used.iter().any(|known| known.from == from) {
            continue;
        }
        match combination.fx.used(from, to, now) {
            Ok(Some(quote)) => {
                used.push(FxUsed { from, to, rate: quote.rate, haircut: quote.haircut, at: quote.at });
            }
            Ok(None) => {
                used.push(FxUsed { from, to, rate: Decimal::int(1), haircut: Decimal::ZERO, at: now });
            }
            Err(_) => {}
        }
    }
    used
}

/// By what can be risked, unknown last; then by what the key of an opportunity knows of them.
fn hardest_first(a: &LegView<'_>, b: &LegView<'_>) -> Ordering {
    let capacity = |view: &LegView<'_>| {
        let nominal = NominalStake::new(Ratio::of(view.max?))?;
        Terms::of(view.price, view.leg.side).risk(nominal)
    };
    let size = match (capacity(a), capacity(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    fn names<'v>(view: &'v LegView<'_>) -> [&'v str; 5] {
        let line = view.line;
        [view.account(), view.provider(), &view.fixture.event_id, &line.market_id, line.market.name()]
    }
    let bets = |view: &LegView<'_>| (view.line.period, view.line.line, view.leg.selection.name());
    size.then_with(|| names(a).cmp(&names(b)))
        .then_with(|| bets(a).cmp(&bets(b)))
        .then_with(|| a.line.runner.cmp(&b.line.runner))
        .then_with(|| a.leg.side.name().cmp(b.leg.side.name()))
}

/// Copies into room that is there.
fn keep(to: &mut Sizing, from: &Sizing) {
    to.stakes.clone_from(&from.stakes);
    to.risks.clone_from(&from.risks);
    to.fees.clone_from(&from.fees);
    to.profits.clone_from(&from.profits);
    (to.worst, to.guaranteed) = (from.worst, from.guaranteed);
    (to.total_risk, to.class) = (from.total_risk, from.class);
}

const fn refused(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::TooFewLegs => Reason::UnprovenStates,
        Refusal::TooManyLegs => Reason::TooManyLegs,
        // Limits were looked at before, so what is left is a size below the minimum.
        Refusal::BadStep | Refusal::MinAboveMax | Refusal::BelowMinimum => Reason::BelowMinimum,
        // A table of rates holds no bad one.
        Refusal::BadExchange | Refusal::Precision => Reason::Precision,
        Refusal::CoupledFees => Reason::CoupledFees,
        Refusal::Unprofitable => Reason::Unprofitable,
        Refusal::SearchLimit => Reason::SearchLimit,
    }
}
