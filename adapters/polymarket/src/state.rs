//! Tokens and markets, and what a change of a book means for them.

use crate::book::Book;
use crate::events::Events;
use crate::market::{Market, Terms};
use antigravity_sdk::{Decimal, Sheet};
use rustc_hash::FxHashMap;

/// Books that are kept of tokens that Gamma has not named; beyond that the one that was told of longest
/// ago goes. Pages show markets that they never ask Gamma about, and new ones every few minutes.
const MAX_UNNAMED: usize = 1024;

#[derive(Debug, Default)]
pub struct State {
    pub events: Events,
    tokens: Vec<Token>,
    token_ids: FxHashMap<Box<str>, usize>,
    /// Numbers of the tokens that Gamma has not named.
    unnamed: Vec<usize>,
    /// Numbers of tokens that were dropped.
    free: Vec<usize>,
    /// Counts what is told of unnamed tokens.
    told: u64,
    markets: Vec<Market>,
    market_ids: FxHashMap<Box<str>, usize>,
}

/// One outcome token. It may have a book before Gamma says what it is.
#[derive(Debug, Default)]
pub struct Token {
    id: Box<str>,
    pub book: Option<Book>,
    /// Its market, and which of the two it is.
    market: Option<(usize, usize)>,
    trust: Trust,
    /// When it was last told of, where it is unnamed.
    told: u64,
}

/// Whether a token's best prices agree with those the provider states beside its changes.
#[derive(Debug, Default, PartialEq, Eq)]
enum Trust {
    #[default]
    Sound,
    /// They disagreed with a change of this hash. One change of a book may be told in several frames that
    /// bear one hash, so the next one may still settle it.
    Unsettled(Box<[u8]>),
    /// Something was missed.
    Lost,
}

/// What Gamma says of a market.
#[derive(Debug)]
pub struct Listing<'a> {
    pub condition: &'a str,
    pub event: usize,
    pub terms: Terms,
    pub tokens: [&'a str; 2],
    pub accepting: bool,
    pub min_stake: Option<Decimal>,
    pub over: bool,
}

impl State {
    pub fn token(&self, id: &str) -> Option<usize> {
        self.token_ids.get(id).copied()
    }

    fn add_token(&mut self, id: &str) -> usize {
        let number = self.free.pop().unwrap_or(self.tokens.len());
        let token = Token { id: id.into(), ..Token::default() };
        match self.tokens.get_mut(number) {
            Some(place) => *place = token,
            None => self.tokens.push(token),
        }
        self.token_ids.insert(id.into(), number);
        number
    }

    /// The token of a book, perhaps one that Gamma has not named.
    fn token_of_book(&mut self, id: &str) -> usize {
        if let Some(number) = self.token(id) {
            return number;
        }
        if self.unnamed.len() == MAX_UNNAMED {
            let told = |(_, token): &(usize, &usize)| self.tokens[**token].told;
            if let Some((at, _)) = self.unnamed.iter().enumerate().min_by_key(told) {
                self.drop_unnamed(at);
            }
        }
        let number = self.add_token(id);
        self.unnamed.push(number);
        number
    }

    /// The token of a market that Gamma names.
    fn named_token(&mut self, id: &str) -> usize {
        let Some(number) = self.token(id) else { return self.add_token(id) };
        if self.tokens[number].market.is_none() {
            self.unnamed.retain(|unnamed| *unnamed != number);
        }
        number
    }

    fn drop_unnamed(&mut self, at: usize) {
        let number = self.unnamed.swap_remove(at);
        let token = std::mem::take(&mut self.tokens[number]);
        self.token_ids.remove(&token.id);
        self.free.push(number);
    }

    /// Drops the book of a token that nothing will be told of any more, where it belongs to no market.
    pub fn forget(&mut self, id: &str) {
        let Some(number) = self.token(id) else { return };
        if let Some(at) = self.unnamed.iter().position(|unnamed| *unnamed == number) {
            self.drop_unnamed(at);
        }
    }

    pub fn book(&mut self, token: usize) -> Option<&mut Book> {
        self.tokens.get_mut(token)?.book.as_mut()
    }

    pub fn market(&self, condition: &str) -> Option<usize> {
        self.market_ids.get(condition).copied()
    }

    /// Takes over what Gamma says of a market, and quotes it from the books that are there.
    pub fn list(&mut self, listing: Listing<'_>, sheet: &mut Sheet) {
        let known = self.market(listing.condition);
        if known.is_none() && listing.over {
            // What is over before it was ever quoted is of no interest.
            return listing.tokens.into_iter().for_each(|id| self.forget(id));
        }
        let tokens = listing.tokens.map(|id| self.named_token(id));
        let number = known.unwrap_or_else(|| self.add_market(&listing, tokens));
        for (i, token) in tokens.into_iter().enumerate() {
            self.tokens[token].market = Some((number, i));
        }
        let event = self.events.show(listing.event, sheet);
        let Some(market) = self.markets.get_mut(number) else { return };
        let same = market.terms == listing.terms && market.tokens == tokens && market.event == listing.event;
        let known = same && market.min_stake == listing.min_stake && market.is_listed();
        let first = !same || !market.is_listed();
        if !same {
            market.relist(listing.terms, sheet);
            (market.tokens, market.event) = (tokens, listing.event);
        }
        (market.accepting, market.min_stake) = (listing.accepting, listing.min_stake);
        // What was settled stays settled, whatever an older answer says.
        if listing.over {
            self.resolve(number, sheet);
            return;
        }
        if market.over {
            return;
        }
        if let Some(event) = event.filter(|_| !known) {
            market.list(event, sheet);
        }
        let has_book = |token: &usize| self.tokens[*token].book.is_some();
        if first && tokens.iter().any(has_book) {
            market.snapshot(&self.tokens, sheet);
        }
        self.show(number, sheet);
    }

    fn add_market(&mut self, listing: &Listing<'_>, tokens: [usize; 2]) -> usize {
        self.markets.push(Market::new(listing.condition, listing.event, listing.terms.clone(), tokens));
        self.market_ids.insert(listing.condition.into(), self.markets.len() - 1);
        self.markets.len() - 1
    }

    /// Whether Gamma says that this token of a market is this outcome.
    pub fn is_named(&self, number: usize, token: &str, outcome: &str) -> bool {
        let Some(market) = self.markets.get(number) else { return false };
        let named = market.tokens.iter().zip(&market.terms.roles).find(|(_, role)| role.name == outcome);
        named.is_some_and(|(number, _)| self.token(token) == Some(*number))
    }

    /// What the CLOB says of a market that Gamma named.
    pub fn conditions(
        &mut self,
        number: usize,
        accepting: Option<bool>,
        min_stake: Option<Decimal>,
        sheet: &mut Sheet,
    ) {
        let Some(market) = self.markets.get_mut(number) else { return };
        market.accepting = accepting.unwrap_or(market.accepting);
        let changed = min_stake.is_some() && min_stake != market.min_stake;
        if changed && let Some(event) = self.events.show(market.event, sheet) {
            market.min_stake = min_stake;
            market.list(event, sheet);
        }
        self.show(number, sheet);
    }

    /// A market was settled: its quotes and books are gone.
    pub fn resolve(&mut self, number: usize, sheet: &mut Sheet) {
        let Some(market) = self.markets.get_mut(number) else { return };
        if !std::mem::replace(&mut market.over, true) {
            market.withdraw(sheet);
        }
        for token in market.tokens {
            self.tokens[token].book = None;
        }
    }

    /// A whole book of a token.
    pub fn replace(&mut self, id: &str, book: Book, whole: bool, sheet: &mut Sheet) {
        let token = self.token_of_book(id);
        let of = self.tokens[token].market.and_then(|(number, _)| self.markets.get(number));
        if of.is_some_and(|market| market.over) {
            return;
        }
        self.tokens[token].book = Some(book);
        self.tokens[token].trust = if whole { Trust::Sound } else { Trust::Lost };
        let Some((number, i)) = self.tokens[token].market else { return self.note_told(token) };
        let Some(market) = self.markets.get_mut(number) else { return };
        let partner = market.tokens[1 - i];
        let mirrored = self.tokens[partner].book.is_none();
        if mirrored {
            self.tokens[partner].trust = Trust::Sound;
        }
        market.fresh[i] = true;
        if market.is_listed() && market.is_whole(&self.tokens) {
            market.snapshot(&self.tokens, sheet);
        } else {
            market.show(i, &self.tokens, true, sheet);
        }
        self.settle(number, sheet);
    }

    fn note_told(&mut self, token: usize) {
        self.told += 1;
        self.tokens[token].told = self.told;
    }

    /// Something of a token's book changed.
    pub fn changed(&mut self, token: usize, sheet: &mut Sheet) {
        let Some((number, i)) = self.tokens[token].market else { return self.note_told(token) };
        let Some(market) = self.markets.get_mut(number) else { return };
        market.fresh[i] = false;
        market.show(i, &self.tokens, false, sheet);
        if self.tokens[market.tokens[1 - i]].book.is_none() {
            market.show(1 - i, &self.tokens, false, sheet);
        }
        self.settle(number, sheet);
    }

    /// A change of a token's book could not be read.
    pub fn lose(&mut self, token: usize) {
        self.tokens[token].trust = Trust::Lost;
    }

    /// Compares a token's best prices with those the provider states; `hash` is that of the change. `None` is
    /// an empty side.
    pub fn compare(&mut self, token: usize, bid: Option<Stated>, ask: Option<Stated>, hash: &[u8]) {
        let best = match self.tokens.get(token).and_then(|token| token.market) {
            Some((number, i)) => self.markets.get(number).and_then(|market| market.best(i, &self.tokens)),
            None => self.tokens.get(token).and_then(|token| token.book.as_ref()).map(Book::best),
        };
        let Some((own_bid, own_ask)) = best else { return };
        let agrees = bid.is_none_or(|bid| bid.0 == own_bid) && ask.is_none_or(|ask| ask.0 == own_ask);
        let trust = &mut self.tokens[token].trust;
        *trust = match std::mem::take(trust) {
            Trust::Sound if agrees => Trust::Sound,
            Trust::Sound if hash.is_empty() => Trust::Lost,
            Trust::Sound => Trust::Unsettled(hash.into()),
            Trust::Unsettled(before) if *before == *hash && agrees => Trust::Sound,
            Trust::Unsettled(before) if *before == *hash => Trust::Unsettled(before),
            Trust::Unsettled(_) | Trust::Lost => Trust::Lost,
        };
    }

    /// Says what changed of a market.
    fn show(&mut self, number: usize, sheet: &mut Sheet) {
        if let Some(market) = self.markets.get_mut(number) {
            market.show(0, &self.tokens, false, sheet);
            market.show(1, &self.tokens, false, sheet);
        }
        self.settle(number, sheet);
    }

    /// Says that a market's quotes cannot be trusted, or that they can be again.
    fn settle(&mut self, number: usize, sheet: &mut Sheet) {
        let Some(market) = self.markets.get_mut(number) else { return };
        if !market.is_listed() || market.over {
            return;
        }
        let sound = market.tokens.iter().all(|token| self.tokens[*token].trust == Trust::Sound);
        if !sound {
            // Said with every change: a packet of which nothing is good is refused, and this with it.
            market.gap = true;
            sheet.gap(market.scope);
        } else if market.gap {
            market.snapshot(&self.tokens, sheet);
        }
    }
}

/// A best price as the provider states it: `0`, `1` and nothing stand for an empty side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated(pub Option<Decimal>);
