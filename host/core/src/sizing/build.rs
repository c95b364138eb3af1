//! From legs and states to whole numbers, and back.

use super::problem::{Problem, StepFee};
use super::{Caps, Class, Exchange, LegInput, Refusal, Sizing};
use crate::exact::{Ratio, gcd, lcm};
use crate::fees::{AmountRule, Charge};
use crate::settle::{MOST_LEGS, Settled, StateTable};
use crate::stake::{NominalStake, Risk};
use antigravity_abi::Decimal;

/// What a step pays when it is won, half won, half lost and lost.
type Table<T> = [T; 4];

/// Tables of one sizing.
#[derive(Debug, Default)]
pub(super) struct Builder {
    legs: Vec<Steps>,
    /// One for each leg: before commission, and with the whole of it.
    units: Vec<[Table<i64>; 2]>,
    coefs: Vec<Ratio>,
    /// Groups of legs that pay commission together, as masks.
    groups: Vec<u64>,
    /// The unit of profits, in the bankroll's currency.
    unit: Option<Ratio>,
    /// Whether a state in which every bet is a push was left out.
    pushes: bool,
    profits: Vec<i128>,
}

/// A step of one leg, in the bankroll's currency.
#[derive(Clone, Copy, Debug)]
struct Steps {
    tables: [Table<Ratio>; 2],
    risk: Ratio,
    fee: Option<Fee>,
}

#[derive(Clone, Copy, Debug)]
struct Fee {
    quantum: Ratio,
    minimum: Ratio,
    /// Quanta for a step, before rounding.
    quanta: Ratio,
}

impl Builder {
    /// Fills `problem`.
    ///
    /// A state in which every bet is a push pays 0 whatever the stakes, which decides nothing between
    /// two points, so it is left out; with fees in it it is a state like others, and nothing profits.
    pub(super) fn build(
        &mut self,
        legs: &[LegInput<'_>],
        states: &StateTable,
        caps: &Caps<'_>,
        problem: &mut Problem,
    ) -> Result<(), Refusal> {
        if legs.len() < 2 || states.legs() != legs.len() || states.is_empty() {
            return Err(Refusal::TooFewLegs);
        }
        if legs.len() > MOST_LEGS {
            return Err(Refusal::TooManyLegs);
        }
        problem.clear();
        problem.legs = legs.len();
        self.legs.clear();
        for leg in legs {
            in_range(leg)?;
            self.legs.push(Steps::of(leg).ok_or(Refusal::Precision)?);
        }
        self.find_groups(legs)?;
        self.fill_units(legs, problem).ok_or(Refusal::Precision)?;
        self.fill_branches(states, problem);
        if problem.state_of.is_empty() {
            return Err(Refusal::Unprofitable);
        }
        self.fill_caps(legs, caps, problem).ok_or(Refusal::Precision)?;
        for (leg, steps) in legs.iter().zip(&self.legs) {
            let (low, high) = bounds(leg, steps, caps).ok_or(Refusal::Precision)?;
            problem.lowest.push(low);
            problem.highest.push(high);
        }
        Ok(())
    }

    /// What a step returns when it wins, stake included and commission paid.
    pub(super) fn pays(&self) -> impl Iterator<Item = i128> + Clone {
        self.units.iter().map(|[gross, net]| i128::from(net[WIN]) - i128::from(gross[LOSS]))
    }

    fn find_groups(&mut self, legs: &[LegInput<'_>]) -> Result<(), Refusal> {
        self.groups.clear();
        for (first, leg) in legs.iter().enumerate() {
            if matches!(leg.charge, Charge::NetWin { .. })
                && legs[..first].iter().all(|other| other.group != leg.group)
            {
                let members = || legs.iter().enumerate().filter(|(_, other)| other.group == leg.group);
                if (members().count() > 1 && legs.len() > super::eliminate::MOST_LEGS)
                    || members()
                        .any(|(_, other)| (other.charge, other.exchange) != (leg.charge, leg.exchange))
                {
                    return Err(Refusal::CoupledFees);
                }
                self.groups.push(members().fold(0, |mask, (place, _)| mask | 1 << place));
            }
        }
        Ok(())
    }

    /// Everything that profits are made of as multiples of one unit.
    fn fill_units(&mut self, legs: &[LegInput<'_>], problem: &mut Problem) -> Option<()> {
        let fees = || self.legs.iter().filter_map(|steps| steps.fee);
        let tables = || self.legs.iter().flat_map(|steps| steps.tables.as_flattened().iter().copied());
        let all = || tables().chain(fees().flat_map(|fee| [fee.quantum, fee.minimum]));
        let den = all().try_fold(1, |den, value| lcm(den, value.den()))?;
        let whole = |value: Ratio| value.num().checked_mul(den / value.den());
        let common = all().try_fold(0, |common, value| Some(gcd(common, whole(value)?)))?;
        let units = |value: Ratio| i64::try_from(whole(value)? / common).ok();
        self.units.clear();
        for (steps, leg) in self.legs.iter().zip(legs) {
            let mut out = [[0; 4]; 2];
            for (out, value) in out.as_flattened_mut().iter_mut().zip(steps.tables.as_flattened()) {
                *out = units(*value)?;
            }
            self.units.push(out);
            problem.fees.push(match (steps.fee, leg.charge) {
                (Some(fee), Charge::Amount(rule)) => StepFee {
                    quantum: units(fee.quantum)?,
                    num: i64::try_from(fee.quanta.num()).ok()?,
                    den: i64::try_from(fee.quanta.den()).ok()?,
                    rounding: rule.rounding,
                    minimum: units(fee.minimum)?,
                },
                _ => StepFee::NONE,
            });
        }
        self.unit = Some(Ratio::new(common, den)?);
        Some(())
    }

    fn fill_branches(&mut self, states: &StateTable, problem: &mut Problem) {
        self.pushes = false;
        let charged = problem.fees.iter().any(|fee| *fee != StepFee::NONE);
        let mut state = 0;
        for results in states.rows() {
            if !charged && results.iter().all(|settled| slot(*settled).is_none()) {
                self.pushes = true;
                continue;
            }
            // Commission is charged on the groups of `surely`, and on each of `open` in one branch and
            // not in the other: net·rate is taken where the net is above 0, which is where it is less.
            let (mut surely, mut open) = (0u64, None);
            for &group in &self.groups {
                let members = || results.iter().enumerate().filter(|(leg, _)| group >> leg & 1 == 1);
                let wins = members().any(|(_, settled)| slot(*settled).is_some_and(|slot| slot < LOSSES));
                let loses = members().any(|(_, settled)| slot(*settled).is_some_and(|slot| slot >= LOSSES));
                match (wins, loses) {
                    // A group with more than one leg is one of at most three legs: there is only one.
                    (true, true) => open = Some(group),
                    (true, false) => surely |= group,
                    _ => {}
                }
            }
            for group in [Some(0), open].into_iter().flatten() {
                let taxed = surely | group;
                problem.branches.extend(results.iter().zip(&self.units).enumerate().map(
                    |(leg, (settled, units))| {
                        slot(*settled).map_or(0, |slot| units[(taxed >> leg & 1) as usize][slot])
                    },
                ));
                problem.state_of.push(state);
            }
            state += 1;
        }
    }

    fn fill_caps(&mut self, legs: &[LegInput<'_>], caps: &Caps<'_>, problem: &mut Problem) -> Option<()> {
        let all = (None, caps.bankroll);
        let accounts = caps.per_account.iter().map(|(account, cap)| (Some(*account), *cap));
        for (account, cap) in std::iter::once(all).chain(accounts) {
            let counts = |leg: &LegInput<'_>| account.is_none_or(|account| account == leg.account);
            if !legs.iter().any(counts) {
                continue;
            }
            self.coefs.clear();
            self.coefs.extend(
                legs.iter()
                    .zip(&self.legs)
                    .map(|(leg, steps)| if counts(leg) { steps.risk } else { Ratio::ZERO }),
            );
            let den = self.coefs.iter().try_fold(1, |den, coef| lcm(den, coef.den()))?;
            let whole = |value: Ratio| value.num().checked_mul(den / value.den());
            let common = self.coefs.iter().try_fold(0, |common, coef| Some(gcd(common, whole(*coef)?)))?;
            for coef in &self.coefs {
                problem.caps.push(i64::try_from(whole(*coef)? / common).ok()?);
            }
            let limit = cap.ratio().times(Ratio::new(den, common)?)?.floor();
            problem.limits.push(i64::try_from(limit).ok()?);
        }
        Some(())
    }

    /// What a point means. `None` where a number does not fit.
    pub(super) fn read(
        &mut self,
        legs: &[LegInput<'_>],
        states: &StateTable,
        problem: &Problem,
        steps: &[i64],
        out: &mut Sizing,
    ) -> Option<()> {
        out.stakes.clear();
        out.risks.clear();
        out.fees.clear();
        let mut total = Risk::ZERO;
        for (leg, steps) in legs.iter().zip(steps) {
            let stake = NominalStake::new(leg.step.ratio().times(Ratio::int(*steps))?)?;
            let risk = leg.terms.risk(stake)?;
            total = total.plus(Risk::new(risk.ratio().times(exchange(leg).loss)?)?)?;
            out.stakes.push(stake);
            out.risks.push(risk);
            out.fees.push(match leg.charge {
                Charge::Amount(rule) => {
                    rule.amount(leg.terms.contracts(stake)?, leg.price.decimal_odds().probability())?
                }
                Charge::None | Charge::NetWin { .. } => Ratio::ZERO,
            });
        }
        out.total_risk = total;
        let unit = self.unit?;
        problem.profits(steps, &mut self.profits);
        let mut in_units = self.profits.iter();
        out.profits.clear();
        for results in states.rows() {
            let left_out = self.pushes && results.iter().all(|settled| slot(*settled).is_none());
            let units = if left_out { 0 } else { *in_units.next()? };
            out.profits.push(Ratio::new(units, 1)?.times(unit)?);
        }
        out.guaranteed = *out.profits.iter().min()?;
        out.worst = out.profits.iter().position(|profit| *profit == out.guaranteed)?;
        out.class = if out.guaranteed.signum() > 0 { Class::Strict } else { Class::Weak };
        Some(())
    }
}

impl Steps {
    fn of(leg: &LegInput<'_>) -> Option<Self> {
        let (step, Exchange { gain, loss }) = (leg.step.ratio(), exchange(leg));
        let (win, risk) =
            (leg.terms.win_per_unit().times(step)?, leg.terms.risk_per_unit().times(step)?.negated());
        let own = [win, win.times(Ratio::HALF)?, risk.times(Ratio::HALF)?, risk];
        let mut gross = own;
        gross[..LOSSES].iter_mut().try_for_each(|value| value.times(gain).map(|worth| *value = worth))?;
        gross[LOSSES..].iter_mut().try_for_each(|value| value.times(loss).map(|worth| *value = worth))?;
        let mut net = gross;
        if let Charge::NetWin { rate } = leg.charge {
            let rate = rate.times(loss)?;
            for (net, own) in net.iter_mut().zip(own) {
                *net = net.minus(own.times(rate)?)?;
            }
        }
        let fee = match leg.charge {
            Charge::Amount(rule) => Fee::of(rule, leg)?,
            Charge::None | Charge::NetWin { .. } => None,
        };
        Some(Self { tables: [gross, net], risk: gross[LOSS].negated(), fee })
    }
}

impl Fee {
    /// The inner `None`: nothing is charged, whatever the stake.
    fn of(rule: &AmountRule, leg: &LegInput<'_>) -> Option<Option<Self>> {
        let per_unit = rule.per_unit(leg.price.decimal_odds().probability())?;
        let minimum = rule.minimum.unwrap_or(Ratio::ZERO);
        if per_unit.is_zero() && minimum.is_zero() {
            return Some(None);
        }
        let loss = exchange(leg).loss;
        Some(Some(Self {
            quantum: rule.quantum.times(loss)?,
            minimum: minimum.times(loss)?,
            quanta: per_unit.times(leg.terms.contracts(leg.step)?.ratio())?.over(rule.quantum)?,
        }))
    }
}

const WIN: usize = 0;
const LOSS: usize = 3;
/// From here on a step loses.
const LOSSES: usize = 2;

/// The place in a table; none for what returns the stake.
const fn slot(settled: Settled) -> Option<usize> {
    match settled {
        Settled::Win => Some(WIN),
        Settled::HalfWin => Some(1),
        Settled::HalfLoss => Some(LOSSES),
        Settled::Loss => Some(LOSS),
        Settled::Push | Settled::Void => None,
    }
}

fn exchange(leg: &LegInput<'_>) -> Exchange {
    leg.exchange.unwrap_or(Exchange { gain: Ratio::ONE, loss: Ratio::ONE })
}

/// Whether numbers are short enough that everything made of them can be exact.
fn in_range(leg: &LegInput<'_>) -> Result<(), Refusal> {
    const DIGITS: i64 = 1_000_000_000;
    let step = leg.step.ratio();
    if step.signum() <= 0 {
        return Err(Refusal::BadStep);
    }
    if leg.min.zip(leg.max).is_some_and(|(min, max)| min > max) {
        return Err(Refusal::MinAboveMax);
    }
    if leg.exchange.is_some_and(|rate| rate.gain.signum() <= 0 || rate.gain > rate.loss) {
        return Err(Refusal::BadExchange);
    }
    let price: Decimal = leg.price.value().normalized();
    let short = price.mantissa().abs() < DIGITS && price.scale() <= 8;
    let plain = 1_000_000 % step.den() == 0 && step.num() < i128::from(DIGITS);
    if short && plain { Ok(()) } else { Err(Refusal::Precision) }
}

/// The fewest and the most steps that the leg's limits, the bankroll and its account's cap allow.
fn bounds(leg: &LegInput<'_>, steps: &Steps, caps: &Caps<'_>) -> Option<(i64, i64)> {
    let in_steps = |stake: NominalStake| stake.ratio().over(leg.step.ratio());
    let low = leg.min.map_or(Some(1), |min| Some(in_steps(min)?.ceil().max(1)))?;
    let mut high = caps.bankroll.ratio().over(steps.risk)?.floor();
    for (_, cap) in caps.per_account.iter().filter(|(account, _)| *account == leg.account) {
        high = high.min(cap.ratio().over(steps.risk)?.floor());
    }
    if let Some(max) = leg.max {
        high = high.min(in_steps(max)?.floor());
    }
    let clamped = |steps: i128| i64::try_from(steps).unwrap_or(i64::MAX);
    Some((clamped(low), clamped(high)))
}
