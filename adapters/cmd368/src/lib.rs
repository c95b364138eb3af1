//! CMD368: the page polls one address, which answers with whole rows (full) or with commands that
//! change them (delta).
//!
//! ```text
//! POST …/Member/BetsView/BetLight/DataOdds.ashx        fc=1&m_accType=MY+MR&m_gameType=S_&…
//! {"t":9000100,"a":true,"data":[row,…],"today":[row,…],"f":[]}
//! full row    [31000417,…,"TEST LEAGUE","Home Club","Away Club",0.95,0.93,…]   91 positions
//! delta row   [31000417,1,33,2.25,0.94,-0.92,1,1,"S"]                          event, 1, command, values
//! ```
//!
//! `fc` of the request says which it is: 1, 2, 4, 6 are full, 3, 5, 7 delta. `t` is the provider's
//! cursor, one for all `fc`; `a` is false where the answer does not follow the page's cursor.

mod book;
mod cell;
mod delta;
mod fixture;
mod full;
mod login;
mod market;
mod request;

use antigravity_sdk::prelude::*;
use book::{Book, Full};
use request::Answers;

/// Index of the contract's endpoints that reach the adapter.
const LOGIN: usize = 1;

const KEYS: [Key; 4] = [Key::new("t"), Key::new("a"), Key::new("data"), Key::new("today")];

#[derive(Debug, Default)]
pub struct Cmd368 {
    /// `t` of the last answer that was accepted, whatever its `fc`.
    cursor: Option<i64>,
    /// Host of the last full that was accepted; empty before the first.
    full_host: String,
    /// An answer with `a` false came after the last full.
    lost: bool,
    book: Book,
}

impl Adapter for Cmd368 {
    fn contract() -> Contract {
        let noise = |name: &str, path: &str, content| http(name, path).content(content);
        contract("cmd368", "0.1.0", Profile::AutoPush)
            .prices(&[PriceFormat::Malay, PriceFormat::Decimal])
            .stale_after_ms(90_000)
            .endpoint(
                http("odds", "**/Member/BetsView/BetLight/DataOdds.ashx").methods(&["POST", "GET"]).schema(
                    r#"{"type":"object","required":["t","a"],"properties":{
                    "t":{"type":["integer","string"]},"a":{"type":"boolean"},
                    "data":{"type":["array","null"]},"today":{"type":["array","null"]}}}"#,
                ),
            )
            .endpoint(noise("login", "**/GetSportItems", Content::Fixtures).schema(r#"{"type":"object"}"#))
            .endpoint(noise("league-filter", "**/leaguefilter.aspx", Content::Session))
            // A page of markup where noise is expected is refused unless its beginning is declared.
            .endpoint(noise("league-filter-page", "**/leaguefilter.aspx", Content::Session).prefix("<"))
            .endpoint(noise("settings", "**/SetData", Content::Session))
            .endpoint(noise("balance", "**/GetBalance", Content::Balance))
    }

    fn parse(&mut self, packet: &Packet<'_>, sheet: &mut Sheet) -> Result<Outcome, Rejection> {
        if packet.endpoint() == LOGIN {
            return login::read(packet.json()?);
        }
        let answers = Answers::read(packet)?;
        let [t, follows, data, today] = packet.json()?.fields(KEYS);
        if !follows.and_then(Value::bool).ok_or_else(|| bad("a"))? {
            self.lost = true;
            self.book.gap(sheet);
            return Ok(Outcome::Parsed);
        }
        let cursor = t.and_then(Value::i64).ok_or_else(|| bad("t"))?;
        let data = list(data, "data")?.ok_or_else(|| missing("data"))?;
        let today = list(today, "today")?;
        if let Some(reason) = self.out_of_order(cursor, answers, packet.host()) {
            return Ok(Outcome::Ignored(reason));
        }
        match answers {
            Answers::Delta => {
                for row in data.items().chain(today.into_iter().flat_map(Value::items)) {
                    delta::read(&mut self.book, row, sheet);
                }
            }
            Answers::Full { replaces } => {
                self.book.full(&Full { data, today, replaces, at: packet.at() }, sheet)?;
                packet.host().clone_into(&mut self.full_host);
                self.lost = false;
            }
        }
        self.cursor = Some(cursor);
        Ok(Outcome::Parsed)
    }
}

impl Cmd368 {
    /// Why an answer comes too late to be used: it is a repetition, or another overtook it. A full
    /// after a lost cursor or on another host begins a new count.
    fn out_of_order(&self, cursor: i64, answers: Answers, host: &str) -> Option<Reason> {
        let restarts = self.lost || self.full_host != host;
        if restarts && matches!(answers, Answers::Full { .. }) {
            return None;
        }
        match cursor.cmp(&self.cursor?) {
            std::cmp::Ordering::Greater => None,
            std::cmp::Ordering::Equal => Some(Reason::Duplicate),
            std::cmp::Ordering::Less => Some(Reason::StaleCursor),
        }
    }
}

/// A list of rows; an absent one and null are none.
fn list<'a>(value: Option<Value<'a>>, name: &str) -> Result<Option<Value<'a>>, Rejection> {
    match value {
        Some(value) if value.kind() == Kind::Array => Ok(Some(value)),
        Some(value) if !value.is_null() => Err(bad(name)),
        _ => Ok(None),
    }
}

antigravity_sdk::export!(Cmd368);
