//! A sequential test of a rate: how many of a row of trials fail, decided as early as the stated error
//! rates allow.
//!
//! Wald's sequential probability ratio test (A. Wald, "Sequential Tests of Statistical Hypotheses", Annals of
//! Mathematical Statistics 16, 1945). After each trial the logarithm of the likelihood ratio of "the rate is
//! `bad`" to "the rate is `good`" grows by `ln(bad / good)` where it failed and by
//! `ln((1 − bad) / (1 − good))` where it did not. At `ln((1 − β) / α)` the rate counts as bad, at
//! `ln(β / (1 − α))` as good; then the probability of calling a good rate bad is at most about α, of calling a
//! bad one good at most about β.

/// What is told apart, and how often it may go wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Failures per trial that are no reason for anything; above 0.
    pub good: f64,
    /// Failures per trial that must not stand; above `good`, below 1.
    pub bad: f64,
    /// α: how often a good rate is called bad.
    pub false_alarm: f64,
    /// β: how often a bad rate is called good.
    pub miss: f64,
}

/// What the trials so far show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Neither yet.
    Open,
    Good,
    Bad,
}

/// One test under way.
#[derive(Clone, Debug)]
pub struct Sequential {
    fail: f64,
    pass: f64,
    upper: f64,
    lower: f64,
    ratio: f64,
    evidence: Evidence,
    trials: u64,
    failures: u64,
}

impl Sequential {
    pub fn new(rates: Rates) -> Self {
        let Rates { good, bad, false_alarm, miss } = rates;
        Self {
            fail: (bad / good).ln(),
            pass: ((1.0 - bad) / (1.0 - good)).ln(),
            upper: ((1.0 - miss) / false_alarm).ln(),
            lower: (miss / (1.0 - false_alarm)).ln(),
            ratio: 0.0,
            evidence: Evidence::Open,
            trials: 0,
            failures: 0,
        }
    }

    /// Counts one trial. What was once bad stays bad. What is good is tested on from the start, so that a
    /// rate that rises later is found as fast as one that was bad from the beginning.
    pub fn trial(&mut self, failed: bool) -> Evidence {
        self.trials += 1;
        self.failures += u64::from(failed);
        if self.evidence == Evidence::Bad {
            return self.evidence;
        }
        self.ratio += if failed { self.fail } else { self.pass };
        if self.ratio >= self.upper {
            self.evidence = Evidence::Bad;
        } else if self.ratio <= self.lower {
            self.evidence = Evidence::Good;
            self.ratio = 0.0;
        }
        self.evidence
    }

    pub const fn evidence(&self) -> Evidence {
        self.evidence
    }

    pub const fn trials(&self) -> u64 {
        self.trials
    }

    pub const fn failures(&self) -> u64 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: Rates = Rates { good: 0.001, bad: 0.02, false_alarm: 0.001, miss: 0.001 };

    #[test]
    fn a_row_without_failures_is_good_and_three_at_once_are_bad() {
        let mut test = Sequential::new(RATES);
        // ln(0.001 / 0.999) / ln(0.98 / 0.999) = 359.7
        assert!((0..359).all(|_| test.trial(false) == Evidence::Open));
        assert_eq!(test.trial(false), Evidence::Good);
        // ln 20 = 3.0 a failure; the bound is ln 999 = 6.9.
        assert_eq!([test.trial(true), test.trial(true), test.trial(true)].last(), Some(&Evidence::Bad));
        assert_eq!((test.trial(false), test.trials(), test.failures()), (Evidence::Bad, 364, 3));
    }

    /// A generator of the test's own: the same numbers on every machine.
    fn draw(state: &mut u64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 11) as f64 / (1u64 << 53) as f64
    }

    fn decided(rate: f64, wanted: Evidence, rows: usize) -> usize {
        let mut state = 7;
        let row = |_: &usize| {
            let mut test = Sequential::new(Rates { false_alarm: 0.05, miss: 0.05, ..RATES });
            loop {
                match test.trial(draw(&mut state) < rate) {
                    Evidence::Open => {}
                    evidence => return evidence == wanted,
                }
            }
        };
        (0..rows).filter(row).count()
    }

    /// With error rates of 5 %, at most 5 % of the rows are decided wrongly (and a little for chance).
    #[test]
    fn errs_as_rarely_as_it_says() {
        let wrong = decided(RATES.good, Evidence::Bad, 4_000);
        assert!((1..=240).contains(&wrong), "{wrong} false alarms of 4,000");
        let wrong = decided(RATES.bad, Evidence::Good, 4_000);
        assert!((1..=240).contains(&wrong), "{wrong} misses of 4,000");
    }
}
