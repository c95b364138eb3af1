//! Traffic in which anything may be lost, repeated or unreadable, beside the books as they are.

use crate::support::{Page, change, market, one, whole};
use antigravity_sdk::Fate;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MARKETS: [&str; 3] = ["M", "N", "O"];

/// What happens to one market.
#[derive(Clone, Copy, Debug)]
enum Happens {
    /// The book changes and the page is told.
    Told,
    /// The book changes, and what the page is told is lost.
    Lost,
    /// The book changes, and what the page is told cannot be read.
    Unreadable,
    /// The last frame comes again.
    Again,
    /// The page is told the whole book.
    Whole,
    /// An answer tells the book.
    Answer,
    /// An answer tells the status.
    Status(bool),
    /// Nothing is told for so long.
    Silence(i64),
}

fn happens() -> impl Strategy<Value = (usize, Happens, u64, u64)> {
    let what = prop_oneof![
        12 => Just(Happens::Told),
        1 => Just(Happens::Lost),
        1 => Just(Happens::Unreadable),
        1 => Just(Happens::Again),
        3 => Just(Happens::Whole),
        1 => Just(Happens::Answer),
        1 => any::<bool>().prop_map(Happens::Status),
        1 => (1i64..60).prop_map(Happens::Silence),
    ];
    (0usize..3, what, 1u64..6, 0u64..4)
}

/// Sizes by price in cents.
type Side = BTreeMap<u64, u64>;

fn book(sid: i64, seq: i64, ticker: &str, bids: &Side) -> Value {
    let levels: Vec<_> =
        bids.iter().map(|(price, size)| (format!("0.0{price}00"), format!("{size}.00"))).collect();
    let levels: Vec<_> = levels.iter().map(|(price, size)| (price.as_str(), size.as_str())).collect();
    whole(sid, seq, ticker, &levels, &[])
}

fn answer(bids: &Side) -> Value {
    let levels: Vec<_> =
        bids.iter().map(|(price, size)| [format!("0.0{price}00"), format!("{size}.00")]).collect();
    json!({"orderbook_fp": {"yes_dollars": levels, "no_dollars": []}})
}

/// The best levels of a side as the page shows them, without their status.
fn best(ticker: &str, bids: &Side) -> Vec<String> {
    let levels = bids.iter().rev().take(3).zip(1..);
    levels.map(|((price, size), level)| format!("{ticker} yes {level} 0.0{price}00@{size}.00")).collect()
}

/// What stands of a market; `None` where any of it is stale.
fn sound(page: &Page, ticker: &str) -> Option<Vec<String>> {
    let quotes: Vec<_> = page.quotes().filter(|quote| quote.market_id == ticker).collect();
    let show = |quote: &antigravity_sdk::testing::Quote| {
        format!(
            "{ticker} {} {} {}@{}",
            quote.selection,
            quote.level,
            quote.price.unwrap(),
            quote.size.unwrap()
        )
    };
    (!quotes.is_empty() && quotes.iter().all(|quote| !quote.stale)).then(|| quotes.iter().map(show).collect())
}

proptest! {
    /// A frame in its turn leaves nothing that is neither as the books are nor stale.
    #[test]
    fn what_is_not_stale_is_true(script in proptest::collection::vec(happens(), 1..60)) {
        let mut page = Page::knowing(&MARKETS);
        let mut books: [Side; 3] = std::array::from_fn(|_| Side::from([(2, 5)]));
        let mut seq = 0;
        let mut last = json!({"type": "ok", "id": 1, "sid": 1, "seq": 1});
        for (ticker, bids) in MARKETS.iter().zip(&books) {
            seq += 1;
            page.frame(&book(1, seq, ticker, bids));
        }
        for (at, what, price, size) in script {
            let ticker = MARKETS[at];
            let told = match what {
                Happens::Told | Happens::Lost | Happens::Unreadable => {
                    let stands = books[at].remove(&price).unwrap_or(0);
                    if size > 0 {
                        books[at].insert(price, size);
                    }
                    seq += 1;
                    let delta = i128::from(size) - i128::from(stands);
                    let side = if matches!(what, Happens::Unreadable) { "maybe" } else { "yes" };
                    last = change(1, seq, ticker, side, &format!("0.0{price}00"), &format!("{delta}.00"));
                    !matches!(what, Happens::Lost)
                }
                Happens::Whole => {
                    seq += 1;
                    last = book(1, seq, ticker, &books[at]);
                    true
                }
                Happens::Again => true,
                Happens::Answer => {
                    page.orderbook(ticker, &answer(&books[at]));
                    false
                }
                Happens::Status(active) => {
                    page.answer("markets", &one(market(ticker, if active { "active" } else { "inactive" })));
                    false
                }
                Happens::Silence(seconds) => {
                    page.wait(seconds);
                    false
                }
            };
            if told && page.frame(&last).fate == Fate::Parsed {
                for (ticker, bids) in MARKETS.iter().zip(&books) {
                    if let Some(shown) = sound(&page, ticker) {
                        prop_assert_eq!(shown, best(ticker, bids));
                    }
                }
            }
        }
        // Whole books on a new socket make everything good, whatever came before.
        for (ticker, bids) in MARKETS.iter().zip(&books) {
            page.answer("markets", &one(market(ticker, "active")));
            page.on(2, &book(1, 1 + i64::from(*ticker == "N") + 2 * i64::from(*ticker == "O"), ticker, bids));
        }
        let all: Vec<String> = MARKETS.iter().zip(&books).flat_map(|(ticker, bids)| best(ticker, bids)).collect();
        let shown: Vec<String> = MARKETS.iter().filter_map(|ticker| sound(&page, ticker)).flatten().collect();
        prop_assert_eq!(shown, all);
    }

    /// Values of any kind in any place are answered, and nothing that is quoted is out of range.
    #[test]
    fn any_values_are_answered(
        kind in 0usize..6,
        (sid, seq, price, size) in (value(), value(), value(), value()),
        side in prop_oneof![Just(json!("yes")), value()],
    ) {
        let mut page = Page::knowing(&["M"]);
        page.frame(&whole(1, 1, "M", &[("0.4100", "12.00")], &[]));
        let types = ["orderbook_delta", "orderbook_snapshot", "ticker", "market_lifecycle_v2", "ok", "unsubscribed"];
        let msg = json!({"market_ticker": "M", "side": side, "price_dollars": price, "price": size, "delta_fp": size,
            "yes_dollars_fp": [[price, size], price], "no": size, "yes_bid_dollars": price, "yes_ask": size,
            "yes_bid_size_fp": size, "event_type": side, "market_tickers": price});
        page.frame(&json!({"type": types[kind], "sid": sid, "seq": seq, "msg": msg}));
        page.frame(&json!({"type": types[kind], "sid": 1, "seq": 2, "msg": msg}));
        page.answer("markets", &json!({"markets": [msg, {"ticker": "M", "event_ticker": "EV", "status": side,
            "yes_bid_dollars": price, "yes_ask": size}]}));
        page.orderbook("M", &json!({"orderbook": {"yes_dollars": [[price, size]], "no": price}}));
        for quote in page.quotes() {
            let price = quote.price.unwrap().to_string();
            prop_assert!(price.starts_with("0."), "{price}");
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3i64..104).prop_map(Value::from),
        (-3i64..104).prop_map(|cents| Value::from(format!("{}.{:02}", cents / 100, cents.abs() % 100))),
        "[0-9.+-]{0,22}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([["0.5", "1"]])),
    ]
}
