//! Bodies in the provider's shapes, and what stands as short lines.

use antigravity_adapter_kalshi::Kalshi;
use antigravity_sdk::Decimal;
use antigravity_sdk::testing::{Input, Quote, Reading, Session};
use serde_json::{Value, json};

/// A page with its sockets: bodies come one second apart unless it waits.
pub struct Page {
    session: Session<Kalshi>,
    second: i64,
}

impl Page {
    pub fn new() -> Self {
        Self { session: Session::default(), second: 0 }
    }

    /// A page that knows these markets of one event, without prices.
    pub fn knowing(tickers: &[&str]) -> Self {
        let mut page = Self::new();
        let markets: Vec<_> = tickers.iter().map(|ticker| market(ticker, "active")).collect();
        page.answer("markets", &json!({"cursor": "", "markets": markets}));
        page
    }

    pub fn wait(&mut self, seconds: i64) {
        self.second += seconds;
    }

    fn feed(&mut self, endpoint: &str, url: &str, connection: u32, body: &str) -> Reading {
        self.second += 1;
        let at = self.second * 1_000_000_000;
        self.session.feed(Input { endpoint, url, body, connection, at, ..Input::default() })
    }

    /// An answer at `endpoint`.
    pub fn answer(&mut self, endpoint: &str, body: &Value) -> Reading {
        self.feed(endpoint, "https://x.example/", 9, &body.to_string())
    }

    pub fn orderbook(&mut self, ticker: &str, body: &Value) -> Reading {
        let url = format!("https://x.example/trade-api/v2/markets/{ticker}/orderbook?depth=5");
        self.feed("orderbook", &url, 9, &body.to_string())
    }

    /// A frame of the socket `connection`.
    pub fn on(&mut self, connection: u32, frame: &Value) -> Reading {
        self.feed("stream", "wss://x.example/trade-api/ws/v2", connection, &frame.to_string())
    }

    pub fn frame(&mut self, frame: &Value) -> Reading {
        self.on(1, frame)
    }

    pub fn quotes(&self) -> impl Iterator<Item = Quote> + '_ {
        self.session.quotes()
    }

    /// `market selection side level status price@size`, with `!` where it is stale.
    pub fn shown(&self) -> Vec<String> {
        let number = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
        let line = |q: Quote| {
            let (price, size) = (number(q.price), number(q.size));
            let stale = if q.stale { "!" } else { "" };
            format!(
                "{} {} {} {} {} {price}@{size}{stale}",
                q.market_id, q.selection, q.side, q.level, q.status
            )
        };
        self.quotes().map(line).collect()
    }
}

pub fn market(ticker: &str, status: &str) -> Value {
    json!({"ticker": ticker, "event_ticker": "EV", "market_type": "binary", "status": status})
}

/// A market with its best prices, in dollars.
pub fn priced(ticker: &str, bid: &str, ask: &str) -> Value {
    let mut market = market(ticker, "active");
    market["yes_bid_dollars"] = bid.into();
    market["yes_ask_dollars"] = ask.into();
    market
}

pub fn one(market: Value) -> Value {
    json!({"market": market})
}

pub fn whole(sid: i64, seq: i64, ticker: &str, yes: &[(&str, &str)], no: &[(&str, &str)]) -> Value {
    json!({"type": "orderbook_snapshot", "sid": sid, "seq": seq, "msg":
        {"market_ticker": ticker, "yes_dollars_fp": yes, "no_dollars_fp": no}})
}

pub fn change(sid: i64, seq: i64, ticker: &str, side: &str, price: &str, delta: &str) -> Value {
    json!({"type": "orderbook_delta", "sid": sid, "seq": seq, "msg":
        {"market_ticker": ticker, "side": side, "price_dollars": price, "delta_fp": delta}})
}
