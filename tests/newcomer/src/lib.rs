//! The smallest adapter: somebody adds it to a host that was built before.
//!
//! ```text
//! GET …/feed/livegames/…    {"id":"77","home":"…","away":"…","odds":["1.91","2.02"]}
//! ```

use antigravity_sdk::prelude::*;

const KEYS: [Key; 4] = [Key::new("id"), Key::new("home"), Key::new("away"), Key::new("odds")];

/// It shows one event at a time.
#[derive(Debug, Default)]
pub struct Newcomer {
    event: EventPlace,
    line: LinePlace,
}

impl Adapter for Newcomer {
    fn contract() -> Contract {
        contract("newcomer", "0.1.0", Profile::AutoPush).prices(&[PriceFormat::Decimal]).endpoint(
            http("odds", "**/feed/livegames/**").schema(
                r#"{"type":"object","required":["id","odds"],"properties":{"odds":{"type":"array"}}}"#,
            ),
        )
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let [id, home, away, odds] = packet.json()?.fields(KEYS);
        let id = id.and_then(Value::text).ok_or_else(|| missing("id"))?;
        let (home, away) = (home.and_then(Value::str), away.and_then(Value::str));
        let (home, away) = (home.as_deref(), away.as_deref());
        let info = EventInfo { id: &id, sport: Some("soccer"), home, away, ..EventInfo::default() };
        let event = self.event.show(sheet, &info);
        let line = self.line.show(sheet, event, &LineSpec::new(&id, Market::Moneyline, Period::FULL_TIME));
        let odds = odds.ok_or_else(|| missing("odds"))?;
        for (selection, price) in [Selection::Home, Selection::Away].into_iter().zip(odds.items()) {
            sheet.offer(line, selection, PriceFormat::Decimal, price.decimal());
        }
        Ok(Outcome::Parsed)
    }
}

antigravity_sdk::export!(Newcomer);
