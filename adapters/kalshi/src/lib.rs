//! Kalshi: markets and order books from REST answers and the market WebSocket.
//!
//! REST, `…/events`, `…/events/{event}`, `…/markets`, `…/markets/{market}`; newer answers leave the cents out:
//! ```json
//! {"cursor":"…","markets":[{"ticker":"KXRAIN-26MAY04-LON","event_ticker":"KXRAIN-26MAY04","market_type":"binary",
//!   "status":"active","response_price_units":"usd_cent","yes_bid":41,"yes_bid_dollars":"0.4100","yes_ask":44,
//!   "yes_ask_dollars":"0.4400","yes_bid_size_fp":"12.00","yes_ask_size_fp":"7.50"}]}
//! {"event":{"event_ticker":"KXRAIN-26MAY04","title":"Where will it rain?"},"markets":[…]}
//! ```
//! REST, `…/markets/{market}/orderbook`, bids only, the old shape and the new one; a side that is empty may be null:
//! ```json
//! {"orderbook":{"yes":[[41,12]],"no":null,"yes_dollars":[["0.41",12]],"no_dollars":null}}
//! {"orderbook_fp":{"yes_dollars":[["0.4100","12.00"]],"no_dollars":[]}}
//! ```
//! WebSocket, `…/ws/v2`; `seq` counts what is told of one subscription, `sid`, whatever the market:
//! ```json
//! {"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"KXRAIN-26MAY04-LON",
//!   "yes_dollars_fp":[["0.4100","12.00"]],"no_dollars_fp":[["0.5600","7.50"]]}}
//! {"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"KXRAIN-26MAY04-LON","yes":[[41,12]],"no":[[56,7]]}}
//! {"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"KXRAIN-26MAY04-LON","side":"yes",
//!   "price_dollars":"0.4100","delta_fp":"-12.00"}}
//! {"type":"orderbook_delta","sid":1,"seq":2,"msg":{"market_ticker":"KXRAIN-26MAY04-LON","side":"yes","price":41,"delta":-12}}
//! {"type":"ticker","sid":2,"msg":{"market_ticker":"KXRAIN-26MAY04-LON","yes_bid_dollars":"0.4100","yes_ask_dollars":"0.4400"}}
//! {"type":"market_lifecycle_v2","sid":3,"msg":{"market_ticker":"KXRAIN-26MAY04-LON","event_type":"deactivated"}}
//! {"type":"ok","id":9,"sid":1,"seq":7,"market_tickers":["KXRAIN-26MAY04-LON"]}
//! {"type":"unsubscribed","id":10,"sid":1,"seq":8}
//! ```
//! `trade` and every other type say nothing about offers.

mod adapter;
mod answers;
mod book;
mod events;
mod market;
mod state;
mod stream;
mod subscriptions;

pub use adapter::Kalshi;

antigravity_sdk::export!(Kalshi);
