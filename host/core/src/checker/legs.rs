//! Each leg alone: what it stakes, wins, risks and is charged.

use super::bets::{Bet, Kind};
use super::currency::{Worth, worth};
use super::fees::{Book, Charge, nanos};
use super::number::{decimal, fraction, int, print};
use super::read::{Certificate, Leg};
use super::{Refused, wrong};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// A leg that was found to be sound. Amounts are in its own currency.
pub(super) struct Checked {
    pub bet: Bet,
    pub runner: Option<String>,
    /// What winning and losing it means for the whole stake, both above 0.
    pub win: BigRational,
    pub risk: BigRational,
    pub odds: BigRational,
    pub fee: Fee,
    pub worth: Worth,
    /// The legs of one account, provider and market pay commission together.
    pub market: (String, String, Option<String>),
}

pub(super) enum Fee {
    Amount(BigRational),
    Rate(BigRational),
}

/// The furthest a line goes, in quarters: 500 goals or points.
const FURTHEST: i64 = 2000;

/// No contract lets a quote stand for longer, in milliseconds.
const OLDEST: u64 = u32::MAX as u64;

pub(super) fn check(
    certificate: &Certificate,
    at: usize,
    leg: &Leg,
    book: &Book,
) -> Result<Checked, Refused> {
    let field = |name: &str| format!("legs[{at}].{name}");
    let quarters = quarters(&field("line"), leg)?;
    let kind = Kind::of(&leg.market, &leg.selection, quarters)
        .ok_or_else(|| wrong(field("selection"), &leg.selection, format!("none of {}", leg.market)))?;
    let lay = match leg.side.as_str() {
        "back" => false,
        "lay" => true,
        other => return Err(wrong(field("side"), other, "back or lay")),
    };
    let value = decimal(&field("price.value"), &leg.price.value)?;
    let odds = odds(&leg.price.format, &value)
        .ok_or_else(|| wrong(field("price"), &leg.price.value, format!("no {} price", leg.price.format)))?;
    let stake = stake(&field, leg)?;
    let (win, risk) = terms(&leg.price.format, &value, &odds, lay);
    let (win, risk) = (win * &stake, risk * &stake);
    same(field("risk"), &leg.risk, &risk)?;
    // A contract pays 1, so a bet is as many of them as it pays, whatever the format of its price.
    let fee = fee(certificate, &field, leg, book, &(&win + &risk), &odds)?;
    let worth = worth(certificate, &field("currency"), leg)?;
    Ok(Checked {
        bet: Bet { kind, lay },
        runner: leg.runner.clone(),
        win,
        risk,
        odds,
        fee,
        worth,
        market: (leg.account.clone(), leg.provider.to_lowercase(), leg.market_id.clone()),
    })
}

/// A stated number that must be this one.
pub(super) fn same(field: String, said: &str, is: &BigRational) -> Result<(), Refused> {
    if fraction(&field, said)? == *is { Ok(()) } else { Err(wrong(field, said, print(is))) }
}

/// The line in quarters, 0 for markets that have none.
fn quarters(field: &str, leg: &Leg) -> Result<i64, Refused> {
    let lined = matches!(leg.market.as_str(), "asian-handicap" | "total");
    let text = match (&leg.line, lined) {
        (Some(text), true) => text,
        (None, false) => return Ok(0),
        (Some(text), false) => return Err(wrong(field, text, format!("none in {}", leg.market))),
        (None, true) => return Err(wrong(field, "none", format!("one in {}", leg.market))),
    };
    let quarters = decimal(field, text)? * int(4);
    let lowest = if leg.market == "total" { 0 } else { -FURTHEST };
    if !quarters.is_integer() || quarters < int(lowest) || quarters > int(FURTHEST) {
        return Err(wrong(field, text, "no line"));
    }
    i64::try_from(quarters.to_integer()).map_err(|_| wrong(field, text, "no line"))
}

/// Decimal odds; `None` outside the format's range.
fn odds(format: &str, value: &BigRational) -> Option<BigRational> {
    let (one, hundred, size) = (int(1), int(100), value.abs());
    match format {
        "decimal" if *value > one => Some(value.clone()),
        "hong-kong" if value.is_positive() => Some(value + one),
        "malay" if !value.is_zero() && size <= one => Some(signed(value)),
        "indonesian" if size >= one => Some(signed(value)),
        "american" if size >= hundred => Some(signed(&(value / hundred))),
        "probability" if value.is_positive() && *value < one => Some(value.recip()),
        _ => None,
    }
}

/// 1 + v, or 1 + 1/|v| below 0.
fn signed(value: &BigRational) -> BigRational {
    if value.is_positive() { value + int(1) } else { value.abs().recip() + int(1) }
}

/// What a unit of nominal stake wins and risks.
fn terms(format: &str, value: &BigRational, odds: &BigRational, lay: bool) -> (BigRational, BigRational) {
    let (one, profit) = (BigRational::one(), odds - int(1));
    match (format, lay) {
        ("probability", false) => (one - value, value.clone()),
        ("probability", true) => (value.clone(), one - value),
        (_, true) => (one, profit),
        ("malay" | "indonesian", false) if value.is_negative() => (one, value.abs()),
        (_, false) => (profit, one),
    }
}

/// The nominal stake: a positive multiple of the step, within the limits.
fn stake(field: &impl Fn(&str) -> String, leg: &Leg) -> Result<BigRational, Refused> {
    let name = field("nominal_stake");
    let stake = decimal(&name, &leg.nominal_stake)?;
    let step = decimal(&field("step"), &leg.step)?;
    if !step.is_positive() {
        return Err(wrong(field("step"), &leg.step, "not above 0"));
    }
    if !stake.is_positive() || !(&stake / &step).is_integer() {
        return Err(wrong(name, &leg.nominal_stake, format!("no multiple of {}", leg.step)));
    }
    for (limit, text, sign) in [("min", &leg.min, 1), ("max", &leg.max, -1)] {
        let Some(text) = text else { continue };
        let value = decimal(&field(limit), text)?;
        if value.is_negative() {
            return Err(wrong(field(limit), text, "below 0"));
        }
        if ((&stake - value) * int(sign)).is_negative() {
            return Err(wrong(name, &leg.nominal_stake, format!("beyond the {limit} of {text}")));
        }
    }
    Ok(stake)
}

fn fee(
    certificate: &Certificate,
    field: &impl Fn(&str) -> String,
    leg: &Leg,
    book: &Book,
    contracts: &BigRational,
    odds: &BigRational,
) -> Result<Fee, Refused> {
    if book.knows(&leg.provider) && leg.market_id.is_none() {
        return Err(wrong(field("market_id"), "none", "one, since fees are by market"));
    }
    if leg.age_ms > OLDEST {
        return Err(wrong(field("age_ms"), leg.age_ms, format!("above {OLDEST}")));
    }
    let at = nanos("as_of", &certificate.as_of)? - i128::from(leg.age_ms) * 1_000_000;
    let sport = certificate.event.split('/').next().unwrap_or("");
    let market_id = leg.market_id.as_deref().unwrap_or("");
    let schedule = book
        .at(&leg.provider, sport, market_id, at)
        .ok_or_else(|| wrong(field("fee.schedule"), &leg.fee.schedule, "none in force"))?;
    if leg.fee.schedule != schedule.id {
        return Err(wrong(field("fee.schedule"), &leg.fee.schedule, &schedule.id));
    }
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    match (&schedule.charge, &leg.fee.amount, &leg.fee.rate) {
        (Charge::Amount(rule), Some(said), None) => {
            let amount = rule.amount(contracts, &odds.recip());
            same(field("fee.amount"), said, &amount)?;
            Ok(Fee::Amount(amount))
        }
        (Charge::NetWin(rate), None, Some(said)) => {
            same(field("fee.rate"), said, rate)?;
            Ok(Fee::Rate(rate.clone()))
        }
        (Charge::Amount(_), _, rate) => Err(wrong(field("fee.rate"), stated(rate), "an amount alone")),
        (Charge::NetWin(_), amount, _) => Err(wrong(field("fee.amount"), stated(amount), "a rate alone")),
    }
}
