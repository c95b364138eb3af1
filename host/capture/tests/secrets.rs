//! A HAR file with secrets planted wherever real traffic has them becomes a capture without any.

#![allow(clippy::unwrap_used)] // what fails in a helper fails its test

use antigravity_capture::{
    CaptureReader, CaptureWriter, HarReader, Header, Line, Progress, Record, Redactor, SecretPath, Source,
    import, open,
};
use antigravity_core::{Body, Direction};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Every planted secret holds this.
const MARK: &str = "Zx9Planted";

/// {"alg":"HS256"} and {"sub":"…"}, with the mark in the signature.
const WEB_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.Zx9PlantedSignature";

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn entry(url: &str, request: &Value, content_type: &str, body: &str) -> Value {
    let mut entry = json!({
        "pageref": "page_1", "startedDateTime": "2026-09-08T11:02:00.000Z", "time": 40.0,
        "request": {
            "method": "POST", "url": url, "httpVersion": "h2",
            "cookies": [{"name": "s", "value": format!("{MARK}Cookie0")}],
            "headers": [
                {"name": ":authority", "value": "b.example"},
                {"name": "cookie", "value": format!("s={MARK}Cookie1")},
                {"name": "usetoken", "value": format!("{MARK}Header")},
                {"name": "Authorization", "value": format!("Bearer {MARK}Bearer1")},
                {"name": "Referer", "value": format!("https://b.example/(S({MARK}Path))/Index?k={MARK}K")},
            ],
        },
        "response": {
            "status": 200, "cookies": [{"name": "s", "value": format!("{MARK}Cookie2")}],
            "headers": [{"name": "Set-Cookie", "value": format!("s={MARK}Cookie3")}],
            "content": {"size": body.len(), "mimeType": content_type, "text": body},
        },
    });
    for (name, value) in request.as_object().unwrap() {
        entry["request"][name] = value.clone();
    }
    entry
}

fn frame(kind: &str, time: f64, opcode: u8, data: &str) -> Value {
    json!({"type": kind, "time": time, "opcode": opcode, "data": data})
}

/// Frames of our own in the shapes of the providers, and every place a secret is known to stand.
fn har() -> Value {
    let balance =
        format!(r#"{{"AccId":"{MARK}Acc","Balance":777123.45,"UserName":"{MARK}User","cur":"MY"}}"#);
    let page = format!(
        "<meta name=\"csrf-token\" content=\"{MARK}Csrf\"><script>var sid='{MARK}Sid';</script>\
         <a href=\"/(A({MARK}A)S({MARK}Path)F({MARK}F))/x?a=1&amp;token={MARK}Link\">{MARK}.joe@mail.example.com</a>"
    );
    let socket = json!({
        "_resourceType": "websocket",
        "_webSocketMessages": [
            frame("send", 1_788_865_321.0, 1, &format!(r#"01[{{"token":"{MARK}Sub","accType":"ID","ot":"r"}}]"#)),
            frame("receive", 1_788_865_321.5, 1, &format!(r#"[[1,"{MARK}Lid","r",0],[],[],[],[],[]]"#)),
            frame("receive", 1_788_865_322.0, 1, &format!(r#"0{{"sid":"{MARK}Eio","pingInterval":25000}}"#)),
            frame("receive", 1_788_865_322.5, 1, &format!(r#"42["m","b14",[["c","{WEB_TOKEN}"]],"r1"]"#)),
            frame("receive", 1_788_865_323.0, 2, &BASE64_STANDARD.encode(gzip(&balance))),
            frame("receive", 1_788_865_323.5, 1, &BASE64_STANDARD.encode(gzip(&balance))),
            frame("receive", 1_788_865_324.0, 2, &BASE64_STANDARD.encode([b"\xff\xfe", MARK.as_bytes()].concat())),
            frame("receive", 1_788_865_324.5, 1, &format!("a[\"CONNECTED\\nuser-name:{MARK}Stomp\\n\\n\\u0000\"]")),
        ],
        "startedDateTime": "2026-09-08T11:02:00.500Z", "time": 9000.0, "pageref": "page_1",
        "request": {
            "method": "GET", "url": format!("wss://b.example/fnOddsGen?accType=ID&LID=a1{MARK}Lid0&g=1"),
            "headers": [{"name": "Cookie", "value": format!("s={MARK}Cookie4")}],
        },
        "response": {"status": 101, "content": {"size": 0, "mimeType": "x-unknown"}},
    });
    let events = json!({
        "_eventSourceMessages": [
            {"time": 1_788_865_325.0, "eventName": "odds", "eventId": "9", "data": format!("{{\"email\":\"{MARK}@x.example\"}}")},
        ],
        "startedDateTime": "2026-09-08T11:02:01.000Z", "time": 1.0,
        "request": {"url": format!("https://{MARK}User:{MARK}Pw@b.example/stream?access_token={MARK}T#id_token={MARK}U")},
        "response": {"status": 200, "content": {}},
    });
    let form = json!({"postData": {"mimeType": "application/x-www-form-urlencoded",
        "text": format!("user={MARK}Joe&password={MARK}%26Pw&fc=1")}});
    let parts = json!({"postData": {"mimeType": "multipart/form-data",
        "text": format!("--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{MARK}Part\r\n--b--\r\n")}});
    let font = BASE64_STANDARD.encode([b"wOF2\0\x01\xff", WEB_TOKEN.as_bytes()].concat());
    let mut font = entry("https://b.example/font.woff2", &json!({}), "font/woff2", &font);
    font["response"]["content"]["encoding"] = json!("base64");
    json!({"log": {
        "version": "1.2", "creator": {"name": "test", "version": "1"},
        "pages": [{"id": "page_1", "title": format!("https://b.example/(S({MARK}Path))/NewIndex"), "startedDateTime": "x"}],
        "entries": [
            entry(&format!("https://b.example/(S({MARK}Path))/Login?useToken={MARK}Q"), &form, "application/json", &balance),
            entry("https://b.example/upload", &parts, "text/html; charset=utf-8", &page),
            entry("https://b.example/cut", &json!({}), "application/json", &balance[..balance.len() - 9]),
            entry("https://b.example/nested", &json!({}), "application/json", &json!({"body": balance}).to_string()),
            entry("https://b.example/lies.woff2", &json!({}), "font/woff2", &balance),
            font,
            socket,
            events,
        ],
    }})
}

fn file(dir: &Path, har: &Value) -> PathBuf {
    let path = dir.join("traffic.har");
    std::fs::write(&path, har.to_string()).unwrap();
    path
}

fn imported(path: &Path, out: &Path) -> String {
    let declared = [SecretPath::parse("/0/1").unwrap()];
    let mut redactor = Redactor::new();
    let mut reader = HarReader::open(path, Some("B"), &Progress::default()).unwrap();
    let header = Header { redacted: true, ..Header::default() };
    let mut writer = CaptureWriter::create(out, &header).unwrap();
    let clean = |record: &mut Record| {
        let socket = matches!(&record.line, Line::Packet(p) if p.direction == Direction::Received && p.status == Some(101));
        redactor.record(record, if socket { &declared } else { &[] });
    };
    import(&mut reader, &mut writer, clean).unwrap();
    writer.finish().unwrap();
    std::fs::read_to_string(out).unwrap()
}

#[test]
fn no_planted_secret_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    let text = imported(&file(dir.path(), &har()), &dir.path().join("out.capture.ndjson"));
    // The font is bytes in which nothing is looked for.
    let (font, rest): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.contains("font.woff2"));
    assert!(font.len() == 1 && font[0].contains("\"body_base64\":\"d09GMgAB/"));
    for line in rest {
        assert!(!line.contains(MARK) && !line.contains("777123"), "{line}");
    }
}

#[test]
fn what_is_no_secret_comes_out_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out.capture.ndjson");
    let text = imported(&file(dir.path(), &har()), &out);
    for kept in [
        "https://b.example/(S(S1))/Index?k=S2",
        r#"\"cur\":\"MY\""#,
        r#"\"Balance\":0,"#,
        "&fc=1",
        r#"\"pingInterval\":25000"#,
        r#"\"accType\":\"ID\",\"ot\":\"r\""#,
        "fnOddsGen?accType=ID&LID=S",
        r#""event_id":"9""#,
        r#""body_withheld":"charset""#,
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    let mut reader = CaptureReader::open(&out, None).unwrap();
    let records: Vec<_> = std::iter::from_fn(|| reader.next().unwrap()).collect();
    assert_eq!(records.len(), 6 + 8 + 1);
    assert!(records.iter().all(|record| &**record.line.account() == "B"));

    // Redacting what was redacted changes nothing.
    let mut again = Redactor::new();
    for record in &records {
        let mut twice = record.clone();
        again.record(&mut twice, &[]);
        let font = matches!(&record.line, Line::Packet(packet) if packet.url.ends_with("woff2"));
        assert!(font || twice == *record, "{record:?} became {twice:?}");
    }
}

#[test]
fn two_imports_are_one_and_the_har_itself_reads_like_its_capture() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), &har());
    let out = dir.path().join("out.capture.ndjson");
    assert_eq!(imported(&path, &out), imported(&path, &dir.path().join("again.capture.ndjson")));

    let mut direct = open(&path, Some("B"), &Progress::default()).unwrap();
    assert!(!direct.redacted());
    let mut redactor = Redactor::new();
    let declared = [SecretPath::parse("/0/1").unwrap()];
    let mut written = open(&out, None, &Progress::default()).unwrap();
    while let Some(mut record) = direct.next().unwrap() {
        let socket = matches!(&record.line, Line::Packet(p) if p.direction == Direction::Received && p.status == Some(101));
        redactor.record(&mut record, if socket { &declared } else { &[] });
        assert_eq!(Some(record), written.next().unwrap());
    }
    assert_eq!(written.next().unwrap(), None);
}

#[test]
fn an_over_long_body_keeps_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let long = "x".repeat(antigravity_core::packet::MAX_BODY + 1);
    let har = json!({"log": {"entries": [entry("https://b.example/long", &json!({}), "text/plain", &long)]}});
    let out = dir.path().join("out.capture.ndjson.zst");
    let mut reader = HarReader::open(&file(dir.path(), &har), None, &Progress::default()).unwrap();
    let mut writer = CaptureWriter::create(&out, &Header::default()).unwrap();
    import(&mut reader, &mut writer, |_| {}).unwrap();
    writer.finish().unwrap();
    let mut reader = CaptureReader::open(&out, None).unwrap();
    let Line::Packet(packet) = reader.next().unwrap().unwrap().line else { unreachable!("only packets") };
    assert_eq!(packet.body, Body::OverLimit(long.len() as u64));
}
