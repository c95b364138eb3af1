//! The command line.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Reads the odds in captured web traffic through sandboxed adapters, and merges them into one board.
#[derive(Debug, Parser)]
#[command(name = "antigravity", version, after_help = "Example:\n  antigravity demo")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole job on built-in simulated sportsbooks; no set-up, no network.
    #[command(after_help = "Example:\n  antigravity demo")]
    Demo,
    /// Run recorded traffic through the adapters.
    #[command(after_help = "Examples:\n  \
        antigravity replay monday.capture.ndjson --emit quotes,ledger\n  \
        antigravity replay A=a.har B=b.capture.ndjson.zst --mark A:cmd368 --format table")]
    Replay(ReplayOptions),
    /// Build, test and look into adapters.
    #[command(subcommand, after_help = "Example:\n  antigravity adapter test adapters/cmd368")]
    Adapter(AdapterCommand),
    /// Import and look into recorded traffic.
    #[command(
        subcommand,
        after_help = "Example:\n  antigravity capture import page.har --account A -o page.capture.ndjson"
    )]
    Capture(CaptureCommand),
    /// What is missing on this machine, and the one command that mends it.
    #[command(after_help = "Example:\n  antigravity doctor")]
    Doctor(DoctorOptions),
    /// The benchmark suite: ratios of CPU time, as JSON. Needs a checkout; builds itself first.
    #[command(after_help = "Examples:\n  antigravity bench\n  antigravity bench --only decode --rounds 20")]
    Bench(BenchOptions),
}

#[derive(Debug, Args)]
pub struct ReplayOptions {
    /// Capture or HAR files; `ACCOUNT=FILE` says whose (default: as the file says, else `A`).
    #[arg(required = true, value_name = "[ACCOUNT=]CAPTURE")]
    pub captures: Vec<String>,
    /// Directory of adapter components; else `ANTIGRAVITY_ADAPTERS`, the checkout's
    /// `target/adapters`, or `antigravity/adapters` of the data directory.
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
    /// Bind only these; without it, every provider that is recognised in an account's traffic.
    #[arg(long, value_name = "ACCOUNT:PROVIDER")]
    pub mark: Vec<String>,
    /// What to write.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "board,ledger")]
    pub emit: Vec<Emitted>,
    /// Lines of JSON, or tables of board and ledger for people; quotes are lines in both.
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    pub format: Format,
    /// Threads for the accounts; 0 is one a core. The output is the same for every number.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// Keep packets that an adapter failed on, one file each, for its repair.
    #[arg(long, value_name = "DIR")]
    pub keep_failed: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emitted {
    Quotes,
    Board,
    Ledger,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Ndjson,
    Table,
}

#[derive(Debug, Subcommand)]
pub enum AdapterCommand {
    /// Make one self-describing component of an adapter's folder.
    #[command(after_help = "Example:\n  antigravity adapter build adapters/cmd368")]
    Build {
        /// The adapter's folder.
        #[arg(value_name = "DIR", required_unless_present = "all")]
        folders: Vec<PathBuf>,
        /// All adapters of this checkout.
        #[arg(long)]
        all: bool,
        /// Where the component goes; default: `target/adapters` of the adapter's workspace.
        #[arg(short, long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Build an adapter and run every fixture of it through the sandbox; nothing is installed.
    #[command(after_help = "Example:\n  antigravity adapter test adapters/cmd368")]
    Test {
        /// The adapter's folder.
        #[arg(value_name = "DIR", required_unless_present = "all")]
        folders: Vec<PathBuf>,
        /// All adapters of this checkout.
        #[arg(long)]
        all: bool,
        /// One JSON document for each adapter.
        #[arg(long)]
        json: bool,
    },
    /// Show what a component says of itself, without running it.
    #[command(after_help = "Example:\n  antigravity adapter inspect target/adapters/cmd368.wasm")]
    Inspect {
        /// The component.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// One JSON document, with the whole contract.
        #[arg(long)]
        json: bool,
    },
    /// List the adapters that are found.
    #[command(after_help = "Example:\n  antigravity adapter list")]
    List {
        /// Directory of adapter components; default as for `replay`.
        #[arg(long, value_name = "DIR")]
        adapters: Option<PathBuf>,
        /// One JSON document for each adapter.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum CaptureCommand {
    /// Turn a HAR 1.2 file into a capture file, without its secrets.
    #[command(
        after_help = "Example:\n  antigravity capture import page.har --account A -o page.capture.ndjson.zst"
    )]
    Import {
        /// The HAR file, plain or compressed with zstd.
        #[arg(value_name = "HAR")]
        har: PathBuf,
        /// Whose traffic it is.
        #[arg(long, value_parser = NonEmptyStringValueParser::new())]
        account: String,
        /// The capture file; compressed where its name ends in `.zst`. It is there when it is whole.
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Say what is in a capture or HAR file.
    #[command(after_help = "Example:\n  antigravity capture inspect page.capture.ndjson")]
    Inspect {
        /// The capture or HAR file, plain or compressed with zstd.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// One JSON document.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct BenchOptions {
    /// Rounds of each measurement.
    #[arg(long, default_value_t = 40)]
    pub rounds: usize,
    /// Only these parts: `decode`, `workers`, `stream`, `memory`, `finder`, `sizing`.
    #[arg(long, value_delimiter = ',', default_value = "decode,workers,stream,memory,finder,sizing")]
    pub only: Vec<String>,
    /// Size of the capture that `memory` replays, in MB.
    #[arg(long, default_value_t = 1000)]
    pub capture_mb: u64,
}
