//! The adapter: its contract, and which body goes where.

use crate::market::CURRENCY;
use crate::state::State;
use crate::stream::Read;
use antigravity_sdk::prelude::*;

const EVENT: &str =
    r#"{"type":"object","required":["event_type"],"properties":{"event_type":{"type":"string"}}}"#;
const SUBSCRIPTION: &str =
    r#"{"type":"object","required":["assets_ids"],"properties":{"assets_ids":{"type":"array"}}}"#;
const BOOK: &str = r#"{"type":"object","required":["asset_id","bids","asks"],"properties":{"asset_id":{"type":"string"},
    "bids":{"type":"array"},"asks":{"type":"array"}}}"#;
const GAMMA_EVENT: &str =
    r#"{"type":"object","required":["id","markets"],"properties":{"markets":{"type":"array"}}}"#;
const GAMMA_MARKET: &str = r#"{"type":"object","required":["conditionId","outcomes"]}"#;
/// The CLOB's own `/markets`: names no event, so there is nothing to quote by it.
const CLOB_LIST: &str = r#"{"type":"object","anyOf":[{"required":["condition_id","tokens"]},
    {"required":["data"],"properties":{"data":{"type":"array","minItems":1,"items":{"type":"object","required":["condition_id"]}}}}]}"#;
const CLOB_MARKET: &str =
    r#"{"type":"object","required":["c","t"],"properties":{"c":{"type":"string"},"t":{"type":"array"}}}"#;

/// The endpoints, in the order of the contract.
const STREAM: usize = 3;
const ONE_BOOK: usize = 4;
const BOOKS: usize = 5;
const GAMMA_EVENTS: usize = 6;
const GAMMA_MARKETS: usize = 7;

/// Keeps the tokens' books and quotes their three best levels once Gamma says what they are.
#[derive(Debug, Default)]
pub struct Polymarket {
    state: State,
}

impl Adapter for Polymarket {
    fn contract() -> Contract {
        const SOCKET: &str = "**/ws/market";
        let list = |item: &str| format!(r#"{{"type":"array","items":{item}}}"#);
        let one_or_list = |item: &str| format!(r#"{{"anyOf":[{item},{}]}}"#, list(item));
        // A list, one, or a page of them under this name or `data`.
        let answer = |item: &str, name: &str| {
            let list = list(item);
            let page = |name: &str| {
                format!(r#"{{"type":"object","required":["{name}"],"properties":{{"{name}":{list}}}}}"#)
            };
            format!(r#"{{"anyOf":[{list},{item},{},{}]}}"#, page("data"), page(name))
        };
        contract("polymarket", env!("CARGO_PKG_VERSION"), Profile::AutoPush)
            .prices(&[PriceFormat::Probability])
            .confirmed_by_connection()
            .stale_after_ms(30_000)
            .currency(CURRENCY)
            .endpoint(websocket("pong", SOCKET).content(Content::Heartbeat).texts(&["PONG", "[]", "{}"]))
            .endpoint(websocket("ping", SOCKET).content(Content::Heartbeat).sent().texts(&["PING", "{}"]))
            .endpoint(websocket("subscription", SOCKET).content(Content::Session).sent().schema(SUBSCRIPTION))
            .endpoint(websocket("stream", SOCKET).schema(&one_or_list(EVENT)))
            .endpoint(http("book", "**/book").query("token_id", None).schema(BOOK))
            .endpoint(http("books", "**/books").schema(&list(BOOK)))
            .endpoint(
                http("events", "**/events/**")
                    .content(Content::Fixtures)
                    .schema(&answer(GAMMA_EVENT, "events")),
            )
            .endpoint(
                http("markets", "**/markets/**")
                    .content(Content::Fixtures)
                    .schema(&answer(GAMMA_MARKET, "markets")),
            )
            .endpoint(http("clob-list", "**/markets/**").content(Content::Session).schema(CLOB_LIST))
            .endpoint(
                http("clob-markets", "**/clob-markets/**")
                    .content(Content::Fixtures)
                    .schema(&one_or_list(CLOB_MARKET)),
            )
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let body = packet.json()?;
        match packet.endpoint() {
            STREAM => self.frame(body, sheet),
            ONE_BOOK | BOOKS => self.state.books(body, sheet),
            GAMMA_EVENTS => self.state.events_answer(body, sheet),
            GAMMA_MARKETS => self.state.markets_answer(body, sheet),
            _ => self.state.clob_markets(body, sheet),
        }
    }
}

impl Polymarket {
    /// One event or a list of them.
    fn frame(&mut self, body: Value<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let (mut applied, mut refused, mut first) = (0, 0, "");
        for event in crate::clob::one_or_many(body) {
            match self.state.event(event, sheet) {
                Ok(Read::Applied) => applied += 1,
                Ok(Read::Noise) => {}
                Err(field) => {
                    first = if refused == 0 { field } else { first };
                    refused += 1;
                }
            }
        }
        if applied == 0 {
            return if refused == 0 { Ok(Outcome::Ignored(Reason::Noise)) } else { Err(missing(first)) };
        }
        for _ in 0..refused {
            sheet.bad_row(first);
        }
        Ok(Outcome::Parsed)
    }
}
