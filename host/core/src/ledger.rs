//! The ledger: what became of every packet.

use serde::Serialize;
use std::collections::BTreeMap;

/// What became of one packet. Every packet has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// An adapter read it, whether or not a quote changed.
    Parsed,
    /// Known noise, a heartbeat, a duplicate or a stale cursor.
    Ignored,
    /// No installed contract fits, or every adapter that it fits says it is not its own.
    Unmatched,
    /// A contract fits but is not bound.
    NotContracted,
    /// It fits but is not what the contract promises.
    Rejected,
    /// The adapter trapped or broke its limits twice.
    Failed,
    /// It was captured and lost on the way.
    Dropped,
}

/// Counts of fates; `captured` is their sum by construction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    counts: [u64; 7],
    reasons: BTreeMap<(Fate, &'static str), u64>,
}

impl Ledger {
    /// Records one packet. `reason` is a fixed word, empty when there is nothing to say.
    pub fn record(&mut self, fate: Fate, reason: &'static str) {
        self.counts[fate as usize] += 1;
        if !reason.is_empty() {
            *self.reasons.entry((fate, reason)).or_default() += 1;
        }
    }

    pub const fn count(&self, fate: Fate) -> u64 {
        self.counts[fate as usize]
    }

    pub fn captured(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The ledger as it is printed.
    pub fn to_line(&self) -> LedgerLine {
        LedgerLine {
            r#type: "ledger",
            captured: self.captured(),
            parsed: self.count(Fate::Parsed),
            ignored: self.count(Fate::Ignored),
            unmatched: self.count(Fate::Unmatched),
            not_contracted: self.count(Fate::NotContracted),
            rejected: self.count(Fate::Rejected),
            failed: self.count(Fate::Failed),
            dropped: self.count(Fate::Dropped),
            reasons: self
                .reasons
                .iter()
                .map(|((fate, reason), n)| (format!("{}:{reason}", fate.name()), *n))
                .collect(),
        }
    }
}

impl Fate {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parsed => "parsed",
            Self::Ignored => "ignored",
            Self::Unmatched => "unmatched",
            Self::NotContracted => "not_contracted",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// The ledger as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerLine {
    pub r#type: &'static str,
    pub captured: u64,
    pub parsed: u64,
    pub ignored: u64,
    pub unmatched: u64,
    pub not_contracted: u64,
    pub rejected: u64,
    pub failed: u64,
    pub dropped: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_what_was_captured() {
        let mut ledger = Ledger::default();
        ledger.record(Fate::Parsed, "");
        ledger.record(Fate::Rejected, "html");
        ledger.record(Fate::Rejected, "html");
        let line = ledger.to_line();
        assert_eq!((line.captured, line.parsed, line.rejected), (3, 1, 2));
        assert_eq!(line.reasons["rejected:html"], 2);
    }
}
