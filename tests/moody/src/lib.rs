//! An adapter that behaves as a word in its file says: tests write another word, and have another version.
//!
//! ```text
//! GET …/feed/moody/…    {"id":"77","home":"…","away":"…","odds":["1.91","2.02"]}
//! ```

#![allow(clippy::panic)] // that is what it is for

use antigravity_sdk::prelude::*;
use std::collections::HashMap;

/// Seven letters behind the mark.
static MOOD: [u8; 12] = *b"mood:steady ";

const KEYS: [Key; 4] = [Key::new("id"), Key::new("home"), Key::new("away"), Key::new("odds")];

/// All events of a page, each with two prices.
#[derive(Debug, Default)]
pub struct Moody {
    events: HashMap<String, (EventPlace, LinePlace)>,
    packets: u32,
}

impl Adapter for Moody {
    fn contract() -> Contract {
        contract("moody", "0.1.0", Profile::AutoPush).prices(&[PriceFormat::Decimal]).endpoint(
            http("odds", "**/feed/moody/**").schema(
                r#"{"type":"object","required":["id","odds"],"properties":{"odds":{"type":"array"}}}"#,
            ),
        )
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        // What the file says now, not what the compiler saw.
        let mood = std::hint::black_box(MOOD);
        let mood = std::str::from_utf8(&mood[5..]).unwrap_or_default().trim_end();
        self.packets += 1;
        let later = packet.at() > 800_000_000;
        match mood {
            "traps" => panic!("as told"),
            "spins" => spin(),
            "refuses" => return Err(bad("mood")),
            "passes" => return Ok(Outcome::NotMine),
            "breaks" if later => panic!("as told"),
            _ => {}
        }
        let [id, home, away, odds] = packet.json()?.fields(KEYS);
        let id = id.and_then(Value::text).ok_or_else(|| missing("id"))?;
        let (mut home, mut away) = (home.and_then(Value::str), away.and_then(Value::str));
        if mood == "swaps" {
            std::mem::swap(&mut home, &mut away);
        }
        let (home, away) = (home.as_deref(), away.as_deref());
        if mood == "booms" && home == Some("boom") {
            panic!("as told");
        }
        let info = EventInfo { id: &id, sport: Some("soccer"), home, away, ..EventInfo::default() };
        let (event, line) = self.events.entry(id.to_string()).or_default();
        let event = event.show(sheet, &info);
        let line = line.show(sheet, event, &LineSpec::new(&id, Market::Moneyline, Period::FULL_TIME));
        let odds = odds.ok_or_else(|| missing("odds"))?;
        for (selection, price) in [Selection::Home, Selection::Away].into_iter().zip(odds.items()) {
            let jumps = mood == "jumps" || (mood == "drifts" && later);
            let price = if jumps { Decimal::new(50, 1) } else { price.decimal() };
            if !(mood == "drops" && selection == Selection::Away) {
                sheet.offer(line, selection, PriceFormat::Decimal, price);
            }
        }
        // Whatever comes later names what it needs.
        if self.packets.is_multiple_of(50) {
            sheet.snapshot_complete();
        }
        Ok(Outcome::Parsed)
    }
}

fn spin() {
    let mut x = 1u64;
    while x != 0 {
        x = std::hint::black_box(x.wrapping_mul(3) | 1);
    }
}

antigravity_sdk::export!(Moody);
