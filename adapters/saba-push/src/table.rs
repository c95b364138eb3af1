//! Field tables: what the numbers in a row stand for. Learned from the stream, never known before.
//!
//! | row | meaning |
//! |---|---|
//! | `["c",…]` | a cursor: skipped |
//! | `["f",offset,[names]]` | `names` take the places from `offset` on; the rest of the table stays |
//! | `[index,value,index,value,…]` | a record: each index is a place in the table |
//!
//! A name may be a number `n`: a back-reference. At position `i` of its list it stands for the name
//! that is then at place `n - offset - i`; names of the same list that come before it count. So
//! `["f",4,[7]]` after `["f",0,["type","matchid","oddsid","odds1a"]]` puts `odds1a` at place 4 too.
//!
//! A record says its kind in its field `type`, wherever the table puts that.

use antigravity_sdk::prelude::*;
use std::ops::Range;

/// Places a table may have. Real ones stay below 200; the limit keeps a wild offset from taking memory.
const MAX_FIELDS: usize = 4096;

/// What a place of the table means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Type,
    LeagueId,
    LeagueName,
    MatchId,
    Home,
    Away,
    KickOff,
    MarketId,
    LiveIndicator,
    SportType,
    HomeScore,
    AwayScore,
    OddsId,
    BetType,
    OddsStatus,
    Odds1,
    Odds2,
    Handicap1,
    Handicap2,
    Home1x2,
    Draw1x2,
    Away1x2,
    MaxBet,
    /// A name that is not read.
    Other,
}

impl Field {
    fn named(name: &str) -> Self {
        match name {
            "type" => Self::Type,
            "leagueid" => Self::LeagueId,
            "leaguenameen" => Self::LeagueName,
            "matchid" => Self::MatchId,
            "hteamnameen" => Self::Home,
            "ateamnameen" => Self::Away,
            "kickofftime" => Self::KickOff,
            "marketid" => Self::MarketId,
            "liveindicator" => Self::LiveIndicator,
            "sporttype" => Self::SportType,
            "livehomescore" => Self::HomeScore,
            "liveawayscore" => Self::AwayScore,
            "oddsid" => Self::OddsId,
            "bettype" => Self::BetType,
            "oddsstatus" => Self::OddsStatus,
            "odds1a" => Self::Odds1,
            "odds2a" => Self::Odds2,
            "hdp1" => Self::Handicap1,
            "hdp2" => Self::Handicap2,
            "com1" => Self::Home1x2,
            "comx" => Self::Draw1x2,
            "com2" => Self::Away1x2,
            "maxbet" => Self::MaxBet,
            _ => Self::Other,
        }
    }
}

/// The table of one channel on one connection. A place that was never named is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    places: Vec<Option<Field>>,
}

impl Table {
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn get(&self, place: i64) -> Option<Field> {
        usize::try_from(place).ok().and_then(|place| self.places.get(place).copied().flatten())
    }

    /// Takes in a row `["f",offset,[names]]`.
    fn learn(&mut self, row: Value<'_>) -> Result<(), Rejection> {
        let mut items = row.items().skip(1);
        let offset = items.next().and_then(Value::u64).and_then(|offset| usize::try_from(offset).ok());
        let names = items.next().filter(|names| names.kind() == Kind::Array);
        let (Some(offset), Some(names)) = (offset, names) else { return Err(bad("field table")) };
        let end = offset.saturating_add(names.len());
        if end > MAX_FIELDS {
            return Err(reject(Reason::BadValue, format!("field table: more than {MAX_FIELDS} places")));
        }
        if self.places.len() < end {
            self.places.resize(end, None);
        }
        for (name, place) in names.items().zip(offset..) {
            self.places[place] = Some(self.name(name, place)?);
        }
        Ok(())
    }

    /// What a name of the list puts at `place`.
    #[allow(clippy::cast_possible_wrap)] // a place is below 4096
    fn name(&self, name: Value<'_>, place: usize) -> Result<Field, Rejection> {
        match name.kind() {
            Kind::String => name.str().map(|name| Field::named(&name)).ok_or_else(|| bad("field name")),
            Kind::Number => name.i64().and_then(|n| self.get(n - place as i64)).ok_or_else(|| {
                reject(Reason::UnknownField, format!("no name to refer back to at place {place}"))
            }),
            _ => Err(bad("field name")),
        }
    }
}

/// The records that are read. Others (`b`, `st`, `sp`, numbers …) say nothing about odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    League,
    Match,
    LiveScore,
    Odds,
}

/// One row that is neither a cursor nor a field table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `reset` or `empty`: a snapshot begins with nothing in it.
    Reset,
    /// The snapshot is whole.
    Done,
    /// The fields told here are merged into the record with their key.
    Put(Record, Range<usize>),
    Delete(Record, Range<usize>),
    /// A kind that is not read.
    Foreign,
    Bad(&'static str),
}

/// A frame's rows with their places resolved.
#[derive(Clone, Debug, Default)]
pub struct Decoded<'a> {
    pub entries: Vec<Entry>,
    fields: Vec<(Field, Value<'a>)>,
    /// The table after the frame, where the frame changed it.
    pub table: Option<Table>,
    /// The frame begins a snapshot and brings the whole table for it.
    pub self_contained: bool,
}

impl<'a> Decoded<'a> {
    /// Resolves all rows of a frame by `table`, which stays as it is.
    ///
    /// # Errors
    /// `unknown-field` where a row uses a place that the table does not have: the schema is not the
    /// one that was learned, so nothing in the frame can be trusted.
    pub fn read(table: &Table, rows: Value<'a>) -> Result<Self, Rejection> {
        let mut decoded = Self { entries: Vec::with_capacity(rows.len()), ..Self::default() };
        // The table that the frame gives by itself, for a reader that knows nothing before it.
        let mut alone = Some(Table::default());
        for row in rows.items() {
            match row.items().next().and_then(|first| first.str()).as_deref() {
                Some("c") => {}
                Some("f") => {
                    decoded.table.get_or_insert_with(|| table.clone()).learn(row)?;
                    alone = alone.and_then(|mut alone| alone.learn(row).is_ok().then_some(alone));
                }
                Some(control) => {
                    return Err(reject(Reason::UnknownField, format!("unknown row `{control}`")));
                }
                None => {
                    let current = decoded.table.as_ref().unwrap_or(table);
                    let entry = record(current, row, &mut decoded.fields)?;
                    if decoded.entries.is_empty() {
                        decoded.self_contained = entry == Entry::Reset && alone.as_ref() == Some(current);
                    }
                    decoded.entries.push(entry);
                }
            }
        }
        Ok(decoded)
    }

    /// The fields of a record, in the row's order; a later one of the same name wins.
    pub fn fields(&self, range: &Range<usize>) -> &[(Field, Value<'a>)] {
        self.fields.get(range.clone()).unwrap_or(&[])
    }
}

/// Whether a frame brings a field table.
pub fn has_table(rows: Value<'_>) -> bool {
    rows.items().any(|row| row.items().next().and_then(Value::plain) == Some(b"f"))
}

fn record<'a>(
    table: &Table,
    row: Value<'a>,
    fields: &mut Vec<(Field, Value<'a>)>,
) -> Result<Entry, Rejection> {
    let start = fields.len();
    let mut kind = None;
    let mut items = row.items();
    let mut whole = true;
    while let Some(place) = items.next() {
        let Some(field) = place.i64().and_then(|place| table.get(place)) else {
            let place = place.text().unwrap_or_default();
            return Err(reject(Reason::UnknownField, format!("the field table has no place `{place}`")));
        };
        let Some(value) = items.next() else {
            whole = false;
            break;
        };
        match field {
            Field::Type => kind = Some(value),
            Field::Other => {}
            _ => fields.push((field, value)),
        }
    }
    let range = start..fields.len();
    Ok(match kind {
        _ if !whole => Entry::Bad("a row ends with a place and no value"),
        Some(kind) => entry(kind, range),
        None => Entry::Bad("a row without `type`"),
    })
}

fn entry(kind: Value<'_>, fields: Range<usize>) -> Entry {
    if kind.kind() != Kind::String {
        return Entry::Foreign;
    }
    match kind.plain() {
        Some(b"reset" | b"empty") => Entry::Reset,
        Some(b"done") => Entry::Done,
        Some(b"o") => Entry::Put(Record::Odds, fields),
        Some(b"m") => Entry::Put(Record::Match, fields),
        Some(b"ls") => Entry::Put(Record::LiveScore, fields),
        Some(b"l") => Entry::Put(Record::League, fields),
        Some(b"-o" | b"do") => Entry::Delete(Record::Odds, fields),
        Some(b"-m" | b"dm") => Entry::Delete(Record::Match, fields),
        _ => Entry::Foreign,
    }
}
