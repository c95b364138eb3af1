//! `marketDefinition`: what a market is, and whether it trades. Always sent whole.

use antigravity_sdk::{Key, Market, Value, time};

/// Whether a market takes bets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trading {
    Open,
    /// `SUSPENDED`, or `INACTIVE`: its prices stand, none can be taken.
    Suspended,
    /// Settled: there is nothing any more.
    Closed,
}

/// What the market is quoted as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub market: Market,
    /// The name behind `other:`.
    pub other: Option<String>,
    /// Its runners have a handicap each, which is the line.
    pub handicap: bool,
}

/// What a definition says of the market; its runners are read by the market.
#[derive(Clone, Debug)]
pub struct Definition {
    pub trading: Trading,
    pub kind: Kind,
    /// Its prices are known to be odds.
    pub priced: bool,
    pub event_id: String,
    pub sport: Option<String>,
    pub title: Option<String>,
    /// Start of the market in nanoseconds since 1970-01-01T00:00:00Z.
    pub starts_at: Option<i64>,
    pub in_play: bool,
}

const KEYS: [Key; 10] = [
    Key::new("status"),
    Key::new("marketType"),
    Key::new("bettingType"),
    Key::new("eventId"),
    Key::new("eventTypeId"),
    Key::new("eventName"),
    Key::new("marketTime"),
    Key::new("inPlay"),
    Key::new("numberOfWinners"),
    Key::new("complete"),
];

impl Definition {
    /// # Errors
    /// The field that is missing or unknown.
    pub fn read(definition: Value<'_>) -> Result<Self, &'static str> {
        let [
            status,
            market_type,
            betting_type,
            event_id,
            sport,
            title,
            starts_at,
            in_play,
            winners,
            complete,
        ] = definition.fields(KEYS);
        let text = |value: Option<Value<'_>>| value.and_then(Value::text).map(|text| text.into_owned());
        let trading = match status.and_then(Value::plain) {
            Some(b"OPEN") => Trading::Open,
            Some(b"SUSPENDED" | b"INACTIVE") => Trading::Suspended,
            Some(b"CLOSED") => Trading::Closed,
            _ => return Err("marketDefinition: status"),
        };
        let (priced, handicap) = match betting_type.and_then(Value::plain) {
            None | Some(b"ODDS" | b"FIXED_ODDS") => (true, false),
            Some(b"ASIAN_HANDICAP_DOUBLE_LINE" | b"ASIAN_HANDICAP_SINGLE_LINE") => (true, true),
            // `LINE` and `RANGE` have points for prices; what those of another type are is not known.
            Some(_) => (false, false),
        };
        let market_type = text(market_type).ok_or("marketDefinition: marketType")?;
        // With another number of winners, or while runners may be added, no list of runners is complete.
        let one_wins =
            winners.and_then(Value::u64) == Some(1) && complete.and_then(Value::bool) == Some(true);
        let (market, other) = match market_type.as_str() {
            "WIN" if one_wins => (Market::Winner, None),
            "PLACE" => (Market::Place, None),
            _ => (Market::Other, Some(market_type)),
        };
        Ok(Self {
            trading,
            kind: Kind { market, other, handicap },
            priced,
            event_id: text(event_id).ok_or("marketDefinition: eventId")?,
            sport: text(sport).map(sport_of),
            title: text(title),
            starts_at: starts_at.and_then(Value::str).and_then(|text| time::rfc3339(&text)),
            in_play: in_play.and_then(Value::bool).ok_or("marketDefinition: inPlay")?,
        })
    }
}

/// Name of a sport by its event type.
fn sport_of(event_type: String) -> String {
    match event_type.as_str() {
        "1" => "soccer".to_owned(),
        "2" => "tennis".to_owned(),
        "7" => "horse-racing".to_owned(),
        "4339" => "greyhound-racing".to_owned(),
        _ => format!("other:{event_type}"),
    }
}
