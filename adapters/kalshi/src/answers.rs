//! REST answers: events and markets by name, and order books.

use crate::book::{Book, Top};
use crate::market::{Told, Trading};
use crate::state::{State, ticker, trading};
use antigravity_sdk::{
    Key, Kind, Level, Outcome, Packet, Reason, Rejection, Sheet, Value, bad, missing, reject,
};

const EVENT: Key = Key::new("event");
const EVENTS: Key = Key::new("events");
const MARKETS: Key = Key::new("markets");
const ONE_MARKET: Key = Key::new("market");
const MARKET: [Key; 4] =
    [Key::new("ticker"), Key::new("event_ticker"), Key::new("market_type"), Key::new("status")];
const BINARY: Key = Key::new("binary");
const BOOKS: [Key; 2] = [Key::new("orderbook_fp"), Key::new("orderbook")];

impl State {
    /// `…/events` and `…/events/{event}`: events, perhaps with their markets inside or beside them.
    ///
    /// # Errors
    /// Where nothing of it could be read.
    pub fn events_answer(
        &mut self,
        answer: Value<'_>,
        at: i64,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let mut tally = Tally::default();
        let listed = answer.get(EVENTS).into_iter().flat_map(Value::items);
        for event in answer.get(EVENT).into_iter().chain(listed) {
            let learned = self.events.learn(event, sheet).map(|_| false).ok_or("event_ticker");
            tally.count(learned);
            self.markets(event.get(MARKETS), at, &mut tally, sheet);
        }
        self.markets(answer.get(MARKETS), at, &mut tally, sheet);
        tally.outcome(sheet)
    }

    /// `…/markets` and `…/markets/{market}`.
    ///
    /// # Errors
    /// Where no market of it could be read.
    pub fn markets_answer(
        &mut self,
        answer: Value<'_>,
        at: i64,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let mut tally = Tally::default();
        if let Some(market) = answer.get(ONE_MARKET) {
            tally.count(self.listed(market, at, sheet));
        }
        self.markets(answer.get(MARKETS), at, &mut tally, sheet);
        tally.outcome(sheet)
    }

    fn markets(&mut self, list: Option<Value<'_>>, at: i64, tally: &mut Tally, sheet: &mut Sheet) {
        for market in list.into_iter().flat_map(Value::items) {
            tally.count(self.listed(market, at, sheet));
        }
    }

    /// One market as an answer shows it. Whether there was a quote to say.
    fn listed(&mut self, market: Value<'_>, at: i64, sheet: &mut Sheet) -> Result<bool, &'static str> {
        let [own, event, kind, status] = market.fields(MARKET);
        let own = ticker(own).ok_or("ticker")?;
        let event = ticker(event).ok_or("event_ticker")?;
        let status = status.filter(|status| status.kind() == Kind::String).ok_or("status")?;
        if kind.is_some_and(|kind| !kind.is(BINARY)) {
            return Ok(false);
        }
        let trading = trading(status);
        let known = self.find(&own);
        if trading == Trading::Over || known.is_some_and(|known| self.markets[known].trading == Trading::Over)
        {
            // What was settled stays settled, whatever an older answer says.
            known.into_iter().for_each(|known| self.markets[known].settle(sheet));
            return Ok(known.is_some());
        }
        let number = self.named_market(&own);
        let event = self.events.number(&event);
        let first = self.list(number, event, sheet);
        let top = Top::read(market);
        let heard = self.heard(number);
        let market = &mut self.markets[number];
        market.trading = trading;
        let told = match top {
            Ok(Some(top)) => market.tell(at, Told::Top(top), heard),
            Ok(None) => false,
            // What was told before is not so any more.
            Err(_) => market.tell(at, Told::Top(Top { bid: None, ask: None }), heard),
        };
        let said = if first || told { market.restate(sheet) } else { market.show(sheet) };
        if said {
            self.owe(number);
        }
        match top {
            Err(field) if !said => Err(field),
            Err(field) => {
                sheet.bad_row(field);
                Ok(true)
            }
            Ok(_) => Ok(said),
        }
    }

    /// `…/markets/{market}/orderbook`: the address says whose book it is.
    ///
    /// # Errors
    /// Where it is no book, or none of its levels could be read.
    pub fn orderbook(
        &mut self,
        answer: Value<'_>,
        packet: &Packet<'_>,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let ticker = addressed(packet.url()).ok_or_else(|| missing("market"))?;
        let book = answer.fields(BOOKS).into_iter().flatten().find(|book| book.kind() == Kind::Object);
        let book = book.filter(|book| Book::is_one(*book)).ok_or_else(|| missing("orderbook"))?;
        let (book, unreadable) = Book::read(book).map_err(bad)?;
        if unreadable > 0 && book.is_empty() {
            return Err(bad("level"));
        }
        let number = self.market(ticker);
        let heard = self.heard(number);
        let market = &mut self.markets[number];
        if market.trading == Trading::Over {
            return Ok(Outcome::Ignored(Reason::Noise));
        }
        // It may be from before what the stream told.
        if !market.tell(packet.at(), Told::Book(book, unreadable == 0), heard) {
            return Ok(Outcome::Ignored(Reason::StaleCursor));
        }
        market.restate(sheet);
        self.note(number, unreadable, sheet);
        self.owe(number);
        Ok(Outcome::Parsed)
    }
}

/// The ticker in `…/markets/{ticker}/orderbook`.
fn addressed(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    let mut segments = path.rsplit('/').filter(|segment| !segment.is_empty());
    segments.next()?;
    segments.next()
}

/// How much of an answer was read.
#[derive(Debug, Default)]
struct Tally {
    read: usize,
    refused: usize,
    first: &'static str,
    /// Some quote was said.
    said: bool,
}

impl Tally {
    fn count(&mut self, row: Result<bool, &'static str>) {
        match row {
            Ok(said) => {
                self.read += 1;
                self.said |= said;
            }
            Err(field) => {
                if self.refused == 0 {
                    self.first = field;
                }
                self.refused += 1;
            }
        }
    }

    /// Where no quote was said, bad rows alone would make the whole answer one that is refused, with the
    /// names in it.
    fn outcome(self, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        if self.refused > 0 && self.read == 0 {
            return Err(reject(Reason::MissingField, self.first));
        }
        if self.said {
            (0..self.refused).for_each(|_| sheet.bad_row(self.first));
        } else if self.refused > 0 {
            sheet.log(Level::Warn, &format!("{} rows not read; the first: {}", self.refused, self.first));
        }
        Ok(Outcome::Parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::addressed;

    #[test]
    fn the_address_names_the_market() {
        for url in [
            "https://x.example/trade-api/v2/markets/KXRAIN-26MAY04-LON/orderbook?depth=10",
            "https://x.example/trade-api/v2/markets/KXRAIN-26MAY04-LON/orderbook/#top",
        ] {
            assert_eq!(addressed(url), Some("KXRAIN-26MAY04-LON"));
        }
        assert_eq!(addressed("orderbook"), None);
    }
}
