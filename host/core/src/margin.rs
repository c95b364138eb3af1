//! Margin removal: fair probabilities from a bookmaker's odds.
//!
//! For people to look at: no stake and no profit depends on it, so `f64` is allowed here.
//!
//! With q = 1 / odds of each outcome, B = Σq and n outcomes:
//!
//! | method | probability | parameter |
//! |---|---|---|
//! | multiplicative | q / B | margin B − 1 |
//! | additive | q − (B − 1) / n | margin B − 1 |
//! | power | q^k | k with Σ = 1 |
//! | Shin | (√(z² + 4(1 − z) q² / B) − z) / (2(1 − z)) | z with Σ = 1: the share of insiders |
//! | odds ratio | q / (c + q − c·q) | c with Σ = 1 |
//!
//! Sources: Clarke, Kovalchik and Ingram, "Adjusting bookmaker's odds to allow for overround",
//! American Journal of Sports Science 5 (2017), for multiplicative, additive and power; Shin,
//! "Measuring the incidence of insider trading in a market for state-contingent claims", Economic
//! Journal 103 (1993), in the form of Štrumbelj, "On determining probability forecasts from betting
//! odds", International Journal of Forecasting 30 (2014); Cheung, "Fixed-odds betting and
//! traditional odds" (2015), for the odds ratio.

mod root;
#[cfg(test)]
mod tests;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Multiplicative,
    Additive,
    Power,
    Shin,
    OddsRatio,
}

/// Probabilities without the margin.
#[derive(Clone, Debug, PartialEq)]
pub struct Fair {
    /// By outcome, in the order of the odds; each above 0 and below 1, their sum 1. Empty where
    /// [`problematic`](Self::problematic).
    pub probabilities: Vec<f64>,
    /// What the method found: see the module.
    pub parameter: f64,
    /// The additive method would give an outcome no chance, or less.
    pub problematic: bool,
}

/// Why odds have no fair probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarginError {
    #[error("fewer than two outcomes")]
    TooFew,
    #[error("odds of 1 or less")]
    NotAboveOne,
    #[error("odds that are no number")]
    NotFinite,
    /// Shin's model has no answer below a margin of 0; other methods only for odds beyond `f64`.
    #[error("no parameter makes the probabilities add up to 1")]
    Unsolvable,
}

/// Fair probabilities of the outcomes of one market, from its decimal odds.
///
/// # Errors
/// [`MarginError`] for odds that are none, and where the method has no answer.
pub fn fair(odds: &[f64], method: Method) -> Result<Fair, MarginError> {
    if odds.len() < 2 {
        return Err(MarginError::TooFew);
    }
    if odds.iter().any(|odds| !odds.is_finite()) {
        return Err(MarginError::NotFinite);
    }
    if odds.iter().any(|odds| *odds <= 1.0) {
        return Err(MarginError::NotAboveOne);
    }
    let inverse: Vec<f64> = odds.iter().map(|odds| 1.0 / odds).collect();
    let book: f64 = inverse.iter().sum();
    let margin = book - 1.0;
    let probability: &dyn Fn(f64, f64) -> f64 = match method {
        Method::Multiplicative => &|_, q| q / book,
        Method::Additive => &|_, q| q - margin / odds.len() as f64,
        Method::Power => &|k, q| q.powf(k),
        Method::Shin => &|z, q| shin(z, q * q / book),
        Method::OddsRatio => &|c, q| q / (c + q - c * q),
    };
    let over = |parameter: f64| inverse.iter().map(|q| probability(parameter, *q)).sum::<f64>() - 1.0;
    let parameter = match method {
        Method::Multiplicative | Method::Additive => Some(margin),
        Method::Power | Method::OddsRatio => root::above_zero(over),
        Method::Shin if margin < -root::ROUNDING => None,
        Method::Shin => match inverse[..] {
            [a, b] => Some(shin_of_two(a - b, book)),
            _ => root::between(over, 0.0, 1.0),
        },
    };
    let parameter = parameter.filter(|parameter| parameter.is_finite()).ok_or(MarginError::Unsolvable)?;
    let probabilities: Vec<f64> = inverse.iter().map(|q| probability(parameter, *q)).collect();
    if probabilities.iter().all(|p| 0.0 < *p && *p < 1.0) {
        return Ok(Fair { probabilities, parameter, problematic: false });
    }
    match method {
        Method::Additive => Ok(Fair { probabilities: Vec::new(), parameter, problematic: true }),
        _ => Err(MarginError::Unsolvable),
    }
}

/// Shin's probability with s = q² / B, written without the difference that loses digits near z = 1.
fn shin(z: f64, s: f64) -> f64 {
    2.0 * s / ((z * z + 4.0 * (1.0 - z) * s).sqrt() + z)
}

/// Shin's z for two outcomes, d = q₁ − q₂: the probabilities are the additive ones.
fn shin_of_two(d: f64, book: f64) -> f64 {
    (book - 1.0) * (d * d - book) / (book * (d * d - 1.0))
}
