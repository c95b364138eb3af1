//! Sizing of legs against every point there is, computed with fractions bet by bet.

use super::super::*;
use crate::exact::{Rounding, rounded};
use crate::fees::{AmountRule, Base};
use crate::line::Line;
use crate::odds::{Odds, in_format};
use crate::settle::{Bet, Proof, Settled, Space};
use antigravity_abi::{Decimal, Market, PriceFormat, Selection as S, Side};
use proptest::prelude::*;
use proptest::sample::select;
use std::cmp::Reverse;

pub(super) fn r(text: &str) -> Ratio {
    text.parse().unwrap()
}

pub(super) fn nominal(text: &str) -> NominalStake {
    NominalStake::new(r(text)).unwrap()
}

pub(super) fn risk(text: &str) -> Risk {
    Risk::new(r(text)).unwrap()
}

pub(super) fn price(format: PriceFormat, value: &str) -> Price {
    Price::new(format, value.parse().unwrap()).unwrap()
}

pub(super) fn bet(market: Market, selection: S) -> Bet {
    Bet { market, selection, side: Side::Back, line: None, outcome: None }
}

pub(super) fn lined(market: Market, selection: S, quarters: i64) -> Bet {
    let line = Line::handicap(Decimal::new(quarters * 25, 2).unwrap()).unwrap();
    Bet { line: Some(line), ..bet(market, selection) }
}

pub(super) fn leg<'a>(price: Price, side: Side, step: &str, charge: &'a Charge) -> LegInput<'a> {
    LegInput {
        terms: Terms::of(price, side),
        price,
        step: nominal(step),
        min: None,
        max: None,
        account: 0,
        group: 0,
        charge,
        exchange: None,
    }
}

pub(super) fn table(bets: &[Bet]) -> StateTable {
    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    let proof = Some(Proof { account: 0, packet_seq: 1 });
    let space = match bets[0].market {
        Market::Winner => Space::Exclusive { outcomes: &NAMES[..bets.len()], proof },
        Market::Binary => Space::Exclusive { outcomes: &["yes", "no"], proof },
        _ => Space::Score,
    };
    let mut table = StateTable::default();
    table.derive(bets, &space).unwrap();
    table
}

/// Profits by state, fees and total risk of these stakes.
fn outcome(
    legs: &[LegInput<'_>],
    states: &StateTable,
    stakes: &[NominalStake],
) -> (Vec<Ratio>, Vec<Ratio>, Ratio) {
    let one = Exchange { gain: Ratio::ONE, loss: Ratio::ONE };
    let rates: Vec<Exchange> = legs.iter().map(|leg| leg.exchange.unwrap_or(one)).collect();
    let fees: Vec<Ratio> = legs
        .iter()
        .zip(stakes)
        .map(|(leg, stake)| match leg.charge {
            Charge::Amount(rule) => {
                let contracts = leg.terms.contracts(*stake).unwrap();
                rule.amount(contracts, leg.price.decimal_odds().probability()).unwrap()
            }
            _ => Ratio::ZERO,
        })
        .collect();
    let profit = |results: &[Settled]| {
        let mut profit = Ratio::ZERO;
        for (at, leg) in legs.iter().enumerate() {
            let pays = leg.terms.pays(stakes[at], results[at]).unwrap();
            let rate = if pays.signum() > 0 { rates[at].gain } else { rates[at].loss };
            profit = profit.plus(pays.times(rate).unwrap()).unwrap();
            profit = profit.minus(fees[at].times(rates[at].loss).unwrap()).unwrap();
            let first = legs[..at].iter().all(|other| other.group != leg.group);
            if let (Charge::NetWin { rate }, true) = (leg.charge, first) {
                let group = legs.iter().enumerate().filter(|(_, other)| other.group == leg.group);
                let net = group.fold(Ratio::ZERO, |net, (at, leg)| {
                    net.plus(leg.terms.pays(stakes[at], results[at]).unwrap()).unwrap()
                });
                let charged = net.max(Ratio::ZERO).times(*rate).unwrap().times(rates[at].loss).unwrap();
                profit = profit.minus(charged).unwrap();
            }
        }
        profit
    };
    let risk = legs.iter().zip(stakes).zip(&rates).fold(Ratio::ZERO, |sum, ((leg, stake), rate)| {
        sum.plus(leg.terms.risk(*stake).unwrap().ratio().times(rate.loss).unwrap()).unwrap()
    });
    (states.rows().map(profit).collect(), fees, risk)
}

type Key = (Vec<Ratio>, Reverse<Ratio>, Reverse<Vec<NominalStake>>);

/// The best of all stakes.
fn exhaustive(legs: &[LegInput<'_>], states: &StateTable, caps: &Caps<'_>) -> Option<Key> {
    let pushes: Vec<bool> =
        states.rows().map(|row| row.iter().all(|settled| *settled == Settled::Push)).collect();
    let mut best: Option<Key> = None;
    let mut steps = vec![0i64; legs.len()];
    loop {
        let Some(at) = (0..legs.len()).find(|at| {
            let next = r(&(steps[*at] + 1).to_string()).times(legs[*at].step.ratio()).unwrap();
            next <= legs[*at].max.unwrap().ratio()
        }) else {
            return best;
        };
        steps[..at].fill(0);
        steps[at] += 1;
        let stakes: Vec<NominalStake> = legs
            .iter()
            .zip(&steps)
            .map(|(leg, steps)| {
                NominalStake::new(leg.step.ratio().times(Ratio::int(*steps)).unwrap()).unwrap()
            })
            .collect();
        if steps.contains(&0)
            || legs.iter().zip(&stakes).any(|(leg, stake)| leg.min.is_some_and(|min| *stake < min))
        {
            continue;
        }
        let (profits, _, total) = outcome(legs, states, &stakes);
        let account = |account: u32| {
            let mine: Vec<usize> = (0..legs.len()).filter(|at| legs[*at].account == account).collect();
            let (legs, stakes): (Vec<_>, Vec<_>) = mine.iter().map(|at| (legs[*at], stakes[*at])).unzip();
            outcome(&legs, &StateTable::default(), &stakes).2
        };
        let over = caps.per_account.iter().any(|(who, cap)| account(*who) > cap.ratio());
        let pays = profits
            .iter()
            .zip(&pushes)
            .all(|(profit, push)| profit.signum() > 0 || (*push && profit.is_zero()));
        if total > caps.bankroll.ratio() || over || !pays {
            continue;
        }
        let mut sorted = profits;
        sorted.sort();
        let key = (sorted, Reverse(total), Reverse(stakes));
        if best.as_ref().is_none_or(|best| key > *best) {
            best = Some(key);
        }
    }
}

#[derive(Clone, Debug)]
struct Case {
    bets: Vec<Bet>,
    prices: Vec<(Price, &'static str)>,
    limits: Vec<(Option<i64>, i64)>,
    accounts: Vec<u32>,
    /// By account.
    charges: Vec<Charge>,
    exchange: Option<Exchange>,
    bankroll: i64,
    cap: Option<i64>,
}

impl Case {
    fn with<T>(&self, run: impl FnOnce(&[LegInput<'_>], &StateTable, &Caps<'_>) -> T) -> T {
        let legs: Vec<LegInput<'_>> = (0..self.bets.len())
            .map(|at| {
                let ((price, step), (min, most)) = (self.prices[at], self.limits[at]);
                let account = self.accounts[at];
                let amount =
                    |steps: i64| NominalStake::new(r(step).times(Ratio::int(steps)).unwrap()).unwrap();
                LegInput {
                    min: min.map(amount),
                    max: Some(amount(most)),
                    account,
                    group: account,
                    exchange: self.exchange.filter(|_| account == 1),
                    ..leg(price, self.bets[at].side, step, &self.charges[account as usize])
                }
            })
            .collect();
        let states = table(&self.bets);
        let per_account: Vec<(u32, Risk)> = self.cap.iter().map(|cap| (0, risk(&cap.to_string()))).collect();
        let caps = Caps { bankroll: risk(&self.bankroll.to_string()), per_account: &per_account };
        run(&legs, &states, &caps)
    }

    fn check(&self) {
        self.with(Self::compare);
    }

    fn compare(legs: &[LegInput<'_>], states: &StateTable, caps: &Caps<'_>) {
        let mut sizer = Sizer::new();
        let expected = exhaustive(legs, states, caps);
        let equal = sizer.equal_payout(legs, states, caps).ok().cloned();
        match (sizer.size(legs, states, caps), expected) {
            (Ok(sizing), Some((sorted, Reverse(total), Reverse(stakes)))) => {
                assert_eq!(sizing.stakes, stakes);
                let (profits, fees, _) = outcome(legs, states, &stakes);
                assert_eq!((&sizing.profits, &sizing.fees), (&profits, &fees));
                assert_eq!((sizing.guaranteed, sizing.total_risk.ratio()), (sorted[0], total));
                assert_eq!(sizing.worst, profits.iter().position(|profit| *profit == sorted[0]).unwrap());
                assert_eq!(sizing.class == Class::Weak, sorted[0].is_zero());
                if let Some(equal) = equal {
                    let mut other = equal.profits.clone();
                    other.sort();
                    assert!(sorted >= other, "worse than equal payout");
                    assert_eq!(equal.profits, outcome(legs, states, &equal.stakes).0);
                }
            }
            (Err(Refusal::CoupledFees), _) => assert!(legs.len() > 3),
            (Err(Refusal::Unprofitable | Refusal::BelowMinimum), None) => {
                assert_eq!(equal, None);
            }
            (found, expected) => panic!("{found:?}, but {expected:?}"),
        }
    }
}

/// Odds around the fair ones, in one of the formats, with a step.
fn shown(fair: Ratio) -> impl Strategy<Value = (Price, &'static str)> {
    (95i64..125, select(PriceFormat::ALL), select(&["1", "0.5", "2"][..])).prop_map(
        move |(percent, format, step)| {
            let odds = fair.times(Ratio::new(percent.into(), 100).unwrap()).unwrap();
            let odds = Odds::of(odds.max(r("1.05"))).unwrap();
            // American prices are whole: three of five digits beside a rate of exchange are refused as too long.
            let places = if format == PriceFormat::American { 0 } else { 2 };
            (price(format, &rounded(in_format(odds, format), places, Rounding::HalfEven)), step)
        },
    )
}

fn bets() -> impl Strategy<Value = Vec<Bet>> {
    use Market::{AsianHandicap as Ah, Binary, DoubleChance, DrawNoBet, MatchResult, OddEven, Total, Winner};
    let runners =
        |count: u16| (0..count).map(|place| Bet { outcome: Some(place), ..bet(Winner, S::Runner) }).collect();
    prop_oneof![
        (-6i64..6, 0i64..3).prop_map(|(a, more)| vec![lined(Ah, S::Home, a), lined(Ah, S::Away, a - more)]),
        (2i64..14, 0i64..3)
            .prop_map(|(a, more)| vec![lined(Total, S::Over, a), lined(Total, S::Under, a + more)]),
        Just(vec![bet(OddEven, S::Odd), bet(OddEven, S::Even)]),
        Just(vec![bet(DrawNoBet, S::Home), lined(Ah, S::Away, 0)]),
        Just(vec![bet(Binary, S::Yes), bet(Binary, S::No)]),
        Just(vec![bet(MatchResult, S::Home), Bet { side: Side::Lay, ..bet(MatchResult, S::Home) }]),
        Just(vec![bet(MatchResult, S::Home), bet(MatchResult, S::Draw), bet(MatchResult, S::Away)]),
        (-3i64..1, -3i64..1).prop_map(|(a, b)| vec![
            lined(Ah, S::Home, a),
            bet(MatchResult, S::Draw),
            lined(Ah, S::Away, -b)
        ]),
        Just(vec![
            bet(DoubleChance, S::HomeDraw),
            bet(DoubleChance, S::HomeAway),
            bet(DoubleChance, S::DrawAway)
        ]),
        Just(runners(3)),
        Just(runners(4)),
    ]
}

fn charge() -> impl Strategy<Value = Charge> {
    let amount = |rate: &str, rounding, quantum: &str, minimum: Option<&str>| {
        let (rate, quantum, minimum) = (r(rate), r(quantum), minimum.map(r));
        Charge::Amount(AmountRule { base: Base::Product, exponent: 1, rate, rounding, quantum, minimum })
    };
    prop_oneof![
        4 => Just(Charge::None),
        1 => Just(amount("0.07", Rounding::Up, "0.01", None)),
        1 => Just(amount("0.03", Rounding::HalfUp, "0.00001", None)),
        1 => Just(amount("0.06", Rounding::HalfUp, "0.01", Some("0.01"))),
        1 => Just(Charge::NetWin { rate: r("0.05") }),
        1 => Just(Charge::NetWin { rate: r("0.02") }),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    bets().prop_flat_map(|bets| {
        let legs = bets.len();
        let fair = match bets[0].market {
            Market::DoubleChance => r("1.5"),
            _ => Ratio::int(legs as i64),
        };
        let most = [30i64, 10, 6][legs - 2];
        (
            Just(bets),
            proptest::collection::vec(shown(fair), legs),
            proptest::collection::vec((proptest::option::of(1i64..4), most / 2..most), legs),
            proptest::collection::vec(0u32..2, legs),
            proptest::collection::vec(charge(), 2),
            proptest::option::weighted(0.2, Just(Exchange { gain: r("1.079575"), loss: r("1.090425") })),
            select(vec![15i64, 40, 100]),
            proptest::option::weighted(0.3, 5i64..40),
        )
            .prop_map(|(bets, prices, limits, accounts, charges, exchange, bankroll, cap)| Case {
                bets,
                prices,
                limits,
                accounts,
                charges,
                exchange,
                bankroll,
                cap,
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn equals_exhaustive(case in case()) {
        case.check();
    }
}

/// Prices, limits and rates of any size.
fn wild() -> impl Strategy<Value = (Price, [Ratio; 5], u32, Charge)> {
    let amount = prop_oneof![
        4 => (1i128..5000, select(vec![1i128, 2, 100, 1000, 1_000_000])),
        1 => (0..i128::MAX, 1..i128::MAX),
    ];
    let price = (select(PriceFormat::ALL), -2_000_000_000i64..2_000_000_000, 0u8..11)
        .prop_filter_map("no price", |(format, value, scale)| {
            Price::new(format, Decimal::new(value, scale)?)
        });
    let amounts = proptest::collection::vec(amount, 5);
    (price, amounts, 0u32..3, charge()).prop_map(|(price, amounts, account, charge)| {
        let ratio = |at: usize| Ratio::new(amounts[at].0, amounts[at].1).unwrap();
        (price, [0, 1, 2, 3, 4].map(ratio), account, charge)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Whatever comes: stakes that keep every limit, or a typed refusal.
    #[test]
    fn nothing_panics(bets in bets(), wild in proptest::collection::vec(wild(), 4), bankroll in 0i64..i64::MAX, fx: bool) {
        let states = table(&bets);
        let amount = |ratio: Ratio| NominalStake::new(ratio).unwrap();
        let legs: Vec<LegInput<'_>> = bets.iter().zip(&wild).map(|(bet, (price, amounts, account, charge))| {
            let [step, min, max, gain, loss] = *amounts;
            LegInput {
                step: amount(step),
                min: Some(amount(min)).filter(|_| account % 2 == 0),
                max: Some(amount(max)).filter(|_| *account > 0),
                account: *account,
                group: *account,
                exchange: fx.then_some(Exchange { gain: gain.min(loss), loss: loss.max(gain) }),
                ..leg(*price, bet.side, "1", charge)
            }
        }).collect();
        let bankroll = Risk::new(Ratio::int(bankroll)).unwrap();
        let cap = [(0, bankroll)];
        let mut sizer = Sizer::new();
        let _ = sizer.equal_payout(&legs, &states, &Caps { bankroll, per_account: &cap });
        if let Ok(sizing) = sizer.size(&legs, &states, &Caps { bankroll, per_account: &cap }) {
            prop_assert!(sizing.total_risk <= bankroll);
            for (leg, stake) in legs.iter().zip(&sizing.stakes) {
                prop_assert_eq!(stake.ratio().over(leg.step.ratio()).unwrap().den(), 1);
                prop_assert!(leg.min.is_none_or(|min| min <= *stake) && leg.max.is_none_or(|max| *stake <= max));
            }
        }
    }

    /// The order of legs decides between equals only.
    #[test]
    fn profits_do_not_depend_on_the_order_of_legs(case in case()) {
        let mut turned = case.clone();
        turned.bets.reverse();
        turned.prices.reverse();
        turned.limits.reverse();
        turned.accounts.reverse();
        let found = |case: &Case| {
            case.with(|legs, states, caps| {
                let sizing = Sizer::new().size(legs, states, caps).cloned()?;
                let mut profits = sizing.profits;
                profits.sort();
                Ok::<_, Refusal>((profits, sizing.total_risk))
            })
        };
        prop_assert_eq!(found(&case), found(&turned));
    }
}
