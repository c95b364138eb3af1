//! One Betfair market: its definition, and the depth of its runners.

use super::ladder::{Change, Depth, Ladder, price};
use crate::quote::ExpectedQuote;
use crate::world::after;
use antigravity_abi::{Market as Kind, Period, PriceFormat, Selection, Side, Status as QuoteStatus};
use antigravity_core::Timestamp;
use fastrand::Rng;
use std::fmt::Write;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Open,
    Suspended,
    Closed,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Suspended => "SUSPENDED",
            Self::Closed => "CLOSED",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Runner {
    id: u32,
    removed: bool,
    ladder: Ladder,
    traded: u64,
}

#[derive(Clone, Debug)]
pub struct Market {
    pub id: String,
    number: usize,
    pub status: Status,
    in_play: bool,
    version: u64,
    start: Timestamp,
    depth: Depth,
    runners: Vec<Runner>,
}

/// Market type, event type and sport, by turns.
const TYPES: [(&str, &str, &str); 4] = [
    ("WIN", "7", "horse-racing"),
    ("MATCH_ODDS", "1", "soccer"),
    ("PLACE", "7", "horse-racing"),
    ("WIN", "4339", "greyhound-racing"),
];
const VENUES: [&str; 5] = ["Ashdown", "Brackwell", "Corrie Park", "Dunmere", "Eastleigh"];
/// Below so many bytes a message holds one change: its frame alone takes about 110.
const SHORT: usize = 220;
/// Levels of a quote.
const QUOTED: usize = 3;

/// A number as Betfair writes it: `8.8`, `13002`. Written straight into the message, since numbers
/// are most of it.
#[derive(Clone, Copy)]
struct Hundredths(u64);

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}"),
        }
    }
}

/// `2026-09-08T12:00:00.000Z`, of a whole second.
fn instant(at: Timestamp) -> String {
    at.to_string().replace('Z', ".000Z")
}

impl Market {
    pub fn new(number: usize, runners: usize, start: Timestamp, rng: &mut Rng) -> Self {
        let runner = |place: usize| Runner {
            id: 20_000_000 + 1000 * number as u32 + 17 * place as u32,
            removed: false,
            ladder: Ladder::new(60 + rng.u16(0..200), rng),
            traded: 0,
        };
        Self {
            id: format!("1.{}", 246_000_000 + 13 * number),
            number,
            status: Status::Open,
            in_play: false,
            version: 5_600_000_000 + number as u64,
            start: after(start, 600_000 + 60_000 * (number as i64 % 90)),
            depth: Depth::ALL[number % 3],
            runners: (0..runners).map(runner).collect(),
        }
    }

    fn types(&self) -> (&'static str, &'static str, &'static str) {
        TYPES[self.number % TYPES.len()]
    }

    fn event_name(&self) -> String {
        format!("{} {}", VENUES[self.number % VENUES.len()], 1 + self.number / 8)
    }

    fn event_id(&self) -> String {
        (32_100_000 + self.number / 8).to_string()
    }

    /// Suspends an open market and opens a suspended one, in play from then on; takes a runner out
    /// now and then before the start.
    pub fn turn(&mut self, rng: &mut Rng) {
        self.version += 1;
        match self.status {
            Status::Open => self.status = Status::Suspended,
            Status::Suspended => (self.status, self.in_play) = (Status::Open, true),
            Status::Closed => {}
        }
        let active = self.runners.iter().filter(|runner| !runner.removed).count();
        if !self.in_play && active > 3 && rng.u8(0..3) == 0 {
            let place = rng.usize(0..self.runners.len());
            self.runners[place].removed = true;
        }
    }

    pub fn close(&mut self) {
        self.version += 1;
        self.status = Status::Closed;
    }

    /// `"marketDefinition":{…}`, whole as always.
    pub fn definition(&self, out: &mut String) {
        let (kind, event_type, _) = self.types();
        let start = instant(self.start);
        let active = self.runners.iter().filter(|runner| !runner.removed).count();
        let _ = write!(
            out,
            "\"marketDefinition\":{{\"bspMarket\":false,\"turnInPlayEnabled\":true,\"persistenceEnabled\":true,\
             \"marketBaseRate\":5,\"eventId\":\"{}\",\"eventTypeId\":\"{event_type}\",\"numberOfWinners\":1,\
             \"bettingType\":\"ODDS\",\"marketType\":\"{kind}\",\"marketTime\":\"{start}\",\"suspendTime\":\"{start}\",\
             \"bspReconciled\":false,\"complete\":true,\"inPlay\":{},\"crossMatching\":true,\"runnersVoidable\":false,\
             \"numberOfActiveRunners\":{active},\"betDelay\":{},\"status\":\"{}\",\"runners\":[",
            self.event_id(),
            self.in_play,
            u8::from(self.in_play),
            self.status.name(),
        );
        for (place, runner) in self.runners.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let status = self.runner_status(place);
            let _ = write!(
                out,
                "{comma}{{\"adjustmentFactor\":{},\"status\":\"{status}\",\"sortPriority\":{},\"id\":{}}}",
                Hundredths(100 + 731 * place as u64 % 4000),
                place + 1,
                runner.id
            );
        }
        let _ = write!(
            out,
            "],\"regulators\":[\"MR_INT\"],\"countryCode\":\"GB\",\"discountAllowed\":true,\
             \"timezone\":\"Europe/London\",\"openDate\":\"{start}\",\"version\":{},\"name\":\"Race {}\",\
             \"eventName\":\"{}\",\"priceLadderDefinition\":{{\"type\":\"CLASSIC\"}}}}",
            self.version,
            self.number % 8 + 1,
            self.event_name()
        );
    }

    /// The first runner that is left wins.
    fn runner_status(&self, place: usize) -> &'static str {
        let first = self.runners.iter().position(|runner| !runner.removed);
        match (self.runners[place].removed, self.status, first == Some(place)) {
            (true, ..) => "REMOVED",
            (_, Status::Closed, true) => "WINNER",
            (_, Status::Closed, false) => "LOSER",
            _ => "ACTIVE",
        }
    }

    /// `{"id":…,"img":true,"marketDefinition":{…},"rc":[…]}`.
    pub fn image(&self, out: &mut String) {
        let _ = write!(out, "{{\"id\":\"{}\",\"img\":true,", self.id);
        self.definition(out);
        out.push_str(",\"rc\":[");
        let mut comma = "";
        for runner in self.runners.iter().filter(|runner| !runner.removed) {
            out.push_str(comma);
            comma = ",";
            let sides = [0, 1].map(|side| runner.ladder.image(self.depth, side));
            self.runner_change(runner, &sides, "", out);
        }
        out.push_str("]}");
    }

    /// `{"id":…,"rc":[…]}` of some runners, until `out` is `budget` bytes long or all had a turn.
    pub fn delta(&mut self, budget: usize, rng: &mut Rng, out: &mut String) {
        let _ = write!(out, "{{\"id\":\"{}\",\"rc\":[", self.id);
        let active: Vec<usize> =
            (0..self.runners.len()).filter(|&place| !self.runners[place].removed).collect();
        // About 20 bytes a change: few runners of a large message have many changes each.
        let most = (budget / (20 * active.len().max(1))).clamp(1, 12);
        let offset = rng.usize(0..active.len().max(1));
        for turn in 0..active.len() {
            if turn > 0 && out.len() >= budget {
                break;
            }
            let place = active[(offset + turn) % active.len()];
            let count = if budget < SHORT { 0 } else { 1 + rng.usize(0..most) };
            let sides = self.runners[place].ladder.change(self.depth, count, rng);
            let extra = if budget < SHORT { String::new() } else { self.runners[place].trade(rng) };
            if turn > 0 {
                out.push(',');
            }
            self.runner_change(&self.runners[place], &sides, &extra, out);
        }
        out.push_str("]}");
    }

    fn runner_change(&self, runner: &Runner, sides: &[Vec<Change>; 2], extra: &str, out: &mut String) {
        out.push('{');
        for (field, changes) in self.depth.fields().into_iter().zip(sides) {
            if changes.is_empty() {
                continue;
            }
            let _ = write!(out, "\"{field}\":[");
            for (place, &(level, tick, size)) in changes.iter().enumerate() {
                let comma = if place > 0 { "," } else { "" };
                let (price, size) = (Hundredths(price(tick).into()), Hundredths(size));
                let _ = match (self.depth, size.0) {
                    (Depth::Full, _) => write!(out, "{comma}[{price},{size}]"),
                    // A level that is gone has neither price nor size.
                    (_, 0) => write!(out, "{comma}[{level},0,0]"),
                    _ => write!(out, "{comma}[{level},{price},{size}]"),
                };
            }
            out.push_str("],");
        }
        let _ = write!(out, "{extra}\"id\":{}}}", runner.id);
    }

    /// What stands open: three levels a side. In a suspended market they stand without a price.
    pub fn quotes(&self, account: &Arc<str>, out: &mut Vec<ExpectedQuote>) {
        if self.status == Status::Closed {
            return;
        }
        for runner in self.runners.iter().filter(|runner| !runner.removed) {
            for (number, side) in [Side::Back, Side::Lay].into_iter().enumerate() {
                let best = runner.ladder.best(number);
                let levels = best.into_iter().take(QUOTED).zip(1..);
                out.extend(levels.map(|(entry, level)| self.quote(account, runner, side, level, entry)));
            }
        }
    }

    fn quote(
        &self,
        account: &Arc<str>,
        runner: &Runner,
        side: Side,
        level: u8,
        (tick, size): (u16, u64),
    ) -> ExpectedQuote {
        let (kind, _, sport) = self.types();
        let open = self.status == Status::Open;
        let market = match kind {
            "WIN" => Kind::Winner,
            "PLACE" => Kind::Place,
            _ => Kind::Other,
        };
        ExpectedQuote {
            account: account.clone(),
            provider: super::PROVIDER,
            event_id: self.event_id(),
            sport: sport.to_owned(),
            competition: None,
            home: None,
            away: None,
            title: Some(self.event_name()),
            starts_at: Some(self.start),
            in_play: self.in_play,
            score: None,
            market_id: self.id.clone(),
            market,
            other: (market == Kind::Other).then(|| kind.to_owned()),
            period: Period::MATCH,
            line: None,
            selection: Selection::Runner,
            runner: Some(runner.id.to_string()),
            side,
            level,
            status: if open { QuoteStatus::Open } else { QuoteStatus::Suspended },
            price: open.then(|| (PriceFormat::Decimal, Hundredths(price(tick).into()).to_string())),
            available: open.then(|| Hundredths(size).to_string()),
            max_stake: None,
            gap: false,
        }
    }
}

impl Runner {
    /// Fields about trades, in every fourth change.
    fn trade(&mut self, rng: &mut Rng) -> String {
        if rng.u8(0..4) > 0 {
            return String::new();
        }
        self.traded += 100 + rng.u64(0..9000);
        let last = Hundredths(price(self.ladder.middle()).into());
        let traded = Hundredths(self.traded);
        let odd = if rng.u8(0..16) == 0 { "\"spn\":\"NaN\",\"spf\":\"Infinity\"," } else { "" };
        format!("\"trd\":[[{last},{traded}]],\"ltp\":{last},\"tv\":{traded},{odd}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_trailing_zeros() {
        let texts = [880, 101, 1_300_200, 210, 5].map(|hundredths| Hundredths(hundredths).to_string());
        assert_eq!(texts, ["8.8", "1.01", "13002", "2.1", "0.05"]);
    }
}
