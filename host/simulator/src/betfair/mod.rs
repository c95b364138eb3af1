//! A Betfair stream (mcm) of any length, for large inputs: images, deltas in the styles by price
//! and by level, definitions, heartbeats.

mod ladder;
mod market;

use crate::quote::ExpectedQuote;
use crate::random;
use crate::traffic::{Traffic, Wire};
use crate::world::after;
use antigravity_core::{Packet, Timestamp};
use fastrand::Rng;
use market::{Market, Status};
use std::fmt::Write;
use std::sync::Arc;

pub const PROVIDER: &str = "betfair";

/// How much of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub markets: usize,
    /// of each market
    pub runners: usize,
    /// at least two of each market: its first image and its end
    pub messages: u64,
    /// bytes of a delta, on average, where the markets have that much to say
    pub mean_size: usize,
}

/// Gives one message after the other, each without its line end.
#[derive(Clone, Debug)]
pub struct BetfairStream {
    shape: Shape,
    rng: Rng,
    markets: Vec<Market>,
    sent: u64,
    published: i64,
}

impl BetfairStream {
    /// `start` is cut to the whole second.
    pub fn new(seed: u64, start: Timestamp, shape: Shape) -> Self {
        let start = Timestamp::from_nanos(start.nanos().div_euclid(1_000_000_000) * 1_000_000_000);
        let mut rng = random::stream(seed, PROVIDER);
        let markets: Vec<Market> = (0..shape.markets)
            .map(|number| Market::new(number, shape.runners.max(1), start, &mut rng))
            .collect();
        let messages = shape.messages.max(2 * shape.markets as u64);
        Self {
            shape: Shape { messages, ..shape },
            rng,
            markets,
            sent: 0,
            published: start.nanos() / 1_000_000,
        }
    }

    /// When the last message was published.
    pub fn published(&self) -> Timestamp {
        after(Timestamp::from_nanos(0), self.published)
    }

    /// What a perfect reader of all messages so far holds: three levels a side of each active
    /// runner, in the order of [`ExpectedQuote::key`]. Where the market is suspended they stand
    /// without a price.
    pub fn expected(&self, account: &Arc<str>) -> Vec<ExpectedQuote> {
        let mut quotes = Vec::new();
        let imaged = usize::try_from(self.sent).unwrap_or(usize::MAX);
        for market in self.markets.iter().take(imaged) {
            market.quotes(account, &mut quotes);
        }
        quotes.sort_by(|a, b| a.key().cmp(&b.key()));
        quotes
    }

    /// The stream as WebSocket frames of one to `most` messages, each ended by CR LF.
    pub fn frames(self, account: &str, most: usize) -> Frames {
        let url = "wss://stream.exchange.example/api/stream";
        let wire = Wire::new(&account.into(), &format!("{account}-betfair"), "https://www.exchange.example/");
        Frames { stream: self, wire, url, most: most.max(1), seq: 0 }
    }

    fn write(&mut self) -> String {
        let (number, left) = (self.sent, self.shape.messages - self.sent);
        self.sent += 1;
        self.published += self.rng.i64(5..120);
        let mut out = String::with_capacity(self.shape.mean_size * 3 / 2 + 256);
        let _ = write!(out, "{{\"op\":\"mcm\",\"clk\":\"{number:08X}\",\"pt\":{}", self.published);
        let markets = self.markets.len() as u64;
        let kind = self.rng.u32(0..1000);
        if number < markets {
            out.push_str(",\"ct\":\"SUB_IMAGE\",\"mc\":[");
            self.markets[number as usize].image(&mut out);
        } else if left <= markets {
            self.markets[(left - 1) as usize].close();
            self.definition((left - 1) as usize, &mut out);
        } else if kind < 5 || markets == 0 {
            out.push_str(",\"ct\":\"HEARTBEAT\"}");
            return out;
        } else {
            let place = self.rng.usize(0..self.markets.len());
            if kind < 12 || self.markets[place].status != Status::Open {
                self.markets[place].turn(&mut self.rng);
                self.definition(place, &mut out);
            } else if kind < 15 {
                out.push_str(",\"mc\":[");
                self.markets[place].image(&mut out);
            } else {
                self.delta(place, &mut out);
            }
        }
        out.push_str("]}");
        out
    }

    fn definition(&self, place: usize, out: &mut String) {
        let _ = write!(out, ",\"mc\":[{{\"id\":\"{}\",", self.markets[place].id);
        self.markets[place].definition(out);
        out.push('}');
    }

    /// Changes of the market at `place` and of open ones behind it, until the message is long
    /// enough.
    fn delta(&mut self, place: usize, out: &mut String) {
        let budget = self.rng.usize(self.shape.mean_size / 2..=self.shape.mean_size * 3 / 2);
        out.push_str(",\"mc\":[");
        for turn in 0..self.markets.len() {
            let market = (place + turn) % self.markets.len();
            if self.markets[market].status != Status::Open {
                continue;
            }
            if turn > 0 {
                if out.len() >= budget {
                    break;
                }
                out.push(',');
            }
            self.markets[market].delta(budget, &mut self.rng, out);
        }
    }
}

impl Iterator for BetfairStream {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        (self.sent < self.shape.messages).then(|| self.write())
    }
}

/// [`BetfairStream`] as packets.
#[derive(Clone, Debug)]
pub struct Frames {
    stream: BetfairStream,
    wire: Wire,
    url: &'static str,
    most: usize,
    seq: u64,
}

impl Frames {
    /// What a perfect reader of all frames so far holds.
    pub fn expected(&self) -> Vec<ExpectedQuote> {
        self.stream.expected(&self.wire.account)
    }
}

impl Iterator for Frames {
    type Item = Packet;

    fn next(&mut self) -> Option<Packet> {
        let count = 1 + self.stream.rng.usize(0..self.most);
        let mut text = String::new();
        for message in self.stream.by_ref().take(count) {
            text.push_str(&message);
            text.push_str("\r\n");
        }
        if text.is_empty() {
            return None;
        }
        self.seq += 1;
        let Traffic { mut packet, .. } =
            self.wire.received(self.url, text).into_traffic(self.stream.published());
        packet.seq = self.seq;
        Some(packet)
    }
}

#[cfg(test)]
mod tests;
