//! Feeding frames to the adapter.

use antigravity_adapter_afb88::Afb88;
use antigravity_sdk::Decimal;
use antigravity_sdk::testing::{Input, Quote, Reading, Session};
use serde_json::{Value, json};

/// A page with its socket.
#[derive(Debug, Default)]
pub struct Page {
    session: Session<Afb88>,
    /// Time of the next frame in nanoseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
}

impl Page {
    pub fn frame(&mut self, frame: &Value) -> Reading {
        self.raw("wst=wsSocAllGen&g=1&ot=r&accType=ID", &frame.to_string())
    }

    pub fn raw(&mut self, query: &str, body: &str) -> Reading {
        let url = format!("wss://ws5.example:8887/fnOddsGen?{query}");
        self.session.feed(Input { endpoint: "odds", url: &url, body, at: self.at, ..Input::default() })
    }

    /// What stands: odds id, period, market, line, selection, status, format and price, `stale`
    /// where it is.
    pub fn quotes(&self) -> Vec<String> {
        self.session.quotes().map(|quote| show(&quote)).collect()
    }

    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<_> = self.session.quotes().map(|quote| quote.market_id).collect();
        ids.dedup();
        ids
    }
}

fn show(quote: &Quote) -> String {
    let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
    let format = quote.format.map_or(String::new(), |format| format!("{format} "));
    format!(
        "{} {} {} {} {} {} {format}{}{}",
        quote.market_id,
        quote.period,
        quote.market,
        number(quote.line),
        quote.selection,
        quote.status,
        number(quote.price),
        if quote.stale { " stale" } else { "" }
    )
}

/// A full of a list with these rows, all of league 500.
pub fn full(list: &str, rows: &[Value]) -> Value {
    json!([[1, "S1", list, 0, 1], [], [], [[500, "Test League", 0, 400, rows]]])
}

/// An increment: deletes, leagues, rows, patches.
pub fn increment(list: &str, deletes: Value, leagues: Value, rows: Value, patches: Value) -> Value {
    json!([[0, "S2", list, 0, 0], [], deletes, leagues, rows, patches])
}

pub fn patch(list: &str, id: u64, positions: Value, values: Value) -> Value {
    increment(list, json!([]), json!([]), json!([]), json!([[id, positions, values]]))
}

/// A row of 64 positions about event `500_1_2` that can be bet on; all other numbers are 0.
pub fn row(id: u64, positions: &[(usize, Value)]) -> Value {
    let mut row = vec![json!(0); 64];
    for (position, value) in [
        (0, json!(id)),
        (3, json!("0 - 0")),
        (8, json!(1)),
        (9, json!(1)),
        (11, json!(1)),
        (12, json!(2)),
        (13, json!("Home Club")),
        (14, json!("Away Club")),
        (37, json!(1)),
        (38, json!(1)),
        (55, json!("2026-02-05 20:00:00")),
        (61, json!(500)),
        (62, json!(1)),
        (63, json!(2)),
    ] {
        row[position] = value;
    }
    for (position, value) in positions {
        row[*position] = value.clone();
    }
    Value::Array(row)
}

/// A row with a total of 2.5.
pub fn total(id: u64, over: i64) -> Value {
    row(id, &[(23, json!(2.5)), (26, json!(over)), (27, json!(-11))])
}

pub fn event(reading: &Reading) -> String {
    reading.rows.iter().rfind(|row| row.starts_with("event")).cloned().unwrap_or_default()
}
