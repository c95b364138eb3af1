//! The command line.

mod author;

pub use author::{CutOptions, DiffOptions, FuzzArguments, MeasureOptions, NewOptions};

use crate::demo::DemoOptions;
use crate::fair::FairBy;
use crate::finding::FindingOptions;
use crate::packages::{
    InstallOptions, ListOptions, RemoveOptions, RollbackOptions, SignOptions, TrustOptions,
};
use crate::run::RunOptions;
use antigravity_core::identity::Kind;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Reads the odds in captured web traffic through sandboxed adapters, merges them into one board, and finds
/// and proves arbitrage across accounts.
#[derive(Debug, Parser)]
#[command(name = "antigravity", version, after_help = "Example:\n  antigravity demo")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole job on built-in simulated sportsbooks; no set-up, no network.
    #[command(after_help = "Examples:\n  antigravity demo\n  antigravity demo --json --bankroll 500")]
    Demo(DemoOptions),
    /// Run recorded traffic through the adapters.
    #[command(after_help = "Examples:\n  \
        antigravity replay monday.capture.ndjson --emit quotes,ledger\n  \
        antigravity replay A=a.har B=b.capture.ndjson.zst --mark A:cmd368 --format table\n  \
        antigravity replay A=a.har B=b.har --emit opportunities,funnel --bankroll 500")]
    Replay(ReplayOptions),
    /// The engine on traffic as it arrives: adapters can be installed, exchanged and taken away meanwhile. Ends
    /// with the traffic, or when it is interrupted.
    #[command(after_help = "Examples:\n  \
        antigravity run --source monday.capture.ndjson --pace 10x --loop\n  \
        antigravity run --source A=a.har B=b.har --emit quotes,adapters --pace max")]
    Run(RunOptions),
    /// Build, test, install and look into adapters.
    #[command(subcommand, after_help = "Example:\n  antigravity adapter test adapters/cmd368")]
    Adapter(AdapterCommand),
    /// Import and look into recorded traffic.
    #[command(
        subcommand,
        after_help = "Example:\n  antigravity capture import page.har --account A -o page.capture.ndjson"
    )]
    Capture(CaptureCommand),
    /// Check that the profit which an opportunity's certificate states is true.
    #[command(subcommand, after_help = "Example:\n  antigravity certificate verify opportunity.json")]
    Certificate(CertificateCommand),
    /// See which names and events of several providers may be one, and say whether they are.
    #[command(subcommand, after_help = "Example:\n  antigravity identity list")]
    Identity(IdentityCommand),
    /// See which shape the bodies of each endpoint had, and when it became another.
    #[command(subcommand, after_help = "Example:\n  antigravity contract show cmd368:odds")]
    Contract(ContractCommand),
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
    /// Lines of JSON, or tables for people; quotes are lines in both.
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    pub format: Format,
    /// How fair prices, beside each quote of the board's table, are freed of the provider's margin.
    #[arg(long, value_enum, default_value_t = FairBy::Shin)]
    pub fair: FairBy,
    /// Threads for the accounts; 0 is one a core. The output is the same for every number.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// Keep packets that an adapter failed on, one file each, for its repair.
    #[arg(long, value_name = "DIR")]
    pub keep_failed: Option<PathBuf>,
    /// Database of what a person confirmed about names and events, which this run begins with; what it saw is
    /// left there for `identity list`, and the shapes that bodies had for `contract list`. Without it no database
    /// is read.
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    #[command(flatten)]
    pub finding: FindingOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emitted {
    /// Every accepted change of a quote.
    Quotes,
    /// The quotes that stand at the end.
    Board,
    /// Opportunities as they open, change and end.
    Opportunities,
    /// Why there were no more of them, counted.
    Funnel,
    /// What became of the packets.
    Ledger,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Ndjson,
    Table,
}

#[derive(Debug, Subcommand)]
pub enum AdapterCommand {
    /// Make the folder of a new adapter, which compiles and passes its one fixture.
    #[command(after_help = "Examples:\n  antigravity adapter new acme --profile auto-push\n  \
        antigravity adapter new acme --profile event-driven --from-capture acme.capture.ndjson --out ~/acme")]
    New(NewOptions),
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
    /// Run every fixture of an adapter through the sandbox: of its folder, which is built but not installed, or
    /// those that a component carries.
    #[command(after_help = "Examples:\n  antigravity adapter test adapters/cmd368\n  \
        antigravity adapter test target/adapters/cmd368.wasm")]
    Test {
        /// The adapter's folder, or a component.
        #[arg(value_name = "DIR|FILE", required_unless_present = "all")]
        folders: Vec<PathBuf>,
        /// All adapters of this checkout.
        #[arg(long)]
        all: bool,
        /// One JSON document for each adapter.
        #[arg(long)]
        json: bool,
    },
    /// Check what every adapter must hold: its shape and contract, and how it behaves on its fixtures and on what
    /// is made of them (split, cut, noise, secrets, unknown fields).
    #[command(after_help = "Examples:\n  antigravity adapter check adapters/cmd368\n  \
        antigravity adapter check target/adapters/cmd368.wasm --json")]
    Check {
        /// The adapter's folder, or a component.
        #[arg(value_name = "DIR|FILE", required_unless_present = "all")]
        adapters: Vec<PathBuf>,
        /// All adapters of this checkout.
        #[arg(long)]
        all: bool,
        /// One JSON document for each adapter.
        #[arg(long)]
        json: bool,
    },
    /// Write what an adapter gives for its fixtures as what it must give, after showing what differs.
    #[command(after_help = "Examples:\n  antigravity adapter bless adapters/cmd368\n  \
        antigravity adapter bless adapters/cmd368 --case suspended --yes")]
    Bless {
        /// The adapter's folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Only this fixture.
        #[arg(long, value_name = "NAME")]
        case: Option<String>,
        /// Do not ask. Where nobody can be asked, nothing is written without it.
        #[arg(long)]
        yes: bool,
    },
    /// Try an adapter on its fixtures changed at random: nothing may trap, limits hold, and the same code
    /// compiled for this machine says the same.
    #[command(after_help = "Examples:\n  antigravity adapter fuzz adapters/cmd368\n  \
        antigravity adapter fuzz adapters/cmd368 --seed 7 --runs 100000")]
    Fuzz(FuzzArguments),
    /// Measure what an adapter costs in the sandbox, on its fixtures or on recorded traffic.
    #[command(after_help = "Examples:\n  antigravity adapter bench adapters/cmd368\n  \
        antigravity adapter bench target/adapters/cmd368.wasm monday.capture.ndjson --json")]
    Bench(MeasureOptions),
    /// Show where two versions of an adapter say something else of the same traffic: by event, market and price,
    /// after each packet and at the end. Exit 1 where they do.
    #[command(after_help = "Examples:\n  \
        antigravity adapter diff cmd368 target/adapters/cmd368.wasm monday.capture.ndjson\n  \
        antigravity adapter diff cmd368@0.1.0 cmd368@0.2.0 A=a.har B=b.capture.ndjson.zst --json")]
    Diff(DiffOptions),
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
    /// List the adapters that are found; of installed ones also the versions before them. Exit 1 where one that
    /// is installed cannot be used.
    #[command(after_help = "Example:\n  antigravity adapter list")]
    List(ListOptions),
    /// Put a component in use that a trusted key signed. The one before it is kept.
    #[command(after_help = "Examples:\n  \
        antigravity adapter install cmd368.wasm\n  \
        antigravity adapter install adapters/cmd368 --allow-unsigned")]
    Install(InstallOptions),
    /// Put the version in use again that was before; doing it twice changes nothing.
    #[command(after_help = "Examples:\n  \
        antigravity adapter rollback cmd368\n  \
        antigravity adapter rollback cmd368 --to 0.1.0")]
    Rollback(RollbackOptions),
    /// Take an adapter out of use.
    #[command(after_help = "Example:\n  antigravity adapter remove cmd368")]
    Remove(RemoveOptions),
    /// Sign a component with a private key, in place of the signature that it has.
    #[command(after_help = "Example:\n  \
        openssl genpkey -algorithm ed25519 -out key.pem\n  \
        antigravity adapter sign target/adapters/cmd368.wasm --key key.pem -o cmd368.wasm")]
    Sign(SignOptions),
    /// Trust what a public key signed, list the trusted keys, or trust one no longer.
    #[command(after_help = "Examples:\n  \
        openssl pkey -in key.pem -pubout -out alice.pem\n  \
        antigravity adapter trust alice.pem\n  \
        antigravity adapter trust\n  \
        antigravity adapter trust --remove alice")]
    Trust(TrustOptions),
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
    /// Cut a fixture: one packet with what it needs of those before it, without its secrets, and made smaller
    /// as long as it gives the same quotes.
    #[command(
        after_help = "Example:\n  antigravity capture fixture page.capture.ndjson --packet 412 \\\n    \
        -o adapters/cmd368/fixtures/suspended"
    )]
    Fixture(CutOptions),
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

#[derive(Debug, Subcommand)]
pub enum CertificateCommand {
    /// Recompute every result and number of a certificate, of an opportunity line, or of each such line
    /// of a file. Exit 1 where one states what is not so.
    #[command(after_help = "Examples:\n  \
        antigravity certificate verify opportunity.json\n  \
        antigravity replay monday.capture.ndjson --emit opportunities | antigravity certificate verify -")]
    Verify {
        /// The file; `-` is standard input.
        #[arg(value_name = "FILE|-")]
        file: PathBuf,
        /// More fee schedules; one takes the place of the built-in one with its id.
        #[arg(long, value_name = "FILE")]
        fees: Option<PathBuf>,
        /// One JSON document for each certificate.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum IdentityCommand {
    /// List the suggestions of the last run, best first, the events that no other provider has, and what
    /// is confirmed.
    #[command(after_help = "Example:\n  antigravity identity list --db data/ag.sqlite")]
    List {
        #[command(flatten)]
        database: Database,
        /// One JSON document, with everything.
        #[arg(long)]
        json: bool,
    },
    /// Confirm a suggestion, that a provider's name stands for another, or that two events are one.
    #[command(
        override_usage = "antigravity identity confirm [--db <FILE>] <N>\n       \
            antigravity identity confirm [--db <FILE>] --provider <P> --kind <KIND> --from <NAME> --to <NAME>\n       \
            antigravity identity confirm [--db <FILE>] --link <P:EVENT> <P:EVENT>",
        after_help = "Examples:\n  \
            antigravity identity confirm 3\n  \
            antigravity identity confirm --provider cmd368 --kind team --from PSG --to 'Paris Saint-Germain'\n  \
            antigravity identity confirm --link cmd368:31000417 betfair:34000001"
    )]
    Confirm(AnswerOptions),
    /// Reject a suggestion, a name or a link, so that it does not come again. What was confirmed of it is
    /// withdrawn.
    #[command(
        override_usage = "antigravity identity reject [--db <FILE>] <N>\n       \
            antigravity identity reject [--db <FILE>] --provider <P> --kind <KIND> --from <NAME> --to <NAME>\n       \
            antigravity identity reject [--db <FILE>] --link <P:EVENT> <P:EVENT>",
        after_help = "Examples:\n  \
            antigravity identity reject 3\n  \
            antigravity identity reject --provider cmd368 --kind team --from PSG --to 'Paris Saint-Germain'\n  \
            antigravity identity reject --link cmd368:31000417 betfair:34000001"
    )]
    Reject(AnswerOptions),
}

#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// List the endpoints that were observed, with the version that each is at.
    #[command(after_help = "Example:\n  antigravity contract list --db data/ag.sqlite")]
    List {
        #[command(flatten)]
        database: Database,
        /// One JSON document for each endpoint.
        #[arg(long)]
        json: bool,
    },
    /// Show what changed from version to version of an endpoint, and the paths of the newest.
    #[command(
        after_help = "Examples:\n  antigravity contract show cmd368\n  antigravity contract show cmd368:odds"
    )]
    Show {
        /// The provider, or one endpoint of it.
        #[arg(value_name = "PROVIDER[:ENDPOINT]")]
        which: String,
        #[command(flatten)]
        database: Database,
        /// One JSON document for each version, with its whole shape.
        #[arg(long)]
        json: bool,
    },
    /// Write every version of every endpoint to a file of its own.
    #[command(after_help = "Example:\n  antigravity contract export observed/")]
    Export {
        /// The directory; made where it is missing.
        #[arg(value_name = "DIR")]
        directory: PathBuf,
        #[command(flatten)]
        database: Database,
    },
}

/// What is confirmed or rejected: one of three.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("answer").args(["suggestion", "provider", "link"]).required(true))]
pub struct AnswerOptions {
    /// The suggestion's number.
    #[arg(value_name = "N")]
    pub suggestion: Option<i64>,
    /// Whose name it is.
    #[arg(long, value_name = "P", requires_all = ["kind", "from", "to"],
        value_parser = NonEmptyStringValueParser::new())]
    pub provider: Option<String>,
    /// What it is the name of.
    #[arg(long, requires = "provider", value_parser = kind())]
    pub kind: Option<Kind>,
    /// The name as the provider shows it.
    #[arg(long, value_name = "NAME", requires = "provider")]
    pub from: Option<String>,
    /// The name that it stands for, or does not.
    #[arg(long, value_name = "NAME", requires = "provider")]
    pub to: Option<String>,
    /// Two providers' events that are one, or are not, by the providers' identifiers.
    #[arg(long, num_args = 2, value_name = "P:EVENT")]
    pub link: Option<Vec<String>>,
    #[command(flatten)]
    pub database: Database,
}

#[derive(Debug, Args)]
pub struct Database {
    /// The database with what was confirmed and seen.
    #[arg(long = "db", value_name = "FILE", default_value = "data/ag.sqlite")]
    pub path: PathBuf,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = PossibleValuesParser::new(Kind::ALL.map(Kind::name));
    names.try_map(|name| Kind::named(&name).ok_or("no kind of name"))
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
    /// Only these parts: `decode`, `workers`, `stream`, `memory`, `finder`, `sizing`, `swap`.
    #[arg(long, value_delimiter = ',', default_value = "decode,workers,stream,memory,finder,sizing,swap")]
    pub only: Vec<String>,
    /// Size of the capture that `memory` replays, in MB.
    #[arg(long, default_value_t = 1000)]
    pub capture_mb: u64,
}
