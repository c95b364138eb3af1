//! SBOBET and pages of its kind: the page polls one address for lists of events, whose markets are texts.
//!
//! ```text
//! GET …/api/v2/getEvent?sportId=1&sportType=1_1&oddsStyle=ma&timeRange=early
//! [[{"0":354,"1":"Some League","2":[event,…]},…]]
//!
//! event     {"0":"2026-09-09T16:45:00Z","2":"Home FC","3":"Away FC","7":{"5":[market,…],…},"8":5691691,…}
//! handicap  "0.75 0.91*<selection>h 0.97*<selection>a a <market> 0 0 0 1 1"     line, prices, who gives, market
//! total     "2.5 -0.96*<selection>h 0.84*<selection>a <market> 0 0 0 1 1"       h is over
//! 1X2       "1.22*<selection>h 11.0*<selection>a 6.75*<selection>d <market> 0 0 0 1 1"
//! ```
//!
//! What a text says is in [`text`], what has been shown in [`book`].

mod book;
mod text;

use antigravity_sdk::prelude::*;
use book::{Answer, Book};

/// The fields of the request that are known; any other may ask for a part of a list.
const FIELDS: [&str; 4] = ["sportId", "sportType", "oddsStyle", "timeRange"];

/// Soccer, and of it the results and goals: what the markets' numbers mean elsewhere is not known.
const READ: [(&str, &str); 2] = [("sportId", "1"), ("sportType", "1_1")];

#[derive(Debug, Default)]
pub struct Sbobet {
    book: Book,
}

impl Adapter for Sbobet {
    fn contract() -> Contract {
        contract("sbobet", env!("CARGO_PKG_VERSION"), Profile::AutoPush)
            .prices(&[PriceFormat::Malay, PriceFormat::Decimal])
            .stale_after_ms(60_000)
            .endpoint(http("events", "**/api/v2/getEvent").methods(&["GET"]).schema(
                r#"{"type":"array","items":{"type":"array","items":{"type":"object","required":["0","1","2"],
                    "properties":{"2":{"type":"array"}}}}}"#,
            ))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let body = packet.json()?;
        if READ.iter().any(|(field, value)| packet.query(field).as_deref() != Some(*value)) {
            return Ok(Outcome::Ignored(Reason::Noise));
        }
        if packet.query("oddsStyle").as_deref() != Some("ma") {
            return Err(reject(Reason::WrongFormat, "oddsStyle is not ma"));
        }
        let list = packet.query("timeRange").unwrap_or_default();
        self.book.answer(&Answer { leagues: body, list: &list, whole: asks_for_all(packet.url()) }, sheet)
    }
}

/// Whether nothing of the request narrows its list down.
fn asks_for_all(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or("");
    query.split('&').filter(|field| !field.is_empty()).all(|field| {
        let name = field.split('=').next().unwrap_or(field);
        FIELDS.contains(&name)
    })
}

antigravity_sdk::export!(Sbobet);
