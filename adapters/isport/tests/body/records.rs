//! What a record shows.

use crate::frames::{Feed, Layout, ONE, only, snapshot};
use antigravity_sdk::Fate;
use serde_json::{Value, json};

const L: Layout = ONE;

/// An offer of match 5001 with these fields.
fn offer(id: u64, bet_type: u64, more: Value) -> Value {
    let mut fields = json!({"oddsid": id, "matchid": 5001, "bettype": bet_type, "oddsstatus": "running"});
    let (Some(fields_of), Value::Object(more)) = (fields.as_object_mut(), more) else { unreachable!() };
    fields_of.extend(more);
    L.row("o", fields)
}

fn shown(offers: &[Value]) -> Vec<String> {
    let reading = Feed::default().rows(1, "b14", &snapshot(L, offers), "a");
    let kept = reading.rows.into_iter().filter(|row| row.starts_with("line ") || row.starts_with("price "));
    kept.map(|row| row.split(" runner=").next().unwrap_or("").replace(" size=-", "")).collect()
}

#[test]
fn bet_types() {
    let two =
        json!({"odds1a": 0.9, "odds2a": -0.95, "hdp1": 2.5, "hdp2": 0, "com1": 9, "comx": 9, "com2": 9});
    let three = json!({"com1": 2.1, "comx": 3.25, "com2": 3.4, "odds1a": 0.1, "odds2a": 0.1});
    let cases = [
        (1, &two, "asian-handicap full-time line=-2.5", ["home", "away"].as_slice()),
        (2, &two, "odd-even full-time line=-", &["odd", "even"]),
        (3, &two, "total full-time line=2.5", &["over", "under"]),
        (5, &three, "match-result full-time line=-", &["home", "draw", "away"]),
        (7, &two, "asian-handicap first-half line=-2.5", &["home", "away"]),
        (8, &two, "total first-half line=2.5", &["over", "under"]),
        (15, &three, "match-result first-half line=-", &["home", "draw", "away"]),
    ];
    for (bet_type, fields, market, selections) in cases {
        let rows = shown(&[offer(4, bet_type, fields.clone())]);
        assert_eq!(rows[0], format!("line 0 event=0 market_id=4 {market}"));
        let prices = if selections.len() == 2 {
            ["malay 0.9", "malay -0.95", ""]
        } else {
            ["decimal 2.1", "decimal 3.25", "decimal 3.4"]
        };
        let expected: Vec<_> =
            selections.iter().zip(prices).map(|(s, p)| format!("price line=0 {s} back 1 open {p}")).collect();
        assert_eq!(rows[1..], expected, "bet type {bet_type}");
    }
    // Which price of a double chance is which is not known; of others nothing is.
    for bet_type in [24, 0, 4, 461] {
        assert!(shown(&[offer(4, bet_type, three.clone())]).is_empty(), "bet type {bet_type}");
    }
}

#[test]
fn who_gives_the_handicap() {
    let line = |one: Value, two: Value| {
        let rows = shown(&[offer(4, 1, json!({"hdp1": one, "hdp2": two, "odds1a": 0.9, "odds2a": 0.9}))]);
        rows.first().map_or("none".to_owned(), |row| row.split("line=").nth(1).unwrap_or("").to_owned())
    };
    assert_eq!(line(json!(0.75), json!(0)), "-0.75");
    assert_eq!(line(json!(0), json!("1.50")), "1.5");
    assert_eq!(line(json!(0), json!(0.0)), "0");
    assert_eq!(line(json!(null), json!(0.5)), "0.5");
    for (one, two) in [
        (json!(0.5), json!(0.5)),
        (json!(-0.5), json!(0)),
        (json!(null), json!(0)),
        (json!(null), json!(null)),
        // More digits than the packed form of a line can hold.
        (json!("0.12345678901234567"), json!(0)),
    ] {
        assert_eq!(line(one, two), "none");
    }
}

#[test]
fn totals_of_nothing() {
    let total = |points: Value, over: Value| {
        let offer = offer(4, 3, json!({"hdp1": points, "odds1a": over, "odds2a": over}));
        let reading = Feed::default().rows(1, "b14", &snapshot(L, &[L.handicap(1), offer]), "a");
        (reading.bad_rows, reading.rows.iter().any(|row| row.contains("market_id=4 total")))
    };
    assert_eq!(total(json!(2.5), json!(0.9)), (0, true));
    assert_eq!(total(json!(2.5), json!(null)), (0, true));
    assert_eq!(total(json!(0), json!(null)), (0, false));
    assert_eq!(total(json!(0), json!(0.9)), (1, false));
    assert_eq!(total(json!("12345678901234567"), json!(0.9)), (1, false));
}

#[test]
fn a_kick_off_that_was_told_stays() {
    let mut feed = Feed::default();
    let first = feed.rows(1, "b14", &snapshot(L, &[L.handicap(1)]), "a");
    let event = |rows: &[String]| rows.iter().find(|row| row.starts_with("event")).cloned();
    assert!(event(&first.rows).is_some_and(|row| row.ends_with("start=1790000000000000000 in_play=false")));
    let live = json!({"matchid": 5001, "marketid": "L", "kickofftime": null});
    let live = feed.rows(1, "b14", &[L.row("m", live)], "b");
    assert!(event(&live.rows).is_some_and(|row| row.ends_with("start=1790000000000000000 in_play=true")));
}

#[test]
fn prices_that_are_none() {
    let rows = shown(&[offer(4, 1, json!({"hdp1": 0, "hdp2": 0, "odds1a": 0, "odds2a": -999}))]);
    assert_eq!(rows[1..], ["price line=0 home back 1 suspended -", "price line=0 away back 1 suspended -"]);
    let rows = shown(&[offer(4, 5, json!({"com1": "1.50", "comx": null, "com2": ""}))]);
    assert_eq!(
        rows[1..],
        [
            "price line=0 home back 1 open decimal 1.50",
            "price line=0 draw back 1 suspended -",
            "price line=0 away back 1 suspended -"
        ]
    );
}

#[test]
fn suspended_and_closed() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(L, &[L.handicap(1)]), "a");
    let mut status = |word: &str, revision: &str| {
        feed.rows(1, "b14", &[L.row("o", json!({"oddsid": 1, "oddsstatus": word}))], revision).rows
    };
    assert_eq!(status("suspend", "b")[0], "price line=0 home back 1 suspended malay 0.95 size=-");
    assert_eq!(status("running", "c")[0], "price line=0 home back 1 open malay 0.95 size=-");
    assert_eq!(status("closePrice", "d"), ["remove-line 0"]);
    assert_eq!(status("closePrice", "e"), Vec::<String>::new());
    assert!(status("running", "f")[0].starts_with("line 1 event=0 market_id=1"));
    // Without a status, or with none that is known, nothing is open.
    let bare = L.row("o", json!({"oddsid": 2, "matchid": 5001, "bettype": 1, "odds1a": 0.9, "odds2a": 0.9, "hdp1": 0, "hdp2": 0}));
    assert!(shown(&[bare])[1].contains("suspended malay 0.9"));
}

#[test]
fn deletes() {
    for (odds, found) in [("-o", "-m"), ("do", "dm")] {
        let mut feed = Feed::default();
        feed.rows(1, "b14", &snapshot(L, &[L.handicap(1), L.handicap(2), L.handicap(3)]), "a");
        assert_eq!(feed.rows(1, "b14", &[L.row(odds, json!({"oddsid": 2}))], "b").rows, ["remove-line 1"]);
        let gone = feed.rows(1, "b14", &[L.row(odds, json!({"oddsid": 2}))], "c");
        assert_eq!((gone.fate, gone.bad_rows, gone.rows.len()), (Fate::Parsed, 0, 0));
        let all = feed.rows(1, "b14", &[L.row(found, json!({"matchid": 5001}))], "d");
        assert_eq!(all.rows, ["remove-line 0", "remove-line 2"]);
        assert!(feed.rows(1, "b14", &[L.row("o", json!({"oddsid": 1, "odds1a": 0.5}))], "e").rows.is_empty());
    }
}

#[test]
fn a_line_that_moves_is_another_line() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(L, &[L.handicap(1)]), "a");
    let moved = feed.rows(1, "b14", &[L.row("o", json!({"oddsid": 1, "hdp1": 0.5, "odds1a": -0.9}))], "b");
    assert_eq!(moved.rows[0], "remove-line 0");
    assert!(moved.rows[1].contains("market_id=1 asian-handicap full-time line=-0.5"));
    assert_eq!(moved.rows[2], "price line=1 home back 1 open malay -0.9 size=-");
    // What cannot be read any more is suspended.
    let both = feed.rows(1, "b14", &[L.row("o", json!({"oddsid": 1, "hdp2": 0.5}))], "c");
    assert_eq!(both.bad_rows, 1);
    assert_eq!(both.rows[0], "price line=1 home back 1 suspended - size=-");
    // Another bet type under the same id is another market.
    let other = feed.rows(1, "b14", &[L.row("o", json!({"oddsid": 1, "bettype": 3, "hdp2": 0}))], "d");
    assert_eq!(other.rows[0], "remove-line 1");
    assert!(other.rows[1].contains("total full-time line=0.5"));
}

#[test]
fn limits() {
    let mut feed = Feed::default();
    let first = feed.rows(
        1,
        "b14",
        &snapshot(L, &[offer(1, 2, json!({"odds1a": 0.9, "odds2a": 0.9, "maxbet": 500}))]),
        "a",
    );
    assert!(only(&first, "line")[0].contains("max=500"));
    let more = feed.rows(1, "b14", &[L.row("o", json!({"oddsid": 1, "maxbet": "250.5"}))], "b");
    assert!(more.rows[0].starts_with("line 0 ") && more.rows[0].contains("max=250.5"), "{:?}", more.rows);
    let none = feed.rows(1, "b14", &[L.row("o", json!({"oddsid": 1, "maxbet": 0}))], "c");
    assert!(none.rows[0].contains("max=-"));
}

#[test]
fn offers_wait_for_their_match() {
    let mut feed = Feed::default();
    let rows = [L.table(), L.reset(), L.handicap(1), L.done()];
    assert_eq!(feed.rows(1, "b14", &rows, "a").rows.len(), 2);
    assert!(
        feed.rows(1, "b14", &[L.row("ls", json!({"matchid": 5001, "livehomescore": 1}))], "b")
            .rows
            .is_empty()
    );
    let named = feed.rows(1, "b14", &L.fixture(), "c");
    assert!(named.rows[0].starts_with("event 0 id=5001") && named.rows[2].starts_with("price line=0"));
    let other_sport = feed.rows(1, "b14", &[L.row("m", json!({"matchid": 5001, "sporttype": 2}))], "d");
    assert_eq!(only(&other_sport, "remove"), ["remove-line 0"]);
    assert_eq!(
        only(&feed.rows(1, "b14", &[L.row("m", json!({"matchid": 5001, "sporttype": 1}))], "e"), "price")
            .len(),
        2
    );
}

#[test]
fn live_matches_and_their_score() {
    let mut feed = Feed::default();
    feed.rows(1, "b14", &snapshot(L, &[L.handicap(1)]), "a");
    let mut said = |kind: &str, fields: Value, revision: &str| {
        feed.rows(1, "b14", &[L.row(kind, fields)], revision).rows
    };
    let score = json!({"matchid": 5001, "livehomescore": 1, "liveawayscore": 0});
    assert!(said("ls", score, "b").is_empty(), "no score before the match is live");
    let live = said("m", json!({"matchid": 5001, "marketid": "L"}), "c");
    assert_eq!(live.len(), 1);
    assert!(live[0].contains("score=1-0") && live[0].ends_with("in_play=true"));
    assert!(said("ls", json!({"matchid": 5001, "liveawayscore": 2}), "d")[0].contains("score=1-2"));
    assert!(
        said("m", json!({"matchid": 5001, "marketid": "E", "liveindicator": 1}), "e")[0]
            .ends_with("in_play=false")
    );
    assert!(said("m", json!({"matchid": 5001, "marketid": null}), "f")[0].ends_with("in_play=true"));
    assert!(
        said("l", json!({"leagueid": 7, "leaguenameen": "South Cup"}), "g")[0]
            .contains("competition=South Cup")
    );
    assert_eq!(said("l", json!({"leagueid": 7, "leaguenameen": 5}), "h"), Vec::<String>::new());
}
