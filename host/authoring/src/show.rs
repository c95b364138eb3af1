//! A checked answer as text that does not depend on how its packets were grouped into calls.

use antigravity_abi::NO_TEXT;
use antigravity_abi::rows::{EventRow, LineRow, Row};
use antigravity_core::answer::{Answer, Reading};

/// What an adapter said of one packet: its verdict, its rows and what it logged, a line each. Texts
/// stand there as text, not as places in the call's table.
pub(crate) fn show(answer: &Answer, index: usize, reading: &Reading) -> Vec<String> {
    let verdict = &reading.verdict;
    let mut lines = vec![format!(
        "{} {} {:?} bad={} complete={}",
        verdict.fate,
        verdict.reason,
        text(answer, verdict.detail),
        verdict.bad_rows,
        verdict.snapshot_complete
    )];
    lines.extend(answer.rows(reading).map(|(row, usable)| {
        let refused = if usable { "" } else { " refused" };
        format!("{}{refused}", of(&row, answer))
    }));
    let logs = answer.logs().iter().filter(|log| log.packet as usize == index);
    lines.extend(logs.map(|log| format!("log {:?} {:?}", log.level, text(answer, log.message))));
    lines
}

fn of(row: &Row, answer: &Answer) -> String {
    let texts = |all: &[Option<u32>]| {
        let all: Vec<_> = all.iter().map(|one| one.map(|index| text(answer, index))).collect();
        format!("{all:?}")
    };
    match row {
        Row::Event(it) => {
            let all = [Some(it.id), it.sport, it.competition, it.title, it.home, it.away, it.score];
            let (sport, competition, title, home, away, score) = Default::default();
            let rest = EventRow { id: 0, sport, competition, title, home, away, score, ..*it };
            format!("{rest:?} {}", texts(&all))
        }
        Row::Line(it) => {
            let all = [Some(it.market_id), it.runner, it.other, it.currency];
            let (runner, other, currency) = Default::default();
            let rest = LineRow { market_id: 0, runner, other, currency, ..*it };
            format!("{rest:?} {}", texts(&all))
        }
        other => format!("{other:?}"),
    }
}

fn text(answer: &Answer, index: u32) -> &str {
    if index == NO_TEXT { "" } else { answer.text(index) }
}
