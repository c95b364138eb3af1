//! The adapter: frames, messages, and the markets they change.

use crate::market::{Change, Events, Market};
use crate::message::{Changes, Message};
use antigravity_sdk::prelude::*;
use antigravity_sdk::{bad, reject};
use rustc_hash::FxHashMap;

/// Market change messages and nothing else: nearly every frame, so it is asked for first.
const STREAM: &str = r#"{"type":"object","required":["op"],"properties":{"op":{"const":"mcm"},"mc":{"type":["array","null"]}}}"#;
/// Messages of the connection itself.
const HELLO: &str =
    r#"{"type":"object","required":["op","connectionId"],"properties":{"op":{"const":"connection"}}}"#;
const STATUS: &str =
    r#"{"type":"object","required":["op","statusCode"],"properties":{"op":{"const":"status"}}}"#;
/// The account's own orders.
const ORDERS: &str = r#"{"type":"object","required":["op"],"properties":{"op":{"const":"ocm"}}}"#;
/// All of these in one frame.
const MIXED: &str = r#"{"type":"object","required":["op"],"properties":{"mc":{"type":["array","null"]}},"anyOf":[
    {"properties":{"op":{"const":"mcm"}}},
    {"required":["connectionId"],"properties":{"op":{"const":"connection"}}},
    {"required":["statusCode"],"properties":{"op":{"const":"status"}}},
    {"properties":{"op":{"const":"ocm"}}}]}"#;
const REQUESTS: &str = r#"{"type":"object","required":["op"],"properties":{"op":{"enum":
    ["authentication","marketSubscription","orderSubscription","heartbeat"]}}}"#;

/// Keeps the markets' books and quotes their three best levels.
#[derive(Debug, Default)]
pub struct Betfair {
    markets: Vec<Market>,
    ids: FxHashMap<Box<str>, usize>,
    /// Numbers of markets that were settled.
    free: Vec<usize>,
    events: Events,
    /// Counts packets.
    packet: u64,
    /// Changes of markets in this packet.
    changes: usize,
}

const ENTRY: [Key; 4] = [Key::new("id"), Key::new("img"), Key::new("marketDefinition"), Key::new("rc")];

impl Adapter for Betfair {
    fn contract() -> Contract {
        let lines = |name, schema| websocket(name, "**").framing(Framing::Lines).schema(schema);
        let noise = |name, schema| lines(name, schema).content(Content::Session);
        contract("betfair", env!("CARGO_PKG_VERSION"), Profile::AutoPush)
            .prices(&[PriceFormat::Decimal])
            .confirmed_by_connection()
            .stale_after_ms(15_000)
            .endpoint(lines("stream", STREAM))
            .endpoint(noise("hello", HELLO))
            .endpoint(noise("status", STATUS))
            .endpoint(noise("orders", ORDERS))
            .endpoint(noise("requests", REQUESTS).sent())
            .endpoint(lines("mixed", MIXED))
            .secret("requests: /appKey")
            .secret("requests: /session")
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        self.packet += 1;
        self.changes = 0;
        let (mut messages, mut read, mut behind, mut unreadable) = (0, 0, false, None);
        for document in packet.documents() {
            messages += 1;
            match Message::read(document) {
                Message::Changes(changes) => {
                    read += 1;
                    self.apply(&changes, packet.connection(), sheet);
                }
                Message::Quiet => {}
                Message::Behind => behind = true,
                Message::Unreadable(field) => unreadable = unreadable.or(Some(field)),
            }
        }
        match unreadable {
            _ if messages == 0 => return Err(reject(Reason::WrongFormat, "not JSON")),
            Some(field) if read == 0 => return Err(bad(field)),
            Some(field) => sheet.bad_row(field),
            // A lagging exchange is a sign of life, but not of fresh prices.
            None if read == 0 && behind => return Ok(Outcome::Ignored(Reason::StaleCursor)),
            None if read == 0 => return Ok(Outcome::Ignored(Reason::Noise)),
            None => {}
        }
        // Few packets are about as many markets as there are: then each of them is looked at.
        let based = |number: &usize| self.markets[*number].is_based_in(self.packet);
        if self.changes >= self.ids.len() && self.ids.values().all(based) {
            sheet.snapshot_complete();
        }
        Ok(Outcome::Parsed)
    }
}

impl Betfair {
    fn apply(&mut self, changes: &Changes<'_>, connection: u32, sheet: &mut Sheet) {
        if changes.image_begins {
            self.markets.iter_mut().for_each(|market| market.await_image(connection));
        }
        for entry in changes.markets.items() {
            self.change(entry, connection, sheet);
        }
        if changes.image_ends {
            // A subscription replaces the one before: what its image does not name is not told of
            // any more, and what stands of it must not be confirmed by the socket's other messages.
            self.markets.iter_mut().for_each(|market| market.miss_image(connection, sheet));
        }
    }

    /// One entry of `mc`.
    #[inline]
    fn change(&mut self, entry: Value<'_>, connection: u32, sheet: &mut Sheet) {
        let [id, image, definition, runners] = entry.fields(ENTRY);
        let Some(id) = id.and_then(Value::str) else { return sheet.bad_row("mc: id") };
        let number = match self.ids.get(&*id) {
            Some(number) => *number,
            None => self.add(&id),
        };
        self.changes += 1;
        let change = Change {
            image: image.and_then(Value::bool) == Some(true),
            definition: definition.filter(|value| !value.is_null()),
            runners,
            packet: self.packet,
            connection,
        };
        if !self.markets[number].apply(&change, &mut self.events, sheet) {
            self.markets[number] = Market::new("", number);
            self.ids.remove(&*id);
            self.free.push(number);
        }
    }

    fn add(&mut self, id: &str) -> usize {
        let number = self.free.pop().unwrap_or(self.markets.len());
        let market = Market::new(id, number);
        match self.markets.get_mut(number) {
            Some(place) => *place = market,
            None => self.markets.push(market),
        }
        self.ids.insert(id.into(), number);
        number
    }
}
