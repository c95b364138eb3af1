//! From a price to stakes: any text is a price or refused, any bets have states or a reason, any legs have
//! stakes that keep every limit and pay what is said, or a reason.

use antigravity_core::exact::{Ratio, Rounding, rounded};
use antigravity_core::fees::{AmountRule, Base, Charge, FeeBook};
use antigravity_core::hedge;
use antigravity_core::ladder::Ladder;
use antigravity_core::line::Line;
use antigravity_core::odds::{self, Price};
use antigravity_core::settle::{Bet, Proof, Settled, Space, StateTable};
use antigravity_core::sizing::{Caps, Class, Exchange, LegInput, Refusal, Sizer, Sizing};
use antigravity_core::stake::{NominalStake, Risk, Terms};
use antigravity_core::{Decimal, Market, Period, PriceFormat, Selection, Side};
use arbitrary::{Result, Unstructured};

const NAMES: [&str; 6] = ["yes", "no", "c", "d", "e", "f"];
const MARKETS: [Market; 11] = [
    Market::AsianHandicap,
    Market::Total,
    Market::MatchResult,
    Market::DrawNoBet,
    Market::DoubleChance,
    Market::OddEven,
    Market::Moneyline,
    Market::Winner,
    Market::Binary,
    Market::Place,
    Market::Other,
];

pub fn check(data: &[u8]) {
    let _ = FeeBook::parse(data);
    text(&String::from_utf8_lossy(data));
    let _ = legs(&mut Unstructured::new(data));
}

fn text(text: &str) {
    for format in PriceFormat::ALL {
        let Ok(price) = odds::read(*format, text) else { continue };
        let odds = price.decimal_odds();
        assert!(odds.ratio() > Ratio::ONE, "{text}");
        for other in PriceFormat::ALL {
            assert_eq!(odds::from_format(*other, odds::in_format(odds, *other)), Ok(odds), "{text} {other}");
        }
        let _ = (odds.to_string(), rounded(odds.ratio(), 6, Rounding::HalfEven));
        for ladder in [Ladder::BETFAIR, Ladder::BETDAQ, Ladder::KALSHI_TAPERED_DECI_CENT] {
            let _ = ladder.contains(price.value());
        }
    }
}

/// Numbers of any size, mostly such as occur.
fn number(bytes: &mut Unstructured<'_>) -> Result<Ratio> {
    let (num, den) = match bytes.int_in_range(0..=3)? {
        0 => (bytes.int_in_range(0..=2000)?, 1),
        1 => (i128::from(bytes.arbitrary::<u16>()?), 100),
        2 => (i128::from(bytes.arbitrary::<u32>()?), i128::from(bytes.arbitrary::<u32>()?)),
        _ => (bytes.arbitrary()?, bytes.arbitrary()?),
    };
    Ok(Ratio::new(num, den).map_or(Ratio::ONE, Ratio::abs))
}

fn nominal(bytes: &mut Unstructured<'_>) -> Result<NominalStake> {
    Ok(NominalStake::new(number(bytes)?).unwrap_or(NominalStake::ZERO))
}

fn risk(bytes: &mut Unstructured<'_>) -> Result<Risk> {
    Ok(Risk::new(number(bytes)?).unwrap_or(Risk::ZERO))
}

fn price(bytes: &mut Unstructured<'_>) -> Result<Price> {
    let format = *bytes.choose(PriceFormat::ALL)?;
    let value = if bytes.arbitrary()? {
        Decimal::new(bytes.int_in_range(-1000..=1000)?, 2)
    } else {
        Decimal::new(bytes.arbitrary()?, bytes.int_in_range(0..=20)?)
    };
    let shown = value.and_then(|value| Price::new(format, value));
    Ok(shown.or_else(|| Price::new(PriceFormat::Decimal, Decimal::int(3))).expect("3 are odds"))
}

fn bet(bytes: &mut Unstructured<'_>) -> Result<Bet> {
    let market = *bytes.choose(&MARKETS)?;
    let selection = match market.selections() {
        [] => *bytes.choose(Selection::ALL)?,
        _ if bytes.ratio(1, 40)? => *bytes.choose(Selection::ALL)?,
        known => *bytes.choose(known)?,
    };
    let quarters = Decimal::new(i64::from(bytes.arbitrary::<i16>()?) % 2100 * 25, 2);
    let line = quarters.and_then(|value| {
        let line = if market == Market::Total { Line::total(value) } else { Line::handicap(value) };
        line.ok()
    });
    let lined = market.needs_line() != bytes.ratio(1, 40)?;
    let outcome = bytes.int_in_range(0..=6)?;
    let side = if bytes.ratio(1, 4)? { Side::Lay } else { Side::Back };
    Ok(Bet {
        market,
        selection,
        side,
        line: line.filter(|_| lined),
        outcome: (outcome < 6).then_some(outcome),
    })
}

fn charge(bytes: &mut Unstructured<'_>) -> Result<Charge> {
    Ok(match bytes.int_in_range(0..=5)? {
        0 => Charge::NetWin { rate: Ratio::new(bytes.int_in_range(0..=99)?, 100).unwrap_or(Ratio::ZERO) },
        1 => Charge::Amount(AmountRule {
            base: *bytes.choose(&[Base::Product, Base::Smaller])?,
            exponent: bytes.int_in_range(1..=4)?,
            rate: Ratio::new(bytes.int_in_range(0..=99)?, 100).unwrap_or(Ratio::ZERO),
            rounding: *bytes.choose(&[Rounding::Up, Rounding::Down, Rounding::HalfUp, Rounding::HalfEven])?,
            quantum: Ratio::new(1, *bytes.choose(&[1, 100, 100_000])?).unwrap_or(Ratio::ONE),
            minimum: if bytes.arbitrary()? { Some(Ratio::CENT) } else { None },
        }),
        _ => Charge::None,
    })
}

fn legs(bytes: &mut Unstructured<'_>) -> Result<()> {
    let count = if bytes.ratio(1, 50)? { 3000 } else { bytes.int_in_range(0..=6)? };
    let bets = (0..count).map(|_| bet(bytes)).collect::<Result<Vec<_>>>()?;
    let proof = bytes.arbitrary::<bool>()?.then_some(Proof { account: 0, packet_seq: 1 });
    let space = match bets.first().map(|bet| bet.market) {
        Some(Market::Moneyline) => Space::Moneyline { sport: "tennis", period: Period::MATCH },
        Some(Market::Winner | Market::Binary | Market::Place) => {
            Space::Exclusive { outcomes: &NAMES[..bytes.int_in_range(0..=6)?], proof }
        }
        _ => Space::Score,
    };
    let mut states = StateTable::default();
    let derived = states.derive(&bets, &space);
    assert_eq!(derived.is_ok(), !states.is_empty());
    assert!(states.rows().all(|row| row.len() == bets.len()));
    let charges = (0..bets.len().min(6)).map(|_| charge(bytes)).collect::<Result<Vec<_>>>()?;
    let legs =
        bets.iter().zip(&charges).map(|(bet, charge)| leg(bet, charge, bytes)).collect::<Result<Vec<_>>>()?;
    if let [first, second, ..] = &legs[..] {
        let open = hedge::Open { price: first.price, side: bets[0].side, nominal: first.step };
        let _ = hedge::stake(&open, second.price, number(bytes)?);
    }
    let per_account = [(0, risk(bytes)?)];
    let caps =
        Caps { bankroll: risk(bytes)?, per_account: &per_account[..usize::from(bytes.arbitrary::<bool>()?)] };
    let mut sizer = Sizer::new();
    let equal = sizer.equal_payout(&legs, &states, &caps).cloned();
    let best = sizer.size(&legs, &states, &caps).cloned();
    for sizing in [&equal, &best].into_iter().flatten() {
        sound(sizing, &legs, &states, &caps);
    }
    match (equal, best) {
        (Ok(equal), Ok(best)) => assert!(best.guaranteed >= equal.guaranteed, "worse than equal payout"),
        (Ok(_), Err(why)) => assert!(
            matches!(why, Refusal::SearchLimit | Refusal::TooManyLegs | Refusal::Precision),
            "{why}: equal payout profits"
        ),
        _ => {}
    }
    Ok(())
}

fn leg<'a>(bet: &Bet, charge: &'a Charge, bytes: &mut Unstructured<'_>) -> Result<LegInput<'a>> {
    let price = price(bytes)?;
    let step = if bytes.ratio(1, 3)? { number(bytes)? } else { Ratio::ONE };
    let limit = |bytes: &mut Unstructured<'_>| -> Result<Option<NominalStake>> {
        Ok(if bytes.ratio(1, 3)? { Some(nominal(bytes)?) } else { None })
    };
    let account = bytes.int_in_range(0..=2)?;
    let exchange = if bytes.ratio(1, 8)? {
        let (one, other) = (number(bytes)?, number(bytes)?);
        Some(Exchange { gain: one.min(other), loss: one.max(other) })
    } else {
        None
    };
    Ok(LegInput {
        terms: Terms::of(price, bet.side),
        price,
        step: NominalStake::new(step).unwrap_or(NominalStake::ZERO),
        min: limit(bytes)?,
        max: limit(bytes)?,
        account,
        group: account,
        charge,
        exchange,
    })
}

/// The stakes keep every limit, and the profits are what the states say.
fn sound(sizing: &Sizing, legs: &[LegInput<'_>], states: &StateTable, caps: &Caps<'_>) {
    assert!(sizing.total_risk <= caps.bankroll);
    for (leg, stake) in legs.iter().zip(&sizing.stakes) {
        assert_eq!(stake.ratio().over(leg.step.ratio()).map(Ratio::den), Some(1));
        assert!(leg.min.is_none_or(|min| min <= *stake) && leg.max.is_none_or(|max| *stake <= max));
    }
    assert_eq!(sizing.profits.iter().min(), Some(&sizing.guaranteed));
    assert_eq!(sizing.profits.iter().position(|profit| *profit == sizing.guaranteed), Some(sizing.worst));
    let push = states.row(sizing.worst).iter().all(|settled| *settled == Settled::Push);
    match sizing.class {
        Class::Strict => assert!(sizing.guaranteed > Ratio::ZERO),
        Class::Weak => assert!(sizing.guaranteed.is_zero() && push),
    }
    let commission = |leg: &LegInput<'_>| matches!(leg.charge, Charge::NetWin { .. });
    if legs.iter().any(|leg| commission(leg) || leg.exchange.is_some()) {
        return;
    }
    for (row, profit) in states.rows().zip(&sizing.profits) {
        let paid = legs
            .iter()
            .zip(row)
            .zip(sizing.stakes.iter().zip(&sizing.fees))
            .try_fold(Ratio::ZERO, |sum, ((leg, settled), (stake, fee))| {
                sum.plus(leg.terms.pays(*stake, *settled)?)?.minus(*fee)
            });
        assert_eq!(paid, Some(*profit), "{row:?}");
    }
}
