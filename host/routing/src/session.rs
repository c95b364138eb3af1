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
    running: Option<Token>,
    over: VecDeque<Token>,
}

/// A token, and where equal ones are the same: redacted apart, two sessions may both be `S1`.
type Token = (usize, Box<str>);

/// Ended sessions that are remembered. A session lasts minutes to hours, and packets of an ended
/// one are those that were under way when it ended.
const REMEMBERED: usize = 256;

impl Sessions {
    /// Records a packet of the worker. The first token of all ends no session.
    pub(crate) fn see(&mut self, source: usize, token: Option<&str>) -> Epoch {
        let Some(token) = token else { return Epoch::Same };
        let is = |known: &Token| known.0 == source && *known.1 == *token;
        match &self.running {
            Some(running) if is(running) => Epoch::Same,
            Some(_) if self.over.iter().any(is) => Epoch::Over,
            _ => match self.running.replace((source, token.into())) {
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
                .map(|token| sessions.see(0, token))
                .collect();
        use Epoch::{New, Over, Same};
        assert_eq!(seen, [Same, Same, Same, New, Over, Same, Same, New, Over]);
    }

    #[test]
    fn equal_tokens_of_two_sources_are_two_sessions() {
        let mut sessions = Sessions::default();
        let seen: Vec<_> = [0, 0, 1, 0, 1].into_iter().map(|n| sessions.see(n, Some("S1"))).collect();
        assert_eq!(seen, [Epoch::Same, Epoch::Same, Epoch::New, Epoch::Over, Epoch::Same]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut sessions = Sessions::default();
        for n in 0..1000 {
            sessions.see(0, Some(&n.to_string()));
        }
        assert_eq!(sessions.over.len(), REMEMBERED);
        assert_eq!((sessions.see(0, Some("998")), sessions.see(0, Some("999"))), (Epoch::Over, Epoch::Same));
    }
}
