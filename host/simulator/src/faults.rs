//! What a reader can get wrong, and when it is put in its way.

use crate::book::Provider;
use crate::random;
use crate::world::after;
use antigravity_core::Timestamp;
use fastrand::Rng;

macro_rules! traps {
    ($($(#[$meta:meta])* $name:ident = $text:literal,)+) => {
        /// Something in the traffic that a careless reader gets wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Trap { $($(#[$meta])* $name,)+ }

        impl Trap {
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

traps! {
    /// CMD368: an older full comes again after a newer reply.
    StaleCursor = "stale-cursor",
    /// CMD368: the last reply comes again.
    RepeatedCursor = "repeated-cursor",
    /// CMD368: two requests in flight, the second answered first.
    OutOfOrder = "out-of-order",
    /// CMD368: `a` is false, and a full follows.
    Gap = "gap",
    /// CMD368: an HTML page with status 200 in place of odds.
    LoginPage = "login-page",
    /// CMD368: −999 in every price of a half.
    SuspendedHalf = "suspended-half",
    /// CMD368: a row of id and text pairs among the matches.
    MetadataRow = "metadata-row",
    /// CMD368: the cursor as a string.
    TextCursor = "text-cursor",
    /// CMD368: another host, whose cursors are lower.
    HostChange = "host-change",
    /// CMD368: a delta for a match that no full named.
    UnknownEvent = "unknown-event",
    /// CMD368: the line changes (33), then its prices (35), in one reply.
    LineMove = "line-move",
    /// CMD368: 1X2 prices that the page does not show.
    HiddenResult = "hidden-result",
    /// ISPORT: a snapshot over several frames.
    SplitSnapshot = "split-snapshot",
    /// ISPORT: the last frame comes again.
    DuplicateRevision = "duplicate-revision",
    /// ISPORT: an index that the channel's table does not have, beside good rows.
    UnknownField = "unknown-field",
    /// ISPORT: another socket, whose first deltas come before its snapshot.
    SocketChange = "socket-change",
    /// ISPORT: another token in the path: everything before is void.
    TokenRotation = "token-rotation",
    /// ISPORT: records are deleted.
    Deletion = "deletion",
    /// ISPORT: odds are closed, and opened again without naming their prices.
    ClosePrice = "close-price",
    /// AFB88: some positions of a row.
    Patch = "patch",
    /// AFB88: a whole row again.
    Replacement = "replacement",
    /// AFB88: a frame comes again.
    RepeatedFrame = "repeated-frame",
    /// AFB88: a full in the middle of a session.
    Refresh = "refresh",
    /// AFB88: a line without prices.
    BareLine = "bare-line",
    /// Several lines of one market, or rows that take their names from another.
    AlternativeLines = "alternative-lines",
    Heartbeat = "heartbeat",
    /// A balance, with what must never be kept.
    Balance = "balance",
    UnknownEndpoint = "unknown-endpoint",
}

/// When a trap is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// once, at the first occasion this many milliseconds after the start
    At(i64),
    /// at each occasion with this probability
    Chance(f64),
}

/// One trap of one book.
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    pub account: String,
    pub provider: Provider,
    pub trap: Trap,
    pub when: When,
}

/// Which traps are set. Those that lie in the format itself (alternative lines, patches, split
/// snapshots, deletions, heartbeats) are there without a switch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan(pub Vec<Switch>);

impl Plan {
    /// Each once, on account A or B, within two minutes.
    pub fn demo() -> Self {
        use Trap as T;
        let cmd368 = [
            ("A", 0, T::MetadataRow),
            ("A", 20_000, T::LineMove),
            ("A", 20_000, T::StaleCursor),
            ("A", 50_000, T::SuspendedHalf),
            ("A", 50_000, T::RepeatedCursor),
            ("A", 80_000, T::Gap),
            ("A", 80_000, T::TextCursor),
            ("B", 20_000, T::OutOfOrder),
            ("B", 20_000, T::UnknownEvent),
            ("B", 50_000, T::LoginPage),
            ("B", 80_000, T::HostChange),
        ];
        let isport = [
            ("A", 20_000, T::DuplicateRevision),
            ("A", 40_000, T::UnknownField),
            ("A", 30_000, T::ClosePrice),
            ("A", 75_000, T::SocketChange),
            ("B", 60_000, T::TokenRotation),
        ];
        let afb88 = [("A", 50_000, T::RepeatedFrame), ("B", 70_000, T::Refresh)];
        let of = |provider, traps: &[(&str, i64, Trap)]| -> Vec<Switch> {
            let switch = |&(account, at, trap): &(&str, i64, Trap)| Switch {
                account: account.to_owned(),
                provider,
                trap,
                when: When::At(at),
            };
            traps.iter().map(switch).collect()
        };
        Self(
            [of(Provider::Cmd368, &cmd368), of(Provider::Isport, &isport), of(Provider::Afb88, &afb88)]
                .concat(),
        )
    }

    /// Every trap of every provider with this probability at each occasion.
    pub fn everywhere(accounts: &[&str], chance: f64) -> Self {
        let switch = |account: &str, provider, trap| Switch {
            account: account.to_owned(),
            provider,
            trap,
            when: When::Chance(chance),
        };
        let mut switches = Vec::new();
        for account in accounts {
            for provider in Provider::ALL {
                switches.extend(Trap::ALL.iter().map(|&trap| switch(account, provider, trap)));
            }
        }
        Self(switches)
    }
}

/// The switches of one book.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    rng: Rng,
    timed: Vec<(Timestamp, Trap)>,
    chances: Vec<(Trap, f64)>,
}

impl Faults {
    pub fn new(plan: &Plan, seed: u64, start: Timestamp, account: &str, provider: Provider) -> Self {
        let mine = || plan.0.iter().filter(|s| s.account == account && s.provider == provider);
        Self {
            rng: random::stream(seed, &format!("{account}/{}/faults", provider.name())),
            timed: mine()
                .filter_map(|s| {
                    if let When::At(millis) = s.when { Some((after(start, millis), s.trap)) } else { None }
                })
                .collect(),
            chances: mine()
                .filter_map(|s| if let When::Chance(p) = s.when { Some((s.trap, p)) } else { None })
                .collect(),
        }
    }

    /// Whether this occasion is one for the trap; a timed one is spent by it.
    pub fn due(&mut self, trap: Trap, now: Timestamp) -> bool {
        if let Some(place) = self.timed.iter().position(|(at, timed)| *timed == trap && *at <= now) {
            self.timed.remove(place);
            return true;
        }
        let mut due = false;
        for &(_, chance) in self.chances.iter().filter(|(t, _)| *t == trap) {
            due |= self.rng.f64() < chance;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timed_trap_is_set_once() {
        let start = Timestamp::from_nanos(0);
        let mut faults = Faults::new(&Plan::demo(), 1, start, "B", Provider::Isport);
        assert!(!faults.due(Trap::TokenRotation, after(start, 59_999)));
        assert!(!faults.due(Trap::SocketChange, after(start, 90_000)));
        assert!(faults.due(Trap::TokenRotation, after(start, 61_000)));
        assert!(!faults.due(Trap::TokenRotation, after(start, 62_000)));
    }

    #[test]
    fn a_chance_comes_as_often_as_it_says() {
        let start = Timestamp::from_nanos(0);
        let mut faults = Faults::new(&Plan::everywhere(&["A"], 0.25), 1, start, "A", Provider::Cmd368);
        let hits = (0..4000).filter(|_| faults.due(Trap::Gap, start)).count();
        assert!((850..1150).contains(&hits), "{hits}");
        assert!(
            (0..100).all(
                |_| !Faults::new(&Plan::default(), 1, start, "A", Provider::Cmd368).due(Trap::Gap, start)
            )
        );
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = Trap::ALL.iter().map(|t| t.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Trap::ALL.len());
    }
}
