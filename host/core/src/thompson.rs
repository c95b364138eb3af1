//! Thompson sampling: which of several ways of doing a thing to try next, each known by how often it
//! succeeded. Random bits come from the caller, so the same bits give the same choices.

/// What is believed of a rate of success after a number of trials: a Beta distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belief {
    alpha: u32,
    beta: u32,
}

impl Belief {
    /// Before any trial: every rate is as likely.
    pub const UNIFORM: Self = Self { alpha: 1, beta: 1 };

    /// Beta(`alpha`, `beta`): one more than the successes, one more than the failures. `None` where one
    /// of them is 0.
    pub const fn new(alpha: u32, beta: u32) -> Option<Self> {
        if alpha == 0 || beta == 0 { None } else { Some(Self { alpha, beta }) }
    }

    /// After one more trial.
    #[must_use]
    pub const fn after(self, success: bool) -> Self {
        match success {
            true => Self { alpha: self.alpha.saturating_add(1), ..self },
            false => Self { beta: self.beta.saturating_add(1), ..self },
        }
    }

    /// A rate drawn from the belief, between 0 and 1. `bits` gives 64 random bits at each call.
    pub fn sample(self, bits: &mut impl FnMut() -> u64) -> f64 {
        // Of two waits for alpha and for beta events of one kind, the share of the first.
        let (a, b) = (wait(self.alpha, bits), wait(self.beta, bits));
        a / (a + b)
    }

    /// The probability that this rate is above another: with A the other and B this one,
    /// Σ over i < α_B of B(α_A + i, β_A + β_B) / ((β_B + i) B(1 + i, β_B) B(α_A, β_A)).
    pub fn exceeds(self, other: Self) -> f64 {
        let (a, b) = (other, self);
        let (beta_a, beta_b) = (f64::from(a.beta), f64::from(b.beta));
        let mut alpha_i = f64::from(a.alpha);
        // The term of i = 0, and then what turns a term into the next.
        let mut term = (log_beta(alpha_i, beta_a + beta_b) - log_beta(f64::from(a.alpha), beta_a)).exp();
        let mut sum = 0.0;
        for i in 0..b.alpha {
            sum += term;
            let i = f64::from(i);
            term *= alpha_i / (alpha_i + beta_a + beta_b) * (beta_b + i) / (1.0 + i);
            alpha_i += 1.0;
        }
        sum
    }
}

/// The place of the belief whose sample is highest, the first of equals; `None` of no beliefs.
pub fn choose(beliefs: &[Belief], bits: &mut impl FnMut() -> u64) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (place, belief) in beliefs.iter().enumerate() {
        let sample = belief.sample(bits);
        if best.is_none_or(|(_, highest)| sample > highest) {
            best = Some((place, sample));
        }
    }
    best.map(|(place, _)| place)
}

/// The time of the n-th event of a process with one event a second: the sum of n exponential waits,
/// −ln of a product of uniform numbers. Always above 0 and finite, whatever the bits.
fn wait(events: u32, bits: &mut impl FnMut() -> u64) -> f64 {
    let (mut time, mut product) = (0.0, 1.0);
    for event in 1..=events {
        // 52 bits and a half: above 0, below 1, exact.
        product *= ((bits() >> 12) as f64 + 0.5) * f64::EPSILON;
        // Sixteen of at least 2^-53 are far above the smallest number.
        if event % 16 == 0 || event == events {
            time -= product.ln();
            product = 1.0;
        }
    }
    time
}

/// ln B(a, b) of whole numbers: B(a, b) = (a − 1)! (b − 1)! / (a + b − 1)!, by the shorter product.
fn log_beta(a: f64, b: f64) -> f64 {
    let (small, large) = (a.min(b), a.max(b));
    // (small − 1)! / (large · (large + 1) ⋯ (large + small − 1))
    let mut log = -large.ln();
    let mut k = 1.0;
    while k < small {
        log += (k / (large + k)).ln();
        k += 1.0;
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// SplitMix64.
    fn bits(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }
    }

    fn belief(alpha: u32, beta: u32) -> Belief {
        Belief::new(alpha, beta).unwrap()
    }

    #[test]
    fn published_closed_form() {
        let found = belief(2, 1).exceeds(belief(1, 2));
        assert!((found - 5.0 / 6.0).abs() < 1e-12, "{found}");
        let found = belief(91, 11).exceeds(belief(81, 21));
        assert!((found - 0.975_173_03).abs() < 5e-9, "{found}");
    }

    #[test]
    fn published_frequency_of_a_million_draws() {
        let draws = 1_000_000;
        for (a, b) in [(belief(1, 2), belief(2, 1)), (belief(81, 21), belief(91, 11))] {
            let (expected, mut bits) = (b.exceeds(a), bits(1));
            let chosen = (0..draws).filter(|_| choose(&[a, b], &mut bits) == Some(1)).count();
            let frequency = chosen as f64 / f64::from(draws);
            let error = (expected * (1.0 - expected) / f64::from(draws)).sqrt();
            assert!((frequency - expected).abs() < 4.0 * error, "{frequency} is not {expected}");
        }
    }

    #[test]
    fn the_same_bits_give_the_same_choices() {
        let beliefs = [belief(3, 4), belief(5, 5), Belief::UNIFORM.after(true).after(false)];
        let sequence = |seed| {
            let mut bits = bits(seed);
            (0..1_000).map(|_| choose(&beliefs, &mut bits)).collect::<Vec<_>>()
        };
        assert_eq!(sequence(7), sequence(7));
        assert_ne!(sequence(7), sequence(8));
        assert_eq!(choose(&[], &mut bits(1)), None);
        assert_eq!(Belief::new(0, 1), None);
    }

    proptest! {
        #[test]
        fn one_of_two_is_above_the_other(a in 1u32..200, b in 1u32..200, c in 1u32..200, d in 1u32..200) {
            let (one, other) = (belief(a, b), belief(c, d));
            let sum = one.exceeds(other) + other.exceeds(one);
            prop_assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        }

        #[test]
        fn samples_are_rates_whatever_the_bits(a in 1u32..100, b in 1u32..100, constant in prop_oneof![Just(0), Just(u64::MAX), any::<u64>()]) {
            let sample = belief(a, b).sample(&mut || constant);
            prop_assert!(sample > 0.0 && sample < 1.0);
        }
    }
}
