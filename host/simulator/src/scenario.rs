//! Several books over one world, as one capture.

use crate::afb88::Afb88;
use crate::book::{Book, Provider};
use crate::cmd368::Cmd368;
use crate::faults::{Plan, Trap};
use crate::fixtures::{DEMO, Fixture};
use crate::isport::Isport;
use crate::quote::ExpectedQuote;
use crate::traffic::Traffic;
use crate::world::{World, after};
use antigravity_core::{Packet, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a scenario is made of. Equal settings give equal bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub seed: u64,
    pub start: Timestamp,
    /// milliseconds of virtual time; no packet is later
    pub length: i64,
    pub accounts: Vec<String>,
    /// each account has each
    pub providers: Vec<Provider>,
    pub fixtures: Vec<Fixture>,
    pub plan: Plan,
    /// how many times more goals fall than the prices expect
    pub goal_pace: f64,
}

impl Settings {
    /// Three providers, accounts A and B, twenty matches, two and a half minutes.
    pub fn demo() -> Self {
        Self {
            seed: 20_260_908,
            // 2026-09-08T11:00:00Z, 19:00 where these books are.
            start: Timestamp::from_nanos(1_788_865_200_000_000_000),
            length: 150_000,
            accounts: vec!["A".to_owned(), "B".to_owned()],
            providers: Provider::ALL.to_vec(),
            fixtures: DEMO.to_vec(),
            plan: Plan::demo(),
            goal_pace: 2.0,
        }
    }
}

/// Packets in time order; holds the state of the books and never the traffic.
#[derive(Debug)]
pub struct Scenario {
    world: World,
    books: Vec<Box<dyn Book>>,
    end: Timestamp,
    seq: u64,
    seen: BTreeMap<Trap, u64>,
}

impl Scenario {
    /// The scenario of `antigravity demo`.
    pub fn demo() -> Self {
        Self::new(&Settings::demo())
    }

    pub fn new(settings: &Settings) -> Self {
        let world = World::new(settings.seed, settings.start, &settings.fixtures, settings.goal_pace);
        let (seed, plan) = (settings.seed, &settings.plan);
        let mut books: Vec<Box<dyn Book>> = Vec::new();
        for account in &settings.accounts {
            let account: Arc<str> = account.as_str().into();
            for &provider in &settings.providers {
                books.push(match provider {
                    Provider::Cmd368 => Box::new(Cmd368::new(&account, seed, &world, plan)),
                    Provider::Isport => Box::new(Isport::new(&account, seed, &world, plan)),
                    Provider::Afb88 => Box::new(Afb88::new(&account, seed, &world, plan)),
                });
            }
        }
        Self { world, books, end: after(settings.start, settings.length), seq: 0, seen: BTreeMap::new() }
    }

    /// The next packet with what is known about it; `None` at the end.
    pub fn next_traffic(&mut self) -> Option<Traffic> {
        loop {
            let (at, book) = self.books.iter().enumerate().map(|(n, book)| (book.due(), n)).min()?;
            if at > self.end {
                return None;
            }
            self.world.advance(at);
            if let Some(mut traffic) = self.books[book].step(&self.world) {
                self.seq += 1;
                traffic.packet.seq = self.seq;
                for trap in &traffic.traps {
                    *self.seen.entry(*trap).or_default() += 1;
                }
                return Some(traffic);
            }
        }
    }

    /// Accounts and providers, in the order of the books.
    pub fn books(&self) -> impl Iterator<Item = (&Arc<str>, Provider)> {
        self.books.iter().map(|book| (book.account(), book.provider()))
    }

    /// What a perfect reader of the packets so far holds of one account's provider, by its adapter's
    /// name; empty where the scenario has none such.
    pub fn expected(&self, account: &str, provider: &str) -> Vec<ExpectedQuote> {
        let mine = self.books.iter().find(|b| &**b.account() == account && b.provider().name() == provider);
        mine.map(|book| book.expected(&self.world)).unwrap_or_default()
    }

    /// The same of all books, sorted as a board is printed.
    pub fn expected_board(&self) -> Vec<ExpectedQuote> {
        let mut quotes: Vec<_> = self.books.iter().flat_map(|book| book.expected(&self.world)).collect();
        quotes.sort_by(|a, b| a.key().cmp(&b.key()));
        quotes
    }

    /// How often each trap stood in the packets so far.
    pub fn traps_seen(&self) -> &BTreeMap<Trap, u64> {
        &self.seen
    }
}

impl Iterator for Scenario {
    type Item = Packet;

    fn next(&mut self) -> Option<Packet> {
        self.next_traffic().map(|traffic| traffic.packet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_there() {
        let settings = Settings {
            accounts: vec!["X".to_owned()],
            providers: vec![Provider::Afb88],
            length: 20_000,
            ..Settings::demo()
        };
        let mut scenario = Scenario::new(&settings);
        assert!(scenario.expected("X", "afb88").is_empty(), "nothing was sent yet");
        assert!(scenario.by_ref().all(|packet| &*packet.account == "X"));
        assert!(!scenario.expected("X", "afb88").is_empty());
        assert_eq!(scenario.expected_board(), scenario.expected("X", "afb88"));
        assert!(scenario.expected("X", "cmd368").is_empty() && scenario.expected("A", "afb88").is_empty());
        let books: Vec<_> =
            scenario.books().map(|(account, provider)| (account.to_string(), provider)).collect();
        assert_eq!(books, [("X".to_owned(), Provider::Afb88)]);
    }

    #[test]
    fn a_books_packets_do_not_depend_on_its_neighbours() {
        let of_b = |settings: &Settings| -> Vec<Packet> {
            let packets = Scenario::new(settings).filter(|packet| packet.connection.starts_with("B-isport"));
            packets.map(|packet| Packet { seq: 0, ..packet }).collect()
        };
        let alone = Settings {
            accounts: vec!["B".to_owned()],
            providers: vec![Provider::Isport],
            ..Settings::demo()
        };
        assert_eq!(of_b(&alone), of_b(&Settings::demo()));
    }
}
