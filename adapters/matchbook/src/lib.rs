//! Matchbook: the exchange's page polls answers of its REST interface.
//!
//! ```text
//! GET …/edge/rest/events?…                    {"total":1,"offset":0,"per-page":20,"events":[event,…]}
//! GET …/edge/rest/events/<id>                 event, or {"event":event}
//! GET …/edge/rest/events/<id>/markets?…       {"total":1,…,"markets":[market,…]}
//! GET …/edge/rest/events/<id>/markets/<id>    market, or {"market":market}
//!
//! event   {"id":…,"name":"A vs B","sport-id":9,"start":"…","status":"open","in-running-flag":false,
//!          "meta-tags":[{"type":"COMPETITION","name":"…"}],"markets":[market,…]}
//! market  {"id":…,"event-id":…,"market-type":"money_line","name":"Moneyline","status":"open","runners":[runner,…]}
//! runner  {"id":…,"name":"A","handicap":-0.5,"status":"open","prices":[
//!           {"side":"back","odds":2.31,"odds-type":"DECIMAL","exchange-type":"back-lay","available-amount":38.8,"currency":"EUR"}]}
//! ```
//!
//! A market with its runners and prices is the whole of that market ([`book`]); what is read of it is in
//! [`market`], which selections its runners are in [`terms`].

mod book;
mod event;
mod held;
mod market;
mod terms;

use antigravity_sdk::HandicapBasis;
use antigravity_sdk::prelude::*;
use book::{Book, Reading};

/// The endpoints that reach the adapter, in the order of the contract.
const EVENTS: usize = 0;
const EVENT: usize = 1;
const MARKETS: usize = 2;

/// Query fields that leave a part of each book out.
const FILTERS: [&str; 2] = ["side", "minimum-liquidity"];

#[derive(Debug, Default)]
pub struct Matchbook {
    book: Book,
}

impl Adapter for Matchbook {
    fn contract() -> Contract {
        let get = |name: &str, path: &str| http(name, path).methods(&["GET"]);
        let noise = |name: &str, path: &str| http(name, path).content(Content::Session).framing(Framing::Raw);
        contract("matchbook", env!("CARGO_PKG_VERSION"), Profile::AutoPush)
            .prices(&[PriceFormat::Decimal])
            .handicaps(HandicapBasis::FromKickOff)
            .stale_after_ms(15_000)
            .endpoint(get("events", "**/edge/rest/events").schema(
                r#"{"type":"object","required":["events"],"properties":{"events":{"type":"array","items":
                    {"type":"object","required":["id","sport-id","name"]}}}}"#,
            ))
            .endpoint(get("event", "**/edge/rest/events/*").schema(
                r#"{"type":"object","anyOf":[{"required":["id","sport-id","name"]},{"required":["event"],"properties":{
                    "event":{"type":"object","required":["id","sport-id","name"]}}}]}"#,
            ))
            .endpoint(get("markets", "**/edge/rest/events/*/markets").schema(
                r#"{"type":"object","required":["markets"],"properties":{"markets":{"type":"array","items":
                    {"type":"object","required":["id","event-id"]}}}}"#,
            ))
            .endpoint(get("market", "**/edge/rest/events/*/markets/*").schema(
                r#"{"type":"object","anyOf":[{"required":["id","event-id","runners"]},{"required":["market"],"properties":{
                    "market":{"type":"object","required":["id","event-id"]}}}]}"#,
            ))
            .endpoint(
                http("session", "**/bpapi/rest/security/session")
                    .content(Content::Session)
                    .schema(r#"{"type":"object"}"#),
            )
            .endpoint(noise("account", "**/edge/rest/account/**").content(Content::Balance))
            .endpoint(noise("offers", "**/edge/rest/v2/offers/**"))
            .endpoint(noise("bets", "**/edge/rest/bets/**"))
            .endpoint(noise("reports", "**/edge/rest/reports/**"))
            .secret("session: /session-token")
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        const LIST: Key = Key::new("events");
        const ONE: Key = Key::new("event");
        const MARKET_LIST: Key = Key::new("markets");
        const ONE_MARKET: Key = Key::new("market");
        let body = packet.json()?;
        if FILTERS.iter().any(|filter| packet.query(filter).is_some()) {
            return Ok(Outcome::Ignored(Reason::Noise));
        }
        let mut reading = Reading::new(&mut self.book, packet, sheet);
        match packet.endpoint() {
            EVENTS => reading.events(list(body, LIST)?, book::is_whole(body, LIST)),
            EVENT => reading.event(body.get(ONE).unwrap_or(body)),
            MARKETS => reading.markets(list(body, MARKET_LIST)?, book::is_whole(body, MARKET_LIST)),
            _ => reading.market(body.get(ONE_MARKET).unwrap_or(body), None),
        }
        reading.finish()
    }
}

fn list<'a>(body: Value<'a>, key: Key) -> Result<Value<'a>, Rejection> {
    let list = body.get(key).ok_or_else(|| missing(key.name()))?;
    if list.kind() == Kind::Array { Ok(list) } else { Err(bad(key.name())) }
}

antigravity_sdk::export!(Matchbook);
