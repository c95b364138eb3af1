//! What the page asked for: the answer's rows do not say it themselves.

use antigravity_sdk::prelude::*;
use std::borrow::Cow;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Whole rows.
    Full {
        /// All running and today's events are in it (`fc` 1): those that are not, are gone. Which
        /// rows the other fulls replace is not known, so they remove nothing.
        replaces: bool,
    },
    /// Commands.
    Delta,
}

impl Answers {
    /// # Errors
    /// Where `fc` is none of 1 to 7, where prices are not asked for as Malay odds, and where the
    /// sport is not soccer, whose rows these are.
    pub fn read(packet: &Packet<'_>) -> Result<Self, Rejection> {
        let formats = field(packet, "m_accType").unwrap_or_default();
        if !formats.contains("MY") {
            return Err(reject(Reason::WrongFormat, "m_accType has no MY"));
        }
        if let Some(sport) = field(packet, "m_gameType")
            && !sport.starts_with("S_")
        {
            return Err(reject(Reason::WrongFormat, "m_gameType is not S_"));
        }
        Ok(match field(packet, "fc").ok_or_else(|| missing("fc"))?.as_ref() {
            "1" => Self::Full { replaces: true },
            "2" | "4" | "6" => Self::Full { replaces: false },
            "3" | "5" | "7" => Self::Delta,
            _ => return Err(bad("fc")),
        })
    }
}

/// A field of the form, or of the query where the page used GET.
fn field<'a>(packet: &Packet<'a>, key: &str) -> Option<Cow<'a, str>> {
    packet.form(key).or_else(|| packet.query(key))
}
