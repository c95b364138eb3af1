mod anything;
mod charges;
mod hostile;
mod lists;
mod made;
mod mutations;

use super::*;

const FEES: &[&[u8]] = &[include_bytes!("../../data/fees.json")];

/// The example of the interface's description, its gaps filled.
const EXAMPLE: &str = r#"{"version":1,"as_of":"2026-09-08T11:02:03Z","currency":"USD","event":"soccer/x/a/b/-","legs":[{"account":"A","provider":"cmd368","event_id":"1",
  "market":"asian-handicap","period":"full-time","line":"-0.75","selection":"home","side":"back",
  "price":{"format":"decimal","value":"2.10"},"packet_seq":17,"age_ms":120,"step":"1","min":"1","max":"600",
  "nominal_stake":"491","risk":"491","fee":{"schedule":"none","amount":"0"}},
  {"account":"B","provider":"cmd368","event_id":"1","market":"asian-handicap","period":"full-time","line":"-0.75","selection":"away","side":"back",
  "price":{"format":"decimal","value":"2.00"},"packet_seq":18,"age_ms":120,"step":"1","min":null,"max":null,"nominal_stake":"508","risk":"508","fee":{"schedule":"none","amount":"0"}}],
 "states":[{"state":"home by 2 or more","results":["win","loss"],"profit":"32.1"},
  {"state":"home by 1","results":["half-win","half-loss"],"profit":"16.05"},
  {"state":"draw or away","results":["loss","win"],"profit":"17"}],
 "worst_state":1,"guaranteed_profit":"16.05"}"#;

fn example() -> serde_json::Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn field(document: &str) -> String {
    match verify(document.as_bytes(), FEES) {
        Ok(_) => "ok".to_owned(),
        Err(Refused::Unreadable(_)) => "unreadable".to_owned(),
        Err(Refused::Wrong { field, .. }) => field,
    }
}

#[test]
fn the_published_example_is_true() {
    let report = verify(EXAMPLE.as_bytes(), FEES).unwrap();
    let expected =
        Report { guaranteed_profit: "16.05".to_owned(), currency: "USD".to_owned(), legs: 2, states: 3 };
    assert_eq!(report, expected);
}

/// The example with one text in the place of another.
fn with(old: &str, new: &str) -> String {
    assert!(EXAMPLE.contains(old), "{old}");
    field(&EXAMPLE.replacen(old, new, 1))
}

#[test]
fn what_is_wrong_is_named() {
    for (old, new, wrong) in [
        (r#""version":1"#, r#""version":2"#, "version"),
        (r#""account":"B""#, r#""account":"A""#, "legs"),
        (r#""period":"full-time""#, r#""period":"quarter-0""#, "legs[0].period"),
        (r#""period":"full-time""#, r#""period":"first-half""#, "legs[1].period"),
        (r#""line":"-0.75""#, r#""line":"-0.7""#, "legs[0].line"),
        (r#""line":"-0.75""#, r#""line":null"#, "legs[0].line"),
        (r#""line":"-0.75""#, r#""line":"500.25""#, "legs[0].line"),
        (r#""selection":"home""#, r#""selection":"over""#, "legs[0].selection"),
        (r#""side":"back""#, r#""side":"buy""#, "legs[0].side"),
        (r#""value":"2.10""#, r#""value":"1.00""#, "legs[0].price"),
        (r#""format":"decimal""#, r#""format":"malay""#, "legs[0].price"),
        (r#""step":"1""#, r#""step":"0""#, "legs[0].step"),
        (r#""step":"1""#, r#""step":"2""#, "legs[0].nominal_stake"),
        (r#""min":"1""#, r#""min":"492""#, "legs[0].nominal_stake"),
        (r#""max":"600""#, r#""max":"490""#, "legs[0].nominal_stake"),
        (r#""nominal_stake":"491""#, r#""nominal_stake":"-491""#, "legs[0].nominal_stake"),
        (r#""risk":"508""#, r#""risk":"507""#, "legs[1].risk"),
        (r#""schedule":"none""#, r#""schedule":"betfair""#, "legs[0].fee.schedule"),
        (r#""amount":"0""#, r#""amount":"0.01""#, "legs[0].fee.amount"),
        (r#""provider":"cmd368""#, r#""provider":"kalshi""#, "legs[0].market_id"),
        (r#""results":["half-win""#, r#""results":["win""#, "states[1].results"),
        (r#""profit":"17""#, r#""profit":"18""#, "states[2].profit"),
        (r#""worst_state":1"#, r#""worst_state":2"#, "worst_state"),
        (r#""guaranteed_profit":"16.05""#, r#""guaranteed_profit":"16.06""#, "guaranteed_profit"),
        (r#""side":"back""#, r#""side":"back","currency":"EUR""#, "legs[0].currency"),
        (r#""side":"back""#, r#""side":"back","basis":"from-now","score":"1-0""#, "legs[1].basis"),
        // A name that says otherwise, and one that says nothing.
        ("draw or away", "draw, away or home by 1", "states[2].results"),
        ("draw or away", "anything else", "ok"),
    ] {
        assert_eq!(with(old, new), wrong, "{old} → {new}");
    }
}

#[test]
fn what_cannot_be_read() {
    for (old, new) in [
        (r#""version":1,"#, ""),
        (r#""version":1,"#, r#""version":1,"version":1,"#),
        (r#""risk":"491""#, r#""risk":491"#),
        (r#""risk":"491""#, r#""risk":"4.91e2""#),
        (r#""value":"2.10""#, r#""value":"NaN""#),
        (r#""as_of":"2026-09-08"#, r#""as_of":"2026-02-30"#),
        (r#"{"version":1"#, r#"{"type":"closed","version":1"#),
        (r#""worst_state":1"#, r#""worst_state":-1"#),
    ] {
        assert_eq!(with(old, new), "unreadable", "{old} → {new}");
    }
    assert_eq!(field(""), "unreadable");
    assert_eq!(field("[]"), "unreadable");
    assert!(matches!(verify(EXAMPLE.as_bytes(), &[b"{}"]), Err(Refused::Unreadable(_))));
}

/// A profit of exactly 0 outside a push is none.
#[test]
fn nothing_is_not_a_profit() {
    let even = EXAMPLE
        .replace(r#""2.10""#, r#""2.00""#)
        .replace("491", "500")
        .replace("508", "500")
        .replace(r#""32.1""#, r#""0""#)
        .replace(r#""16.05""#, r#""0""#)
        .replace(r#""17""#, r#""0""#)
        .replace(r#""worst_state":1"#, r#""worst_state":0"#);
    assert_eq!(field(&even), "states[0].profit");
}

#[test]
fn times() {
    let nanos = |text: &str| time::nanos("", text).ok();
    assert_eq!(nanos("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(nanos("2000-02-29T00:00:00.5Z"), Some(951_782_400_500_000_000));
    assert_eq!(nanos("2026-09-08T13:02:03.123456789+02:00"), nanos("2026-09-08T11:02:03.123456789Z"));
    assert_eq!(nanos("2026-09-08T09:32:03.1-01:30"), nanos("2026-09-08T11:02:03.100Z"));
    assert_eq!(nanos("2026-09-08T11:02:03Z"), Some(1_788_865_323_000_000_000));
    for wrong in [
        "",
        "2026-09-08",
        "2026-9-8T11:02:03Z",
        "2026-13-01T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-00-08T11:02:03Z",
        "2026-09-00T11:02:03Z",
        "2026-09-08T24:00:00Z",
        "2026-09-08T11:60:03Z",
        "2026-09-08T11:02:60Z",
        "2026-09-08T11:02:03.Z",
        "2026-09-08T11:02:03.1234567890Z",
        "2026-09-08T11:02:03+24:00",
        "2026-09-08T11:02:03+01:60",
        "2026-09-08T11:02:03Z+01:00",
        "2026-09-08T11:02:03",
    ] {
        assert_eq!(nanos(wrong), None, "{wrong}");
    }
}

#[test]
fn numbers() {
    use number::{decimal, fraction, print, rounded};
    for text in
        ["0", "-0.75", "16.05", "2000/23", "-1/3", "100", "0.000001", "123456789012345678901234567890.5"]
    {
        assert_eq!(print(&fraction("", text).unwrap()), text);
    }
    assert_eq!(print(&fraction("", "4/8").unwrap()), "0.5");
    for wrong in ["", "-", ".5", "5.", "+1", "1e5", "NaN", "1/0", "1/-2", "1.5/2", "1 ", "1_0"] {
        assert!(fraction("", wrong).is_err(), "{wrong}");
    }
    assert!(decimal("", "1/2").is_err());
    for (value, text) in [
        ("0.0000005", "0.000000"),
        ("0.0000015", "0.000002"),
        ("-0.0000015", "-0.000002"),
        ("2/3", "0.666667"),
    ] {
        assert_eq!(rounded(&fraction("", value).unwrap(), 6), text);
    }
}

/// Quarter lines settled as help.vptop.com, pro-tips.net and Pinnacle print them.
#[test]
fn quarter_lines() {
    for (quarters, results) in [
        (-1, "LLlWW"),
        (-2, "LLLWW"),
        (-3, "LLLwW"),
        (-4, "LLLPW"),
        (-5, "LLLlW"),
        (1, "LLwWW"),
        (3, "LlWWW"),
        (4, "LPWWW"),
    ] {
        let bet = |selection: &str, quarters: i64| {
            let mut leg = example()["legs"][0].clone();
            leg["line"] = number::print(&(number::int(quarters) / number::int(4))).into();
            leg["selection"] = selection.into();
            bets::Bet::read(0, &serde_json::from_value(leg).unwrap()).unwrap()
        };
        let found: String = (-2..=2)
            .map(|margin: i64| {
                let (home, away) = (margin.max(0), (-margin).max(0));
                let result = bet("home", quarters).after((home, away));
                assert_eq!(result, bet("away", -quarters).after((away, home)));
                assert_eq!(result, -bet("away", quarters).after((home, away)));
                ["L", "l", "P", "w", "W"][usize::try_from(result + 2).unwrap()]
            })
            .collect();
        assert_eq!(found, results, "{quarters}");
    }
    let names = ["loss", "half-loss", "push", "half-win", "win", "void", ""];
    assert_eq!(names.map(bets::result), [Some(-2), Some(-1), Some(0), Some(1), Some(2), None, None]);
}

/// The checker names nothing of the engine, so that no arithmetic can be shared.
#[test]
fn stands_alone() {
    let sources = [
        include_str!("../checker.rs"),
        include_str!("bets.rs"),
        include_str!("currency.rs"),
        include_str!("fees.rs"),
        include_str!("legs.rs"),
        include_str!("names.rs"),
        include_str!("number.rs"),
        include_str!("opportunity.rs"),
        include_str!("outcomes.rs"),
        include_str!("profit.rs"),
        include_str!("read.rs"),
        include_str!("time.rs"),
        include_str!("together.rs"),
        include_str!("words.rs"),
    ];
    let modules = sources[0].lines().filter(|line| line.starts_with("mod ")).count();
    assert_eq!(modules, sources.len(), "a module is not looked at");
    for source in sources {
        for stranger in ["crate::", "super::super", "antigravity_", "f64", "f32", "jiff", "include"] {
            assert!(!source.contains(stranger), "{stranger}");
        }
        for line in source.lines().filter_map(|line| line.trim_start().strip_prefix("use ")) {
            let root = line.split([':', ';']).next().unwrap_or("");
            let known = [
                "std",
                "serde",
                "serde_json",
                "sha2",
                "num_bigint",
                "num_rational",
                "num_traits",
                "unicode_normalization",
                "super",
            ];
            assert!(known.contains(&root), "{line}");
        }
    }
}
