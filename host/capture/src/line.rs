//! What one line of a capture says.

use crate::Members;
use antigravity_core::{Packet, Timestamp};
use std::sync::Arc;

/// One line with what else stood on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub line: Line,
    /// Members this version does not know; kept when the line is written again.
    pub unknown: Members,
}

/// One line of a known kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Packet(Packet),
    /// A packet that was captured and dropped.
    Lost(Lost),
    /// A socket or page load began.
    Opened(Connection),
    /// A socket or page load ended.
    Closed(Connection),
    /// The person said which provider the account's page shows.
    Mark(Mark),
    /// The person switched the account on or off.
    Toggle(Toggle),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    pub seq: u64,
    pub at: Timestamp,
    pub account: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    pub seq: u64,
    pub at: Timestamp,
    pub account: Arc<str>,
    pub connection: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub seq: u64,
    pub at: Timestamp,
    pub account: Arc<str>,
    pub provider: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toggle {
    pub seq: u64,
    pub at: Timestamp,
    pub account: Arc<str>,
    pub on: bool,
}

impl Line {
    /// Rises by one from line to line.
    pub const fn seq(&self) -> u64 {
        match self {
            Self::Packet(it) => it.seq,
            Self::Lost(it) => it.seq,
            Self::Opened(it) | Self::Closed(it) => it.seq,
            Self::Mark(it) => it.seq,
            Self::Toggle(it) => it.seq,
        }
    }

    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Packet(it) => it.at,
            Self::Lost(it) => it.at,
            Self::Opened(it) | Self::Closed(it) => it.at,
            Self::Mark(it) => it.at,
            Self::Toggle(it) => it.at,
        }
    }

    /// The same line at another place and time.
    pub const fn move_to(&mut self, to: u64, when: Timestamp) {
        let (seq, at) = match self {
            Self::Packet(it) => (&mut it.seq, &mut it.at),
            Self::Lost(it) => (&mut it.seq, &mut it.at),
            Self::Opened(it) | Self::Closed(it) => (&mut it.seq, &mut it.at),
            Self::Mark(it) => (&mut it.seq, &mut it.at),
            Self::Toggle(it) => (&mut it.seq, &mut it.at),
        };
        (*seq, *at) = (to, when);
    }

    pub const fn account(&self) -> &Arc<str> {
        match self {
            Self::Packet(it) => &it.account,
            Self::Lost(it) => &it.account,
            Self::Opened(it) | Self::Closed(it) => &it.account,
            Self::Mark(it) => &it.account,
            Self::Toggle(it) => &it.account,
        }
    }
}

impl From<Line> for Record {
    fn from(line: Line) -> Self {
        Self { line, unknown: Members::default() }
    }
}
