//! What a market is quoted as, and which selection each of its runners is.
//!
//! Only what the names of market and runners say without doubt is a market of its own kind; everything
//! else is `other:<market-type>`, its runners by their ids.

use crate::event::{Facts, Sport, squeezed};
use crate::market::{Fault, Market as Stated, wrong};
use antigravity_sdk::line;
use antigravity_sdk::prelude::*;

/// What makes the lines of a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub market: Market,
    pub period: Period,
    /// The name behind `other:`.
    pub other: Option<String>,
}

/// The terms with what changes from answer to answer.
#[derive(Debug)]
pub struct Read {
    pub terms: Terms,
    pub line: Option<Decimal>,
    /// In the order of the runners.
    pub selections: Vec<Selection>,
}

impl Read {
    /// # Errors
    /// Where a handicap or a total has no line, or its runners have different ones.
    pub fn of(event: &Facts, market: &Stated<'_>) -> Result<Self, Fault> {
        let named = |name: &str| market.name.trim().eq_ignore_ascii_case(name);
        let found = match &*market.kind {
            "money_line" if event.sport.never_drawn() => {
                plain(event, market, Market::Moneyline, Period::MATCH)
            }
            "one_x_two" if event.sport == Sport::SOCCER && named("Match Odds") => {
                plain(event, market, Market::MatchResult, Period::FULL_TIME)
            }
            "handicap" if named("Handicap") => handicap(event, market)?,
            "total" if named("Total") => total(event, market)?,
            _ => None,
        };
        Ok(found.unwrap_or_else(|| Self {
            terms: Terms {
                market: Market::Other,
                period: Period::MATCH,
                other: Some(market.kind.to_string()),
            },
            line: None,
            selections: vec![Selection::Runner; market.runners.len()],
        }))
    }
}

/// A market whose runners are the teams, and the draw where it has one.
fn plain(event: &Facts, market: &Stated<'_>, kind: Market, period: Period) -> Option<Read> {
    let [home, away] = event.teams.as_ref()?;
    let selections = each(market, |name| match name {
        name if name == home => Some(Selection::Home),
        name if name == away => Some(Selection::Away),
        name if kind == Market::MatchResult && is_draw(name) => Some(Selection::Draw),
        _ => None,
    })?;
    Some(Read { terms: Terms { market: kind, period, other: None }, line: None, selections })
}

/// `Draw`, or with both teams in short behind it.
fn is_draw(name: &str) -> bool {
    let word = name.split(' ').next().unwrap_or("");
    word.eq_ignore_ascii_case("draw")
}

/// `A -0.5` and `B +0.5`, with `1H` behind them where it is about the first half.
fn handicap(event: &Facts, market: &Stated<'_>) -> Result<Option<Read>, Fault> {
    let Some([home, away]) = &event.teams else { return Ok(None) };
    let side = |name: &str| {
        let told = |team: &str| name.strip_prefix(team).and_then(half);
        match (told(home), told(away)) {
            (Some(half), None) => Some((Selection::Home, half)),
            (None, Some(half)) => Some((Selection::Away, half)),
            _ => None,
        }
    };
    lined(event, market, Market::AsianHandicap, side, |selection, handicap| {
        let home = if selection == Selection::Home { handicap } else { handicap.negated() };
        line::handicap(home.abs(), Some(home.is_negative()))
    })
}

/// `Over 2.5` and `Under 2.5`.
fn total(event: &Facts, market: &Stated<'_>) -> Result<Option<Read>, Fault> {
    let side = |name: &str| {
        let (word, rest) = name.split_once(' ')?;
        let over = word.eq_ignore_ascii_case("over");
        if !over && !word.eq_ignore_ascii_case("under") {
            return None;
        }
        Some((if over { Selection::Over } else { Selection::Under }, half(rest)?))
    };
    lined(event, market, Market::Total, side, |_, points| line::total(points))
}

/// A market with a line, which each of its runners states.
fn lined(
    event: &Facts,
    market: &Stated<'_>,
    kind: Market,
    side: impl Fn(&str) -> Option<(Selection, bool)>,
    line: impl Fn(Selection, Decimal) -> Result<Decimal, &'static str>,
) -> Result<Option<Read>, Fault> {
    let Some(selections) = each(market, |name| Some(side(name)?.0)) else { return Ok(None) };
    let mut first_half = market.runners.iter().filter_map(|runner| Some(side(&squeezed(&runner.name))?.1));
    let is_first_half = first_half.next() == Some(true);
    if first_half.any(|half| half != is_first_half) {
        return Err(wrong("a market of two periods"));
    }
    let mut lines = market.runners.iter().zip(&selections).map(|(runner, selection)| {
        let stated = runner.handicap.ok_or("a runner without `handicap`")?;
        line(*selection, stated)
    });
    let Some(first) = lines.next() else { return Ok(None) };
    let first = first.map_err(wrong)?;
    for other in lines {
        if other.map_err(wrong)? != first {
            return Err(wrong("runners with different lines"));
        }
    }
    let period = match event.sport {
        _ if is_first_half => Period::FIRST_HALF,
        Sport::SOCCER => Period::FULL_TIME,
        _ => Period::MATCH,
    };
    let terms = Terms { market: kind, period, other: None };
    Ok(Some(Read { terms, line: Some(first), selections }))
}

/// Whether the text behind a team or `Over` is about the first half; `None` where it is more than a
/// number. The number itself is the field `handicap`, which also tells quarters.
fn half(rest: &str) -> Option<bool> {
    let rest = rest.trim();
    let number = rest.strip_suffix("1H").unwrap_or(rest);
    let figures = number.bytes().all(|byte| byte.is_ascii_digit() || b"+-./ ".contains(&byte));
    figures.then_some(number.len() < rest.len())
}

/// The selection of each runner; `None` where one has none, or two have the same.
fn each(market: &Stated<'_>, selection: impl Fn(&str) -> Option<Selection>) -> Option<Vec<Selection>> {
    let mut found = Vec::with_capacity(market.runners.len());
    for runner in &market.runners {
        let selection = selection(&squeezed(&runner.name))?;
        if found.contains(&selection) {
            return None;
        }
        found.push(selection);
    }
    Some(found)
}
