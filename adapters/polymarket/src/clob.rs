//! Answers of the CLOB: books, and what it says of markets.

use crate::state::State;
use crate::stream::{note, whole_book};
use antigravity_sdk::{Key, Kind, Outcome, Reason, Rejection, Sheet, Value, missing, reject};

const BOOK: [Key; 4] = [Key::new("asset_id"), Key::new("bids"), Key::new("asks"), Key::new("timestamp")];
const MARKET: [Key; 4] = [Key::new("c"), Key::new("t"), Key::new("ao"), Key::new("mos")];
const TOKEN: [Key; 2] = [Key::new("t"), Key::new("o")];

/// The items of a list, or the one thing that is no list.
pub fn one_or_many<'a>(value: Value<'a>) -> impl Iterator<Item = Value<'a>> + Clone {
    let one = (value.kind() != Kind::Array).then_some(value);
    one.into_iter().chain(value.items())
}

impl State {
    /// One book or a list of them.
    ///
    /// # Errors
    /// Where one is not a book; nothing was changed then.
    pub fn books(&mut self, answer: Value<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let mut books = Vec::new();
        for book in one_or_many(answer) {
            let [asset, bids, asks, at] = book.fields(BOOK);
            let asset = asset.and_then(Value::text).ok_or_else(|| missing("asset_id"))?;
            books.push((asset, whole_book(bids, asks, at).map_err(missing)?));
        }
        let (mut read, asked) = (0, books.len());
        for (asset, (book, unreadable)) in books {
            // An answer may come from a cache, or be overtaken by the socket.
            let token = self.token(&asset);
            let known = token.and_then(|token| self.book(token)).and_then(|known| known.at);
            if known.zip(book.at).is_some_and(|(known, at)| at < known) {
                continue;
            }
            read += 1;
            note(unreadable, sheet);
            self.replace(&asset, book, unreadable == 0, sheet);
        }
        Ok(if read == 0 && asked > 0 { Outcome::Ignored(Reason::StaleCursor) } else { Outcome::Parsed })
    }

    /// `/clob-markets/…`: whether a market takes orders, and its least order. Which token is which is
    /// Gamma's to say; here it must agree.
    ///
    /// # Errors
    /// Where it is no such answer, or names the tokens otherwise than Gamma; nothing was changed then.
    pub fn clob_markets(&mut self, answer: Value<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        let mut known = Vec::new();
        for market in one_or_many(answer) {
            let [condition, tokens, accepting, min_stake] = market.fields(MARKET);
            let condition = condition.and_then(Value::text).ok_or_else(|| missing("c"))?;
            let Some(number) = self.market(&condition) else { continue };
            for token in tokens.into_iter().flat_map(Value::items) {
                let [id, outcome] = token.fields(TOKEN);
                let (id, outcome) = (id.and_then(Value::text), outcome.and_then(Value::str));
                if !id.zip(outcome).is_some_and(|(id, outcome)| self.is_named(number, &id, &outcome)) {
                    return Err(reject(Reason::Inconsistent, "tokens are named otherwise than by Gamma"));
                }
            }
            known.push((number, accepting.and_then(Value::bool), min_stake.and_then(Value::decimal)));
        }
        let read = !known.is_empty();
        for (number, accepting, min_stake) in known {
            self.conditions(number, accepting, min_stake, sheet);
        }
        Ok(if read { Outcome::Parsed } else { Outcome::Ignored(Reason::Noise) })
    }
}
