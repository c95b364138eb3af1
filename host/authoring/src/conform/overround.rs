//! Whether the two sides of a line belong together: prices of one line that are taken from two show
//! as a margin that no bookmaker has.

use super::{Finding, Subject};
use crate::replayed::Replayed;
use antigravity_engine::ReplayError;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the implied probabilities of both sides may sum up to.
const LEAST: f64 = 0.90;
const MOST: f64 = 1.35;

const PAIRS: [(&str, [&str; 2]); 6] = [
    ("moneyline", ["home", "away"]),
    ("draw-no-bet", ["home", "away"]),
    ("asian-handicap", ["home", "away"]),
    ("total", ["over", "under"]),
    ("odd-even", ["odd", "even"]),
    ("binary", ["yes", "no"]),
];

/// The best open prices of one line, by selection and side.
type Line = BTreeMap<(String, String), f64>;

pub(super) fn sane(subject: &Subject<'_>) -> Result<Finding, ReplayError> {
    let mut seen = (f64::MAX, f64::MIN, 0usize);
    for (case, traffic) in &subject.cases {
        let replayed = Replayed::of(subject.adapter, traffic, false)?;
        let quotes = replayed.text.lines().filter_map(|line| serde_json::from_str(line).ok());
        if let Some(problem) = odd_one(&quotes.collect::<Vec<Value>>(), &mut seen) {
            return Ok(Err(format!("{case}, {problem}")));
        }
    }
    Ok(Ok(match seen {
        (_, _, 0) => "no market with two sides".to_owned(),
        (least, most, lines) => format!("{lines} looked at, {least:.3} to {most:.3}"),
    }))
}

/// The first line whose sides do not belong together after a packet.
fn odd_one(quotes: &[Value], seen: &mut (f64, f64, usize)) -> Option<String> {
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    for packet in quotes.chunk_by(|a, b| a["seq"] == b["seq"]) {
        let mut touched = BTreeSet::new();
        for quote in packet.iter().filter(|quote| quote["level"] == 1) {
            let name = name_of(quote);
            let side = (word(quote, "selection"), word(quote, "side"));
            let line = lines.entry(name.clone()).or_default();
            let decimal = quote["price"]["decimal"].as_str().and_then(|text| text.parse::<f64>().ok());
            match decimal.filter(|_| quote["status"] == "open") {
                Some(decimal) => line.insert(side, decimal),
                None => line.remove(&side),
            };
            touched.insert((name, word(quote, "market")));
        }
        for (name, market) in touched {
            let Some((_, sides)) = PAIRS.iter().find(|(pair, _)| *pair == market) else { continue };
            let Some(line) = lines.get(&name) else { continue };
            let back = |side: &str| line.get(&(side.to_owned(), "back".to_owned())).copied();
            let [Some(one), Some(other)] = sides.map(back) else { continue };
            let sum = one.recip() + other.recip();
            *seen = (seen.0.min(sum), seen.1.max(sum), seen.2 + 1);
            // On an exchange what stands between back and lay is a spread, not a margin.
            let exchange = line.keys().any(|(_, side)| side == "lay");
            if sum < LEAST || (sum > MOST && !exchange) {
                let seq = &packet[0]["seq"];
                let sides = format!("{} {one} and {} {other}", sides[0], sides[1]);
                return Some(format!(
                    "packet {seq}: {name}: {sides} make {sum:.3}, not {LEAST:.2} to {MOST:.2}"
                ));
            }
        }
    }
    None
}

fn name_of(quote: &Value) -> String {
    let parts = ["account", "event_id", "market_id", "market", "period", "line"];
    let parts = parts.map(|key| word(quote, key));
    parts.join(" ").trim_end().to_owned()
}

fn word(quote: &Value, key: &str) -> String {
    quote[key].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn quote(seq: u64, line: &str, selection: &str, side: &str, decimal: &str) -> Value {
        json!({"seq": seq, "account": "A", "event_id": "7", "market_id": "m", "market": "total", "period": "full-time",
            "line": line, "selection": selection, "side": side, "level": 1, "status": "open", "price": {"decimal": decimal}})
    }

    fn found(quotes: &[Value]) -> Option<String> {
        odd_one(quotes, &mut (0.0, 0.0, 0))
    }

    #[test]
    fn names_the_line_whose_sides_do_not_belong_together() {
        let fine = [quote(1, "2.5", "over", "back", "1.9"), quote(1, "2.5", "under", "back", "2.0")];
        assert_eq!(found(&fine), None);
        let low = [quote(1, "2.5", "over", "back", "3"), quote(1, "2.5", "under", "back", "3")];
        let said = found(&low).unwrap();
        assert!(
            said.starts_with("packet 1: A 7 m total full-time 2.5: over 3 and under 3 make 0.667"),
            "{said}"
        );
        let high = [quote(4, "2.5", "over", "back", "1.2"), quote(4, "2.5", "under", "back", "1.3")];
        assert!(found(&high).unwrap().starts_with("packet 4"));
        // Two lines, an exchange's spread, and what is not open yet.
        assert_eq!(found(&[low[0].clone(), quote(1, "3.5", "under", "back", "3")]), None);
        assert_eq!(found(&[high[0].clone(), high[1].clone(), quote(4, "2.5", "under", "lay", "4")]), None);
        let mut closed = low[1].clone();
        closed["status"] = json!("suspended");
        assert_eq!(found(&[low[0].clone(), closed]), None);
    }
}
