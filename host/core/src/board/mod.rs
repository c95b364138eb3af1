//! The board: the quotes of all workers as they stand, merged in packet order.
//!
//! **Invariants**
//! - A worker's quotes change only through that worker's packets.
//! - Once a line is named, a price costs two array look-ups: no string is hashed.
//! - The same packets in the same order give the same changes, whatever ran in parallel before.

mod apply;
mod exchange;
mod fresh;
mod missed;
mod names;
mod runners;
mod store;
mod text;
mod twins;
mod view;

#[cfg(test)]
mod tests;

pub use apply::{Change, Changes};
pub use runners::Outcomes;
pub use store::{EventId, LineId, QuoteId, WorkerId, WorkerInfo};
pub use view::{LineView, QuoteView};

use crate::Timestamp;
use antigravity_abi::Selection;
use rustc_hash::FxHashMap;
use store::{EventRecord, LineRecord, QuoteRecord, Runners, RunnersKey, Scope, WorkerState};
use text::{Text, Texts};

/// All quotes that were ever named, and which of them stand.
#[derive(Debug, Default)]
pub struct Board {
    texts: Texts,
    workers: Vec<WorkerState>,
    events: Vec<EventRecord>,
    event_ids: FxHashMap<(WorkerId, Text), u32>,
    lines: Vec<LineRecord>,
    line_ids: FxHashMap<store::LineKey, u32>,
    scopes: Vec<Scope>,
    scope_ids: FxHashMap<(WorkerId, u64), u32>,
    runners: Vec<Runners>,
    runner_ids: FxHashMap<RunnersKey, u32>,
    /// Quote of each cell of each line; see [`store::cells`].
    cells: Vec<u32>,
    quotes: Vec<QuoteRecord>,
    now: Option<Timestamp>,
}

/// Where a packet stood when it was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub seq: u64,
    pub at: Timestamp,
    /// Number of the socket or page load within the worker.
    pub connection: u32,
}

impl Board {
    /// Registers a worker, or finds it again by its account and provider: then what is said of it now holds.
    pub fn worker(&mut self, info: WorkerInfo) -> WorkerId {
        let same = |w: &WorkerState| w.info.account == info.account && w.info.provider == info.provider;
        let index = match self.workers.iter().position(same) {
            Some(index) => {
                self.workers[index].info = info;
                index
            }
            None => {
                self.workers.push(WorkerState::new(info));
                self.workers.len() - 1
            }
        };
        WorkerId(index as u32)
    }

    /// Number of quotes ever named.
    pub fn len(&self) -> usize {
        self.quotes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.quotes.is_empty()
    }

    fn cell_of(line: &LineRecord, selection: Selection, lay: bool, level: u8) -> Option<usize> {
        let position = line.market.selections().iter().position(|s| *s == selection)?;
        let cell = (position * 2 + usize::from(lay)) * usize::from(antigravity_abi::rows::LEVELS);
        Some(line.cells as usize + cell + usize::from(level) - 1)
    }
}
