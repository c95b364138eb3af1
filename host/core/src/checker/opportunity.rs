//! The line around a certificate.

use super::legs::Leg;
use super::number::{int, print, rounded, same};
use super::read::{Certificate, Line, Slip};
use super::together::Across;
use super::words::same_text;
use super::{Refused, must, of_leg};
use num_rational::BigRational;
use num_traits::Zero;
use serde_json::json;
use sha2::{Digest, Sha256};

/// `legs` and `guaranteed` are what was found of the certificate, which is true.
pub(super) fn check(
    line: &Line<'_>,
    certificate: &Certificate,
    across: &Across,
    legs: &[Leg<'_>],
    guaranteed: &BigRational,
) -> Result<(), Refused> {
    let same_word = |name: &str, said: &str, is: &str| same_text(name.to_owned(), said, is);
    same_word("id", &line.id, &digest(line.certificate.get()))?;
    same_word("key", &line.key, &digest(&key(&certificate.event, legs)))?;
    same_word("at", &line.at, &certificate.as_of)?;
    let crosses = match line.lane.as_str() {
        "cross-account" => across.accounts,
        "cross-provider" => across.providers,
        _ => false,
    };
    must(crosses, "lane", &line.lane, "not what these legs are across")?;
    must(line.legs.len() == legs.len(), "legs", line.legs.len(), legs.len())?;
    for (at, (short, leg)) in line.legs.iter().zip(legs).enumerate() {
        same_slip(at, short, leg.slip)?;
        let odds = rounded(&leg.odds, 6);
        let said = short.price.decimal.as_deref().unwrap_or(&odds);
        same_text(of_leg(at, "price.decimal"), said, odds.as_str())?;
    }
    let total: BigRational = legs.iter().map(|leg| &leg.risk * &leg.worth.loss).sum();
    same("stake_total", &line.stake_total, &total)?;
    same("guaranteed_profit", &line.guaranteed_profit, guaranteed)?;
    same_word("return", &line.r#return, &rounded(&(guaranteed / total), 6))?;
    same_word("class", &line.class, if guaranteed.is_zero() { "weak" } else { "strict" })
}

/// A leg says what the certificate's does, word by word.
fn same_slip(at: usize, short: &Slip, slip: &Slip) -> Result<(), Refused> {
    for (name, said, is) in [
        ("account", &short.account, &slip.account),
        ("provider", &short.provider, &slip.provider),
        ("event_id", &short.event_id, &slip.event_id),
        ("market", &short.market, &slip.market),
        ("period", &short.period, &slip.period),
        ("selection", &short.selection, &slip.selection),
        ("side", &short.side, &slip.side),
        ("price.format", &short.price.format, &slip.price.format),
        ("price.value", &short.price.value, &slip.price.value),
        ("nominal_stake", &short.nominal_stake, &slip.nominal_stake),
        ("risk", &short.risk, &slip.risk),
    ] {
        same_text(of_leg(at, name), said.as_str(), is.as_str())?;
    }
    same_text(of_leg(at, "line"), short.line.as_deref(), slip.line.as_deref())?;
    same_text(of_leg(at, "market_id"), short.market_id.as_deref(), slip.market_id.as_deref())?;
    same_text(of_leg(at, "runner"), short.runner.as_deref(), slip.runner.as_deref())
}

/// The compact JSON that the key is the digest of.
fn key(event: &str, legs: &[Leg<'_>]) -> String {
    let bet = |Leg { slip, bet, .. }: &Leg<'_>| {
        let line = slip.line.as_ref().map(|_| print(&(int(bet.quarters) / int(4))));
        let Slip { account, provider, event_id, market_id, market, period, selection, runner, side, .. } =
            slip;
        json!([account, provider, event_id, market_id, market, period, line, selection, runner, side])
            .to_string()
    };
    let mut bets: Vec<String> = legs.iter().map(bet).collect();
    bets.sort_unstable();
    format!("[{},[{}]]", json!(event), bets.join(","))
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
