//! AFB88: after something happened in the page, its socket sends a whole list of rows (full) and
//! then what changes in it (increments).
//!
//! ```text
//! wss://…/fnOddsGen?wst=wsSocAllGen&g=1&ot=r&accType=ID&LID=…
//! [header, ?, deletes, leagues, rows, patches]
//! header   [1,"…","r",…]                         1 = full, else increment; session; list r, t or e
//! deletes  [21000102,…]                          odds ids
//! leagues  [[70011,"TEST LEAGUE",0,400,[row,…]],…]  or  [[[70011,"TEST LEAGUE",…],[row,…]],…]
//! rows     [row,…]                               whole rows that replace rows
//! patches  [[21000101,[24,25],[-13.5,11.3]],…]   odds id, positions, values
//! row      [21000101,0,21000117,"0 - 0",…]       63 or 64 positions
//! ```

mod event;
mod format;
mod frame;
mod market;
mod row;

use antigravity_sdk::Activation;
use antigravity_sdk::prelude::*;
use frame::{Book, Frame};

#[derive(Debug, Default)]
pub struct Afb88 {
    book: Book,
}

impl Adapter for Afb88 {
    fn contract() -> Contract {
        let socket = |name: &str| websocket(name, "**/fnOddsGen");
        let noise = |name: &str, path: &str, content| http(name, path).content(content);
        contract("afb88", "0.1.0", Profile::EventDriven)
            .prices(&[
                PriceFormat::Indonesian,
                PriceFormat::Malay,
                PriceFormat::HongKong,
                PriceFormat::Decimal,
            ])
            .stale_after_ms(75_000)
            .confirmed_by_connection()
            .activation(Activation::Navigate("**/Pub/wfMain01.html".into()))
            .endpoint(socket("odds").schema(
                r#"{"type":"array","minItems":3,"prefixItems":[{"type":"array","minItems":3,
                    "prefixItems":[{"type":"integer"},true,{"type":"string"}]}]}"#,
            ))
            .endpoint(socket("heartbeat-reply").content(Content::Heartbeat).texts(&["3"]))
            .endpoint(socket("heartbeat").content(Content::Heartbeat).sent().texts(&["1"]))
            .endpoint(
                socket("subscribe")
                    .content(Content::Session)
                    .sent()
                    .prefix("01")
                    .schema(r#"{"type":"array"}"#),
            )
            .endpoint(noise("main", "**/pgMain", Content::Heartbeat))
            .endpoint(noise("bet-slip", "**/api/pgBetOdds", Content::Session).methods(&["POST"]))
            .secret("odds: /0/1")
            .secret("subscribe: /*/token")
            .secret("subscribe: /*/um")
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let format = format::of_connection(packet)?;
        let frame = Frame::read(packet.json()?)?;
        self.book.apply(&frame, format, packet.at(), sheet)?;
        Ok(Outcome::Parsed)
    }
}

antigravity_sdk::export!(Afb88);
