use super::*;
use crate::exact::{Ratio, Rounding, rounded};
use crate::odds::Price;
use crate::stake::{NominalStake, Terms};
use Selection as S;
use antigravity_abi::{Decimal, PriceFormat};
use proptest::prelude::*;
use std::collections::BTreeSet;

const PROOF: Option<Proof> = Some(Proof { account: 0, packet_seq: 1 });

fn bet(market: Market, selection: S) -> Bet {
    Bet { market, selection, side: Side::Back, line: None, outcome: None }
}

fn lined(market: Market, selection: S, quarters: i64) -> Bet {
    let line = Line::handicap(Decimal::new(quarters * 25, 2).unwrap()).unwrap();
    Bet { line: Some(line), ..bet(market, selection) }
}

fn lay(bet: Bet) -> Bet {
    Bet { side: Side::Lay, ..bet }
}

fn runner(place: u16) -> Bet {
    Bet { outcome: Some(place), ..bet(Market::Winner, S::Runner) }
}

fn states(bets: &[Bet], space: &Space<'_>) -> Vec<(String, Vec<&'static str>)> {
    let mut table = StateTable::default();
    table.derive(bets, space).unwrap();
    (0..table.len())
        .map(|state| {
            let mut name = String::new();
            table.name(state, space, &mut name);
            (name, table.row(state).iter().map(|settled| settled.name()).collect())
        })
        .collect()
}

fn refused(bets: &[Bet], space: &Space<'_>) -> Incomplete {
    let mut table = StateTable::default();
    let why = table.derive(bets, space).unwrap_err();
    assert!(table.is_empty() && table.row(0).is_empty());
    why
}

/// Settlement tables of help.vptop.com, pro-tips.net and Pinnacle's help article 1000116864: from which
/// margin or total a bet wins, and what it is at the one below.
#[test]
fn published_settlements() {
    use Settled::{HalfLoss, HalfWin, Loss, Push, Win};
    for (quarters, wins_from, below) in [
        (-1, 1, HalfLoss),
        (-2, 1, Loss),
        (-3, 2, HalfWin),
        (-4, 2, Push),
        (-5, 2, HalfLoss),
        (1, 1, HalfWin),
        (3, 0, HalfLoss),
        (4, 0, Push),
    ] {
        for margin in -12..=12 {
            let expected = match margin - wins_from {
                0.. => Win,
                -1 => below,
                _ => Loss,
            };
            let home = lined(Market::AsianHandicap, S::Home, quarters);
            let away = lined(Market::AsianHandicap, S::Away, -quarters);
            assert_eq!(score::backed(&home, margin, 12), expected, "home {quarters} at {margin}");
            assert_eq!(score::backed(&away, -margin, 12), expected, "away {quarters} at {margin}");
        }
    }
    for (quarters, over_wins_from, over, under) in
        [(9, 3, HalfLoss, HalfWin), (11, 4, HalfWin, HalfLoss), (21, 6, HalfLoss, HalfWin)]
    {
        for total in 0..20 {
            let (over, under) = match total - over_wins_from {
                0.. => (Win, Loss),
                -1 => (over, under),
                _ => (Loss, Win),
            };
            let bets = [lined(Market::Total, S::Over, quarters), lined(Market::Total, S::Under, quarters)];
            assert_eq!(score::backed(&bets[0], total % 2, total), over, "over {quarters} at {total}");
            assert_eq!(score::backed(&bets[1], total % 2, total), under, "under {quarters} at {total}");
        }
    }
}

#[test]
fn states_of_a_quarter_line() {
    let bets = [lined(Market::AsianHandicap, S::Home, -3), lined(Market::AsianHandicap, S::Away, -3)];
    let found = states(&bets, &Space::Score);
    let expected = [
        ("home by 2 or more", ["win", "loss"]),
        ("home by 1", ["half-win", "half-loss"]),
        ("draw or away", ["loss", "win"]),
    ];
    assert_eq!(found, expected.map(|(name, results)| (name.to_owned(), results.to_vec())));
}

fn names(bets: &[Bet]) -> Vec<String> {
    states(bets, &Space::Score).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn names_of_scores() {
    let result = |selection| bet(Market::MatchResult, selection);
    let double = |selection| bet(Market::DoubleChance, selection);
    assert_eq!(names(&[result(S::Home), result(S::Draw), result(S::Away)]), ["home", "draw", "away"]);
    assert_eq!(names(&[result(S::Draw), double(S::HomeAway)]), ["home or away", "draw"]);
    let totals = [lined(Market::Total, S::Over, 9), lined(Market::Total, S::Under, 9)];
    assert_eq!(names(&totals), ["3 or more", "exactly 2", "0 to 1"]);
    let parity = [bet(Market::OddEven, S::Odd), bet(Market::OddEven, S::Even)];
    assert_eq!(names(&parity).len(), 2);
    assert!(names(&parity).iter().all(|name| ["odd", "even"].contains(&name.as_str())));
    let mixed = [result(S::Home), lined(Market::Total, S::Under, 6)];
    assert_eq!(
        names(&mixed),
        ["home, 2 or more", "home, 0 to 1", "draw or away, 2 or more", "draw or away, 0 to 1"]
    );
    let far = [lined(Market::AsianHandicap, S::Home, 6), lined(Market::AsianHandicap, S::Away, 6)];
    assert_eq!(names(&far), ["home, draw or away by 1", "away by 2 or more"]);
    let middle = [lined(Market::AsianHandicap, S::Home, -6), lined(Market::AsianHandicap, S::Away, -14)];
    assert_eq!(names(&middle), ["home by 4 or more", "home by 2 to 3", "home by 1, draw or away"]);
}

/// What −0.75 at 2.10 and +0.75 at 2.00 return in each state, for stakes that sum to 1.
fn returns(home_stake: Ratio) -> Vec<String> {
    let bets = [lined(Market::AsianHandicap, S::Home, -3), lined(Market::AsianHandicap, S::Away, -3)];
    let price = |cents| Price::new(PriceFormat::Decimal, Decimal::new(cents, 2).unwrap()).unwrap();
    let prices = [price(210), price(200)];
    let stakes = [home_stake, Ratio::ONE.minus(home_stake).unwrap()];
    let mut table = StateTable::default();
    table.derive(&bets, &Space::Score).unwrap();
    let paid = |row: &[Settled]| {
        (0..2).try_fold(Ratio::ONE, |sum, leg| {
            let stake = NominalStake::new(stakes[leg])?;
            sum.plus(Terms::of(prices[leg], Side::Back).pays(stake, row[leg])?)
        })
    };
    table.rows().map(|row| rounded(paid(row).unwrap(), 6, Rounding::HalfEven)).collect()
}

/// An equalised payout of R on a total of T gives (R + T)/2 in the half state; the stakes with the best
/// worst state give more there.
#[test]
fn published_equal_payout_and_best_worst_state() {
    let inverse_odds: Ratio = "100/210".parse().unwrap();
    let share = inverse_odds.over(inverse_odds.plus(Ratio::HALF).unwrap()).unwrap();
    assert_eq!(rounded(share, 6, Rounding::HalfEven), "0.487805");
    assert_eq!(returns(share), ["1.024390", "1.012195", "1.024390"]);
    let best = Ratio::new(30, 61).unwrap();
    assert_eq!(rounded(best, 6, Rounding::HalfEven), "0.491803");
    assert_eq!(returns(best), ["1.032787", "1.016393", "1.016393"]);
}

#[test]
fn states_of_other_spaces() {
    let space = Space::Moneyline { sport: "tennis", period: Period::MATCH };
    let bets = [bet(Market::Moneyline, S::Home), lay(bet(Market::Moneyline, S::Home))];
    assert_eq!(
        states(&bets, &space),
        [("home".to_owned(), vec!["win", "loss"]), ("away".to_owned(), vec!["loss", "win"])]
    );
    let list = Space::Exclusive { outcomes: &["red", "green", "blue"], proof: PROOF };
    assert_eq!(
        states(&[runner(1), lay(runner(1))], &list),
        [("red or blue".to_owned(), vec!["loss", "win"]), ("green".to_owned(), vec!["win", "loss"])]
    );
    let question = Space::Exclusive { outcomes: &["yes", "no"], proof: PROOF };
    let bets = [bet(Market::Binary, S::Yes), bet(Market::Binary, S::No)];
    assert_eq!(
        states(&bets, &question),
        [("yes".to_owned(), vec!["win", "loss"]), ("no".to_owned(), vec!["loss", "win"])]
    );
    // Buckets: yes here, no elsewhere.
    let bucket = |selection, place| Bet { outcome: Some(place), ..bet(Market::Binary, selection) };
    let found = states(&[bucket(S::Yes, 0), bucket(S::No, 0)], &list);
    assert_eq!(found[0], ("red".to_owned(), vec!["win", "loss"]));
    assert_eq!(found[1], ("green or blue".to_owned(), vec!["loss", "win"]));
}

#[test]
fn refusals() {
    let result = |selection| bet(Market::MatchResult, selection);
    let home = result(S::Home);
    assert_eq!(refused(&[], &Space::Score), Incomplete::NoLegs);
    assert_eq!(refused(&[home; 65], &Space::Score), Incomplete::TooManyLegs);
    assert_eq!(refused(&[home, runner(0)], &Space::Score), Incomplete::MixedSpaces);
    assert_eq!(refused(&[home, bet(Market::Moneyline, S::Away)], &Space::Score), Incomplete::MixedSpaces);
    assert_eq!(refused(&[bet(Market::AsianHandicap, S::Home)], &Space::Score), Incomplete::MissingLine);
    assert_eq!(refused(&[lined(Market::MatchResult, S::Home, 0)], &Space::Score), Incomplete::LineNotAllowed);
    assert_eq!(refused(&[result(S::Over)], &Space::Score), Incomplete::WrongSelection);
    assert_eq!(refused(&[bet(Market::Other, S::Home)], &Space::Score), Incomplete::NotPaired);
    // No total is below 0.
    assert_eq!(refused(&[lined(Market::Total, S::Under, 0)], &Space::Score), Incomplete::NeverWins);
    let soccer = Space::Moneyline { sport: "soccer", period: Period::FULL_TIME };
    assert_eq!(refused(&[bet(Market::Moneyline, S::Home)], &soccer), Incomplete::DrawPossible);
    let shouted = Space::Moneyline { sport: "Soccer", period: Period::FULL_TIME };
    assert_eq!(refused(&[bet(Market::Moneyline, S::Home)], &shouted), Incomplete::DrawPossible);
    // Extra time and penalties leave no draw.
    let to_the_end = Space::Moneyline { sport: "soccer", period: Period::MATCH };
    assert_eq!(states(&[bet(Market::Moneyline, S::Home)], &to_the_end).len(), 2);
}

#[test]
fn refusals_of_lists() {
    let outcomes = ["red", "green", "blue"];
    let list = Space::Exclusive { outcomes: &outcomes, proof: PROOF };
    assert_eq!(
        refused(&[runner(0)], &Space::Exclusive { outcomes: &outcomes, proof: None }),
        Incomplete::NoProof
    );
    assert_eq!(refused(&[runner(3)], &list), Incomplete::UnlistedOutcome);
    assert_eq!(refused(&[bet(Market::Winner, S::Runner)], &list), Incomplete::UnlistedOutcome);
    assert_eq!(refused(&[bet(Market::Binary, S::Yes)], &list), Incomplete::UnlistedOutcome);
    // Blue, the "other" that nobody quotes.
    assert_eq!(refused(&[runner(0), runner(1)], &list), Incomplete::UncoveredOutcome);
    let one = Space::Exclusive { outcomes: &outcomes[..1], proof: PROOF };
    assert_eq!(refused(&[runner(0)], &one), Incomplete::TooFewOutcomes);
    for again in ["red", "Red", " RED  "] {
        let outcomes = ["red", "green", again];
        let twice = Space::Exclusive { outcomes: &outcomes, proof: PROOF };
        assert_eq!(refused(&[runner(0), runner(1)], &twice), Incomplete::RepeatedOutcome, "{again}");
    }
    let spaced = Space::Exclusive { outcomes: &["a b", "ab"], proof: PROOF };
    assert_eq!(states(&[runner(0), runner(1)], &spaced).len(), 2);
    let place = |place| Bet { market: Market::Place, ..runner(place) };
    assert_eq!(refused(&[place(0), place(1), place(2)], &list), Incomplete::NotPaired);
    assert_eq!(refused(&[place(0), lay(runner(0))], &list), Incomplete::MixedSpaces);
    assert_eq!(states(&[place(0), lay(place(0))], &list).len(), 2);
}

/// A missing draw makes a fake surebet: home and away alone have a state that both lose.
#[test]
fn trap_a_missing_draw_is_a_state_that_all_bets_lose() {
    let bets = [bet(Market::MatchResult, S::Home), bet(Market::MatchResult, S::Away)];
    assert!(states(&bets, &Space::Score).contains(&("draw".to_owned(), vec!["loss", "loss"])));
}

fn score_bet() -> impl Strategy<Value = Bet> {
    let markets = [
        Market::MatchResult,
        Market::DrawNoBet,
        Market::DoubleChance,
        Market::AsianHandicap,
        Market::Total,
        Market::OddEven,
    ];
    (0..markets.len(), 0usize..3, any::<bool>(), -14i64..=14).prop_map(
        move |(market, pick, laid, quarters)| {
            let market = markets[market];
            let selection = market.selections()[pick % market.selections().len()];
            let bet = match market {
                Market::AsianHandicap => lined(market, selection, quarters),
                Market::Total => lined(market, selection, quarters.abs()),
                _ => bet(market, selection),
            };
            if laid { lay(bet) } else { bet }
        },
    )
}

/// Every result vector of every score up to `most` goals a side.
fn box_of_scores(bets: &[Bet], most: i32) -> BTreeSet<Vec<Settled>> {
    let scores = (0..=most).flat_map(|home| (0..=most).map(move |away| (home - away, home + away)));
    scores
        .map(|(margin, total)| {
            bets.iter().map(|bet| settled(bet, Example::Score { margin, total })).collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn exactly_the_states_of_a_box_of_scores(bets in prop::collection::vec(score_bet(), 1..=5)) {
        let mut table = StateTable::default();
        let derived = table.derive(&bets, &Space::Score);
        let all = box_of_scores(&bets, 36);
        match derived {
            Ok(()) => {
                let found: BTreeSet<_> = table.rows().map(<[Settled]>::to_vec).collect();
                prop_assert_eq!(found.len(), table.len(), "a state twice");
                prop_assert_eq!(found, all);
            }
            Err(why) => {
                prop_assert_eq!(why, Incomplete::NeverWins);
                let never = |leg: usize| !all.iter().any(|row| matches!(row[leg], Settled::Win | Settled::HalfWin));
                prop_assert!((0..bets.len()).any(never));
            }
        }
    }

    #[test]
    fn names_tell_states_apart(bets in prop::collection::vec(score_bet(), 1..=4)) {
        let mut table = StateTable::default();
        if table.derive(&bets, &Space::Score).is_ok() {
            let names = names(&bets);
            prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{:?}", names);
        }
    }

    #[test]
    fn home_against_away_and_back_against_lay_are_mirrors(bet in score_bet(), margin in -9i32..=9, more in 0i32..5) {
        let at = Example::Score { margin, total: margin.abs() + 2 * more };
        let other = Bet { side: if bet.side == Side::Back { Side::Lay } else { Side::Back }, ..bet };
        prop_assert_eq!(settled(&bet, at), settled(&other, at).mirrored());
        if matches!(bet.market, Market::AsianHandicap | Market::DrawNoBet) {
            let other = if bet.selection == S::Home { S::Away } else { S::Home };
            let across = Bet { selection: other, ..bet };
            prop_assert_eq!(settled(&bet, at), settled(&across, at).mirrored());
            // The teams changed over, the line with them.
            let turned = Bet { line: bet.line.map(Line::mirrored), ..across };
            let there = Example::Score { margin: -margin, total: margin.abs() + 2 * more };
            prop_assert_eq!(settled(&bet, at), settled(&turned, there));
        }
    }

    #[test]
    fn complementary_bets_at_evens_pay_nothing_in_every_state(bet in score_bet()) {
        let bets = [bet, Bet { side: if bet.side == Side::Back { Side::Lay } else { Side::Back }, ..bet }];
        let mut table = StateTable::default();
        if table.derive(&bets, &Space::Score).is_ok() {
            let evens = Price::new(PriceFormat::Decimal, Decimal::int(2)).unwrap();
            let one = NominalStake::new(Ratio::ONE).unwrap();
            for row in table.rows() {
                let pays = |leg: usize| Terms::of(evens, bets[leg].side).pays(one, row[leg]).unwrap();
                prop_assert_eq!(pays(0).plus(pays(1)), Some(Ratio::ZERO));
            }
        }
    }

    #[test]
    fn a_void_returns_the_stake(cents in 101i64..100_000, stake in 0i64..1_000_000) {
        let price = Price::new(PriceFormat::Decimal, Decimal::new(cents, 2).unwrap()).unwrap();
        let stake = NominalStake::new(Ratio::int(stake)).unwrap();
        for side in [Side::Back, Side::Lay] {
            prop_assert_eq!(Terms::of(price, side).pays(stake, Settled::Void), Some(Ratio::ZERO));
        }
    }

    #[test]
    fn nothing_panics(
        kinds in prop::collection::vec((0usize..11, 0usize..13, any::<bool>(), prop::option::of(-2000i64..=2000), prop::option::of(any::<u16>())), 0..70),
        outcomes in prop::collection::vec("[a-c]", 0..5),
        space in 0usize..3,
    ) {
        let bets: Vec<_> = kinds.into_iter().map(|(market, selection, laid, quarters, outcome)| {
            let (market, selection) = (Market::ALL[market], S::ALL[selection]);
            let bet = quarters.map_or(bet(market, selection), |quarters| lined(market, selection, quarters));
            Bet { outcome, side: if laid { Side::Lay } else { Side::Back }, ..bet }
        }).collect();
        let list: Vec<_> = outcomes.iter().map(String::as_str).collect();
        let space = match space {
            0 => Space::Score,
            1 => Space::Moneyline { sport: "tennis", period: Period::MATCH },
            _ => Space::Exclusive { outcomes: &list, proof: PROOF },
        };
        let mut table = StateTable::default();
        let done = table.derive(&bets, &space);
        prop_assert_eq!(done.is_ok(), !table.is_empty());
    }
}
