//! Feeding lists to the adapter.

use antigravity_adapter_sbobet::Sbobet;
use antigravity_sdk::testing::{Input, Reading, Session};
use serde_json::{Value, json};

/// A page that asks for lists.
#[derive(Debug, Default)]
pub struct Page {
    session: Session<Sbobet>,
}

impl Page {
    /// The whole list `range` with these events.
    pub fn list(&mut self, range: &str, events: &[Value]) -> Reading {
        let body = json!([[{"0": 354, "1": "Test League", "2": events}]]);
        self.body(&format!("sportId=1&sportType=1_1&oddsStyle=ma&timeRange={range}"), &body)
    }

    pub fn body(&mut self, query: &str, body: &Value) -> Reading {
        let url = format!("https://be.example/api/v2/getEvent?{query}");
        self.session.feed(Input {
            endpoint: "events",
            url: &url,
            body: &body.to_string(),
            ..Input::default()
        })
    }

    /// What stands: market id, market, period, line, selection, side, level, status, price, size.
    pub fn quotes(&self) -> Vec<String> {
        self.session.quotes().map(|quote| quote.to_string()).collect()
    }

    /// Market ids that stand, `!` behind those that are stale.
    pub fn markets(&self) -> Vec<String> {
        let name = |id: String, stale: bool| if stale { format!("{id}!") } else { id };
        let mut ids: Vec<_> = self.session.quotes().map(|q| name(q.market_id, q.stale)).collect();
        ids.dedup();
        ids
    }
}

/// An event with these markets.
pub fn event(id: u64, markets: &Value) -> Value {
    json!({"0": "2026-03-14T15:00:00Z", "2": "Home FC", "3": "Away FC", "5": 38, "7": markets, "8": id, "14": 10, "15": false})
}

/// A total of the full time.
pub fn total(market: u64, line: &str) -> String {
    format!("{line} 0.9*11h -0.98*11a {market} 0 0 0 1 1")
}
