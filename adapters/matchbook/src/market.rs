//! What an answer says of a market: its runners and their books.

use antigravity_sdk::prelude::*;
use antigravity_sdk::{Figure, Ladder};
use std::borrow::Cow;

const KEYS: [Key; 4] = [Key::new("market-type"), Key::new("name"), Key::new("status"), Key::new("runners")];
const RUNNER: [Key; 6] = [
    Key::new("id"),
    Key::new("name"),
    Key::new("handicap"),
    Key::new("status"),
    Key::new("withdrawn"),
    Key::new("prices"),
];
const PRICE: [Key; 6] = [
    Key::new("side"),
    Key::new("odds"),
    Key::new("odds-type"),
    Key::new("exchange-type"),
    Key::new("available-amount"),
    Key::new("currency"),
];

/// Whether bets are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Open,
    #[default]
    Suspended,
    /// Closed, graded, cancelled, withdrawn: it is not there any more.
    Gone,
}

impl Standing {
    pub fn of(status: Option<Value<'_>>) -> Option<Self> {
        Some(match status?.plain()? {
            b"open" => Self::Open,
            b"suspended" => Self::Suspended,
            _ => Self::Gone,
        })
    }
}

/// Why a market cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub reason: Reason,
    pub why: &'static str,
}

const fn lacks(why: &'static str) -> Fault {
    Fault { reason: Reason::MissingField, why }
}

pub const fn wrong(why: &'static str) -> Fault {
    Fault { reason: Reason::BadValue, why }
}

#[derive(Debug)]
pub struct Market<'a> {
    /// `market-type`
    pub kind: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub standing: Standing,
    pub runners: Vec<Runner<'a>>,
    /// The currency of its amounts; `None` where it shows none.
    pub currency: Option<Cow<'a, str>>,
}

#[derive(Debug)]
pub struct Runner<'a> {
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub handicap: Option<Decimal>,
    pub standing: Standing,
    pub back: Ladder,
    pub lay: Ladder,
}

impl<'a> Market<'a> {
    /// `None` where the answer was asked for without runners or without prices.
    ///
    /// # Errors
    /// Where something of it cannot be read: a book that is read in part is none.
    pub fn read(market: Value<'a>) -> Result<Option<Self>, Fault> {
        let [kind, name, status, runners] = market.fields(KEYS);
        let standing = Standing::of(status).ok_or(lacks("a market without `status`"))?;
        let text = |value: Option<Value<'a>>| value.and_then(Value::str);
        let mut read = Self {
            kind: text(kind).ok_or(lacks("a market without `market-type`"))?,
            name: text(name).ok_or(lacks("a market without `name`"))?,
            standing,
            runners: Vec::new(),
            currency: None,
        };
        if standing == Standing::Gone {
            return Ok(Some(read));
        }
        let Some(runners) = runners.filter(|runners| runners.kind() == Kind::Array) else { return Ok(None) };
        for runner in runners.items() {
            match Runner::read(runner, &mut read.currency)? {
                Some(runner) => read.runners.push(runner),
                None => return Ok(None),
            }
        }
        Ok(Some(read))
    }
}

impl<'a> Runner<'a> {
    fn read(runner: Value<'a>, currency: &mut Option<Cow<'a, str>>) -> Result<Option<Self>, Fault> {
        let [id, name, handicap, status, withdrawn, prices] = runner.fields(RUNNER);
        let standing = match withdrawn.and_then(Value::bool) {
            Some(true) => Standing::Gone,
            _ => Standing::of(status).ok_or(lacks("a runner without `status`"))?,
        };
        let handicap = match handicap.filter(|handicap| !handicap.is_null()) {
            Some(handicap) => Some(handicap.decimal().ok_or(wrong("a handicap that is no number"))?),
            None => None,
        };
        let mut read = Self {
            id: id.and_then(Value::text).ok_or(lacks("a runner without `id`"))?,
            name: name.and_then(Value::str).ok_or(lacks("a runner without `name`"))?,
            handicap,
            standing,
            back: Ladder::highest_first(),
            lay: Ladder::lowest_first(),
        };
        if standing == Standing::Gone {
            return Ok(Some(read));
        }
        let Some(prices) = prices.filter(|prices| prices.kind() == Kind::Array) else { return Ok(None) };
        for price in prices.items() {
            read.level(price, currency)?;
        }
        Ok(Some(read))
    }

    fn level(&mut self, level: Value<'a>, currency: &mut Option<Cow<'a, str>>) -> Result<(), Fault> {
        let [side, odds, odds_type, exchange_type, amount, money] = level.fields(PRICE);
        let is = |value: Option<Value<'_>>, text: &[u8]| value.and_then(Value::plain) == Some(text);
        if !is(odds_type, b"DECIMAL") || !is(exchange_type, b"back-lay") {
            let why = "prices other than DECIMAL, back-lay";
            return Err(Fault { reason: Reason::WrongFormat, why });
        }
        let ladder = match side.and_then(Value::plain) {
            Some(b"back") => &mut self.back,
            Some(b"lay") => &mut self.lay,
            _ => return Err(wrong("a price without a side")),
        };
        let odds: Figure = odds
            .and_then(Value::decimal)
            .filter(|odds| PriceFormat::Decimal.contains(*odds))
            .ok_or(wrong("odds that are none"))?
            .into();
        let amount = amount.and_then(Value::figure).ok_or(lacks("a price without `available-amount`"))?;
        if ladder.levels().any(|(known, _)| known.decimal() == odds.decimal()) {
            return Err(wrong("a price that stands twice"));
        }
        ladder.set(odds, amount).ok_or(wrong("an amount below 0"))?;
        let money = money.and_then(Value::str);
        match (&currency, money) {
            (Some(known), Some(money)) if **known != money => Err(wrong("amounts in two currencies")),
            (None, money) => {
                *currency = money;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
