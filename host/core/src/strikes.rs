//! Strikes: an adapter that fails again and again is left alone for a while, and for good in the end.
//!
//! A failure is a strike; a strike is forgotten after a row of packets without one. At so many strikes the
//! worker pauses, each time twice as long as the last; a pause that is followed by health halves the next.
//! Where even the longest pause helps nothing, it is disabled until somebody puts another version in its
//! place. Time is the packets', so a replay pauses where the live run did.

use crate::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrikeLimits {
    /// Strikes at which a worker pauses.
    pub strikes: u32,
    /// Packets without a failure after which a strike, and after the last strike a pause, is forgotten.
    pub health: u32,
    /// First pause in nanoseconds; each further one is twice as long.
    pub pause: i64,
    /// Pauses without health in between after which a worker is disabled.
    pub pauses: u32,
}

impl Default for StrikeLimits {
    /// A second, doubling to half a minute; disabled after about a minute of nothing but failures.
    fn default() -> Self {
        Self { strikes: 5, health: 200, pause: 1_000_000_000, pauses: 6 }
    }
}

impl StrikeLimits {
    /// Never pauses: for whoever looks at each failure by itself.
    pub const fn none() -> Self {
        Self { strikes: u32::MAX, health: u32::MAX, pause: 0, pauses: u32::MAX }
    }
}

/// Whether a worker may work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Admitted,
    PausedUntil(Timestamp),
    Disabled,
}

#[derive(Clone, Debug)]
pub struct Strikes {
    limits: StrikeLimits,
    strikes: u32,
    /// Pauses that no health followed.
    pauses: u32,
    healthy: u32,
    standing: Standing,
}

impl Strikes {
    pub fn new(limits: StrikeLimits) -> Self {
        let (strikes, pauses, healthy, standing) = Default::default();
        Self { limits, strikes, pauses, healthy, standing }
    }

    /// Whether a packet of this time may be read; a pause that is over ends with it.
    pub fn admits(&mut self, at: Timestamp) -> bool {
        if matches!(self.standing, Standing::PausedUntil(until) if until <= at) {
            self.standing = Standing::Admitted;
            // One more failure right away is one too many.
            self.strikes = self.limits.strikes.saturating_sub(1);
        }
        self.standing == Standing::Admitted
    }

    /// So many packets were read without a failure.
    pub fn healthy(&mut self, packets: u32) {
        if self.strikes == 0 && self.pauses == 0 {
            return;
        }
        self.healthy = self.healthy.saturating_add(packets);
        while self.healthy >= self.limits.health {
            self.healthy -= self.limits.health;
            match self.strikes {
                0 => self.pauses = self.pauses.saturating_sub(1),
                _ => self.strikes -= 1,
            }
        }
    }

    /// A packet failed; tells whether the worker is left alone from here on.
    pub fn strike(&mut self, at: Timestamp) -> bool {
        self.healthy = 0;
        self.strikes = self.strikes.saturating_add(1);
        if self.strikes < self.limits.strikes {
            return false;
        }
        let pause = self.limits.pause.saturating_mul(1 << self.pauses.min(30));
        self.pauses += 1;
        self.standing = if self.pauses > self.limits.pauses {
            Standing::Disabled
        } else {
            Standing::PausedUntil(Timestamp::from_nanos(at.nanos().saturating_add(pause)))
        };
        true
    }

    pub const fn standing(&self) -> Standing {
        self.standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_nanos(seconds * SECOND)
    }

    #[test]
    fn pauses_double_and_end_in_a_stop() {
        let mut strikes = Strikes::new(StrikeLimits { pauses: 3, ..StrikeLimits::default() });
        assert!((0..4).all(|_| !strikes.strike(at(0))));
        assert!(strikes.strike(at(0)));
        let mut now = 0;
        for pause in [1, 2, 4] {
            assert_eq!(strikes.standing(), Standing::PausedUntil(at(now + pause)));
            assert!(!strikes.admits(Timestamp::from_nanos((now + pause) * SECOND - 1)));
            now += pause;
            assert!(strikes.admits(at(now)));
            assert!(strikes.strike(at(now)), "one more failure after a pause");
        }
        assert_eq!(strikes.standing(), Standing::Disabled);
        assert!(!strikes.admits(at(1_000_000)));
    }

    #[test]
    fn health_forgets_strikes_first_and_pauses_then() {
        let mut strikes = Strikes::new(StrikeLimits::default());
        assert_eq!((0..5).filter(|_| strikes.strike(at(0))).count(), 1);
        assert!(strikes.admits(at(1)));
        strikes.healthy(199);
        assert_eq!(strikes.strikes, 4);
        strikes.healthy(1);
        assert_eq!(strikes.strikes, 3);
        strikes.healthy(4 * 200);
        assert!((0..4).all(|_| !strikes.strike(at(2))));
        assert!(strikes.strike(at(2)));
        assert_eq!(strikes.standing(), Standing::PausedUntil(at(3)), "the first pause is forgotten");
    }

    #[test]
    fn how_health_is_counted_changes_nothing() {
        let one = |step: u32| {
            let mut strikes = Strikes::new(StrikeLimits::default());
            assert!((0..3).all(|_| !strikes.strike(at(0))));
            (0..500 / step).for_each(|_| strikes.healthy(step));
            (strikes.strikes, strikes.healthy)
        };
        assert_eq!(one(1), one(100));
        assert_eq!(one(1), one(500));
    }
}
