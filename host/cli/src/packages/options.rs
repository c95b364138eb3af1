//! The arguments.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct InstallOptions {
    /// A component, or an adapter's folder, which is built first.
    #[arg(value_name = "FILE|DIR")]
    pub what: PathBuf,
    /// Install it also where no trusted key signed it. One that was changed after it was signed is refused all
    /// the same.
    #[arg(long)]
    pub allow_unsigned: bool,
    /// Install it also where it is older than the one in use, or has its version and other content.
    #[arg(long)]
    pub allow_downgrade: bool,
    #[command(flatten)]
    pub store: Place,
}

#[derive(Debug, Args)]
pub struct RollbackOptions {
    /// Whose adapter.
    #[arg(value_name = "PROVIDER")]
    pub provider: String,
    /// The version to go back to; else the one that was in use last.
    #[arg(long, value_name = "VERSION")]
    pub to: Option<String>,
    #[command(flatten)]
    pub store: Place,
}

#[derive(Debug, Args)]
pub struct RemoveOptions {
    /// Whose adapter.
    #[arg(value_name = "PROVIDER")]
    pub provider: String,
    /// Delete its files too, with those of the versions before it.
    #[arg(long)]
    pub purge: bool,
    #[command(flatten)]
    pub store: Place,
}

#[derive(Debug, Args)]
pub struct Place {
    /// Where adapters are installed; else `ANTIGRAVITY_ADAPTERS`, or `antigravity/adapters` of the data
    /// directory.
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ListOptions {
    /// Directory of adapters; default as for `replay`.
    #[arg(long, value_name = "DIR")]
    pub adapters: Option<PathBuf>,
    /// One JSON document for each adapter.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SignOptions {
    /// The component.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The private key: a PEM file as `openssl genpkey -algorithm ed25519` writes it.
    #[arg(long, value_name = "KEY.pem")]
    pub key: PathBuf,
    /// Where the signed component goes; else it takes the place of the one that was read.
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct TrustOptions {
    /// The public key to trust: a PEM file as `openssl pkey -pubout` writes it. Without it, the trusted keys
    /// are listed.
    #[arg(value_name = "PUB.pem")]
    pub key: Option<PathBuf>,
    /// What to call it; else as its file is called.
    #[arg(long, value_name = "NAME", requires = "key")]
    pub name: Option<String>,
    /// Trust the key of this name no longer.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["key", "name"])]
    pub remove: Option<String>,
    /// One JSON document for each key that is listed.
    #[arg(long, conflicts_with_all = ["key", "remove"])]
    pub json: bool,
}
