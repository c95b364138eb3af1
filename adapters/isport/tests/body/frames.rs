//! Frames as the push sends them, from names instead of places.

use antigravity_adapter_isport::Isport;
use antigravity_sdk::testing::{Input, Quote, Reading, Session};
use serde_json::{Value, json};

/// A field table: a name's place is its number in the list.
#[derive(Clone, Copy)]
pub struct Layout(pub &'static [&'static str]);

/// An order of one channel …
pub const ONE: Layout = Layout(&[
    "type",
    "bettype",
    "matchid",
    "oddsid",
    "parenttypeid",
    "oddsstatus",
    "liveindicator",
    "depspread",
    "cs90",
    "odds1a",
    "odds2a",
    "hdp1",
    "hdp2",
    "com1",
    "comx",
    "com2",
    "maxbet",
    "leagueid",
    "leaguenameen",
    "hteamnameen",
    "ateamnameen",
    "kickofftime",
    "marketid",
    "sporttype",
    "livehomescore",
    "liveawayscore",
]);

/// … and another one of another channel, where not even `type` stands first.
pub const TWO: Layout = Layout(&[
    "maxbet",
    "liveawayscore",
    "ateamnameen",
    "hdp2",
    "kickofftime",
    "odds2a",
    "leagueid",
    "type",
    "oddsstatus",
    "com2",
    "matchid",
    "livehomescore",
    "comx",
    "marketid",
    "leaguenameen",
    "bettype",
    "odds1a",
    "sporttype",
    "oddsid",
    "hteamnameen",
    "hdp1",
    "com1",
    "liveindicator",
]);

impl Layout {
    pub fn table(self) -> Value {
        json!(["f", 0, self.0])
    }

    /// A row of this `type` with these fields.
    pub fn row(self, kind: &str, fields: Value) -> Value {
        let place =
            |name: &str| self.0.iter().position(|known| *known == name).expect("a name of the layout");
        let mut row = vec![json!(place("type")), json!(kind)];
        for (name, value) in fields.as_object().expect("fields by name") {
            row.extend([json!(place(name)), value.clone()]);
        }
        Value::Array(row)
    }

    pub fn reset(self) -> Value {
        self.row("reset", json!({}))
    }

    pub fn done(self) -> Value {
        self.row("done", json!({}))
    }

    /// League 7 with match 5001.
    pub fn fixture(self) -> [Value; 2] {
        [
            self.row("l", json!({"leagueid": 7, "leaguenameen": "North Cup"})),
            self.row(
                "m",
                json!({
                    "matchid": 5001, "leagueid": 7, "hteamnameen": "Alpha", "ateamnameen": "Beta",
                    "kickofftime": 1_790_000_000, "marketid": "T",
                }),
            ),
        ]
    }

    /// A handicap of match 5001: home gives a quarter.
    pub fn handicap(self, id: u64) -> Value {
        self.row(
            "o",
            json!({
                "oddsid": id, "matchid": 5001, "bettype": 1, "oddsstatus": "running",
                "odds1a": 0.95, "odds2a": -0.97, "hdp1": 0.25, "hdp2": 0,
            }),
        )
    }
}

/// The body of a frame, without its prefix `42`.
pub fn frame(channel: &str, rows: &[Value], revision: &str) -> String {
    json!(["m", channel, rows, revision]).to_string()
}

/// A snapshot in one frame: the fixture, then `offers`.
pub fn snapshot(layout: Layout, offers: &[Value]) -> Vec<Value> {
    let mut rows = vec![json!(["c", "c2", "43a7-r1"]), layout.table(), layout.reset()];
    rows.extend(layout.fixture());
    rows.extend(offers.iter().cloned());
    rows.push(layout.done());
    rows
}

#[derive(Default)]
pub struct Feed {
    session: Session<Isport>,
}

impl Feed {
    pub fn on(&mut self, connection: u32, body: &str) -> Reading {
        self.session.feed(Input { endpoint: "rows", body, connection, ..Input::default() })
    }

    /// What stands: offer, selection and price, with `!` where it is stale.
    pub fn quotes(&self) -> Vec<String> {
        let quote = |q: Quote| {
            let price = q.price.map_or("-".to_owned(), |price| price.to_string());
            format!("{} {} {price}{}", q.market_id, q.selection, if q.stale { "!" } else { "" })
        };
        self.session.quotes().map(quote).collect()
    }

    /// A packet is lost on the way.
    pub fn lose(&mut self) {
        self.session.lose();
    }

    pub fn rows(&mut self, connection: u32, channel: &str, rows: &[Value], revision: &str) -> Reading {
        self.on(connection, &frame(channel, rows, revision))
    }
}

/// The rows that begin with `word`.
pub fn only<'r>(reading: &'r Reading, word: &str) -> Vec<&'r str> {
    reading.rows.iter().map(String::as_str).filter(|row| row.starts_with(word)).collect()
}
