//! What a native engine would do: `serde_json` into types, then rows of its own.

use antigravity_abi::{Market, Selection};
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A row of a native engine. Nobody reads it here; making it is what is measured.
#[derive(Debug)]
#[allow(dead_code)] // nobody reads it
pub struct Row {
    pub event: u64,
    pub market: Market,
    pub line: f64,
    pub selection: Selection,
    pub price: f64,
    pub size: f64,
}

#[derive(Debug)]
#[allow(dead_code)] // as above
pub struct Event {
    pub id: u64,
    pub league: String,
    pub home: String,
    pub away: String,
}

/// What one body gives.
#[derive(Debug, Default)]
pub struct Read {
    pub events: Vec<Event>,
    pub rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Feed<'a> {
    #[serde(borrow)]
    events: Vec<FeedEvent<'a>>,
}

#[derive(Deserialize)]
struct FeedEvent<'a> {
    id: u64,
    league: &'a str,
    home: &'a str,
    away: &'a str,
    #[serde(borrow)]
    markets: Vec<FeedMarket<'a>>,
}

#[derive(Deserialize)]
struct FeedMarket<'a> {
    r#type: &'a str,
    line: f64,
    #[serde(borrow)]
    odds: Vec<FeedOdds<'a>>,
}

#[derive(Deserialize)]
struct FeedOdds<'a> {
    side: &'a str,
    price: f64,
    max: f64,
}

pub fn feed(body: &str) -> Result<Read, serde_json::Error> {
    let feed: Feed<'_> = serde_json::from_str(body)?;
    let mut read = Read::default();
    for event in &feed.events {
        read.events.push(named(event.id, event.league, event.home, event.away));
        for market in &event.markets {
            let kind = if market.r#type == "ah" { Market::AsianHandicap } else { Market::Total };
            for odds in &market.odds {
                let selection = match odds.side {
                    "home" => Selection::Home,
                    "away" => Selection::Away,
                    "over" => Selection::Over,
                    _ => Selection::Under,
                };
                let (line, price, size) = (market.line, odds.price, odds.max);
                read.rows.push(Row { event: event.id, market: kind, line, selection, price, size });
            }
        }
    }
    Ok(read)
}

fn named(id: u64, league: &str, home: &str, away: &str) -> Event {
    Event { id, league: league.to_owned(), home: home.to_owned(), away: away.to_owned() }
}

#[derive(Deserialize)]
struct Cmd<'a> {
    t: u64,
    a: bool,
    #[serde(borrow)]
    data: Vec<CmdRow<'a>>,
    #[serde(borrow)]
    today: Vec<CmdRow<'a>>,
}

/// Of ninety-one positions those that are read; the others are skipped by the parser.
#[derive(Default)]
struct CmdRow<'a> {
    id: u64,
    /// Full-time handicap and total, first half's.
    lines: [f64; 4],
    results: [f64; 6],
    home_gives: bool,
    league: &'a str,
    home: &'a str,
    away: &'a str,
    prices: [f64; 10],
}

impl<'de: 'a, 'a> Deserialize<'de> for CmdRow<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(CmdVisitor(PhantomData))
    }
}

struct CmdVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for CmdVisitor<'a> {
    type Value = CmdRow<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<CmdRow<'a>, A::Error> {
        let mut row = CmdRow::default();
        for position in 0..91 {
            match position {
                0 => row.id = next(&mut seq)?,
                10 => row.lines[0] = next(&mut seq)?,
                12 => row.lines[1] = next(&mut seq)?,
                14 => row.lines[2] = next(&mut seq)?,
                16 => row.lines[3] = next(&mut seq)?,
                17..=22 => row.results[position - 17] = next(&mut seq)?,
                24 => row.home_gives = next::<u8, _>(&mut seq)? == 1,
                37 => row.league = next(&mut seq)?,
                38 => row.home = next(&mut seq)?,
                39 => row.away = next(&mut seq)?,
                40..=49 => row.prices[position - 40] = next(&mut seq)?,
                _ => drop(next::<IgnoredAny, _>(&mut seq)?),
            }
        }
        Ok(row)
    }
}

fn next<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(seq: &mut A) -> Result<T, A::Error> {
    seq.next_element()?.ok_or_else(|| serde::de::Error::custom("too few positions"))
}

pub fn cmd368(body: &str) -> Result<Read, serde_json::Error> {
    let reply: Cmd<'_> = serde_json::from_str(body)?;
    let mut read = Read::default();
    if !reply.a || reply.t == 0 {
        return Ok(read);
    }
    for row in reply.data.iter().chain(&reply.today) {
        read.events.push(named(row.id, row.league, row.home, row.away));
        let sign = if row.home_gives { -1.0 } else { 1.0 };
        let two = [
            (Market::AsianHandicap, sign * row.lines[0], Selection::Home, Selection::Away),
            (Market::Total, row.lines[1], Selection::Over, Selection::Under),
            (Market::AsianHandicap, sign * row.lines[2], Selection::Home, Selection::Away),
            (Market::Total, row.lines[3], Selection::Over, Selection::Under),
            (Market::OddEven, 0.0, Selection::Odd, Selection::Even),
        ];
        for (i, (market, line, first, second)) in two.into_iter().enumerate() {
            for (selection, price) in [(first, row.prices[2 * i]), (second, row.prices[2 * i + 1])] {
                read.rows.push(Row { event: row.id, market, line, selection, price, size: 0.0 });
            }
        }
        for half in 0..2 {
            for (i, selection) in [Selection::Home, Selection::Away, Selection::Draw].into_iter().enumerate()
            {
                let (market, price) = (Market::MatchResult, row.results[3 * half + i]);
                read.rows.push(Row { event: row.id, market, line: 0.0, selection, price, size: 0.0 });
            }
        }
    }
    Ok(read)
}

#[derive(Deserialize)]
struct Message<'a> {
    op: &'a str,
    #[serde(default)]
    pt: u64,
    #[serde(default, borrow)]
    mc: Vec<MarketChange<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MarketChange<'a> {
    id: &'a str,
    #[serde(default)]
    img: bool,
    #[serde(borrow)]
    market_definition: Option<Definition<'a>>,
    #[serde(default)]
    rc: Vec<RunnerChange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition<'a> {
    event_id: &'a str,
    #[serde(borrow)]
    event_name: Option<Cow<'a, str>>,
    market_type: &'a str,
    status: &'a str,
    in_play: bool,
    market_time: &'a str,
    #[serde(borrow)]
    runners: Vec<Runner<'a>>,
}

#[derive(Deserialize)]
struct Runner<'a> {
    id: u64,
    status: &'a str,
}

#[derive(Deserialize)]
struct RunnerChange {
    id: u64,
    #[serde(default)]
    atb: Vec<(f64, f64)>,
    #[serde(default)]
    atl: Vec<(f64, f64)>,
    #[serde(default)]
    batb: Vec<(u8, f64, f64)>,
    #[serde(default)]
    batl: Vec<(u8, f64, f64)>,
    #[serde(default)]
    bdatb: Vec<(u8, f64, f64)>,
    #[serde(default)]
    bdatl: Vec<(u8, f64, f64)>,
    #[serde(default)]
    trd: Vec<(f64, f64)>,
    ltp: Option<f64>,
    tv: Option<f64>,
}

/// Every price and size of the messages of one frame; no book is kept.
pub fn betfair(body: &str) -> Result<Read, serde_json::Error> {
    let mut read = Read::default();
    for line in body.lines().filter(|line| !line.is_empty()) {
        let message: Message<'_> = serde_json::from_str(line)?;
        if message.op != "mcm" || message.pt == 0 {
            continue;
        }
        for change in &message.mc {
            if let Some(definition) = &change.market_definition {
                let title = definition.event_name.as_deref().unwrap_or("");
                let active = definition.runners.iter().filter(|r| r.status == "ACTIVE" && r.id > 0).count();
                let state =
                    if definition.in_play && active > 0 { definition.status } else { definition.market_type };
                read.events.push(named(active as u64, title, definition.event_id, state));
                read.events.push(named(u64::from(change.img), change.id, definition.market_time, ""));
            }
            for runner in &change.rc {
                let mut push = |selection, price, size| {
                    let (event, market) = (runner.id, Market::Winner);
                    read.rows.push(Row { event, market, line: 0.0, selection, price, size });
                };
                for (selection, levels) in [(Selection::Yes, &runner.atb), (Selection::No, &runner.atl)] {
                    levels.iter().for_each(|(price, size)| push(selection, *price, *size));
                }
                for (selection, levels) in [
                    (Selection::Yes, &runner.batb),
                    (Selection::No, &runner.batl),
                    (Selection::Yes, &runner.bdatb),
                    (Selection::No, &runner.bdatl),
                ] {
                    levels.iter().for_each(|(_, price, size)| push(selection, *price, *size));
                }
                runner.trd.iter().for_each(|(price, size)| push(Selection::Runner, *price, *size));
                if let (Some(price), size) = (runner.ltp, runner.tv.unwrap_or(0.0)) {
                    push(Selection::Runner, price, size);
                }
            }
        }
    }
    Ok(read)
}
