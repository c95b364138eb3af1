//! What legs must have in common, and what they may not.

use super::number::{decimal, fraction};
use super::read::{Certificate, Leg};
use super::{Refused, wrong};
use unicode_normalization::UnicodeNormalization;

pub(super) fn check(certificate: &Certificate) -> Result<(), Refused> {
    let legs = &certificate.legs;
    let sport = certificate.event.split('/').next().unwrap_or("");
    let plain = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || c == '-' || c == ':';
    if sport.is_empty() || !sport.chars().all(plain) {
        return Err(wrong("event", sport, "no sport"));
    }
    if !is_period(&legs[0].period) {
        return Err(wrong("legs[0].period", &legs[0].period, "no period"));
    }
    for (at, leg) in legs.iter().enumerate() {
        let field = |name: &str| format!("legs[{at}].{name}");
        if folded(&leg.account).is_empty() {
            return Err(wrong(field("account"), &leg.account, "no name"));
        }
        if !is_provider(&leg.provider) {
            return Err(wrong(field("provider"), &leg.provider, "no provider's name"));
        }
        if leg.period != legs[0].period {
            return Err(wrong(field("period"), &leg.period, &legs[0].period));
        }
    }
    if !several(legs, |leg| folded(&leg.account)) && !several(legs, |leg| leg.provider.to_lowercase()) {
        return Err(wrong("legs", "one account", "two or more"));
    }
    for (at, leg) in legs.iter().enumerate() {
        legs[..at].iter().try_for_each(|other| check_two(other, leg, at))?;
    }
    check_basis(certificate)
}

/// Whether the legs do not all have the same of something.
pub(super) fn several(legs: &[Leg], of: impl Fn(&Leg) -> String) -> bool {
    legs.iter().any(|leg| of(leg) != of(&legs[0]))
}

/// A name without what does not show: case, width, the make-up of letters, spaces around it or beside
/// each other, and characters without a shape. Letters of two scripts that look alike stay apart.
pub(super) fn folded(name: &str) -> String {
    let shown: String = name
        .nfkc()
        .filter(|c| c.is_whitespace() || !(c.is_control() || is_without_shape(*c)))
        .flat_map(char::to_lowercase)
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Soft hyphens, joiners, marks of direction, variation selectors, tags, and the fillers of Hangul.
const fn is_without_shape(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// 1 to 40 letters, digits and hyphens, as contracts have it; in any case of letters.
fn is_provider(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn check_two(other: &Leg, leg: &Leg, at: usize) -> Result<(), Refused> {
    let field = |name: &str| format!("legs[{at}].{name}");
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    // Netting what is won and lost in two markets would make commission too small.
    if (leg.fee.rate.is_some() || other.fee.rate.is_some()) && is_same_market(other, leg) {
        let rate = |leg: &Leg| leg.fee.rate.as_deref().and_then(|rate| fraction("", rate).ok());
        if rate(other) != rate(leg) {
            return Err(wrong(field("fee.rate"), text(&leg.fee.rate), text(&other.fee.rate)));
        }
        if other.event_id != leg.event_id {
            return Err(wrong(field("event_id"), &leg.event_id, &other.event_id));
        }
        if other.currency != leg.currency {
            return Err(wrong(field("currency"), text(&leg.currency), text(&other.currency)));
        }
        if other.market != leg.market {
            return Err(wrong(field("market"), &leg.market, &other.market));
        }
    }
    if is_again(other, leg) {
        return Err(wrong(field("selection"), "a leg", "one that is there already"));
    }
    Ok(())
}

fn is_same_market(one: &Leg, other: &Leg) -> bool {
    one.account == other.account
        && one.provider.eq_ignore_ascii_case(&other.provider)
        && one.market_id == other.market_id
}

/// Whether two legs are one bet: its limits would count twice. What one of them does not say, another
/// spelling of the account or the line, and a runner where there are none make no other bet.
fn is_again(one: &Leg, other: &Leg) -> bool {
    let line = |leg: &Leg| leg.line.as_deref().and_then(|line| decimal("", line).ok());
    let of_runners = matches!(one.market.as_str(), "winner" | "place" | "binary");
    folded(&one.account) == folded(&other.account)
        && one.provider.eq_ignore_ascii_case(&other.provider)
        && one.market_id.as_ref().zip(other.market_id.as_ref()).is_none_or(|(one, other)| one == other)
        && (&one.event_id, &one.market) == (&other.event_id, &other.market)
        && line(one) == line(other)
        && (&one.selection, &one.side) == (&other.selection, &other.side)
        && (!of_runners || one.runner == other.runner)
}

fn is_period(name: &str) -> bool {
    let numbered = |prefix: &str| {
        let digits = name.strip_prefix(prefix).filter(|digits| !digits.starts_with(['0', '+']));
        digits.is_some_and(|digits| digits.parse::<u8>().is_ok())
    };
    matches!(name, "full-time" | "match" | "first-half" | "second-half")
        || ["quarter-", "set-", "map-"].into_iter().any(numbered)
}

/// Handicaps are of one basis; where only goals from now count, of one score that is known, and where
/// that is not level, they settle on other goals than every other bet does.
fn check_basis(certificate: &Certificate) -> Result<(), Refused> {
    let handicaps = || certificate.legs.iter().enumerate().filter(|(_, leg)| leg.market == "asian-handicap");
    let Some((place, first)) = handicaps().next() else { return Ok(()) };
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let from_now = match first.basis.as_deref() {
        Some("from-now") => true,
        None | Some("from-kick-off") => false,
        Some(other) => return Err(wrong(format!("legs[{place}].basis"), other, "from-now or from-kick-off")),
    };
    for (at, leg) in handicaps() {
        if leg.basis != first.basis {
            return Err(wrong(format!("legs[{at}].basis"), text(&leg.basis), text(&first.basis)));
        }
        if from_now && leg.score != first.score {
            return Err(wrong(format!("legs[{at}].score"), text(&leg.score), text(&first.score)));
        }
    }
    if !from_now {
        return Ok(());
    }
    let level = first.score.as_deref().and_then(is_level);
    let level =
        level.ok_or_else(|| wrong(format!("legs[{place}].score"), text(&first.score), "a known score"))?;
    match certificate.legs.iter().position(|leg| leg.market != "asian-handicap") {
        Some(at) if !level => {
            let market = &certificate.legs[at].market;
            Err(wrong(format!("legs[{at}].market"), market, "one that counts other goals"))
        }
        _ => Ok(()),
    }
}

/// Whether a score, `1-0`, is level; `None` of what is no score.
fn is_level(score: &str) -> Option<bool> {
    let (home, away) = score.split_once('-')?;
    let goals = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok());
    Some(goals(home)?? == goals(away)??)
}
