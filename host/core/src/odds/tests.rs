use super::*;
use PriceFormat as F;
use proptest::prelude::*;

fn odds(format: F, text: &str) -> Odds {
    read(format, text).unwrap().decimal_odds()
}

fn shown(decimal: &str, format: F, places: u8) -> String {
    rounded(in_format(odds(F::Decimal, decimal), format), places, Rounding::HalfEven)
}

/// Values of the R package odds.converter (marcoblume), tests/testthat/test.DecimalConversions.R.
#[test]
fn published_conversions_from_decimal() {
    for (decimal, american, hong_kong, indonesian, malay, probability) in [
        ("1.9", "-111.1111111", "0.9", "-1.1111111111", "0.9", "0.5263157895"),
        ("2.5", "150", "1.5", "1.5", "-0.6666666667", "0.4"),
        ("1.1", "-1000", "0.1", "-10", "0.1", "0.9090909091"),
        ("3000", "299900", "2999", "2999", "-0.0003334445", "0.0003333333"),
    ] {
        for (format, expected) in [
            (F::American, american),
            (F::HongKong, hong_kong),
            (F::Indonesian, indonesian),
            (F::Malay, malay),
            (F::Probability, probability),
        ] {
            let places = expected.split_once('.').map_or(0, |(_, after)| after.len());
            assert_eq!(shown(decimal, format, places as u8), expected, "{decimal} {format}");
        }
    }
    for text in ["0.1", "-0.23"] {
        assert_eq!(read(F::Decimal, text), Err(OddsError::NotAboveOne));
    }
}

/// The same package, test.HKConversions.R, and the table of soccerwidow.com.
#[test]
fn published_conversions_from_other_formats() {
    let hong_kong = odds(F::HongKong, "1.9");
    assert_eq!(in_format(hong_kong, F::Decimal).to_string(), "2.9");
    assert_eq!(in_format(hong_kong, F::American).to_string(), "190");
    assert_eq!(rounded(in_format(hong_kong, F::Probability), 10, Rounding::HalfEven), "0.3448275862");
    for (decimal, american, indonesian) in [("2.20", "120", "1.2"), ("1.25", "-400", "-4")] {
        assert_eq!(in_format(odds(F::Decimal, decimal), F::American).to_string(), american);
        assert_eq!(in_format(odds(F::Decimal, decimal), F::Indonesian).to_string(), indonesian);
    }
    assert_eq!(odds(F::American, "120"), odds(F::HongKong, "1.2"));
    for (format, value, expected) in [
        (F::Malay, "0.9", "1.900000"),
        (F::Malay, "-0.6666666667", "2.500000"),
        (F::Malay, "-0.0003334445", "2999.999834"),
        (F::Indonesian, "-1.111111", "1.900000"),
        (F::Indonesian, "-10", "1.100000"),
        (F::Indonesian, "1.5", "2.500000"),
        (F::American, "190", "2.900000"),
        (F::American, "-115", "1.869565"),
        (F::Probability, "0.4", "2.500000"),
    ] {
        assert_eq!(odds(format, value).to_string(), expected, "{format} {value}");
    }
}

#[test]
fn evens_are_read_with_both_signs_and_written_with_plus() {
    for (format, texts) in
        [(F::Malay, ["1", "-1"]), (F::Indonesian, ["1.00", "-1"]), (F::American, ["+100", "-100"])]
    {
        for text in texts {
            assert_eq!(odds(format, text).ratio(), Ratio::int(2));
        }
    }
    let evens = odds(F::Decimal, "2.00");
    assert_eq!(in_format(evens, F::Malay), Ratio::ONE);
    assert_eq!(in_format(evens, F::Indonesian), Ratio::ONE);
    assert_eq!(in_format(evens, F::American), Ratio::int(100));
}

#[test]
fn what_is_out_of_range_is_refused_by_its_reason() {
    for (format, text, error) in [
        (F::Malay, "1.01", OddsError::MalayRange),
        (F::Malay, "-1.01", OddsError::MalayRange),
        (F::Indonesian, "0.99", OddsError::IndonesianRange),
        (F::American, "-99", OddsError::AmericanRange),
        (F::American, "99.99", OddsError::AmericanRange),
        (F::Decimal, "1", OddsError::NotAboveOne),
        (F::Decimal, "1.00", OddsError::NotAboveOne),
        (F::HongKong, "-0.1", OddsError::NotAboveOne),
        (F::Probability, "1", OddsError::ProbabilityRange),
        (F::Probability, "-0.5", OddsError::ProbabilityRange),
        (F::Decimal, "2.0000000000000000000", OddsError::TooPrecise),
    ] {
        assert_eq!(read(format, text), Err(error), "{format} {text}");
    }
    for format in F::ALL {
        assert_eq!(read(*format, "0.00"), Err(OddsError::Zero), "{format}");
        for text in ["NaN", "nan", "inf", "-inf", "Infinity", "1e5", "", " 2", "2,5", "0x2", "½"] {
            assert_eq!(read(*format, text), Err(OddsError::NotANumber), "{format} {text:?}");
        }
    }
    assert_eq!(Odds::of(Ratio::ONE), Err(OddsError::NotAboveOne));
    assert_eq!(Odds::of(Ratio::new(i128::MAX, 2).unwrap()), Err(OddsError::TooPrecise));
}

/// Seen in public code: `american < 0 ⇒ american/100 + 1`, which gives −0.15 for −115.
#[test]
fn trap_negative_american_odds_are_not_a_hundredth_plus_one() {
    assert_eq!(odds(F::American, "-115").ratio(), Ratio::new(215, 115).unwrap());
}

/// Seen in public code: the format guessed from the number's type or size.
#[test]
fn trap_the_format_is_told_and_never_guessed() {
    let all: Vec<_> = F::ALL.iter().filter_map(|format| read(*format, "1").ok()).collect();
    let values: Vec<_> = all.iter().map(|price| price.decimal_odds().ratio()).collect();
    assert_eq!(all.len(), 3);
    assert!(values.iter().all(|value| *value == Ratio::int(2)));
    assert_ne!(odds(F::Decimal, "1.5"), odds(F::HongKong, "1.5"));
}

#[test]
fn halves_go_to_the_even_neighbour() {
    assert_eq!(odds(F::Decimal, "1.0000005").to_string(), "1.000000");
    assert_eq!(odds(F::Decimal, "1.0000015").to_string(), "1.000002");
    let long = Odds::of(Ratio::new(10i128.pow(36), 3).unwrap()).unwrap();
    assert_eq!(long.to_string(), format!("{}.333333", "3".repeat(36)));
}

fn any_price() -> impl Strategy<Value = Price> {
    let digits = prop_oneof![-999_999i64..999_999, any::<i64>().prop_map(|n| n % 1_000_000_000_000_000_000)];
    (0..F::ALL.len(), digits, 0u8..=18).prop_filter_map("in range", |(format, mantissa, scale)| {
        Price::new(F::ALL[format], Decimal::new(mantissa, scale)?)
    })
}

proptest! {
    #[test]
    fn every_pair_of_formats_round_trips(price in any_price()) {
        let odds = price.decimal_odds();
        prop_assert_eq!(from_format(price.format(), Ratio::of(price.value())).unwrap(), odds);
        for first in F::ALL {
            let value = in_format(odds, *first);
            let there = from_format(*first, value).unwrap();
            prop_assert_eq!(there, odds);
            for second in F::ALL {
                let again = from_format(*second, in_format(there, *second)).unwrap();
                prop_assert_eq!(again, odds);
            }
        }
    }

    #[test]
    fn better_odds_are_better_in_every_format(a in any_price(), b in any_price()) {
        let (a, b) = (a.decimal_odds(), b.decimal_odds());
        let (a, b) = if a.ratio() < b.ratio() { (a, b) } else { (b, a) };
        prop_assume!(a.ratio() != b.ratio());
        let less = |format| in_format(a, format) < in_format(b, format);
        prop_assert!(less(F::Decimal) && less(F::HongKong) && !less(F::Probability));
        // The signed formats jump at evens: Malay to below 0, the others from below 0.
        let evens = Ratio::int(2);
        let across = a.ratio() <= evens && b.ratio() > evens;
        prop_assert_eq!(less(F::Malay), !across);
        prop_assert!(less(F::Indonesian) && less(F::American));
    }

    #[test]
    fn no_text_panics(format in 0..F::ALL.len(), text in ".{0,24}") {
        if let Ok(price) = read(F::ALL[format], &text) {
            prop_assert!(price.decimal_odds().ratio() > Ratio::ONE);
        }
    }
}
