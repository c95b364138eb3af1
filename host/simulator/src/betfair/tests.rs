use super::*;
use serde_json::Value;

fn stream(seed: u64, shape: Shape) -> BetfairStream {
    BetfairStream::new(seed, "2026-09-08T11:00:00.5Z".parse().unwrap(), shape)
}

const SHAPE: Shape = Shape { markets: 20, runners: 8, messages: 6000, mean_size: 600 };

#[test]
fn a_seed_gives_the_same_messages() {
    let first: Vec<String> = stream(1, SHAPE).take(500).collect();
    assert_eq!(first, stream(1, SHAPE).take(500).collect::<Vec<_>>());
    assert_ne!(first, stream(2, SHAPE).take(500).collect::<Vec<_>>());
}

#[test]
fn deltas_are_as_long_as_asked_for() {
    for (mean_size, runners) in [(137, 6), (600, 8), (4000, 12)] {
        let shape = Shape { mean_size, runners, ..SHAPE };
        let deltas: Vec<usize> = stream(3, shape)
            .filter(|m| !m.contains("marketDefinition") && m.contains("\"mc\""))
            .map(|m| m.len())
            .collect();
        let mean = deltas.iter().sum::<usize>() / deltas.len();
        assert!(mean_size * 8 / 10 < mean && mean < mean_size * 14 / 10, "{mean_size}: {mean}");
    }
}

#[test]
fn every_kind_of_message_is_there() {
    let mut seen = std::collections::BTreeSet::new();
    let mut published = 0;
    for (place, text) in stream(4, SHAPE).enumerate() {
        let message: Value = serde_json::from_str(&text).unwrap();
        assert!(message["pt"].as_i64().unwrap() > published);
        published = message["pt"].as_i64().unwrap();
        let kind = message["ct"].as_str().unwrap_or("update");
        assert_eq!(kind == "SUB_IMAGE", place < SHAPE.markets);
        assert_eq!(kind == "HEARTBEAT", message.get("mc").is_none());
        seen.insert(kind.to_owned());
        for change in message["mc"].as_array().into_iter().flatten() {
            let definition = &change["marketDefinition"];
            let marks = [
                (change["img"] == true && place >= SHAPE.markets, "image again"),
                (definition["status"] == "SUSPENDED", "suspended"),
                (definition["status"] == "CLOSED", "closed"),
                (definition["inPlay"] == true, "in play"),
                (definition.to_string().contains("REMOVED"), "removed"),
                (definition.to_string().contains("WINNER"), "winner"),
            ];
            seen.extend(marks.into_iter().filter(|(on, _)| *on).map(|(_, name)| name.to_owned()));
            for runner in change["rc"].as_array().into_iter().flatten() {
                seen.extend(runner.as_object().unwrap().keys().cloned());
                let gone = |field: &str, size: usize| {
                    runner[field].as_array().into_iter().flatten().any(|entry| entry[size] == 0)
                };
                if gone("atb", 1) || gone("batl", 2) {
                    seen.insert("size 0".to_owned());
                }
            }
        }
    }
    let all = "SUB_IMAGE HEARTBEAT update suspended closed removed winner atb atl batb batl bdatb bdatl trd ltp tv spn";
    let all: Vec<&str> = all.split(' ').chain(["image again", "in play", "size 0"]).collect();
    let missing: Vec<_> = all.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn frames_hold_every_message_once() {
    let messages: Vec<String> = stream(5, SHAPE).collect();
    assert_eq!(messages.len(), 6000);
    let mut frames = 0;
    let mut joined = String::new();
    for packet in stream(5, SHAPE).frames("A", 8) {
        let antigravity_core::Body::Text(text) = packet.body else { panic!() };
        assert!(text.ends_with("\r\n"));
        frames += 1;
        assert_eq!(packet.seq, frames);
        joined.push_str(&text);
    }
    assert_eq!(joined.split_terminator("\r\n").count(), 6000);
    assert!(frames > 1000);
}

#[test]
fn no_markets_is_only_heartbeats() {
    let shape = Shape { markets: 0, messages: 3, ..SHAPE };
    assert!(stream(6, shape).all(|message| message.ends_with("\"ct\":\"HEARTBEAT\"}")));
}
