use super::*;
use proptest::prelude::*;

const METHODS: [Method; 5] =
    [Method::Multiplicative, Method::Additive, Method::Power, Method::Shin, Method::OddsRatio];

fn check(odds: &[f64], method: Method, parameter: Option<(f64, f64)>, probabilities: &[f64], within: f64) {
    let fair = fair(odds, method).unwrap();
    if let Some((value, within)) = parameter {
        assert!((fair.parameter - value).abs() < within, "{method:?} {}", fair.parameter);
    }
    assert_eq!(fair.probabilities.len(), odds.len());
    assert!((fair.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(!fair.problematic);
    for (found, expected) in fair.probabilities.iter().zip(probabilities) {
        assert!((found - expected).abs() < within, "{method:?} {found} {expected}");
    }
}

/// The tests of the Python package `shin`: three ways by iteration, two in closed form.
#[test]
fn published_shin() {
    let three = [0.372_994_060_332_089_65, 0.404_779_410_920_018_4, 0.222_226_528_747_427_5];
    check(&[2.6, 2.4, 4.3], Method::Shin, Some((0.016_942_512_764_070_55, 1e-9)), &three, 1e-9);
    let two = [0.650_851_581_508_515_7, 0.349_148_418_491_484_1];
    check(&[1.5, 2.74], Method::Shin, Some((0.031_727_285_406_466_25, 1e-12)), &two, 1e-12);
    check(&[1.5, 2.74], Method::Additive, None, &two, 1e-12);
}

/// The vignette of the R package `implied`, to the eight digits that are printed.
#[test]
fn published_implied() {
    let odds = [4.20, 3.70, 1.95];
    let printed = |method, parameter: Option<f64>, probabilities: [f64; 3]| {
        check(&odds, method, parameter.map(|value| (value, 5e-9)), &probabilities, 5e-9);
    };
    printed(Method::Multiplicative, None, [0.233_155_60, 0.264_663_11, 0.502_181_29]);
    printed(Method::Additive, None, [0.231_033_23, 0.263_208_26, 0.505_758_51]);
    printed(Method::Power, Some(1.020_655_88), [0.231_140_98, 0.263_064_09, 0.505_794_93]);
    printed(Method::Shin, Some(0.010_608_06), [0.231_571_96, 0.263_574_50, 0.504_853_54]);
    check(&odds, Method::Power, Some((1.020_655_875_3, 1e-10)), &[], 1e-9);
    check(&odds, Method::OddsRatio, Some((1.034_456_476_3, 1e-10)), &[], 1e-9);
    let other = [0.464_586_14, 0.291_979_42, 0.243_434_44];
    check(&[2.05, 3.20, 3.80], Method::Shin, Some((0.031_812_78, 5e-9)), &other, 5e-9);
}

/// 1/2.7 + 1/2.3 + 1/4.4 − 1; a published 0.1362 for these odds is wrong.
#[test]
fn the_margin() {
    let fair = fair(&[2.7, 2.3, 4.4], Method::Multiplicative).unwrap();
    assert!((fair.parameter - 0.032_425_7).abs() < 1e-7);
}

/// Clarke, Kovalchik and Ingram (2017): the additive method takes more than long shots have.
#[test]
fn published_negative_additive() {
    let inverse = [0.87, 0.2, 0.1, 0.05, 0.02, 0.01];
    let odds = inverse.map(|q: f64| 1.0 / q);
    let additive = fair(&odds, Method::Additive).unwrap();
    assert!(additive.problematic && additive.probabilities.is_empty());
    // What it would have said: −0.02167 and −0.03167.
    assert!((0.02 - additive.parameter / 6.0 + 0.021_67).abs() < 1e-5);
    assert!((0.01 - additive.parameter / 6.0 + 0.031_67).abs() < 1e-5);
    for method in METHODS.into_iter().filter(|method| *method != Method::Additive) {
        assert!(!fair(&odds, method).unwrap().problematic);
    }
}

#[test]
fn without_a_margin_nothing_changes() {
    for method in METHODS {
        check(&[2.0, 4.0, 4.0], method, None, &[0.5, 0.25, 0.25], 1e-12);
        check(&[2.0, 2.0], method, None, &[0.5, 0.5], 1e-12);
        // 1 in numbers, 1 − 2⁻⁵³ in `f64`.
        check(&[10.0 / 7.0, 5.0, 10.0], method, None, &[0.7, 0.2, 0.1], 1e-12);
    }
}

#[test]
fn below_a_margin_of_nothing() {
    for method in [Method::Multiplicative, Method::Additive, Method::Power, Method::OddsRatio] {
        check(&[2.1, 2.1], method, None, &[0.5, 0.5], 1e-12);
    }
    assert_eq!(fair(&[2.1, 2.1], Method::Shin), Err(MarginError::Unsolvable));
    assert_eq!(fair(&[3.3, 3.3, 3.3], Method::Shin), Err(MarginError::Unsolvable));
}

#[test]
fn what_no_f64_can_say_is_unsolvable() {
    assert_eq!(fair(&[1.0016, 1000.0, 1.00125], Method::Power), Err(MarginError::Unsolvable));
}

#[test]
fn no_odds() {
    for method in METHODS {
        assert_eq!(fair(&[], method), Err(MarginError::TooFew));
        assert_eq!(fair(&[2.0], method), Err(MarginError::TooFew));
        for wrong in [1.0, 0.0, -2.0] {
            assert_eq!(fair(&[2.0, wrong], method), Err(MarginError::NotAboveOne));
        }
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(fair(&[2.0, wrong], method), Err(MarginError::NotFinite));
        }
    }
}

/// Odds that a book may show together: of two at 1.001 the power method would leave no `f64` to a third
/// at 1000.
fn odds() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec((0.01..0.9f64).prop_map(|q| 1.0 / q), 2..12)
}

proptest! {
    #[test]
    fn probabilities_keep_the_order_and_add_up(odds in odds()) {
        for method in METHODS {
            match fair(&odds, method) {
                Ok(fair) if fair.problematic => prop_assert_eq!(method, Method::Additive),
                Ok(fair) => {
                    prop_assert!((fair.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                    for (p, o) in fair.probabilities.iter().zip(&odds) {
                        for (q, r) in fair.probabilities.iter().zip(&odds) {
                            prop_assert!(o >= r || p >= q);
                        }
                    }
                }
                Err(error) => {
                    prop_assert_eq!((method, error), (Method::Shin, MarginError::Unsolvable));
                    prop_assert!(odds.iter().map(|odds| 1.0 / odds).sum::<f64>() < 1.0);
                }
            }
        }
    }

    #[test]
    fn any_numbers(odds in proptest::collection::vec(prop_oneof![any::<f64>(), 1.0..1.000_000_1f64], 0..6)) {
        for method in METHODS {
            if let Ok(fair) = fair(&odds, method) {
                prop_assert!(fair.probabilities.iter().all(|p| 0.0 < *p && *p < 1.0));
            }
        }
    }
}
