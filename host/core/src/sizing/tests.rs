mod legs;
mod oracles;

use super::Refusal;
use super::payout::Payouts;
use super::problem::{Best, Problem, StepFee};
use super::search::Search;
use crate::exact::Rounding;
use proptest::prelude::*;

/// Every point, one after the other.
fn exhaustive(problem: &Problem) -> Result<Vec<i64>, Refusal> {
    problem.reach()?;
    let (mut best, mut steps) = (Best::default(), problem.lowest.clone());
    loop {
        if problem.allows(&steps) {
            best.offer(problem, &steps, 1);
        }
        let Some(leg) = (0..problem.legs).find(|leg| steps[*leg] < problem.highest[*leg]) else { break };
        steps[leg] += 1;
        steps[..leg].copy_from_slice(&problem.lowest[..leg]);
    }
    if best.found() { Ok(best.steps) } else { Err(Refusal::Unprofitable) }
}

fn searched(problem: &Problem) -> Result<Vec<i64>, Refusal> {
    let (mut search, mut best) = (Search::default(), Best::default());
    search.solve(problem, &mut best).map(|()| best.steps)
}

fn scanned(problem: &Problem) -> Result<Vec<i64>, Refusal> {
    let (mut payouts, mut best) = (Payouts::default(), Best::default());
    payouts.solve(problem, &mut best).map(|()| best.steps)
}

/// Results by state and leg: W win, w half win, P push, l half loss, L loss.
const TWO: &[&[&str]] = &[
    &["WL", "LW"],
    &["WL", "wl", "LW"],
    &["WL", "lw", "LW"],
    &["WL", "wL", "LW"],
    &["WL", "WP", "LW"],
    &["WL", "WW", "LW"],
];
const THREE: &[&[&str]] = &[
    &["WLL", "LWL", "LLW"],
    &["WLL", "lWL", "LLW"],
    &["WLL", "wLL", "LWL", "LLW"],
    &["WLL", "lWl", "LLW"],
    &["WLL", "wLL", "LWL", "LLw", "LLW"],
    &["WLL", "PWL", "LLW"],
];

#[derive(Clone, Debug)]
struct Case {
    table: &'static [&'static str],
    /// Decimal odds in hundredths.
    odds: Vec<i64>,
    step: Vec<i64>,
    lowest: Vec<i64>,
    highest: Vec<i64>,
    bankroll: i64,
    cap: Option<(usize, i64)>,
    /// Per cent on the net win, and whether it is of the first two legs together.
    commission: (i64, bool),
    fee: (i64, i64, Rounding),
}

impl Case {
    fn problem(&self) -> Problem {
        let legs = self.odds.len();
        let mut problem = Problem {
            legs,
            lowest: self.lowest.clone(),
            highest: self.highest.clone(),
            ..Problem::default()
        };
        for (state, row) in self.table.iter().enumerate() {
            self.branches(row).into_iter().for_each(|branch| {
                problem.branches.extend(branch);
                problem.state_of.push(state);
            });
        }
        problem.caps.extend(self.step.iter().copied());
        problem.limits.push(self.bankroll);
        if let Some((leg, limit)) = self.cap {
            problem
                .caps
                .extend((0..legs).map(|other| if other % 2 == leg % 2 { self.step[other] } else { 0 }));
            problem.limits.push(limit);
        }
        // In two hundredths of a hundredth: the first leg pays the fee.
        let (rate, quantum, rounding) = self.fee;
        problem.fees = vec![StepFee::NONE; legs];
        if rate > 0 {
            let (num, den) = (rate * self.step[0] * 20_000, quantum * 20_000 * 7);
            problem.fees[0] = StepFee { quantum: quantum * 20_000, num, den, rounding, minimum: 0 };
        }
        problem
    }

    fn branches(&self, row: &str) -> Vec<Vec<i64>> {
        let legs = row.bytes().enumerate().map(|(leg, result)| {
            let win = self.odds[leg] - 100;
            let value = match result {
                b'W' => 2 * win,
                b'w' => win,
                b'l' => -100,
                b'L' => -200,
                _ => 0,
            };
            value * self.step[leg] * 100
        });
        let gross: Vec<i64> = legs.collect();
        let (rate, together) = self.commission;
        let group = if together { 0..2 } else { 0..1 };
        let charged =
            |leg: usize, value: i64| if group.contains(&leg) { value * (100 - rate) / 100 } else { value };
        let net: Vec<i64> = gross.iter().enumerate().map(|(leg, value)| charged(leg, *value)).collect();
        if rate == 0 { vec![gross] } else { vec![gross, net] }
    }
}

fn rounding() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(Rounding::Up), Just(Rounding::Down), Just(Rounding::HalfUp), Just(Rounding::HalfEven)]
}

fn case(
    tables: &'static [&'static [&'static str]],
    odds: std::ops::Range<i64>,
    most: i64,
) -> impl Strategy<Value = Case> {
    let legs = tables[0][0].len();
    let of = move |strategy: BoxedStrategy<i64>| proptest::collection::vec(strategy, legs);
    (
        proptest::sample::select(tables),
        of(odds.boxed()),
        of(prop_oneof![Just(1i64), Just(2), Just(5)].boxed()),
        of((1i64..4).boxed()),
        of((most / 3..most).boxed()),
        prop_oneof![Just(15i64), Just(30), Just(60)],
        proptest::option::of((0..2usize, 8i64..40)),
        (prop_oneof![3 => Just(0i64), 1 => Just(2), 1 => Just(5)], any::<bool>()),
        (
            prop_oneof![2 => Just(0i64), 1 => Just(1), 1 => Just(3)],
            prop_oneof![Just(1i64), Just(2), Just(10)],
            rounding(),
        ),
    )
        .prop_map(|(table, odds, step, lowest, highest, bankroll, cap, commission, fee)| Case {
            table,
            odds,
            step,
            lowest,
            highest,
            bankroll,
            cap,
            commission,
            fee: (fee.0, fee.1, fee.2),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1200))]

    #[test]
    fn two_legs_equal_exhaustive(case in case(TWO, 190..260, 30)) {
        let problem = case.problem();
        prop_assert_eq!(searched(&problem), exhaustive(&problem));
    }

    #[test]
    fn three_legs_equal_exhaustive(case in case(THREE, 280..420, 14)) {
        let problem = case.problem();
        prop_assert_eq!(searched(&problem), exhaustive(&problem));
    }
}

/// One winner a state, with step fees and caps.
fn winners() -> impl Strategy<Value = Problem> {
    (2usize..=4).prop_flat_map(|legs| {
        let base = 100 * legs as i64;
        let of = move |strategy: BoxedStrategy<i64>| proptest::collection::vec(strategy, legs);
        (
            of((base * 9 / 10..base * 5 / 4).boxed()),
            of(prop_oneof![Just(1i64), Just(2), Just(5)].boxed()),
            of(prop_oneof![Just(1i64), Just(1), Just(3)].boxed()),
            of((6..if legs == 4 { 10i64 } else { 20 }).boxed()),
            of((0i64..4).boxed()),
            prop_oneof![Just(0i64), Just(7), Just(40)],
            rounding(),
            prop_oneof![Just(15i64), Just(30), Just(60)],
            proptest::option::of(7i64..16),
        )
            .prop_map(
                move |(odds, step, lowest, highest, rate, quantum, rounding, bankroll, cap)| {
                    let mut problem = Problem { legs, lowest, highest, ..Problem::default() };
                    for winner in 0..legs {
                        problem.branches.extend((0..legs).map(|leg| {
                            if leg == winner { (odds[leg] - 100) * step[leg] } else { -100 * step[leg] }
                        }));
                        problem.state_of.push(winner);
                    }
                    problem.caps.extend(&step);
                    problem.limits.push(bankroll);
                    if let Some(cap) = cap {
                        problem.caps.extend((0..legs).map(|leg| if leg % 2 == 0 { step[leg] } else { 0 }));
                        problem.limits.push(cap);
                    }
                    problem.fees.extend((0..legs).map(|leg| match quantum {
                        0 => StepFee::NONE,
                        _ => StepFee {
                            quantum,
                            num: rate[leg] * step[leg],
                            den: quantum,
                            rounding,
                            minimum: rate[leg],
                        },
                    }));
                    problem
                },
            )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn payouts_equal_exhaustive(problem in winners()) {
        prop_assert_eq!(scanned(&problem), exhaustive(&problem));
    }

    #[test]
    fn payouts_equal_search(problem in winners()) {
        if problem.legs <= 3 {
            prop_assert_eq!(scanned(&problem), searched(&problem));
        }
    }
}

#[test]
fn numbers_too_large_are_refused() {
    let mut problem =
        Problem { legs: 2, lowest: vec![1, 1], highest: vec![1 << 40, 1 << 40], ..Problem::default() };
    problem.branches = vec![i64::MAX, -i64::MAX / 2, -i64::MAX / 2, i64::MAX];
    problem.state_of = vec![0, 1];
    problem.fees = vec![StepFee::NONE; 2];
    problem.caps = vec![1, 1];
    problem.limits = vec![1 << 50];
    assert_eq!(searched(&problem), Err(Refusal::Precision));
    assert_eq!(scanned(&problem), Err(Refusal::Precision));
}

#[test]
fn ties_go_to_less_risk_then_to_smaller_stakes_in_order() {
    // One state that pays a unit for each step, five steps at most.
    let tied = |risks: [i64; 2]| {
        let mut problem = Problem { legs: 2, lowest: vec![1, 1], highest: vec![9, 9], ..Problem::default() };
        problem.branches = vec![1, 1];
        problem.state_of = vec![0];
        problem.fees = vec![StepFee::NONE; 2];
        problem.caps = [risks, [1, 1]].concat();
        problem.limits = vec![1000, 5];
        assert_eq!(searched(&problem), exhaustive(&problem));
        searched(&problem)
    };
    assert_eq!(tied([1, 1]), Ok(vec![1, 4]));
    assert_eq!(tied([2, 1]), Ok(vec![1, 4]));
    assert_eq!(tied([1, 2]), Ok(vec![4, 1]));
}

/// At 2 and 3, stakes of 5 and 3 win 1 and 2 as stakes of 4 and 3 do: the scan goes on to those.
#[test]
fn equal_profits_at_a_lower_payout_risk_less() {
    let mut problem = Problem { legs: 2, lowest: vec![1, 1], highest: vec![5, 3], ..Problem::default() };
    problem.branches = vec![1, -1, -1, 2];
    problem.state_of = vec![0, 1];
    problem.fees = vec![StepFee::NONE; 2];
    problem.caps = vec![1, 1];
    problem.limits = vec![1000];
    for found in [scanned(&problem), searched(&problem), exhaustive(&problem)] {
        assert_eq!(found, Ok(vec![4, 3]));
    }
}
