//! The records: what is known of a league, a match and an offer, merged field by field.

use crate::table::Field;
use antigravity_sdk::prelude::*;
use antigravity_sdk::{line, time};

/// A row that cannot be read, and why.
pub type Bad = &'static str;

type Fields<'f, 'a> = &'f [(Field, Value<'a>)];

/// The number under which records of one kind are merged.
pub fn key(fields: Fields<'_, '_>, field: Field) -> Result<u64, Bad> {
    let value = fields.iter().rev().find(|(name, _)| *name == field);
    value.and_then(|(_, value)| value.u64()).ok_or("a record without its key")
}

/// A text; `None` where it is null or empty.
pub fn text(value: Value<'_>) -> Result<Option<Box<str>>, Bad> {
    if value.is_null() {
        return Ok(None);
    }
    let text = value.str().ok_or("a name that is no text")?;
    Ok((!text.trim().is_empty()).then(|| text.into()))
}

/// A number; `None` where it is null or empty.
fn number(value: Value<'_>) -> Result<Option<Decimal>, Bad> {
    match value.plain() {
        Some(b"") => Ok(None),
        Some(digits) => Decimal::parse(digits).map(Some).map_err(|_| "a number that is none"),
        None if value.is_null() => Ok(None),
        None => Err("a number that is none"),
    }
}

/// A price; zero and -999 stand for none.
fn price(value: Value<'_>) -> Result<Option<Decimal>, Bad> {
    Ok(number(value)?.filter(|price| !price.is_zero() && !line::is_closed(*price)))
}

/// A whole number; `None` where it is null or empty.
fn whole(value: Value<'_>) -> Result<Option<i64>, Bad> {
    match value.plain() {
        Some(b"") => Ok(None),
        Some(_) => value.i64().map(Some).ok_or("a whole number that is none"),
        None if value.is_null() => Ok(None),
        None => Err("a whole number that is none"),
    }
}

/// `m` and `ls`: one match.
#[derive(Debug, Default)]
pub struct Match {
    pub facts: Facts,
    place: EventPlace,
}

/// What the rows told of a match.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub league: Option<u64>,
    home: Option<Box<str>>,
    away: Option<Box<str>>,
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    kick_off: Option<i64>,
    /// From `marketid`: `L` is live, `T` (today) and `E` (early) are not.
    live: Option<bool>,
    /// From `liveindicator`, which counts where `marketid` says nothing.
    indicator: Option<bool>,
    sport: Option<i64>,
    score: [Option<i64>; 2],
}

impl Facts {
    /// With the fields of a row merged in.
    pub fn merged(mut self, fields: Fields<'_, '_>) -> Result<Self, Bad> {
        for &(field, value) in fields {
            match field {
                Field::LeagueId => self.league = whole(value)?.and_then(|id| u64::try_from(id).ok()),
                Field::Home => self.home = text(value)?,
                Field::Away => self.away = text(value)?,
                // One that was told stays: of a running match some rows tell none.
                Field::KickOff => {
                    let told = whole(value)?.filter(|s| *s > 0).and_then(time::unix_seconds);
                    self.kick_off = told.or(self.kick_off);
                }
                Field::MarketId => {
                    self.live = match value.plain() {
                        Some(b"L") => Some(true),
                        Some(b"T" | b"E") => Some(false),
                        _ => None,
                    }
                }
                Field::LiveIndicator => self.indicator = whole(value)?.map(|n| n != 0),
                Field::SportType => self.sport = whole(value)?,
                Field::HomeScore => self.score[0] = whole(value)?,
                Field::AwayScore => self.score[1] = whole(value)?,
                _ => {}
            }
        }
        Ok(self)
    }

    /// Whether its offers can be shown: both teams are known and the sport is soccer (1, or not
    /// told), for which alone the meaning of the bet types is known.
    pub const fn shows(&self) -> bool {
        self.home.is_some() && self.away.is_some() && matches!(self.sport, None | Some(1))
    }

    fn in_play(&self) -> bool {
        self.live.or(self.indicator).unwrap_or(false)
    }

    fn score_text(&self) -> Option<String> {
        match self.score {
            [Some(home), Some(away)] if self.in_play() => Some(format!("{home}-{away}")),
            _ => None,
        }
    }
}

impl Match {
    /// Goes on under the name it had in an earlier snapshot.
    pub fn take_place(&mut self, old: &mut Self) {
        self.place = std::mem::take(&mut old.place);
    }

    pub const fn is_shown(&self) -> bool {
        self.place.current().is_some()
    }

    /// The event, said again where something about it changed.
    pub fn show(&mut self, id: u64, league: Option<&str>, sheet: &mut Sheet) -> Event {
        let facts = &self.facts;
        let score = facts.score_text();
        let info = EventInfo {
            id: &id.to_string(),
            sport: Some("soccer"),
            competition: league,
            title: None,
            home: facts.home.as_deref(),
            away: facts.away.as_deref(),
            score: score.as_deref(),
            starts_at: facts.kick_off,
            in_play: facts.in_play(),
        };
        self.place.show(sheet, &info)
    }
}

/// `oddsstatus`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// `running`
    Running,
    /// `suspend`; also not told, and after a row that could not be read.
    #[default]
    Suspended,
    /// `closePrice`
    Closed,
}

/// `o`: one offer, that is one line of one market of a match.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    pub match_id: Option<u64>,
    pub bet_type: Option<i64>,
    pub state: State,
    malay: [Option<Decimal>; 2],
    handicap: [Option<Decimal>; 2],
    decimal: [Option<Decimal>; 3],
    pub max_stake: Option<Decimal>,
}

/// The market and period of a bet type that is quoted, in soccer. 24 is double chance, but which of its
/// three prices is which pair is not known.
pub const fn market_of(bet_type: i64) -> Option<(Market, Period)> {
    Some(match bet_type {
        1 => (Market::AsianHandicap, Period::FULL_TIME),
        2 => (Market::OddEven, Period::FULL_TIME),
        3 => (Market::Total, Period::FULL_TIME),
        5 => (Market::MatchResult, Period::FULL_TIME),
        7 => (Market::AsianHandicap, Period::FIRST_HALF),
        8 => (Market::Total, Period::FIRST_HALF),
        15 => (Market::MatchResult, Period::FIRST_HALF),
        _ => return None,
    })
}

/// What an offer shows.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    pub market: Market,
    pub period: Period,
    pub line: Option<Decimal>,
    pub format: PriceFormat,
    /// In the order of the market's selections.
    pub prices: [Option<Decimal>; 3],
}

impl Terms {
    /// With the fields of a row merged in.
    pub fn merged(mut self, fields: Fields<'_, '_>) -> Result<Self, Bad> {
        for &(field, value) in fields {
            match field {
                Field::MatchId => self.match_id = Some(value.u64().ok_or("an offer of no match")?),
                Field::BetType => self.bet_type = whole(value)?,
                Field::OddsStatus => {
                    self.state = match value.plain() {
                        Some(b"running") => State::Running,
                        Some(b"suspend") => State::Suspended,
                        Some(b"closePrice") => State::Closed,
                        _ => return Err("an unknown `oddsstatus`"),
                    }
                }
                Field::Odds1 => self.malay[0] = price(value)?,
                Field::Odds2 => self.malay[1] = price(value)?,
                Field::Handicap1 => self.handicap[0] = number(value)?,
                Field::Handicap2 => self.handicap[1] = number(value)?,
                Field::Home1x2 => self.decimal[0] = price(value)?,
                Field::Draw1x2 => self.decimal[1] = price(value)?,
                Field::Away1x2 => self.decimal[2] = price(value)?,
                Field::MaxBet => {
                    self.max_stake = number(value)?.filter(|max| !max.is_zero() && !max.is_negative())
                }
                _ => {}
            }
        }
        Ok(self)
    }

    /// Whether both are about one market of one match.
    pub fn same_market(&self, other: &Self) -> bool {
        (self.match_id, self.bet_type) == (other.match_id, other.bet_type)
    }

    /// The market and period of its bet type, where that is quoted.
    pub fn market(&self) -> Option<(Market, Period)> {
        self.bet_type.and_then(market_of)
    }

    /// What there is to show; nothing where it is closed or of a bet type that is not quoted.
    pub fn offer(&self) -> Result<Option<Offer>, Bad> {
        let Some((market, period)) = self.market() else { return Ok(None) };
        if self.state == State::Closed {
            return Ok(None);
        }
        let [first, second] = self.malay;
        let (format, prices) = match market {
            Market::MatchResult => (PriceFormat::Decimal, self.decimal),
            _ => (PriceFormat::Malay, [first, second, None]),
        };
        let unpriced = prices.iter().all(Option::is_none);
        let line = match market {
            // Points of 0 and no price: there is no such total.
            Market::Total if unpriced && self.handicap[0].is_some_and(Decimal::is_zero) => return Ok(None),
            Market::AsianHandicap => Some(self.home_line()?),
            Market::Total => Some(self.total_line()?),
            _ => None,
        };
        Ok(Some(Offer { market, period, line, format, prices }))
    }

    /// `hdp1` is what home gives, `hdp2` what away gives; the one that is not zero counts.
    fn home_line(&self) -> Result<Decimal, Bad> {
        match self.handicap {
            [Some(home), Some(away)] if away.is_zero() => line::handicap(home, Some(true)),
            [Some(home), Some(away)] if home.is_zero() => line::handicap(away, Some(false)),
            [Some(home), None] if !home.is_zero() => line::handicap(home, Some(true)),
            [None, Some(away)] if !away.is_zero() => line::handicap(away, Some(false)),
            [Some(_), Some(_)] => Err("a handicap that both sides give"),
            _ => Err("a handicap without a line"),
        }
    }

    fn total_line(&self) -> Result<Decimal, Bad> {
        self.handicap[0].ok_or("a total without a line").and_then(line::total)
    }
}
