//! An instance that begins with a message marked as complete answers all later ones as the old one does.

use crate::support::{EVENTS, MARKETS, Page, event, total};
use proptest::prelude::*;
use serde_json::{Value, json};

fn id() -> impl Strategy<Value = u64> {
    70u64..74
}

fn whole() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => id().prop_map(total),
        1 => id().prop_map(|id| { let mut market = total(id); market["marketStatus"] = json!("closed"); market }),
        1 => id().prop_map(|id| { let mut market = total(id); market["selections"][0]["point"] = json!(3); market }),
        1 => id().prop_map(|id| json!({"marketId": id, "eventId": "x"})),
        1 => Just(json!({"eventId": 5001})),
    ]
}

fn part() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => (id(), 50i32..99).prop_map(|(id, cents)| json!({"marketId": id, "selections": [
            {"key": "h", "oddsPrice": {"malayPrice": f64::from(cents) / 100.0}}]})),
        1 => id().prop_map(|id| json!({"marketId": id, "marketStatus": "suspend"})),
        1 => id().prop_map(|id| json!({"marketId": id, "marketStatus": "?"})),
        1 => Just(json!({})),
    ]
}

fn events() -> impl Strategy<Value = Value> {
    let whole = (5000u64..5002).prop_map(event);
    let part = (5000u64..5002, any::<bool>()).prop_map(
        |(id, over)| json!({"eventId": id, "eventStatus": if over { "closed" } else { "running" }}),
    );
    let add = proptest::collection::vec(whole, 0..2);
    let change = proptest::collection::vec(part, 0..2);
    (add, change, proptest::collection::vec(5000u64..5002, 0..2))
        .prop_map(|(add, change, remove)| json!({"add": add, "change": change, "remove": remove}))
}

fn markets() -> impl Strategy<Value = Value> {
    let add = proptest::collection::vec(whole(), 0..4);
    let change = proptest::collection::vec(part(), 0..3);
    (add, change, proptest::collection::vec(id(), 0..2))
        .prop_map(|(add, change, remove)| json!({"add": add, "change": change, "remove": remove}))
}

/// Stream, connection, status, payload.
fn step() -> impl Strategy<Value = (bool, u32, i64, Value)> {
    let status = prop_oneof![3 => Just(0i64), 2 => Just(1), 1 => Just(3)];
    let payload =
        (markets(), events()).prop_map(|(markets, events)| json!({"markets": markets, "events": events}));
    (proptest::bool::weighted(0.2), 1u32..4, status, payload)
}

proptest! {
    #[test]
    fn a_fresh_instance_goes_on_as_the_old_one(steps in proptest::collection::vec(step(), 1..14)) {
        let mut old = Page::default();
        let mut fresh: Vec<Page> = Vec::new();
        for (events, connection, status, payload) in &steps {
            let url = if *events { EVENTS } else { MARKETS };
            let reading = old.tell(url, *connection, *status, payload);
            for page in &mut fresh {
                let other = page.tell(url, *connection, *status, payload);
                prop_assert_eq!((other.fate, other.reason, other.snapshot_complete), (reading.fate, reading.reason, reading.snapshot_complete));
                prop_assert_eq!(page.quotes(), old.quotes());
            }
            if reading.snapshot_complete {
                let mut page = Page::default();
                page.tell(url, *connection, *status, payload);
                prop_assert_eq!(page.quotes(), old.quotes());
                fresh.push(page);
            }
        }
    }
}
