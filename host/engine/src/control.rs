//! What a run is told to do while it goes on. It is done between two packets, in one place: the front.

use crate::chunk::WorkerIndex;
use antigravity_core::Timestamp;
use antigravity_core::board::WorkerInfo;
use antigravity_routing::Router;
use antigravity_runtime::Adapter;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the run is told.
#[derive(Debug)]
pub enum Command {
    /// Try another version beside the one that works; it takes over when it proves itself.
    Try(Arc<Adapter>),
    /// Another version takes over as soon as it is up to date: the one that works does not work any more.
    Restore(Arc<Adapter>),
    /// A provider that has no adapter yet gets one, for these accounts.
    Add(Arc<Adapter>, Vec<String>),
    /// A provider's adapter is taken away, with all that it quotes.
    Remove(String),
    /// What is tried for a provider is not wanted any more.
    Cancel(String),
    /// Traffic ends here.
    Stop,
    /// The two versions of the trial of this number exchange their places.
    Exchange(u64),
    /// What reads along in the trial of this number is let go.
    End(u64),
}

/// Gives commands to a run.
#[derive(Clone, Debug)]
pub struct Commands(Sender<Command>);

/// Where a run looks for commands. It holds an end of its own to give them, so that a wait always is one.
#[derive(Debug)]
pub struct Inbox {
    receiver: Receiver<Command>,
    sender: Sender<Command>,
}

/// A way to command a run, and the run's end of it.
pub fn commands() -> (Commands, Inbox) {
    let (sender, receiver) = unbounded();
    (Commands(sender.clone()), Inbox { receiver, sender })
}

impl Commands {
    /// `false` where the run is over.
    pub fn give(&self, command: Command) -> bool {
        self.0.send(command).is_ok()
    }
}

impl Inbox {
    pub fn take(&self) -> Option<Command> {
        self.receiver.try_recv().ok()
    }

    /// Waits for a command, at most so long.
    pub fn wait(&self, at_most: Duration) -> Option<Command> {
        self.receiver.recv_timeout(at_most).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.receiver.is_empty()
    }

    pub(crate) fn commands(&self) -> Commands {
        Commands(self.sender.clone())
    }
}

/// What time it is, and waiting for it: the real clock, or one of a test.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;

    /// Waits until the instant, or for a command that comes before it.
    fn wait(&self, until: Timestamp, inbox: &Inbox) -> Option<Command>;
}

/// What happens to a worker between two packets.
#[derive(Debug)]
pub(crate) enum Control {
    /// Another version is brought up to date and reads along.
    Try {
        number: u64,
        worker: WorkerIndex,
        adapter: Arc<Adapter>,
        router: Arc<Router>,
        at_once: bool,
        /// Held by whoever of the trial is being brought up to date: one at a time, since all together would
        /// take the processors from the packets that count.
        turn: Arc<Mutex<()>>,
    },
    Exchange {
        worker: WorkerIndex,
    },
    End {
        worker: WorkerIndex,
    },
    /// It begins to work.
    Add {
        worker: WorkerIndex,
        adapter: Arc<Adapter>,
        info: WorkerInfo,
    },
    /// It works no more.
    Remove {
        worker: WorkerIndex,
    },
}
