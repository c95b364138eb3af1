//! What a version is held to, packet by packet.

use super::ear::Said;
use antigravity_core::agreement::{Compared, Kind};
use antigravity_core::sequential::{Evidence, Rates, Sequential};

/// In what a version may be worse than the other.
const NAMES: [&str; 5] = [
    "failed packets",
    "rejected packets",
    "packets that it says are not its own",
    "lost coverage",
    "price jumps",
];

/// One test of each.
#[derive(Clone, Debug)]
pub(super) struct Tests([Sequential; 5]);

impl Tests {
    pub fn new(rates: Rates) -> Self {
        Self(std::array::from_fn(|_| Sequential::new(rates)))
    }

    /// Counts a packet: only what the candidate does worse than the reference is held against it.
    pub fn packet(&mut self, reference: Option<Said>, candidate: Option<Said>, compared: &Compared) {
        let read = matches!(reference, Some(Said::Read));
        let worse = [
            candidate == Some(Said::Failed) && reference != Some(Said::Failed),
            candidate == Some(Said::Rejected) && matches!(reference, Some(Said::Read | Said::Ignored)),
            matches!(candidate, None | Some(Said::NotMine)) && read,
            compared.of(Kind::Coverage) > 0,
            compared.of(Kind::Jump) + compared.of(Kind::Event) > 0,
        ];
        for (test, worse) in self.0.iter_mut().zip(worse) {
            test.trial(worse);
        }
    }

    /// What must not stand, with its counts.
    pub fn bad(&self) -> Option<String> {
        let (name, test) = NAMES.iter().zip(&self.0).find(|(_, test)| test.evidence() == Evidence::Bad)?;
        Some(format!("{name}: {} of {} packets", test.failures(), test.trials()))
    }

    /// Whether each of them is decided in its favour.
    pub fn are_good(&self) -> bool {
        self.0.iter().all(|test| test.evidence() == Evidence::Good)
    }

    pub fn packets(&self) -> u64 {
        self.0[0].trials()
    }
}
