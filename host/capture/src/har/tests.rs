use super::*;
use antigravity_core::Body;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Cursor;

fn reader(har: &str, run: usize) -> Result<HarReader, CaptureError> {
    let bytes = input::decompress(Cursor::new(har.as_bytes().to_vec()), false).unwrap();
    HarReader::sorted_in(Arc::from(Path::new("x.har")), bytes, Some("B"), run)
}

fn all(reader: &mut HarReader) -> Vec<Record> {
    std::iter::from_fn(|| reader.next().unwrap()).collect()
}

fn read(entries: &Value) -> (Vec<Packet>, Summary) {
    let har = json!({"log": {"version": "1.2", "pages": [
        {"id": "p1", "title": "https://book.example/(S(tok))/NewIndex", "startedDateTime": "x"},
        {"id": "p2", "title": "Live odds"},
    ], "entries": entries}});
    let mut reader = reader(&har.to_string(), sort::RUN).unwrap();
    let packet = |record: Record| match record.line {
        Line::Packet(packet) => packet,
        other => panic!("{other:?}"),
    };
    (all(&mut reader).into_iter().map(packet).collect(), reader.summary().clone())
}

fn entry(second: u32, time: f64, url: &str, content: &Value) -> Value {
    json!({
        "startedDateTime": format!("2026-07-20T14:35:{second:02}.500Z"), "time": time,
        "request": {"method": "get", "url": url, "headers": [], "cookies": []},
        "response": {"status": 200, "headers": [], "content": content},
    })
}

#[test]
fn what_is_wrong_is_said_in_the_words_of_har() {
    let sound = || entry(10, 1.0, "https://b.example/x", &json!({"size": 2, "text": "[]"}));
    let cases = [
        ("/request", json!(5), "expected an object as `request`"),
        ("/request", json!(["GET"]), "expected an object as `request`"),
        ("/response", json!("x"), "expected an object as `response`"),
        ("/response/content", json!(true), "expected an object as `content`"),
        ("/time", json!("long"), "expected a number"),
        ("/request/url", json!(1), "expected a string"),
        ("/request/cookies", json!(1), ""),
    ];
    for (place, value, message) in cases {
        let mut entry = sound();
        *entry.pointer_mut(place).unwrap() = value;
        let har = json!({"log": {"entries": [entry]}}).to_string();
        match reader(&har, sort::RUN) {
            Ok(_) => assert_eq!(message, "", "{place}"),
            Err(error) => {
                let said = error.to_string();
                assert!(!message.is_empty() && said.contains(message), "{place}: {said}");
                assert!(!said.contains("struct") && !said.contains("f64"), "{said}");
            }
        }
    }
}

#[test]
fn bodies_come_when_they_had_come() {
    let content = json!({"size": 2, "mimeType": "application/json", "text": "[]"});
    let (packets, summary) = read(&json!([
        entry(10, 5000.25, "https://b.example/slow", &content),
        entry(11, 100.0, "https://b.example/fast", &content),
        entry(12, -1.0, "https://b.example/unknown", &content),
        entry(12, 0.0, "https://b.example/same", &content),
    ]));
    let urls: Vec<_> = packets.iter().map(|p| p.url.rsplit('/').next().unwrap()).collect();
    assert_eq!(urls, ["fast", "unknown", "same", "slow"]);
    assert_eq!(packets[3].at.to_string(), "2026-07-20T14:35:15.50025Z");
    let seqs: Vec<_> = packets.iter().map(|p| p.seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4]);
    let first = &packets[0];
    assert_eq!((&*first.account, &*first.connection, first.method.as_deref()), ("B", "page-0", Some("GET")));
    assert_eq!((first.status, first.content_type.as_deref()), (Some(200), Some("application/json")));
    assert_eq!(first.body, Body::Text("[]".to_owned()));
    assert_eq!((summary.entries, summary.bodies), (4, 4));
}

#[test]
fn frames_come_when_they_were_seen_also_where_the_address_comes_later() {
    // Chrome writes the members of an entry in alphabetical order.
    let socket = json!({
        "_resourceType": "websocket",
        "_webSocketMessages": [
            {"type": "send", "time": 1_784_558_111.25, "opcode": 1, "data": "42[\"sub\"]"},
            {"type": "receive", "time": 1_784_558_113.123456, "opcode": 2, "data": "AAH/"},
            {"type": "receive", "time": 1_784_558_113.2, "opcode": 2, "data": "not base64!"},
            {"type": "error", "time": 1_784_558_114.0, "opcode": -1, "data": "gone"},
        ],
        "pageref": "p1",
        "request": {"method": "GET", "url": "wss://b.example/socket", "headers": [{"name": "Cookie", "value": "c=1"}]},
        "response": {"status": 101, "content": {"size": 0, "mimeType": "x-unknown"}},
        "startedDateTime": "2026-07-20T14:35:10.000Z", "time": 9000.0,
    });
    let events = json!({
        "_eventSourceMessages": [
            {"time": 1_784_558_112.0, "eventName": "odds", "eventId": "7", "data": "{}"},
            {"time": 1_784_558_112.5, "eventName": "", "eventId": "", "data": "x"},
        ],
        "startedDateTime": "2026-07-20T14:35:10.000Z", "time": 9000.0,
        "request": {"method": "GET", "url": "https://b.example/events"},
        "response": {"status": 200, "content": {"size": -1, "mimeType": "text/event-stream"}},
    });
    let silent = json!({
        "_resourceType": "websocket", "startedDateTime": "2026-07-20T14:35:10Z", "time": 1,
        "request": {"method": "GET", "url": "wss://b.example/silent"}, "response": null,
    });
    let har = json!({"log": {"entries": [socket, events, silent], "pages": [{"id": "p1", "title": "https://b.example/p"}]}});
    let mut reader = reader(&har.to_string(), sort::RUN).unwrap();
    let records = all(&mut reader);
    let packets: Vec<_> = records
        .iter()
        .map(|record| match &record.line {
            Line::Packet(packet) => packet,
            other => panic!("{other:?}"),
        })
        .collect();
    let shown: Vec<_> = packets
        .iter()
        .map(|p| (p.at.to_string(), p.transport, p.direction, &*p.connection, p.body.clone()))
        .collect();
    let (ws, sse) = (Transport::WebSocket, Transport::Sse);
    let text = |text: &str| Body::Text(text.to_owned());
    let at = |time: &str| format!("2026-07-20T14:35:{time}Z");
    assert_eq!(
        shown,
        [
            (at("11.25"), ws, Direction::Sent, "socket-1", text("42[\"sub\"]")),
            (at("12"), sse, Direction::Received, "events-2", text("{}")),
            (at("12.5"), sse, Direction::Received, "events-2", text("x")),
            (at("13.123456"), ws, Direction::Received, "socket-1", Body::Bytes(vec![0, 1, 255])),
            (at("13.2"), ws, Direction::Received, "socket-1", Body::empty()),
        ]
    );
    assert_eq!((packets[1].event.as_deref(), packets[2].event.as_deref()), (Some("odds"), None));
    assert_eq!((records[1].unknown.as_str(), records[2].unknown.as_str()), ("\"event_id\":\"7\"", ""));
    assert_eq!((&*packets[0].url, packets[0].status), ("wss://b.example/socket", Some(101)));
    assert_eq!((packets[0].page.as_deref(), &packets[0].content_type), (Some("https://b.example/p"), &None));
    let expected =
        Summary { entries: 3, frames: 3, events: 2, broken_bodies: 1, skipped: 2, ..Summary::default() };
    assert_eq!(reader.summary(), &expected);
}

#[test]
fn every_state_of_a_body() {
    let contents = [
        (
            json!({"size": 5, "mimeType": "a/b", "text": "aGVsbG8=", "encoding": "base64"}),
            Body::Bytes(b"hello".to_vec()),
        ),
        (
            json!({"size": 5, "mimeType": "a/b", "text": "aGVsbG", "encoding": "base64"}),
            Body::Bytes(b"hel".to_vec()),
        ),
        (
            json!({"size": 5, "mimeType": "a/b", "text": "aGVs\nbG8=", "encoding": "base64"}),
            Body::Bytes(b"hello".to_vec()),
        ),
        (json!({"size": 5, "mimeType": "a/b", "text": "??", "encoding": "base64"}), Body::empty()),
        (json!({"size": 5, "mimeType": "a/b"}), Body::empty()),
        (json!({"size": 0, "mimeType": "a/b", "text": ""}), Body::empty()),
        (json!({"size": -1, "mimeType": "a/b", "text": "x"}), Body::Text("x".to_owned())),
        (json!({"size": 9, "mimeType": "a/b", "text": "[1,2"}), Body::Text("[1,2".to_owned())),
        (json!({}), Body::empty()),
    ];
    let entries: Vec<_> =
        contents.iter().map(|(content, _)| entry(1, 1.0, "https://b.example/x", content)).collect();
    let (packets, summary) = read(&Value::from(entries));
    let bodies: Vec<_> = packets.into_iter().map(|p| p.body).collect();
    assert_eq!(bodies, contents.map(|(_, body)| body));
    assert_eq!((summary.missing_bodies, summary.short_bodies, summary.broken_bodies), (1, 2, 1));
}

#[test]
fn text_cut_within_a_surrogate_pair_is_read() {
    let har = json!({"log": {"entries": [entry(1, 1.0, "https://b.example/x", &json!({"text": "HERE"}))]}});
    let mut reader = reader(&har.to_string().replace("HERE", "a\\ud83d"), sort::RUN).unwrap();
    let Line::Packet(packet) = all(&mut reader).remove(0).line else { panic!() };
    let Body::Text(text) = packet.body else { panic!() };
    assert!(text.starts_with("a\u{fffd}"));
}

#[test]
fn requests_pages_and_what_is_no_traffic() {
    let mut with_text = entry(1, 0.0, "https://b.example/1", &json!({}));
    with_text["request"]["postData"] = json!({"mimeType": "x", "text": "fc=1", "params": []});
    with_text["request"]["headers"] = json!([
        {"name": ":authority", "value": "b.example"},
        {"name": "authorization", "value": "Bearer secret"},
        {"name": "referer", "value": "https://frame.example/(S(x))/y"},
    ]);
    with_text["pageref"] = json!("p1");
    let mut with_params = entry(2, 0.0, "https://b.example/2", &json!({}));
    with_params["request"]["postData"] =
        json!({"params": [{"name": "a b", "value": "c&d=ä"}, {"name": "e"}]});
    with_params["request"]["headers"] = json!([{"name": "Referer", "value": "https://book.example/"}]);
    with_params["pageref"] = json!("p1");
    let mut document =
        entry(3, 0.0, "https://odds.example/live/", &json!({"mimeType": "text/html; charset=utf-8"}));
    document["pageref"] = json!("p2");
    let mut unlisted = entry(4, 0.0, "https://b.example/4", &json!({}));
    unlisted["pageref"] = json!("p9");
    unlisted["request"]["headers"] = json!([{"name": "referer", "value": "https://c.example/"}]);
    let mut aborted = entry(5, 0.0, "https://b.example/5", &json!({}));
    aborted["response"]["status"] = json!(0);
    let image = entry(6, 0.0, "data:image/png;base64,AAAA", &json!({}));
    let (packets, summary) = read(&json!([with_text, with_params, document, unlisted, aborted, image]));
    let shown: Vec<_> = packets
        .iter()
        .map(|p| (&*p.connection, p.page.as_deref(), p.request_body.as_deref(), p.status))
        .collect();
    assert_eq!(
        shown,
        [
            ("page-1", Some("https://frame.example/(S(x))/y"), Some("fc=1"), Some(200)),
            (
                "page-1",
                Some("https://book.example/(S(tok))/NewIndex"),
                Some("a+b=c%26d%3D%C3%A4&e="),
                Some(200)
            ),
            ("page-2", Some("https://odds.example/live/"), None, Some(200)),
            ("page-3", Some("https://c.example/"), None, Some(200)),
            ("page-0", None, None, None),
        ]
    );
    assert_eq!(summary.skipped, 1);
}

#[test]
fn what_is_malformed_is_named_by_line_and_column() {
    let good = "{\"log\":{\"entries\":[\n{\"startedDateTime\":\"2026-07-20T14:35:11Z\",\"request\":{\"url\":\"https://a\"}}\n]}}";
    assert!(reader(good, sort::RUN).is_ok());
    for (har, line, text) in [
        ("", Some(1), "EOF"),
        ("[]", Some(1), "an object with `log`"),
        ("{}", None, "log.entries is missing"),
        ("{\"log\":{}}", None, "log.entries is missing"),
        ("{\"log\":\n{\"entries\":5}}", Some(2), "a list of entries"),
        ("{\"log\":{\"entries\":[\n\n{}]}}", Some(3), "missing field `request`"),
        (&good.replace("2026-07-20T14", "today"), Some(2), "startedDateTime is not an RFC 3339 time"),
        (&good.replace("\"url\"", "\"address\""), Some(2), "missing field `url`"),
        (&good[..good.len() - 20], Some(2), "EOF"),
        (&format!("{good} x"), Some(3), "trailing"),
    ] {
        let error = reader(har, sort::RUN).unwrap_err();
        assert!(error.to_string().contains(text), "{har}: {error}");
        assert_eq!(error.line, line, "{error}");
    }
}

#[test]
fn a_message_does_not_repeat_what_it_found() {
    let mut entry = entry(1, 1.0, "https://b.example/x", &json!({}));
    for (place, value) in [("time", json!("secret at line 5")), ("request", json!("secret, expected x"))] {
        entry[place] = value;
        let error =
            reader(&json!({"log": {"entries": [entry]}}).to_string(), sort::RUN).unwrap_err().to_string();
        assert!(!error.contains("secret") && error.contains("expected"), "{error}");
        entry["time"] = json!(1.0);
    }
}

#[test]
fn nesting_where_nobody_looks_does_not_matter() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let har = format!("{{\"log\":{{\"x\":{deep},\"entries\":[]}}}}");
    assert_eq!(reader(&har, sort::RUN).unwrap().summary(), &Summary::default());
}

proptest! {
    #[test]
    fn runs_on_disk_change_nothing(times in prop::collection::vec((0u32..60, 0.0..5000.0), 1..40), run in 1usize..4000) {
        let entries: Vec<_> = times
            .iter()
            .enumerate()
            .map(|(n, (second, time))| entry(*second, *time, &format!("https://b.example/{n}"), &json!({"text": "x".repeat(n)})))
            .collect();
        let har = json!({"log": {"entries": entries}}).to_string();
        let expected = all(&mut reader(&har, sort::RUN).unwrap());
        prop_assert_eq!(expected.len(), times.len());
        prop_assert!(expected.is_sorted_by_key(|record| record.line.at()));
        prop_assert_eq!(all(&mut reader(&har, run).unwrap()), expected);
    }

    #[test]
    fn any_bytes_are_no_panic(bytes: Vec<u8>, cut in any::<usize>(), spot in any::<usize>(), byte: u8) {
        let _ = HarReader::from_reader(Path::new("x"), Cursor::new(bytes), None);
        let frames = json!({
            "startedDateTime": "2026-07-20T14:35:10Z", "time": 1.5, "pageref": "p",
            "request": {"url": "wss://b.example/s", "headers": [{"name": "referer", "value": "x"}]},
            "_webSocketMessages": [{"type": "send", "time": 1.0, "opcode": 2, "data": "AAAA"}],
        });
        let har = json!({"log": {"pages": [], "entries": [frames, entry(1, 2.0, "https://b", &json!({"size": 1}))]}});
        let mut har = har.to_string().into_bytes();
        let at = spot % har.len();
        har[at] = byte;
        har.truncate(1 + cut % (2 * har.len()));
        if let Ok(mut reader) = HarReader::from_reader(Path::new("x"), Cursor::new(har), None) {
            while let Ok(Some(_)) = reader.next() {}
        }
    }
}
