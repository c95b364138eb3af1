use super::*;
use proptest::prelude::*;

fn r(text: &str) -> Ratio {
    text.parse().unwrap()
}

#[test]
fn lowest_terms_and_signs() {
    assert_eq!(Ratio::new(6, -4), Ratio::new(-3, 2));
    assert_eq!(Ratio::new(0, -7), Some(Ratio::ZERO));
    assert_eq!(Ratio::new(1, 0), None);
    assert_eq!(Ratio::new(i128::MIN, 1), None);
    assert_eq!(Ratio::new(1, i128::MIN), None);
    assert_eq!(Ratio::of("0.80".parse().unwrap()), Ratio::new(4, 5).unwrap());
    assert_eq!(Ratio::of(Decimal::new(1, 18).unwrap()).den(), 1_000_000_000_000_000_000);
}

#[test]
fn overflow_is_none() {
    let big = Ratio::new(i128::MAX, 1).unwrap();
    assert_eq!(big.plus(Ratio::ONE), None);
    assert_eq!(big.negated().minus(Ratio::ONE), None);
    assert_eq!(big.times(Ratio::int(2)), None);
    assert_eq!(big.over(Ratio::new(1, 2).unwrap()), None);
    assert_eq!(Ratio::ONE.over(Ratio::ZERO), None);
    // −2^64 · 2^63 is i128::MIN, which has no negative.
    let a = Ratio::new(-(1i128 << 64), 1).unwrap();
    assert_eq!(a.times(Ratio::new(1i128 << 63, 1).unwrap()), None);
}

#[test]
fn rounding() {
    for (text, up, down, half_up, half_even) in [
        ("2.5", 3, 2, 3, 2),
        ("3.5", 4, 3, 4, 4),
        ("-2.5", -2, -3, -2, -2),
        ("-3.5", -3, -4, -3, -4),
        ("2.4", 3, 2, 2, 2),
        ("7/3", 3, 2, 2, 2),
        ("-1", -1, -1, -1, -1),
    ] {
        let value = r(text);
        assert_eq!(value.round(Rounding::Up), up, "{text}");
        assert_eq!(value.round(Rounding::Down), down, "{text}");
        assert_eq!(value.round(Rounding::HalfUp), half_up, "{text}");
        assert_eq!(value.round(Rounding::HalfEven), half_even, "{text}");
    }
    assert_eq!(r("0.0175").to_multiple(r("0.01"), Rounding::Up), Some(r("0.02")));
    assert_eq!(r("1").to_multiple(r("0"), Rounding::Up), None);
}

#[test]
fn text() {
    for value in ["16.05", "-3", "2000/23", "0", "-0.000001", "-1/3", "0.2"] {
        assert_eq!(r(value).to_string(), value);
    }
    assert_eq!(r("10/4").to_string(), "2.5");
    assert_eq!(r("2.10").to_string(), "2.1");
    assert_eq!(r("0.5/2").to_string(), "0.25");
    for wrong in ["", "-", ".", "1.", ".5", "1e5", "+1", " 1", "1/", "1/2/3", "NaN", "1/-2", "--1"] {
        assert_eq!(wrong.parse::<Ratio>(), Err(RatioError::Syntax), "{wrong:?}");
    }
    assert_eq!("1/0".parse::<Ratio>(), Err(RatioError::Zero));
    assert_eq!("9".repeat(60).parse::<Ratio>(), Err(RatioError::Range));
    assert_eq!(format!("1.{}", "0".repeat(60)).parse::<Ratio>(), Err(RatioError::Range));
}

#[test]
fn long_decimals_are_written_in_full() {
    let smallest = Ratio::new(1, 1 << 126).unwrap();
    let text = smallest.to_string();
    assert_eq!(text.len(), 2 + 126);
    assert!(text.ends_with("5"));
    let below = Ratio::new((1 << 126) - 1, 1 << 126).unwrap();
    assert!(below.to_string().starts_with("0.99999999"));
}

#[test]
fn places() {
    assert_eq!(rounded(r("2/3"), 6, Rounding::HalfEven), "0.666667");
    assert_eq!(rounded(r("-2/3"), 2, Rounding::HalfEven), "-0.67");
    assert_eq!(rounded(r("-2/3"), 2, Rounding::Up), "-0.66");
    assert_eq!(rounded(r("2/3"), 2, Rounding::Up), "0.67");
    assert_eq!(rounded(r("0.9999995"), 6, Rounding::HalfEven), "1.000000");
    assert_eq!(rounded(r("0.0000005"), 6, Rounding::HalfEven), "0.000000");
    assert_eq!(rounded(r("-0.0000005"), 6, Rounding::HalfEven), "0.000000");
    assert_eq!(rounded(r("2.5"), 0, Rounding::HalfEven), "2");
    assert_eq!(rounded(r("-2.5"), 0, Rounding::HalfUp), "-2");
    // Reported return of the published example: 16.05 on 999.
    assert_eq!(rounded(r("16.05/999"), 6, Rounding::HalfEven), "0.016066");
}

#[test]
fn common_divisors_and_multiples() {
    assert_eq!(gcd(12, -18), 6);
    assert_eq!(gcd(0, 0), 0);
    assert_eq!(gcd(i128::MIN, 0), 1);
    assert_eq!(gcd(i128::MAX, i128::MIN), 1);
    assert_eq!(gcd(1 << 100, 3 << 98), 1 << 98);
    assert_eq!(lcm(4, -6), Some(12));
    assert_eq!(lcm(0, 5), Some(0));
    assert_eq!(lcm(i128::MAX, i128::MAX - 1), None);
}

fn any_ratio() -> impl Strategy<Value = Ratio> {
    prop_oneof![
        (-1_000i128..1_000, 1i128..1_000),
        (any::<i64>().prop_map(i128::from), 1i128..1 << 70),
        ((-(1i128 << 126)..1 << 126), 1i128..1 << 126),
    ]
    .prop_map(|(num, den)| Ratio::new(num, den).unwrap())
}

proptest! {
    #[test]
    fn text_round_trips(value in any_ratio()) {
        // A decimal of a hundred digits is written, but has a power of ten that cannot be read.
        if let Ok(again) = value.to_string().parse::<Ratio>() {
            prop_assert_eq!(again, value);
        } else {
            prop_assert!(value.den() > 1_000_000_000_000_000_000);
        }
    }

    #[test]
    fn order_is_that_of_the_difference(a in any_ratio(), b in any_ratio()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        if let Some(difference) = a.minus(b) {
            prop_assert_eq!(a.cmp(&b), difference.signum().cmp(&0));
        }
    }

    #[test]
    fn field(a in -9_999i128..9_999, b in 1i128..9_999, c in -9_999i128..9_999, d in 1i128..9_999) {
        let (x, y) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        prop_assert_eq!(x.plus(y), Ratio::new(a * d + c * b, b * d));
        prop_assert_eq!(x.times(y), Ratio::new(a * c, b * d));
        prop_assert_eq!(x.minus(y).and_then(|z| z.plus(y)), Some(x));
        if c != 0 {
            prop_assert_eq!(x.over(y).and_then(|z| z.times(y)), Some(x));
        }
        prop_assert!(x.floor() * b <= a && a < (x.floor() + 1) * b);
        prop_assert!((x.ceil() - 1) * b < a && a <= x.ceil() * b);
    }

    #[test]
    fn whatever_comes_nothing_panics(a in any_ratio(), b in any_ratio(), text in "[-0-9./]{0,60}") {
        let _ = (a.plus(b), a.minus(b), a.times(b), a.over(b), lcm(a.num(), b.den()));
        for rounding in [Rounding::Up, Rounding::Down, Rounding::HalfUp, Rounding::HalfEven] {
            let _ = (a.to_multiple(b, rounding), rounded(a, 6, rounding));
        }
        let _ = text.parse::<Ratio>();
    }
}
