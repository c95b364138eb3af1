//! Follows a run: how late each packet was applied, how long the merger was kept by an exchange, and when the
//! next version is to be tried.

use super::paced::Real;
use super::traffic::Traffic;
use crate::clock::thread_cpu;
use antigravity_core::board::{Board, Change, Changes, Origin, WorkerId, WorkerInfo};
use antigravity_core::{Fate, Packet};
use antigravity_engine::{Clock, Command, Commands, Observer, Stage, TrialNews};
use antigravity_runtime::{Adapter, CallError};
use std::sync::Arc;
use std::time::Instant;

/// What a packet falls into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is tried.
    Alone,
    Warming,
    Shadow,
    Live,
    /// The version before is let go.
    After,
}

/// Packets that count as [`Phase::After`].
const AFTER: u64 = 400;
/// Packets before the first trial.
const FIRST: u64 = 20_000;

/// How late a packet was; the first is of the first packet, and none is missing.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub nanos: u64,
    pub phase: Phase,
}

/// The workers of one provider exchange their versions, one after the other.
#[derive(Clone, Debug, Default)]
pub struct CutOver {
    /// The first packet after it.
    pub seq: u64,
    /// Of each worker: nanoseconds by the clock, and of this thread's CPU.
    pub workers: Vec<(u64, u64)>,
}

/// Swaps that are wanted, and how.
pub struct Plan {
    pub commands: Commands,
    pub versions: [Arc<Adapter>; 2],
    pub swaps: usize,
    /// Packets between two trials.
    pub alone: u64,
}

pub struct Watch {
    traffic: Arc<Traffic>,
    clock: Real,
    plan: Plan,
    pub samples: Vec<Sample>,
    pub cut_overs: Vec<CutOver>,
    /// Packets of each stage after a cut-over, and those of them that both versions read.
    pub read: Vec<(u64, u64)>,
    pub problem: Option<String>,
    swapped: usize,
    phase: Phase,
    /// Packets until the next trial, or of [`Phase::After`].
    left: u64,
    began: (Instant, u64),
    exchanges: bool,
    decided: Option<u64>,
    last: u64,
    /// The last packet before the cut-over.
    since: u64,
}

impl Watch {
    pub fn new(traffic: Arc<Traffic>, clock: Real, plan: Plan) -> Self {
        let (samples, cut_overs, read) = Default::default();
        Self {
            traffic,
            clock,
            plan,
            samples,
            cut_overs,
            read,
            problem: None,
            swapped: 0,
            phase: Phase::Alone,
            left: FIRST,
            began: (Instant::now(), 0),
            exchanges: false,
            decided: None,
            last: 0,
            since: 0,
        }
    }

    /// Swaps that came to their end.
    pub const fn swapped(&self) -> usize {
        self.swapped
    }

    fn packet(&mut self, seq: u64) {
        let due = self.traffic.due(seq - 1);
        let nanos = u64::try_from(self.clock.now().nanos() - due.nanos()).unwrap_or(0);
        self.samples.push(Sample { nanos, phase: self.phase });
        if let Some(cut_over) = self.cut_overs.last_mut().filter(|it| it.seq == 0) {
            cut_over.seq = seq;
        }
        match self.phase {
            Phase::After | Phase::Alone if self.left > 0 => self.left -= 1,
            Phase::After => (self.phase, self.left) = (Phase::Alone, self.plan.alone),
            Phase::Alone => {
                self.phase = Phase::Warming;
                let next = if self.swapped == self.plan.swaps {
                    Command::Stop
                } else {
                    Command::Try(self.plan.versions[(self.swapped + 1) % 2].clone())
                };
                self.plan.commands.give(next);
            }
            _ => {}
        }
    }

    fn note(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
        self.plan.commands.give(Command::Stop);
    }
}

impl Changes for Watch {
    fn changed(&mut self, _: &Board, _: Change) {}

    fn worker_changed(&mut self, _: &Board, _: WorkerId) {
        self.exchanges = true;
    }
}

impl Observer for Watch {
    fn packet_begins(&mut self, _: &Board) {
        self.began = (Instant::now(), thread_cpu());
    }

    fn packet_ends(&mut self, _: &Board) {
        if let Some(seq) = self.decided.take() {
            self.packet(seq);
        }
        if std::mem::take(&mut self.exchanges) {
            let time = (self.began.0.elapsed().as_nanos() as u64, thread_cpu() - self.began.1);
            match self.cut_overs.last_mut().filter(|it| it.seq == 0) {
                Some(cut_over) => cut_over.workers.push(time),
                None => self.cut_overs.push(CutOver { seq: 0, workers: vec![time] }),
            }
        }
    }

    fn fate(&mut self, origin: Origin, fate: Fate, reason: &'static str, _: Option<&WorkerInfo>) {
        if origin.seq != self.last + 1 {
            self.note(format!("packet {} came after {}", origin.seq, self.last));
        }
        if fate != Fate::Parsed {
            self.note(format!("packet {}: {} {reason}", origin.seq, fate.name()));
        }
        (self.last, self.decided) = (origin.seq, Some(origin.seq));
    }

    fn failed(&mut self, packet: &Packet, by: &WorkerInfo, error: &CallError) {
        self.note(format!("{} failed on packet {}: {error}", by.adapter, packet.seq));
    }

    fn trial(&mut self, news: &TrialNews) {
        match news.stage {
            Stage::Warming => self.phase = Phase::Warming,
            Stage::Shadow => self.phase = Phase::Shadow,
            Stage::Live => (self.phase, self.since) = (Phase::Live, self.last),
            Stage::Settled => {
                self.read.push((self.last - self.since, news.packets));
                self.swapped += 1;
                (self.phase, self.left) = (Phase::After, AFTER);
            }
            Stage::Refused | Stage::RolledBack => {
                let reason = news.reason.as_deref().unwrap_or("no reason");
                self.note(format!("{} did not take over: {reason}", news.to));
            }
        }
        if !news.compared.kinds.is_empty() {
            self.note(format!("{} says otherwise: {:?}", news.to, news.compared.kinds));
        }
    }
}
