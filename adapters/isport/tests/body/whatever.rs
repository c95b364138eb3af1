//! Frames made of anything.

use crate::frames::{Feed, ONE, TWO, frame, snapshot};
use antigravity_sdk::Fate;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Rows that make sense in some order, and rows that never do.
fn row() -> impl Strategy<Value = Value> {
    let [league, found] = ONE.fixture();
    let price = (1u64..4, -120i32..120).prop_map(|(id, cents)| {
        ONE.row(
            "o",
            json!({"oddsid": id, "matchid": 5001, "odds1a": f64::from(cents) / 100.0, "hdp1": 0, "hdp2": 0}),
        )
    });
    prop_oneof![
        4 => (1u64..4).prop_map(|id| ONE.handicap(id)),
        4 => price,
        2 => Just(ONE.table()),
        3 => Just(ONE.reset()),
        3 => Just(ONE.done()),
        2 => Just(league),
        2 => Just(found),
        1 => (1u64..4).prop_map(|id| ONE.row("-o", json!({"oddsid": id}))),
        1 => Just(ONE.row("dm", json!({"matchid": 5001}))),
        1 => Just(TWO.table()),
        1 => Just(json!([0, "o", 99, 1])),
        1 => Just(json!([0, "o", 3])),
        1 => Just(json!(["f", 2, [5, null]])),
        1 => proptest::collection::vec((-1i64..30, -3i64..3), 0..4)
            .prop_map(|pairs| json!(pairs.iter().flat_map(|(place, value)| [*place, *value]).collect::<Vec<_>>())),
    ]
}

/// A channel of the first socket that already shows something, then anything.
fn bodies() -> impl Strategy<Value = Vec<(u32, String)>> {
    let first = (1, frame("b0", &snapshot(ONE, &[ONE.handicap(1), ONE.handicap(2)]), "first"));
    proptest::collection::vec(body(), 0..24)
        .prop_map(move |bodies| std::iter::once(first.clone()).chain(bodies).collect())
}

fn body() -> impl Strategy<Value = (u32, String)> {
    let rows = proptest::collection::vec(row(), 0..8);
    (1u32..4, 0u8..2, rows, 0u8..5).prop_map(|(connection, channel, rows, revision)| {
        (connection, frame(&format!("b{channel}"), &rows, &revision.to_string()))
    })
}

proptest! {
    /// Leaving out the frames that were refused or ignored changes no other answer.
    #[test]
    fn only_frames_that_count_change_anything(bodies in bodies()) {
        let mut all = Feed::default();
        let readings: Vec<_> = bodies.iter().map(|(connection, body)| all.on(*connection, body)).collect();
        let mut some = Feed::default();
        for ((connection, body), reading) in bodies.iter().zip(&readings) {
            // Of a frame whose every row was bad the host takes names only; what it said stays read.
            if reading.fate == Fate::Parsed || reading.bad_rows > 0 {
                prop_assert_eq!(&some.on(*connection, body), reading);
            } else {
                prop_assert_eq!(reading.rows.len(), 0);
            }
        }
    }

    /// Whatever came before: after a snapshot of each channel stands what is in them, and nothing else.
    #[test]
    fn snapshots_replace_all_that_stood(bodies in bodies()) {
        let (mut after, mut alone) = (Feed::default(), Feed::default());
        for (connection, body) in &bodies {
            after.on(*connection, body);
        }
        for (channel, offers) in [("b0", [1, 2]), ("b1", [3, 4])] {
            let rows = snapshot(TWO, &offers.map(|id| TWO.handicap(id)));
            for feed in [&mut after, &mut alone] {
                prop_assert_eq!(feed.rows(9, channel, &rows, "last").fate, Fate::Parsed);
            }
        }
        prop_assert_eq!(after.quotes(), alone.quotes());
    }

    #[test]
    fn any_json_is_answered(text in r#"\["m","b[01]",\[(\[("f"|"c"|[0-9]),[0-9]?,?("o"|\[[0-9,"a-z]{0,9}\])\],?){0,4}\]\]"#) {
        let reading = Feed::default().on(1, &text);
        prop_assert!(reading.rows.len() <= 2);
    }
}
