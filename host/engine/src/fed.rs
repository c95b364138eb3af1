//! What a worker's answers do to a board.

use antigravity_core::board::{Board, Changes, Origin, WorkerId, WorkerInfo};
use antigravity_core::contract::Confirmation;
use antigravity_core::{Direction, Fate, Packet, Transport};
use antigravity_routing::reason;
use antigravity_runtime::{Handled, Outcome, Prepared, Restart};
use std::sync::Arc;

/// The word for a packet that an adapter passed over because a newer one overtook it.
const STALE_CURSOR: &str = "stale-cursor";

/// Where a packet came from, as far as it matters for a board.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    pub origin: Origin,
    /// Received over a socket or as an event: a part of what its connection tells from beginning to
    /// end. An answer over HTTP stands for itself, and what the page sent shows nothing.
    pub streamed: bool,
}

impl Heard {
    pub fn new(packet: &Packet, connection: u32) -> Self {
        let origin = Origin { seq: packet.seq, at: packet.at, connection };
        let streamed = packet.transport != Transport::Http && packet.direction == Direction::Received;
        Self { origin, streamed }
    }

    pub fn of(prepared: &Prepared) -> Self {
        Self::new(&prepared.packet, prepared.connection)
    }
}

/// A worker's place on a board.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub id: WorkerId,
    pub provider: Arc<str>,
    /// Its quotes are confirmed by signs of life of their connection, so what that lost counts.
    by_connection: bool,
}

impl Seat {
    pub fn new(board: &mut Board, info: WorkerInfo) -> Self {
        let provider = info.provider.clone();
        let by_connection = info.confirms == Confirmation::ByConnection;
        Self { id: board.worker(info), provider, by_connection }
    }

    /// Another version of the adapter feeds it: what its contract says holds from here on.
    pub fn follow(&mut self, board: &Board) {
        self.by_connection = board.worker_info(self.id).confirms == Confirmation::ByConnection;
    }

    /// What the worker said of a packet; its fate, unless it says that it is not its own.
    pub fn apply(
        &self,
        board: &mut Board,
        heard: Heard,
        handled: &Handled,
        changes: &mut impl Changes,
    ) -> Option<(Fate, &'static str)> {
        let origin = heard.origin;
        if let Some(restart) = &handled.restart {
            self.restart(board, restart, origin, changes);
        }
        let fate = handled.outcome.fate();
        match &handled.outcome {
            Outcome::Answered { answer, index } => {
                let reading = &answer.packets()[*index];
                match fate {
                    Some((Fate::Parsed, _)) => board.apply(self.id, origin, answer, reading, changes),
                    Some((Fate::Rejected, _)) if reading.all_bad() => {
                        board.distrust(self.id, origin, answer, reading, changes);
                    }
                    _ => board.learn_names(self.id, origin, answer, reading, changes),
                }
                if let Some(fate) = fate {
                    self.heard(board, heard, fate, changes);
                }
            }
            Outcome::Failed(_) if handled.left_alone.is_some() => {
                board.bar(self.id, None, origin, changes);
                board.forget_names(self.id);
            }
            Outcome::Failed(_) => board.bar(self.id, Some(origin.connection), origin, changes),
            // All of it is suspended since it is left alone.
            Outcome::Quarantined => {}
        }
        fate
    }

    /// What a packet shows of the connection it came by, where that tells one story from beginning
    /// to end. What was read and known noise show that it lives, and so confirm what it feeds; not so
    /// a packet of a session that is over, and one that says nothing newer than what was read before
    /// it. What could not be read may have changed any of it.
    pub fn heard(
        &self,
        board: &mut Board,
        heard: Heard,
        fate: (Fate, &'static str),
        changes: &mut impl Changes,
    ) {
        let connection = heard.origin.connection;
        if !heard.streamed || !self.by_connection {
            return;
        }
        match fate {
            (Fate::Ignored, reason::OTHER_SESSION | STALE_CURSOR) => {}
            (Fate::Parsed | Fate::Ignored, _) => board.alive(self.id, connection, heard.origin.at, changes),
            (Fate::Rejected, _) => board.gap(self.id, Some(connection), changes),
            _ => {}
        }
    }

    /// Its session or its account's is over.
    pub fn withdraw(&self, board: &mut Board, origin: Origin, changes: &mut impl Changes) {
        board.remove_all(self.id, origin, changes);
        board.forget_names(self.id);
    }

    fn restart(&self, board: &mut Board, restart: &Restart, origin: Origin, changes: &mut impl Changes) {
        board.forget_names(self.id);
        for answer in &restart.names {
            for reading in answer.packets() {
                board.learn_names(self.id, origin, answer, reading, changes);
            }
        }
        if restart.lost {
            board.bar(self.id, None, origin, changes);
        }
    }
}
