//! The known truth: what a perfect reader of the traffic would hold.

use crate::world::{Event, Half};
use antigravity_abi::{Market, Period, PriceFormat, Selection, Side, Status};
use antigravity_core::Timestamp;
use std::sync::Arc;

/// One quote that stands, with the field meanings of a quote line. Numbers are decimal text.
///
/// A suspended quote has no price here, whatever stood on the wire, and a removed one is not in the
/// list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedQuote {
    pub account: Arc<str>,
    pub provider: &'static str,
    pub event_id: String,
    pub sport: String,
    pub competition: Option<String>,
    pub home: Option<String>,
    pub away: Option<String>,
    pub title: Option<String>,
    pub starts_at: Option<Timestamp>,
    pub in_play: bool,
    /// `1-0`, where the traffic of a match in play tells it
    pub score: Option<String>,
    pub market_id: String,
    pub market: Market,
    /// the name behind `other:`
    pub other: Option<String>,
    pub period: Period,
    /// a handicap from the home side's view, or points; without trailing zeros
    pub line: Option<String>,
    pub selection: Selection,
    pub runner: Option<String>,
    pub side: Side,
    /// 1 is best
    pub level: u8,
    pub status: Status,
    /// format, and the digits of the wire after the declared scale
    pub price: Option<(PriceFormat, String)>,
    pub available: Option<String>,
    pub max_stake: Option<String>,
    /// something was missed, and no full has come since: stale, whatever its age
    pub gap: bool,
}

impl ExpectedQuote {
    /// The market as a quote line names it.
    pub fn market_name(&self) -> String {
        match &self.other {
            Some(name) => format!("other:{name}"),
            None => self.market.name().to_owned(),
        }
    }

    /// What tells quotes apart, in the order in which a board is printed.
    pub fn key(&self) -> (&str, &str, &str, &str, String, String, &str, &str, &str, &str, u8) {
        (
            self.provider,
            &self.account,
            &self.event_id,
            &self.market_id,
            self.market_name(),
            self.period.to_string(),
            self.line.as_deref().unwrap_or_default(),
            self.selection.name(),
            self.runner.as_deref().unwrap_or_default(),
            self.side.name(),
            self.level,
        )
    }
}

/// Selections and kind of a market with an entry for each of its prices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub market: Market,
    pub selections: &'static [Selection],
}

pub(crate) const HANDICAP: Layout =
    Layout { market: Market::AsianHandicap, selections: &[Selection::Home, Selection::Away] };
pub(crate) const TOTAL: Layout =
    Layout { market: Market::Total, selections: &[Selection::Over, Selection::Under] };
pub(crate) const ODD_EVEN: Layout =
    Layout { market: Market::OddEven, selections: &[Selection::Odd, Selection::Even] };
pub(crate) const RESULT: Layout =
    Layout { market: Market::MatchResult, selections: &[Selection::Home, Selection::Draw, Selection::Away] };

pub(crate) const fn period(half: Half) -> Period {
    match half {
        Half::Full => Period::FULL_TIME,
        Half::First => Period::FIRST_HALF,
    }
}

/// `2-1`.
pub(crate) fn score_text(score: [i32; 2]) -> String {
    format!("{}-{}", score[0], score[1])
}

/// Writes the quotes of one event.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    out: &'a mut Vec<ExpectedQuote>,
    event: ExpectedQuote,
}

/// One market of an event as it stands: a price text for each selection, `None` where suspended.
#[derive(Debug)]
pub(crate) struct Standing {
    pub layout: Layout,
    pub half: Half,
    pub market_id: String,
    pub line: Option<String>,
    pub format: PriceFormat,
    pub prices: Vec<Option<String>>,
}

impl<'a> Sheet<'a> {
    /// Starts an event; what varies from book to book is set through `fields`.
    pub fn new(
        out: &'a mut Vec<ExpectedQuote>,
        (account, provider): (&Arc<str>, &'static str),
        event: &Event,
        fields: impl FnOnce(&mut ExpectedQuote),
    ) -> Self {
        let mut quote = ExpectedQuote {
            account: account.clone(),
            provider,
            event_id: String::new(),
            sport: "soccer".to_owned(),
            competition: Some(event.fixture.competition.to_owned()),
            home: Some(event.fixture.home.to_owned()),
            away: Some(event.fixture.away.to_owned()),
            title: None,
            starts_at: None,
            in_play: false,
            score: None,
            market_id: String::new(),
            market: Market::Other,
            other: None,
            period: Period::FULL_TIME,
            line: None,
            selection: Selection::Home,
            runner: None,
            side: Side::Back,
            level: 1,
            status: Status::Suspended,
            price: None,
            available: None,
            max_stake: None,
            gap: false,
        };
        fields(&mut quote);
        Self { out, event: quote }
    }

    pub fn max_stake(&mut self, stake: Option<String>) {
        self.event.max_stake = stake;
    }

    pub fn market(&mut self, standing: Standing) {
        for (&selection, price) in standing.layout.selections.iter().zip(standing.prices) {
            self.out.push(ExpectedQuote {
                market_id: standing.market_id.clone(),
                market: standing.layout.market,
                period: period(standing.half),
                line: standing.line.clone(),
                selection,
                status: if price.is_some() { Status::Open } else { Status::Suspended },
                price: price.map(|text| (standing.format, text)),
                ..self.event.clone()
            });
        }
    }
}
