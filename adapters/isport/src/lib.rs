//! ISPORT: SABA's desktop skin behind a page whose path carries a session.
//!
//! The page is `https://<rotating host>/(S(<token>))/EntryIndex/OpenSports`; its odds come by a
//! Socket.IO socket, one frame of rows at a time:
//!
//! ```text
//! 42["m","b14",[
//!   ["c","c0","43a7…"],                                            a cursor, skipped
//!   ["f",0,["type","bettype","matchid","oddsid","oddsstatus",…]],  the field table
//!   [0,"reset"],                                                   a snapshot begins
//!   [0,"l",20,77,21,"Some League"],                                flat index, value pairs
//!   [0,"m",2,5001,20,77,22,"Home FC",23,"Away FC",24,1790000000,25,"T"],
//!   [0,"o",3,9001,2,5001,1,1,4,"running",11,0.95,12,-0.99,13,0.25,14,0],
//!   [0,"done"]                                                     and is whole
//! ],"CrRG"]
//! ```
//!
//! Which number stands for which field is learned from the stream ([`table`]); channels, sockets and
//! snapshots are in [`state`], records in [`record`], what they show in [`book`]. Nothing here knows of
//! the page: the host hands over what comes from a page with a session.

pub mod book;
pub mod record;
pub mod socket;
pub mod state;
pub mod table;

use antigravity_sdk::prelude::*;

/// The adapter.
#[derive(Debug, Default)]
pub struct Isport {
    push: state::Push,
}

impl Adapter for Isport {
    fn contract() -> Contract {
        let page = |name: &str, path: &str, content| http(name, path).content(content).framing(Framing::Raw);
        let contract = contract("isport", env!("CARGO_PKG_VERSION"), Profile::PathSession)
            .prices(&[PriceFormat::Malay, PriceFormat::Decimal])
            .confirmed_by_connection()
            .stale_after_ms(60_000);
        socket::declare(contract)
            .endpoint(page("keep-alive", "**/Statement/BetListMini", Content::Heartbeat))
            .endpoint(page("check-session", "**/CheckSession", Content::Session))
            .endpoint(page("heartbeat", "**/Heartbeat", Content::Heartbeat))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        self.push.read(packet, sheet)
    }
}

antigravity_sdk::export!(Isport);
