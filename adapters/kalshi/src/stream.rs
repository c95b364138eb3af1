//! Frames of the market WebSocket.

use crate::book::{Book, Top, Unit, price, there};
use crate::market::{Told, Trading};
use crate::state::{State, ticker};
use crate::subscriptions::Step;
use antigravity_sdk::{Key, Kind, Level, Outcome, Packet, Reason, Rejection, Sheet, Value, bad, missing};

const FRAME: [Key; 5] =
    [Key::new("type"), Key::new("sid"), Key::new("seq"), Key::new("msg"), Key::new("market_tickers")];
/// The types that are read.
const TYPES: [Key; 6] = [
    Key::new("orderbook_delta"),
    Key::new("orderbook_snapshot"),
    Key::new("ticker"),
    Key::new("market_lifecycle_v2"),
    Key::new("ok"),
    Key::new("unsubscribed"),
];
const MARKET: Key = Key::new("market_ticker");
const MARKETS: Key = Key::new("market_tickers");
const LIFECYCLE: [Key; 2] = [MARKET, Key::new("event_type")];
const STAGES: [Key; 4] =
    [Key::new("deactivated"), Key::new("activated"), Key::new("determined"), Key::new("settled")];
const CHANGE: [Key; 5] =
    [Key::new("side"), Key::new("price_dollars"), Key::new("price"), Key::new("delta_fp"), Key::new("delta")];
const SIDES: [Key; 2] = [Key::new("yes"), Key::new("no")];

impl State {
    /// Reads one frame.
    ///
    /// # Errors
    /// The field that is missing or unreadable. What the frame would have changed counts as missed; all
    /// other books of the socket are said again with what it tells next, for the host holds them back.
    pub fn frame(
        &mut self,
        body: Value<'_>,
        packet: &Packet<'_>,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        self.subscriptions.hear(packet.connection(), packet.at());
        let outcome = self.read(body, packet, sheet);
        match outcome {
            Ok(Outcome::Parsed) => self.settle_debts(packet.connection(), sheet),
            Ok(_) => {}
            Err(_) => self.owe_all(packet.connection()),
        }
        outcome
    }

    fn read(
        &mut self,
        body: Value<'_>,
        packet: &Packet<'_>,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let [kind, sid, seq, msg, tickers] = body.fields(FRAME);
        let kind = kind.ok_or_else(|| missing("type"))?.one_of(TYPES);
        let (sid, seq) = (sid.and_then(Value::i64), seq.and_then(Value::i64));
        let of = (packet.connection(), sid, seq);
        let told = msg.ok_or_else(|| missing("msg"));
        match kind {
            Some(whole @ (0 | 1)) => self.book_frame(of, whole == 1, told, sheet),
            Some(2) => self.ticker(told?, packet.at(), sheet),
            Some(3) => self.lifecycle(told?, sheet),
            Some(4) => Ok(self.updated(of, tickers.or_else(|| msg?.get(MARKETS)), sheet)),
            Some(_) => Ok(self.unsubscribed(of, sheet)),
            None => Ok(Outcome::Ignored(Reason::Noise)),
        }
    }

    /// A whole book, or a change of one.
    fn book_frame(
        &mut self,
        (connection, sid, seq): (u32, Option<i64>, Option<i64>),
        whole: bool,
        told: Result<Value<'_>, Rejection>,
        sheet: &mut Sheet,
    ) -> Result<Outcome, Rejection> {
        let sid = sid.ok_or_else(|| missing("sid"))?;
        let seq = seq.filter(|seq| *seq > 0).ok_or_else(|| missing("seq"))?;
        let (subscription, step) = self.subscriptions.count(connection, sid, seq, whole);
        match step {
            Step::Next => {}
            Step::Again => return Ok(Outcome::Ignored(Reason::Duplicate)),
            Step::Old => return Ok(Outcome::Ignored(Reason::StaleCursor)),
            Step::Jump => self.lose(subscription, sheet),
        }
        let read = self.apply(subscription, whole, told, sheet);
        if read.is_err() && step == Step::Jump {
            // What was said of it does not count.
            self.doubt_all(subscription);
        }
        read.map(|()| Outcome::Parsed)
    }

    fn apply(
        &mut self,
        subscription: usize,
        whole: bool,
        told: Result<Value<'_>, Rejection>,
        sheet: &mut Sheet,
    ) -> Result<(), Rejection> {
        let market = told
            .and_then(|told| Ok((told, ticker(told.get(MARKET)).ok_or_else(|| missing("market_ticker"))?)));
        let (told, ticker) = match market {
            Ok(market) => market,
            Err(rejection) => {
                // It may have been about any of them.
                self.lose(subscription, sheet);
                self.doubt_all(subscription);
                return Err(rejection);
            }
        };
        let number = self.market(&ticker);
        let read = if whole {
            self.whole(number, subscription, told, sheet)
        } else {
            self.change(number, subscription, told, sheet)
        };
        let market = &mut self.markets[number];
        if read.is_err() && market.follows().is_none_or(|of| of == subscription) {
            market.lose(sheet);
            self.doubt(number);
        }
        read.map_err(bad)
    }

    fn whole(
        &mut self,
        number: usize,
        subscription: usize,
        told: Value<'_>,
        sheet: &mut Sheet,
    ) -> Result<(), &'static str> {
        let (book, unreadable) = Book::read(told)?;
        if unreadable > 0 && book.is_empty() {
            return Err("level");
        }
        if self.markets[number].trading != Trading::Over {
            self.note(number, unreadable, sheet);
            self.markets[number].begin(subscription, book, unreadable == 0, sheet);
        }
        Ok(())
    }

    /// Counts levels that could not be read. Of a market that is not quoted yet no row says anything, and
    /// bad rows alone would make the whole body one that is refused.
    pub fn note(&self, number: usize, unreadable: usize, sheet: &mut Sheet) {
        if self.markets[number].is_listed() {
            (0..unreadable).for_each(|_| sheet.bad_row("level"));
        } else if unreadable > 0 {
            sheet.log(Level::Warn, "levels of a market without an event could not be read");
        }
    }

    fn change(
        &mut self,
        number: usize,
        subscription: usize,
        told: Value<'_>,
        sheet: &mut Sheet,
    ) -> Result<(), &'static str> {
        let [side, dollars, cents, delta_fp, delta] = told.fields(CHANGE);
        let yes = side.and_then(|side| side.one_of(SIDES)).ok_or("side")? == 0;
        let price = match (there(dollars), there(cents)) {
            (Some(dollars), _) => price(dollars, Unit::Dollars),
            (None, Some(cents)) => price(cents, Unit::Cents),
            (None, None) => None,
        };
        let price = price.ok_or("price")?;
        let delta = there(delta_fp).or(there(delta)).and_then(Value::decimal).ok_or("delta")?;
        let market = &mut self.markets[number];
        match market.follows() {
            Some(of) if of == subscription => market.change(yes, price, delta, sheet),
            // A newer subscription keeps its book.
            Some(_) => {}
            None => market.outdate(sheet),
        }
        Ok(())
    }

    /// The best prices, for a market of which there is no book.
    fn ticker(&mut self, told: Value<'_>, at: i64, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let ticker = ticker(told.get(MARKET)).ok_or_else(|| missing("market_ticker"))?;
        let Some(top) = Top::read(told).map_err(bad)? else { return Ok(Outcome::Ignored(Reason::Noise)) };
        let number = self.market(&ticker);
        let heard = self.heard(number);
        let market = &mut self.markets[number];
        if market.trading == Trading::Over || !market.tell(at, Told::Top(top), heard) {
            return Ok(Outcome::Ignored(Reason::Noise));
        }
        market.restate(sheet);
        Ok(Outcome::Parsed)
    }

    fn lifecycle(&mut self, told: Value<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let [market, stage] = told.fields(LIFECYCLE);
        let ticker = ticker(market).ok_or_else(|| missing("market_ticker"))?;
        let stage = stage.and_then(|stage| stage.one_of(STAGES));
        let (Some(number), Some(stage)) = (self.find(&ticker), stage) else {
            return Ok(Outcome::Ignored(Reason::Noise));
        };
        let market = &mut self.markets[number];
        match stage {
            _ if market.trading == Trading::Over => return Ok(Outcome::Ignored(Reason::Noise)),
            1 => market.reopen(sheet),
            3 => market.settle(sheet),
            // Where the result is known it may still be disputed.
            _ => {
                market.trading = Trading::Suspended;
                market.show(sheet);
            }
        }
        self.owe(number);
        Ok(Outcome::Parsed)
    }

    /// A subscription has other markets than before, where the answer names them all.
    fn updated(
        &mut self,
        (connection, sid, seq): (u32, Option<i64>, Option<i64>),
        tickers: Option<Value<'_>>,
        sheet: &mut Sheet,
    ) -> Outcome {
        let Some(subscription) = sid.and_then(|sid| self.subscriptions.find(connection, sid)) else {
            return Outcome::Ignored(Reason::Noise);
        };
        if seq.is_some_and(|seq| self.subscriptions.count_reply(subscription, seq) == Step::Jump) {
            self.lose(subscription, sheet);
        }
        if let Some(tickers) = tickers.filter(|tickers| tickers.kind() == Kind::Array) {
            let named =
                |market: &str| tickers.items().filter_map(Value::str).any(|ticker| *ticker == *market);
            self.leave(subscription, named, sheet);
        }
        Outcome::Parsed
    }

    fn unsubscribed(
        &mut self,
        (connection, sid, _): (u32, Option<i64>, Option<i64>),
        sheet: &mut Sheet,
    ) -> Outcome {
        let Some(subscription) = sid.and_then(|sid| self.subscriptions.end(connection, sid)) else {
            return Outcome::Ignored(Reason::Noise);
        };
        self.leave(subscription, |_| false, sheet);
        Outcome::Parsed
    }
}
