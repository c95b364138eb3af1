//! Session epochs of one worker.

use std::collections::VecDeque;

/// What a packet's token means to a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Epoch {
    /// The running session, or a packet that names none.
    Same,
    /// A session that was never seen: the one before is over.
    New,
    /// A session that is over.
    Over,
}

/// The tokens that a worker has seen, the running one apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions {
    running: Option<Box<str>>,
    over: VecDeque<Box<str>>,
}

/// Ended sessions that are remembered. A session lasts minutes to hours, and packets of an ended
/// one are those that were under way when it ended.
const REMEMBERED: usize = 256;

impl Sessions {
    /// Records a packet of the worker. The first token of all ends no session.
    pub(crate) fn see(&mut self, token: Option<&str>) -> Epoch {
        let Some(token) = token else { return Epoch::Same };
        match &self.running {
            Some(running) if **running == *token => Epoch::Same,
            Some(_) if self.over.iter().any(|over| **over == *token) => Epoch::Over,
            _ => match self.running.replace(token.into()) {
                None => Epoch::Same,
                Some(before) => {
                    self.over.push_back(before);
                    if self.over.len() > REMEMBERED {
                        self.over.pop_front();
                    }
                    Epoch::New
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_with_the_next_and_never_comes_back() {
        let mut sessions = Sessions::default();
        let seen: Vec<_> =
            [None, Some("a"), Some("a"), Some("b"), Some("a"), None, Some("b"), Some("c"), Some("b")]
                .into_iter()
                .map(|token| sessions.see(token))
                .collect();
        use Epoch::{New, Over, Same};
        assert_eq!(seen, [Same, Same, Same, New, Over, Same, Same, New, Over]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut sessions = Sessions::default();
        for n in 0..1000 {
            sessions.see(Some(&n.to_string()));
        }
        assert_eq!(sessions.over.len(), REMEMBERED);
        assert_eq!((sessions.see(Some("998")), sessions.see(Some("999"))), (Epoch::Over, Epoch::Same));
    }
}
