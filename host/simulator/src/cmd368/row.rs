//! One match as CMD368 writes it: 91 positions in a full, `[id,1,command,…]` in a delta.

use crate::price::{Digits, line};
use crate::quote::{ExpectedQuote, HANDICAP, Layout, ODD_EVEN, RESULT, Sheet, Standing, TOTAL, score_text};
use crate::traffic::escaped;
use crate::world::{Event, Half, east_asia};
use antigravity_abi::PriceFormat;
use std::sync::Arc;

/// Hundredths of each price; `None` is −999, suspended.
pub type Prices<const N: usize> = Option<[i32; N]>;

/// A market with a line: its magnitude in quarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lined {
    pub quarters: i32,
    pub prices: Prices<2>,
}

/// A match as it stands on the page. Markets are by half; `None` is one that is not on offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub event: usize,
    pub running: bool,
    pub score: [i32; 2],
    /// `18:30`, `1H 4`, `HT`
    pub clock: String,
    /// who gives the handicap of both halves
    pub home_gives: bool,
    pub handicap: [Option<Lined>; 2],
    pub total: [Option<Lined>; 2],
    /// home, draw, away
    pub result: [Option<Prices<3>>; 2],
    pub odd_even: Option<Prices<2>>,
    /// prices are sent, but the page does not show them
    pub result_hidden: bool,
}

/// The provider's number of a match.
pub const fn event_id(index: usize) -> u64 {
    25_403_104 + 211 * index as u64
}

pub const fn league_id(event: &Event) -> u64 {
    16_497 + 5 * event.league as u64
}

const DIGITS: Digits = Digits::Two;

fn price(prices: Prices<2>, place: usize) -> String {
    prices.map_or_else(|| "-999".to_owned(), |p| DIGITS.wire(p[place]))
}

impl Row {
    /// The 91 positions of a full. Those that no reader needs hold numbers that would be seen at
    /// once if they were read in place of their neighbours.
    pub fn full(&self, event: &Event) -> String {
        let mut cells: Vec<String> = vec!["0".to_owned(); 91];
        let mut put = |place: usize, text: String| cells[place] = text;
        put(0, event_id(self.event).to_string());
        put(3, league_id(event).to_string());
        put(7, self.score[0].to_string());
        put(8, self.score[1].to_string());
        for (place, lined) in self.lined() {
            put(10 + 2 * place, lined.map_or("null".to_owned(), |l| line(l.quarters)));
            for side in 0..2 {
                put(40 + 2 * place + side, lined.map_or("null".to_owned(), |l| price(l.prices, side)));
            }
        }
        for (half, result) in self.result.iter().enumerate() {
            // On the wire in the order home, away, draw.
            for (place, outcome) in [0, 2, 1].into_iter().enumerate() {
                let text = match result {
                    None => "null".to_owned(),
                    Some(None) => "-999".to_owned(),
                    Some(Some(prices)) => DIGITS.wire(prices[outcome]),
                };
                put(17 + 3 * half + place, text);
            }
        }
        put(24, u8::from(self.home_gives).to_string());
        put(25, u8::from(self.running).to_string());
        put(34, format!("\"{:08x}-7b13-4d03-96db-{:012x}\"", event_id(self.event), self.event));
        put(37, escaped(&event.fixture.competition.to_uppercase()));
        put(38, escaped(event.fixture.home));
        put(39, escaped(event.fixture.away));
        for side in 0..2 {
            put(48 + side, self.odd_even.map_or("null".to_owned(), |prices| price(prices, side)));
        }
        put(53, format!("\"{}\"", self.clock));
        put(55, u8::from(self.result_hidden).to_string());
        let kickoff = east_asia(event.kickoff);
        put(56, format!("\"{}\"", kickoff.get(5..10).unwrap_or_default().replace('-', "/")));
        for (place, text) in [(65, "-999"), (66, "-999"), (84, "1.24"), (85, "1.31"), (86, "1.42")] {
            put(place, text.to_owned());
        }
        format!("[{}]", cells.join(","))
    }

    /// Markets with a line, in the order of the row: full-time handicap and total, then the first
    /// half's.
    fn lined(&self) -> impl Iterator<Item = (usize, Option<Lined>)> {
        let [handicap, first_handicap] = self.handicap;
        let [total, first_total] = self.total;
        [handicap, total, first_handicap, first_total].into_iter().enumerate()
    }

    /// What a delta can say of the way from here to `target`, and the row after it: lines, prices
    /// and results; not who gives, the score, odd and even, or what is on offer.
    pub fn delta(&self, target: &Self) -> (Vec<String>, Self) {
        let mut after = self.clone();
        let mut commands = Vec::new();
        let mut say = |command: usize, values: &str| {
            commands.push(format!("[{},1,{command},{values},1,1,\"S\"]", event_id(self.event)));
        };
        for (place, ((_, old), (_, new))) in self.lined().zip(target.lined()).enumerate() {
            let (Some(old), Some(new)) = (old, new) else { continue };
            let values = |prices: Prices<2>| format!("{},{}", price(prices, 0), price(prices, 1));
            if old.quarters != new.quarters {
                // The line comes with the prices of the old one; those that count come behind it.
                say(28 + 5 * place, &format!("{},{}", line(new.quarters), values(old.prices)));
                say(30 + 5 * place, &values(new.prices));
            } else if old.prices != new.prices {
                say(30 + 5 * place, &values(new.prices));
            }
            let markets = if place % 2 == 0 { &mut after.handicap } else { &mut after.total };
            markets[place / 2] = Some(new);
        }
        for (half, (old, new)) in self.result.iter().zip(target.result).enumerate() {
            let (Some(old), Some(new)) = (old, new) else { continue };
            if *old != new && !self.result_hidden {
                let text = |place: usize| new.map_or("-999".to_owned(), |p| DIGITS.wire(p[place]));
                // On the wire in the order home, away, draw, as in a full.
                let values = [text(0), text(2), text(1)].join(",");
                commands.push(format!("[{},1,{},{values},1,1,\"S\"]", event_id(self.event), 51 + 3 * half));
                after.result[half] = Some(new);
            }
        }
        (commands, after)
    }

    /// Whether only a full can lead from here to `target`.
    pub fn needs_full(&self, target: &Self) -> bool {
        let offered = |row: &Self| (row.handicap.map(|m| m.is_some()), row.result.map(|m| m.is_some()));
        self.running != target.running || self.score != target.score || offered(self) != offered(target)
    }

    /// `known`: the kick-off was told before the match ran.
    pub fn quotes(
        &self,
        account: &Arc<str>,
        event: &Event,
        (known, gap): (bool, bool),
        out: &mut Vec<ExpectedQuote>,
    ) {
        let id = event_id(self.event);
        let mut sheet = Sheet::new(out, (account, super::PROVIDER), event, |quote| {
            quote.event_id = id.to_string();
            quote.competition = Some(event.fixture.competition.to_uppercase());
            quote.in_play = self.running;
            quote.score = self.running.then(|| score_text(self.score));
            quote.starts_at = (known || !self.running).then_some(event.kickoff);
            quote.gap = gap;
        });
        let mut market = |layout: Layout, half, line, format, prices: Vec<Option<i32>>| {
            sheet.market(Standing {
                layout,
                half,
                market_id: format!("{id}-{}", layout.market.name()),
                line,
                format,
                prices: prices.into_iter().map(|p| p.map(|p| DIGITS.shown(p))).collect(),
            });
        };
        let both = |prices: Prices<2>| (0..2).map(|i| prices.map(|p| p[i])).collect();
        for (place, half) in Half::BOTH.into_iter().enumerate() {
            if let Some(lined) = self.handicap[place] {
                let signed = if self.home_gives { -lined.quarters } else { lined.quarters };
                market(HANDICAP, half, Some(line(signed)), PriceFormat::Malay, both(lined.prices));
            }
            if let Some(lined) = self.total[place] {
                market(TOTAL, half, Some(line(lined.quarters)), PriceFormat::Malay, both(lined.prices));
            }
            if let Some(prices) = self.result[place].filter(|_| !self.result_hidden) {
                let three = (0..3).map(|i| prices.map(|p| p[i])).collect();
                market(RESULT, half, None, PriceFormat::Decimal, three);
            }
        }
        if let Some(prices) = self.odd_even {
            market(ODD_EVEN, Half::Full, None, PriceFormat::Malay, both(prices));
        }
    }
}
