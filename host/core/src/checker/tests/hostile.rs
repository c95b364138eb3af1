//! Certificates of somebody who wants a profit that is not there to pass.

use super::{EXAMPLE, example, field, with};
use serde_json::{Value, json};

pub(super) fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut certificate = example();
    change(&mut certificate);
    field(&certificate.to_string())
}

/// One account in other clothes: case, spaces, width, made-up letters, what has no shape.
#[test]
fn one_account_that_looks_like_two() {
    for twin in ["a", " A", "A ", "\tA", "Ａ", "A\u{200b}", "\u{feff}A", "A\u{ad}", "\u{202e}A"] {
        assert_eq!(changed(|it| it["legs"][1]["account"] = json!(twin)), "legs", "{twin:?}");
    }
    let two = |one: &str, other: &str| {
        changed(|it| (it["legs"][0]["account"], it["legs"][1]["account"]) = (json!(one), json!(other)))
    };
    assert_eq!(two("Zoë", "Zoe\u{308}"), "legs");
    assert_eq!(two("my  account", "My account"), "legs");
    assert_eq!(two("A", "A1"), "ok");
    assert_eq!(two("Zoë", "Zoe"), "ok");
    assert_eq!(two("A", " "), "legs[1].account");
    assert_eq!(two("\u{200b}", "B"), "legs[0].account");
    // Of two providers one account is enough, unless the line says otherwise: below.
    let of_two_providers = changed(|it| {
        it["legs"][1]["account"] = json!("A");
        it["legs"][1]["provider"] = json!("saba");
    });
    assert_eq!(of_two_providers, "ok");
}

/// A provider that charges, written so that nobody knows it.
#[test]
fn providers_have_plain_names() {
    for name in ["kalshi ", " kalshi", "kаlshi", "\u{212a}alshi", "kalshi\u{200b}", "", "kal_shi", "kalshi/x"]
    {
        assert_eq!(changed(|it| it["legs"][0]["provider"] = json!(name)), "legs[0].provider", "{name:?}");
    }
    // In other letters it is the same provider, with its fees by market.
    assert_eq!(changed(|it| it["legs"][0]["provider"] = json!("KALSHI")), "legs[0].market_id");
}

/// A leg that stands twice has its limits twice. Three legs: the first two are one bet.
#[test]
fn a_leg_twice() {
    let twice = |change: &dyn Fn(&mut Value)| {
        changed(|it| {
            let mut again = it["legs"][0].clone();
            change(&mut again);
            it["legs"].as_array_mut().unwrap().insert(1, again);
        })
    };
    for change in [
        &(|_: &mut Value| ()) as &dyn Fn(&mut Value),
        &|leg| leg["account"] = json!("a "),
        &|leg| leg["provider"] = json!("CMD368"),
        &|leg| leg["line"] = json!("-0.750"),
        &|leg| leg["runner"] = json!("home"),
        &|leg| leg["market_id"] = json!("m"),
        &|leg| leg["price"] = json!({"format": "hong-kong", "value": "1.1"}),
        &|leg| leg["nominal_stake"] = json!("1"),
        &|leg| leg["packet_seq"] = json!(99),
    ] {
        assert_eq!(twice(change), "legs[1].selection");
    }
    // The same bet from two accounts is two bets; together they lose where it loses.
    let both = changed(|it| {
        it["legs"][1] = it["legs"][0].clone();
        it["legs"][1]["account"] = json!("B");
        let state = |result: &str, profit: &str| json!({"results": [result, result], "profit": profit});
        it["states"] = json!([state("win", "1080.2"), state("half-win", "540.1"), state("loss", "-982")]);
        (it["worst_state"], it["guaranteed_profit"]) = (json!(2), json!("-982"));
    });
    assert_eq!(both, "states[2].profit");
}

#[test]
fn sports_and_periods_are_spelled_in_one_way() {
    assert_eq!(changed(|it| it["event"] = json!("")), "event");
    // A draw could hide behind another spelling.
    let moneyline = |event: &str| {
        changed(|it| {
            it["event"] = json!(event);
            for leg in 0..2 {
                it["legs"][leg]["market"] = json!("moneyline");
                it["legs"][leg]["line"] = Value::Null;
            }
            it["states"] = json!([
                {"results": ["win", "loss"], "profit": "32.1"},
                {"results": ["loss", "win"], "profit": "17"}
            ]);
            it["guaranteed_profit"] = json!("17");
        })
    };
    for event in
        ["soccer/x/a/b/-", "Soccer/x/a/b/-", "soccer-/x", "soccer:1/x", "\u{455}occer/x", "soc cer/x", "/x"]
    {
        assert_eq!(moneyline(event), "legs[0].market", "{event:?}");
    }
    assert_eq!(moneyline("tennis/x/a/b/-"), "ok");
    assert_eq!(moneyline("other:12/x/a/b/-"), "ok");
    for period in ["set-0", "set-01", "set-+1", "set-", "set-256", "Full-time", "full-time "] {
        assert_eq!(changed(|it| it["legs"][0]["period"] = json!(period)), "legs[0].period", "{period:?}");
    }
    let quarter = EXAMPLE.replace("full-time", "quarter-2").replace("soccer", "basketball");
    assert_eq!(field(&quarter), "ok");
}

/// Other ways to write the same number are refused, so that nobody reads them otherwise.
#[test]
fn numbers_are_written_in_one_way() {
    for stake in
        ["0491", "+491", "491.", " 491", "4.91e2", "４９１", "491\u{200b}", "4_91", "0x1eb", "--491", "1e999"]
    {
        assert_eq!(
            with(r#""nominal_stake":"491""#, &format!(r#""nominal_stake":"{stake}""#)),
            "unreadable",
            "{stake}"
        );
    }
    for line in ["-0", "-0.00", "00", "-00.75", "−0.75", ".75", "-.75", "NaN", "inf", ""] {
        assert_eq!(with(r#""line":"-0.75""#, &format!(r#""line":"{line}""#)), "unreadable", "{line}");
    }
    for price in ["NaN", "inf", "1e5", "02.10", "2,10", "٢", "2.10 ", "1e999"] {
        assert_eq!(with(r#""value":"2.10""#, &format!(r#""value":"{price}""#)), "unreadable", "{price}");
    }
    for price in ["0", "1", "1.00", "0.99", "-2.10"] {
        assert_eq!(with(r#""value":"2.10""#, &format!(r#""value":"{price}""#)), "legs[0].price", "{price}");
    }
    for fraction in ["321/10/1", "32.1/1", "321/-10", "321/0", "/10", "321/", "0321/10"] {
        assert_eq!(
            with(r#""profit":"32.1""#, &format!(r#""profit":"{fraction}""#)),
            "unreadable",
            "{fraction}"
        );
    }
    for number in
        ["-0", "01", "+1", "1.0", "1e0", "\"1\"", "18446744073709551616", "1e999", "NaN", "true", "null"]
    {
        assert_eq!(
            with(r#""worst_state":1"#, &format!(r#""worst_state":{number}"#)),
            "unreadable",
            "{number}"
        );
        assert_eq!(
            with(r#""packet_seq":17"#, &format!(r#""packet_seq":{number}"#)),
            "unreadable",
            "{number}"
        );
    }
    assert_eq!(
        with(r#""nominal_stake":"491""#, &format!(r#""nominal_stake":"{}""#, "9".repeat(1000))),
        "unreadable"
    );
}

#[test]
fn every_format_has_its_range() {
    for (format, value) in [
        ("malay", "1.01"),
        ("malay", "-1.01"),
        ("malay", "0"),
        ("indonesian", "0.99"),
        ("indonesian", "-0.99"),
        ("american", "99"),
        ("american", "-99.99"),
        ("hong-kong", "0"),
        ("hong-kong", "-1"),
        ("probability", "0"),
        ("probability", "1"),
        ("probability", "-0.5"),
        ("Decimal", "2.10"),
        ("fractional", "2.10"),
    ] {
        let found = changed(|it| it["legs"][0]["price"] = json!({"format": format, "value": value}));
        assert_eq!(found, "legs[0].price", "{format} {value}");
    }
}

#[test]
fn limits_below_nothing_and_beyond_each_other() {
    assert_eq!(with(r#""min":"1""#, r#""min":"-1""#), "legs[0].min");
    assert_eq!(with(r#""max":"600""#, r#""max":"-600""#), "legs[0].max");
    assert_eq!(with(r#""min":"1","max":"600""#, r#""min":"600","max":"1""#), "legs[0].nominal_stake");
    assert_eq!(with(r#""step":"1""#, r#""step":"-1""#), "legs[0].step");
    assert_eq!(with(r#""step":"1""#, r#""step":"0.0000001""#), "ok");
    assert_eq!(with(r#""age_ms":120"#, r#""age_ms":4294967296"#), "legs[0].age_ms");
    assert_eq!(with(r#""age_ms":120"#, r#""age_ms":-120"#), "unreadable");
}

#[test]
fn a_field_twice() {
    for (name, twice) in [
        (r#""guaranteed_profit":"16.05""#, r#""guaranteed_profit":"99","guaranteed_profit":"16.05""#),
        (r#""guaranteed_profit":"16.05""#, r#""guaranteed_profit":"16.05","guaranteed\u005fprofit":"99""#),
        (r#""risk":"491""#, r#""risk":"491","risk":"491""#),
        (r#""max":"600""#, r#""max":"600","max":null"#),
        (r#""amount":"0""#, r#""amount":"0","amount":"0""#),
        (r#""currency":"USD""#, r#""currency":"USD","currency":"USD""#),
        (r#""profit":"17""#, r#""profit":"18","profit":"17""#),
        (r#""account":"B""#, r#""account":"B","account":"B""#),
        (r#""event_id":"1""#, r#""event_id":"1","event_id":"1""#),
        (r#""market":"asian-handicap""#, r#""market":"total","market":"asian-handicap""#),
        (r#""line":"-0.75""#, r#""line":null,"line":"-0.75""#),
        (r#""side":"back""#, r#""runner":null,"side":"back","runner":"red""#),
        (r#""price":{"#, r#""price":null,"price":{"#),
        (r#""value":"2.10""#, r#""value":"2.20","value":"2.10""#),
        (r#""nominal_stake":"491""#, r#""nominal_stake":"491","nominal_stake":"491""#),
    ] {
        assert_eq!(with(name, twice), "unreadable", "{twice}");
    }
    // What nobody reads may be anything, however deep.
    let deep = format!(r#""version":1,"note":{}{}"#, "[".repeat(5000), "]".repeat(5000));
    assert_eq!(with(r#""version":1"#, &deep), "ok");
    assert_eq!(with(r#""version":1"#, r#""version":1,"note":1e999"#), "ok");
    assert_eq!(with(r#""side":"back""#, r#""side":"back","note":[{"note":1}],"note":null"#), "ok");
    assert_eq!(with(r#""value":"2.10""#, r#""value":"2.10","note":{}"#), "ok");
    // In a leg it is read before it is passed over.
    let deep = format!(r#""side":"back","note":{}{}"#, "[".repeat(5000), "]".repeat(5000));
    assert_eq!(with(r#""side":"back""#, &deep), "unreadable");
    assert_eq!(field(&"[".repeat(100_000)), "unreadable");
}

#[test]
fn unknown_markets() {
    for market in ["other:corners", "correct-score", "", "Asian-handicap", "asian-handicap "] {
        let found = changed(|it| {
            for leg in 0..2 {
                (it["legs"][leg]["market"], it["legs"][leg]["line"]) = (json!(market), Value::Null);
            }
        });
        assert_eq!(found, "legs[0].selection", "{market}");
    }
}

/// Handicaps from now on count from a score that everybody knows.
#[test]
fn handicaps_in_play() {
    let in_play = |score: Value, other: Value| {
        changed(|it| {
            for (leg, score) in [score, other].into_iter().enumerate() {
                (it["legs"][leg]["basis"], it["legs"][leg]["score"]) = (json!("from-now"), score);
            }
        })
    };
    assert_eq!(in_play(json!("1-0"), json!("1-0")), "ok");
    assert_eq!(in_play(json!("1-0"), json!("0-1")), "legs[1].score");
    assert_eq!(in_play(json!("1-0"), json!("01-0")), "legs[1].score");
    for unknown in
        [Value::Null, json!(""), json!("x-x"), json!("-"), json!("1"), json!("+1-1"), json!("1-1-1")]
    {
        assert_eq!(in_play(unknown.clone(), unknown.clone()), "legs[0].score", "{unknown}");
    }
    let both = |basis: &str| {
        changed(|it| (it["legs"][0]["basis"], it["legs"][1]["basis"]) = (json!(basis), json!(basis)))
    };
    assert_eq!(both("from-kick-off"), "ok");
    assert_eq!(both("from-half-time"), "legs[0].basis");
    // Whether home wins the match is no matter of the goals from now, unless the score is level.
    for (score, wrong) in [("1-0", "legs[1].market"), ("1-1", "ok")] {
        let mixed = changed(|it| {
            for leg in 0..2 {
                (it["legs"][leg]["basis"], it["legs"][leg]["score"]) = (json!("from-now"), json!(score));
                it["legs"][leg]["line"] = json!("-0.5");
            }
            it["legs"][1]["market"] = json!("double-chance");
            it["legs"][1]["selection"] = json!("draw-away");
            it["legs"][1]["line"] = Value::Null;
            it["states"] = json!([
                {"results": ["win", "loss"], "profit": "32.1"},
                {"results": ["loss", "win"], "profit": "17"}
            ]);
            it["guaranteed_profit"] = json!("17");
        });
        assert_eq!(mixed, wrong, "{score}");
    }
}

/// Games of tennis say nothing about sets.
#[test]
fn margins_and_sums_of_other_sports() {
    let mixed = |event: &str| {
        changed(|it| {
            it["event"] = json!(event);
            it["legs"][1]["market"] = json!("total");
            it["legs"][1]["selection"] = json!("over");
            it["legs"][1]["line"] = json!("2.5");
        })
    };
    assert_eq!(mixed("basketball/x/a/b/-"), "legs[1].market");
    assert_eq!(mixed("soccer/x/a/b/-"), "states[1].results");
    // A handicap of one may be in sets and that of the other in games.
    assert_eq!(changed(|it| it["event"] = json!("tennis/x/a/b/-")), "legs[0].market");
}

/// A provider's event is known by its identifier.
#[test]
fn two_events_of_one_provider() {
    let other = changed(|it| {
        it["legs"][1]["provider"] = it["legs"][0]["provider"].clone();
        it["legs"][1]["event_id"] = json!("another");
    });
    assert_eq!(other, "legs[1].event_id");
}

/// A score of another moment beside a handicap's.
#[test]
fn scores_of_other_markets() {
    let mixed = |score: Value| {
        changed(|it| {
            for leg in 0..2 {
                (it["legs"][leg]["basis"], it["legs"][leg]["score"]) = (json!("from-now"), json!("1-1"));
                it["legs"][leg]["line"] = json!("-0.5");
            }
            it["legs"][1]["market"] = json!("double-chance");
            it["legs"][1]["selection"] = json!("draw-away");
            it["legs"][1]["line"] = Value::Null;
            it["legs"][1]["score"] = score;
            it["states"] = json!([
                {"results": ["win", "loss"], "profit": "32.1"},
                {"results": ["loss", "win"], "profit": "17"}
            ]);
            it["guaranteed_profit"] = json!("17");
        })
    };
    assert_eq!((mixed(Value::Null).as_str(), mixed(json!("5-0")).as_str()), ("ok", "legs[1].score"));
}

/// An outcome spelled in two ways would make two bets against it win one of them.
#[test]
fn outcomes_are_told_apart() {
    let no = |list: Value| {
        changed(|it| {
            for leg in 0..2 {
                (it["legs"][leg]["market"], it["legs"][leg]["line"]) = (json!("binary"), Value::Null);
                it["legs"][leg]["selection"] = json!("no");
                it["legs"][leg]["runner"] = list[leg].clone();
            }
            it["outcomes"] = list;
            it["outcomes_proof"] = json!({"account": "A", "packet_seq": 3});
            it["states"] = json!([
                {"results": ["loss", "win"], "profit": "17"},
                {"results": ["win", "loss"], "profit": "32.1"}
            ]);
            (it["worst_state"], it["guaranteed_profit"]) = (json!(0), json!("17"));
        })
    };
    assert_eq!(no(json!(["rain", "sun"])), "ok");
    for twin in ["rain", "Rain", " rain", "rain ", "ｒａｉｎ", "ra\u{200b}in"] {
        assert_eq!(no(json!(["rain", twin])), "outcomes[1]", "{twin:?}");
    }
    assert_eq!(no(json!(["≥ 3", "< 3"])), "ok");
    assert_eq!(no(json!(["rain", "sun", "snow"])), "states");
}
