//! Seeded randomness: one generator for each purpose, so that a draw more in one place moves
//! nothing in another.

use fastrand::Rng;

/// The generator of one purpose (`A/cmd368/desk`), from the scenario's seed.
pub fn stream(seed: u64, purpose: &str) -> Rng {
    // FNV-1a: names differ in a few bytes only, and the seeds of a small generator must not.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in seed.to_le_bytes().into_iter().chain(purpose.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    Rng::with_seed(hash)
}

/// A nearly normal number, mean 0 and variance 1: twelve uniform ones less six. Additions only, so
/// it is the same on every machine, which `ln` and `cos` of the standard library need not be.
pub fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

/// `len` lower-case hexadecimal digits.
pub fn hex(rng: &mut Rng, len: usize) -> String {
    (0..len).filter_map(|_| char::from_digit(rng.u32(0..16), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_have_streams_of_their_own() {
        let first = |purpose: &str| stream(7, purpose).u64(..);
        assert_eq!(first("a"), first("a"));
        assert_ne!(first("a"), first("b"));
        assert_ne!(stream(8, "a").u64(..), first("a"));
    }

    #[test]
    fn normal_has_its_moments() {
        let mut rng = stream(1, "moments");
        let draws: Vec<f64> = (0..20_000).map(|_| normal(&mut rng)).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }
}
