//! The books of a stream of market changes, computed with sorted maps over `serde_json`: nothing is
//! shared with the adapter.

use crate::support::number;
use serde_json::Value;
use std::collections::BTreeMap;

/// Price and size of the three best levels.
pub type Levels = Vec<(f64, f64)>;

#[derive(Default)]
pub struct Runner {
    pub active: bool,
    /// By side (back, lay) and style (all prices, displayed, best), each by price or level.
    ladders: [[BTreeMap<Key, (f64, f64)>; 3]; 2],
}

/// A price or level in 10⁻⁴.
type Key = i64;

#[derive(Default)]
pub struct Market {
    pub status: String,
    pub runners: BTreeMap<String, Runner>,
}

#[derive(Default)]
pub struct Books(pub BTreeMap<String, Market>);

const STYLES: [[&str; 3]; 2] = [["atb", "bdatb", "batb"], ["atl", "bdatl", "batl"]];

impl Books {
    pub fn read(&mut self, message: &Value) {
        for change in message["mc"].as_array().into_iter().flatten() {
            let id = change["id"].as_str().unwrap();
            if change["img"] == true {
                self.0.remove(id);
            }
            let market = self.0.entry(id.to_owned()).or_default();
            if let Some(definition) = change.get("marketDefinition") {
                market.define(definition);
            }
            for change in change["rc"].as_array().into_iter().flatten() {
                let runner = market.runners.entry(change["id"].to_string()).or_default();
                for (ladders, names) in runner.ladders.iter_mut().zip(STYLES) {
                    for (ladder, name) in ladders.iter_mut().zip(names) {
                        change[name].as_array().into_iter().flatten().for_each(|row| update(ladder, row));
                    }
                }
            }
        }
    }
}

/// `[price, size]` or `[level, price, size]`; size 0 takes it away.
fn update(ladder: &mut BTreeMap<Key, (f64, f64)>, row: &Value) {
    let row: Vec<f64> = row.as_array().unwrap().iter().map(number).collect();
    let key = (row[0] * 10_000.0).round() as Key;
    let level = (row[row.len() - 2], row[row.len() - 1]);
    if level.1 == 0.0 {
        ladder.remove(&key);
    } else {
        ladder.insert(key, level);
    }
}

impl Market {
    fn define(&mut self, definition: &Value) {
        definition["status"].as_str().unwrap().clone_into(&mut self.status);
        self.runners.values_mut().for_each(|runner| runner.active = false);
        for runner in definition["runners"].as_array().unwrap() {
            let known = self.runners.entry(runner["id"].to_string()).or_default();
            known.active = runner["status"] == "ACTIVE";
        }
    }
}

impl Runner {
    /// The three best levels of a side (0 back, 1 lay).
    pub fn best(&self, side: usize) -> Levels {
        let [prices, displayed, best] = &self.ladders[side];
        let all: Levels = match (prices.is_empty(), side) {
            (false, 0) => prices.values().rev().copied().collect(),
            (false, _) => prices.values().copied().collect(),
            (true, _) if !displayed.is_empty() => displayed.values().copied().collect(),
            (true, _) => best.values().copied().collect(),
        };
        all.into_iter().take(3).collect()
    }
}
