//! What the push says, fact by fact.

use crate::frames::{Feed, Layout, ONE, TWO, only, snapshot};
use antigravity_sdk::{Fate, Reason};
use serde_json::json;

const HOME: &str = "price line=0 home back 1 open malay 0.95 size=-";
const AWAY: &str = "price line=0 away back 1 open malay -0.97 size=-";

#[test]
fn a_snapshot_in_one_frame() {
    for layout in [ONE, TWO] {
        let reading = Feed::default().rows(1, "b14", &snapshot(layout, &[layout.handicap(9001)]), "CrRG");
        assert_eq!((reading.fate, reading.bad_rows, reading.snapshot_complete), (Fate::Parsed, 0, true));
        let scope = only(&reading, "snapshot-begin")[0].trim_start_matches("snapshot-begin ");
        assert_eq!(
            reading.rows,
            [
                format!("snapshot-begin {scope}"),
                "event 0 id=5001 sport=soccer competition=North Cup title=- home=Alpha away=Beta score=- \
                 start=1790000000000000000 in_play=false"
                    .into(),
                format!(
                    "line 0 event=0 market_id=9001 asian-handicap full-time line=-0.25 runner=- other=- max=- scope={scope}"
                ),
                HOME.into(),
                AWAY.into(),
                format!("snapshot-end {scope}"),
            ]
        );
    }
}

#[test]
fn channels_have_scopes_and_tables_of_their_own() {
    let mut feed = Feed::default();
    let one = feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1)]), "a");
    let two = feed.rows(1, "b872", &snapshot(TWO, &[TWO.handicap(2)]), "a");
    assert_ne!(only(&one, "snapshot-end"), only(&two, "snapshot-end"));
    assert!(one.snapshot_complete && !two.snapshot_complete);
    for (channel, layout, line) in [("b14", ONE, 0), ("b872", TWO, 1)] {
        let delta = layout.row("o", json!({"oddsid": line + 1, "odds1a": 0.5}));
        let reading = feed.rows(1, channel, &[delta], "b");
        assert_eq!(reading.rows[0], format!("price line={line} home back 1 open malay 0.5 size=-"));
    }
}

#[test]
fn names_refer_back() {
    // Place 9 is 16 - 9 - 0 = 7; its neighbour 18 - 9 - 1 = 8; a name of the same list counts: 20 - 9 - 2 = 9.
    let head = json!([
        "f",
        0,
        ["type", "oddsid", "matchid", "bettype", "hdp1", "hdp2", "oddsstatus", "odds1a", "odds2a"]
    ]);
    let tail = json!(["f", 9, [16, 18, 20, "hteamnameen", "ateamnameen"]]);
    let rows = [
        head.clone(),
        tail,
        json!([0, "reset"]),
        json!([0, "m", 2, 5, 12, "Alpha", 13, "Beta"]),
        json!([0, "o", 1, 6, 2, 5, 3, 1, 4, 0, 5, 0.5, 6, "running", 11, 0.9, 10, -0.9]),
        json!([0, "done"]),
    ];
    let reading = Feed::default().rows(1, "b9", &rows, "a");
    assert_eq!(
        only(&reading, "price"),
        ["price line=0 home back 1 open malay 0.9 size=-", "price line=0 away back 1 open malay -0.9 size=-"]
    );
    assert!(only(&reading, "line")[0].contains("line=0.5"), "away gives: {:?}", reading.rows);

    let nowhere = Feed::default().rows(1, "b9", &[head, json!(["f", 9, [99]])], "a");
    assert_eq!((nowhere.fate, nowhere.reason), (Fate::Rejected, Reason::UnknownField));
}

#[test]
fn a_table_row_replaces_only_its_places() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(9001)]), "a");
    // From here on the prices have changed places (9 and 10).
    let swapped =
        feed.rows(1, "b14", &[json!(["f", 9, ["odds2a", "odds1a"]]), json!([0, "o", 3, 9001, 9, 0.88])], "b");
    assert_eq!(only(&swapped, "price")[1], "price line=0 away back 1 open malay 0.88 size=-");
    assert!(!swapped.snapshot_complete);
}

#[test]
fn a_snapshot_over_three_frames_shows_when_it_is_done() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1), ONE.handicap(2)]), "a");
    let [league, found] = ONE.fixture();
    // Revisions within are the same, other, or those of before: none is compared.
    for (rows, revision) in
        [(vec![ONE.reset(), league], "b"), (vec![found, ONE.handicap(2)], "a"), (vec![ONE.handicap(3)], "a")]
    {
        let reading = feed.rows(1, "b14", &rows, revision);
        let begins = usize::from(revision == "b");
        assert_eq!((reading.fate, reading.rows.len()), (Fate::Parsed, begins));
        assert_eq!(only(&reading, "snapshot-begin").len(), begins, "at `reset`");
    }
    let done = feed.rows(1, "b14", &[ONE.done()], "a");
    let lines: Vec<_> = done.rows.iter().map(|row| row.split(" open").next().unwrap_or(row)).collect();
    assert_eq!(lines[0], "price line=1 home back 1", "line 1 goes on, line 0 is not named");
    assert!(lines[2].starts_with("line 2 event=0 market_id=3") && lines[5].starts_with("snapshot-end"));
    assert_eq!(feed.rows(1, "b14", &[ONE.done()], "a").reason, Reason::Duplicate);
}

#[test]
fn a_frame_lost_within_a_snapshot_is_not_forgiven() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1), ONE.handicap(2)]), "a");
    let [league, found] = ONE.fixture();
    feed.rows(1, "b14", &[ONE.reset(), league, found, ONE.handicap(1)], "b");
    feed.lose();
    feed.rows(1, "b14", &[ONE.done()], "c");
    assert_eq!(feed.quotes(), ["1 home 0.95!", "1 away -0.97!", "2 home 0.95!", "2 away -0.97!"]);
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1)]), "d");
    assert_eq!(feed.quotes(), ["1 home 0.95", "1 away -0.97"]);
}

#[test]
fn what_the_old_socket_says_within_a_snapshot_is_no_part_of_it() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1), ONE.handicap(2)]), "a");
    let [league, found] = TWO.fixture();
    feed.rows(2, "b14", &[TWO.table(), TWO.reset(), league, found], "x");
    feed.rows(1, "b14", &[ONE.row("o", json!({"oddsid": 2, "odds1a": 0.5}))], "b");
    assert_eq!(feed.quotes(), ["1 home 0.95", "1 away -0.97", "2 home 0.5", "2 away -0.97"]);
    feed.rows(2, "b14", &[TWO.handicap(1), TWO.done()], "y");
    assert_eq!(feed.quotes(), ["1 home 0.95", "1 away -0.97"]);
}

#[test]
fn of_two_snapshots_side_by_side_the_first_to_be_done_counts() {
    let begin = |feed: &mut Feed, connection| {
        let [league, found] = ONE.fixture();
        feed.rows(connection, "b14", &[ONE.table(), ONE.reset(), league, found], "x");
    };
    for lost in [false, true] {
        let mut feed = Feed::default();
        feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1), ONE.handicap(2)]), "a");
        begin(&mut feed, 2);
        if lost {
            feed.lose();
        }
        begin(&mut feed, 3);
        let done = feed.rows(2, "b14", &[ONE.handicap(1), ONE.done()], "y");
        assert!(only(&done, "snapshot-end").is_empty(), "the host's is that of the other socket");
        assert_eq!(
            feed.quotes(),
            ["1 home 0.95", "1 away -0.97"].map(|q| if lost { format!("{q}!") } else { q.into() })
        );
        assert_eq!(feed.rows(3, "b14", &[ONE.handicap(2), ONE.done()], "z").fate, Fate::Ignored);
    }
}

#[test]
fn any_cut_of_a_snapshot_shows_the_same() {
    let rows = snapshot(TWO, &[TWO.handicap(1), TWO.handicap(2), TWO.handicap(3)]);
    let whole = Feed::default().rows(1, "b14", &rows, "a").rows;
    for first in 2..rows.len() {
        for second in first..rows.len() {
            let mut feed = Feed::default();
            let cuts = [&rows[..first], &rows[first..second], &rows[second..]];
            let said: Vec<_> = cuts.iter().flat_map(|rows| feed.rows(1, "b14", rows, "a").rows).collect();
            assert_eq!(said, whole, "cut at {first} and {second}");
        }
    }
}

#[test]
fn the_same_revision_again_is_a_duplicate() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1)]), "a");
    let delta = [ONE.row("o", json!({"oddsid": 1, "odds1a": 0.5}))];
    assert_eq!(feed.rows(1, "b14", &delta, "b").fate, Fate::Parsed);
    let again = feed.rows(1, "b14", &[ONE.row("o", json!({"oddsid": 1, "odds1a": 0.7}))], "b");
    assert_eq!((again.fate, again.reason, again.rows.len()), (Fate::Ignored, Reason::Duplicate, 0));
    // Each channel and each socket counts for itself, and a frame without a revision is never one.
    assert_eq!(feed.rows(1, "b15", &snapshot(ONE, &[]), "b").fate, Fate::Parsed);
    assert_eq!(feed.rows(2, "b14", &snapshot(ONE, &[ONE.handicap(1)]), "b").fate, Fate::Parsed);
    let bare = json!(["m", "b14", delta]).to_string();
    assert_eq!(feed.on(2, &bare).fate, Fate::Parsed);
    assert_eq!(feed.on(2, &bare).fate, Fate::Parsed);
}

#[test]
fn an_unknown_place_rejects_the_frame_and_changes_nothing() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1)]), "a");
    let delta = ONE.row("o", json!({"oddsid": 1, "odds1a": 0.5}));
    let broken = [json!(["f", 9, ["odds2a", "odds1a"]]), delta.clone(), ONE.reset(), json!([0, "o", 99, 1])];
    let reading = feed.rows(1, "b14", &broken, "b");
    assert_eq!((reading.fate, reading.reason, reading.rows.len()), (Fate::Rejected, Reason::UnknownField, 0));
    assert!(reading.detail.contains("99"), "{}", reading.detail);
    // Neither the table, nor the price, nor the revision, nor a snapshot was taken from it.
    let again = feed.rows(1, "b14", &[ONE.row("o", json!({"oddsid": 1, "odds2a": 0.9}))], "b");
    assert_eq!(again.rows, [HOME.to_owned(), AWAY.replace("-0.97", "0.9")]);
    // The same within a snapshot: it goes on as if the frame had not come.
    feed.rows(1, "b14", &[ONE.reset()], "c");
    assert_eq!(feed.rows(1, "b14", &[json!([0, "m", -1, 5])], "d").reason, Reason::UnknownField);
    let done = feed.rows(1, "b14", &[ONE.done()], "e").rows;
    assert!(done.len() == 1 && done[0].starts_with("snapshot-end"), "{done:?}");
}

#[test]
fn a_new_socket_counts_from_its_own_snapshot() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1), ONE.handicap(2)]), "a");
    let delta = |layout: Layout, price: f64| [layout.row("o", json!({"oddsid": 1, "odds1a": price}))];
    // Before its table, with its table, and after it: nothing of it counts; the old socket's rows do.
    for rows in [delta(TWO, 0.1).to_vec(), delta(ONE, 0.1).to_vec()] {
        let early = feed.rows(2, "b14", &rows, "x");
        assert_eq!((early.fate, early.rows.len(), early.bad_rows), (Fate::Ignored, 0, 0));
    }
    let mut with_table = vec![TWO.table()];
    with_table.extend(delta(TWO, 0.2));
    assert!(feed.rows(2, "b14", &with_table, "y").rows.is_empty());
    assert_eq!(feed.rows(2, "b14", &delta(TWO, 0.3), "z").fate, Fate::Ignored);
    assert_eq!(feed.rows(1, "b14", &delta(ONE, 0.4), "b").rows[0], HOME.replace("0.95", "0.4"));
    // Nor while its snapshot is under way; then the old socket's rows are over.
    let [league, found] = TWO.fixture();
    let begun = feed.rows(2, "b14", &[TWO.reset(), league, found], "s").rows;
    assert!(begun.len() == 1 && begun[0].starts_with("snapshot-begin"), "{begun:?}");
    assert_eq!(feed.rows(1, "b14", &delta(ONE, 0.5), "c").rows.len(), 2);
    let done = feed.rows(2, "b14", &[TWO.handicap(1), TWO.done()], "s");
    assert_eq!(only(&done, "price"), [HOME, AWAY]);
    assert_eq!(feed.rows(1, "b14", &delta(ONE, 0.6), "d").fate, Fate::Ignored);
    assert_eq!(feed.rows(2, "b14", &delta(TWO, 0.7), "t").rows[0], HOME.replace("0.95", "0.7"));
}

#[test]
fn other_kinds_and_other_frames() {
    let mut feed = Feed::default();
    let reset = |kind: &str| json!([0, kind]);
    let rows = [
        json!(["f", 0, ["type", "siteid", "$", "isPeakHour"]]),
        reset("empty"),
        json!([0, 15, 1, "426", 3, true]),
        json!([0, "b", 1, 1]),
        json!([0, "future", 2, null]),
        reset("done"),
    ];
    let reading = feed.rows(1, "b872", &rows, "a");
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    assert_eq!(reading.rows.len(), 2, "an empty snapshot: {:?}", reading.rows);

    for body in [r#"["x","b14",[]]"#, r#"["m",14,[]]"#, r#"["m","b14",{}]"#, r#"["m"]"#, "{}", "nothing"] {
        assert_eq!(feed.on(1, body).fate, Fate::Rejected, "{body}");
    }
    let control = feed.rows(1, "b872", &[json!(["z", 1])], "b");
    assert_eq!(control.reason, Reason::UnknownField);
    for row in [json!(["f", 4_294_967_294_u64, ["type"]]), json!(["f", 0, [true]]), json!(["f", 0, "type"])] {
        assert_eq!(feed.rows(1, "b872", &[row], "b").fate, Fate::Rejected);
    }
}

#[test]
fn a_bad_row_costs_no_other() {
    let mut feed = Feed::default();
    let mut rows = snapshot(ONE, &[ONE.handicap(1)]);
    let end = rows.len() - 1;
    let no_key = ONE.row("o", json!({"odds1a": 0.5}));
    let no_number = ONE.row("o", json!({"oddsid": 7, "odds1a": "much"}));
    rows.splice(end..end, [json!([]), json!([0, "o", 3]), json!([3, 8]), no_key, no_number]);
    let reading = feed.rows(1, "b14", &rows, "a");
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 5));
    assert_eq!(only(&reading, "price"), [HOME, AWAY]);
    // A row that cannot be read suspends its offer until the status is told again.
    let doubt =
        feed.rows(1, "b14", &[ONE.row("o", json!({"oddsid": 1, "odds1a": 0.5, "oddsstatus": "odd"}))], "b");
    assert_eq!((doubt.bad_rows, doubt.rows[0].as_str()), (1, HOME.replace("open", "suspended").as_str()));
    let clear = feed.rows(1, "b14", &[ONE.row("o", json!({"oddsid": 1, "oddsstatus": "running"}))], "c");
    assert_eq!(clear.rows, [HOME, AWAY]);
    assert_eq!(feed.rows(1, "b14", &[ONE.done()], "d").bad_rows, 1);
}

#[test]
fn a_snapshot_of_which_nothing_can_be_read_is_dropped() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(ONE, &[ONE.handicap(1)]), "a");
    let no_line = ONE.row(
        "o",
        json!({"oddsid": 1, "matchid": 5001, "bettype": 1, "oddsstatus": "running", "odds1a": 0.5}),
    );
    let reading = feed.rows(1, "b14", &snapshot(ONE, &[no_line]), "b");
    assert_eq!((reading.fate, reading.bad_rows, reading.rows.len()), (Fate::Rejected, 1, 1));
    assert!(only(&reading, "snapshot-end").is_empty());
    let delta = [ONE.row("o", json!({"oddsid": 1, "odds2a": 0.9}))];
    assert_eq!(feed.rows(1, "b14", &delta, "c").rows, [HOME.to_owned(), AWAY.replace("-0.97", "0.9")]);
}

#[test]
fn an_offer_moves_to_the_channel_that_named_it_last() {
    let mut feed = Feed::default();
    feed.rows(1, "b1", &snapshot(ONE, &[ONE.handicap(1), ONE.handicap(2)]), "a");
    let second = feed.rows(1, "b2", &snapshot(TWO, &[TWO.handicap(1)]), "a");
    let scope = only(&second, "snapshot-end")[0].trim_start_matches("snapshot-end ");
    assert!(only(&second, "line 0")[0].ends_with(&format!("scope={scope}")), "{:?}", second.rows);
    assert!(only(&second, "remove").is_empty());
    // The first channel's delete is not about it any more, that of the other offer is.
    let deletes = [ONE.row("-o", json!({"oddsid": 1})), ONE.row("-o", json!({"oddsid": 2}))];
    assert_eq!(feed.rows(1, "b1", &deletes, "b").rows, ["remove-line 1"]);
    // Back again by a delta, with another line: the one shown till then is removed.
    let moved = ONE.row("o", json!({
        "oddsid": 1, "matchid": 5001, "bettype": 1, "oddsstatus": "running", "odds1a": 0.8, "odds2a": 0.9, "hdp1": 1, "hdp2": 0,
    }));
    let back = feed.rows(1, "b1", &[moved], "c");
    assert_eq!(back.rows[0], "remove-line 0");
    assert!(back.rows[1].starts_with("line 2 ") && back.rows[1].contains("line=-1 "), "{:?}", back.rows);
}

#[test]
fn channels_beyond_the_limit_push_out_the_silent_one() {
    let mut feed = Feed::default();
    feed.rows(1, "b0", &snapshot(ONE, &[ONE.handicap(1)]), "a");
    let mut last = None;
    for n in 1..=64 {
        last = Some(feed.rows(1, &format!("b{n}"), &snapshot(ONE, &[]), "a"));
    }
    assert_eq!(last.expect("a reading").rows[0], "remove-line 0");
}
