//! An adapter of a plain feed of objects with named members, the commonest shape of all:
//! `{"events":[{"id":1,"league":"…","home":"…","away":"…","markets":[{"id":7,"type":"ah",
//! "line":-0.25,"odds":[{"side":"home","price":1.95,"max":500},…]}]}]}`.

use antigravity_sdk::prelude::*;
use rustc_hash::FxHashMap;

#[derive(Default)]
pub struct Feed {
    events: FxHashMap<u64, (EventPlace, Seen)>,
    markets: FxHashMap<u64, LinePlace>,
}

const EVENTS: Key = Key::new("events");
const EVENT: [Key; 5] =
    [Key::new("id"), Key::new("league"), Key::new("home"), Key::new("away"), Key::new("markets")];
const MARKET: [Key; 4] = [Key::new("id"), Key::new("type"), Key::new("line"), Key::new("odds")];
const SIDES: [Key; 5] =
    [Key::new("home"), Key::new("draw"), Key::new("away"), Key::new("over"), Key::new("under")];
const SELECTIONS: [Selection; 5] =
    [Selection::Home, Selection::Draw, Selection::Away, Selection::Over, Selection::Under];
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
        let (place, seen) = self.events.entry(id?.u64()?).or_default();
        let parts = [id, league, home, away].map(|part| part.and_then(Value::plain).unwrap_or(b""));
        let event = match place.current().filter(|_| seen.is(parts)) {
            Some(event) => event,
            None => {
                seen.keep(parts);
                show(place, [id?, home?, away?], league, sheet)?
            }
        };
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
            let selection = SELECTIONS[side?.one_of(SIDES)?];
            sheet.offer(shown, selection, PriceFormat::Decimal, price.and_then(Value::decimal));
        }
        Some(())
    }
}

fn show(
    place: &mut EventPlace,
    [id, home, away]: [Value<'_>; 3],
    league: Option<Value<'_>>,
    sheet: &mut Sheet,
) -> Option<Event> {
    let (league, home, away) = (league.and_then(Value::str), home.str()?, away.str()?);
    let info = EventInfo {
        id: &id.text()?,
        sport: Some("soccer"),
        competition: league.as_deref(),
        home: Some(&home),
        away: Some(&away),
        ..EventInfo::default()
    };
    Some(place.show(sheet, &info))
}

antigravity_sdk::export!(Feed);
