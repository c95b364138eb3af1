//! An instance that begins with an answer marked as complete answers all later ones as the old one does.

use crate::support::{Page, event, market, runner, total};
use proptest::prelude::*;
use serde_json::{Value, json};

type Step = (&'static str, String, Value);

fn markets() -> impl Strategy<Value = Vec<Value>> {
    let one = prop_oneof![
        6 => (0u64..4, 0u8..3).prop_map(|(id, line)| total(10 * (id + 1), 2.25 + f64::from(line) / 4.0)),
        2 => (0u8..2).prop_map(|n| market(70, "one_x_two", "Match Odds", &[runner(71, if n == 0 { "Alba" } else { "X" }, &[(2.5, 3.0)], &[])])),
        1 => Just(json!({"id": 10, "event-id": 500, "status": "suspended", "market-type": "total", "name": "Total", "runners": []})),
        1 => Just(json!({"id": 20, "event-id": 500, "status": "graded", "market-type": "total", "name": "Total"})),
        1 => Just(json!({"id": 30, "event-id": 500, "status": "open", "market-type": "total"})),
        1 => Just(json!({"event-id": 500})),
    ];
    proptest::collection::vec(one, 0..4)
}

fn step() -> impl Strategy<Value = Step> {
    let list = |total: u64| {
        move |(markets, other, n): (Vec<Value>, bool, u8)| -> Step {
            let mut events = vec![event(500, "Alba vs Corvo", &markets)];
            if other {
                events.push(event(501, "Dorado vs Estrela", &[]));
            }
            let url = format!("https://exchange.example/edge/rest/events?n={n}");
            let count = events.len() as u64 + total;
            ("events", url, json!({"total": count, "offset": 0, "events": events}))
        }
    };
    let of_event = |(markets, whole): (Vec<Value>, bool)| -> Step {
        let url = "https://exchange.example/edge/rest/events/500/markets".to_owned();
        let count = if whole { markets.len() } else { 99 };
        ("markets", url, json!({"total": count, "offset": 0, "markets": markets}))
    };
    prop_oneof![
        4 => (markets(), any::<bool>(), 0u8..2).prop_map(list(0)),
        1 => (markets(), any::<bool>(), 0u8..2).prop_map(list(1)),
        2 => (markets(), any::<bool>()).prop_map(of_event),
        1 => Just(("events", "https://exchange.example/edge/rest/events?n=0".to_owned(), json!({"total": 0, "offset": 0, "events": []}))),
    ]
}

proptest! {
    #[test]
    fn a_fresh_instance_goes_on_as_the_old_one(steps in proptest::collection::vec(step(), 1..12), pause in 0i64..400) {
        let mut old = Page::default();
        let mut fresh: Vec<Page> = Vec::new();
        for (number, (endpoint, url, body)) in (0i64..).zip(&steps) {
            old.now = number * pause;
            let reading = old.answer(endpoint, url, body);
            for page in &mut fresh {
                page.now = old.now;
                let other = page.answer(endpoint, url, body);
                prop_assert_eq!((other.fate, other.reason, other.snapshot_complete), (reading.fate, reading.reason, reading.snapshot_complete));
                prop_assert_eq!(page.quotes(), old.quotes());
            }
            if reading.snapshot_complete {
                let mut page = Page::default();
                page.now = old.now;
                page.answer(endpoint, url, body);
                prop_assert_eq!(page.quotes(), old.quotes());
                fresh.push(page);
            }
        }
    }
}
