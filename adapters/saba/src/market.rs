//! One market: what the streams told of it, merged field by field and selection by selection.

use crate::event::Bad;
use antigravity_saba_push::record::market_of;
use antigravity_sdk::line;
use antigravity_sdk::prelude::*;

const KEYS: [Key; 8] = [
    Key::new("eventId"),
    Key::new("sportType"),
    Key::new("betType"),
    Key::new("marketStatus"),
    Key::new("maxBet"),
    Key::new("isLive"),
    Key::new("category"),
    Key::new("selections"),
];
const SELECTION: [Key; 3] = [Key::new("key"), Key::new("point"), Key::new("oddsPrice")];
const PRICES: [Key; 2] = [Key::new("malayPrice"), Key::new("decimalPrice")];

/// Categories of markets that are about the goals of the match or of a half: none, full time, half.
const GOALS: std::ops::RangeInclusive<i64> = 0..=2;

/// `marketStatus`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// `running`
    Running,
    /// `suspend`; also not told.
    #[default]
    Suspended,
    /// `closePrice`, `closed`
    Closed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub event: Option<u64>,
    sport: Option<i64>,
    bet_type: Option<i64>,
    category: Option<i64>,
    pub state: State,
    pub live: bool,
    pub max_stake: Option<Decimal>,
    selections: Vec<Choice>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Choice {
    key: String,
    point: Option<Decimal>,
    malay: Option<Decimal>,
    decimal: Option<Decimal>,
}

/// What a market shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Offer {
    pub market: Market,
    pub period: Period,
    pub line: Option<Decimal>,
    pub format: PriceFormat,
    pub prices: Vec<(Selection, Option<Decimal>)>,
}

impl Terms {
    /// With the fields of a row merged in.
    ///
    /// # Errors
    /// Where one of them has a value it cannot have.
    pub fn merged(mut self, market: Value<'_>) -> Result<Self, Bad> {
        let fields = market.fields(KEYS).map(|field| field.filter(|value| !value.is_null()));
        let [event, sport, bet_type, status, max_bet, live, category, selections] = fields;
        if let Some(event) = event {
            self.event = Some(event.u64().ok_or("an `eventId` that is no number")?);
        }
        for (kept, told) in
            [(&mut self.sport, sport), (&mut self.bet_type, bet_type), (&mut self.category, category)]
        {
            if let Some(told) = told {
                *kept = Some(told.i64().ok_or("a market's type that is no number")?);
            }
        }
        if let Some(status) = status {
            self.state = match status.plain() {
                Some(b"running") => State::Running,
                Some(b"suspend") => State::Suspended,
                Some(b"closePrice" | b"closed") => State::Closed,
                _ => return Err("an unknown `marketStatus`"),
            };
        }
        if let Some(max) = max_bet {
            let max = max.decimal().ok_or("a `maxBet` that is no number")?;
            self.max_stake = Some(max).filter(|max| !max.is_zero() && !max.is_negative());
        }
        if let Some(live) = live {
            self.live = live.bool().ok_or("an `isLive` that is neither true nor false")?;
        }
        for selection in selections.into_iter().flat_map(Value::items) {
            self.choose(selection)?;
        }
        Ok(self)
    }

    fn choose(&mut self, selection: Value<'_>) -> Result<(), Bad> {
        let [key, point, prices] = selection.fields(SELECTION);
        let key = key.and_then(Value::str).ok_or("a selection without a key")?;
        let at = self.selections.iter().position(|choice| *choice.key == *key).unwrap_or_else(|| {
            self.selections.push(Choice { key: key.into_owned(), ..Choice::default() });
            self.selections.len() - 1
        });
        let choice = &mut self.selections[at];
        if let Some(point) = point {
            choice.point = number(point)?;
        }
        let [malay, decimal] = prices.map_or([None, None], |prices| prices.fields(PRICES));
        for (kept, told) in [(&mut choice.malay, malay), (&mut choice.decimal, decimal)] {
            if let Some(told) = told {
                *kept = number(told)?.filter(|price| !price.is_zero() && !line::is_closed(*price));
            }
        }
        Ok(())
    }

    /// Its market and period; `None` where it is of a kind that is not quoted.
    pub fn market(&self) -> Option<(Market, Period)> {
        let goals = self.category.is_none_or(|category| GOALS.contains(&category));
        let found = market_of(self.bet_type?).filter(|_| goals && self.sport == Some(1))?;
        // Which key is odd and which is even was not seen.
        (found.0 != Market::OddEven).then_some(found)
    }

    /// What there is to show; nothing where it is closed or of a kind that is not quoted.
    ///
    /// # Errors
    /// Where its selections are not those of its kind, or its points make no line.
    pub fn offer(&self) -> Result<Option<Offer>, Bad> {
        let Some((market, period)) = self.market().filter(|_| self.state != State::Closed) else {
            return Ok(None);
        };
        let keys: &[(&str, Selection)] = match market {
            Market::MatchResult => &[("1", Selection::Home), ("x", Selection::Draw), ("2", Selection::Away)],
            Market::Total => &[("h", Selection::Over), ("a", Selection::Under)],
            _ => &[("h", Selection::Home), ("a", Selection::Away)],
        };
        let mut chosen = Vec::with_capacity(keys.len());
        for (key, selection) in keys {
            let choice = self.selections.iter().find(|choice| choice.key == *key);
            chosen.push((*selection, choice.ok_or("a market without one of its selections")?));
        }
        if self.selections.len() > keys.len() {
            return Err("a market with an unknown selection");
        }
        let points = || Some((chosen.first()?.1.point?, chosen.last()?.1.point?));
        let line = match (market, points()) {
            (Market::MatchResult, _) => None,
            (_, None) => return Err("a selection without its point"),
            (Market::Total, Some((over, under))) if over == under => Some(line::total(over)?),
            (Market::AsianHandicap, Some((home, away))) if home == away.negated() => {
                Some(line::handicap(home.abs(), Some(home.is_negative()))?)
            }
            _ => return Err("points that do not fit each other"),
        };
        let (format, price): (_, fn(&Choice) -> Option<Decimal>) = match market {
            Market::MatchResult => (PriceFormat::Decimal, |choice| choice.decimal),
            _ => (PriceFormat::Malay, |choice| choice.malay),
        };
        let prices = chosen.into_iter().map(|(selection, choice)| (selection, price(choice))).collect();
        Ok(Some(Offer { market, period, line, format, prices }))
    }
}

/// A number; `None` where it is null.
fn number(value: Value<'_>) -> Result<Option<Decimal>, Bad> {
    if value.is_null() {
        return Ok(None);
    }
    value.decimal().map(Some).ok_or("a number that is none")
}
