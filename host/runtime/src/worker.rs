//! One adapter at work for one account.

use crate::instance::{CallError, Instance};
use crate::lookback::LookBack;
use crate::pace::{MOST_PACKETS, Pace};
use crate::packet::{Batch, Prepared};
use crate::{Adapter, Limits};
use antigravity_core::answer::{Answer, Reading};
use antigravity_core::contract::Endpoint;
use antigravity_core::strikes::{Standing, StrikeLimits, Strikes};
use antigravity_core::{Body, Fate};
use antigravity_tape::Tokeniser;
use std::sync::Arc;

/// A running adapter with what brings it back after a trap.
#[derive(Debug)]
pub struct Worker {
    adapter: Arc<Adapter>,
    instance: Option<Instance>,
    look_back: LookBack,
    batch: Batch,
    pace: Pace,
    limits: Limits,
    /// An instance ran before: when there is none now, it died.
    started: bool,
    /// What the next packet's result must tell first.
    restart: Option<Restart>,
    strikes: Strikes,
    fuel_used: u64,
}

/// A fresh instance took over before this packet.
#[derive(Clone, Debug)]
pub struct Restart {
    /// What it named while it was brought up to date.
    pub names: Vec<Arc<Answer>>,
    /// It could not be brought up to date: everything of this worker is suspended until the next
    /// snapshot.
    pub lost: bool,
}

/// What became of one packet.
#[derive(Clone, Debug)]
pub struct Handled {
    pub restart: Option<Restart>,
    pub outcome: Outcome,
    /// From here on the worker is left alone: it failed too often.
    pub left_alone: Option<Standing>,
}

impl Handled {
    pub const fn new(restart: Option<Restart>, outcome: Outcome) -> Self {
        Self { restart, outcome, left_alone: None }
    }
}

#[derive(Clone, Debug)]
pub enum Outcome {
    /// The call's answer, and which of its packets this is.
    Answered { answer: Arc<Answer>, index: usize },
    /// It trapped or broke its limits twice.
    Failed(CallError),
    /// It was not asked: it failed too often before.
    Quarantined,
}

impl Outcome {
    /// The packet's fate with its fixed word, and `None` where the adapter says it is not its own.
    pub fn fate(&self) -> Option<(Fate, &'static str)> {
        let reading = match self {
            Self::Failed(error) => return Some((Fate::Failed, error.cause.name())),
            Self::Quarantined => return Some((Fate::Failed, "quarantined")),
            Self::Answered { answer, index } => answer.packets().get(*index)?,
        };
        use antigravity_abi::Fate as Said;
        Some(match reading.verdict.fate {
            Said::NotMine => return None,
            Said::Ignored => (Fate::Ignored, reading.verdict.reason.name()),
            Said::Rejected => (Fate::Rejected, reading.verdict.reason.name()),
            Said::Parsed if reading.all_bad() => (Fate::Rejected, "bad-rows"),
            Said::Parsed => (Fate::Parsed, ""),
        })
    }

    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Answered { answer, index } => answer.packets().get(*index),
            Self::Failed(_) | Self::Quarantined => None,
        }
    }
}

impl Worker {
    pub fn new(adapter: Arc<Adapter>) -> Self {
        let limits = *adapter.sandbox.limits();
        let look_back = LookBack::new(limits.look_back_packets, limits.look_back_bytes);
        Self {
            adapter,
            instance: None,
            look_back,
            batch: Batch::default(),
            pace: Pace::default(),
            limits,
            started: false,
            restart: None,
            strikes: Strikes::new(limits.strikes),
            fuel_used: 0,
        }
    }

    /// However often it fails: for whoever looks at each failure by itself.
    #[must_use]
    pub fn never_left_alone(mut self) -> Self {
        self.strikes = Strikes::new(StrikeLimits::none());
        self
    }

    pub const fn adapter(&self) -> &Arc<Adapter> {
        &self.adapter
    }

    /// Fuel that answered calls have used: about one unit an instruction of the guest.
    pub const fn fuel_used(&self) -> u64 {
        self.fuel_used
    }

    /// Bytes of linear memory of the running instance.
    pub fn memory(&self) -> usize {
        self.instance.as_ref().map_or(0, Instance::memory)
    }

    /// Another session began: nothing of the old one counts.
    pub fn reset(&mut self) {
        self.instance = None;
        self.look_back.clear();
        self.started = false;
        self.restart = Some(Restart { names: Vec::new(), lost: false });
    }

    /// Reads packets in order, whose tapes are ranges of `tapes`; one result for each. How they are
    /// grouped into calls of this and of the adapter changes nothing.
    pub fn handle(&mut self, packets: &[Prepared], tapes: &[u64]) -> Vec<Handled> {
        let mut handled = Vec::with_capacity(packets.len());
        while let Some(next) = packets.get(handled.len()) {
            if self.strikes.admits(next.packet.at) {
                let rest = &packets[handled.len()..];
                let now = &rest[..batch_len(rest, self.most_packets())];
                self.handle_batch(now, tapes, &mut handled);
            } else {
                handled.push(Handled::new(None, Outcome::Quarantined));
            }
        }
        handled
    }

    /// As [`Self::handle`], for packets that were kept without their tapes.
    pub fn handle_kept(&mut self, packets: &[Prepared]) -> Vec<Handled> {
        let (mut tokeniser, mut tapes) = (Tokeniser::default(), Vec::new());
        let mut handled = Vec::with_capacity(packets.len());
        for some in packets.chunks(MOST_PACKETS) {
            tapes.clear();
            let some: Vec<_> = some.iter().map(|it| self.tokenised(it, &mut tokeniser, &mut tapes)).collect();
            handled.extend(self.handle(&some, &tapes));
        }
        handled
    }

    /// What would bring a fresh instance to where this one is; `None` where that is not complete.
    pub fn look_back(&self) -> Option<Vec<Prepared>> {
        Some(self.look_back.packets()?.cloned().collect())
    }

    /// Without a look-back a failure costs all that its batch said before it, which one at a time
    /// would have been answered: then nothing is batched.
    fn most_packets(&self) -> usize {
        if self.look_back.overflowed() { 1 } else { self.pace.packets() }
    }

    /// Reads a batch, or of one that fails as much as may be read before it is left alone.
    fn handle_batch(&mut self, packets: &[Prepared], tapes: &[u64], handled: &mut Vec<Handled>) {
        if let Ok(answer) = self.call(packets, tapes) {
            self.pace.succeeded();
            self.accept(packets, answer, handled);
            return;
        }
        // Whose fault it was shows one at a time, on an instance that is as it was before.
        let again = packets.len() > 1;
        if again {
            self.pace.failed();
        }
        for packet in packets {
            let one = std::slice::from_ref(packet);
            match self
                .call(one, tapes)
                .or_else(|error| if again { self.call(one, tapes) } else { Err(error) })
            {
                Ok(answer) => self.accept(one, answer, handled),
                Err(error) => {
                    let restart = self.restart.take();
                    let left_alone = self.strike(packet);
                    handled.push(Handled { restart, outcome: Outcome::Failed(error), left_alone });
                    if left_alone.is_some() {
                        return;
                    }
                }
            }
        }
    }

    /// Counts a failure. What is missed while it is left alone cannot be made good: it begins anew.
    fn strike(&mut self, packet: &Prepared) -> Option<Standing> {
        if !self.strikes.strike(packet.packet.at) {
            return None;
        }
        self.reset();
        self.restart = Some(Restart { names: Vec::new(), lost: true });
        Some(self.strikes.standing())
    }

    /// One call. A failure leaves no instance; the next call brings one back first.
    fn call(&mut self, packets: &[Prepared], tapes: &[u64]) -> Result<Answer, CallError> {
        self.bring_back();
        let mut instance = match self.instance.take() {
            Some(instance) => instance,
            None => Instance::new(&self.adapter)?,
        };
        let fuel = self.fuel(packets);
        let answer = instance.parse(self.batch.fill(packets, tapes), fuel)?;
        self.fuel_used += fuel - instance.fuel_left();
        self.instance = Some(instance);
        Ok(answer)
    }

    /// No packet may use more than its own share, also in company: what a whole batch uses stays
    /// within the share of its smallest packet, or the batch is read again one by one.
    fn fuel(&self, packets: &[Prepared]) -> u64 {
        let smallest = packets.iter().map(|p| p.weight()).min().unwrap_or(0);
        self.limits.fuel(smallest)
    }

    fn accept(&mut self, packets: &[Prepared], answer: Answer, handled: &mut Vec<Handled>) {
        let answer = Arc::new(answer);
        for (index, packet) in packets.iter().enumerate() {
            let complete = answer.packets().get(index).is_some_and(|r| r.verdict.snapshot_complete);
            self.look_back.push(packet.clone(), complete);
            let outcome = Outcome::Answered { answer: answer.clone(), index };
            handled.push(Handled::new(self.restart.take(), outcome));
        }
        self.strikes.healthy(packets.len() as u32);
    }

    /// A fresh instance that has read the look-back, where there is none.
    fn bring_back(&mut self) {
        if self.instance.is_some() || !std::mem::replace(&mut self.started, true) {
            return;
        }
        match self.replay() {
            Some((instance, names)) => {
                self.instance = Some(instance);
                self.restart = Some(Restart { names, lost: false });
            }
            None => {
                self.look_back.clear();
                self.restart = Some(Restart { names: Vec::new(), lost: true });
            }
        }
    }

    fn replay(&mut self) -> Option<(Instance, Vec<Arc<Answer>>)> {
        let packets: Vec<_> = self.look_back.packets()?.cloned().collect();
        let mut instance = Instance::new(&self.adapter).ok()?;
        let (mut tokeniser, mut tapes, mut names) = (Tokeniser::default(), Vec::new(), Vec::new());
        let mut rest = &packets[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(batch_len(rest, MOST_PACKETS));
            tapes.clear();
            let now: Vec<_> =
                now.iter().map(|packet| self.tokenised(packet, &mut tokeniser, &mut tapes)).collect();
            // What it read before, it can read again: each packet was within its own share.
            let fuel = now.iter().map(|p| self.limits.fuel(p.weight())).sum();
            names.push(Arc::new(instance.parse(self.batch.fill(&now, &tapes), fuel).ok()?));
            rest = later;
        }
        Some((instance, names))
    }

    /// The packet with its tape, as it was when it was read first.
    fn tokenised(&self, packet: &Prepared, tokeniser: &mut Tokeniser, tapes: &mut Vec<u64>) -> Prepared {
        let start = tapes.len();
        let endpoint = self.adapter.contract().endpoints.get(packet.endpoint as usize);
        let cut = endpoint.and_then(Endpoint::cut);
        if let (Some((prefix, framing)), Body::Text(text)) = (cut, &packet.packet.body) {
            // What cannot be tokenised travelled raw.
            let _ = tokeniser.tokenise_behind(prefix, text, framing, tapes);
        }
        Prepared { tape: start..tapes.len(), ..packet.clone() }
    }
}

/// How many of the first packets make one call: at most so many, and so many bytes.
fn batch_len(packets: &[Prepared], most: usize) -> usize {
    /// A batch stays in cache.
    const BYTES: usize = 128 << 10;
    let mut bytes = 0;
    for (n, packet) in packets.iter().enumerate() {
        bytes += packet.weight();
        if n == most || (n > 0 && bytes > BYTES) {
            return n;
        }
    }
    packets.len()
}
