//! The funnel: how many quotes and combinations came to each stage, and what became of them there.

use super::reason::{Reason, Stage};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// Counts of a run. At each stage what was seen is what passed and what was refused, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funnel {
    seen: [u64; Stage::ALL.len()],
    passed: [u64; Stage::ALL.len()],
    refused: [u64; Reason::COUNT],
}

impl Default for Funnel {
    fn default() -> Self {
        Self { seen: [0; Stage::ALL.len()], passed: [0; Stage::ALL.len()], refused: [0; Reason::COUNT] }
    }
}

impl Funnel {
    pub const fn seen(&self, stage: Stage) -> u64 {
        self.seen[stage as usize]
    }

    pub const fn passed(&self, stage: Stage) -> u64 {
        self.passed[stage as usize]
    }

    pub const fn refused(&self, reason: Reason) -> u64 {
        self.refused[reason as usize]
    }

    /// That many came to the stage.
    pub(super) const fn enter(&mut self, stage: Stage, count: u64) {
        self.seen[stage as usize] += count;
    }

    pub(super) const fn pass(&mut self, stage: Stage, count: u64) {
        self.passed[stage as usize] += count;
    }

    pub(super) const fn refuse(&mut self, reason: Reason, count: u64) {
        self.refused[reason as usize] += count;
    }
}

/// `{"type":"funnel","stages":[{"stage","counts","seen","passed","refused":{reason: count}}]}`; reasons that
/// never held are left out.
impl Serialize for Funnel {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut out = s.serialize_struct("funnel", 2)?;
        out.serialize_field("type", "funnel")?;
        out.serialize_field("stages", &Stage::ALL.map(|stage| StageCounts { funnel: self, stage }))?;
        out.end()
    }
}

struct StageCounts<'a> {
    funnel: &'a Funnel,
    stage: Stage,
}

impl Serialize for StageCounts<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut out = s.serialize_struct("stage", 5)?;
        out.serialize_field("stage", self.stage.name())?;
        out.serialize_field("counts", self.stage.counts())?;
        out.serialize_field("seen", &self.funnel.seen(self.stage))?;
        out.serialize_field("passed", &self.funnel.passed(self.stage))?;
        out.serialize_field("refused", &Refused(self))?;
        out.end()
    }
}

struct Refused<'a>(&'a StageCounts<'a>);

impl Serialize for Refused<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut out = s.serialize_map(None)?;
        for reason in Reason::ALL {
            let count = self.0.funnel.refused(*reason);
            if reason.stage() == self.0.stage && count > 0 {
                out.serialize_entry(reason.name(), &count)?;
            }
        }
        out.end()
    }
}
