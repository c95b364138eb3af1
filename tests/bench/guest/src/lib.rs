//! An adapter of a plain feed of objects with named members, the commonest shape of all:
//! `{"events":[{"id":1,"league":"…","home":"…","away":"…","markets":[{"id":7,"type":"ah",
//! "line":-0.25,"odds":[{"side":"home","price":1.95,"max":500},…]}]}]}`.

use antigravity_sdk::prelude::*;
use rustc_hash::FxHashMap;

#[derive(Default)]
pub struct Feed {
    events: FxHashMap<u64, EventPlace>,
    markets: FxHashMap<u64, LinePlace>,
}

const EVENTS: Key = Key::new("events");
const EVENT: [Key; 5] =
    [Key::new("id"), Key::new("league"), Key::new("home"), Key::new("away"), Key::new("markets")];
const MARKET: [Key; 4] = [Key::new("id"), Key::new("type"), Key::new("line"), Key::new("odds")];
const ODDS: [Key; 2] = [Key::new("side"), Key::new("price")];

const SCHEMA: &str = r#"{"type":"object","required":["events"],"properties":{"events":{"type":"array","items":{
    "type":"object","required":["id","home","away","markets"],"properties":{"id":{"type":"integer"},
    "home":{"type":"string"},"away":{"type":"string"},"markets":{"type":"array","items":{"type":"object",
    "required":["id","type","odds"],"properties":{"id":{"type":"integer"},"odds":{"type":"array"}}}}}}}}}"#;

impl Adapter for Feed {
    fn contract() -> Contract {
        contract("feed", "0.1.0", Profile::AutoPush)
            .prices(&[PriceFormat::Decimal])
            .endpoint(http("odds", "/feed").schema(SCHEMA))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let events = packet.json()?.get(EVENTS).ok_or(missing("events"))?;
        sheet.snapshot_begin(0);
        for event in events.items() {
            if self.event(event, sheet).is_none() {
                sheet.bad_row("event");
            }
        }
        sheet.snapshot_end(0);
        sheet.snapshot_complete();
        Ok(Outcome::Parsed)
    }
}

impl Feed {
    fn event(&mut self, value: Value<'_>, sheet: &mut Sheet) -> Option<()> {
        let [id, league, home, away, markets] = value.fields(EVENT);
        let id = id?;
        let (league, home, away) = (league.and_then(Value::str), home?.str()?, away?.str()?);
        let info = EventInfo {
            id: &id.text()?,
            sport: Some("soccer"),
            competition: league.as_deref(),
            home: Some(&home),
            away: Some(&away),
            ..EventInfo::default()
        };
        let event = self.events.entry(id.u64()?).or_default().show(sheet, &info);
        for market in markets?.items() {
            if self.market(event, market, sheet).is_none() {
                sheet.bad_row("market");
            }
        }
        Some(())
    }

    fn market(&mut self, event: Event, value: Value<'_>, sheet: &mut Sheet) -> Option<()> {
        let [id, kind, line, odds] = value.fields(MARKET);
        let (id, line) = (id?, line.and_then(Value::decimal));
        let place = self.markets.entry(id.u64()?).or_default();
        let shown = match place.showing(line) {
            Some(shown) => shown,
            None => {
                let market = match kind?.plain()? {
                    b"ah" => Market::AsianHandicap,
                    b"ou" => Market::Total,
                    b"1x2" => Market::MatchResult,
                    _ => return None,
                };
                let text = id.text()?;
                let spec = LineSpec { line, ..LineSpec::new(&text, market, Period::FULL_TIME) };
                place.show(sheet, event, &spec)
            }
        };
        for quote in odds?.items() {
            let [side, price] = quote.fields(ODDS);
            let selection = match side?.plain()? {
                b"home" => Selection::Home,
                b"draw" => Selection::Draw,
                b"away" => Selection::Away,
                b"over" => Selection::Over,
                b"under" => Selection::Under,
                _ => return None,
            };
            sheet.offer(shown, selection, PriceFormat::Decimal, price.and_then(Value::decimal));
        }
        Some(())
    }
}

antigravity_sdk::export!(Feed);
