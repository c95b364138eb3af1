//! What is told of a trial: a line of type `adapter`.

use antigravity_core::Timestamp;
use antigravity_core::agreement::{Compared, Difference};
use serde::Serialize;

/// How far a version has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It is brought up to date.
    Warming,
    /// It reads along; nothing of it reaches the board.
    Shadow,
    /// It works, and the version before reads along.
    Live,
    /// It works, and the version before is let go.
    Settled,
    /// It never worked; the version before goes on.
    Refused,
    /// It worked, and the version before took its place again.
    RolledBack,
}

/// What became of a version that is tried.
#[derive(Clone, Debug, Serialize)]
pub struct TrialNews {
    pub r#type: &'static str,
    pub at: Timestamp,
    pub provider: String,
    /// `provider@version`.
    pub from: String,
    pub to: String,
    /// Of the component that is tried.
    pub sha256: String,
    pub stage: Stage,
    /// Packets that both read in the stage that ended.
    pub packets: u64,
    /// What was compared in it.
    #[serde(flatten)]
    pub compared: Compared,
    /// Why it went no farther.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The first differences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}
