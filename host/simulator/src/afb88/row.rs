//! One odds row of AFB88: 63 or 64 positions, of which patches name some.

use crate::price::{Digits, line};
use crate::quote::{ExpectedQuote, HANDICAP, Layout, ODD_EVEN, RESULT, Sheet, Standing, TOTAL, score_text};
use crate::traffic::quoted;
use crate::world::{Event, Half, Phase, east_asia};
use antigravity_abi::PriceFormat;
use std::sync::Arc;

/// A market with a line in quarters; a price of `None` is 0 on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lined {
    pub quarters: i32,
    pub prices: Option<[i32; 2]>,
}

/// An odds row as it stands on the page. Markets are by half; `None` is one that is not on offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub odds_id: u64,
    pub event: usize,
    /// 0 is the main row; the others take their teams from it
    pub rank: usize,
    pub running: bool,
    pub second_half: bool,
    pub minute: i64,
    pub score: [i32; 2],
    /// whether bets are taken, by half
    pub open: [bool; 2],
    pub handicap: [Option<Lined>; 2],
    pub total: [Option<Lined>; 2],
    /// home, draw, away
    pub result: [Option<[i32; 3]>; 2],
    pub odd_even: Option<[i32; 2]>,
}

const SCALED: Digits = Digits::ShortestTimesTen;
const PLAIN: Digits = Digits::Shortest;

pub const fn league_id(event: &Event) -> u64 {
    75_767 + 3 * event.league as u64
}

const fn team_id(index: usize, away: bool) -> u64 {
    31_100 + 2 * index as u64 + away as u64
}

/// `<league>_<home>_<away>`, the key that all rows of a match share.
pub fn event_id(event: &Event) -> String {
    let (home, away) = (team_id(event.index, false), team_id(event.index, true));
    format!("{}_{home}_{away}", league_id(event))
}

impl Row {
    /// The values of the row, by position.
    pub fn values(&self, event: &Event) -> Vec<String> {
        // Every second match has rows of 64.
        let mut cells: Vec<String> = vec!["0".to_owned(); 63 + self.event % 2];
        let league = league_id(event);
        let (home, away) = (team_id(self.event, false), team_id(self.event, true));
        let name = |name: &str| if self.rank == 0 { quoted(name) } else { "\"\"".to_owned() };
        let kickoff = east_asia(event.kickoff);
        let flag = |on: bool| u8::from(on).to_string();
        let gives = |half: usize| flag(self.handicap[half].is_some_and(|lined| lined.quarters <= 0));
        let date = if self.dated() { kickoff.as_str() } else { kickoff.get(..10).unwrap_or_default() };
        let fields = [
            (0, self.odds_id.to_string()),
            (3, format!("\"{} - {}\"", self.score[0], self.score[1])),
            (5, quoted(if self.running { "" } else { kickoff.get(11..16).unwrap_or_default() })),
            (6, if self.running { 1 + u8::from(self.second_half) } else { 0 }.to_string()),
            (7, self.minute.to_string()),
            (8, flag(self.open[0])),
            (9, gives(0)),
            (10, (12_547_000 + self.event).to_string()),
            (11, home.to_string()),
            (12, away.to_string()),
            (13, name(event.fixture.home)),
            (14, name(event.fixture.away)),
            (15, "\"\"".to_owned()),
            (16, "\"\"".to_owned()),
            (17, self.score[0].to_string()),
            (18, self.score[1].to_string()),
            (36, "1".to_owned()),
            (37, flag(self.open[1])),
            (38, gives(1)),
            (53, (453_329_000 + self.event).to_string()),
            (54, "\"0\"".to_owned()),
            (55, quoted(date)),
            (57, "\"GL750\"".to_owned()),
            (61, league.to_string()),
            (62, home.to_string()),
        ];
        for (place, text) in fields {
            cells[place] = text;
        }
        if let Some(cell) = cells.get_mut(63) {
            *cell = away.to_string();
        }
        self.odds(&mut cells);
        cells
    }

    /// A running match has the date alone in every third match: then the start is not known.
    pub fn dated(&self) -> bool {
        !self.running || !self.event.is_multiple_of(3)
    }

    fn odds(&self, cells: &mut [String]) {
        for (half, [lines, prices]) in [[22, 24], [39, 41]].into_iter().enumerate() {
            for (market, lined) in [self.handicap[half], self.total[half]].into_iter().enumerate() {
                let Some(lined) = lined else { continue };
                cells[lines + market] = line(lined.quarters.abs());
                for (side, price) in lined.prices.into_iter().flatten().enumerate() {
                    cells[prices + 2 * market + side] = SCALED.wire(price);
                }
            }
        }
        for (side, price) in self.odd_even.into_iter().flatten().enumerate() {
            cells[28 + side] = SCALED.wire(price);
        }
        for (place, result) in [30, 47].into_iter().zip(self.result) {
            for (outcome, price) in result.into_iter().flatten().enumerate() {
                cells[place + outcome] = PLAIN.wire(price);
            }
        }
    }

    pub fn whole(&self, event: &Event) -> String {
        format!("[{}]", self.values(event).join(","))
    }

    /// `[oddsId,[positions],[values]]` of what differs from `old`.
    pub fn patch(&self, old: &Self, event: &Event) -> String {
        let (new, old) = (self.values(event), old.values(event));
        let changed = || new.iter().enumerate().zip(&old).filter(|((_, n), o)| n != o).map(|(n, _)| n);
        let places: Vec<String> = changed().map(|(place, _)| place.to_string()).collect();
        let values: Vec<&str> = changed().map(|(_, value)| value.as_str()).collect();
        format!("[{},[{}],[{}]]", self.odds_id, places.join(","), values.join(","))
    }

    /// Whether the same markets are on offer as in `other`.
    pub fn offers_as(&self, other: &Self) -> bool {
        let offered = |row: &Self| (row.handicap.map(|m| m.is_some()), row.result.map(|m| m.is_some()));
        offered(self) == offered(other)
    }

    /// `known`: the kick-off was told before.
    pub fn quotes(&self, account: &Arc<str>, event: &Event, known: bool, out: &mut Vec<ExpectedQuote>) {
        let mut sheet = Sheet::new(out, (account, super::PROVIDER), event, |quote| {
            quote.event_id = event_id(event);
            quote.competition = Some(event.fixture.competition.to_uppercase());
            quote.in_play = self.running;
            quote.score = self.running.then(|| score_text(self.score));
            quote.starts_at = (known || self.dated()).then_some(event.kickoff);
        });
        let mut market = |layout: Layout, half: Half, line, scale: Digits, prices: Option<&[i32]>| {
            let open = prices.filter(|_| self.open[half as usize]);
            let text = |place: usize| open.and_then(|p| p.get(place)).map(|&price| scale.shown(price));
            sheet.market(Standing {
                layout,
                half,
                market_id: self.odds_id.to_string(),
                line,
                format: if scale == SCALED { PriceFormat::Indonesian } else { PriceFormat::Decimal },
                prices: (0..layout.selections.len()).map(text).collect(),
            });
        };
        for (place, half) in Half::BOTH.into_iter().enumerate() {
            if let Some(lined) = &self.handicap[place] {
                market(
                    HANDICAP,
                    half,
                    Some(line(lined.quarters)),
                    SCALED,
                    lined.prices.as_ref().map(|p| &p[..]),
                );
            }
            if let Some(lined) = &self.total[place] {
                market(
                    TOTAL,
                    half,
                    Some(line(lined.quarters)),
                    SCALED,
                    lined.prices.as_ref().map(|p| &p[..]),
                );
            }
            if let Some(prices) = &self.result[place] {
                market(RESULT, half, None, PLAIN, Some(prices));
            }
        }
        if let Some(prices) = &self.odd_even {
            market(ODD_EVEN, Half::Full, None, SCALED, Some(prices));
        }
    }
}

/// The clock as position 7 has it.
pub fn minute(event: &Event) -> i64 {
    if event.phase == Phase::HalfTime { 45 } else { event.minute }
}
