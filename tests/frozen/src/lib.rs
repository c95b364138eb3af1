//! What the components beside this file (`0.1/`, `0.2/`) were built from: a made-up shop that uses something of
//! every part of the interface. Each was built with the SDK of its version, 0.1 from the same without the step, and is
//! never built again.
//!
//! ```text
//! POST …/shop/list?view=all     view=odds      {"id":7,"home":"…","away":"…","line":"-0.25","odds":["0.95","-0.99"]}
//! WebSocket …/shop/push         42{"bets":[["1.90","100"],…],"lays":[["1.95","40"],…]}     3: heartbeat
//! SSE …/shop/race   event race  {"runner":"…","price":"4.5"|null} a line, a whole list of them
//! GET …/shop/notice             gap 9 · closed · other · login · text for people
//! ```

use antigravity_sdk::prelude::*;
use antigravity_sdk::{Activation, Depth, HandicapBasis, Level, scope_of};

const GAME: [Key; 5] =
    [Key::new("id"), Key::new("home"), Key::new("away"), Key::new("line"), Key::new("odds")];
const BOOK: [Key; 2] = [Key::new("bets"), Key::new("lays")];
const RUNNER: [Key; 2] = [Key::new("runner"), Key::new("price")];
/// One game at a time: the scope of everything of it.
const SCOPE: u64 = 9;

/// It shows one game, one book and one race.
#[derive(Debug, Default)]
pub struct Shop {
    game: EventPlace,
    handicap: LinePlace,
    book: LinePlace,
    depths: [Depth; 2],
    race: EventPlace,
    runners: Vec<(String, Line)>,
}

impl Adapter for Shop {
    fn contract() -> Contract {
        contract("frozen", env!("CARGO_PKG_VERSION"), Profile::EventDriven)
            .prices(&[PriceFormat::Malay, PriceFormat::Decimal])
            .stale_after_ms(15_000)
            .confirmed_by_connection()
            .handicaps(HandicapBasis::FromKickOff)
            .currency("EUR")
            .step("0.5")
            .activation(Activation::Click("#refresh".into()))
            .secret("list: /session/*")
            .endpoint(
                http("list", "**/shop/list")
                    .methods(&["POST"])
                    .query("view", Some("all"))
                    .form("view", None)
                    .schema(r#"{"type":"object","required":["id","odds"],"properties":{"odds":{"type":"array"}}}"#),
            )
            .endpoint(
                websocket("push", "**/shop/push").prefix("42").schema(r#"{"type":"object","required":["bets"]}"#),
            )
            .endpoint(websocket("beat", "**/shop/push").texts(&["2", "3"]).content(Content::Heartbeat))
            .endpoint(websocket("hello", "**/shop/push").sent().content(Content::Session))
            .endpoint(sse("race", "**/shop/race").event("race").framing(Framing::Lines))
            .endpoint(http("notice", "*/shop/notice").framing(Framing::Raw).content(Content::Fixtures))
            .endpoint(
                http("purse", "**/shop/purse")
                    .content(Content::Balance)
                    .request_schema(r#"{"type":"object","required":["purse"]}"#),
            )
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        match packet.endpoint() {
            0 => self.list(packet, sheet),
            1 => self.push(packet, sheet),
            4 => self.race(packet, sheet),
            _ => Self::notice(packet, sheet),
        }
    }
}

impl Shop {
    fn list(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let [id, home, away, line, odds] = packet.json()?.fields(GAME);
        let id = id.and_then(Value::text).ok_or_else(|| missing("id"))?;
        let odds = odds.ok_or_else(|| missing("odds"))?;
        let (home, away) = (home.and_then(Value::str), away.and_then(Value::str));
        let line = line.and_then(Value::decimal).ok_or_else(|| bad("line"))?;
        sheet.snapshot_begin(SCOPE);
        let info = EventInfo {
            id: &id,
            sport: Some("soccer"),
            competition: Some("Shop League"),
            home: home.as_deref(),
            away: away.as_deref(),
            score: Some("1-0"),
            starts_at: Some(1_767_225_600_000_000_000),
            in_play: true,
            ..EventInfo::default()
        };
        let event = self.game.show(sheet, &info);
        let spec = LineSpec::new("h1", Market::AsianHandicap, Period::FIRST_HALF)
            .line(line)
            .max_stake(Some(Decimal::int(500)))
            .scope(SCOPE);
        let line = self.handicap.show(sheet, event, &spec);
        for (at, selection) in [Selection::Home, Selection::Away].into_iter().enumerate() {
            sheet.offer(line, selection, PriceFormat::Malay, odds.at(at).and_then(Value::decimal));
        }
        sheet.snapshot_end(SCOPE);
        Ok(Outcome::Parsed)
    }

    fn push(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let Some(event) = self.game.current() else { return Ok(Outcome::Ignored(Reason::StaleCursor)) };
        let spec = LineSpec::new("b1", Market::Moneyline, Period::MATCH).scope(scope_of("book"));
        let line = self.book.show(sheet, event, &spec);
        let sides = packet.json()?.fields(BOOK).into_iter().zip([Side::Back, Side::Lay]);
        for ((levels, side), depth) in sides.zip(&mut self.depths) {
            let levels = levels.into_iter().flat_map(Value::items);
            let level = |level: Value<'_>| Some((level.at(0)?.figure()?, level.at(1)?.figure()?));
            let at = (line, Selection::Home, side);
            depth.show(sheet, at, PriceFormat::Decimal, Status::Open, levels.filter_map(level));
        }
        Ok(Outcome::Parsed)
    }

    fn race(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let scope = scope_of("race");
        let title = packet.query("race").ok_or_else(|| missing("race"))?;
        let info = EventInfo {
            id: &title,
            sport: Some("horse-racing"),
            title: Some(&title),
            ..EventInfo::default()
        };
        let race = self.race.show(sheet, &info);
        sheet.snapshot_begin(scope);
        for runner in packet.documents() {
            let [name, price] = runner.fields(RUNNER);
            let Some(name) = name.and_then(Value::str) else {
                sheet.bad_row("a runner has no name");
                continue;
            };
            let known = self.runners.iter().find(|(runner, _)| *runner == name).map(|(_, line)| *line);
            let line = known.unwrap_or_else(|| {
                let spec = LineSpec::new("w1", Market::Winner, Period::MATCH).runner(&name).scope(scope);
                let line = sheet.define_line(race, &spec);
                self.runners.push((name.into_owned(), line));
                line
            });
            sheet.offer(line, Selection::Runner, PriceFormat::Decimal, price.and_then(Value::decimal));
        }
        sheet.snapshot_end(scope);
        Ok(Outcome::Parsed)
    }

    fn notice(packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        match packet.text().trim() {
            "gap 9" => sheet.gap(SCOPE),
            "closed" => sheet.remove_all(),
            "other" => return Ok(Outcome::NotMine),
            "login" => return Err(reject(Reason::LoggedOut, "a notice to log in")),
            text => sheet.log(Level::Warn, text),
        }
        Ok(Outcome::Parsed)
    }
}

antigravity_sdk::export!(Shop);
