//! What a replay of traffic in memory gives, packet by packet.

use crate::traffic::Traffic;
use antigravity_capture::Progress;
use antigravity_core::board::{Board, Change, Changes, Origin, WorkerInfo};
use antigravity_core::{Fate, Packet};
use antigravity_engine::{Emit, Lines, Marks, Observer, ReplayError, replay};
use antigravity_runtime::{Adapter, CallError};
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Clone, Debug, Default)]
pub(crate) struct Replayed {
    /// Quote lines, and the ledger line where it was asked for.
    pub text: String,
    /// Of each packet its number, its fate and the reason.
    pub fates: Vec<(u64, Fate, &'static str)>,
    /// Packets that the adapter failed on, by number.
    pub failures: Vec<(u64, CallError)>,
}

impl Replayed {
    /// Replays traffic through one adapter that is bound to every account of it.
    ///
    /// # Errors
    /// [`ReplayError`] where the contract does not compile.
    pub fn of(adapter: &Arc<Adapter>, traffic: &Traffic, ledger: bool) -> Result<Self, ReplayError> {
        let provider = &adapter.contract().provider;
        let accounts: BTreeSet<&str> = traffic.packets().map(|packet| &*packet.account).collect();
        let marks = accounts.into_iter().map(|account| (account.to_owned(), provider.clone()));
        let marks = Marks::Named(marks.collect());
        let mut text = Vec::new();
        let lines = Lines::new(&mut text, Emit { quotes: true, ledger, ..Emit::default() });
        let mut watch = Watch { lines, fates: Vec::new(), failures: Vec::new() };
        let (merger, _) =
            replay(std::slice::from_ref(adapter), traffic, &marks, 1, &Progress::default(), &mut watch)?;
        let Watch { lines, fates, failures } = watch;
        // A vector takes every line.
        let _ = lines.finish(&merger);
        Ok(Self { text: String::from_utf8_lossy(&text).into_owned(), fates, failures })
    }
}

struct Watch<W> {
    lines: Lines<W>,
    fates: Vec<(u64, Fate, &'static str)>,
    failures: Vec<(u64, CallError)>,
}

impl<W: std::io::Write> Changes for Watch<W> {
    fn changed(&mut self, board: &Board, change: Change) {
        self.lines.changed(board, change);
    }
}

impl<W: std::io::Write> Observer for Watch<W> {
    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str, _: Option<&WorkerInfo>) {
        self.fates.push((origin.seq, fate, reason));
    }

    fn failed(&mut self, packet: &Packet, _: &WorkerInfo, error: &CallError) {
        self.failures.push((packet.seq, error.clone()));
    }
}
