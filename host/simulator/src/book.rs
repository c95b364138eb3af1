//! What every simulated bookmaker can do.

use crate::quote::ExpectedQuote;
use crate::traffic::Traffic;
use crate::world::World;
use antigravity_core::Timestamp;
use std::sync::Arc;

/// The simulated bookmakers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    Cmd368,
    Isport,
    Afb88,
}

impl Provider {
    pub const ALL: [Self; 3] = [Self::Cmd368, Self::Isport, Self::Afb88];

    /// The name of the adapter that reads its traffic.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cmd368 => "cmd368",
            Self::Isport => "isport",
            Self::Afb88 => "afb88",
        }
    }
}

/// One provider as one account sees it.
pub trait Book: std::fmt::Debug + Send {
    fn account(&self) -> &Arc<str>;

    fn provider(&self) -> Provider;

    /// When it next sends or does something.
    fn due(&self) -> Timestamp;

    /// Does the next thing, whose time [`Self::due`] was; `world` is at that time. `None` where it
    /// was nothing that leaves a trace in the traffic. The packet's `seq` is 0.
    fn step(&mut self, world: &World) -> Option<Traffic>;

    /// What a perfect reader of all packets that [`Self::step`] has given so far would hold, in the
    /// order of [`ExpectedQuote::key`].
    fn expected(&self, world: &World) -> Vec<ExpectedQuote>;
}
