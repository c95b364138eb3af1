//! Polymarket: which token is which from Gamma, books from the CLOB and its market WebSocket.
//!
//! Gamma, `…/events` and `…/markets` (lists are JSON inside strings):
//! ```json
//! [{"id":"101772","title":"Fed Decision in June?","startTime":null,"live":false,"tags":[{"slug":"fed"}],
//!   "teams":[{"name":"Celtics","alias":"Celtics","ordering":"away"}],
//!   "markets":[{"conditionId":"0xdde0…","outcomes":"[\"Yes\", \"No\"]","clobTokenIds":"[\"6519…\", \"2829…\"]",
//!     "active":true,"closed":false,"acceptingOrders":true,"orderMinSize":5,
//!     "sportsMarketType":"totals","line":32.5,"gameStartTime":"2026-08-07 00:00:00+00"}]}]
//! ```
//! CLOB, `…/book?token_id=` (one) and `…/books` (a list); the best level is the last of each side:
//! ```json
//! {"market":"0xdde0…","asset_id":"6519…","timestamp":"1778997825875","hash":"1722…",
//!  "bids":[{"price":"0.001","size":"5579792.8"}],"asks":[{"price":"0.999","size":"31045290"}]}
//! ```
//! CLOB, `…/clob-markets/…`: `{"c":"0xdde0…","t":[{"t":"6519…","o":"Yes"}],"ao":true,"mos":5}`
//!
//! WebSocket, `…/ws/market`: one event or a list of them.
//! ```json
//! {"event_type":"book","market":"0x…","asset_id":"2151…","timestamp":"1786845514657","bids":[…],"asks":[…]}
//! {"event_type":"price_change","market":"0x…","timestamp":"1786845514756","price_changes":[
//!   {"asset_id":"2151…","price":"0.01","side":"BUY","size":"5877.54","hash":"8222…","best_bid":"0.82","best_ask":"0.83"}]}
//! {"event_type":"price_change","asset_id":"2151…","price":"0.01","side":"BUY","size":"5877.54"}
//! {"event_type":"price_change","asset_id":"2151…","changes":[{"price":"0.01","side":"BUY","size":"5877.54"}]}
//! {"event_type":"market_resolved","market":"0x…","assets_ids":["2151…","1740…"],"winning_asset_id":"2151…"}
//! ```
//! `tick_size_change`, `last_trade_price`, `best_bid_ask` and `new_market` say nothing about books.

mod adapter;
mod book;
mod clob;
mod events;
mod gamma;
mod market;
mod state;
mod stream;

pub use adapter::Polymarket;

antigravity_sdk::export!(Polymarket);
