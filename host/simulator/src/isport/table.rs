//! The field table of one channel: names are sent once, then only their numbers.

use crate::traffic::quoted;
use fastrand::Rng;

/// Names as SABA has them. `type` is always number 0; the others are shuffled.
const NAMES: [&str; 34] = [
    "bettype",
    "matchid",
    "oddsid",
    "parenttypeid",
    "oddsstatus",
    "liveindicator",
    "depspread",
    "cs90",
    "oddsspreada",
    "maxbet",
    "leagueid",
    "leaguenameen",
    "leaguegroupid",
    "sporttype",
    "hteamnameen",
    "ateamnameen",
    "homeid",
    "awayid",
    "kickofftime",
    "marketid",
    "eventstatus",
    "injurytime",
    "odds1a",
    "odds2a",
    "hdp1",
    "hdp2",
    "com1",
    "comx",
    "com2",
    "siteid",
    "enable",
    "isPeakHour",
    "livehomescore",
    "liveawayscore",
];

/// The name that has a second number, behind all others.
const ALIASED: &str = "odds1a";

/// Numbers of the fields in one channel of one connection.
#[derive(Clone, Debug)]
pub struct Table {
    names: Vec<&'static str>,
}

/// One record or change: type, then fields.
pub type Fields = Vec<(&'static str, String)>;

impl Table {
    pub fn new(rng: &mut Rng) -> Self {
        let mut names = NAMES.to_vec();
        rng.shuffle(&mut names);
        names.insert(0, "type");
        Self { names }
    }

    /// Two rows: names from 0, then the rest, of which the last is a number: a second place for a
    /// name that is there already, as `place + offset + position` of the row.
    pub fn declaration(&self) -> [String; 2] {
        let cut = self.names.len() * 2 / 3;
        let (first, rest) = self.names.split_at(cut);
        let list = |names: &[&str]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
        let back = self.place(ALIASED) + cut + rest.len();
        [format!("[\"f\",0,[{}]]", list(first)), format!("[\"f\",{cut},[{},{back}]]", list(rest))]
    }

    /// The highest number with a name is that of the second place.
    pub fn unknown(&self) -> usize {
        self.names.len() + 1
    }

    pub fn row(&self, kind: &str, fields: &Fields, rng: &mut Rng) -> String {
        let mut row = format!("[0,{}", quoted(kind));
        for (name, value) in fields {
            let second = *name == ALIASED && rng.bool();
            let place = if second { self.names.len() } else { self.place(name) };
            row.push_str(&format!(",{place},{value}"));
        }
        row.push(']');
        row
    }

    /// Every name used here is in the list above; 0 is `type`.
    fn place(&self, name: &str) -> usize {
        self.names.iter().position(|n| *n == name).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random;

    #[test]
    fn tables_differ_and_declare_themselves() {
        let mut rng = random::stream(1, "table");
        let (a, b) = (Table::new(&mut rng), Table::new(&mut rng));
        assert_ne!(a.names, b.names);
        assert_eq!(a.names[0], "type");
        let rows = a.declaration().map(|row| serde_json::from_str::<serde_json::Value>(&row).unwrap());
        let offset = rows[1][1].as_u64().unwrap();
        let rest = rows[1][2].as_array().unwrap();
        let position = rest.len() as u64 - 1;
        let aliased = rest[position as usize].as_u64().unwrap() - offset - position;
        assert_eq!(a.names[aliased as usize], "odds1a");
        assert_eq!(offset + position, a.names.len() as u64);
    }

    #[test]
    fn every_name_has_a_place() {
        let table = Table::new(&mut random::stream(1, "table"));
        assert!(NAMES.iter().all(|name| table.place(name) > 0));
        assert!(table.unknown() > table.names.len());
    }
}
