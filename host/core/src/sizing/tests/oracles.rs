//! Values that do not come from this program.

use super::super::*;
use super::legs::{bet, leg, lined, nominal, price, r, risk, table};
use crate::exact::{Rounding, rounded};
use crate::fees::{AmountRule, Base, FeeBook};
use crate::settle::{Bet, Settled};
use antigravity_abi::{Market, PriceFormat, Selection as S, Side};

fn decimal(text: &str) -> Price {
    price(PriceFormat::Decimal, text)
}

fn caps(bankroll: &str) -> Caps<'static> {
    Caps { bankroll: risk(bankroll), per_account: &[] }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn quarter_lines() -> StateTable {
    let ah = Market::AsianHandicap;
    table(&[lined(ah, S::Home, -3), lined(ah, S::Away, -3)])
}

fn three_way() -> Vec<Bet> {
    [S::Home, S::Draw, S::Away].map(|selection| bet(Market::MatchResult, selection)).to_vec()
}

fn two_way() -> Vec<Bet> {
    vec![bet(Market::OddEven, S::Odd), bet(Market::OddEven, S::Even)]
}

/// Seen in public code: stakes of equal payout on quarter lines. −0.75 at 2.10 against +0.75 at 2.00,
/// computed as a linear programme: .491803 and .508197, worst state 1.016393; equal payout .487805 and
/// .512195 guarantees 1.012195.
#[test]
fn trap_equal_payout_on_quarter_lines() {
    let (none, states) = (Charge::None, quarter_lines());
    let legs = ["2.10", "2.00"].map(|odds| leg(decimal(odds), Side::Back, "0.000001", &none));
    let mut sizer = Sizer::new();
    let best = sizer.size(&legs, &states, &caps("1")).unwrap();
    assert_eq!(texts(&best.stakes), ["0.491803", "0.508197"]);
    assert_eq!(rounded(best.guaranteed, 6, Rounding::HalfEven), "0.016393");
    let equal = sizer.equal_payout(&legs, &states, &caps("1")).unwrap();
    assert_eq!(texts(&equal.stakes), ["0.487805", "0.512195"]);
    assert_eq!(rounded(equal.guaranteed, 6, Rounding::HalfEven), "0.012195");
    assert_eq!(rounded(equal.profits[0], 5, Rounding::HalfEven), "0.02439");

    let legs = ["2.10", "2.00"].map(|odds| leg(decimal(odds), Side::Back, "1", &none));
    let best = sizer.size(&legs, &states, &caps("1000")).unwrap();
    assert_eq!(texts(&best.stakes), ["491", "508"]);
    assert_eq!(texts(&best.profits), ["32.1", "16.05", "17"]);
    assert_eq!((best.worst, best.class), (1, Class::Strict));
    assert_eq!(best.total_risk, risk("999"));
}

/// Where equal payout gives R on a total of T, the half state gives (R + T)/2.
#[test]
fn the_half_state_of_equal_payout_is_the_mean() {
    let (none, states) = (Charge::None, quarter_lines());
    let legs = ["2.10", "2.00"].map(|odds| leg(decimal(odds), Side::Back, "0.05", &none));
    let caps = Caps { bankroll: risk("1000"), per_account: &[] };
    let mut sizer = Sizer::new();
    // 20/41 and 21/41 of 820 are whole.
    let legs = legs.map(|leg| LegInput { max: Some(nominal("420")), ..leg });
    let equal = sizer.equal_payout(&legs, &states, &caps).unwrap();
    assert_eq!(texts(&equal.stakes), ["400", "420"]);
    assert_eq!(texts(&equal.profits), ["20", "10", "20"]);
}

/// Stakes to four places of arbplay.app, oddsfetcher.com, suremargin.live and rommelbartolome, as exact
/// fractions give them.
#[test]
fn published_arbitrages() {
    let none = Charge::None;
    let mut sizer = Sizer::new();
    for (odds, total, stakes, profit) in [
        (&["2.08", "2.00"][..], "100", &["49.0196", "50.9804"][..], "1.9608"),
        (&["1.90", "2.20"], "1000", &["536.5854", "463.4146"], "19.5122"),
        (&["2.80", "3.50", "3.00"], "500", &["182.9268", "146.3415", "170.7317"], "12.1951"),
        (&["2.15", "2.10"], "200", &["98.8235", "101.1765"], "12.4706"),
        (&["2.35", "3.5", "3.6"], "100", &["43.0254", "28.8885", "28.0861"], "1.1098"),
    ] {
        let legs: Vec<_> = odds.iter().map(|odds| leg(decimal(odds), Side::Back, "0.0001", &none)).collect();
        let states = table(&if odds.len() == 2 { two_way() } else { three_way() });
        let equal = sizer.equal_payout(&legs, &states, &caps(total)).unwrap().clone();
        assert_eq!(texts(&equal.stakes), stakes);
        let best = sizer.size(&legs, &states, &caps(total)).unwrap();
        assert!(best.guaranteed >= equal.guaranteed);
        for (one, other) in best.stakes.iter().zip(&equal.stakes) {
            assert!(one.ratio().minus(other.ratio()).unwrap().abs() <= r("0.0003"));
        }
        let error = best.guaranteed.minus(r(profit)).unwrap().abs();
        assert!(error < r("0.0005"), "{odds:?}: {}", best.guaranteed);
    }
}

/// The same bets as exact fractions: the sum S of the inverse odds, what a total of stakes returns, and the
/// return on it. The pages print 536.44 and 98.60 % where these are 536.5854 and 98.90 %.
#[test]
fn published_arbitrages_as_fractions() {
    for (odds, total, sum, shown, returned, per_cent) in [
        (&["2.08", "2.00"][..], "100", "51/52", "0.980769", "101.9608", "1.9608"),
        (&["1.90", "2.20"], "1000", "205/209", "0.980861", "1019.5122", "1.9512"),
        (&["2.80", "3.50", "3.00"], "500", "41/42", "0.976190", "512.1951", "2.4390"),
        (&["2.15", "2.10"], "200", "850/903", "0.941307", "212.4706", "6.2353"),
        (&["2.35", "3.5", "3.6"], "100", "5857/5922", "0.989024", "101.1098", "1.1098"),
    ] {
        let inverse = odds.iter().map(|odds| decimal(odds).decimal_odds().probability());
        let found = inverse.fold(Ratio::ZERO, |sum, inverse| sum.plus(inverse).unwrap());
        assert_eq!(found, r(sum), "{odds:?}");
        assert_eq!(rounded(found, 6, Rounding::HalfEven), shown, "{odds:?}");
        let payout = r(total).over(found).unwrap();
        assert_eq!(rounded(payout, 4, Rounding::HalfEven), returned, "{odds:?}");
        let gain =
            payout.minus(r(total)).and_then(|gain| gain.times(Ratio::int(100))?.over(r(total))).unwrap();
        assert_eq!(rounded(gain, 4, Rounding::HalfEven), per_cent, "{odds:?}");
    }
}

#[test]
fn whole_stakes_are_searched_not_rounded() {
    let (none, states) = (Charge::None, table(&two_way()));
    let legs = ["2.08", "2.00"].map(|odds| leg(decimal(odds), Side::Back, "1", &none));
    let mut sizer = Sizer::new();
    let best = sizer.size(&legs, &states, &caps("100")).unwrap();
    assert_eq!(texts(&best.stakes), ["49", "51"]);
    assert_eq!(texts(&best.profits), ["1.92", "2"]);
    // The stakes rounded to 50 and 50 leave nothing.
    let half = |odds: &str| Terms::of(decimal(odds), Side::Back).pays(nominal("50"), Settled::Win).unwrap();
    assert_eq!([half("2.08"), half("2.00")].map(|win| win.minus(Ratio::int(50)).unwrap()), [r("4"), r("0")]);
}

/// Lay stake = s·b/(l − c), on an exchange that takes c of what is won.
#[test]
fn back_and_lay() {
    let (none, two) = (Charge::None, Charge::NetWin { rate: r("0.02") });
    let backed = bet(Market::MatchResult, S::Home);
    let states = table(&[backed, Bet { side: Side::Lay, ..backed }]);
    let mut sizer = Sizer::new();
    let mut solve = |back: &str, lay: &str, charge: &Charge| {
        let legs = [
            LegInput { max: Some(nominal("100")), group: 1, ..leg(decimal(back), Side::Back, "100", &none) },
            leg(decimal(lay), Side::Lay, "0.0001", charge),
        ];
        sizer.size(&legs, &states, &caps("1000")).cloned()
    };
    let best = solve("2.20", "2.10", &two).unwrap();
    assert_eq!(texts(&best.stakes), ["100", "105.7692"]);
    assert_eq!(texts(&best.risks), ["100", "116.34612"]);
    for profit in best.profits {
        assert_eq!(rounded(profit, 4, Rounding::Down), "3.6538");
    }
    // Free of commission: 125 at 1.6 against 100 at 2.0 wins 25 both ways.
    let best = solve("2.0", "1.6", &none).unwrap();
    assert_eq!(texts(&best.stakes), ["100", "125"]);
    assert_eq!(texts(&best.profits), ["25", "25"]);
    // 105.2632 at 2.9 with 5 % against 100 at 3.0 leaves exactly nothing.
    let five = Charge::NetWin { rate: r("0.05") };
    assert_eq!(solve("3.0", "2.9", &five), Err(Refusal::Unprofitable));
    assert!(solve("3.01", "2.9", &five).is_ok());
}

/// A hundred YES at .42 and NO at .56: 42 + .7308 + 56 + 1.73 is more than the 100 that they pay; YES at
/// .45 with Kalshi's charge and NO at .52 without one leave 1.26.
#[test]
fn charges_of_exchanges() {
    let book = FeeBook::builtin().unwrap();
    let at = "2026-04-01T00:00:00Z".parse().unwrap();
    let charge = |provider: &str| &book.at(provider, "soccer", "m", at).unwrap().charge;
    let states = table(&[bet(Market::Binary, S::Yes), bet(Market::Binary, S::No)]);
    let mut sizer = Sizer::new();
    let mut solve = |yes: (&str, &str), no: (&str, &str)| {
        let contracts = |(provider, cents)| {
            let price = price(PriceFormat::Probability, cents);
            LegInput { max: Some(nominal("100")), ..leg(price, Side::Back, "100", charge(provider)) }
        };
        sizer.size(&[contracts(yes), contracts(no)], &states, &caps("1000")).cloned()
    };
    assert_eq!(solve(("polymarket", "0.42"), ("kalshi", "0.56")), Err(Refusal::Unprofitable));
    let best = solve(("kalshi", "0.45"), ("forecastex", "0.52")).unwrap();
    assert_eq!(texts(&best.fees), ["1.74", "0"]);
    assert_eq!(texts(&best.profits), ["1.26", "1.26"]);
}

/// Contracts are what a bet pays, however its price is shown: 50 at 2.00 are 100 contracts at 0.50, which
/// cost Kalshi's 1.75.
#[test]
fn charges_do_not_depend_on_the_format() {
    let book = FeeBook::builtin().unwrap();
    let (kalshi, none) = (book.by_id("kalshi-taker").unwrap().charge.clone(), Charge::None);
    let states = table(&[bet(Market::Binary, S::Yes), bet(Market::Binary, S::No)]);
    for (format, value, stake) in [
        (PriceFormat::Probability, "0.5", "100"),
        (PriceFormat::Decimal, "2.00", "50"),
        (PriceFormat::Malay, "1", "50"),
    ] {
        let charged =
            LegInput { max: Some(nominal(stake)), ..leg(price(format, value), Side::Back, stake, &kalshi) };
        let free = LegInput { max: Some(nominal("46")), ..leg(decimal("2.20"), Side::Back, "46", &none) };
        let mut sizer = Sizer::new();
        let best = sizer.size(&[charged, free], &states, &caps("1000")).unwrap();
        assert_eq!(texts(&best.fees), ["1.75", "0"], "{format}");
        assert_eq!(texts(&best.profits), ["2.25", "3.45"], "{format}");
    }
}

#[test]
fn whole_lines_are_weak() {
    let (none, ah) = (Charge::None, Market::AsianHandicap);
    let states = table(&[lined(ah, S::Home, -4), lined(ah, S::Away, -4)]);
    let legs = ["2.10", "2.00"].map(|odds| leg(decimal(odds), Side::Back, "1", &none));
    let mut sizer = Sizer::new();
    let best = sizer.size(&legs, &states, &caps("1000")).unwrap();
    assert_eq!((best.class, best.guaranteed, best.worst), (Class::Weak, Ratio::ZERO, 1));
    assert_eq!(texts(&best.stakes), ["488", "512"]);
    assert_eq!(texts(&best.profits), ["24.8", "0", "24"]);
    let legs = ["2.00", "2.00"].map(|odds| leg(decimal(odds), Side::Back, "1", &none));
    assert_eq!(sizer.size(&legs, &states, &caps("1000")), Err(Refusal::Unprofitable));
}

/// Limits apply to the nominal stake, the bankroll to the risk: 10 at Malay −0.96 risk 9.60.
#[test]
fn nominal_stakes_are_not_risks() {
    let none = Charge::None;
    let malay = price(PriceFormat::Malay, "-0.80");
    let legs = [
        LegInput { max: Some(nominal("500")), ..leg(malay, Side::Back, "1", &none) },
        leg(decimal("2.00"), Side::Back, "1", &none),
    ];
    let mut sizer = Sizer::new();
    let best = sizer.size(&legs, &table(&two_way()), &caps("1000")).unwrap();
    assert_eq!(texts(&best.stakes), ["500", "450"]);
    assert_eq!(texts(&best.risks), ["400", "450"]);
    assert_eq!(texts(&best.profits), ["50", "50"]);
}

/// What a step wins and what it risks are 6.2·10^18 units each: each fits an `i64`, the payout does not.
#[test]
fn a_payout_above_64_bits() {
    let (none, states) = (Charge::None, table(&two_way()));
    let legs = [
        leg(decimal("2.00000001"), Side::Back, "999999999", &none),
        leg(price(PriceFormat::American, "-310"), Side::Back, "1", &none),
    ];
    let mut sizer = Sizer::new();
    let equal = sizer.equal_payout(&legs, &states, &caps("10000000000")).cloned();
    assert_eq!(equal, Err(Refusal::Unprofitable));
    let best = sizer.size(&legs, &states, &caps("10000000000")).cloned();
    assert_eq!(best, Err(Refusal::Unprofitable));
}

/// An order costs the least there is even where the rate comes to less, and the profits know it.
#[test]
fn the_least_charge_is_in_the_profits() {
    let (none, states) = (Charge::None, table(&two_way()));
    let least = Charge::Amount(AmountRule {
        base: Base::Product,
        exponent: 1,
        rate: r("0.001"),
        rounding: Rounding::Up,
        quantum: Ratio::CENT,
        minimum: Some(r("3")),
    });
    let max = Some(nominal("100"));
    let legs =
        [&least, &none].map(|charge| LegInput { max, ..leg(decimal("2.10"), Side::Back, "100", charge) });
    let mut sizer = Sizer::new();
    let best = sizer.size(&legs, &states, &caps("1000")).unwrap();
    assert_eq!(texts(&best.fees), ["3", "0"]);
    assert_eq!(texts(&best.profits), ["7", "7"]);
}

#[test]
fn typed_refusals() {
    let (none, states) = (Charge::None, table(&two_way()));
    let mut sizer = Sizer::new();
    let good = ["2.10", "2.10"].map(|odds| leg(decimal(odds), Side::Back, "1", &none));
    let mut with = |change: &dyn Fn(&mut LegInput<'static>), bankroll: &str| {
        static NONE: Charge = Charge::None;
        let mut legs = good.map(|leg| LegInput { charge: &NONE, ..leg });
        change(&mut legs[0]);
        sizer.size(&legs, &states, &caps(bankroll)).map(|_| ())
    };
    assert_eq!(with(&|_| (), "1000"), Ok(()));
    assert_eq!(with(&|leg| leg.step = NominalStake::ZERO, "1000"), Err(Refusal::BadStep));
    let crossed =
        |leg: &mut LegInput<'static>| (leg.min, leg.max) = (Some(nominal("20")), Some(nominal("10")));
    assert_eq!(with(&crossed, "1000"), Err(Refusal::MinAboveMax));
    assert_eq!(with(&|leg| leg.min = Some(nominal("2000")), "1000"), Err(Refusal::BelowMinimum));
    assert_eq!(with(&|leg| leg.max = Some(nominal("0.5")), "1000"), Err(Refusal::BelowMinimum));
    // No whole step lies between the two.
    let between =
        |leg: &mut LegInput<'static>| (leg.min, leg.max) = (Some(nominal("2.5")), Some(nominal("2.9")));
    assert_eq!(with(&between, "1000"), Err(Refusal::BelowMinimum));
    assert_eq!(with(&|_| (), "1"), Err(Refusal::BelowMinimum));
    assert_eq!(with(&|leg| leg.step = nominal("0.0000001"), "1000"), Err(Refusal::Precision));
    for (gain, loss) in [("0", "0"), ("0", "1"), ("-1", "1"), ("1.1", "1")] {
        let rate = Exchange { gain: r(gain), loss: r(loss) };
        assert_eq!(
            with(&|leg| leg.exchange = Some(rate), "1000"),
            Err(Refusal::BadExchange),
            "{gain} {loss}"
        );
    }
    let long = decimal("2.1234567891");
    assert_eq!(with(&|leg| leg.price = long, "1000"), Err(Refusal::Precision));
    assert_eq!(sizer.size(&good[..1], &states, &caps("1")).map(|_| ()), Err(Refusal::TooFewLegs));
    let many = vec![good[0]; 65];
    assert_eq!(sizer.size(&many, &states, &caps("1")).map(|_| ()), Err(Refusal::TooFewLegs));
}
