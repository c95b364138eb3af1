//! Opportunities and the funnel, for people.

use crate::table::{add, table as empty};
use antigravity_core::certificate::Leg;
use antigravity_core::exact::{Ratio, Rounding, rounded};
use antigravity_core::finder::{Funnel, Reason, Stage};
use antigravity_engine::Shown;
use comfy_table::Table;
use std::fmt::Display;

/// Opportunities as their last lines had them: one row a leg. What stakes of equal payout would have
/// guaranteed stands beside what is guaranteed where it is less.
pub fn table<'a>(found: impl Iterator<Item = &'a Shown>) -> Table {
    let mut table = empty(&[
        "event",
        "bet",
        "account",
        "price",
        "age",
        "stake",
        "risk",
        "guaranteed",
        "equal payout",
        "return",
        "seen",
        "ended",
    ]);
    for shown in found {
        let opportunity = &shown.opportunity;
        let certificate = &opportunity.certificate;
        for (place, leg) in certificate.legs.iter().enumerate() {
            let of_all = |text: String| if place == 0 { text } else { String::new() };
            // Amounts of a leg are in its own currency.
            let money = |amount: &dyn Display| match leg.currency.filter(|it| *it != certificate.currency) {
                Some(currency) => format!("{amount} {currency}"),
                None => amount.to_string(),
            };
            let row = [
                of_all(certificate.event.to_string()),
                bet(leg),
                format!("{}:{}", leg.account, leg.provider),
                leg.price.value().to_string(),
                format!("{}.{} s", leg.age_ms / 1000, leg.age_ms % 1000 / 100),
                money(&leg.nominal),
                money(&leg.risk),
                of_all(format!("{} {}", down(certificate.guaranteed), certificate.currency)),
                of_all(equal_payout(certificate.guaranteed, opportunity.equal_payout)),
                of_all(percent(opportunity.return_on_stake, opportunity.class.name())),
                of_all(opportunity.at.to_string()),
                of_all(shown.closed.map_or_else(String::new, |closed| closed.reason.name().to_owned())),
            ];
            add(&mut table, row);
        }
    }
    table
}

/// `asian-handicap full-time -0.75 home`; a lay is named.
fn bet(leg: &Leg) -> String {
    let line = leg.line.map(|line| format!(" {}", line.normalized())).unwrap_or_default();
    let selection = leg.runner.as_deref().unwrap_or_else(|| leg.selection.name());
    let side = if leg.side == antigravity_core::Side::Lay { " lay" } else { "" };
    format!("{} {}{line} {selection}{side}", leg.market.name(), leg.period)
}

/// To a hundredth, rounded down: what is shown as guaranteed is guaranteed.
fn down(amount: Ratio) -> String {
    rounded(amount, 2, Rounding::Down)
}

fn equal_payout(guaranteed: Ratio, equal: Option<Ratio>) -> String {
    match equal {
        Some(equal) if equal == guaranteed => String::new(),
        Some(equal) => down(equal),
        None => "no profit".to_owned(),
    }
}

fn percent(share: Ratio, class: &str) -> String {
    let percent = share.times(Ratio::int(100)).map_or_else(String::new, |it| rounded(it, 2, Rounding::Down));
    if class == "strict" { format!("{percent} %") } else { format!("{percent} % {class}") }
}

/// What became of the quotes and combinations that were looked at: one row a stage and reason.
pub fn funnel(funnel: &Funnel) -> Table {
    let mut table = empty(&["stage", "counts", "seen", "passed", "refused", "why"]);
    for stage in Stage::ALL {
        let reasons = || Reason::ALL.iter().filter(|it| it.stage() == stage && funnel.refused(**it) > 0);
        let refused: u64 = reasons().map(|reason| funnel.refused(*reason)).sum();
        let why: Vec<_> =
            reasons().map(|reason| format!("{} {}", reason.name(), funnel.refused(*reason))).collect();
        let counts = [funnel.seen(stage), funnel.passed(stage), refused].map(|count| count.to_string());
        let [seen, passed, refused] = counts;
        let row = [stage.name(), stage.counts(), &seen, &passed, &refused, &why.join(", ")];
        add(&mut table, row);
    }
    table
}
