//! Frames of the market WebSocket.

use crate::book::{self, Book};
use crate::state::{State, Stated};
use antigravity_sdk::{Key, Kind, PriceFormat, Sheet, Value};

const EVENT: [Key; 7] = [
    Key::new("event_type"),
    Key::new("asset_id"),
    Key::new("market"),
    Key::new("timestamp"),
    Key::new("bids"),
    Key::new("asks"),
    Key::new("price_changes"),
];
const CHANGES: Key = Key::new("changes");
const TOKENS: Key = Key::new("assets_ids");
const CHANGE: [Key; 7] = [
    Key::new("asset_id"),
    Key::new("price"),
    Key::new("size"),
    Key::new("side"),
    Key::new("hash"),
    Key::new("best_bid"),
    Key::new("best_ask"),
];

/// What one event of a frame was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    Applied,
    /// It says nothing about a book.
    Noise,
}

impl State {
    /// Applies one event.
    ///
    /// # Errors
    /// The field that is missing or unknown; nothing was changed then.
    pub fn event(&mut self, event: Value<'_>, sheet: &mut Sheet) -> Result<Read, &'static str> {
        let [kind, asset, market, at, bids, asks, changes] = event.fields(EVENT);
        match kind.and_then(Value::plain).ok_or("event_type")? {
            b"book" => {
                let asset = asset.and_then(Value::text).ok_or("asset_id")?;
                let (book, unreadable) = whole_book(bids, asks, at)?;
                note(unreadable, sheet);
                self.replace(&asset, book, unreadable == 0, sheet);
                Ok(Read::Applied)
            }
            b"price_change" => {
                let at = at.and_then(Value::i64);
                match changes.or_else(|| event.get(CHANGES)) {
                    Some(list) if list.kind() == Kind::Array => self.changes(list.items(), asset, at, sheet),
                    Some(_) => return Err("price_changes"),
                    // The oldest shape: the event is the change.
                    None => self.changes(std::iter::once(event), asset, at, sheet),
                }
                Ok(Read::Applied)
            }
            b"market_resolved" => {
                let market = market.and_then(Value::text).ok_or("market")?;
                if let Some(number) = self.market(&market) {
                    self.resolve(number, sheet);
                }
                for token in event.get(TOKENS).into_iter().flat_map(Value::items).filter_map(Value::text) {
                    self.forget(&token);
                }
                Ok(Read::Applied)
            }
            b"tick_size_change" | b"last_trade_price" | b"best_bid_ask" | b"new_market" => Ok(Read::Noise),
            _ => Err("event_type"),
        }
    }

    /// Applies the changes of one event, then looks at what became of each token.
    fn changes<'a>(
        &mut self,
        changes: impl Iterator<Item = Value<'a>>,
        asset: Option<Value<'a>>,
        at: Option<i64>,
        sheet: &mut Sheet,
    ) {
        let mut touched: Vec<Touch<'a>> = Vec::new();
        for change in changes {
            let [own_asset, price, size, side, hash, bid, ask] = change.fields(CHANGE);
            let Some(asset) = own_asset.or(asset).and_then(Value::text) else {
                sheet.bad_row("price_change: asset_id");
                continue;
            };
            // A token that neither a book nor Gamma has named.
            let Some(token) = self.token(&asset) else { continue };
            if self.change(token, side, price, size, at).is_none() {
                sheet.bad_row("price_change");
                self.lose(token);
            }
            let hash = hash.and_then(Value::plain).unwrap_or(b"");
            let touch = Touch { token, bid: stated(bid), ask: stated(ask), hash };
            match touched.iter_mut().find(|touch| touch.token == token) {
                // Only the last one states the prices after the whole event.
                Some(before) => *before = touch,
                None => touched.push(touch),
            }
        }
        for touch in &touched {
            self.compare(touch.token, touch.bid, touch.ask, touch.hash);
        }
        for touch in &touched {
            self.changed(touch.token, sheet);
        }
    }

    /// Sets one level of a token's own book; a token without one is seen through its partner's.
    fn change(
        &mut self,
        token: usize,
        side: Option<Value<'_>>,
        price: Option<Value<'_>>,
        size: Option<Value<'_>>,
        at: Option<i64>,
    ) -> Option<()> {
        let bid = match side?.plain()? {
            b"BUY" => true,
            b"SELL" => false,
            _ => return None,
        };
        let Some(book) = self.book(token) else { return Some(()) };
        book.at = book.at.max(at);
        book::set(if bid { &mut book.bids } else { &mut book.asks }, price, size)
    }
}

/// One token of an event, and the best prices that the event states for it.
#[derive(Clone, Copy)]
struct Touch<'a> {
    token: usize,
    bid: Option<Stated>,
    ask: Option<Stated>,
    hash: &'a [u8],
}

/// A stated best price; `None` where none is stated.
fn stated(price: Option<Value<'_>>) -> Option<Stated> {
    let price = price?;
    Some(Stated(price.decimal().filter(|price| PriceFormat::Probability.contains(*price))))
}

/// The book of a `book` event or of a CLOB answer, and how many of its levels could not be read.
///
/// # Errors
/// The field that is missing.
pub fn whole_book(
    bids: Option<Value<'_>>,
    asks: Option<Value<'_>>,
    at: Option<Value<'_>>,
) -> Result<(Book, usize), &'static str> {
    let bids = bids.filter(|bids| bids.kind() == Kind::Array).ok_or("bids")?;
    let asks = asks.filter(|asks| asks.kind() == Kind::Array).ok_or("asks")?;
    Ok(Book::read(bids, asks, at.and_then(Value::i64)))
}

/// Counts levels that could not be read.
pub fn note(unreadable: usize, sheet: &mut Sheet) {
    for _ in 0..unreadable {
        sheet.bad_row("level");
    }
}
