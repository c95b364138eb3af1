//! SABA: the Odds Direct event streams, and SABA's push on pages without a session in their path.
//!
//! ```text
//! GET …/sports/stream/v1/GetMarkets?query=…    server-sent events:
//! {"status":1,"message":"InitialData","payload":{"markets":{"add":[market,…],"change":[],"remove":[]}}}
//! {"status":0,"message":"Success","payload":{"markets":{"add":[],"change":[market in part],"remove":[7001]}}}
//!
//! market     {"marketId":7001,"eventId":5001,"sportType":1,"betType":1,"marketStatus":"running","maxBet":500,
//!             "isLive":false,"category":0,"selections":[selection,…]}
//! selection  {"key":"h","point":-0.25,"oddsPrice":{"malayPrice":0.95,"decimalPrice":1.95,…}}
//! event      {"eventId":5001,"sportType":1,"leagueName":"…","eventStatus":"running","isLive":false,
//!             "kickOffTime":"2026-03-14T15:00:00","teamInfo":{"homeName":"…","awayName":"…"},
//!             "gameInfo":{"liveHomeScore":0,"liveAwayScore":0}}
//! ```
//!
//! `GetEvents` has events and their markets in one payload. The streams are in [`stream`], what they
//! carry in [`direct`], the two kinds of record in [`event`] and [`market`]. The push is `antigravity_saba_push`'s to read.

mod direct;
mod event;
mod market;
mod stream;

use antigravity_saba_push::{Push, socket};
use antigravity_sdk::prelude::*;
use direct::Direct;

/// The endpoint of the push's rows: the first that [`socket::declare`] declares.
const ROWS: usize = 0;

const PAYLOAD: &str = r#"{"type":"object","required":["status","payload"],"properties":{
    "status":{"type":["integer","string"]},"payload":{"type":["object","null"]}}}"#;

#[derive(Debug, Default)]
pub struct Saba {
    push: Push,
    direct: Direct,
}

impl Adapter for Saba {
    fn contract() -> Contract {
        let other = |name: &str, path: &str| sse(name, path).content(Content::Session).schema(PAYLOAD);
        let contract = contract("saba", env!("CARGO_PKG_VERSION"), Profile::AutoPush)
            .prices(&[PriceFormat::Malay, PriceFormat::Decimal])
            .confirmed_by_connection()
            .stale_after_ms(60_000);
        socket::declare(contract)
            .endpoint(
                sse("keep-alive", "**/sports/stream/*/*").content(Content::Heartbeat).texts(&["KEEPALIVE"]),
            )
            .endpoint(sse("markets", "**/sports/stream/*/GetMarkets").schema(PAYLOAD))
            .endpoint(sse("events", "**/sports/stream/*/GetEvents").schema(PAYLOAD))
            .endpoint(other("sports", "**/sports/stream/*/GetSports"))
            .endpoint(other("leagues", "**/sports/stream/*/GetLeagues"))
            .endpoint(other("outrights", "**/sports/stream/*/GetOutrights"))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        if packet.endpoint() != ROWS {
            return self.direct.read(packet, self.push.is_empty(), sheet);
        }
        if packet.page().is_empty() || has_session(packet.page()) || has_session(packet.url()) {
            return Ok(Outcome::NotMine);
        }
        self.push.read(packet, self.direct.is_empty(), sheet)
    }
}

/// Whether the path carries a session, as `isport`'s pages do: a segment `(S(…))`, or one with `A` or `F`
/// in front. Brackets may be percent-encoded.
fn has_session(url: &str) -> bool {
    let address = url.split(['?', '#']).next().unwrap_or("");
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    path.split('/').any(|segment| {
        let segment = segment.replace("%28", "(").to_ascii_uppercase();
        ["(S(", "(A(", "(F("].iter().any(|start| segment.starts_with(start))
    })
}

antigravity_sdk::export!(Saba);
