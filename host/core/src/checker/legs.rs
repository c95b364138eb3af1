//! Each leg alone: what it stakes, wins, risks and is charged.

use super::bets::Bet;
use super::currency::{Rates, Worth};
use super::fees::{Book, Fee, Schedule};
use super::number::{decimal, int, same, unsigned};
use super::read::{self, Certificate, Slip};
use super::time::nanos;
use super::words::{same_text, shown};
use super::{Refused, must, of_leg, wrong};
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use std::cmp::Ordering;

/// A leg that was found to be sound. Amounts are in its own currency.
pub(super) struct Leg<'a> {
    pub slip: &'a Slip,
    pub bet: Bet,
    pub odds: BigRational,
    /// What winning and losing it means for the whole stake, both above 0.
    pub win: BigRational,
    pub risk: BigRational,
    pub fee: Fee,
    pub worth: Worth,
}

/// No contract lets a quote stand for longer, in milliseconds.
const OLDEST: u64 = u32::MAX as u64;

pub(super) fn check<'a>(
    certificate: &'a Certificate,
    at: usize,
    book: &Book,
    rates: &Rates<'_>,
) -> Result<Leg<'a>, Refused> {
    let leg = &certificate.legs[at];
    let (slip, field) = (&leg.slip, |name: &str| of_leg(at, name));
    let bet = Bet::read(at, slip)?;
    let (format, price) = (&slip.price.format, &slip.price.value);
    let (odds, win, risk) = terms(format, decimal(&field("price.value"), price)?, bet.lay)
        .ok_or_else(|| wrong(field("price"), price, format!("no {format} price")))?;
    let stake = stake(at, leg)?;
    let (win, risk) = (win * &stake, risk * &stake);
    same(&field("risk"), &slip.risk, &risk)?;
    // A contract pays 1, so a bet is as many of them as it pays, whatever the format of its price.
    let fee = schedule(certificate, at, book)?.charge.of(&(&win + &risk), &odds.recip());
    match (&fee, &leg.fee.amount, &leg.fee.rate) {
        (Fee::Amount(is), Some(said), None) => same(&field("fee.amount"), said, is),
        (Fee::Rate(is), None, Some(said)) => same(&field("fee.rate"), said, is),
        (Fee::Amount(_), _, said) => Err(wrong(field("fee.rate"), shown(said.as_deref()), "an amount alone")),
        (Fee::Rate(_), said, _) => Err(wrong(field("fee.amount"), shown(said.as_deref()), "a rate alone")),
    }?;
    let own = &certificate.currency;
    let code = leg.currency.as_ref().unwrap_or(own);
    let no_rate = || wrong(field("currency"), code, format!("without a rate to {own}"));
    let worth = rates.get(code.as_str()).cloned().ok_or_else(no_rate)?;
    Ok(Leg { slip, bet, odds, win, risk, fee, worth })
}

/// Decimal odds, and what a unit of nominal stake wins and risks; `None` outside the format's range.
fn terms(format: &str, value: BigRational, lay: bool) -> Option<(BigRational, BigRational, BigRational)> {
    let (one, hundred, size) = (int(1), int(100), value.abs());
    // 1 + v, or 1 + 1/|v| below 0.
    let signed = |value: &BigRational| {
        if value.is_positive() { value + int(1) } else { value.abs().recip() + int(1) }
    };
    let odds = match format {
        "decimal" if value > one => value.clone(),
        "hong-kong" if value.is_positive() => &value + &one,
        "malay" if !value.is_zero() && size <= one => signed(&value),
        "indonesian" if size >= one => signed(&value),
        "american" if size >= hundred => signed(&(&value / hundred)),
        "probability" if value.is_positive() && value < one => value.recip(),
        _ => return None,
    };
    let profit = &odds - &one;
    let (win, risk) = match (format, lay) {
        ("probability", false) => (one - &value, value),
        ("probability", true) => (value.clone(), one - value),
        ("malay" | "indonesian", false) if value.is_negative() => (one, size),
        (_, false) => (profit, one),
        (_, true) => (one, profit),
    };
    Some((odds, win, risk))
}

/// The nominal stake: a positive multiple of the step, within the limits.
fn stake(at: usize, leg: &read::Leg) -> Result<BigRational, Refused> {
    let (field, said) = (|name: &str| of_leg(at, name), &leg.slip.nominal_stake);
    let (stake, step) = (decimal(&field("nominal_stake"), said)?, decimal(&field("step"), &leg.step)?);
    must(step.is_positive(), field("step"), &leg.step, "not above 0")?;
    let whole = stake.is_positive() && (&stake / step).is_integer();
    must(whole, field("nominal_stake"), said, format!("no multiple of {}", leg.step))?;
    for (limit, text, beyond) in [("min", &leg.min, Ordering::Less), ("max", &leg.max, Ordering::Greater)] {
        let Some(text) = text else { continue };
        let kept = stake.cmp(&unsigned(&field(limit), text)?) != beyond;
        must(kept, field("nominal_stake"), said, format!("beyond the {limit} of {text}"))?;
    }
    Ok(stake)
}

/// The fee schedule in force when the quote was confirmed; the leg must name it.
fn schedule<'a>(certificate: &Certificate, at: usize, book: &'a Book) -> Result<&'a Schedule, Refused> {
    let leg = &certificate.legs[at];
    let (provider, market, said) = (&leg.slip.provider, leg.slip.market_id.as_deref(), &leg.fee.schedule);
    let known = market.is_some() || !book.knows(provider);
    must(known, of_leg(at, "market_id"), shown(market), "one, since fees are by market")?;
    must(leg.age_ms <= OLDEST, of_leg(at, "age_ms"), leg.age_ms, format!("above {OLDEST}"))?;
    let confirmed = nanos("as_of", &certificate.as_of)? - i128::from(leg.age_ms) * 1_000_000;
    let none = || wrong(of_leg(at, "fee.schedule"), said, "none in force");
    let schedule =
        book.at(provider, certificate.sport(), market.unwrap_or(""), confirmed).ok_or_else(none)?;
    same_text(of_leg(at, "fee.schedule"), said.as_str(), schedule.id.as_str())?;
    Ok(schedule)
}
