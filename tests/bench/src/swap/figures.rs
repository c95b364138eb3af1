//! Figures of a run with swaps.

use super::paced::Long;
use super::watch::{Phase, Sample, Watch};
use crate::measure::{quantiles, spread};
use serde_json::{Value, json};

/// Packets after a cut-over that are looked at by themselves: 10 ms of them.
const AROUND: u64 = 200;

pub fn report(watch: &Watch, long: &[Long]) -> Value {
    let samples = &watch.samples;
    let of = |phase: Phase| micros(samples.iter().filter(|sample| sample.phase == phase));
    let during = |sample: &&Sample| sample.phase != Phase::Alone;
    let around: Vec<f64> = watch.cut_overs.iter().flat_map(|it| after(samples, it.seq)).collect();
    let segments = segments(samples);
    let ratio = |share: usize| {
        spread(segments.iter().map(|(alone, tried)| at(tried, share) / at(alone, share)).collect())
    };
    let ratio_around = segments.iter().zip(&watch.cut_overs).map(|((alone, _), it)| {
        let around: Vec<f64> = after(samples, it.seq).collect();
        at(&around, 990) / at(alone, 990)
    });
    let pause = |pick: fn(&(u64, u64)) -> u64| {
        let all = watch.cut_overs.iter().map(|it| it.workers.iter().map(pick).sum::<u64>() as f64 / 1e3);
        let one = watch.cut_overs.iter().flat_map(|it| it.workers.iter().map(pick).map(|n| n as f64 / 1e3));
        json!({"one_worker": quantiles(one.collect()), "all_workers": quantiles(all.collect())})
    };
    let fronts = watch
        .cut_overs
        .iter()
        .map(|it| long.iter().find(|long| long.seq == it.seq).map_or(0.0, |long| long.cpu as f64 / 1e3));
    let read_once = watch.read.iter().all(|(packets, read)| packets == read);
    json!({
        "swaps": watch.swapped(),
        "latency_us": {
            "alone": quantiles(of(Phase::Alone)),
            "during": quantiles(micros(samples.iter().filter(during))),
            "warming": quantiles(of(Phase::Warming)),
            "shadow": quantiles(of(Phase::Shadow)),
            "live": quantiles(of(Phase::Live)),
            "after": quantiles(of(Phase::After)),
            "first_200_after_cut_over": quantiles(around),
        },
        "ratio_during_to_alone": {
            "p50": ratio(500), "p99": ratio(990), "p99.9": ratio(999),
            "p99_first_200_after_cut_over": spread(ratio_around.collect()),
            "required_p99": 2.0,
        },
        "cut_over": {
            "merger_us": pause(|(clock, _)| *clock),
            "merger_cpu_us": pause(|(_, cpu)| *cpu),
            "front_cpu_us": quantiles(fronts.collect()),
            "required_us": 1000.0,
        },
        "read_beside": {
            "packets": watch.read.iter().map(|(packets, _)| packets).sum::<u64>(),
            "each_once": read_once,
        },
    })
}

fn micros<'a>(samples: impl Iterator<Item = &'a Sample>) -> Vec<f64> {
    samples.map(|sample| sample.nanos as f64 / 1e3).collect()
}

fn after(samples: &[Sample], seq: u64) -> impl Iterator<Item = f64> {
    let first = usize::try_from(seq.saturating_sub(1)).unwrap_or(usize::MAX);
    samples.iter().skip(first).take(AROUND as usize).map(|sample| sample.nanos as f64 / 1e3)
}

/// Of each trial: the packets before it, while nothing was tried, and its own.
fn segments(samples: &[Sample]) -> Vec<(Vec<f64>, Vec<f64>)> {
    let runs = samples.chunk_by(|a, b| (a.phase == Phase::Alone) == (b.phase == Phase::Alone));
    let runs: Vec<Vec<f64>> = runs.map(|run| micros(run.iter())).collect();
    // The last one has only what came until the run stopped.
    runs.chunks_exact(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .filter(|(_, tried)| tried.len() > 100)
        .collect()
}

fn at(values: &[f64], share: usize) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() * share / 1000).copied().unwrap_or(f64::NAN)
}
