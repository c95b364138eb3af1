//! The documented frames, in the directory that `ANTIGRAVITY_CAPTURES` names.

use crate::frames::Feed;
use antigravity_adapter_isport::Isport;
use antigravity_sdk::wit::Direction;
use antigravity_sdk::{Adapter, Fate, Reason};
use serde_json::{Value, json};
use std::path::PathBuf;

fn text(path: &str) -> Option<String> {
    let Some(root) = std::env::var_os("ANTIGRAVITY_CAPTURES") else {
        eprintln!("skipped: ANTIGRAVITY_CAPTURES is not set");
        return None;
    };
    let path = PathBuf::from(root).join(path);
    let read = std::fs::read_to_string(&path);
    Some(read.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Each frame, and whether the page sent it.
fn frames() -> Option<Vec<(String, bool)>> {
    let lines = text("saba/engineio_socketio_frames.ndjson")?;
    let frame = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        (line["text"].as_str().expect("a frame").to_owned(), line["dir"] == "send")
    };
    Some(lines.lines().map(frame).collect())
}

#[test]
fn every_frame_has_an_endpoint() {
    let Some(frames) = frames() else { return };
    let contract = Isport::contract();
    for (frame, sent) in frames {
        let way = if sent { Direction::Sent } else { Direction::Received };
        let same_way = contract.endpoints.iter().filter(|endpoint| endpoint.direction == way);
        let fits = same_way.filter(|endpoint| match &endpoint.prefix {
            Some(prefix) => {
                frame.strip_prefix(prefix).is_some_and(|rest| serde_json::from_str::<Value>(rest).is_ok())
            }
            None => endpoint.texts.contains(&frame),
        });
        assert_eq!(fits.count(), 1, "{frame}");
    }
}

#[test]
fn recorded_rows_are_read_by_the_learned_table() {
    let (Some(frames), Some(semantics)) = (frames(), text("saba/documented_semantics.json")) else { return };
    let data: Vec<_> = frames.iter().filter_map(|(frame, _)| frame.strip_prefix("42")).collect();
    let mut feed = Feed::default();
    for body in &data {
        let reading = feed.on(1, body);
        let snapshot = body.contains("reset");
        let (fate, reason) =
            if snapshot { (Fate::Parsed, Reason::None) } else { (Fate::Ignored, Reason::StaleCursor) };
        assert_eq!((reading.fate, reading.reason, reading.bad_rows), (fate, reason, 0), "{body}");
    }
    // The channel's documented table goes as far as place 10; the recorded row uses 19 as well.
    let semantics: Value = serde_json::from_str(&semantics).expect("JSON");
    let mut names = semantics["field_table_b14_prefix"].as_array().expect("names").clone();
    names.extend(["hteamnameen", "ateamnameen"].map(|name| json!(name)));
    names.extend((names.len()..20).map(|n| json!(format!("unknown{n}"))));
    let place = |name: &str| names.iter().position(|known| known == name).expect("a name of the table");
    let found = json!([0, "m", place("matchid"), 132_921_468, 11, "Home", 12, "Away"]);
    let rows = [json!(["f", 0, names]), json!([0, "reset"]), found, json!([0, "done"])];
    feed.rows(1, "b14", &rows, "table");
    let delta = data.iter().find(|body| body.contains("\"b14\"")).expect("a frame of b14");
    let reading = feed.on(1, delta);
    assert_eq!((reading.fate, reading.bad_rows), (Fate::Parsed, 0));
    assert!(reading.rows[0].starts_with("event 0 id=132921468"), "{:?}", reading.rows);
    assert!(reading.rows[1].contains("market_id=1052014590 odd-even full-time line=-"), "{:?}", reading.rows);
    assert!(reading.rows[2].ends_with("odd back 1 suspended - size=-"), "running, but without a price");
}
