//! HAR files: the same traffic as a capture gives the same quotes.

use crate::replay::{simulated, write};
use crate::support::{Place, text};
use antigravity_core::{Body, Direction, Packet, Transport};
use antigravity_simulator::{Plan, Settings};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn body(packet: &Packet) -> &str {
    match &packet.body {
        Body::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

fn headers(packet: &Packet) -> Value {
    packet.page.iter().map(|page| json!({"name": "Referer", "value": &**page})).collect()
}

fn entry(packet: &Packet, at: &str) -> Value {
    let mut request =
        json!({"method": packet.method.as_deref(), "url": &*packet.url, "headers": headers(packet)});
    if let Some(text) = &packet.request_body {
        request["postData"] = json!({"mimeType": "application/x-www-form-urlencoded", "text": text});
    }
    let mut content = json!({"size": body(packet).len(), "text": body(packet)});
    content["mimeType"] = packet.content_type.as_deref().map_or(json!(""), |name| json!(name));
    json!({"startedDateTime": at, "time": 0, "request": request,
        "response": {"status": packet.status, "headers": [], "content": content}})
}

/// Milliseconds since 1970, which is what HAR files count in.
fn millis(packet: &Packet) -> i64 {
    packet.at.nanos() / 1_000_000
}

/// The packets as Chrome would save them.
fn har(packets: &[Packet]) -> Value {
    let mut entries = Vec::new();
    let mut sockets: BTreeMap<&str, usize> = BTreeMap::new();
    for packet in packets {
        match packet.transport {
            Transport::Http => entries.push(entry(packet, &packet.at.to_string())),
            Transport::WebSocket => {
                let socket = *sockets.entry(&packet.connection).or_insert_with(|| {
                    let opening = Packet { status: Some(101), body: Body::empty(), ..packet.clone() };
                    let mut entry = entry(&opening, &packet.at.to_string());
                    entry["request"]["method"] = json!("GET");
                    entry["_resourceType"] = json!("websocket");
                    entry["_webSocketMessages"] = json!([]);
                    entries.push(entry);
                    entries.len() - 1
                });
                let kind = if packet.direction == Direction::Sent { "send" } else { "receive" };
                #[allow(clippy::cast_precision_loss)] // below 2^53
                let time = millis(packet) as f64 / 1000.0;
                let message = json!({"type": kind, "time": time, "opcode": 1, "data": body(packet)});
                entries[socket]["_webSocketMessages"].as_array_mut().unwrap().push(message);
            }
            Transport::Sse => panic!("no simulated book sends events"),
        }
    }
    json!({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": entries}})
}

/// What a quote line says, without when, where and through which file it came.
fn said(mut line: Value) -> Value {
    for name in ["seq", "at", "age_ms"] {
        line.as_object_mut().unwrap().remove(name);
    }
    line
}

#[test]
fn a_har_and_a_capture_of_the_same_traffic_give_the_same_quotes() {
    let place = Place::new();
    let settings =
        Settings { accounts: vec!["A".to_owned()], plan: Plan::everywhere(&["A"], 0.03), ..Settings::demo() };
    // A HAR counts in milliseconds; no two packets of one book come in one.
    let packets = simulated(&settings);
    let capture = place.path("s.capture.ndjson");
    write(&capture, packets.iter().cloned(), false);
    let har_file = place.file("s.har", har(&packets).to_string());
    let (from_capture, from_har) = (place.replay(&capture).ok(), place.replay(&har_file).ok());
    let quotes = |ran: &crate::support::Ran| {
        let mut of: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in ran.lines("quote") {
            of.entry(line["provider"].as_str().unwrap().to_owned()).or_default().push(said(line));
        }
        of
    };
    let (one, other) = (quotes(&from_capture), quotes(&from_har));
    assert_eq!(one.keys().collect::<Vec<_>>(), ["afb88", "cmd368", "isport"]);
    for (provider, lines) in &one {
        assert!(lines.len() > 100, "{provider}");
        assert_eq!(lines, &other[provider], "{provider}");
    }
    assert_eq!(from_capture.ledger(), from_har.ledger());
    // Imported, it is the same once more, to the byte.
    let imported = place.path("imported.capture.ndjson");
    place.run(["capture", "import", text(&har_file), "--account", "A", "-o", text(&imported)]).ok();
    assert_eq!(place.replay(&imported).ok().out, from_har.out);
}
