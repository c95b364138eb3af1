//! The benchmark suite: ratios of CPU time, measured in turn within one run.
//!
//! Absolute times say little on a shared machine; the ratio of two things measured a moment apart
//! says much. Every figure is the median over rounds of the ratio within a round, with its range.

mod baseline;
mod clock;
mod counting;
mod decode;
mod finder;
mod inputs;
mod measure;
mod pipeline;
mod sandboxed;
mod sizing;
mod swap;
mod workers;

use clap::Parser;
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "antigravity-bench")]
struct Arguments {
    /// Rounds of each measurement.
    #[arg(long, default_value_t = 40)]
    rounds: usize,
    /// Only these parts.
    #[arg(long, value_delimiter = ',', default_value = "decode,workers,stream,finder,sizing,swap")]
    only: Vec<String>,
    /// Of `decode`: only inputs whose name begins so.
    #[arg(long, default_value = "")]
    input: String,
    /// Of `decode`: only this way, beside the first; for a profiler.
    #[arg(long)]
    way: Option<String>,
    /// Size of the capture that is replayed for `memory`, in MB.
    #[arg(long, default_value_t = 1000)]
    capture_mb: u64,
}

/// What went wrong, in words.
pub type Problem = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(report) => {
            println!("{report:#}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<Value, Problem> {
    let mut report =
        json!({"bench": env!("CARGO_PKG_VERSION"), "rounds": arguments.rounds, "clock": "thread CPU time"});
    for part in &arguments.only {
        report[part] = match part.as_str() {
            "decode" => decode::run(arguments.rounds, &arguments.input, arguments.way.as_deref())?,
            "workers" => workers::run(arguments.rounds)?,
            "stream" => pipeline::streams(arguments.rounds)?,
            "memory" => pipeline::memory(arguments.capture_mb)?,
            "finder" => finder::run(arguments.rounds)?,
            "sizing" => sizing::run(arguments.rounds)?,
            "swap" => swap::run(arguments.rounds)?,
            other => {
                let parts = "decode, workers, stream, memory, finder, sizing, swap";
                return Err(format!("no part named `{other}`: {parts}").into());
            }
        };
    }
    Ok(report)
}
