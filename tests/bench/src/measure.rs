//! Measuring several ways of doing one thing, in turn.

use crate::clock::thread_cpu;
use serde_json::{Value, json};

/// One way of doing it: reads all bodies once, gives how many rows it made.
pub struct Way<'a> {
    pub name: &'static str,
    /// Done before each run, not measured.
    pub before: Box<dyn FnMut() + 'a>,
    pub run: Box<dyn FnMut() -> u64 + 'a>,
}

impl<'a> Way<'a> {
    pub fn new(name: &'static str, run: impl FnMut() -> u64 + 'a) -> Self {
        Self { name, before: Box::new(|| {}), run: Box::new(run) }
    }

    pub fn before(mut self, before: impl FnMut() + 'a) -> Self {
        self.before = Box::new(before);
        self
    }
}

/// Runs the ways in turn, A B C A B C …; each ratio is to the first way of the same round.
/// `packets`: how many packets one run reads.
pub fn in_turn(rounds: usize, packets: usize, ways: &mut [Way<'_>]) -> Value {
    let mut times = vec![Vec::with_capacity(rounds); ways.len()];
    let mut rows = vec![0; ways.len()];
    // Two rounds to warm up.
    for round in 0..rounds + 2 {
        for (i, way) in ways.iter_mut().enumerate() {
            (way.before)();
            let start = thread_cpu();
            rows[i] = std::hint::black_box((way.run)());
            let time = thread_cpu() - start;
            if round >= 2 {
                times[i].push(time as f64);
            }
        }
    }
    let first = times[0].clone();
    let figures = ways.iter().zip(&times).zip(&rows).map(|((way, times), rows)| {
        let ratios = times.iter().zip(&first).map(|(t, f)| t / f).collect();
        let micros: Vec<f64> = times.iter().map(|t| t / 1000.0 / packets as f64).collect();
        let figure = json!({"ratio": spread(ratios), "us_per_packet": spread(micros), "rows": rows});
        (way.name.to_owned(), figure)
    });
    Value::Object(figures.collect())
}

/// Minimum, median and maximum.
pub fn spread(mut values: Vec<f64>) -> Value {
    values.sort_by(f64::total_cmp);
    let round = |x: f64| (x * 1000.0).round() / 1000.0;
    match (values.first(), values.get(values.len() / 2), values.last()) {
        (Some(min), Some(median), Some(max)) => {
            json!({"min": round(*min), "median": round(*median), "max": round(*max)})
        }
        _ => Value::Null,
    }
}

/// Of single times: the median, the 99th and the 99.9th percentile, and the longest.
pub fn quantiles(mut values: Vec<f64>) -> Value {
    values.sort_by(f64::total_cmp);
    let at = |share: usize| values.get(values.len() * share / 1000).copied();
    json!({"p50": at(500), "p99": at(990), "p99.9": at(999), "max": values.last()})
}
