//! Bringing a version up to date, away from the packets that count.

use crate::chunk::WorkerIndex;
use crate::fed::{Heard, Seat};
use antigravity_core::Body;
use antigravity_core::board::{Board, Origin, WorkerInfo};
use antigravity_routing::{DecodedBody, Route, Router, Scratch};
use antigravity_runtime::{Outcome, Prepared, Worker};
use crossbeam_channel::{Receiver, RecvError, Sender, TryRecvError, bounded};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

/// What came while it was brought up to date.
#[derive(Debug)]
pub(crate) enum Late {
    Packet(Prepared),
    /// Its session or its account's was over.
    Reset(Origin),
}

/// A version and the board it feeds, so far.
#[derive(Debug)]
pub(crate) struct Warm {
    pub worker: Worker,
    pub fed: Board,
    pub seat: Seat,
    /// Packets of the look-back that it failed on.
    pub failed: u64,
}

/// A version that is up to date: what it has said until then, as a board.
#[derive(Debug)]
pub(crate) struct Warmed {
    pub worker: WorkerIndex,
    pub fed: Board,
    pub seat: Seat,
    pub failed: u64,
}

/// A thread that brings a version up to date.
#[derive(Debug)]
pub(crate) struct Warming {
    late: Sender<(Box<Warm>, Vec<Late>)>,
    done: Receiver<Box<Warm>>,
}

impl Warming {
    /// Begins with the packets that would bring back the version that counts. `None` where the system has no
    /// thread left.
    pub fn start(
        worker: Worker,
        look_back: Vec<Prepared>,
        router: &Arc<Router>,
        turn: Arc<Mutex<()>>,
    ) -> Option<Self> {
        let account = look_back.first().map_or_else(|| "".into(), |first| first.packet.account.clone());
        let mut fed = Board::default();
        let seat = Seat::new(&mut fed, WorkerInfo::new(account, worker.adapter().contract()));
        let warm = Box::new(Warm { worker, fed, seat, failed: 0 });
        let (late, more) = bounded::<(Box<Warm>, Vec<Late>)>(1);
        let (ready, done) = bounded(1);
        let mut router = router.with(router.contracts().clone());
        let work = move || {
            let mut scratch = Scratch::default();
            let known = look_back.iter().filter_map(|packet| route(&mut router, packet, &mut scratch));
            let known = in_turn(&turn, || known.collect());
            let mut work = (warm, known);
            // What both fail on shows later, when they are compared.
            let mut failed = None;
            loop {
                in_turn(&turn, || work.0.catch_up(work.1));
                work.0.failed = *failed.get_or_insert(work.0.failed);
                if ready.send(work.0).is_err() {
                    return;
                }
                match more.recv() {
                    Ok(more) => work = more,
                    Err(RecvError) => return,
                }
            }
        };
        Builder::new().name("warm-up".to_owned()).spawn(work).ok()?;
        Some(Self { late, done })
    }

    /// The version with what it has read so far, when that is all it was given.
    pub fn done(&self) -> Result<Option<Box<Warm>>, RecvError> {
        match self.done.try_recv() {
            Ok(warm) => Ok(Some(warm)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(RecvError),
        }
    }

    /// Gives it what came meanwhile.
    pub fn go_on(&self, warm: Box<Warm>, late: Vec<Late>) {
        // Where the thread is gone, `done` says so.
        let _ = self.late.send((warm, late));
    }
}

impl Warm {
    /// Reads what waited, and applies what it says to its own board.
    pub fn catch_up(&mut self, late: Vec<Late>) {
        let mut packets = Vec::new();
        for one in late {
            match one {
                Late::Packet(packet) => packets.push(packet),
                Late::Reset(origin) => {
                    self.read(&std::mem::take(&mut packets));
                    self.worker.reset();
                    self.seat.withdraw(&mut self.fed, origin, &mut ());
                }
            }
        }
        self.read(&packets);
    }

    fn read(&mut self, packets: &[Prepared]) {
        for (packet, handled) in packets.iter().zip(self.worker.handle_kept(packets)) {
            self.failed += u64::from(matches!(handled.outcome, Outcome::Failed(_)));
            self.fed.tick(packet.packet.at);
            self.seat.apply(&mut self.fed, Heard::of(packet), &handled, &mut ());
        }
    }
}

fn in_turn<T>(turn: &Mutex<()>, work: impl FnOnce() -> T) -> T {
    // It guards nothing but the processors.
    let _mine = turn.lock().unwrap_or_else(PoisonError::into_inner);
    work()
}

/// A packet as the version's own contract takes it.
fn route(router: &mut Router, packet: &Prepared, scratch: &mut Scratch) -> Option<Late> {
    if matches!(packet.packet.body, Body::OverLimit(_)) {
        return None;
    }
    let body = DecodedBody::from(&packet.packet.body);
    let Route::Candidates(all) = router.route(&packet.packet, body, scratch) else {
        return None;
    };
    let endpoint = all.list.first()?.place.endpoint as u32;
    Some(Late::Packet(Prepared { endpoint, tape: 0..0, ..packet.clone() }))
}
