use super::*;
use crate::exact::{Ratio, Rounding};
use crate::stake::NominalStake;
use proptest::prelude::*;

fn r(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn n(text: &str) -> NominalStake {
    NominalStake::new(r(text)).unwrap()
}

fn rule(charge: &Charge) -> &AmountRule {
    match charge {
        Charge::Amount(rule) => rule,
        other => panic!("{other:?}"),
    }
}

fn builtin(id: &str) -> Charge {
    FeeBook::builtin().unwrap().by_id(id).unwrap().charge.clone()
}

fn amount(charge: &Charge, contracts: &str, p: &str) -> String {
    rule(charge).amount(n(contracts), r(p)).unwrap().to_string()
}

/// docs.kalshi.com/getting_started/fee_rounding and Kalshi's fee schedule.
#[test]
fn published_kalshi() {
    let taker = builtin("kalshi-taker");
    for (contracts, p, fee) in [
        ("1", "0.50", "0.02"),
        ("100", "0.50", "1.75"),
        ("100", "0.35", "1.6"),
        ("10", "0.50", "0.18"),
        ("100", "0.05", "0.34"),
        ("100000", "0.61", "1665.3"),
    ] {
        assert_eq!(amount(&taker, contracts, p), fee, "{contracts}@{p}");
    }
    let maker = builtin("kalshi-maker");
    assert_eq!(amount(&maker, "100", "0.50"), "0.44");
    assert_eq!(amount(&maker, "1", "0.50"), "0.01");
}

/// A multiplier of ½ for one series of markets: 100 at 50 cents cost $0.88.
#[test]
fn published_kalshi_series() {
    let half = r#"{"schedules":[{"id":"half","provider":"kalshi","role":"taker","category":null,"series":"HALF-","from":null,
        "until":null,"charge":"amount","base":"p(1-p)","exponent":1,"rate":"0.035","round":"up","quantum":"0.01",
        "minimum":null,"source":"test","dates":"assumed"}]}"#;
    let book = FeeBook::builtin().unwrap().with(half.as_bytes()).unwrap();
    let at = |market_id| book.at("kalshi", "soccer", market_id, time("2026-05-01T00:00:00Z")).unwrap();
    assert_eq!(amount(&at("HALF-26").charge, "100", "0.5"), "0.88");
    assert_eq!(amount(&at("FULL-26").charge, "100", "0.5"), "1.75");
}

/// Seen in public code: rounded up for each contract, which makes $2.00 of these $1.75.
#[test]
fn trap_fees_are_rounded_once_for_each_order() {
    let taker = builtin("kalshi-taker");
    assert_eq!(amount(&taker, "100", "0.50"), "1.75");
    assert_eq!(amount(&taker, "1", "0.50"), "0.02");
}

/// Ids of markets of a series begin with it; the longest such series is taken, and a maker's schedule is
/// never a taker's.
#[test]
fn schedules_of_series_and_roles() {
    let of = |id: &str, role: &str, series: &str| {
        format!(
            r#"{{"id":"{id}","provider":"p","role":"{role}","category":null,"series":{series},"from":null,"until":null,
            "charge":"net-win","rate":"0.02","source":"test","dates":"assumed"}}"#
        )
    };
    let document = format!(
        r#"{{"schedules":[{},{},{},{}]}}"#,
        of("maker", "maker", "null"),
        of("all", "taker", "null"),
        of("a", "taker", "\"A\""),
        of("ab", "taker", "\"AB\"")
    );
    let book = FeeBook::parse(document.as_bytes()).unwrap();
    for (market_id, id) in [("ABC", "ab"), ("AB", "ab"), ("AC", "a"), ("XAB", "all"), ("", "all")] {
        let found = book.at("p", "soccer", market_id, time("2026-05-01T00:00:00Z"));
        assert_eq!(found.map(|found| &*found.id), Ok(id), "{market_id}");
    }
}

/// NautilusTrader's table for Polymarket (docs/integrations/polymarket.md, issue 3860 for the last two).
#[test]
fn published_polymarket() {
    for (category, contracts, p, fee) in [
        ("crypto", "100", "0.01", "0.07128"),
        ("crypto", "100", "0.05", "0.342"),
        ("crypto", "100", "0.10", "0.648"),
        ("crypto", "100", "0.30", "1.512"),
        ("crypto", "100", "0.50", "1.8"),
        ("sports", "100", "0.50", "0.75"),
        ("sports", "100", "0.30", "0.63"),
        ("politics", "100", "0.50", "1"),
        ("politics", "100", "0.30", "0.84"),
        ("economics", "100", "0.50", "1.25"),
        ("geopolitics", "100", "0.50", "0"),
        ("crypto", "15.4639", "0.97", "0.0324"),
        ("crypto", "0.0334", "0.98", "0.00005"),
    ] {
        let charge = builtin(&format!("polymarket-{category}-2026"));
        assert_eq!(amount(&charge, contracts, p), fee, "{category} {contracts}@{p}");
    }
    for (category, rate) in [
        ("finance", "0.04"),
        ("mentions", "0.04"),
        ("tech", "0.04"),
        ("culture", "0.05"),
        ("weather", "0.05"),
        ("other", "0.05"),
    ] {
        assert_eq!(rule(&builtin(&format!("polymarket-{category}-2026"))).rate, r(rate));
    }
    assert_eq!(rule(&builtin("polymarket-crypto-2026-06")).rate, r("0.07"));
    // rate · (p(1 − p))^exponent
    assert_eq!(amount(&builtin("polymarket-legacy-crypto"), "100", "0.5"), "1.5625");
    assert_eq!(amount(&builtin("polymarket-legacy-sports"), "100", "0.5"), "0.4375");
}

/// Other ways to round: Rothera rounds half up to the cent, at least a cent; Gemini takes a share of the
/// smaller of p and 1 − p.
#[test]
fn published_rounding_traps() {
    let rule = |base, rate: &str, minimum: Option<&str>| AmountRule {
        base,
        exponent: 1,
        rate: r(rate),
        rounding: Rounding::HalfUp,
        quantum: Ratio::CENT,
        minimum: minimum.map(r),
    };
    let rothera = rule(Base::Product, "0.06", Some("0.01"));
    assert_eq!(rothera.amount(n("100"), r("0.35")), Some(r("1.37")));
    assert_eq!(rothera.amount(n("0.1"), r("0.35")), Some(r("0.01")));
    assert_eq!(rothera.amount(NominalStake::ZERO, r("0.35")), Some(Ratio::ZERO));
    let gemini = rule(Base::Smaller, "0.05", None);
    assert_eq!(gemini.amount(n("100"), r("0.40")), Some(r("2")));
    assert_eq!(gemini.amount(n("100"), r("0.60")), Some(r("2")));
}

/// A hundred contracts on each side: what is paid, what they cost, what is charged.
fn pair(legs: [(&str, &Charge); 2]) -> Ratio {
    legs.iter().fold(Ratio::int(100), |left, (p, charge)| {
        let fee = match charge {
            Charge::Amount(rule) => rule.amount(n("100"), r(p)).unwrap(),
            _ => Ratio::ZERO,
        };
        let cost = r(p).times(Ratio::int(100)).unwrap();
        left.minus(cost).and_then(|left| left.minus(fee)).unwrap()
    })
}

#[test]
fn published_composites() {
    let (kalshi, sports) = (builtin("kalshi-taker"), builtin("polymarket-sports-2026"));
    let none = builtin("forecastex");
    assert_eq!(pair([("0.42", &sports), ("0.56", &kalshi)]), r("-0.4608"));
    assert_eq!(pair([("0.42", &Charge::None), ("0.56", &Charge::None)]), r("2"));
    assert_eq!(pair([("0.45", &kalshi), ("0.52", &none)]), r("1.26"));
    // Yes and no of one venue sum to 1.01 or more: nothing to gain there.
    assert_eq!(pair([("0.25", &none), ("0.76", &none)]), r("-1"));
}

/// Kalshi's own examples A, B and C, three equal fills each.
#[test]
fn published_fill_by_fill() {
    type Example = (&'static str, &'static str, &'static str, [[&'static str; 4]; 3]);
    let examples: [Example; 3] = [
        (
            "0.055",
            "0.0085",
            "0.07",
            [
                ["0.0065", "0.0065", "0", "0.015"],
                ["0.0065", "0.013", "0.01", "0.005"],
                ["0.0065", "0.0095", "0", "0.015"],
            ],
        ),
        (
            "0.15",
            "0.0041",
            "0.16",
            [
                ["0.0059", "0.0059", "0", "0.01"],
                ["0.0059", "0.0118", "0.01", "0"],
                ["0.0059", "0.0077", "0", "0.01"],
            ],
        ),
        (
            "0.009903",
            "0.0005",
            "0.02",
            [
                ["0.009597", "0.009597", "0", "0.010097"],
                ["0.009597", "0.019194", "0.01", "0.000097"],
                ["0.009597", "0.018791", "0.01", "0.000097"],
            ],
        ),
    ];
    for (cost, fee, debit, fills) in examples {
        let mut order = Fills::new();
        for expected in fills {
            let cost = order.fill(r(cost), r(fee)).unwrap();
            let found = [cost.rounding, cost.accumulated, cost.rebate, cost.net_fee];
            assert_eq!(found.map(|value| value.to_string()), expected);
            assert_eq!(cost.debit, r(debit));
        }
    }
}

/// The cent is given back once rounding has taken more than a cent, not when it is just that.
#[test]
fn a_cent_taken_is_not_more_than_a_cent() {
    let mut order = Fills::new();
    let rebates = [(); 3].map(|()| order.fill(r("0.04"), r("0.005")).unwrap().rebate.to_string());
    assert_eq!(rebates, ["0", "0", "0.01"]);
}

#[test]
fn schedules_are_chosen_by_the_time_of_the_quote() {
    let book = FeeBook::builtin().unwrap();
    let id = |provider, sport, at| book.at(provider, sport, "", time(at)).map(|found| &*found.id);
    assert_eq!(id("cmd368", "soccer", "2026-05-01T00:00:00Z"), Ok("none"));
    assert_eq!(id("Kalshi", "soccer", "2026-05-01T00:00:00Z"), Ok("kalshi-taker"));
    assert_eq!(id("kalshi", "soccer", "2021-06-30T23:59:59.999Z"), Err(NoSchedule));
    for (sport, at, expected) in [
        ("soccer", "2026-02-28T23:59:59.999Z", "polymarket-legacy-sports"),
        ("soccer", "2026-03-01T00:00:00Z", "polymarket-sports-2026"),
        ("crypto", "2026-05-31T23:59:59Z", "polymarket-crypto-2026"),
        ("crypto", "2026-06-01T00:00:00Z", "polymarket-crypto-2026-06"),
        // In no category: the dearest of that day.
        ("other:12", "2026-05-31T00:00:00Z", "polymarket-crypto-2026"),
        ("chess", "2026-02-01T00:00:00Z", "polymarket-legacy-crypto"),
    ] {
        assert_eq!(id("polymarket", sport, at), Ok(expected), "{sport} {at}");
    }
    // A category that is known, and had no schedule then.
    assert_eq!(id("polymarket", "weather", "2026-02-01T00:00:00Z"), Err(NoSchedule));
    assert_eq!(id("forecastex", "economics", "2026-05-01T00:00:00Z"), Ok("forecastex"));
    assert_eq!(builtin("betfair"), Charge::NetWin { rate: r("0.05") });
}

fn record(change: &str) -> String {
    let record = r#"{"id":"x","provider":"p","role":"taker","category":null,"series":null,"from":null,"until":null,
        "charge":"net-win","rate":"0.02","source":"test","dates":"stated"}"#;
    let (from, to) = change.split_once(" => ").unwrap();
    assert!(record.contains(from), "{from}");
    format!(r#"{{"schedules":[{}]}}"#, record.replace(from, to))
}

#[test]
fn bad_data_is_refused() {
    assert!(FeeBook::parse(record("0.02 => 0.03").as_bytes()).is_ok());
    for (change, field) in [
        ("0.02 => 1", "rate"),
        ("0.02 => -0.1", "rate"),
        ("0.02 => 1e-2", "rate"),
        ("\"rate\":\"0.02\", => ", "rate"),
        ("\"rate\" => \"quantum\":\"0.01\",\"rate\"", "quantum"),
        ("net-win => none", "rate"),
        ("net-win => amount", "base"),
        ("\"id\":\"x\" => \"id\":\"\"", "id"),
    ] {
        let found = FeeBook::parse(record(change).as_bytes()).unwrap_err();
        assert!(
            matches!(found, FeeDataError::Field { field: name, .. } if name == field),
            "{change}: {found}"
        );
    }
    for change in
        ["\"rate\" => \"rates\"", "taker => both", "stated => guessed", "\"from\":null => \"from\":\"soon\""]
    {
        let found = FeeBook::parse(record(change).as_bytes()).unwrap_err();
        assert!(matches!(found, FeeDataError::Document(_)), "{change}: {found}");
    }
    let one = record("0.02 => 0.03");
    let overlap = record("\"id\":\"x\" => \"id\":\"y\"");
    let book = FeeBook::parse(one.as_bytes()).unwrap();
    assert_eq!(
        book.clone().with(overlap.as_bytes()).unwrap_err(),
        FeeDataError::Overlap("x".into(), "y".into())
    );
    // The same id takes its place.
    assert!(book.with(record("0.02 => 0.01").as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn an_order_costs_at_least_nothing_and_never_more_for_less(
        contracts in 0i64..1_000_000, more in 0i64..1_000, p in 1i64..1_000, id in 0usize..4,
    ) {
        let charge = builtin(["kalshi-taker", "kalshi-maker", "polymarket-crypto-2026", "polymarket-legacy-crypto"][id]);
        let p = Ratio::new(p.into(), 1_000).unwrap();
        let of = |contracts: i64| rule(&charge).amount(NominalStake::new(Ratio::int(contracts)).unwrap(), p).unwrap();
        prop_assert!(of(contracts) >= Ratio::ZERO && of(contracts) <= of(contracts + more));
        prop_assert_eq!(of(contracts), rule(&charge).amount(NominalStake::new(Ratio::int(contracts)).unwrap(), Ratio::ONE.minus(p).unwrap()).unwrap());
    }

    #[test]
    fn no_document_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = FeeBook::parse(&bytes);
    }
}
