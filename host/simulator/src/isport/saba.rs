//! The SABA body: leagues, matches and odds as records that are merged by their key.

use super::table::Fields;
use crate::price::{Digits, line};
use crate::quote::{ExpectedQuote, HANDICAP, Layout, RESULT, Sheet, Standing, TOTAL, score_text};
use crate::traffic::quoted;
use crate::world::{Event, Half};
use antigravity_abi::PriceFormat;
use std::collections::BTreeMap;
use std::sync::Arc;

const DIGITS: Digits = Digits::Shortest;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Running,
    Suspend,
    ClosePrice,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Suspend => "suspend",
            Self::ClosePrice => "closePrice",
        }
    }
}

/// Bet types, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BetType {
    Handicap = 1,
    Total = 3,
    Result = 5,
    FirstHandicap = 7,
    FirstTotal = 8,
    FirstResult = 15,
}

impl BetType {
    pub const ALL: [Self; 6] =
        [Self::Handicap, Self::Total, Self::Result, Self::FirstHandicap, Self::FirstTotal, Self::FirstResult];

    pub const fn half(self) -> Half {
        match self {
            Self::Handicap | Self::Total | Self::Result => Half::Full,
            Self::FirstHandicap | Self::FirstTotal | Self::FirstResult => Half::First,
        }
    }

    const fn layout(self) -> Layout {
        match self {
            Self::Handicap | Self::FirstHandicap => HANDICAP,
            Self::Total | Self::FirstTotal => TOTAL,
            Self::Result | Self::FirstResult => RESULT,
        }
    }
}

/// One odds record. Prices are hundredths: two Malay ones, or three decimal ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Odds {
    pub id: u64,
    pub event: usize,
    pub bet: BetType,
    pub status: Status,
    /// quarters: a handicap from the home side's view, or a total
    pub quarters: i32,
    pub prices: Vec<i32>,
    pub max_bet: u32,
}

/// The provider's number of a match.
pub const fn match_id(index: usize) -> u64 {
    132_440_177 + 97 * index as u64
}

pub const fn league_id(event: &Event) -> u64 {
    150_749 + 7 * event.league as u64
}

/// The number of the `rank`-th line of a bet type.
pub const fn odds_id(index: usize, bet: BetType, rank: usize) -> u64 {
    1_052_014_590 + 1000 * index as u64 + 10 * bet as u64 + rank as u64
}

pub fn league(event: &Event) -> Fields {
    vec![
        ("leagueid", league_id(event).to_string()),
        ("leaguenameen", quoted(event.fixture.competition)),
        ("sporttype", "1".to_owned()),
        ("leaguegroupid", "25".to_owned()),
    ]
}

impl Odds {
    pub fn key(id: u64) -> Fields {
        vec![("oddsid", id.to_string())]
    }

    pub fn record(&self) -> Fields {
        let mut fields = Self::key(self.id);
        fields.push(("matchid", match_id(self.event).to_string()));
        fields.push(("bettype", (self.bet as u8).to_string()));
        fields.push(("parenttypeid", (self.bet as u8).to_string()));
        fields.extend(self.values());
        fields
    }

    /// Key and what differs from `old`; `None` where nothing does.
    pub fn change(&self, old: &Self) -> Option<Fields> {
        let changed = self.values().into_iter().zip(old.values()).filter(|(new, old)| new != old);
        let changed: Fields = changed.map(|(new, _)| new).collect();
        if changed.is_empty() {
            return None;
        }
        Some([Self::key(self.id), changed].concat())
    }

    fn values(&self) -> Fields {
        let mut fields =
            vec![("oddsstatus", quoted(self.status.name())), ("maxbet", self.max_bet.to_string())];
        let names: &[&'static str] = match self.bet.layout().selections.len() {
            2 => &["odds1a", "odds2a"],
            _ => &["com1", "comx", "com2"],
        };
        fields.extend(names.iter().zip(&self.prices).map(|(&name, &price)| (name, DIGITS.wire(price))));
        match self.bet {
            BetType::Handicap | BetType::FirstHandicap => {
                fields.push(("hdp1", line((-self.quarters).max(0))));
                fields.push(("hdp2", line(self.quarters.max(0))));
            }
            BetType::Total | BetType::FirstTotal => {
                fields.push(("hdp1", line(self.quarters)));
                fields.push(("hdp2", "0".to_owned()));
            }
            BetType::Result | BetType::FirstResult => {}
        }
        fields
    }
}

/// One match of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    pub live: bool,
    pub score: [i32; 2],
}

impl Match {
    pub fn record(self, event: &Event) -> Fields {
        let mut fields = vec![
            ("matchid", match_id(event.index).to_string()),
            ("leagueid", league_id(event).to_string()),
            ("hteamnameen", quoted(event.fixture.home)),
            ("ateamnameen", quoted(event.fixture.away)),
            ("homeid", (40_000 + 2 * event.index).to_string()),
            ("awayid", (40_001 + 2 * event.index).to_string()),
            ("kickofftime", (event.kickoff.nanos() / 1_000_000_000).to_string()),
            ("marketid", quoted(if self.live { "L" } else { "T" })),
            ("sporttype", "1".to_owned()),
            ("eventstatus", quoted("running")),
        ];
        if self.live {
            fields.extend(self.goals());
        }
        fields
    }

    /// Key and score.
    pub fn score_change(self, event: &Event) -> Fields {
        [vec![("matchid", match_id(event.index).to_string())], self.goals()].concat()
    }

    fn goals(self) -> Fields {
        vec![("livehomescore", self.score[0].to_string()), ("liveawayscore", self.score[1].to_string())]
    }
}

/// Everything of one channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// by number in the world
    pub matches: BTreeMap<usize, Match>,
    pub odds: BTreeMap<u64, Odds>,
}

impl Records {
    pub fn remove_match(&mut self, index: usize) {
        self.matches.remove(&index);
        self.odds.retain(|_, odds| odds.event != index);
    }

    pub fn quotes(&self, account: &Arc<str>, event: &Event, out: &mut Vec<ExpectedQuote>) {
        let Some(&Match { live, score }) = self.matches.get(&event.index) else { return };
        let mut sheet = Sheet::new(out, (account, super::PROVIDER), event, |quote| {
            quote.event_id = match_id(event.index).to_string();
            quote.in_play = live;
            quote.score = live.then(|| score_text(score));
            // To the second, as it is on the wire.
            quote.starts_at = Some(event.kickoff);
        });
        let mine = self.odds.values().filter(|odds| odds.event == event.index);
        for odds in mine.filter(|odds| odds.status != Status::ClosePrice) {
            let layout = odds.bet.layout();
            let open = odds.status == Status::Running;
            sheet.max_stake(Some(odds.max_bet.to_string()));
            sheet.market(Standing {
                layout,
                half: odds.bet.half(),
                market_id: odds.id.to_string(),
                line: (layout.selections.len() == 2).then(|| line(odds.quarters)),
                format: if layout.selections.len() == 2 { PriceFormat::Malay } else { PriceFormat::Decimal },
                prices: odds.prices.iter().map(|&price| open.then(|| DIGITS.shown(price))).collect(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odds(quarters: i32) -> Odds {
        Odds {
            id: 5,
            event: 0,
            bet: BetType::Handicap,
            status: Status::Running,
            quarters,
            prices: vec![80, -90],
            max_bet: 500,
        }
    }

    #[test]
    fn a_change_names_only_what_differs() {
        let old = odds(-1);
        assert_eq!(old.change(&old), None);
        let new = Odds { quarters: 2, prices: vec![80, -95], ..old.clone() };
        let fields = new.change(&old).unwrap();
        let text: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(text, ["oddsid=5", "odds2a=-0.95", "hdp1=0", "hdp2=0.5"]);
    }

    #[test]
    fn the_giver_is_the_side_that_is_not_zero() {
        let text = |q| format!("{:?}", odds(q).values());
        assert!(text(-3).contains("(\"hdp1\", \"0.75\"), (\"hdp2\", \"0\")"));
        assert!(text(0).contains("(\"hdp1\", \"0\"), (\"hdp2\", \"0\")"));
    }
}
