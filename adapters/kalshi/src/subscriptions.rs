//! Subscriptions: what one socket tells under one `sid`, counted by `seq`.

use rustc_hash::FxHashMap;

#[derive(Debug, Default)]
pub struct Subscriptions {
    known: Vec<Subscription>,
    ids: FxHashMap<(u32, i64), usize>,
    /// When each socket was last heard of, in nanoseconds since 1970.
    heard: FxHashMap<u32, i64>,
}

#[derive(Debug)]
struct Subscription {
    connection: u32,
    last: i64,
}

/// How a number follows on the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next one, or the first that was heard.
    Next,
    /// The last one again.
    Again,
    /// One from before.
    Old,
    /// Some were missed.
    Jump,
}

impl Subscriptions {
    pub fn hear(&mut self, connection: u32, at: i64) {
        self.heard.insert(connection, at);
    }

    pub fn find(&self, connection: u32, sid: i64) -> Option<usize> {
        self.ids.get(&(connection, sid)).copied()
    }

    /// The socket of a subscription.
    pub fn connection(&self, number: usize) -> Option<u32> {
        self.known.get(number).map(|subscription| subscription.connection)
    }

    /// When the socket of a subscription was last heard of.
    pub fn heard(&self, number: usize) -> Option<i64> {
        self.heard.get(&self.connection(number)?).copied()
    }

    /// Counts a message, `begins` where it could be the first of a new count: a whole book of number 1.
    pub fn count(&mut self, connection: u32, sid: i64, seq: i64, begins: bool) -> (usize, Step) {
        let Some(number) = self.find(connection, sid) else {
            self.known.push(Subscription { connection, last: seq });
            self.ids.insert((connection, sid), self.known.len() - 1);
            return (self.known.len() - 1, Step::Next);
        };
        let last = &mut self.known[number].last;
        let step = match seq.checked_sub(*last) {
            Some(0) => Step::Again,
            Some(1) => Step::Next,
            Some(2..) => Step::Jump,
            // The count began anew: what came between is not known.
            _ if begins && seq == 1 => Step::Jump,
            _ => Step::Old,
        };
        if step != Step::Old {
            *last = seq;
        }
        (number, step)
    }

    /// Counts a message that may have taken no number of its own: an answer to a command.
    pub fn count_reply(&mut self, number: usize, seq: i64) -> Step {
        let Some(Subscription { last, .. }) = self.known.get_mut(number) else { return Step::Old };
        let step = if seq.saturating_sub(*last) > 1 { Step::Jump } else { Step::Next };
        *last = seq.max(*last);
        step
    }

    /// It ended: its `sid` means nothing any more.
    pub fn end(&mut self, connection: u32, sid: i64) -> Option<usize> {
        self.ids.remove(&(connection, sid))
    }
}
