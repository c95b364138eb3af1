//! Feeding answers to the adapter.

use antigravity_adapter_cmd368::Cmd368;
use antigravity_sdk::testing::{Input, Quote, Reading, Session};
use antigravity_sdk::{Decimal, time};
use serde_json::{Value, json};

const ODDS: &str = "https://cg.example/Member/BetsView/BetLight/DataOdds.ashx";

/// A page that asks for odds.
#[derive(Debug, Default)]
pub struct Page {
    session: Session<Cmd368>,
}

impl Page {
    /// The answer to `fc` with this cursor and these rows.
    pub fn answer(&mut self, fc: u8, t: i64, data: &[Value]) -> Reading {
        self.body(fc, &json!({"t": t, "a": true, "data": data, "today": [], "f": []}))
    }

    pub fn body(&mut self, fc: u8, body: &Value) -> Reading {
        self.raw(ODDS, &format!("fc={fc}&m_accType=MY+MR&TimeFilter=0&m_gameType=S_"), &body.to_string())
    }

    pub fn raw(&mut self, url: &str, request: &str, body: &str) -> Reading {
        let at = time::rfc3339("2026-09-08T04:00:00Z").unwrap();
        self.session.feed(Input { endpoint: "odds", url, request, body, at, ..Input::default() })
    }

    pub fn login(&mut self, body: &Value) -> Reading {
        self.session.feed(Input { endpoint: "login", body: &body.to_string(), ..Input::default() })
    }

    /// What stands: period, market, line, selection, status, format and price, `stale` where it is.
    pub fn quotes(&self) -> Vec<String> {
        self.session.quotes().map(|quote| show(&quote)).collect()
    }

    /// What stands of one event.
    pub fn event(&self, id: &str) -> Vec<String> {
        self.session.quotes().filter(|quote| quote.event_id == id).map(|quote| show(&quote)).collect()
    }
}

fn show(quote: &Quote) -> String {
    let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
    let format = quote.format.map_or(String::new(), |format| format!("{format} "));
    format!(
        "{} {} {} {} {} {format}{}{}",
        quote.period,
        quote.market,
        number(quote.line),
        quote.selection,
        quote.status,
        number(quote.price),
        if quote.stale { " stale" } else { "" }
    )
}

/// A full row with these positions; home gives, not running, kick-off 18:30 on 8 September.
pub fn row(id: u64, positions: &[(usize, Value)]) -> Value {
    let mut row = vec![Value::Null; 91];
    for (position, value) in [
        (0, json!(id)),
        (24, json!(1)),
        (25, json!(0)),
        (37, json!("Test League")),
        (38, json!("Home Club")),
        (39, json!("Away Club")),
        (53, json!("18:30")),
        (55, json!(0)),
        (56, json!("09/08")),
    ] {
        row[position] = value;
    }
    for (position, value) in positions {
        row[*position] = value.clone();
    }
    Value::Array(row)
}
