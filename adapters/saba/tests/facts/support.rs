//! Feeding messages of the streams to the adapter.

use antigravity_adapter_saba::Saba;
use antigravity_sdk::testing::{Input, Reading, Session};
use serde_json::{Value, json};

pub const MARKETS: &str =
    "https://odds.example/sports/stream/v1/GetMarkets?query=$filter=sporttype eq 1&token=S1";
pub const EVENTS: &str = "https://odds.example/sports/stream/v1/GetEvents?query=$filter=sporttype eq 1";

/// A page with streams.
#[derive(Debug, Default)]
pub struct Page {
    pub session: Session<Saba>,
}

impl Page {
    /// A message of the stream of markets, on connection 1.
    pub fn markets(&mut self, status: i64, payload: &Value) -> Reading {
        self.tell(MARKETS, 1, status, &json!({"markets": payload}))
    }

    pub fn tell(&mut self, url: &str, connection: u32, status: i64, payload: &Value) -> Reading {
        self.body(url, connection, &json!({"status": status, "message": "", "payload": payload}))
    }

    pub fn body(&mut self, url: &str, connection: u32, body: &Value) -> Reading {
        let endpoint = if url.contains("GetEvents") { "events" } else { "markets" };
        let page = "https://site.example/sports";
        let body = &body.to_string();
        self.session.feed(Input { endpoint, url, page, connection, body, ..Input::default() })
    }

    /// What stands: market id, market, period, line, selection, side, level, status, price, size.
    pub fn quotes(&self) -> Vec<String> {
        self.session.quotes().map(|quote| quote.to_string()).collect()
    }

    /// Market ids that stand; `!` behind those that are stale.
    pub fn standing(&self) -> Vec<String> {
        let name = |id: String, stale: bool| if stale { format!("{id}!") } else { id };
        let mut ids: Vec<_> = self.session.quotes().map(|q| name(q.market_id, q.stale)).collect();
        ids.dedup();
        ids
    }
}

pub fn add(markets: &[Value]) -> Value {
    json!({"add": markets, "change": [], "remove": []})
}

pub fn change(markets: &[Value]) -> Value {
    json!({"add": [], "change": markets, "remove": []})
}

pub fn remove(ids: &[u64]) -> Value {
    json!({"add": [], "change": [], "remove": ids})
}

pub fn selection(key: &str, point: Option<f64>, malay: f64, decimal: f64) -> Value {
    json!({"key": key, "keyName": key, "point": point, "point2": null, "oddsPrice": {
        "parlayPrice": decimal, "malayPrice": malay, "hongKongPrice": 0.5, "decimalPrice": decimal, "indoPrice": 1.5,
        "americanPrice": 150}})
}

pub fn market(id: u64, bet_type: i64, selections: &[Value]) -> Value {
    json!({"marketId": id, "eventId": 5001, "sportType": 1, "betType": bet_type, "betTypeName": "x", "maxBet": 500,
        "isLive": false, "marketStatus": "running", "category": 0, "sort": 1, "combo": 3, "selections": selections})
}

/// A total of 2.5.
pub fn total(id: u64) -> Value {
    market(id, 3, &[selection("h", Some(2.5), 0.91, 1.91), selection("a", Some(2.5), -0.99, 2.01)])
}

pub fn event(id: u64) -> Value {
    json!({"eventId": id, "sportType": 1, "sportName": "Soccer", "leagueId": 9, "leagueName": "Test League",
        "eventStatus": "running", "kickOffTime": "2026-03-14T15:00:00", "isTest": false, "isLive": false,
        "isVirtualEvent": false, "teamInfo": {"homeId": 1, "homeName": "Home FC", "awayId": 2, "awayName": "Away FC"},
        "gameInfo": {"liveHomeScore": 0, "liveAwayScore": 0}})
}
