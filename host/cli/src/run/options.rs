//! The arguments.

use crate::finding::FindingOptions;
use antigravity_engine::{Pace, TrialLimits};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;

#[derive(Debug, Args)]
pub struct RunOptions {
    /// Recorded traffic that is fed as if it arrived now; `ACCOUNT=FILE` says whose.
    #[arg(long, required = true, num_args = 1.., value_name = "[ACCOUNT=]CAPTURE")]
    pub source: Vec<String>,
    /// How fast it goes by: `1x` as it was recorded, `10x`, or `max`.
    #[arg(long, default_value = "1x", value_name = "PACE")]
    pub pace: PaceText,
    /// Begin anew when it is over, until interrupted.
    #[arg(long = "loop")]
    pub again: bool,
    /// Directory of adapters, which is watched; default as for `replay`.
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
    /// Use components of a directory without a lock file also where no trusted key signed them.
    #[arg(long)]
    pub allow_unsigned: bool,
    /// Try a component also where it is older than the one that works.
    #[arg(long)]
    pub allow_downgrade: bool,
    /// Bind only these; without it, every provider that is recognised in an account's traffic.
    #[arg(long, value_name = "ACCOUNT:PROVIDER")]
    pub mark: Vec<String>,
    /// What to write, as lines of JSON.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "opportunities,adapters,ledger")]
    pub emit: Vec<RunEmitted>,
    /// Threads for the accounts; 0 is one a core.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// Each stage of a trial ends after so many packets that both versions read …
    #[arg(long, value_name = "N", default_value_t = TrialLimits::default().packets)]
    pub trial_packets: u64,
    /// … or after so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = TrialLimits::default().millis / 1000)]
    pub trial_seconds: u64,
    /// Keep packets that an adapter was left alone for; else `antigravity/failed` of the data directory.
    #[arg(long, value_name = "DIR")]
    pub keep_failed: Option<PathBuf>,
    /// Write metrics of every adapter there once a second, in Prometheus' text format.
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
    /// Database of what a person confirmed about names and events, and of shapes of bodies, as for `replay`.
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    #[command(flatten)]
    pub finding: FindingOptions,
}

impl RunOptions {
    pub fn limits(&self) -> TrialLimits {
        let millis = self.trial_seconds.saturating_mul(1_000);
        TrialLimits { packets: self.trial_packets, millis, ..TrialLimits::default() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunEmitted {
    /// Every accepted change of a quote.
    Quotes,
    /// The quotes that stand at the end.
    Board,
    /// Opportunities as they open, change and end.
    Opportunities,
    /// Why there were no more of them, counted, at the end.
    Funnel,
    /// What becomes of adapters' versions that are tried.
    Adapters,
    /// What became of the packets, at the end.
    Ledger,
}

/// `1x`, `10x`, `max`.
#[derive(Clone, Copy, Debug)]
pub struct PaceText(pub Pace);

impl FromStr for PaceText {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "max" {
            return Ok(Self(Pace::Max));
        }
        let times = text.strip_suffix('x').and_then(|times| times.parse().ok());
        let times = times.filter(|times| (1..=1000).contains(times));
        times.map(|times| Self(Pace::Times(times))).ok_or("not `1x` to `1000x` or `max`")
    }
}
