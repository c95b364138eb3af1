//! An instance that begins with an answer marked as complete answers all later ones as the old one does.

use crate::support::{Page, event, total};
use proptest::prelude::*;
use serde_json::{Value, json};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (901u64..904, 0u8..3).prop_map(|(id, line)| total(id, ["2.5", "2.75", "3.0"][usize::from(line)])),
        1 => Just("2.5 0.9*1h 0*1a 901 0 0 0 1 1".to_owned()),
        1 => Just("2.5 0.9*1h".to_owned()),
    ]
}

fn row() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (7u64..10, proptest::collection::vec(text(), 0..4), 3u8..5)
            .prop_map(|(id, texts, key)| event(id, &json!({key.to_string(): texts}))),
        1 => Just(event(7, &json!(null))),
        1 => Just(json!({"2": "Nobody"})),
    ]
}

proptest! {
    #[test]
    fn a_fresh_instance_goes_on_as_the_old_one(
        steps in proptest::collection::vec((0usize..2, proptest::collection::vec(row(), 0..4)), 1..12),
    ) {
        let mut old = Page::default();
        let mut fresh: Vec<Page> = Vec::new();
        for (list, rows) in &steps {
            let list = ["today", "live"][*list];
            let reading = old.list(list, rows);
            for page in &mut fresh {
                let other = page.list(list, rows);
                prop_assert_eq!((other.fate, other.reason, other.snapshot_complete), (reading.fate, reading.reason, reading.snapshot_complete));
                prop_assert_eq!(page.quotes(), old.quotes());
            }
            if reading.snapshot_complete {
                let mut page = Page::default();
                page.list(list, rows);
                prop_assert_eq!(page.quotes(), old.quotes());
                fresh.push(page);
            }
        }
    }
}
