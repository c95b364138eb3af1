//! The tables of structures against settlement, and the price test against linear programming.

#![allow(clippy::float_arithmetic)] // what the exact price test is compared with

use super::world::decimal;
use crate::exact::Ratio;
use crate::finder::price::{ONE, halved, inverse, inverse_charged};
use crate::finder::shape::{DRAW, double_chance_cost};
use crate::finder::shape::{Half, Minima, Place, Shape, cover, draw_cost, pair_cost, three_may_pay};
use crate::line::Line;
use crate::odds::{Price, in_format};
use crate::settle::{Bet, Settled, Space, StateTable};
use crate::stake::{NominalStake, Terms};
use crate::{Decimal, Market, PriceFormat, Selection, Side};
use proptest::prelude::*;

fn bet(market: Market, selection: Selection, quarters: Option<i16>) -> Bet {
    let line = quarters.map(|quarters| Decimal::new(i64::from(quarters) * 25, 2).unwrap());
    let line = line.map(|line| Line::handicap(line).unwrap());
    Bet { market, selection, side: Side::Back, line, outcome: None }
}

fn handicap(selection: Selection, quarters: i16) -> Bet {
    bet(Market::AsianHandicap, selection, Some(quarters))
}

fn rows(bets: &[Bet]) -> Vec<Vec<Settled>> {
    let mut table = StateTable::default();
    table.derive(bets, &Space::Score).unwrap();
    table.rows().map(<[_]>::to_vec).collect()
}

/// What a unit of risk pays at these odds.
fn pays(settled: Settled, odds: f64) -> f64 {
    match settled {
        Settled::Win => odds - 1.0,
        Settled::HalfWin => (odds - 1.0) / 2.0,
        Settled::Push | Settled::Void => 0.0,
        Settled::HalfLoss => -0.5,
        Settled::Loss => -1.0,
    }
}

/// The most that the worst state pays for a total risk of 1: the best corner of a small linear program.
/// All-push states are left out.
fn best_worst(states: &[Vec<Settled>], odds: &[f64]) -> f64 {
    let legs = odds.len();
    // Variables: risks and the worst t. Rows: profit − t ≥ 0, risks ≥ 0.
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for state in states.iter().filter(|state| state.iter().any(|settled| *settled != Settled::Push)) {
        let mut row: Vec<f64> = state.iter().zip(odds).map(|(settled, odds)| pays(*settled, *odds)).collect();
        row.push(-1.0);
        rows.push(row);
    }
    for leg in 0..legs {
        rows.push((0..=legs).map(|place| f64::from(u8::from(place == leg))).collect());
    }
    let mut best = f64::NEG_INFINITY;
    for mask in 0u32..1 << rows.len() {
        if mask.count_ones() as usize != legs {
            continue;
        }
        let mut system: Vec<Vec<f64>> = (0..rows.len())
            .filter(|row| mask & 1 << row != 0)
            .map(|row| rows[row].iter().copied().chain([0.0]).collect())
            .collect();
        system.push((0..=legs).map(|place| f64::from(u8::from(place < legs))).chain([1.0]).collect());
        let Some(point) = solve(system) else { continue };
        let holds = |row: &Vec<f64>| row.iter().zip(&point).map(|(a, x)| a * x).sum::<f64>() >= -1e-9;
        if rows.iter().all(holds) {
            best = best.max(point[legs]);
        }
    }
    best
}

fn solve(mut system: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = system.len();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|a, b| system[*a][column].abs().total_cmp(&system[*b][column].abs()))?;
        system.swap(column, pivot);
        if system[column][column].abs() < 1e-12 {
            return None;
        }
        let pivot = system[column].clone();
        for (_, row) in system.iter_mut().enumerate().filter(|(place, _)| *place != column) {
            let factor = row[column] / pivot[column];
            for (value, pivot) in row.iter_mut().zip(&pivot).skip(column) {
                *value -= factor * pivot;
            }
        }
    }
    Some((0..n).map(|row| system[row][n] / system[row][row]).collect())
}

/// Every pair of quarter lines: what settles where the other side loses all.
#[test]
fn covers_as_settled() {
    for a in -12i16..=12 {
        for b in -12i16..=12 {
            let rows = rows(&[handicap(Selection::Home, a), handicap(Selection::Away, b)]);
            // A state in which nothing is won and something lost, or all is lost by halves.
            let value = |settled: Settled| match settled {
                Settled::Win => 2,
                Settled::HalfWin => 1,
                Settled::Push | Settled::Void => 0,
                Settled::HalfLoss => -1,
                Settled::Loss => -2,
            };
            let hopeless = rows.iter().any(|row| {
                row.iter().all(|settled| value(*settled) <= 0)
                    && row.iter().any(|settled| value(*settled) < 0)
            });
            let half = |leg: usize| {
                rows.iter().any(|row| row[leg] == Settled::HalfWin && row[1 - leg] == Settled::Loss)
            };
            let expected = match (hopeless, half(0), half(1)) {
                (true, ..) => None,
                (_, false, false) => Some(Half::Neither),
                (_, true, false) => Some(Half::Home),
                (_, false, true) => Some(Half::Away),
                (_, true, true) => Some(Half::Both),
            };
            assert_eq!(cover(a, b), expected, "{a} {b}");
        }
    }
}

/// A bet's shape is settled as the bet is, backed and laid.
#[test]
fn shapes_as_settled() {
    for market in [
        Market::MatchResult,
        Market::DoubleChance,
        Market::DrawNoBet,
        Market::AsianHandicap,
        Market::Total,
        Market::OddEven,
    ] {
        let lines = match market {
            Market::Total => 1..=12,
            Market::AsianHandicap => -9..=9,
            _ => 0..=0,
        };
        for quarters in lines {
            let line = market.needs_line().then_some(quarters);
            for (selection, side) in
                market.selections().iter().flat_map(|s| [(*s, Side::Back), (*s, Side::Lay)])
            {
                let place = Place::of(market, selection, side, quarters).unwrap();
                let (twin, twin_side) = match place.shape {
                    Shape::Home if market == Market::Total => {
                        (bet(Market::Total, Selection::Over, Some(-place.line)), Side::Back)
                    }
                    Shape::Away if market == Market::Total => {
                        (bet(Market::Total, Selection::Under, Some(-place.line)), Side::Back)
                    }
                    Shape::Home => (handicap(Selection::Home, place.line), Side::Back),
                    Shape::Away => (handicap(Selection::Away, place.line), Side::Back),
                    Shape::Draw => (bet(Market::MatchResult, Selection::Draw, None), Side::Back),
                    Shape::NotDraw => (bet(Market::DoubleChance, Selection::HomeAway, None), Side::Back),
                    Shape::First => (bet(Market::OddEven, Selection::Odd, None), Side::Back),
                    Shape::Second => (bet(Market::OddEven, Selection::Even, None), Side::Back),
                    Shape::Out | Shape::NotOut => unreachable!(),
                };
                let bets = [Bet { side, ..bet(market, selection, line) }, Bet { side: twin_side, ..twin }];
                for row in rows(&bets) {
                    assert_eq!(row[0], row[1], "{market} {selection} {side} {quarters}");
                }
            }
        }
    }
}

fn odds_text(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn fixed(cents: u32) -> u32 {
    inverse(decimal(&odds_text(cents)), Side::Back)
}

const HOMES: [(Market, Option<i16>); 4] = [
    (Market::AsianHandicap, Some(-3)),
    (Market::MatchResult, None),
    (Market::AsianHandicap, Some(-1)),
    (Market::DrawNoBet, None),
];

fn side(class: usize, selection: Selection) -> Bet {
    let (market, line) = HOMES[class];
    let mirrored = if selection == Selection::Away { -1 } else { 1 };
    bet(market, selection, line.map(|line| line * mirrored))
}

proptest! {
    /// The price of a pair pays exactly where stakes exist that profit in every state.
    #[test]
    fn pairs_as_linear_programs(a in -8i16..9, gap in -3i16..4, x in 105u32..900, y in 105u32..900) {
        let b = a - gap;
        let states = rows(&[handicap(Selection::Home, a), handicap(Selection::Away, b)]);
        let value = best_worst(&states, &[f64::from(x) / 100.0, f64::from(y) / 100.0]);
        let one = (Place { shape: Shape::Home, line: a }, fixed(x));
        let other = (Place { shape: Shape::Away, line: b }, fixed(y));
        if value.abs() > 1e-6 {
            prop_assert_eq!(pair_cost(one, other).is_some(), value > 0.0, "{} {} {}", a, b, value);
        }
        prop_assert_eq!(pair_cost(one, other), pair_cost(other, one));
    }

    /// So does the price of home, draw and away.
    #[test]
    fn triples_as_linear_programs(
        h in 0usize..4, a in 0usize..4, x in 150u32..330, y in 250u32..420, z in 150u32..430,
    ) {
        let bets = [
            side(h, Selection::Home),
            bet(Market::MatchResult, Selection::Draw, None),
            side(a, Selection::Away),
        ];
        let value = best_worst(&rows(&bets), &[x, y, z].map(|odds| f64::from(odds) / 100.0));
        let home = (h as u8, fixed(x));
        let away = (7 - a as u8, fixed(z));
        let cost = draw_cost(home, fixed(y), away);
        if value.abs() > 1e-6 {
            prop_assert_eq!(cost.is_some(), value > 0.0, "{}", value);
        }
        // The classes are those of the entries, and the quick look misses none.
        let place = |bet: Bet| {
            Place::of(bet.market, bet.selection, Side::Back, bet.line.map_or(0, Line::quarters)).unwrap()
        };
        prop_assert_eq!(place(bets[0]).class(), home.0);
        prop_assert_eq!(place(bets[1]).class(), DRAW);
        prop_assert_eq!(place(bets[2]).class(), away.0);
        let mut cheapest: Minima = [ONE; 16];
        for (class, inverse) in [home, (DRAW, fixed(y)), away] {
            cheapest[usize::from(class)] = inverse;
        }
        for of in [None, Some(home.0), Some(DRAW), Some(away.0)] {
            prop_assert_eq!(three_may_pay(&cheapest, of), cost.is_some());
        }
    }

    #[test]
    fn double_chances_as_linear_programs(x in 105u32..200, y in 105u32..200, z in 105u32..200) {
        let bets = Market::DoubleChance.selections().iter().map(|s| bet(Market::DoubleChance, *s, None));
        let value = best_worst(&rows(&bets.collect::<Vec<_>>()), &[x, y, z].map(|odds| f64::from(odds) / 100.0));
        if value.abs() > 1e-6 {
            prop_assert_eq!(double_chance_cost(fixed(x), fixed(y), fixed(z)).is_some(), value > 0.0);
        }
    }

    /// Inverse odds in fixed point are risk over payout, rounded down by less than a unit, in all formats.
    #[test]
    fn inverse_odds_of_terms(cents in 101i64..100_000, format in 0usize..6, lay in any::<bool>()) {
        let format = PriceFormat::ALL[format];
        let odds = Price::new(PriceFormat::Decimal, Decimal::new(cents, 2).unwrap()).unwrap().decimal_odds();
        // To four places: another price, but a price of that format.
        let value = in_format(odds, format).times(Ratio::int(10_000)).unwrap().floor();
        let price = Price::new(format, Decimal::new(i64::try_from(value).unwrap(), 4).unwrap());
        if let Some(price) = price {
            let side = if lay { Side::Lay } else { Side::Back };
            let terms = Terms::of(price, side);
            let payout = terms.win_per_unit().plus(terms.risk_per_unit()).unwrap();
            let exact = terms.risk_per_unit().over(payout).unwrap().times(Ratio::int(ONE.into())).unwrap();
            prop_assert_eq!(i128::from(inverse(price, side)), exact.floor());
        }
    }

    /// With charges it is never above what an order of any size really costs.
    #[test]
    fn charges_never_overstated(p in 1i64..100, contracts in 1i64..2_000, provider in 0usize..4) {
        let book = crate::fees::FeeBook::builtin().unwrap();
        let provider = ["kalshi", "polymarket", "rothera", "gemini"][provider];
        let Ok(schedule) = book.at(provider, "soccer", "", super::world::at(0)) else { return Ok(()) };
        let price = Price::new(PriceFormat::Probability, Decimal::new(p, 2).unwrap()).unwrap();
        let fixed = inverse_charged(price, Side::Back, &schedule.charge, Ratio::ONE);
        let stake = NominalStake::new(Ratio::int(contracts)).unwrap();
        let crate::fees::Charge::Amount(rule) = &schedule.charge else { return Ok(()) };
        let fee = rule.amount(stake, Ratio::new(p.into(), 100).unwrap()).unwrap();
        // Paid for a payout of one contract each.
        let cost = Ratio::new(p.into(), 100).unwrap().plus(fee.over(stake.ratio()).unwrap()).unwrap();
        prop_assert!(Ratio::new(fixed.into(), ONE.into()).unwrap() <= cost);
    }
}

#[test]
fn extreme_prices() {
    let price = |format, text: &str| crate::odds::read(format, text).unwrap();
    assert_eq!(inverse(price(PriceFormat::Decimal, "999999999999999999"), Side::Back), 0);
    assert_eq!(inverse(price(PriceFormat::Decimal, "999999999999999999"), Side::Lay), ONE - 1);
    assert_eq!(inverse(price(PriceFormat::Decimal, "1.00000000000000001"), Side::Back), ONE - 1);
    assert_eq!(inverse(price(PriceFormat::Probability, "0.000000000000000001"), Side::Back), 0);
    assert_eq!(inverse(price(PriceFormat::American, "-999999999999999999"), Side::Back), ONE - 1);
    assert_eq!(inverse(price(PriceFormat::Decimal, "2"), Side::Back), ONE / 2);
    assert_eq!(halved(ONE / 2), u32::try_from((u64::from(ONE) * 2) / 3).unwrap());
}
