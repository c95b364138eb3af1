//! What an adapter's author gives with a command.

use antigravity_core::contract::Profile;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct NewOptions {
    /// The provider: 1 to 40 of a–z, 0–9 and `-`.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// How its traffic comes to be.
    #[arg(long, value_enum)]
    pub profile: ProfileName,
    /// Propose endpoints, schemas and fields from recorded traffic, of which a piece becomes the fixture.
    #[arg(long, value_name = "FILE")]
    pub from_capture: Option<PathBuf>,
    /// The folder to make; default: `adapters/NAME` of the checkout.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// The page polls, or is told, all the time.
    AutoPush,
    /// As auto-push, with a session token in its path.
    PathSession,
    /// Something comes only when something happens.
    EventDriven,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::AutoPush => Self::AutoPush,
            ProfileName::PathSession => Self::PathSession,
            ProfileName::EventDriven => Self::EventDriven,
        }
    }
}

#[derive(Debug, Args)]
pub struct FuzzArguments {
    /// The adapter's folder, or a component, which is not compared with anything.
    #[arg(value_name = "DIR|FILE")]
    pub adapter: PathBuf,
    /// How often fixtures are changed and read.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub runs: u64,
    /// The same seed changes them the same way.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Do not compile the adapter for this machine to compare with.
    #[arg(long)]
    pub component_only: bool,
    /// Where packets that show something wrong are kept.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub keep: PathBuf,
    /// One JSON document.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct MeasureOptions {
    /// The adapter's folder, or a component.
    #[arg(value_name = "DIR|FILE")]
    pub adapter: PathBuf,
    /// A capture or HAR file; default: the fixtures.
    #[arg(value_name = "CAPTURE")]
    pub capture: Option<PathBuf>,
    /// How often everything is read.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub rounds: usize,
    /// One JSON document.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DiffOptions {
    /// The version to compare with: a component, or an installed one by provider or `PROVIDER@VERSION`.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The version that is compared, given in the same way.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Capture or HAR files; `ACCOUNT=FILE` says whose (default: as the file says, else `A`).
    #[arg(required = true, value_name = "[ACCOUNT=]CAPTURE")]
    pub captures: Vec<String>,
    /// Bind these accounts only; without it, every account whose traffic a version recognises.
    #[arg(long, value_name = "ACCOUNT:PROVIDER")]
    pub mark: Vec<String>,
    /// Where adapters are installed; else `ANTIGRAVITY_ADAPTERS`, or `antigravity/adapters` of the data
    /// directory.
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
    /// Show every difference, not the gravest 40 only.
    #[arg(long)]
    pub all: bool,
    /// Lines of JSON: every difference, and the counts as the last line.
    #[arg(long)]
    pub json: bool,
    /// Threads for the accounts; 0 is one a core. The output is the same for every number.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
}

#[derive(Debug, Args)]
pub struct CutOptions {
    /// The capture or HAR file, plain or compressed with zstd.
    #[arg(value_name = "CAPTURE")]
    pub capture: PathBuf,
    /// The packet's `seq`.
    #[arg(long, value_name = "N")]
    pub packet: u64,
    /// Whose packet it is; one of another account is refused.
    #[arg(long, value_name = "A")]
    pub account: Option<String>,
    /// Directory of adapter components; default as for `replay`.
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
    /// The case's folder, which is made.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
}
