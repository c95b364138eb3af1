//! Markets of runners: which outcomes a market has, as far as a snapshot proves that these are all.
//!
//! While a snapshot is under way every runner that can still win is named with a line row. When it ends
//! without a loss, the runners named in it are all there are; from then on those that are named are added,
//! and those whose line is removed can win no more.

use super::store::Runners;
use super::text::Text;
use super::{Board, Changes, LineId};
use antigravity_abi::{Market, Period};

/// The runners of a market that can still win, proven complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes<'a> {
    /// As the provider names them, in the order of their first naming.
    pub runners: Vec<&'a str>,
    /// The packet that made the list what it is.
    pub seq: u64,
}

impl Board {
    /// Which outcomes the market of a line has; `None` where nothing proves that a list is complete.
    pub fn outcomes(&self, line: LineId) -> Option<Outcomes<'_>> {
        let record = &self.lines[line.0 as usize];
        let market = &self.runners[record.runners? as usize];
        let scope = &self.scopes[record.scope as usize];
        let complete = scope.complete?;
        let worker = self.events[record.event as usize].worker;
        // Another connection of the worker may have been told of another runner.
        if scope.gap || self.workers[worker.0 as usize].losses > complete.losses {
            return None;
        }
        let mut runners = Vec::new();
        for line in &market.lines {
            let line = &self.lines[*line as usize];
            if line.named.is_none_or(|named| named < complete.generation) {
                continue;
            }
            // Where a runner is of another scope, no snapshot is of them all.
            if line.scope != record.scope {
                return None;
            }
            runners.push(self.texts.get(line.runner?));
        }
        Some(Outcomes { runners, seq: market.seq })
    }

    /// The number of the market of runners that a line is of; `None` for a line of another market.
    pub fn runners_of(&self, line: LineId) -> Option<u32> {
        self.lines[line.0 as usize].runners
    }

    /// The record of a market's runners; `None` for a market without any.
    pub(super) fn market_of_runners(
        &mut self,
        event: u32,
        market_id: Text,
        market: Market,
        period: Period,
    ) -> Option<u32> {
        if !matches!(market, Market::Winner | Market::Place) {
            return None;
        }
        let next = self.runners.len() as u32;
        let number = *self.runner_ids.entry((event, market_id, market, period)).or_insert(next);
        if number == next {
            self.runners.push(Runners::default());
        }
        self.runners[number as usize].lines.push(self.lines.len() as u32);
        Some(number)
    }

    /// A line row named a runner.
    pub(super) fn name_runner(&mut self, line: usize, seq: u64, changes: &mut impl Changes) {
        let record = &mut self.lines[line];
        let Some(market) = record.runners else { return };
        let scope = &self.scopes[record.scope as usize];
        let before = record.named.replace(scope.generation);
        let known = before.zip(scope.complete).is_some_and(|(before, it)| before >= it.generation);
        if !known {
            self.runners[market as usize].seq = seq;
            changes.runners_changed(self, LineId(line as u32));
        }
    }

    /// A runner whose line is removed can win no more.
    pub(super) fn drop_runner(&mut self, line: usize, seq: u64, changes: &mut impl Changes) {
        let Some(market) = self.lines[line].runners else { return };
        if self.lines[line].named.take().is_some() {
            self.runners[market as usize].seq = seq;
            changes.runners_changed(self, LineId(line as u32));
        }
    }

    /// A snapshot ended: the runners it named are all there are.
    pub(super) fn prove_runners(&mut self, scope: usize, seq: u64, changes: &mut impl Changes) {
        let mut last = None;
        for place in 0..self.scopes[scope].lines.len() {
            let line = self.scopes[scope].lines[place];
            let market = self.lines[line as usize].runners;
            let Some(number) = market.filter(|_| market != last) else { continue };
            last = market;
            self.runners[number as usize].seq = seq;
            changes.runners_changed(self, LineId(line));
        }
    }
}
