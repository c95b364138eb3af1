//! Kelly stakes, for probabilities that are estimates: shares of the bankroll, in floating point, since
//! the probabilities themselves are guesses. No arbitrage is sized here.

/// Why there is no stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KellyError {
    #[error("a probability that is not above 0 and below 1, or probabilities that sum to more than 1")]
    Probability,
    #[error("odds that pay nothing, or are not finite")]
    Odds,
    #[error("an uncertainty below 0, or not finite")]
    Uncertainty,
    #[error("as many odds as probabilities are needed")]
    Lengths,
}

/// A stake that was made smaller because its probability is uncertain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrunk {
    /// The stake if the probability were certain.
    pub full: f64,
    /// What of it is left, from 0 to 1.
    pub factor: f64,
    pub stake: f64,
}

/// The share of the bankroll on a bet that wins `b` times its stake with probability `p`:
/// ((b + 1)p − 1)/b; below 0 where the bet is not worth it.
///
/// # Errors
/// [`KellyError::Odds`] and [`KellyError::Probability`].
pub fn full(b: f64, p: f64) -> Result<f64, KellyError> {
    if !(b.is_finite() && b > 0.0) {
        return Err(KellyError::Odds);
    }
    if !(p > 0.0 && p < 1.0) {
        return Err(KellyError::Probability);
    }
    Ok(((b + 1.0) * p - 1.0) / b)
}

/// [`full`] for an estimate `p` with standard error `sigma`, shrunk by s²/(s² + ((b + 1)/b)²σ²), the
/// second-order factor of Baker and McHale (Decision Analysis 10(3), 2013, eq. 5). Nothing where the bet
/// is not worth it.
///
/// # Errors
/// As [`full`], and [`KellyError::Uncertainty`].
pub fn shrunk(b: f64, p: f64, sigma: f64) -> Result<Shrunk, KellyError> {
    if !(sigma.is_finite() && sigma >= 0.0) {
        return Err(KellyError::Uncertainty);
    }
    let full = full(b, p)?;
    if full <= 0.0 {
        return Ok(Shrunk { full, factor: 0.0, stake: 0.0 });
    }
    let spread = (b + 1.0) / b * sigma;
    let factor = full * full / (full * full + spread * spread);
    Ok(Shrunk { full, factor, stake: factor * full })
}

/// The shares of the bankroll on outcomes of which one happens at most, for decimal `odds` and
/// probabilities. By falling p·o, an outcome is bet on while its p·o is above the reserve
/// R = (1 − Σp)/(1 − Σ1/o) of those before it; each then gets p − R/o (Smoczynski and Tomkins, The
/// Mathematical Scientist 35, 2010).
///
/// # Errors
/// [`KellyError::Lengths`], [`KellyError::Odds`] and [`KellyError::Probability`].
pub fn exclusive(odds: &[f64], probabilities: &[f64]) -> Result<Vec<f64>, KellyError> {
    if odds.len() != probabilities.len() {
        return Err(KellyError::Lengths);
    }
    if !odds.iter().all(|odds| odds.is_finite() && *odds > 1.0) {
        return Err(KellyError::Odds);
    }
    let sound = probabilities.iter().all(|p| *p > 0.0 && *p < 1.0);
    // Sums of rounded probabilities may pass 1 by as much as they were rounded.
    if !sound || probabilities.iter().sum::<f64>() > 1.0 + 1e-9 {
        return Err(KellyError::Probability);
    }
    let mut outcomes: Vec<_> = odds.iter().zip(probabilities).enumerate().collect();
    outcomes.sort_by(|(_, (o, p)), (_, (other_o, other_p))| (*other_o * *other_p).total_cmp(&(*o * *p)));
    let (mut uncovered, mut margin, mut reserve, mut backed) = (1.0f64, 1.0, 1.0, 0);
    for (_, (o, p)) in &outcomes {
        // p·o > R and p ≤ what is uncovered make the margin left positive; rounding must not undo that.
        if *o * *p <= reserve || margin <= 1.0 / *o {
            break;
        }
        (uncovered, margin) = ((uncovered - *p).max(0.0), margin - 1.0 / *o);
        (reserve, backed) = (uncovered / margin, backed + 1);
    }
    let mut stakes = vec![0.0; odds.len()];
    for (place, (o, p)) in outcomes.into_iter().take(backed) {
        if let Some(stake) = stakes.get_mut(place) {
            *stake = *p - reserve / *o;
        }
    }
    Ok(stakes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within, "{found} is not {expected}");
    }

    #[test]
    fn published_second_order_shrinkage() {
        close(full(1.0, 0.7).unwrap(), 0.4, 1e-12);
        for (sigma, factor) in [(0.05, 0.941176), (0.10, 0.8), (0.15, 0.64), (0.20, 0.5), (0.25, 0.390244)] {
            close(shrunk(1.0, 0.7, sigma).unwrap().factor, factor, 5e-7);
        }
        let found = shrunk(1.1, 0.55, 0.03).unwrap();
        close(found.full, 0.1409091, 5e-8);
        close(found.factor, 0.8582196, 5e-8);
        close(found.stake, 0.1209309, 5e-8);
    }

    /// The factor k that maximises ∫ Beta(q) [p ln(1 + b·k·s(q)) + (1 − p) ln(1 − k·s(q))] dq, where the
    /// estimate q has mean p and standard deviation sigma; without bets against where `one_sided`.
    fn best_factor(b: f64, p: f64, sigma: f64, one_sided: bool) -> f64 {
        let size = p * (1.0 - p) / (sigma * sigma) - 1.0;
        let (alpha, beta) = (p * size, (1.0 - p) * size);
        let count = 100_000;
        let points: Vec<_> = (0..count)
            .map(|i| (f64::from(i) + 0.5) / f64::from(count))
            .map(|q| (q.powf(alpha - 1.0) * (1.0 - q).powf(beta - 1.0), ((b + 1.0) * q - 1.0) / b))
            .filter(|(_, s)| !one_sided || *s > 0.0)
            .collect();
        let slope = |k: f64| -> f64 {
            let at = |(weight, s): &(f64, f64)| {
                weight * (p * b * s / (1.0 + b * k * s) - (1.0 - p) * s / (1.0 - k * s))
            };
            points.iter().map(at).sum()
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..20 {
            let middle = f64::midpoint(low, high);
            if slope(middle) > 0.0 { low = middle } else { high = middle }
        }
        low
    }

    #[test]
    fn published_exact_maximiser() {
        for (sigma, factor) in
            [(0.05, 0.9241), (0.10, 0.7723), (0.15, 0.6235), (0.20, 0.4953), (0.25, 0.3905)]
        {
            close(best_factor(1.0, 0.7, sigma, false), factor, 5e-4);
            close(shrunk(1.0, 0.7, sigma).unwrap().factor, factor, 0.03);
        }
        close(best_factor(1.1, 0.55, 0.03, false), 0.8556, 5e-4);
        close(best_factor(1.0, 0.7, 0.20, true), 0.573, 1e-3);
    }

    /// Seen in public code: k = 1/(1 + b²σ²) with b = edge/cost, which shrinks next to nothing.
    #[test]
    fn trap_the_factor_does_shrink() {
        let (p, sigma) = (0.7f64, 0.2f64);
        let edge = (2.0 * p - 1.0) / 1.0;
        assert!(1.0 / (1.0 + edge * edge * sigma * sigma) > 0.99);
        close(shrunk(1.0, p, sigma).unwrap().factor, 0.5, 1e-9);
    }

    #[test]
    fn published_one_outcome_of_several() {
        let stakes = exclusive(&[2.5, 3.0, 2.2], &[0.45, 0.35, 0.15]).unwrap();
        for (found, expected) in stakes.iter().zip([0.15, 0.10, 0.0]) {
            close(*found, expected, 1e-12);
        }
        // What is kept for outcomes that are not bet on: R = (p − f)·o, the same for each that is.
        for (place, (o, p)) in [(2.5, 0.45), (3.0, 0.35)].into_iter().enumerate() {
            close((p - stakes[place]) * o, 0.75, 1e-12);
        }
        close(exclusive(&[3.5], &[0.3]).unwrap()[0], 0.02, 1e-12);
    }

    #[test]
    fn refusals() {
        assert_eq!(full(0.0, 0.5), Err(KellyError::Odds));
        assert_eq!(full(f64::NAN, 0.5), Err(KellyError::Odds));
        assert_eq!(full(1.0, 1.0), Err(KellyError::Probability));
        assert_eq!(full(1.0, f64::NAN), Err(KellyError::Probability));
        assert_eq!(shrunk(1.0, 0.5, -0.1), Err(KellyError::Uncertainty));
        assert_eq!(shrunk(1.0, 0.4, 0.1).map(|found| found.stake), Ok(0.0));
        assert_eq!(exclusive(&[2.0], &[]), Err(KellyError::Lengths));
        assert_eq!(exclusive(&[1.0], &[0.5]), Err(KellyError::Odds));
        assert_eq!(exclusive(&[2.0, 2.0], &[0.7, 0.7]), Err(KellyError::Probability));
    }

    proptest! {
        #[test]
        fn stakes_are_shares_of_the_bankroll(
            outcomes in prop::collection::vec((1.01f64..50.0, 0.001f64..1.0), 1..8),
        ) {
            let total: f64 = outcomes.iter().map(|(_, weight)| weight).sum::<f64>() * 1.05;
            let odds: Vec<_> = outcomes.iter().map(|(odds, _)| *odds).collect();
            let probabilities: Vec<_> = outcomes.iter().map(|(_, weight)| weight / total).collect();
            if let Ok(stakes) = exclusive(&odds, &probabilities) {
                prop_assert!(stakes.iter().all(|stake| *stake >= 0.0));
                prop_assert!(stakes.iter().sum::<f64>() < 1.0);
            }
        }

        #[test]
        fn nothing_panics(odds in prop::collection::vec(any::<f64>(), 0..5), p in prop::collection::vec(any::<f64>(), 0..5), b in any::<f64>(), sigma in any::<f64>()) {
            let _ = exclusive(&odds, &p);
            let _ = shrunk(b, p.first().copied().unwrap_or(0.5), sigma);
        }
    }
}
