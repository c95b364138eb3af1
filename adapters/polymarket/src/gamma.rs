//! Answers of Gamma: events with their markets, and markets with their events.

use crate::clob::one_or_many;
use crate::events::Known;
use crate::market::{Role, Terms};
use crate::state::{Listing, State};
use antigravity_sdk::{
    Json, Key, Kind, Level, Market, Outcome, Reason, Rejection, Selection, Sheet, Value, reject,
};

const MARKETS: Key = Key::new("markets");
const EVENTS: Key = Key::new("events");
const DATA: Key = Key::new("data");
const GAME_START: Key = Key::new("gameStartTime");
const MARKET: [Key; 10] = [
    Key::new("conditionId"),
    Key::new("outcomes"),
    Key::new("clobTokenIds"),
    Key::new("closed"),
    Key::new("archived"),
    Key::new("active"),
    Key::new("acceptingOrders"),
    Key::new("orderMinSize"),
    Key::new("sportsMarketType"),
    Key::new("line"),
];

impl State {
    /// `/events`: a list of events, one event, or a page of them.
    ///
    /// # Errors
    /// Where no market of it could be read; none was changed then.
    pub fn events_answer(&mut self, answer: Value<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let mut tally = Tally::default();
        for event in one_or_many(page(answer, EVENTS)) {
            let Some(number) = self.events.learn(event) else {
                tally.refuse("event without id");
                continue;
            };
            let markets = event.get(MARKETS);
            self.events.learn_start(number, markets.and_then(|m| m.items().find_map(|m| m.get(GAME_START))));
            self.events.show(number, sheet);
            for market in markets.into_iter().flat_map(Value::items) {
                tally.count(self.gamma_market(market, number, sheet));
            }
        }
        tally.outcome(sheet)
    }

    /// `/markets`: a list of markets, one market, or a page of them; each names its event.
    ///
    /// # Errors
    /// Where no market of it could be read; none was changed then.
    pub fn markets_answer(&mut self, answer: Value<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let mut tally = Tally::default();
        for market in one_or_many(page(answer, MARKETS)) {
            let event = market.get(EVENTS).and_then(|events| events.items().next());
            let Some(number) = event.and_then(|event| self.events.learn(event)) else {
                tally.refuse("market without event");
                continue;
            };
            self.events.learn_start(number, market.get(GAME_START));
            self.events.show(number, sheet);
            tally.count(self.gamma_market(market, number, sheet));
        }
        tally.outcome(sheet)
    }

    /// One market of an event.
    fn gamma_market(
        &mut self,
        market: Value<'_>,
        event: usize,
        sheet: &mut Sheet,
    ) -> Result<(), &'static str> {
        let [condition, outcomes, tokens, closed, archived, active, accepting, min_stake, sports_type, line] =
            market.fields(MARKET);
        let condition = condition.and_then(Value::str).ok_or("conditionId")?;
        // Without tokens it is not on the order book, and never was where it is old.
        let Some(tokens) = tokens.and_then(list).transpose().map_err(|()| "clobTokenIds")? else {
            return Ok(());
        };
        let outcomes = outcomes.and_then(list).transpose().map_err(|()| "outcomes")?.ok_or("outcomes")?;
        let ([first, second], [yes, no]) = (&*tokens, &*outcomes) else {
            return if tokens.len() == outcomes.len() { Ok(()) } else { Err("clobTokenIds") };
        };
        if first == second {
            return Err("clobTokenIds");
        }
        let sports_type = sports_type.and_then(Value::str);
        let Some(known) = self.events.get(event) else { return Ok(()) };
        let Some((kind, other, roles)) = terms([yes, no], sports_type.as_deref(), known) else {
            return Ok(());
        };
        let is = |flag: Option<Value<'_>>| flag.and_then(Value::bool);
        let line = line.and_then(Value::decimal).filter(|_| other.is_some());
        let listing = Listing {
            condition: &condition,
            event,
            terms: Terms { kind, other, line, roles },
            tokens: [first, second],
            accepting: is(accepting) != Some(false) && is(active) != Some(false),
            min_stake: min_stake
                .and_then(Value::decimal)
                .filter(|size| !size.is_zero() && !size.is_negative()),
            over: is(closed) == Some(true) || is(archived) == Some(true),
        };
        self.list(listing, sheet);
        Ok(())
    }
}

/// What two outcomes are quoted as. `None` for those that are not quoted: neither yes and no, nor of a
/// sports market that says what it is.
fn terms(
    outcomes: [&str; 2],
    sports_type: Option<&str>,
    event: &Known,
) -> Option<(Market, Option<String>, [Role; 2])> {
    let roles = |selections: [Selection; 2], runner| {
        let role = |i: usize| Role { name: outcomes[i].to_owned(), selection: selections[i], runner };
        [role(0), role(1)]
    };
    use Selection as S;
    // By name, never by position.
    let yes_or_no = |name: &str| match name {
        "Yes" => Some(S::Yes),
        "No" => Some(S::No),
        _ => None,
    };
    if let [Some(first), Some(second)] = outcomes.map(yes_or_no)
        && first != second
    {
        return Some((Market::Binary, None, roles([first, second], false)));
    }
    let sports_type = sports_type.filter(|name| !name.is_empty())?;
    if let ["Up", "Down"] | ["Down", "Up"] = outcomes {
        return None;
    }
    let is = |names: &[String], outcome: &str| names.iter().any(|name| name == outcome);
    let team = |outcome: &str| match (is(&event.home, outcome), is(&event.away, outcome)) {
        (true, false) => Some(S::Home),
        (false, true) => Some(S::Away),
        _ => None,
    };
    if sports_type == "moneyline"
        && event.drawless
        && let [Some(first), Some(second)] = outcomes.map(team)
        && first != second
    {
        return Some((Market::Moneyline, None, roles([first, second], false)));
    }
    let other = Some(sports_type.to_owned());
    match outcomes {
        ["Over", "Under"] => Some((Market::Other, other, roles([S::Over, S::Under], false))),
        ["Under", "Over"] => Some((Market::Other, other, roles([S::Under, S::Over], false))),
        [first, second] if first != second => Some((Market::Other, other, roles([S::Runner; 2], true))),
        _ => None,
    }
}

/// A page's list, or what is no page.
fn page(answer: Value<'_>, name: Key) -> Value<'_> {
    let list = |key| answer.get(key).filter(|list| list.kind() == Kind::Array);
    // An event has markets of its own, and a market events: they are no pages.
    let page = answer.get(Key::new("id")).is_none();
    page.then(|| list(DATA).or_else(|| list(name))).flatten().unwrap_or(answer)
}

/// A list of texts that is usually sent as JSON within a string. `None` where there is none.
fn list(value: Value<'_>) -> Option<Result<Vec<String>, ()>> {
    let texts = |list: Value<'_>| {
        let texts: Option<Vec<_>> =
            list.items().map(|item| item.text().map(|text| text.into_owned())).collect();
        texts.filter(|_| list.kind() == Kind::Array).ok_or(())
    };
    match value.kind() {
        Kind::Null => None,
        Kind::String => {
            let text = value.str().ok_or(());
            match text {
                Ok(text) if text.is_empty() => None,
                Ok(text) => Some(
                    Json::parse(&text).map_err(drop).and_then(|json| json.root().ok_or(()).and_then(texts)),
                ),
                Err(()) => Some(Err(())),
            }
        }
        _ => Some(texts(value)),
    }
}

/// How many markets of an answer were read.
#[derive(Debug, Default)]
struct Tally {
    read: usize,
    refused: usize,
    first: &'static str,
}

impl Tally {
    fn count(&mut self, market: Result<(), &'static str>) {
        match market {
            Ok(()) => self.read += 1,
            Err(field) => self.refuse(field),
        }
    }

    fn refuse(&mut self, field: &'static str) {
        if self.refused == 0 {
            self.first = field;
        }
        self.refused += 1;
    }

    /// Names are not rows that the host could count, so what could not be read among them is a message.
    fn outcome(self, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        if self.refused > 0 && self.read == 0 {
            return Err(reject(Reason::MissingField, self.first));
        }
        if self.refused > 0 {
            sheet.log(Level::Warn, &format!("{} markets not read; the first: {}", self.refused, self.first));
        }
        Ok(Outcome::Parsed)
    }
}
