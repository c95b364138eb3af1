use super::{Board, EventFields, Reader, f64_of, number, text};
use antigravity_abi::PriceFormat;
use antigravity_core::{Direction, Packet, Timestamp, Transport};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

type Records = BTreeMap<String, Map<String, Value>>;

/// A channel of the present connection.
#[derive(Default, Clone)]
struct Channel {
    fields: Vec<String>,
    revision: String,
    snapshot: Option<Records>,
    done: bool,
    /// Snapshots that came to their end.
    whole: u32,
}

#[derive(Default)]
pub struct Isport {
    token: String,
    connection: String,
    channels: BTreeMap<String, Channel>,
    standing: BTreeMap<String, Records>,
    /// Channels of a socket of which a frame could not be read, until their next snapshot.
    missed: BTreeSet<String>,
}

impl Reader for Isport {
    fn read(&mut self, packet: &Packet) {
        if let Some(token) = token(packet)
            && token != self.token
        {
            self.token = token;
            self.standing.clear();
        }
        if packet.transport != Transport::WebSocket || packet.direction != Direction::Received {
            return;
        }
        if *packet.connection != *self.connection {
            self.connection = packet.connection.to_string();
            self.channels.clear();
        }
        let Some(json) = text(packet).strip_prefix("42") else { return };
        let message: Value = serde_json::from_str(json).unwrap();
        if message[0] == "m" {
            self.message(
                message[1].as_str().unwrap(),
                message[2].as_array().unwrap(),
                message[3].as_str().unwrap(),
            );
        }
    }

    fn board(&self) -> Board {
        let mut board = Board::new();
        for (name, records) in &self.standing {
            let gap = self.missed.contains(name);
            for odds in records.values().filter(|record| record["type"] == "o") {
                odds_quotes(records, odds, gap, &mut board);
            }
        }
        board
    }
}

/// The token in a path, never in a query.
fn token(packet: &Packet) -> Option<String> {
    let address = if packet.transport == Transport::WebSocket { packet.page.as_ref()? } else { &packet.url };
    let path = address.split('?').next()?;
    let start = path.to_lowercase().find("/(s(")? + 4;
    path[start..].split(')').next().map(str::to_owned)
}

fn key(record: &Map<String, Value>) -> Option<String> {
    let kind = record["type"].as_str()?.trim_start_matches('-').trim_start_matches('d').to_owned();
    let name = match kind.as_str() {
        "l" => "leagueid",
        "m" => "matchid",
        "o" => "oddsid",
        _ => return None,
    };
    Some(format!("{kind}{}", record[name]))
}

impl Isport {
    fn message(&mut self, name: &str, rows: &[Value], revision: &str) {
        let before = self.channels.entry(name.to_owned()).or_default().clone();
        let mut channel = before.clone();
        let mut standing = self.standing.get(name).cloned().unwrap_or_default();
        if channel.done && channel.snapshot.is_none() && channel.revision == revision {
            return;
        }
        channel.revision = revision.to_owned();
        for row in rows {
            // An index without a name: the frame does not count, and what it said is missing. Not so
            // before the channel's snapshot, which says it all.
            if apply(&mut channel, &mut standing, row.as_array().unwrap()).is_none() {
                if before.done || before.snapshot.is_some() {
                    self.missed.extend(self.channels.keys().cloned());
                }
                return;
            }
        }
        if channel.whole != before.whole {
            self.missed.remove(name);
        }
        self.channels.insert(name.to_owned(), channel);
        self.standing.insert(name.to_owned(), standing);
    }
}

fn apply(channel: &mut Channel, standing: &mut Records, row: &[Value]) -> Option<()> {
    match row[0].as_str() {
        Some("c") => return Some(()),
        Some("f") => {
            let offset = row[1].as_u64().unwrap() as usize;
            for (index, name) in row[2].as_array().unwrap().iter().enumerate() {
                let name = match name.as_u64() {
                    Some(n) => channel.fields[n as usize - offset - index].clone(),
                    None => name.as_str().unwrap().to_owned(),
                };
                channel.fields.truncate(offset + index);
                channel.fields.push(name);
            }
            return Some(());
        }
        _ => {}
    }
    let mut record = Map::new();
    for pair in row.chunks(2) {
        let name = channel.fields.get(pair[0].as_u64().unwrap() as usize)?;
        record.insert(name.clone(), pair[1].clone());
    }
    match record["type"].as_str().unwrap_or_default() {
        "reset" | "empty" => channel.snapshot = Some(Records::new()),
        "done" => {
            if let Some(records) = channel.snapshot.take() {
                *standing = records;
                channel.done = true;
                channel.whole += 1;
            }
        }
        _ if channel.snapshot.is_none() && !channel.done => {}
        kind => {
            let deleted = kind.starts_with('-') || kind.starts_with('d');
            let Some(key) = key(&record) else { return Some(()) };
            let records = channel.snapshot.as_mut().unwrap_or(standing);
            if deleted {
                records.remove(&key);
                if key.starts_with('m') {
                    records.retain(|_, other| other["type"] != "o" || other["matchid"] != record["matchid"]);
                }
            } else {
                let merged = records.entry(key).or_default();
                merged.extend(record);
            }
        }
    }
    Some(())
}

fn odds_quotes(records: &Records, odds: &Map<String, Value>, gap: bool, board: &mut Board) {
    if odds["oddsstatus"] == "closePrice" {
        return;
    }
    let open = odds["oddsstatus"] == "running";
    let found = &records[&format!("m{}", odds["matchid"])];
    let league = &records[&format!("l{}", found["leagueid"])];
    let name = |value: &Value| value.as_str().map(str::to_owned);
    let event = EventFields {
        id: number(&found["matchid"]).unwrap(),
        competition: name(&league["leaguenameen"]),
        home: name(&found["hteamnameen"]),
        away: name(&found["ateamnameen"]),
        starts_at: Some(Timestamp::from_nanos(found["kickofftime"].as_i64().unwrap() * 1_000_000_000)),
        in_play: found["marketid"] == "L",
        score: (found["marketid"] == "L")
            .then(|| format!("{}-{}", found["livehomescore"], found["liveawayscore"])),
        max_stake: number(&odds["maxbet"]).map(|text| text.parse().unwrap()),
        gap,
    };
    let price = |name: &str| number(&odds[name]).filter(|_| open).map(|text| text.parse().unwrap());
    let id = number(&odds["oddsid"]).unwrap();
    let bet = odds["bettype"].as_u64().unwrap();
    let period = if bet < 7 { "full-time" } else { "first-half" };
    match bet {
        1 | 7 => {
            let line = f64_of(&odds["hdp2"]).unwrap() - f64_of(&odds["hdp1"]).unwrap();
            let prices = [("home", price("odds1a")), ("away", price("odds2a"))];
            event.market(board, (&id, "asian-handicap", period), Some(line), PriceFormat::Malay, &prices);
        }
        3 | 8 => {
            let prices = [("over", price("odds1a")), ("under", price("odds2a"))];
            event.market(board, (&id, "total", period), f64_of(&odds["hdp1"]), PriceFormat::Malay, &prices);
        }
        5 | 15 => {
            let prices = [("home", price("com1")), ("draw", price("comx")), ("away", price("com2"))];
            event.market(board, (&id, "match-result", period), None, PriceFormat::Decimal, &prices);
        }
        other => panic!("bet type {other}"),
    }
}
