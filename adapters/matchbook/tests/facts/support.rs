//! Feeding answers to the adapter.

use antigravity_adapter_matchbook::Matchbook;
use antigravity_sdk::testing::{Input, Quote, Reading, Session};
use serde_json::{Value, json};

const LIST: &str = "https://exchange.example/edge/rest/events?per-page=20&offset=0";

/// A page that asks for events.
#[derive(Debug, Default)]
pub struct Page {
    session: Session<Matchbook>,
    /// Seconds since the beginning.
    pub now: i64,
}

impl Page {
    /// The list with all events there are.
    pub fn list(&mut self, events: &[Value]) -> Reading {
        self.answer(
            "events",
            LIST,
            &json!({"total": events.len(), "offset": 0, "per-page": 20, "events": events}),
        )
    }

    pub fn answer(&mut self, endpoint: &str, url: &str, body: &Value) -> Reading {
        let at = self.now * 1_000_000_000;
        self.session.feed(Input { endpoint, url, body: &body.to_string(), at, ..Input::default() })
    }

    /// What stands: market id, market, period, line, selection, side, level, status, price, size.
    pub fn quotes(&self) -> Vec<String> {
        self.session.quotes().map(|quote| quote.to_string()).collect()
    }

    pub fn each(&self) -> Vec<Quote> {
        self.session.quotes().collect()
    }
}

/// An event of soccer with these markets.
pub fn event(id: u64, name: &str, markets: &[Value]) -> Value {
    json!({
        "id": id, "name": name, "sport-id": 15, "start": "2026-03-14T15:00:00.000Z", "status": "open",
        "in-running-flag": false, "allow-live-betting": true, "markets": markets,
        "meta-tags": [{"id": 15, "name": "Soccer", "type": "SPORT"},
            {"id": 77, "name": "Northern League", "type": "COMPETITION"}]
    })
}

pub fn market(id: u64, kind: &str, name: &str, runners: &[Value]) -> Value {
    json!({"id": id, "event-id": 500, "market-type": kind, "name": name, "status": "open", "runners": runners})
}

/// A runner with these back and lay prices: odds and amount.
pub fn runner(id: u64, name: &str, back: &[(f64, f64)], lay: &[(f64, f64)]) -> Value {
    let price = |side: &str, (odds, amount): &(f64, f64)| {
        json!({"side": side, "odds": odds, "decimal-odds": odds, "odds-type": "DECIMAL", "exchange-type": "back-lay",
            "available-amount": amount, "currency": "EUR"})
    };
    let prices: Vec<Value> =
        back.iter().map(|p| price("back", p)).chain(lay.iter().map(|p| price("lay", p))).collect();
    json!({"id": id, "market-id": 1, "name": name, "status": "open", "prices": prices})
}

/// A runner with a line and one back price.
pub fn lined(id: u64, name: &str, handicap: f64) -> Value {
    let mut runner = runner(id, name, &[(1.95, 20.0)], &[]);
    runner["handicap"] = json!(handicap);
    runner
}

pub fn total(id: u64, points: f64) -> Value {
    let runners =
        [lined(id + 1, &format!("Over {points}"), points), lined(id + 2, &format!("Under {points}"), points)];
    market(id, "total", "Total", &runners)
}
