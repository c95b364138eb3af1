//! The line around a certificate.

use super::legs::same;
use super::number::{decimal, print, rounded};
use super::profit::Checked;
use super::read::{Certificate, Leg, Line, LineLeg};
use super::together::{folded, several};
use super::{Refused, wrong};
use num_traits::Zero;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(super) fn check(line: &Line<'_>, certificate: &Certificate, checked: &Checked) -> Result<(), Refused> {
    text("id", &line.id, &digest(line.certificate.get().as_bytes()))?;
    text("key", &line.key, &digest(key(certificate)?.as_bytes()))?;
    text("at", &line.at, &certificate.as_of)?;
    lane(line, &certificate.legs)?;
    if line.legs.len() != certificate.legs.len() {
        return Err(wrong("legs", line.legs.len(), certificate.legs.len()));
    }
    for (at, (short, leg)) in line.legs.iter().zip(&certificate.legs).enumerate() {
        check_leg(at, short, leg)?;
        if let Some(decimal) = &short.price.decimal {
            text(&format!("legs[{at}].price.decimal"), decimal, &rounded(&checked.legs[at].odds, 6))?;
        }
    }
    same("stake_total".to_owned(), &line.stake_total, &checked.stake_total)?;
    same("guaranteed_profit".to_owned(), &line.guaranteed_profit, &checked.guaranteed)?;
    text("return", &line.r#return, &rounded(&(&checked.guaranteed / &checked.stake_total), 6))?;
    text("class", &line.class, if checked.guaranteed.is_zero() { "weak" } else { "strict" })
}

/// The legs are of several accounts, or of several providers, as the lane says.
fn lane(line: &Line<'_>, legs: &[Leg]) -> Result<(), Refused> {
    let crosses = match line.lane.as_str() {
        "cross-account" => several(legs, |leg| folded(&leg.account)),
        "cross-provider" => several(legs, |leg| leg.provider.to_lowercase()),
        _ => return Err(wrong("lane", &line.lane, "cross-account or cross-provider")),
    };
    if crosses { Ok(()) } else { Err(wrong("lane", &line.lane, "among legs of one")) }
}

/// A leg says what the certificate's does, word by word.
fn check_leg(at: usize, short: &LineLeg, leg: &Leg) -> Result<(), Refused> {
    let words = [
        ("account", &short.account, &leg.account),
        ("provider", &short.provider, &leg.provider),
        ("event_id", &short.event_id, &leg.event_id),
        ("market", &short.market, &leg.market),
        ("period", &short.period, &leg.period),
        ("selection", &short.selection, &leg.selection),
        ("side", &short.side, &leg.side),
        ("price.format", &short.price.format, &leg.price.format),
        ("price.value", &short.price.value, &leg.price.value),
        ("nominal_stake", &short.nominal_stake, &leg.nominal_stake),
        ("risk", &short.risk, &leg.risk),
    ];
    words.into_iter().try_for_each(|(name, said, is)| text(&format!("legs[{at}].{name}"), said, is))?;
    let optional = [
        ("line", &short.line, &leg.line),
        ("market_id", &short.market_id, &leg.market_id),
        ("runner", &short.runner, &leg.runner),
    ];
    optional.into_iter().try_for_each(|(name, said, is)| {
        let shown =
            |word: &Option<String>| word.as_ref().map_or("none".to_owned(), |word| format!("`{word}`"));
        if said == is { Ok(()) } else { Err(wrong(format!("legs[{at}].{name}"), shown(said), shown(is))) }
    })
}

/// The compact JSON that the key is the digest of.
fn key(certificate: &Certificate) -> Result<String, Refused> {
    let mut legs = Vec::with_capacity(certificate.legs.len());
    for leg in &certificate.legs {
        let line = leg.line.as_deref().map(|line| decimal("line", line)).transpose()?;
        let line = line.as_ref().map(print);
        let tuple = [
            Some(&leg.account),
            Some(&leg.provider),
            Some(&leg.event_id),
            leg.market_id.as_ref(),
            Some(&leg.market),
            Some(&leg.period),
            line.as_ref(),
            Some(&leg.selection),
            leg.runner.as_ref(),
            Some(&leg.side),
        ];
        legs.push(Value::from(tuple.map(|word| Value::from(word.cloned())).to_vec()).to_string());
    }
    legs.sort_unstable();
    Ok(format!("[{},[{}]]", Value::from(certificate.event.as_str()), legs.join(",")))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(field: &str, said: &str, is: &str) -> Result<(), Refused> {
    if said == is { Ok(()) } else { Err(wrong(field, said, is)) }
}
