//! What legs must have in common, and what they may not.

use super::number::decimal;
use super::read::{Certificate, Leg};
use super::words::{folded, is_made_of, same_text, shown};
use super::{Refused, must, of_leg, wrong};

/// Whether the legs are of several accounts, and of several providers.
pub(super) struct Across {
    pub accounts: bool,
    pub providers: bool,
}

pub(super) fn check(certificate: &Certificate) -> Result<Across, Refused> {
    let legs = &certificate.legs;
    must(!certificate.event.is_empty(), "event", "nothing", "an event")?;
    let period = legs[0].slip.period.as_str();
    must(is_period(period), "legs[0].period", period, "no period")?;
    let accounts: Vec<String> = legs.iter().map(|leg| folded(&leg.slip.account)).collect();
    let providers: Vec<String> = legs.iter().map(|leg| leg.slip.provider.to_ascii_lowercase()).collect();
    for (at, Leg { slip, .. }) in legs.iter().enumerate() {
        must(!accounts[at].is_empty(), of_leg(at, "account"), &slip.account, "no name")?;
        // As contracts have it, but in any case of letters.
        let plain = is_made_of(&slip.provider, 40, |c| c.is_ascii_alphanumeric() || c == '-');
        must(plain, of_leg(at, "provider"), &slip.provider, "no provider's name")?;
        same_text(of_leg(at, "period"), slip.period.as_str(), period)?;
        // A provider knows its events by their identifiers, whatever they are called.
        let before = providers[..at].iter().position(|other| *other == providers[at]);
        let known = before.map_or(slip.event_id.as_str(), |first| legs[first].slip.event_id.as_str());
        same_text(of_leg(at, "event_id"), slip.event_id.as_str(), known)?;
    }
    let several = |names: &[String]| names.iter().any(|name| *name != names[0]);
    let across = Across { accounts: several(&accounts), providers: several(&providers) };
    must(across.accounts || across.providers, "legs", "one account", "two or more")?;
    no_bet_twice(legs, &accounts, &providers)?;
    one_basis(legs)?;
    Ok(across)
}

fn is_period(name: &str) -> bool {
    match name.split_once('-') {
        Some(("quarter" | "set" | "map", digits)) => {
            digits.parse::<u8>().is_ok_and(|number| number > 0 && number.to_string() == digits)
        }
        _ => matches!(name, "full-time" | "match" | "first-half" | "second-half"),
    }
}

/// No two legs are one bet: its limits would count twice. What one of them does not say, another
/// spelling of the account or the line, and a runner where there are none make no other bet.
fn no_bet_twice(legs: &[Leg], accounts: &[String], providers: &[String]) -> Result<(), Refused> {
    let bet = |at: usize| {
        let slip = &legs[at].slip;
        let line = slip.line.as_deref().and_then(|line| decimal("", line).ok());
        let of_runners = matches!(slip.market.as_str(), "winner" | "place" | "binary");
        let runner = slip.runner.as_ref().filter(|_| of_runners);
        let words = (&slip.event_id, &slip.market, &slip.selection, &slip.side);
        (&accounts[at], &providers[at], words, line, runner)
    };
    let bets: Vec<_> = (0..legs.len()).map(bet).collect();
    for (at, leg) in legs.iter().enumerate() {
        for (bet, other) in bets.iter().zip(&legs[..at]) {
            one_commission(at, leg, other)?;
            let markets = leg.slip.market_id.as_ref().zip(other.slip.market_id.as_ref());
            let again = *bet == bets[at] && markets.is_none_or(|(one, other)| one == other);
            must(!again, of_leg(at, "selection"), "a leg", "one that is there already")?;
        }
    }
    Ok(())
}

/// Netting what is won and lost in two markets would make commission too small.
fn one_commission(at: usize, leg: &Leg, other: &Leg) -> Result<(), Refused> {
    let charged = leg.fee.rate.is_some() || other.fee.rate.is_some();
    if !charged || !leg.slip.is_of_market(&other.slip) {
        return Ok(());
    }
    same_text(of_leg(at, "fee.rate"), leg.fee.rate.as_deref(), other.fee.rate.as_deref())?;
    same_text(of_leg(at, "currency"), leg.currency.as_deref(), other.currency.as_deref())?;
    same_text(of_leg(at, "market"), leg.slip.market.as_str(), other.slip.market.as_str())
}

/// Handicaps are of one basis; where only goals from now count, of one score that is known, and where
/// that is not level, they settle on other goals than every other bet does.
fn one_basis(legs: &[Leg]) -> Result<(), Refused> {
    let (handicaps, others): (Vec<_>, Vec<_>) =
        legs.iter().enumerate().partition(|(_, leg)| leg.slip.market == "asian-handicap");
    let Some(&(place, first)) = handicaps.first() else { return Ok(()) };
    let (basis, score) = (first.basis.as_deref(), first.score.as_deref());
    let known = matches!(basis, None | Some("from-now" | "from-kick-off"));
    must(known, of_leg(place, "basis"), shown(basis), "from-now or from-kick-off")?;
    for (at, leg) in &handicaps {
        same_text(of_leg(*at, "basis"), leg.basis.as_deref(), basis)?;
    }
    if basis != Some("from-now") {
        return Ok(());
    }
    for (at, leg) in &handicaps {
        same_text(of_leg(*at, "score"), leg.score.as_deref(), score)?;
    }
    let level = score.and_then(is_level);
    let level = level.ok_or_else(|| wrong(of_leg(place, "score"), shown(score), "a known score"))?;
    for (at, leg) in others {
        must(level, of_leg(at, "market"), &leg.slip.market, "one that counts other goals")?;
        let told = leg.score.as_deref();
        must(told.is_none() || told == score, of_leg(at, "score"), shown(told), shown(score))?;
    }
    Ok(())
}

/// Whether a score, `1-0`, is level; `None` of what is no score.
fn is_level(score: &str) -> Option<bool> {
    let (home, away) = score.split_once('-')?;
    let goals = |text: &str| text.parse::<u32>().ok().filter(|_| !text.starts_with('+'));
    Some(goals(home)? == goals(away)?)
}
