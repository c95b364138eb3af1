//! How many packets go into one call.
//!
//! A batch that fails is read again one packet at a time, on an instance that has read the whole
//! look-back first. A worker whose batches fail again and again (each packet costs more fuel than a
//! batch has, or many packets trap) would spend its time on that, so its batches become smaller. What
//! is answered is the same for every size.

/// Most packets of one call: the floor of a call is spread thin enough.
pub(crate) const MOST_PACKETS: usize = 64;

/// Halves after a failure, and doubles again after a number of calls that doubles with each failure.
#[derive(Debug)]
pub(crate) struct Pace {
    packets: usize,
    /// Calls in a row that succeeded, and how many of them let it double.
    good: u32,
    patience: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { packets: MOST_PACKETS, good: 0, patience: 16 }
    }
}

impl Pace {
    pub const fn packets(&self) -> usize {
        self.packets
    }

    pub fn succeeded(&mut self) {
        if self.packets == MOST_PACKETS {
            return;
        }
        self.good += 1;
        if self.good >= self.patience {
            (self.packets, self.good) = (self.packets * 2, 0);
        }
    }

    pub fn failed(&mut self) {
        self.packets = (self.packets / 2).max(1);
        (self.good, self.patience) = (0, self.patience.saturating_mul(2).min(1 << 20));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Batches of more than `fits` packets fail; how many do among so many calls.
    fn failures(fits: usize, calls: usize) -> usize {
        let mut pace = Pace::default();
        let failed = (0..calls).filter(|_| {
            let fails = pace.packets() > fits;
            if fails {
                pace.failed()
            } else {
                pace.succeeded()
            }
            fails
        });
        failed.count()
    }

    #[test]
    fn what_never_fits_is_tried_ever_less_often() {
        assert_eq!(failures(64, 10_000), 0);
        assert!(failures(1, 100_000) < 20, "{}", failures(1, 100_000));
        assert!(failures(20, 100_000) < 20, "{}", failures(20, 100_000));
    }

    #[test]
    fn one_failure_is_forgotten() {
        let mut pace = Pace::default();
        pace.failed();
        assert_eq!(pace.packets(), 32);
        (0..32).for_each(|_| pace.succeeded());
        assert_eq!(pace.packets(), 64);
    }
}
