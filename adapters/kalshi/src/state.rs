//! All markets, and who keeps their books up to date.

use crate::events::Events;
use crate::market::{Market, Trading};
use crate::subscriptions::Subscriptions;
use antigravity_sdk::{Key, Sheet, Value};
use rustc_hash::FxHashMap;

/// Markets that are kept without an event; beyond that the one goes that was told of longest ago. A page
/// may subscribe to every ticker there is.
const MAX_UNNAMED: usize = 1024;

#[derive(Debug, Default)]
pub struct State {
    pub events: Events,
    pub markets: Vec<Market>,
    ids: FxHashMap<Box<str>, usize>,
    /// Numbers of the markets without an event.
    unnamed: Vec<usize>,
    /// Numbers of markets that were dropped.
    free: Vec<usize>,
    turns: u64,
    pub subscriptions: Subscriptions,
    /// Numbers of markets that may be owed.
    owed: Vec<usize>,
}

/// A market's ticker, where it is one.
pub fn ticker(value: Option<Value<'_>>) -> Option<std::borrow::Cow<'_, str>> {
    value?.str().filter(|ticker| !ticker.is_empty())
}

/// What a market's `status` means. What is neither trading nor settled may trade again.
pub fn trading(status: Value<'_>) -> Trading {
    match status.one_of([Key::new("active"), Key::new("open"), Key::new("finalized"), Key::new("settled")]) {
        Some(0 | 1) => Trading::Open,
        Some(_) => Trading::Over,
        None => Trading::Suspended,
    }
}

impl State {
    pub fn find(&self, ticker: &str) -> Option<usize> {
        self.ids.get(ticker).copied()
    }

    /// The market of this ticker, which may be new: then it has no event yet.
    pub fn market(&mut self, ticker: &str) -> usize {
        if self.unnamed.len() >= MAX_UNNAMED && self.find(ticker).is_none() {
            self.drop_unnamed();
        }
        self.named_market(ticker)
    }

    /// The market of this ticker, of which an answer names the event.
    pub fn named_market(&mut self, ticker: &str) -> usize {
        self.turns += 1;
        if let Some(number) = self.find(ticker) {
            self.markets[number].turn = self.turns;
            return number;
        }
        let number = self.free.pop().unwrap_or(self.markets.len());
        let mut market = Market::new(ticker);
        market.turn = self.turns;
        match self.markets.get_mut(number) {
            Some(place) => *place = market,
            None => self.markets.push(market),
        }
        self.ids.insert(ticker.into(), number);
        self.unnamed.push(number);
        number
    }

    /// Drops the market without an event that was told of longest ago.
    fn drop_unnamed(&mut self) {
        let turn = |(_, number): &(usize, &usize)| self.markets[**number].turn;
        if let Some((at, _)) = self.unnamed.iter().enumerate().min_by_key(turn) {
            let number = self.unnamed.swap_remove(at);
            let market = std::mem::replace(&mut self.markets[number], Market::new(""));
            self.ids.remove(&market.ticker);
            self.free.push(number);
        }
    }

    /// An answer named the market's event: `true` where its quotes are to be said for the first time.
    pub fn list(&mut self, number: usize, event: usize, sheet: &mut Sheet) -> bool {
        let market = &mut self.markets[number];
        if market.event.is_none() {
            self.unnamed.retain(|unnamed| *unnamed != number);
        }
        let Some(shown) = self.events.show(event, sheet) else { return false };
        market.list(event, shown, sheet)
    }

    /// When the stream that keeps a market's book was last heard of.
    pub fn heard(&self, number: usize) -> Option<i64> {
        self.subscriptions.heard(self.markets[number].follows()?)
    }

    /// The market's quotes were said by somebody else than the stream that keeps its book.
    pub fn owe(&mut self, number: usize) {
        let market = &mut self.markets[number];
        if market.follows().is_some() && !std::mem::replace(&mut market.owed, true) {
            self.owed.push(number);
        }
    }

    /// Something about the market could not be read, in a frame whose rows do not count: where no stream
    /// keeps its book, what stands is out of date, which the next frame says.
    pub fn doubt(&mut self, number: usize) {
        if !std::mem::replace(&mut self.markets[number].owed, true) {
            self.owed.push(number);
        }
    }

    /// As [`Self::doubt`], of all markets whose books this subscription told last.
    pub fn doubt_all(&mut self, subscription: usize) {
        for number in 0..self.markets.len() {
            if self.markets[number].subscription() == Some(subscription) {
                self.doubt(number);
            }
        }
    }

    /// All books that this socket keeps are to be said again.
    pub fn owe_all(&mut self, connection: u32) {
        for number in 0..self.markets.len() {
            let subscription = self.markets[number].follows();
            if subscription.and_then(|of| self.subscriptions.connection(of)) == Some(connection) {
                self.owe(number);
            }
        }
    }

    /// Says what is owed of the books that this socket keeps.
    pub fn settle_debts(&mut self, connection: u32, sheet: &mut Sheet) {
        let mut later = Vec::new();
        for number in std::mem::take(&mut self.owed) {
            let market = &mut self.markets[number];
            match market.follows().and_then(|of| self.subscriptions.connection(of)) {
                _ if !market.owed => {}
                Some(of) if of == connection => market.resume(sheet),
                Some(_) => later.push(number),
                None => {
                    market.owed = false;
                    market.outdate(sheet);
                }
            }
        }
        self.owed = later;
    }

    /// A subscription missed something: the books it keeps are out of date, and so is what answers told of
    /// markets whose books it kept before.
    pub fn lose(&mut self, subscription: usize, sheet: &mut Sheet) {
        let of = |market: &&mut Market| market.subscription() == Some(subscription);
        self.markets.iter_mut().filter(of).for_each(|market| market.lose(sheet));
    }

    /// A subscription tells no more of its markets, or of those that are not `named`.
    pub fn leave(&mut self, subscription: usize, named: impl Fn(&str) -> bool, sheet: &mut Sheet) {
        let left = |market: &&mut Market| market.follows() == Some(subscription) && !named(&market.ticker);
        self.markets.iter_mut().filter(left).for_each(|market| market.lose(sheet));
    }
}
