//! What the finder is told: plain facts, by numbers of the caller's. It knows no board.

use crate::Timestamp;
use crate::contract::HandicapBasis;
use crate::exact::Ratio;
use crate::money::Money;
use crate::odds::Price;
use antigravity_abi::{Decimal, Market, Period, Status};

macro_rules! numbers {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
    )+};
}

numbers! {
    /// A provider seen through one account. Dense, the caller's number.
    Worker;
    /// An event as one worker tells of it. Dense, the caller's number.
    Fixture;
    /// A line of a market of a fixture: what all its selections share. Dense, the caller's number.
    MarketLine;
    /// A price of a line: one selection, one side, the best level. Dense, the caller's number.
    Quote;
}

/// What combinations are made of and shown.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The total risk of an opportunity is at most this, in its currency.
    pub bankroll: Money,
    /// The risk of one account's legs, where it is bounded.
    pub per_account: Option<Money>,
    pub pairing: Pairing,
    /// The highest return on the total risk that is believed: 1/10.
    pub too_good: Ratio,
    /// How many opportunities of one family are open at a time.
    pub most_open: u16,
}

/// Who the legs of an opportunity must differ by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// At least two accounts, of one provider or several.
    Accounts,
    /// At least two providers.
    Providers,
}

impl Pairing {
    /// As the opportunity line has it.
    pub const fn lane(self) -> &'static str {
        match self {
            Self::Accounts => "cross-account",
            Self::Providers => "cross-provider",
        }
    }
}

/// Of a worker.
#[derive(Clone, Copy, Debug)]
pub struct WorkerFacts<'a> {
    pub account: &'a str,
    pub provider: &'a str,
    pub basis: HandicapBasis,
    /// Of lines that tell none; none here either is the bankroll's.
    pub currency: Option<&'a str>,
}

/// Of a line of a market.
#[derive(Clone, Copy, Debug)]
pub struct LineFacts<'a> {
    pub fixture: Fixture,
    pub market_id: &'a str,
    pub market: Market,
    pub period: Period,
    pub line: Option<Decimal>,
    pub runner: Option<&'a str>,
    /// Limits apply to the nominal stake; the step is 1 where none is told.
    pub step: Option<Decimal>,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    pub currency: Option<&'a str>,
}

/// A quote as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub status: Status,
    pub price: Option<Price>,
    /// The nominal stake that is there.
    pub available: Option<Decimal>,
    /// The packet that said so.
    pub seq: u64,
}

/// A list of outcomes of which exactly one happens, complete as far as a packet proves it.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeFacts<'a> {
    pub fixture: Fixture,
    pub market_id: &'a str,
    /// [`Market::Winner`] or [`Market::Place`].
    pub market: Market,
    pub period: Period,
    /// None: nothing is proven any more.
    pub outcomes: Option<&'a [&'a str]>,
    pub packet_seq: u64,
}

/// How fresh quotes are.
pub trait Standing {
    /// When the quote was last confirmed.
    fn confirmed_at(&self, quote: Quote) -> Timestamp;

    /// The last instant at which it is fresh; none where something of its stream was missed.
    fn stale_at(&self, quote: Quote) -> Option<Timestamp>;
}
