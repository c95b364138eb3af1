//! Recorded traffic, read in place from the directory ANTIGRAVITY_CAPTURES names, where it is set.

use super::{Bench, contract, http, push};
use crate::session_token;
use antigravity_core::{Fate, Packet};
use serde_json::{Value, json};

fn recorded(file: &str) -> Option<Value> {
    let directory = std::env::var_os("ANTIGRAVITY_CAPTURES")?;
    let path = std::path::Path::new(&directory).join(file);
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn the_addresses_of_a_path_session_shell() {
    let Some(saved) = recorded("isport/path_session_urls.json") else { return };
    let noise = json!({"path": "/CheckSession", "content": "session"});
    let mini = json!({"path": "/Statement/BetListMini", "content": "heartbeat"});
    let odds = ["GetOdds", "Matches"]
        .map(|page| json!({"path": format!("/Data/{page}"), "schema": {"type": "array"}}));
    let mut bench =
        Bench::bound(vec![contract("shell", "path-session", json!([noise, mini, odds[0], odds[1]]))]);
    let mut fates = Vec::new();
    for url in saved["urls"].as_array().unwrap() {
        let url = url.as_str().unwrap();
        let token = session_token(url).unwrap();
        assert!(url.contains(&format!("/(S({token}))/")) && token.len() >= 40, "{url}");
        // Each address in a session of its own, so that only the path decides.
        bench.router.unbind("A", "shell");
        bench.router.bind("A", "shell");
        fates.push(match bench.route(&http(url, "[]")) {
            crate::Route::Candidates(candidates) => candidates.list[0].place.endpoint.to_string(),
            crate::Route::Decided(decision) => format!("{}:{}", decision.fate.name(), decision.reason),
        });
    }
    assert_eq!(fates, ["unmatched:", "unmatched:", "2", "3", "ignored:heartbeat", "ignored:session"]);
}

#[test]
fn encrypted_answers_are_opaque() {
    let Some(har) = recorded("oddsportal_har/live_listing_redacted.har") else { return };
    let mut bench = Bench::bound(vec![push(
        "listing",
        json!([{"path": "/feed/livegames/**", "schema": {"type": "object"}}]),
    )]);
    let mut fates = Vec::new();
    for entry in har["log"]["entries"].as_array().unwrap() {
        let url = entry["request"]["url"].as_str().unwrap();
        let Some(text) = entry["response"]["content"]["text"].as_str() else { continue };
        let packet = Packet {
            method: entry["request"]["method"].as_str().map(Into::into),
            content_type: entry["response"]["content"]["mimeType"].as_str().map(Into::into),
            ..http(url, text)
        };
        match bench.fate(&packet) {
            (Fate::Unmatched, "") => {}
            other => fates.push(other),
        }
    }
    assert_eq!(fates, [(Fate::Rejected, "opaque"); 3]);
}
