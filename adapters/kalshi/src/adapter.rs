//! The adapter: its contract, and which body goes where.

use crate::market::{CURRENCY, FRESH};
use crate::state::State;
use antigravity_sdk::prelude::*;

/// What says something about offers, or about who is told of them.
const STREAM: &str = r#"{"type":"object","required":["type"],"anyOf":[
    {"properties":{"type":{"enum":["orderbook_snapshot","orderbook_delta"]}}},
    {"required":["msg"],"properties":{"type":{"enum":["ticker","market_lifecycle_v2"]},"msg":{"type":"object"}}},
    {"required":["sid"],"properties":{"type":{"enum":["ok","unsubscribed"]}}}]}"#;
const OTHER_FRAMES: &str = r#"{"type":"object","required":["type"],"properties":{"type":{"type":"string"}}}"#;
const COMMAND: &str = r#"{"type":"object","required":["cmd"]}"#;
const MARKET: &str = r#"{"type":"object","required":["ticker","event_ticker"]}"#;
const EVENT: &str = r#"{"type":"object","required":["event_ticker"]}"#;
const BOOK: &str = r#"{"type":"object","anyOf":[
    {"required":["orderbook"],"properties":{"orderbook":{"type":"object"}}},
    {"required":["orderbook_fp"],"properties":{"orderbook_fp":{"type":"object"}}}]}"#;
/// What was traded, and how prices went.
const HISTORY: &str = r#"{"type":"object","anyOf":[{"required":["trades"]},{"required":["candlesticks"]}]}"#;

/// The endpoints that are read, in the order of the contract.
const FRAMES: usize = 0;
const ONE_BOOK: usize = 3;
const EVENTS: usize = 4;

/// Keeps the markets' books of bids and quotes their three best levels.
#[derive(Debug, Default)]
pub struct Kalshi {
    state: State,
}

impl Adapter for Kalshi {
    fn contract() -> Contract {
        const SOCKET: &str = "**/ws/v2";
        // One of them, a page of them, or a list that is not empty.
        let answer = |item: &str, one: &str, many: &str| {
            format!(
                r#"{{"type":"object","properties":{{"{one}":{item},"{many}":{{"type":"array","items":{item}}}}},"anyOf":[
                {{"required":["{one}"]}},{{"required":["{many}","cursor"]}},
                {{"required":["{many}"],"properties":{{"{many}":{{"minItems":1}}}}}}]}}"#
            )
        };
        contract("kalshi", env!("CARGO_PKG_VERSION"), Profile::AutoPush)
            .prices(&[PriceFormat::Probability])
            .confirmed_by_connection()
            .stale_after_ms((FRESH / 1_000_000) as u32)
            .currency(CURRENCY)
            .endpoint(websocket("stream", SOCKET).schema(STREAM))
            .endpoint(websocket("other-frames", SOCKET).content(Content::Session).schema(OTHER_FRAMES))
            .endpoint(websocket("commands", SOCKET).content(Content::Session).sent().schema(COMMAND))
            .endpoint(http("orderbook", "**/markets/*/orderbook").schema(BOOK))
            .endpoint(http("events", "**/events/**").schema(&answer(EVENT, "event", "events")))
            .endpoint(http("history", "**/markets/**").content(Content::Session).schema(HISTORY))
            .endpoint(http("markets", "**/markets/**").schema(&answer(MARKET, "market", "markets")))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let body = packet.json()?;
        match packet.endpoint() {
            FRAMES => self.state.frame(body, packet, sheet),
            ONE_BOOK => self.state.orderbook(body, packet, sheet),
            EVENTS => self.state.events_answer(body, packet.at(), sheet),
            _ => self.state.markets_answer(body, packet.at(), sheet),
        }
    }
}
