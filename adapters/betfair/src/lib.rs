//! Betfair's exchange stream: market change messages (`mcm`) on a WebSocket.
//!
//! ```json
//! {"op":"mcm","id":2,"initialClk":"…","clk":"…","pt":1650392673420,"ct":"SUB_IMAGE","mc":[
//!   {"id":"1.197931750","img":true,"con":true,"tv":3270.07,
//!    "marketDefinition":{"eventId":"31389771","eventTypeId":"4339","eventName":"Sheffield 19th Apr",
//!      "marketType":"WIN","bettingType":"ODDS","status":"OPEN","inPlay":false,
//!      "marketTime":"2022-04-19T18:26:00.000Z","runners":[{"id":44331354,"status":"ACTIVE","hc":-0.5}]},
//!    "rc":[{"id":44331354,"hc":-0.5,
//!      "atb":[[8.8,18.62]],"atl":[[9,5.45]],
//!      "batb":[[0,8.8,18.62]],"batl":[[0,9,5.45]],"bdatb":[[0,8.8,18.62]],"bdatl":[[0,9,5.45]],
//!      "trd":[[8.8,11.71]],"ltp":8.8,"tv":295.32,"spn":"NaN","spf":"Infinity"}]}]}
//! {"op":"mcm","id":2,"clk":"…","pt":1471370165625,"ct":"HEARTBEAT"}
//! {"op":"mcm","id":2,"status":503}
//! {"op":"connection","connectionId":"002-051134157842-432409"}
//! {"op":"status","id":2,"statusCode":"SUCCESS","connectionClosed":false}
//! ```
//!
//! Messages end with CR LF; a frame holds one or several. `img` replaces all that is known of a
//! market, a field that is missing is unchanged, a size of 0 takes a level away. The resume tokens
//! `clk` and `initialClk` are opaque and not read.

mod definition;
mod levels;
mod market;
mod message;
mod runner;
mod stream;

pub use stream::Betfair;

antigravity_sdk::export!(Betfair);
