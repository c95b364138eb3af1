//! ISPORT: SABA's desktop skin behind a page whose path carries a session.
//!
//! The page is `https://<rotating host>/(S(<token>))/EntryIndex/OpenSports`; its odds come by SABA's push,
//! a Socket.IO socket that `antigravity_saba_push` reads. Nothing here knows of the page: the host hands
//! over what comes from a page with a session.

use antigravity_saba_push::{Push, socket};
use antigravity_sdk::prelude::*;

/// The adapter.
#[derive(Debug, Default)]
pub struct Isport {
    push: Push,
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
        self.push.read(packet, true, sheet)
    }
}

antigravity_sdk::export!(Isport);
